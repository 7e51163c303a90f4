"""The rule language: a small SQL-like predicate over facts, read with errors that teach.

    takes_opioid AND (takes_benzodiazepine OR takes_gabapentinoid) AND NOT end_of_life
    qtc_ms BETWEEN 450 AND 500 OR oud_severity IN ('moderate', 'severe')

It has no NULL tests, arithmetic or functions. That keeps it monotone: knowing less can only move a verdict
to unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, cast

from .nearest import did_you_mean
from .nodes import And, In, Is, Leaf, Node, Num, Or, leaves_of, negate, number_text
from .values import Choice, FactType, Number, YesNo

if TYPE_CHECKING:  # at run time only where a text is read: the conditions of kept content are trees already
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

GRAMMAR = r"""
?start: any_of
?any_of: all_of | all_of (_OR all_of)+    -> or_
?all_of: term   | term (_AND term)+       -> and_
?term: "(" any_of ")"
     | NOT term                                         -> not_
     | NAME                                             -> is_
     | NAME COMPARE NUMBER                              -> number
     | NAME NOT? _BETWEEN NUMBER _AND NUMBER            -> between
     | NAME COMPARE STRING                              -> equals
     | NAME NOT? _IN "(" STRING ("," STRING)* ")"       -> within
COMPARE: ">=" | "<=" | "<>" | ">" | "<" | "="
NUMBER: /-?\d+(\.\d+)?(?![\w.])/
STRING: /'[^'\n]*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NOT.2: /NOT\b/i
_AND.2: /AND\b/i
_OR.2: /OR\b/i
_IN.2: /IN\b/i
_BETWEEN.2: /BETWEEN\b/i
%ignore /[ \t\r\n]+/
"""

# What people write out of habit from other languages, and what to write here.
HABITS = (
    (r"\bNULL\b|\b(?:COALESCE|IFNULL|ISNULL|NVL)\b", "unknown is handled by the engine: leave the test out"),
    (r"==", "write = once"),
    (r"!=", "write <> for 'is not'"),
    (r'"', "write text in single quotes"),
    (r"\b(?:TRUE|FALSE)\b", "a yes/no fact stands alone: write the fact, or NOT and the fact"),
    (r"&&|\|\|", "write AND or OR"),
    (r"[+*/%]|-(?!\d)", "there is no arithmetic: declare a fact for the result"),
    (r"\b(?!(?:AND|OR|NOT|IN)\b)[A-Za-z_]\w*\s*\(", "there are no functions: declare a fact for the result"),
)


class ConditionError(ValueError):
    """A condition that cannot be used: `problem` says what and how to mend it, `position` is the
    0-based character in `text` (None where there is no text)."""

    def __init__(self, problem: str, position: int | None = None, text: str = "") -> None:
        super().__init__(problem if position is None else f"{problem} (at character {position + 1})")
        self.problem, self.position, self.text = problem, position, text


def parse(text: str, schema: Mapping[str, FactType]) -> Node:
    """Read a condition and check every name, type, option and threshold against `schema`.

    Raises ConditionError with the position of the first mistake and the way to mend it.
    """
    from lark.exceptions import UnexpectedInput

    if not text.strip():
        raise ConditionError("the condition is empty", 0, text)
    try:
        return _build(_parser().parse(text), schema, text)
    except UnexpectedInput as error:
        raise _syntax_error(error, text) from None
    except RecursionError:
        raise ConditionError("the condition is nested too deeply: use definitions", 0, text) from None


def check(node: Node, schema: Mapping[str, FactType]) -> None:
    """Raise ConditionError unless every leaf of a tree built by hand fits `schema`."""
    for leaf, _ in leaves_of(node):
        problem = problem_with(leaf, schema)
        if problem:
            raise ConditionError(problem)


def problem_with(leaf: Leaf, schema: Mapping[str, FactType]) -> str | None:
    """What is wrong with one test, in a sentence that says how to mend it; None if nothing is."""
    kind = schema.get(leaf.fact)
    match kind, leaf:
        case None, _:
            return f"no fact '{leaf.fact}'.{did_you_mean(leaf.fact, schema)}"
        case (YesNo(), Is()):
            return None
        case Number(), Num():
            return _number_problem(kind, leaf)
        case Choice(), In():
            return _choice_problem(kind, leaf)
        case YesNo(), _:
            return f"{leaf.fact} is a yes/no fact: write '{leaf.fact}' or 'NOT {leaf.fact}'"
        case Number(), _:
            return f"{leaf.fact} is a number: compare it with one, as in '{leaf.fact} >= 1'"
        case Choice(options), _:
            return f"{leaf.fact} is a choice: write '{leaf.fact} = ' and one of {_listed(options)}"
    raise AssertionError(kind)


def _number_problem(kind: Number, leaf: Num) -> str | None:
    test = str(leaf).removeprefix(leaf.fact + " ")
    for number in (leaf.value, leaf.value if leaf.high is None else leaf.high):
        if not isfinite(number):
            return f"{leaf.fact} is compared with a number that is too large"
        if not kind.fits(number):
            places = "whole numbers" if kind.decimals == 0 else f"at most {kind.decimals} decimals"
            return f"{leaf.fact} has {places}; {number_text(number)} does not fit"
    lo, hi, inside = leaf.span
    if lo > hi:
        return f"'{test}' is never true: write the smaller number first"
    always = kind.lo >= lo and kind.hi <= hi
    if always or kind.hi < lo or kind.lo > hi:
        never = "false" if always == inside else "true"
        declared = f"between {number_text(kind.lo)} and {number_text(kind.hi)}"
        return f"{leaf.fact} is {declared}; '{test}' is never {never}"
    return None


def _choice_problem(kind: Choice, leaf: In) -> str | None:
    for option in leaf.options:
        if option not in kind.options:
            hint = did_you_mean(option, kind.options)
            return f"{leaf.fact} has no option '{option}'.{hint} It may be {_listed(kind.options)}"
    if not leaf.options or len(set(leaf.options)) != len(leaf.options):
        return f"{leaf.fact}: name each option once"
    if len(leaf.options) == len(kind.options):
        return f"{leaf.fact}: these are all the options, so the test never tells anything"
    return None


def _listed(options: tuple[str, ...]) -> str:
    return ", ".join(f"'{option}'" for option in options)


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr")


def _build(tree: Tree[Token], schema: Mapping[str, FactType], text: str) -> Node:
    if tree.data in ("and_", "or_", "not_"):
        parts = [_build(child, schema, text) for child in tree.children if not isinstance(child, str)]
        if tree.data == "not_":
            return negate(parts[0])
        return (And if tree.data == "and_" else Or)(tuple(parts))
    name, *rest = cast("list[Token]", tree.children)
    negated = bool(rest) and rest[0].type == "NOT"
    words = [str(token) for token in rest[negated:]]
    fact = str(name)
    leaf: Leaf
    if tree.data == "is_":
        leaf = Is(fact)
    elif tree.data == "number":
        leaf = Num(fact, words[0], float(words[1]))
    elif tree.data == "between":
        leaf = Num(fact, "BETWEEN", float(words[0]), float(words[1]))
    else:
        if tree.data == "equals":
            negated = words[0] == "<>"
            if words.pop(0) not in ("=", "<>"):
                raise ConditionError(f"{fact}: text can only be compared with = or <>", name.start_pos, text)
        leaf = In(fact, tuple(word[1:-1] for word in words))
    problem = problem_with(leaf, schema)
    if problem:
        raise ConditionError(problem, name.start_pos, text)
    return negate(leaf) if negated else leaf


def _syntax_error(error: UnexpectedInput, text: str) -> ConditionError:
    outside_quotes = re.sub(r"'[^'\n]*'", lambda quoted: " " * len(quoted.group()), text)
    for habit, advice in HABITS:
        found = re.search(habit, outside_quotes, re.IGNORECASE)
        if found:
            return ConditionError(f"cannot read '{found.group().strip()}': {advice}", found.start(), text)
    at: int = getattr(error, "pos_in_stream", None) or 0
    rest = text[at:].split()
    token = getattr(error, "token", None)
    if not rest or (token is not None and token.type == "$END"):
        return ConditionError("the condition stops too early", len(text), text)
    wanted = set(getattr(error, "expected", ()))
    advice = ": a number, or a text in single quotes, belongs here" if {"NUMBER", "STRING"} & wanted else ""
    return ConditionError(f"cannot read '{rest[0]}' here{advice}", at, text)
