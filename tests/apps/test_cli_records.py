"""`pathways review RECORD.json`: a FHIR record is known as one, opened, and shown with what was understood of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathways import Profile
from pathways.apps.cli import main
from pathways.fhir import read
from tests.conftest import ROOT, reference_path
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


def test_a_case_file_shows_what_is_to_confirm_and_all_of_it_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.toml"
    names = ("percocet", "blorpazine")
    path.write_text(
        "as_of = 2026-11-02\n" + "".join(f'[[medicines]]\nname = "{n}"\nstate = "current"\n' for n in names)
    )
    _, out, _ = run(capsys, "review", path, "--no-site")
    assert "What was understood of case.toml: 2 entries, 1 to confirm" in out
    assert "“blorpazine” → not recognized" in out
    assert "“percocet”" not in out
    _, out, _ = run(capsys, "review", path, "--no-site", "--full")
    assert "“percocet” → oxycodone + acetaminophen" in out
    path.write_text('as_of = 2026-11-02\nmedicines = [{name = "percocet", state = "current"}]\n')
    _, out, _ = run(capsys, "review", path, "--no-site")
    assert "What was understood" not in out


def test_an_export_is_shown_and_saved_to_be_corrected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, saved = ROOT / "sample_data/pdmp_export.csv", tmp_path / "case.toml"
    code, out, err = run(capsys, "review", export, "--no-site", "--as-of", "2026-11-02", "--save", saved)
    assert code == 0, err
    assert "What was understood of pdmp_export.csv: 5 entries, 2 to confirm" in out
    assert "[line 6]" in out
    assert len(Profile.load(saved).medicines) == 5


def test_the_report_of_a_hook_has_the_same_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "hook", SAMPLE, "--report", "--as-of", "2026-11-02")
    assert code == 0, err
    lines = json.loads(out)["understood"]
    assert lines[0]["own"] == "Opioid dependence, uncomplicated"
    assert lines[0]["doubts"] == ["assumed: a code is not a diagnosis by criteria; to confirm"]


def test_every_name_of_a_clinic_is_recognized(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = reference_path("cases/words/names_us_clinic.txt").read_text("utf-8").splitlines()
    path = tmp_path / "names.toml"
    path.write_text(
        "as_of = 2026-11-02\n" + "".join(f'[[medicines]]\nname = "{n}"\nstate = "current"\n' for n in names if n)
    )
    code, out, err = run(capsys, "review", path, "--no-site", "--full")
    assert code == 0, err
    assert "names.toml: 55 entries, 0 to confirm" in out
    assert "not recognized" not in out
