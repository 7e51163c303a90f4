"""One person: an estimate, how far what is unknown could move it, and how far another sample could. Pure Python.

The two uncertainties stay apart: the *range* comes from answers nobody has given, and closes when they are given; the
*interval* comes from the number of people the model learned from, and does not.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any

from .model import Model, Population, RiskError, Value, expit

DRAWS = 800
MOST_EXACT = 800
TAIL = 0.1


@dataclass(frozen=True)
class Estimate:
    """What a model says about a person with these answers."""

    model: str
    risk: float
    """The estimate; with unknown answers, its mean over people like this one in what is known."""
    range: tuple[float, float] | None
    """Where 8 in 10 such people lie, from what is unknown; None when every input is known."""
    interval: tuple[float, float] | None
    """95 % interval from sampling, by bootstrap refits; None when the model holds none."""
    contributions: Mapping[tuple[str, ...], float]
    """What each term adds to the logit against the average person; terms with an unknown column: on average."""
    unknown: tuple[str, ...]
    narrows: tuple[tuple[str, float], ...]
    """The unknown columns that would narrow the range most, at most three, with their share of its variance."""
    in_100: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "risk": self.risk,
            "in_100": self.in_100,
            "range": list(self.range) if self.range else None,
            "interval": list(self.interval) if self.interval else None,
            "contributions": [{"columns": list(c), "logit": v} for c, v in self.contributions.items()],
            "unknown": list(self.unknown),
            "narrows": [{"column": c, "share": v} for c, v in self.narrows],
        }


def estimate(model: Model, known: Mapping[str, Any], *, seed: int = 0) -> Estimate:
    """Estimate for one person. A column may hold a value, a list of the values still possible, or None for unknown.

    What is unknown is filled in from people of the training data who are alike in what is known; nothing is imputed as
    if it were an answer. Raises RiskError for values that cannot be and columns that the model does not read.
    """
    if strange := [c for c in known if c not in model.by_column]:
        raise RiskError(f"{model.name} does not read {', '.join(strange)}; it reads {', '.join(model.columns)}")
    fixed: dict[str, Value] = {}
    may: dict[str, tuple[Value, ...]] = {}
    for column in model.columns:
        options = _options(model, column, known.get(column))
        if options is not None and len(options) == 1:
            fixed[column] = options[0]
        else:
            may[column] = options or ()
    people = _people(model, fixed, may, seed)
    risks = [model.risk(row) for _, row in people]
    weights = [w for w, _ in people]
    mean = math.fsum(w * r for w, r in zip(weights, risks, strict=True))
    return Estimate(
        model=model.name,
        risk=mean,
        range=_range(risks, weights) if may else None,
        interval=_interval(model, people),
        contributions=_contributions(model, people),
        unknown=tuple(may),
        narrows=_narrows(people, risks, tuple(may), mean) if may else (),
        in_100=in_100(mean),
    )


def in_100(risk: float) -> int:
    """How many of 100, as shown to a person; never 0 and never 100."""
    return min(99, max(1, round(100 * risk)))


def _options(model: Model, column: str, given: Any) -> tuple[Value, ...] | None:
    if given is None:
        return None
    i = model.by_column[column]
    if isinstance(given, list | tuple | set | frozenset):
        cleaned = dict.fromkeys(i.clean(v) for v in (sorted(given, key=str) if isinstance(given, set) else given))
        options = tuple(v for v in cleaned if v is not None)
        if not options:
            raise RiskError(f"{column}: no value is possible")
        return options
    value = i.clean(given)
    return None if value is None else (value,)


def _people(
    model: Model, fixed: Mapping[str, Value], may: Mapping[str, tuple[Value, ...]], seed: int
) -> list[tuple[float, dict[str, Value]]]:
    """Whole rows with their shares: the one that is known, every completion, or seeded draws of them."""
    if not may:
        return [(1.0, dict(fixed))]
    population = model.population
    if population is None:
        raise RiskError(f"{model.name} holds no population: {', '.join(may)} must be known")
    evidence = {c: _evidence(population, c, (v,)) for c, v in fixed.items()}
    evidence |= {c: _evidence(population, c, v) for c, v in may.items() if v}
    classes = population.posterior(evidence)
    lists = {c: _values(population, c, v) for c, v in may.items()}
    if math.prod(len(v) for v in lists.values()) <= MOST_EXACT:
        return _all(population, fixed, lists, classes)
    dice = random.Random(seed)
    steps = list(accumulate(classes))
    tables = {
        c: [list(accumulate(population.shares[c][k][n] for n, _ in values)) for k in range(len(classes))]
        for c, values in lists.items()
    }
    found = []
    for _ in range(DRAWS):
        k = _pick(steps, dice)
        row = dict(fixed)
        for c, values in lists.items():
            row[c] = values[_pick(tables[c][k], dice)][1]
        found.append((1 / DRAWS, row))
    return found


def _pick(steps: Sequence[float], dice: random.Random) -> int:
    x = dice.random() * steps[-1]
    return next((n for n, s in enumerate(steps) if x < s), len(steps) - 1)


def _all(
    population: Population,
    fixed: Mapping[str, Value],
    lists: Mapping[str, list[tuple[int, Value]]],
    classes: Sequence[float],
) -> list[tuple[float, dict[str, Value]]]:
    found = []
    for combination in product(*lists.values()):
        share = math.fsum(
            p * math.prod(population.shares[c][k][n] for c, (n, _) in zip(lists, combination, strict=True))
            for k, p in enumerate(classes)
        )
        if share > 0:
            found.append((share, {**fixed, **{c: v for c, (_, v) in zip(lists, combination, strict=True)}}))
    total = math.fsum(w for w, _ in found)
    return [(w / total, row) for w, row in found]


def _values(population: Population, column: str, options: tuple[Value, ...]) -> list[tuple[int, Value]]:
    """The values that may be, each with its number in the population."""
    values = population.values[column]
    if not options:
        return list(enumerate(values))
    return [(_nearest(values, v), v) for v in options]


def _evidence(population: Population, column: str, options: tuple[Value, ...]) -> list[float]:
    near = {_nearest(population.values[column], v) for v in options}
    return [1.0 if n in near else 0.0 for n in range(len(population.values[column]))]


def _nearest(values: Sequence[Value], value: Value) -> int:
    if isinstance(value, str):
        return values.index(value)
    number = float(value or 0)
    return min(range(len(values)), key=lambda n: abs(float(values[n] or 0) - number))


def _range(risks: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    return _quantile(risks, weights, TAIL), _quantile(risks, weights, 1 - TAIL)


def _quantile(values: Sequence[float], weights: Sequence[float], at: float) -> float:
    total = 0.0
    pairs = sorted(zip(values, weights, strict=True))
    for value, weight in pairs:
        total += weight
        if total >= at - 1e-12:
            return value
    return pairs[-1][0]


def _interval(model: Model, people: Sequence[tuple[float, dict[str, Value]]]) -> tuple[float, float] | None:
    """From the spread of the refits on the logit scale: few refits give a steady deviation, not steady quantiles."""
    if len(model.replicates) < 5:
        return None
    some = people if len(people) <= 60 else people[:: len(people) // 60]
    total = math.fsum(w for w, _ in some)
    rows = [(w / total, model.replicate_logits(row), model.logit(row)) for w, row in some]
    count = len(model.replicates)
    means = [math.fsum(w * lp[n] for w, lp, _ in rows) for n in range(count)]
    middle = sum(means) / count
    deviation = math.sqrt(sum((m - middle) ** 2 for m in means) / (count - 1))
    centre = math.fsum(w * model.risk(row) for w, row in people)
    lp = math.log(centre / (1 - centre))
    return expit(lp - 1.96 * deviation), expit(lp + 1.96 * deviation)


def _contributions(model: Model, people: Sequence[tuple[float, dict[str, Value]]]) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for weight, row in people:
        for columns, value in model.contributions(row).items():
            found[columns] = found.get(columns, 0.0) + weight * value
    return found


def _narrows(
    people: Sequence[tuple[float, dict[str, Value]]], risks: Sequence[float], unknown: Sequence[str], mean: float
) -> tuple[tuple[str, float], ...]:
    """For each unknown column, how much of the variance of the risk its answer would take away on average."""
    variance = math.fsum(w * (r - mean) ** 2 for (w, _), r in zip(people, risks, strict=True))
    if variance <= 0:
        return ()
    drawn = len(people) == DRAWS and len({w for w, _ in people}) == 1
    shares = []
    for column in unknown:
        groups: dict[Value, list[float]] = {}
        for (w, row), r in zip(people, risks, strict=True):
            group = groups.setdefault(row[column], [0.0, 0.0])
            group[0] += w
            group[1] += w * r
        between = math.fsum(g[0] * (g[1] / g[0] - mean) ** 2 for g in groups.values())
        if drawn:  # group means of few draws differ by chance alone
            between -= (len(groups) - 1) / DRAWS * max(0.0, variance - between)
        shares.append((column, max(0.0, between / variance)))
    shares.sort(key=lambda s: (-s[1], s[0]))
    return tuple(s for s in shares[:3] if s[1] > 0.005)
