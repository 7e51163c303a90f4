"""What was understood of a record, for the person who imports it: each entry's own words beside what was made of it.

The doubtful ones come first: what speaks against each other, what could not be read, what was assumed. The words are those
of `facts.understood`, as for a case file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..content import Content, load_content
from ..facts.understood import (
    DOUBTS,
    ELSEWHERE,
    IN_USE,
    NOT_NOW,
    STAYS_OPEN,
    USE_UNKNOWN,
    Understood,
    allergy_made,
    condition_made,
    dose_doubts,
    in_order,
    medicine_made,
    observation_made,
)
from .medicine_entries import entries_of
from .medicines import Order
from .reading import Imported
from .report import Note


def understood(imported: Imported, *, content: Content | None = None) -> tuple[Understood, ...]:
    """Every entry that was read, and every remark that is about none of them; the doubtful first."""
    content = content or load_content()
    notes: dict[str, list[Note]] = {}
    for note in imported.report.notes:
        notes.setdefault(note.resource, []).append(note)
    found: list[Understood] = []
    said: set[str] = set()
    for line in _entries(imported, content):
        doubts = tuple(dict.fromkeys((*line.doubts, *_doubts(notes.get(line.resource, []), line.own))))
        if line.open and not doubts and not line.made.endswith((NOT_NOW, ELSEWHERE)):
            doubts = (f"{DOUBTS['not_understood']}: {STAYS_OPEN}",)
        found.append(replace(line, doubts=doubts))
        said.add(line.resource)
    for resource, listed in notes.items():
        if resource not in said and (doubts := _doubts(listed, "")):
            found.append(Understood("", "nothing was read", doubts, resource, open=True))
    return in_order(sorted(found, key=lambda line: (line.resource, line.own)), imported.profile)


def _doubts(notes: list[Note], own: str) -> tuple[str, ...]:
    # Of one kind, what the record itself says in a note comes first.
    told = sorted(notes, key=lambda note: note.field != "note")
    kept = [note for kind in DOUBTS for note in told if note.kind == kind]
    return tuple(dict.fromkeys(f"{DOUBTS[note.kind]}: {note.text.removeprefix(f'{own}: ')}" for note in kept))


def _entries(imported: Imported, content: Content) -> Iterator[Understood]:
    """Each entry, with what is doubtful of its dose and without what was told of it when it was read."""
    profile = imported.profile
    places = entries_of(imported.orders, profile)
    for order, place in zip(imported.orders, places, strict=True):
        made, open_ = _medicine(order, content)
        told = () if order.same or order.use is False else dose_doubts(order.entry, content)
        doubts = tuple(f"{DOUBTS['conflict']}: {one}" for one in told)
        yield Understood(order.label, made, doubts, order.name, "" if place is None else f"medicines.{place}", open_)
    conditions: dict[str, int] = {}
    for n, kept in enumerate(profile.conditions):
        conditions.setdefault(kept.model_dump_json(), n)
    for read in imported.conditions:
        made, open_ = condition_made(read.entry, content)
        place = conditions.get((read.listed or read.entry).model_dump_json())
        at = "" if place is None else f"conditions.{place}"
        yield Understood(read.entry.name, made, (), read.resource, at, open_)
    for n, allergy in enumerate(imported.allergies):
        known = n < len(profile.allergies)
        made, open_ = allergy_made(n, profile, content) if known else ("allergy: beyond what a case holds", True)
        yield Understood(allergy.entry.label, made, (), allergy.resource, f"allergies.{n}" if known else "", open_)
    for n, seen in enumerate(profile.observations):
        source = seen.source or "Observation/?"
        yield Understood("", observation_made(seen, content), (), source, f"observations.{n}")


def _medicine(order: Order, content: Content) -> tuple[str, bool]:
    """A medicine in words, and whether that leaves something unknown."""
    if order.same:
        stands = ELSEWHERE
    elif order.standing == "draft":
        stands = "being ordered"
    else:
        stands = {True: IN_USE, False: NOT_NOW, None: USE_UNKNOWN}[order.use]
    made, open_ = medicine_made(order.entry, content, stands, order.beside)
    return made, open_ or (order.use is None and not order.same and order.standing != "draft")
