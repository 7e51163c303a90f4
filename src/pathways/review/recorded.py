"""`recorded`: what was entered and is read by nothing, with the reason, so that no page is silent about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..content import Content
from ..content import models as m
from ..content.parts import Part
from ..content.plain import picked
from ..facts.membership import ingredients_of
from ..profile import Profile


@dataclass(frozen=True)
class NotUsed:
    """One entered thing that nothing reads: ``path`` into the profile, what it is in words, and the record with the
    reason."""

    path: str
    what: str
    record: m.Recorded

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON data."""
        return {**picked(self, "path", "what"), **picked(self.record, "id", "reason")}


def recorded(profile: Profile, content: Content) -> tuple[NotUsed, ...]:
    """Everything in a profile that a record of the content names as recorded and not used, in the order of these."""
    return tuple(found for record in content.recorded.values() for found in _of(record, profile, content))


def _of(record: m.Recorded, profile: Profile, content: Content) -> Iterator[NotUsed]:
    for id in record.answers:
        if id in profile.answers:
            yield NotUsed(f"answers.{id}", content.answers[id].label, record)
    for n, entry in enumerate(profile.conditions):
        if entry.id in record.conditions:
            yield NotUsed(f"conditions.{n}", entry.name or content.condition_label(entry.id or ""), record)
    for n, medicine in enumerate(profile.medicines):
        held = ingredients_of(content, medicine)
        if held and all(id in record.medicines for id in held):
            yield NotUsed(f"medicines.{n}", medicine.label.replace("_", " "), record)
    names = {id: measure.label for id, measure in content.measures.items()}
    names |= {id: instrument.short for id, instrument in content.instruments.items()}
    for n, seen in enumerate(profile.observations):
        if seen.measure in record.measures:
            yield NotUsed(f"observations.{n}", names[seen.measure], record)
    for flag in record.flags:
        yield from _flagged(flag, record, profile)


def _flagged(flag: str, record: m.Recorded, profile: Profile) -> Iterator[NotUsed]:
    table, field, *value = flag.split(".")
    entries: tuple[Part, ...] = getattr(profile, table)
    for n, entry in enumerate(entries):
        given = getattr(entry, field)
        if given == value[0] if value else given not in (None, "", ()):
            yield NotUsed(f"{table}.{n}.{field}", " ".join((field, *value)).replace("_", " "), record)
