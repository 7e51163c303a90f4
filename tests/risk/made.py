"""A small made-up population for the tests: known risks, no data from anywhere."""

from __future__ import annotations

from functools import cache

import numpy as np

from pathways.risk.cohorts import Cohort
from pathways.risk.data import Data
from pathways.risk.fitting import Fitted, fit
from pathways.risk.model import Input

COHORT = Cohort(
    name="made",
    title="Made-up outcome",
    file="",
    outcome="outcome",
    outcome_words="have the made-up outcome",
    says="resembles people with the made-up outcome",
    weight="weight",
    year="season",
    groups=("band", "flag"),
    kind="logistic",
    inputs=(
        Input("band", "Band", ("low", "middle", "high")),
        Input("flag", "Flag", lo=0, hi=1),
        Input("days", "Days", lo=0, hi=30),
        Input("distress", "Distress", lo=0, hi=10),
    ),
)


def data(rows: int = 4000, seed: int = 1, missing: float = 0.0) -> Data:
    """Rows whose true logit is known: a hidden trait joins distress and days, the flag turns the days around."""
    dice = np.random.default_rng(seed)
    trait = dice.normal(size=rows)
    band = np.array(["low", "middle", "high"], object)[
        np.clip(np.digitize(trait + dice.normal(size=rows), (-0.6, 0.8)), 0, 2)
    ]
    flag = (dice.random(rows) < 0.5).astype(float)
    days = np.clip(np.round(8 + 7 * trait + 5 * dice.normal(size=rows)), 0, 30)
    distress = np.clip(np.round(4 + 2 * trait + dice.normal(size=rows)), 0, 10)
    logit = -3 + 0.35 * distress + 0.06 * days * np.where(flag > 0, 1, -0.4) + 0.5 * (band == "high")
    outcome = (dice.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    weight = dice.choice((0.5, 1.0, 3.0), rows)
    if missing:
        distress = np.where(dice.random(rows) < missing, np.nan, distress)
        band = np.where(dice.random(rows) < missing, None, band)
    season = np.where(np.arange(rows) % 2, 2.0, 1.0)
    columns = {
        "band": band, "flag": flag, "days": days, "distress": distress, "outcome": outcome, "weight": weight,
        "season": season,
    }  # fmt: skip  # data, read across
    return Data(COHORT, columns, hash="made up", path="made up")


@cache
def fitted(kind: str = "logistic", replicates: int = 0) -> Fitted:
    """One fit of each kind, made once."""
    small = {"ebm": {"interactions": 2, "outer_bags": 2}, "boosting": {"max_iter": 80}}
    return fit(data(missing=0.05), kind, seed=3, replicates=replicates, **small.get(kind, {}))
