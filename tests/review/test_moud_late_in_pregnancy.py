"""Late in a pregnancy MOUD goes on with what it meets, and the first page says that the dose may rise or be split."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.review.case import Case
from pathways.review.special import special

METHADONE = {"name": "methadone", "ingredients": ["methadone"], "route": "oral", "purpose": "oud", "setting": "otp"}
FILM = {"name": "buprenorphine film", "ingredients": ["buprenorphine"], "route": "sublingual", "purpose": "oud"}
INJECTION = {"name": "Sublocade", "ingredients": ["buprenorphine"], "route": "subcutaneous", "purpose": "oud"}
SERTRALINE = {"name": "sertraline", "ingredients": ["sertraline"], "route": "oral"}


def _case(*medicines: dict[str, Any], qtc: int | None = None, **answers: Any) -> Case:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 29, "sex": "female", "pregnant": True, "oud_status": "remission"} | answers,
        "medicines": [{"state": "current", **one} for one in medicines],
        "observations": [{"measure": "qtc_ms", "date": "2026-11-10", "value": qtc}] if qtc else [],
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    return review(Profile.from_dict(given))


def _first(case: Case) -> str:
    return next(line.text.text for line in special(case) if line.name.startswith(case.medicines[0].label))


@pytest.mark.parametrize("moud", [METHADONE, FILM])
def test_the_first_page_says_to_raise_or_split_and_both_stay(moud: dict[str, Any]) -> None:
    case = _case(moud, SERTRALINE, weeks_pregnant=33)
    assert {w.verdict for w in case.medicines} <= {"keep", "keep_with"}
    assert "Raise or split it by effect" in _first(case)
    assert "another pair" not in " ".join(line.text.text for line in special(case))


@pytest.mark.parametrize(
    ("moud", "weeks"), [(METHADONE, 27), (FILM, 12), (INJECTION, 33), (METHADONE, None), (FILM, None)]
)
def test_it_is_said_of_what_can_be_split_and_only_late(moud: dict[str, Any], weeks: int | None) -> None:
    case = _case(moud, **({"weeks_pregnant": weeks} if weeks else {}))
    assert not any("third_trimester" in d.id and d.kind == "speaks_against" for d in case.medicines[0].grounds)


def _red(case: Case) -> str:
    return " ".join(next(e for e in case.findings.emergencies if e.record.id == "withdrawal_in_pregnancy").actions)


def test_withdrawal_on_medication_asks_for_more_of_it_and_without_it_for_a_start() -> None:
    on = _red(_case(METHADONE, weeks_pregnant=33, in_opioid_withdrawal=True))
    assert "Raise or split the MOUD dose" in on
    assert "Start" not in on
    without = _red(_case(weeks_pregnant=33, in_opioid_withdrawal=True, oud_status="active"))
    assert "Start buprenorphine or methadone" in without
    assert "Raise" not in without
    long_qtc = _red(_case(METHADONE, weeks_pregnant=33, in_opioid_withdrawal=True, qtc=490))
    assert "Settle the MOUD dose" in long_qtc
    assert "Raise" not in long_qtc


def test_the_handout_names_what_the_second_warning_is_about() -> None:
    told = handout(_case(METHADONE, SERTRALINE, weeks_pregnant=33))
    text = next(t for t in told.planned if t.title.startswith("Your medicine: methadone"))
    assert "It can go up or be split" in text.text
    assert "With sertraline: Together these two" in text.text
