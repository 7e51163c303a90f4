"""Law 8: pain and OUD are each addressed in every plan, or one line says why not."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.profiles import random_data
from tests.reviews import NAMES, data

ANSWERED = ("addressed", "in_place", "partly")
SIDES = {"pain": ("pain",), "oud": ("oud",)}


def one_sided(found: dict[str, Any]) -> Iterator[str]:
    """Every plan of a review in which a side is not addressed, without a line that names that side or its need."""
    line = found["single_sided"].lower()
    for n, plan in enumerate(found["plans"], 1):
        for side, names in SIDES.items():
            needs = [need for need in found["needs"] if need["side"] == side]
            assert needs
            if any(plan["needs"][need["id"]] in ANSWERED for need in needs):
                continue
            titles = [need["title"].lower() for need in needs]
            if not any(name in line for name in (*names, *titles)):
                yield f"plan {n}: nothing for {side}, and the line says “{line}”"


@pytest.mark.parametrize("name", NAMES)
def test_every_plan_of_a_sample_case_has_both_sides_or_says_why(name: str) -> None:
    assert list(one_sided(data(name))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_every_plan_of_random_people_has_both_sides_or_says_why(seed: int) -> None:
    profile = Profile.from_dict(random_data(Random(1000 + seed), load_content()))
    assert list(one_sided(case_data(review(profile)))) == []


def test_a_line_that_is_missing_is_noticed() -> None:
    found = data("back_pain_120_mme")
    assert found["plans"]
    assert found["single_sided"]
    assert list(one_sided({**found, "single_sided": ""}))


def test_a_side_without_an_answer_is_noticed() -> None:
    found = data("neuropathy_fentanyl")
    plans = [{**plan, "needs": {**plan["needs"], "oud_treatment": "open"}} for plan in found["plans"]]
    assert not list(one_sided(found))
    lacking = {**found, "plans": plans}
    oud = [n["id"] for n in found["needs"] if n["side"] == "oud"]
    for plan in plans:
        plan["needs"] |= dict.fromkeys(oud, "open")
    assert list(one_sided(lacking))
