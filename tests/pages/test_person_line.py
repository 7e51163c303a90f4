"""A case without a title is headed by the person in one sentence, said once, and a view for others has age and pain alone."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review, sheet_html
from pathways.pages import first_page
from pathways.pages.person_line import NOTHING, person_line
from pathways.review.case import Case
from tests.pages.drawn import seen, tree

ANSWERS: dict[str, Any] = {"age_years": 58, "main_pain": "neck", "pain_months": 96, "oud_status": "active"}


def person(answers: dict[str, Any], *names: str, title: str = "") -> Case:
    medicines = [{"ingredients": [one], "state": "current"} for one in names]
    given = {"as_of": "2026-11-16", "title": title, "answers": answers, "medicines": medicines}
    return review(Profile.from_dict(given))


def test_the_sentence_heads_a_case_without_a_title_and_stands_once() -> None:
    case = person(ANSWERS, "alprazolam", "oxycodone")
    told = "58 years old, neck pain for 8 years, on oxycodone and alprazolam, OUD active"
    assert person_line(case).text == told
    body = seen(next(tree(sheet_html(case)).all("body")))
    assert body.count(told) == 1
    assert set(person_line(case).origin) >= {
        "answers.age_years",
        "answers.main_pain",
        "answers.oud_status",
        "medicines.0",
    }


def test_a_title_of_its_own_stands() -> None:
    assert first_page(person(ANSWERS, title="Neck pain and a plan")).title.text == "Neck pain and a plan"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, NOTHING),
        ({"age_years": 30}, "30 years old, OUD not assessed"),
        ({"main_pain": "neck"}, "Neck pain, OUD not assessed"),
        ({"pain_months": 1}, "Pain for 1 month, OUD not assessed"),
        ({"age_years": 30, "sex": "female", "pregnant": True}, "30 years old, pregnant, OUD not assessed"),
        ({"age_years": 30, "oud_status": "none"}, "30 years old, OUD assessed, none"),
    ],
)
def test_what_is_not_known_is_not_made_up(answers: dict[str, Any], told: str) -> None:
    assert person_line(person(answers)).text == told


def test_many_medicines_are_counted() -> None:
    case = person(ANSWERS, "oxycodone", "alprazolam", "sertraline", "lisinopril", "metformin")
    assert ", on oxycodone, alprazolam, sertraline and 2 more," in person_line(case).text


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        (["naloxone_rescue"], "Naloxone at home (or nalmefene), OUD not assessed"),
        (["opioid_for_pain"], "On opioid prescribed for pain, OUD not assessed"),
        (["methadone_oud"], "On methadone for OUD (OTP), OUD"),
        (["cns_depressant_other"], "On other sedating medicine, OUD not assessed"),
        (
            ["naloxone_rescue", "methadone_oud", "opioid_for_pain", "ssri", "gabapentinoid"],
            "On methadone for OUD (OTP), opioid prescribed for pain, SSRI and 1 more, naloxone at home (or nalmefene), OUD",
        ),
    ],
)
def test_a_class_is_said_in_words_and_naloxone_at_home_is_not_taken(classes: list[str], told: str) -> None:
    medicines = [{"class": one, "state": "current"} for one in classes]
    case = review(Profile.from_dict({"as_of": "2026-11-16", "medicines": medicines}))
    assert person_line(case).text == told
    body = seen(next(tree(sheet_html(case)).all("body")))
    assert not [word for word in body.split() if any(id in word for id in classes if "_" in id)]
