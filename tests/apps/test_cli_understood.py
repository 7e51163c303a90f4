"""`pathways understood`: each line beside its own words; one key, or its number, settles it; the file that was read stays."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pathways import Profile
from tests.apps.test_cli_records import SAMPLE, record, run
from tests.fhir.requests import TODAY

AS_OF = ("--as-of", TODAY.isoformat())


def doubtful_case(folder: Path) -> Path:
    path = folder / "case.toml"
    path.write_text(
        'as_of = "2026-11-02"\n'
        '[[medicines]]\nname = "blorpazine 3 mg"\nstate = "current"\npurpose = "pain"\n'
        '[[conditions]]\nname = "grelling disease"\n',
        "utf-8",
    )
    return path


def test_the_lines_have_numbers_the_doubtful_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "understood", record(tmp_path), *AS_OF)
    assert code == 0
    assert out.index("1 “blorpazine”") < out.index("oxycodone hydrochloride 5 MG")
    code, out, _ = run(capsys, "understood", SAMPLE, "--json")
    assert json.loads(out)[0]["resource"] == "Condition/oud"


def test_a_line_is_confirmed_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "case.toml"
    code, _, err = run(capsys, "understood", SAMPLE, "--save", saved, "--confirm", "1")
    assert (code, "0 still to confirm" in err) == (0, True)
    found = next(c for c in Profile.load(saved).conditions if c.id == "opioid_dependence_code")
    assert found.certainty == "confirmed"
    assert "1 entry" not in run(capsys, "understood", saved)[1]
    assert all(not line["to_confirm"] for line in said(capsys, saved))


def said(capsys: pytest.CaptureFixture[str], path: Path) -> list[dict[str, object]]:
    found = json.loads(run(capsys, "understood", path, "--json")[1])
    return [{**line, "to_confirm": bool(line["doubts"]) and not line["confirmed"]} for line in found]


def test_new_words_are_read_and_the_rest_of_the_entry_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = doubtful_case(tmp_path), tmp_path / "new.toml"
    words = "1=Percocet 5-325; 1 to 2 tablets every 6 hours as needed, max 6 a day"
    code, _, err = run(
        capsys, "understood", path, "--save", saved, "--correct", words, "--correct", "2=obstructive sleep apnea"
    )
    assert code == 0, err
    case = Profile.load(saved)
    [medicine] = case.medicines
    assert medicine.ingredients == ("oxycodone", "acetaminophen")
    assert dict(medicine.dose) == {"oxycodone": 10.0, "acetaminophen": 650.0}
    assert (medicine.purpose, medicine.state, medicine.as_needed) == ("pain", "current", True)
    assert not any(line["to_confirm"] for line in said(capsys, saved))
    assert said(capsys, path)[0]["made"] == "not recognized, in use"  # the file stays


def test_new_words_that_are_not_understood_stay_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "new.toml"
    code, _, err = run(
        capsys,
        "understood",
        doubtful_case(tmp_path),
        "--save",
        saved,
        "--correct",
        "1=oxycodone 5 mg tablet; 1 tablet zorble",
    )
    assert code == 0, err
    [medicine] = Profile.load(saved).medicines
    assert medicine.ingredients == ("oxycodone",)
    assert medicine.per_day_max is None


def test_a_line_is_taken_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "new.toml"
    assert run(capsys, "understood", doubtful_case(tmp_path), "--save", saved, "--take-out", "1")[0] == 0
    assert Profile.load(saved).medicines == ()
    assert len(Profile.load(saved).conditions) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--confirm", "1"), "can be corrected, not confirmed"),
        (("--confirm", "7"), "no line 7"),
        (("--take-out", "1", "--confirm", "1"), "named twice"),
        (("--correct", "1 oxycodone"), "the number of the line, '='"),
        (("--correct", "1= "), "new words are missing"),
        (("--correct", "9" * 5000 + "=x"), "the lines go from 1 to"),
        (("--correct", "1=; daily"), "name of the medicine is missing"),
        ((), "no terminal to ask on"),
    ],
)
def test_what_cannot_be_is_one_clear_error_and_nothing_is_written(
    words: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "new.toml"
    code, _, err = run(capsys, "understood", doubtful_case(tmp_path), "--save", saved, *words)
    assert code == 2
    assert says in err
    assert not saved.exists()


def test_it_never_writes_over_the_file_that_it_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = doubtful_case(tmp_path)
    before = path.read_bytes()
    assert run(capsys, "understood", path, "--save", path, "--take-out", "1", "--force")[0] == 2
    assert run(capsys, "understood", path, "--take-out", "1")[0] == 2
    assert path.read_bytes() == before


def on_a_terminal(answers: list[tuple[str, str]], *words: str | Path) -> str:
    """What the command shows on a terminal where each key is pressed once its question stands there."""
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "pathways", *map(str, words)]
    left, shown, seen, last = list(answers), "", 0, b""
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        while True:
            if not select.select([controller], [], [], 1.0)[0]:
                os.write(controller, last)  # what is typed while the terminal changes its mode is lost
                continue
            try:
                read = os.read(controller, 4096)
            except OSError:  # the terminal has closed
                break
            if not read:
                break
            shown += read.decode()
            if left and left[0][0] in shown[seen:]:
                seen = len(shown)
                last = left.pop(0)[1].encode()
                os.write(controller, last)
        process.wait()
    os.close(controller)
    assert not left, shown
    return " ".join(shown.split())


def test_one_key_settles_a_line_on_a_terminal(tmp_path: Path) -> None:
    saved = tmp_path / "case.toml"
    shown = on_a_terminal([("stop and save", "c")], "understood", SAMPLE, "--save", saved)
    assert "Opioid dependence, uncomplicated" in shown
    assert any(c.certainty == "confirmed" and c.id == "opioid_dependence_code" for c in Profile.load(saved).conditions)


def test_other_words_are_shown_as_they_read_before_they_are_kept(tmp_path: Path) -> None:
    saved = tmp_path / "new.toml"
    answers = [
        ("stop and save", "w"),
        ("New words", "tramadol 50 mg tablet; 1 tablet every 8 hours\r"),
        ("Keep it so", "y\r"),
        ("stop and save", "q"),
    ]
    shown = on_a_terminal(answers, "understood", doubtful_case(tmp_path), "--save", saved)
    assert "reads as: tramadol, 50 mg, 3 a day" in shown
    case = Profile.load(saved)
    assert case.medicines[0].ingredients == ("tramadol",)
    assert case.conditions[0].name == "grelling disease"


def unsure_record(folder: Path) -> Path:
    """An order that may not be in use, a dose that is not understood, and a score that no answers make."""
    subject = {"subject": {"reference": "Patient/p"}}
    order = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-10-20"}
    given = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01"},
        {
            **order, **subject, "id": "m1", "status": "on-hold",
            "medicationCodeableConcept": {"text": "lorazepam 0.5 mg tablet"}, "dosageInstruction": [{"text": "1 tab bid"}],
        },
        {
            **order, **subject, "id": "m2", "medicationCodeableConcept": {"text": "morphine 15 mg tablet"},
            "dosageInstruction": [{"text": "1 tab grumbled"}],
        },
        {
            "resourceType": "Observation", "id": "o1", **subject, "status": "final", "effectiveDateTime": "2026-10-20",
            "code": {"coding": [{"system": "http://loinc.org", "code": "44261-6"}]},
            "valueQuantity": {"value": 40, "unit": "{score}"},
        },
    ]  # fmt: skip  # resources, read across
    path = folder / "record.json"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in given]}
    path.write_text(json.dumps(bundle), "utf-8")
    return path


def numbers(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, int]:
    lines = json.loads(run(capsys, "understood", path, *(AS_OF if path.suffix == ".json" else ()), "--json")[1])
    return {line["own"] or line["resource"]: n for n, line in enumerate(lines, 1)}


def test_what_is_left_doubtful_is_doubtful_in_the_case_that_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, saved = unsure_record(tmp_path), tmp_path / "case.toml"
    at = numbers(capsys, path)
    words = f"{at['morphine 15 mg tablet']}=morphine 15 mg tablet; 1 tablet twice daily"
    code, _, err = run(capsys, "understood", path, *AS_OF, "--save", saved, "--correct", words)
    assert code == 0, err
    assert "“morphine 15 mg tablet; 1 tablet twice daily” → morphine, 15 mg, 2 a day" in err  # old and new
    assert "1 settled, 2 still to confirm" in err
    assert "2 to confirm" in run(capsys, "understood", saved)[1]
    left = numbers(capsys, saved)
    done = tmp_path / "done.toml"
    out = ("--take-out", left["Observation/o1"], "--take-out", left["lorazepam 0.5 mg tablet"])
    assert run(capsys, "understood", saved, "--save", done, *map(str, out))[0] == 0
    assert ", 0 to confirm" in run(capsys, "understood", done)[1]
    assert [one.ingredients for one in Profile.load(done).medicines] == [("morphine",)]


@pytest.mark.parametrize("own", ["morphine 15 mg tablet", "lorazepam 0.5 mg tablet", "Observation/o1"])
def test_what_stays_unknown_is_not_confirmed(own: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = unsure_record(tmp_path), tmp_path / "case.toml"
    n = numbers(capsys, path)[own]
    code, _, err = run(capsys, "understood", path, *AS_OF, "--save", saved, "--confirm", str(n))
    assert (code, "can be corrected, not confirmed" in err, saved.exists()) == (2, True, False)


def test_the_end_of_input_within_new_words_keeps_what_was_settled(tmp_path: Path) -> None:
    saved = tmp_path / "new.toml"
    answers = [("stop and save", "x"), ("stop and save", "w"), ("New words", "\x04")]
    shown = on_a_terminal(answers, "understood", doubtful_case(tmp_path), "--save", saved)
    assert "1 settled, 1 still to confirm" in shown
    case = Profile.load(saved)
    assert (len(case.medicines), len(case.conditions)) == (0, 1)


@pytest.mark.parametrize("how", [typer.Abort, KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("asked", ["prompt", "confirm"])
def test_stopping_within_new_words_keeps_what_was_settled(
    how: type[BaseException],
    asked: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: object, **__: object) -> str:
        raise how

    keys = iter("xw")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.getchar", lambda: next(keys))
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "asthma")
    monkeypatch.setattr(f"typer.{asked}", stop)
    saved = tmp_path / "new.toml"
    code, _, err = run(capsys, "understood", doubtful_case(tmp_path), "--save", saved)
    assert (code, "1 settled, 1 still to confirm" in err) == (0, True)
    assert [one.name for one in Profile.load(saved).conditions] == ["grelling disease"]
