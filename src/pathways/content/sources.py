"""The files of a content folder as they lie there, and the one digest that stands for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from ..disk.incoming import InputError, read_file
from ..disk.limits import CONTENT_BYTES, CONTENT_FILES, CONTENT_FOLDER_BYTES
from .library import ContentError


def read_sources(folder: Path) -> dict[str, bytes]:
    """Every TOML file under ``folder`` by its name there (``treatments/moud.toml``), in order of names. Raises ContentError,
    which names each that is no file, too large or not to be read, and where they are too many or too large together."""
    found, problems, size = {}, [], 0
    paths = [*islice(folder.rglob("*.toml"), CONTENT_FILES.most + 1)]
    if len(paths) > CONTENT_FILES.most:
        raise ContentError([f"{folder}: more than {CONTENT_FILES.most:,} TOML files: this is no content folder"])
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix()
        try:
            name.encode()
            found[name] = read_file(path, CONTENT_BYTES)
            size += len(found[name])
        except UnicodeEncodeError:
            problems.append(f"{ascii(name)[1:-1]}: the name of this file is not in UTF-8; rename it")
        except InputError as error:
            problems.append(f"{name}: {error}")
        except OSError as error:
            problems.append(f"{name}: cannot be read: {error.strerror}")
        if size > CONTENT_FOLDER_BYTES.most:
            raise ContentError([f"{folder}: its files have more than {CONTENT_FOLDER_BYTES.most / 1e6:g} MB together"])
    if problems:
        raise ContentError([f"{folder}: {problem}" for problem in problems])
    return found


def digest_of(sources: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes. Line ends differ between systems; the digest does not."""
    digest = hashlib.sha256()
    for name, raw in sources.items():
        digest.update(name.encode() + b"\0" + raw.replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
