"""Law 14 for records: a piece that is made unreadable never makes an answer surer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import read
from pathways.language import Range
from tests.fhir.requests import ICD, SNOMED, TODAY, Json, coded, condition, records
from tests.fhir.spoiled import made_surer, surer

CONTENT = load_content()
STATUS = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def bundle(*resources: Json) -> Json:
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990-01-01"}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": r} for r in (patient, *resources)],
    }


def facts(*resources: Json) -> dict[str, Any]:
    return dict(derive(read(bundle(*resources), TODAY).profile, content=CONTENT).values)


def test_a_spoiled_record_gives_no_surer_answer(reference: Callable[[str], Path]) -> None:
    reference("cases/records")
    dice = Random(7)
    whole = [(data, as_of) for data, as_of in records() if "hook" not in data]
    for _ in range(200):
        data, as_of = dice.choice(whole)
        assert made_surer(data, as_of, CONTENT, dice) == []


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (None, True, True),
        (True, None, False),
        (True, False, True),
        (Range(0, 90), Range(40, 90), True),
        (Range(40, 40), Range(0, 90), False),
        (frozenset({"a", "b"}), frozenset({"a"}), True),
        (frozenset({"a"}), frozenset({"a", "b"}), False),
    ],
)
def test_what_counts_as_surer(before: Any, after: Any, worse: bool) -> None:
    assert bool(surer("x", before, after)) is worse


@pytest.mark.parametrize("said", ["qzx", "under-review", "CONFIRMED?"])
@pytest.mark.parametrize(
    ("code", "fact"),
    [(coded(ICD, "F11.20"), "has_oud"), (coded(SNOMED, "13645005"), "has_copd"), ({"text": "COPD"}, "has_copd")],
)
def test_a_diagnosis_whose_verification_is_not_read_is_in_doubt(said: str, code: Json, fact: str) -> None:
    sure = condition(ICD, "x", code=code)
    odd = condition(ICD, "x", code=code, verificationStatus=coded(STATUS, said))
    assert facts(sure)[fact] is True
    assert facts(odd)[fact] is None


@pytest.mark.parametrize("status", [coded(STATUS, "confirmed"), {"text": "Confirmed"}, "confirmed"])
def test_a_confirmed_diagnosis_is_sure_however_it_is_written(status: Any) -> None:
    assert facts(condition(ICD, "F11.20", verificationStatus=status))["has_oud"] is True


def test_the_words_of_a_doubtful_diagnosis_are_not_read_as_sure_again() -> None:
    code = {"text": "Opioid dependence, uncomplicated vrbl", "coding": [{"system": ICD, "code": "zz"}]}
    odd = condition(ICD, "x", code=code, verificationStatus=coded(STATUS, "provisional"))
    assert facts(odd)["has_oud"] is None


@pytest.mark.parametrize("name", ["morphine sulfate 10 MG/ML", "morphine sulfate 10 MG/ML Qwvorblax"])
def test_a_name_read_in_part_keeps_a_route_that_is_not_by_mouth(name: str) -> None:
    order = {
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p"}, "authoredOn": date(2024, 5, 20).isoformat(),
        "medicationCodeableConcept": {"text": name},
        "dosageInstruction": [{
            "timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": 10, "unit": "mg"}}],
            "route": {"coding": [{"system": SNOMED, "code": "34206005", "display": "Subcutaneous route"}]},
        }],
    }  # fmt: skip  # data, read across
    assert facts(order)["mme_per_day"].lo == 0


def test_an_order_whose_status_is_not_read_does_not_say_where_care_is_given() -> None:
    order = {
        "resourceType": "MedicationRequest", "id": "m", "intent": "order", "authoredOn": TODAY.isoformat(),
        "category": [{"coding": [{"code": "community"}]}], "medicationCodeableConcept": {"text": "oxycodone 5 mg tablet"},
    }  # fmt: skip  # data, read across
    assert facts({**order, "status": "active"})["setting"] == {"outpatient"}
    assert len(facts({**order, "status": "qzx"})["setting"]) > 1
