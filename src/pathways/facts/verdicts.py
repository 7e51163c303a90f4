"""Work with a set of facts that is given directly: complete the definitions, tell outcomes, name what to ask.

The same few functions serve a person's facts, the cases that stand beside a rule, and the mutants of that rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from ..content import models as m
from ..content.library import Content
from ..language import Choice, Number, Range, Value, YesNo, facts_in_order

Values = Mapping[str, Value]
H = TypeVar("H", bound=Hashable)


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
        if known(content, score, values) and content.test(valid)(values) is False
    ]
    if outside:
        given = {**given, **{score: content.schema[score].unknown() for score in outside}}
        values = defined(content, given, content.definitions)
    return values


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


# ---- outcomes -----------------------------------------------------------------------------------------------


def finding_status(when: bool | None, done: bool | None) -> str:
    """The status of a recommendation from the verdicts of ``when`` and ``done`` (no ``done``: pass False)."""
    if when is None:
        return "needs_information"
    if not when:
        return "does_not_apply"
    return "met" if done else "applies"


def emergency_state(content: Content, emergency: m.Emergency, values: Values) -> tuple[str, m.Level | None]:
    """State of an emergency and, when present, the most urgent level among its true triggers."""
    verdicts = [content.test(trigger.when)(values) for trigger in emergency.triggers]
    levels = [t.level for t, verdict in zip(emergency.triggers, verdicts, strict=True) if verdict]
    if levels:
        return "present", min(levels, key=m.LEVELS.index)
    if all(verdict is False for verdict in verdicts):
        return "absent", None
    asked = any(
        known(content, fact, values)
        for trigger in emergency.triggers
        for fact in facts_in_order(content.node(trigger.when))
        if _is_sign(content, fact)
    )
    return ("possible" if asked else "not_asked"), None


def _is_sign(content: Content, fact: str) -> bool:
    """Whether a fact is a sign that someone asked about, and not the context (age, a medicine) it stands in."""
    if fact in content.answers:
        return content.answers[fact].group == "urgent"
    declared = content.facts.get(fact)
    if declared is None:
        return False
    if declared.kind == "definition" and declared.when is not None:
        return all(_is_sign(content, inner) for inner in facts_in_order(content.node(declared.when)))
    return declared.kind in ("latest", "score", "code", "within")


def known(content: Content, fact: str, values: Values) -> bool:
    """Whether anything at all is known about a fact."""
    value = values.get(fact)
    return value is not None and value != content.schema[fact].unknown()


def fit_of(content: Content, treatment: m.Treatment, values: Values) -> tuple[str, m.Indication | None]:
    """The best fit over a treatment's indications, and the indication that gave it."""
    best: m.Indication | None = None
    open_one: m.Indication | None = None
    for indication in treatment.indications:
        verdict = content.test(indication.when)(values)
        if verdict and (best is None or (best.fit == "consider" and indication.fit == "indicated")):
            best = indication
        elif verdict is None and open_one is None:
            open_one = indication
    if best is not None:
        return best.fit, best
    return ("needs_information", open_one) if open_one else ("not_indicated", None)


# ---- what to ask --------------------------------------------------------------------------------------------


def askable(content: Content, fact: str, values: Values, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The askable inputs behind an unknown fact: an answer, an instrument, or ``list.entry``. Never a derived fact."""
    for prefix, name in (("has_", "conditions"), ("takes_", "medicines"), ("proposed_", "medicines")):
        if fact.startswith(prefix) and fact not in content.facts and fact not in content.answers:
            return (f"{name}.{fact.removeprefix(prefix)}",)
    if fact in content.answers or fact in seen:
        return (fact,) if fact in content.answers else ()
    declared = content.facts[fact]
    # What is already known is not asked again: then whatever else would settle the fact is.
    if still_open := tuple(a for a in declared.ask if a not in content.schema or not known(content, a, values)):
        return still_open
    if declared.inputs:
        return declared.inputs
    if declared.kind == "definition" and declared.when is not None:
        return asks(content, declared.when, values, seen | {fact})
    if declared.instrument:
        return (declared.instrument,) if content.asks_for(declared.instrument) else ()
    if declared.measure:
        return (f"observations.{declared.measure}",)
    return (f"medicines.{declared.medicine or declared.ingredient}",)


def asks(content: Content, text: str, values: Values, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The askable inputs of the smallest set of facts that could settle an open condition; empty when decided."""
    explanation = content.explainer(text)(values)
    if explanation.verdict is not None:
        return ()
    facts = explanation.settle[0] if explanation.settle else explanation.matters
    return unique(ask for fact in facts for ask in askable(content, fact, values, seen) if ask not in content.silent)


def unique(items: Iterable[H]) -> tuple[H, ...]:
    """The items in order, each once."""
    return tuple(dict.fromkeys(items))
