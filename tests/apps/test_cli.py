"""The command line: what it shows, what it writes, and that it is documented."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import kit
from pathways.apps.cli import COMMANDS, GROUPS, common, main
from pathways.apps.cli.ask import edit
from pathways.apps.cli.terminal import show_case
from pathways.content import invariants, load_content
from pathways.content.loader import PACKAGED
from pathways.pages import first_page, form_html, sheet_html, sheet_markdown
from pathways.pages.data import case_data
from pathways.profile import Profile, json_schema
from pathways.review.case import review
from pathways.review.check import check_content
from pathways.review.shapes import HEADINGS

CASES = sorted((kit.ROOT / "sample_data/cases").glob("*.toml"))
SAMPLE = kit.ROOT / kit.CASE
ANSI = re.compile(r"\x1b\[[0-9;]*m")
RED = re.compile(r"\x1b\[(?:[0-9]+;)*31m")


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[str, str]:
    """Run a command that must succeed; its stdout and stderr."""
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert code == 0, err
    return out, err


def words_of(text: str) -> str:
    """Text with every run of spaces and line ends as one space, bullets of wrapped lines too."""
    return " ".join(ANSI.sub("", text).replace("│", " ").split())


def process(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR")} | more.pop("env", {})
    command = [sys.executable, "-m", "pathways", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, check=False, **more)


def on_screen(path: Path, width: int) -> str:
    """The first page as a color terminal of that width shows it."""
    made = Console(
        file=io.StringIO(), force_terminal=True, width=width, color_system="standard", markup=False, highlight=False
    )
    show_case(made, review(Profile.load(path)))
    assert isinstance(made.file, io.StringIO)
    return made.file.getvalue()


# ---- help and README ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    out, _ = run(capsys, command, "--help")
    assert re.search(rf"^  Example: pathways {command}\b", out, re.MULTILINE)
    assert "..." not in out.partition("Options:")[2], "no word of the help is cut off"
    assert "\x1b" not in out


def examples() -> Iterator[tuple[str, str]]:
    for name, (command, _) in COMMANDS.items():
        for line in re.findall(r"Example: (pathways .+)", command.__doc__ or ""):
            yield name, line


@pytest.mark.parametrize("line", [line for name, line in examples() if name not in ("app", "lab")])
def test_the_examples_of_the_help_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    (tmp_path / "sample_data/cases").mkdir(parents=True)
    for place in ("case.toml", "sample_data/cases/back_pain_120_mme.toml"):
        shutil.copy(SAMPLE, tmp_path / place)
    shutil.copy(kit.ROOT / "sample_data/site.toml", tmp_path / "sample_data")
    shutil.copy(kit.ROOT / "sample_data/pdmp_export.csv", tmp_path / "sample_data")
    record = (
        shutil.copytree(kit.ROOT / "sample_data/fhir", tmp_path / "sample_data/fhir") / "synthetic_back_pain_oud.json"
    )
    shutil.copy(record, tmp_path / "request.json")
    (tmp_path / "my_content").mkdir()
    shutil.copy(PACKAGED / "needs.toml", tmp_path / "my_content")  # too little: its mistakes are told, with exit 1
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.partition(" > ")[0])[1:]
    code = main(words)
    out, err = capsys.readouterr()
    gaps = "my_content" in words or (words == ["check"] and check_content(load_content()).total)
    assert code == (1 if gaps else 0), err
    assert out or re.search(r"^Written: ", err, re.MULTILINE)


def test_without_words_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys)
    assert out == run(capsys, "--help")[0]
    for name, (_, short) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(short)}$", out, re.MULTILINE), "each whole, on one line"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str], group: str) -> None:
    out, err = run(capsys, group)
    assert out == run(capsys, group, "--help")[0]
    assert err == ""


def test_the_readme_shows_every_command() -> None:
    text = (kit.ROOT / "README.md").read_text("utf-8")
    assert [name for name in [*COMMANDS, *GROUPS] if not re.search(rf"\bpathways {name}\b", text)] == []
    for name in re.findall(r"^\$? ?pathways ([a-z][a-z-]*)", text, re.MULTILINE):
        assert name in {*COMMANDS, *GROUPS}, f"the README shows 'pathways {name}', which does not exist"


def test_the_version_and_the_module(capsys: pytest.CaptureFixture[str]) -> None:
    import pathways

    assert run(capsys, "--version")[0] == f"pathways {pathways.__version__}\n"
    assert process("--version").stdout == f"pathways {pathways.__version__}\n"


# ---- review -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_review_says_what_the_first_page_says_in_its_order(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = run(capsys, "review", path)
    page = first_page(review(Profile.load(path)))
    assert err == ""
    assert ANSI.search(out) is None
    assert all(len(line) <= common.WIDEST and line == line.rstrip() for line in out.splitlines())
    shown, at = words_of(out), 0
    texts = [page.title, page.status]
    texts += [said for red in page.red for said in (red.title, red.signs, red.owner, *red.actions)]
    texts += [page.asked, *page.contradictions]
    for action in page.do:
        texts += [part.text for part in action.parts]
    texts += [said for choice in page.decide for said in (choice.title, *choice.alternatives)]
    texts += [said for ask in page.ask for said in (ask.text, ask.settles)]
    texts += page.state
    for said in texts:
        text = words_of(said.text)
        assert text in shown[at:], f"'{text}' is missing, cut off, or out of order"
        at += shown[at:].index(text)
    for heading in (HEADINGS["do"], HEADINGS["ask"], "The plan by time"):
        assert out.count(f"\n{heading}\n") <= 1
    if not page.red:
        assert "URGENT\n" not in out


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_on_a_terminal_red_is_for_emergencies_only_and_no_word_is_cut(path: Path, width: int) -> None:
    shown = on_screen(path, width)
    case = review(Profile.load(path))
    lines = [ANSI.sub("", line) for line in shown.splitlines()]
    assert all(len(line) <= width for line in lines)
    present = [e.record.title for e in case.findings.emergencies if e.state == "present"]
    assert bool(RED.search(shown)) == bool(present)
    for title in present:
        assert words_of(title) in words_of(shown)
    frame = str.maketrans(dict.fromkeys("│─╭╮╰╯", " "))
    words = [Counter(words_of(one).translate(frame).split()) for one in (shown, on_screen(path, 500))]
    assert words[0] == words[1], "the same words as where there is room for all"


def test_the_samples_cover_a_red_page_and_a_quiet_one() -> None:
    present = [any(e.state == "present" for e in review(Profile.load(p)).findings.emergencies) for p in CASES]
    assert set(present) == {True, False}


def test_in_a_pipe_it_is_plain_and_the_same_at_any_hash_seed() -> None:
    shown = [process("review", SAMPLE, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    assert [done.returncode for done in shown] == [0, 0]
    assert shown[0].stdout == shown[1].stdout
    assert "\x1b" not in shown[0].stdout
    assert not set("│─╭╰┃━") & set(shown[0].stdout)
    assert max(map(len, shown[0].stdout.splitlines())) <= 80
    assert shown[0].stderr == ""


def test_a_terminal_that_lacks_letters_is_no_failure() -> None:
    done = process("review", SAMPLE, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_json_is_one_object_for_a_case_and_a_list_for_several(capsys: pytest.CaptureFixture[str]) -> None:
    one = json.loads(run(capsys, "review", SAMPLE, "--json")[0])
    assert one == json.loads(json.dumps(case_data(review(Profile.load(SAMPLE)))))
    out, _ = run(capsys, "review", *CASES[:2], "--json")
    assert [data["profile"]["title"] for data in json.loads(out)] == [Profile.load(path).title for path in CASES[:2]]
    assert out.isascii()


def test_several_cases_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "review", *CASES[:2])
    heads = [out.index(f"== {str(path)[:40]}") for path in CASES[:2]]
    assert heads == sorted(heads)


@pytest.mark.parametrize("lens", load_content().lenses)
def test_a_lens_puts_its_own_plan_first(capsys: pytest.CaptureFixture[str], lens: str) -> None:
    data = json.loads(run(capsys, "review", SAMPLE, "--json", "--lens", lens)[0])
    mine = next(view for view in data["agenda"]["lenses"] if view["id"] == lens)
    assert sorted(item["id"] for item in data["plans"][0]["items"]) == mine["items"]


def test_as_of_overrides_the_case_and_today_stands_in_only_where_none_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(2027, 3, 4)

    monkeypatch.setattr(common, "date", Today)
    out, err = run(capsys, "review", SAMPLE, "--json")
    assert (json.loads(out)["as_of"], err) == ("2026-11-02", "")
    out, err = run(capsys, "review", SAMPLE, "--json", "--as-of", "2025-01-31")
    assert (json.loads(out)["as_of"], err) == ("2025-01-31", "")
    undated = tmp_path / "undated.toml"
    undated.write_text("title = 'x'\n", "utf-8")
    out, err = run(capsys, "review", undated, "--json")
    assert json.loads(out)["as_of"] == "2027-03-04"
    assert err == "undated.toml: no as_of in the case; reckoned from today, 2027-03-04\n"
    assert run(capsys, "review", undated, "--as-of", "2025-01-31")[1] == ""


def test_only_the_edge_reads_the_clock() -> None:
    names = {"today", "now", "utcnow", "localtime", "gmtime", "time", "time_ns", "fromtimestamp"}
    reading = []
    for path in (kit.ROOT / "src/pathways").rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        if "widgets" not in path.parts and any(
            isinstance(call, ast.Attribute) and call.attr in names for call in calls
        ):
            reading.append(path.name)
    assert reading == ["common.py"]


# ---- files --------------------------------------------------------------------------------------------------


def test_sheets_are_written_whole_and_for_their_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html, md = tmp_path / "sheet.html", tmp_path / "sheet.md"
    html.write_text("old", "utf-8")
    html.chmod(0o644)
    out, err = run(capsys, "review", SAMPLE, "--html", html, "--md", md, "--force")
    case = review(Profile.load(SAMPLE))
    for path, made in ((html, sheet_html(case)), (md, sheet_markdown(case, full=False))):
        sheet, mark, end = path.read_text("utf-8").partition("<!-- Made by pathways. ")
        assert sheet.rstrip("\n") == made.rstrip("\n")
        assert mark
        assert "<" not in end, "the mark is one comment, and the last thing on the page"
    assert out == ""
    assert err.count("Written: ") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheet.html", "sheet.md"]
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (html, md)} == {0o600}


def test_several_cases_go_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "review", *CASES[:2], "--html", tmp_path / "sheets", "--json")
    assert sorted(path.stem for path in (tmp_path / "sheets").iterdir()) == [path.stem for path in CASES[:2]]
    assert len(json.loads(out)) == 2
    run(capsys, "review", SAMPLE, "--md", tmp_path / "sheets")
    assert (tmp_path / "sheets/back_pain_120_mme.md").is_file()


def test_a_file_that_cannot_be_written_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        target = Path("/proc/version")
        if not target.exists():
            pytest.skip("a user who may write everywhere")
    else:
        target = tmp_path / "closed/sheet.html"
        target.parent.mkdir(mode=0o500)
    assert main(["review", str(SAMPLE), "--html", str(target)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("pathways: ")
    assert "Traceback" not in err


# ---- explain, what-if, cite ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("cdc2022.8", ["(recommendation cdc2022.8)", "2022), Recommendation 8", "applies when"]),
        ("oud_treatment", ["(need oud_treatment)", "cannot_tell", "raised when", "Would settle it"]),
        ("naloxone_kit", ["(treatment naloxone_kit)", "Offer (indicated, clear", "Because"]),
        ("acupuncture", ["(treatment acupuncture)", "Offer (indicated, clear"]),
        ("duloxetine", ["Why not in every plan", "plans"]),
        ("gabapentin", ["Why not in every plan"]),
        ("mme_per_day", ["(fact mme_per_day)", "120 MME/day", "40 mg × 2 a day × 1.5 = 120"]),
        ("has_oud", ["true when", "not known"]),
        ("age_years", ["58 years"]),
    ],
)
def test_explain_says_why_by_which_rule_and_who_says_so(
    capsys: pytest.CaptureFixture[str], id: str, says: list[str]
) -> None:
    shown = words_of(run(capsys, "explain", id, SAMPLE)[0])
    for text in says:
        assert text in shown
    told = json.loads(run(capsys, "explain", id, SAMPLE, "--json")[0])
    assert told["id"] == id
    assert words_of(told["title"]) in shown
    assert all(words_of(line) in shown for line in told["why_not"])


def test_explain_an_emergency_and_a_rule_out_of_force(capsys: pytest.CaptureFixture[str]) -> None:
    case = review(Profile.load(SAMPLE))
    id = case.findings.emergencies[0].record.id
    assert f"(emergency {id})" in run(capsys, "explain", id, SAMPLE)[0]
    dated = next(r for r in load_content().recommendations.values() if r.effective_from)
    assert main(["explain", dated.id, str(SAMPLE), "--as-of", "1990-01-01"]) == 2
    assert "not in force on 1990-01-01" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["9" * 5000, "²", "-1", "1e3", "", "99"])
@pytest.mark.parametrize("end", ["", ".state"])
def test_a_place_that_a_list_does_not_have_is_one_message(
    place: str, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["what-if", str(SAMPLE), f"medicines.{place}{end}=stopped"]) == 2
    err = capsys.readouterr().err
    assert "there is no entry" in err
    assert "fault of the kit" not in err
    assert len(err) < 400


def test_what_if_tells_what_changes_and_leaves_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    before = SAMPLE.read_bytes()
    out, _ = run(capsys, "what-if", SAMPLE, "oud_status=active")
    assert words_of(out).startswith("If oud_status = active")
    assert "Treatment of opioid use disorder (oud_treatment): cannot_tell → raised" in words_of(out)
    told = json.loads(run(capsys, "what-if", SAMPLE, "oud_status=active", "--json")[0])
    assert told["edits"] == {"oud_status": "active"}
    assert {"kind": "need", "id": "oud_treatment", "before": "cannot_tell", "after": "raised"} in told["changed"]
    assert SAMPLE.read_bytes() == before
    assert words_of(run(capsys, "what-if", SAMPLE, "age_years=58")[0]) == "If age_years = 58 Nothing changes."
    out, _ = run(capsys, "what-if", SAMPLE, "age_years=", "medicines.0.state=stopped", "matters_most=[sleep, work]")
    assert "If age_years is taken out" in out
    assert "Recommendation" in out


def test_what_if_takes_out_a_list_entry_and_edits_any_field(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "what-if", SAMPLE, "medicines.1=", "--json")[0])
    data = Profile.load(SAMPLE).to_dict()
    del data["medicines"][1]
    after = {option["id"]: option["verb"] for option in case_data(review(Profile.from_dict(data)))["options"]}
    verbs = {line["id"]: line["after"] for line in told["changed"] if line["kind"] == "treatment"}
    assert verbs
    assert {id: after[id] or "not indicated" for id in verbs} == {id: told.split(" (")[0] for id, told in verbs.items()}
    assert run(capsys, "what-if", SAMPLE, "cannot_answer=[age_years]")[0].startswith("If cannot_answer = [age_years]\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age_years=58", 58),
        ("age_years=58.5", 58.5),
        ("pregnant=true", True),
        ("oud_status=active", "active"),
        ("oud_status='active'", "active"),
        ("age_years=[50, 60]", [50, 60]),
        ("matters_most=[sleep,work]", ["sleep", "work"]),
        ("matters_most=['sleep', 'work']", ["sleep", "work"]),
        ("matters_most=[]", []),
        ("conditions.0.since=2025-03", "2025-03"),
        ("conditions.0.since=2025-03-01", date(2025, 3, 1)),
        ("conditions.+={id = 'ckd'}", {"id": "ckd"}),
        ("goal_text=walk = run", "walk = run"),
        ("goal_text=1\npregnant = true", "1\npregnant = true"),
        ("goal_text=__import__('os').system('x')", "__import__('os').system('x')"),
        ("age_years=", None),
        ("age_years=  ", None),
    ],
)
def test_values_are_read_as_toml_and_never_run(text: str, expected: Any) -> None:
    path, value = edit(text)
    assert path == text.partition("=")[0]
    assert value == expected
    assert type(value) is type(expected)


def test_cite_a_source_a_record_and_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    content = load_content()
    out = words_of(run(capsys, "cite", "cdc2022")[0])
    assert words_of(content.sources["cdc2022"].title) in out
    assert "recommendation cdc2022.12" in out
    assert "Recommendation 12 [verified]" in out
    out = words_of(run(capsys, "cite", "naloxone_kit")[0])
    assert "treatment naloxone_kit" in out
    assert words_of(content.sources["cdc2022"].title) in out
    rows = [run(capsys, "cite", row)[0] for row in ("A-R12", "a-r12")]
    assert rows[0] == rows[1]
    assert "recommendation cdc2022.12" in rows[0]
    assert "need oud_treatment" in rows[0]
    told = json.loads(run(capsys, "cite", "cdc2022.12", "--json")[0])
    assert [line["id"] for line in told] == ["cdc2022.12"]
    assert {"id": "cdc2022", "at": "Recommendation 12", "confidence": "verified"} in told[0]["cites"]


def test_every_source_can_be_cited(capsys: pytest.CaptureFixture[str]) -> None:
    for id in load_content().sources:
        assert words_of(load_content().sources[id].title) in words_of(run(capsys, "cite", id)[0])


# ---- check --------------------------------------------------------------------------------------------------


def test_check_prints_every_kind_of_gap_with_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    report = check_content(load_content())
    assert main(["check"]) == (1 if report.total else 0)
    out = capsys.readouterr().out
    for kind, places in report.gaps.items():
        assert re.search(rf"^ *{len(places)}  {re.escape(kind)}$", out, re.MULTILINE)
    for table, number in (*report.counts.items(), ("rules", report.rules), ("worked cases", report.cases)):
        assert re.search(rf"^ *{number}  {table.replace('_', ' ')}$", out, re.MULTILINE)
    for status, number in (*report.review.items(), *report.confidence.items()):
        assert re.search(rf"^ *{number}  {re.escape(status)}$", out, re.MULTILINE)
    assert "mutants" not in out


def test_check_tells_for_each_file_its_records_cases_sources_flags_and_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    content = load_content()
    report = check_content(content)
    main(["check"])
    out = capsys.readouterr().out
    assert report.files.keys() == set(content.files.values())
    for name, file in report.files.items():
        flags = [file.flags[flag] for flag in ("verified", "verified-2", "recall")]
        numbers = (file.records, file.cases, len(file.sources), *flags, file.gaps)
        assert re.search(rf"^ *{' +'.join(map(str, numbers))}  {re.escape(name)}$", out, re.MULTILINE)
    files = report.files.values()
    assert sum(file.records for file in files) == sum(report.counts.values())
    assert sum(file.cases for file in files) == report.cases
    assert sum((file.flags for file in files), Counter()) == report.confidence
    assert sum(file.gaps for file in files) == report.total == 0
    assert max(len(line) for line in out.splitlines()) < 120


@pytest.fixture
def own_content(tmp_path: Path) -> Path:
    """A small content folder: one yes-or-no question, one rule about it, and its cases."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "own.toml").write_text(
        """
[[answer]]
id = "smokes"
label = "Smokes & <vapes>"
group = "person"
type = "yes_no"
[[answer]]
id = "steps"
label = "Steps"
group = "person"
type = "number"
unit = "steps/day"
lo = 0
hi = 50000
[[fact]]
id = "moves_little"
label = "Moves little"
kind = "definition"
when = "steps < 5000"
cases = [
  { given = { steps = 4999 }, expect = "true" },
  { given = { steps = 6000 }, expect = "false" },
  { given = {}, expect = "unknown" },
]
""",
        "utf-8",
    )
    return folder


def test_check_with_mutants_finds_the_threshold_that_no_case_holds(
    own_content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A folder this small lacks the records that Python knows by name; every mutant of the whole content takes minutes.
    monkeypatch.setattr(invariants, "CHECKS", [c for c in invariants.CHECKS if c is not invariants._known_by_one])
    assert main(["check", str(own_content), "--suggest"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"^ *[1-9]  mutant of a rule that no case catches$", out, re.MULTILINE)
    caught = r"own\.toml, moves_little, definition: not caught: .+ try given = \{ steps = 5000 \}"
    assert re.search(caught, out)
    assert re.search(r"^ *[1-9][0-9]*  mutants$", out, re.MULTILINE)
    file = own_content / "own.toml"
    at_it = '{ given = { steps = 5000 }, expect = "false" },\n  { given = {}'
    file.write_text(file.read_text("utf-8").replace("{ given = {}", at_it), "utf-8")
    main(["check", str(own_content), "--mutate"])
    assert re.search(r"^ *0  mutant of a rule that no case catches$", capsys.readouterr().out, re.MULTILINE)


def test_check_tells_every_mistake_of_the_content(own_content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (own_content / "own.toml").open("a", encoding="utf-8") as file:
        file.write('[[fact]]\nid = "x"\nlabel = "x"\nkind = "definition"\nwhen = "step < 5"\n')
    assert main(["check", str(own_content)]) == 1
    out, err = capsys.readouterr()
    assert "own.toml, x" in out
    assert "'steps'" in out
    assert "1 mistake in the content" in out
    assert err == ""


# ---- form and schema ----------------------------------------------------------------------------------------


def test_the_form_asks_everything_once_and_calls_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = load_content()
    out, _ = run(capsys, "form", "--out", tmp_path / "form.html")
    assert out == ""
    page = (tmp_path / "form.html").read_text("utf-8")
    assert page.partition("<!-- Made by")[0].rstrip("\n") == run(capsys, "form")[0].rstrip("\n")
    assert "not reviewed by a clinician" in page
    assert not re.search(r"<script|<img|<link|https?:|@import|url\(", page)
    asked = re.findall(r'<th scope="row" data-origin="[^"]+">(.*?)(?: <span.*?)?</th>', page)
    asked += re.findall(r'<div class="pw-field" data-origin="[^"]+">\s*<p><b>(.*?)</b>', page)
    labels = [unescape(label) for label in asked]
    assert len(labels) == len(set(labels))
    for answer in content.answers.values():
        assert answer.label in labels
    for record in (*content.condition_groups.values(), *content.medicine_classes.values()):
        assert (record.label in labels) or record.first_page is None
    for instrument in content.instruments.values():
        assert (f"<h3>{escape(instrument.title)}</h3>" in page) == bool(instrument.items and instrument.asked)
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "form.html").stat().st_mode) == 0o600


def test_a_new_question_appears_on_the_form_without_code(own_content: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(PACKAGED, whole)
    shutil.copy(own_content / "own.toml", whole)
    page = form_html(load_content(whole))
    assert "Smokes &amp; &lt;vapes&gt;" in page
    assert "steps/day (0 to 50000)" in page


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "schema")[0]) == json.loads(json.dumps(json_schema()))


# ---- ends that are no answer --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["review", str(SAMPLE), "--json"], ["schema"], ["review", str(SAMPLE)], ["--help"]])
def test_a_closed_pipe_is_quiet(words: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pathways", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()  # the reader goes before a word is written
        assert running.stderr.read() == ""
        assert running.wait() == 1


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathways.apps.cli.review.reviewed_cases", interrupted)
    assert main(["review", str(SAMPLE)]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_the_kit_is_one_line_that_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by \x1b[31mnothing")

    monkeypatch.setattr("pathways.apps.cli.review.reviewed_cases", broken)
    assert main(["review", str(SAMPLE)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "a fault of the kit, not of your input: ZeroDivisionError in test_cli.py" in err
    assert "Traceback" not in err
    assert "\x1b" not in err
    monkeypatch.setenv("PATHWAYS_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["review", str(SAMPLE)])


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_that_nothing_is_reckoned_from_is_refused_before_any_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    path = tmp_path / "case.toml"
    path.write_text(f"schema_version = 1\nas_of = {day}\n", "utf-8")
    for words in (
        ["review", str(SAMPLE), "--as-of", day],
        ["review", str(path)],
        ["taper", "--mme", "120", "--start", day],
    ):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert f"{day} is no day to reckon from: it has to be from 1900-01-01 to 2200-12-31" in err


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_are_reckoned_from(capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert day in run(capsys, "review", SAMPLE, "--as-of", day, "--full", "--no-site")[0]
    assert day in run(capsys, "taper", "--mme", "120", "--start", day)[0]


def test_a_date_at_the_end_of_the_calendar_is_reviewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        'schema_version = 1\nas_of = 2026-11-02\n[[medicines]]\nname = "oxycodone 10 mg"\nstate = "current"\n'
        'written = 9999-12-31\nsupply_days = 30\n[[observations]]\nmeasure = "surgery"\ndate = 9999-12-31\n',
        "utf-8",
    )
    assert "oxycodone" in run(capsys, "review", path, "--full", "--no-site")[0]
