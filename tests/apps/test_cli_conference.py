"""`pathways conference` and `pathways decide`: the list, and what is recorded in the case file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import kit
from pathways.apps.cli import main
from pathways.profile import Profile

SAMPLE = kit.ROOT / kit.CASE


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "case.toml"))


def run(capsys: pytest.CaptureFixture[str], *words: str | Path, code: int = 0) -> tuple[str, str]:
    assert main([str(word) for word in words]) == code
    out, err = capsys.readouterr()
    return " ".join(out.split()), err


def test_a_decision_is_recorded_with_the_day_and_how_it_stood(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("decide", case, "naloxone_kit", "do", "--owner", "pharmacist", "--due", "2026-11-09")
    _, err = run(capsys, *words, "--dissent", "person=Not now.", "--dissent", "therapist")
    assert err == f"Written: {case}: naloxone_kit do, decision 1 of this case\n"
    (entry,) = Profile.load(case).decisions
    assert (entry.date, entry.stood, entry.owner, entry.due) == ("2026-11-02", "Offer", "pharmacist", "2026-11-09")
    assert [(one.role, one.says) for one in entry.dissent] == [("person", "Not now."), ("therapist", "")]
    assert case.read_text("utf-8").startswith(SAMPLE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("naloxone_kitt",), "Did you mean 'naloxone_kit'?"),
        (("naloxone_kit", "agreed"), "OUTCOME: 'agreed' is none of do, do_not, wait, done"),
        (("naloxone_kit", "do", "--owner", "Sam"), "owner: no role 'Sam'"),
        (("naloxone_kit", "do", "--dissent", "person=Dr. Example said no"), "a role is enough here"),
        (("naloxone_kit", "do", "--due", "soon"), "'soon' is not a date"),
        (("naloxone_kit", "do", "--due", "2026-10-01"), "before the day of the decision"),
        (("naloxone_kit", "do", "--date", "2999-01-01"), "--date"),
    ],
)
def test_what_cannot_be_recorded_is_one_message_and_changes_nothing(
    words: tuple[str, ...], told: str, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = run(capsys, "decide", case, *words, code=2)
    assert told in err
    assert err.count("\n") == 1
    assert case.read_text("utf-8") == SAMPLE.read_text("utf-8")


def test_the_list_tells_last_time_first_then_each_case(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "decide", case, "naloxone_kit", "do", "--owner", "pharmacist", "--due", "2026-11-09")
    low = kit.ROOT / "sample_data/cases/low_risk.toml"
    out, _ = run(capsys, "conference", low, case, "--as-of", "2026-11-30")
    before = out.index("case: To do: Naloxone and teaching – Pharmacist, by 2026-11-09 – Overdue (due 2026-11-09)")
    assert before < out.index("1. low_risk: 33 years old") < out.index("2. case: 58 years old")
    out, _ = run(capsys, "conference", low)
    assert "nothing is on record" in out


def test_the_list_as_data_and_its_limit(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conference", str(case), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr()[0])
    assert (row["name"], row["before"]) == ("case", [])
    _, err = run(capsys, "conference", *[case] * 11, code=2)
    assert "11 cases: a conference takes at most 10; make two lists" in err
