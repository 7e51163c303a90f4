"""The oracle for the rule language: try every way in which the unknown facts may turn out.

Slow, simple, and on purpose independent of the package: its own random rules (nested tuples), its own text,
its own evaluator. The package only sees the text. `fuzz` holds every back end to it.

A rule is `("and" | "or", [rules])`, `("not", rule)`, `("is", fact)`, `("num", fact, op, value)`,
`("between", fact, low, high)` or `("in", fact, [options])`.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import inf
from random import Random
from typing import Any

from pathways.cohort.rules import columns_for, compile_table, verdicts
from pathways.language import Choice, Number, Range, Value, YesNo, compile_person, parse, to_text

Rule = tuple[Any, ...]
Row = dict[str, Value]

SCHEMA: dict[str, YesNo | Number | Choice] = {
    "android": YesNo(),  # begins like a keyword, on purpose
    "takes_opioid": YesNo(),
    "in_pain": YesNo(),
    "score": Number(0, 6),
    "inr": Number(-1, 3, 1),
    "change": Number(decimals=0),
    "ratio": Number(decimals=1),
    "sex": Choice(("female", "male")),
    "severity": Choice(("none", "mild", "moderate", "severe")),
}
CONSTANTS = {"score": (1, 5), "inr": (-0.9, 2.9), "change": (-2, 2), "ratio": (-1, 1)}
COMPARE = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "<>": operator.ne,
}


def random_rule(random: Random) -> Rule:
    """Few facts and many tests, so that facts are repeated."""
    facts = random.sample(sorted(SCHEMA), random.randint(1, 4))
    return _random_rule(random, facts, random.randint(1, 7))


def _random_rule(random: Random, facts: list[str], tests: int) -> Rule:
    if random.random() < 0.2:
        return ("not", _random_rule(random, facts, tests))
    if tests == 1:
        return _random_test(random, random.choice(facts))
    left = random.randint(1, tests - 1)
    parts = [_random_rule(random, facts, size) for size in (left, tests - left)]
    return (random.choice(("and", "or")), parts)


def _random_test(random: Random, fact: str) -> Rule:
    kind = SCHEMA[fact]
    if isinstance(kind, Choice):
        return ("in", fact, random.sample(kind.options, random.randint(1, len(kind.options) - 1)))
    if isinstance(kind, YesNo):
        return ("is", fact)
    a, b = sorted(random.choice(constants_for(fact)) for _ in range(2))
    if random.random() < 0.2:
        return ("between", fact, a, b)
    return ("num", fact, random.choice(list(COMPARE)), a)


def constants_for(fact: str) -> list[float]:
    """The thresholds that rules may use for a number fact."""
    kind = SCHEMA[fact]
    steps = 10**kind.decimals if isinstance(kind, Number) else 1
    low, high = (round(end * steps) for end in CONSTANTS[fact])
    return [step / steps for step in range(low, high + 1)]


def random_row(random: Random) -> Row:
    """What is known of one person: each fact known, partly known, unknown or missing."""
    row = {fact: vaguer(random, fact, random_value(random, fact)) for fact in SCHEMA}
    return {fact: value for fact, value in row.items() if random.random() < 0.95}


def random_value(random: Random, fact: str) -> Value:
    kind = SCHEMA[fact]
    if isinstance(kind, Choice):
        return frozenset([random.choice(kind.options)])
    if isinstance(kind, YesNo):
        return random.random() < 0.5
    low, high = max(kind.lo, -4), min(kind.hi, 4)
    # Not only numbers with the declared decimals: a computed fact may have more.
    number = random.randint(round(low), round(high)) if kind.decimals == 0 else random.uniform(low, high)
    number = number if random.random() < 0.3 else round(number, kind.decimals)
    return Range(number, number)


def vaguer(random: Random, fact: str, value: Value) -> Value:
    """The same knowledge or less."""
    kind, chance = SCHEMA[fact], random.random()
    if chance < 0.5 or value is None:
        return value
    if chance < 0.7:
        return random.choice((None, kind.unknown()))
    if isinstance(value, Range):
        other = random_value(random, fact)
        assert isinstance(other, Range)
        low, high = min(value.lo, other.lo), max(value.hi, other.hi)
        return Range(random.choice((low, low, -inf)), random.choice((high, high, inf)))
    if isinstance(value, frozenset):
        return value | {random.choice(sorted(kind.options if isinstance(kind, Choice) else ()))}
    return value


def text_of(rule: Rule, random: Random) -> str:
    """The rule as people may write it: either case, and parentheses that need not be there."""
    case = random.choice((str.upper, str.lower))
    match rule:
        case ("and" | "or" as word, parts):
            return case(f" {word} ").join(f"({text_of(part, random)})" for part in parts)
        case ("not", part):
            return f"{case('not')} ({text_of(part, random)})"
        case ("between", fact, low, high):
            return f"{fact} {case('between')} {low} {case('and')} {high}"
        case ("num", fact, op, value):
            return f"{fact}{op}{value}"
        case ("in", fact, options) if len(options) > 1:
            return f"{fact} {case('in')} ({', '.join(map(repr, options))})"
        case ("in", fact, options):
            return f"{fact} = '{options[0]}'"
    return str(rule[1])


def holds(rule: Rule, person: Mapping[str, Any]) -> bool:
    """The verdict on a person of whom everything is known: bools, numbers and strings."""
    match rule:
        case ("and", parts):
            return all(holds(part, person) for part in parts)
        case ("or", parts):
            return any(holds(part, person) for part in parts)
        case ("not", part):
            return not holds(part, person)
        case ("num", fact, op, value):
            return bool(COMPARE[op](person[fact], value))
        case ("between", fact, low, high):
            return bool(low <= person[fact] <= high)
        case ("in", fact, options):
            return person[fact] in options
    return bool(person[rule[1]])


def verdict(rule: Rule, row: Row) -> bool | None:
    """True or False if it is so in every completion of what is known, else None."""
    seen = set()
    for person in completions([rule], row):
        seen.add(holds(rule, person))
        if len(seen) == 2:
            return None
    return seen.pop()


def completions(rules: list[Rule], row: Row) -> Iterator[dict[str, Any]]:
    """Everyone (as far as `rules` can tell) whom `row` may describe."""
    constants: dict[str, set[float]] = {}
    for rule in rules:
        _collect(rule, constants)
    points = [possible(fact, row.get(fact), constants[fact]) for fact in constants]
    return (dict(zip(constants, chosen, strict=True)) for chosen in product(*points))


def _collect(rule: Rule, constants: dict[str, set[float]]) -> None:
    match rule:
        case ("and" | "or", parts):
            for part in parts:
                _collect(part, constants)
        case ("not", part):
            _collect(part, constants)
        case ("num" | "between", fact, *values):
            constants.setdefault(fact, set()).update(v for v in values if not isinstance(v, str))
        case (_, fact, *_):
            constants.setdefault(fact, set())


def possible(fact: str, value: Value, constants: set[float]) -> list[Any]:
    """The options, or one number for every stretch between two constants, that `value` allows."""
    kind = SCHEMA[fact]
    if isinstance(kind, Choice):
        return sorted(value) if isinstance(value, frozenset) else list(kind.options)
    if isinstance(kind, YesNo):
        return [True, False] if value is None else [value]
    low, high = (value.lo, value.hi) if isinstance(value, Range) else (-inf, inf)
    low, high = max(low, kind.lo, -1000), min(high, kind.hi, 1000)
    marks = sorted({low, high, *(c for c in constants if low <= c <= high)})
    between = {(a + b) / 2 for a, b in pairwise(marks)}
    if kind.decimals == 0:
        near = {mark + step for mark in marks for step in (-1, 0, 1)}
        return sorted(n for n in near if low <= n <= high)
    return sorted({*marks, *between})


@dataclass
class FuzzReport:
    """How many verdicts were compared, how many of them were unknown, and every disagreement."""

    verdicts: int = 0
    rules: int = 0
    unknown: int = 0
    failures: list[str] = field(default_factory=list)


def fuzz(verdicts: int, seed: int, *, quiet: bool = False) -> FuzzReport:
    """Compare person, table and oracle on random rules and rows, at least `verdicts` times.

    Also: text reads back to the same tree, and a vaguer row never gets another decided verdict.
    The same seed gives the same rules and rows.
    """
    random, report = Random(seed), FuzzReport()
    while report.verdicts < verdicts:
        _fuzz_batch(random, report)
        if not quiet and report.rules % 2_000 == 0:
            print(f"{report.verdicts:,} verdicts, {len(report.failures)} failures", flush=True)
    return report


def _fuzz_batch(random: Random, report: FuzzReport, rules: int = 50, pairs: int = 10) -> None:
    rows: list[Row] = []
    for _ in range(pairs):
        row = random_row(random)
        rows += [row, {fact: vaguer(random, fact, value) for fact, value in row.items()}]
    batch = [random_rule(random) for _ in range(rules)]
    texts = [text_of(rule, random) for rule in batch]
    nodes = [parse(text, SCHEMA) for text in texts]
    lanes = {str(number): compile_table(node, SCHEMA) for number, node in enumerate(nodes)}
    by_table = verdicts(columns_for(SCHEMA, rows), lanes)
    for number, (rule, text, node) in enumerate(zip(batch, texts, nodes, strict=True)):
        report.rules += 1
        if parse(to_text(node), SCHEMA) != node:
            report.failures.append(f"{text}: reads back differently from {to_text(node)}")
        person, table = compile_person(node, SCHEMA), by_table[str(number)].to_list()
        before: bool | None = None
        for place, row in enumerate(rows):
            oracle = verdict(rule, row)
            found = (person(row), table[place])
            report.verdicts += 1
            report.unknown += oracle is None
            if found != (oracle, oracle):
                report.failures.append(f"{text}: {oracle} by all completions, {found} by code, for {row}")
            if place % 2 and oracle is not None and oracle is not before:
                report.failures.append(f"{text}: knowing less turned {before} into {oracle}, for {row}")
            before = oracle


if __name__ == "__main__":
    wanted, start = (int(word) for word in (sys.argv[1:] + ["500000", "1"][len(sys.argv) - 1 :]))
    done = fuzz(wanted, start)
    print(f"{done.verdicts:,} verdicts on {done.rules:,} rules, {done.unknown:,} unknown.")
    print("\n".join(done.failures[:20]) or "No failures.")
    sys.exit(bool(done.failures))
