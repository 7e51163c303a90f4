"""Times of day in figures: each is a time of its own, and a word beside them may only name the part of the day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.test_dose_kinds import held, said


def half(hour: int) -> str:
    return f"{(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'}"


WAYS = {
    "1 tab at 8am and 2pm": lambda hours: "1 tab at " + " and ".join(map(half, hours)),
    "1 tab at 8am, 2pm": lambda hours: "1 tab at " + ", ".join(map(half, hours)),
    "1 tab 0800, 1400": lambda hours: "1 tab " + ", ".join(f"{hour:02}00" for hour in hours),
    "1 tab at 08:00, 14:00": lambda hours: "1 tab at " + ", ".join(f"{hour:02}:00" for hour in hours),
}


@given(st.sampled_from(sorted(WAYS)), st.lists(st.integers(5, 23), min_size=1, max_size=6, unique=True))
def test_as_many_times_as_there_are_hours_and_never_fewer(way: str, hours: list[int]) -> None:
    found = said(WAYS[way](sorted(hours))).day
    assert found.hi is None or found.hi == len(hours)


@pytest.mark.parametrize("hours", [(8, 10), (3, 9, 15, 21), (22, 2), (7, 11, 15, 19, 23), (5, 10)])
@pytest.mark.parametrize("way", sorted(WAYS))
def test_two_hours_of_one_part_of_the_day_are_two(way: str, hours: tuple[int, ...]) -> None:
    held(WAYS[way](hours), len(hours), len(hours))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("1 tab in the morning at 8am", 1),
        ("1 tab every evening at 7pm", 1),
        ("1 tab at bedtime (10pm)", 1),
        ("1 tab at 7pm at bedtime", 1),
        ("1 tab every morning at 8am and 10am", 2),
        ("1 tab twice a day at 8 am and 10 am", 2),
        ("1 tab po q12h (8am and 8pm)", 2),
        ("1 tab at 8am and at bedtime", 2),
        ("1 tab at 8am, 2 tabs at 10am", 3),
    ],
)
def test_a_word_beside_a_time_in_figures_may_name_the_same_time(text: str, times: float) -> None:
    held(text, times, times)


def test_where_an_and_stands_between_word_and_figure_the_most_is_both() -> None:
    held("1 tab at noon and 1:30 pm", 1, 2)


@pytest.mark.parametrize("text", ["1 tab bid at 8am, 2pm and 8pm", "1 tab three times a day at 8am and 10am"])
def test_how_often_and_other_hours_agree_in_nothing(text: str) -> None:
    assert said(text).day.hi is None


@pytest.mark.parametrize("text", ["1 tab q1d", "1 tab Q1D", "1 tab q 1 d", "1 tab q1day", "1 tab q.1.d"])
def test_every_one_day_is_not_four_times_a_day(text: str) -> None:
    assert said(text).day.hi in (1, None)


@pytest.mark.parametrize("text", ["1 tab qid", "1 tab q.i.d.", "1 tab Q I D"])
def test_four_times_a_day_by_the_letter(text: str) -> None:
    held(text, 4, 4)
