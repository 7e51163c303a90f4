"""Values of drug tests, titles of events and answers are understood to the last word, or stay open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import case_data, review
from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import Imported, read
from pathways.intake.record_text import heard
from tests.fhir.requests import ICD, LOINC, OXY, TODAY, ago, coded, condition, order, request

CONTENT = load_content()
Json = dict[str, Any]
METHADONE = "Methadone [Presence] in Urine by Confirmatory method"


def imported(*resources: Json) -> Imported:
    return read(request(hook="patient-view", have=resources), TODAY, content=CONTENT)


def dated(measure: str, *resources: Json) -> list[str | None]:
    """The days of the observations of a measure; None for one that may have happened."""
    return [seen.date for seen in imported(*resources).profile.observations if seen.measure == measure]


def observed(title: str, value: Any = None, **more: Any) -> Json:
    made: Json = {
        "resourceType": "Observation", "id": "o", "status": "final", "code": {"text": title}, "effectiveDateTime": ago(3),
    }  # fmt: skip  # data, read across
    return made | ({"valueString": value} if value is not None else {}) | more


def procedure(title: str, **more: Any) -> Json:
    return {
        "resourceType": "Procedure", "id": "p", "status": "completed", "code": {"text": title}, "performedDateTime": ago(3),
    } | more  # fmt: skip  # data, read across


# ---- drug tests ---------------------------------------------------------------------------------------------


def sign(value: str, title: str = METHADONE) -> str | None:
    [test] = imported(observed(title, value)).tests
    return test.sign


@pytest.mark.parametrize(
    "value",
    [
        "POS", "Presumptive Positive", "Detected", "Positive (qualifier value)", "Positive, confirmed by LC-MS/MS", "+",
        "Methadone: POSITIVE", "positive (final)", "Positive >300 ng/mL", "Abnormal - Positive",
    ],
)  # fmt: skip  # data, read across
def test_a_value_that_is_positive_to_the_last_word_is(value: str) -> None:
    assert sign(value) == "positive"


@pytest.mark.parametrize(
    "value",
    ["Neg", "NONE DETECTED", "Not Detected (qualifier value)", "Negative (<25 ng/mL)", "negative by immunoassay", "ND"],
)
def test_a_value_that_is_negative_to_the_last_word_is(value: str) -> None:
    assert sign(value) == "negative"


@pytest.mark.parametrize(
    "value",
    [
        "Positive; GC/MS negative", "Detected - carry-over suspected", "Positive, sample of the roommate", "Pos or neg",
        "Negative, cold specimen", "Not detected but metabolite detected", "Negative [creatinine 4]", "Positive!?",
        "Detected after the anesthetic", "Negative, see addendum", "Positive control passed, specimen negative",
    ],
)  # fmt: skip  # data, read across
def test_a_value_with_a_word_that_is_not_understood_is_open_and_shown(value: str) -> None:
    assert sign(value) is None
    assert any(value[:20] in note.text for note in imported(observed(METHADONE, value)).report.not_understood)


@pytest.mark.parametrize(
    ("interpretation", "found"),
    [
        ("Abnormal (applies to non-numeric results)", "positive"), ("Critical abnormal", "positive"),
        ("Specimen rejected", None), ("Negative", None),
    ],
)  # fmt: skip  # data, read across
def test_an_interpretation_is_read_whole_too(interpretation: str, found: str | None) -> None:
    [test] = imported(observed(METHADONE, "Positive", interpretation=[{"text": interpretation}])).tests
    assert test.sign == found


@given(st.from_regex(r"(?:positive|not detected)[ ,;(]{1,2}[a-z]{4,9} [a-z]{4,9}\)?", fullmatch=True))
def test_no_unknown_words_behind_a_sign_leave_it_standing(value: str) -> None:
    found = heard(value, "result", CONTENT)
    assert bool(found.left) or found.says >= {"positive"} or found.says >= {"negative"}
    if found.left:
        assert sign(value, "Fentanyl in urine") is None


# ---- titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "measure"),
    [
        ("PDMP reviewed by delegate", "pdmp_check"), ("Prescription monitoring program checked today", "pdmp_check"),
        ("Vivitrol injection 380 mg IM", "naltrexone_injection"), ("Sublocade 100 mg subcutaneous injection #4", "buprenorphine_injection"),
        ("12-lead ECG performed", "ecg"), ("Naloxone nasal spray kit dispensed", "naloxone_given"),
        ("Chronic pain management plan", "pain_plan"), ("Opioid risk and benefit review completed", "opioid_review"),
    ],
)  # fmt: skip  # data, read across
def test_a_title_that_is_understood_as_the_thing_done_is_dated(title: str, measure: str) -> None:
    assert dated(measure, procedure(title)) == [ago(3)]


@pytest.mark.parametrize(
    ("title", "measure"),
    [
        ("Vivitrol injection overdue", "naltrexone_injection"), ("Brixadi - awaiting prior auth", "buprenorphine_injection"),
        ("ECG to be scheduled", "ecg"), ("PDMP review - system unavailable, not done", "pdmp_check"),
        ("Take-home naloxone recommended", "naloxone_given"), ("Pain treatment plan not started", "pain_plan"),
    ],
)  # fmt: skip  # data, read across
def test_a_title_that_says_that_it_was_not_done_is_not_counted_and_said(title: str, measure: str) -> None:
    found = imported(procedure(title))
    assert dated(measure, procedure(title)) == []
    assert any("not counted" in note.text for note in found.report.notes)


@pytest.mark.parametrize(
    ("title", "measure"),
    [
        ("Sublocade brochure mailed", "buprenorphine_injection"), ("Vivitrol lump at the site", "naltrexone_injection"),
        ("PDMP account opened", "pdmp_check"), ("EKG machine calibrated", "ecg"), ("ECG ordered and done", "ecg"),
    ],
)  # fmt: skip  # data, read across
def test_a_title_that_is_not_understood_is_open(title: str, measure: str) -> None:
    assert dated(measure, procedure(title)) == [None]


def test_an_injection_that_is_due_leaves_open_whether_the_medicine_is_taken() -> None:
    for title in ("Sublocade injection due", "Brixadi injection planned"):
        [made] = imported(procedure(title)).orders
        assert made.use is None
    [given_] = imported(procedure("Sublocade injection given")).orders
    assert given_.use is True
    consult = imported(procedure("Brixadi injection consult"))  # a service about it is no injection
    assert not consult.orders
    assert any("nothing here reads it" in note.text for note in consult.report.notes)


def test_a_code_of_what_was_done_stands_with_words_that_are_not_read_but_not_against_words() -> None:
    code = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "93000"}], "text": "ECG, w/ interp zorblax"}
    assert dated("ecg", procedure("", code=code)) == [ago(3)]
    assert dated("ecg", procedure("", code=code | {"text": "ECG - cancelled by clinic, due"})) == [None]


@pytest.mark.parametrize(
    ("title", "days"),
    [("Office visit - established patient, level 4", [ago(3)]), ("Office visit, patient did not come", [])],
)
def test_a_visit_that_was_not_made_is_none(title: str, days: list[str]) -> None:
    visit = {
        "resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "type": [{"text": title}],
        "period": {"start": ago(3)},
    }  # fmt: skip  # data, read across
    assert dated("office_visit", visit) == days


# ---- answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "value", "days"),
    [
        ("Opioid overdose", "Yes", [ago(3)]), ("Opioid overdose", "No", []), ("Opioid overdose", "never", []),
        ("Opioid overdose", "Cousin", [None]), ("Opioid overdose", "maybe once", [None]), ("Opioid overdose", "no, only drowsy", [None]),
        ("PDMP reviewed", "Yes - no concerns", [ago(3)]), ("PDMP reviewed", "checked, no aberrant findings", [ago(3)]),
        ("PDMP reviewed", "portal slow, half read", [None]), ("PDMP reviewed", "pending", []),
        ("Naloxone kit given", "given today", [ago(3)]), ("Naloxone kit given", "offered, refused", []),
        ("Naloxone kit given", "left in the car", [None]), ("ECG", "Sinus rhythm, no ischemia", [ago(3)]),
    ],
)  # fmt: skip  # data, read across
def test_an_answer_is_understood_whole_or_leaves_it_open(title: str, value: str, days: list[str | None]) -> None:
    measure = {"Opioid overdose": "overdose", "PDMP reviewed": "pdmp_check", "ECG": "ecg"}.get(title, "naloxone_given")
    assert dated(measure, observed(title, value)) == days


def test_a_count_of_none_is_no() -> None:
    assert dated("overdose", observed("Opioid overdose", valueInteger=0)) == []
    assert dated("overdose", observed("Opioid overdose", valueInteger=2)) == [ago(3)]


def test_an_overdose_that_is_not_understood_is_unknown_and_not_ever() -> None:
    values = derive(imported(observed("Opioid overdose", "Cousin")).profile, content=CONTENT).values
    assert values["overdose_ever"] is None


# ---- what the urine says ------------------------------------------------------------------------------------


def unexpected(name: str, test: str, result: str, **more: Any) -> bool | None:
    made = imported(order(name, 30, 10, **more), observed(test, result))
    return {"unexpected": True, "expected": False}.get(
        next((str(o.value) for o in made.profile.observations if o.measure == "urine_opioid"), "")
    )


def test_a_prodrug_a_breakdown_product_and_a_trace_are_not_unexpected() -> None:
    assert unexpected("Vyvanse 40 mg capsule", "Amphetamines [Presence] in Urine by Screen method", "Positive") is False
    assert unexpected("methamphetamine hydrochloride 5 MG Oral Tablet", "Amphetamine in urine", "Positive") is False
    assert unexpected("morphine sulfate 15 MG Oral Tablet", "Hydromorphone in urine", "Positive") is None
    assert unexpected(OXY, "Hydromorphone in urine", "Positive") is True


def test_a_medicine_as_needed_need_not_be_found() -> None:
    needed = [{"text": "1 tablet every 6 hours as needed for pain"}]
    assert unexpected(OXY, "Oxycodone in urine", "Negative", dosageInstruction=needed) is None
    assert unexpected(OXY, "Oxycodone in urine", "Negative") is True


def test_what_was_taken_shortly_before_may_still_be_found() -> None:
    ended = order(OXY, 30, 35, status="completed")
    found = imported(ended, observed("Oxycodone in urine", "Positive"))
    assert [o.value for o in found.profile.observations if o.measure == "urine_opioid"] == ["expected"]
    long_ago = imported(order(OXY, 30, 60, status="completed"), observed("Oxycodone in urine", "Positive"))
    assert [o.value for o in long_ago.profile.observations if o.measure == "urine_opioid"] == ["unexpected"]


# ---- scores, emergencies, flags -----------------------------------------------------------------------------


def test_a_questionnaire_that_is_not_finished_has_no_total() -> None:
    answered = {
        "resourceType": "QuestionnaireResponse", "id": "q", "authored": ago(1),
        "item": [{"linkId": "44261-6", "answer": [{"valueInteger": 17}]}],
    }  # fmt: skip  # data, read across
    values = {
        status: [o.value for o in imported(answered | {"status": status}).profile.observations if o.measure == "phq9"]
        for status in ("completed", "in-progress")
    }
    assert values == {"completed": [17.0], "in-progress": []}


@pytest.mark.parametrize(("days", "state"), [(0, "possible"), (1, "possible"), (9, "not_asked")])
def test_a_poisoning_coded_today_makes_the_signs_of_an_overdose_the_first_questions(days: int, state: str) -> None:
    made = imported(condition(ICD, "T40.2X1A", onsetDateTime=ago(days)))
    found = case_data(review(made.profile, content=CONTENT))
    [emergency] = [e for e in found["emergencies"] if e["id"] == "overdose_suspected"]
    assert emergency["state"] == state


@pytest.mark.parametrize(("said", "value"), [("1.9 (H)", 1.9), ("1.9 H", 1.9), ("1.9 [LL]", 1.9), ("1.9 (goal)", None)])
def test_a_number_is_read_without_its_flag(said: str, value: float | None) -> None:
    sent = observed("INR", said, code=coded(LOINC, "6301-6", "INR"))
    assert [o.value for o in imported(sent).profile.observations if o.measure == "inr"] == [value]
