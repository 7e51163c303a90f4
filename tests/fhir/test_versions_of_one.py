"""Histories, resources in error, lists that could not be had, bills: what does not stand is not counted, and is not "no"."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.facts import derive, plain
from pathways.fhir import Imported, order_findings, read
from tests.fhir.requests import OXY, TODAY, Json, ago, order
from tests.fhir.test_in_use import bundle


def facts_of(imported: Imported, *names: str) -> list[Any]:
    facts = derive(imported.profile)
    return [plain(facts.values[name]) for name in names]


def taken(data: Any) -> Any:
    return facts_of(read(data, TODAY), "takes_opioid")[0]


def version(status: str, **meta: str) -> Json:
    return order(OXY, 30, 8, id="m", status=status, meta=meta or None)


ADDRESS = "http://a.example/MedicationRequest/m"


def history(*versions: Json, kind: str = "history") -> Json:
    data = bundle()
    data["type"] = kind
    data["entry"] += [{"fullUrl": ADDRESS, "resource": v} if "resourceType" in v else v for v in versions]
    return data


OLD, NEW = {"versionId": "1"}, {"versionId": "2"}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ((version("stopped", **NEW), version("active", **OLD)), False),
        ((version("active", **OLD), version("stopped", **NEW)), False),
        ((version("active", **NEW), version("stopped", **OLD)), True),
        ((version("active", versionId="9"), version("stopped", versionId="10")), False),
        ((version("active", lastUpdated="2024-05-01T10:00:00Z"), version("stopped", lastUpdated="2024-05-02T09:00:00+10:00")), False),
        ((version("stopped"), version("active")), False),  # a history begins with the newest
        ((version("entered-in-error", **NEW), version("active", **OLD)), False),
        (({"request": {"method": "DELETE", "url": "MedicationRequest/m"}}, version("active", **OLD)), False),
    ],
)  # fmt: skip  # data, read across
def test_only_the_newest_version_counts(versions: tuple[Json, ...], expected: bool) -> None:
    assert taken(history(*versions)) is expected


def test_versions_in_another_bundle_or_in_lines_are_versions_too() -> None:
    both = (version("active", **OLD), version("stopped", **NEW))
    assert taken(history(*both, kind="collection")) is False
    assert taken([bundle()["entry"][0]["resource"], *both]) is False


def test_two_that_do_not_say_which_is_newer_or_stand_elsewhere_are_two() -> None:
    assert taken(history(version("active"), version("stopped"), kind="collection")) is True
    data = history(version("active", **OLD), version("stopped", **NEW), kind="collection")
    data["entry"][-1]["fullUrl"] = "http://b.example/MedicationRequest/m"
    assert taken(data) is True


@pytest.mark.parametrize("contained", [True, False])
@pytest.mark.parametrize(("status", "expected"), [("active", True), ("entered-in-error", None)])
def test_a_medication_in_error_names_nothing(contained: bool, status: str, expected: bool | None) -> None:
    medication = {"resourceType": "Medication", "id": "d", "status": status, "code": {"text": OXY}}
    word = "#d" if contained else "Medication/d"
    made = order(OXY, 30, 8, id="m", medicationCodeableConcept=None, medicationReference={"reference": word})
    have = (made | {"contained": [medication]},) if contained else (made, medication)
    assert taken(bundle(*have)) is expected


# ---- lists ----------------------------------------------------------------------------------------------------------


def empty(word: str, title: str = "Medications", kind: str = "List") -> Json:
    part = {"title": title, "emptyReason": {"coding": [{"code": word}]}}
    if kind == "List":
        return {"resourceType": "List", "id": "l", "status": "current", "mode": "working", **part}
    return {
        "resourceType": "Composition",
        "id": "l",
        "status": "final",
        "section": [{"title": "All", "section": [part]}],
    }


@pytest.mark.parametrize("kind", ["List", "Composition"])
@pytest.mark.parametrize(
    ("word", "title", "expected"),
    [
        ("unavailable", "Medications", None),
        ("notasked", "Medications", None),
        ("withheld", "Problem list", None),
        ("notstarted", "Active meds", None),
        ("nilknown", "Medications", False),
        ("unavailable", "Immunizations", False),
    ],
)
def test_a_list_that_could_not_be_had_is_not_empty(kind: str, word: str, title: str, expected: bool | None) -> None:
    assert taken(bundle(empty(word, title, kind))) is expected


def test_a_section_that_is_only_told_is_not_empty() -> None:
    section = {"title": "Medications", "text": {"status": "generated", "div": "<div>oxycodone</div>"}}
    assert taken(bundle({"resourceType": "Composition", "id": "c", "status": "final", "section": [section]})) is None


def test_a_medicine_that_only_a_list_names_is_open() -> None:
    def listed(display: str, **more: Any) -> Json:
        made = {"resourceType": "List", "id": "l", "status": "current", "title": "Medications", "date": ago(400)}
        return {**made, "entry": [{"item": {"display": display}, **more}]}

    names = ("takes_opioid", "takes_benzodiazepine")
    assert facts_of(read(bundle(listed("oxycodone 5 mg tablet")), TODAY), *names) == [None, False]
    assert facts_of(read(bundle(listed("something nobody knows")), TODAY), *names) == [None, None]
    assert facts_of(read(bundle(listed("oxycodone 5 mg tablet", deleted=True)), TODAY), *names) == [False, False]
    here = listed("oxycodone 5 mg tablet")
    here["entry"][0]["item"]["reference"] = "MedicationRequest/m"
    assert facts_of(read(bundle(version("stopped"), here), TODAY), *names) == [False, False]


# ---- bills ----------------------------------------------------------------------------------------------------------

HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def bill(what: Json, days: int = 5, kind: str = "ExplanationOfBenefit", sort: str = "professional") -> Json:
    made = {"resourceType": kind, "id": "b", "status": "active", "type": {"coding": [{"code": sort}]}}
    line = {"sequence": 1, "productOrService": what, "servicedDate": ago(days)}
    return {**made, "patient": {"reference": "Patient/p"}, "item": [line]}


@pytest.mark.parametrize("kind", ["Claim", "ExplanationOfBenefit"])
@pytest.mark.parametrize(
    ("what", "sort", "expected"),
    [
        ({"coding": [{"system": HCPCS, "code": "G2067"}]}, "professional", [None, False]),
        ({"coding": [{"system": HCPCS, "code": "Q9992"}]}, "institutional", [None, False]),
        ({"text": "oxycodone 30 mg tablet"}, "pharmacy", [None, False]),
        ({"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "00406853001"}]}, "pharmacy", [None, None]),
        ({"text": "Encounter for problem"}, "professional", [False, False]),
    ],
)
def test_what_a_bill_names_is_open_and_the_rest_is_not(kind: str, what: Json, sort: str, expected: list[Any]) -> None:
    imported = read(bundle(bill(what, kind=kind, sort=sort)), TODAY)
    assert facts_of(imported, "takes_opioid", "takes_benzodiazepine") == expected
    assert any("a bill: not read" in note.text for note in imported.report.notes)
    assert not any("another FHIR version" in note.text for note in imported.report.notes)
    assert facts_of(read(bundle(bill(what, 400, kind, sort)), TODAY), "takes_opioid") == [False]


def test_a_bill_beside_the_order_that_it_is_of_changes_nothing() -> None:
    have = order(OXY, 30, 5, times=4, id="m")
    with_bill = read(bundle(have, bill({"text": OXY}, sort="pharmacy")), TODAY)
    assert order_findings(with_bill)[0].mme_per_day == order_findings(read(bundle(have), TODAY))[0].mme_per_day == 30


def test_a_patient_of_r4_is_no_other_version_and_a_resource_that_is_not_read_says_so() -> None:
    family = {
        "resourceType": "FamilyMemberHistory",
        "id": "f",
        "status": "completed",
        "patient": {"reference": "Patient/p"},
    }
    report = read(bundle(family), TODAY).report
    assert [note.text for note in report.notes if note.resource == "FamilyMemberHistory/f"] == [
        "a FamilyMemberHistory: nothing here reads it"
    ]
