"""Types of facts at their edges: how many options a choice may have, and which ranges a whole number may be in."""

from __future__ import annotations

import pytest

from pathways.language import Choice, Number, Range


def options(count: int) -> tuple[str, ...]:
    return tuple(f"option {n}" for n in range(count))


@pytest.mark.parametrize("count", [2, 32])
def test_a_choice_has_2_to_32_options(count: int) -> None:
    assert len(Choice(options(count)).options) == count


@pytest.mark.parametrize("count", [0, 1, 33])
def test_a_choice_with_fewer_or_more_options_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="2 to 32"):
        Choice(options(count))


@pytest.mark.parametrize(("lo", "hi"), [(1.5, 3), (1, 3.5), (1.5, 3.5)])
def test_a_whole_number_is_in_no_range_with_an_end_between_two_of_them(lo: float, hi: float) -> None:
    assert not Number(0, 10).contains(Range(lo, hi))
    assert Number(0, 10).contains(Range(1, 3))
    assert Number(0, 10, decimals=1).contains(Range(lo, hi))
