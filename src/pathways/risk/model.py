"""A model as plain data: an intercept and lookup tables that add up on the logit scale. Pure Python.

One person is scored by a handful of table lookups, so the sum can be read term by term and is exact. `fit` makes such
models, `storage` reads and writes them, `table` scores whole tables with the same numbers.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

FORMAT = "pathways-risk/1"
LARGEST = 1e12
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(?:\.\d+)?$)")
SAID_OF_OUTCOME = frozenset({"column", "words", "says"})
"""What a model says of its outcome: the column it is read from, the outcome in words, and what a high estimate means."""
"""No number of a model is larger: sums of them stay finite."""

Value = str | float | int | bool | None


class RiskError(ValueError):
    """Something a person can put right: a column, a file, an option. The text says what and how."""


@dataclass(frozen=True)
class Input:
    """One column that a model reads: `levels` for a category, `lo` to `hi` for a number."""

    column: str
    label: str
    levels: tuple[str, ...] = ()
    lo: float = -math.inf
    hi: float = math.inf
    unit: str = ""

    def clean(self, value: Value) -> str | float | None:
        """The value as the tables hold it; None when it is missing. Raises RiskError for what cannot be."""
        if value is None:
            return None
        if self.levels:
            text = str(value)
            if text not in self.levels:
                raise RiskError(f"{self.column}: '{text[:40]}' is not one of {', '.join(self.levels)}")
            return text
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise RiskError(f"{self.column}: '{str(value)[:40]}' is not a number") from None
        if math.isnan(number):
            return None
        if not self.lo <= number <= self.hi:
            raise RiskError(f"{self.column}: {number:g} is outside {self.lo:g} to {self.hi:g}")
        return number


@dataclass(frozen=True)
class Axis:
    """How one column picks a place in a table: 0 is missing, then one place a level or an interval between cuts."""

    column: str
    levels: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {level: n for n, level in enumerate(self.levels, 1)}

    @property
    def size(self) -> int:
        return 1 + (len(self.levels) or len(self.cuts) + 1)

    def index(self, value: str | float | None) -> int:
        """The place of a cleaned value."""
        if value is None:
            return 0
        if isinstance(value, str):
            return self.places.get(value, 0)
        return 1 + bisect_right(self.cuts, value)


@dataclass(frozen=True)
class Term:
    """A table of contributions on the logit scale, over one column or two; `scores` is row-major."""

    axes: tuple[Axis, ...]
    scores: tuple[float, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(axis.column for axis in self.axes)

    def place(self, row: Mapping[str, str | float | None]) -> int:
        at = 0
        for axis in self.axes:
            at = at * axis.size + axis.index(row[axis.column])
        return at


@dataclass(frozen=True)
class Population:
    """The joint distribution of the inputs in the training data as a mixture of classes, in each of which the columns
    are independent. It holds no rows of the data; it fills in what is unknown, given what is known."""

    values: Mapping[str, tuple[Value, ...]]
    classes: tuple[float, ...]
    shares: Mapping[str, tuple[tuple[float, ...], ...]]
    """`shares[column][class][n]`: how common `values[column][n]` is in a class."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "values": {c: list(v) for c, v in self.values.items()},
            "classes": list(self.classes),
            "shares": {c: [list(row) for row in rows] for c, rows in self.shares.items()},
        }

    def posterior(self, known: Mapping[str, Sequence[float]]) -> list[float]:
        """How likely each class is, given for some columns how possible each value is (1 or 0, or a weight)."""
        found = list(self.classes)
        for column, weights in known.items():
            for k, row in enumerate(self.shares[column]):
                found[k] *= sum(p * w for p, w in zip(row, weights, strict=True))
        total = sum(found)
        return [p / total for p in found] if total > 0 else list(self.classes)


@dataclass(frozen=True)
class Model:
    """An additive risk model. Load one with `load_model`; `risk` is the estimate for one person."""

    name: str
    title: str
    outcome: Mapping[str, str]
    inputs: tuple[Input, ...]
    intercept: float
    terms: tuple[Term, ...]
    slope: float = 1.0
    shift: float = 0.0
    """Recalibration: the risk is expit(shift + slope × the sum)."""
    population: Population | None = None
    replicates: tuple[tuple[float, ...], ...] = ()
    """Bootstrap refits, each as intercept and all scores in order: what another sample might have given."""
    about: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(i.column for i in self.inputs)

    @cached_property
    def by_column(self) -> Mapping[str, Input]:
        return {i.column: i for i in self.inputs}

    def clean(self, row: Mapping[str, Value]) -> dict[str, str | float | None]:
        """The inputs of this model out of a row; what is not there is missing. Raises RiskError."""
        return {i.column: i.clean(row.get(i.column)) for i in self.inputs}

    def logit(self, row: Mapping[str, Value]) -> float:
        """The linear predictor of one person, recalibration included."""
        known = self.clean(row)
        return self.shift + self.slope * (self.intercept + sum(t.scores[t.place(known)] for t in self.terms))

    def risk(self, row: Mapping[str, Value]) -> float:
        """The estimate for one person, 0 to 1. A missing value adds what the table holds for missing."""
        return expit(self.logit(row))

    def contributions(self, row: Mapping[str, Value]) -> dict[tuple[str, ...], float]:
        """What each term adds to the logit of this person; with `base` they sum to the logit exactly."""
        known = self.clean(row)
        return {t.columns: self.slope * t.scores[t.place(known)] for t in self.terms}

    @property
    def base(self) -> float:
        """The logit of a person for whom every term adds nothing."""
        return self.shift + self.slope * self.intercept

    def replicate_logits(self, row: Mapping[str, Value]) -> list[float]:
        """The linear predictor of one person under every bootstrap refit."""
        known = self.clean(row)
        places, start = [0], 1
        for t in self.terms:
            places.append(start + t.place(known))
            start += len(t.scores)
        return [self.shift + self.slope * sum(r[p] for p in places) for r in self.replicates]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` reads it back."""
        inputs = []
        for i in self.inputs:
            more = {"levels": list(i.levels)} if i.levels else {"lo": float(i.lo), "hi": float(i.hi)}
            inputs.append({"column": i.column, "label": i.label, **more, **({"unit": i.unit} if i.unit else {})})
        terms = []
        for t in self.terms:
            axes = [
                {"column": a.column, **({"levels": list(a.levels)} if a.levels else {"cuts": list(a.cuts)})}
                for a in t.axes
            ]
            terms.append({"axes": axes, "scores": list(t.scores)})
        return {
            "format": FORMAT,
            "name": self.name,
            "title": self.title,
            "outcome": dict(self.outcome),
            "about": dict(self.about),
            "inputs": inputs,
            "intercept": self.intercept,
            "slope": self.slope,
            "shift": self.shift,
            "terms": terms,
            "population": self.population and self.population.to_dict(),
            "replicates": [list(r) for r in self.replicates],
        }

    @classmethod
    def from_dict(cls, data: Any) -> Model:
        """Read plain data. Raises RiskError when it is not a whole model."""
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise RiskError(f"not a model of the format {FORMAT}")
        try:
            return cls(
                name=str(data["name"]),
                title=str(data["title"]),
                outcome={str(k): str(v) for k, v in data["outcome"].items()},
                inputs=tuple(_input(i) for i in data["inputs"]),
                intercept=_number(data["intercept"]),
                terms=tuple(_term(t) for t in data["terms"]),
                slope=_number(data["slope"]),
                shift=_number(data["shift"]),
                population=_population(data["population"]),
                replicates=tuple(tuple(map(_number, r)) for r in data["replicates"]),
                about=dict(data["about"]),
            )._checked()
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
            why = str(error) if isinstance(error, RiskError) else f"{type(error).__name__} {error}"
            raise RiskError(f"the model is damaged: {why}") from None

    def _checked(self) -> Model:
        known = set(self.columns)
        names = [*known, *(level for i in self.inputs for level in i.levels), self.outcome.get("column", "")]
        if acts := [name for name in names if _FORMULA.match(name)]:
            raise RiskError(f"'{acts[0][:40]}' begins as a formula of a spreadsheet does: name it otherwise")
        if lacking := sorted(SAID_OF_OUTCOME - self.outcome.keys()):
            raise RiskError(f"its outcome does not say {', '.join(lacking)}")
        if self.slope <= 0:
            raise RiskError(
                f"its slope is {self.slope:g}: it has to be above 0, or the model says the reverse of what it learned"
            )
        for t in self.terms:
            if not set(t.columns) <= known or not t.axes:
                raise RiskError(f"a term reads {', '.join(t.columns)}, which is not among the inputs")
            if any(list(a.cuts) != sorted(a.cuts) for a in t.axes):
                raise RiskError(f"the cuts of {' × '.join(t.columns)} are not in order")
            if math.prod(a.size for a in t.axes) != len(t.scores):
                raise RiskError(f"the table of {' × '.join(t.columns)} has {len(t.scores)} numbers")
        width = 1 + sum(len(t.scores) for t in self.terms)
        if any(len(r) != width for r in self.replicates):
            raise RiskError("a bootstrap refit has another number of scores than the model")
        if self.population and set(self.population.values) != known:
            raise RiskError("the population has other columns than the inputs")
        return self

    def grid(self, columns: Sequence[str]) -> list[dict[str, Value]]:
        """Every combination of the values that the population holds for these columns."""
        if self.population is None:
            raise RiskError(f"{self.name} holds no population to take values from")
        values = self.population.values
        return [dict(zip(columns, row, strict=True)) for row in product(*(values[c] for c in columns))]


def expit(x: float) -> float:
    """The inverse of the logit, without overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def _number(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
    except OverflowError:  # a whole number of hundreds of digits
        raise RiskError("a number is too long to be one of a model") from None
    if not abs(number) <= LARGEST:
        raise RiskError(f"'{str(value)[:40]}' is not a finite number of a model")
    return number


def _input(data: Mapping[str, Any]) -> Input:
    levels = tuple(map(str, data.get("levels", ())))
    if levels:
        return Input(str(data["column"]), str(data["label"]), levels)
    lo, hi = _number(data["lo"]), _number(data["hi"])
    return Input(str(data["column"]), str(data["label"]), (), lo, hi, str(data.get("unit", "")))


def _term(data: Mapping[str, Any]) -> Term:
    axes = tuple(
        Axis(str(a["column"]), tuple(map(str, a.get("levels", ()))), tuple(map(_number, a.get("cuts", ()))))
        for a in data["axes"]
    )
    return Term(axes, tuple(map(_number, data["scores"])))


def _population(data: Mapping[str, Any] | None) -> Population | None:
    if data is None:
        return None
    shares = {str(c): tuple(tuple(map(_number, row)) for row in rows) for c, rows in data["shares"].items()}
    values = {str(c): tuple(v) for c, v in data["values"].items()}
    made = Population(values, tuple(map(_number, data["classes"])), shares)
    for c, rows in shares.items():
        if len(rows) != len(made.classes) or any(len(row) != len(values[c]) for row in rows):
            raise RiskError(f"the population of {c} is not whole")
    return made
