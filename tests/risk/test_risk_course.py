"""After the start of medication for OUD: which model speaks when, and what the weeks' urine results tell it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.care.course import days_since_start, urine_of_week
from pathways.care.estimates import estimates, inputs_of, risk_scores
from pathways.content import load_content
from pathways.profile import Profile
from pathways.risk import load_model
from pathways.risk.storage import validation_of
from tests.reviews import facts_only

CONTENT = load_content()
TODAY = date(2026, 11, 1)
ENTRY, WEEKS = "return_to_use_entry", "return_to_use_weeks4_12"
COURSE = CONTENT.tables["risk_model"][WEEKS].course


def day(since: int) -> str:
    return (TODAY - timedelta(days=since)).isoformat()


def methadone(start: str | None, **more: Any) -> dict[str, Any]:
    entry = {"name": "methadone", "ingredients": ["methadone"], "purpose": "oud", "state": "current", **more}
    return entry if start is None else {**entry, "start": start}


def person(medicines: list[dict[str, Any]], observations: list[dict[str, Any]] = [], **answers: Any) -> Profile:  # noqa: B006
    return Profile.from_dict(
        {
            "as_of": TODAY.isoformat(),
            "answers": {"age_years": 35, "sex": "female", "oud_status": "active", **answers},
            "medicines": medicines,
            "observations": observations,
        }
    )


def computed(profile: Profile) -> set[str]:
    found = estimates(facts_only(profile))
    return {e.model for e in found if e.estimate is not None}


@pytest.mark.parametrize(
    ("since", "models"),
    [(0, {ENTRY}), (20, {ENTRY}), (21, {WEEKS}), (83, {WEEKS}), (84, set()), (900, set())],
)
def test_each_model_speaks_in_its_own_weeks(since: int, models: set[str]) -> None:
    assert computed(person([methadone(day(since))])) == models


def test_without_a_sure_start_nothing_is_computed() -> None:
    assert computed(person([methadone(None)])) == set()
    assert computed(person([methadone("2026")])) == set()
    assert computed(person([methadone("2026-09")])) == {WEEKS}  # every day of it lies in weeks 4 to 12
    assert computed(person([methadone("2026-10")])) == set()  # some in the first 3 weeks, some later
    unknown = {"name": "something", "state": "current"}
    assert computed(person([methadone(day(30)), unknown])) == set()
    assert computed(person([methadone(day(30))], age_years=17)) == set()


def test_a_change_of_medicine_is_one_course() -> None:
    earlier = {"name": "buprenorphine", "ingredients": ["buprenorphine"], "purpose": "oud", "state": "stopped"}
    one = [methadone(day(10)), {**earlier, "start": day(40), "stop": day(12)}]
    assert days_since_start(facts_only(person(one)), COURSE).lo == 40
    two = [methadone(day(10)), {**earlier, "start": day(400), "stop": day(300)}]
    assert days_since_start(facts_only(person(two)), COURSE).lo == 10
    for open_ in ({"start": day(40)}, {"stop": day(12)}):
        assert days_since_start(facts_only(person([methadone(day(10)), {**earlier, **open_}])), COURSE) is None
    before = {**earlier, "start": day(90), "stop": day(45)}
    chain = [methadone(day(10)), {**earlier, "start": day(30), "stop": day(12)}, before]
    assert days_since_start(facts_only(person(chain)), COURSE).hi == 90
    assert days_since_start(facts_only(person([{**earlier, "start": day(40), "stop": day(12)}])), COURSE) is None


def seen(since_start: int, measure: str, value: str) -> dict[str, Any]:
    return {"measure": measure, "date": day(40 - since_start), "value": value}


def week(n: int, observations: list[dict[str, Any]], **answers: Any) -> tuple[Any, ...]:
    profile = person([methadone(day(40))], observations, **answers)
    case = facts_only(profile)
    return {i.column: i.values for i in inputs_of(case, load_model(WEEKS))}[f"uds_week{n}"]


def test_a_week_is_read_from_its_results() -> None:
    negative = seen(3, "udt_opiates", "screen_negative")
    positive = seen(5, "udt_opiates", "screen_positive")
    assert week(1, []) == ()  # no result is not a missed one
    assert week(1, [negative]) == ("negative",)
    assert week(2, [negative]) == ()
    assert week(1, [positive], nonprescribed_opioid_use=True) == ("positive",)
    assert week(1, [negative, positive], nonprescribed_opioid_use=True) == ("mixed",)
    # Not asked whether opioids were used otherwise: the screen may have another cause.
    assert set(week(1, [positive])) == {"negative", "positive"}
    assert set(week(1, [negative, positive])) == {"negative", "mixed"}


def test_the_edges_of_a_week_and_what_was_prescribed() -> None:
    for n, first, last in ((1, 0, 6), (2, 7, 13), (3, 14, 20)):
        for at in (first, last):
            assert week(n, [seen(at, "udt_opiates", "screen_negative")]) == ("negative",)
        for at in (first - 1, last + 1):
            assert week(n, [seen(at, "udt_opiates", "screen_negative")]) == ()
    found = [seen(10, "udt_opiates", "screen_negative"), seen(10, "udt_methadone", "confirmed_found")]
    assert week(2, found) == ("negative",)  # the medicine itself is no use of opioids
    assert week(2, [seen(10, "udt_fentanyl", "confirmed_found")], fentanyl_exposure=True) == ("positive",)
    assert week(2, [seen(10, "udt_fentanyl", "confirmed_absent")]) == ()  # says nothing of other opioids
    assert set(week(2, [seen(10, "urine_opioid", "unexpected")])) == {"negative", "positive"}


def test_tests_before_the_start_are_read_as_found() -> None:
    observations = [
        {"measure": "udt_cocaine", "date": day(12), "value": "confirmed_found"},
        {"measure": "udt_benzodiazepines", "date": day(12), "value": "screen_negative"},
        {"measure": "udt_methadone", "date": day(60), "value": "confirmed_found"},
    ]
    case = facts_only(person([methadone(day(10))], observations))
    told = {i.column: i.values for i in inputs_of(case, load_model(ENTRY))}
    assert told["uds_base_cocaine"] == (1,)
    assert told["uds_base_benzodiazepine"] == (0,)
    assert told["uds_base_methadone"] == ()  # more than 30 days before
    assert told["uds_base_thc"] == ()


def test_weeks_move_the_estimate_as_the_trials_found() -> None:
    def risk(value: str) -> float:
        found = [seen(n, "udt_opiates", value) for n in (3, 10, 17)]
        profile = person([methadone(day(40))], found, nonprescribed_opioid_use=True)
        by = {e.model: e for e in estimates(facts_only(profile))}
        estimate = by[WEEKS].estimate
        assert estimate is not None
        return estimate.risk

    assert risk("screen_negative") < 0.3 < 0.6 < risk("screen_positive")
    assert validation_of(WEEKS)["validations"][0]["measures"]["auroc"]["value"] > 0.75


TESTS = (("udt_opiates", "screen_negative"), ("udt_opiates", "screen_positive"), ("udt_morphine", "confirmed_found"))
DAYS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(TESTS)), max_size=5)


@given(DAYS)
@settings(deadline=None, max_examples=60)
def test_a_week_is_what_its_days_were(results: list[tuple[int, tuple[str, str]]]) -> None:
    asked = CONTENT.tables["risk_input"][f"{WEEKS}.uds_week1"].urine
    observations = [seen(at, measure, value) for at, (measure, value) in results]
    case = facts_only(person([methadone(day(40))], observations, nonprescribed_opioid_use=True))
    read = urine_of_week(case, TODAY - timedelta(days=40), asked)
    positive = {at for at, (_, value) in results if value != "screen_negative"}
    others = {at for at, _ in results} - positive
    assert read == (("mixed" if others else "positive",) if positive else ("negative",) if others else ())


def test_risk_scores_stand_beside_with_their_limits() -> None:
    filled = [
        {"measure": "ort_oud", "date": "2026-10-01", "value": 4},
        {"measure": "peg", "date": "2026-10-01", "value": 5},
    ]
    profile = Profile.from_dict({"as_of": TODAY.isoformat(), "answers": {"oud_status": "none"}, "observations": filled})
    (found,) = risk_scores(facts_only(profile))
    assert found.instrument.id == "ort_oud"
    assert found.says.startswith("4 (0 to 9): 3 or more")
    (closed,) = risk_scores(facts_only(person([methadone(day(30))], filled)))
    assert closed.score is None
    assert "Not valid here" in closed.says
