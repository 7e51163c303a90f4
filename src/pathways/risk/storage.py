"""Models on disk: JSON, or `.skops` for a researcher's own, each with its card and its validation beside it.

A model loads only with both, only if all three are as they were written together, and only from types on a fixed list.
The checksums that hold the three together show damage, not tampering: whoever can change a model can write new ones. So a
bare name is a shipped model and nothing else, and what is shown of a model says its digest and where it came from.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..disk import NotOrdinaryError, open_ordinary, read_up_to, replacing
from ..disk.incoming import InputError, clean, clean_data, each_once
from .model import SAID_OF_OUTCOME, Input, Model, RiskError
from .packed import unpacked

VALIDATION_FORMAT = "pathways-risk-validation/1"
LARGEST = 64 * 2**20
LARGEST_JSON = 16 * 2**20
LARGEST_CARD = 2 * 2**20
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
    """A researcher's own fitted estimator, as it is written to `.skops` and read from it. Its file has its ``name``."""

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
    """A shipped model by its bare name, or a model file by its path, with or without its ending. Raises RiskError.

    A path has a folder (``./ours``) or an ending (``ours.json``). A bare name never means a file that happens to lie in the
    current folder.
    """
    path = Path(name)
    if not is_path(name):
        return shipped_model(str(name))
    if path.name:
        for candidate in (path, path.with_name(f"{path.name}.json"), path.with_name(f"{path.name}.skops")):
            if candidate.suffix in (".json", ".skops") and candidate.exists():
                return candidate
    raise RiskError(f"{name}: no such model file; the kit ships {_shipped_names()}")


def is_path(name: str | Path) -> bool:
    """Whether a word names a file, and not a shipped model."""
    text = str(name)
    return any(mark in text for mark in "/\\:.")


def shipped_model(name: str) -> Path:
    """The file of a model that came with the kit, by its name alone. Raises RiskError."""
    folder = models_folder()
    if folder and name and not is_path(name) and (folder / f"{name}.json").is_file():
        return folder / f"{name}.json"
    raise RiskError(
        f"{name}: the kit ships no such model; it ships {_shipped_names()}. A file of your own is named with its folder or "
        f"its ending: ./{name} or {name}.json"
    )


def _shipped_names() -> str:
    folder = models_folder()
    return ", ".join(sorted(p.stem for p in folder.glob("*.json") if p.suffixes == [".json"])) if folder else "none"


def origin_of(name: str | Path) -> str:
    """Where a model came from, in words, with the first letters of its digest. Raises RiskError."""
    path = find_model(name)
    raw = _whole(path)[0]
    found = hashlib.sha256(raw).hexdigest() if path.suffix == ".skops" else digest(raw)
    folder = models_folder()
    shipped = folder is not None and path.resolve().parent == folder.resolve()
    where = f"{path.name}, from the folder {path.parent}"
    if shipped:
        place = "shipped with the kit"
    elif same := _same_as_shipped(folder, path.suffix, found):
        place = f"the same as {same}, which is shipped with the kit: {where}"
    else:
        place = f"not shipped with the kit: {where}"
    return f"SHA-256 {found[:12]}, {place}"


def _same_as_shipped(folder: Path | None, ending: str, found: str) -> str:
    """The name of the shipped model that has the same digest; empty where none has."""
    files = sorted(folder.glob("*.json")) if folder is not None and ending == ".json" else []
    return next((p.stem for p in files if p.suffixes == [".json"] and digest(p.read_bytes()) == found), "")


def load_model(name: str | Path) -> Model:
    """Read a JSON model with its card and validation. Raises RiskError, once, with what is wrong."""
    path = find_model(name)
    if path.suffix != ".json":
        raise RiskError(f"{path}: not a JSON model; load_own_model reads .skops files")
    raw, _, _ = _whole(path)
    try:
        return Model.from_dict(_shown(read_json(raw)))
    except RiskError as error:
        raise RiskError(f"{path}: {error}") from None


def read_json(raw: bytes) -> Any:
    """Plain data from JSON in which every number is finite and every key is given once. Raises RiskError, however deep or
    long it is."""
    try:
        return json.loads(
            raw.decode("utf-8"), parse_constant=_no_number, parse_float=_finite, object_pairs_hook=each_once
        )
    except InputError as error:
        raise RiskError(str(error)) from None
    except RiskError:
        raise
    except (ValueError, RecursionError):
        raise RiskError("not readable JSON") from None


def _no_number(word: str) -> float:
    raise RiskError(f"'{word}' is not a finite number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text[:40])


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


def _bytes(path: Path, most: int) -> bytes:
    """An ordinary file of at most so many bytes. Raises RiskError."""
    try:
        with open_ordinary(path) as file:
            raw = read_up_to(file, most)
    except NotOrdinaryError as error:
        raise RiskError(f"{path}: {error}") from None
    except OSError as error:
        raise RiskError(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > most:
        raise RiskError(f"{path}: larger than {most // 2**20} MB")
    return raw


def _whole(path: Path) -> tuple[bytes, dict[str, Any], str]:
    """Model bytes, validation and card, found to belong together."""
    card, validation = beside(path)
    for needed, what in ((card, "card"), (validation, "validation")):
        if not needed.exists():
            raise RiskError(f"{path}: its {what} ({needed.name}) is not beside it: a model without it is not loaded")
    largest = LARGEST if path.suffix == ".skops" else LARGEST_JSON
    raw, text, numbered = _bytes(path, largest), _bytes(card, LARGEST_CARD), _bytes(validation, LARGEST_JSON)
    try:
        numbers = read_json(numbered)
        if numbers["format"] != VALIDATION_FORMAT:
            raise ValueError
        written = numbers["model_sha256"], numbers["card_sha256"]
        seal = numbers.get("numbers_sha256") == _numbers_hash(numbers)
        shown, told = clean(text.decode("utf-8")), _shown(numbers)
    except UnicodeDecodeError:
        raise RiskError(f"{card}: this is not a text file in UTF-8") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f": {error}" if isinstance(error, RiskError) else ""
        raise RiskError(f"{validation}: not the validation of a model of this kit{why}") from None
    found = hashlib.sha256(raw).hexdigest() if path.suffix == ".skops" else digest(raw)
    if (found, digest(text)) != written or not seal:
        raise RiskError(
            f"{path}: model, card and validation are not the ones that were written together "
            "(a SHA-256 differs): not loaded. Fetch or fit the model again. This check shows damage, not tampering: it "
            "cannot tell who wrote the files."
        )
    return raw, told, shown


def _shown(data: Any) -> Any:
    """Data whose texts show what they say, once the seal has been looked at. Raises RiskError."""
    try:
        return clean_data(data)
    except InputError as error:
        raise RiskError(str(error)) from None


def _numbers_hash(numbers: Mapping[str, Any]) -> str:
    rest = {k: v for k, v in numbers.items() if k != "numbers_sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, allow_nan=False).encode()).hexdigest()


def save_model(model: Model, folder: str | Path, *, card: str, validation: Mapping[str, Any], name: str = "") -> Path:
    """Write a JSON model with its card and validation; gives the path of the model. Raises RiskError without a card."""
    path = Path(folder) / f"{name or model.name}.json"
    return _save(path, model_bytes(model), card, validation)


def save_own_model(own: OwnModel, folder: str | Path, *, card: str, validation: Mapping[str, Any]) -> Path:
    """Write a fitted estimator as `.skops` with its card and validation; gives the path. Raises RiskError without a card.

    Data hash, seed and versions are in its `about`.
    """
    sio = _skops()
    described = [
        {"column": i.column, "label": i.label, **({"levels": list(i.levels)} if i.levels else {"lo": i.lo, "hi": i.hi})}
        for i in own.inputs
    ]
    told = {"kind": own.kind, "title": own.title, "inputs": described, "about": dict(own.about)}
    path = Path(folder) / f"{own.name}.skops"
    return _save(path, sio.dumps(own.estimator), card, {**validation, "own": told})


def load_own_model(name: str | Path) -> OwnModel:
    """Read a `.skops` model with its card and validation; types that are not on the fixed list are refused."""
    path = find_model(name)
    if path.suffix != ".skops":
        raise RiskError(f"{path}: not a .skops file")
    raw, numbers, _ = _whole(path)
    raw = unpacked(path, raw)
    sio = _skops()
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
        if not set(about["outcome"]) >= SAID_OF_OUTCOME:
            raise ValueError("no outcome")
        estimator = sio.loads(raw, trusted=list(TRUSTED))
        if not callable(getattr(estimator, "predict_proba", None)):
            raise RiskError(f"{path}: holds no estimator that gives a risk, but a {type(estimator).__name__[:60]}")
        return OwnModel(path.stem, str(own["title"]), str(own["kind"]), inputs, estimator, about)
    except RiskError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RiskError(f"{path}: its validation does not describe the model ({error})") from None
    except Exception as error:  # whatever the library makes of a file that only looks like a model
        raise RiskError(f"{path}: not a readable .skops file ({type(error).__name__})") from None


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
