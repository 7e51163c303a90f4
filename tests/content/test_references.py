"""Every field that names something is marked, and a misspelt name in any of them is one clear error."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from pathways.content import ContentError, load_content
from pathways.content import models as m
from pathways.content.library import TABLES
from pathways.content.loader import PACKAGED
from pathways.content.models.marks import Predicate, Ref
from pathways.content.references import mentions, names, record_problems
from pathways.facts.code import FUNCTIONS
from pathways.language import ConditionError, facts_in_order

CONTENT = load_content()
Mark = Ref | Predicate
Slot = tuple[type[m.Record], str, Mark]


# ---- what the models say ----------------------------------------------------------------------------------


@cache
def hints_of(model: type[m.Record]) -> Mapping[str, Any]:
    return get_type_hints(model, include_extras=True)


def marks_in(hint: Any) -> Iterator[Mark]:
    """The marks anywhere in a type, whatever it is made of."""
    yield from (x for x in getattr(hint, "__metadata__", ()) if isinstance(x, (Ref, Predicate)))
    for part in get_args(hint):
        yield from marks_in(part)


def records_in(hint: Any) -> Iterator[type[m.Record]]:
    if isinstance(hint, type) and issubclass(hint, m.Record):
        yield hint
    for part in get_args(hint):
        yield from records_in(part)


def models() -> Iterator[type[m.Record]]:
    """The models of all tables, and the models inside them."""
    waiting, seen = list[type[m.Record]](TABLES.values()), set[type[m.Record]]()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            waiting += (inner for hint in get_type_hints(model).values() for inner in records_in(hint))


SLOTS: list[Slot] = [
    (model, field, mark)
    for model in models()
    for field, hint in hints_of(model).items()
    if field in model.model_fields
    for mark in marks_in(hint)
]


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """What stands in a record at a path."""
    for part in path:
        value = getattr(value, str(part)) if isinstance(value, m.Record) else value[part]
    return value


def slot_of(record: m.Record, path: tuple[str | int, ...], mark: Mark) -> Slot:
    """The model and field that a path of a record ends in."""
    inside: tuple[m.Record, str] = (record, "")
    for n, part in enumerate(path):
        if isinstance(holder := at(record, path[:n]), m.Record):
            inside = holder, str(part)
    return type(inside[0]), inside[1], mark


def changed(value: Any, path: tuple[str | int, ...], old: str, new: str) -> Any:
    """The value with a text at a path replaced, be it an entry, or the key or one value of a mapping."""
    if isinstance(value, m.Record):
        name = str(path[0])
        return value.model_copy(update={name: changed(getattr(value, name), path[1:], old, new)})
    if isinstance(value, (tuple, list)):
        if not path:
            return [new if one == old else one for one in value]
        return tuple(changed(one, path[1:], old, new) if n == path[0] else one for n, one in enumerate(value))
    if isinstance(value, Mapping):
        if not path:
            return {new if key == old else key: one for key, one in value.items()}
        return {key: changed(one, path[1:], old, new) if key == path[0] else one for key, one in value.items()}
    assert value == old
    return new


Filled = tuple[str, m.Named, tuple[str | int, ...], str]
"""A table, a record of it, a path in the record, and the text that stands there."""


def in_content() -> dict[Slot, Filled]:
    """For each slot the first record of the content that uses it."""
    found: dict[Slot, Filled] = {}
    for table, records in CONTENT.tables.items():
        for record in records.values():
            for mention in mentions(record):
                slot = slot_of(record, mention.path, mention.mark)
                found.setdefault(slot, (table, record, mention.path, mention.text))
    return found


FILLED = in_content()


def filled(slot: Slot) -> Filled:
    """A record that uses the slot: one of the content, or else one of its table with a list of one right name."""
    if slot in FILLED:
        return FILLED[slot]
    model, field, mark = slot
    table = next(table for table, one in TABLES.items() if one is model)
    assert isinstance(mark, Ref)
    text = next(iter(names(CONTENT, mark.kinds[0], "") or ()))
    record = next(iter(CONTENT.tables[table].values())).model_copy(update={field: (text,)})
    return table, record, (field, 0), text


def misspelt(mark: Mark, text: str) -> tuple[str, str, str]:
    """The text with a letter too many in a name, the wrong name, and the right one."""
    if isinstance(mark, Ref):
        return f"{text}z", f"{text}z", text
    right = facts_in_order(CONTENT.node(text))[0]
    return re.sub(rf"\b{right}\b", f"{right}z", text), f"{right}z", right


def name_of(slot: Slot) -> str:
    model, field, mark = slot
    return f"{model.__name__}.{field}:{'condition' if isinstance(mark, Predicate) else '|'.join(mark.kinds)}"


@pytest.mark.parametrize("slot", SLOTS, ids=name_of)
def test_a_misspelt_name_is_one_error_with_the_right_name(slot: Slot) -> None:
    table, record, path, text = filled(slot)
    assert list(record_problems(CONTENT, table, record, {})) == []
    new, wrong, right = misspelt(slot[2], text)
    (line,) = record_problems(CONTENT, table, changed(record, path, text, new), {})
    field = ", ".join(part if isinstance(part, str) else f"entry {part + 1}" for part in path)
    assert line.startswith(f"{field}: ")
    assert f"'{wrong}'" in line
    assert f"Did you mean '{right}'?" in line


# ---- whether all are marked -------------------------------------------------------------------------------


def test_every_field_that_holds_nothing_but_names_is_marked() -> None:
    """A field whose texts are all the ids of one table, or all facts, points at them: it has a mark, or a reason."""
    texts = unmarked_texts()
    tables = {**{table: set(records) for table, records in CONTENT.tables.items()}, "schema": set(CONTENT.schema)}
    found = {
        place: sorted(table for table, ids in tables.items() if words <= ids)
        for place, words in texts.items()
        if any(words <= ids for ids in tables.values())
    }
    assert found == {}


@cache
def unmarked_texts() -> Mapping[str, set[str]]:
    """The texts of all records by model and field: those that a type has neither marked nor listed."""
    texts: dict[str, set[str]] = {}
    for records in CONTENT.tables.values():
        for record in records.values():
            gather(record, texts)
    return texts


def gather(record: m.Record, texts: dict[str, set[str]]) -> None:
    hints = hints_of(type(record))
    for field in type(record).model_fields:
        if field == "id" and isinstance(record, m.Named):
            continue
        for part, words in plain_texts(hints[field], getattr(record, field), texts):
            texts.setdefault(f"{type(record).__name__}.{field}{part}", set()).update(words)


def plain_texts(hint: Any, value: Any, texts: dict[str, set[str]]) -> Iterator[tuple[str, list[str]]]:
    origin, inner = get_origin(hint), get_args(hint)
    if isinstance(value, m.Record):
        gather(value, texts)
    elif origin is Annotated:
        if not any(isinstance(x, (Ref, Predicate)) for x in hint.__metadata__):
            yield from plain_texts(inner[0], value, texts)
    elif origin in (Union, UnionType) and value is not None:
        yield from plain_texts(next(one for one in inner if one is not type(None)), value, texts)
    elif isinstance(value, tuple) and inner:
        for one in value:
            yield from plain_texts(inner[0], one, texts)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from ((f" key{part}", words) for part, words in plain_texts(inner[0], key, texts))
            yield from ((f" value{part}", words) for part, words in plain_texts(inner[1], one, texts))
    elif isinstance(value, str) and value and origin is not Literal:
        yield "", [value]


def test_every_field_that_holds_nothing_but_conditions_is_marked() -> None:
    assert [place for place, words in unmarked_texts().items() if all(map(parses, words))] == []


def parses(text: str) -> bool:
    try:
        CONTENT.node(text)
    except ConditionError:
        return False
    return True


def test_the_functions_that_a_fact_may_name_are_those_that_there_are() -> None:
    assert set(get_args(m.CodeFunction)) == FUNCTIONS.keys()


# ---- through the loader -----------------------------------------------------------------------------------

MISSPELT = {
    "contradictions.toml, oud_none_but_moud, unsettles, entry 1": ('["oud_status"]', "fact", "oud_status"),
    "lenses.toml, pain, role": ('role = "pain_specialist"', "role", "pain_specialist"),
    "mme/cdc2022.toml, cdc2022, factors, entry 7, ingredient": ('"oxycodone"', "medicine", "oxycodone"),
    "recommendations/cdc2022.toml, cdc2022.12, cases, entry 7, asks, entry 1": (
        'asks = ["oud_criteria"]',
        "question",
        "oud_criteria",
    ),
    "recommendations/methadone_safety2014.toml, meth2014.ecg_baseline, topic": (
        'topic = "methadone_ecg"',
        "disagreement",
        "methadone_ecg",
    ),
    "treatments/moud.toml, buprenorphine, cases, entry 10, rule": ('rule = "fit"', "rule", "fit"),
    "vocabulary/conditions.toml, cancer_active, implied_by, main_pain": ('main_pain = "cancer"', "option", "cancer"),
    "vocabulary/emergency_and_opioid_facts.toml, fever_present, ask, entry 1": (
        '["temperature_c"]',
        "question",
        "temperature_c",
    ),
    "vocabulary/facts.toml, opioid_prescribers, of, entry 1": ('of = ["opioid"', "medicine_class", "opioid"),
}
"""Where a reference stands: the text of the file around it, what it names, and how that is spelled."""


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, folder / "content"))


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as error:
        load_content(folder)
    return error.value.problems


def test_every_misspelt_reference_is_told_at_once_with_its_file_and_id(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    lines = []
    for place, (text, kind, right) in MISSPELT.items():
        path = folder / place.partition(",")[0]
        whole = path.read_text("utf-8")
        assert text in whole
        path.write_text(whole.replace(text, text.replace(right, f"{right}x"), 1), "utf-8")
        lines.append(f"{place}: no {kind} '{right}x'. Did you mean '{right}'?")
    assert sorted(problems_of(folder)) == lines


OWN = """
[[role]]
id = "near"
label = "X"
sid = "pain"
side = "pain"
[[role]]
id = "far"
label = "X"
qqq = "pain"
side = "pain"
[[role]]
id = "option"
label = "X"
side = "persn"
[[contradiction]]
id = "deep"
title = "X"
when = "has_oud"
unsettles = ["oud_status"]
cases = [{ givn = { has_oud = true }, expect = "true" }]
[[fact]]
id = "function"
label = "X"
kind = "code"
function = "severity_by_criterion"
[[fact]]
id = "nothing_read"
label = "X"
kind = "score"
[[rol]]
id = "x"
"""
SIDES = "'pain', 'oud', 'both' or 'person'"
HINT = "Did you mean 'severity_by_criteria'?"
WORKED_OUT = " or ".join(", ".join(map(repr, get_args(m.CodeFunction))).rsplit(", ", 1))


def test_a_record_of_the_wrong_shape_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "own.toml").write_text(OWN, "utf-8")
    assert problems_of(folder) == [
        "own.toml, near, sid: there is no such field. Did you mean 'side'?",
        (
            "own.toml, far, qqq: there is no such field. There may stand id, label, disciplines, side, not_where, "
            "prescribes, stands_in, where."
        ),
        f"own.toml, option, side: input should be {SIDES}; given was 'persn'. Did you mean 'person'?",
        "own.toml, deep, cases, entry 1, givn: there is no such field. Did you mean 'given'?",
        f"own.toml, function, function: input should be {WORKED_OUT}; given was 'severity_by_criterion'. {HINT}",
        "own.toml, nothing_read: a fact of kind 'score' needs 'instrument'",
        "own.toml: no table 'rol'. Did you mean 'role'?",
    ]


def test_a_source_that_is_like_no_other_suggests_none() -> None:
    contact = next(iter(CONTENT.contacts.values()))
    cite = m.Cite(id="zzqq1", at="p. 1", confidence="recall")
    lines = record_problems(CONTENT, "contact", contact.model_copy(update={"source": (cite,)}), {})
    assert list(lines) == ["source, entry 1, id: no source 'zzqq1'."]
