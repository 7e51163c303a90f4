"""`ImportReport`: what was made of every resource: used for what, not used and why, not understood, in conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..content.plain import plain
from .plain import text

Kind = Literal["used", "not_used", "not_understood", "conflict", "assumed"]
KINDS: tuple[Kind, ...] = ("used", "not_used", "not_understood", "conflict", "assumed")


class Note(NamedTuple):
    """One remark: ``resource`` ("MedicationRequest/abc"), its ``place`` in the file, and the ``field`` of the profile
    or of the resource that it is about."""

    resource: str
    place: str
    kind: Kind
    field: str
    text: str


@dataclass(frozen=True)
class ImportReport:
    """Every remark, in a fixed order. ``entries`` names each resource that was read, once."""

    entries: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def of(self, kind: Kind) -> tuple[Note, ...]:
        """The remarks of one kind."""
        return tuple(note for note in self.notes if note.kind == kind)

    @property
    def used(self) -> tuple[Note, ...]:
        return self.of("used")

    @property
    def not_understood(self) -> tuple[Note, ...]:
        return self.of("not_understood")

    @property
    def conflicts(self) -> tuple[Note, ...]:
        return self.of("conflict")

    def counts(self) -> dict[str, int]:
        """How many remarks of each kind."""
        found = Counter(note.kind for note in self.notes)
        return {kind: found[kind] for kind in KINDS}

    def unaccounted(self) -> tuple[str, ...]:
        """Resources about which nothing is said. There should be none."""
        said = {note.place for note in self.notes}
        return tuple(place for place in self.entries if place not in said)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return {"entries": plain(self.entries), "counts": self.counts(), "notes": plain(self.notes)}


class Notebook:
    """Remarks being collected while a file is read."""

    def __init__(self) -> None:
        self.notes: set[Note] = set()
        self.places: set[str] = set()
        """Of what something was said that is more than how it is written, whose it is, or of which day."""

    def add(self, kind: Kind, resource: Mapping[str, Any] | str, place: str, field: str, said: str) -> None:
        name = resource if isinstance(resource, str) else named(resource)
        self.notes.add(Note(name, place, kind, field, said[:300]))
        if not (kind == "assumed" and field in ("version", "date", "subject")):
            self.places.add(place)

    def report(self, entries: Iterable[str]) -> ImportReport:
        return ImportReport(tuple(sorted(entries)), tuple(sorted(self.notes)))


def named(resource: Mapping[str, Any]) -> str:
    """ "MedicationRequest/abc": the type and id of a resource, as far as it has them."""
    kind, id = text(resource, "resourceType", 60), text(resource, "id", 64)
    return f"{kind or '?'}/{id or '?'}"
