"""How people fared arm by arm in the three trials: a description with its hurdles, not a comparison of medicines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .data import Column, natural, read_table, text
from .model import RiskError

OUTCOMES = {
    "return_to_use_wk12": "returned to use by week 12, in 100",
    "dropout_wk12": "no urine test in weeks 9 to 12, in 100",
    "opioid_negative_weeks_12": "opioid-negative weeks of 12",
}
CAUTION = (
    "People were randomized within each trial, not between trials. CTN-0051 randomized before detoxification was "
    "complete: whoever never got a first injection of XR-naltrexone (28 % there, against 6 % who did not start "
    "buprenorphine) counts in its arm (Lee, Lancet 2018;391:309); among those who started, outcomes were alike. CTN-0030 "
    "was for prescription opioids and tapered buprenorphine. None of these arms tells what fentanyl does."
)


def arm_table(path: str | Path, *, draws: int = 400, seed: int = 0) -> list[dict[str, Any]]:
    """Each trial's arms with counts, outcomes with 95 % intervals, and the share without one opioid-negative week."""
    table = read_table(path)
    if missing := [n for n in ("trial", "arm", *OUTCOMES) if n not in table]:
        raise RiskError(f"{path}: no column {', '.join(missing)}")
    columns: dict[str, Column] = {n: natural(table[n]) for n in ("trial", "arm", *OUTCOMES)}
    names = sorted({(text(t), text(a)) for t, a in zip(columns["trial"], columns["arm"], strict=True)})
    dice = np.random.default_rng(seed)
    rows = []
    for trial, arm in names:
        here = np.array(
            [text(t) == trial and text(a) == arm for t, a in zip(columns["trial"], columns["arm"], strict=True)]
        )
        row: dict[str, Any] = {"trial": trial, "arm": arm, "people": int(here.sum())}
        for outcome in OUTCOMES:
            values = columns[outcome][here]
            row[outcome] = _mean(values, dice, draws)
        never = (columns["opioid_negative_weeks_12"][here] == 0).astype(float)
        row["no_negative_week"] = _mean(never, dice, draws)
        rows.append(row)
    return rows


def _mean(values: Column, dice: np.random.Generator, draws: int) -> dict[str, float]:
    spread = [float(values[dice.integers(0, len(values), len(values))].mean()) for _ in range(draws)]
    lo, hi = np.quantile(spread, (0.025, 0.975))
    return {"value": float(values.mean()), "lo": float(lo), "hi": float(hi)}


def arm_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """The table as text: heads and rows; shares in 100."""
    heads = ["trial", "arm", "people", *OUTCOMES.values(), "no opioid-negative week at all"]
    found = []
    for r in rows:
        cells = [_shown(r[k], 1 if k == "opioid_negative_weeks_12" else 100) for k in (*OUTCOMES, "no_negative_week")]
        found.append([f"CTN-00{r['trial']}", str(r["arm"]), str(r["people"]), *cells])
    return heads, found


def _shown(cell: Mapping[str, float], scale: float) -> str:
    digits = 1 if scale == 1 else 0
    value, lo, hi = (f"{scale * cell[k]:.{digits}f}" for k in ("value", "lo", "hi"))
    return f"{value} ({lo} to {hi})"
