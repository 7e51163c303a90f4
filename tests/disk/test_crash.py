"""A small draw of `kit.py crash`: killed writers and crowds of writers lose, tear and leave nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("pyarrow")

from pathways.disk import locks
from tests.crash import OUTPUTS, Output, crowd, killed

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
BY_NAME = {output.name: output for output in OUTPUTS}


@pytest.mark.parametrize("name", ["case.toml", "site.toml", "risks.csv"])
def test_a_killed_writer_loses_tears_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    tally = killed(BY_NAME[name], tmp_path, 8, Random(1))
    assert tally.kills == 8
    assert tally.bad == 0, tally


def test_a_writer_that_does_not_take_care_is_found_out(tmp_path: Path) -> None:
    def write(path: Path, n: int) -> None:
        half = f"{n}".encode() * 1000
        with path.open("wb") as file:
            file.write(half)
            file.flush()
            time.sleep(0.05)
            file.write(b"." + half)

    def number(path: Path) -> int:
        first, second = path.read_text().split(".")
        assert first == second
        return int(first[: len(first) // 1000])

    careless = Output("careless", write, number, lambda path: None)
    assert killed(careless, tmp_path, 12, Random(1)).torn


@pytest.mark.parametrize("flock", [True, False])
def test_a_crowd_keeps_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flock: bool) -> None:
    if not flock:
        monkeypatch.setattr(locks, "fcntl", None)
    assert crowd(tmp_path / "site.toml", 4, 10) == 40, "13 of 40 were kept once"
    assert [path.name for path in tmp_path.iterdir()] == ["site.toml"]
