"""The lines of a first page stand by weight: OUD medication that goes on and the relief of acute or cancer pain within the
first three, naloxone that is not in place above what only eases."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages.page import MOST_WORDS, first_page
from pathways.review.actions import actions_of, first_actions

BUPRENORPHINE: dict[str, Any] = {
    "name": "buprenorphine/naloxone 8/2 mg", "ingredients": ["buprenorphine", "naloxone"], "route": "sublingual",
    "state": "current", "purpose": "oud", "dose": {"buprenorphine": 8}, "per_day_min": 2, "per_day_max": 2,
}  # fmt: skip  # data, read across
METHADONE: dict[str, Any] = {
    "name": "methadone 80 mg", "ingredients": ["methadone"], "route": "oral", "state": "current", "purpose": "oud",
    "dose": {"methadone": 80}, "per_day_min": 1, "per_day_max": 1, "source": "otp",
}  # fmt: skip  # data, read across
OXYCODONE: dict[str, Any] = {
    "name": "oxycodone 10 mg", "ingredients": ["oxycodone"], "route": "oral", "state": "current", "purpose": "pain",
    "dose": {"oxycodone": 10}, "per_day_min": 3, "per_day_max": 3,
}  # fmt: skip  # data, read across
SPRAY: dict[str, Any] = {
    "name": "naloxone nasal spray",
    "ingredients": ["naloxone"],
    "route": "nasal",
    "state": "current",
}
FRACTURE = {"setting": "emergency_department", "main_pain": "injury", "pain_course": "acute", "acute_injury": True}


def case_of(answers: dict[str, Any], *medicines: dict[str, Any], conditions: tuple[str, ...] = ()) -> Case:
    listed = [{"id": id} for id in conditions]
    return review(
        Profile.from_dict(
            {"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines), "conditions": listed}
        )
    )


def lines(case: Case) -> list[str]:
    return [" ".join(f"{part.verb} {part.text.text}" for part in action.parts) for action in first_page(case).do]


def place(case: Case, *words: str) -> int:
    return next((n for n, line in enumerate(lines(case)) if any(w in line.lower() for w in words)), 99)


@pytest.mark.parametrize("moud", [BUPRENORPHINE, METHADONE], ids=["buprenorphine", "methadone"])
@pytest.mark.parametrize("pain", [FRACTURE, {"main_pain": "back_axial", "pain_months": 30}], ids=["fracture", "back"])
def test_oud_medication_that_goes_on_is_in_the_first_lines(moud: dict[str, Any], pain: dict[str, Any]) -> None:
    case = case_of({"age_years": 40, "oud_status": "remission", **pain}, moud)
    assert place(case, moud["ingredients"][0]) < 3
    assert first_page(case).words() <= MOST_WORDS


@pytest.mark.parametrize("medicines", [(), (METHADONE,), (BUPRENORPHINE,)], ids=["none", "methadone", "buprenorphine"])
def test_relief_of_acute_pain_shares_one_of_the_first_lines(medicines: tuple[dict[str, Any], ...]) -> None:
    case = case_of({"age_years": 40, **FRACTURE}, *medicines)
    assert place(case, "acetaminophen") == place(case, "nsaid") < 3


@pytest.mark.parametrize("moud", [None, METHADONE], ids=["none", "methadone"])
def test_cancer_pain_is_treated_in_the_first_lines(moud: dict[str, Any] | None) -> None:
    answers = {"age_years": 66, "main_pain": "cancer", "pain_months": 3, "pain_undertreated": True}
    case = case_of(answers, OXYCODONE, *([moud] if moud else []), conditions=("cancer_active",))
    assert place(case, "cancer pain") < 3


@pytest.mark.parametrize("medicine", [OXYCODONE, BUPRENORPHINE, METHADONE], ids=lambda m: m["ingredients"][0])
def test_naloxone_that_is_not_in_place_stands_above_what_only_eases(medicine: dict[str, Any]) -> None:
    answers = {"age_years": 40, "main_pain": "back_axial", "pain_months": 30, "oud_status": "remission"}
    page = place(case_of(answers, medicine), "naloxone and", "give naloxone")
    assert page < min(place(case_of(answers, medicine), w) for w in ("acupuncture", "peer or", "heat or cold"))


def test_naloxone_that_is_in_place_is_folded() -> None:
    answers = {"age_years": 40, "main_pain": "back_axial", "pain_months": 30, "oud_status": "remission"}
    case = case_of(answers, BUPRENORPHINE, SPRAY)
    assert not [a for a in actions_of(case) if a.vital]
    assert not [line for line in lines(case) if line.startswith("Offer Naloxone")]


def test_without_an_opioid_or_oud_nothing_moves() -> None:
    case = case_of({"age_years": 40, "main_pain": "back_axial", "pain_months": 30, "oud_status": "none"})
    assert not [a for a in actions_of(case) if a.vital]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5])
def test_where_weightier_lines_fill_the_page_it_heads_the_folded_one(most: int) -> None:
    case = case_of({"age_years": 40, "oud_status": "remission", **FRACTURE}, METHADONE)
    shown = first_actions(actions_of(case), most)
    assert any("naloxone" in part.text.text.lower() for action in shown for part in action.parts)
    assert shown[-1].parts[0].verb == "Standing care" or most > 4
