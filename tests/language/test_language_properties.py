"""The laws of the rule language, on random rules, against the brute-force oracle."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.language import (
    Choice,
    Node,
    Range,
    Value,
    YesNo,
    compile_person,
    distinguish,
    equivalent,
    explain,
    facts_of,
    mutants,
    parse,
    to_text,
)
from tests.language import brute_force as oracle
from tests.language.brute_force import SCHEMA, Row, Rule

more = settings(max_examples=3 * settings().max_examples)


def a_test_of(fact: str) -> st.SearchStrategy[Rule]:
    kind = SCHEMA[fact]
    if isinstance(kind, Choice):
        some = st.lists(st.sampled_from(kind.options), min_size=1, max_size=len(kind.options) - 1, unique=True)
        return st.tuples(st.just("in"), st.just(fact), some)
    if isinstance(kind, YesNo):
        return st.just(("is", fact))
    numbers = st.sampled_from(oracle.constants_for(fact))
    compared = st.tuples(st.just("num"), st.just(fact), st.sampled_from(list(oracle.COMPARE)), numbers)
    between = st.tuples(numbers, numbers).map(lambda ends: ("between", fact, *sorted(ends)))
    return compared | between


rules = st.recursive(
    st.sampled_from(sorted(SCHEMA)).flatmap(a_test_of),
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=6,
)


def a_value_of(fact: str) -> st.SearchStrategy[Value]:
    kind = SCHEMA[fact]
    if isinstance(kind, Choice):
        return st.none() | st.frozensets(st.sampled_from(kind.options), min_size=1)
    if isinstance(kind, YesNo):
        return st.sampled_from((True, False, None))
    low, high = max(kind.lo, -4), min(kind.hi, 4)
    number = st.integers(int(low), int(high)) if kind.decimals == 0 else st.floats(low, high)
    ranges = st.tuples(number, number).map(lambda ends: Range(*sorted(ends)))
    return st.none() | number.map(lambda x: Range(x, x)) | ranges


rows = st.fixed_dictionaries({}, optional={fact: a_value_of(fact) for fact in SCHEMA})


def read(rule: Rule) -> Node:
    return parse(oracle.text_of(rule, Random(1)), SCHEMA)


def plain(row: Row) -> dict[str, object]:
    """Completely known values as the oracle takes them."""
    return {fact: _plain(value) for fact, value in row.items()}


def _plain(value: Value) -> object:
    if isinstance(value, Range):
        return value.lo
    return next(iter(value)) if isinstance(value, frozenset) else value


@pytest.mark.slow
def test_person_table_and_oracle_agree_on_2000_random_rules() -> None:
    report = oracle.fuzz(40_000, seed=20, quiet=True)
    assert report.failures == []
    assert report.rules >= 2_000
    assert 0.2 < report.unknown / report.verdicts < 0.8, "the rows should be neither too clear nor too vague"


def test_the_fuzzer_is_the_same_for_the_same_seed() -> None:
    assert oracle.fuzz(2_000, seed=3, quiet=True) == oracle.fuzz(2_000, seed=3, quiet=True)


@more
@given(rules, rows)
def test_one_person_is_judged_as_by_trying_every_completion(rule: Rule, row: Row) -> None:
    assert compile_person(read(rule), SCHEMA)(row) is oracle.verdict(rule, row)


@more
@given(rules, rows, st.randoms())
def test_knowing_less_never_gives_another_answer(rule: Rule, row: Row, random: Random) -> None:
    verdict = compile_person(read(rule), SCHEMA)
    for fact in row:
        vague = {**row, fact: oracle.vaguer(random, fact, row[fact])}
        assert verdict(vague) in (None, verdict(row))
        assert verdict({name: value for name, value in row.items() if name != fact}) in (None, verdict(row))


@more
@given(rules)
def test_text_reads_back_to_the_same_tree(rule: Rule) -> None:
    node = read(rule)
    assert parse(to_text(node), SCHEMA) == node


@more
@given(rules, rows)
def test_explanations_are_true(rule: Rule, row: Row) -> None:
    found = explain(read(rule), SCHEMA, row)
    assert found.verdict is oracle.verdict(rule, row)
    if found.verdict is not None:
        kept = {fact: row[fact] for fact in found.because}
        assert oracle.verdict(rule, kept) is found.verdict
        for fact in kept:
            assert oracle.verdict(rule, {**kept, fact: None}) is None
        return
    people = list(oracle.completions([rule], row))
    outcome = {tuple(person.values()): oracle.holds(rule, person) for person in people}
    facts = list(people[0])

    def settles(group: tuple[str, ...]) -> bool:
        seen: dict[tuple[object, ...], set[bool]] = {}
        for person, answer in zip(people, outcome.values(), strict=True):
            seen.setdefault(tuple(person[fact] for fact in group), set()).add(answer)
        return any(len(answers) == 1 for answers in seen.values())

    def matters(place: int) -> bool:
        seen: dict[tuple[object, ...], set[bool]] = {}
        for person, answer in outcome.items():
            seen.setdefault(person[:place] + person[place + 1 :], set()).add(answer)
        return any(len(answers) == 2 for answers in seen.values())

    assert set(found.matters) == {fact for place, fact in enumerate(facts) if matters(place)}
    assert all(settles(group) for group in found.settle)
    for group in found.settle:
        assert not any(settles(tuple(f for f in group if f != fact)) for fact in group)
    if len(facts) <= 3:
        assert found.settle, "asking about everything settles it"


@more
@given(rules, rules | st.none())
def test_comparing_two_rules_is_exact(rule: Rule, another: Rule | None) -> None:
    other = another or ("not", ("or", [("not", rule), ("not", rule)]))
    node, mutant = read(rule), read(other)
    same = all(oracle.holds(rule, p) is oracle.holds(other, p) for p in oracle.completions([rule, other], {}))
    example = distinguish(node, mutant, SCHEMA)
    assert (example is None) is same is equivalent(node, mutant, SCHEMA)
    if example is not None:
        assert set(example) == facts_of(node) | facts_of(mutant)
        assert all(SCHEMA[fact].is_known(v) and SCHEMA[fact].contains(v) for fact, v in example.items())
        assert oracle.holds(rule, plain(example)) is not oracle.holds(other, plain(example))


@given(rules)
def test_mutants_can_be_written_and_differ_from_the_rule(rule: Rule) -> None:
    node = read(rule)
    found = list(mutants(node, SCHEMA))
    assert len(set(found)) == len(found) > 0
    for mutant in found:
        assert mutant != node
        assert parse(to_text(mutant), SCHEMA) == mutant
    assert found == list(mutants(node, SCHEMA))


def test_every_way_to_combine_two_facts_by_truth_table() -> None:
    for text in ("takes_opioid AND in_pain", "takes_opioid OR in_pain", "NOT takes_opioid OR in_pain"):
        verdict = compile_person(parse(text, SCHEMA), SCHEMA)
        for left, right in product((True, False, None), repeat=2):
            ways = {
                verdict({"takes_opioid": x, "in_pain": y})
                for x in ((True, False) if left is None else (left,))
                for y in ((True, False) if right is None else (right,))
            }
            assert verdict({"takes_opioid": left, "in_pain": right}) is (ways.pop() if len(ways) == 1 else None)
