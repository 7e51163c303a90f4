"""Input that cannot be used: exit code 2, one message that names the place, nothing written, never a traceback."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import kit
from pathways.apps.cli import main
from pathways.profile import Profile, ProfileError

SAMPLE = kit.ROOT / kit.CASE
MEDICINE = "[[medicines]]\nstate = 'current'\nname = 'x'\n"
OPIOID = "[[medicines]]\nstate = 'current'\n"


def files_in(folder: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *words: str | Path) -> str:
    """Run the command; hold it to what is promised for bad input; give the message."""
    before = files_in(folder)
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert code == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert all(line.startswith(("pathways: ", "See ")) for line in err.splitlines()), err
    assert err.isprintable() or all(line.isprintable() for line in err.splitlines())
    assert files_in(folder) == before
    return err


# Each: what is wrong, the case file, and what the message must say: the place, what was given, what is allowed.
TOML: dict[str, tuple[str, tuple[str, ...]]] = {
    "broken TOML": ("title = 'open\n", ("not valid TOML",)),
    "duplicate key": ("title = 'a'\ntitle = 'b'\n", ("not valid TOML", "overwrite")),
    "duplicate answer": ("[answers]\nage_years = 1\nage_years = 2\n", ("not valid TOML", "overwrite")),
    "a field that is not there": ("nots = 'x'\n", ("nots", "no such field", "'notes'")),
    "a field of a medicine that is not there": (MEDICINE + "routes = 'oral'\n", ("entry 1, routes", "'route'")),
    "a question that is not there": ("[answers]\nage_year = 5\n", ("age_year", "'age_years'")),
    "an ingredient that is not there": (OPIOID + "ingredients = ['oxycodon']\n", ("oxycodon'", "'oxycodone'", "'name'")),
    "a class that is not there": (OPIOID + "class = 'opoid'\n", ("opoid", "'opioid'")),
    "a condition that is not there": ("[[conditions]]\nid = 'ckdd'\n", ("ckdd", "'ckd'", "'name'")),
    "a measure that is not there": ("[[observations]]\nmeasure = 'qtc'\n", ("'qtc'", "'qtc_ms'")),
    "an item that is not there": (
        "[[observations]]\nmeasure = 'phq9'\nitems = { self_ham = 1 }\n", ("self_ham", "'self_harm'"),
    ),
    "asked none of what is not there": ("[asked_none]\nmedicines = ['opoid']\n", ("opoid", "'opioid'")),
    "a number out of range": ("[answers]\nage_years = 300\n", ("age_years", "300", "0 to 120 years")),
    "a number below its range": ("[answers]\npain_months = -1\n", ("pain_months", "-1", "0 to 1200 months")),
    "a range the wrong way round": ("[answers]\nage_years = [60, 50]\n", ("age_years", "[60, 50]", "0 to 120")),
    "too many decimals": ("[answers]\nage_years = 5.5\n", ("age_years", "5.5", "decimals")),
    "text for a number": ("[answers]\nage_years = 'old'\n", ("age_years", "old", "number")),
    "text for yes or no": ("[answers]\npregnant = 'yes'\n", ("pregnant", "'yes'", "true nor false")),
    "a number for yes or no": ("[answers]\npregnant = 1\n", ("pregnant", "1", "true nor false")),
    "a choice that is not there": ("[answers]\nsetting = 'outpatent'\n", ("setting", "outpatent", "'outpatient'")),
    "too many choices": (
        "[answers]\nmatters_most = ['sleep', 'mood', 'work']\n", ("matters_most", "3 given", "at most 2"),
    ),
    "no choice at all": ("[answers]\nmain_pain = []\n", ("main_pain", "0 given", "at least one")),
    "a laboratory value out of range": (
        "[[observations]]\nmeasure = 'qtc_ms'\nvalue = 4\n", ("qtc_ms", "4", "300 to 700 ms"),
    ),
    "a total out of range": ("[[observations]]\nmeasure = 'phq9'\nvalue = 99\n", ("phq9", "99", "0 to 27")),
    "an item out of range": (
        "[[observations]]\nmeasure = 'phq9'\nitems = { self_harm = 7 }\n", ("self_harm", "7", "0, 1, 2, 3"),
    ),
    "a wrong unit": (OPIOID + "dose = { oxycodone = 5 }\nunit = 'grams'\n", ("unit", "grams", "'mg', 'mcg'")),
    "a negative dose": (OPIOID + "dose = { oxycodone = -5 }\n", ("dose, oxycodone", "-5", "greater than or equal to 0")),
    "an impossible dose": (OPIOID + "dose = { oxycodone = 1e9 }\n", ("dose, oxycodone", "1000000000", "1000000")),
    "a dose of something else": (
        OPIOID + "ingredients = ['oxycodone']\ndose = { morphine = 5 }\n", ("morphine", "not among the ingredients"),
    ),
    "fewer at most than at least": (
        MEDICINE + "per_day_min = 5\nper_day_max = 2\n", ("per_day_min 5", "above per_day_max 2"),
    ),
    "a medicine without its state": ("[[medicines]]\nname = 'x'\n", ("medicines, entry 1, state", "missing")),
    "a medicine without a name": ("[[medicines]]\nstate = 'current'\n", ("entry 1", "needs a name")),
    "a newer schema": ("schema_version = 2\n", ("schema_version is 2", "up to 1", "Update")),
    "an older schema": ("schema_version = 0\n", ("schema_version", "0", "should be 1")),
    "not a number": ("[answers]\nage_years = nan\n", ("age_years", "nan")),
    "infinity": ("[answers]\nage_years = inf\n", ("age_years", "inf")),
    "a dose that is not a number": (OPIOID + "dose = { oxycodone = nan }\n", ("dose, oxycodone", "nan")),
    "a value that is not a number": ("[[observations]]\nmeasure = 'qtc_ms'\nvalue = nan\n", ("value", "nan")),
    "not a day": ("as_of = 'yesterday'\n", ("as_of", "yesterday")),
    "not a day of the calendar": ("[[conditions]]\nid = 'ckd'\nsince = '2025-02-30'\n", ("since", "2025-02-30", "calendar")),
    "a day written another way": ("[[conditions]]\nid = 'ckd'\nsince = '3/4/2025'\n", ("since", "3/4/2025", "2025-03-14")),
    "text that is too long": ("title = '" + "x" * 300 + "'\n", ("title", "200")),
    "notes that are too long": ("notes = '" + "x" * 5000 + "'\n", ("notes", "4000")),
    "too many medicines": (MEDICINE * 501, ("medicines", "500")),
    "coverage of a service that is not there": ("[[coverage]]\nservice = 'residental'\n", ("residental", "'residential'")),
    "coverage said twice": (
        "[[coverage]]\nservice = 'iop'\n[[coverage]]\nservice = 'iop'\n", ("coverage", "'iop' is given twice"),
    ),
    "a status of coverage that is not there": (
        "[[coverage]]\nservice = 'iop'\nstatus = 'denied'\n", ("status", "denied", "'not_covered'"),
    ),
    "a member number in a note": (
        "[[coverage]]\nservice = 'iop'\nnote = 'member XH1234-5678'\n", ("coverage, entry 1", "member numbers"),
    ),
    "a negative copay": ("[[coverage]]\nservice = 'iop'\ncopay = -5\n", ("coverage, entry 1, copay", "-5")),
    "half a day covered": ("[[coverage]]\nservice = 'iop'\ndays = 2.5\n", ("coverage, entry 1, days", "2.5")),
    "deep nesting": ("title = " + "[" * 5000 + "]" * 5000 + "\n", ("nested too deeply",)),
}  # fmt: skip  # data, read across
JSON: dict[str, tuple[str, tuple[str, ...]]] = {
    "broken JSON": ('{"title": ', ("not valid JSON", "line 1, column")),
    "an empty file": ("", ("not valid JSON", "line 1, column")),
    "duplicate key": ('{"answers": {"age_years": 1, "age_years": 2}}', ("age_years", "twice")),
    "not a number": ('{"answers": {"age_years": NaN}}', ("age_years", "nan", "not a number")),
    "infinity": ('{"answers": {"age_years": 1e999}}', ("age_years", "inf")),
    "a list": ("[]", ("table of fields", "list")),
    "nothing": ("null", ("table of fields", "NoneType")),
    "a newer schema": ('{"schema_version": 99}', ("schema_version is 99", "up to 1")),
    "a broken letter": ('{"title": "\\ud800"}', ("title", "unicode")),
    "deep nesting": ("[" * 100_000, ("nested too deeply",)),
    "deep nesting of a field": ('{"answers": ' * 3000 + "1" + "}" * 3000, ("nested too deeply",)),
    "control characters in a name": ('{"answers": {"\\u001b[31mage\\u202e": 1}}', ("answers", "[31mage")),
}


@pytest.mark.parametrize(("text", "says"), TOML.values(), ids=TOML.keys())
def test_toml_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: tuple[str, ...]
) -> None:
    case = tmp_path / "case.toml"
    case.write_text(text, "utf-8")
    message = refused(capsys, tmp_path, "review", case, "--html", tmp_path / "out.html")
    assert all(word in message for word in (case.name, *says)), message


@pytest.mark.parametrize(("text", "says"), JSON.values(), ids=JSON.keys())
def test_json_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: tuple[str, ...]
) -> None:
    case = tmp_path / "case.json"
    case.write_text(text, "utf-8")
    message = refused(capsys, tmp_path, "review", case, "--html", tmp_path / "out.html")
    assert all(word in message for word in (case.name, *says)), message


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_number_of_hundreds_of_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    digits = "9" * 400
    case = tmp_path / f"case.{form}"
    case.write_text(
        f"[answers]\nage_years = {digits}\n" if form == "toml" else f'{{"answers": {{"age_years": {digits}}}}}', "utf-8"
    )
    assert case.name in refused(capsys, tmp_path, "review", case)


def test_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "back_pain.toml").write_text("title = 'x'\n", "utf-8")
    message = refused(capsys, tmp_path, "review", tmp_path / "back_pian.toml", "--md", tmp_path / "x.md")
    assert "no such file. Did you mean 'back_pain.toml'?" in message
    assert "no such file" in refused(capsys, tmp_path, "review", tmp_path / "none" / "none.toml")


def test_a_folder_a_binary_and_a_large_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "this is a folder" in refused(capsys, tmp_path, "review", tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(bytes(range(256)) * 8)
    assert "not a text file in UTF-8" in refused(capsys, tmp_path, "review", binary)
    zeros = tmp_path / "zeros.json"
    zeros.write_bytes(bytes(500))
    assert "not valid JSON" in refused(capsys, tmp_path, "review", zeros)
    large = tmp_path / "large.toml"
    large.write_bytes(b"# a comment that goes on\n" * 400_000)
    message = refused(capsys, tmp_path, "review", large)
    assert "10.0 MB" in message
    assert "at most 2 MB" in message


def test_one_bad_case_stops_all_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, out = tmp_path / "bad.toml", tmp_path / "out"
    bad.write_text("[answers]\nage_years = 300\nsetting = 'moon'\n", "utf-8")
    message = refused(capsys, tmp_path, "review", SAMPLE, bad, tmp_path / "none.toml", "--html", out)
    assert "age_years" in message
    assert "moon" in message
    assert "none.toml: there is no such file" in message, "all problems are told at once"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["review", "{case}", "--html", "none/x.html"], "there is no folder"),
        (["review", "{case}", "--html", "{case}"], "this command reads that file"),
        (["review", "{case}", "--md", "same.txt", "--html", "same.txt"], "two sheets"),
        (["review", "{case}", "{case}", "--html", "taken"], "must be a folder"),
        (["review", "{case}", "{case}", "--html", "."], "two sheets"),
        (["review", "{case}", "--as-of", "2026-02-30"], "--as-of: '2026-02-30' is not a day; write it like 2026-11-02"),
        (["review", "{case}", "--as-of", "20261102"], "write it like"),
        (["review", "{case}", "--lens", "addicton"], "Did you mean 'addiction'? There are pain, addiction, person"),
        (["review"], "Missing argument 'CASE'"),
        (["review", "{case}", "--jsn"], "No such option: --jsn"),
        (["reviw"], "Did you mean 'review'?"),
        (["explain", "opioid_tapr", "{case}"], "'opioid_tapr' can be explained. Did you mean 'opioid_taper'?"),
        (["what-if", "{case}"], "Missing argument 'PATH=VALUE...'"),
        (["what-if", "{case}", "age_years"], "write path=value"),
        (["what-if", "{case}", "=5"], "write path=value"),
        (["what-if", "{case}", "age_year=5"], "no answer 'age_year'. Did you mean 'age_years'?"),
        (["what-if", "{case}", "age_years=nan"], "age_years: nan is not a number"),
        (["what-if", "{case}", "age_years=300"], "300 is outside 0 to 120 years"),
        (["what-if", "{case}", "medicines.9.state=stopped"], "no entry 9; the list has 2"),
        (["what-if", "{case}", "medicines.0.state=paused"], "paused"),
        (["cite", "cdc202"], "Did you mean 'cdc2022'?"),
        (["cite", ""], "no source, record or facts row"),
        (["check", "none"], "there is no such folder"),
        (["form", "--out", "none/form.html"], "there is no folder"),
        (["form", "--out", "."], "this is a folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_words_on_the_command_line_that_cannot_be_used(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    says: str,
) -> None:
    case = tmp_path / "case.toml"
    case.write_bytes(SAMPLE.read_bytes())
    (tmp_path / "taken").write_text("here first", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert says in refused(capsys, tmp_path, *(word.format(case="case.toml") for word in words))


# ---- wrong types everywhere ---------------------------------------------------------------------------------

WHOLE: dict[str, Any] = {
    "schema_version": 1,
    "title": "t",
    "as_of": "2026-11-02",
    "notes": "n",
    "assumed": ["setting"],
    "cannot_answer": ["setting"],
    "confirmed": ["oxy 5: oxycodone 5 mg"],
    "doubtful": [{"line": "oxy → not recognized", "own": "oxy", "made": "not recognized", "doubts": ["assumed: x"], "resource": "r"}],
    "answers": {
        "age_years": 50, "pregnant": False, "main_pain": "neck", "matters_most": ["sleep"], "goal_text": "walk",
    },
    "conditions": [{
        "id": "ckd", "name": "kidney", "status": "active", "since": "2024", "until": "2025", "certainty": "coded",
        "none_of": ["copd"],
    }],
    "medicines": [{
        "name": "n", "ingredients": ["oxycodone"], "class": "opioid", "none_of": ["opioid"], "route": "oral",
        "release": "er", "dose": {"oxycodone": 5}, "unit": "mg", "per_day_min": 1, "per_day_max": 2, "as_needed": True,
        "state": "current", "purpose": "pain", "written": "2024", "start": "2024", "stop": "2025", "supply_days": 30,
        "setting": "community", "prescriber": "p", "source": "pdmp", "as_prescribed": True, "use_unknown": False,
    }],
    "observations": [
        {"measure": "phq9", "items": {"self_harm": 0}, "date": "2026", "source": "s", "note": "n"},
        {"measure": "qtc_ms", "value": 400},
    ],
    "allergies": [{
        "name": "n", "ingredients": ["methadone"], "class": "opioid", "none_of": ["*"], "reaction": "serious",
        "certainty": "suspected", "date": "2020", "note": "n",
    }],
    "complete": {"conditions": "yes", "medicines": "no", "observations": "assumed"},
    "asked_none": {"conditions": ["copd"], "medicines": ["opioid"], "observations": ["qtc_ms"]},
    "consents": [{
        "who": "pain_clinic", "scope": ["oud_program"], "date": "2026-10-01", "until": "2027-10-01",
        "withdrawn": "2026-12-01", "purpose": "treatment",
    }],
    "differences": [{
        "topic": "sleep", "pain_side": "p", "substance_use_side": "s", "plan": "meet", "owner": "case_manager",
        "by": "2026-11-20",
    }],
    "decisions": [{
        "date": "2026-10-05", "item": "exercise", "outcome": "do", "owner": "pharmacist", "due": "2026-11-02",
        "stood": "Offer", "note": "n", "dissent": [{"role": "therapist", "says": "s"}],
    }],
    "seats": [{"role": "therapist", "marks": {"long_term_opioid": {"opioid_taper": "for"}}}],
    "owners": [{"item": "exercise", "role": "pain_specialist", "discipline": "Neurology"}],
    "wishes": [{"treatment": "exercise", "says": "asks_for", "tried": "helped", "date": "2025", "note": "n"}],
    "people": [{"relation": "partner", "part": "p", "needs": "n"}],
    "coverage": [
        {"service": "iop", "status": "covered", "deductible": 100, "copay": 20, "days": 30, "note": "n"},
    ],
    "teaches": {"says": "s", "unrealistic": "u", "musts": [{"path": "core", "value": 1, "why": "w"}]},
}  # fmt: skip  # data, read across


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        found += leaves(inner, (*path, key))
    return found


WRONG: dict[str, Any] = {
    "true": True, "a number": 12.5, "a large number": 10**15, "text": "%%%", "a list": [[]], "a table": {"%": {}},
}  # fmt: skip  # data, read across
# Where such a value is no mistake: a text may say anything, a value that a test expects may be anything.
FITS = {
    "true": ("pregnant", "as_needed", "as_prescribed", "use_unknown"),
    "a number": ("per_day_min", "per_day_max", "supply_days", "oxycodone", "deductible", "copay"),
    "text": ("title", "notes", "goal_text", "name", "prescriber", "source", "note", "stood", "says", "unrealistic", "path", "why",
             "purpose", "topic", "pain_side", "substance_use_side", "plan", "part", "needs"),
    "a list": (), "a table": (), "a large number": (),
}  # fmt: skip  # data, read across


def put(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


def test_the_case_with_every_field_is_a_good_one() -> None:
    profile = Profile.from_dict(WHOLE)
    given = {name.replace("class", "medicine_class") for name in WHOLE["medicines"][0]}
    assert given == set(type(profile.medicines[0]).model_fields)
    assert set(WHOLE["conditions"][0]) == set(type(profile.conditions[0]).model_fields)
    assert set(WHOLE) == set(Profile.model_fields)


def problem_of(data: dict[str, Any]) -> str:
    try:
        Profile.from_dict(data)
    except ProfileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_type_anywhere_is_told_with_its_place(kind: str) -> None:
    let_through = []
    for path in leaves(WHOLE):
        names = [part for part in path if isinstance(part, str)]
        free = "value" in names and "musts" in names  # whatever a review may say
        # Names of questions, from any kit, and words that the team confirmed or that are doubtful.
        loose = names[0] in ("assumed", "cannot_answer", "confirmed", "doubtful") and kind == "text"
        if path[-1] in FITS[kind] or free or loose:
            continue
        message = problem_of(put(WHOLE, path, WRONG[kind]))
        if names[0] not in message:
            let_through.append(f"{'.'.join(map(str, path))}: {message or 'accepted'}")
    assert let_through == []


# ---- hostile text -------------------------------------------------------------------------------------------

HOSTILE = (
    """<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}'; DROP TABLE p; --[red]R[/red]"&amp;"""
)


def hostile_case(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A case whose every free text is hostile; each text with a number, to find it again."""
    from pathways.content import load_content

    count = iter(range(1000))

    def text() -> str:
        return f"{next(count)}{HOSTILE}"

    data = tomllib.loads(SAMPLE.read_text("utf-8"))
    data |= {"as_of": data["as_of"].isoformat(), "title": text(), "notes": text(), "teaches": {"says": text()}}
    data["answers"] |= {a.id: text() for a in load_content().answers.values() if a.type == "text"}
    for medicine in data["medicines"]:
        medicine |= {"name": text(), "prescriber": text()}
    data["medicines"].append({"name": text(), "state": "current"})
    data["conditions"] = [{"name": text()}]
    data["observations"] = [
        {"measure": "phq9", "value": 12, "date": "2026-10-30", "source": text(), "note": text()},
        {"measure": "unrecognized", "value": text(), "note": text()},
    ]
    data |= {"assumed": [text()], "cannot_answer": [text()]}
    case = folder / "case.json"
    case.write_text(json.dumps(data), "utf-8")
    return case, data


def test_hostile_text_comes_out_as_text_in_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, _ = hostile_case(tmp_path)
    html, md = tmp_path / "sheet.html", tmp_path / "sheet.md"
    assert main(["review", str(case), "--html", str(html), "--md", str(md)]) == 0, capsys.readouterr().err
    page = html.read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "0&lt;script&gt;alert(1)&lt;/script&gt;" in page, "the title, escaped"
    assert "{{7*7}}" in page, "nothing was reckoned"
    text = md.read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "{{7*7}}" in text.replace("\\", "")


def test_hostile_text_comes_out_as_text_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, data = hostile_case(tmp_path)
    assert main(["review", str(case)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"0{HOSTILE}" in shown, "the title, with [red] and all"
    assert "\x1b" not in shown
    assert main(["review", str(case), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"]["title"] == data["title"]


def test_control_characters_never_reach_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.toml"
    case.write_text('title = "a\\u001b[2Jb\\u202ec\\u0007d\\u009be\\nf"\nas_of = 2026-11-02\n', "utf-8")
    for words in (["review"], ["review", "--json"]):
        assert main([*words, str(case)]) == 0
        out = capsys.readouterr().out
        assert not any((ord(c) < 32 and c != "\n") or c in "\u202e\u009b" for c in out)
