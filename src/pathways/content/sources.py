"""The files of a content folder as they lie there, and the one digest that stands for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ..disk.incoming import InputError, read_file
from ..disk.limits import CONTENT_BYTES
from .library import ContentError


def read_sources(folder: Path) -> dict[str, bytes]:
    """Every TOML file under ``folder`` by its name there (``treatments/moud.toml``), in order of names. Raises ContentError,
    which names each that is no file, too large or not to be read."""
    found, problems = {}, []
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        try:
            found[name] = read_file(path, CONTENT_BYTES)
        except InputError as error:
            problems.append(f"{name}: {error}")
        except OSError as error:
            problems.append(f"{name}: cannot be read: {error.strerror}")
    if problems:
        raise ContentError([f"{folder}: {problem}" for problem in problems])
    return found


def digest_of(sources: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes. Line ends differ between systems; the digest does not."""
    digest = hashlib.sha256()
    for name, raw in sources.items():
        digest.update(name.encode() + b"\0" + raw.replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
