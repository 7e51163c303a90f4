"""Medication for OUD is kept where it protects and offered where it is missing, whoever asked what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.findings import Finding

AS_OF = date(2026, 11, 30)
BUPRENORPHINE = {"ingredients": ["buprenorphine"], "dose": {"buprenorphine": 16}, "route": "sublingual"}
METHADONE = {"ingredients": ["methadone"], "dose": {"methadone": 80}, "route": "oral", "source": "otp"}
XR = {"ingredients": ["buprenorphine"], "dose": {"buprenorphine": 300}, "route": "subcutaneous"}


def person(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    taken = [{"state": "current", "purpose": "oud", "per_day_min": 1, "per_day_max": 1, **entry} for entry in medicines]
    answers = {"age_years": 29, "setting": "outpatient", **answers}
    return review(Profile.from_dict({"as_of": AS_OF, "answers": answers, "medicines": taken, **more}))


# ---- less is asked for, in pregnancy ----


@pytest.mark.parametrize("medicine", [BUPRENORPHINE, METHADONE, XR])
@pytest.mark.parametrize("status", ["active", "remission"])
@pytest.mark.parametrize("weeks", [10, 31])
def test_no_step_down_in_pregnancy(medicine: dict[str, Any], status: str, weeks: int) -> None:
    asked = {"pregnant": True, "weeks_pregnant": weeks, "oud_status": status, "moud_request": "lower"}
    page = " ".join(str(first_page(person(asked, medicine))).split())
    assert "not lowered in pregnancy" in page
    assert "one small step" not in page


def test_a_step_down_stays_open_where_nobody_is_pregnant() -> None:
    asked = {"pregnant": False, "oud_status": "remission", "moud_request": "lower"}
    page = " ".join(str(first_page(person(asked, METHADONE))).split())
    assert "one small step, then look" in page
    assert "pregnancy, the dose" not in page


# ---- in remission at high risk, nobody asked about medication ----

OFFER = "Offer medication for OUD; relapse plan and naloxone in any case"


@pytest.mark.parametrize(
    "risk", [{"lost_tolerance": True, "remission_months": 14}, {"fear_of_relapse": True}, {"remission_months": 3}]
)
@pytest.mark.parametrize("pain", ["none", "back_axial"])
def test_medication_is_offered_before_anyone_has_asked_whether_it_is_taken(risk: dict[str, Any], pain: str) -> None:
    answers = {"oud_status": "remission", "main_pain": pain, **risk}
    case = person(answers)
    assert OFFER in " ".join(str(first_page(case)).split())
    assert (found(case).status, found(case).confirm) == ("applies", True)
    none = person(answers, asked_none={"medicines": ["moud"]})
    assert (found(none).status, found(none).confirm) == ("applies", False)


@pytest.mark.parametrize("medicine", [BUPRENORPHINE, METHADONE, XR])
def test_nobody_who_takes_it_is_offered_it_again(medicine: dict[str, Any]) -> None:
    answers = {"oud_status": "remission", "remission_months": 3, "fear_of_relapse": True}
    case = person(answers, medicine)
    assert found(case).status == "met"
    assert OFFER not in " ".join(str(first_page(case)).split())


def test_a_long_calm_remission_is_not_told_to_start() -> None:
    calm = {"oud_status": "remission", "remission_months": 40, "lost_tolerance": False, "fear_of_relapse": False}
    assert found(person(calm)).status == "does_not_apply"


def found(case: Case) -> Finding:
    return next(f for f in case.findings.recommendations if f.record.id == "tip63.remission_at_risk")
