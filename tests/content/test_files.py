"""Files are written whole or not at all, and are their owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pathways.content.files import write_private


def test_a_file_is_its_owners_alone_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new\n")
    assert path.read_bytes() == b"new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["case.toml"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "case.toml").mkdir()
    with pytest.raises(OSError):
        write_private(tmp_path / "case.toml", b"new\n")
    assert [p.name for p in tmp_path.iterdir()] == ["case.toml"]
