"""Another product that is named beside this one: its strength, and its own times where this one has its times already."""

from __future__ import annotations

from collections.abc import Sequence

from .grammar import Item

STRENGTHS = ("mass", "labelled", "hourly", "strength")
"""How the strength of another product is written; a number of tablets is none."""
_ITS_TIMES = (
    "rate",
    "bare_span",
    "lasting",
    "EVENT",
    "PRN",
    "LOOSE",
    "UPTO",
    "UNIT",
    "INGREDIENT",
    "WEEKDAY",
    "DAYSET",
)


def of_another(items: Sequence[Item], n: int, *, complete: bool) -> tuple[Item, int]:
    """The other product that is named at ``n``, and the index of the item that comes after what is said of it.
    ``complete``: this one has an amount and its times, so that those that follow are the other's."""
    item, end = items[n], n + 1
    after = items[end] if end < len(items) else None
    if after is not None and after.quantity is not None and after.quantity.kind in STRENGTHS:
        item, end = after._replace(kind="beside"), end + 1  # "with one 20 mg tablet"
    if complete and item.quantity is not None and item.quantity.kind in STRENGTHS:
        while end < len(items) and items[end].kind in _ITS_TIMES:
            end += 1
    return item, end
