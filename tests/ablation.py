"""A content with records taken away, to show that what a review says comes from them.

`without` drops records by ``table:id`` from a loaded content, and with them what merely points at them: a role in a list
of owners, a treatment in a list of alternatives. Where a condition still names a fact that is gone, a question that nobody
answered takes its place; ``still_named`` lists such names, for a folder on disk that names them would not load.
Nothing is written: tests/content/test_requirements.py holds the result to a folder on disk without the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.content import Content, once_per_content
from pathways.content import models as m
from pathways.language import Choice, FactType, Number, facts_of

# Which tables a field points into.
POINTS: Mapping[str, tuple[str, ...]] = {
    "owner": ("role",), "stands_in": ("role",), "delivered_by": ("role",), "raises": ("need",), "treatments": ("treatment",),
    "requires": ("treatment",), "way_of": ("treatment",), "alternatives": ("treatment",), "reviewed_in_place": ("treatment",),
    "keeps": ("medicine_class",), "ends": ("medicine_class",), "classes": ("medicine_class",),
    "children": ("medicine_class",), "medicines": ("medicine",), "a": ("medicine", "medicine_class"),
    "b": ("medicine", "medicine_class"), "groups": ("condition_group",), "parents": ("condition_group",),
    "facts": ("fact", "answer"), "inputs": ("answer", "instrument"), "ask": ("fact", "answer", "instrument"),
    "unsettles": ("fact", "answer"), "warns": ("fact", "answer"), "pathway": ("pathway",), "decision": ("decision",),
    "treatment": ("treatment",), "need": ("need",), "needs": ("need",), "roles": ("role",),
    "emergencies": ("emergency",), "medicine_classes": ("medicine_class",), "condition_groups": ("condition_group",),
    "calls_for": ("treatment",), "one_of": ("treatment",), "beside": ("treatment",),
    "speaks_against": ("treatment", "medicine_class", "medicine"), "of": ("treatment", "medicine", "medicine_class"),
    "replaced_by": ("treatment",),
    "found_by": ("urine_test",), "absent_by": ("urine_test",), "or_measures": ("measure",),
}  # fmt: skip  # data, read across


@dataclass(frozen=True)
class Ablated:
    """A content without some records, and the names that its conditions hold although nothing fills them any more."""

    content: Content
    still_named: tuple[str, ...]


def without(content: Content, records: Iterable[str]) -> Ablated:
    """The content without records, each given as ``table:id``. Raises KeyError for one that is not there."""
    gone: dict[str, set[str]] = {}
    for reference in records:
        table, _, id = reference.partition(":")
        if id not in content.tables[table]:
            raise KeyError(reference)
        gone.setdefault(table, set()).add(id)
    for model in content.tables["risk_model"].values():
        if model.course and model.course.medicine in gone.get("medicine_class", ()):
            gone.setdefault("risk_model", set()).add(model.id)  # and what it reads goes with it
            read_by = {i.id for i in content.tables["risk_input"].values() if i.model == model.id}
            gone.setdefault("risk_input", set()).update(read_by)
    lost = set().union(*gone.values())
    tables: dict[str, dict[str, Any]] = {
        table: {
            id: _unpointed(record, gone) if lost & _texts(content, table, id) else record
            for id, record in records.items()
            if id not in gone.get(table, ())
        }
        for table, records in content.tables.items()
    }
    # The conditions are the same texts over the same names: what was parsed of them is shared.
    files = {key: name for key, name in content.files.items() if key[1] not in gone.get(key[0], ())}
    left = Content(
        tables, files, content.hash, _nodes=content._nodes, _tests=content._tests, _explainers=content._explainers
    )
    names = sorted(content.schema.keys() - left.schema.keys())
    left.__dict__["schema"] = content.schema
    named = tuple(name for name in names if _named(left, name))
    tables["care_dimension"] = {id: _next_levels(d, left) for id, d in tables["care_dimension"].items()}
    read = {id for fact in left.facts.values() for id in (fact.instrument, *fact.inputs, *fact.ask)}
    for id, instrument in tables["instrument"].items():
        if instrument.asked and id not in read:
            tables["instrument"] = {**tables["instrument"], id: instrument.model_copy(update={"asked": False})}
    blanks = {
        id: _blank(id, content.schema[id]) for id in named if id in gone.get("fact", set()) | gone.get("answer", set())
    }
    tables["answer"] = {**tables["answer"], **blanks}
    files.update({("answer", id): "gone" for id in blanks})
    return Ablated(left, named)


def _next_levels(dimension: m.CareDimension, left: Content) -> m.CareDimension:
    """A dimension whose ratings lead to the next higher level where theirs is gone, never to a lower one."""
    last = list(left.care_levels)[-1]
    sets: dict[str, str] = {}
    for rating, level in reversed(dimension.sets.items()):
        last = sets[rating] = level if level in left.care_levels else last
    return dimension if sets == dimension.sets else dimension.model_copy(update={"sets": dict(reversed(sets.items()))})


def _blank(id: str, kind: FactType) -> m.Answer:
    """A question by the name of a fact, of its type, that no case answers."""
    plain: dict[str, Any] = {"id": id, "label": id, "group": "person", "first_page": 3, "minutes": 1, "help": "Gone."}
    if isinstance(kind, Number):
        return m.Answer(**plain, type="number", lo=kind.lo, hi=kind.hi, decimals=kind.decimals)
    if isinstance(kind, Choice):
        return m.Answer(**plain, type="choice", choices={option: option for option in kind.options})
    return m.Answer(**plain, type="yes_no")


def _named(content: Content, name: str) -> bool:
    return any(name in rule.text and name in facts_of(content.node(rule.text)) for rule in content.rules())


def _texts(content: Content, table: str, id: str) -> frozenset[str]:
    """Every id that a record may point at: all its texts, however deep, and the ids in ``table:id``."""
    known = _texts_known(content)
    if (table, id) not in known:
        known[table, id] = frozenset(_strings(content.tables[table][id]))
    return known[table, id]


@once_per_content
def _texts_known(_: Content) -> dict[tuple[str, str], frozenset[str]]:
    return {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield value.partition(":")[2]
    elif isinstance(value, m.Record):
        for field in type(value).model_fields:
            if field not in ("cases", "source"):
                yield from _strings(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)


def _unpointed(record: Any, gone: Mapping[str, set[str]]) -> Any:
    """A record without what points at something that is gone; itself where nothing does."""
    changes: dict[str, Any] = {}
    for field in type(record).model_fields:
        value = getattr(record, field)
        lost = {id for table in POINTS.get(field, ()) for id in gone.get(table, ())}
        if isinstance(value, str) and value in lost:
            changes[field] = None
        elif isinstance(value, tuple):
            kept = tuple(_kept(value, field, lost, gone))
            if len(kept) != len(value) or any(a is not b for a, b in zip(kept, value, strict=True)):
                changes[field] = kept
        elif isinstance(value, m.GivenMedicine) and value.medicine_class in gone.get("medicine_class", ()):
            changes[field] = None  # a class is all that it names
        elif isinstance(value, m.Record):
            inner = _unpointed(value, gone)
            if inner is not value:
                changes[field] = inner
    return record.model_copy(update=changes) if changes else record


def _kept(value: tuple[Any, ...], field: str, lost: set[str], gone: Mapping[str, set[str]]) -> Iterator[Any]:
    for item in value:
        if isinstance(item, str):
            table, _, id = item.partition(":")
            if item not in lost and not (field == "records" and id in gone.get(table, ())):
                yield item
        elif isinstance(item, m.Addresses) and item.need in gone.get("need", ()):
            continue
        elif isinstance(item, m.Record):
            yield _unpointed(item, gone)
        else:
            yield item
