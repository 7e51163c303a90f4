"""What stands inside other resources is read for itself and is somebody's: nothing of it is dropped without a word."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.disk.limits import RECORD_ENTRIES
from pathways.fhir import FhirError, answer, read
from pathways.fhir.cards import EXTENSION
from tests.fhir.test_whose import DAY, A, B, bundle, condition, patient, request

STATEMENT = {
    "resourceType": "MedicationStatement", "id": "c", "status": "active", "effectiveDateTime": "2026-10-30",
    "medicationCodeableConcept": {"text": "oxycodone 5 mg tablet"},
}  # fmt: skip  # data, read across
ALLERGY = {
    "resourceType": "AllergyIntolerance", "id": "c", "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"text": "morphine"},
}  # fmt: skip  # data, read across
OPIATES = {
    "resourceType": "Observation", "id": "c", "status": "final", "effectiveDateTime": "2026-10-30",
    "code": {"coding": [{"system": "http://loinc.org", "code": "44249-1"}]}, "valueInteger": 17,
}  # fmt: skip  # data, read across
INSIDE = {"Condition": condition("c", None), "MedicationStatement": STATEMENT, "AllergyIntolerance": ALLERGY}


def holder(inside: dict[str, Any], kind: str = "List", **more: Any) -> dict[str, Any]:
    """A resource that contains another and names it as it should."""
    word = {"reference": f"#{inside['id']}"}
    made = {
        "List": {"status": "current", "mode": "snapshot", "title": "Problem list", "entry": [{"item": word}]},
        "Composition": {"status": "final", "section": [{"title": "Problems", "entry": [word]}]},
        "DiagnosticReport": {"status": "final", "code": {"text": "Results"}, "result": [word]},
        "CarePlan": {"status": "active", "intent": "plan", "activity": [{"reference": word}]},
        "Encounter": {"status": "finished", "class": {"code": "FLD"}, "diagnosis": [{"condition": word}]},
        "Procedure": {"status": "completed", "code": {"text": "Something done"}, "reasonReference": [word]},
        "Observation": {"status": "final", "code": {"text": "Something seen"}, "hasMember": [word]},
    }[kind]
    return {"resourceType": kind, "id": "h", "subject": A, "contained": [inside], **made, **more}


def found(*resources: dict[str, Any]) -> tuple[int, int, int, int]:
    """How many conditions, medicines, allergies and observations are read."""
    profile = read(bundle(patient("a"), *resources), as_of=DAY).profile
    return len(profile.conditions), len(profile.medicines), len(profile.allergies), len(profile.observations)


# ---- contained ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["List", "Composition", "DiagnosticReport", "CarePlan", "Encounter"])
@pytest.mark.parametrize("inside", INSIDE)
def test_what_a_list_a_document_a_report_a_plan_or_a_visit_contains_is_read(inside: str, kind: str) -> None:
    own = {**INSIDE[inside], ("patient" if inside == "AllergyIntolerance" else "subject"): A}
    assert found(holder(INSIDE[inside], kind)) == found(own) != found()


def test_a_result_inside_a_report_is_read() -> None:
    assert found(holder(OPIATES, "DiagnosticReport")) == found({**OPIATES, "subject": A}) == (0, 0, 0, 1)


@pytest.mark.parametrize("kind", ["CarePlan", "Encounter"])
def test_a_result_inside_a_plan_or_a_visit_is_read(kind: str) -> None:
    assert found(holder(OPIATES, kind)) == found({**OPIATES, "subject": A}) == (0, 0, 0, 1)


@pytest.mark.parametrize("kind", ["CarePlan", "Encounter"])
def test_what_a_withdrawn_plan_or_visit_contains_is_left_out_and_said(kind: str) -> None:
    gone = {"CarePlan": "revoked", "Encounter": "cancelled"}[kind]
    imported = read(bundle(patient("a"), holder(STATEMENT, kind, status=gone)), as_of=DAY)
    assert imported.profile.medicines == ()
    assert "MedicationStatement/h#c" in {note.resource for note in imported.report.of("not_used")}


@pytest.mark.parametrize("kind", ["Procedure", "Observation"])
@pytest.mark.parametrize("inside", ["MedicationStatement", "AllergyIntolerance"])
def test_of_what_any_other_resource_contains_it_is_said_that_it_is_not_read(inside: str, kind: str) -> None:
    imported = read(bundle(patient("a"), holder(INSIDE[inside], kind)), as_of=DAY)
    told = [note for note in imported.report.not_understood if note.resource == f"{inside}/h#c"]
    assert [note.text for note in told] == [f"inside a {kind}, where it is not read: lists are not whole"]
    assert not imported.whole
    assert {imported.profile.complete.medicines, imported.profile.complete.conditions} == {"no"}
    withdrawn = read(bundle(patient("a"), holder(INSIDE[inside], kind, status="entered-in-error")), as_of=DAY)
    assert withdrawn.whole
    assert f"{inside}/h#c" in {note.resource for note in withdrawn.report.of("not_used")}


def test_a_contained_reason_is_read_as_a_reason_and_another_condition_is_said() -> None:
    reason = condition("c", None)
    named = read(bundle(patient("a"), holder(reason, "Procedure")), as_of=DAY)
    assert named.whole
    assert "Procedure/h" in {one.resource for one in named.conditions}
    other = read(bundle(patient("a"), holder(reason, "Procedure", reasonReference=[])), as_of=DAY)
    assert not other.whole
    assert "Condition/h#c" in {note.resource for note in other.report.not_understood}


@pytest.mark.parametrize("inside", INSIDE)
def test_it_may_say_itself_that_it_is_of_another_person(inside: str) -> None:
    theirs = {**INSIDE[inside], ("patient" if inside == "AllergyIntolerance" else "subject"): B}
    with pytest.raises(FhirError, match=r"the records of 2 people \(Patient/a, Patient/b\)"):
        found(holder(theirs))
    asked = request("a", patient("a"), holder(theirs))
    assert [r.name for r in read(asked, as_of=DAY).others] == [f"{inside}/h#c"]


def test_the_whole_says_of_whom_it_is() -> None:
    with pytest.raises(FhirError, match="the records of 2 people"):
        found(holder(INSIDE["Condition"], subject=B))
    nobody = {key: value for key, value in holder(INSIDE["Condition"]).items() if key != "subject"}
    notes = read(bundle(patient("a"), nobody), as_of=DAY).report.notes
    assert ("Condition/h#c", "whose is this: it names no subject") in {(n.resource, n.text) for n in notes}


def test_what_is_beside_it_is_found_by_it() -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "oxycodone 5 mg tablet"}}
    statement = {k: v for k, v in STATEMENT.items() if k != "medicationCodeableConcept"}
    statement["medicationReference"] = {"reference": "#m"}
    data = bundle(patient("a"), {**holder(statement), "contained": [statement, medication]})
    assert [order.label for order in read(data, as_of=DAY).orders] == ["oxycodone 5 mg tablet"]


def test_two_lists_may_use_one_id() -> None:
    other = condition("c", None)
    other["code"] = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}
    assert found(holder(INSIDE["Condition"]), holder(other, id="second"))[0] == 2
    outside = {**other, "subject": A}
    assert found(holder(INSIDE["Condition"]), outside)[0] == 2


@pytest.mark.parametrize(
    "more",
    [
        {"status": "entered-in-error"},
        {"status": "retired"},
        {"entry": [{"item": {"reference": "#c"}, "deleted": True}]},
    ],
    ids=str,
)
def test_what_is_taken_off_or_withdrawn_is_left_out_and_said(more: dict[str, Any]) -> None:
    imported = read(bundle(patient("a"), holder(INSIDE["Condition"], **more)), as_of=DAY)
    assert imported.profile.conditions == ()
    assert "Condition/h#c" in {note.resource for note in imported.report.of("not_used")}


def test_the_limit_of_entries_counts_what_is_inside() -> None:
    inside = [{"resourceType": "Condition", "id": str(n)} for n in range(RECORD_ENTRIES.most)]
    with pytest.raises(FhirError, match=f"more than {RECORD_ENTRIES.most} entries"):
        read({"resourceType": "List", "id": "h", "contained": inside}, as_of=DAY)


# ---- the answer of an operation -------------------------------------------------------------------------------------

RECORD = bundle(patient("a"), condition("x", A))


def parameters(*parts: Any) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": [{"name": "return", **part} for part in parts]}


@pytest.mark.parametrize(
    "data",
    [
        parameters({"resource": RECORD}),
        parameters({"part": [{"name": "x", "resource": RECORD}]}),
        parameters({"resource": parameters({"resource": RECORD})}),
        parameters(*({"resource": entry["resource"]} for entry in RECORD["entry"])),
        bundle(parameters({"resource": RECORD})),
        [parameters({"resource": RECORD})],
        {"hook": "patient-view", "context": {"patientId": "a"}, "prefetch": {"p": parameters({"resource": RECORD})}},
    ],
    ids=["a Bundle", "in a part", "in another", "resources", "in a Bundle", "a line", "in a request"],
)
def test_a_record_in_parameters_is_read(data: Any) -> None:
    imported = read(data, as_of=DAY)
    assert [c.id for c in imported.profile.conditions] == ["sleep_apnea"]
    assert imported.profile.answers["age_years"] == 46
    assert imported.report.unaccounted() == ()


def test_two_records_in_parameters_are_two_people() -> None:
    with pytest.raises(FhirError, match=r"the records of 2 people \(Patient/a, Patient/b\)"):
        read(parameters({"resource": RECORD}, {"resource": bundle(patient("b"), condition("y", B))}), as_of=DAY)


@pytest.mark.parametrize("part", [{}, {"valueString": "nothing"}, {"resource": None}, {"resource": "Patient/a"}])
def test_parameters_without_a_record_leave_all_lists_open(part: dict[str, Any]) -> None:
    imported = read(bundle(patient("a"), parameters(part)), as_of=DAY)
    assert not imported.whole
    assert imported.profile.complete.conditions == "no"


# ---- orders that say nothing of whom they are for --------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject", [{}, {"subject": {}}, {"subject": None}, {"subject": {"display": "Somebody"}}], ids=str
)
def test_an_order_that_names_nobody_is_checked_and_to_be_confirmed(subject: dict[str, Any]) -> None:
    order = {
        "resourceType": "MedicationRequest", "id": "d", "status": "draft", "intent": "order",
        "medicationCodeableConcept": {"text": "oxycodone 30 mg tablet"}, **subject,
    }  # fmt: skip  # data, read across
    asked = request("a", patient("a"), condition("x", A), drafts=[order])
    assert [r.name for r in read(asked, as_of=DAY).doubted] == ["MedicationRequest/d"]
    cards = answer(asked, DAY)["cards"]
    (card,) = (card for card in cards if card["extension"][EXTENSION]["kind"] == "another_patient")
    assert card["summary"].startswith("Whose this order is cannot be told from the subject: confirm it first")
    assert card["indicator"] == "warning"
    assert len(cards) > 1
    sure = request("a", patient("a"), condition("x", A), drafts=[{**order, "subject": A}])
    assert not read(sure, as_of=DAY).doubted
