"""`pathways signoff`: the queue in its order, what is written and what stays, and input that cannot be used."""

from __future__ import annotations

import io
import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from pathways.apps.cli import common, main
from pathways.care.services import (
    Signoff,
    SiteError,
    confirmed,
    load_site,
    open_rows,
    parse_site,
    signed,
    write_signoff,
)
from pathways.content import load_content
from tests.reviews import CASES

CONTENT = load_content()
SITE = CASES.parent / "site.toml"
WHO = ("--role", "Addiction specialist", "--edition", "CDC 2022")


class Keyboard(io.StringIO):
    """Answers typed at a terminal, one a line."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, on a fixed day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathways.apps.cli.signoff.today", lambda: date(2026, 11, 20))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[str, str]:
    code = main(["signoff", *map(str, words)])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out, err


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    before = {p: p.read_bytes() for p in Path().rglob("*") if p.is_file()}
    assert main(["signoff", *map(str, words)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert {p: p.read_bytes() for p in Path().rglob("*") if p.is_file()} == before
    return err


def entry(row: str = "I-14", **more: str) -> Signoff:
    given = {"row": row, "role": "r", "date": "2026-11-20", "edition": "e", **more}
    return Signoff.model_validate(given, context={"content": CONTENT})


# ---- the queue ----------------------------------------------------------------------------------------------


def test_the_queue_begins_with_emergencies_and_goes_on_by_urgency() -> None:
    rows = open_rows(CONTENT)
    sections = list(dict.fromkeys(row.section for row in rows))
    assert [row.id for row in rows][:3] == ["I-2", "I-4", "I-8"]
    assert sections == ["Emergencies", "MOUD, tapering and law", "Interactions", "Treatments", "Instruments", "Monitoring",
                        "CDC guideline", "Levels of care", "Other rows"]  # fmt: skip  # data, read across


def test_the_list_and_the_json_tell_the_same_rows(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("--list",)):  # without a terminal nobody can be asked, so the queue is shown
        out, _ = run(capsys, *words)
        assert f"{len(CONTENT.signoff_rows)} of {len(CONTENT.signoff_rows)} rows still to be confirmed" in out
        assert all(id in out for id in CONTENT.signoff_rows)
    data = json.loads(run(capsys, "--json")[0])
    assert [row["id"] for row in data["open"]] == [row.id for row in open_rows(CONTENT)]
    assert "emergency:suicide_risk" in data["open"][0]["records"]
    assert list(here.iterdir()) == []


# ---- one row ------------------------------------------------------------------------------------------------


def test_one_row_is_kept_with_role_day_and_edition(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = run(capsys, "I-14", *WHO)
    assert err == "Written: site.toml: I-14 confirmed\n"
    run(capsys, "G-07", *WHO, "--amend", 'Here: "one prescriber"\nonly', "--date", "2026-11-01")
    site = load_site("site.toml")
    assert [(s.row, s.role, s.date, s.edition, s.amend) for s in site.signoff] == [
        ("I-14", "Addiction specialist", date(2026, 11, 20), "CDC 2022", ""),
        ("G-07", "Addiction specialist", date(2026, 11, 1), "CDC 2022", 'Here: "one prescriber"\nonly'),
    ]
    if os.name != "nt":
        assert stat.S_IMODE(Path("site.toml").stat().st_mode) == 0o600
    out, _ = run(capsys)
    assert f"{len(CONTENT.signoff_rows) - 2} of " in out
    assert "I-14 " not in out


def test_what_stands_in_the_file_stays_comments_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SITE.read_text("utf-8")
    Path("mine.toml").write_text(text, "utf-8")
    run(capsys, "I-14", *WHO, "--site", "mine.toml")
    assert Path("mine.toml").read_text("utf-8").startswith(text.rstrip())
    assert set(confirmed(load_site("mine.toml"))) == {"I-16", "H1-buprenorphine", "I-14"}
    run(capsys, "I-14", *WHO, "--amend", "changed", "--site", "mine.toml")
    site = load_site("mine.toml")
    assert [s.amend for s in site.signoff if s.row == "I-14"] == ["", "changed"], "the first entry stays on record"
    assert confirmed(site)["I-14"].amend == "changed"
    assert [p.name for p in here.iterdir()] == ["mine.toml"], "no draft is left behind"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_shared_file_stays_shared(here: Path) -> None:
    path = here / "site.toml"
    path.write_text('name = "x"\n', "utf-8")
    path.chmod(0o664)
    write_signoff(path, entry(), CONTENT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_an_entry_that_cannot_be_added_at_the_end_changes_nothing() -> None:
    inline = 'name = "x"\nsignoff = [{ row = "I-16", role = "r", date = 2026-01-01, edition = "e" }]\n'
    with pytest.raises(SiteError, match=r"\[\[signoff\]\]"):
        signed(inline, entry(), CONTENT)
    assert parse_site(signed('name = "x"', entry(), CONTENT), CONTENT).signoff == (entry(),)
    assert "\r" not in signed('name = "x"\n# end', entry(), CONTENT)


BAD = {
    "a row that is not there": (("I-41", *WHO), ("'I-41'", "Did you mean 'I-4'")),
    "no role": (("I-14", "--edition", "e"), ("--role",)),
    "no edition": (("I-14", "--role", "r"), ("--edition",)),
    "a role of spaces": (("I-14", "--role", "  ", "--edition", "e"), ("--role",)),
    "a name for a role": (
        ("I-14", "--role", "Dr. N.N.", "--edition", "e"),
        ("--role", "'Dr. N.N.' is no role", "Pharmacist"),
    ),
    "an address for a role": (("I-14", "--role", "someone@x.example", "--edition", "e"), ("--role", "is no role")),
    "an amendment that is too long": (("I-14", *WHO, "--amend", "x" * 700), ("--amend", "600")),
    "a day that is none": (("I-14", *WHO, "--date", "soon"), ("--date", "'soon'")),
    "a day to come": (("I-14", *WHO, "--date", "2026-11-21"), ("--date", "still to come")),
    "an amendment of no row": (("--amend", "x"), ("--amend", "one row")),
    "a folder that is not there": (("I-14", *WHO, "--site", "none/site.toml"), ("no folder",)),
    "a site file with a mistake": (("I-14", *WHO, "--site", "bad.toml"), ("bad.toml", "name", "missing")),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_used_is_one_message_and_nothing_is_written(
    what: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bad.toml").write_text("schema_version = 1\n", "utf-8")
    words, said = BAD[what]
    err = refused(capsys, *words)
    assert len(err.splitlines()) == 1, err
    for word in said:
        assert word in err


# ---- the walk -----------------------------------------------------------------------------------------------


def walk(monkeypatch: pytest.MonkeyPatch, *lines: str) -> int:
    monkeypatch.setattr("sys.stdin", Keyboard("\n".join(lines) + "\n"))
    return main(["signoff"])


def test_the_walk_goes_row_by_row_and_keeps_each_answer_at_once(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert walk(monkeypatch, "Pain specialist", "c", "Edition 1", "s", "x", "a", "Here so", "", "q") == 0
    out, err = capsys.readouterr()
    site = load_site("site.toml")
    assert [(s.row, s.amend, s.edition, s.role) for s in site.signoff] == [
        ("I-2", "", "Edition 1", "Pain specialist"),
        ("I-8", "Here so", "Edition 1", "Pain specialist"),
    ]
    assert "Emergencies · I-2 (a part of it)" in out
    assert "emergency suicide_risk" in out
    assert "not yet confirmed:" in out
    told = " ".join(out.split())
    assert all(f"says: {action.say}" in told for action in CONTENT.emergencies["suicide_risk"].actions)
    assert err.count("Written: ") == 2
    assert walk(monkeypatch, "Pain specialist", "q") == 0
    assert "1 of 129 · Emergencies · I-4" in capsys.readouterr().out


def test_a_role_is_kept_by_its_label_however_it_is_written(here: Path) -> None:
    assert main(["signoff", "I-14", "--role", " PHARMACIST ", "--edition", "e"]) == 0
    assert [one.role for one in load_site("site.toml").signoff] == ["Pharmacist"]


def test_an_end_of_input_ends_the_walk_and_loses_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert walk(monkeypatch, "pharmacist", "c", "e") == 130
    assert set(confirmed(load_site("site.toml"))) == {"I-2"}


def test_when_all_is_confirmed_nothing_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'name = "x"\n'
    for row in CONTENT.signoff_rows:
        text += f'[[signoff]]\nrow = "{row}"\nrole = "r"\ndate = 2026-01-01\nedition = "e"\n'
    Path("site.toml").write_text(text, "utf-8")
    assert walk(monkeypatch) == 0
    assert "Every row is confirmed" in capsys.readouterr().out


def test_today_is_the_day_on_the_wall() -> None:
    assert isinstance(common.today(), date)
