"""Fit a model and export it as lookup tables: penalized logistic regression with splines, or an explainable boosting
machine. Gradient boosting stands beside them for comparison."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from .cohorts import refuse
from .data import Data, Floats, Predict
from .kinds import fit_boosting, fit_ebm, fit_logistic, outcome_of
from .metrics import logistic, logits
from .model import Axis, Model, RiskError, Term
from .population import fit_population
from .table import risk_table
from .validation import validate

Progress = Callable[[str], None]

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "logistic": {"penalty": 30.0, "knots": 3, "pairs": 0},
    "ebm": {"interactions": 12, "outer_bags": 8, "learning_rate": 0.02, "max_leaves": 3, "min_samples_leaf": 20},
    "boosting": {
        "learning_rate": 0.05,
        "max_iter": 150,
        "max_leaf_nodes": 8,
        "min_samples_leaf": 100,
        "l2_regularization": 5.0,
    },
}
KINDS = tuple(DEFAULTS)
BOUNDS: Mapping[str, tuple[float, float]] = {
    "penalty": (1e-3, 1e6),
    "knots": (0, 20),
    "pairs": (0, 100),
    "interactions": (0, 200),
    "outer_bags": (1, 100),
    "learning_rate": (1e-4, 1),
    "max_leaves": (2, 100),
    "min_samples_leaf": (1, 1e6),
    "max_iter": (1, 5_000),
    "max_leaf_nodes": (2, 1_000),
    "l2_regularization": (0, 1e6),
}
"""The least and the most that an option may be: beyond lies what no machine here fits, or what the library refuses."""


@dataclass(frozen=True)
class Fitted:
    """A fitted model with what it was fitted by. `model` is None for gradient boosting, which is no set of tables."""

    kind: str
    predict: Predict
    model: Model | None
    estimator: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def fit(
    data: Data,
    kind: str = "",
    *,
    seed: int = 0,
    replicates: int = 0,
    population: bool = True,
    calibrate: bool = True,
    progress: Progress | None = None,
    **options: Any,
) -> Fitted:
    """Fit one kind of model (default: the cohort's). Raises RiskError for a leak among the inputs, or a slope not above 0.

    Trees and coefficients are fitted to people; the last step sets intercept and slope to the weighted population from
    estimates made out of fold. `replicates`: bootstrap refits kept with the model, for the interval of one person.
    """
    kind = kind or data.cohort.kind
    options = _options(kind, options)
    refuse(i.column for i in data.cohort.inputs)
    if data.cohort.outcome in {i.column for i in data.cohort.inputs}:
        raise RiskError(f"may not be a model input: {data.cohort.outcome} (outcome)")
    y = data.y
    if not 10 <= y.sum() <= len(y) - 10:
        raise RiskError(f"{int(y.sum())} of {len(y)} rows have the outcome: too few to fit a model")
    tell = progress or _quiet
    tell(f"fitting {kind} to {len(data):,} rows")
    if kind == "boosting":
        estimator, predict = fit_boosting(data, seed, options)
        return Fitted(kind, predict, None, estimator, options, _about(data, kind, seed, options, 0))
    model, estimator = _tables(data, kind, seed, options)
    if calibrate:
        tell("calibrating out of fold")
        shift, slope = _out_of_fold(data, kind, seed, options)
        if round(slope, DIGITS) <= 0:
            raise RiskError("the data do not support this model: out of fold, its slope is not above 0")
        model = replace(model, shift=round(shift, DIGITS), slope=round(slope, DIGITS))
    if population:
        tell("describing the population")
        model = replace(model, population=fit_population(data, seed=seed))
    if replicates:
        model = replace(model, replicates=tuple(_replicates(data, kind, seed, options, model, replicates, tell)))
    model = replace(model, about=_about(data, kind, seed, options, replicates))
    fixed = model
    return Fitted(kind, lambda other: risk_table(fixed, other), model, estimator, options, model.about)


def _quiet(_: str) -> None:
    pass


def _options(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if kind not in DEFAULTS:
        raise RiskError(f"no kind of model '{kind}'; there are {', '.join(KINDS)}")
    if strange := [name for name in given if name not in DEFAULTS[kind]]:
        raise RiskError(f"{kind} has no option {', '.join(strange)}; it has {', '.join(DEFAULTS[kind])}")
    for name, value in given.items():
        least, most = BOUNDS[name]
        whole = isinstance(DEFAULTS[kind][name], int)
        if (
            isinstance(value, bool)
            or not isinstance(value, int if whole else int | float)
            or not least <= value <= most
        ):
            sort = "a whole number" if whole else "a number"
            raise RiskError(f"{name}: {str(value)[:40]} is not {sort} from {least:g} to {most:,g}")
    return {**DEFAULTS[kind], **given}


DIGITS = 12
"""Decimals kept in a model: what lies beyond differs from machine to machine."""


def _tables(data: Data, kind: str, seed: int, options: Mapping[str, Any]) -> tuple[Model, Any]:
    model, estimator = fit_ebm(data, seed, options) if kind == "ebm" else fit_logistic(data, options)
    terms = tuple(replace(t, scores=tuple(round(s, DIGITS) for s in t.scores)) for t in model.terms)
    return replace(model, intercept=round(model.intercept, DIGITS), terms=terms), estimator


# ---- what is fitted again: folds and bootstrap ------------------------------------------------------------------


def folds(data: Data, count: int, seed: int) -> Iterator[tuple[Any, Any]]:
    """Seeded folds, balanced by outcome."""
    dice = np.random.default_rng(seed)
    y, fold = data.y, np.zeros(len(data), int)
    for value in (0, 1):
        here = dice.permutation(np.flatnonzero(y == value))
        fold[here] = np.arange(len(here)) % count
    for n in range(count):
        yield np.flatnonzero(fold != n), np.flatnonzero(fold == n)


def out_of_fold(data: Data, kind: str, seed: int, options: Mapping[str, Any], count: int = 5) -> Floats:
    """Every row estimated by a model that never saw it."""
    p = np.zeros(len(data))
    for train, test in folds(data, count, seed):
        made = fit(data.where(train), kind, seed=seed, population=False, calibrate=False, **options)
        p[test] = made.predict(data.where(test))
    return p


def _out_of_fold(data: Data, kind: str, seed: int, options: Mapping[str, Any]) -> tuple[float, float]:
    lp = logits(out_of_fold(data, kind, seed, options))
    shift, slope = logistic(np.column_stack([np.ones(len(lp)), lp]), data.y, data.weight)
    return float(shift), float(slope)


def held_out(
    data: Data, kind: str = "", *, seed: int = 0, bootstrap: int = 200, progress: Progress | None = None, **options: Any
) -> dict[str, Any]:
    """A validation on rows that were not fitted to: the last survey year, else every row across 5 folds."""
    kind = kind or data.cohort.kind
    year = data.columns.get(data.cohort.year) if data.cohort.year else None
    if year is not None and len(np.unique(year)) > 1:
        last = float(np.max(year))
        train, test = data.split(**{data.cohort.year: last})
        made = fit(train, kind, seed=seed, population=False, progress=progress, **options)
        label = f"Fitted to the years before, tested on {last:.0f}"
        return validate(made.predict, test, bootstrap=bootstrap, seed=seed, label=label)
    p = out_of_fold(data, kind, seed, _options(kind, options))
    return validate(lambda _: p, data, bootstrap=bootstrap, seed=seed, label="Cross-validated, 5 folds")


def _replicates(
    data: Data, kind: str, seed: int, options: Mapping[str, Any], model: Model, count: int, tell: Progress
) -> Iterator[tuple[float, ...]]:
    dice = np.random.default_rng(seed + 1)
    lighter = {**options, **({"outer_bags": 2} if kind == "ebm" else {})}
    for n in range(count):
        tell(f"bootstrap refit {n + 1} of {count}")
        people = dice.integers(0, len(data), len(data))
        again, _ = _tables(data.where(people), kind, seed + n, lighter)
        yield _on_places_of(model, again)


def _on_places_of(model: Model, other: Model) -> tuple[float, ...]:
    """Another fit's scores at the places of this model's main tables; its pairs are added where both have them."""
    others = {t.columns: t for t in other.terms}
    found = [other.intercept]
    for t in model.terms:
        same = others.get(t.columns) or _turned(others.get(t.columns[::-1]))
        for place in range(len(t.scores)):
            found.append(same.scores[_same_place(t, same, place)] if same else 0.0)
    return tuple(round(v, 5) for v in found)


def _turned(t: Term | None) -> Term | None:
    if t is None or len(t.axes) != 2:
        return None
    a, b = t.axes
    table = np.asarray(t.scores).reshape(a.size, b.size).T
    return Term((b, a), tuple(float(s) for s in table.ravel()))


def _same_place(t: Term, other: Term, place: int) -> int:
    at, values = place, []
    for axis in reversed(t.axes):
        at, here = divmod(at, axis.size)
        values.append(representative(axis, here))
    return other.place(dict(zip(t.columns, reversed(values), strict=True)))


def representative(axis: Axis, place: int) -> str | float | None:
    """A value that stands at a place of an axis."""
    if place == 0:
        return None
    if axis.levels:
        return axis.levels[place - 1]
    cuts = axis.cuts
    if not cuts:
        return 0.0
    if place == 1:
        return cuts[0] - 0.5
    if place == len(cuts) + 1:
        return cuts[-1]
    return (cuts[place - 2] + cuts[place - 1]) / 2


def _about(data: Data, kind: str, seed: int, options: Mapping[str, Any], replicates: int) -> dict[str, Any]:
    packages = ("numpy", "scikit-learn", *(("interpret-core",) if kind == "ebm" else ()))
    return {
        "kind": kind,
        "cohort": data.cohort.name,
        "weight": data.cohort.weight,
        "rows": len(data),
        "events": int(data.y.sum()),
        "prevalence": float(np.average(data.y, weights=data.weight)),
        "data": data.path,
        "data_sha256": data.hash,
        "title": data.cohort.title,
        "people": data.cohort.people or "Own data",
        "source": data.cohort.source,
        "outcome": outcome_of(data),
        "seed": seed,
        "options": dict(options),
        "replicates": replicates,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
    }
