"""The core's unit tests under the Python that runs in a browser: Pyodide, in node, with the pinned releases.

    python kit.py test wasm

Nothing but the language, the facts and what is decided from them has to run in a browser, so the tests of those rooms run
here. The packages are those of requirements-hashed.txt, by their digests, with the wheels that their makers
publish for the browser. MarkupSafe publishes none: its plain Python half, which it keeps for such places, is taken
from the release in .venv. rpds-py and polars publish none either; what needs them is left out by name below.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import files, version
from pathlib import Path

from packaging.markers import Marker

import kit
from tools.pins import CORE, HASHED, Pin, read_pins

HERE = Path(__file__).resolve().parent
PLACE = kit.SCRATCH / "wasm"
PYTHON, ABI, PLATFORM = "3.14", "cp314", "pyemscripten_2026_0_wasm32"
BROWSER = {
    "implementation_name": "cpython", "os_name": "posix", "platform_python_implementation": "CPython",
    "platform_system": "Emscripten", "python_full_version": "3.14.2", "python_version": PYTHON,
    "sys_platform": "emscripten",
}  # fmt: skip  # what is alike stands together
PLAIN_HALF = "markupsafe"
TESTERS = ("hypothesis", "iniconfig", "packaging", "pluggy", "pyphen", "pytest", "sortedcontainers")

ROOMS = ("language", "content", "intake", "profile", "facts", "review", "care")
NO_POLARS = "compares with tables, and polars has no build for the browser"
NO_SCHEMA = "checks against a JSON Schema, and rpds-py has no build for the browser"
NO_PROCESS = "starts a process"
NO_USERS = "makes a pipe, or asks for the user, and the browser's Python has neither"
NO_STACK = "JSON of 100,000 levels ends the browser's Python, whose stack is the browser's"
LEFT_OUT = {
    "tests/content/test_cache.py::test_a_damaged_or_hostile_file_is_ignored_and_mended[deep]": NO_STACK,
    "tests/content/test_cache.py::test_a_file_of_another_user_is_ignored": NO_USERS,
    "tests/content/test_cache.py::test_links_and_pipes_are_not_followed": NO_USERS,
    "tests/content/test_sample_cases.py::test_the_same_bytes_under_any_hash_seed": NO_PROCESS,
    "tests/language/test_grammar.py::test_the_room_needs_no_polars": NO_PROCESS,
    "tests/language/test_language_properties.py": NO_POLARS,
    "tests/language/test_verdicts.py": NO_POLARS,
    "tests/profile/test_bad_input.py::test_json_that_cannot_be_used[deep nesting]": NO_STACK,
    "tests/profile/test_profile.py": NO_SCHEMA,
    "tests/profile/test_profile_fuzz.py": NO_POLARS,
    "tests/review/test_first.py::test_same_case_same_page_under_any_hash_seed": NO_PROCESS,
}
# A condition that says NOT 5,000 times needs more stack than node gives; a browser's own limit is not ours to set.
NODE_OPTIONS = ("--stack-size=4000",)


class MissingError(Exception):
    """Something that this needs is not here; its text says what."""


def programs() -> tuple[str, str]:
    """node and npm. Raises MissingError."""
    found = [shutil.which(name) for name in ("node", "npm")]
    if not (found[0] and found[1]):
        raise MissingError("the browser's Python runs in node: install Node.js 20 or newer, with npm")
    said = subprocess.run([found[0], "--version"], capture_output=True, text=True).stdout
    if int(said.strip().lstrip("v").split(".")[0] or 0) < 20:
        raise MissingError(f"Node.js {said.strip()} is too old: install version 20 or newer")
    return found[0], found[1]


def rows(pins: Sequence[Pin]) -> list[Pin]:
    """The pins that the core and its tests need in a browser, less the one that is copied."""
    wanted = [pin for pin in pins if CORE in pin.sets or pin.name in TESTERS]
    here = [pin for pin in wanted if not pin.marker or Marker(pin.marker).evaluate(BROWSER)]
    return [replace(pin, marker="") for pin in here if pin.name != PLAIN_HALF]


def prepare(npm: str, pins: Sequence[Pin]) -> Path:
    """The folder with Pyodide and the packages, made anew where something it is made from has changed.

    Raises MissingError where npm or pip does not find what is pinned; they say why themselves.
    """
    wanted = "".join(pin.hashed() for pin in rows(pins))
    inputs = [wanted, PLATFORM, version(PLAIN_HALF), (HERE / "package-lock.json").read_text("utf-8")]
    digest, stamp = hashlib.sha256("\0".join(inputs).encode()).hexdigest(), PLACE / "stamp"
    if stamp.exists() and stamp.read_text("utf-8") == digest:
        return PLACE
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, PLACE / name)
    if subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PLACE).returncode:
        raise MissingError("npm could not install what tools/wasm/package-lock.json names")
    (PLACE / "rows.txt").write_text(wanted, "utf-8")
    site = PLACE / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes"]
    pip += ["--only-binary=:all:", "--implementation=cp", f"--python-version={PYTHON}", f"--abi={ABI}"]
    pip += [f"--platform={PLATFORM}", f"--target={site}", "--requirement", str(PLACE / "rows.txt")]
    if subprocess.run(pip).returncode:
        raise MissingError(f"a pinned release has no wheel for {PLATFORM}: the lines above say which")
    for file in files(PLAIN_HALF) or ():
        if file.suffix == ".py":
            (site / file).parent.mkdir(exist_ok=True)
            shutil.copy(Path(str(file.locate())), site / file)
    stamp.write_text(digest, "utf-8")
    return PLACE


def arguments(rest: Sequence[str]) -> list[str]:
    """What pytest is told: these tests, or all of the core's, less what cannot run here."""
    left = [f"--deselect={at}" if "::" in at else f"--ignore={at}" for at in LEFT_OUT]
    return ["-q", "-p", "no:cacheprovider", *left, *(rest or [f"tests/{room}" for room in ROOMS])]


def main(rest: Sequence[str]) -> int:
    try:
        node, npm = programs()
        place = prepare(npm, read_pins(HASHED.read_text("utf-8")))
    except MissingError as error:
        print(f"wasm: {error}")
        return 1
    for at, why in LEFT_OUT.items():
        print(f"left out: {at}: {why}")
    sys.stdout.flush()
    reference = kit.reference_folder(os.environ)
    command = [node, *NODE_OPTIONS, str(HERE / "run.mjs"), str(place / "site"), str(kit.ROOT), str(reference or "")]
    return subprocess.run([*command, *arguments(rest)], cwd=place).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
