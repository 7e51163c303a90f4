"""The edges of `observed`: the last day in force, the value that is just believed, the two ends of what is known in part."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content import models as m
from pathways.facts.observed import meant, span_of, to_settle
from pathways.language import Range, Value
from pathways.profile import Profile
from tests.facts.test_observed import PAST, PLANNED, TODAY, on, seen

CONTENT = load_content()
ADULT: dict[str, Any] = {"age_years": 40}
FUTURE = "2026-11-03"


def case(*observations: dict[str, Any], answers: dict[str, Any] = ADULT, as_of: str | None = "2026-11-02") -> Profile:
    return Profile.from_dict({"as_of": as_of, "answers": answers, "observations": list(observations)})


def value(measure: str, number: float, day: str = "2026-11-01") -> dict[str, Any]:
    return {"measure": measure, "date": day, "value": number}


def settled(profile: Profile) -> list[tuple[int, str]]:
    return [(place, measure) for place, measure, _ in to_settle(profile, CONTENT)]


@pytest.mark.parametrize(
    ("entry", "span"),
    [
        ({"value": 72}, (72, 72)),
        ({"at_least": 60}, (60, 200)),
        ({"at_most": 15}, (0, 15)),
        ({"at_least": 30, "at_most": 44}, (30, 44)),
    ],
)
def test_a_limit_bounds_one_end_and_the_measure_the_other(entry: dict[str, Any], span: tuple[float, float]) -> None:
    held = case({"measure": "egfr", "date": "2026-11-01", **entry}).observations[0]
    assert span_of(CONTENT.measures["egfr"], held) == span


@pytest.mark.parametrize(
    ("answers", "number", "settle"),
    [
        (ADULT, 25, False),  # the least that is believed of an adult
        (ADULT, 24.9, True),
        (ADULT, 400, False),  # the most
        ({"age_years": 9}, 24.9, False),
        ({"age_years": [15, 18]}, 24.9, False),  # may be a child
        ({}, 24.9, False),
    ],
)
def test_a_value_that_no_adult_has_is_an_error_to_settle_of_an_adult(
    answers: dict[str, Any], number: float, settle: bool
) -> None:
    profile = case(value("weight", number), answers=answers)
    assert settled(profile) == ([(0, "weight")] if settle else [])
    if settle:
        assert "weight" in next(to_settle(profile, CONTENT))[2].lower()


@pytest.mark.parametrize(
    ("entry", "as_of", "label"),
    [
        (value("egfr", 72, FUTURE), "2026-11-02", "eGFR"),
        ({"measure": "phq9", "date": FUTURE, "value": 9}, "2026-11-02", "PHQ-9"),
        (on(FUTURE, PAST), "2026-11-02", CONTENT.measures[PAST].label),
        (on(FUTURE, PLANNED), "2026-11-02", None),  # what is planned lies ahead
        (on("2026-11", PAST), "2026-11-02", None),  # a month that has begun
        (on("2026-11-02", PAST), "2026-11-02", None),
        (on(None, PAST), "2026-11-02", None),
        (on(FUTURE, PAST), None, None),
    ],
)
def test_a_day_that_is_still_to_come_is_an_error_to_settle(
    entry: dict[str, Any], as_of: str | None, label: str | None
) -> None:
    found = list(to_settle(case(entry, as_of=as_of), CONTENT))
    assert len(found) == (label is not None)
    for place, measure, why in found:
        assert (place, measure) == (0, entry["measure"])
        assert why == f"{label} is dated {FUTURE}, after the day of review, 2026-11-02: check the date"


@pytest.mark.parametrize(
    ("low", "high", "settle"), [(80, 120, False), (120, 80, True), (90, 90, True), (89.9, 90, False)]
)
def test_a_lower_pressure_that_is_not_below_the_upper_is_an_error_to_settle(
    low: float, high: float, settle: bool
) -> None:
    both = (value("systolic", high), value("diastolic", low))
    assert settled(case(*both)) == ([(0, "systolic"), (1, "diastolic")] if settle else [])
    held, told = seen(*both)
    assert [one.place for one in told] == (["observations.0", "observations.1"] if settle else [])
    assert [entry.value for _, entry in held.newest("systolic", None) or ()] == [None if settle else high]


@pytest.mark.parametrize(
    "entries",
    [
        (value("systolic", 80), value("systolic", 150), value("diastolic", 90)),  # which belong together is not told
        (value("systolic", 80), value("diastolic", 90), value("diastolic", 60)),
        (value("systolic", 80), value("systolic", 85), value("diastolic", 90), value("diastolic", 95)),
        (value("systolic", 80), value("diastolic", 90, "2026-10-31")),  # of another day
        (value("diastolic", 90),),
        ({"measure": "systolic", "date": "2026-11-01", "at_most": 80}, value("diastolic", 90)),
    ],
)
def test_pressures_that_may_not_belong_together_are_left_alone(entries: tuple[dict[str, Any], ...]) -> None:
    assert settled(case(*entries)) == []


# ---- dates that are known in part, at the last day in force -----------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "limit", "said"),
    [
        (["2025-11-02"], 365, None),  # the last day in force
        (["2025-11-01"], 365, "is older"),
        (["2025"], 365, "may be older"),
        (["2025-11"], 365, "may be older"),
        (["2024"], 365, "is older"),
        (["2025-11", "2025-10-20"], 365, "may be older"),
        (["2025-11", "2025-11-01"], 365, "may be older"),
        (["2025-10"], 367, "may be older"),  # its last day is the last in force
    ],
)
def test_how_old_the_newest_is_is_told_of_the_days_that_it_may_be_on(
    days: list[str], limit: int, said: str | None
) -> None:
    held, told = seen(*(on(day, PAST) for day in days))
    assert (held.newest(PAST, limit) is None) is (said is not None)
    assert [one.reason for one in told] == ([f"{PAST} {said} than {limit} days"] if said else [])


def test_of_several_that_may_be_the_newest_one_in_force_is_enough() -> None:
    held, told = seen(on("2025", PAST), on("2025-12-20", PAST), on("2025-11-30", PAST))
    assert [place for place, _ in held.newest(PAST, 365) or ()] == [0, 1]
    assert told == []


def test_one_that_ends_where_the_newest_begins_may_be_the_newest() -> None:
    held, _ = seen(on("2026-10", PAST), on("2026-10-31", PAST), on("2026-09", PAST))
    assert [place for place, _ in held.newest(PAST, None) or ()] == [0, 1]
    assert held.last(PAST) == (date(2026, 10, 31), date(2026, 10, 31), ("observations.0", "observations.1"))


@pytest.mark.parametrize(("day", "newest"), [("2026-10-30", True), ("2026-10-31", False), ("2026-11-01", False)])
def test_one_that_nobody_can_read_may_be_the_newest_from_its_day_on(day: str, newest: bool) -> None:
    held, _ = seen(on("2026-10-31", PAST), {"measure": "unrecognized", "date": day, "note": "a scan"})
    assert (held.last(PAST) is not None) is newest


def test_the_last_of_several_lies_between_the_latest_first_and_the_latest_last_day() -> None:
    held, _ = seen(on("2026-09", PAST), on("2026", PAST))
    assert held.last(PAST) == (date(2026, 9, 1), TODAY, ("observations.0", "observations.1"))
    assert held.last(PLANNED) is None


@pytest.mark.parametrize("limit", [None, 365])
def test_without_a_day_of_review_any_entry_may_be_valid(limit: int | None) -> None:
    held, _ = seen(on("2010", PAST), on("2026-11-01", PLANNED), as_of=None)
    assert held.may_have(PAST, limit)
    assert held.may_have(PLANNED, limit)
    assert not held.may_have("egfr", limit)
    unread, _ = seen({"measure": "unrecognized", "note": "a scan"}, as_of=None)
    assert unread.may_have("egfr", limit)


def test_one_entry_in_force_among_old_ones_is_enough_and_none_is_none() -> None:
    held, _ = seen(on("2019-01-01", PAST), on("2026-10-01", PAST))
    assert held.may_have(PAST, 365)
    assert not held.may_have(PLANNED, 365)


def test_what_is_planned_for_today_comes_next() -> None:
    held, _ = seen(on("2026-11-02", PLANNED), on("2026-11-20", PLANNED))
    assert held.next(PLANNED) == (TODAY, TODAY, ("observations.0",))
    assert seen(on("2026-11-01", PLANNED))[0].next(PLANNED) is None


# ---- what is measured and means an entry of a group ------------------------------------------------------------------

CITE = {"id": "own", "at": "a test", "confidence": "recall"}


@pytest.mark.parametrize(
    ("ends", "value", "means"),
    [
        ({"least": 30}, Range(30, 30), True),
        ({"least": 30}, Range(30, 50), True),
        ({"least": 30}, Range(29.9, 50), None),
        ({"least": 30}, Range(10, 30), None),
        ({"least": 30}, Range(10, 29.9), False),
        ({"most": 30}, Range(10, 30), True),
        ({"most": 30}, Range(30, 50), None),
        ({"most": 30}, Range(30.1, 50), False),
        ({"least": 30}, None, None),
        ({"most": 30}, frozenset({"a"}), None),
        ({"options": ("a", "b")}, frozenset({"a"}), True),
        ({"options": ("a", "b")}, frozenset({"a", "b"}), True),
        ({"options": ("a", "b")}, frozenset({"a", "c"}), None),
        ({"options": ("a", "b")}, frozenset({"c"}), False),
        ({"options": ("a", "b")}, frozenset(), None),
        ({"options": ("a", "b")}, None, None),
        ({"options": ("a", "b")}, Range(1, 2), None),
    ],
)
def test_a_measure_means_a_group_only_where_every_value_it_may_have_does(
    ends: dict[str, Any], value: Value, means: bool | None
) -> None:
    assert meant(m.Implied(fact="bmi", source=(CITE,), **ends), value) is means
