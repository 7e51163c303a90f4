"""A questionnaire that was begun is finished first, and keeps its place on the first page."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.questions import BEGUN, EMERGENCY, next_questions

CONTENT = load_content()
PERSON: dict[str, Any] = {
    "as_of": "2026-11-16",
    "answers": {
        "age_years": 57,
        "sex": "female",
        "setting": "outpatient",
        "main_pain": "fibromyalgia",
        "pain_months": 70,
    },
}
ASKED = [i for i in CONTENT.instruments.values() if i.asked and len(i.items) > 2 and not i.valid_when]


def begun(*entries: dict[str, Any]) -> Profile:
    return Profile.from_dict({**PERSON, "observations": [{"date": "2026-11-16", **one} for one in entries]})


@pytest.mark.parametrize("instrument", ASKED, ids=lambda i: i.id)
def test_what_was_begun_is_asked_first(instrument: Any) -> None:
    one = instrument.items[0]
    questions = next_questions(review(begun({"measure": instrument.id, "items": {one.id: one.values[-1]}})))
    assert {q.ask: q.rank for q in questions}[instrument.id] in (EMERGENCY, BEGUN)
    before = [q for q in questions[: [q.ask for q in questions].index(instrument.id)] if q.rank != EMERGENCY]
    assert before == []


@pytest.mark.parametrize("instrument", ASKED, ids=lambda i: i.id)
def test_what_was_finished_is_not_asked(instrument: Any) -> None:
    items = {one.id: one.values[0] for one in instrument.items}
    assert BEGUN not in {q.rank for q in next_questions(review(begun({"measure": instrument.id, "items": items})))}


def test_two_that_were_begun_both_stand_on_the_first_page() -> None:
    case = review(
        begun(
            {"measure": "phq9", "items": {"interest": 2, "mood": 2, "sleep": 3}},
            {"measure": "oud_criteria", "items": {"more_than_meant": 1, "cut_down": 1, "craving": 0}},
        )
    )
    assert {"phq9", "oud_criteria"} <= {one.ask for one in first_page(case).ask}


def test_a_count_whose_band_is_settled_is_not_asked_again() -> None:
    met = {i.id: 1 for i in CONTENT.instruments["oud_criteria"].items[:8]}
    case = review(begun({"measure": "oud_criteria", "items": met}))
    assert "oud_criteria" not in {q.ask for q in next_questions(case) if q.rank == BEGUN}
