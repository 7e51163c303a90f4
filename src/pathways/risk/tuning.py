"""A cross-validated search over a model's options, seeded, with progress. Optuna where it is installed and asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import metrics
from .cohorts import refuse
from .data import Data
from .fitting import Progress, _quiet, out_of_fold
from .model import RiskError

SPACES: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "logistic": {"penalty": (3.0, 10.0, 30.0, 100.0, 300.0), "knots": (0, 2, 3, 4)},
    "ebm": {
        "interactions": (0, 5, 10, 15),
        "learning_rate": (0.01, 0.02, 0.04),
        "max_leaves": (2, 3),
        "min_samples_leaf": (10, 20, 50),
        "outer_bags": (2,),
    },
    "boosting": {
        "learning_rate": (0.02, 0.05, 0.1),
        "max_iter": (100, 150, 250),
        "max_leaf_nodes": (4, 8, 16),
        "min_samples_leaf": (30, 100, 300),
        "l2_regularization": (0.0, 5.0, 50.0),
    },
}


@dataclass(frozen=True)
class Search:
    """How long a search goes and on what it rests: ``trials`` settings, each measured over ``folds`` parts of the rows,
    both shuffled by ``seed``; with ``optuna`` each setting is drawn after what was found."""

    trials: int = 10
    seed: int = 0
    folds: int = 5
    optuna: bool = False


@dataclass(frozen=True)
class Tuned:
    """The best options found, and every trial made: options, log loss, AUROC, calibration slope out of fold."""

    kind: str
    options: Mapping[str, Any]
    trials: tuple[Mapping[str, Any], ...]


def tune(
    data: Data,
    kind: str = "",
    search: Search = Search(),
    *,
    space: Mapping[str, Sequence[Any]] | None = None,
    progress: Progress | None = None,
) -> Tuned:
    """Search the options with the lowest weighted log loss out of fold, intercept and slope set as `fit` sets them.

    A trial's slope is the one before that: far from 1, the options shrink too much or too little.
    Without Optuna the trials are the first ones of a seeded shuffle of all combinations. Leaks are refused.
    """
    kind = kind or data.cohort.kind
    refuse(i.column for i in data.cohort.inputs)
    space = space or SPACES.get(kind)
    if not space:
        raise RiskError(f"no kind of model '{kind}' to tune; there are {', '.join(SPACES)}")
    if search.trials < 1:
        raise RiskError("at least one trial")
    tell = progress or _quiet
    done: list[dict[str, Any]] = []

    def measure(options: Mapping[str, Any]) -> float:
        lp = metrics.logits(out_of_fold(data, kind, search.seed, options, search.folds))
        y, w = data.y, data.weight
        shift, slope = metrics.logistic(np.column_stack([np.ones(len(lp)), lp]), y, w)  # as `fit` ends
        p = np.clip(1 / (1 + np.exp(-(shift + slope * lp))), metrics.EDGE, 1 - metrics.EDGE)
        loss = float(np.average(-(y * np.log(p) + (1 - y) * np.log(1 - p)), weights=w))
        found = {"log_loss": loss, "auroc": metrics.auroc(y, lp, w), "slope": float(slope)}
        done.append({"options": dict(options), **found})
        tell(f"trial {len(done)} of {search.trials}: log loss {loss:.5f}, AUROC {found['auroc']:.4f}, {dict(options)}")
        return loss

    if search.optuna:
        _with_optuna(space, measure, search)
    else:
        for options in _shuffled(space, search):
            measure(options)
    best = min(done, key=lambda t: t["log_loss"])
    return Tuned(kind, best["options"], tuple(done))


def _shuffled(space: Mapping[str, Sequence[Any]], search: Search) -> list[dict[str, Any]]:
    names = list(space)
    sizes = [len(space[n]) for n in names]
    total = int(np.prod(sizes))
    picked = np.random.default_rng(search.seed).permutation(total)[: min(search.trials, total)]
    return [
        {n: space[n][int(k)] for n, k in zip(names, np.unravel_index(int(at), sizes), strict=True)} for at in picked
    ]


def _with_optuna(space: Mapping[str, Sequence[Any]], measure: Any, search: Search) -> None:
    try:
        import optuna
    except ImportError:
        raise RiskError("Optuna is not installed: pip install 'pathways-cds[tune]', or search without it") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=search.seed))
    study.optimize(
        lambda trial: measure({n: trial.suggest_categorical(n, list(v)) for n, v in space.items()}),
        n_trials=search.trials,
    )
