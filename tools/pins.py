"""The rows of requirements-hashed.txt: a pinned release, the digests of its files, and the sets that need it.

Standard library only: kit.py reads the file with this before anything is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HASHED = ROOT / "requirements-hashed.txt"
CONSTRAINTS = ROOT / "constraints.txt"
PYPROJECT = ROOT / "pyproject.toml"

CORE = "core"  # what the project needs without any extra; every other set but BUILD is an extra of pyproject.toml
BUILD = "build"  # what installs and builds: no run-time code
ROW = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\\n]+?))?(?= \\|$)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?![0-9a-f])")
SETS = re.compile(r"^ +# for: ([a-z ]+)$", re.MULTILINE)


class PinsError(ValueError):
    """A row that cannot be used; its text says which."""


@dataclass(frozen=True)
class Pin:
    """One release: normalized `name`, `version`, the environment `marker` ("" for everywhere), its digests, its sets."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    sets: frozenset[str]

    def plain(self) -> str:
        """The row of constraints.txt."""
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")

    def hashed(self) -> str:
        """The row of requirements-hashed.txt: several lines, in the form that pip and uv read."""
        lines = [self.plain(), *(f"--hash=sha256:{digest}" for digest in self.hashes)]
        return " \\\n    ".join(lines) + f"\n    # for: {' '.join(sorted(self.sets))}\n"


def read_pins(text: str) -> tuple[Pin, ...]:
    """Every row, in the order of the file. Raises PinsError for one without a plain pin or without a digest."""
    found = []
    for block in re.split(r"\n(?=\S)", text.strip()):
        if block.startswith("#"):
            continue
        row, hashes, sets = ROW.match(block), HASH.findall(block), SETS.search(block)
        if row is None or not hashes or block.count("--hash=") != len(hashes):
            raise PinsError(f"not a pin with its digests: {block.splitlines()[0][:80]}")
        names = frozenset(sets.group(1).split()) if sets else frozenset()
        found.append(Pin(row["name"], row["version"], row["marker"] or "", tuple(sorted(hashes)), names))
    return tuple(found)


def rows_for(sets: Iterable[str], pins: Iterable[Pin]) -> str:
    """The rows that any of these sets needs, as a file that can be installed with --require-hashes."""
    wanted = set(sets)
    return "".join(pin.hashed() for pin in pins if pin.sets & wanted)
