"""`pathways risk …` from end to end, on made-up rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import kit
from pathways.apps.cli import main
from pathways.apps.cli.risk import app
from pathways.disk.limits import OPTIONS_BYTES
from pathways.risk import load_model
from pathways.risk.storage import load_own_model
from pathways.risk.synthesis import write_csv
from tests.risk.made import data

OWN = ["--outcome", "outcome", "--inputs", "band,flag,days,distress", "--seed", "3"]
COMMANDS = sorted(c.name or c.callback.__name__ for c in app.registered_commands if c.callback)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "people.csv"
    write_csv(data(900), path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> tuple[str, str]:
    found = main(["risk", *map(str, words)])
    out, err = capsys.readouterr()
    assert found == code, err
    return out, err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    out, _ = run(capsys, command, "--help")
    assert re.search(rf"^  Example: pathways risk {command}\b", out, re.MULTILINE)


def test_the_commands_are_the_ones_that_were_promised() -> None:
    assert {"fit", "tune", "validate", "compare", "recalibrate", "card", "score"} <= set(COMMANDS)


def test_from_fit_to_score(tmp_path: Path, people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(
        capsys, "tune", "--data", people, *OWN, "--kind", "logistic", "--trials", 2, "--out", tmp_path / "best.json"
    )
    assert "Best options of logistic" in out
    best = json.loads((tmp_path / "best.json").read_text("utf-8"))
    assert len(best["trials"]) == 2
    fit = ["fit", "--data", people, *OWN, "--kind", "logistic", "--out", tmp_path, "--replicates", 6, "--bootstrap", 20]
    out, err = run(capsys, *fit, "--options", tmp_path / "best.json", "--name", "ours")
    assert "AUROC" in out
    assert "Written" in err
    model = load_model(tmp_path / "ours.json")
    assert model.about["options"].items() >= best["options"].items()
    first = (tmp_path / "ours.json").read_bytes()
    run(capsys, *fit, "--options", tmp_path / "best.json", "--name", "ours")
    assert (tmp_path / "ours.json").read_bytes() == first

    out, _ = run(
        capsys,
        "validate",
        "--model",
        tmp_path / "ours",
        "--data",
        people,
        "--bootstrap",
        20,
        "--out",
        tmp_path / "v.json",
    )
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))["measures"]["auroc"]["value"] > 0.6
    run(capsys, "recalibrate", "--model", tmp_path / "ours", "--prevalence", "0.5", "--name", "half", "--out", tmp_path)
    run(
        capsys,
        "recalibrate",
        "--model",
        tmp_path / "ours",
        "--data",
        people,
        "--slope",
        "--name",
        "local",
        "--out",
        tmp_path,
        "--bootstrap",
        20,
    )
    both = ["--model", tmp_path / "ours", "--model", tmp_path / "half", "--out", tmp_path / "c.json"]
    run(capsys, "compare", *both, "--data", people, "--bootstrap", 20)
    gap = json.loads((tmp_path / "c.json").read_text("utf-8"))["rows"][1]["auroc_difference"]
    assert gap == {"value": 0, "lo": 0, "hi": 0}, "another intercept, the same order"
    out, _ = run(capsys, "card", "--model", tmp_path / "half")
    assert "Recalibrated by intercept, to a stated prevalence" in out
    run(capsys, "card", "--model", tmp_path / "half", "--out", tmp_path / "card.html")
    assert (tmp_path / "card.html").read_text("utf-8").startswith("<!doctype html>")
    _, err = run(capsys, "score", "--model", tmp_path / "ours", "--data", people, "--out", tmp_path / "risk.csv")
    lines = (tmp_path / "risk.csv").read_text("utf-8").splitlines()
    assert lines[0] == "risk"
    assert len(lines) == 901
    first_row = {"band": None, **data(900).rows([0])[0]}
    assert float(lines[1]) == pytest.approx(model.risk(first_row), abs=1e-12)


def test_an_own_boosting_model_is_kept_as_skops(
    tmp_path: Path, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "fit", "--data", people, *OWN, "--kind", "boosting", "--out", tmp_path, "--bootstrap", 20)
    assert load_own_model(tmp_path / "own_own").kind == "boosting"
    run(capsys, "score", "--model", tmp_path / "own_own.skops", "--data", people, "--out", tmp_path / "r.parquet")
    out, _ = run(capsys, "validate", "--model", tmp_path / "own_own", "--data", people, "--bootstrap", 20)
    assert "Calibration slope" in out
    # Beside a model of tables that reads fewer columns, on the same rows.
    fewer = [OWN[0], OWN[1], "--inputs", OWN[3].split(",")[0]]
    run(
        capsys,
        "fit",
        "--data",
        people,
        *fewer,
        "--kind",
        "logistic",
        "--out",
        tmp_path,
        "--bootstrap",
        20,
        "--name",
        "few",
    )
    for first, second in (("few", "own_own"), ("own_own", "few")):
        out, _ = run(
            capsys,
            "compare",
            "--model",
            tmp_path / first,
            "--model",
            tmp_path / second,
            "--data",
            people,
            "--bootstrap",
            20,
        )
        assert "Comparison on the same rows" in out


def test_a_shipped_model_scores_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "synthetic", "--model", "misuse_adults", "--rows", 50, "--seed", 7, "--out", tmp_path / "s.csv")
    _, err = run(capsys, "score", "--model", "misuse_adults", "--data", tmp_path / "s.csv", "--out", tmp_path / "r.csv")
    assert "ignored misuse_past_year (outcome)" in err
    assert "resembles people who report misuse, no more than that" in err


def test_a_case_is_described_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "person", kit.ROOT / "sample_data/cases/low_risk.toml")
    assert "in 100 people with answers like these report" in " ".join(out.split())
    assert "Not computed" in out
    out, _ = run(capsys, "person", kit.ROOT / "sample_data/cases/cancer_pain.toml")
    assert "in 100 people" not in out


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (
            ["fit", "--data", "P", "--outcome", "outcome", "--inputs", "leak_x", "--out", "."],
            "may not be a model input",
        ),
        (["tune", "--data", "P", "--outcome", "outcome", "--inputs", "misuse_past_year"], "may not be a model input"),
        (["fit", "--data", "P", "--out", "."], "--cohort"),
        (["fit", "--data", "P", "--cohort", "moon", "--out", "."], "no 'moon'"),
        (["score", "--model", "moon", "--data", "P", "--out", "r.csv"], "no such model"),
        (["score", "--model", "misuse_adults", "--data", "P", "--out", "r.csv"], "no column age_band"),
        (["score", "--model", "misuse_adults", "--data", "none.csv", "--out", "r.csv"], "no such file"),
        (["compare", "--model", "misuse_adults", "--data", "P"], "two different models"),
        (["recalibrate", "--model", "misuse_adults", "--out", "."], "one of the two"),
    ],
)
def test_what_can_be_put_right_is_one_message(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    people: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    _out, err = run(capsys, *[str(people) if w == "P" else w for w in words], code=2)
    assert word in err
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_readme_names_the_risk_commands() -> None:
    text = (kit.ROOT / "README.md").read_text("utf-8")
    assert "pathways risk" in text


OPTIONS = {
    "deep": "[" * 100_000,
    "endless": '{"knots": 1e999}',
    "no number": '{"knots": NaN}',
    "words": '{"knots": "x"}',
    "below": '{"knots": -5}',
    "beyond": '{"knots": 1000000000}',
    "digits": '{"knots": 1' + "0" * 400 + "}",
    "part of a whole": '{"knots": 2.5}',
    "truth": '{"knots": true}',
    "twice": '{"knots": 1, "knots": 2}',
    "no such": '{"knot": 1}',
    "a list": "[1]",
    "no JSON": "knots = 1",
}


@pytest.mark.parametrize("what", OPTIONS)
def test_options_that_cannot_be_used_are_one_message(
    what: str, tmp_path: Path, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "options.json"
    path.write_text(OPTIONS[what], "utf-8")
    fit = ["fit", "--data", people, *OWN, "--kind", "logistic", "--out", tmp_path, "--replicates", 0, "--bootstrap", 20]
    _, err = run(capsys, *fit, "--options", path, code=2)
    assert "fault of the kit" not in err
    assert len(err.splitlines()) == 1, err
    assert [one.name for one in tmp_path.iterdir()] == ["options.json"]


def test_options_are_read_up_to_their_limit(tmp_path: Path, people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "options.json"
    text = '{"knots": 3, "no_such": "%s"}'
    fit = ["fit", "--data", people, *OWN, "--kind", "logistic", "--out", tmp_path, "--replicates", 0, "--bootstrap", 20]
    for size, says in (
        (OPTIONS_BYTES.most, "has no option no_such"),
        (OPTIONS_BYTES.most + 1, "at most 0.1 MB are read"),
    ):
        path.write_text(text % ("x" * (size - len(text) + 2)), "utf-8")
        assert path.stat().st_size == size
        assert says in run(capsys, *fit, "--options", path, code=2)[1]
