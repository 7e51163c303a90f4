"""What a request holds of other people than the one whom it asks about, in words and as cards."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from .. import __version__
from ..content import Content
from ..language.words import counted
from .bundle import Resource
from .cards import EXTENSION, shortened
from .outbound_parts import SYSTEM, Json, markdown
from .owners import OwnerError, UnnamedError

_NOT_CHECKED = "This order names another patient and was not checked"
_REFUSED = "These records are not, or not only, of the patient asked about: nothing was checked"
_UNNAMED = "This request names no patient that can be read, and was not checked"
_NAME = "Name the patient in the subject of each order by the id that the request has."
_MEND = "Send the request again with the records and orders of the patient whom it names."


def said_of(others: Iterable[Resource]) -> tuple[str, ...]:
    """A sentence for the orders being written and one for the records that are another patient's."""
    drafts = [r for r in others if r.draft]
    told = []
    if drafts:
        several = f"{len(drafts)} of these orders name another patient and were not checked"
        told.append(several if len(drafts) > 1 else _NOT_CHECKED)
    if rest := [r for r in others if not r.draft]:
        told.append(f"{counted(len(rest), 'record')} sent with the request {_of(len(rest))} another patient: not read")
    return tuple(told)


def cards_of(others: tuple[Resource, ...], content: Content) -> list[Json]:
    """The same as cards: an order that was not checked is a warning."""
    names = ", ".join(sorted({r.name for r in others})[:8])
    return [
        _card(said, "warning" if "checked" in said else "info", f"{said}. {_MEND} Left out: {names}.", content)
        for said in said_of(others)
    ]


def doubted_cards(doubted: tuple[Resource, ...], content: Content) -> list[Json]:
    """One card for the orders being written of which it cannot be told whose they are: they were checked as the person's."""
    if not doubted:
        return []
    said = said_of_doubted(doubted)
    names = ", ".join(sorted({r.name for r in doubted})[:8])
    return [_card(said, "warning", f"{said}. {_NAME} Which: {names}.", content)]


def said_of_doubted(doubted: tuple[Resource, ...]) -> str:
    """A sentence for orders of which it cannot be told whose they are."""
    whose = "Whose this order is" if len(doubted) == 1 else f"Whose {len(doubted)} of these orders are"
    return f"{whose} cannot be told from the subject: confirm it first; checked as for the patient asked about"


def refusal(error: OwnerError, hook: str, content: Content) -> Json:
    """The answer to a request that cannot be told to be of one person: one card, and nothing that could be read as advice."""
    problem = str(error)
    said = {"hook": hook, "kit": __version__, "content": content.hash, "refused": problem}
    unnamed = isinstance(error, UnnamedError)
    detail = f"{problem[:1].upper()}{problem[1:]}." + ("" if unnamed else f" {_MEND}")
    return {
        "cards": [_card(_UNNAMED if unnamed else _REFUSED, "warning", detail, content)],
        "extension": {EXTENSION: said},
    }


def _of(n: int) -> str:
    return "is of" if n == 1 else "are of"


def _card(summary: str, indicator: str, detail: str, content: Content) -> Json:
    seed = hashlib.sha256(f"{content.hash}\n{summary}\n{detail}".encode("utf-8", "replace")).hexdigest()
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SYSTEM}/{seed}")),
        "summary": shortened(summary),
        "indicator": indicator,
        "source": {"label": "Pathways: whose record this is"},
        "detail": markdown(detail),
        "extension": {EXTENSION: {"kind": "another_patient"}},
    }
