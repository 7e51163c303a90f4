"""What an error message suggests: the nearest spelling, and nothing at all when none is near."""

from __future__ import annotations

from pathways.language.nearest import did_you_mean, nearest

NAMES = ("qtc_ms", "age_years", "takes_opioid")


def test_a_slip_finds_its_name_whatever_the_case() -> None:
    assert nearest("QTC_msec", NAMES) == "qtc_ms"
    assert did_you_mean("takes_opioids", NAMES) == " Did you mean 'takes_opioid'?"


def test_nothing_is_suggested_that_is_not_near() -> None:
    assert nearest("colour", NAMES) is None
    assert did_you_mean("colour", NAMES) == ""
    assert did_you_mean("colour", []) == ""


def test_a_short_name_is_suggested_only_one_that_begins_alike() -> None:
    assert nearest("oud", ["gout", "loud"]) is None
    assert nearest("gut", ["gout"]) == "gout"
    assert nearest("oudd_status", ["oud_status"]) == "oud_status"
