"""What `kit.py test wasm` installs and leaves out; the tests themselves run in the browser's Python."""

from __future__ import annotations

import ast
import json
import re

import pytest

import kit
from tools import pyodide
from tools.pins import HASHED, read_pins
from tools.wasm import __main__ as part

PINS = read_pins(HASHED.read_text("utf-8"))
LOCK = pyodide.LOCKS / "package-lock.json"


def test_the_core_and_its_testers_are_taken_for_the_browser_alone() -> None:
    names = {pin.name for pin in part.rows(PINS)}
    assert {"pydantic-core", "lark", "jinja2", "pytest", "hypothesis"} <= names
    assert names.isdisjoint({"colorama", "polars", "numpy", pyodide.PLAIN_HALF}), "another system's, or not the core's"
    assert {pin.name for pin in PINS} >= {*part.TESTERS, pyodide.PLAIN_HALF}
    assert all(pin.hashes and not pin.marker for pin in part.rows(PINS))


def test_what_is_left_out_exists_and_has_its_reason() -> None:
    for at, why in part.LEFT_OUT.items():
        file, _, test = at.partition("::")
        assert why
        text = (kit.ROOT / file).read_text("utf-8")
        assert not test or f"def {test.partition('[')[0]}(" in text, at
    assert all((kit.ROOT / "tests" / room).is_dir() for room in part.ROOMS)


def test_every_test_of_the_core_that_starts_a_process_is_left_out() -> None:
    """This part is run by name only: a test that cannot run there would be found late."""
    starting = set()
    for path in sorted(file for room in part.ROOMS for file in (kit.ROOT / "tests" / room).rglob("test_*.py")):
        file = path.relative_to(kit.ROOT).as_posix()
        for node in ast.parse(path.read_text("utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test_")
                and "subprocess" in ast.unparse(node)
            ):
                starting.add(f"{file}::{node.name}")
    left = {at for at, why in part.LEFT_OUT.items() if why == part.NO_PROCESS}
    assert starting == left


def test_the_lock_of_the_browsers_python_has_digests_and_names_no_place() -> None:
    lock = json.loads(LOCK.read_text("utf-8"))
    asked = json.loads((pyodide.LOCKS / "package.json").read_text("utf-8"))["dependencies"]
    packages = {name: row for name, row in lock["packages"].items() if name}
    assert packages["node_modules/pyodide"]["version"] == asked["pyodide"]
    assert all(row["integrity"].startswith("sha512-") and "resolved" not in row for row in packages.values())
    assert not re.search(r"https?:", LOCK.read_text("utf-8"))


def test_it_is_run_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(kit, "ensure_installed", lambda _: None)
    monkeypatch.setattr(kit, "run_parts", lambda parts: ran.append([*parts]) or 0)
    assert kit.main(["test"]) == kit.main(["test", "wasm", "lint"]) == 0
    assert ran == [[name for name in kit.PARTS if name != "wasm"], ["lint", "wasm"]]
