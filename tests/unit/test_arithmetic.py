"""Taper arithmetic (H8, B-H3, B-H4), days between dates, and waiting times (B-A11, B-N1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.conditions import Range
from pathways.facts.arithmetic import (
    LIMITS,
    SHORT,
    SLOW,
    USUAL,
    UnsafeTaperError,
    days_between,
    injection_to_surgery,
    opioid_free_enough,
    taper_steps,
)


def doses(*args: Any, **more: Any) -> list[float]:
    return [round(step.dose_mg, 1) for step in taper_steps(*args, **more).steps]


# ---- tapers ------------------------------------------------------------------------------------------------


def test_percent_of_the_current_dose_is_geometric() -> None:
    """H8: 120, 108, 97.2, 87.5 and so on; 33.9 (28%) after twelve months."""
    taper = taper_steps(120, 10, steps=12)
    assert [round(step.dose_mg, 1) for step in taper.steps[:3]] == [108, 97.2, 87.5]
    assert round(taper.steps[-1].dose_mg, 1) == 33.9
    assert round(taper.steps[-1].of_start) == 28
    assert {step.cut_percent for step in taper.steps} == {10}
    assert [step.week for step in taper.steps[:3]] == [4, 8, 12]


def test_percent_of_the_original_dose_is_linear() -> None:
    taper = taper_steps(100, 10, "original", steps=6)
    assert [step.dose_mg for step in taper.steps] == [90, 80, 70, 60, 50, 40]
    assert [round(step.cut_percent, 1) for step in taper.steps] == [10, 11.1, 12.5, 14.3, 16.7, 20]


def test_a_linear_taper_gets_too_fast_near_its_end() -> None:
    """Ten equal cuts would reach 0; from the seventh on each is more than 20% of the dose then taken."""
    with pytest.raises(UnsafeTaperError, match="40 mg to 30 mg in 4 weeks, a cut of 25%") as refused:
        taper_steps(100, 10, "original", steps=10)
    assert (refused.value.step, refused.value.limit) == (7, USUAL)


def test_the_basis_is_always_stated_and_a_pause_always_possible() -> None:
    """J20, B-H6, B-H9."""
    notes = taper_steps(100, 10).notes
    assert notes[0] == "10% of the dose then taken (cuts get smaller), every 4 weeks"
    assert "pause" in notes[1]
    assert "naloxone" in notes[2]
    assert "10% of the first dose (equal cuts)" in taper_steps(100, 10, "original").notes[0]


@pytest.mark.parametrize(("percent", "every_weeks"), [(20, 4), (10, 3), (10, 2), (5, 1), (20, 8)], ids=lambda v: f"{v}")
def test_up_to_20_percent_in_4_weeks_is_allowed(percent: float, every_weeks: float) -> None:
    assert len(taper_steps(100, percent, steps=12, every_weeks=every_weeks).steps) == 12


@pytest.mark.parametrize(
    ("percent", "every_weeks"), [(21, 4), (15, 3), (11, 2), (10, 1), (6, 1), (30, 8)], ids=lambda v: f"{v}"
)
def test_more_than_20_percent_in_4_weeks_is_refused_with_the_reason(percent: float, every_weeks: float) -> None:
    """B-H3; a big cut at long intervals is still a big cut on its day."""
    with pytest.raises(UnsafeTaperError, match=r"5 to 20% every 4 weeks \(B-H3, va_taper_tool, verified\)") as refused:
        taper_steps(100, percent, every_weeks=every_weeks)
    assert "withdrawal" in str(refused.value)
    assert "buprenorphine" in str(refused.value)


def test_after_short_exposure_weekly_steps_slow_down_at_30_percent() -> None:
    """B-H4: 10% of the first dose a week down to about 30% of it, then 10% of what is left."""
    taper = taper_steps(100, 10, "original", steps=10, every_weeks=1, short_exposure=True)
    assert [round(s.dose_mg, 2) for s in taper.steps] == [90, 80, 70, 60, 50, 40, 30, 27, 24.3, 21.87]
    assert taper.limits[0] is SHORT


@pytest.mark.parametrize("basis", ["current", "original"])
def test_more_than_10_percent_a_week_is_always_refused(basis: Any) -> None:
    with pytest.raises(UnsafeTaperError, match="B-H4") as refused:
        taper_steps(100, 12, basis, every_weeks=1, short_exposure=True)
    assert (refused.value.step, refused.value.limit) == (1, SHORT)


def test_rounding_to_what_can_be_dispensed_goes_up() -> None:
    """H8: rounding alone never speeds a taper; where the tablets are too big for a step, it is refused."""
    assert doses(120, 10, steps=4, unit_mg=5) == [110, 100, 90, 80]
    with pytest.raises(UnsafeTaperError, match="20 mg to 15 mg"):
        taper_steps(20, 10, steps=12, unit_mg=5)


def test_limits_are_data_with_their_flags() -> None:
    assert [(limit.row, limit.percent, limit.weeks, limit.confidence) for limit in LIMITS] == [
        ("B-H3", 20, 4, "verified"),
        ("B-H3", 10, 4, "verified"),
        ("B-H4", 10, 1, "verified"),
    ]
    assert taper_steps(100, 10).limits == (USUAL, SLOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_mg": 0}, {"start_mg": -5}, {"start_mg": float("nan")}, {"start_mg": float("inf")},
        {"percent": 0}, {"percent": 100}, {"percent": float("nan")}, {"steps": 0}, {"steps": 500},
        {"every_weeks": 0.5},
        {"unit_mg": 0}, {"unit_mg": 200}, {"basis": "first"},
    ],
    ids=str,
)  # fmt: skip
def test_numbers_that_make_no_taper_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as refused:
        taper_steps(**({"start_mg": 100, "percent": 10} | wrong))
    assert not isinstance(refused.value, UnsafeTaperError)


# ---- days --------------------------------------------------------------------------------------------------


def test_days_between() -> None:
    assert days_between(date(2026, 2, 27), date(2026, 3, 1)) == 2
    assert days_between(date(2028, 2, 27), date(2028, 3, 1)) == 3
    assert days_between(date(2026, 3, 1), date(2026, 2, 27)) == -2


@pytest.mark.parametrize(
    ("days", "verdicts", "enough"),
    [
        (0, ("too_early",), False),
        (23, ("too_early",), False),
        (24, ("between",), None),
        (29, ("between",), None),
        (30, ("enough",), True),
        (Range(20, 40), ("too_early", "between", "enough"), None),
        (Range(24, 30), ("between", "enough"), None),
        (Range(31, float("inf")), ("enough",), True),
    ],
)
def test_injection_to_surgery(days: Range | float, verdicts: tuple[str, ...], enough: bool | None) -> None:
    """B-A11: ASAM about 30 days, SPAQI 24 to 30. Both are shown where they differ."""
    said = injection_to_surgery(days)
    assert (said.verdicts, said.enough) == (verdicts, enough)
    assert (said.rows, said.sources, said.confidence) == (("B-A11",), ("asam2020", "spaqi2021"), "verified-2")


def test_where_sources_differ_both_are_named() -> None:
    for name in ("SPAQI", "ASAM"):
        assert name in injection_to_surgery(26).text


@pytest.mark.parametrize(
    ("days", "long_acting", "enough"),
    [
        (6, False, False), (7, False, None), (9, False, None), (10, False, True),
        (6, True, False), (10, True, None), (13, True, None), (14, True, True),
        (6, None, False), (10, None, None), (13, None, None), (14, None, True),
        (Range(5, 8), False, None), (Range(10, 12), False, True), (Range(0, 6), None, False),
    ],
)  # fmt: skip
def test_opioid_free_long_enough_for_naltrexone(
    days: Range | float, long_acting: bool | None, enough: bool | None
) -> None:
    """B-N1: 7 to 10 days after short-acting opioids, up to two weeks after methadone or buprenorphine."""
    assert opioid_free_enough(days, long_acting).enough is enough


def test_what_is_not_known_about_the_opioid_is_said() -> None:
    said = opioid_free_enough(12, None)
    assert said.verdicts == ("between", "enough")
    assert "10 days after short-acting, 14 after long-acting" in said.text
    assert opioid_free_enough(12, False).confidence == "verified"
    assert said.confidence == "verified-2"


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), Range(-2, 5)])
def test_days_that_cannot_be_are_refused(wrong: Range | float) -> None:
    for ask in (injection_to_surgery, lambda days: opioid_free_enough(days, None)):
        with pytest.raises(ValueError, match="days must be 0 or more"):
            ask(wrong)
