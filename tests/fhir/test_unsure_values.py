"""A value that something beside it takes back, and an amount that is no amount, are said and not used."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile
from pathways.content import load_content
from pathways.facts import derive
from pathways.facts.observed import to_settle
from pathways.fhir import Imported, read
from pathways.language import Range
from tests.fhir.requests import LOINC, TODAY, Json, ago, coded, order
from tests.fhir.test_in_use import bundle, mme

CONTENT = load_content()


def result(code: str, value: Json, **more: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"r-{code}",
        "status": "final",
        "code": coded(LOINC, code),
        "effectiveDateTime": ago(3),
        **value,
        **more,
    }


def conflicts(imported: Imported) -> list[str]:
    return [note.text for note in imported.report.of("conflict")]


@pytest.mark.parametrize("reason", ["error", "unknown", "not-a-number"])
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("33914-3", {"valueQuantity": {"value": 41, "unit": "mL/min/1.73m2"}}),
        ("2823-3", {"valueQuantity": {"value": 2.9, "unit": "mmol/L"}}),
        ("19295-5", {"valueString": "Positive"}),
    ],
)
def test_a_value_beside_the_reason_why_there_is_none_is_not_used(code: str, value: Json, reason: str) -> None:
    imported = read(bundle(result(code, value, dataAbsentReason=coded("", reason))), TODAY)
    assert not imported.tests
    assert all(o.value is None for o in imported.profile.observations)
    assert any("reason why there is none" in said for said in conflicts(imported))
    alone = read(bundle(result(code, value)), TODAY)
    assert alone.tests or any(o.value is not None for o in alone.profile.observations)


def test_one_part_of_a_panel_may_be_missing_and_the_rest_stands() -> None:
    parts = [
        {"code": coded(LOINC, "8480-6"), "valueQuantity": {"value": 131, "unit": "mm[Hg]"}},
        {
            "code": coded(LOINC, "8462-4"),
            "valueQuantity": {"value": 74, "unit": "mm[Hg]"},
            "dataAbsentReason": coded("", "error"),
        },
    ]
    imported = read(bundle(result("85354-9", {"component": parts})), TODAY)
    assert {o.measure: o.value for o in imported.profile.observations} == {"systolic": 131.0, "diastolic": None}


@pytest.mark.parametrize("sign", [">", ">=", "<"])
def test_a_dose_that_is_more_or_less_than_its_number_has_no_most(sign: str) -> None:
    line = {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "tablet"}}],
    }
    assert mme(read(bundle(order(dosageInstruction=[line])), TODAY)) == 30
    line["doseAndRate"] = [{"doseQuantity": {"value": 2, "unit": "tablet", "comparator": sign}}]
    imported = read(bundle(order(dosageInstruction=[line])), TODAY)
    assert mme(imported) is None
    assert any("sign" in said for said in conflicts(imported))


def test_a_limit_with_a_sign_is_no_limit() -> None:
    line = {
        "timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}],
        "maxDosePerPeriod": [
            {
                "numerator": {"value": 1, "unit": "tablet", "comparator": ">"},
                "denominator": {"value": 1, "unit": "d", "code": "d"},
            }
        ],
    }
    assert mme(read(bundle(order(dosageInstruction=[line])), TODAY)) == 30


@pytest.mark.parametrize(("low", "high", "settle"), [(95, 90, 2), (90, 90, 2), (70, 90, 0)])
def test_the_lower_pressure_is_below_the_upper_one(low: float, high: float, settle: int) -> None:
    values = [("diastolic", low), ("systolic", high)]
    seen = [{"measure": id, "value": value, "date": "2024-06-01"} for id, value in values]
    profile = Profile.from_dict({"as_of": "2024-06-03", "observations": seen})
    assert len(list(to_settle(profile, CONTENT))) == settle
    facts = derive(profile).values
    known = [facts[f"{id}_mmhg"] for id, _ in values]
    sure = [Range(low, low), Range(high, high)]
    assert (known == sure) is (settle == 0)


def test_two_readings_of_one_day_are_not_paired_by_chance() -> None:
    seen = [
        {"measure": id, "value": value, "date": "2024-06-01"}
        for id, value in (("diastolic", 95), ("systolic", 90), ("diastolic", 70), ("systolic", 150))
    ]
    profile = Profile.from_dict({"as_of": "2024-06-03", "observations": seen})
    assert not list(to_settle(profile, CONTENT))


def test_half_a_point_is_no_total() -> None:
    phq = "44261-6"
    imported = read(bundle(result(phq, {"valueQuantity": {"value": 11.5}})), TODAY)
    assert not imported.profile.observations
    assert read(bundle(result(phq, {"valueQuantity": {"value": 11}})), TODAY).profile.observations


@pytest.mark.parametrize(
    ("title", "used"),
    [
        ("Potassium", True),
        ("Potassium [Moles/volume] in Serum or Plasma", True),
        ("Potassium goal", False),
        ("Potassium, critical limit", False),
        ("Potassium (donor)", False),
        ("Mother's potassium", False),
    ],
)
def test_a_goal_a_limit_and_what_is_somebody_elses_is_no_result(title: str, used: bool) -> None:
    seen = result("2823-3", {"valueQuantity": {"value": 4.1, "unit": "mmol/L"}})
    seen["code"]["text"] = title
    imported = read(bundle(seen), TODAY)
    assert bool(imported.profile.observations) is used
    assert bool(conflicts(imported)) is not used


@pytest.mark.parametrize(
    ("more", "certainty"),
    [
        ({"onsetString": "in his thirties"}, "confirmed"),
        ({"onsetString": "entered on the wrong chart"}, "suspected"),
        ({"onsetString": "his brother, 2010"}, "suspected"),
        ({"onsetDateTime": "2031-05-01"}, "suspected"),
        ({"onsetPeriod": {"start": "2030"}}, "suspected"),
        ({"onsetDateTime": "2019"}, "confirmed"),
    ],
)
def test_an_onset_that_takes_a_problem_back_or_is_to_come_is_to_be_confirmed(more: Json, certainty: str) -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c",
        "code": {"text": "COPD"},
        "clinicalStatus": coded("", "active"),
    }
    condition["verificationStatus"] = coded("", "confirmed")
    [found] = read(bundle({**condition, **more}), TODAY).profile.conditions
    assert found.certainty == certainty
