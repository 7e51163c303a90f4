"""What can be written in the rule language, what cannot, and what the errors teach."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pathways.language import (
    And,
    Choice,
    ConditionError,
    In,
    Is,
    Not,
    Num,
    Number,
    Or,
    Range,
    YesNo,
    check,
    facts_in_order,
    facts_of,
    negate,
    parse,
    to_text,
)

SCHEMA = {
    "takes_opioid": YesNo(),
    "takes_benzodiazepine": YesNo(),
    "takes_gabapentinoid": YesNo(),
    "end_of_life": YesNo(),
    "age_years": Number(0, 120),
    "qtc_ms": Number(200, 700),
    "inr": Number(0, 20, 1),
    "oud_severity": Choice(("none", "mild", "moderate", "severe")),
}


def read(text: str) -> object:
    return parse(text, SCHEMA)


def mistake(text: str) -> ConditionError:
    with pytest.raises(ConditionError) as caught:
        parse(text, SCHEMA)
    return caught.value


# --- what can be written


def test_a_condition_reads_like_the_sentence_it_stands_for() -> None:
    assert read("takes_opioid AND (takes_benzodiazepine OR takes_gabapentinoid) AND NOT end_of_life") == And(
        (
            Is("takes_opioid"),
            Or((Is("takes_benzodiazepine"), Is("takes_gabapentinoid"))),
            Not(Is("end_of_life")),
        )
    )


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("end_of_life", Is("end_of_life")),
        ("qtc_ms >= 500", Num("qtc_ms", ">=", 500)),
        ("qtc_ms > 500", Num("qtc_ms", ">", 500)),
        ("qtc_ms <= 450", Num("qtc_ms", "<=", 450)),
        ("qtc_ms<450", Num("qtc_ms", "<", 450)),
        ("inr = 2.5", Num("inr", "=", 2.5)),
        ("inr <> 2.5", Num("inr", "<>", 2.5)),
        ("qtc_ms BETWEEN 450 AND 500", Num("qtc_ms", "BETWEEN", 450, 500)),
        ("qtc_ms NOT BETWEEN 450 AND 500", Not(Num("qtc_ms", "BETWEEN", 450, 500))),
        ("oud_severity = 'mild'", In("oud_severity", ("mild",))),
        ("oud_severity <> 'mild'", Not(In("oud_severity", ("mild",)))),
        ("oud_severity IN ('mild', 'severe')", In("oud_severity", ("mild", "severe"))),
        ("oud_severity NOT IN ('mild', 'severe')", Not(In("oud_severity", ("mild", "severe")))),
    ],
)
def test_every_kind_of_test(text: str, tree: object) -> None:
    assert read(text) == tree


def test_keywords_may_be_upper_or_lower_case() -> None:
    lower = "takes_opioid and not (qtc_ms between 450 and 500 or oud_severity in ('mild', 'severe'))"
    assert read(lower) == read(lower.replace("and", "AND").replace("not", "NOT").replace("in (", "IN ("))


def test_and_binds_tighter_than_or_and_not_tightest() -> None:
    assert read("end_of_life OR takes_opioid AND NOT takes_gabapentinoid") == Or(
        (Is("end_of_life"), And((Is("takes_opioid"), Not(Is("takes_gabapentinoid")))))
    )


def test_nested_ands_and_double_nots_are_made_simple() -> None:
    assert read("takes_opioid AND (end_of_life AND NOT NOT takes_gabapentinoid)") == And(
        (Is("takes_opioid"), Is("end_of_life"), Is("takes_gabapentinoid"))
    )
    assert negate(negate(Is("end_of_life"))) == Is("end_of_life")


def test_a_tree_prints_as_text_that_reads_back() -> None:
    text = "(takes_opioid AND qtc_ms NOT BETWEEN 450 AND 500) OR NOT (end_of_life OR inr >= 2.5)"
    assert str(read(text)) == text
    assert to_text(Num("inr", "<", -0.0)) == "inr < 0"
    assert to_text(Num("inr", "<", 1e-7)) == "inr < 0.0000001"


def test_the_facts_of_a_condition() -> None:
    node = parse("takes_opioid AND (qtc_ms > 450 OR takes_opioid)", SCHEMA)
    assert facts_of(node) == {"qtc_ms", "takes_opioid"}
    assert facts_in_order(node) == ("takes_opioid", "qtc_ms")


# --- what cannot, and what the error teaches


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("qtc_msec >= 500", "no fact 'qtc_msec'. Did you mean 'qtc_ms'?"),
        ("Takes_Opioid", "no fact 'Takes_Opioid'. Did you mean 'takes_opioid'?"),
        ("zzz", "no fact 'zzz'."),
        (
            "oud_severity = 'moderat'",
            "no option 'moderat'. Did you mean 'moderate'? It may be 'none',",
        ),
        ("oud_severity >= 2", "oud_severity is a choice: write 'oud_severity = ' and one of 'none'"),
        ("oud_severity > 'mild'", "only be compared with = or <>"),
        ("oud_severity IN ('mild', 'mild')", "name each option once"),
        ("oud_severity IN ('none', 'mild', 'moderate', 'severe')", "all the options"),
        ("age_years", "age_years is a number: compare it with one, as in 'age_years >= 1'"),
        ("age_years = 'old'", "age_years is a number"),
        ("takes_opioid = 1", "takes_opioid is a yes/no fact: write 'takes_opioid' or 'NOT takes_opioid'"),
        ("takes_opioid = TRUE", "a yes/no fact stands alone"),
        ("age_years >= 130", "age_years is between 0 and 120; '>= 130' is never true"),
        ("age_years >= 0", "age_years is between 0 and 120; '>= 0' is never false"),
        ("age_years <> 130", "never false"),
        ("age_years NOT BETWEEN 0 AND 120", "'BETWEEN 0 AND 120' is never false"),
        ("age_years BETWEEN 65 AND 18", "write the smaller number first"),
        ("age_years >= 17.5", "age_years has whole numbers; 17.5 does not fit"),
        ("inr >= 2.55", "inr has at most 1 decimals; 2.55 does not fit"),
        ("qtc_ms IS NULL", "unknown is handled by the engine: leave the test out"),
        ("coalesce(qtc_ms, 0) > 450", "unknown is handled by the engine: leave the test out"),
        ("age_years + 1 >= 65", "there is no arithmetic"),
        ("lower(oud_severity) = 'mild'", "there are no functions"),
        ("age_years == 65", "write = once"),
        ("age_years != 65", "write <>"),
        ('oud_severity = "mild"', "single quotes"),
        ("takes_opioid && end_of_life", "write AND or OR"),
        ("age_years > qtc_ms", "a number, or a text in single quotes, belongs here"),
        ("takes_opioid AND", "stops too early"),
        ("(takes_opioid", "stops too early"),
        ("", "empty"),
        ("  \n", "empty"),
        ("NOT " * 5000 + "end_of_life", "nested too deeply"),
    ],
)
def test_an_error_says_how_to_mend_it(text: str, says: str) -> None:
    assert says in mistake(text).problem


@pytest.mark.parametrize(
    "text",
    [
        "age_years > 5 oops",
        "age_years > 5; DROP TABLE people",
        "; DROP",
        "'a' 'b'",
        "oud_severity = 'mild' 'severe'",
        "oud_severity = 'mild''severe'",
        "oud_severity IN ()",
        "oud_severity IN ('mild',)",
        "age_years > 5years",
        "age_years > 1e2",
        "age_years > .5",
        "5 < age_years",
        "5 < age_years < 10",
        "takes_opioid end_of_life",
        "takes_opioid) OR (end_of_life",
        "takes_opioid -- a comment",
        "NOT",
        "CASE WHEN takes_opioid THEN 1 END",
        "EXISTS (SELECT 1)",
        "takes_opioid\x00",
    ],
)
def test_nothing_else_is_read(text: str) -> None:
    mistake(text)


def test_an_error_points_at_the_character() -> None:
    error = mistake("takes_opioid AND qtc_msec > 5")
    assert error.position == 17
    assert str(error) == "no fact 'qtc_msec'. Did you mean 'qtc_ms'? (at character 18)"


def test_a_tree_built_by_hand_is_held_to_the_same_rules() -> None:
    check(Num("inr", ">=", 2.5), SCHEMA)
    with pytest.raises(ConditionError, match="Did you mean 'inr'"):
        check(And((Is("end_of_life"), Num("inrr", ">=", 2.5))), SCHEMA)
    for wrong in (lambda: And((Is("a"),)), lambda: Not(Not(Is("a"))), lambda: Num("a", "BETWEEN", 1)):
        with pytest.raises(ValueError):
            wrong()


# --- values and types


@pytest.mark.parametrize(
    "ends", [(2, 1), (float("nan"), 1), (1, float("nan")), (float("inf"),) * 2, (float("-inf"),) * 2]
)
def test_a_range_is_two_numbers_in_order(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Range(*ends)


def test_each_kind_of_fact_knows_which_values_it_may_have() -> None:
    age, severity, yes_no = SCHEMA["age_years"], SCHEMA["oud_severity"], SCHEMA["end_of_life"]
    for kind in (age, severity, yes_no):
        assert kind.contains(kind.unknown())
        assert kind.contains(None)
        assert not kind.is_known(kind.unknown())
    assert age.is_known(Range(40, 40))
    assert age.contains(Range(float("-inf"), 40))
    for wrong in (Range(130, 130), Range(118, 130), Range(17.5, 17.5), frozenset(["mild"]), True):
        assert not age.contains(wrong)
    assert severity.is_known(frozenset(["mild"]))
    for wrong in (frozenset(), frozenset(["awful"]), True):
        assert not severity.contains(wrong)
    assert yes_no.is_known(False)
    assert not yes_no.contains(Range(1, 1))


def test_a_declaration_that_makes_no_sense_is_refused() -> None:
    for wrong in (
        lambda: Number(5, 5),
        lambda: Number(0.5, 9),
        lambda: Number(0, 9, -1),
        lambda: Choice(("only",)),
        lambda: Choice(("a", "a")),
        lambda: Choice(("it's", "b")),
        lambda: Choice(tuple(map(str, range(33)))),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_the_room_needs_no_polars() -> None:
    code = "import sys, pathways.language; sys.exit('polars' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
