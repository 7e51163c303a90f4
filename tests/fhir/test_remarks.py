"""Notes and reasons of a status: no remark is dropped, and what bears on an entry leaves it open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.fhir import Imported, read
from pathways.fhir.understood import understood
from tests.fhir.requests import ICD, LOINC, OXY, RXNORM, TODAY, ago, coded, findings, order, request

CONTENT = load_content()
Json = dict[str, Any]


def imported(*resources: Json) -> Imported:
    return read(request(hook="patient-view", have=resources), TODAY, content=CONTENT)


def prescribed(note: str = "", **more: Any) -> Json:
    notes = {"note": [{"text": note}]} if note else {}
    return order(OXY, 30, 5, times=4, **notes, **more)


def mme(*resources: Json) -> float | None:
    found = findings(request(hook="patient-view", have=resources))
    return next((f.mme_per_day for f in found.values() if f.mme_per_day is not None), None)


# ---- medicines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        "", "E-prescribed to pharmacy", "Prior authorization obtained on 6/1/2024", "PDMP reviewed. 0 refills.", "DAW",
        "Risks and benefits discussed with patient", "No change in dose", "Taking as directed; tolerating well",
        "Renewed for chronic back pain",
    ],
)  # fmt: skip  # data, read across
def test_a_harmless_note_leaves_a_medicine_as_it_is(note: str) -> None:
    assert mme(prescribed(note)) == 30
    assert not imported(prescribed(note)).report.conflicts


@pytest.mark.parametrize(
    "note",
    [
        "Pt quit in April", "Daughter picks these up and uses them", "charted in error", "Paused before the operation",
        "Never collected", "Belongs to the neighbour", "Switched to another one at discharge", "does not use it any more", "void",
    ],
)  # fmt: skip  # data, read across
def test_a_note_that_bears_on_use_opens_it_and_is_shown_first(note: str) -> None:
    made = imported(prescribed(note))
    [taken] = made.orders
    assert taken.use is None
    assert mme(prescribed(note)) is None
    line = next(one for one in understood(made, content=CONTENT) if one.resource == taken.name)
    assert note in line.doubts[0]


@pytest.mark.parametrize(
    "note",
    [
        "raised to 3 pills per dose by the covering clinic",
        "now 15 mg at bedtime too",
        "half on good days",
        "weaning, 1 less each week",
    ],
)
def test_a_note_of_another_dose_opens_the_dose(note: str) -> None:
    made = imported(prescribed(note))
    assert mme(prescribed(note)) is None
    assert made.orders[0].use is True
    assert any(note in told.text for told in made.report.conflicts)


def test_a_note_of_the_same_dose_changes_nothing() -> None:
    assert mme(prescribed("1 tablet 4 times a day")) == 30
    assert mme(prescribed("1 tablet 3 times a day")) is None


def test_a_note_that_is_not_understood_is_to_confirm_and_opens_nothing() -> None:
    made = imported(prescribed("Zorblax wibble"))
    assert mme(prescribed("Zorblax wibble")) == 30
    [line] = [one for one in understood(made, content=CONTENT) if one.own]
    assert line.to_confirm
    assert "Zorblax wibble" in " ".join(line.doubts)


@pytest.mark.parametrize("status", ["active", "completed"])
@pytest.mark.parametrize("name", ["statusReason", "reasonNotTaken"])
def test_a_reason_for_not_taking_what_is_called_taken_opens_it(status: str, name: str) -> None:
    report = {
        "resourceType": "MedicationStatement", "id": "s", "status": status, "dateAsserted": ago(3), name: [{"text": "Felt sick"}],
        "medicationCodeableConcept": {"text": OXY}, "dosage": [{"text": "1 tab qid"}],
    }  # fmt: skip  # data, read across
    assert imported(report).orders[0].use is None


@pytest.mark.parametrize(
    "more", [{"statusReason": [{"text": "Walked out first"}]}, {"note": [{"text": "syringe jammed, not given"}]}]
)
def test_a_dose_with_a_reason_against_it_was_perhaps_not_given(more: Json) -> None:
    dose = {
        "resourceType": "MedicationAdministration", "id": "a", "status": "completed", "effectiveDateTime": ago(3),
        "medicationCodeableConcept": {"text": "300 MG buprenorphine Extended Release Injection"},
    }  # fmt: skip  # data, read across
    made = imported(dose | more)
    assert made.orders[0].use is None
    assert [o.date for o in made.profile.observations if o.measure == "buprenorphine_injection"] == [None]
    assert imported(dose).orders[0].use is True


PIECES = ["stopped", "wrong patient", "refills", "sent electronically", "zorblax", "2 tablets", "daily", "wife", "ok"]
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5)


@given(WORDS)
def test_a_note_never_makes_a_dose_surer_and_is_never_dropped(words: list[str]) -> None:
    note = " ".join(words)
    made = imported(prescribed(note))
    assert mme(prescribed(note)) in (None, 30)
    assert any(note in told.text for told in made.report.notes)


# ---- conditions, allergies, results -------------------------------------------------------------------------


def problem(note: str, code: str = "G47.33", text: str = "Obstructive sleep apnea") -> Json:
    return {
        "resourceType": "Condition", "id": "c", "clinicalStatus": {"coding": [{"code": "active"}]}, "recordedDate": ago(1),
        "verificationStatus": {"coding": [{"code": "confirmed"}]}, "code": {**coded(ICD, code, text)}, "note": [{"text": note}],
    }  # fmt: skip  # data, read across


@pytest.mark.parametrize(
    ("note", "certainty"),
    [
        ("On CPAP, well controlled", "confirmed"), ("Diagnosed 2019 by sleep study", "confirmed"), ("Zorblax", "confirmed"),
        ("excluded by polysomnography", "suspected"), ("This is his uncle's", "suspected"), ("Patient doubts this", "suspected"),
        ("wrong chart", "suspected"), ("cured", "suspected"),
    ],
)  # fmt: skip  # data, read across
def test_a_note_beside_a_problem(note: str, certainty: str) -> None:
    assert {c.entry.certainty for c in imported(problem(note)).conditions if c.entry.id} == {certainty}


def test_a_note_against_suicidal_thoughts_raises_no_emergency_and_asks() -> None:
    sure, unsure = (
        imported(problem(note, "R45.851", "Suicidal ideations")) for note in ("seen by psychiatry", "of her brother")
    )
    assert sure.profile.answers.get("suicide_concern") is True
    assert "suicide_concern" not in unsure.profile.answers
    assert any("ask" in note.text for note in unsure.report.notes)


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("Calculated using CKD-EPI 2021", 22.0), ("Fasting", 22.0), ("Zorblax", 22.0),
        ("tube of another patient", None), ("grossly hemolyzed", None), ("Please redraw", None),
    ],
)  # fmt: skip  # data, read across
def test_a_note_beside_a_result(note: str, value: float | None) -> None:
    result = {
        "resourceType": "Observation", "id": "o", "status": "final", "effectiveDateTime": ago(3), "note": [{"text": note}],
        "code": coded(LOINC, "98979-8", "eGFR"), "valueQuantity": {"value": 22, "unit": "mL/min/{1.73_m2}"},
    }  # fmt: skip  # data, read across
    made = imported(result)
    assert [o.value for o in made.profile.observations if o.measure == "egfr"] == [value]
    assert any(note in told.text for told in made.report.notes)


def test_a_note_beside_an_allergy_keeps_the_allergy_and_is_said() -> None:
    allergy = {
        "resourceType": "AllergyIntolerance", "id": "x", "code": {"text": "Morphine"}, "note": [{"text": "tolerated it last year"}],
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
    }  # fmt: skip  # data, read across
    made = imported(allergy)
    assert made.profile.allergies
    assert any("tolerated it last year" in told.text for told in made.report.conflicts)


# ---- a code and a text of two strengths ---------------------------------------------------------------------

FIVE, TEN = "1049621", "1049683"  # oxycodone hydrochloride 5 MG and 10 MG Oral Tablet


def named(*codes: tuple[str, str], text: str = "") -> Json:
    what = {"coding": [{"system": RXNORM, "code": code, "display": display} for code, display in codes]}
    return order(OXY, 30, 5, times=2, medicationCodeableConcept=what | ({"text": text} if text else {}))


@pytest.mark.parametrize(
    ("made", "dose"),
    [
        (named((FIVE, "")), 15), (named((FIVE, ""), text="oxyCODONE (ROXICODONE) 5 mg immediate release tablet"), 15),
        (named((FIVE, "oxycodone hydrochloride 5 MG Oral Tablet"), text="Roxicodone"), 15),
        (named((FIVE, ""), text="Oxycodone 15 mg tablet"), None), (named((TEN, ""), text="OxyContin 10 mg"), None),
        (named((FIVE, ""), (TEN, "")), None), (named((FIVE, ""), text="oxycodone 1 mg/mL solution"), None),
    ],
)  # fmt: skip  # data, read across
def test_a_code_and_a_text_of_two_strengths_leave_the_dose_open(made: Json, dose: float | None) -> None:
    assert mme(made) == dose
    read_ = imported(made)
    assert read_.orders[0].product.ingredients == ("oxycodone",)
    assert bool(read_.report.conflicts) == (dose is None)


def test_two_texts_of_two_medicines_are_a_conflict() -> None:
    what = {
        "coding": [{"system": "urn:local", "code": "1", "display": "morphine sulfate 15 MG Oral Tablet"}],
        "text": "tramadol 50 mg tablet",
    }
    made = imported(order(OXY, 30, 5, medicationCodeableConcept=what))
    assert not made.orders[0].product.ingredients
    assert any("different ones" in note.text for note in made.report.conflicts)


# ---- how long -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "use"),
    [
        ({"boundsDuration": {"value": 2, "unit": "wk"}}, None), ({"boundsDuration": {"value": 60, "unit": "d"}}, True),
        ({"boundsRange": {"low": {"value": 3, "unit": "d"}, "high": {"value": 6, "unit": "d"}}}, None),
        ({"count": 12}, None), ({"count": 90}, True), ({"countMax": 6}, None), ({}, True),
    ],
)  # fmt: skip  # data, read across
def test_a_course_ends_by_its_length_or_its_count(repeat: Json, use: bool | None) -> None:
    timing = {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d", **repeat}}
    line = {"timing": timing, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}
    [made] = imported(order(OXY, None, 20, dosageInstruction=[line])).orders
    assert made.use is use
