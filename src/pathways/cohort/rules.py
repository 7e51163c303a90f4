"""Many people at once: a condition becomes two Polars expressions, "surely true" and "surely false".

Columns of a table, for a fact `f`; null everywhere means unknown:

- yes/no: `f`, Boolean
- number: `f__lo` and `f__hi`, Float64, the lowest and highest possible (null or NaN: the declared end)
- choice: `f__may`, UInt32, one bit for each option in declared order, set if the option is possible

Both expressions are exact, like `compile_person`. Only this module needs Polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from math import inf, nextafter
from operator import and_, or_
from typing import Any

import polars as pl

from ..language.cells import Cell, assume, cells_of, pulled_both_ways
from ..language.grammar import check
from ..language.nodes import And, In, Node, Not, Num, Or, leaves_of
from ..language.values import Choice, FactType, Number, Value

Lanes = tuple[pl.Expr, pl.Expr]
Schema = Mapping[str, FactType]


def compile_table(node: Node, schema: Schema) -> Lanes:
    """`(surely_true, surely_false)`: Boolean expressions without nulls, for frames laid out as above.

    Where neither holds the verdict is unknown. Both hold only in a row that no person can have, such as
    one with no possible option. Raises ConditionError if the tree does not fit `schema`.
    """
    check(node, schema)
    return _surely(node, True, schema), _surely(node, False, schema)


def verdicts(frame: pl.DataFrame, compiled: Mapping[str, Lanes]) -> pl.DataFrame:
    """One nullable Boolean column for each compiled condition: true, false, or null for "cannot tell"."""
    columns = [pl.when(yes ^ no).then(yes).alias(name) for name, (yes, no) in compiled.items()]
    return frame.lazy().select(columns).collect()


def columns_for(schema: Schema, rows: Sequence[Mapping[str, Value]]) -> pl.DataFrame:
    """A frame with one row for each mapping of facts to values, as `compile_person` takes them.

    Raises ValueError for a value that its fact cannot have.
    """
    data: dict[str, list[Any]] = {}
    types: dict[str, Any] = {}
    for fact, kind in schema.items():
        values = [row.get(fact) for row in rows]
        for number, value in enumerate(values):
            if not kind.contains(value):
                raise ValueError(f"row {number}: {fact} cannot be {value!r}")
        if isinstance(kind, Number):
            data[f"{fact}__lo"], data[f"{fact}__hi"] = ([kind.span(v)[end] for v in values] for end in (0, 1))
            types |= {f"{fact}__lo": pl.Float64, f"{fact}__hi": pl.Float64}
        elif isinstance(kind, Choice):
            data[f"{fact}__may"] = [_bits(kind, v) if isinstance(v, frozenset) else None for v in values]
            types[f"{fact}__may"] = pl.UInt32
        else:
            data[fact], types[fact] = values, pl.Boolean
    return pl.DataFrame(data, schema=types)


def _surely(node: Node, wanted: bool, schema: Schema) -> pl.Expr:
    """True where the verdict is `wanted` in every case that is still possible."""
    split = pulled_both_ways(node)
    if not split:
        return _by_terms(node, wanted, schema)
    fact, kind = split[0], schema[split[0]]
    cases: dict[Node | bool, list[Cell]] = {}
    for cell in cells_of(kind, (leaf for leaf, _ in leaves_of(node) if leaf.fact == fact)):
        cases.setdefault(assume(node, fact, cell.value), []).append(cell)
    needed: list[pl.Expr] = []
    for rest, cells in cases.items():
        if rest is wanted:
            continue
        parts = [] if len(cases) == 1 else [_ruled_out(fact, kind, cells)]
        if not isinstance(rest, bool):
            parts.append(_surely(rest, wanted, schema))
        needed.append(_joined(or_, parts, False))
    return _joined(and_, needed, True)


def _by_terms(node: Node, wanted: bool, schema: Schema) -> pl.Expr:
    if isinstance(node, Not):
        return _by_terms(node.item, not wanted, schema)
    if isinstance(node, And | Or):
        join = and_ if isinstance(node, And) is wanted else or_
        return reduce(join, (_by_terms(item, wanted, schema) for item in node.items))
    match node, schema[node.fact]:
        case Num(fact), Number() as kind:
            start, end, inside = node.span
            if inside is wanted:
                return _joined(and_, _at_least(fact, start, kind) + _at_most(fact, end, kind), True)
            return _outside(fact, start, end, kind)
        case In(fact, options), Choice() as kind:
            others = frozenset(kind.options) - frozenset(options)
            return _no_bit(fact, kind, others if wanted else frozenset(options))
    return _yes_no(node.fact, wanted)


def _ruled_out(fact: str, kind: FactType, cells: Sequence[Cell]) -> pl.Expr:
    """True where no value of these cells is possible."""
    if isinstance(kind, Choice):
        return _no_bit(fact, kind, frozenset().union(*(cell.options for cell in cells)))
    if isinstance(kind, Number):
        merged: list[tuple[float, float]] = []
        for start, end in sorted(span for cell in cells for span in cell.spans):
            if merged and nextafter(merged[-1][1], inf) == start:
                start = merged.pop()[0]
            merged.append((start, end))
        return _joined(and_, [_outside(fact, start, end, kind) for start, end in merged], True)
    return _yes_no(fact, cells[0].value is False)


def _yes_no(fact: str, wanted: bool) -> pl.Expr:
    known = pl.col(fact).fill_null(not wanted)
    return known if wanted else ~known


def _no_bit(fact: str, kind: Choice, options: frozenset[str]) -> pl.Expr:
    return ((pl.col(f"{fact}__may") & _bits(kind, options)) == 0).fill_null(False)


def _bits(kind: Choice, options: frozenset[str]) -> int:
    return sum(1 << place for place, option in enumerate(kind.options) if option in options)


def _outside(fact: str, start: float, end: float, kind: Number) -> pl.Expr:
    below = _at_most(fact, nextafter(start, -inf), kind) if start > -inf else []
    return _joined(or_, below + (_at_least(fact, nextafter(end, inf), kind) if end < inf else []), False)


# Every test of a number comes down to these two, so that Polars computes what rules share only once.
# NaN is the largest of all numbers to Polars: it has to become "unknown" before it can fire a rule.
def _at_least(fact: str, bound: float, kind: Number) -> list[pl.Expr]:
    column = pl.col(f"{fact}__lo").fill_nan(None)
    return [(column >= bound).fill_null(kind.lo >= bound)] if bound > -inf else []


def _at_most(fact: str, bound: float, kind: Number) -> list[pl.Expr]:
    column = pl.col(f"{fact}__hi").fill_nan(None)
    return [(column <= bound).fill_null(kind.hi <= bound)] if bound < inf else []


def _joined(join: Any, parts: Sequence[pl.Expr], none: bool) -> pl.Expr:
    # A full column, not a literal: a select of literals alone would have a single row.
    return reduce(join, parts) if parts else pl.repeat(none, pl.len(), dtype=pl.Boolean)
