"""What was understood of a record, for the person who imports it: each entry's own words beside what was made of it.

The doubtful ones come first: what speaks against each other, what could not be read, what was assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..content import Content, load_content
from ..facts.allergies import allergies_of
from ..language.words import soft
from ..profile import Medicine
from .medicines import Order
from .reading import Imported
from .report import Note

DOUBTS = ("conflict", "not_understood", "assumed")
NOT_NOW, ELSEWHERE = "not in use now", "told by another record"
WORDS = {"conflict": "settle", "not_understood": "not understood", "assumed": "assumed"}


@dataclass(frozen=True)
class Understood:
    """One entry: ``own`` its own words, ``made`` what was made of it, ``doubts`` what is to be settled or confirmed, the
    weightiest first, ``resource`` where it stands ("MedicationRequest/abc")."""

    own: str
    made: str
    doubts: tuple[str, ...]
    resource: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain JSON data."""
        return {"own": self.own, "made": self.made, "doubts": list(self.doubts), "resource": self.resource}


def understood(imported: Imported, *, content: Content | None = None) -> tuple[Understood, ...]:
    """Every entry that was read, and every remark that is about none of them; the doubtful first."""
    content = content or load_content()
    notes: dict[str, list[Note]] = {}
    for note in imported.report.notes:
        notes.setdefault(note.resource, []).append(note)
    found: list[Understood] = []
    said: set[str] = set()
    for own, made, resource in _entries(imported, content):
        found.append(Understood(own, made, _doubts(notes.get(resource, []), own), resource))
        said.add(resource)
    for resource, listed in notes.items():
        if resource not in said and (doubts := _doubts(listed, "")):
            found.append(Understood("", "nothing was read", doubts, resource))
    return tuple(sorted(found, key=_weight))


def _weight(one: Understood) -> tuple[bool, int, str, str]:
    """What is past stands last, whatever was assumed of it; then by the weight of its doubts."""
    first = [n for n, kind in enumerate(DOUBTS) if any(d.startswith(WORDS[kind]) for d in one.doubts)]
    weight = min(first, default=len(DOUBTS))
    past = weight > 1 and one.made.endswith((NOT_NOW, ELSEWHERE))
    return past, weight, one.resource, one.own


def _doubts(notes: list[Note], own: str) -> tuple[str, ...]:
    kept = [note for kind in DOUBTS for note in notes if note.kind == kind]
    return tuple(dict.fromkeys(f"{WORDS[note.kind]}: {note.text.removeprefix(f'{own}: ')}" for note in kept))


def _entries(imported: Imported, content: Content) -> Iterator[tuple[str, str, str]]:
    """Each entry: its own words, what was made of it, its resource."""
    for order in imported.orders:
        yield order.label, _medicine(order, content), order.name
    for read in imported.conditions:
        entry = read.entry
        known = content.conditions.get(entry.id or "") or content.condition_groups.get(entry.id or "")
        label = known.label if known else "of no group that a rule asks for"
        yield entry.name, f"{label}, {entry.status}, {entry.certainty}", read.resource
    counted = {one.place: one for one in allergies_of(imported.profile, content)}
    for n, allergy in enumerate(imported.allergies):
        to = soft(counted[n].sign.label) if n in counted else "to no medicine that a rule here is about"
        yield allergy.entry.label, f"allergy: {to}", allergy.resource
    for seen in imported.profile.observations:
        value = "" if seen.value is None else f" {seen.value:g}" if isinstance(seen.value, float) else f" {seen.value}"
        made = f"{_measured(seen.measure, value, content)}, {seen.date or 'undated'}"
        yield "", made, seen.source or "Observation/?"


def _measured(measure: str, value: str, content: Content) -> str:
    """A result under the name that people know it by, with its unit."""
    if (found := content.measures.get(measure)) is not None:
        return f"{found.label}{value} {found.unit if value else ''}".rstrip()
    return f"{content.instruments[measure].short if measure in content.instruments else measure}{value}"


def _medicine(order: Order, content: Content) -> str:
    """A medicine in words: its ingredients, how much a day, and how it stands."""
    entry = order.entry
    names = " + ".join(soft(content.medicines[i].label) for i in entry.ingredients)
    what = names or ("a medicine of no ingredient that a rule asks for" if entry.none_of else "not recognized")
    if order.same:
        stands = ELSEWHERE
    elif order.standing == "draft":
        stands = "being ordered"
    else:
        stands = {True: "in use", False: NOT_NOW, None: "whether it is in use is not known"}[order.use]
    return ", ".join(part for part in (what, _dose(entry), entry.route or "", stands) if part)


def _dose(entry: Medicine) -> str:
    if not entry.dose:
        return "dose not known" if entry.ingredients else ""
    amounts = " + ".join(f"{mg:g}" for mg in entry.dose.values())
    low, high = entry.per_day_min, entry.per_day_max
    if entry.unit == "mcg/h":
        return f"{amounts} mcg/h"
    times = (
        "times a day not known"
        if high is None
        else f"{high:g} a day"
        if low == high
        else f"{low or 0:g} to {high:g} a day"
    )
    return f"{amounts} {entry.unit}, {times}"
