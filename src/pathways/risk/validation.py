"""The validation of a risk estimate: every measure together, weighted, with intervals, overall and by group."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from . import metrics
from .data import Data, Floats, Predict, text
from .model import Model, RiskError
from .table import risk_table

THRESHOLDS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
FEWEST = 20
"""A group with fewer events, or fewer people without, is counted and not measured."""


def estimates(model: Model | Predict, data: Data) -> Floats:
    """The estimate of every row, held inside 0 and 1."""
    p = risk_table(model, data) if isinstance(model, Model) else np.asarray(model(data), float)
    if p.shape != (len(data),) or not np.isfinite(p).all():
        raise RiskError("the model does not give one finite estimate for every row")
    return np.asarray(np.clip(p, metrics.EDGE, 1 - metrics.EDGE))


def draws(data: Data, count: int, seed: int) -> Iterator[Floats]:
    """How often each row is drawn, bootstrap by bootstrap: people one by one, or whole sites."""
    dice = np.random.default_rng(seed)
    clusters = data.clusters
    if clusters is None:
        for _ in range(count):
            yield np.bincount(dice.integers(0, len(data), len(data)), minlength=len(data)).astype(float)
        return
    names, at = np.unique(clusters, return_inverse=True)
    for _ in range(count):
        yield np.bincount(dice.integers(0, len(names), len(names)), minlength=len(names)).astype(float)[at]


def validate(
    model: Model | Predict,
    data: Data,
    *,
    bootstrap: int = 200,
    seed: int = 0,
    thresholds: Sequence[float] = THRESHOLDS,
    label: str = "",
    bins: int = 10,
) -> dict[str, Any]:
    """All measures of a model on rows it was not fitted to. Plain data: see `validation_tables` for reading it.

    Intervals are the middle 95 % of bootstrap draws of people, or of whole sites where the data have sites.
    """
    p, y, w = estimates(model, data), data.y, data.weight
    order = np.argsort(p, kind="stable")  # sorted once: every draw then sorts in no time
    data, p, y, w = data.where(order), p[order], y[order], w[order]
    if not 0 < y.sum() < len(y):
        raise RiskError("validation needs people with the outcome and people without")
    masks = dict(_groups(data))
    whole = _overall(y, p, w)
    benefit = [_benefit(y, p, w, t) for t in thresholds]
    groups = {key: _group(y, p, w, mask, _update(y, p, w)) for key, mask in masks.items()}
    spread: dict[str, list[float]] = {k: [] for k in whole}
    spread_benefit: list[list[float]] = [[] for _ in thresholds]
    spread_groups: dict[tuple[str, str], dict[str, list[float]]] = {k: {m: [] for m in g} for k, g in groups.items()}
    for times in draws(data, bootstrap, seed):
        v = w * times
        if not (v * y).sum() or not (v * (1 - y)).sum():
            continue
        for k, value in _overall(y, p, v).items():
            spread[k].append(value)
        for n, t in enumerate(thresholds):
            spread_benefit[n].append(metrics.net_benefit(y, p, v, t))
        shift = _update(y, p, v)
        for key, mask in masks.items():
            for k, value in _group(y, p, v, mask, shift).items():
                spread_groups[key][k].append(value)
    return {
        "label": label,
        "people": len(y),
        "events": int(y.sum()),
        "observed": float(np.average(y, weights=w)),
        "expected": float(np.average(p, weights=w)),
        "weighted": bool(np.ptp(w) > 0),
        "bootstrap": {"draws": bootstrap, "seed": seed, "by": "row" if data.clusters is None else "site"},
        "measures": {k: _with(v, spread[k]) for k, v in whole.items()},
        "curve": metrics.curve(y, p, w, bins),
        "net_benefit": [
            {"threshold": t, "model": _with(b, s), "treat_all": metrics.treat_all(y, w, t), "treat_none": 0.0}
            for t, b, s in zip(thresholds, benefit, spread_benefit, strict=True)
        ],
        "groups": [
            {
                "column": column,
                "value": value,
                "people": int(masks[column, value].sum()),
                "events": int(y[masks[column, value]].sum()),
                "share": float(w[masks[column, value]].sum() / w.sum()),
                **{k: _with(v, spread_groups[column, value][k]) for k, v in found.items()},
            }
            for (column, value), found in groups.items()
        ],
    }


def _overall(y: Floats, p: Floats, w: Floats) -> dict[str, float]:
    large, slope = metrics.calibration(y, p, w)
    return {
        "auroc": metrics.auroc(y, p, w),
        "auprc": metrics.auprc(y, p, w),
        "brier": metrics.brier(y, p, w),
        "scaled_brier": metrics.scaled_brier(y, p, w),
        "calibration_intercept": large,
        "calibration_slope": slope,
        "observed_expected": metrics.observed_expected(y, p, w),
    }


def _benefit(y: Floats, p: Floats, w: Floats, threshold: float) -> float:
    return metrics.net_benefit(y, p, w, threshold)


def _update(y: Floats, p: Floats, w: Floats) -> float:
    """The one shift of the logit that brings the expected total to the observed."""
    return float(metrics.logistic(np.ones((len(y), 1)), y, w, metrics.logits(p))[0])


def _groups(data: Data) -> Iterator[tuple[tuple[str, str], Any]]:
    """Each group that the cohort names, then the cells of its first two columns crossed."""
    named = {}
    for column in data.cohort.groups:
        if column not in data.columns:
            continue
        texts = np.array([text(v) for v in data.columns[column]])
        named[column] = texts
        for value in sorted({t for t in texts if t}):
            yield (column, value), texts == value
        if (texts == "").any():
            yield (column, "not known"), texts == ""
    if len(named) >= 2 and not data.cohort.fold:  # crossed with trials, the cells are too small to read
        (a, left), (b, right) = list(named.items())[:2]
        for one in sorted({t for t in left if t}):
            for two in sorted({t for t in right if t}):
                mask = (left == one) & (right == two)
                if mask.any():
                    yield (f"{a} × {b}", f"{one} × {two}"), mask


def _group(y: Floats, p: Floats, w: Floats, mask: Any, shift: float) -> dict[str, float]:
    y, p, w = y[mask], p[mask], w[mask]
    few = min(y.sum(), len(y) - y.sum()) < FEWEST or not (w * y).sum() or not (w * (1 - y)).sum()
    updated = 1 / (1 + np.exp(-(metrics.logits(p) + shift)))
    return {
        "auroc": math.nan if few else metrics.auroc(y, p, w),
        "calibration_slope": math.nan if few else metrics.calibration(y, p, w)[1],
        "observed_expected": math.nan if few else metrics.observed_expected(y, p, w),
        "observed_expected_updated": math.nan if few else metrics.observed_expected(y, updated, w),
    }


def _with(value: float, spread: Sequence[float]) -> dict[str, float | None]:
    """A value with its interval; None stands for what cannot be worked out."""
    found = metrics.interval(spread) if math.isfinite(value) else None
    return {
        "value": value if math.isfinite(value) else None,
        "lo": found[0] if found else None,
        "hi": found[1] if found else None,
    }


def leave_one_out(
    refit: Callable[[Data], Model | Predict], data: Data, *, bootstrap: int = 200, seed: int = 0
) -> list[dict[str, Any]]:
    """Each trial estimated by a model fitted to the others: how far the model travels."""
    fold = data.cohort.fold
    if not fold or fold not in data.columns:
        raise RiskError("leaving one out needs a column of trials or sites")
    found = []
    for value in sorted({text(v) for v in data.columns[fold]}):
        mask = np.array([text(v) == value for v in data.columns[fold]])
        model = refit(data.where(~mask))
        found.append(
            validate(model, data.where(mask), bootstrap=bootstrap, seed=seed, label=f"{fold} {value} left out")
        )
    return found


NAMES: Mapping[str, str] = {
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "brier": "Brier score",
    "scaled_brier": "Scaled Brier score",
    "calibration_intercept": "Calibration intercept (slope held at 1)",
    "calibration_slope": "Calibration slope",
    "observed_expected": "Observed / expected",
}


def shown(cell: Mapping[str, float | None], digits: int = 3) -> str:
    """0.806 (0.796 to 0.817)."""
    if cell["value"] is None:
        return "too few"
    value = f"{cell['value']:.{digits}f}"
    return value if cell["lo"] is None else f"{value} ({cell['lo']:.{digits}f} to {cell['hi']:.{digits}f})"


def validation_tables(found: Mapping[str, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    """A validation as titled tables of text."""
    measures = [[name, shown(found["measures"][k], 4 if "brier" in k else 3)] for k, name in NAMES.items()]
    tables = [("Measures", ["measure", "value (95 % interval)"], measures)]
    rows = [
        [
            str(r["people"]),
            str(r["events"]),
            f"{100 * r['expected']:.1f}",
            f"{100 * r['observed']:.1f} ({100 * r['lo']:.1f} to {100 * r['hi']:.1f})",
        ]
        for r in found["curve"]
    ]
    tables.append(("Calibration curve", ["people", "events", "expected in 100", "observed in 100"], rows))
    rows = [
        [f"{r['threshold']:g}", shown(r["model"], 4), f"{r['treat_all']:.4f}", f"{r['treat_none']:.4f}"]
        for r in found["net_benefit"]
    ]
    tables.append(("Net benefit", ["threshold", "acting by the model", "acting for all", "acting for no one"], rows))
    rows = [
        [
            f"{g['column']}: {g['value']}",
            str(g["people"]),
            str(g["events"]),
            shown(g["auroc"]),
            shown(g["calibration_slope"], 2),
            shown(g["observed_expected"], 2),
            shown(g["observed_expected_updated"], 2),
        ]
        for g in found["groups"]
    ]
    if rows:
        heads = ["group", "people", "events", "AUROC", "slope", "O/E", "O/E after intercept update"]
        tables.append(("By group", heads, rows))
    return tables
