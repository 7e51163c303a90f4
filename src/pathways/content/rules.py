"""Every condition that the records of a content hold, each with the worked cases that speak about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from . import models as m

if TYPE_CHECKING:
    from .library import Content

WITH_WHEN = (
    "interaction",
    "disagreement",
    "contradiction",
    "monitor",
    "urine_step",
    "taper_rule",
    "relapse_prompt",
    "education",
    "myth",
    "assessment",
    "medicine_caution",
    "dose_limit",
)
"""The tables of records whose one condition is called ``when``."""


class Rule(NamedTuple):
    """One condition of one record, with the name that its cases use."""

    table: str
    id: str
    name: str
    text: str
    cases: tuple[m.Case, ...]


def cases_of(record: m.Named) -> tuple[m.Case, ...]:
    """The worked cases of a record, with those of its reading over orders."""
    orders = getattr(record, "orders", None)
    return (*getattr(record, "cases", ()), *(orders.cases if orders else ()))


def _about(record: Any, *names: str | None) -> tuple[m.Case, ...]:
    """The cases of a record that speak about one of its rules; None are those that name none."""
    return tuple(case for case in record.cases if case.rule in names)


def rules_in(content: Content) -> Iterator[Rule]:
    """Every condition in the content, with the cases that speak about it."""
    for rec in content.recommendations.values():
        yield Rule("recommendation", rec.id, "when", rec.when, _about(rec, None))
        if rec.done:
            yield Rule("recommendation", rec.id, "done", rec.done, _about(rec, None))
        if rec.held_while:
            yield Rule("recommendation", rec.id, "held_while", rec.held_while, _about(rec, "held_while"))
        if rec.orders:
            for name, text in (("orders.when", rec.orders.when), ("orders.done", rec.orders.done)):
                if text:
                    yield Rule("recommendation", rec.id, name, text, rec.orders.cases)
        yield from _demand_rules("recommendation", rec)
    for emergency in content.emergencies.values():
        for n, trigger in enumerate(emergency.triggers, 1):
            name = f"trigger_{n}"
            yield Rule("emergency", emergency.id, name, trigger.when, _about(emergency, None, name))
        if emergency.suspected_when:
            cases = _about(emergency, "suspected")
            yield Rule("emergency", emergency.id, "suspected", emergency.suspected_when, cases)
        for n, act in enumerate(emergency.actions, 1):
            for word, text in (("when", act.when), ("unless", act.unless)):
                if text:
                    name = f"action_{n}.{word}"
                    yield Rule("emergency", emergency.id, name, text, _about(emergency, name))
        yield from _demand_rules("emergency", emergency)
    for t in content.treatments.values():
        for n, indication in enumerate(t.indications, 1):
            yield Rule("treatment", t.id, f"indication_{n}", indication.when, _about(t, "fit"))
        for closer in (*t.contraindications, *t.precautions):
            yield Rule("treatment", t.id, closer.id, closer.when, _about(t, closer.id))
        for name, text in (("in_place", t.in_place), ("in_every_plan", t.in_every_plan_when), ("way", t.way_when)):
            if text:
                yield Rule("treatment", t.id, name, text, _about(t, name))
        for n, addresses in enumerate(t.addresses, 1):
            if addresses.when:
                cases = _about(t, f"{addresses.need}.{addresses.part}")
                yield Rule("treatment", t.id, f"addresses_{n}", addresses.when, cases)
    for need in content.needs.values():
        yield Rule("need", need.id, "raised", need.raised_when, _about(need, None))
        for part in need.parts:
            named = (("part", part.when), ("met", part.met_when), ("short", part.short_when))
            for name, text in ((f"{kind}.{part.id}", text) for kind, text in named):
                if text:
                    yield Rule("need", need.id, name, text, _about(need, name))
    for table in WITH_WHEN:
        for record in content.tables[table].values():
            if record.when:
                yield Rule(table, record.id, "when", record.when, record.cases)
    for decision in content.decisions.values():
        yield Rule("decision", decision.id, "raised", decision.raised_when, decision.cases)
    for pathway in content.pathways.values():
        yield Rule("pathway", pathway.id, "entry", pathway.entry, _about(pathway, None, "entry"))
        for step in pathway.steps:
            for name, text in ((f"{step.id}.when", step.when), (f"{step.id}.done", step.done)):
                if text:
                    yield Rule("pathway", pathway.id, name, text, _about(pathway, name))
    for test in content.urine_tests.values():
        if test.told_when:
            yield Rule("urine_test", test.id, "told", test.told_when, test.cases)
    for answer in content.answers.values():
        if answer.relevant_when:
            yield Rule("answer", answer.id, "relevant", answer.relevant_when, answer.cases)
        if answer.settled_when:
            yield Rule("answer", answer.id, "settled", answer.settled_when, answer.cases)
        if answer.later_when:
            yield Rule("answer", answer.id, "later", answer.later_when, answer.cases)
        for option, text in answer.rules_out.items():
            name = f"rules_out.{option}"
            yield Rule("answer", answer.id, name, text, _about(answer, name))
    for group in content.condition_groups.values():
        if group.settled_when:
            yield Rule("condition_group", group.id, "settled", group.settled_when, ())
        if group.later_when:
            yield Rule("condition_group", group.id, "later", group.later_when, ())
    for medicine_class in content.medicine_classes.values():
        if medicine_class.settled_when:
            yield Rule("medicine_class", medicine_class.id, "settled", medicine_class.settled_when, ())
        if medicine_class.later_when:
            yield Rule("medicine_class", medicine_class.id, "later", medicine_class.later_when, ())
    for instrument in content.instruments.values():
        if instrument.valid_when:
            yield Rule("instrument", instrument.id, "valid", instrument.valid_when, ())
    for fact in content.facts.values():
        if fact.when:
            yield Rule("fact", fact.id, "definition", fact.when, fact.cases)


def _demand_rules(table: str, record: m.Recommendation | m.Emergency) -> Iterator[Rule]:
    """The conditions that narrow a demand of an emergency or a recommendation."""
    for n, demand in enumerate(record.demands, 1):
        if demand.when:
            name = f"demand_{n}"
            yield Rule(table, record.id, name, demand.when, _about(record, name))
