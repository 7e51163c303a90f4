"""Models on disk: JSON, or `.skops` for a researcher's own, each with its card and its validation beside it.

A model loads only with both, only if all three are as they were written together, and only from types on a fixed list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..disk import replacing
from .model import Input, Model, RiskError

VALIDATION_FORMAT = "pathways-risk-validation/1"
LARGEST = 64 * 2**20
TRUSTED = (
    "interpret.glassbox._ebm._ebm.ExplainableBoostingClassifier",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
"""The only types beyond skops's own list that a `.skops` file may hold. Fixed here: never taken from the file."""


@dataclass(frozen=True)
class OwnModel:
    """A researcher's own fitted estimator, read from `.skops`."""

    name: str
    title: str
    kind: str
    inputs: tuple[Input, ...]
    estimator: Any
    about: Mapping[str, Any]

    @property
    def outcome(self) -> Mapping[str, str]:
        """What it was fitted to, in words."""
        return dict(self.about["outcome"])


def digest(raw: bytes) -> str:
    """SHA-256 of a text file, whatever its line ends."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


def model_bytes(model: Model) -> bytes:
    """The JSON of a model: the same model gives the same bytes."""
    text = json.dumps(model.to_dict(), ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return (text + "\n").encode()


def beside(path: Path) -> tuple[Path, Path]:
    """Where the card and the validation of a model stand."""
    return path.with_name(f"{path.stem}.card.md"), path.with_name(f"{path.stem}.validation.json")


def models_folder() -> Path | None:
    """The models that come with the kit: beside the checkout's code, or inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "models", package / "models"):
        if (folder / "misuse_adults.json").is_file():
            return folder
    return None


def find_model(name: str | Path) -> Path:
    """A model file by its path, with or without its ending, or a shipped model by its name. Raises RiskError."""
    path = Path(name)
    for candidate in (path, path.with_name(f"{path.name}.json"), path.with_name(f"{path.name}.skops")):
        if candidate.suffix in (".json", ".skops") and candidate.is_file():
            return candidate
    folder = models_folder()
    if folder and path.name == str(name) and (folder / f"{name}.json").is_file():
        return folder / f"{name}.json"
    known = ", ".join(sorted(p.stem for p in folder.glob("*.json") if p.suffixes == [".json"])) if folder else "none"
    raise RiskError(f"{name}: no such model file; the kit ships {known}")


def load_model(name: str | Path) -> Model:
    """Read a JSON model with its card and validation. Raises RiskError, once, with what is wrong."""
    path = find_model(name)
    if path.suffix != ".json":
        raise RiskError(f"{path}: not a JSON model; load_own_model reads .skops files")
    raw, _, _ = _whole(path)
    try:
        model = Model.from_dict(json.loads(raw.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise RiskError(f"{path}: {error if isinstance(error, RiskError) else 'not readable JSON'}") from None
    return model


def validation_of(name: str | Path) -> dict[str, Any]:
    """The numbers that were written with a model."""
    return _whole(find_model(name))[1]


def card_of(name: str | Path) -> str:
    """The card that was written with a model, as Markdown."""
    return _whole(find_model(name))[2]


def is_whole(path: Path) -> bool:
    """Whether a model lies there as it was written under this name, with its card and its validation."""
    try:
        return bool(_whole(path)[1].get("model") == path.name)
    except (RiskError, OSError):
        return False


def _whole(path: Path) -> tuple[bytes, dict[str, Any], str]:
    """Model bytes, validation and card, found to belong together."""
    card, validation = beside(path)
    for needed, what in ((card, "card"), (validation, "validation")):
        if not needed.is_file():
            raise RiskError(f"{path}: its {what} ({needed.name}) is not beside it: a model without it is not loaded")
    if path.stat().st_size > LARGEST:
        raise RiskError(f"{path}: larger than {LARGEST // 2**20} MB")
    raw, text = path.read_bytes(), card.read_bytes()
    try:
        numbers = json.loads(validation.read_text("utf-8"))
        if numbers["format"] != VALIDATION_FORMAT:
            raise ValueError
        written = numbers["model_sha256"], numbers["card_sha256"]
    except (ValueError, KeyError, TypeError):
        raise RiskError(f"{validation}: not the validation of a model of this kit") from None
    found = hashlib.sha256(raw).hexdigest() if path.suffix == ".skops" else digest(raw)
    if (found, digest(text)) != written or numbers.get("numbers_sha256") != _numbers_hash(numbers):
        raise RiskError(
            f"{path}: model, card and validation are not the ones that were written together "
            "(a SHA-256 differs): not loaded. Fetch or fit the model again."
        )
    return raw, numbers, text.decode("utf-8")


def _numbers_hash(numbers: Mapping[str, Any]) -> str:
    rest = {k: v for k, v in numbers.items() if k != "numbers_sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, allow_nan=False).encode()).hexdigest()


def save_model(model: Model, folder: str | Path, *, card: str, validation: Mapping[str, Any], name: str = "") -> Path:
    """Write a JSON model with its card and validation; gives the path of the model. Raises RiskError without a card."""
    path = Path(folder) / f"{name or model.name}.json"
    return _save(path, model_bytes(model), card, validation)


def save_own_model(
    estimator: Any,
    path: str | Path,
    *,
    kind: str,
    inputs: tuple[Input, ...],
    title: str,
    card: str,
    validation: Mapping[str, Any],
    about: Mapping[str, Any],
) -> Path:
    """Write a fitted estimator as `.skops` with its card and validation. Data hash, seed and versions are in `about`."""
    sio = _skops()
    path = Path(path)
    if path.suffix != ".skops":
        raise RiskError(f"{path}: an own model is written as .skops")
    described = [
        {"column": i.column, "label": i.label, **({"levels": list(i.levels)} if i.levels else {"lo": i.lo, "hi": i.hi})}
        for i in inputs
    ]
    own = {"kind": kind, "title": title, "inputs": described, "about": dict(about)}
    return _save(path, sio.dumps(estimator), card, {**validation, "own": own})


def load_own_model(name: str | Path) -> OwnModel:
    """Read a `.skops` model with its card and validation; types that are not on the fixed list are refused."""
    path = find_model(name)
    if path.suffix != ".skops":
        raise RiskError(f"{path}: not a .skops file")
    sio = _skops()
    raw, numbers, _ = _whole(path)
    try:
        strange = [t for t in sio.get_untrusted_types(data=raw) if t not in TRUSTED]
    except Exception as error:
        raise RiskError(f"{path}: not a readable .skops file ({type(error).__name__})") from None
    if strange:
        raise RiskError(f"{path}: holds types that this kit does not trust: {', '.join(strange[:3])}. Not loaded.")
    try:
        own = numbers["own"]
        inputs = tuple(
            Input(
                str(i["column"]),
                str(i["label"]),
                tuple(map(str, i.get("levels", ()))),
                float(i.get("lo", 0)),
                float(i.get("hi", 0)),
            )
            for i in own["inputs"]
        )
        about = own["about"]
        if not {"column", "words", "says"} <= set(about["outcome"]):
            raise ValueError("no outcome")
        return OwnModel(
            path.stem, str(own["title"]), str(own["kind"]), inputs, sio.loads(raw, trusted=list(TRUSTED)), about
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RiskError(f"{path}: its validation does not describe the model ({error})") from None


def _skops() -> Any:
    try:
        import skops.io as sio
    except ImportError:
        raise RiskError(".skops models need the risk extra: pip install 'pathways-cds[risk]'") from None
    return sio


def _save(path: Path, raw: bytes, card: str, validation: Mapping[str, Any]) -> Path:
    if not card.strip() or not validation:
        raise RiskError("a model is saved only with its card and its validation")
    if not path.parent.is_dir():
        raise RiskError(f"{path}: there is no folder {path.parent}")
    text = card.encode()
    model_hash = hashlib.sha256(raw).hexdigest() if path.suffix == ".skops" else digest(raw)
    numbers = {
        **validation,
        "format": VALIDATION_FORMAT,
        "model": path.name,
        "model_sha256": model_hash,
        "card_sha256": digest(text),
    }
    numbers = json.loads(json.dumps(numbers, allow_nan=False))
    numbers["numbers_sha256"] = _numbers_hash(numbers)
    card_path, validation_path = beside(path)
    sealed = (json.dumps(numbers, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
    # All three are on the disk before the first takes its place: what is killed between is a few renames, no writing.
    with (
        replacing(validation_path, private=False) as validation_file,
        replacing(card_path, private=False) as card_file,
        replacing(path, private=False) as model_file,
    ):
        model_file.write(raw)
        card_file.write(text)
        validation_file.write(sealed)
        for file in (card_file, validation_file):
            file.flush()
    return path
