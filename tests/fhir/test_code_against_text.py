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


# ---- the title of a code says the same as the code -----------------------------------------------------------

TITLES = {
    "F32.4": ("Major depressive disorder, single episode, in partial remission", "active"),
    "F33.41": ("Recurrent major depressive disorder, in partial remission (HCC)", "active"),
    "F33.42": ("MDD (major depressive disorder), recurrent, in full remission", "remission"),
    "F30.3": ("Manic episode in partial remission", "active"),
    "F31.70": ("Bipolar disorder, currently in remission, most recent episode unspecified", "active"),
    "F31.75": ("Bipolar disorder, in partial remission, most recent episode depressed", "active"),
    "F31.78": ("Bipolar I disorder, most recent episode mixed, in full remission", "active"),
    "F11.21": ("Opioid dependence, in remission", "remission"),
    "F19.21": ("Other psychoactive substance dependence, in remission", "remission"),
    "F10.11": ("Alcohol abuse, in remission", "remission"),
    "F13.21": ("Sedative, hypnotic or anxiolytic dependence, in remission", "remission"),
}


@pytest.mark.parametrize("code", TITLES)
def test_a_title_of_remission_and_its_code_agree(code: str) -> None:
    text, status = TITLES[code]
    found, alone = made(code, text), read(bundle(condition(ICD, code)), TODAY)
    assert not found.report.conflicts
    said = {(c.id, c.status, c.certainty) for c in found.profile.conditions if c.id}
    assert {s for _, s, _ in said} == {status}
    assert said == {(c.id, c.status, c.certainty) for c in alone.profile.conditions if c.id}


@pytest.mark.parametrize("code", ["C90.01", "C91.11", "C92.01", "C83.3A"])
def test_a_cancer_in_remission_is_in_remission_by_code_and_title(code: str) -> None:
    title = {
        "C90.01": "Multiple myeloma in remission",
        "C91.11": "Chronic lymphocytic leukemia of B-cell type in remission",
        "C92.01": "Acute myeloblastic leukemia, in remission",
        "C83.3A": "Diffuse large B-cell lymphoma, in remission",
    }
    assert not made(code, title[code]).report.conflicts
    for found in (made(code, title[code]), read(bundle(condition(ICD, code)), TODAY)):
        assert all(c.certainty == "suspected" for c in found.profile.conditions if c.id)  # active or past is not told


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("F33.41", "Major depressive disorder, recurrent, ruled out"),
        ("F33.42", "No depression"),
        ("F31.74", "Mother with bipolar disorder in full remission"),
        ("F31.71", "Possible bipolar disorder, in partial remission, most recent episode hypomanic"),
        ("F31.76", "Bipolar disorder ruled out"),
        ("F33.1", "Major depressive disorder, recurrent, in full remission"),  # the title of another code
        ("F32.4", "Eczema"),
    ],
)
def test_another_word_beside_a_title_goes_on_counting(code: str, text: str) -> None:
    found = made(code, text)
    assert any("code and text disagree" in note.text for note in found.report.conflicts)
    assert all(c.certainty == "suspected" for c in found.profile.conditions if c.id and c.status == "active")


@given(
    st.sampled_from(sorted(TITLES)),
    st.sampled_from(("no", "not", "denies", "possible", "father with", "r/o", "screen for")),
)
def test_no_word_of_doubt_is_one_of_a_title(code: str, word: str) -> None:
    text = f"{word} {TITLES[code][0]}"
    said = {(c.id, c.certainty) for c in made(code, text).profile.conditions if c.id}
    assert all(certainty == "suspected" for _, certainty in said)
