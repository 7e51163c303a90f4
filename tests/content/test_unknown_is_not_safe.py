"""What nobody read or asked is not taken for safe: an emergency shows, or its question comes first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.questions import next_questions

AS_OF = date(2026, 11, 30)


def person(answers: dict[str, Any], **more: Any) -> Case:
    answers = {"age_years": 45, "setting": "outpatient", "main_pain": "back_axial", **answers}
    return review(Profile.from_dict({"as_of": AS_OF, "answers": answers, **more}))


def level_of(case: Case, id: str) -> str | None:
    """The level at which an emergency is present; None when it is not."""
    return next(e.level if e.state == "present" else None for e in case.findings.emergencies if e.record.id == id)


def phq9(total: int | None, **items: int) -> list[dict[str, Any]]:
    seen: dict[str, Any] = {"measure": "phq9", "date": "2026-11-30"}
    return [seen | ({"items": items} if items else {}) | ({} if total is None else {"value": total})]


# ---- suicide: item 9 by arithmetic, and asked first ----


@pytest.mark.parametrize(("total", "level"), [(27, "same_day"), (25, "same_day"), (24, None), (16, None), (0, None)])
def test_a_total_that_only_item_9_can_explain_is_an_emergency(total: int, level: str | None) -> None:
    assert level_of(person({}, observations=phq9(total)), "suicide_risk") == level


def test_a_total_with_some_items_read_tells_of_item_9_too() -> None:
    assert level_of(person({}, observations=phq9(20, interest=0, mood=1)), "suicide_risk") == "same_day"
    assert level_of(person({}, observations=phq9(19, interest=0, mood=1)), "suicide_risk") is None


@pytest.mark.parametrize(
    ("total", "answers", "first"),
    [
        (20, {}, True),
        (24, {"main_pain": "migraine", "age_years": 20}, True),
        (16, {"wants_taper": True}, True),
        (16, {}, False),
        (9, {"wants_taper": True}, False),
    ],
)
def test_after_a_severe_total_suicide_is_asked_first(total: int, answers: dict[str, Any], first: bool) -> None:
    case = person(answers, observations=phq9(total))
    assert (next_questions(case, 1)[0].ask == "suicide_plan_or_intent") is first


# ---- an overdose: nobody asked is no protection ----

OXYCODONE: dict[str, Any] = {
    "ingredients": ["oxycodone"],
    "dose": {"oxycodone": 15},
    "per_day_min": 4,
    "per_day_max": 4,
    "route": "oral",
}
NALOXONE = {"ingredients": ["naloxone"], "route": "nasal", "state": "current"}
BUPRENORPHINE: dict[str, Any] = {
    "ingredients": ["buprenorphine"],
    "route": "sublingual",
    "purpose": "oud",
    "state": "current",
}
BUPRENORPHINE |= {"dose": {"buprenorphine": 16}, "per_day_min": 1, "per_day_max": 1}


def overdose(day: str) -> list[dict[str, Any]]:
    return [{"measure": "overdose", "date": day}]


@pytest.mark.parametrize(
    "answers",
    [{}, {"oud_status": "active"}, {"oud_status": "none"}, {"age_years": 19, "nonprescribed_opioid_use": True}],
)
@pytest.mark.parametrize("medicines", [[], [{**OXYCODONE, "state": "current", "purpose": "pain"}]])
def test_a_recent_overdose_shows_whoever_was_asked_about_naloxone(
    answers: dict[str, Any], medicines: list[dict[str, Any]]
) -> None:
    case = person(answers, medicines=medicines, observations=overdose("2026-11-28"))
    assert level_of(case, "overdose_without_protection") == "same_day"
    late = person(answers, medicines=medicines, observations=overdose("2026-06-01"))
    assert level_of(late, "overdose_without_protection") == "this_visit"
    old = person(answers, medicines=medicines, observations=overdose("2024-06-01"))
    assert level_of(old, "overdose_without_protection") is None


def test_what_is_done_about_an_overdose_fits_what_is_known() -> None:
    def actions(answers: dict[str, Any], *medicines: dict[str, Any]) -> str:
        case = person(answers, medicines=list(medicines), observations=overdose("2026-11-28"))
        found = next(e for e in case.findings.emergencies if e.record.id == "overdose_without_protection")
        return " ".join(found.actions)

    said = actions({}, {**OXYCODONE, "state": "current", "purpose": "pain"})
    assert "Offer naloxone today" in said
    assert "Assess for OUD" in said
    assert "no abrupt stop" in said
    said = actions({"oud_status": "active"}, NALOXONE, BUPRENORPHINE)
    assert "Offer naloxone" not in said
    assert "or keep it" in said
    assert "Assess for OUD" not in said


# ---- withdrawal from alcohol or a sedative: assessed today ----

CLONAZEPAM: dict[str, Any] = {
    "ingredients": ["clonazepam"],
    "dose": {"clonazepam": 1},
    "per_day_min": 3,
    "per_day_max": 3,
}
CLONAZEPAM |= {"route": "oral", "state": "current"}


@pytest.mark.parametrize(
    ("answers", "medicines"),
    [
        ({}, []),
        ({"setting": "emergency_department", "age_years": 70}, []),
        ({"alcohol_daily": True, "oud_status": "active"}, [BUPRENORPHINE]),
        ({"tremor": True}, [CLONAZEPAM]),
    ],
)
def test_withdrawal_that_nobody_has_graded_is_assessed_today(
    answers: dict[str, Any], medicines: list[dict[str, Any]]
) -> None:
    id = "alcohol_or_sedative_withdrawal_severe"
    case = person({"alcohol_or_sedative_withdrawal": True, **answers}, medicines=medicines)
    assert level_of(case, id) == "same_day"
    assert all(w.verdict != "change" for w in case.medicines)
    assert level_of(person({"alcohol_or_sedative_withdrawal": False, **answers}, medicines=medicines), id) is None


# ---- fainting with a long QT, or on methadone: one box, and now ----

METHADONE: dict[str, Any] = {
    "ingredients": ["methadone"],
    "dose": {"methadone": 80},
    "per_day_min": 1,
    "per_day_max": 1,
    "route": "oral",
}
METHADONE |= {"state": "current", "purpose": "oud", "source": "otp"}


def qtc(ms: int) -> list[dict[str, Any]]:
    return [{"measure": "qtc_ms", "value": ms, "date": "2026-11-30"}]


@pytest.mark.parametrize(
    ("medicines", "ms", "faints", "level", "boxes"),
    [
        ([METHADONE], 590, True, "act_now", ["qt_danger"]),
        ([METHADONE], 440, True, "act_now", ["qt_danger"]),
        ([], 512, True, "act_now", ["qt_danger"]),
        ([METHADONE], 512, False, "same_day", ["qt_danger"]),
        ([METHADONE], 480, False, None, []),
        ([], 440, True, None, ["medical_sign_any_cause"]),
    ],
)
def test_fainting_with_a_long_qt_or_on_methadone_is_now_and_one_box(
    medicines: list[dict[str, Any]], ms: int, faints: bool, level: str | None, boxes: list[str]
) -> None:
    case = person(
        {"syncope_or_palpitations": faints, "oud_status": "remission"}, medicines=medicines, observations=qtc(ms)
    )
    assert level_of(case, "qt_danger") == level
    red = first_page(case).red
    assert [box.id for box in red] == boxes
    said = " ".join(action.text for box in red for action in box.actions)
    assert ("Emergency department now" in said) is (level == "act_now")
    assert all(w.how not in ("stop", "stop_with_cover") for w in case.medicines)


def test_another_sign_keeps_its_own_box_beside_fainting_on_methadone() -> None:
    signs = {"syncope_or_palpitations": True, "chest_pain_or_hypoxia": True}
    red = first_page(person(signs, medicines=[METHADONE])).red
    assert {box.id for box in red} == {"qt_danger", "medical_sign_any_cause"}
