"""Two or more models on the same rows, paired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from . import metrics
from .data import Data, Predict
from .model import Model, RiskError
from .validation import draws, estimates, shown


def compare(
    models: Mapping[str, Model | Predict], data: Data, *, bootstrap: int = 200, seed: int = 0, threshold: float = 0.05
) -> dict[str, Any]:
    """Each model's measures, and its difference to the first with paired bootstrap intervals.

    Every model is measured on the same draws of the same rows, so that what they share cancels.
    """
    if len(models) < 2:
        raise RiskError("comparing needs two models or more")
    y, w = data.y, data.weight
    p = {name: estimates(model, data) for name, model in models.items()}

    def measured(v: Any) -> dict[str, dict[str, float]]:
        return {
            name: {
                "auroc": metrics.auroc(y, q, v),
                "auprc": metrics.auprc(y, q, v),
                "brier": metrics.brier(y, q, v),
                "net_benefit": metrics.net_benefit(y, q, v, threshold),
            }
            for name, q in p.items()
        }

    found = measured(w)
    first = next(iter(models))
    spread: list[dict[str, dict[str, float]]] = []
    for times in draws(data, bootstrap, seed):
        v = w * times
        if (v * y).sum() and (v * (1 - y)).sum():
            spread.append(measured(v))

    def cell(value: float, values: list[float]) -> dict[str, float | None]:
        ends = metrics.interval(values)
        return {"value": value, "lo": ends[0] if ends else None, "hi": ends[1] if ends else None}

    rows = []
    for name, values in found.items():
        row: dict[str, Any] = {"model": name}
        for k, value in values.items():
            row[k] = cell(value, [s[name][k] for s in spread])
            if name != first:
                gap = [s[name][k] - s[first][k] for s in spread]
                row[f"{k}_difference"] = cell(value - found[first][k], gap)
        rows.append(row)
    return {
        "against": first,
        "people": len(data),
        "events": int(y.sum()),
        "threshold": threshold,
        "bootstrap": {"draws": bootstrap, "seed": seed, "by": "row" if data.clusters is None else "site"},
        "rows": rows,
        "correlation": {n: float(np.corrcoef(p[first], q)[0, 1]) for n, q in p.items() if n != first},
    }


def comparison_table(found: Mapping[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    """A comparison as one titled table of text."""
    rows = []
    for row in found["rows"]:
        gap = row.get("auroc_difference")
        cells = [row["model"], shown(row["auroc"]), shown(gap, 4) if gap else "–", shown(row["auprc"])]
        rows.append([*cells, shown(row["brier"], 4), shown(row["net_benefit"], 4)])
    heads = ["model", "AUROC", f"difference to {found['against']}", "AUPRC", "Brier score"]
    return "Comparison on the same rows", [*heads, f"net benefit at {found['threshold']:g}"], rows
