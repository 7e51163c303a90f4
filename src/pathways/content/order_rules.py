"""The reading of a guideline over orders, as a small `Content` of its own: the same language, cases, mutants and
explanations as the rules of the core, over facts that only a request with orders can give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..language import ConditionError
from . import models as m
from .library import TABLES, Content


def order_content(content: Content) -> Content:
    """The order facts as the schema, and the recommendations with the ``when`` and ``done`` of their readings."""
    if "order_content" not in content.memo:
        content.memo["order_content"] = _made(content)
    made: Content = content.memo["order_content"]
    return made


def _made(content: Content) -> Content:
    tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    files: dict[tuple[str, str], str] = {}
    for fact in content.order_facts.values():
        about: dict[str, Any] = {"id": fact.id, "label": fact.label, "unit": fact.unit, "lo": fact.lo, "hi": fact.hi}
        about["decimals"] = fact.decimals
        if fact.when is None:
            tables["answer"][fact.id] = m.Answer(group="care", type=fact.type, **about)
        else:
            about |= {"kind": "definition", "when": fact.when, "cases": fact.cases}
            tables["fact"][fact.id] = m.Fact(type=fact.type, **about)
        table = "answer" if fact.when is None else "fact"
        files[table, fact.id] = content.files["order_fact", fact.id]
    for base in content.order_bases.values():
        given = {name: list(v) if isinstance(v, tuple) else v for name, v in base.given.items()}
        tables["base"][base.id] = m.Base(id=base.id, given=given)
        files["base", base.id] = content.files["order_base", base.id]
    for reading in content.order_readings.values():
        record = content.recommendations[reading.id]
        changed = {"when": reading.when, "done": reading.done, "cases": reading.cases}
        tables["recommendation"][reading.id] = record.model_copy(update=changed)
        files["recommendation", reading.id] = content.files["order_reading", reading.id]
    return Content(tables, files, content.hash)


def code_problems(content: Content) -> Iterator[str]:
    """What is wrong with the code tables and the readings: ids that nothing has, patterns that are none."""
    for codes in content.code_sets.values():
        where = f"{content.files['code_set', codes.id]}, {codes.id}"
        tables: dict[str, dict[str, Any]] = {
            "condition": {**content.conditions, **content.condition_groups},
            "event": {id: x for id, x in content.measures.items() if x.type == "event"},
            "number": {id: x for id, x in content.measures.items() if x.type == "number"},
            "instrument": dict(content.instruments),
        }
        known = tables.get(codes.means, {codes.gives: None})
        if codes.means == "item":
            instrument, _, _item = codes.gives.partition(".")
            found = content.instruments.get(instrument)
            known = {f"{instrument}.{i.id}": i for i in found.items} if found else {}
        if codes.gives not in known:
            yield f"{where}, gives: no {codes.means} '{codes.gives}'"
        for ingredient in (*codes.expects, *codes.explains):
            if ingredient not in content.medicines:
                yield f"{where}: no medicine '{ingredient}'"
        for pattern in (*codes.words, *codes.words_not):
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"{where}: '{pattern}' is no pattern: {error}"
    for listed in content.tables["listed_in_full"].values():
        for cls in listed.classes:
            if cls not in content.medicine_classes:
                yield f"{content.files['listed_in_full', listed.id]}, {listed.id}: no medicine class '{cls}'"
    for reading in content.order_readings.values():
        if reading.id not in content.recommendations:
            yield f"{content.files['order_reading', reading.id]}, {reading.id}: no recommendation '{reading.id}'"


def order_problems(orders: Content) -> Iterator[str]:
    """Mistakes in the readings over orders: facts that do not exist, in conditions, cases and bases."""
    for rule in orders.rules():
        try:
            orders.node(rule.text)
        except ConditionError as error:
            yield f"{orders.files[rule.table, rule.id]}, {rule.id}, {rule.name}: {error}"
        for case in rule.cases:
            base = orders.bases.get(case.base or "")
            for name in (*case.given, *(base.given if base else ())):
                if name not in orders.schema:
                    yield f"{orders.files[rule.table, rule.id]}, {rule.id}, cases: no order fact '{name}'"
            if case.base and case.base not in orders.bases:
                yield f"{orders.files[rule.table, rule.id]}, {rule.id}, cases: no order base '{case.base}'"
