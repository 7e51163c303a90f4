"""The list of a conference: last time's decisions first, what wants a look before the rest, then each case in a few lines."""

from __future__ import annotations

from pathways.pages.meeting import MOST_CASES, in_words, last_time, on_list, too_many
from pathways.review.case import review
from tests.pages.test_decided_sections import MANY, with_decisions
from tests.reviews import profile


def test_what_wants_a_look_stands_first_over_all_cases() -> None:
    rows = [
        on_list(with_decisions("low_risk", MANY[7]), "one"),
        on_list(with_decisions("back_pain_120_mme", MANY[0], MANY[4]), "two"),
        on_list(review(profile("cancer_pain")), "three"),
    ]
    told = [(row.name, one.item) for row, one in last_time(rows)]
    assert told == [("two", "naltrexone_xr"), ("one", "safe_storage"), ("two", "exercise")]


def test_a_decision_is_one_line_of_what_who_and_how_it_stands() -> None:
    row = on_list(with_decisions("back_pain_120_mme", MANY[1]), "x")
    words = in_words(row.before[0])
    assert words.startswith(
        "To do: Buprenorphine (MOUD) – Opioid treatment program (OTP), by 2026-10-12 – did not agree: The person – "
    )
    assert "verdue" in words


def test_a_case_is_told_by_person_and_what_is_open() -> None:
    row = on_list(review(profile("back_pain_120_mme")), "back_pain")
    assert row.person.startswith("58 years old, back pain")
    assert row.decide
    assert row.ask
    assert (row.last, row.before, row.new) == ("", (), ())
    assert set(row.to_dict()) == {"name", "person", "urgent", "last", "before", "new", "decide", "ask"}


def test_a_conference_takes_ten() -> None:
    assert too_many(range(MOST_CASES)) == ""
    assert "at most 10" in too_many(range(MOST_CASES + 1))
