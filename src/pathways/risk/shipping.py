"""How the shipped models are made from the extracts: `python -m pathways.risk.shipping DATA_FOLDER MODELS_FOLDER`.

A survey model is fitted to the earlier year and tested on the later one, beside its rivals; then refitted to both years.
A trial model is tested across folds and with each trial left out; then refitted to all.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .arms import arm_table
from .cards import MISUSE_LIMITS, RETURN_LIMITS, card
from .cohorts import COHORTS, Cohort
from .comparison import compare
from .data import Data, Predict, load_extract
from .fitting import Progress, fit, folds
from .model import Model
from .storage import load_model, save_model, validation_of
from .validation import leave_one_out, validate

SEED = 20
OPTIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "misuse_adults": ("ebm", {}),
    "misuse_young_adults": ("logistic", {}),
    "return_to_use_entry": ("logistic", {}),
    "return_to_use_weeks4_12": ("logistic", {"penalty": 10.0, "knots": 0, "pairs": 3}),
}


def ship(
    name: str, data_folder: Path, out: Path, *, replicates: int = 20, bootstrap: int = 200, tell: Progress = print
) -> Path:
    """Fit, test, refit and write one shipped model."""
    cohort = COHORTS[name]
    data = load_extract(data_folder / cohort.file, cohort)
    kind, options = OPTIONS[name]
    made = _survey if cohort.year else _trials
    validations, comparison = made(data, cohort, kind, options, bootstrap, tell)
    final = fit(data, kind, seed=SEED, replicates=replicates, progress=tell, **options)
    assert final.model is not None
    numbers: dict[str, Any] = {"validations": validations, "comparison": comparison}
    if cohort.fold:
        numbers["arms"] = arm_table(data_folder / cohort.file)
    return _save(final.model, out, numbers)


def _save(model: Model, out: Path, numbers: Mapping[str, Any]) -> Path:
    limits = MISUSE_LIMITS if COHORTS[model.name].year else RETURN_LIMITS
    text = card(
        model, numbers["validations"], comparison=numbers["comparison"], limits=limits, arms=numbers.get("arms", ())
    )
    return save_model(model, out, card=text, validation=numbers)


def write_cards(out: Path, data_folder: Path | None = None) -> None:
    """Write the cards again from the same models and numbers, after a change of their words."""
    for name in COHORTS:
        path = out / f"{name}.json"
        numbers = validation_of(path)
        kept: dict[str, Any] = {k: numbers[k] for k in ("validations", "comparison", "arms") if k in numbers}
        if data_folder is not None and COHORTS[name].fold:
            kept["arms"] = arm_table(data_folder / COHORTS[name].file)
        _save(load_model(path), out, kept)


def _survey(data: Data, cohort: Cohort, kind: str, options: Mapping[str, Any], bootstrap: int, tell: Progress) -> Any:
    years = sorted({int(v) for v in data.columns[cohort.year]})
    train, test = data.split(**{cohort.year: years[-1]})
    label = f"Fitted to {years[0]}, tested on {years[-1]}"
    fits = {k: fit(train, k, seed=SEED, population=False, **(options if k == kind else {})) for k in _rivals(kind)}
    tell(f"validating {label.lower()}")
    main = fits[kind]
    assert main.model is not None
    found = validate(main.model, test, bootstrap=bootstrap, seed=SEED, label=label)
    models = {"gradient boosting": fits["boosting"].predict, _NAMES[kind]: main.predict}
    models |= {_NAMES[k]: f.predict for k, f in fits.items() if k not in (kind, "boosting")}
    return [found], compare(models, test, bootstrap=bootstrap, seed=SEED)


def _trials(data: Data, _: Cohort, kind: str, options: Mapping[str, Any], bootstrap: int, tell: Progress) -> Any:
    crossed = {k: _crossed(data, k, options if k == kind else _SMALL.get(k, {})) for k in _rivals(kind)}
    tell("validating across folds")
    found = [validate(crossed[kind], data, bootstrap=bootstrap, seed=SEED, label="Cross-validated, 10 folds")]

    def refit(part: Data) -> Any:
        return fit(part, kind, seed=SEED, population=False, **options).model

    tell("validating with each trial left out")
    found += leave_one_out(refit, data, bootstrap=bootstrap, seed=SEED)
    models = {"gradient boosting": crossed["boosting"]}
    models |= {_NAMES[k]: crossed[k] for k in (kind, *(k for k in crossed if k not in (kind, "boosting")))}
    return found, compare(models, data, bootstrap=bootstrap, seed=SEED, threshold=0.5)


_NAMES = {"boosting": "gradient boosting", "ebm": "explainable boosting machine", "logistic": "logistic with splines"}
_SMALL: Mapping[str, Mapping[str, Any]] = {
    "boosting": {"learning_rate": 0.04, "max_iter": 100, "max_leaf_nodes": 6, "min_samples_leaf": 30},
    "ebm": {"interactions": 0, "outer_bags": 2},
}


def _rivals(kind: str) -> tuple[str, ...]:
    return (kind, *(k for k in ("boosting", "logistic", "ebm") if k != kind))


def _crossed(data: Data, kind: str, options: Mapping[str, Any]) -> Predict:
    """Out-of-fold estimates as if they were a model, for these rows alone."""
    import numpy as np

    p = np.zeros(len(data))
    for train, test in folds(data, 10, SEED):
        p[test] = fit(data.where(train), kind, seed=SEED, population=False, **options).predict(data.where(test))
    # Rows are told apart by number: validate sorts and draws rows of `data` itself.
    return lambda other: p if other is data else _lost()


def _lost() -> Any:
    raise AssertionError("out-of-fold estimates belong to the rows that they were made for")


def main(words: list[str]) -> int:
    """Make the models named after the two folders, or all of them."""
    if words[:1] == ["--cards"]:
        write_cards(Path(words[1]), Path(words[2]) if words[2:] else None)
        return 0
    data_folder, out, *names = words
    for name in names or list(COHORTS):
        print(ship(name, Path(data_folder), Path(out), tell=lambda text: print(f"  {text}", flush=True)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
