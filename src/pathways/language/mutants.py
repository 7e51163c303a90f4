"""Small mistakes that a rule's worked cases should catch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .grammar import problem_with
from .nodes import And, In, Leaf, Node, Not, Num, Or, negate
from .values import Choice, FactType, Number

STRICTER_OR_LOOSER = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


def mutants(node: Node, schema: Mapping[str, FactType]) -> Iterator[Node]:
    """Every condition one small mistake away from `node`, each once, in a fixed order.

    A term or a Not dropped, And and Or swapped, a test negated, a threshold moved (`>=` to `>`, or by one
    unit of the fact's decimals), an option dropped or added. What the language would refuse (a test that is
    never true) is left out. Some mutants may mean the same as `node`: ask `equivalent`.
    """
    seen = {node}
    for mutant in _mutants(node, schema):
        if mutant not in seen:
            seen.add(mutant)
            yield mutant


def _mutants(node: Node, schema: Mapping[str, FactType]) -> Iterator[Node]:
    if isinstance(node, And | Or):
        same, other = (And, Or) if isinstance(node, And) else (Or, And)
        yield other(node.items)
        for place, item in enumerate(node.items):
            before, after = node.items[:place], node.items[place + 1 :]
            rest = before + after
            yield same(rest) if len(rest) > 1 else rest[0]
            for mutant in _mutants(item, schema):
                yield same((*before, mutant, *after))
    elif isinstance(node, Not):
        yield node.item
        yield from (negate(mutant) for mutant in _mutants(node.item, schema))
    else:
        yield Not(node)
        yield from (leaf for leaf in _moved(node, schema[node.fact]) if problem_with(leaf, schema) is None)


def _moved(leaf: Leaf, kind: FactType) -> Iterator[Leaf]:
    if isinstance(leaf, Num) and isinstance(kind, Number):
        fact, op, x, high = leaf.fact, leaf.op, leaf.value, leaf.high
        if op in STRICTER_OR_LOOSER:
            yield Num(fact, STRICTER_OR_LOOSER[op], x)
        for step in (10.0**-kind.decimals, -(10.0**-kind.decimals)):
            yield Num(fact, op, round(x + step, kind.decimals), high)
            if high is not None:
                yield Num(fact, op, x, round(high + step, kind.decimals))
    elif isinstance(leaf, In) and isinstance(kind, Choice):
        for option in leaf.options:
            yield In(leaf.fact, tuple(o for o in leaf.options if o != option))
        for option in kind.options:
            if option not in leaf.options:
                yield In(leaf.fact, (*leaf.options, option))
