"""Where commands write: never over an input, and over a file that is there only if it is one of theirs, or by `--force`.

How a file is known to be one of ours: pages end with a line that says so, with a checksum of what stands above it, so that
a page that somebody has written into since is theirs; an export, a table of estimates and a model say it in their own way.
A case file, a list of rows and plain text have no place for it: they are written over by force alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from ...disk import real_path, write_file
from .common import UserError

Force = Annotated[
    bool, typer.Option("--force", help="Write over a file that is there, even if it is not from here or was changed.")
]
PAGES = (".html", ".htm", ".md")
LINE = "<!-- Made by pathways. SHA-256 of what stands above: {} -->\n"
LAST_OF_PDF = b"%% Made by pathways. SHA-256 of what stands above: %s\n"
"""A comment after the end of a PDF, which no reader shows."""
PDF_MARK = re.compile(rb"(?s)(.*)% Made by pathways\. SHA-256 of what stands above: ([0-9a-f]{64})\n")
MARK = re.compile(rb"(?s)(.*)<!-- Made by pathways\. SHA-256 of what stands above: ([0-9a-f]{64}) -->\n?")
NUMBERS = "pathways risk"
"""What files of numbers say of who made them, under `made_by`."""
BUNDLE = re.compile(rb'\{\s*"resourceType": "Bundle",\s*"id": "pathways-')
LARGEST = 64 * 2**20


def check_target(path: Path, inputs: Iterable[Path] = (), *, force: bool = False) -> Path:
    """The file that will be written, found to be writable in principle. Raises UserError; writes nothing."""
    if str(path) == "-":
        raise UserError("-: the output of the command is no file to write; name a file")
    if _of_the_system(path):
        raise UserError(f"{path}: this is no file of a folder, but an output or a device of the system; name a file")
    real = real_path(path)
    if real.is_dir():
        raise UserError(f"{path}: this is a folder; name a file")
    if any(one.exists() and not one.is_file() for one in (path, real)):  # /dev/stdout into a pipe resolves to no file
        raise UserError(f"{path}: this is not an ordinary file")
    if not real.parent.is_dir():
        raise UserError(f"{path}: there is no folder {real.parent}")
    if not os.access(real.parent, os.W_OK):
        raise UserError(f"{path}: the folder {real.parent} may not be written to")
    if any(same_file(real, given) for given in inputs):
        raise UserError(f"{path}: this command reads that file; name another one to write")
    if real.exists() and not force and not made_here(real):
        raise UserError(
            f"{path}: there is such a file already, and nothing in it says that pathways made it and nobody changed it since; "
            "name another one, or write over it with --force"
        )
    return real


def _of_the_system(path: Path) -> bool:
    """Whether a name leads through a folder in which the system shows its own things, such as /dev/stdout: behind it may be a
    file that the shell has opened, and what it holds would be lost."""
    at = Path(os.path.normpath(Path.cwd() / path))
    for _ in range(40):
        if at.parts[1:2] == ("proc",) or (at.parts[1:2] == ("dev",) and at.parts[2:3] != ("shm",)):
            return True
        if not at.is_symlink():
            break
        at = Path(os.path.normpath(at.parent / at.readlink()))
    return False


def same_file(a: Path, b: Path) -> bool:
    """Whether two names are of one file: through links, and where capitals do not count."""
    try:
        return real_path(a) == real_path(b) or a.samefile(b)
    except OSError:
        return False


def made_here(path: Path) -> bool:
    """Whether a file is one of ours, as it was written. Doubt counts as no."""
    try:
        size = path.stat().st_size
        if not 0 < size <= LARGEST:
            return size == 0  # nothing is lost with an empty file
        raw = path.read_bytes()
    except OSError:
        return False
    ending = path.suffix.lower()
    if ending in (*PAGES, ".pdf"):
        found = (PDF_MARK if ending == ".pdf" else MARK).fullmatch(raw)
        return found is not None and _digest(found[1]).encode() == found[2]
    if ending == ".json":
        return bool(BUNDLE.match(raw)) or _numbers(raw)
    return ending == ".parquet" and NUMBERS.encode() in raw[-4096:]


def write_text(path: Path, text: str) -> None:
    """Write a file in one step, readable by its owner only; a page with the line that says whose it is."""
    raw = text.encode("utf-8", "replace")
    if path.suffix.lower() in PAGES:
        raw = raw if raw.endswith(b"\n") else raw + b"\n"
        raw += LINE.format(_digest(raw)).encode()
    write_file(path, raw)


def write_pdf(path: Path, raw: bytes) -> None:
    """Write a PDF in one step, readable by its owner only, with a last line that says whose it is."""
    raw = raw if raw.endswith(b"\n") else raw + b"\n"
    write_file(path, raw + LAST_OF_PDF % _digest(raw).encode())


def numbers_text(found: Any) -> str:
    """Numbers as JSON that says who made it."""
    return json.dumps({**found, "made_by": NUMBERS}, indent=1, sort_keys=True, allow_nan=False) + "\n"


def check_model_target(
    folder: Path, name: str, ending: str, inputs: Iterable[Path] = (), *, force: bool = False
) -> None:
    """A model that will be written with its card and validation: nothing there, or a whole model of this very name.

    Raises UserError; writes nothing.
    """
    from ...risk.storage import beside, is_whole

    if not name.strip(".") or any(mark in name for mark in "/\\:\0"):
        raise UserError(f"--name: '{name[:60]}' must be a name alone, without a folder")
    path = folder / f"{name}{ending}"
    inputs = [file for given in inputs for file in (given, *beside(given))]
    force = force or is_whole(path)
    for file in (path, *beside(path)):
        check_target(file, inputs, force=force)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _numbers(raw: bytes) -> bool:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("made_by") == NUMBERS
