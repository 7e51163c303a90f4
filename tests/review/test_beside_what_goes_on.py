"""What stands in the plan beside a medicine fits that medicine, and stands there while the medicine goes on."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages.page import first_page

BACK = {"age_years": 52, "setting": "outpatient", "main_pain": "back_axial"}


def _case(answers: dict[str, Any], *medicines: dict[str, Any], egfr: float | None = None, **more: Any) -> Case:
    seen = [] if egfr is None else [{"measure": "egfr", "value": egfr, "date": "2026-11-20"}]
    data = {"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines), "observations": seen}
    return review(Profile.from_dict(data | more))


def _taken(*ingredients: str, mg: float = 0, times: int = 1, **more: Any) -> dict[str, Any]:
    dose = {"dose": {ingredients[0]: mg}, "per_day_min": times, "per_day_max": times} if mg else {}
    entry = {"name": " and ".join(ingredients), "ingredients": list(ingredients), "state": "current", "route": "oral"}
    return entry | dose | more


def _beside(case: Case) -> set[str]:
    return {a.words for plan in case.frontier.plans for a in case.beside(plan.items)}


def test_a_course_is_kept_short_only_of_what_is_a_course() -> None:
    for_life = _beside(_case(BACK, _taken("tenofovir", "emtricitabine"), egfr=41))
    assert any("creatinine" in words for words in for_life)
    assert not any("hortest course" in words for words in for_life)
    assert any("Shortest course" in words for words in _beside(_case(BACK, _taken("ibuprofen"), egfr=41)))


@pytest.mark.parametrize(
    ("ingredient", "sodium"), [("oxycodone", False), ("zolpidem", False), ("duloxetine", True), ("nortriptyline", True)]
)
def test_sodium_is_measured_for_what_lowers_it(ingredient: str, sodium: bool) -> None:
    words = _beside(_case({**BACK, "age_years": 78}, _taken(ingredient)))
    assert any("sodium" in w and ingredient in w for w in words) is sodium


def test_what_is_stopped_is_not_watched_and_what_goes_down_slowly_is() -> None:
    stopped = _case({**BACK, "age_years": 78}, _taken("naproxen"), egfr=22)
    assert stopped.medicines[0].how == "stop"
    assert not any("naproxen" in w for w in _beside(stopped))
    kept = _case({**BACK, "age_years": 78}, _taken("naproxen"), egfr=52)
    assert any("naproxen" in w for w in _beside(kept))


@pytest.mark.parametrize(("hiv", "prevention"), [(False, "yes"), (True, "no"), (None, "unknown")])
def test_medicine_against_hiv_prevents_it_only_in_who_does_not_have_it(hiv: bool | None, prevention: str) -> None:
    conditions = [{"id": "hiv"}] if hiv else []
    none = {"asked_none": {"conditions": ["hiv"]}} if hiv is False else {}
    case = _case(BACK, _taken("tenofovir", "emtricitabine"), conditions=conditions, **none)
    assert case.option("hiv_prep_care").in_place == prevention


# -- what only a start that nobody chose would ask for ---------------------------------------------------------

ON_BUPRENORPHINE = {
    "ingredients": ["buprenorphine", "naloxone"],
    "state": "current",
    "purpose": "oud",
    "route": "sublingual",
}
OUD = {**BACK, "oud_status": "remission"}


def test_beside_a_buprenorphine_that_works_nothing_is_done_for_methadone() -> None:
    settled = _case(OUD, ON_BUPRENORPHINE, _taken("ondansetron"), _taken("sumatriptan"))
    assert not any("ondansetron" in w or "sumatriptan" in w for w in _beside(settled))


def test_a_patch_is_no_question_of_a_methadone_that_may_be_chosen() -> None:
    patch = {"ingredients": ["buprenorphine"], "route": "transdermal", "state": "current", "purpose": "pain"}
    case = _case({**BACK, "oud_status": "active"}, patch)
    assert case.medicines[0].verdict not in ("verify", "change")
    assert not any("if methadone" in p.text.text for a in first_page(case).do for p in a.parts)


# -- what needs no steps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ingredient", ["acetaminophen", "ibuprofen", "naproxen"])
def test_too_much_of_what_needs_no_steps_goes_to_its_limit_at_once(ingredient: str) -> None:
    case = _case(BACK, _taken(ingredient, mg=500 if ingredient == "naproxen" else 1000, times=5))
    assert case.medicines[0].how in ("to_limit", "hold")
    assert "in steps" not in " ".join(p.text.text for a in first_page(case).do for p in a.parts)


def test_three_grams_with_alcohol_ask_for_the_last_days() -> None:
    case = _case({**BACK, "alcohol_heavy": True}, _taken("acetaminophen", mg=1000, times=3))
    said = " ".join(p.text.text for a in first_page(case).do for p in a.parts)
    assert "keep to the limit" in said
    assert "Poison Help" in said


def test_too_much_of_what_the_body_is_used_to_still_comes_down_in_steps() -> None:
    assert _case(BACK, _taken("gabapentin", mg=1200, times=4)).medicines[0].how == "lower"
