"""What is asked for and not taken with what stays says that first: it is still true when an emergency is over."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.pages.page import first_page
from pathways.profile import Profile
from pathways.review.case import Case, review

DAY = "2026-11-30"
PERSON = {"age_years": 44, "sex": "female", "setting": "outpatient", "main_pain": "back_axial"}


def medicine(ingredient: str, state: str) -> dict[str, Any]:
    return {"name": ingredient, "ingredients": [ingredient], "state": state, "route": "oral", "purpose": "other"}


def person(*medicines: dict[str, Any], **answers: Any) -> Case:
    data = {"as_of": DAY, "answers": {**PERSON, **answers}, "medicines": list(medicines)}
    return review(Profile.from_dict(data))


@pytest.mark.parametrize("maoi", ["phenelzine", "tranylcypromine"])
@pytest.mark.parametrize("answers", [{"suicide_plan_or_intent": True}, {}])
def test_a_pair_that_excludes_leads_and_stands_on_the_first_page(maoi: str, answers: dict[str, Any]) -> None:
    asked = medicine("tramadol", "proposed"), medicine("cyclobenzaprine", "proposed")
    case = person(medicine(maoi, "current"), *asked, **answers)
    for weighed in case.medicines[1:]:
        assert weighed.verdict == "not_this"
        assert weighed.grounds[0].id == "maoi_medicine_serotonergic"
    [line] = [p for action in first_page(case).do for p in action.parts if p.verb.lower().endswith("not this")]
    assert "tramadol" in line.text.text
    assert "cyclobenzaprine" in line.text.text


def test_of_what_is_in_use_the_emergency_still_decides_how_it_changes() -> None:
    listed = medicine("phenelzine", "current"), medicine("oxycodone", "current")
    case = person(*listed, drowsy_or_confused=True)
    assert case.medicines[1].how == "hold"
