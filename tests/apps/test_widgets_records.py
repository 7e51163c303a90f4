"""A health record opened in the form: report, correction, errors. Without a browser."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.widgets import CaseConference
from pathways.apps.widgets.records import MAX_RECORD_BYTES, MOST_NOTES
from pathways.fhir import FhirError
from tests.fhir.test_sample import SAMPLE

DAY = date(2026, 11, 2)


@pytest.fixture
def form() -> CaseConference:
    return CaseConference(as_of=DAY)


def send(form: CaseConference, text: str, size: float | None = None, name: str = "record.json") -> None:
    form._message(None, {"do": "record", "name": name, "text": text, "size": len(text) if size is None else size})


def group(form: CaseConference, kind: str) -> list[list[str]]:
    return next((g["notes"] for g in form.view["record"]["groups"] if g["kind"] == kind), [])


def test_a_record_fills_the_form_and_every_resource_is_accounted_for(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    entries = json.loads(SAMPLE.read_text("utf-8"))["entry"]
    view = form.view["record"]
    assert view["says"].startswith(f"Record read: {len(entries)} resources; remarks: ")
    assert "not accounted for" not in view["says"]
    named = {note[0] for g in view["groups"] for note in g["notes"]}
    assert named == {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in entries}
    assert any("to confirm" in note[2] for note in group(form, "assumed"))
    assert form.profile.complete.medicines == "assumed"
    assert "conditions, medicines, observations" in view["assumed"]
    assert form.case.facts.mme.hi == 90
    assert "90 MME/day" in form.page
    json.dumps(form.view)


def test_what_is_corrected_counts_and_the_report_stays_until_it_is_put_away(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    assert form.profile.answers["age_years"] == 47
    form.set("age_years", 52)
    assert form.profile.answers["age_years"] == 52
    medicines = [{**m} for m in form.state["medicines"]]
    medicines[0]["times"] = "2"
    form.state = {**form.state, "medicines": medicines}
    assert form.case.facts.mme.hi == 45
    n = form.view["record"]["n"]
    form.set("pregnant", False)
    assert form.view["record"]["n"] == n, "the same report: it is not drawn anew"
    form._message(None, {"do": "record_done"})
    assert form.view["record"] is None
    assert form.profile.answers["age_years"] == 52


def test_another_case_takes_the_report_away(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    form.load(SAMPLE.parents[1] / "cases/low_risk.toml")
    assert form.view["record"] is None
    form.load_record(SAMPLE)
    first = form.view["record"]["n"]
    form.load_record(SAMPLE)
    assert form.view["record"]["n"] > first, "the same file again is a report of its own"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "not valid JSON"),
        ("[1, 2", "not valid JSON"),
        ("3", "give a FHIR Bundle"),
        ('"x"', "give a FHIR Bundle"),
    ],
)
def test_what_is_no_record_is_one_clear_error_and_nothing_is_lost(form: CaseConference, text: str, says: str) -> None:
    form.set("age_years", 61)
    send(form, text)
    assert form.view["error"].startswith("Not opened, nothing was changed. ")
    assert says in form.view["error"]
    assert form.view["record"] is None
    assert form.profile.answers["age_years"] == 61


def test_a_record_that_is_too_large_is_refused_before_it_is_sent(form: CaseConference) -> None:
    send(form, "", MAX_RECORD_BYTES + 1)
    assert "it has 8.000001 MB; at most 8 MB are read here; use pathways hook" in form.view["error"]
    assert form.spec["max_record_bytes"] == MAX_RECORD_BYTES


def test_from_python_the_error_is_raised(form: CaseConference, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"\xff\xfe{")
    with pytest.raises(FhirError):
        form.load_record(bad)


def test_text_from_a_record_stays_text_and_long_reports_are_cut(form: CaseConference) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    many: list[dict[str, Any]] = [
        {"resource": {"resourceType": "Observation", "id": f"o{n}", "status": "final", "code": {"text": nasty}}}
        for n in range(MOST_NOTES + 5)
    ]
    order = {
        "resourceType": "MedicationStatement",
        "id": "m",
        "status": "active",
        "medicationCodeableConcept": {"text": nasty},
    }
    send(
        form,
        json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [*many, {"resource": order}]}),
        name=nasty,
    )
    assert form.view["error"] == ""
    assert "<img" not in form.page
    view = form.view["record"]
    assert sum(g["count"] for g in view["groups"]) >= MOST_NOTES + 5
    assert any(g["left"] for g in view["groups"])
    assert max(len(g["notes"]) for g in view["groups"]) == MOST_NOTES


def test_ndjson_lines_are_read_too(form: CaseConference) -> None:
    resources = [e["resource"] for e in json.loads(SAMPLE.read_text("utf-8"))["entry"]]
    send(form, "\n".join(json.dumps(r) for r in resources), name="record.ndjson")
    assert form.view["error"] == ""
    assert form.case.facts.mme.hi == 90


EXPORT = SAMPLE.parents[1] / "pdmp_export.csv"


def test_a_pdmp_export_fills_the_list_and_names_the_row_to_mend(form: CaseConference) -> None:
    form.load_record(EXPORT)
    assert [m.source for m in form.profile.medicines] == ["pdmp"] * 5
    assert form.view["record"]["says"].startswith("PDMP export read: 5 fills; 1 to mend")
    [row] = group(form, "not_understood")
    assert "line 6" in row[2]
    assert form.case.facts.mme.lo == 60 + 80
    assert form.case.facts.mme.hi is None
    send(form, "no,such,columns\n", name="export.csv")
    assert "fill date" in form.view["error"]
    assert len(form.profile.medicines) == 5
    json.dumps(form.view)
