"""A text that gives one of several states as the reason gives them all: else it is false of whoever has another one.

A caution on the kidney *or* the liver whose text speaks of the liver tells a person with kidney disease of a liver that is
well. A text may name the effect alone ("slow breathing is more likely"); it may not pick one state out of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pathways.content import Content, load_content
from pathways.language import And, Node, Not, Or, facts_of, parse
from pathways.profile import Profile
from pathways.review.case import review

# A state of the person: the facts that tell of it, and the words by which a text names it.
STATES = {
    "kidney": (r"egfr|kidney|ckd|dialysis", r"kidney|eGFR|CrCl|clearance|renal"),
    "liver": (r"liver|cirrhosis|hepatitis|child_pugh|alt_times", r"liver|cirrhosis|hepatitis|Child-Pugh"),
    "alcohol": (r"alcohol(?!_or_sedative)", r"alcohol|drink"),
    "substance use": (r"oud_ever|has_oud|substance_use", r"substance|OUD|opioid use"),
    "lung": (r"copd|asthma", r"lung|asthma|COPD"),
    "apnea": (r"sleep_apnea|stop_bang", r"apnea|STOP-Bang"),
    "pregnancy": (r"pregnan", r"pregnan"),
    "injury": (r"injury_pain", r"injury"),
    "infection": (r"fever|bacteraemia", r"infection|fever"),
    "withdrawal": (r"withdrawal", r"withdrawal"),
}


def _choices(node: Node) -> Iterator[Or]:
    if isinstance(node, Or):
        yield node
    if isinstance(node, And | Or):
        for item in node.items:
            yield from _choices(item)


def states_of(node: Node) -> set[str]:
    if isinstance(node, Not):
        return set()
    facts = list(facts_of(node))
    return {state for state, (meant, _) in STATES.items() if any(re.search(meant, fact) for fact in facts)}


def named_in(text: str) -> set[str]:
    return {state for state, (_, words) in STATES.items() if re.search(words, text, re.IGNORECASE)}


def left_out(when: Node, text: str) -> set[str]:
    """States of an OR that the text does not name although it names another one of them."""
    missing: set[str] = set()
    for choice in _choices(when):
        one_each = [states_of(item) for item in choice.items]
        states = set().union(*one_each)
        named = named_in(text) & states
        if named:
            missing |= {state for each in one_each if each and not each & named for state in each}
    return missing


def _reasons(content: Content) -> Iterator[tuple[str, str, str]]:
    for caution in content.medicine_cautions.values():
        yield caution.id, caution.when, caution.label
    for limit in content.dose_limits.values():
        if limit.when:
            yield limit.id, limit.when, limit.label
    for treatment in content.treatments.values():
        for condition in (*treatment.precautions, *treatment.contraindications):
            yield f"{treatment.id}.{condition.id}", condition.when, condition.label
    for pair in content.interactions.values():
        if pair.when:
            yield pair.id, pair.when, f"{pair.title} {pair.state}"


def test_no_text_names_one_state_of_several() -> None:
    content = load_content()
    schema = content.schema
    wrong = {
        name: sorted(missing)
        for name, when, text in _reasons(content)
        if (missing := left_out(parse(when, schema), text))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("when", "text", "missing"),
    [
        ("severe_liver_disease OR egfr_below_30", "Severe liver disease: to be avoided", {"kidney"}),
        ("severe_liver_disease OR egfr_below_30", "Severe kidney or liver disease", set()),
        ("severe_liver_disease OR egfr_below_30", "It builds up", set()),
        ("severe_liver_disease AND egfr_below_30", "Severe liver disease: to be avoided", set()),
        ("oud_ever OR alcohol_problem", "Substance use disorder", {"alcohol"}),
        ("age_years < 18 AND (has_copd OR acute_injury_pain)", "Under 18 with lung disease", {"injury"}),
    ],
)
def test_the_rule_sees_the_kind(when: str, text: str, missing: set[str]) -> None:
    assert left_out(parse(when, load_content().schema), text) == missing


PATCH = {
    "ingredients": ["fentanyl"],
    "route": "transdermal",
    "purpose": "pain",
    "dose": {"fentanyl": 25},
    "unit": "mcg/h",
}


def _why(medicine: dict[str, Any], **more: Any) -> str:
    person = {"as_of": date(2026, 11, 30), "answers": {"age_years": 50, "setting": "outpatient"}, **more}
    case = review(Profile.from_dict({**person, "medicines": [{"state": "current", **medicine}]}))
    return " ".join(ground.label for taken in case.medicines for ground in taken.grounds)


def test_a_fentanyl_patch_is_changed_for_the_organ_that_is_ill() -> None:
    low = [{"measure": "egfr", "value": 25, "date": "2026-11-30"}]
    well = [{"measure": "egfr", "value": 80, "date": "2026-11-30"}]
    kidney, liver = "Severe kidney disease: the fentanyl patch", "Severe liver disease: the fentanyl patch"
    failing = [{"id": "liver_failure_or_acute_hepatitis"}]
    no_liver = {"conditions": ["liver_disease", "cirrhosis"]}
    told = _why(PATCH, observations=low, asked_none=no_liver)
    assert kidney in told
    assert liver not in told
    told = _why(PATCH, observations=well, conditions=failing)
    assert liver in told
    assert kidney not in told
    told = _why(PATCH, observations=low, conditions=failing)
    assert kidney in told
    assert liver in told
    told = _why(PATCH, observations=well, asked_none=no_liver)
    assert kidney not in told
    assert liver not in told


def test_a_buprenorphine_patch_is_not_told_of_fentanyl() -> None:
    patch = {**PATCH, "ingredients": ["buprenorphine"], "dose": {"buprenorphine": 10}}
    assert "fentanyl" not in _why(patch, observations=[{"measure": "egfr", "value": 25, "date": "2026-11-30"}])
