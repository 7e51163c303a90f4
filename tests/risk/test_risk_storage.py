"""Models on disk: with card and validation or not at all; a changed file or a strange type is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from pathways.risk import RiskError, load_model, save_model
from pathways.risk.kinds import estimator_risks
from pathways.risk.storage import TRUSTED, OwnModel, beside, load_own_model, model_bytes, save_own_model, validation_of
from tests.risk.made import COHORT, data, fitted

NUMBERS = {"validations": [], "note": "made up"}


def saved(folder: Path) -> Path:
    model = fitted(replicates=5).model
    assert model is not None
    return save_model(model, folder, card="# Card\n", validation=NUMBERS)


def saved_skops(folder: Path) -> Path:
    made = fitted("boosting")
    own = OwnModel("own", "Own", "boosting", COHORT.inputs, made.estimator, made.about)
    return save_own_model(own, folder, card="# Card\n", validation=NUMBERS)


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    path = saved(tmp_path)
    model = fitted(replicates=5).model
    assert model is not None
    assert model_bytes(load_model(path)) == model_bytes(model)
    assert load_model(tmp_path / "made").name == "made", "the ending may be left out"
    assert validation_of(path)["note"] == "made up"


def test_line_ends_are_no_change(tmp_path: Path) -> None:
    path = saved(tmp_path)
    for file in (path, beside(path)[0]):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_model(path).name == "made"


@pytest.mark.parametrize("make", [saved, saved_skops])
@pytest.mark.parametrize("which", ["card", "validation"])
def test_without_card_or_validation_nothing_loads(tmp_path: Path, make: object, which: str) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    beside(path)[which == "validation"].unlink()
    with pytest.raises(RiskError, match=f"its {which}") as error:
        (load_model if path.suffix == ".json" else load_own_model)(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("make", [saved, saved_skops])
@pytest.mark.parametrize("which", ["model", "card", "validation"])
def test_a_damaged_file_is_refused_with_one_clear_error_that_promises_no_more(
    tmp_path: Path, make: object, which: str
) -> None:
    path = make(tmp_path)  # type: ignore[operator]
    file = {"model": path, "card": beside(path)[0], "validation": beside(path)[1]}[which]
    raw = file.read_bytes()
    if which == "validation":
        file.write_bytes(raw.replace(b"made up", b"made good"))
    else:
        file.write_bytes(raw[:-3] + bytes([raw[-3] ^ 1]) + raw[-2:])
    with pytest.raises(RiskError, match="not the ones that were written together") as error:
        (load_model if path.suffix == ".json" else load_own_model)(path)
    assert "damage, not tampering" in str(error.value)
    assert "\n" not in str(error.value)


def test_every_changed_byte_of_a_model_is_noticed(tmp_path: Path) -> None:
    path = saved(tmp_path)
    raw = path.read_bytes()
    for at in np.random.default_rng(1).integers(0, len(raw), 60):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 2]) + raw[at + 1 :])
        with pytest.raises(RiskError):
            load_model(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "pathways-risk-validation/1"}', "null", "\x00"])
def test_a_validation_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = saved(tmp_path)
    beside(path)[1].write_text(text, "utf-8")
    with pytest.raises(RiskError, match="not the validation"):
        load_model(path)


def test_saving_needs_a_card_and_numbers(tmp_path: Path) -> None:
    model = fitted().model
    assert model is not None
    for card, numbers in (("", NUMBERS), ("# Card", {})):
        with pytest.raises(RiskError, match="only with its card"):
            save_model(model, tmp_path, card=card, validation=numbers)
    assert list(tmp_path.iterdir()) == []


def test_an_own_model_gives_the_same_estimates(tmp_path: Path) -> None:
    own = load_own_model(saved_skops(tmp_path))
    rows = data(300, seed=6, missing=0.1)
    assert (estimator_risks(own, rows.columns) == fitted("boosting").predict(rows)).all()
    assert own.about["data_sha256"]
    assert own.about["versions"]["scikit-learn"]
    assert own.about["seed"] == 3


class Strange(LogisticRegression):
    """A type that is on nobody's list."""


def test_types_off_the_fixed_list_are_refused(tmp_path: Path) -> None:
    estimator = Strange().fit(np.arange(10.0)[:, None], np.arange(10) % 2)
    own = OwnModel("own", "x", "boosting", COHORT.inputs, estimator, {})
    path = save_own_model(own, tmp_path, card="# x", validation=NUMBERS)
    with pytest.raises(RiskError, match=r"does not trust: .*Strange"):
        load_own_model(path)
    assert not [t for t in TRUSTED if not t.startswith(("sklearn.", "interpret."))]


def test_a_model_of_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path)
    for wrong in (tmp_path / "nothing", tmp_path, path.with_suffix(".pkl")):
        with pytest.raises(RiskError, match="no such model"):
            load_model(wrong)
    skops = saved_skops(tmp_path)
    with pytest.raises(RiskError, match="load_own_model"):
        load_model(skops)
    with pytest.raises(RiskError, match=r"not a \.skops"):
        load_own_model(path)


def test_a_card_of_another_model_does_not_do(tmp_path: Path) -> None:
    path = saved(tmp_path)
    shutil.copy(beside(path)[0], tmp_path / "twin.card.md")
    shutil.copy(path, tmp_path / "twin.json")
    numbers = json.loads(beside(path)[1].read_text("utf-8"))
    numbers["card_sha256"] = "0" * 64
    (tmp_path / "twin.validation.json").write_text(json.dumps(numbers), "utf-8")
    with pytest.raises(RiskError, match="written together"):
        load_model(tmp_path / "twin.json")
