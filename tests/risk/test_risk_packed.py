"""A `.skops` file that somebody made and sealed: small, with checksums that match, and larger or other than a model once loaded."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from pathways.risk import RiskError, packed
from pathways.risk.kinds import estimator_risks
from pathways.risk.storage import OwnModel, load_own_model, save_own_model
from tests.risk.made import COHORT, data, fitted
from tests.risk.test_risk_hostile import sealed

OWN = {
    "title": "Own",
    "kind": "boosting",
    "inputs": [],
    "about": {"outcome": {"column": "a", "words": "b", "says": "c"}},
}


def made_of(folder: Path, schema: dict[str, Any], **parts: bytes) -> Path:
    """A sealed file that says this of what is to be loaded."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(f"{name}.npy", part)
        file.writestr("schema.json", json.dumps({"protocol": 2, "_skops_version": "0", **schema}))
    return sealed(folder / "own.skops", raw.getvalue(), own=OWN)


def listed(*content: dict[str, Any]) -> dict[str, Any]:
    return {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": [*content]}


def array(name: str) -> dict[str, Any]:
    loader = {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy"}
    return {**loader, "file": f"{name}.npy"}


def test_a_part_that_is_named_again_and_again_is_not_loaded_each_time(tmp_path: Path) -> None:
    zeros = io.BytesIO()
    np.save(zeros, np.zeros(2**17))
    path = made_of(tmp_path, listed(*(array("a") for _ in range(200))), a=zeros.getvalue())
    assert path.stat().st_size < 20_000
    tracemalloc.start()
    try:
        with pytest.raises(RiskError, match="asks for 200 MB, which is more than it holds"):
            load_own_model(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def named(schema: dict[str, Any], name: int) -> dict[str, Any]:
    return {**schema, "__id__": name}


def again(name: int) -> dict[str, Any]:
    """An object that stands elsewhere in the list."""
    return {"__class__": "list", "__module__": "builtins", "__loader__": "CachedNode", "__id__": name}


def test_objects_that_hold_each_other_without_end_are_not_gone_through(tmp_path: Path) -> None:
    schema = named(listed(), 1)
    for level in range(9):  # ten times as many on each level
        schema = named(listed(schema, *([again(level + 1)] * 9)), level + 2)
    with pytest.raises(RiskError, match="hold each other more than 2,000,000 times"):
        load_own_model(made_of(tmp_path, schema))


def test_an_object_that_many_share_is_counted_as_often_and_no_more(tmp_path: Path) -> None:
    shared = named(listed(*(listed() for _ in range(100))), 1)
    schema = listed(shared, *([again(1)] * 1000))
    assert 1000 * 500 < packed._held(schema) < 1000 * 700
    with pytest.raises(RiskError, match="holds no estimator that gives a risk, but a list"):
        load_own_model(made_of(tmp_path, schema))


def test_a_long_list_of_what_to_load_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = made_of(tmp_path, {"content": "x" * packed.MOST_SCHEMA})
    with pytest.raises(RiskError, match=r"its schema\.json is larger than 16 MB\. Not unpacked"):
        load_own_model(path)


def test_what_is_no_estimator_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(RiskError, match="holds no estimator that gives a risk, but a list"):
        load_own_model(made_of(tmp_path, listed()))


@pytest.mark.parametrize(
    "schema",
    [listed(array("nowhere")), {"content": []}, listed({"__loader__": "CachedNode", "__id__": 7})],
    ids=["no such part", "no class", "no such object"],
)
def test_a_list_of_what_to_load_that_says_nothing_is_one_error(schema: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RiskError):
        load_own_model(made_of(tmp_path, schema))


def circle(estimator: Any) -> None:
    estimator._predictors[0][0].nodes["left"][0] = 0


def beyond(estimator: Any) -> None:
    estimator._predictors[-1][0].nodes["right"][0] = 10**6


def other_input(estimator: Any) -> None:
    estimator._predictors[0][0].nodes["feature_idx"][0] = 99


def by_category(estimator: Any) -> None:
    estimator._predictors[0][0].nodes["is_categorical"][0] = 1


def more_trees(estimator: Any) -> None:
    estimator.n_trees_per_iteration_ = 10**9


@pytest.mark.parametrize("harm", [circle, beyond, other_input, by_category, more_trees])
def test_a_tree_that_leads_to_no_leaf_is_not_followed(harm: Callable[[Any], None], tmp_path: Path) -> None:
    """scikit-learn follows the nodes as they stand: round and round, or out of its memory."""
    made = fitted("boosting")
    own = OwnModel("own", "Own", "boosting", COHORT.inputs, made.estimator, made.about)
    copy = load_own_model(save_own_model(own, tmp_path, card="# Card\n", validation={"validations": []}))
    harm(copy.estimator)
    harmed = load_own_model(save_own_model(copy, tmp_path, card="# Card\n", validation={"validations": []}))
    with pytest.raises(RiskError, match="its trees lead nowhere, or in a circle"):
        estimator_risks(harmed, data(30, seed=6).columns)


def no_value(estimator: Any) -> None:
    estimator._predictors[3][0].nodes["value"][-1] = np.nan


def endless_value(estimator: Any) -> None:
    estimator._predictors[0][0].nodes["value"][:] = np.inf


def no_start(estimator: Any) -> None:
    estimator._baseline_prediction[...] = -np.inf


@pytest.mark.parametrize("harm", [no_value, endless_value, no_start])
def test_a_tree_with_a_number_that_is_none_gives_no_estimate(harm: Callable[[Any], None]) -> None:
    made = fitted("boosting")
    own = OwnModel("own", "Own", "boosting", COHORT.inputs, deepcopy(made.estimator), made.about)
    harm(own.estimator)
    with pytest.raises(RiskError, match="a number that is not finite; not scored"):
        estimator_risks(own, data(30, seed=6).columns)


def test_an_estimator_that_was_never_fitted_is_one_error() -> None:
    own = OwnModel("own", "Own", "boosting", COHORT.inputs, HistGradientBoostingClassifier(), {})
    with pytest.raises(RiskError, match=r"its estimator cannot score \(AttributeError\)"):
        estimator_risks(own, data(30, seed=6).columns)
