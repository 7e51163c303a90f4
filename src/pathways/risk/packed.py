"""What a `.skops` file is packed in, looked at before skops is: how far it unpacks, and how much it asks to be loaded.

A checksum says nothing of that: whoever writes a model can seal it. A few kilobytes can unpack to gigabytes, and one part that is
named two hundred times is loaded two hundred times, as is one object that nine others hold nine times each.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .model import RiskError

MOST_UNPACKED = 256 * 2**20
MOST_PARTS = 10_000
MOST_SCHEMA = 16 * 2**20
"""Bytes of the part that says what to load: each of its lines is an object of Python, many times as large."""
MOST_OBJECTS = 2_000_000
"""Objects that are loaded, each counted as often as another holds it; a boosting model of 1,000 trees comes to some 60,000."""
_SCHEMA = "schema.json"
_PIECE = 64 * 1024


def unpacked(path: Path, raw: bytes) -> bytes:
    """The parts of a packed file, each no longer than it says of itself, as a file that is packed no more. Raises RiskError.

    A file that unpacks to far more than a model is refused. What a part says may be a lie, and a reader that asks for the
    whole part unpacks all of it before it looks: so each is read here by small pieces, and what comes after them stays out.
    """
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as plain:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED or len(parts) > MOST_PARTS:
                raise RiskError(
                    f"{path}: unpacks to {size / 2**20:,.0f} MB in {len(parts):,} parts; at most "
                    f"{MOST_UNPACKED // 2**20} MB in {MOST_PARTS:,} are read. Not unpacked."
                )
            for part in parts:
                if part.compress_type not in (
                    zipfile.ZIP_STORED,
                    zipfile.ZIP_DEFLATED,
                ):  # the others have no small pieces
                    raise RiskError(f"{path}: not a readable .skops file (packed in an unknown way)")
                if part.filename == _SCHEMA and part.file_size > MOST_SCHEMA:
                    raise RiskError(f"{path}: its {_SCHEMA} is larger than {MOST_SCHEMA // 2**20} MB. Not unpacked.")
                with packed.open(part) as read, plain.open(part.filename, "w") as file:
                    while piece := read.read(_PIECE):
                        file.write(piece)
        _hold_to_parts(path, made)
    except RiskError:
        raise
    except Exception as error:  # zipfile has many
        raise RiskError(f"{path}: not a readable .skops file ({type(error).__name__})") from None
    return made.getvalue()


def _hold_to_parts(path: Path, made: io.BytesIO) -> None:
    """Raises RiskError where more is to be loaded than the parts hold together, or an object is held by so many that going
    through them has no end."""
    with zipfile.ZipFile(made) as plain:
        sizes = {part.filename: part.file_size for part in plain.infolist()}
        schema = json.loads(plain.read(_SCHEMA))
    asked = sum(sizes.get(name, 0) for name in _named(schema))
    if asked > sum(sizes.values()):
        raise RiskError(f"{path}: asks for {asked / 2**20:,.0f} MB, which is more than it holds. Not loaded.")
    if _held(schema) > MOST_OBJECTS:
        raise RiskError(f"{path}: its objects hold each other more than {MOST_OBJECTS:,} times. Not loaded.")


def _held(schema: Any) -> int:
    """How many objects a schema comes to, where one that is named again (skops's CachedNode) counts with all that it holds."""
    whole: dict[Any, int] = {}
    told: dict[int, int] = {}
    waiting: list[tuple[Any, bool]] = [(schema, False)]
    while waiting:
        found, done = waiting.pop()
        parts = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
        if not done:
            waiting.append((found, True))
            waiting.extend((part, False) for part in reversed(parts))
            continue
        name = found.get("__id__") if isinstance(found, dict) else None
        name = name if isinstance(name, int | str) else None
        again = isinstance(found, dict) and found.get("__loader__") == "CachedNode"
        count = 1 + sum(told[id(part)] for part in parts) + (whole.get(name, 0) if again else 0)
        told[id(found)] = count
        if name is not None and not again:
            whole[name] = max(count, whole.get(name, 0))
    return told[id(schema)]


def _named(schema: Any) -> Iterator[str]:
    """The parts that a schema names, as often as it does."""
    waiting = [schema]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if isinstance(name := found.get("file"), str):
                yield name
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
