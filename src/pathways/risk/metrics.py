"""Weighted measures of a risk estimate, in plain NumPy. Tests hold each to an independent package."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .data import Floats

EDGE = 1e-12


def logits(p: Floats) -> Floats:
    p = np.clip(p, EDGE, 1 - EDGE)
    return np.asarray(np.log(p / (1 - p)))


def auroc(y: Floats, p: Floats, w: Floats) -> float:
    """How often a person with the outcome has the higher estimate (ties count half), pairs weighted."""
    order = np.argsort(p, kind="stable")
    p, pos, neg = p[order], (w * y)[order], (w * (1 - y))[order]
    starts = np.flatnonzero(np.r_[True, p[1:] != p[:-1]])
    pos, neg = np.add.reduceat(pos, starts), np.add.reduceat(neg, starts)
    total = pos.sum() * neg.sum()
    below = np.cumsum(neg) - neg
    return float((pos * (below + neg / 2)).sum() / total) if total > 0 else math.nan


def auprc(y: Floats, p: Floats, w: Floats) -> float:
    """Average precision: precision over recall, as a step curve."""
    order = np.argsort(-p, kind="stable")
    p, hit, all_ = p[order], np.cumsum((w * y)[order]), np.cumsum(w[order])
    ends = np.r_[np.flatnonzero(p[1:] != p[:-1]), len(p) - 1]
    hit, all_ = hit[ends], all_[ends]
    if hit[-1] <= 0:
        return math.nan
    # A bootstrap draw may give the first rows no weight at all: they add nothing.
    precision = np.divide(hit, all_, out=np.zeros(len(hit)), where=all_ > 0)
    return float((np.diff(hit, prepend=0.0) * precision).sum() / hit[-1])


def brier(y: Floats, p: Floats, w: Floats) -> float:
    """Mean squared difference."""
    return float(np.average((y - p) ** 2, weights=w))


def scaled_brier(y: Floats, p: Floats, w: Floats) -> float:
    """1 is perfect; 0 is no better than telling everyone the average."""
    rate = float(np.average(y, weights=w))
    return 1 - brier(y, p, w) / (rate * (1 - rate)) if 0 < rate < 1 else math.nan


def logistic(x: Floats, y: Floats, w: Floats, offset: Floats | None = None) -> Floats:
    """Coefficients of a weighted logistic regression by Newton's method; `x` holds its own column of ones."""
    beta = np.zeros(x.shape[1])
    offset = np.zeros(len(y)) if offset is None else offset
    for _ in range(60):
        mu = 1 / (1 + np.exp(-np.clip(x @ beta + offset, -40, 40)))
        gradient = x.T @ (w * (y - mu))
        hessian = (x * (w * mu * (1 - mu))[:, None]).T @ x
        try:
            step = np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return np.full(x.shape[1], np.nan)
        size = np.abs(step).max()
        if not np.isfinite(size):
            return np.full(x.shape[1], np.nan)
        beta = beta + step * min(1.0, 5.0 / size if size else 1.0)
        if size < 1e-10:
            return beta
    return beta if size < 1e-6 else np.full(x.shape[1], np.nan)


def calibration(y: Floats, p: Floats, w: Floats) -> tuple[float, float]:
    """Calibration in the large (intercept with the slope held at 1) and the slope; ideal 0 and 1."""
    lp = logits(p)
    one = np.ones((len(y), 1))
    slope = logistic(np.column_stack([one, lp]), y, w)[1]
    return float(logistic(one, y, w, lp)[0]), float(slope)


def observed_expected(y: Floats, p: Floats, w: Floats) -> float:
    """How many had the outcome for each one expected."""
    expected = float((w * p).sum())
    return float((w * y).sum()) / expected if expected > 0 else math.nan


def net_benefit(y: Floats, p: Floats, w: Floats, threshold: float) -> float:
    """True positives less false positives at the odds of the threshold, each person."""
    flagged = p >= threshold
    total = w.sum()
    true, false = (w * y)[flagged].sum() / total, (w * (1 - y))[flagged].sum() / total
    return float(true - false * threshold / (1 - threshold))


def treat_all(y: Floats, w: Floats, threshold: float) -> float:
    """The net benefit of acting for everyone; for no one it is 0."""
    rate = float(np.average(y, weights=w))
    return rate - (1 - rate) * threshold / (1 - threshold)


def curve(y: Floats, p: Floats, w: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Observed against expected in bins of equal weight; tied estimates stay together. ``lo`` and ``hi``: the 95 % Wilson
    interval of the observed share, with the rows that the weights are worth (the squared sum over the sum of squares)."""
    order = np.argsort(p, kind="stable")
    y, p, w = y[order], p[order], w[order]
    reached = np.cumsum(w) / w.sum()
    # All rows of one estimate go to the bin of their middle.
    starts = np.flatnonzero(np.r_[True, p[1:] != p[:-1]])
    group = np.cumsum(np.r_[True, p[1:] != p[:-1]]) - 1
    ends = np.r_[starts[1:] - 1, len(p) - 1]
    middle = (np.r_[0.0, reached[ends[:-1]]] + reached[ends]) / 2
    bin_of = np.minimum((middle * bins).astype(int), bins - 1)[group]
    rows = []
    for b in range(bins):
        here = bin_of == b
        if w[here].sum() > 0:
            observed = min(1.0, float(np.average(y[here], weights=w[here])))  # a mean of ones may be a little more
            lo, hi = wilson(observed, float(w[here].sum() ** 2 / (w[here] ** 2).sum()))
            rows.append(
                {
                    "people": int(here.sum()),
                    "events": int(y[here].sum()),
                    "expected": float(np.average(p[here], weights=w[here])),
                    "observed": observed,
                    "lo": lo,
                    "hi": hi,
                }
            )
    return rows


def wilson(share: float, rows: float) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's method. It holds the share itself, also where that is 0 or 1 and rounding
    would leave an end beyond it."""
    z = 1.959963984540054
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The middle 95 % of bootstrap values; None when too few of them could be worked out."""
    known = np.asarray([v for v in values if math.isfinite(v)])
    if len(known) < max(10, 0.9 * len(values)):
        return None
    lo, hi = np.quantile(known, (0.025, 0.975))
    return float(lo), float(hi)
