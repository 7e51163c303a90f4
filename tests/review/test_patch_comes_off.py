"""A patch acts while it is worn: where the next tablet would be held, the patch comes off."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.care.handout import handout
from pathways.pages.page import first_page

DROWSY = {"age_years": 62, "setting": "outpatient", "main_pain": "back_axial", "drowsy_or_confused": True}


def _case(answers: dict[str, Any], *medicines: dict[str, Any], conditions: tuple[str, ...] = ()) -> Case:
    listed = [{"state": "current", "purpose": "pain", **m} for m in medicines]
    data = {"as_of": "2026-11-30", "answers": answers, "medicines": listed}
    return review(Profile.from_dict(data | {"conditions": [{"id": id} for id in conditions]}))


def _patch(ingredient: str, **more: Any) -> dict[str, Any]:
    return {"name": f"{ingredient} patch", "ingredients": [ingredient], "route": "transdermal", **more}


@pytest.mark.parametrize("ingredient", ["fentanyl", "buprenorphine"])
@pytest.mark.parametrize(
    ("answers", "conditions"),
    [(DROWSY, ()), ({**DROWSY, "drowsy_or_confused": False}, ("bowel_obstruction",))],
    ids=["drowsy", "blocked gut"],
)
def test_a_patch_comes_off_where_a_tablet_is_held(
    ingredient: str, answers: dict[str, Any], conditions: tuple[str, ...]
) -> None:
    tablet = {"name": "oxycodone", "ingredients": ["oxycodone"], "route": "oral"}
    case = _case(answers, _patch(ingredient), tablet, conditions=conditions)
    assert [w.how for w in case.medicines] == ["take_off", "hold"]
    told = " ".join(one.text for one in handout(case).told() if "patch" in one.title)
    assert "Take the patch off now" in told
    assert "next dose" not in told


def test_the_first_page_of_a_drowsy_person_says_that_the_patch_comes_off() -> None:
    said = str(first_page(_case(DROWSY, _patch("fentanyl", dose={"fentanyl": 50}, unit="mcg/h"))))
    assert "Take the opioid patch off now; watch for 24 hours or more" in said
    tablets = str(first_page(_case(DROWSY, {"name": "oxycodone", "ingredients": ["oxycodone"], "route": "oral"})))
    assert "patch off" not in tablets


def test_a_patch_of_an_awake_person_stays_on() -> None:
    case = _case({**DROWSY, "drowsy_or_confused": False}, _patch("fentanyl"))
    assert case.medicines[0].how is None
