"""Verdicts: whether a condition holds for a person, by which facts, what would settle it, and what that rests on.

`judge` is the one evaluation with reasons. Where only the truth is wanted, `Content.test` gives it alone. What has no
person (the worked cases of a rule) is read by the functions over plain values below.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..content import models as m
from ..content.library import Content, once_per_content
from ..language import Explanation, facts_in_order
from .given import Values, known
from .named import Facts
from .words import reasons

H = TypeVar("H", bound=Hashable)
Reason = Mapping[str, Any]
"""A fact as a reason: its name (``fact``), what it says, and the profile paths that it comes from (``origin``)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a condition says of one person: ``value`` True, False or None (cannot be told).

    ``because`` are the facts that decide it; ``asks`` the askable inputs that could settle it, and ``settle`` the
    smallest sets of facts that would (both empty when it is decided); ``assumes`` the lists and answers that it rests on
    and nobody confirmed.
    """

    value: bool | None
    because: tuple[Reason, ...] = ()
    asks: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    settle: tuple[tuple[str, ...], ...] = ()


def judge(text: str, facts: Facts, content: Content) -> Verdict:
    """The verdict of a condition on one person, with its reasons. Raises ConditionError for a text that is none."""
    explain = content.explainer(text)
    found: Verdict | None = facts.judged.get(explain)
    if found is None:
        explanation = explain(facts.values)
        found = facts.judged[explain] = Verdict(
            explanation.verdict,
            reasons(content, facts, explanation.because),
            _asks(content, explanation, facts) if explanation.verdict is None else (),
            _assumes(facts, explanation.because),
            explanation.settle,
        )
    return found


def _assumes(facts: Facts, names: Iterable[str]) -> tuple[str, ...]:
    """What the named facts assume, in order."""
    if not facts.assumes:
        return ()
    return tuple(sorted({a for name in names for a in facts.assumes.get(name, ())}))


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
    asked = any(known(content, sign, values) for sign in signs_of(content, emergency))
    return ("possible" if asked or is_suspected(content, emergency, values) else "not_asked"), None


def signs_of(content: Content, emergency: m.Emergency) -> tuple[str, ...]:
    """The signs of an emergency. What only makes a sign weightier that is a trigger by itself is none: that immunity is
    weak, or is not, tells nothing while nobody has asked about the headache."""
    known_of = _signs_of(content)
    if emergency.id not in known_of:
        triggers = [
            [f for f in facts_in_order(content.node(t.when)) if is_sign(content, f)] for t in emergency.triggers
        ]
        alone = {signs[0] for signs in triggers if len(signs) == 1}
        known_of[emergency.id] = unique(f for signs in triggers for f in signs if f in alone or alone.isdisjoint(signs))
    return known_of[emergency.id]


@once_per_content
def _signs_of(_: Content) -> dict[str, tuple[str, ...]]:
    """The signs of each emergency that was asked about before."""
    return {}


def is_suspected(content: Content, emergency: m.Emergency, values: Values) -> bool:
    """Whether what is known of the person makes an emergency one to ask about first."""
    return emergency.suspected_when is not None and content.test(emergency.suspected_when)(values) is True


def is_sign(content: Content, fact: str) -> bool:
    """Whether a fact is a sign that someone asked about, and not the context (age, a medicine) it stands in."""
    if fact in content.answers:
        return content.answers[fact].group == "urgent"
    declared = content.facts.get(fact)
    if declared is None:
        return False
    if declared.kind == "definition" and declared.when is not None:
        # A score on record stands in for its question; that none is on record is no answer.
        inner = facts_in_order(content.node(declared.when))
        on_record = [name for name in inner if name in content.facts and content.facts[name].kind == "on_record"]
        return len(on_record) < len(inner) and all(is_sign(content, name) for name in inner if name not in on_record)
    return declared.kind in ("latest", "score", "code", "within")


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
    wanted = _wanted(content.explainer(text)(values))
    return unique(ask for fact in wanted for ask in askable(content, fact, values, seen) if ask not in content.silent)


def _asks(content: Content, explanation: Explanation, facts: Facts) -> tuple[str, ...]:
    """The same of one person, whose facts stand in many conditions: what to ask for each is found once."""
    asked = facts.asked
    for fact in (wanted := _wanted(explanation)):
        if fact not in asked:
            asked[fact] = tuple(a for a in askable(content, fact, facts.values) if a not in content.silent)
    return unique([ask for fact in wanted for ask in asked[fact]])


def _wanted(explanation: Explanation) -> tuple[str, ...]:
    """The facts of the smallest set that could settle it."""
    if explanation.verdict is not None:
        return ()
    return explanation.settle[0] if explanation.settle else explanation.matters


def unique(items: Iterable[H]) -> tuple[H, ...]:
    """The items in order, each once."""
    return tuple(dict.fromkeys(items))
