"""What is in use is named as it is taken, what is said of it holds, and what is offered first is what a guideline names first."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.review.case import Case
from pathways.review.special import special

CODEINE_APAP = {"name": "Tylenol #3", "ingredients": ["acetaminophen", "codeine"]}
NIGHT = {"name": "Tylenol PM", "ingredients": ["acetaminophen", "diphenhydramine"]}
HYDROCODONE_APAP = {"name": "hydrocodone/APAP", "ingredients": ["acetaminophen", "hydrocodone"], "purpose": "pain"}
IBUPROFEN = {"name": "ibuprofen 400 mg prn", "ingredients": ["ibuprofen"], "dose": {"ibuprofen": 400}}
EGFR = {"measure": "egfr", "date": "2026-10-20", "value": 98}
PLAIN = {"name": "acetaminophen", "ingredients": ["acetaminophen"]}


def _case(
    *medicines: dict[str, Any],
    conditions: tuple[str, ...] = (),
    whole: bool = True,
    pain: str = "back_axial",
    observations: tuple[dict[str, Any], ...] = (),
    **answers: Any,
) -> Case:
    given: dict[str, Any] = {
        "as_of": "2026-11-16",
        "answers": {"main_pain": pain} | answers,
        "conditions": [{"id": id} for id in conditions],
        "observations": list(observations),
        "medicines": [{"state": "current", "route": "oral", **one} for one in medicines],
    }
    if whole:
        given["complete"] = {"medicines": "yes", "conditions": "yes", "observations": "yes"}
    return review(Profile.from_dict(given))


def test_a_part_of_a_product_that_is_held_for_its_other_part_does_not_change() -> None:
    mother = {"age_years": 31, "sex": "female", "breastfeeding": True, "breastfed_baby_unwell": True}
    option = _case(CODEINE_APAP, **mother).option("acetaminophen")
    assert option.in_place == "no"
    assert option.verb != "Change"


@pytest.mark.parametrize("other", [HYDROCODONE_APAP, PLAIN])
def test_one_product_that_goes_leaves_the_same_medicine_in_another(other: dict[str, Any]) -> None:
    option = _case(NIGHT, other, age_years=78).option("acetaminophen")
    assert option.in_place == "yes"
    assert option.verb != "Change"
    assert option.record.short == ("Acetaminophen" if other is PLAIN else "Acetaminophen (in hydrocodone/APAP)")


def test_what_speaks_against_the_part_itself_still_changes_it() -> None:
    case = _case(NIGHT, HYDROCODONE_APAP, age_years=50, jaundice=True)
    assert case.option("acetaminophen").verb == "Change"


def test_care_for_trauma_is_not_kept_where_there_is_no_trauma() -> None:
    treated: dict[str, Any] = {"age_years": 50, "mental_health_treatment": True}
    depressed = _case(conditions=("depression",), **treated)
    assert depressed.option("trauma_treatment").in_place == "unknown"
    assert depressed.option("trauma_treatment").verb == "Ask"
    assert depressed.option("depression_treatment").verb == "Keep"
    assert _case(conditions=("ptsd",), **treated).option("trauma_treatment").verb == "Keep"


@pytest.mark.parametrize(
    ("status", "whole", "said"),
    [
        ("remission", False, "in remission"),
        ("none", False, "no OUD found"),
        (None, False, "not known yet"),
        ("none", True, "no OUD found"),
    ],
)
def test_the_line_of_the_oud_side_says_what_is_known(status: str | None, whole: bool, said: str) -> None:
    case = _case(whole=whole, age_years=50, remission_months=60, **({"oud_status": status} if status else {}))
    line = next(part for part in case.frontier.single_sided.split("; ") if part.startswith("OUD side"))
    assert said in line
    assert said == "not known yet" or not line.startswith("OUD side: not known")


def test_the_question_about_a_daily_dose_asks_for_the_dose() -> None:
    case = _case(IBUPROFEN, observations=(EGFR,), age_years=40)
    line = next(one for one in special(case) if one.name.startswith("ibuprofen"))
    assert "Ask: how much of it a day" in line.text.text
    assert "Ask: ibuprofen" not in line.text.text


def test_of_several_that_would_do_the_one_named_first_is_offered() -> None:
    for answers, first in (
        ({}, "exercise"),
        ({"exercise_in_place": False}, "exercise"),
        ({"chest_pain_or_hypoxia": True}, None),
    ):
        case = _case(whole=False, age_years=47, **answers)
        called = [i.id for i in case.frontier.fixed if i.called and i.called.id == "back.physical_first"]
        assert called == [first] if first else "exercise" not in called


def test_missed_doses_are_told_as_too_much_now() -> None:
    methadone = {"name": "methadone 110 mg", "ingredients": ["methadone"], "purpose": "oud", "setting": "otp"}
    for days, told in ((4, True), (1, False)):
        page = handout(_case(methadone, age_years=46, oud_status="active", methadone_missed_days=days))
        text = " ".join(f"{one.title} {one.text}" for one in page.planned)
        assert ("old dose may be too much for you now" in text) is told


@pytest.mark.parametrize("medicine", ["rizatriptan", "naproxen"])
def test_the_page_does_not_claim_days_that_nobody_counted(medicine: str) -> None:
    page = handout(
        _case({"name": medicine, "ingredients": [medicine]}, pain="migraine", age_years=38, headache_overuse=True)
    )
    text = next(one.text for one in page.planned if medicine in one.title)
    assert text.startswith("Taken on many days, this")
    assert "can keep a headache going" in text
