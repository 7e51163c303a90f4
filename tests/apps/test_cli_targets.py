"""No command writes over what it reads, nor over a file that is there and not its own, without `--force`."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

import kit
from pathways.apps.cli import COMMANDS, main
from pathways.apps.cli import risk as risk_commands
from pathways.pages.content_pages import NOTE
from tests.reviews import CASES

RECORD = kit.ROOT / "sample_data/fhir/synthetic_back_pain_oud.json"
SITE = kit.ROOT / "sample_data/site.toml"
THEIRS = b"schema_version = 1\ntitle = 'of somebody'\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a case, a record, a site file and a foreign file."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(CASES / "low_risk.toml", "case.toml")
    shutil.copy(CASES / "neuropathy_fentanyl.toml", "second.toml")
    shutil.copy(RECORD, "record.json")
    shutil.copy(SITE, "site.toml")
    Path("theirs").write_bytes(THEIRS)
    return tmp_path


def files() -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    found = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert found == code, err
    assert "Traceback" not in err
    return out if code == 0 else err


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one message of a command that must not touch any file."""
    before = files()
    err = run(capsys, *words, code=2)
    assert files() == before
    assert err.count("pathways: ") == 1, err
    return err


WRITES: dict[str, list[str]] = {
    # What each command reads stands before its last word, which it writes.
    "review --html": ["review", "case.toml", "--no-site", "--html"],
    "review --md": ["review", "case.toml", "--no-site", "--md"],
    "review --save": ["review", "record.json", "--as-of", "2026-11-02", "--no-site", "--save"],
    "understood --save": ["understood", "record.json", "--as-of", "2026-11-02", "--confirm", "1", "--save"],
    "handout": ["handout", "case.toml", "--out"],
    "form": ["form", "--out"],
    "export": ["export", "case.toml", "--fhir"],
    "taper": ["taper", "--mme", "120", "--percent", "5", "--every", "4", "--out"],
    "risk card": ["risk", "card", "--model", "misuse_adults", "--out"],
    "risk synthetic": ["risk", "synthetic", "--model", "misuse_adults", "--rows", "20", "--out"],
}
IN_FOLDERS_OR_WITH_DATA = {
    "docs", "risk fit", "risk tune", "risk recalibrate", "risk score", "risk validate", "risk compare",
}  # fmt: skip  # data, read across
"""Tested apart, below."""


def test_the_list_of_commands_that_write_is_whole() -> None:
    commands: dict[str, Callable[..., object]] = {name: command for name, (command, _) in COMMANDS.items()}
    for found in risk_commands.app.registered_commands:
        assert found.callback is not None
        commands[f"risk {found.name or found.callback.__name__}"] = found.callback
    writing = {name for name, command in commands.items() if "force" in inspect.signature(command).parameters}
    assert writing == {name.partition(" --")[0] for name in WRITES} | IN_FOLDERS_OR_WITH_DATA
    for name, command in commands.items():
        for parameter in inspect.signature(command, eval_str=True).parameters.values():
            options = [
                o for o in getattr(parameter.annotation, "__metadata__", ()) if isinstance(o, typer.models.OptionInfo)
            ]
            says = " ".join(str(o.help) for o in options)
            if "rite" in says and "--force" not in [d for o in options for d in o.param_decls or ()]:
                assert name in writing, f"{name} writes by {parameter.name} and has no --force"


@pytest.mark.parametrize("command", WRITES)
@pytest.mark.parametrize("ending", ["toml", "html", "csv"])
def test_a_file_of_somebody_else_is_kept(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, ending: str
) -> None:
    Path("theirs").rename(f"other.{ending}")
    err = refused(capsys, *WRITES[command], f"other.{ending}")
    assert f"other.{ending}: " in err
    assert "--force" in err
    run(capsys, *WRITES[command], f"other.{ending}", "--force")
    assert Path(f"other.{ending}").read_bytes() != THEIRS


@pytest.mark.parametrize("command", WRITES)
def test_the_output_of_a_command_is_no_file(here: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert "-: the output of the command is no file to write" in refused(capsys, *WRITES[command], "-", "--force")


@pytest.mark.parametrize("command", WRITES)
@pytest.mark.parametrize("ending", ["html", "md", "json", "csv"])
def test_what_was_written_may_be_written_again(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, ending: str
) -> None:
    if command in ("review --save", "understood --save") and ending == "json":
        pytest.skip("a case file, as with .toml")
    run(capsys, *WRITES[command], f"out.{ending}")
    first = Path(f"out.{ending}").read_bytes()
    run(capsys, *WRITES[command], f"out.{ending}", "--force")
    assert Path(f"out.{ending}").read_bytes() == first
    if ending in ("html", "md") and command not in ("review --save", "understood --save", "export"):
        if command == "risk synthetic":
            return
        run(capsys, *WRITES[command], f"out.{ending}")
        for other in (first.replace(b"\n", b"\r\n"), first[:-1] + b"\r\n"):  # somebody's editor has saved it
            Path(f"out.{ending}").write_bytes(other)
            assert "nobody changed it since" in refused(capsys, *WRITES[command], f"out.{ending}")
            assert Path(f"out.{ending}").read_bytes() == other
        Path(f"out.{ending}").write_bytes(first + b"a note of the team\n")
        assert "changed" in refused(capsys, *WRITES[command], f"out.{ending}")
        Path(f"out.{ending}").write_bytes(first.replace(b"a", b"e", 1))
        refused(capsys, *WRITES[command], f"out.{ending}")


@pytest.mark.parametrize("command", ["review --save", "understood --save"])
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_of_a_case_file_it_is_not_said_whose_it_is(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, ending: str
) -> None:
    run(capsys, *WRITES[command], f"out.{ending}")
    first = Path(f"out.{ending}").read_bytes()
    said = refused(capsys, *WRITES[command], f"out.{ending}")
    assert "nothing in it says that pathways made it" in said
    assert "it is not one that pathways made" not in said
    assert Path(f"out.{ending}").read_bytes() == first


def test_a_later_sheet_of_another_day_takes_the_place_of_the_earlier_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in ("2026-11-02", "2026-12-02"):
        run(capsys, "review", "case.toml", "--html", "sheet.html", "--md", "sheet.md", "--as-of", day)
        assert day in Path("sheet.md").read_text("utf-8")
    run(capsys, "export", "case.toml", "--fhir", "plan.json")
    run(capsys, "export", "second.toml", "--fhir", "plan.json")
    Path("empty.html").touch()
    run(capsys, "form", "--out", "empty.html")


@pytest.mark.parametrize("how", ["itself", "by another way", "through a link", "a hard link"])
@pytest.mark.parametrize(
    "words",
    [
        ["review", "case.toml", "--html"],
        ["review", "case.toml", "second.toml", "--md"],
        ["review", "record.json", "--as-of", "2026-11-02", "--save"],
        ["handout", "case.toml", "--out"],
        ["export", "case.toml", "--fhir"],
        ["taper", "case.toml", "--out"],
    ],
    ids=lambda words: words[0] + words[-1],
)
def test_no_command_writes_over_what_it_reads_even_by_force(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], how: str
) -> None:
    name = next(word for word in words if "." in word)
    target = {"itself": name, "by another way": f"../{here.name}/{name}"}.get(how, "link.html")
    if how == "through a link":
        Path("link.html").symlink_to(name)
    elif how == "a hard link":
        os.link(name, "link.html")
    if words.count("second.toml"):
        if how != "itself":
            return
        shutil.move("case.toml", "sheets.md")  # a folder is wanted: a file is refused as such
        words, target = [w.replace("case.toml", "sheets.md") for w in words], "sheets.md"
    for force in ([], ["--force"]):
        refused(capsys, *words, target, *force)


def test_a_site_file_that_is_read_is_kept_given_or_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy("site.toml", "s.toml")
    for words in (
        ["review", "case.toml", "--site", "s.toml", "--html", "s.toml"],
        ["review", "case.toml", "--html", "site.toml"],
        ["review", "record.json", "--as-of", "2026-11-02", "--save", "site.toml"],
    ):
        assert "reads that file" in refused(capsys, *words, "--force")


def test_two_outputs_never_meet_in_one_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "review", "record.json", "--as-of", "2026-11-02", "--save", "x", "--html", "x")
    refused(capsys, "review", "case.toml", "--md", "x", "--html", "x")


def test_in_a_folder_too_nothing_of_others_is_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("sheets").mkdir()
    Path("theirs").rename("sheets/second.html")
    refused(capsys, "review", "case.toml", "second.toml", "--html", "sheets")
    run(capsys, "review", "case.toml", "second.toml", "--html", "sheets", "--force")
    run(capsys, "review", "case.toml", "second.toml", "--html", "sheets")


def test_pages_of_the_content_take_no_page_of_others(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("project").mkdir()
    Path("theirs").rename("project/README.md")
    refused(capsys, "docs", "--out", "project")
    run(capsys, "docs", "--out", "pages")
    made = files()
    Path("pages/sources.md").write_text(f"# Sources\n\n{NOTE}\n\nof an earlier kit\n", "utf-8")
    run(capsys, "docs", "--out", "pages")
    assert files() == made
    run(capsys, "docs", "--out", "project", "--force")


def test_files_of_rows_and_models_are_kept_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "risk", "synthetic", "--model", "misuse_adults", "--rows", "300", "--out", "people.csv")
    own = ["--data", "people.csv", "--outcome", "pain_reliever_misuse_past_year"]
    head = Path("people.csv").read_text("utf-8").splitlines()[0].split(",")
    own[3] = head[-1] if head[-1] != "year" else head[-2]
    for name in ("card.md", "rows.csv", "numbers.json"):
        Path(name).write_bytes(THEIRS)
    refused(capsys, "risk", "score", "--model", "misuse_adults", "--data", "people.csv", "--out", "rows.csv")
    assert "reads that file" in refused(
        capsys, "risk", "score", "--model", "misuse_adults", "--data", "people.csv", "--out", "people.csv", "--force"
    )
    for kind in (["validate"], ["compare", "--model", "return_to_use_entry"]):
        words = ["risk", *kind, "--model", "misuse_adults", "--data", "people.csv", "--out"]
        refused(capsys, *words, "numbers.json")
        refused(capsys, *words, "people.csv", "--force")
    refused(capsys, "risk", "tune", *own, "--inputs", head[1], "--out", "numbers.json")
    refused(capsys, "risk", "tune", *own, "--inputs", head[1], "--out", "people.csv", "--force")
    score = ["risk", "score", "--model", "misuse_adults", "--data", "people.csv", "--out", "rows.parquet"]
    run(capsys, *score)
    run(capsys, *score)
    Path("rows.parquet").write_bytes(THEIRS)
    refused(capsys, *score)

    move = ["risk", "recalibrate", "--model", "misuse_adults", "--prevalence", "0.08", "--out", ".", "--name"]
    run(capsys, *move, "ours")
    run(capsys, *move, "ours")
    again = ["risk", "recalibrate", "--model", "./ours", "--prevalence", "0.1", "--out", ".", "--name", "ours"]
    assert "reads that file" in refused(capsys, *again, "--force")
    refused(capsys, "risk", "card", "--model", "./ours", "--out", "ours.card.md", "--force")
    Path("mine.card.md").write_bytes(THEIRS)
    refused(capsys, *move, "mine")
    Path("ours.validation.json").write_text("{}", "utf-8")
    refused(capsys, *move, "ours")
    for name in ("../ours", "a/b", "..", "c:ours"):
        refused(capsys, *move, name)
    Path("own.card.md").write_bytes(THEIRS)
    for kind in ("logistic", "boosting"):
        fit = ["risk", "fit", *own, "--inputs", head[1], "--kind", kind, "--out", ".", "--name", "own"]
        refused(capsys, *fit)
    Path("options.json").write_text("{}", "utf-8")
    refused(capsys, "risk", "fit", *own, "--inputs", head[1], "--options", "options.json", "--out", ".",
            "--name", "options", "--kind", "logistic", "--force")  # fmt: skip  # data, read across
    assert json.loads(Path("options.json").read_text("utf-8")) == {}


# ---- what outputs give away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["person", "pain_clinic", "partner"])
def test_outputs_for_others_do_not_carry_the_name_of_a_case_file(
    here: Path, capsys: pytest.CaptureFixture[str], audience: str
) -> None:
    Path("case.toml").rename("zebulon_smith.toml")
    words = ["review", "zebulon_smith.toml", "second.toml", "--no-site", "--audience", audience]
    run(capsys, *words, "--html", "sheets", "--md", "sheets")
    names = sorted(path.name for path in Path("sheets").iterdir())
    assert names == ["case_1.html", "case_1.md", "case_2.html", "case_2.md"]
    said = run(capsys, *words) + run(capsys, *words, "--json")
    said += "".join(path.read_text("utf-8") for path in Path("sheets").iterdir())
    assert "zebulon" not in said.lower()
    run(capsys, "review", "zebulon_smith.toml", "--no-site", "--audience", audience, "--html", "sheets")
    assert sorted(path.name for path in Path("sheets").iterdir()) == names


def test_the_team_finds_its_sheets_by_the_names_of_its_cases(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "review", "case.toml", "second.toml", "--no-site", "--html", "sheets")
    assert sorted(path.name for path in Path("sheets").iterdir()) == ["case.html", "second.html"]


def test_an_export_leaves_out_typed_goals_unless_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("goal.toml").write_text(
        'schema_version = 1\nas_of = 2026-11-02\ntitle = "Zebulon"\nnotes = "Zebulon"\n'
        '[answers]\ngoal_text = "Walk with Zebulon again"\n',
        "utf-8",
    )
    run(capsys, "export", "goal.toml", "--fhir", "plan.json")
    assert "Zebulon" not in Path("plan.json").read_text("utf-8")
    run(capsys, "export", "goal.toml", "--fhir", "plan.json", "--goal-text")
    assert "Walk with Zebulon again" in Path("plan.json").read_text("utf-8")
    run(capsys, "export", "goal.toml", "--fhir", "other.json", "--goal-text", "--audience", "partner")
    assert "Zebulon" not in Path("other.json").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("command", WRITES)
def test_what_is_written_of_a_person_is_its_owners_alone(
    here: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    before = os.umask(0)
    try:
        run(capsys, *WRITES[command], "out.md")
    finally:
        os.umask(before)
    assert Path("out.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_rows_of_people_models_and_folders_of_sheets_are_their_owners_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.umask(0)
    try:
        run(capsys, "risk", "synthetic", "--model", "misuse_adults", "--rows", "20", "--out", "people.csv")
        for name in ("rows.csv", "rows.parquet"):
            run(capsys, "risk", "score", "--model", "misuse_adults", "--data", "people.csv", "--out", name)
        run(
            capsys,
            "risk",
            "recalibrate",
            "--model",
            "misuse_adults",
            "--prevalence",
            "0.08",
            "--out",
            ".",
            "--name",
            "own",
        )
        run(capsys, "review", "case.toml", "second.toml", "--no-site", "--html", "sheets", "--md", "sheets")
    finally:
        os.umask(before)
    assert Path("sheets").stat().st_mode & 0o777 == 0o700
    made = [*Path("sheets").iterdir(), *Path().glob("own.*"), *Path().glob("rows.*"), Path("people.csv")]
    assert {path.name: path.stat().st_mode & 0o777 for path in made} == {path.name: 0o600 for path in made}
    assert len(made) == 10


@pytest.mark.parametrize("target", ["own.json", "own.card.md", "own.validation.json"])
def test_no_command_writes_over_the_model_that_it_reads(
    here: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    run(capsys, "risk", "synthetic", "--model", "misuse_adults", "--rows", "20", "--out", "people.csv")
    run(
        capsys, "risk", "recalibrate", "--model", "misuse_adults", "--prevalence", "0.08", "--out", ".", "--name", "own"
    )
    for words in (
        ["score", "--model", "./own", "--data", "people.csv"],
        ["validate", "--model", "./own", "--data", "people.csv"],
        ["compare", "--model", "misuse_adults", "--model", "./own", "--data", "people.csv"],
        ["synthetic", "--model", "./own", "--rows", "20"],
        ["card", "--model", "./own"],
    ):
        assert "reads that file" in refused(capsys, "risk", *words, "--out", target, "--force")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("way", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "to/../link"])
def test_what_the_shell_has_opened_is_no_file_to_write(here: Path, way: str) -> None:
    """The output goes to a file: what the command prints there would be lost with it."""
    Path("link").symlink_to("/dev/stdout")
    Path("to").mkdir()
    out = Path("out.txt")
    with out.open("wb") as file:
        words = [sys.executable, "-m", "pathways", "review", "case.toml", "--no-site", "--html", way, "--force"]
        done = subprocess.run(words, stdout=file, stderr=subprocess.PIPE, text=True, check=False)
        number = os.fstat(file.fileno()).st_ino
    assert done.returncode == 2
    assert "an output or a device of the system" in done.stderr
    assert (out.stat().st_ino, out.read_bytes()) == (number, b"")
