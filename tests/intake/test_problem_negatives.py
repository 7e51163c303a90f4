"""Short ways to write "negative" in a problem text: of the problem, of a test, of a receptor, and of a mood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.intake.problems import entries, read_problem

CONTENT = load_content()
NAMED = {"asthma": "asthma", "Sleep apnea": "sleep_apnea", "PTSD": "ptsd", "COPD": "copd", "Cirrhosis": "cirrhosis"}
NEGATIVES = ("neg", "Neg.", "NEG", "negative", "(-)", "-ve", "(neg)", ": neg", " - negative", "=neg")
AHEAD = ("neg for ", "Neg. ", "neg: ", "NEGATIVE FOR ", "(-) ", "-ve for ", "(-)")


def sure(text: str) -> dict[str, str]:
    """How sure each problem is that a text names."""
    return {one.id: one.certainty for one in entries(read_problem(text, CONTENT), text, CONTENT) if one.id}


@given(st.sampled_from(sorted(NAMED)), st.sampled_from(NEGATIVES))
def test_a_problem_that_is_negative_is_not_there(name: str, how: str) -> None:
    text = f"{name}{'' if how[0] in ' :=' else ' '}{how}"
    assert sure(text) == {}
    assert read_problem(text, CONTENT).whole


@given(st.sampled_from(sorted(NAMED)), st.sampled_from(AHEAD))
def test_negative_for_a_problem_is_not_there(name: str, how: str) -> None:
    assert sure(f"{how}{name}") == {}
    assert read_problem(f"{how}{name}", CONTENT).whole


@given(st.sampled_from(sorted(NAMED)), st.sampled_from(sorted(NAMED)), st.sampled_from(("; ", ". ", "\n")))
def test_the_problem_beside_it_is_there(one: str, other: str, between: str) -> None:
    if one != other:
        assert NAMED[other] not in sure(f"{one}{between}neg {other}")
        assert sure(f"{one}{between}neg {other}")[NAMED[one]] == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "COPD, neg chest x-ray", "Seizures neg EEG", "Stroke - negative MRI", "Asthma with negative spirometry",
        "not negative for asthma", "Cirrhosis never negative", "PTSD neg?",
    ],
)  # fmt: skip  # data, read across
def test_a_negative_test_neither_denies_a_problem_nor_leaves_it_sure(text: str) -> None:
    assert set(sure(text).values()) <= {"suspected"}
    assert all(mention.how in ("maybe", "open") for mention in read_problem(text, CONTENT).mentions)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Alcohol use disorder, neg UDS", "alcohol_use_disorder"), ("Alcohol use disorder with clean drug screen", "alcohol_use_disorder"),
        ("Schizophrenia with prominent negative symptoms", "psychosis"), ("Major depression, negative self-talk", "major_depression"),
        ("Asthma; neg chest x-ray", "asthma"),
    ],
)  # fmt: skip  # data, read across
def test_what_else_is_negative_leaves_the_problem_there(text: str, id: str) -> None:
    assert sure(text)[id] == "confirmed"


@pytest.mark.parametrize(
    "text",
    [
        "Triple-negative breast cancer",
        "HER2 neg breast cancer",
        "Breast cancer, ER+/PR+/HER2-",
        "Node-negative colon cancer",
    ],
)
def test_a_receptor_is_no_denial(text: str) -> None:
    read = read_problem(text, CONTENT)
    assert [mention.how for mention in read.mentions] == ["is"]
    assert read.whole


@pytest.mark.parametrize("text", ["HIV antibody negative", "HIV Ab neg", "HIV neg on repeat test"])
def test_a_test_of_the_problem_itself_is_never_a_yes(text: str) -> None:
    assert "confirmed" not in sure(text).values()


@pytest.mark.parametrize("text", ["COPD, negative mood", "negative affect"])
def test_a_negative_mood_stays_open(text: str) -> None:
    assert "depression" in read_problem(text, CONTENT).open
