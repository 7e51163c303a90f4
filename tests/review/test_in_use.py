"""A decision to go on with an opioid is about the one that may stay: another that has to change does not close it."""

from __future__ import annotations

import pytest

from pathways import Profile, review
from pathways.review.case import Case

GOES_ON = "opioid_continue"


def taking(*ingredients: str) -> Case:
    """A person whose opioid helps, on these medicines for pain."""
    medicines = [{"ingredients": [one], "state": "current", "purpose": "pain"} for one in ingredients]
    return review(
        Profile.from_dict(
            {
                "as_of": "2026-11-16",
                "answers": {"age_years": 50, "main_pain": "neuropathy_other", "opioid_helps": "yes"},
                "medicines": medicines,
            }
        )
    )


@pytest.mark.parametrize("stays", ["oxycodone", "morphine", "hydrocodone"])
def test_one_of_two_opioids_that_has_to_change_leaves_the_other(stays: str) -> None:
    case = taking(stays, "tramadol", "carbamazepine")
    assert next(w.verdict for w in case.medicines if w.ingredients == ("tramadol",)) == "change"
    assert case.option(GOES_ON).safety != "contraindicated"


@pytest.mark.parametrize("closing", ["carbamazepine"])
def test_the_only_opioid_that_has_to_change_is_not_kept(closing: str) -> None:
    case = taking("tramadol", closing)
    assert case.option(GOES_ON).safety == "contraindicated"
    assert case.option(GOES_ON).verb == "Change"
