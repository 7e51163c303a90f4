"""What takes the sureness away from a resource: a modifier that nobody here knows, a status and an end that speak against
each other, answers that are not finished; and orders that are one prescription."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import read
from pathways.language.values import Range
from tests.fhir.requests import ICD, LOINC, OXY, TODAY, ago, coded, condition, findings, order, request

CONTENT = load_content()
Json = dict[str, Any]
MODIFIER: Json = {"modifierExtension": [{"url": "http://example.org/x", "valueBoolean": True}]}
RULES: Json = {"implicitRules": "http://example.org/rules"}
TOTAL = "44261-6"  # PHQ-9


def fact(name: str, *resources: Json) -> Any:
    """A fact of a record: a truth, or a number; None where it is open."""
    sent = request(hook="patient-view", have=resources)
    found = derive(read(sent, TODAY, content=CONTENT).profile, content=CONTENT).values[name]
    if isinstance(found, Range):
        return found.lo if found.lo == found.hi else None
    return found


def mme(*orders: Json) -> float | None:
    found = findings(request(hook="patient-view", have=orders))
    return next((f.mme_per_day for f in found.values() if f.mme_per_day is not None), None)


def notes(*resources: Json) -> str:
    said = read(request(hook="patient-view", have=resources), TODAY, content=CONTENT).report.notes
    return "\n".join(note.text for note in said)


# ---- modifiers ----------------------------------------------------------------------------------------------


def fill() -> Json:
    return {
        "resourceType": "MedicationDispense", "id": "d", "status": "completed", "whenHandedOver": ago(3),
        "medicationCodeableConcept": {"text": OXY}, "dosageInstruction": [{"text": "1 tab qid"}],
        "daysSupply": {"value": 30, "unit": "days", "code": "d"},
    }  # fmt: skip  # data, read across


def report() -> Json:
    return {
        "resourceType": "MedicationStatement", "id": "s", "status": "active", "dateAsserted": ago(3),
        "medicationCodeableConcept": {"text": OXY}, "dosage": [{"text": "1 tab qid"}],
    }  # fmt: skip  # data, read across


def observed(code: str, value: float, unit: str = "") -> Json:
    quantity: Json = {"value": value, **({"unit": unit, "code": unit} if unit else {})}
    return {
        "resourceType": "Observation", "id": "o", "status": "final", "code": coded(LOINC, code),
        "effectiveDateTime": ago(3), "valueQuantity": quantity,
    }  # fmt: skip  # data, read across


def answered(link: str, value: int, **changes: Any) -> Json:
    made: Json = {
        "resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "authored": ago(3),
        "questionnaire": "http://loinc.org/q/44249-1",
        "item": [{"linkId": f"/{link}", "answer": [{"valueInteger": value}]}],
    }  # fmt: skip  # data, read across
    return {**made, **changes}


@pytest.mark.parametrize("change", [MODIFIER, RULES], ids=["modifier", "rules"])
@pytest.mark.parametrize("made", [order(times=4), fill(), report()], ids=lambda made: str(made["resourceType"]))
def test_a_medicine_with_a_modifier_is_open(change: Json, made: Json) -> None:
    assert mme(made) == 30
    assert mme({**made, **change}) is None
    assert fact("takes_opioid", made) is True
    assert fact("takes_opioid", {**made, **change}) is None
    assert "a modifier that is not known here: http://example.org/" in notes({**made, **change})


@pytest.mark.parametrize("change", [MODIFIER, RULES], ids=["modifier", "rules"])
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("has_oud", condition(ICD, "F11.20")),
        ("has_copd", condition(ICD, "J44.9")),
        ("egfr", observed("33914-3", 12, "mL/min/{1.73_m2}")),
        ("phq9", observed(TOTAL, 22)),
        ("phq9", answered(TOTAL, 22)),
    ],
)
def test_a_problem_or_result_with_a_modifier_is_open(change: Json, name: str, made: Json) -> None:
    assert fact(name, made) not in (None, False)
    assert fact(name, {**made, **change}) is None


def test_a_modifier_does_not_bring_back_what_was_an_error() -> None:
    wrong = condition(ICD, "F11.20", verificationStatus={"coding": [{"code": "entered-in-error"}]})
    assert fact("has_oud", {**wrong, **MODIFIER}) == fact("has_oud", wrong)
    assert fact("takes_opioid", {**order(status="entered-in-error"), **MODIFIER}) == fact(
        "takes_opioid", order(status="entered-in-error")
    )


def test_a_modifier_on_the_product_leaves_open_what_it_is() -> None:
    product = {"resourceType": "Medication", "id": "p", "code": {"text": OXY}}
    made = order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/p"})
    assert fact("takes_opioid", made, product) is True
    assert fact("takes_opioid", made, {**product, **MODIFIER}) is None


def test_a_draft_with_a_modifier_gives_no_dose() -> None:
    assert findings(request(order(times=4)))["4"].mme_per_day == 30
    assert findings(request({**order(times=4), **MODIFIER}))["4"].mme_per_day is None


# ---- an end and a status ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [
        {"abatementDateTime": "2019-02-02"},
        {"abatementDateTime": "2019"},
        {"abatementPeriod": {"start": "2019-02-02"}},
        {"abatementAge": {"value": 40, "unit": "a"}},
        {"abatementRange": {"low": {"value": 30}, "high": {"value": 40}}},
        {"abatementString": "in remission since 2019"},
        {"abatementBoolean": True},
        {"abatementDateTime": "long ago"},
    ],
)
@pytest.mark.parametrize("coded_", [True, False], ids=["code", "text"])
def test_active_and_ended_is_neither(end: Json, coded_: bool) -> None:
    made = condition(ICD, "F11.20") if coded_ else {**condition(ICD, ""), "code": {"text": "Opioid use disorder"}}
    assert fact("has_oud", made) is True
    assert fact("has_oud", {**made, **end}) is None
    assert "whether it is active is not known" in notes({**made, **end})


@pytest.mark.parametrize("end", [{"abatementDateTime": "2030-02-02"}, {"abatementBoolean": False}])
def test_an_end_to_come_changes_nothing(end: Json) -> None:
    assert fact("has_oud", condition(ICD, "F11.20", **end)) is True


def test_what_has_ended_by_both_is_no_conflict() -> None:
    ended = condition(ICD, "J18.9", clinicalStatus={"coding": [{"code": "resolved"}]}, abatementDateTime="2019-02-02")
    assert "whether it is active is not known" not in notes(ended)
    assert "resolved, and not ended" in notes({**ended, "abatementDateTime": None, "abatementBoolean": False})


# ---- answers that are not finished --------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["in-progress", "", "zorble"])
def test_answers_that_are_not_finished_settle_nothing(status: str) -> None:
    assert fact("phq9", answered(TOTAL, 22)) == 22
    assert fact("phq9", answered(TOTAL, 22, status=status)) is None


# ---- one prescription ---------------------------------------------------------------------------------------


def based(parent: str, child: str, **changes: Any) -> tuple[Json, Json]:
    link = [{"reference": "MedicationRequest/a"}]
    return order(id="a", intent=parent, times=4), order(id="b", intent=child, basedOn=link, **{"times": 4, **changes})


@pytest.mark.parametrize(
    ("parent", "child"),
    [("original-order", "filler-order"), ("order", "instance-order"), ("order", "reflex-order"), ("order", "order")],
)
def test_an_order_and_the_one_that_it_is_based_on_are_one(parent: str, child: str) -> None:
    assert mme(*based(parent, child)) == 30
    assert mme(*reversed(based(parent, child))) == 30
    assert fact("takes_opioid", *based(parent, child)) is True


def test_a_chain_and_a_circle_of_orders_are_one() -> None:
    a, b = based("order", "filler-order")
    c = order(id="c", intent="instance-order", times=4, basedOn=[{"reference": "MedicationRequest/b"}])
    assert mme(a, b, c) == 30
    assert mme({**a, "basedOn": [{"reference": "MedicationRequest/b"}]}, b) == 30


def test_orders_of_one_prescription_in_two_doses_give_a_range() -> None:
    assert mme(*based("order", "filler-order", times=2)) is None
    assert fact("takes_opioid", *based("order", "filler-order", times=2)) is True


def test_another_medicine_that_is_based_on_an_order_is_another() -> None:
    a, b = based("order", "reflex-order")
    morphine = {**b, "medicationCodeableConcept": {"text": "morphine sulfate 15 MG Oral Tablet"}}
    assert mme(a, morphine) == 30 + 60
    loose = {key: value for key, value in b.items() if key != "basedOn"}
    assert mme(a, loose) == 60  # two orders alike without a link are two


def test_a_draft_that_carries_out_an_order_is_counted_once() -> None:
    a, b = based("order", "filler-order")
    assert findings(request(b, have=(a,)))["4"].mme_per_day == 30
