"""Suicide risk in a person on an opioid: a cut is paused, what is taken goes on, and the page at home speaks of means."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.pages.handout import handout_text
from pathways.review.case import Case

MORPHINE = {"name": "morphine ER", "ingredients": ["morphine"], "state": "current", "purpose": "pain", "route": "oral"}
TRAMADOL = {"name": "tramadol", "ingredients": ["tramadol"], "state": "proposed", "purpose": "pain", "route": "oral"}
AT_RISK: dict[str, Any] = {"suicide_concern": True}


def _case(*medicines: dict[str, Any], **answers: Any) -> Case:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 49, "main_pain": "back_axial", "pain_months": 100, "oud_status": "none"} | answers,
        "medicines": list(medicines),
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    return review(Profile.from_dict(given))


def _red(case: Case) -> str:
    return " ".join(next(e for e in case.findings.emergencies if e.record.id == "suicide_risk").actions)


@pytest.mark.parametrize("risk", [AT_RISK, {"suicide_plan_or_intent": True}])
def test_a_cut_of_the_opioid_is_paused_and_what_is_taken_goes_on(risk: dict[str, Any]) -> None:
    case = _case(MORPHINE, opioid_helps="yes", wants_taper=False, **risk)
    assert "Pause any cut of the opioid" in _red(case)
    keep = case.option("opioid_continue")
    assert keep.verb in ("Keep", "Keep with", "Check")
    assert not [c for c in keep.closed_by if c.id == "suicide_risk"]
    assert case.option("opioid_taper").verb == "Do not start"


def test_going_on_with_the_opioid_is_no_start_that_waits_for_the_emergency() -> None:
    case = _case(MORPHINE, opioid_helps="yes", opioid_months=60, alcohol_daily=True, suicide_plan_or_intent=True)
    assert case.demands.held_by is not None
    assert case.option("opioid_continue").verb == "Keep with"
    assert any("opioid_continue" in plan.ids for plan in case.shown.plans)


def test_no_new_supply_of_an_opioid_is_begun() -> None:
    case = _case(TRAMADOL, **AT_RISK)
    assert case.medicines[0].verdict == "not_this"
    assert "No abrupt taper" in _red(case)
    assert "Pause any cut" not in _red(case)


def test_the_page_at_home_speaks_of_guns_and_of_the_cut_only_at_risk() -> None:
    for risk, told in ((AT_RISK, True), ({"suicide_concern": False}, False)):
        case = _case(MORPHINE, **risk)
        text = " ".join(handout_text(case).split())
        assert ("If there is a gun, lock it up" in text) is told
        assert ("We do not cut your opioid now" in text) is told
    without = handout(_case(**AT_RISK))
    assert "no_cut_now" not in [one.id for one in without.safety]
