"""Our own arithmetic against independent packages: scikit-learn, statsmodels and dcurves."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from pathways.risk import metrics

dcurves = pytest.importorskip("dcurves", reason="dcurves has no release for this Python")


def sample(seed: int, rows: int = 700) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    lp = np.round(dice.normal(-1.5, 1.2, rows), 1)  # rounded: many ties
    y = (dice.random(rows) < 1 / (1 + np.exp(-(0.2 + 0.8 * lp)))).astype(float)
    return y, 1 / (1 + np.exp(-lp)), dice.choice((0.0, 0.3, 1.0, 4.0), rows)


@pytest.mark.parametrize("seed", range(5))
def test_discrimination_and_brier_agree_with_scikit_learn(seed: int) -> None:
    y, p, w = sample(seed)
    assert metrics.auroc(y, p, w) == pytest.approx(roc_auc_score(y, p, sample_weight=w), abs=1e-12)
    assert metrics.auprc(y, p, w) == pytest.approx(average_precision_score(y, p, sample_weight=w), abs=1e-12)
    assert metrics.brier(y, p, w) == pytest.approx(brier_score_loss(y, p, sample_weight=w), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_calibration_agrees_with_statsmodels(seed: int) -> None:
    y, p, w = sample(seed)
    lp = metrics.logits(p)
    slope = sm.GLM(y, sm.add_constant(lp), family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12).params[1]
    large = sm.GLM(y, np.ones((len(y), 1)), family=sm.families.Binomial(), freq_weights=w, offset=lp).fit(tol=1e-12)
    assert metrics.calibration(y, p, w) == (pytest.approx(large.params[0], abs=1e-7), pytest.approx(slope, abs=1e-7))


def test_an_unweighted_row_is_a_row_of_weight_one_and_whole_weights_are_copies() -> None:
    y, p, _ = sample(9)
    times = np.random.default_rng(9).integers(0, 4, len(y))
    at_tenth = partial(metrics.net_benefit, threshold=0.1)
    for measure in (
        metrics.auroc,
        metrics.auprc,
        metrics.brier,
        metrics.scaled_brier,
        metrics.observed_expected,
        at_tenth,
    ):
        copied = measure(np.repeat(y, times), np.repeat(p, times), np.ones(times.sum()))
        assert measure(y, p, times.astype(float)) == pytest.approx(copied, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_net_benefit_agrees_with_dcurves(seed: int) -> None:
    y, p, _ = sample(seed)
    at = (0.05, 0.1, 0.2, 0.4)
    # 1.1.7 adds ends of its own to a frame that it is given, and needs no other column.
    found = dcurves.dca(pd.DataFrame({"y": y, "p": p}), "y", ["p"], thresholds=list(at))
    one = np.ones(len(y))
    for threshold in at:
        row = found[np.isclose(found["threshold"], threshold)].set_index("model")["net_benefit"]
        assert metrics.net_benefit(y, p, one, threshold) == pytest.approx(row["p"], abs=1e-12)
        assert metrics.treat_all(y, one, threshold) == pytest.approx(row["all"], abs=1e-12)
        assert row["none"] == 0


def test_the_calibration_curve_holds_everyone_once_and_keeps_ties_together() -> None:
    y, p, w = sample(2)
    rows = metrics.curve(y, p, w, 10)
    assert sum(r["people"] for r in rows) == len(y)
    assert sum(r["events"] for r in rows) == y.sum()
    assert [r["expected"] for r in rows] == sorted(r["expected"] for r in rows)
    assert all(0 <= r["lo"] <= r["observed"] <= r["hi"] <= 1 for r in rows)


@pytest.mark.parametrize(("events", "rows"), [(0, 20), (3, 20), (41, 600), (600, 600)])
def test_the_interval_of_a_share_agrees_with_statsmodels(events: int, rows: int) -> None:
    assert metrics.wilson(events / rows, rows) == pytest.approx(
        proportion_confint(events, rows, method="wilson"), abs=1e-9
    )


@given(st.floats(0, 1), st.floats(1, 1e7))
def test_the_interval_of_a_share_holds_the_share(share: float, rows: float) -> None:
    lo, hi = metrics.wilson(share, rows)
    assert 0 <= lo <= share <= hi <= 1


@given(st.integers(0, 2**31), st.sampled_from([0.0, 1.0]))
def test_a_bin_of_ones_or_of_none_keeps_its_interval_about_what_was_observed(seed: int, outcome: float) -> None:
    random = np.random.default_rng(seed)
    w = random.exponential(1.0, 60)
    rows = metrics.curve(np.full(60, outcome), random.uniform(0.001, 0.1, 60), w, 10)
    assert all(0 <= r["lo"] <= r["observed"] <= r["hi"] <= 1 for r in rows)


def test_what_cannot_be_worked_out_is_not_a_number() -> None:
    y, p, w = sample(3)
    assert np.isnan(metrics.auroc(np.ones_like(y), p, w))
    assert np.isnan(metrics.auprc(np.zeros_like(y), p, w))
    assert metrics.interval([1.0, float("nan")] * 20) is None
