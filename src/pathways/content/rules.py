"""Every condition that the records of a content hold, each with the worked cases that speak about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

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


def rules_in(content: Content) -> Iterator[Rule]:
    """Every condition in the content, with the cases that speak about it."""
    for rec in content.recommendations.values():
        own = tuple(c for c in rec.cases if c.rule is None)
        yield Rule("recommendation", rec.id, "when", rec.when, own)
        if rec.done:
            yield Rule("recommendation", rec.id, "done", rec.done, own)
        if rec.held_while:
            held = tuple(c for c in rec.cases if c.rule == "held_while")
            yield Rule("recommendation", rec.id, "held_while", rec.held_while, held)
        if rec.orders:
            for name, text in (("orders.when", rec.orders.when), ("orders.done", rec.orders.done)):
                if text:
                    yield Rule("recommendation", rec.id, name, text, rec.orders.cases)
        yield from _demand_rules("recommendation", rec)
    for emergency in content.emergencies.values():
        for n, trigger in enumerate(emergency.triggers, 1):
            name = f"trigger_{n}"
            cases = tuple(c for c in emergency.cases if c.rule in (None, name))
            yield Rule("emergency", emergency.id, name, trigger.when, cases)
        if emergency.suspected_when:
            cases = tuple(c for c in emergency.cases if c.rule == "suspected")
            yield Rule("emergency", emergency.id, "suspected", emergency.suspected_when, cases)
        for n, act in enumerate(emergency.actions, 1):
            for word, text in (("when", act.when), ("unless", act.unless)):
                if text:
                    name = f"action_{n}.{word}"
                    cases = tuple(c for c in emergency.cases if c.rule == name)
                    yield Rule("emergency", emergency.id, name, text, cases)
        yield from _demand_rules("emergency", emergency)
    for t in content.treatments.values():
        for n, indication in enumerate(t.indications, 1):
            cases = tuple(c for c in t.cases if c.rule == "fit")
            yield Rule("treatment", t.id, f"indication_{n}", indication.when, cases)
        for closer in (*t.contraindications, *t.precautions):
            cases = tuple(c for c in t.cases if c.rule == closer.id)
            yield Rule("treatment", t.id, closer.id, closer.when, cases)
        if t.in_place:
            yield Rule(
                "treatment",
                t.id,
                "in_place",
                t.in_place,
                tuple(c for c in t.cases if c.rule == "in_place"),
            )
        if t.in_every_plan_when:
            cases = tuple(c for c in t.cases if c.rule == "in_every_plan")
            yield Rule("treatment", t.id, "in_every_plan", t.in_every_plan_when, cases)
        if t.way_when:
            yield Rule("treatment", t.id, "way", t.way_when, tuple(c for c in t.cases if c.rule == "way"))
        for n, addresses in enumerate(t.addresses, 1):
            if addresses.when:
                name = f"{addresses.need}.{addresses.part}"
                cases = tuple(c for c in t.cases if c.rule == name)
                yield Rule("treatment", t.id, f"addresses_{n}", addresses.when, cases)
    for need in content.needs.values():
        yield Rule("need", need.id, "raised", need.raised_when, tuple(c for c in need.cases if c.rule is None))
        for part in need.parts:
            for name, text in ((f"part.{part.id}", part.when), (f"met.{part.id}", part.met_when)):
                if text:
                    yield Rule("need", need.id, name, text, tuple(c for c in need.cases if c.rule == name))
    for table in WITH_WHEN:
        for record in content.tables[table].values():
            if record.when:
                yield Rule(table, record.id, "when", record.when, record.cases)
    for decision in content.decisions.values():
        yield Rule("decision", decision.id, "raised", decision.raised_when, decision.cases)
    for pathway in content.pathways.values():
        cases = tuple(c for c in pathway.cases if c.rule in (None, "entry"))
        yield Rule("pathway", pathway.id, "entry", pathway.entry, cases)
        for step in pathway.steps:
            for name, text in ((f"{step.id}.when", step.when), (f"{step.id}.done", step.done)):
                if text:
                    cases = tuple(c for c in pathway.cases if c.rule == name)
                    yield Rule("pathway", pathway.id, name, text, cases)
    for test in content.urine_tests.values():
        if test.told_when:
            yield Rule("urine_test", test.id, "told", test.told_when, test.cases)
    for answer in content.answers.values():
        if answer.relevant_when:
            yield Rule("answer", answer.id, "relevant", answer.relevant_when, answer.cases)
        if answer.settled_when:
            yield Rule("answer", answer.id, "settled", answer.settled_when, answer.cases)
        for option, text in answer.rules_out.items():
            name = f"rules_out.{option}"
            yield Rule("answer", answer.id, name, text, tuple(c for c in answer.cases if c.rule == name))
    for group in content.condition_groups.values():
        if group.settled_when:
            yield Rule("condition_group", group.id, "settled", group.settled_when, ())
    for medicine_class in content.medicine_classes.values():
        if medicine_class.settled_when:
            yield Rule("medicine_class", medicine_class.id, "settled", medicine_class.settled_when, ())
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
            yield Rule(table, record.id, name, demand.when, tuple(c for c in record.cases if c.rule == name))
