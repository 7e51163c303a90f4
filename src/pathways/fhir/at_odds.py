"""Whether the codes and the texts of one medicine name one product: its ingredients, its strength and its release."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import isclose

from ..intake.names import Product

_NEAR = 0.02
"""Two strengths within this part of each other are one: codes write those of patches and salts as rounded numbers."""


def different(products: Sequence[Product]) -> tuple[str, ...]:
    """The names of two products of which neither holds the ingredients of the other; empty where there are none."""
    for one, other in combinations((p for p in products if p.ingredients and not p.several), 2):
        a, b = set(one.ingredients), set(other.ingredients)
        if not (a <= b or b <= a):
            return one.text, other.text
    return ()


def at_odds(coded: Sequence[Product], texts: Sequence[Product]) -> str:
    """What the strengths or releases of one medicine say against each other; "" where they agree."""
    told = [*((p, True) for p in coded), *((p, False) for p in texts)]
    for (one, a), (other, b) in combinations([(p, c) for p, c in told if p.ingredients and not p.several], 2):
        if words := _strengths(one, other, a and not b):
            return words
        if _release(one, other, a) or _release(other, one, b):
            return f"“{one.text}” and “{other.text}” are not of one release"
    return ""


def _strengths(one: Product, other: Product, by_code: bool) -> str:
    for ingredient in set(one.strengths) & set(other.strengths):
        a, b = one.strengths[ingredient], other.strengths[ingredient]
        same = a.per == b.per and isclose(a.mg, b.mg, rel_tol=_NEAR)
        # A text may write the dose of a liquid where its code has the strength; of a tablet it may not write mL.
        if same or (a.per != b.per and not (by_code and (a.per, b.per) == ("unit", "ml"))):
            continue
        return f"“{one.text}” and “{other.text}” are not of one strength"
    return ""


def _release(one: Product, other: Product, by_code: bool) -> bool:
    """Whether one is not of extended release, as its code or its text says, and the other is. A code names its release."""
    if other.release != "er" or one.release == "er" or one.route not in (None, "oral"):
        return False
    return one.release == "ir" or (by_code and bool(one.strengths) and one.route == "oral")


__all__ = ["at_odds", "different"]
