"""Why a condition is true or false, and what would settle one that is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from .cells import Cell, cells_by_fact
from .compare import Search, TooManyCellsError
from .nodes import And, Node, Not, Or, facts_in_order
from .person import Test, Values, compile_leaf, compile_person, compile_terms
from .values import FactType, Value

LARGEST_SET = 3
MOST_SETS = 8
PATIENCE = 2_000  # joint cells to look at before a fact is taken to matter
KEPT = 500  # explanations that a condition keeps: most people give a condition few different sets of values

Trace = Callable[[Values, list[str]], bool | None]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict on one person and its grounds. Facts stand in order of appearance in the condition.

    because: a minimal set of facts that decide the verdict (without any one of them it would be unknown).
    settle: for an unknown verdict, the smallest sets of facts of which some answers would decide it, smaller
    sets first; at most 8 sets of at most 3 facts, none containing another.
    matters: for an unknown verdict, the facts not yet known that can still change it.
    """

    verdict: bool | None
    because: tuple[str, ...] = ()
    settle: tuple[tuple[str, ...], ...] = ()
    matters: tuple[str, ...] = ()


def explain(node: Node, schema: Mapping[str, FactType], values: Values) -> Explanation:
    """Explain the verdict on one person. For many people, keep `compile_explainer(node, schema)`."""
    return compile_explainer(node, schema)(values)


def compile_explainer(node: Node, schema: Mapping[str, FactType]) -> Callable[[Values], Explanation]:
    """A function from what is known of the facts to the Explanation. Raises as `compile_person` does."""
    return _Explainer(node, schema).explain


class _Explainer:
    def __init__(self, node: Node, schema: Mapping[str, FactType]) -> None:
        self.node, self.kinds = node, schema
        self.verdict = compile_person(node, schema)
        self.facts = facts_in_order(node)
        self.kept: dict[tuple[Value | None, ...], Explanation] = {}

    # What only an open verdict needs is made at the first one.
    @cached_property
    def by_terms(self) -> Test:
        return compile_terms(self.node, self.kinds)

    @cached_property
    def trace(self) -> Trace:
        return _compile_trace(self.node, self.kinds)

    @cached_property
    def cells(self) -> dict[str, tuple[Cell, ...]]:
        return cells_by_fact(self.kinds, self.node)

    def explain(self, values: Values) -> Explanation:
        given = tuple(map(values.get, self.facts))
        found = self.kept.get(given)
        if found is None:
            found = self._explain(values)
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[given] = found
        return found

    def _explain(self, values: Values) -> Explanation:
        answer = self.verdict(values)
        known = {fact: values[fact] for fact in self.facts if values.get(fact) is not None}
        if answer is not None:
            return Explanation(answer, because=self._because(answer, known))
        matters = self._matters(known)
        return Explanation(None, settle=self._settle(known, matters), matters=matters)

    def _because(self, answer: bool, known: dict[str, Value]) -> tuple[str, ...]:
        # From the last fact to the first, so that the grounds named are those that are read first.
        for fact in reversed(list(known)):
            value = known.pop(fact)
            if self.verdict(known) is not answer:
                known[fact] = value
        return tuple(fact for fact in self.facts if fact in known)

    def _matters(self, known: dict[str, Value]) -> tuple[str, ...]:
        undecided: list[str] = []
        self.trace(known, undecided)
        facts = tuple(dict.fromkeys(undecided))
        if len(facts) == len(undecided):
            return facts  # no fact twice: each can still tip the balance
        choices = {fact: self._possible(fact, known) for fact in facts}
        return tuple(fact for fact in facts if self._can_change(fact, known, choices))

    def _can_change(self, fact: str, known: dict[str, Value], choices: dict[str, list[Value]]) -> bool:
        first, *others = (self._assuming(fact, value) for value in choices[fact])
        rest = [(name, values) for name, values in choices.items() if name != fact]
        try:
            searches = (Search(first, other, PATIENCE) for other in others)
            return any(search.difference(known, rest) is not None for search in searches)
        except TooManyCellsError:
            return True  # asking once too often is better than hiding a question

    def _assuming(self, fact: str, value: Value) -> Test:
        return lambda known: self.by_terms({**known, fact: value})

    def _possible(self, fact: str, known: dict[str, Value]) -> list[Value]:
        return [cell.value for cell in self.cells[fact] if cell.meets(self.kinds[fact], known.get(fact))]

    def _settle(self, known: dict[str, Value], facts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        choices = {fact: self._possible(fact, known) for fact in facts}
        found: list[tuple[str, ...]] = []
        for size in range(1, min(LARGEST_SET, len(facts)) + 1):
            for group in combinations(facts, size):
                if any(set(smaller) <= set(group) for smaller in found):
                    continue
                answers = product(*(choices[fact] for fact in group))
                cases = ({**known, **dict(zip(group, answer, strict=True))} for answer in answers)
                if any(self.verdict(case) is not None for case in cases):
                    found.append(group)
                    if len(found) == MOST_SETS:
                        return tuple(found)
        return tuple(found)


def _compile_trace(node: Node, schema: Mapping[str, FactType]) -> Trace:
    """Term-by-term logic that also lists the undecided tests which keep the whole undecided."""
    if isinstance(node, Not):
        inner = _compile_trace(node.item, schema)

        def opposite(values: Values, undecided: list[str]) -> bool | None:
            answer = inner(values, undecided)
            return answer if answer is None else not answer

        return opposite
    if isinstance(node, And | Or):
        parts = tuple(_compile_trace(item, schema) for item in node.items)
        decisive = isinstance(node, Or)

        def combined(values: Values, undecided: list[str]) -> bool | None:
            start, answer = len(undecided), not decisive
            for part in parts:
                if part(values, undecided) is decisive:
                    del undecided[start:]
                    return decisive
            return answer if len(undecided) == start else None

        return combined
    test, fact = compile_leaf(node, schema[node.fact]), node.fact

    def leaf(values: Values, undecided: list[str]) -> bool | None:
        answer = test(values)
        if answer is None:
            undecided.append(fact)
        return answer

    return leaf
