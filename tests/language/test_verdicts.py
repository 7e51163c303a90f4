"""One person and many: the same exact verdicts. And why: what decided, what would settle."""

from __future__ import annotations

import math

import polars as pl
import pytest

from pathways.cohort.rules import columns_for, compile_table, verdicts
from pathways.language import (
    Choice,
    ConditionError,
    Explanation,
    Is,
    Number,
    Range,
    TooManyCellsError,
    Value,
    YesNo,
    compile_person,
    distinguish,
    equivalent,
    explain,
    mutants,
    parse,
)

SCHEMA = {
    "a": YesNo(),
    "b": YesNo(),
    "c": YesNo(),
    "d": YesNo(),
    "age": Number(0, 120),
    "criteria": Number(0, 11),
    "inr": Number(0, 20, 1),
    "free": Number(),
    "sex": Choice(("female", "male")),
    "severity": Choice(("none", "mild", "severe")),
}
INF = math.inf


BY_SEX = "(sex = 'female' AND criteria >= 3) OR (sex = 'male' AND criteria >= 4)"


def node(text: str):
    return parse(text, SCHEMA)


@pytest.mark.parametrize(
    ("text", "known", "verdict"),
    [
        # Unknown is neither yes nor no, and missing is unknown.
        ("a", {"a": True}, True),
        ("a", {"a": False}, False),
        ("a", {"a": None}, None),
        ("a", {}, None),
        ("NOT a", {}, None),
        # One answer can be enough.
        ("a AND b", {"a": False}, False),
        ("a OR b", {"b": True}, True),
        ("a AND b", {"a": True}, None),
        # A number may be partly known: three criteria met, five not asked.
        ("criteria >= 2", {"criteria": Range(3, 8)}, True),
        ("criteria >= 6", {"criteria": Range(3, 8)}, None),
        ("criteria > 8", {"criteria": Range(3, 8)}, False),
        ("criteria BETWEEN 2 AND 9", {"criteria": Range(3, 8)}, True),
        ("criteria NOT BETWEEN 2 AND 9", {"criteria": Range(3, 8)}, False),
        ("criteria = 5", {"criteria": Range(5, 5)}, True),
        ("criteria <> 5", {"criteria": Range(3, 8)}, None),
        # An open end is the declared one.
        ("age BETWEEN 65 AND 120", {"age": Range(70, INF)}, True),
        ("age <= 17", {"age": Range(-INF, 17)}, True),
        # So may a choice.
        ("severity IN ('mild', 'severe')", {"severity": frozenset(["mild", "severe"])}, True),
        ("severity = 'mild'", {"severity": frozenset(["mild", "severe"])}, None),
        ("severity = 'none'", {"severity": frozenset(["mild", "severe"])}, False),
        ("severity <> 'none'", {}, None),
        # Whatever the answer, the verdict is the same: then it is known.
        ("a OR NOT a", {}, True),
        ("(a AND b) OR (NOT a AND b)", {"b": True}, True),
        (
            "(sex = 'female' AND criteria >= 3) OR (sex = 'male' AND criteria >= 4)",
            {"criteria": Range(5, 5)},
            True,
        ),
        (
            "(sex = 'female' AND criteria >= 3) OR (sex = 'male' AND criteria >= 4)",
            {"criteria": Range(3, 3)},
            None,
        ),
        ("severity <> 'mild' OR severity <> 'none'", {}, True),
        ("age < 18 OR age BETWEEN 18 AND 64 OR age >= 65", {}, True),
        # Between two whole numbers there is nothing; between two others there is.
        ("age <= 17 OR age >= 18", {}, True),
        ("inr <= 1.7 OR inr >= 1.8", {}, None),
        ("free > 3 AND free < 4", {}, False),
        # Age 20 to 30 cannot be both under 18 and over 65, but may be neither.
        ("age < 25 OR age >= 65", {"age": Range(20, 30)}, None),
        ("age < 18 OR age >= 65", {"age": Range(20, 30)}, False),
    ],
)
def test_the_verdict_on_one_person_and_in_a_table(text: str, known: dict[str, Value], verdict: bool | None) -> None:
    assert compile_person(node(text), SCHEMA)(known) is verdict
    frame = columns_for(SCHEMA, [known])
    assert verdicts(frame, {"it": compile_table(node(text), SCHEMA)})["it"].to_list() == [verdict]


def test_a_value_of_the_wrong_kind_is_an_error_and_not_unknown() -> None:
    for text, known in (
        ("age > 5", {"age": 7}),
        ("a", {"a": 1}),
        ("severity = 'mild'", {"severity": "mild"}),
        ("severity = 'mild'", {"severity": False}),
    ):
        with pytest.raises(TypeError, match="give"):
            compile_person(node(text), SCHEMA)(known)  # type: ignore[arg-type]


def test_a_tree_that_does_not_fit_is_refused() -> None:
    for build in (compile_person, compile_table):
        with pytest.raises(ConditionError):
            build(Is("age"), SCHEMA)


# --- tables


def test_the_columns_of_a_table() -> None:
    rows = [{"a": True, "age": Range(40, 50), "severity": frozenset(["none", "severe"])}, {}]
    frame = columns_for({name: SCHEMA[name] for name in ("a", "age", "severity")}, rows)
    assert frame.to_dict(as_series=False) == {
        "a": [True, None],
        "age__lo": [40.0, 0.0],
        "age__hi": [50.0, 120.0],
        "severity__may": [0b101, None],
    }
    with pytest.raises(ValueError, match="row 1: age cannot be"):
        columns_for(SCHEMA, [{}, {"age": Range(130, 130)}])


def test_null_and_not_a_number_are_unknown() -> None:
    frame = pl.DataFrame({"age__lo": [None, math.nan, 70.0], "age__hi": [None, math.nan, 70.0]})
    compiled = {
        "old": compile_table(node("age >= 65"), SCHEMA),
        "young": compile_table(node("age < 18"), SCHEMA),
    }
    assert verdicts(frame, compiled).to_dict(as_series=False) == {
        "old": [None, None, True],
        "young": [None, None, False],
    }


def test_what_is_always_true_still_gives_one_verdict_a_row() -> None:
    frame = columns_for(SCHEMA, [{}, {}, {}])
    assert verdicts(frame, {"it": compile_table(node("a OR NOT a"), SCHEMA)})["it"].to_list() == [True] * 3


# --- why


def test_because_names_just_enough_facts() -> None:
    both = {"a": True, "b": True, "c": True}
    assert explain(node("a AND b"), SCHEMA, both) == Explanation(True, because=("a", "b"))
    assert explain(node("a OR b OR c"), SCHEMA, both) == Explanation(True, because=("a",))
    assert explain(node("a AND NOT (b OR c)"), SCHEMA, both) == Explanation(False, because=("b",))
    assert explain(node("a OR NOT a"), SCHEMA, both) == Explanation(True, because=())


def test_settle_names_the_smallest_sets_whose_answers_would_decide() -> None:
    found = explain(node("a AND (b OR c)"), SCHEMA, {})
    assert found == Explanation(None, settle=(("a",), ("b", "c")), matters=("a", "b", "c"))
    found = explain(node("(a OR b) AND (c OR d)"), SCHEMA, {})
    assert found.settle == (("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"))


def test_what_cannot_change_the_verdict_does_not_matter() -> None:
    assert explain(node("(a AND b) OR c"), SCHEMA, {"b": False}).matters == ("c",)
    # Term by term a seems to matter, but the condition says no more than b.
    assert explain(node("(a AND b) OR b"), SCHEMA, {}).matters == ("b",)
    assert explain(node("(a AND b) OR (NOT a AND b) OR c"), SCHEMA, {}).matters == ("b", "c")


def test_a_partly_known_fact_can_decide_or_be_asked_about() -> None:
    assert explain(node("criteria >= 2"), SCHEMA, {"criteria": Range(3, 8)}).because == ("criteria",)
    assert explain(node("criteria >= 6"), SCHEMA, {"criteria": Range(3, 8)}).settle == (("criteria",),)


@pytest.mark.parametrize("age", [Range(125, 140), Range(140, 140), Range(20.2, 20.8), Range(20.5, 20.5)])
def test_a_value_that_the_fact_cannot_have_stops_nothing(age: Range) -> None:
    for text in ("age BETWEEN 50 AND 130 AND (a OR age > 119)", "(age <= 20 AND a) OR (age >= 21 AND NOT a)"):
        assert explain(node(text), SCHEMA, {"age": age}).verdict in (True, False, None)
        assert explain(node(text), SCHEMA, {"age": age, "a": True}).verdict in (True, False, None)


# --- comparing, and mistakes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NOT (a AND b)", "NOT a OR NOT b"),
        ("age > 17", "age >= 18"),
        ("severity <> 'none'", "severity IN ('mild', 'severe')"),
        ("age NOT BETWEEN 18 AND 64", "age < 18 OR age >= 65"),
        ("(a AND b) OR b", "b"),
    ],
)
def test_two_ways_to_say_the_same(one: str, other: str) -> None:
    assert equivalent(node(one), node(other), SCHEMA)
    assert distinguish(node(one), node(other), SCHEMA) is None


def test_an_example_shows_the_difference() -> None:
    assert distinguish(node("age >= 18"), node("age > 18"), SCHEMA) == {"age": Range(18, 18)}
    assert distinguish(node("inr > 1.5"), node("inr > 1.5 AND inr <= 4"), SCHEMA) == {"inr": Range(12, 12)}
    assert distinguish(node("a AND severity = 'mild'"), node("a"), SCHEMA) == {
        "a": True,
        "severity": frozenset(["none"]),
    }
    assert not equivalent(node("inr > 1.7"), node("inr >= 1.8"), SCHEMA)


def test_a_comparison_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooManyCellsError, match="more than 3 joint cells"):
        equivalent(node("a AND b AND c"), node("c AND b AND a"), SCHEMA, limit=3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a AND b", {"a OR b", "a", "b", "NOT a AND b", "a AND NOT b"}),
        ("NOT a", {"a"}),
        (
            "NOT (a OR b)",
            {"a OR b", "NOT (a AND b)", "NOT a", "NOT b", "NOT (NOT a OR b)", "NOT (a OR NOT b)"},
        ),
        ("age >= 18", {"NOT age >= 18", "age > 18", "age >= 19", "age >= 17"}),
        ("age < 120", {"NOT age < 120", "age < 119"}),
        ("inr = 1.5", {"NOT inr = 1.5", "inr = 1.6", "inr = 1.4"}),
        (
            "severity = 'mild'",
            {"severity <> 'mild'", "severity IN ('mild', 'none')", "severity IN ('mild', 'severe')"},
        ),
        (
            "severity <> 'mild'",
            {"severity = 'mild'", "severity NOT IN ('mild', 'none')", "severity NOT IN ('mild', 'severe')"},
        ),
    ],
)
def test_mutants_are_one_mistake_away(text: str, expected: set[str]) -> None:
    found = [str(mutant) for mutant in mutants(node(text), SCHEMA)]
    assert sorted(found) == sorted(expected)


def test_both_ends_of_between_move() -> None:
    found = {str(mutant) for mutant in mutants(node("age BETWEEN 18 AND 64"), SCHEMA)}
    assert found == {
        "age NOT BETWEEN 18 AND 64",
        *(f"age BETWEEN {low} AND 64" for low in (17, 19)),
        *(f"age BETWEEN 18 AND {high}" for high in (63, 65)),
    }
