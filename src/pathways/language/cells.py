"""Cutting what a fact may be into the few cells that a condition can tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite, isinf, nextafter

from .nodes import And, In, Is, Leaf, Node, Not, Num, Or, leaves_of
from .values import Choice, FactType, Number, Range, Value


@dataclass(frozen=True, slots=True)
class Cell:
    """Values of one fact on which every test of it gives the same answer.

    `value` stands for them all. `spans` (numbers: closed intervals) or `options` (choices) is what they are.
    """

    value: Value
    spans: tuple[tuple[float, float], ...] = ()
    options: frozenset[str] = frozenset()

    def meets(self, kind: FactType, value: Value) -> bool:
        """Whether some value of this cell is still possible."""
        if isinstance(kind, Number):
            lo, hi = kind.span(value)
            return any(lo <= end and hi >= start for start, end in self.spans)
        if isinstance(kind, Choice):
            return not value or not isinstance(value, frozenset) or not value.isdisjoint(self.options)
        return value is None or value is self.value


def holds(leaf: Leaf, value: Value) -> bool:
    """One test of a fact that is completely known."""
    match leaf, value:
        case Num(), Range(number, _):
            lo, hi, inside = leaf.span
            return (lo <= number <= hi) is inside
        case In(_, options), frozenset():
            return value <= frozenset(options)
    return value is True


def cells_of(kind: FactType, leaves: Iterable[Leaf]) -> tuple[Cell, ...]:
    """The cells into which these tests of one fact cut its values (as few as possible, lowest first)."""
    leaves = tuple(dict.fromkeys(leaves))
    alike: defaultdict[tuple[bool, ...], list[Cell]] = defaultdict(list)
    for piece in _pieces(kind, leaves):
        alike[tuple(holds(leaf, piece.value) for leaf in leaves)].append(piece)
    return tuple(
        Cell(
            group[0].value,
            tuple(span for piece in group for span in piece.spans),
            frozenset().union(*(piece.options for piece in group)),
        )
        for group in alike.values()
    )


def _pieces(kind: FactType, leaves: tuple[Leaf, ...]) -> list[Cell]:
    if isinstance(kind, Choice):
        return [Cell(frozenset([option]), options=frozenset([option])) for option in kind.options]
    if not isinstance(kind, Number):
        return [Cell(True), Cell(False)]
    starts = {-inf}
    for leaf in leaves:
        assert isinstance(leaf, Num)
        lo, hi, _ = leaf.span
        starts |= {lo, nextafter(hi, inf)} - {inf}
    if kind.decimals == 0:  # between two whole numbers there is nothing to tell apart
        starts = {ceil(start) if isfinite(start) else start for start in starts}
    ordered = sorted(starts)
    spans = [(a, nextafter(b, -inf)) for a, b in zip(ordered, [*ordered[1:], inf], strict=True)]
    # The outermost spans stay open, so that they also hold a number outside of the declared range.
    pairs = [(span, _plain(max(span[0], kind.lo), min(span[1], kind.hi), kind)) for span in spans]
    return [Cell(Range(x, x), (span,)) for span, x in pairs if span[0] <= kind.hi and span[1] >= kind.lo]


def _plain(lo: float, hi: float, kind: Number) -> float:
    """A number from `lo` to `hi` that is easy to read: the middle with as few decimals as will do."""
    if kind.decimals == 0:
        lo, hi = (end if isinf(end) else floor(end) for end in (lo, hi))
    if not isfinite(lo) or not isfinite(hi):
        return floor(hi) if isfinite(hi) else ceil(lo) if isfinite(lo) else 0
    middle = lo / 2 + hi / 2
    tries = (round(middle, places) for places in range(kind.decimals + 3))
    return next((x for x in (*tries, floor(hi), ceil(lo)) if lo <= x <= hi), lo)


def cells_by_fact(schema: Mapping[str, FactType], *nodes: Node) -> dict[str, tuple[Cell, ...]]:
    """The cells of every fact used in `nodes`, in order of first appearance."""
    tests: defaultdict[str, list[Leaf]] = defaultdict(list)
    for node in nodes:
        for leaf, _ in leaves_of(node):
            tests[leaf.fact].append(leaf)
    return {fact: cells_of(schema[fact], leaves) for fact, leaves in tests.items()}


def pulled_both_ways(node: Node) -> tuple[str, ...]:
    """The facts for which term-by-term logic is not exact: repeated, and not always in one direction.

    If all tests of a fact gain by the same change (`x >= 5` and `x > 9`), its worst case is the same
    value for all of them, so term-by-term logic is exact and no case split is needed.
    """
    pulls: defaultdict[str, list[int]] = defaultdict(list)
    for leaf, positive in leaves_of(node):
        pull = 1 if isinstance(leaf, Is) else 0
        if isinstance(leaf, Num) and inf in (-leaf.span[0], leaf.span[1]):
            pull = 1 if leaf.span[1] == inf else -1
        pulls[leaf.fact].append(pull if positive else -pull)
    return tuple(fact for fact, ways in pulls.items() if len(ways) > 1 and (0 in ways or len(set(ways)) > 1))


def assume(node: Node, fact: str, value: Value) -> Node | bool:
    """`node` with one fact completely known: a smaller condition, or its verdict."""
    if isinstance(node, Not):
        inner = assume(node.item, fact, value)
        return not inner if isinstance(inner, bool) else inner.item if isinstance(inner, Not) else Not(inner)
    if isinstance(node, And | Or):
        decisive = isinstance(node, Or)
        rest: list[Node] = []
        for item in node.items:
            part = assume(item, fact, value)
            if part is decisive:
                return decisive
            if not isinstance(part, bool):
                rest.append(part)
        return not decisive if not rest else rest[0] if len(rest) == 1 else type(node)(tuple(rest))
    return holds(node, value) if node.fact == fact else node
