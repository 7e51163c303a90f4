"""A first page says which sign is present, starts nothing sedating under a drowsiness emergency, and says plainly what is open."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages.page import MOST_WORDS, first_page

OXYCODONE: dict[str, Any] = {
    "name": "oxycodone 10 mg", "ingredients": ["oxycodone"], "route": "oral", "state": "current", "purpose": "pain",
    "dose": {"oxycodone": 10}, "per_day_min": 3, "per_day_max": 3,
}  # fmt: skip  # data, read across


def case_of(answers: dict[str, Any], *medicines: dict[str, Any]) -> Case:
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines)}))


def urgent(case: Case) -> str:
    asked = first_page(case).asked
    return asked.text if asked else ""


@pytest.mark.parametrize(("sign", "name"), [("fever", "fever"), ("in_opioid_withdrawal", "in opioid withdrawal now")])
def test_a_sign_without_a_box_is_named(sign: str, name: str) -> None:
    case = case_of({"age_years": 40, "main_pain": "back_axial", sign: True})
    assert not first_page(case).red
    assert f"1 yes ({name})" in urgent(case)


def test_a_sign_with_a_box_and_no_sign_are_not_named_twice() -> None:
    boxed = case_of({"age_years": 40, "drowsy_or_confused": True}, OXYCODONE)
    assert first_page(boxed).red
    assert "present (" not in urgent(boxed)
    assert ", none" in urgent(case_of({"age_years": 40, "fever": False}))


@pytest.mark.parametrize("pain", ["neuropathy_diabetic", "fibromyalgia", "back_axial"])
def test_nothing_that_sedates_is_a_choice_under_drowsiness(pain: str) -> None:
    answers = {"age_years": 50, "main_pain": pain, "pain_months": 30}
    drowsy, awake = (case_of({**answers, "drowsy_or_confused": state}, OXYCODONE) for state in (True, False))
    new = {"duloxetine", "venlafaxine", "milnacipran", "nortriptyline", "gabapentin", "pregabalin"}

    def chosen(case: Case) -> set[str]:
        return {i.id for plan in case.shown.plans for i in plan.items if i.verb in ("Offer", "Consider", "Check first")}

    assert not chosen(drowsy) & new
    assert chosen(awake) & new
    assert first_page(drowsy).words() <= MOST_WORDS
