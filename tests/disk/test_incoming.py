"""The one way in: what a text shows is what it says, nothing small hangs, and each limit is told at its edge."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tomllib
import tracemalloc
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from pathways.apps.cli import main
from pathways.apps.widgets.records import open_record
from pathways.care.services import SiteError, load_site
from pathways.content import ContentError, load_content, loader
from pathways.content.library import TABLES
from pathways.content.loader import PACKAGED
from pathways.content.models.marks import Pattern
from pathways.content.patterns import hangs
from pathways.disk import incoming, limits
from pathways.fhir import FhirError, load, order_findings, read
from pathways.fhir.reading import parse
from pathways.intake.pdmp import PdmpError, read_pdmp
from pathways.language import nearest
from pathways.profile import Profile, ProfileError
from pathways.profile.files import parse_profile

DAY = date(2026, 11, 2)
CASE = "sample_data/cases/back_pain_120_mme.toml"
HIDDEN = "oxycodone \u202egm 021\u202c"
SHOWN = "oxycodone gm 021"
UNSEEN = [
    "\x1b",
    "\x00",
    "\x07",
    "\x9b",
    "\x85",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\U000e0041",
    "\u2028",
    *"\u200c\u200d\u034f\ufe00\ufe0f\U000e0100\U000e01ef\u3164\uffa0\u2800\u17b4\u17b5\u180b\u180e\u115f\u2065\ufff0",
]


def patient_with(name: str) -> dict[str, Any]:
    order = {
        "resourceType": "MedicationRequest", "id": "1", "status": "active", "intent": "order", "authoredOn": "2026-10-20",
        "subject": {"reference": "Patient/a"}, "medicationCodeableConcept": {"text": name},
    }  # fmt: skip  # data, read across
    entries = [{"resource": {"resourceType": "Patient", "id": "a"}}, {"resource": order}]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


# ---- what a text shows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_signs_that_change_what_is_shown_are_taken_out(sign: str) -> None:
    assert sign not in incoming.clean(f"a{sign}b\nc\td")
    assert incoming.clean(f"a{sign}b\nc\td").endswith("b\nc\td")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("oxy\u200dcodone", "oxycodone"),
        ("1\u200c0 mg", "10 mg"),
        ("\u0967\u200d\u0966", "\u0967\u0966"),  # a digit of Hindi is a digit
        ("\u0928\u200d\u200dA", "\u0928A"),
        ("\u0928\u200d\u200d\u0915", "\u0928\u200d\u0915"),
        ("a\ufe0f\u200db", "ab"),
        ("\u200d\u200c", ""),
        ("\u043e\u200d\u043a", "\u043e\u043a"),
        ("\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f", "\U0001f441\u200d\U0001f5e8"),
        ("mor\u2800phine", "mor phine"),
    ],
    ids=ascii,
)
def test_a_joiner_stays_only_where_letters_are_joined(text: str, shown: str) -> None:
    assert incoming.clean(text) == shown
    assert incoming.clean(shown) == shown
    assert incoming.clean_data({text: [text]}) == {shown: [shown]}
    assert incoming.from_json(json.dumps([text], ensure_ascii=False)) == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\u200d\u2695",
        "öäü µg ½ – “x” 漢字 \u0928\u094d\u200d",
        "two\nlines\tand a tab",
        "no\u00a0break",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert incoming.clean(text) == text


@pytest.mark.parametrize(
    "way", ["toml", "json", "data", "keyword", "fhir", "fhir file", "fhir in a form", "csv", "form"]
)
def test_every_way_in_is_clean(way: str, tmp_path: Path) -> None:
    if way == "toml":
        profile = parse_profile(f"[[medicines]]\nstate = 'current'\nname = '{HIDDEN}'\n", "toml")
    elif way == "json":
        profile = parse_profile(json.dumps({"medicines": [{"state": "current", "name": HIDDEN}]}), "json")
    elif way == "data":
        profile = Profile.from_dict({"medicines": [{"state": "current", "name": HIDDEN}]})
    elif way == "keyword":
        profile = Profile(medicines=[{"state": "current", "name": HIDDEN}])
    elif way == "fhir":
        profile = read(patient_with(HIDDEN), DAY).profile
    elif way == "fhir file":
        (tmp_path / "record.json").write_text(json.dumps(patient_with(HIDDEN)), "utf-8")
        profile = load(tmp_path / "record.json", DAY).profile
    elif way == "fhir in a form":
        profile = open_record(json.dumps(patient_with(HIDDEN)), 1, DAY, load_content()).profile
    elif way == "csv":
        table = f"Fill Date,Drug,Quantity,Days Supply\n2026-10-20,{HIDDEN},60,30\n"
        profile = Profile.from_dict(read_pdmp(table, DAY, load_content()).case)
    else:
        from pathways.apps.widgets import form

        state = form.from_profile(Profile(), load_content())
        state["medicines"] = [
            {"parts": [{"what": HIDDEN, "dose": None}], "times": "", "state": "current", "none": False}
        ]
        profile = form.read_form(state, load_content(), DAY).profile
    said = json.dumps(profile.to_dict(), ensure_ascii=False)
    assert "\u202e" not in said
    assert SHOWN in said


@pytest.mark.parametrize("command", ["review", "hook"])
def test_the_terminal_shows_no_such_sign(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.json"
    hidden = HIDDEN + "\x1b]0;x\x07\x9b2J"
    case.write_text(json.dumps(patient_with(hidden)), "utf-8")
    main([command, *(["--text"] if command == "hook" else ["--full"]), str(case), "--as-of", "2026-11-02"])
    out, err = capsys.readouterr()
    assert not {*UNSEEN} & {*out, *err}


# ---- JSON and TOML ----------------------------------------------------------------------------------------------------

TWICE = '{"resourceType":"Bundle","type":"collection","entry":[],"entry":[{"resource":{"resourceType":"Patient"}}]}'


@pytest.mark.parametrize(
    "text",
    [TWICE, '{"resourceType": "Patient", "id": "a", "i\\u0064": "b"}', '{"resourceType": "Patient", "id": "a", "i\\u200bd": "b"}',
     '{"resourceType":"Patient","id":"a"}\n{"resourceType":"Basic","id":"x","id":"y"}',
     '{"resourceType" :"Patient","id":"a","id"\n:"b"}', '{"resourceType":"Patient","id":"\\":","id":"b"}',
     '{"resourceType":"Patient","id":"a","x":"\\":","id" :"b"}'],
)  # fmt: skip  # data, read across
def test_a_key_given_twice_is_refused(text: str) -> None:
    with pytest.raises(FhirError, match="is given twice"):
        read(parse(text.encode()), DAY)
    with pytest.raises(ProfileError, match=r"is given twice|not valid JSON"):
        parse_profile(text, "json")


BAD = {
    "half a letter": '"\\ud800"',
    "half a letter as a key": '{"\\udc00": "\\ud800"}',
    "a huge number": "1" + "0" * 400,
    "a huge number below zero": "-1" + "0" * 400,
    "more digits than Python reads": "9" * 5000,
    "a huge float": "1e999",
    "no number": "NaN",
    "deep lists": "[" * 90 + "]" * 90,
    "deeper lists": "[" * 5000 + "]" * 5000,
    "deep objects": '{"a":' * 90 + "1" + "}" * 90,
    "deeper objects": '{"a":' * 900 + "1" + "}" * 900,
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize(
    "holder",
    ['{"resourceType": "Bundle", "type": "collection", "total": %s, "entry": [{"resource": {"resourceType": "Patient", "id": "a"}}]}',
     '{"resourceType": "Patient", "birthDate": %s, "id": %s}',
     ('{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": %s, "medicationCodeableConcept": '
     '{"text": %s}, "dosageInstruction": [{"text": %s, "doseAndRate": [{"doseQuantity": {"value": %s}}]}]}'),
     ('{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "8625-6"}]}, '
     '"valueQuantity": {"value": %s}, "effectiveDateTime": %s}'),
     '{"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": %s, "item": %s}]}',
     '{"hook": "patient-view", "context": {"patientId": %s}, "prefetch": {"a": %s}}',
     '{"answers": {"age_years": %s, "goals": %s}}', '{"medicines": [{"state": "current", "name": %s, "dose": %s}]}',
     '{"observations": [{"measure": "qtc_ms", "value": %s, "date": %s}]}', '{"title": %s, "schema_version": %s}'],
)  # fmt: skip  # data, read across
def test_odd_values_never_end_in_a_fault_of_the_kit(name: str, holder: str) -> None:
    given = holder.replace("%s", BAD[name])
    with contextlib.suppress(FhirError):
        json.dumps(order_findings(read(parse(given.encode()), DAY))[0].to_dict())
    with contextlib.suppress(ProfileError):
        parse_profile(given, "json")


@pytest.mark.parametrize("value", ["1" + "0" * 400, "9" * 5000, "[" * 3000, "{a=" * 500])
@pytest.mark.parametrize("field", ["schema_version", "title", "answers.age_years", "medicines"])
def test_odd_toml_never_ends_in_a_fault_of_the_kit(
    field: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "case.toml"
    file.write_text(f"{field} = {value}\n", "utf-8")
    assert main(["review", str(file)]) == 2
    assert "a fault of the kit" not in capsys.readouterr().err


# ---- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("kind", ["pipe", "device", "a link to a pipe", "a link to a device"])
@pytest.mark.parametrize("suffix", [".toml", ".json", ".csv", ".ndjson"])
def test_a_pipe_or_a_device_is_refused_at_once(
    kind: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Path("/dev/zero")
    if "pipe" in kind:
        os.mkfifo(target := tmp_path / "pipe")
    given = tmp_path / f"case{suffix}"
    given.symlink_to(target)
    if kind == "pipe":
        given.unlink()
        os.mkfifo(given)
    for words in (
        ["review", str(given)],
        ["hook", str(given)],
        ["review", "--site", str(given), CASE],
    ):
        assert main(words) == 2
        assert "not an ordinary file" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_of_content_is_named_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(PACKAGED, folder)
    (inside := folder / "more").mkdir()
    os.mkfifo(inside / "pipe.toml")
    (inside / "device.toml").symlink_to("/dev/zero")
    (inside / "dangling.toml").symlink_to("nowhere")
    (inside / "folder.toml").mkdir()
    (inside / "circle.toml").symlink_to("circle.toml")
    (inside / "large.toml").write_text("#" * (limits.CONTENT_BYTES.most + 1), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(folder)
    says = {
        "circle": "cannot be read",
        "dangling": "cannot be read",
        "device": "not an ordinary file",
        "folder": "this is a folder",
        "large": "larger than it may be",
        "pipe": "not an ordinary file",
    }
    assert len(error.value.problems) == len(says)
    for (name, why), problem in zip(says.items(), error.value.problems, strict=True):
        assert problem.startswith(f"{folder}: more/{name}.toml: ")
        assert why in problem
    monkeypatch.setattr(loader, "PACKAGED", folder)
    loader._packaged.cache_clear()
    try:
        assert main(["review", CASE]) == 2
    finally:
        monkeypatch.undo()
        loader._packaged.cache_clear()
    err = capsys.readouterr().err
    assert "more/pipe.toml: this is not an ordinary file" in err
    assert "a fault of the kit" not in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("which", ["ours.json", "ours.card.md", "ours.validation.json"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_no_model(
    kind: str, which: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in (".json", ".card.md", ".validation.json"):
        shutil.copy(f"models/misuse_adults{ending}", tmp_path / f"ours{ending}")
    (tmp_path / which).unlink()
    os.mkfifo(tmp_path / which) if kind == "pipe" else (tmp_path / which).symlink_to("/dev/zero")
    assert main(["risk", "card", "--model", str(tmp_path / "ours.json")]) == 2
    assert "not an ordinary file" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_a_pipe_or_a_device_is_no_table_to_score(
    suffix: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / f"rows{suffix}"
    os.mkfifo(given) if kind == "pipe" else given.symlink_to("/dev/zero")
    assert (
        main(["risk", "score", "--model", "misuse_adults", "--data", str(given), "--out", str(tmp_path / "o.csv")]) == 2
    )
    assert "not an ordinary file" in capsys.readouterr().err


# ---- limits at their edge ---------------------------------------------------------------------------------------------


def small(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, most: int) -> None:
    monkeypatch.setattr(module, name, limits.Limit(most, *limits.LIMITS[name][1:]))


@pytest.mark.parametrize("over", [0, 1])
def test_the_bytes_of_each_file(over: int, tmp_path: Path) -> None:
    def filled(name: str, limit: limits.Limit, start: str, end: str = "") -> Path:
        file = tmp_path / name
        file.write_text(start + " " * (limit.most + over - len(start) - len(end)) + end, "utf-8")
        return file

    case = filled("case.toml", limits.CASE_BYTES, "title = 'x'\n#")
    site = filled("site.toml", limits.SITE_BYTES, "name = 'x'\n#")
    record = filled("record.json", limits.RECORD_BYTES, '{"resourceType": "Patient", "id": "a"', "}")
    export = filled(
        "export.csv", limits.EXPORT_BYTES, "Fill Date,Drug,Quantity,Days Supply\n2026-10-20,oxycodone 5 mg,60,30\n"
    )
    if not over:
        assert Profile.load(case).title == "x"
        assert load_site(site).name == "x"
        assert load(record, DAY).profile.answers == {}
        assert main(["review", str(export)]) == 0
        return
    for error, reads, file in (
        (ProfileError, Profile.load, case),
        (SiteError, load_site, site),
        (FhirError, load, record),
    ):
        with pytest.raises(error, match="MB are read") as told:
            reads(file)
        assert len(str(told.value).splitlines()) == 1
    assert main(["review", str(export)]) == 2


def test_the_entries_of_a_record() -> None:
    entries = [{"resource": {"resourceType": "Basic", "id": str(n)}} for n in range(limits.RECORD_ENTRIES.most)]
    assert len(read({"resourceType": "Bundle", "entry": entries}, DAY).report.entries) == limits.RECORD_ENTRIES.most
    with pytest.raises(FhirError, match="more than 20000 entries"):
        read({"resourceType": "Bundle", "entry": [*entries, {"resource": {"resourceType": "Basic"}}]}, DAY)


def test_the_bytes_of_a_record_in_the_form() -> None:
    from pathways.apps.widgets.records import open_record

    limit = limits.RECORD_BYTES_IN_FORM
    start = '{"resourceType": "Patient", "id": "a"'
    text = start + " " * (limit.most - len(start) - 1) + "}"
    assert open_record(text, len(text), DAY, load_content()).profile.answers == {}
    with pytest.raises(FhirError, match="at most 8 MB are read here; use pathways hook"):
        open_record(text + " ", len(text) + 1, DAY, load_content())


@pytest.mark.parametrize("over", [0, 1])
def test_the_rows_of_an_export(over: int) -> None:
    rows = [
        f"2026-{1 + n % 9:02}-{1 + n % 28:02},oxycodone 5 mg,{60 + n},30" for n in range(limits.EXPORT_ROWS.most + over)
    ]
    table = "\n".join(["Fill Date,Drug,Quantity,Days Supply", *rows])
    if not over:
        assert read_pdmp(table, DAY, load_content()).rows == limits.EXPORT_ROWS.most
        return
    with pytest.raises(PdmpError, match="401 rows; one person's export has at most 400: cut it to the last years"):
        read_pdmp(table, DAY, load_content())


HEAD = "Fill Date,Drug,Quantity,Days Supply"
FILL = "2026-10-20,oxycodone 5 mg,60,30"


@pytest.mark.parametrize("place", ["before", "header", "row"])
@pytest.mark.parametrize("over", [0, 1])
def test_the_columns_and_the_length_of_a_line_of_an_export(over: int, place: str) -> None:
    def table(more: str) -> str:
        lines = {"before": "Report,of,the", "header": HEAD, "row": FILL}
        lines[place] += more
        return "\n".join(lines.values())

    content = load_content()
    had = {"before": 3, "header": 4, "row": 4}[place]
    columns = ",x" * (limits.EXPORT_COLUMNS.most - had + over)
    start = len({"before": "Report,of,the", "header": HEAD, "row": FILL}[place])
    cells = ("," + "x" * 60_000) * 4  # a cell has a limit of its own, of Python's
    line = cells[: limits.EXPORT_LINE.most - start + over]
    blanks = "," * 300 + " " * 300  # what a spreadsheet leaves at the end of a line is no column
    for more in (blanks, *(() if over else (columns, line))):
        assert read_pdmp(table(more), DAY, content).rows == 1
    if over:
        with pytest.raises(PdmpError, match=r"line \d has more than 200,000 characters"):
            read_pdmp(table(line), DAY, content)
        if place == "before":  # not a row of the table: it is passed over
            assert read_pdmp(table(columns), DAY, content).rows == 1
            return
        with pytest.raises(PdmpError, match=r"line \d has more than 200 columns"):
            read_pdmp(table(columns), DAY, content)


@pytest.mark.parametrize("mark", [",", ";", "x,", "\t", "|", '"",', "a|", "a"])
def test_a_table_without_line_ends_is_refused_before_its_columns_are_looked_at(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    monkeypatch.setattr("pathways.intake.pdmp.columns_of", lambda row, _: looked.append(len(row)) or {})
    for text in (mark * 400_000, "\n".join([mark * 4_000] * 100)):
        with pytest.raises(PdmpError):
            read_pdmp(text, DAY, load_content())
    assert max(looked, default=0) <= limits.EXPORT_COLUMNS.most


@pytest.mark.parametrize("over", [0, 1])
def test_the_bytes_of_a_file_of_content(over: int, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(PACKAGED, folder)
    (folder / "x.toml").write_text("#" * (limits.CONTENT_BYTES.most + over), "utf-8")
    if not over:
        assert load_content(folder).medicines
        return
    with pytest.raises(ContentError, match=r"x\.toml.*larger than it may be.*at most 5 MB are read"):
        load_content(folder)


@pytest.mark.parametrize("over", [0, 1])
def test_the_remarks_on_one_medicine(over: int) -> None:
    bundle = patient_with("oxycodone hydrochloride 5 MG Oral Tablet")
    for n in range(limits.REMARKS.most + over):
        report = {
            **bundle["entry"][1]["resource"], "resourceType": "MedicationStatement", "id": f"s{n}", "status": "not-taken",
            "dateAsserted": "2026-10-25",
        }  # fmt: skip  # data, read across
        bundle["entry"].append({"resource": report})
    told = read(bundle, DAY)
    assert sum("says it is not taken" in note.text for note in told.report.notes) == limits.REMARKS.most
    assert [order.use for order in told.orders if order.name == "MedicationRequest/1"] == [None]


@pytest.mark.parametrize("form", ["json", "toml"])
def test_the_depth_of_data(form: str) -> None:
    def nested(levels: int) -> str:
        deep = "[" * (levels - 1) + "]" * (levels - 1)
        return f'{{"x": {deep}}}' if form == "json" else f"x = {deep}"

    read_it = incoming.from_json if form == "json" else incoming.from_toml
    assert "x" in read_it(nested(limits.DEPTH.most))
    with pytest.raises(incoming.InputError, match="nested too deeply: more than 100 levels"):
        read_it(nested(limits.DEPTH.most + 1))


@pytest.mark.parametrize("part", ["a", '"a b"', "'a'", "a-1"])
@pytest.mark.parametrize("shape", ["{} = 1", "[{}]", "[[{}]]", "x = {{ {} = 1 }}", "  {}=1"])
@pytest.mark.parametrize("dot", [".", " . "])
def test_the_parts_of_a_key(part: str, shape: str, dot: str) -> None:
    def key(parts: int) -> str:
        return shape.format(dot.join([part] * parts))

    incoming.from_toml(key(limits.KEY_PARTS.most))
    with pytest.raises(incoming.InputError, match="a key of more than 32 parts"):
        incoming.from_toml(key(limits.KEY_PARTS.most + 1))


@pytest.mark.parametrize("text", [".".join("a" * 50_000) + " = 1", "x = {" + ".".join("a" * 50_000) + " = 1}"])
def test_a_key_of_too_many_parts_is_refused_before_the_reader_of_toml_sees_it(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(_: str) -> Any:
        raise AssertionError("the reader of TOML takes minutes for it")

    monkeypatch.setattr(tomllib, "loads", seen)
    tracemalloc.start()
    try:
        with pytest.raises(incoming.InputError, match="a key of more than 32 parts"):
            incoming.from_toml(text)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_key_of_one_long_part_is_read() -> None:
    assert incoming.from_toml("a" * 1_000_000 + " = 1") == {"a" * 1_000_000: 1}
    with pytest.raises(incoming.InputError, match="not valid TOML"):
        incoming.from_toml('"' * 200_000)


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of which the nearest right spelling was looked for."""
    names: list[str] = []

    def counted(name: str, *given: Any, **more: Any) -> list[str]:
        names.append(name)
        return get_close_matches(name, *given, **more)

    monkeypatch.setattr(nearest, "get_close_matches", counted)
    return names


def test_the_answers_of_a_case(looked_up: list[str]) -> None:
    def case(n: int) -> dict[str, Any]:
        return {"answers": {f"age_year_{i}": 5 for i in range(n)}}

    with pytest.raises(ProfileError) as few:
        Profile.from_dict(case(limits.ANSWERS.most))
    assert str(few.value).count("Did you mean") == limits.HINTS.most == len(looked_up)
    looked_up.clear()
    with pytest.raises(ProfileError, match="answers: there are 1001; a case has at most 1000"):
        Profile.from_dict(case(limits.ANSWERS.most + 1))
    with pytest.raises(ProfileError, match="answers: there are 60000; a case has at most 1000"):
        Profile.from_dict(case(60_000))
    assert looked_up == []


def test_many_mistakes_are_told_with_few_hints(looked_up: list[str]) -> None:
    with pytest.raises(ProfileError, match="no such field"):
        Profile.from_dict({f"titel{n}": 1 for n in range(60_000)})
    assert 0 < len(looked_up) <= limits.HINTS.most
    looked_up.clear()
    with pytest.raises(ProfileError, match="medicines"):
        Profile.from_dict({"medicines": [{"state": "current", "name": f"something {n}"} for n in range(60_000)]})
    assert len(looked_up) <= limits.HINTS.most


def test_no_hint_is_looked_for_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathways.content import problems

    small(monkeypatch, problems, "HINTS", 2)
    with pytest.raises(ProfileError) as error:
        Profile.from_dict({f"titl{n}": 1 for n in range(3)})
    assert [("Did you mean" in line) for line in error.value.problems] == [True, True, False]


# ---- patterns of the content ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*b", r"(?:\w+\s?)*x", "a*a*a*a*a*b", "(a{1,30}){1,30}$", "(?:first|fir|st)*!", "(?:a|ab|b)+$", r"(?:[a-z]+[ ]?)+$",
     "(x+x+)+y", "x(?:y|y+)*z", "a" * 801, "a*a*a*a*b",
     r"\w*\w*\w*x", "[a-c]*[b-d]*[c-e]*!", r"x+\s*[ .]*[ ]*\d*y",
     "a*a*b", r"\w*[a-z]*!", r"\s*-?\s*x", "x+x+y", "[a-c]*[b-d]*!", ".* .*x", "a*(?:x|b?)a*c", "a{0,40}a*b", "qa*a*a*b",
     "(?=a*a*b)q", "a*(?=a*b)",
     "^a*a*a*b", "[^x]*[^y]*z", "(a*)(a*)b"],
)  # fmt: skip  # data, read across
def test_a_pattern_that_could_hang_a_view_is_not_loaded(pattern: str) -> None:
    assert hangs(pattern)
    with pytest.raises(ValidationError, match="is not used: "):
        TypeAdapter(Pattern).validate_python(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*a*a*a*b"])
def test_a_folder_of_content_with_such_a_pattern_is_refused_before_any_view(pattern: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(PACKAGED, folder)
    file = folder / "allergies.toml"
    file.write_text(file.read_text("utf-8").replace('"anaphyla"', f"'{pattern}'", 1), "utf-8")
    (folder / "word.toml").write_text(
        f"[[allergy_words]]\nid = 'own_word'\nsays = 'neutral'\nwords = ['{pattern}']\n", "utf-8"
    )
    with pytest.raises(ContentError) as error:
        load_content(folder)
    refused = [problem for problem in error.value.problems if "is not used: " in problem]
    assert [problem.split(", ")[:2] for problem in refused] == [
        ["allergies.toml", "serious"],
        ["word.toml", "own_word"],
    ]
    assert all(problem.endswith("can take for ever") for problem in refused)


def test_the_words_of_every_record_that_are_searched_for_are_looked_at() -> None:
    looked_up_whole = {"dose_words", "name_words", "route_name"}
    kinds = {name: kind for name, kind in TABLES.items() if "words" in kind.model_fields}
    assert kinds.keys() > looked_up_whole | {"allergy_sign", "allergy_words", "code_set", "lasting_form", "privacy"}
    for name in kinds.keys() - looked_up_whole:
        annotation: Any = kinds[name].model_fields["words"].annotation
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        with pytest.raises(ValidationError, match="is not used: "):
            adapter.validate_python(("plain", "(a+)+$"))


@pytest.mark.parametrize(
    "pattern",
    ["a" * 800, "a*b+c*d+", r"\d+(?:[.,/-]\d+)*", r"(?:(?:no|not|never)\s+)*known", "x{0,3}y", r"\w+ \w+", "a*-a*", "no .* of .*x",
     r"\bCKD\b(?= *,? *x)", "^a*a*b", "a{0,3}a{0,3}b"],
)  # fmt: skip  # data, read across
def test_a_pattern_that_ends_is_used(pattern: str) -> None:
    assert hangs(pattern) == ""


def test_the_page_of_limits_names_each() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "limits.md").read_text("utf-8")
    for limit in limits.LIMITS.values():
        assert f"| {limit.of} | {limit.most:,} {limit.unit} |" in page


def test_a_regular_expression_is_held_to_its_limits_at_their_edge() -> None:
    most = limits.PATTERN_LENGTH.most
    assert not hangs("a" * most)
    assert hangs("a" * (most + 1))
    repeats = (r"\w*", r"x\d*", r"y[a-f]*", r"z\s*", r"w\d*")
    assert not hangs("".join(repeats[: limits.PATTERN_REPEATS.most]))
    assert hangs("".join(repeats[: limits.PATTERN_REPEATS.most + 1]))
