"""`pathways review --pdf`: two pages by a browser that is found, never over what it should not, and words where none is."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

import kit
from pathways.apps.cli import main, pdf
from pathways.apps.cli.targets import made_here, write_pdf
from tests.conftest import ROOT, missing

CASE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
FAKE = """#!/bin/sh
for word in "$@"; do case "$word" in --print-to-pdf=*) out="${word#--print-to-pdf=}";; esac; done
printf '%s\\n' "$@" > WORDS
for page in "$@"; do :; done
stat -c %a "$(dirname "$out")" "${page#file://}" >> WORDS
printf '%%PDF-1.4 made up\\n%%%%EOF\\n' > "$out"
"""
posix = pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a shell script")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that writes down what it was told, and makes a small PDF."""
    made = tmp_path / "browser"
    made.write_text(FAKE.replace("WORDS", str(tmp_path / "words")), "utf-8")
    made.chmod(0o700)
    monkeypatch.setenv(pdf.NAMED, str(made))
    return tmp_path / "words"


@posix
def test_the_browser_is_told_to_ask_nobody_and_works_in_a_folder_of_its_own(fake: Path, tmp_path: Path) -> None:
    out = tmp_path / "case.pdf"
    assert main(["review", str(CASE), "--pdf", str(out)]) == 0
    words = fake.read_text("utf-8").splitlines()
    assert words[-2:] == ["700", "600"], "the folder and the page are their owner's alone"
    assert {"--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"} <= set(words)
    assert [one for one in words if one.startswith("--user-data-dir=")]
    [place] = [one.partition("=")[2] for one in words if one.startswith("--print-to-pdf=")]
    assert not Path(place).parent.exists(), "nothing is left behind"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes().startswith(b"%PDF-")


@posix
def test_it_takes_the_place_of_its_own_and_of_nothing_else(
    fake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "case.pdf"
    words = ["review", str(CASE), "--pdf", str(out)]
    assert (main(words), main(words)) == (0, 0)
    out.write_bytes(out.read_bytes() + b"somebody's remark")
    before = out.read_bytes()
    assert main(words) == 2
    assert "write over it with --force" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert main([*words, "--force"]) == 0
    case = tmp_path / "mine.toml"
    shutil.copyfile(CASE, case)
    assert main(["review", str(case), "--pdf", str(case), "--force"]) == 2
    assert case.read_bytes() == CASE.read_bytes()


@posix
def test_several_cases_go_into_a_folder_and_others_get_numbers(fake: Path, tmp_path: Path) -> None:
    other = ROOT / "sample_data/cases/low_risk.toml"
    assert main(["review", str(CASE), str(other), "--pdf", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["back_pain_120_mme.pdf", "low_risk.pdf"]
    words = ["review", str(CASE), str(other), "--pdf", str(tmp_path / "theirs"), "--audience", "pain_clinic"]
    assert main(words) == 0
    assert sorted(path.name for path in (tmp_path / "theirs").iterdir()) == ["case_1.pdf", "case_2.pdf"]


@posix
def test_a_browser_that_makes_nothing_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(pdf.NAMED, shutil.which("false") or "/bin/false")
    assert main(["review", str(CASE), "--pdf", str(tmp_path / "case.pdf")]) == 2
    assert "made no PDF; write it with --html" in capsys.readouterr().err
    assert not (tmp_path / "case.pdf").exists()


def test_without_a_browser_one_line_says_how_to_print_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(pdf.NAMED, str(tmp_path / "none"))
    html = tmp_path / "case.html"
    assert main(["review", str(CASE), "--pdf", str(tmp_path / "case.pdf"), "--html", str(html)]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "open it in any browser and print it" in said[0]
    assert list(tmp_path.iterdir()) == []


def test_a_named_browser_is_the_only_one_looked_for(tmp_path: Path) -> None:
    there = tmp_path / "chromium"
    there.touch()
    assert pdf.find_chromium({pdf.NAMED: str(there)}, "Linux", lambda _: None) == there
    assert pdf.find_chromium({pdf.NAMED: str(tmp_path / "no")}, "Linux", lambda _: str(there)) is None
    assert pdf.find_chromium({}, "Linux", {"google-chrome": str(there)}.get) == there


def test_a_pdf_that_was_made_here_is_known_until_somebody_changes_it(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, b"%PDF-1.4 made up\n%%EOF")
    assert made_here(path)
    path.write_bytes(path.read_bytes().replace(b"made up", b"changed"))
    assert not made_here(path)


@pytest.mark.browser
@pytest.mark.parametrize(("more", "fits"), [([], lambda n: n == 2), (["--full"], lambda n: n > 4)])
def test_a_real_browser_prints_two_pages_or_all(tmp_path: Path, more: list[str], fits: object) -> None:
    if kit.find_chromium() is None:
        missing(kit.NO_CHROMIUM)
    out = tmp_path / "case.pdf"
    assert main(["review", str(CASE), "--pdf", str(out), *more]) == 0
    assert callable(fits)
    assert fits(len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())))
    if shutil.which("pdfinfo"):
        told = subprocess.run(["pdfinfo", str(out)], capture_output=True, text=True, check=True).stdout
        assert fits(int(re.findall(r"Pages:\s+(\d+)", told)[0]))
        assert "Tagged:          yes" in told
