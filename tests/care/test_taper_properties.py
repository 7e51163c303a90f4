"""Laws of every taper: it never rises, never goes faster than asked, and rounding only slows it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pathways.care.taper import BASES, Basis, Pace, Schedule, Start, UnsafeSpeedError, schedule, speed_of
from pathways.content import load_content

CONTENT = load_content()
starts = st.sampled_from([0.5, 1, 7.5, 15, 20, 60, 80, 120, 333, 1000]) | st.integers(1, 2000)
percents = st.sampled_from([1, 2.5, 5, 7.5, 10, 12.5, 20]) | st.integers(1, 20)
weeks = st.sampled_from([1, 2, 4, 6, 8, 12])
months = st.none() | st.integers(0, 240)
tablets = st.none() | st.sampled_from([0.5, 1, 2.5, 5, 7.5, 10, 15, 30])
bases = st.sampled_from(BASES)


def made(amount: float, percent: float, every: float, of: Basis, used: float | None, tablet: float | None) -> Schedule:
    assume(tablet is None or tablet <= amount)
    try:
        return schedule(
            Start(amount, "mg/day", "x", 1.5), Pace(percent, every, of), tablet=tablet, months=used, content=CONTENT
        )
    except UnsafeSpeedError:
        assume(False)
        raise


@given(starts, percents, weeks, bases, months, tablets)
def test_a_taper_never_rises_and_never_passes_zero(
    amount: float, percent: float, every: float, of: Basis, used: float | None, tablet: float | None
) -> None:
    doses = [amount, *(step.amount for step in made(amount, percent, every, of, used, tablet).steps)]
    assert all(after <= before for before, after in pairwise(doses))
    assert min(doses) >= 0
    assert len(doses) > 1


@given(starts, percents, weeks, bases, months, tablets)
def test_at_every_step_at_least_as_much_is_left_as_was_asked_for(
    amount: float, percent: float, every: float, of: Basis, used: float | None, tablet: float | None
) -> None:
    for step in made(amount, percent, every, of, used, tablet).steps:
        share = 1 - percent / 100 * step.number if of == "original" else (1 - percent / 100) ** step.number
        assert step.amount >= amount * share - 0.001
        assert step.day == round(step.number * every * 7)


@given(starts, percents, weeks, bases, months, tablets)
def test_tablets_are_whole_and_only_slow_it(
    amount: float, percent: float, every: float, of: Basis, used: float | None, tablet: float | None
) -> None:
    assume(tablet is not None)
    assert tablet is not None
    plain = made(amount, percent, every, of, used, None).steps
    rounded = made(amount, percent, every, of, used, tablet).steps
    for before, after in zip(plain, rounded, strict=False):
        assert after.amount >= before.amount - 0.001
        assert after.amount == amount or abs(after.amount / tablet - round(after.amount / tablet)) < 0.001


@given(starts, percents, weeks, bases, months)
def test_the_last_dose_is_what_the_steps_add_up_to(
    amount: float, percent: float, every: float, of: Basis, used: float | None
) -> None:
    taper = made(amount, percent, every, of, used, None)
    left = 100.0
    for step in taper.steps:
        left *= 1 - step.cut / 100
        assert abs(step.of_first - left) < 0.05
        assert step.mme == pytest.approx(step.amount * 1.5, abs=0.001)


@given(st.integers(1, 100), st.integers(1, 30), months)
def test_no_speed_beyond_all_sources_is_ever_let_through(percent: int, every: int, used: float | None) -> None:
    try:
        speed = speed_of(Pace(percent, every, "current"), used, CONTENT)
    except UnsafeSpeedError:
        return
    assert percent <= (20 if speed.id == "usual" else 10)
    if speed.id == "short_use":
        assert used is not None
        assert used < 12


@given(starts, percents, weeks, bases, months, tablets)
def test_in_any_four_weeks_no_more_comes_off_than_the_source_allows(
    amount: float, percent: float, every: float, of: Basis, used: float | None, tablet: float | None
) -> None:
    taper = made(amount, percent, every, of, used, tablet)
    doses = [amount, *(step.amount for step in taper.steps)]
    limit, in_weeks = (0.2, 4) if taper.speed.id == "usual" else (0.1, 1)
    back = -(-in_weeks // every)
    for n in range(1, len(doses)):
        before = doses[max(n - int(back), 0)]
        base = amount if taper.speed.id == "short_use" and before > 0.3 * amount + 0.001 else before
        assert before - doses[n] <= limit * base + 0.001
    assert doses[-1] > 0
