"""Read a content folder: TOML in, one `Content` out, and every mistake named with file, id and nearest right
spelling."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files as packaged
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..language import ConditionError, Number, YesNo, facts_of
from . import models as m
from .cache import kept_or_loaded
from .code_rules import code_problems
from .library import TABLES, Content, ContentError, cases_of
from .risk_rules import risk_problems
from .sources import digest_of, read_sources

Missing = Callable[[str, str, Iterable[str], str], Iterator[str]]
PACKAGED = Path(str(packaged("pathways.content"))) / "data"


def load_content(folder: Path | str | None = None) -> Content:
    """Read all TOML files under ``folder`` (default: the packaged content; then the result is shared).

    Raises ContentError with every mistake found, each naming file, id and how to mend it.

    >>> load_content() is load_content()
    True
    """
    return _packaged() if folder is None else _load(Path(folder))


@cache
def _packaged() -> Content:
    return kept_or_loaded(PACKAGED, _load)


def _load(folder: Path) -> Content:
    sources = read_sources(folder)
    if not sources:
        raise ContentError([f"{folder}: no TOML files here"])
    problems: list[str] = []
    tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    files: dict[tuple[str, str], str] = {}
    for name, raw in sources.items():
        try:
            document = tomllib.loads(raw.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{name}: not valid TOML: {error}")
            continue
        for table, records in document.items():
            if table not in TABLES:
                problems.append(f"{name}: no table '{table}'. {_nearest(table, TABLES)}")
                continue
            for n, data in enumerate(records if isinstance(records, list) else [records], 1):
                where = (
                    f"{name}, {data.get('id', f'{table} {n}')}" if isinstance(data, dict) else f"{name}, {table} {n}"
                )
                try:
                    record = TABLES[table].model_validate(data)
                except ValidationError as error:
                    problems.extend(f"{where}{line}" for line in _lines(error, TABLES[table]))
                    continue
                id = record.id
                if id in tables[table]:
                    problems.append(f"{where}: this id is already used in {files[table, id]}")
                tables[table][id] = record
                files[table, id] = name
    if problems:
        raise ContentError(problems)
    content = Content(tables, files, digest_of(sources))
    problems = list(_cross_check(content))
    if problems:
        raise ContentError(problems)
    return content


def _lines(error: ValidationError, model: type[m.Record]) -> Iterator[str]:
    for problem in error.errors():
        where = ", ".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
        text = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
            text = f"no such field. {_nearest(str(problem['loc'][-1]), model.model_fields)}"
        yield f", {where}: {text}" if where else f": {text}"


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'?" if close else "See content/models.py for what may stand here."


def _cross_check(content: Content) -> Iterator[str]:
    """References between records: sources, roles, needs, classes, treatments, facts and every condition."""

    def at(table: str, id: str) -> str:
        return f"{content.files[table, id]}, {id}"

    def missing(where: str, field: str, ids: Iterable[str], table: str) -> Iterator[str]:
        known = content.tables[table]
        for id in ids:
            if id not in known:
                yield f"{where}, {field}: no {table} '{id}'. {_nearest(id, known)}"

    names: dict[str, str] = {}
    for table in ("answer", "fact"):
        for id in content.tables[table]:
            if id in names:
                yield f"{at(table, id)}: the name is already taken by the {names[id]} '{id}'"
            names[id] = table
    for id in content.facts:
        if id.startswith(("has_", "takes_", "proposed_")) and content.facts[id].kind != "definition":
            yield f"{at('fact', id)}: names that start with has_, takes_ or proposed_ are made by the loader"
    for condition in content.conditions.values():
        yield from missing(at("condition", condition.id), "groups", condition.groups, "condition_group")
    for group in content.condition_groups.values():
        yield from missing(at("condition_group", group.id), "parents", group.parents, "condition_group")
        yield from missing(at("condition_group", group.id), "ruled_out_from", group.ruled_out_from, "fact")
    for medicine in content.medicines.values():
        yield from missing(at("medicine", medicine.id), "classes", medicine.classes, "medicine_class")
    for cls in content.medicine_classes.values():
        yield from missing(at("medicine_class", cls.id), "children", cls.children, "medicine_class")
    for fact in content.facts.values():
        yield from _fact_problems(fact, at("fact", fact.id), content)
    for instrument in content.instruments.values():
        yield from _instrument_problems(instrument, at("instrument", instrument.id), content)
    for table, records in content.tables.items():
        for id, record in records.items():
            for cite in cites_of(record):
                yield from missing(at(table, id), "source", [cite.id], "source")
            yield from missing(at(table, id), "owner", getattr(record, "owner", ()), "role")
            yield from missing(at(table, id), "raises", getattr(record, "raises", ()), "need")
            for case in cases_of(record):
                if case.base:
                    yield from missing(at(table, id), "cases", [case.base], "base")
                for name in case.given:
                    if name not in content.schema:
                        yield f"{at(table, id)}, cases: no fact '{name}'. {_nearest(name, content.schema)}"
    for base in content.bases.values():
        for name in base.given:
            if name not in content.schema:
                yield f"{at('base', base.id)}: no fact '{name}'. {_nearest(name, content.schema)}"
    for rec in content.recommendations.values():
        yield from missing(at("recommendation", rec.id), "treatments", rec.treatments, "treatment")
    for t in content.treatments.values():
        where = at("treatment", t.id)
        yield from missing(where, "delivered_by", t.delivered_by, "role")
        yield from missing(where, "medicines", t.medicines, "medicine")
        yield from missing(where, "classes", t.classes, "medicine_class")
        yield from missing(where, "keeps", t.keeps, "medicine_class")
        yield from missing(where, "ends", t.ends, "medicine_class")
        yield from missing(where, "pathway", [t.pathway] if t.pathway else [], "pathway")
        yield from missing(where, "decision", [t.decision] if t.decision else [], "decision")
        for addresses in t.addresses:
            need = content.needs.get(addresses.need)
            if need is None:
                yield from missing(where, "addresses", [addresses.need], "need")
            elif addresses.part not in {part.id for part in need.parts}:
                yield f"{where}, addresses: need '{need.id}' has no part '{addresses.part}'"
        ids = [c.id for c in (*t.contraindications, *t.precautions)]
        for id in {id for id in ids if ids.count(id) > 1}:
            yield f"{where}: two contraindications or precautions are called '{id}'"
    for interaction in content.interactions.values():
        where = at("interaction", interaction.id)
        for id in (*interaction.a, *interaction.b):
            if id not in content.medicine_classes and id not in content.medicines:
                known = [*content.medicine_classes, *content.medicines]
                yield f"{where}: no medicine or class '{id}'. {_nearest(id, known)}"
        yield from missing(where, "requires", interaction.requires, "treatment")
    for pathway in content.pathways.values():
        yield from missing(at("pathway", pathway.id), "treatments", pathway.treatments, "treatment")
        for step in pathway.steps:
            yield from missing(at("pathway", pathway.id), f"step {step.id}, owner", step.owner, "role")
    for decision in content.decisions.values():
        yield from missing(at("decision", decision.id), "alternatives", decision.alternatives, "treatment")
        yield from missing(at("decision", decision.id), "reviewed_in_place", decision.reviewed_in_place, "treatment")
    for disagreement in content.disagreements.values():
        yield from missing(at("disagreement", disagreement.id), "treatments", disagreement.treatments, "treatment")
    yield from _monitoring_problems(content, at, missing)
    yield from _place_problems(content, at, missing)
    yield from risk_problems(content, at, missing)
    for table in ("education", "myth"):
        for id, record in content.tables[table].items():
            yield from missing(at(table, id), "treatments", record.treatments, "treatment")
    for assessment in content.tables["assessment"].values():
        for name in assessment.facts:
            if name not in content.schema:
                yield f"{at('assessment', assessment.id)}, facts: no fact '{name}'. {_nearest(name, content.schema)}"
    for privacy in content.tables["privacy"].values():
        yield from _privacy_problems(privacy, at("privacy", privacy.id), missing, content)
    yield from code_problems(content)
    for rule in content.rules():
        try:
            content.node(rule.text)
        except ConditionError as error:
            yield f"{at(rule.table, rule.id)}, {rule.name}: {error}"


def _monitoring_problems(
    content: Content,
    at: Callable[[str, str], str],
    missing: Callable[[str, str, Iterable[str], str], Iterator[str]],
) -> Iterator[str]:
    """References of checks, trends and urine tests."""
    measured = {**content.measures, **content.instruments}
    for table, field in (("monitor", "seen_by"), ("trend", "measures")):
        for record in content.tables[table].values():
            for id in getattr(record, field):
                if id not in measured:
                    yield f"{at(table, record.id)}, {field}: no measure '{id}'. {_nearest(id, measured)}"
    for trend in content.tables["trend"].values():
        if trend.now_from and not isinstance(content.schema.get(trend.now_from), Number):
            numbers = [name for name, kind in content.schema.items() if isinstance(kind, Number)]
            yield f"{at('trend', trend.id)}, now_from: no number '{trend.now_from}'. {_nearest(trend.now_from, numbers)}"
    for test in content.tables["urine_test"].values():
        yield from missing(at("urine_test", test.id), "id", [test.id], "measure")
        for source in test.sources:
            yield from missing(at("urine_test", test.id), "sources", source.medicines, "medicine")


def _privacy_problems(privacy: m.Privacy, where: str, missing: Missing, content: Content) -> Iterator[str]:
    for field, table in (
        ("answers", "answer"), ("condition_groups", "condition_group"), ("medicine_classes", "medicine_class"),
        ("treatments", "treatment"), ("recommendations", "recommendation"), ("needs", "need"),
        ("emergencies", "emergency"), ("roles", "role"),
    ):  # fmt: skip
        yield from missing(where, field, getattr(privacy, field), table)
    known = {**content.measures, **content.instruments}
    for id in (*privacy.measures, *privacy.open_measures):
        if id not in known:
            yield f"{where}, measures: no measure or instrument '{id}'. {_nearest(id, known)}"
    for word in privacy.words:
        try:
            re.compile(word)
        except re.error as error:
            yield f"{where}, words: '{word}' is not a regular expression: {error}"


def _place_problems(
    content: Content,
    at: Callable[[str, str], str],
    missing: Callable[[str, str, Iterable[str], str], Iterator[str]],
) -> Iterator[str]:
    """References of levels of care, services and rows to sign off."""
    for level in content.care_levels.values():
        yield from missing(
            at("care_level", level.id), "treatment", [level.treatment or ""] * bool(level.treatment), "treatment"
        )
    for dimension in content.care_dimensions.values():
        where = at("care_dimension", dimension.id)
        yield from missing(where, "answer", [dimension.answer], "answer")
        yield from missing(where, "sets", dimension.sets.values(), "care_level")
        answer = content.answers.get(dimension.answer)
        if answer and set(answer.choices) != set(dimension.sets):
            yield f"{where}, sets: must name each choice of {answer.id}: {', '.join(answer.choices)}"
    taken: dict[str, str] = {}
    for service in content.services.values():
        yield from missing(at("service", service.id), "treatments", service.treatments, "treatment")
        for line in (*service.interim, *service.alternatives):
            yield from _line_problems(at("service", service.id), line, missing)
        for id in service.treatments:
            if id in taken:
                yield f"{at('service', service.id)}, treatments: '{id}' belongs to service '{taken[id]}' already"
            taken[id] = service.id
    for checklist in content.checklists.values():
        yield from missing(at("checklist", checklist.id), "owner", checklist.owner, "role")
        for line in checklist.lines:
            yield from _line_problems(at("checklist", checklist.id), line, missing)
    orders: dict[int, str] = {}
    for row in content.signoff_rows.values():
        where = at("signoff_row", row.id)
        if row.order in orders:
            yield f"{where}, order: {row.order} is taken by '{orders[row.order]}'"
        orders[row.order] = row.id
        for reference in row.records:
            table, _, id = reference.partition(":")
            if table not in content.tables:
                yield f"{where}, records: no table '{table}'. {_nearest(table, content.tables)}"
            else:
                yield from missing(where, "records", [id], table)


def _line_problems(
    where: str, line: m.Line, missing: Callable[[str, str, Iterable[str], str], Iterator[str]]
) -> Iterator[str]:
    yield from missing(where, "treatment", [line.treatment] if line.treatment else [], "treatment")
    yield from missing(where, "need", [line.need] if line.need else [], "need")


def _fact_problems(fact: m.Fact, where: str, content: Content) -> Iterator[str]:
    reads: dict[str, tuple[str, str | None]] = {
        "measure": ("measure", fact.measure),
        "medicine": ("medicine_class", fact.medicine),
        "ingredient": ("medicine", fact.ingredient),
        "instrument": ("instrument", fact.instrument),
    }
    for field, (table, id) in reads.items():
        known = content.tables[table]
        if field == "measure" and fact.kind == "within":
            known = {**known, **content.instruments}  # whether it was filled in at all
        if id is not None and id not in known:
            yield f"{where}, {field}: no {table} '{id}'. {_nearest(id, known)}"
    for id in fact.or_measures:
        if fact.kind != "within" or id not in {**content.measures, **content.instruments}:
            yield f"{where}, or_measures: for kind 'within' only, and no measure '{id}'"
    if fact.no_when and (fact.kind != "within" or not isinstance(content.schema.get(fact.no_when), YesNo)):
        yield f"{where}, no_when: for kind 'within' only, the id of a yes/no answer"
    needed = {
        "definition": "when",
        "code": "function",
        "score": "instrument",
        "latest": "measure",
        "dose": "ingredient",
    }
    if fact.kind in needed and getattr(fact, needed[fact.kind]) is None:
        yield f"{where}: a fact of kind '{fact.kind}' needs '{needed[fact.kind]}'"
    if fact.type == "number" and (fact.lo is None or fact.hi is None):
        yield f"{where}: a number needs lo and hi"
    if fact.item and fact.instrument and fact.instrument in content.instruments:
        items = [item.id for item in content.instruments[fact.instrument].items]
        if fact.item not in items:
            yield f"{where}, item: {fact.instrument} has no item '{fact.item}'. {_nearest(fact.item, items)}"


def _instrument_problems(instrument: m.Instrument, where: str, content: Content) -> Iterator[str]:
    items = [item.id for item in instrument.items]
    for item in instrument.items:
        for other in item.implies:
            if other not in items:
                yield f"{where}, {item.id}, implies: no item '{other}'. {_nearest(other, items)}"
    used = {id for f in content.facts.values() for id in (f.instrument, *f.inputs, *f.ask)}
    if instrument.asked and instrument.id not in used:
        yield f"{where}: no fact reads it, so it is not asked for (asked = false)"
    bands = {b.id for b in instrument.bands}
    for n, example in enumerate(instrument.examples, 1):
        for name in (*example.items, *example.band):
            if name not in items and name not in bands:
                yield f"{where}, example {n}: no item or band '{name}'. {_nearest(name, {*items, *bands})}"
    if instrument.locked and (items or not instrument.locked_because):
        yield f"{where}: a locked instrument has no items and says why (locked_because)"
    if instrument.valid_when and not instrument.not_valid:
        yield f"{where}: an instrument with valid_when says in not_valid where it is not valid"
    waiting, seen = [instrument.valid_when] if instrument.valid_when else [], set[str]()
    while waiting:
        try:
            names = facts_of(content.node(waiting.pop())) - seen
        except ConditionError:
            continue  # told with the other rules
        seen |= names
        waiting += [when for name in names if name in content.facts and (when := content.facts[name].when)]
    for score in sorted(seen & content.facts.keys()):
        read = content.instruments.get(content.facts[score].instrument or "")
        if read and read.valid_when:
            yield f"{where}, valid_when: rests on '{score}', a score that itself is not valid in everyone"


def cites_of(value: Any) -> Iterator[m.Cite]:
    if isinstance(value, m.Cite):
        yield value
    elif isinstance(value, m.Record):
        for name in type(value).model_fields:
            yield from cites_of(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from cites_of(item)
