"""The same model over whole tables, in NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .data import Column, Data, Floats
from .model import Axis, Model


def places(axis: Axis, column: Column) -> Column:
    """Where each row stands on an axis; 0 is missing. As `Axis.index`."""
    if axis.levels:
        found = np.zeros(len(column), np.intp)
        for n, level in enumerate(axis.levels, 1):
            found[column == level] = n
        return found
    values = np.asarray(column, float)
    found = np.searchsorted(np.asarray(axis.cuts, float), values, side="right").astype(np.intp) + 1
    found[np.isnan(values)] = 0
    return found


def places_of(axes: Sequence[Axis], data: Data | Mapping[str, Column]) -> Column:
    """Where each row stands in a table of one column or two, as `Term.place`."""
    columns = data.columns if isinstance(data, Data) else data
    at = places(axes[0], columns[axes[0].column])
    for axis in axes[1:]:
        at = at * axis.size + places(axis, columns[axis.column])
    return at


def logit_table(model: Model, columns: Mapping[str, Column]) -> Floats:
    """The linear predictor of every row, recalibration included."""
    total = np.full(len(columns[model.columns[0]]), model.intercept)
    for term in model.terms:
        total += np.asarray(term.scores)[places_of(term.axes, columns)]
    return model.shift + model.slope * total


def risk_table(model: Model, columns: Mapping[str, Column] | Data) -> Floats:
    """The estimate of every row, in the order of the rows."""
    if isinstance(columns, Data):
        columns = columns.columns
    return 1 / (1 + np.exp(-logit_table(model, columns)))
