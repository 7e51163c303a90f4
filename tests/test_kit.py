"""The parts of kit.py that need no install."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import kit


def checkout(folder: Path, pyproject: str = "[project]\n", rows: str = "rich==15.0.0\n") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(pyproject, "utf-8")
    (folder / "requirements-hashed.txt").write_text(rows, "utf-8")
    return folder


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def nothing(_: str) -> None:
    return None


# --- the stamp


def test_stamp_is_current_until_what_it_depends_on_changes(tmp_path: Path) -> None:
    here = checkout(tmp_path / "a")
    done = kit.stamp(["dev", "notebooks"], here)
    assert kit.is_current(done, kit.stamp(["notebooks", "dev"], here))
    assert kit.is_current(done, kit.stamp(["notebooks"], here)), "more extras than wanted do no harm"
    assert not kit.is_current(done, kit.stamp(["notebooks", "risk"], here))
    assert not kit.is_current(done, kit.stamp(["dev"], here, python="3.99"))
    assert not kit.is_current(done, kit.stamp(["dev"], checkout(tmp_path / "b")))
    assert not kit.is_current(done, kit.stamp(["dev"], checkout(here, pyproject="[project]\nname='x'\n")))
    assert not kit.is_current(done, kit.stamp(["dev"], checkout(here, rows="rich==14.0.0\n")))


@pytest.mark.parametrize("text", [None, "", "not json", "[1]", '"word"', "null"])
def test_a_missing_or_broken_stamp_is_never_current(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "stamp.json"
    if text is not None:
        path.write_text(text, "utf-8")
    found = kit.read_stamp(path)
    assert found == {}
    assert not kit.is_current(found, kit.stamp([], checkout(tmp_path)))


# --- finding things


def test_the_named_chromium_is_the_only_one_looked_for(tmp_path: Path) -> None:
    named, other = program(tmp_path / "named"), str(program(tmp_path / "other"))
    assert kit.find_chromium({"PATHWAYS_CHROMIUM": str(named)}, "Linux", lambda _: other) == named
    assert kit.find_chromium({"PATHWAYS_CHROMIUM": str(tmp_path / "no")}, "Linux", lambda _: other) is None


def test_chromium_is_found_on_the_path_and_in_the_usual_places(tmp_path: Path) -> None:
    found = program(tmp_path / "bin/google-chrome")
    on_path = {"google-chrome": str(found)}
    assert kit.find_chromium({}, "Darwin", on_path.get) in (found, *kit.chromium_places({}, "Darwin"))
    chrome = program(tmp_path / "programs/Google/Chrome/Application/chrome.exe")
    assert kit.find_chromium({"PROGRAMFILES": str(tmp_path / "programs")}, "Windows", nothing) == chrome
    assert kit.find_chromium({"PROGRAMFILES": str(tmp_path / "empty")}, "Windows", nothing) is None


def test_the_reference_folder_is_named_or_beside_the_checkout(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    assert kit.reference_folder({}, root) is None
    beside, named = tmp_path / "shared", tmp_path / "elsewhere"
    beside.mkdir()
    named.mkdir()
    assert kit.reference_folder({}, root) == beside
    assert kit.reference_folder({"PATHWAYS_REFERENCE": str(named)}, root) == named
    assert kit.reference_folder({"PATHWAYS_REFERENCE": str(tmp_path / "no")}, root) is None


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("false", False), ("", False)])
def test_in_ci(value: str, expected: bool) -> None:
    assert kit.in_ci({"CI": value}) is expected
    assert not kit.in_ci({})


@pytest.mark.parametrize("home", [None, "", "/no/such/home"])
def test_without_a_home_caches_stay_in_the_checkout(tmp_path: Path, home: str | None) -> None:
    env = {"PATH": "/bin"} | ({} if home is None else {"HOME": home, "USERPROFILE": home})
    made = kit.environment(env, tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR"):
        assert Path(made[name]).is_relative_to(tmp_path)
    assert Path(made["HOME"]).is_dir()


def test_a_usable_home_is_left_alone(tmp_path: Path) -> None:
    made = kit.environment({"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PYTHONHOME": "x"}, tmp_path)
    assert made["HOME"] == str(tmp_path)
    assert "UV_CACHE_DIR" not in made
    assert "PYTHONHOME" not in made
    assert made["PATH"].split(os.pathsep)[0] == str(kit.venv_program("python", tmp_path / ".venv").parent)


def test_programs_of_the_venv() -> None:
    assert kit.venv_program("ruff", Path("v"), windows=True) == Path("v/Scripts/ruff.exe")
    assert kit.venv_program("ruff", Path("v"), windows=False) == Path("v/bin/ruff")


# --- the parts


def test_every_part_has_commands_and_a_folder() -> None:
    for part, folder in kit.PARTS.items():
        assert kit.part_commands(part)
        assert not Path(folder).is_absolute()


@pytest.mark.parametrize("ci", [True, False])
def test_parts_go_on_after_a_failure_and_a_skip_is_a_failure_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, ci: bool
) -> None:
    codes = {"ruff": 1, "python": 0}
    monkeypatch.setenv("CI", "true" if ci else "")
    monkeypatch.setenv("PATHWAYS_REFERENCE", str(tmp_path / "no"))
    monkeypatch.setenv("PATHWAYS_CHROMIUM", str(tmp_path / "no"))
    monkeypatch.setattr(kit, "SCRATCH", tmp_path)
    monkeypatch.setattr(kit, "call", lambda command, *_: codes[Path(command[0]).stem])
    assert kit.run_parts(["lint", "unit", "browser"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^lint .*FAILED \(exit 1, 1\)$", said, re.MULTILINE)
    assert re.search(r"^unit .*passed$", said, re.MULTILINE)
    want = "FAILED" if ci else "skipped"
    assert re.search(rf"^reference .*{want}: no reference folder", said, re.MULTILINE)
    assert re.search(rf"^browser .*{want}: no Chromium", said, re.MULTILINE)
    codes["ruff"] = 0
    assert kit.run_parts(["lint", "unit", "browser"]) == int(ci)


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert kit.main(["test", "unti"]) == 1
    assert "no part unti" in capsys.readouterr().out


# --- installing


def installed_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: str) -> tuple[int, list[str]]:
    """The exit code of an install in which the commands that hold ``fails`` fail, and every command of it."""
    said: list[str] = []

    def call(command: list[object], *_: object) -> int:
        said.append(" ".join(map(str, command)))
        return int(bool(fails) and fails in said[-1])

    monkeypatch.setattr(kit, "SCRATCH", tmp_path)
    monkeypatch.setattr(kit, "quiet", lambda _: True)
    monkeypatch.setattr(kit, "call", call)
    return kit.install_rows(Path("python"), ["check"]), said


def test_everything_is_installed_by_digest_and_the_project_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, said = installed_with(monkeypatch, tmp_path, fails="")
    assert code == 0
    *rows, project = said
    assert project.endswith("install --no-deps --no-build-isolation --editable .")
    assert len(rows) == 2
    assert all("install --require-hashes --requirement" in command for command in rows)
    tools, wanted = ((tmp_path / f"install/{name}.txt").read_text("utf-8") for name in ("tools", "wanted"))
    assert "uv==" in tools
    assert "pyphen==" not in tools
    assert "pyphen==" in wanted
    assert "rich==" in wanted
    assert "scikit-learn==" not in wanted, "what another extra needs stays out"


def test_pip_takes_over_from_uv_and_asks_for_digests_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, said = installed_with(monkeypatch, tmp_path, fails=" uv pip ")
    assert code == 0
    assert [" uv " in command for command in said] == [False, True, False, False]
    assert "--require-hashes" in said[2]
    assert "--no-build-isolation" in said[2], "what builds came by its digest: nothing else is fetched"


@pytest.mark.parametrize(("fails", "commands"), [("tools.txt", 1), ("wanted.txt", 3), ("--editable", 4)])
def test_an_install_that_fails_is_not_taken_for_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: str, commands: int
) -> None:
    code, said = installed_with(monkeypatch, tmp_path, fails)
    assert code == 1
    assert len(said) >= commands


# --- another Python


def python_that_says(path: Path, version: str) -> str:
    path.write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for Python are shell scripts")
def test_another_python_is_used_if_it_is_one_and_new_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, version, why in (("old", "3.10.13", "is Python 3.10.13"), ("odd", "hello", "does not run as a Python")):
        with pytest.raises(kit.KitError, match=why):
            kit.other_python(python_that_says(tmp_path / name, version))
    new = python_that_says(tmp_path / "new", "3.14.2")
    assert kit.other_python(new) == new
    assert kit.main(["test", "lint", "--python", str(tmp_path / "none")]) == 1
    assert f"no Python at {tmp_path / 'none'}" in capsys.readouterr().out
    calls: list[tuple[list[object], dict[str, str]]] = []
    monkeypatch.setattr(kit, "call", lambda command, env: calls.append((command, env)) or 7)
    assert kit.main(["test", "lint", "--python", new]) == 7, "its exit code is ours"
    [(command, env)] = calls
    assert command == [new, kit.ROOT / "kit.py", "test", "lint"]
    assert env["PATHWAYS_OWN_VENV"]


def test_another_python_has_a_folder_of_its_own() -> None:
    code = "import kit; print(kit.VENV.name, kit.environment()['VIRTUAL_ENV'])"
    env = {**os.environ, "PATHWAYS_OWN_VENV": "1"}
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, cwd=kit.ROOT
    ).stdout.split()
    own = ".venv-{}.{}".format(*sys.version_info)
    assert said == [own, str(kit.ROOT / own)]


# --- the Python that runs it


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert kit.main(["run"]) == 2
    assert "3.11" in capsys.readouterr().out
    for name in ("kit.py", "tools/pins.py"):  # it must get as far as that
        ast.parse((kit.ROOT / name).read_text("utf-8"), feature_version=(3, 8))


# --- the files beside it


def test_ci_and_make_call_the_kit() -> None:
    ci = kit.ROOT / ".ci/run"
    text = ci.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "export CI=true\n" in text
    assert "python3 kit.py test" in text
    if os.name != "nt":
        assert ci.stat().st_mode & stat.S_IXUSR
    made = re.search(r"^\.PHONY: (.+)$", (kit.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert made
    shown = subprocess.run(
        [sys.executable, kit.ROOT / "kit.py", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for name in made.group(1).split():
        assert re.search(rf"^ +{name} ", shown, re.MULTILINE), name
