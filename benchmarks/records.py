"""Health records of many entries of one kind, to measure how reading grows: `many(kind, n)`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
TODAY = date(2026, 11, 2)
_CODES = "http://hl7.org/fhir/sid/icd-10-cm"
_LOINC = "http://loinc.org"
_DRUGS = (
    "oxycodone hydrochloride 5 MG Oral Tablet",
    "morphine sulfate 15 MG Extended Release Oral Tablet",
    "gabapentin 300 MG Oral Capsule",
    "methadone hydrochloride 10 MG Oral Tablet",
    "buprenorphine 8 MG / naloxone 2 MG Sublingual Film",
    "lorazepam 1 MG Oral Tablet",
    "duloxetine 30 MG Delayed Release Oral Capsule",
    "ibuprofen 600 MG Oral Tablet",
    "naltrexone 380 MG Injection",
    "something that nobody knows",
)
_PROBLEMS = ("M54.50", "F11.20", "G89.4", "I10", "E11.9", "F32.9", "M79.7", "N18.31", "G47.33", "J44.9", "Z99.99")


def many(kind: str, count: int, varied: bool = False, dated: bool = True) -> Json:
    """A record of a person with so many entries of a kind (`KINDS`), or of all kinds in turn ("mixed"). ``varied``: of
    different medicines or codes. ``dated``: on different days of 20 years, else all within a week."""
    made = [_MAKERS[kind](n, varied, dated) for n in range(count)]
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-02-01"}
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (patient, *made)]}


def _day(n: int, dated: bool) -> str:
    return (TODAY - timedelta(days=(n * 7 + n // 11) % (7300 if dated else 7))).isoformat()


def _drug(n: int, varied: bool) -> Json:
    return {"text": _DRUGS[n % len(_DRUGS)] if varied else _DRUGS[0]}


def _lines(n: int, varied: bool) -> list[Json]:
    times = (1 + n % 4) if varied else 4
    return [
        {
            "text": f"Take {1 + n % 2 if varied else 1} tablet {times} times a day for pain",
            "timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": 1 + n % 2 if varied else 1, "unit": "tablet"}}],
        }
    ]


def _base(kind: str, n: int, **more: Any) -> Json:
    return {"resourceType": kind, "id": f"{kind[:3].lower()}{n}", "subject": {"reference": "Patient/p"}, **more}


def _order(n: int, varied: bool, dated: bool) -> Json:
    status = ("active", "completed", "active", "stopped", "on-hold")[n % 5] if varied else "active"
    more: Json = {"priorPrescription": {"reference": f"MedicationRequest/med{n - 1}"}} if varied and n % 7 == 6 else {}
    return _base(
        "MedicationRequest", n, status=status, intent="order", authoredOn=_day(n, dated),
        medicationCodeableConcept=_drug(n, varied), dosageInstruction=_lines(n, varied),
        dispenseRequest={"expectedSupplyDuration": {"value": 30, "code": "d"}}, **more,
    )  # fmt: skip  # a record, read across


def _statement(n: int, varied: bool, dated: bool) -> Json:
    status = ("active", "completed", "active", "not-taken", "unknown")[n % 5] if varied else "active"
    return _base(
        "MedicationStatement", n, status=status, dateAsserted=_day(n, dated),
        medicationCodeableConcept=_drug(n, varied), dosage=_lines(n, varied),
    )  # fmt: skip  # a record, read across


def _administration(n: int, varied: bool, dated: bool) -> Json:
    return _base(
        "MedicationAdministration", n, status="completed" if n % 5 or not varied else "in-progress",
        effectiveDateTime=_day(n, dated), medicationCodeableConcept=_drug(n, varied), dosage={"dose": {"value": 5, "unit": "mg"}},
    )  # fmt: skip  # a record, read across


def _dispense(n: int, varied: bool, dated: bool) -> Json:
    status = ("completed", "completed", "in-progress", "stopped")[n % 4] if varied else "completed"
    more: Json = (
        {"authorizingPrescription": [{"reference": f"MedicationRequest/med{n}"}]} if varied and n % 3 == 0 else {}
    )
    return _base(
        "MedicationDispense", n, status=status, whenHandedOver=_day(n, dated), medicationCodeableConcept=_drug(n, varied),
        daysSupply={"value": 30, "code": "d"}, dosageInstruction=_lines(n, varied), **more,
    )  # fmt: skip  # a record, read across


def _condition(n: int, varied: bool, dated: bool) -> Json:
    return _base(
        "Condition", n, code={"coding": [{"system": _CODES, "code": _PROBLEMS[n % len(_PROBLEMS) if varied else 0]}]},
        clinicalStatus={"coding": [{"code": "active" if n % 3 or not varied else "resolved"}]}, onsetDateTime=_day(n, dated),
    )  # fmt: skip  # a record, read across


def _observation(n: int, varied: bool, dated: bool) -> Json:
    code, unit = (("33914-3", "mL/min/{1.73_m2}"), ("8634-8", "ms"), ("72514-3", "{score}"), ("1742-6", "U/L"))[
        n % 4 if varied else 0
    ]
    return _base(
        "Observation", n, status="final", code={"coding": [{"system": _LOINC, "code": code}]}, effectiveDateTime=_day(n, dated),
        valueQuantity={"value": 5 + n % (90 if varied else 1), "unit": unit, "code": unit},
    )  # fmt: skip  # a record, read across


def _drug_test(n: int, varied: bool, dated: bool) -> Json:
    code = ("19295-5", "3397-7", "16998-7", "19550-3")[n % 4 if varied else 0]
    word = "Positive" if n % 2 else "Negative"
    return _base(
        "Observation", n, status="final", code={"coding": [{"system": _LOINC, "code": code}]}, effectiveDateTime=_day(n, dated),
        valueCodeableConcept={"text": word},
    )  # fmt: skip  # a record, read across


def _allergy(n: int, varied: bool, dated: bool) -> Json:
    made = _base("AllergyIntolerance", n, code=_drug(n, varied), recordedDate=_day(n, dated))
    made["patient"] = made.pop("subject")
    return {**made, "clinicalStatus": {"coding": [{"code": "active"}]}}


def _procedure(n: int, varied: bool, dated: bool) -> Json:
    code, text = (
        ("72148", "MRI of the spine"),
        ("90834", "Psychotherapy"),
        ("97110", "Exercise"),
        ("20553", "Injection"),
    )[n % 4 if varied else 0]
    return _base(
        "Procedure", n, status="completed", performedDateTime=_day(n, dated),
        code={"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": code}], "text": text},
        reasonCode=[{"text": "chronic low back pain"}],
    )  # fmt: skip  # a record, read across


def _answers(n: int, varied: bool, dated: bool) -> Json:
    items = [
        {"linkId": f"/{44250 + k}-{k % 9}", "answer": [{"valueInteger": (n + k) % 4 if varied else 1}]}
        for k in range(9)
    ]
    return _base(
        "QuestionnaireResponse", n, status="completed", questionnaire="http://loinc.org/q/44249-1", authored=_day(n, dated),
        item=items,
    )  # fmt: skip  # a record, read across


def _encounter(n: int, varied: bool, dated: bool) -> Json:
    return _base(
        "Encounter", n, status="finished", period={"start": _day(n, dated), "end": _day(n, dated)},
        reasonCode=[{"text": "chronic low back pain" if n % 2 or not varied else "opioid use disorder"}],
        **{"class": {"code": "AMB"}},
    )  # fmt: skip  # a record, read across


def _list(n: int, varied: bool, dated: bool) -> Json:
    entries = [
        {
            "item": {"reference": f"MedicationStatement/med{n}", "display": _drug(n, varied)["text"]},
            "date": _day(n, dated),
        }
    ]
    coded = {"coding": [{"system": _LOINC, "code": "10160-0"}], "text": "medications"}
    return _base("List", n, status="current", mode="working", date=_day(n, dated), code=coded, entry=entries)


_MAKERS: dict[str, Callable[[int, bool, bool], Json]] = {
    "order": _order, "statement": _statement, "administration": _administration, "dispense": _dispense,
    "condition": _condition, "observation": _observation, "drug test": _drug_test, "allergy": _allergy,
    "procedure": _procedure, "answers": _answers, "encounter": _encounter, "list": _list,
}  # fmt: skip  # a table
KINDS = (*_MAKERS, "mixed")


def _mixed(n: int, varied: bool, dated: bool) -> Json:
    kinds = KINDS[:-1]
    return _MAKERS[kinds[n % len(kinds)]](n // len(kinds), varied, dated)


_MAKERS["mixed"] = _mixed
