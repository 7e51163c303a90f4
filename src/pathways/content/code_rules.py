"""References of the tables of codes, and of what orders tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .library import Content


def code_problems(content: Content) -> Iterator[str]:
    """What is wrong with the tables of codes and what orders tell: ids that nothing has, patterns that are none."""
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
    for id in content.order_inputs:
        if id not in content.schema:
            yield f"{content.files['order_input', id]}, {id}: no fact '{id}'"
    for fact in content.facts.values():
        if fact.kind == "order" and fact.id not in content.order_inputs:
            yield f"{content.files['fact', fact.id]}, {fact.id}: a fact of kind 'order' needs an order_input"
