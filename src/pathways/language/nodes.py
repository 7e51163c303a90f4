"""A condition as a tree of six frozen kinds of node, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import inf, nextafter

OPERATORS = (">=", ">", "<=", "<", "=", "<>", "BETWEEN")


class _Printable:
    __slots__ = ()

    def __str__(self) -> str:
        return to_text(self)  # type: ignore[arg-type]  # only nodes inherit this


@dataclass(frozen=True, slots=True)
class Is(_Printable):
    """A yes/no fact, true."""

    fact: str


@dataclass(frozen=True, slots=True)
class Num(_Printable):
    """A number fact compared with constants. `op` is one of `>= > <= < = <>`, or `BETWEEN`, which
    includes both `value` and `high`."""

    fact: str
    op: str
    value: float
    high: float | None = None

    def __post_init__(self) -> None:
        if self.op not in OPERATORS or (self.op == "BETWEEN") != (self.high is not None):
            raise ValueError(f"no such comparison: {self.op} {self.value} {self.high}")

    @property
    def span(self) -> tuple[float, float, bool]:
        """`(lo, hi, inside)`: the test holds exactly when the number's being in `lo..hi` is `inside`.

        Floats are discrete, so "more than 5" is "from the next float on": closed ends serve every operator.
        """
        x = self.value
        match self.op:
            case ">=":
                return x, inf, True
            case ">":
                return nextafter(x, inf), inf, True
            case "<=":
                return -inf, x, True
            case "<":
                return -inf, nextafter(x, -inf), True
        return x, x if self.high is None else self.high, self.op != "<>"


@dataclass(frozen=True, slots=True)
class In(_Printable):
    """A choice fact that is one of `options`."""

    fact: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not(_Printable):
    """The opposite of `item`. Use `negate`, which also cancels a double Not."""

    item: Node

    def __post_init__(self) -> None:
        if isinstance(self.item, Not):
            raise ValueError("two Nots cancel: use negate(node)")


@dataclass(frozen=True, slots=True)
class And(_Printable):
    """All of `items`, of which there are at least two; an And among them is flattened."""

    items: tuple[Node, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _flat(And, self.items))


@dataclass(frozen=True, slots=True)
class Or(_Printable):
    """Any of `items`, of which there are at least two; an Or among them is flattened."""

    items: tuple[Node, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _flat(Or, self.items))


Leaf = Is | Num | In
Node = And | Or | Not | Is | Num | In


def _flat(kind: type[And] | type[Or], items: tuple[Node, ...]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for item in items:
        flat += item.items if isinstance(item, kind) else [item]
    if len(flat) < 2:
        raise ValueError(f"{kind.__name__} needs at least two items")
    return tuple(flat)


def negate(node: Node) -> Node:
    """The opposite of `node`, without ever doubling a Not."""
    return node.item if isinstance(node, Not) else Not(node)


def leaves_of(node: Node, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf in order of appearance, with False where an odd number of Nots stands above it."""
    if isinstance(node, Not):
        yield from leaves_of(node.item, not positive)
    elif isinstance(node, And | Or):
        for item in node.items:
            yield from leaves_of(item, positive)
    else:
        yield node, positive


def facts_of(node: Node) -> frozenset[str]:
    """The names of the facts a condition uses."""
    return frozenset(leaf.fact for leaf, _ in leaves_of(node))


def facts_in_order(node: Node) -> tuple[str, ...]:
    """The names of the facts a condition uses, once each, in order of first appearance."""
    return tuple(dict.fromkeys(leaf.fact for leaf, _ in leaves_of(node)))


def number_text(number: float) -> str:
    """A number as a person writes it: 50, 1.5, never 5e1."""
    return f"{Decimal(repr(number + 0.0)):f}".removesuffix(".0")  # + 0.0 turns -0.0 into 0


def to_text(node: Node) -> str:
    """The condition in the rule language; `parse` reads it back to the same tree."""
    match node:
        case Is(fact):
            return fact
        case Num(_, "BETWEEN"):
            return _between(node, "")
        case Num(fact, op, value):
            return f"{fact} {op} {number_text(value)}"
        case In(fact, options):
            return f"{fact} = '{options[0]}'" if len(options) == 1 else f"{fact} IN {_quoted(options)}"
        case Not(Num(_, "BETWEEN") as item):
            return _between(item, "NOT ")
        case Not(In(fact, options)):
            return f"{fact} <> '{options[0]}'" if len(options) == 1 else f"{fact} NOT IN {_quoted(options)}"
        case Not(item):
            return f"NOT {_wrapped(item)}"
        case And(items):
            return " AND ".join(map(_wrapped, items))
        case Or(items):
            return " OR ".join(map(_wrapped, items))


def _between(node: Num, no: str) -> str:
    return f"{node.fact} {no}BETWEEN {number_text(node.value)} AND {number_text(node.high or 0)}"


def _quoted(options: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{option}'" for option in options) + ")"


def _wrapped(node: Node) -> str:
    return f"({to_text(node)})" if isinstance(node, And | Or) else to_text(node)
