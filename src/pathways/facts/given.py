"""Work with a set of facts that is given directly: read plain values, and complete the definitions.

The same few functions serve a person's facts, the cases that stand beside a rule, and the mutants of that rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..content import models as m
from ..content.library import Content
from ..language import Choice, Number, Range, Value, YesNo

Values = Mapping[str, Value]


def as_value(content: Content, name: str, given: Any) -> Value:
    """A plain TOML value as a fact value. Raises ValueError when it does not fit the fact's type."""
    kind = content.schema[name]
    value: Value
    if isinstance(kind, YesNo) and isinstance(given, bool):
        return given
    if isinstance(kind, Choice) and isinstance(given, (str, list)):
        value = frozenset([given] if isinstance(given, str) else given)
    elif isinstance(kind, Number) and isinstance(given, (int, float)) and not isinstance(given, bool):
        value = Range(given, given)
    elif isinstance(kind, Number) and isinstance(given, list) and len(given) == 2:
        value = Range(given[0], given[1])
    else:
        raise ValueError(f"{name}: {given!r} does not fit {kind}")
    if not kind.contains(value):
        raise ValueError(f"{name}: {given!r} is outside {kind}")
    return value


def complete(content: Content, given: Values) -> dict[str, Value]:
    """``given`` plus every definition that was not given, worked out from what is known.

    A score is taken away where its instrument is surely not valid, and with it whatever it would have decided.
    """
    values = defined(content, given, content.definitions)
    outside = [
        score
        for score, valid in content.limited_scores.items()
        if known(content, score, values) and _outside(content, score, values[score], content.test(valid)(values))
    ]
    if outside:
        given = {**given, **{score: content.unknown[score] for score in outside}}
        values = defined(content, given, content.definitions)
    return values


def _outside(content: Content, score: str, value: Value, valid: bool | None) -> bool:
    """Whether a score does not count: not valid here; of what is only looked up on record, a yes that may not be valid."""
    declared = content.facts.get(score)
    if declared is not None and declared.kind == "on_record":
        return value is True and valid is not True
    return valid is False


def defined(content: Content, given: Values, definitions: Iterable[str]) -> dict[str, Value]:
    """``given`` plus these definitions, each after those it uses, where they were not given."""
    values = dict(given)
    for id in definitions:
        if id not in values:
            when = content.facts[id].when
            assert when is not None
            values[id] = content.test(when)(values)
    return values


def case_values(content: Content, case: m.Case) -> dict[str, Value]:
    """The facts of a worked case: its base, then what it gives, then the definitions that follow.

    A definition in the base gives way to inputs of it that the case gives itself.
    """
    plain: dict[str, Any] = {**(content.bases[case.base].given if case.base else {}), **case.given}
    return complete(content, {name: as_value(content, name, value) for name, value in plain.items()})


def known(content: Content, fact: str, values: Values) -> bool:
    """Whether anything at all is known about a fact."""
    value = values.get(fact)
    return value is not None and value != content.unknown[fact]


def definitions_assume(content: Content, values: Mapping[str, Value], assumes: dict[str, frozenset[str]]) -> None:
    """Let each definition rest on the assumptions of the facts that decide it."""
    if not assumes:
        return  # explaining every definition costs time, and nothing was assumed
    for id in content.definitions:
        when = content.facts[id].when
        assert when is not None
        explanation = content.explainer(when)(values)
        resting = frozenset[str]().union(*(assumes.get(fact, frozenset()) for fact in explanation.because))
        if resting:
            assumes[id] = resting
