"""A refusal is heard on every page, and what helps is not wound down against the person's wish."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.pages.page import first_page
from pathways.review.actions import REST, actions_of
from pathways.review.case import Case

AGONISTS = {"buprenorphine", "methadone_otp"}
OUD: dict[str, Any] = {"oud_status": "active", "nonprescribed_opioid_use": True, "otp_reachable": True}
HELPS: dict[str, Any] = {"oud_status": "none", "opioid_months": 60, "opioid_helps": "yes", "opioid_dose_rising": False}
OXYCODONE = {
    "name": "oxycodone",
    "ingredients": ["oxycodone"],
    "state": "current",
    "purpose": "pain",
    "route": "oral",
    "dose": {"oxycodone": 10},
    "per_day_min": 4,
    "per_day_max": 4,
}  # fmt: skip — one medicine, said in a few lines
LORAZEPAM = {"name": "lorazepam", "ingredients": ["lorazepam"], "state": "current", "route": "oral"}
METHOTREXATE = {"name": "methotrexate", "ingredients": ["methotrexate"], "state": "current", "route": "oral"}


def _case(
    *medicines: dict[str, Any], refuses: tuple[str, ...] = (), conditions: tuple[str, ...] = (), **more: Any
) -> Case:
    answers = {"age_years": 44, "sex": "male", "main_pain": "back_axial", "pain_months": 40, "acute_injury": False}
    given = {
        "as_of": "2026-11-16",
        "answers": answers | more,
        "conditions": [{"id": id} for id in conditions],
        "medicines": list(medicines),
        "wishes": [{"treatment": id, "says": "refuses"} for id in refuses],
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    return review(Profile.from_dict(given))


@pytest.mark.parametrize(
    ("refuses", "more"),
    [
        (("buprenorphine", "methadone_otp"), {}),
        ((), {"moud_refused": True}),
        (("buprenorphine", "methadone_otp"), {"moud_refused": True}),
    ],
)
def test_a_plan_honors_that_medication_is_declined_for_now(refuses: tuple[str, ...], more: dict[str, Any]) -> None:
    case = _case(refuses=refuses, **OUD, **more)
    without = [plan for plan in case.shown.plans if not plan.ids & AGONISTS]
    assert without
    assert all("naloxone_kit" in plan.ids for plan in without)
    assert any(plan.ids & AGONISTS for plan in case.shown.plans), "the offer stays open"
    fork = next(fork for fork in case.shown.forks if set(fork.alternatives[-1].items) & AGONISTS)
    assert fork.alternatives[0].items == ()
    page = first_page(case)
    assert "declined for now" in " ".join(c.title.text for c in page.decide) + (
        page.decide_more.text if page.decide_more else ""
    )
    assert any("That is your choice" in one.text for one in handout(case).planned)


@pytest.mark.parametrize(
    ("refuses", "more"), [((), {}), ((), {"moud_refused": False}), (("buprenorphine",), {}), (("methadone_otp",), {})]
)
def test_where_one_way_is_open_none_is_left_out(refuses: tuple[str, ...], more: dict[str, Any]) -> None:
    case = _case(refuses=refuses, **OUD, **more)
    assert all(plan.ids & AGONISTS for plan in case.frontier.plans)
    assert not any("That is your choice" in one.text for one in handout(case).planned)


def _ways(case: Case) -> set[str]:
    return {id for fork in case.frontier.plans for id in fork.decisions.values()}


def test_what_helps_is_not_wound_down_against_the_wish() -> None:
    assert "opioid_taper" not in _ways(_case(OXYCODONE, **HELPS, wants_taper=False))
    others: tuple[dict[str, Any], ...] = ({"wants_taper": True}, {}, {"wants_taper": False, "opioid_helps": "unsure"})
    for other in others:
        assert "opioid_taper" in _ways(_case(OXYCODONE, **{**HELPS, **other})), other
    assert "opioid_taper" in _ways(_case(OXYCODONE, LORAZEPAM, **HELPS, wants_taper=False)), "a danger beside it"


def test_control_of_arthritis_that_is_in_use_goes_on() -> None:
    joints: dict[str, Any] = {"main_pain": "inflammatory_arthritis", "oud_status": "none"}
    kept = _case(METHOTREXATE, conditions=("rheumatoid_arthritis",), **joints).option("disease_control_rheumatology")
    assert kept.in_place == "yes"
    new = _case(conditions=("rheumatoid_arthritis",), **joints).option("disease_control_rheumatology")
    assert new.verb == "Offer"


def test_while_the_next_dose_is_held_nobody_decides_how_the_opioid_goes_on() -> None:
    drowsy = _case(OXYCODONE, **{**HELPS, "opioid_helps": "unsure"}, drowsy_or_confused=True)
    assert [w.how for w in drowsy.medicines] == ["hold"]
    assert not _ways(drowsy)
    assert "buprenorphine instead" not in " ".join(
        p.text.text for a in actions_of(drowsy) for p in a.parts if a.rank < REST
    )
    awake = _case(OXYCODONE, **{**HELPS, "opioid_helps": "unsure"}, drowsy_or_confused=False)
    assert "opioid_taper" in _ways(awake)
