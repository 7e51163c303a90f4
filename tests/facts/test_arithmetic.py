"""Days between dates, and waiting times (B-A11, B-N1). The taper has a test of its own."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.facts.arithmetic import days_between, injection_to_surgery, opioid_free_enough
from pathways.language import Range

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
