"""The kinds of model: how each is fitted, and how its tables are read off it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .data import Data, Floats, Predict
from .model import Axis, Input, Model, RiskError, Term
from .storage import OwnModel
from .table import places, places_of


def _model(data: Data, intercept: float, terms: tuple[Term, ...]) -> Model:
    c = data.cohort
    return Model(c.name, c.title, outcome_of(data), c.inputs, intercept, terms)


def outcome_of(data: Data) -> dict[str, str]:
    c = data.cohort
    return {"column": c.outcome, "words": c.outcome_words, "says": c.says, "not_for": c.not_for}


# ---- penalized logistic regression with splines --------------------------------------------------------------


def axis_of(i: Input, data: Data) -> Axis:
    """One place for each level or each number seen; the cuts lie halfway between numbers."""
    if i.levels:
        return Axis(i.column, i.levels)
    seen = _seen(i, data)
    return Axis(i.column, cuts=tuple(float(v) for v in (seen[1:] + seen[:-1]) / 2))


def _seen(i: Input, data: Data) -> Floats:
    known = data.columns[i.column]
    seen = np.unique(known[~np.isnan(known)])
    if len(seen) > 120:
        seen = np.unique(np.round(np.quantile(known[~np.isnan(known)], np.linspace(0, 1, 61)), 6))
    return seen if len(seen) else np.zeros(1)


def _basis(i: Input, data: Data, knots: int) -> Floats:
    """Places × features: indicators for a category, a natural spline for a number, an indicator for missing."""
    from sklearn.preprocessing import SplineTransformer

    if i.levels:
        rows = np.vstack([np.zeros(len(i.levels)), np.eye(len(i.levels))])
    else:
        seen = _seen(i, data)
        known = data.columns[i.column]
        known = known[~np.isnan(known)]
        scale = known.std() or 1.0
        columns = [((seen - known.mean()) / scale)[:, None]]
        if len(seen) > 4 and knots:
            marks = np.unique(np.quantile(known, np.linspace(0, 1, knots + 2)))
            if len(marks) >= 3:
                spline = SplineTransformer(degree=2, knots=marks[:, None], extrapolation="constant", include_bias=False)
                columns.append(spline.fit_transform(seen[:, None]))
            columns.append((seen > seen[0]).astype(float)[:, None])  # none at all against any
        rows = np.vstack([np.zeros(sum(c.shape[1] for c in columns)), np.column_stack(columns)])
    missing = np.zeros((len(rows), 1))
    missing[0] = 1
    return np.column_stack([rows, missing])


def fit_logistic(data: Data, options: Mapping[str, Any]) -> tuple[Model, Any]:
    from sklearn.linear_model import LogisticRegression

    axes = [axis_of(i, data) for i in data.cohort.inputs]
    bases = [_basis(i, data, int(options["knots"])) for i in data.cohort.inputs]
    parts: list[tuple[tuple[Axis, ...], Floats]] = [((a,), b) for a, b in zip(axes, bases, strict=True)]
    for n, m in _pairs(len(axes), int(options["pairs"])):
        parts.append(((axes[n], axes[m]), np.kron(bases[n], bases[m])))

    def design(rows: Data) -> Floats:
        return np.column_stack([basis[places_of(part, rows)] for part, basis in parts])

    x = design(data)
    centre = x.mean(0)
    # Newton's method ends at the optimum itself: where it stops does not depend on how a machine shares out its sums.
    estimator = LogisticRegression(C=1 / float(options["penalty"]), solver="newton-cholesky", max_iter=200, tol=1e-10)
    estimator.fit(x - centre, data.y)
    coef = estimator.coef_[0]
    terms, at = [], 0
    intercept = float(estimator.intercept_[0] - centre @ coef)
    for part_axes, basis in parts:
        scores = basis @ coef[at : at + basis.shape[1]]
        at += basis.shape[1]
        terms.append(Term(part_axes, tuple(float(s) for s in scores)))
    intercept, terms = _centred(data, intercept, terms)
    estimator.design_ = lambda rows: design(rows) - centre  # what it was fitted to, for whoever checks the tables
    return _model(data, intercept, tuple(terms)), estimator


def _pairs(count: int, first: int) -> Iterator[tuple[int, int]]:
    """All pairs among the first inputs (the urine tests of three weeks)."""
    for n in range(min(first, count)):
        for m in range(n + 1, min(first, count)):
            yield n, m


def _centred(data: Data, intercept: float, terms: list[Term]) -> tuple[float, list[Term]]:
    """Every table with a weighted mean of 0 in the training data, so that a contribution is against the average."""
    found = []
    for t in terms:
        at = places_of(t.axes, data)
        scores = np.asarray(t.scores)
        mean = float(np.average(scores[at], weights=data.weight))
        intercept += mean
        scores = scores - mean
        if len(t.axes) == 1 and not (at == 0).any():
            scores[0] = 0.0  # never missing in training: a missing cell is an average person's
        found.append(replace(t, scores=tuple(float(s) for s in scores)))
    return intercept, found


# ---- explainable boosting machine ------------------------------------------------------------------------------


def _matrix(data: Data) -> Any:
    x = np.empty((len(data), len(data.cohort.inputs)), object)
    for n, i in enumerate(data.cohort.inputs):
        x[:, n] = data.columns[i.column]
    return x


def fit_ebm(data: Data, seed: int, options: Mapping[str, Any]) -> tuple[Model, Any]:
    from interpret.glassbox import ExplainableBoostingClassifier

    inputs = data.cohort.inputs
    estimator = ExplainableBoostingClassifier(
        feature_names=[i.column for i in inputs],
        feature_types=["nominal" if i.levels else "continuous" for i in inputs],
        random_state=seed,
        n_jobs=1,
        **options,
    )
    with warnings.catch_warnings():
        # It says that its own pictures leave out missing values; the tables hold them.
        warnings.filterwarnings("ignore", message="Missing values detected")
        estimator.fit(_matrix(data), data.y.astype(int))
    terms = [_ebm_term(estimator, inputs, t) for t in range(len(estimator.term_features_))]
    intercept, terms = _centred(data, float(np.ravel(estimator.intercept_)[0]), terms)
    return _model(data, intercept, tuple(terms)), estimator


def _ebm_term(estimator: Any, inputs: tuple[Input, ...], t: int) -> Term:
    features = estimator.term_features_[t]
    scores = np.asarray(estimator.term_scores_[t], float)
    axes = []
    for dim, f in enumerate(features):
        bins = estimator.bins_[f][min(len(features), len(estimator.bins_[f])) - 1]
        if inputs[f].levels:
            axes.append(Axis(inputs[f].column, inputs[f].levels))
            # Levels in our order; one that training never saw takes the place that the machine keeps for unknown ones.
            order = [0, *(bins.get(level, scores.shape[dim] - 1) for level in inputs[f].levels)]
        else:
            axes.append(Axis(inputs[f].column, cuts=tuple(float(c) for c in bins)))
            order = list(range(len(bins) + 2))
        scores = np.take(scores, order, axis=dim)
    return Term(tuple(axes), tuple(float(s) for s in scores.ravel()))


# ---- gradient boosting, to compare with -------------------------------------------------------------------------


def _codes(inputs: tuple[Input, ...], table: Mapping[str, Any]) -> Floats:
    columns = []
    for i in inputs:
        c = table[i.column]
        if i.levels:
            at = places(Axis(i.column, i.levels), c).astype(float) - 1
            columns.append(np.where(at < 0, np.nan, at))
        else:
            columns.append(np.asarray(c, float))
    return np.column_stack(columns)


def fit_boosting(data: Data, seed: int, options: Mapping[str, Any]) -> tuple[Any, Predict]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    # Levels go in as their numbers: the library's own way with categories puts functions into the saved file.
    estimator = HistGradientBoostingClassifier(random_state=seed, **options)
    estimator.fit(_codes(data.cohort.inputs, data.columns), data.y)
    inputs = data.cohort.inputs
    return estimator, lambda other: np.asarray(estimator.predict_proba(_codes(inputs, other.columns))[:, 1])


def estimator_risks(own: OwnModel, columns: Mapping[str, Any]) -> Floats:
    """The estimates of a researcher's own estimator, for columns as `columns_for` gives them."""
    if own.kind != "boosting":
        raise RiskError(f"{own.name}: no way to score a model of the kind '{own.kind}'")
    codes = _codes(own.inputs, columns)
    try:
        if _can_be_walked(own.estimator, len(own.inputs)):
            leaves = [tree.nodes["value"] for (tree,) in own.estimator._predictors]
            if not all(np.isfinite(one).all() for one in (own.estimator._baseline_prediction, *leaves)):
                raise RiskError(f"{own.name}: its trees hold a number that is not finite; not scored")
            return np.asarray(own.estimator.predict_proba(codes)[:, 1], float)
    except RiskError:
        raise
    except Exception as error:  # whatever becomes of an estimator that nobody fitted
        raise RiskError(f"{own.name}: its estimator cannot score ({type(error).__name__})") from None
    raise RiskError(f"{own.name}: its trees lead nowhere, or in a circle; not scored")


def _can_be_walked(estimator: Any, inputs: int) -> bool:
    """Whether each tree of a boosted estimator leads from its first node to a leaf: the library follows the nodes of a file
    as they stand, to itself for ever or out of its memory. A fitted tree has each node before those that it leads to."""
    if estimator.n_trees_per_iteration_ != 1:
        return False
    for (tree,) in estimator._predictors:
        nodes = tree.nodes
        inner = np.flatnonzero(nodes["is_leaf"] == 0)
        split = nodes[inner]
        within = all(((split[way] > inner) & (split[way] < len(nodes))).all() for way in ("left", "right"))
        known = ((split["feature_idx"] >= 0) & (split["feature_idx"] < inputs)).all()
        if not (len(nodes) and within and known) or nodes["is_categorical"].any():
            return False
    return True
