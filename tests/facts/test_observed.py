"""`Observed`: which entry may be the newest, which planned one comes next, and what no fact can use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.facts.observed import NotUsed, Observed, earlier, is_adult
from pathways.profile import Profile

TODAY = date(2026, 11, 2)


def seen(*entries: dict[str, Any], as_of: date | None = TODAY) -> tuple[Observed, list[NotUsed]]:
    told: list[NotUsed] = []
    case = {"as_of": as_of.isoformat() if as_of else None, "observations": list(entries)}
    return Observed(Profile.from_dict(case), load_content(), told), told


def on(day: str | None, measure: str) -> dict[str, Any]:
    return {"measure": measure, "date": day} if day else {"measure": measure}


PLANNED = next(id for id, measure in load_content().measures.items() if measure.planned)
PAST = next(id for id, measure in load_content().measures.items() if measure.type == "event" and not measure.planned)


@pytest.mark.parametrize(
    ("entry", "as_of", "reason"),
    [
        (on("2026-11-02", PAST), TODAY, None),
        (on("2026-11-01", PAST), TODAY, None),
        (on("2026-11-03", PAST), TODAY, "is dated in the future (2026-11-03)"),
        (on("2026-11-03", PLANNED), TODAY, None),
        (on(None, PAST), TODAY, "has no date"),
        (on("2026-11-01", PAST), None, "no as_of date to reckon from"),
    ],
)
def test_what_no_fact_can_use_is_told_with_its_place(
    entry: dict[str, Any], as_of: date | None, reason: str | None
) -> None:
    _, told = seen(entry, as_of=as_of)
    assert [one.place for one in told] == (["observations.0"] if reason else [])
    assert not reason or reason in told[0].reason


def test_what_is_of_today_is_the_newest_and_what_is_to_come_is_not() -> None:
    held, _ = seen(on("2026-11-01", PAST), on("2026-11-02", PAST), on("2026-11-03", PAST))
    assert [place for place, _ in held.newest(PAST, None) or ()] == [1]


def test_without_a_limit_an_old_entry_is_still_the_newest() -> None:
    held, told = seen(on("2019-01-01", PAST))
    assert held.newest(PAST, None)
    assert told == []
    assert held.newest(PAST, 365) is None
    assert [one.reason for one in told] == [f"{PAST} is older than 365 days"]


def test_of_two_planned_events_the_first_comes_next() -> None:
    held, _ = seen(on("2026-12-20", PLANNED), on("2026-11-20", PLANNED), on("2026-10-20", PLANNED))
    assert held.next(PLANNED) == (date(2026, 11, 20), date(2026, 11, 20), ("observations.1",))
    assert seen(on("2026-11-20", PLANNED), as_of=None)[0].next(PLANNED) is None


def test_an_event_without_a_date_may_come_before_the_others() -> None:
    held, _ = seen(on("2026-11-20", PLANNED), on(None, PLANNED))
    assert held.next(PLANNED) == (TODAY, date(2026, 11, 20), ("observations.0",))


def test_a_calendar_has_a_first_day() -> None:
    assert earlier(date(2026, 11, 2), 10**7) == date.min
    assert earlier(date(2026, 11, 2), -(10**7)) == date.max


@pytest.mark.parametrize(
    ("age", "adult"),
    [(17, False), (18, True), ([17, 19], None), ([18, 20], True), ([15, 17], False), ([15, 18], None), (None, None)],
)
def test_an_age_known_in_part_tells_of_an_adult_only_where_every_age_does(age: Any, adult: bool | None) -> None:
    profile = Profile.from_dict({"answers": {} if age is None else {"age_years": age}})
    assert is_adult(profile, load_content()) is adult


@pytest.mark.parametrize(("limit", "may"), [(None, True), (366, True), (365, False)])
def test_an_entry_may_be_valid_until_it_is_surely_too_old(limit: int | None, may: bool) -> None:
    held, _ = seen(on("2025-11-01", PAST))
    assert held.may_have(PAST, limit) is may


@pytest.mark.parametrize(
    ("conditions", "more", "recent"),
    [
        ([{"name": "Zorblex"}], {}, None),
        ([{"name": "Zorblex", "since": "2026-10-20"}], {}, None),
        ([{"name": "Zorblex", "since": "2019"}], {}, False),  # long ago, whatever it was
        ([{"name": "Zorblex", "certainty": "refuted"}], {}, False),
        ([{"name": "depression"}], {}, False),
        ([{"id": "ckd_stage_3"}], {}, False),
        ([{"name": "Zorblex", "none_of": ["*"]}], {}, False),  # somebody looked it up
        ([{"name": "Zorblex"}], {"asked_none": {"observations": ["overdose"]}}, False),  # the team asked for it
    ],
)
def test_a_diagnosis_that_nobody_could_read_may_be_an_overdose(
    conditions: list[dict[str, Any]], more: dict[str, Any], recent: bool | None
) -> None:
    data = {"as_of": "2026-11-02", "conditions": conditions, "complete": {"observations": "yes"}, **more}
    assert derive(Profile.from_dict(data)).values["overdose_within_month"] is recent
