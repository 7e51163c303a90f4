"""An entry that is not recognized is said once, and never above medication for OUD; a dose that is not read is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.pages.front_sections import front_sections
from pathways.review.actions import REST, actions_of
from pathways.review.case import Case

UNREAD = {"name": "sevelamer", "state": "current"}
BUPRENORPHINE = {
    "name": "buprenorphine",
    "ingredients": ["buprenorphine"],
    "state": "current",
    "purpose": "oud",
    "route": "sublingual",
}  # fmt: skip — one medicine, said in a few lines
ACETAMINOPHEN = {"name": "acetaminophen", "ingredients": ["acetaminophen"], "state": "current", "route": "oral"}
NAPROXEN = {"name": "naproxen", "ingredients": ["naproxen"], "state": "current", "route": "oral"}
METOPROLOL = {"name": "metoprolol", "ingredients": ["metoprolol"], "state": "current", "route": "oral"}


def _case(*medicines: dict[str, Any], conditions: tuple[str, ...] = (), answers: dict[str, Any] | None = None) -> Case:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 44, "sex": "male", "main_pain": "osteoarthritis", "pain_months": 40} | (answers or {}),
        "conditions": [{"id": id} for id in conditions],
        "medicines": list(medicines),
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    return review(Profile.from_dict(given))


def _lines(case: Case) -> list[str]:
    return [f"{p.verb}: {p.text.text}" for a in actions_of(case) if a.rank < REST for p in a.parts]


def test_what_is_not_recognized_is_said_once_and_below_the_medication_for_oud() -> None:
    case = _case(BUPRENORPHINE, NAPROXEN, UNREAD, answers={"oud_status": "active"})
    assert case.medicines[0].verdict == "check", "nothing simply goes on beside it"
    lines = _lines(case)
    about = [line for line in lines if "not recognized" in line]
    assert len(about) == 1
    assert about[0].startswith("Check: sevelamer")
    kept = next(line for line in lines if "buprenorphine" in line)
    assert lines.index(kept) < lines.index(about[0])
    assert "not recognized" not in kept
    rows = next(s for s in front_sections(case, ()) if s.id == "medicines")
    assert str(rows).count("beside “sevelamer") == 0


def test_without_it_nothing_is_made_out() -> None:
    assert not any(
        "made out" in line for line in _lines(_case(BUPRENORPHINE, NAPROXEN, answers={"oud_status": "active"}))
    )


@pytest.mark.parametrize(("conditions", "asked"), [(("cirrhosis",), True), ((), False)])
def test_a_dose_that_is_not_read_is_asked_where_a_state_limits_it(conditions: tuple[str, ...], asked: bool) -> None:
    lines = _lines(
        _case(ACETAMINOPHEN, conditions=conditions, answers={"alcohol_heavy": False, "alcohol_daily": False})
    )
    assert ("Ask the dose: acetaminophen: at most 2000 mg a day here" in lines) is asked


def test_a_dose_that_is_read_is_not_asked() -> None:
    read = {**ACETAMINOPHEN, "dose": {"acetaminophen": 500}, "per_day_min": 2, "per_day_max": 2}
    assert not any(line.startswith("Ask the dose") for line in _lines(_case(read, conditions=("cirrhosis",))))


@pytest.mark.parametrize(("site", "open_"), [("knee", True), ("hip", False), ("shoulder", False), (None, True)])
def test_a_gel_is_for_the_joints_on_which_it_was_tested(site: str | None, open_: bool) -> None:
    gel = _case(answers={"pain_site": site} if site else {}).option("nsaid_topical")
    assert (gel.verb != "Do not start") is open_


def test_a_warning_about_a_start_for_headache_says_nothing_of_a_heart_medicine_in_use() -> None:
    [metoprolol] = _case(METOPROLOL, conditions=("heart_failure",)).medicines
    assert "beta_blocker_prevention.weak_heart" not in {d.id for d in metoprolol.grounds}
