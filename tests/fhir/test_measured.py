"""Laboratory values and measurements: their codes, their units, the two parts of a blood pressure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.facts import derive
from pathways.fhir.reading import read
from pathways.language import Range

TODAY = date(2026, 11, 16)
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1956-01-10", "gender": "female"}


def observation(code: str, value: float | None, unit: str | None, **more: Any) -> dict[str, Any]:
    quantity = {"value": value, **({"unit": unit, "code": unit, "system": "http://unitsofmeasure.org"} if unit else {})}
    return {
        "resourceType": "Observation",
        "id": f"o{code}",
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-11-10",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        **({"valueQuantity": quantity} if value is not None else {}),
        **more,
    }


def imported(*resources: dict[str, Any]) -> Any:
    entries = [{"resource": r} for r in (PATIENT, *resources)]
    return read({"resourceType": "Bundle", "type": "collection", "entry": entries}, TODAY)


@pytest.mark.parametrize(
    ("code", "value", "unit", "measure", "read_as"),
    [
        ("2160-0", 1.4, "mg/dL", "creatinine", 1.4),
        ("2160-0", 124, "umol/L", "creatinine", 1.4),
        ("19123-9", 1.7, "mg/dL", "magnesium", 0.7),
        ("2601-3", 0.65, "mmol/L", "magnesium", 0.65),
        ("1975-2", 34, "umol/L", "bilirubin", 2.0),
        ("1751-7", 31, "g/L", "albumin", 3.1),
        ("6301-6", 1.8, "{INR}", "inr", 1.8),
        ("29463-7", 154, "[lb_av]", "weight", 69.9),
        ("8302-2", 1.7, "m", "height", 170),
        ("39156-5", 31.2, "kg/m2", "bmi", 31.2),
        ("2823-3", 3.1, "meq/L", "potassium", 3.1),
        ("2160-0", 1.4, None, "creatinine", 1.4),
    ],
)
def test_a_value_is_read_in_its_unit(code: str, value: float, unit: str | None, measure: str, read_as: float) -> None:
    found = imported(observation(code, value, unit))
    assert [(o.measure, o.value) for o in found.profile.observations] == [(measure, read_as)]


def test_another_unit_is_left_open_and_said() -> None:
    found = imported(observation("2160-0", 1.4, "g/L"))
    assert [(o.measure, o.value) for o in found.profile.observations] == [("creatinine", None)]
    assert any("'g/L' is not a unit that is known here" in note.text for note in found.report.notes)


def test_both_parts_of_a_blood_pressure_are_read() -> None:
    parts = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": v, "unit": "mmHg"},
        }
        for code, v in (("8480-6", 184), ("8462-4", 96))
    ]
    found = imported(observation("85354-9", None, None, component=parts))
    assert {o.measure: o.value for o in found.profile.observations} == {"systolic": 184, "diastolic": 96}
    assert derive(found.profile).values["has_hypertension_uncontrolled"] is True


def test_creatinine_and_weight_give_kidney_function() -> None:
    found = imported(observation("2160-0", 2.0, "mg/dL"), observation("29463-7", 60, "kg"))
    values = derive(found.profile).values
    assert values["kidney_clearance"] == Range(25, 25)  # (140 - 70) * 60 / (72 * 2) * 0.85 = 24.8
    assert isinstance(values["egfr"], Range)
    assert values["egfr"].hi < 30


@pytest.mark.parametrize(
    ("code", "value", "unit", "measure", "read_as"),
    [
        ("33914-3", 1.4, "mL/s/{1.73_m2}", "egfr", 84),
        ("2823-3", 16, "mg/dL", "potassium", 4.1),
        ("8636-3", 0.46, "s", "qtc_ms", 460),
    ],
)
def test_si_and_other_units_are_converted(code: str, value: float, unit: str, measure: str, read_as: float) -> None:
    found = imported(observation(code, value, unit))
    assert [(o.measure, o.value) for o in found.profile.observations] == [(measure, read_as)]


@pytest.mark.parametrize(("value", "severe"), [(60, False), (90, False), (30, None)])
def test_a_lower_limit_rules_out_what_it_can(value: float, severe: bool | None) -> None:
    limit = {"valueQuantity": {"value": value, "comparator": ">", "unit": "mL/min/1.73m2"}}
    found = imported(observation("33914-3", None, None, **limit))
    assert [(o.value, o.at_least) for o in found.profile.observations] == [(None, value)]
    assert derive(found.profile).values["has_ckd_severe"] is (severe if severe is False else None) or value == 30


def test_a_limit_that_stands_in_a_text_is_read() -> None:
    found = imported(observation("33914-3", None, None, valueString=">60 mL/min/1.73m2"))
    assert [(o.measure, o.at_least) for o in found.profile.observations] == [("egfr", 60)]


@pytest.mark.parametrize(
    ("code", "value", "unit"), [("29463-7", 7, "kg"), ("8636-3", 4.5, "ms"), ("8302-2", 1.7, "cm")]
)
def test_what_nobody_would_believe_is_named_and_not_used(code: str, value: float, unit: str) -> None:
    found = imported(observation(code, value, unit))
    assert [o.value for o in found.profile.observations] == [None]
    notes = [note for note in found.report.conflicts if "an error to settle" in note.text]
    assert [note.resource for note in notes] == [f"Observation/o{code}"]


def test_a_newer_value_that_cannot_be_read_keeps_an_older_one_from_counting() -> None:
    old = observation("33914-3", 80, "mL/min/{1.73_m2}", id="old", effectiveDateTime="2026-10-01")
    new = observation("33914-3", 12, "furlongs", id="new")
    assert derive(imported(old).profile).values["egfr"] == Range(80, 80)
    assert derive(imported(old, new).profile).values["egfr"] != Range(80, 80)


def test_two_units_that_differ_give_neither() -> None:
    odd = {"valueQuantity": {"value": 4, "code": "mmol/L", "unit": "mg/dL", "system": "http://unitsofmeasure.org"}}
    found = imported(observation("2823-3", None, None, **odd))
    assert [o.value for o in found.profile.observations] == [None]
