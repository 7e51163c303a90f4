"""What is said twice, another product beside this one, as needed beside fixed times, orders that are over, hours apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.test_dose_kinds import held, said, stays_open

RATES = {
    "bid": 2,
    "tid": 3,
    "qid": 4,
    "q4h": 6,
    "every 6 hours": 4,
    "every 8 hours": 3,
    "twice a day": 2,
    "4 times a day": 4,
}


@given(
    st.sampled_from(sorted(RATES)), st.sampled_from(sorted(RATES)), st.sampled_from(["; ", ". ", ", ", " - ", " / "])
)
def test_one_dose_in_two_ways_is_one_dose_and_two_rates_never_less_than_the_higher(
    one: str, two: str, sign: str
) -> None:
    found = said(f"1 tablet {one}{sign}Take 1 tab {two}")
    if RATES[one] == RATES[two]:
        held(f"1 tablet {one}{sign}Take 1 tab {two}", RATES[one], RATES[one])
    else:
        assert found.day.hi is None or found.day.hi >= max(RATES[one], RATES[two])


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("1 tab q6h as needed for pain. Take 1 tablet every 6 hours if needed", 0, 4),
        ("Take 2 tablets 3 times a day, tome 2 tabletas 3 veces al dia", 6, 6),
        # added, at other times, or only one of the two as needed: not the same again
        ("1 tab bid and 1 tab twice a day", 4, 4),
        ("1 tab in the morning; 1 tab at bedtime", 2, 2),
        ("1 tab tid; 1 tab q8h prn", 0, 6),
        # another product beside this one, with its own times or with shared ones
        ("1 tab q8h prn along with one 40 mg tablet daily", 0, 3),
        ("1 tab tid with 80 mg tab bid", 3, 3),
        ("Take 1 tablet with one 10 mg tablet twice daily", 2, 2),
        ("2 tabs bid in addition to the 20 mg tablets every 12 hours", 4, 4),
        ("1 tab tid with food and water", 3, 3),
        ("Start with 5 mg tablet daily", 1, 1),
        # as needed beside what is taken in any case
        ("1 tab q12h scheduled plus 1 tab at noon prn", 2, 3),
        ("2 tabs tid and 1 tab q4h as needed", 6, 12),
        ("1 tab every 8 hours around the clock and 2 tabs at night if needed", 3, 5),
        ("1 tab qam, 1 tab qhs prn", 0, 2),
        ("1 tab bid prn", 0, 2),
        # hours between two doses
        ("1 tab q3h prn, at least 6 hours apart", 0, 4),
        ("2 tabs up to 5 times a day, space 12 hours apart", 0, 4),
        ("1 tab bid, at least 8 hours apart", 2, 2),
        ("1 tab tid for 10 days then discontinue", 0, 3),
    ],
)
def test_what_can_be_told_apart_is_told(text: str, least: float, most: float) -> None:
    held(text, least, most)


@pytest.mark.parametrize(
    "text",
    [
        "1 tab bid with one 5 mg tablet",  # of the product itself: one more each time, or once
        "Take with 15 mg tablet for a total of 20 mg bid",
        "1 tab q6h prn; also takes 40 mg tablet bid",
        "Discontinued: 1 tab bid",
        "1 tab bid (order discontinued)",
        "D/C 2 tabs tid",
        "1 tab q6h. Rx cancelled",
        "discontinue 2 tabs bid, take 1 tab bid",
        "1 tab day 1 ... 3 tabs day 5",
        "1 tab bid ... 2 tabs tid",
    ],
)
def test_what_cannot_stays_open(text: str) -> None:
    stays_open(text)


@given(
    st.integers(2, 12),
    st.sampled_from(["at least {} hours apart", "space {} hours apart", "minimum {} hours between doses"]),
)
def test_hours_apart_never_raise_a_dose(hours: int, way: str) -> None:
    found = said(f"1 tab q4h prn, {way.format(hours)}")
    assert found.day.hi is not None
    assert found.day.hi == min(6, -(-24 // hours))
