"""What a release holds: a zip of the page that any server's user may read, and digests that can be checked."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools import pyodide, release


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    (folder / "v-1").mkdir(parents=True)
    (folder / "index.html").write_text("page", "utf-8")
    (folder / "v-1/kit.zip").write_bytes(b"kit")
    return folder


def test_the_zip_holds_the_page_and_is_the_same_each_time(tmp_path: Path, page: Path) -> None:
    packed = release.page_zip(page, tmp_path)
    first = packed.read_bytes()
    top = f"pathways-page-{release.version()}"
    assert packed.name == f"{top}.zip"
    with zipfile.ZipFile(packed) as opened:
        assert opened.namelist() == [f"{top}/index.html", f"{top}/v-1/kit.zip"]
        assert opened.read(f"{top}/v-1/kit.zip") == b"kit"
        assert {row.external_attr >> 16 for row in opened.infolist()} == {0o644}
    (page / "index.html").touch()
    assert release.page_zip(page, tmp_path).read_bytes() == first


def test_the_digests_are_those_of_the_files(
    tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--wheel-dir") + 1])
        (folder / f"pathways_cds-{release.version()}-py3-none-any.whl").write_bytes(b"wheel")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(release.subprocess, "run", pip)
    monkeypatch.setattr(release, "built", lambda: page)
    for _ in range(2):  # the second time the wheel is there already
        assert release.main(["--out", str(out)]) == 0
        rows = (row.split("  ") for row in (out / release.SUMS).read_text("utf-8").splitlines())
        found = {name: digest for digest, name in rows}
        files = {path.name for path in out.iterdir()} - {release.SUMS}
        assert found == {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files}
        assert len(found) == 2
    assert release.SUMS in capsys.readouterr().out


def test_what_cannot_be_had_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing() -> Path:
        raise pyodide.MissingError("no Node.js")

    monkeypatch.setattr(release, "wheel", lambda out: out / "a.whl")
    monkeypatch.setattr(release, "built", nothing)
    assert release.main(["--out", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "release: no Node.js\n"
