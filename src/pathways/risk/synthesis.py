"""A made-up cohort: inputs from a model's population, outcomes drawn by its risks. Seeded; no row is a person."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..disk import replacing
from .cohorts import NEVER, Cohort, cohort_for
from .data import Column, Data
from .model import Model, RiskError
from .population import draw
from .table import risk_table

NOTE = "synthetic"


def synthetic(model: Model, rows: int = 2000, *, seed: int = 0, years: tuple[int, ...] = ()) -> Data:
    """Rows like those that the model was fitted to, each column and each pair of columns about as common, and with the
    outcome as common as the model says. `years`: a column of survey years to split by, drawn evenly."""
    if model.population is None:
        raise RiskError(f"{model.name} holds no population to draw from")
    if not 1 <= rows <= 10_000_000:
        raise RiskError(f"{rows} rows: between 1 and 10,000,000")
    columns: dict[str, Column] = draw(model.population, rows, seed)
    dice = np.random.default_rng(seed + 1)
    cohort = made_up_cohort(model)
    risk = risk_table(model, columns)
    columns[cohort.outcome] = (dice.random(rows) < risk).astype(float)
    if cohort.year:
        columns[cohort.year] = np.asarray(dice.choice(years or (1, 2), rows), float)
    if cohort.fold:
        columns[cohort.fold] = np.array(["A", "B", "C"], object)[dice.integers(0, 3, rows)]
    return Data(cohort, columns, hash=f"synthetic, seed {seed}, {rows} rows from {model.name}", path=NOTE)


def made_up_cohort(model: Model) -> Cohort:
    """The cohort of a model, said to be made up, without columns that made-up rows do not have."""
    base = cohort_for(model)
    groups = tuple(g for g in base.groups if g in model.by_column or g == base.fold)
    people = f"made-up people, drawn from the model {model.name}: no row is a person"
    return replace(
        base, title=f"SYNTHETIC: {base.title}", weight="", cluster="", groups=groups, people=people, source="synthetic"
    )


def write_csv(data: Data, path: str | Path) -> None:
    """Write rows as CSV with a first column that says in every row that they are made up."""
    first = [i.column for i in data.cohort.inputs]
    rest = [n for n in data.columns if n not in first]
    names = first + [n for n in rest if n not in NEVER or n in (data.cohort.outcome, data.cohort.year)]
    with replacing(Path(path)) as raw:
        file = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["synthetic", *names])
        for row in zip(*(data.columns[n] for n in names), strict=True):
            writer.writerow(
                ["yes", *("" if _missing(v) else v if isinstance(v, str) else f"{float(v):g}" for v in row)]
            )
        file.detach()


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value)))
