"""The core's unit tests under the Python that runs in a browser: Pyodide, in node, with the pinned releases.

    python kit.py test wasm

Nothing but the language, the facts and what is decided from them has to run in a browser, so the tests of those rooms run
here; `tools.pyodide` brings the packages. rpds-py and polars publish no wheels for the browser: what needs them is left
out by name below.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import kit
from tools import pyodide
from tools.pins import CORE, HASHED, Pin, read_pins

HERE = Path(__file__).resolve().parent
PLACE = kit.SCRATCH / "wasm"
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


def rows(pins: Sequence[Pin]) -> list[Pin]:
    """The pins that the core and its tests need in a browser."""
    return pyodide.rows([pin for pin in pins if CORE in pin.sets or pin.name in TESTERS])


def arguments(rest: Sequence[str]) -> list[str]:
    """What pytest is told: these tests, or all of the core's, less what cannot run here."""
    left = [f"--deselect={at}" if "::" in at else f"--ignore={at}" for at in LEFT_OUT]
    return ["-q", "-p", "no:cacheprovider", *left, *(rest or [f"tests/{room}" for room in ROOMS])]


def main(rest: Sequence[str]) -> int:
    try:
        node, npm = pyodide.programs()
        place = pyodide.prepare(PLACE, npm, rows(read_pins(HASHED.read_text("utf-8"))))
    except pyodide.MissingError as error:
        print(f"wasm: {error}")
        return 1
    for at, why in LEFT_OUT.items():
        print(f"left out: {at}: {why}")
    sys.stdout.flush()
    reference = kit.reference_folder(os.environ)
    command = [*node, *NODE_OPTIONS, str(HERE / "run.mjs"), str(place / "site"), str(kit.ROOT), str(reference or "")]
    return subprocess.run([*command, *arguments(rest)], cwd=place).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
