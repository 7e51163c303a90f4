"""Records of other FHIR versions are read as R4 calls them, or refused in one sentence; what was not done is set aside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pathways.fhir import FhirError, order_findings, read
from pathways.fhir.outbound_answer import answer
from pathways.fhir.reading import parse
from pathways.fhir.versions import as_r4
from tests.fhir.requests import ICD, OXY, SNOMED, TODAY, Json, ago, coded, condition, lab, order, request
from tests.fhir.test_in_use import bundle

OLD_ORDER: Json = {
    "resourceType": "MedicationOrder",
    "id": "m",
    "status": "active",
    "patient": {"reference": "Patient/p"},
    "dateWritten": ago(5),
    "medicationCodeableConcept": {"text": OXY},
    "dosageInstruction": [
        {
            "timing": {"repeat": {"frequency": 4, "period": 1, "periodUnits": "d"}},
            "doseQuantity": {"value": 2, "unit": "tablet"},
        }
    ],
}


def test_a_dstu2_order_is_an_order() -> None:
    imported = read(bundle(OLD_ORDER), TODAY)
    assert imported.profile.medicines[0].state == "current"
    assert order_findings(imported)[0].mme_per_day == 60
    assert any("MedicationOrder" in note.text and note.kind == "assumed" for note in imported.report.notes)
    ended = read(bundle({**OLD_ORDER, "dateEnded": ago(1)}), TODAY)
    assert ended.profile.medicines[0].state == "stopped"
    assert as_r4(order())[1] == ""  # what is of R4 stays as it is


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"wasNotTaken": False}, ["current"]),
        ({"wasNotTaken": True}, []),
        ({"taken": "n"}, []),
        ({"taken": "y"}, ["current"]),
        ({"status": "recorded", "adherence": {"code": coded("", "not-taking")}}, []),
        ({"status": "recorded", "adherence": {"code": coded("", "taking")}}, ["current"]),
    ],
)
def test_what_is_not_taken_is_not_in_use(change: Json, state: list[str]) -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "patient": {"reference": "Patient/p"},
        "dateAsserted": ago(3),
        "medicationCodeableConcept": {"text": OXY},
    }
    assert [m.state for m in read(bundle({**statement, **change}), TODAY).profile.medicines] == state


@pytest.mark.parametrize("status", ["refuted", "entered-in-error", "Entered in error"])
@pytest.mark.parametrize("shape", ["string", "text", "coding"])
def test_a_refuted_condition_in_any_shape_is_none(status: str, shape: str) -> None:
    word = status.lower().replace(" ", "-")
    given: Any = {"string": word, "text": {"text": status}, "coding": {"coding": [{"code": word}]}}[shape]
    made = condition(ICD, "F11.20", verificationStatus=given)
    assert not read(bundle(made), TODAY).profile.conditions
    assert read(
        bundle({**made, "verificationStatus": "confirmed", "clinicalStatus": "active"}), TODAY
    ).profile.conditions


def test_what_no_version_here_can_read_is_refused_or_keeps_the_lists_open() -> None:
    with pytest.raises(FhirError, match="DSTU1"):
        read(bundle({"resourceType": "MedicationPrescription", "id": "x"}), TODAY)
    assert not read(bundle({"resourceType": "MedicationSomething", "id": "x"}), TODAY).whole
    assert not read(bundle({"resourceType": "QuestionnaireResponse", "id": "x", "group": {}}), TODAY).whole


def test_lines_of_ndjson() -> None:
    lines = [
        json.dumps({"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01T00:00:00Z"}),
        "",
        json.dumps(order()),
    ]
    assert len(parse("\r\n".join([*lines, "  ", ""]).encode())) == 2
    strange = json.dumps({"resourceType": "Patient", "id": "p\u2028q"}, ensure_ascii=False)
    assert len(parse(f"{strange}\n{lines[2]}\n".encode())) == 2
    with pytest.raises(FhirError, match="line 4"):
        parse("\n".join([*lines, "{broken"]).encode())


def test_a_remark_of_the_server_is_no_error_and_an_error_leaves_the_lists_open() -> None:
    def outcome(severity: str) -> Json:
        return {"resourceType": "OperationOutcome", "id": "o", "issue": [{"severity": severity}]}

    assert read(bundle(outcome("information")), TODAY).whole
    for severity in ("error", "fatal", "warning"):
        assert not read(bundle(outcome(severity)), TODAY).whole


# ---- what was not done ----------------------------------------------------------------------------------------------


def pdmp(**more: Any) -> Json:
    made = {"resourceType": "Procedure", "id": "x", "status": "completed", "performedDateTime": ago(10)}
    return {**made, "code": {"coding": [{"system": SNOMED, "code": "461621000124108"}]}, **more}


@pytest.mark.parametrize(
    "more",
    [
        {"outcome": {"text": "Unable to access the registry"}},
        {"statusReason": {"text": "not performed"}},
        {"outcome": coded(SNOMED, "262008008")},
        {"notDone": True},
        {"notPerformed": True},
    ],
)
def test_a_look_up_that_did_not_happen_is_none(more: Json) -> None:
    def seen(what: Json) -> list[str]:
        return [o.measure for o in read(request(order(), have=(what,)), TODAY).profile.observations]

    assert seen(pdmp()) == ["pdmp_check"]
    assert seen(pdmp(**more)) == []


def test_a_result_that_is_absent_is_said_and_not_counted() -> None:
    absent = {**lab("19295-5", None, 3), "dataAbsentReason": coded("", "not-performed")}
    imported = read(bundle(absent), TODAY)
    assert not imported.tests
    assert any("not counted" in note.text for note in imported.report.of("not_used"))
    theirs = {**lab("19295-5", "Positive", 3), "focus": [{"reference": "RelatedPerson/mother"}]}
    assert not read(bundle(theirs), TODAY).tests
    assert read(bundle(lab("19295-5", "Positive", 3)), TODAY).tests


# ---- the person -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"onsetDateTime": ago(60)}, True),
        ({"onsetDateTime": ago(320)}, None),
        ({"onsetDateTime": None, "recordedDate": None}, None),
        ({"onsetDateTime": ago(60), "verificationStatus": {"coding": [{"code": "refuted"}]}}, None),
        ({"onsetDateTime": ago(60), "verificationStatus": {"coding": [{"code": "provisional"}]}}, None),
        ({"onsetDateTime": ago(60), "abatementDateTime": ago(10)}, None),
        ({"onsetDateTime": ago(60), "clinicalStatus": {"coding": [{"code": "resolved"}]}}, None),
    ],
)
def test_a_pregnancy_ends(more: Json, expected: bool | None) -> None:
    made = condition(SNOMED, "77386006", **more)
    data = bundle(made)
    data["entry"][0]["resource"]["birthDate"] = "1995-01-01"
    assert read(data, TODAY).profile.answers.get("pregnant") is expected


def test_a_pregnancy_at_seventy_is_to_be_settled() -> None:
    data = bundle(condition(SNOMED, "77386006", onsetDateTime=ago(60)))
    data["entry"][0]["resource"]["birthDate"] = "1950-01-01"
    imported = read(data, TODAY)
    assert "pregnant" not in imported.profile.answers
    assert any("age or sex" in note.text for note in imported.report.conflicts)


def test_no_card_is_given_for_a_person_who_has_died() -> None:
    data = bundle(order(written=5), condition(ICD, "F11.20"))
    assert answer(data, TODAY)["cards"]
    data["entry"][0]["resource"]["deceasedBoolean"] = True
    assert answer(data, TODAY)["cards"] == []
