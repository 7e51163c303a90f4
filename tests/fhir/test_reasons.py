"""Why something took place: what a reason names is to confirm, and not surely absent."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.fhir import order_findings, read
from tests.fhir.requests import ICD, OXY, SNOMED, TODAY, Json, ago, coded, condition, order, request
from tests.fhir.test_in_use import bundle
from tests.fhir.test_versions_of_one import facts_of

OVERDOSE = [
    coded(SNOMED, "55680006", "Opioid overdose"),
    coded(ICD, "T40.1X1A"),
    {"text": "Accidental heroin overdose"},
]


def visit(**more: Any) -> Json:
    made = {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "EMER"}}
    return {**made, "subject": {"reference": "Patient/p"}, "period": {"start": ago(1), "end": ago(1)}, **more}


@pytest.mark.parametrize("what", OVERDOSE)
@pytest.mark.parametrize("how", ["reasonCode", "reason", "diagnosis", "contained"])
def test_a_visit_for_an_overdose_is_no_life_without_one(what: Json, how: str) -> None:
    told = {
        "reasonCode": {"reasonCode": [what]},
        "reason": {"reason": [{"value": [{"concept": what}]}]},
        "diagnosis": {"diagnosis": [{"condition": {"display": what.get("text", "Opioid overdose")}}]},
        "contained": {
            "contained": [{"resourceType": "Condition", "id": "c", "code": what}],
            "reasonReference": [{"reference": "#c"}],
        },
    }[how]
    found = facts_of(read(bundle(visit(**told)), TODAY), "overdose_ever", "overdose_within_year", "has_ckd")
    assert False not in found[:2]
    assert found[2] is False
    gone = read(bundle({**visit(**told), "status": "cancelled"}), TODAY)
    assert facts_of(gone, "overdose_ever") == [False]


@pytest.mark.parametrize(
    ("what", "fact"),
    [
        (coded(ICD, "C50.919", "Metastatic breast cancer pain"), "has_cancer_active"),
        (coded(ICD, "G47.33", "Obstructive sleep apnea"), "has_sleep_apnea"),
        ({"text": "COPD"}, "has_copd"),
        (coded(ICD, "F10.20"), "has_alcohol_use_disorder"),
        ({"text": "chronic kidney disease"}, "has_ckd"),
    ],
)
def test_a_reason_is_to_confirm_as_a_condition(what: Json, fact: str) -> None:
    statement = {"resourceType": "MedicationStatement", "id": "s", "status": "active", "dateAsserted": ago(5)}
    statement["medicationCodeableConcept"] = {"text": OXY}
    for resource in (
        order(OXY, 30, 8, reasonCode=[what]),
        {**statement, "reasonCode": [what]},
        visit(reasonCode=[what]),
        {"resourceType": "Procedure", "id": "q", "status": "completed", "code": {"text": "?"}, "reasonCode": [what]},
        {"resourceType": "Claim", "id": "k", "status": "active", "diagnosis": [{"diagnosisCodeableConcept": what}]},
    ):
        assert facts_of(read(bundle(resource), TODAY), fact) == [None], resource["resourceType"]


def test_a_reason_opens_what_it_names_and_nothing_else() -> None:
    for words in ("Annual physical", "Follow-up, refill", "R/O sleep apnea, refill"):
        found = facts_of(
            read(bundle(visit(reasonCode=[{"text": words}])), TODAY), "has_copd", "has_ckd", "has_cirrhosis"
        )
        assert found == [False, False, False], words
    for words in ("No sleep apnea", "Mother with sleep apnea", "Sleep apnea ruled out"):
        assert facts_of(read(bundle(visit(reasonCode=[{"text": words}])), TODAY), "has_sleep_apnea") == [False], words


def test_a_condition_tells_more_than_a_reason() -> None:
    known = condition(ICD, "G47.33", clinicalStatus=coded("", "resolved"))
    assert facts_of(read(bundle(known, visit(reasonCode=[coded(ICD, "G47.33")])), TODAY), "has_sleep_apnea") == [False]


def test_the_reason_of_an_order_that_is_written_leaves_the_scope_open() -> None:
    draft = order(OXY, 30, status="draft", reasonCode=[coded(ICD, "C50.919")])
    found = {f.record.id: f.status for f in order_findings(read(request(draft), TODAY))}
    assert found["cdc2022.9"] == "needs_information"


FILM = "buprenorphine 8 MG / naloxone 2 MG Sublingual Film"


@pytest.mark.parametrize(
    ("more", "purpose"),
    [
        ({"dosageInstruction": [{"text": "Place 1 film under the tongue 3 times a day for chronic pain"}]}, None),
        ({"dosageInstruction": [{"text": "1 film daily, not for pain"}]}, "oud"),
        ({"dosageInstruction": [{"text": "1 film daily"}]}, "oud"),
        ({"reasonCode": [{"text": "Not used for pain"}]}, None),
        ({"reasonCode": [{"text": "Chronic non-cancer pain"}]}, "pain"),
    ],
)
def test_what_the_directions_say_it_is_for(more: Json, purpose: str | None) -> None:
    (found,) = read(bundle({**order(FILM), **more}), TODAY).orders
    assert found.purpose == purpose
