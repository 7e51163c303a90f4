"""Fit a model to a place: move its intercept, or intercept and slope, to a site's own data or a stated prevalence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .data import Data, Floats
from .metrics import logistic
from .model import Model, RiskError
from .population import draw
from .table import logit_table

FEWEST = 30


def recalibrate(
    model: Model, data: Data | None = None, *, prevalence: float | None = None, slope: bool = False, name: str = ""
) -> Model:
    """The same model with another intercept (and slope): from a site's data, or so that the population's mean risk is
    the stated prevalence. The order of people does not change. Raises RiskError when there is too little to go by."""
    if (data is None) == (prevalence is None):
        raise RiskError("recalibrate with data or with a prevalence, one of the two")
    about: dict[str, Any]
    if data is not None:
        y, w = data.y, data.weight
        if min(y.sum(), len(y) - y.sum()) < FEWEST:
            raise RiskError(f"{int(y.sum())} of {len(y)} have the outcome: recalibrating needs {FEWEST} of each")
        lp = logit_table(model, data.columns)
        one = np.ones((len(lp), 1))
        a, b = logistic(np.column_stack([one, lp]), y, w) if slope else (logistic(one, y, w, lp)[0], 1.0)
        if not np.isfinite([a, b]).all() or b <= 0:
            raise RiskError("the data do not support this model here: the slope is not above 0")
        about = {"by": "intercept and slope" if slope else "intercept", "rows": len(y), "events": int(y.sum())}
        about |= {"data_sha256": data.hash}
    else:
        assert prevalence is not None
        if slope:
            raise RiskError("a prevalence can move the intercept only")
        if not 0.001 <= prevalence <= 0.9:
            raise RiskError(f"a prevalence of {prevalence:g}: state it between 0.001 and 0.9")
        if model.population is None:
            raise RiskError(f"{model.name} holds no population to set a prevalence in")
        a, b = _shift_to(logit_table(model, draw(model.population, 20000, 0)), prevalence), 1.0
        about = {"by": "intercept, to a stated prevalence", "prevalence": prevalence}
    moved = {"intercept": float(a), "slope": float(b), **about}
    return replace(
        model,
        name=name or f"{model.name}_recalibrated",
        shift=float(a + b * model.shift),
        slope=float(b * model.slope),
        about={**model.about, "recalibrated": moved},
    )


def _shift_to(lp: Floats, prevalence: float) -> float:
    """The shift at which the mean of expit(lp + shift) is the prevalence, by bisection."""
    low, high = -30.0, 30.0
    for _ in range(100):
        middle = (low + high) / 2
        if float(np.mean(1 / (1 + np.exp(-(lp + middle))))) < prevalence:
            low = middle
        else:
            high = middle
    return (low + high) / 2
