"""A medicine that was asked for is judged as the form that it is, and by its treatment's own rules."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.review.medicines import Weighed


def _asked_for(**medicine: Any) -> Weighed:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 50, "oud_status": "active", "surgery_planned": True},
        "medicines": [{"state": "proposed", "purpose": "oud"} | medicine],
        "observations": [{"measure": "surgery", "date": "2026-12-01"}],
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    return review(Profile.from_dict(given)).medicines[0]


def _by_injection(weighed: Weighed) -> bool:
    return any(d.id == "buprenorphine_injection" for d in weighed.grounds)


@pytest.mark.parametrize("route", ["sublingual", "buccal"])
def test_a_tablet_or_film_is_not_judged_by_the_rules_of_the_injection(route: str) -> None:
    asked = _asked_for(name="buprenorphine", ingredients=["buprenorphine"], route=route)
    assert asked.verdict == "start"
    assert not _by_injection(asked)


@pytest.mark.parametrize("route", ["subcutaneous", None])
def test_the_injection_is_and_so_is_what_may_be_one(route: str | None) -> None:
    asked = _asked_for(name="buprenorphine", ingredients=["buprenorphine"], **({"route": route} if route else {}))
    assert asked.verdict == "start_with"
    assert _by_injection(asked)
