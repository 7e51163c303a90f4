"""A decision written into a case file: it grows at its end, all above stays, and a wrong one leaves the file as it was."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from pathways.profile import Profile, ProfileError
from pathways.profile.recording import record_decision
from tests.conftest import ROOT

ONE = {
    "date": "2026-10-05",
    "item": "naloxone_kit",
    "outcome": "do",
    "dissent": [{"role": "person", "says": "Not now. " * 9}],
}
TWO = {"date": "2026-10-26", "item": "naloxone_kit", "outcome": "done"}


def test_a_toml_file_keeps_its_comments_and_its_order(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    text = "# ours\nas_of = 2026-11-02 # the day\n\n[answers]\nage_years = 58 # as told"
    path.write_text(text, "utf-8")
    record_decision(path, ONE)
    made = record_decision(path, TWO)
    assert path.read_text("utf-8").startswith(text)
    assert Profile.load(path) == made
    assert [entry.outcome for entry in made.decisions] == ["do", "done"]
    assert made.decisions[0].dissent[0].says == "Not now. " * 9


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o666, 0o600), (0o600, 0o600), (0o640, 0o640)])
def test_a_file_that_all_could_read_is_its_owners_alone_afterwards(tmp_path: Path, before: int, after: int) -> None:
    path = tmp_path / "case.toml"
    path.write_text("as_of = 2026-11-02\n", "utf-8")
    path.chmod(before)
    record_decision(path, ONE)
    assert stat.S_IMODE(path.stat().st_mode) == after


@pytest.mark.parametrize("name", ["inline.toml", "case.json"])
def test_a_list_that_cannot_grow_is_written_anew(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    data = {"as_of": "2026-11-02", "decisions": [ONE], "title": "ours"}
    inline = 'as_of = "2026-11-02"\ndecisions = [{date = "2026-10-05", item = "naloxone_kit", outcome = "do"}]\ntitle = "ours"\n'
    path.write_text(json.dumps(data) if name.endswith("json") else inline, "utf-8")
    made = record_decision(path, TWO)
    assert Profile.load(path) == made
    assert [entry.outcome for entry in made.decisions] == ["do", "done"]
    assert made.title == "ours"


def test_a_sample_case_takes_one_without_another_change(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    before = (ROOT / "sample_data/cases/methadone_qtc_above_500.toml").read_text("utf-8")
    path.write_text(before, "utf-8")
    path.chmod(0o600)
    made = record_decision(path, ONE)
    assert path.read_text("utf-8").startswith(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    whole = Profile.load(ROOT / "sample_data/cases/methadone_qtc_above_500.toml")
    assert made.model_copy(update={"decisions": ()}) == whole


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"item": "naloxone_kitt"}, "Did you mean 'naloxone_kit'?"),
        ({"owner": "Sam"}, "no role 'Sam'"),
        ({"note": "Dr. Who"}, "a role is enough"),
    ],
)
def test_a_wrong_decision_leaves_the_file_as_it_was(change: dict[str, str], words: str, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("[answers]\nage_years = 58\n", "utf-8")
    with pytest.raises(ProfileError) as refused:
        record_decision(path, {**ONE, **change})
    assert words in str(refused.value)
    assert str(refused.value).startswith("case.toml: decisions, entry 1")
    assert path.read_text("utf-8") == "[answers]\nage_years = 58\n"


def test_a_file_that_is_not_there_or_no_case_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="there is no such file"):
        record_decision(tmp_path / "no.toml", ONE)
    (tmp_path / "bad.toml").write_text("decisions = 5\n", "utf-8")
    with pytest.raises(ProfileError, match="decisions"):
        record_decision(tmp_path / "bad.toml", ONE)
