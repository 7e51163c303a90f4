"""A code that is typed as a problem text: it says what it says as a code, and never more than its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.fhir.codes import of_code
from pathways.fhir.plain import Coding
from pathways.intake.problems import entries, read_problem

CONTENT = load_content()
CODES = sorted(
    {
        one.partition("|")[2]
        for codes in CONTENT.code_sets.values()
        for one in (*codes.holds, *codes.leaves_out)
        if one.startswith("icd|") and "." in one
    }
)


def found(text: str) -> set[tuple[str | None, str, str]]:
    read = read_problem(text, CONTENT)
    return {(one.id, one.status, one.certainty) for one in entries(read, text, CONTENT)}


@pytest.mark.parametrize("code", CODES)
def test_a_typed_code_says_what_the_code_says_or_stays_open(code: str) -> None:
    read = read_problem(code, CONTENT)
    if not read.mentions:
        assert read.open == frozenset(CONTENT.condition_groups)
        return
    assert {m.codes.id for m in read.mentions} == {s.id for s in of_code(Coding("icd", code, ""), CONTENT)}
    assert all(
        m.how == (m.codes.status if m.codes.status in ("remission", "resolved") else "is") for m in read.mentions
    )


@pytest.mark.parametrize(
    ("text", "id", "status"),
    [
        ("F11.20", "opioid_dependence_code", "active"),
        ("ICD-10: f10.21", "alcohol_use_disorder", "remission"),
        ("G47.33 - obstructive sleep apnea", "sleep_apnea", "active"),
        ("Opioid use disorder [F11.20]", "opioid_dependence_code", "active"),
        ("Alcohol use disorder, in remission (F10.21)", "alcohol_use_disorder", "remission"),
    ],
)
def test_a_code_alone_or_beside_words_that_say_the_same(text: str, id: str, status: str) -> None:
    assert {(one, state) for one, state, _ in found(text)} == {(id, status)}


@pytest.mark.parametrize(
    "text",
    [
        "OUD (F11.21)",  # the code says remission
        "Mother with OUD (F11.20)",
        "OUD ruled out (F11.20)",
        "F11.20 ruled out",
        "COPD (F11.20)",
        "F11.20 grelling",
        "F11.20?",
        "? F11.20",
        "F11.20 vs F10.20",
        "T36",
        "B12.5",
        "Z99.99",
    ],
)
def test_words_that_say_something_else_leave_it_open(text: str) -> None:
    assert all(certainty == "suspected" for id, _, certainty in found(text) if id)
    assert any(id is None for id, _, _ in found(text))


@given(
    st.sampled_from(CODES), st.sampled_from(("no", "denies", "r/o", "father:", "screen for", "possible", "zzyx", "?"))
)
def test_no_word_before_a_code_is_passed_over(code: str, word: str) -> None:
    assert all(certainty == "suspected" for id, _, certainty in found(f"{word} {code}") if id)
