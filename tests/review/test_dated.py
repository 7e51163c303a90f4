"""Dated events: when what is about an operation is due, and from which day the first look is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content import models as m
from pathways.language import Range
from pathways.profile import Profile
from pathways.review.case import Case
from pathways.review.dated import about_operation, days_to_operation, first_look, phase_of
from pathways.review.directives import Directive
from pathways.review.plans import Item
from tests.reviews import facts_only, reviewed

CONTENT = load_content()
TODAY = date(2026, 11, 16)
KEEP_MOUD = CONTENT.recommendations["periop2021.continue_bup"]
"""About a coming operation, and due this week by its record."""
LINE = CONTENT.treatments["naloxone_kit"].monitoring[0].model_copy(update={"first_days": 10, "counts_from": None})


def person(*seen: tuple[str, int], as_of: date | None = TODAY, **answers: Any) -> Case:
    """Somebody with events, each so many days from today."""
    events = [{"measure": measure, "date": (TODAY + timedelta(days=days)).isoformat()} for measure, days in seen]
    data = {"answers": answers, "observations": events, **({"as_of": as_of.isoformat()} if as_of else {})}
    return facts_only(Profile.from_dict(data))


def item(in_place: str = "no", called: Directive | None = None) -> Item:
    """An item that is about no operation by its indication."""
    option = reviewed("back_pain_120_mme").option("naloxone_kit")
    return Item(replace(option, in_place=in_place), "Offer", called=called)  # type: ignore[arg-type]


def called_by(record: m.Recommendation) -> Directive:
    return Directive("recommendation", record.id, record.title, record.source, "calls_for")


# ---- the operation ----------------------------------------------------------------------------------------------


def test_the_days_to_an_operation_are_known_from_its_date_alone() -> None:
    assert days_to_operation(person(("surgery", 5))) == Range(5, 5)
    assert days_to_operation(person(surgery_planned=True)) is None
    assert days_to_operation(person()) is None


def test_a_condition_is_about_an_operation_through_any_definition() -> None:
    for _ in range(2):  # asked again, it is the same
        assert about_operation(CONTENT, "days_to_surgery <= 7")
        assert about_operation(CONTENT, "pregnant OR operation_near")
        assert not about_operation(CONTENT, "pregnant")


@pytest.mark.parametrize(("days", "phase"), [(0, "today"), (7, "today"), (8, "this_week"), (60, "this_week")])
def test_what_is_about_an_operation_is_due_today_within_a_week_of_it(days: int, phase: str) -> None:
    assert KEEP_MOUD.phase == "this_week"
    assert phase_of(person(("surgery", days)), KEEP_MOUD) == phase


def test_without_a_date_or_about_something_else_it_is_due_in_its_own_phase() -> None:
    other = KEEP_MOUD.model_copy(update={"when": "pregnant"})
    assert phase_of(person(surgery_planned=True), KEEP_MOUD) == "this_week"
    assert phase_of(person(("surgery", 3)), other) == "this_week"


# ---- the first look -----------------------------------------------------------------------------------------------


def test_a_case_without_a_date_has_no_day_to_look() -> None:
    assert first_look(person(as_of=None), item(), LINE) is None


def test_what_starts_is_counted_from_today_and_what_is_in_use_has_no_day() -> None:
    assert first_look(person(), item(), LINE) == TODAY + timedelta(days=10)
    assert first_look(person(), item("yes"), LINE) is None


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([("surgery", 5), ("surgery", 20)], 15),
        ([("surgery", -30), ("surgery", 5)], 15),
        ([("surgery", 0), ("surgery", -3)], 10),
        ([("surgery", -3), ("surgery", -6)], 7),
        ([("surgery", -30)], 0),
        ([("buprenorphine_injection", 5)], 10),
        ([], 10),
    ],
)
def test_a_line_that_names_an_event_is_counted_from_the_next_else_from_the_last(
    events: list[tuple[str, int]], days: int
) -> None:
    line = LINE.model_copy(update={"counts_from": "surgery"})
    assert first_look(person(*events), item(), line) == TODAY + timedelta(days=days)


def test_of_a_day_known_in_part_the_one_that_delays_nothing_counts() -> None:
    line = LINE.model_copy(update={"counts_from": "surgery"})
    seen = [{"measure": "surgery", "date": "2026-10"}, {"measure": "surgery", "date": "2026-09-30"}]
    case = facts_only(Profile.from_dict({"as_of": TODAY.isoformat(), "observations": seen}))
    assert first_look(case, item(), line.model_copy(update={"first_days": 60})) == date(2026, 11, 30)
    undated = facts_only(Profile.from_dict({"as_of": TODAY.isoformat(), "observations": [{"measure": "surgery"}]}))
    assert first_look(undated, item(), line) == TODAY + timedelta(days=10)


def test_what_a_record_calls_for_before_an_operation_is_counted_from_it() -> None:
    case = person(("surgery", 5))
    assert first_look(case, item(called=called_by(KEEP_MOUD)), LINE) == TODAY + timedelta(days=15)
    other = next(r for r in CONTENT.recommendations.values() if not about_operation(CONTENT, r.when))
    assert first_look(case, item(called=called_by(other)), LINE) == TODAY + timedelta(days=10)
    assert first_look(case, item(), LINE) == TODAY + timedelta(days=10)
    # An operation that was counts for nothing here: nothing stands in the plan because of it.
    assert first_look(person(("surgery", -5)), item(called=called_by(KEEP_MOUD)), LINE) == TODAY + timedelta(days=10)
