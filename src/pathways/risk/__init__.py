"""Risk models beside the plan, never in it: load, fit, tune, validate, recalibrate, compare, explain, card.

Nothing here says what a person will do. A misuse estimate says how many in 100 people with answers like these report
misuse; it is not a diagnosis, and no rule, option or plan of the kit reads it. This room imports no other of ours, and
importing it loads no number library: scoring one person is pure Python.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .explain import Explained, explain
from .model import Input, Model, RiskError
from .person import Estimate, estimate
from .storage import load_model

if TYPE_CHECKING:
    from .calibration import recalibrate
    from .cards import card
    from .cohorts import COHORTS, Cohort
    from .comparison import compare
    from .data import Data, load_extract, load_own
    from .fitting import fit
    from .official import load_official
    from .storage import save_model
    from .synthesis import synthetic
    from .tuning import Search, tune
    from .validation import validate

# What needs NumPy or scikit-learn (the `risk` extra) is imported when it is first asked for.
_LATER = {
    "COHORTS": "cohorts",
    "Cohort": "cohorts",
    "Data": "data",
    "Search": "tuning",
    "card": "cards",
    "compare": "comparison",
    "fit": "fitting",
    "load_extract": "data",
    "load_official": "official",
    "load_own": "data",
    "recalibrate": "calibration",
    "save_model": "storage",
    "synthetic": "synthesis",
    "tune": "tuning",
    "validate": "validation",
}

__all__ = [
    "COHORTS",
    "Cohort",
    "Data",
    "Estimate",
    "Explained",
    "Input",
    "Model",
    "RiskError",
    "Search",
    "card",
    "compare",
    "estimate",
    "explain",
    "fit",
    "load_extract",
    "load_model",
    "load_official",
    "load_own",
    "recalibrate",
    "save_model",
    "synthetic",
    "tune",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'pathways.risk' has no attribute '{name}'")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)
