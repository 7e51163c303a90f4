"""A medicine that was asked for gets the same answer as the treatment that it is: in the verdict, on the page, as data."""

from __future__ import annotations

from datetime import date

import pytest

from pathways import Profile, load_content, review
from pathways.care.handout import handout
from pathways.pages.data import case_data
from pathways.review.case import Case
from pathways.review.special import special

CONTENT = load_content()
WHOLE = {"conditions": "yes", "medicines": "yes", "observations": "yes"}


def _case(proposed: str, *, answers: dict[str, object] | None = None, conditions: tuple[str, ...] = ()) -> Case:
    profile = Profile.from_dict(
        {
            "as_of": date(2026, 11, 16),
            "answers": {"age_years": 50, "sex": "male", **(answers or {})},
            "conditions": [{"id": id, "status": "active"} for id in conditions],
            "medicines": [{"ingredients": [proposed], "state": "proposed", "purpose": "pain"}],
            "complete": WHOLE,
        }
    )
    return review(profile)


INGREDIENTS = sorted({i for t in CONTENT.treatments.values() for i in t.medicines})
CONDITIONS = ("dialysis", "cirrhosis", "heart_failure")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_answer_to_a_medicine_is_never_better_than_that_to_its_treatments(condition: str) -> None:
    closed = 0
    for ingredient in INGREDIENTS:
        case = _case(ingredient, answers={"oud_status": "active"}, conditions=(condition,))
        if any(o.safety != "contraindicated" for o in case.options if ingredient in o.record.medicines):
            continue
        closed += 1
        [weighed] = case.medicines
        assert weighed.verdict == "not_this", ingredient
        assert weighed.grounds[0].label, ingredient
        assert weighed.grounds[0].source, ingredient
        assert next(line for line in special(case) if line.id == "medicines.0").verb == "Not this", ingredient
        data = case_data(case)["medicines"][0]
        assert data["verdict"] == "not_this", ingredient
        assert data["because"], ingredient
    assert closed, "no treatment is closed by this condition: the test would pass for want of a case"


def test_what_closes_it_only_as_a_treatment_is_its_reason_everywhere() -> None:
    case = _case("tramadol", answers={"oud_status": "active"})
    [weighed] = case.medicines
    assert weighed.verdict == "not_this"
    assert weighed.grounds[0].label in {c.label for c in case.option("tramadol").closed_by}
    assert any("Not for you now" in told.title for told in handout(case).planned)


def test_what_was_bought_is_verified_and_never_kept() -> None:
    profile = Profile.from_dict(
        {
            "as_of": date(2026, 11, 16),
            "answers": {"age_years": 31},
            "medicines": [{"ingredients": ["heroin"], "state": "current", "source": "nonprescribed"}],
        }
    )
    case = review(profile)
    assert case.medicines[0].verb == "Verify"
    assert not any(line.verb.startswith("Keep") for line in special(case))
