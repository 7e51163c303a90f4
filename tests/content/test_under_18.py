"""Under 18: what was tried and labeled in adults is not offered as it is to an adult."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages import sheet_markdown
from pathways.pages.page import MOST_WORDS, first_page

ADULT_ONLY = {"crps_early_medicines", "spinal_cord_stimulation", "drg_stimulation", "rtms", "radiofrequency_ablation"}
PAINS: list[dict[str, Any]] = [
    {"main_pain": "crps"}, {"main_pain": "widespread"}, {"main_pain": "fibromyalgia"},
    {"main_pain": "neuropathy_other", "pain_months": 8}, {"main_pain": "back_axial", "pain_months": 8},
]  # fmt: skip  # data, read across
LINE = "Under 18: physical and psychological treatment first"


def case_of(age: int | None, pain: dict[str, Any], *medicines: dict[str, Any]) -> Case:
    answers = {"setting": "outpatient", **pain} | ({} if age is None else {"age_years": age})
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines)}))


def told(case: Case) -> str:
    return " ".join(part.text.text for action in first_page(case).do for part in action.parts)


@pytest.mark.parametrize("pain", PAINS, ids=lambda p: str(p["main_pain"]))
@pytest.mark.parametrize("age", [12, 17])
def test_physical_and_psychological_treatment_come_first(age: int, pain: dict[str, Any]) -> None:
    case = case_of(age, pain)
    assert LINE in told(case)
    assert first_page(case).words() <= MOST_WORDS
    planned = {item.id for plan in case.shown.plans for item in plan.items}
    assert planned.isdisjoint(ADULT_ONLY)


@pytest.mark.parametrize("age", [18, 45, None])
def test_an_adult_and_an_unknown_age_are_told_nothing_of_it(age: int | None) -> None:
    for pain in PAINS:
        assert LINE not in told(case_of(age, pain))
    assert case_of(age, {"main_pain": "crps"}).option("crps_early_medicines").safety != "contraindicated"


@pytest.mark.parametrize("id", ["duloxetine", "nortriptyline", "gabapentin", "pregabalin"])
def test_a_medicine_labeled_for_adults_asks_for_pediatric_pain_care_first(id: str) -> None:
    young, adult = (case_of(age, {"main_pain": "neuropathy_other", "pain_months": 8}) for age in (16, 40))
    said = "pediatric pain care decides first"
    assert any(said in c.label for c in (*young.option(id).cautions, *young.option(id).check_first))
    assert not any(said in c.label for c in (*adult.option(id).cautions, *adult.option(id).check_first))
    assert young.option(id).verb in ("Check first", "Do not start", None)


@pytest.mark.parametrize(("age", "boxed"), [(16, True), (24, True), (25, False)])
def test_the_boxed_warning_of_antidepressants_holds_for_tricyclics_too(age: int, boxed: bool) -> None:
    case = case_of(age, {"main_pain": "neuropathy_other", "pain_months": 8})
    for id in ("duloxetine", "nortriptyline"):
        assert any("Boxed warning" in c.label for c in case.option(id).cautions) is boxed


def test_what_is_taken_is_not_stopped_for_age_alone() -> None:
    taken = {
        "name": "gabapentin 300 mg", "ingredients": ["gabapentin"], "route": "oral", "state": "current",
        "purpose": "pain", "dose": {"gabapentin": 300}, "per_day_min": 3, "per_day_max": 3,
    }  # fmt: skip  # data, read across
    case = case_of(16, {"main_pain": "neuropathy_other", "pain_months": 8}, taken)
    assert case.medicines[0].verdict not in ("change", "not_this")
    assert "Under 18: pediatric pain care" not in " ".join(d.label for d in case.medicines[0].grounds)
    assert sheet_markdown(case)
