"""A file that is not there, is none, is empty or may not be read: one clear line with its name, never a fault of the kit."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.apps.test_cli_records import SAMPLE, run

COMMANDS: list[list[str]] = [
    ["understood"],
    ["understood", "--save", "kept.toml", "--confirm", "1"],
    ["review"],
    ["handout"],
    ["taper"],
    ["what-if", "", "age_years=50"],
    ["explain", "methadone_otp", ""],
    ["export", "--fhir", "out.json"],
    ["hook"],
    ["risk", "person"],
]


def words_of(command: list[str], file: Path) -> list[str | Path]:
    """The command with the file in its place: where it holds an empty word, else behind its name."""
    if "" in command:
        return [file if word == "" else word for word in command]
    names = 2 if command[0] == "risk" else 1
    return [*command[:names], file, *command[names:]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(word for word in command if word))
@pytest.mark.parametrize("ending", ["json", "toml", "csv", "ndjson"])
def test_what_cannot_be_read_is_one_line(
    command: list[str], ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    missing, folder, empty = (tmp_path / f"{name}.{ending}" for name in ("missing", "folder", "empty"))
    folder.mkdir()
    empty.write_bytes(b"")
    for file in (missing, folder, tmp_path / "nowhere" / missing.name, empty):
        code, out, err = run(capsys, *words_of(command, file))
        if file is empty and ending == "toml" and command[0] != "hook":
            continue  # an empty table of fields is an empty case
        assert code == 2, (file, err)
        assert out == ""
        [line] = err.strip().splitlines()
        assert line.startswith("pathways: ")
        assert file.name in line
        assert "fault" not in line


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(word for word in command if word))
@pytest.mark.parametrize("ending", ["json", "toml", "csv"])
def test_a_file_that_may_not_be_read_is_one_line(
    command: list[str], ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / f"secret.{ending}"
    secret.write_text("{}", "utf-8")
    real = os.open

    def refused(path: str | Path, *given: int, **named: int | None) -> int:
        if Path(path).name == secret.name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *given, **named)

    monkeypatch.setattr(os, "open", refused)  # whoever runs the test may be allowed to read everything
    code, out, err = run(capsys, *words_of(command, secret))
    assert (code, out) == (2, "")
    [line] = err.strip().splitlines()
    assert secret.name in line
    assert "Permission denied" in line


def test_a_file_that_can_be_read_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "understood", SAMPLE)[0] == 0
