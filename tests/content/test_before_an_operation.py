"""Around an operation: alcohol withdrawal is planned for, and an opioid waits for the end of naltrexone, it is not ruled out."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import Case, review

DAY = "2026-11-30"
PERSON = {"age_years": 52, "sex": "male", "setting": "outpatient", "main_pain": "back_axial"}
PLANNED = "surgery.alcohol"
TABLETS = {"name": "naltrexone", "ingredients": ["naltrexone"], "state": "current", "route": "oral", "purpose": "oud"}
INJECTION = TABLETS | {"route": "intramuscular", "release": "er"}
ASKED = {"name": "oxycodone", "ingredients": ["oxycodone"], "state": "proposed", "route": "oral", "purpose": "pain"}


def person(*medicines: dict[str, Any], conditions: tuple[str, ...] = (), day: str = "", **answers: Any) -> Case:
    seen = [{"measure": "surgery", "date": day}] if day else []
    listed = [{"id": id} for id in conditions]
    data = {"as_of": DAY, "answers": {**PERSON, **answers}, "medicines": list(medicines), "conditions": listed}
    return review(Profile.from_dict(data | {"observations": seen}))


def applies(case: Case, id: str) -> bool:
    return any(f.record.id == id and f.status == "applies" for f in case.findings.recommendations)


def first_lines(case: Case) -> str:
    return " ".join(part.text.text for action in first_page(case).do for part in action.parts)


@pytest.mark.parametrize(
    ("answers", "conditions"),
    [({"alcohol_daily": True}, ()), ({"alcohol_heavy": True}, ()), ({}, ("alcohol_use_disorder",))],
)
@pytest.mark.parametrize("day", ["2026-12-03", "2026-12-20"])
def test_alcohol_withdrawal_is_planned_for_with_the_day_of_the_operation(
    answers: dict[str, Any], conditions: tuple[str, ...], day: str
) -> None:
    case = person(conditions=conditions, day=day, **answers)
    assert applies(case, PLANNED)
    assert f"({day}); plan for alcohol withdrawal" in first_lines(case)
    assert all("other_substance_care" in plan.ids for plan in case.frontier.plans)


@pytest.mark.parametrize(("answers", "day"), [({"alcohol_daily": True}, ""), ({"alcohol_daily": False}, "2026-12-20")])
def test_without_one_of_the_two_nothing_is_said_of_it(answers: dict[str, Any], day: str) -> None:
    case = person(day=day, surgery_planned=bool(day), alcohol_heavy=False, **answers)
    assert not applies(case, PLANNED)
    assert "alcohol withdrawal" not in first_lines(case)


def test_alcohol_use_disorder_is_treated_in_every_plan() -> None:
    case = person(conditions=("alcohol_use_disorder",))
    assert all("other_substance_care" in plan.ids for plan in case.frontier.plans)
    assert not any("other_substance_care" in a.items for fork in case.shown.forks for a in fork.alternatives)


@pytest.mark.parametrize("naltrexone", [TABLETS, INJECTION])
def test_an_opioid_after_an_operation_waits_for_the_end_of_naltrexone(naltrexone: dict[str, Any]) -> None:
    case = person(naltrexone, ASKED, day="2026-12-20")
    asked = case.medicines[1]
    assert asked.verdict == "not_this"
    assert any("until naltrexone has worn off" in d.action for d in asked.grounds)
    [said] = [f.action for f in case.findings.recommendations if f.record.id == "fda_labels.naltrexone_and_opioids"]
    assert "worn off" in said
    assert "exclude each other" not in said


def test_where_no_operation_is_near_naltrexone_and_opioids_exclude_each_other() -> None:
    case = person(TABLETS, ASKED, surgery_planned=False, acute_injury=False, pain_months=60)
    [said] = [f.action for f in case.findings.recommendations if f.record.id == "fda_labels.naltrexone_and_opioids"]
    assert "exclude each other" in said
