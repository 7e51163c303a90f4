"""What many entries of a record have in common: all that one says but which it is, of whom, when, and what it refers to.

A person takes the same tablets by the same directions for years. What follows from the shape alone is worked out once, on data
that hold nothing else, so that it cannot rest on what is an entry's own; each entry then adds its own name and days.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from .plain import Data
from .report import Kind, Notebook

if TYPE_CHECKING:
    from .bundle import Resource

T = TypeVar("T")
_WHICH = ("id", "identifier", "meta", "text")
_WHOSE = (
    "subject",
    "patient",
    "encounter",
    "context",
    "requester",
    "performer",
    "recorder",
    "asserter",
    "informationSource",
)
_WHEN = (
    "authoredOn", "dateAsserted", "recordedDate", "assertedDate", "recorded", "issued", "authored", "date", "period",
    "whenHandedOver", "whenPrepared", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "performedDateTime",
    "performedPeriod", "occurrenceDateTime", "occurrencePeriod", "occurenceDateTime", "onsetDateTime", "onsetPeriod",
    "abatementDateTime", "abatementPeriod",
)  # fmt: skip  # words, read across
LINKS = ("authorizingPrescription", "basedOn", "derivedFrom", "request")
"""The orders that a record carries out or reports."""
PRIOR = "priorPrescription"
_OWN = frozenset({*_WHICH, *_WHOSE, *_WHEN, *LINKS, PRIOR})

Remark = tuple[Kind, str, str]
"""The kind of a remark, the field that it is about, and its words."""


class Remarks(Notebook):
    """Remarks on a shape, which are made of each entry that has it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[Remark, None] = {}

    def add(self, kind: Kind, resource: Mapping[str, Any] | str, place: str, field: str, said: str) -> None:  # noqa: ARG002  # of a shape
        self.said[kind, field, said] = None


class Shape:
    """``like`` is an entry with data that hold nothing of its own; ``told`` is what readers found out from it, each under a name
    of its own."""

    __slots__ = ("like", "told")

    def __init__(self, like: Resource) -> None:
        self.like = like
        self.told: dict[Any, Any] = {}

    def once(self, name: Hashable, make: Callable[..., T], *of: object) -> T:
        """What ``make`` gives of the rest, made once for the shape under this name."""
        if name not in self.told:
            self.told[name] = make(*of)
        made: T = self.told[name]
        return made


class Shapes:
    """The shapes of one record. Two entries are of one where their kinds and their data are the same to the last sign, as
    Python writes plain data."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool, str], Shape] = {}

    def of(self, resource: Resource) -> Shape:
        """The shape of an entry, looked for once."""
        made: Shape | None = resource.__dict__.get("_shape")
        if made is None:
            data = {name: value for name, value in resource.data.items() if name not in _OWN}
            key = resource.kind, resource.draft, repr(data)
            made = self._known.get(key)
            if made is None:
                made = self._known[key] = _shape(resource, data)
            resource.__dict__["_shape"] = made
        return made

    def same(self, resource: Resource, other: Resource) -> None:
        """Say that an entry was made as another was, and differs from it only in what is its own."""
        resource.__dict__["_shape"] = self.of(other)


def _shape(resource: Resource, data: Data) -> Shape:
    return Shape(replace(resource, data=data, place="", address=""))


def repeated(remarks: Iterable[Remark], resource: Resource, notes: Notebook) -> None:
    """Make the remarks on a shape of one entry that has it."""
    for kind, field, said in remarks:
        notes.add(kind, resource.name, resource.place, field, said)


__all__ = ["LINKS", "PRIOR", "Remark", "Remarks", "Shape", "Shapes", "repeated"]
