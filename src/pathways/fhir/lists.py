"""Lists and sections of a document: that a list could not be had, and medicines that stand in it and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..content import Content
from ..intake.names import read_name
from .bundle import Gathered, Resource
from .given import spoken_of
from .medicines import Order
from .plain import Concept, Data, code, concept, flag, items, obj, text, when
from .report import Notebook

_NOTHING_THERE = ("nilknown", "closed")
"""Reasons why a list is empty that say so of the person; any other says that nobody knows."""
_OF_MEDICINES = ("10160-0", "29549-3", "10183-2", "42346-7", "57828-6", "66149-6", "75311-1", "104203-3", "medications")
_OF_OURS = (*_OF_MEDICINES, "11450-4", "11348-0", "29308-4", "30954-2", "46240-8", "47519-4", "problems", "conditions")
_MEDICINES = re.compile(r"medic(?:ation|ine)|drugs?\b|prescription|\bmeds?\b", re.I)
_OURS = re.compile(r"problem|condition|diagnos|histor|result|procedure|encounter|substance|social", re.I)
_GONE = ("entered-in-error", "retired")


def read_lists(found: Gathered, as_of: date, content: Content, notes: Notebook) -> list[Order]:
    """What lists and sections say that no other resource does: medicines by their names alone. A list of ours that is said
    to be not available, not asked or withheld leaves all lists open, as one that cannot be followed does."""
    made: list[Order] = []
    read: dict[str, Order] = {}
    told: dict[tuple[str, Concept], tuple[str, bool, bool]] = {}
    for resource in found.of("List", "Composition"):
        if code(resource.data, "status") in _GONE:
            notes.add("not_used", resource.name, resource.place, "status", f"{code(resource.data, 'status')}: not used")
            continue
        parts = [resource.data] if resource.kind == "List" else _sections(resource.data)
        for part in parts:
            called = text(part, "title"), concept(part, "code")
            if called not in told:
                told[called] = _told_by(*called)
            title, medicines, ours = told[called]
            _empty(found, resource, part, title, ours, notes)
            if medicines:
                for words in _named(found, resource, part):
                    if words not in read:
                        product = read_name(words, content)
                        order = spoken_of(resource, product, None, as_of, content, kept=True)
                        assert order is not None
                        read[words] = order
                    made.append(_of(read[words], resource))
                    said = (
                        f"{words or 'a medicine that was not sent'}: named in a list; whether it is taken is not known"
                    )
                    notes.add("not_understood", resource.name, resource.place, "entry", said)
    return made


def _told_by(title: str, what: Concept) -> tuple[str, bool, bool]:
    """What a list is called, whether it is of medicines, and whether it is of what is read here."""
    title = f"{title} {what.label}".strip()
    medicines = what.has(*_OF_MEDICINES) or bool(_MEDICINES.search(title))
    return title, medicines, medicines or what.has(*_OF_OURS) or bool(_OURS.search(title)) or not title


def _sections(data: Data) -> list[Data]:
    """Every section of a document, those inside others too."""
    waiting: list[Data] = list(items(data, "section"))
    made: list[Data] = []
    while waiting and len(made) < 500:
        part = waiting.pop(0)
        made.append(part)
        waiting += items(part, "section")
    return made


def _empty(found: Gathered, resource: Resource, part: Data, title: str, ours: bool, notes: Notebook) -> None:
    why = concept(part, "emptyReason")
    if why and ours and not why.has(*_NOTHING_THERE):
        found.whole = False
        said = f"{title or 'a list'}: empty because {why.label}; lists are not whole"
        notes.add("conflict", resource.name, resource.place, "emptyReason", said)
    elif why:
        notes.add("not_used", resource.name, resource.place, "emptyReason", f"{title or 'a list'}: {why.label}")
    elif ours and title and "text" in part and not items(part, "entry") and resource.kind == "Composition":
        found.whole = False
        said = f"{title}: only as a narrative, which is not read; lists are not whole"
        notes.add("conflict", resource.name, resource.place, "text", said)


def _named(found: Gathered, resource: Resource, part: Data) -> Iterator[str]:
    """The names of the medicines that a list has and that were not sent."""
    for entry in items(part, "entry"):
        item = obj(entry, "item") or entry
        if flag(entry, "deleted") is not True and found.find(item, resource.data) is None:
            yield text(item, "display")


def _of(order: Order, resource: Resource) -> Order:
    """What was read of a name, as a list names it."""
    day = when(resource.data, "date")
    name = resource.name
    return order.but(name=name, place=resource.place, written=day, start=day, names=frozenset({name}))
