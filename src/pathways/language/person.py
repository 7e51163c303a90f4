"""One person: a condition becomes nested closures that answer True, False or None (cannot tell).

The answer is exact: True if the condition holds however the unknown facts turn out, False if it fails
however they turn out, None otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .cells import Cell, cells_by_fact, pulled_both_ways
from .grammar import check
from .nodes import And, In, Leaf, Node, Not, Num, Or
from .values import FactType, Number, Value

Values = Mapping[str, Value]
Test = Callable[[Values], bool | None]


def compile_person(node: Node, schema: Mapping[str, FactType]) -> Test:
    """A function from what is known of the facts (one missing is unknown) to the verdict.

    Raises ConditionError if the tree does not fit `schema`; the function raises TypeError for a value of
    the wrong kind. Values outside a declared range are for the caller to refuse (`FactType.contains`).
    """
    check(node, schema)
    by_terms = compile_terms(node, schema)
    facts = pulled_both_ways(node)
    if not facts:
        return by_terms
    cells = cells_by_fact(schema, node)
    splits = tuple((fact, schema[fact], cells[fact]) for fact in facts)
    names = tuple(cells)

    def verdict(values: Values) -> bool | None:
        answer = by_terms(values)
        if answer is None:
            return _by_cases(by_terms, {name: values.get(name) for name in names}, splits)
        return answer

    return verdict


def _by_cases(
    by_terms: Test, values: dict[str, Value], splits: tuple[tuple[str, FactType, tuple[Cell, ...]], ...]
) -> bool | None:
    """The verdict on which all cases agree, a case being one cell for each fact in `splits`."""
    answer = by_terms(values)
    if answer is not None or not splits:
        return answer
    (fact, kind, cells), rest = splits[0], splits[1:]
    known = values[fact]
    answers = set()
    for cell in cells:
        if cell.meets(kind, known):
            answers.add(_by_cases(by_terms, {**values, fact: cell.value}, rest))
            if None in answers or len(answers) > 1:
                return None
    return answers.pop() if answers else None


def compile_terms(node: Node, schema: Mapping[str, FactType]) -> Test:
    """Term-by-term (Kleene) logic: exact unless an unknown fact is pulled both ways."""
    if isinstance(node, Not):
        return _opposite(compile_terms(node.item, schema))
    if isinstance(node, And | Or):
        parts = tuple(compile_terms(item, schema) for item in node.items)
        return _first(parts, isinstance(node, Or))
    return compile_leaf(node, schema[node.fact])


def _opposite(test: Test) -> Test:
    def opposite(values: Values) -> bool | None:
        answer = test(values)
        return answer if answer is None else not answer

    return opposite


def _first(parts: tuple[Test, ...], decisive: bool) -> Test:
    """Or: one True decides (`decisive=True`). And: one False decides."""
    otherwise = not decisive

    def combined(values: Values) -> bool | None:
        answer: bool | None = otherwise
        for part in parts:
            one = part(values)
            if one is decisive:
                return decisive
            if one is None:
                answer = None
        return answer

    return combined


def compile_leaf(leaf: Leaf, kind: FactType) -> Test:
    """One test of one fact."""
    if isinstance(leaf, Num) and isinstance(kind, Number):
        return _number_test(leaf, kind)
    return _choice_test(leaf) if isinstance(leaf, In) else _yes_no_test(leaf.fact)


def _yes_no_test(fact: str) -> Test:
    def yes_no(values: Values) -> bool | None:
        value = values.get(fact)
        if value is None or value is True or value is False:
            return value
        raise TypeError(f"{fact} is a yes/no fact: give True, False or None, not {value!r}")

    return yes_no


def _number_test(leaf: Num, kind: Number) -> Test:
    fact, (start, end, inside) = leaf.fact, leaf.span
    outside = not inside

    def number(values: Values) -> bool | None:
        value = values.get(fact)
        try:
            lo, hi = value.lo, value.hi  # type: ignore[union-attr]  # what has no lo is caught below
        except AttributeError:
            if value is not None:
                raise TypeError(f"{fact} is a number: give Range(lo, hi) or None, not {value!r}") from None
            lo, hi = kind.lo, kind.hi
        if lo != hi:
            lo, hi = kind.span(value)
        if lo >= start and hi <= end:
            return inside
        return outside if hi < start or lo > end else None

    return number


def _choice_test(leaf: In) -> Test:
    fact, options = leaf.fact, frozenset(leaf.options)

    def choice(values: Values) -> bool | None:
        value = values.get(fact)
        if not value:
            if value is None or isinstance(value, frozenset):
                return None
        elif isinstance(value, frozenset):
            return True if value <= options else False if value.isdisjoint(options) else None
        raise TypeError(f"{fact} is a choice: give a frozenset of options or None, not {value!r}")

    return choice
