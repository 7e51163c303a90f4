"""The joint distribution of a model's inputs, as a mixture of classes found by EM. It keeps no rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .data import Column, Data, Floats
from .model import Input, Population

MOST_VALUES = 32


def values_of(i: Input, column: Column) -> tuple[Any, ...]:
    """The values that stand for a column: its levels, its whole numbers, or the middles of parts of equal size."""
    if i.levels:
        return i.levels
    known = np.asarray(column, float)
    known = known[~np.isnan(known)]
    found = np.unique(known)
    if len(found) > MOST_VALUES:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, MOST_VALUES + 1)))
        parts = np.digitize(known, edges[1:-1])
        found = np.unique([np.round(np.mean(known[parts == n])) for n in np.unique(parts)])
    return tuple(float(v) for v in found)


def nearest(values: Sequence[Any], column: Column) -> Column:
    """For each row the number of the value that is nearest; -1 for missing."""
    if values and isinstance(values[0], str):
        found = np.full(len(column), -1, np.intp)
        for n, level in enumerate(values):
            found[column == level] = n
        return found
    numbers = np.asarray(column, float)
    at = np.abs(numbers[:, None] - np.asarray(values)[None, :])
    found = np.argmin(np.where(np.isnan(at), np.inf, at), axis=1).astype(np.intp)
    found[np.isnan(numbers)] = -1
    return np.asarray(found)


def fit_population(
    data: Data, *, classes: int = 12, seed: int = 0, rounds: int = 80, rows: int = 20000, prior: float = 0.5
) -> Population:
    """Weighted EM for a latent class model. `prior`: people's worth of the overall shares added to each class, so that
    nothing that was seen becomes impossible and no class describes a handful of people."""
    data = data.sample(rows, seed)
    dice = np.random.default_rng(seed)
    weight = data.weight
    names = [i.column for i in data.cohort.inputs]
    values = {i.column: values_of(i, data.columns[i.column]) for i in data.cohort.inputs}
    coded = {c: nearest(values[c], data.columns[c]) for c in names}
    onehot: dict[str, Floats] = {}
    for c in names:
        table = np.zeros((len(data), len(values[c])))
        seen = coded[c] >= 0
        table[np.flatnonzero(seen), coded[c][seen]] = 1
        onehot[c] = table
    overall = {c: (weight @ onehot[c] + 1e-3) / (weight @ onehot[c] + 1e-3).sum() for c in names}
    belongs = dice.dirichlet(np.full(classes, 0.3), len(data))
    shares: dict[str, Floats] = {}
    sizes = np.full(classes, 1 / classes)
    for _ in range(rounds):
        weighted = belongs * weight[:, None]
        sizes = (weighted.sum(0) + 1) / (weighted.sum() + classes)
        for c in names:
            counts = weighted.T @ onehot[c] + prior * 10 * overall[c]
            shares[c] = counts / counts.sum(1, keepdims=True)
        log = np.log(sizes) + sum(onehot[c] @ np.log(shares[c]).T for c in names)
        log -= log.max(1, keepdims=True)
        belongs = np.exp(log)
        belongs /= belongs.sum(1, keepdims=True)
    order = np.argsort(-sizes, kind="stable")
    return Population(
        values,
        _shares(sizes[order]),
        {c: tuple(_shares(row) for row in shares[c][order]) for c in names},
    )


def _shares(row: Floats) -> tuple[float, ...]:
    """Rounded shares that still sum to 1."""
    rounded = np.round(row, 6)
    rounded[np.argmax(rounded)] += 1 - rounded.sum()
    return tuple(float(np.round(v, 6)) for v in rounded)


def draw(population: Population, rows: int, seed: int) -> dict[str, Column]:
    """Seeded rows from the mixture, column by column."""
    dice = np.random.default_rng(seed)
    sizes = np.asarray(population.classes)
    belongs = dice.choice(len(sizes), rows, p=sizes / sizes.sum())
    found: dict[str, Column] = {}
    for c, values in population.values.items():
        edges = np.cumsum(np.asarray(population.shares[c]), axis=1)[belongs]
        at = np.minimum((dice.random(rows)[:, None] > edges).sum(1), len(values) - 1)
        found[c] = np.array(values, object)[at] if isinstance(values[0], str) else np.asarray(values, float)[at]
    return found
