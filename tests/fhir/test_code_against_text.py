"""A problem whose code says one thing and whose text another: neither is used surely, and the report says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.fhir import Imported, read
from tests.fhir.requests import ICD, TODAY, condition
from tests.fhir.test_in_use import bundle

CONTENT = load_content()


def made(code: str, text: str, display: str = "") -> Imported:
    what = {"coding": [{"system": ICD, "code": code, "display": display}], "text": text}
    return read(bundle(condition(ICD, code, code=what)), TODAY)


CODED = {
    "F33.1": ("major_depression", "Recurrent depression"), "J44.9": ("copd", "COPD"), "G47.33": ("sleep_apnea", "Obstructive sleep apnea"),
    "I50.9": ("heart_failure", "Congestive heart failure"), "F43.10": ("ptsd", "PTSD"), "K74.60": ("cirrhosis", "Liver cirrhosis"),
}  # fmt: skip  # data, read across
OTHERS = (
    "Bereavement",
    "Cough",
    "Grief reaction",
    "Eczema",
    "Kidney stones",
    "Vitamin D deficiency",
    "Marital problem",
    "GERD",
)


@given(st.sampled_from(sorted(CODED)), st.sampled_from(OTHERS))
def test_a_text_that_names_something_else_leaves_the_code_in_doubt(code: str, text: str) -> None:
    found = made(code, text)
    sure = {one.id: one.certainty for one in found.profile.conditions if one.id}
    assert sure == {CODED[code][0]: "suspected"}
    assert any("code and text disagree" in note.text for note in found.report.conflicts)


@given(
    st.sampled_from(sorted(CODED)),
    st.sampled_from(("", "Zorblax", "Stable", "Follow-up", "see chart", "chronic", "Dépression")),
)
def test_a_text_that_names_nothing_leaves_it_sure(code: str, text: str) -> None:
    assert {one.certainty for one in made(code, text).profile.conditions if one.id} == {"confirmed"}


@given(st.sampled_from(sorted(CODED)), st.sampled_from(OTHERS), st.sampled_from((" and ", "; ", ", ")))
def test_a_text_that_names_it_beside_something_else_leaves_it_sure(code: str, other: str, joined: str) -> None:
    id, name = CODED[code]
    found = made(code, f"{name}{joined}{other}")
    assert {one.certainty for one in found.profile.conditions if one.id == id} == {"confirmed"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("G56.01", "Carpal tunnel syndrome, right upper limb"), ("K29.51", "Unspecified chronic gastritis with bleeding"),
        ("L40.50", "Arthropathic psoriasis, unspecified"), ("F33.1", "Major depressive disorder, recurrent, moderate"),
        ("N18.4", "Chronic kidney disease, stage 4 (severe)"), ("F20.9", "Hallucinations"), ("I25.10", "Chest pain"),
    ],
)  # fmt: skip  # data, read across
def test_a_title_or_a_sign_of_the_problem_leaves_it_sure(code: str, text: str) -> None:
    for found in (made(code, text), made(code, "", text), made(code, text, text)):
        assert "suspected" not in {one.certainty for one in found.profile.conditions if one.id}


def test_the_title_of_a_code_does_not_outvote_the_text_of_a_person() -> None:
    found = made("F33.1", "Grief", "Major depressive disorder, recurrent, moderate")
    assert {one.certainty for one in found.profile.conditions if one.id} == {"suspected"}
    assert {one.certainty for one in made("F11.20", "Chronic pain").profile.conditions if one.id} == {"suspected"}
