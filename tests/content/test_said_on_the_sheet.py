"""What a person told us, or what their state asks for, is said on the sheet: in the plan, with the medicine, at the start."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.pages import sheet_markdown
from pathways.profile import Profile
from pathways.review.case import Case, review

DAY = "2026-11-30"
PERSON = {"age_years": 36, "sex": "female", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 30}
KRATOM = {"name": "kratom", "ingredients": ["kratom"], "state": "current", "route": "oral", "source": "nonprescribed"}


def person(*medicines: dict[str, Any], **more: Any) -> Case:
    answers = PERSON | more.pop("answers", {})
    return review(Profile.from_dict({"as_of": DAY, "answers": answers, "medicines": list(medicines), **more}))


def sheet(case: Case) -> str:
    return " ".join(sheet_markdown(case).split())


def taken(ingredient: str, **more: Any) -> dict[str, Any]:
    return {"name": ingredient, "ingredients": [ingredient], "state": "current", "route": "oral", **more}


@pytest.mark.parametrize("treatment", ["methadone_otp", "buprenorphine"])
@pytest.mark.parametrize(("tried", "said"), [("helped", True), (None, False)])
def test_medication_for_oud_that_helped_before_says_so(treatment: str, tried: str | None, said: bool) -> None:
    wishes = [{"treatment": treatment, "tried": tried}] if tried else []
    case = person(answers={"oud_status": "active"}, wishes=wishes)
    assert ("it helped when it was tried" in sheet(case)) is said


@pytest.mark.parametrize(("wish", "words"), [(True, "in steps, never at once"), (False, "count it as an opioid")])
def test_who_asks_for_less_kratom_gets_an_answer(wish: bool, words: str) -> None:
    case = person(KRATOM, answers={"wants_taper": wish})
    [said] = [f.action for f in case.findings.recommendations if f.record.id == "supply.kratom"]
    assert words in said


def test_what_was_bought_is_asked_about_before_what_starts_today() -> None:
    text = sheet(person(KRATOM, answers={"oud_status": "active"}))
    today, week = text.index("### Today"), text.index("### This week")
    assert today < text.index("Verify: kratom", today) < week


def test_topiramate_in_pregnancy_goes_with_folic_acid() -> None:
    pregnant = {"pregnant": True, "weeks_pregnant": 9}
    assert "folic acid" in person(taken("topiramate"), answers=pregnant).medicines[0].instead
    assert "folic acid" not in person(taken("topiramate"), answers={"pregnant": False}).medicines[0].instead


def test_tenofovir_in_kidney_disease_is_dosed_by_what_it_is_for() -> None:
    seen = [{"measure": "egfr", "value": 41, "date": DAY}]
    [mine] = person(taken("tenofovir"), observations=seen).medicines
    [ground] = [d for d in mine.grounds if d.id == "tenofovir.kidney"]
    assert "every 48 hours at CrCl 30 to 49" in ground.action
    assert "For PrEP" in ground.action


@pytest.mark.parametrize(("route", "worn"), [("transdermal", True), ("buccal", False)])
def test_a_buprenorphine_patch_comes_off_when_the_other_one_holds(route: str, worn: bool) -> None:
    patch = taken("buprenorphine", purpose="pain") | {"route": route}
    case = person(patch, answers={"oud_status": "active"})
    labels = {c.id for c in case.option("buprenorphine").cautions if hasattr(c, "when")}
    assert ("patch" in labels) is worn
