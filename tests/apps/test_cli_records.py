"""`pathways review RECORD.json`: a FHIR record is known as one, opened, and shown with what was understood of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathways import Profile
from pathways.apps.cli import main
from pathways.fhir import read
from tests.conftest import ROOT
from tests.fhir.requests import TODAY, order
from tests.fhir.test_in_use import bundle

SAMPLE = ROOT / "sample_data" / "fhir" / "synthetic_back_pain_oud.json"


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def record(folder: Path) -> Path:
    """A record with something to confirm."""
    path = folder / "record.json"
    allergic = {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "blorpazine"}}
    path.write_text(json.dumps(bundle(order(written=5, id="m"), allergic)), "utf-8")
    return path


def test_a_record_is_opened_and_the_doubtful_stands_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "review", record(tmp_path), "--no-site", "--as-of", TODAY.isoformat())
    assert code == 0, err
    assert "What was understood of record.json" in out
    assert out.index("blorpazine") < out.index("oxycodone hydrochloride 5 MG")
    assert "not recognized" in out
    assert "Do in any case" in out


def test_it_is_the_same_case_as_the_import(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "review", SAMPLE, "--json", "--no-site", "--as-of", "2026-11-02")
    assert code == 0, err
    assert (
        json.loads(out)["profile"]
        == read(json.loads(SAMPLE.read_text("utf-8")), TODAY.replace(2026, 11, 2)).profile.to_dict()
    )


def test_what_was_read_can_be_saved_to_be_corrected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, saved = record(tmp_path), tmp_path / "case.toml"
    code, _, err = run(capsys, "review", source, "--json", "--no-site", "--as-of", TODAY.isoformat(), "--save", saved)
    assert code == 0, err
    assert Profile.load(saved).allergies[0].name == "blorpazine"
    code, _, err = run(capsys, "review", saved, "--no-site", "--save", tmp_path / "again.toml")
    assert code == 2
    assert "FHIR record" in err


def test_a_record_that_cannot_be_read_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.ndjson"
    path.write_text('{"resourceType": "Patient", "id": "p"}\n\n{broken}\n', "utf-8")
    code, _, err = run(capsys, "review", path, "--no-site", "--as-of", TODAY.isoformat())
    assert code == 2
    assert "line 3" in err
    assert len(err.strip().splitlines()) == 1
