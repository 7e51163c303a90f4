"""The one walk over the marks: a record, or a part of a profile, as others may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args

from annotated_types import MinLen

from ...content import models as m
from ...content.models.audience import SHARED, VOCABULARY, Mark, mark_of
from ...content.parts import Part

P = TypeVar("P", bound=Part)
R = TypeVar("R", bound=m.Record)

RESTRICTED = "Restricted."
ASK_THE_TEAM = "Ask the person, and call the team that sent this."
OWN = m.Cite(id="own", at="restricted view", confidence="recall")
INSTEAD: Mapping[str, tuple[Any, ...]] = {"source": (OWN,), "actions": (m.Act(say=ASK_THE_TEAM),)}
"""What stands where nothing is left to tell: what is said may be told, where it stands may not."""
NAMES = ("title", "short", "label")
_REFERRED = {
    "treatment": (
        "treatments",
        "requires",
        "alternatives",
        "reviewed_in_place",
        "item",
        "calls_for",
        "one_of",
        "beside",
    ),
    "need": ("raises", "need"),
    "role": ("owner", "delivered_by", "role"),
    "pathway": ("pathway",),
    "decision": ("decision",),
    "key": ("order",),
}
TABLES = {name: table for table, names in _REFERRED.items() for name in names}
"""The table that a field refers to, by the name of the field."""
GONE: Any = object()


class Marks(NamedTuple):
    """What the annotation of a field says: its mark, the table it refers to, its default and its least length."""

    mark: Mark | None
    table: str | None
    default: Any
    least: int


@cache
def marks_of(model: type[m.Record] | type[Part]) -> Mapping[str, Marks]:
    """The marks of every field of a model. Without a mark, a field is withheld."""
    found = {}
    for name, field in model.model_fields.items():
        default = GONE if field.is_required() else field.get_default(call_default_factory=True)
        least = next((one.min_length for one in field.metadata if isinstance(one, MinLen)), 0)
        table = "source" if model is m.Cite and name == "id" else TABLES.get(name)
        mark = mark_of(model, field)
        found[name] = Marks(mark, table if mark in field.metadata else None, default, least)
    return found


@cache
def _referring(model: type[m.Record]) -> Mapping[str, Marks]:
    """The fields of a model that refer to a record that may go, by themselves or in what they hold."""

    def refers(name: str, field: Marks) -> bool:
        parts = _models_in(model.model_fields[name].annotation) if field.mark is SHARED else ()
        return field.table not in (None, "source") or any(map(_referring, parts))

    return {name: field for name, field in marks_of(model).items() if refers(name, field)}


def _models_in(annotation: Any) -> Iterator[type[m.Record]]:
    if isinstance(annotation, type) and issubclass(annotation, m.Record):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def bare(part: P, **vocabulary: Any) -> P:
    """A part of a profile with its shared fields, the ids that were found to be open, and nothing else."""
    hidden = {name: field.default for name, field in marks_of(type(part)).items() if field.mark is not SHARED}
    return part.model_copy(update={**hidden, **vocabulary})


def _nothing(*_: str) -> bool:
    return False


class Walk(NamedTuple):
    """``here`` holds the ids that stand in each table; ``hides`` says whether a text holds a withheld word. Without it
    the texts have been looked at, and only references are taken out."""

    here: Mapping[str, Collection[str]]
    hides: Callable[[str], bool] = _nothing

    def seen(self, record: R) -> R | None:
        """The record as its marks let it be seen; None when it makes no sense without what is withheld of it."""
        mending = self.hides is _nothing
        fields = _referring(type(record)) if mending else marks_of(type(record))
        change = {} if mending else self._names(record)
        if None in change.values():
            return None
        for name, field in fields.items():
            value = getattr(record, name)
            kept = change[name] if name in change else self._kept(name, field, value)
            if isinstance(kept, tuple) and len(kept) < min(field.least, len(value)):
                kept = GONE
            if kept is GONE:
                kept = self._instead(record, name, field)
            if kept is GONE:
                return None
            change[name] = kept
        return record.model_copy(update=change) if change else record

    def _names(self, record: m.Record) -> dict[str, Any]:
        """The names of a record: one that cannot be told gives way to another, or to what the record is told as."""
        if not isinstance(record, m.Named) or record.audience is not None:
            return {}
        marks = marks_of(type(record))
        own = {n: getattr(record, n) for n in NAMES if n in marks and marks[n].mark is SHARED}
        texts = [*reversed(own.values())]
        texts += [record.told_as] if isinstance(record, m.Clinical) and record.told_as else []
        texts += [trigger.label for trigger in record.triggers] if isinstance(record, m.Emergency) else []
        told = next((text for text in texts if not self.hides(text)), None)
        return {n: told if self.hides(name) else name for n, name in own.items()}

    def _kept(self, name: str, field: Marks, value: Any) -> Any:
        if field.mark is SHARED:
            return field.default if self.hides(name) else self._told(value)
        if field.mark is VOCABULARY:
            return self._standing(value, field.table)
        return field.default

    def _told(self, value: Any) -> Any:
        if isinstance(value, str):
            return GONE if self.hides(value) else value
        if isinstance(value, tuple):
            return tuple(one for one in map(self._told, value) if one is not GONE)
        if isinstance(value, m.Record):
            seen = self.seen(value)
            return GONE if seen is None else seen
        return value

    def _standing(self, value: Any, table: str | None) -> Any:
        if table is None or value is None:
            return value
        if isinstance(value, tuple):
            return tuple(id for id in value if self._stands(id, table))
        return value if self._stands(value, table) else GONE

    def _stands(self, id: str, table: str) -> bool:
        kind, _, key = id.partition(":")
        table, id = (TABLES[kind], key) if key else (table, id)  # a key of a lens names its table
        return id in self.here.get(table, (id,))

    def _instead(self, record: m.Record, name: str, field: Marks) -> Any:
        if isinstance(record, m.Clinical) and name in INSTEAD:
            return INSTEAD[name]
        if field.mark is SHARED and isinstance(getattr(record, name), str):
            # A small part makes no sense with a text taken out of it, unless it is reckoned with.
            return RESTRICTED if isinstance(record, m.Named) or record.audience is VOCABULARY else GONE
        return field.default
