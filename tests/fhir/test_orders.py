"""Each window, exclusion, order shape and missing element of the reading over orders, one line each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fhir.requests import (
    FENTANYL,
    ICD,
    LOINC,
    MORPHINE,
    OXY,
    OXY_ER,
    RXNORM,
    SNOMED,
    TODAY,
    Json,
    ago,
    coded,
    condition,
    findings,
    lab,
    order,
    request,
    status,
    statuses,
)

APPLIES, NOT, MET, UNKNOWN = "applies", "does_not_apply", "met", "needs_information"
VISIT: Json = {
    "resourceType": "Encounter",
    "id": "v",
    "status": "finished",
    "class": {"code": "AMB"},
    "period": {"start": ago(100)},
}


def procedure(word: str, days: int | None, **changes: Any) -> Json:
    made: Json = {"resourceType": "Procedure", "id": f"pr-{word}", "status": "completed", "code": coded(SNOMED, word)}
    if days is not None:
        made["performedDateTime"] = ago(days)
    made.update(changes)
    return made


def plan(days: int | None, **changes: Any) -> Json:
    made: Json = {"resourceType": "CarePlan", "id": "cp", "status": "active", "category": [coded(LOINC, "80764-4")]}
    if days is not None:
        made["created"] = ago(days)
    made.update(changes)
    return made


# ---- scope --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("2006-06-03", APPLIES),
        ("2006-06-05", NOT),
        ("1950", APPLIES),
        ("2006", UNKNOWN),
        (None, UNKNOWN),
        ("x", UNKNOWN),
        ("2030-01-01", UNKNOWN),
    ],
)
def test_adults_from_the_18th_birthday(birth: str | None, expected: str) -> None:
    assert status("1", order(), birth=birth) == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (condition(SNOMED, "417357006"), NOT),
        (condition(SNOMED, "417357006", clinicalStatus=coded("", "resolved")), NOT),
        (condition(SNOMED, "417357006", clinicalStatus=None), NOT),
        (condition(ICD, "D57.1", category=None), NOT),
        (condition(ICD, "D57.3"), APPLIES),
        (condition(SNOMED, "417357006", verificationStatus=coded("", "refuted")), APPLIES),
        (condition(SNOMED, "417357006", verificationStatus=coded("", "entered-in-error")), APPLIES),
        (condition(SNOMED, "417357006", verificationStatus=coded("", "provisional")), UNKNOWN),
        (condition(ICD, "C50.911"), NOT),
        (condition(ICD, "C50.911", category=[coded("", "health-concern")]), NOT),
        (condition(ICD, "C50.911", clinicalStatus=coded("", "remission")), APPLIES),
        (condition(ICD, "C50.911", clinicalStatus=coded("", "resolved")), APPLIES),
        (condition(ICD, "C50.911", clinicalStatus=None), UNKNOWN),
        (condition(ICD, "C50.911", category=None), UNKNOWN),
        (condition(ICD, "C50.911", category=[coded("", "encounter-diagnosis")]), APPLIES),
        (condition(ICD, "C79.51", category=[coded("", "encounter-diagnosis")]), NOT),
        (condition(ICD, "Z85.3"), APPLIES),
        (condition(ICD, "D05.11"), APPLIES),
        (condition(SNOMED, "300936002"), NOT),
        (condition(SNOMED, "300936002", clinicalStatus=coded("", "inactive")), APPLIES),
        (condition(ICD, "Z51.5"), NOT),
        (condition(SNOMED, "999", code={"text": "Hospice care"}), NOT),
        (condition(SNOMED, "38341003", code=coded(SNOMED, "38341003", "Hypertensive disorder")), APPLIES),
        (condition(ICD, "I10"), APPLIES),
        (condition(SNOMED, "x", code=None), UNKNOWN),
        (condition(SNOMED, "999999999"), UNKNOWN),
        (procedure("103735009", 30), NOT),
        (procedure("103735009", 400), APPLIES),
        (procedure("103735009", 30, status="not-done"), APPLIES),
        (procedure("103735009", None), UNKNOWN),
        (
            {
                "resourceType": "Encounter",
                "id": "h",
                "status": "finished",
                "period": {"start": ago(60)},
                "hospitalization": {"dischargeDisposition": coded(SNOMED, "428361000124107")},
            },
            NOT,
        ),
        (
            {
                "resourceType": "ServiceRequest",
                "id": "s",
                "status": "active",
                "authoredOn": ago(5),
                "code": coded(SNOMED, "385763009"),
            },
            NOT,
        ),
    ],
)
def test_exclusions(what: Json, expected: str) -> None:
    assert status("1", order(), have=(what,)) == expected


def diagnosis(id: str, encounter: str, **changes: Any) -> Json:
    made = condition(
        ICD,
        "C50.911",
        id=id,
        category=[coded("", "encounter-diagnosis")],
        encounter={"reference": f"Encounter/{encounter}"},
    )
    made.update(changes)
    return made


def visit(id: str, days: int, **changes: Any) -> Json:
    made: Json = {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": "AMB"},
        "period": {"start": ago(days)},
    }
    made.update(changes)
    return made


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (visit("a", 30), visit("b", 300), NOT),
        (visit("a", 30), visit("b", 366), APPLIES),
        (visit("a", 30), visit("b", 365), NOT),
        (visit("a", 30), visit("b", 60, status="cancelled"), APPLIES),
        (visit("a", 30), visit("b", 60, period={}), UNKNOWN),
    ],
)
def test_two_encounters_for_cancer_in_twelve_months(first: Json, second: Json, expected: str) -> None:
    have = (first, second, diagnosis("1", "a"), diagnosis("2", "b"))
    assert status("1", order(), have=have) == expected


def test_two_diagnoses_at_one_encounter_are_one_encounter() -> None:
    have = (visit("a", 30), diagnosis("1", "a"), diagnosis("2", "a", code=coded(ICD, "C50.912")))
    assert status("1", order(), have=have) == APPLIES


def test_no_exclusion_holds_for_recommendation_12() -> None:
    have = (condition(SNOMED, "75544000"), condition(SNOMED, "417357006"), condition(SNOMED, "300936002"))
    assert status("12", have=have, hook="patient-view", birth="2010-01-01") == APPLIES


# ---- what is ordered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "one", "two", "six"),
    [
        (1, APPLIES, NOT, NOT),
        (7, APPLIES, NOT, NOT),
        (8, APPLIES, NOT, APPLIES),
        (27, APPLIES, NOT, APPLIES),
        (28, NOT, APPLIES, NOT),
        (90, NOT, APPLIES, NOT),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_acute_is_under_28_days(days: int | None, one: str, two: str, six: str) -> None:
    found = statuses(request(order(days=days)))
    assert (found["1"], found["2"], found["6"]) == (one, two, six)


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        ({"value": 2, "unit": "weeks"}, APPLIES),
        ({"value": 1, "code": "mo", "unit": "month"}, NOT),
        ({"value": 5}, UNKNOWN),
        ({"value": -5, "unit": "d"}, UNKNOWN),
        ({"value": 0, "unit": "d"}, UNKNOWN),
        ("7 days", UNKNOWN),
        ({"unit": "d"}, UNKNOWN),
        ({"value": 120, "code": "h"}, APPLIES),
    ],
)
def test_units_of_the_supply(supply: Any, expected: str) -> None:
    assert status("1", order(dispenseRequest={"expectedSupplyDuration": supply})) == expected


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ([{"coding": [{"code": "community"}]}], APPLIES),
        ([{"coding": [{"code": "discharge"}]}], APPLIES),
        ([{"coding": [{"code": "inpatient"}]}], NOT),
        ([{"coding": [{"code": "outpatient"}]}], APPLIES),  # with a supply to hand out: for use at home
        (None, UNKNOWN),
        ([], UNKNOWN),
        ([{"coding": [{"code": "zzz"}]}], UNKNOWN),
        ({"coding": [{"code": "community"}]}, APPLIES),
    ],
)
def test_outpatient_orders(category: Any, expected: str) -> None:
    for number in ("1", "9"):
        assert status(number, order(category=category)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (OXY, APPLIES),
        ("tramadol hydrochloride 50 MG Oral Tablet", APPLIES),
        ("codeine sulfate 30 MG Oral Tablet", APPLIES),
        ("168 HR buprenorphine 0.01 MG/HR Transdermal System", APPLIES),
        ("buprenorphine 0.15 MG Buccal Film [Belbuca]", APPLIES),
        ("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", NOT),
        ("buprenorphine 8 MG Sublingual Tablet", NOT),
        ("Suboxone 8 MG / 2 MG Sublingual Film", NOT),
        ("1.5 ML buprenorphine 200 MG/ML Prefilled Syringe [Sublocade]", NOT),
        ("methadone hydrochloride 10 MG Oral Tablet", APPLIES),
        ("naltrexone hydrochloride 50 MG Oral Tablet", NOT),
        ("codeine phosphate 2 MG/ML / guaifenesin 20 MG/ML Oral Solution", NOT),
        ("ibuprofen 600 MG Oral Tablet", NOT),
        ("loperamide hydrochloride 2 MG Oral Capsule", NOT),
        ("simvastatin 20 MG Oral Tablet", NOT),
        ("some new thing", UNKNOWN),
        ("an opioid", UNKNOWN),
        ("", UNKNOWN),
        ("Apadaz 325 MG / 6.12 MG Oral Tablet", APPLIES),
        ("meperidine hydrochloride 50 MG Oral Tablet", APPLIES),
        ("tapentadol 50 MG Oral Tablet", APPLIES),
    ],
)
def test_which_medicines_are_opioids_for_pain(name: str, expected: str) -> None:
    assert status("1", order(name)) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (coded(ICD, "G89.29"), APPLIES),
        (coded(SNOMED, "75544000"), NOT),
        ({"text": "Opioid use disorder"}, NOT),
        ({"text": "low back pain"}, APPLIES),
    ],
)
def test_a_reason_decides_what_it_is_for(reason: Json, expected: str) -> None:
    assert status("1", order("methadone hydrochloride 10 MG Oral Tablet", reasonCode=[reason])) == expected


def test_methadone_without_a_reason() -> None:
    methadone = order("methadone hydrochloride 10 MG Oral Tablet", 5)
    oud = condition(SNOMED, "75544000")
    assert status("3", methadone) == APPLIES
    assert status("3", methadone, have=(oud,)) == NOT
    assert status("12", methadone, have=(oud,)) == MET
    assert status("3", methadone, have=(condition(SNOMED, "75544000", clinicalStatus=coded("", "remission")),)) == NOT


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (OXY_ER, APPLIES),
        (FENTANYL, APPLIES),
        ("MS Contin 15 MG Oral Tablet", APPLIES),
        ("morphine sulfate 30 MG Extended Release Oral Tablet", APPLIES),
        ("methadone hydrochloride 5 MG Oral Tablet", APPLIES),
        ("168 HR buprenorphine 0.01 MG/HR Transdermal System", APPLIES),
        ("24 HR tramadol hydrochloride 100 MG Extended Release Oral Tablet", APPLIES),
        (OXY, NOT),
        (MORPHINE, NOT),
        ("oxycodone", UNKNOWN),
    ],
)
def test_extended_release_and_long_acting(name: str, expected: str) -> None:
    assert status("3", order(name)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "draft"}, APPLIES),
        ({"status": "active"}, APPLIES),
        ({"status": None}, APPLIES),
        ({"status": "cancelled"}, NOT),
        ({"status": "entered-in-error"}, NOT),
        ({"doNotPerform": True}, NOT),
        ({"intent": None}, APPLIES),
        ({"authoredOn": None}, APPLIES),
    ],
)
def test_states_of_a_draft(changes: Json, expected: str) -> None:
    assert status("1", order(**changes)) == expected


def test_a_medicine_may_be_referenced_contained_or_only_a_code() -> None:
    by_code = order(medicationCodeableConcept=coded(RXNORM, "1049502"))
    assert status("3", by_code) == APPLIES
    contained = order(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#m"},
        contained=[{"resourceType": "Medication", "id": "m", "code": coded(RXNORM, "1049502")}],
    )
    assert status("3", contained) == APPLIES
    referenced = order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    medication: Json = {"resourceType": "Medication", "id": "m", "code": coded(RXNORM, "1049640")}
    assert status("3", referenced, have=(medication,)) == NOT
    assert status("3", referenced) == UNKNOWN
    assert status("1", order(medicationCodeableConcept=coded(RXNORM, "99999999"))) == UNKNOWN


def test_a_basket_that_cannot_be_read_is_not_an_empty_one() -> None:
    data = request()
    assert statuses(data)["1"] == NOT
    del data["context"]["draftOrders"]
    assert statuses(data)["1"] == UNKNOWN
    data["context"]["draftOrders"] = "?"
    assert statuses(data)["9"] == UNKNOWN


# ---- opioid-naive -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (order(OXY, 10, 30), NOT),
        (order(OXY, 5, 94), NOT),
        (order(OXY, 5, 95), APPLIES),
        (order(OXY, 5, 300), APPLIES),
        (order(OXY, 30, 119), NOT),
        (order(OXY, 30, 120), APPLIES),
        (order(OXY, 30, 0), APPLIES),
        (order(OXY, 30, 1), NOT),
        (order(OXY, 10, 30, status="completed"), NOT),
        (order(OXY, 10, 30, status="stopped"), NOT),
        (order(OXY, 10, 30, status="cancelled"), APPLIES),
        (order(OXY, 10, 30, status="draft"), APPLIES),
        (order(OXY, 10, 30, status=None), UNKNOWN),
        (order(OXY, 10, 30, status="unknown"), UNKNOWN),
        (order(OXY, 10, 30, authoredOn=None), UNKNOWN),
        (order(OXY, None, 30), NOT),
        (order(OXY, None, 200), UNKNOWN),
        (order(OXY, 10, 30, category=None), UNKNOWN),
        (order(OXY, 10, 30, category=[{"coding": [{"code": "inpatient"}]}]), APPLIES),
        (order("ibuprofen 600 MG Oral Tablet", 10, 30), APPLIES),
        (order("", 10, 30), UNKNOWN),
        (order("", 10, 300), APPLIES),
        (order("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", 28, 30), APPLIES),
        (order(OXY, 10, 30, intent="proposal"), APPLIES),
        (
            {
                "resourceType": "MedicationDispense",
                "id": "d",
                "status": "completed",
                "whenHandedOver": ago(20),
                "medicationCodeableConcept": {"text": OXY},
                "daysSupply": {"value": 5, "unit": "d"},
            },
            NOT,
        ),
        (
            {
                "resourceType": "MedicationStatement",
                "id": "m",
                "status": "completed",
                "effectivePeriod": {"start": ago(40), "end": ago(30)},
                "medicationCodeableConcept": {"text": OXY},
            },
            NOT,
        ),
    ],
)
def test_opioid_naive_is_90_days_without_a_supply(earlier: Json, expected: str) -> None:
    assert status("1", order(), have=(earlier,)) == expected


def test_the_validity_period_starts_a_supply() -> None:
    late = order(
        OXY,
        5,
        200,
        dispenseRequest={"validityPeriod": {"start": ago(30)}, "expectedSupplyDuration": {"value": 5, "unit": "d"}},
    )
    assert status("1", order(), have=(late,)) == NOT
    early = order(
        OXY,
        5,
        10,
        dispenseRequest={"validityPeriod": {"start": ago(200)}, "expectedSupplyDuration": {"value": 5, "unit": "d"}},
    )
    assert status("1", order(), have=(early,)) == APPLIES


# ---- 2, 7, 8, 9 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (plan(90), MET),
        (plan(91), APPLIES),
        (plan(400, meta={"lastUpdated": ago(5) + "T08:00:00Z"}), MET),
        (plan(400, meta={"lastUpdated": ago(-1) + "T02:00:00Z"}), MET),  # this evening, in the Americas
        (plan(None, meta={"lastUpdated": ago(-1) + "T02:00:00Z"}), MET),
        (plan(400, meta={"lastUpdated": ago(-1) + "T14:00:00Z"}), APPLIES),
        (plan(400, meta=ago(-1) + "T02:00:00Z", text=ago(-1) + "T02:00:00Z"), APPLIES),
        (plan(5, status="draft"), APPLIES),
        (plan(5, status="entered-in-error"), APPLIES),
        (plan(5, category=[coded(LOINC, "34133-9", "Diabetes plan")]), APPLIES),
        (procedure("408957008", 20), MET),
    ],
)
def test_a_pain_plan_in_90_days(what: Json, expected: str) -> None:
    assert status("2", order(days=30), have=(what,)) == expected


def test_a_pain_plan_without_a_date_is_to_be_confirmed() -> None:
    found = findings(request(order(days=30), have=(plan(None),)))["2"]
    assert (found.status, found.confirm) == (APPLIES, True)
    assert found.asks


@pytest.mark.parametrize(
    ("earlier", "more", "expected"),
    [
        ((order(OXY, 7, 8),), (VISIT,), APPLIES),
        ((order(OXY, 6, 8),), (VISIT,), NOT),
        ((order(OXY, 30, 30),), (VISIT,), APPLIES),
        ((order(OXY, 30, 7),), (VISIT,), APPLIES),
        ((order(OXY, 30, 6),), (VISIT,), NOT),
        ((order(OXY, 7, 8),), (), NOT),
        ((order(OXY, 7, 8),), (visit("v", 366),), NOT),
        ((order(OXY, 7, 8),), (visit("v", 20, **{"class": {"code": "IMP"}}),), NOT),
        ((order(OXY, 7, 8),), (visit("v", 20, **{"class": None}),), UNKNOWN),
        ((order(OXY, 4, 9), order(MORPHINE, 4, 4)), (VISIT,), APPLIES),
        ((order(OXY, 4, 9), order(MORPHINE, 4, 9)), (VISIT,), NOT),
        ((order(OXY, 90, 90),), (), APPLIES),
        ((order(OXY, 62, 90),), (), NOT),
        ((order(OXY, 21, 90), order(OXY, 21, 60), order(OXY, 21, 30)), (), APPLIES),
        ((order(OXY, 21, 90), order(OXY, 20, 60), order(OXY, 21, 30)), (), NOT),
        ((order(OXY, None, 8),), (VISIT,), UNKNOWN),
        ((order(OXY, 7, 8),), (VISIT, procedure("454281000124100", 90)), MET),
        ((order(OXY, 7, 8),), (VISIT, procedure("454281000124100", 91)), APPLIES),
    ],
)
def test_re_evaluation(earlier: tuple[Json, ...], more: tuple[Json, ...], expected: str) -> None:
    assert status("7", order(days=30), have=(*earlier, *more)) == expected


def test_re_evaluation_is_for_lasting_pain() -> None:
    assert status("7", order(days=10), have=(order(OXY, 7, 8), VISIT)) == NOT
    assert status("7", have=(order(OXY, 30, 20), VISIT), hook="patient-view") == APPLIES


NALOXONE = "naloxone hydrochloride 40 MG/ML Nasal Spray"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (order(NALOXONE, None, 30), MET),
        (order(NALOXONE, None, 731), APPLIES),
        (order(NALOXONE, None, 30, status="completed"), APPLIES),
        (order(NALOXONE, None, 30, status="cancelled"), APPLIES),
        (order("naloxone 0.5 MG / pentazocine 50 MG Oral Tablet", 5, 30), APPLIES),
        (order("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", 28, 5), APPLIES),
        (order("naltrexone hydrochloride 50 MG Oral Tablet", 5, 5), APPLIES),
        (order(NALOXONE, None, 30, medicationCodeableConcept=coded(RXNORM, "1191212")), MET),
    ],
)
def test_naloxone_on_file(what: Json, expected: str) -> None:
    assert status("8", order(days=30), have=(what,)) == expected


def test_naloxone_in_the_same_basket_counts() -> None:
    assert status("8", order(days=30), order(NALOXONE, None)) == MET


@pytest.mark.parametrize(
    ("draft", "what", "expected"),
    [
        (order(days=30), None, APPLIES),
        (order(days=5), None, NOT),
        (order(days=None), None, UNKNOWN),
        (order(days=5), order("alprazolam 0.5 MG Oral Tablet", 30, 10), APPLIES),
        (order(days=5), order("gabapentin 300 MG Oral Capsule", 30, 10), APPLIES),
        (order(days=5), order("phentermine hydrochloride 37.5 MG Oral Tablet", 30, 10), NOT),
        (order(days=5), condition(SNOMED, "78275009"), APPLIES),
        (order(days=5), condition(ICD, "F10.20"), APPLIES),
        (order(days=5), condition(ICD, "F11.21"), APPLIES),
        (order(days=5), condition(ICD, "F17.210"), NOT),
        (order(days=5), condition(ICD, "T40.2X1A"), APPLIES),
        (order(days=5, times=7), None, APPLIES),
        (order(days=5), condition(ICD, "J44.9"), APPLIES),
    ],
)
def test_reasons_to_have_naloxone(draft: Json, what: Json | None, expected: str) -> None:
    have = () if what is None else (what,)
    assert status("8", draft, have=have) == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (procedure("461621000124108", 90), MET),
        (procedure("461621000124108", 91), APPLIES),
        (procedure("461621000124108", 0), MET),
        (procedure("461621000124108", 10, status="not-done"), APPLIES),
        (procedure("461621000124108", None), APPLIES),
        (procedure("461621000124108", 10, performedDateTime=None, performedPeriod={"start": ago(10)}), MET),
        (procedure("1", 10, code={"text": "PDMP reviewed"}), MET),
    ],
)
def test_the_pdmp_in_90_days(what: Json, expected: str) -> None:
    assert status("9", order(), have=(what,)) == expected


# ---- dose ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drafts", "have", "mme", "expected"),
    [
        ((order(OXY, 30, times=6),), (), 45, NOT),
        ((order(OXY, 30, times=7),), (), 52.5, APPLIES),
        ((order(MORPHINE, 30, times=3),), (order(OXY, 30, 5, times=1),), 52.5, APPLIES),
        ((order(MORPHINE, 30, times=3),), (order(OXY, 30, 5, times=1, status="completed"),), None, UNKNOWN),
        ((order(MORPHINE, 30, times=3),), (order(OXY, 30, 5, times=1, status="on-hold"),), None, UNKNOWN),
        ((order(MORPHINE, 30, times=3),), (order(OXY, 30, 800, times=1),), None, UNKNOWN),
        ((order(MORPHINE, 30, times=4),), (order(OXY, 30, 800, times=1),), None, APPLIES),
        ((order(MORPHINE, 30, times=3),), (order("methadone hydrochloride 10 MG Oral Tablet", 30, 5),), 92, APPLIES),
        ((order(MORPHINE, 30, times=3),), (order("buprenorphine 8 MG Sublingual Tablet", 30, 5),), 45, NOT),
        ((order(MORPHINE, 30, times=3),), (order("an opioid of some kind", 30, 5),), None, UNKNOWN),
        ((order(FENTANYL, 30),), (), 60, APPLIES),
        ((order(FENTANYL, 30, units=2),), (), 120, APPLIES),
        ((order("hydrocodone bitartrate 10 MG / acetaminophen 325 MG Oral Tablet", 30, times=4),), (), 40, NOT),
        ((order("tramadol hydrochloride 50 MG Oral Tablet", 30, times=4, units=2),), (), 80, APPLIES),
        ((order("tapentadol 50 MG Oral Tablet", 30, times=3),), (), 60, APPLIES),
        ((order("codeine sulfate 60 MG Oral Tablet", 30, times=4),), (), 36, NOT),
        ((order("oxymorphone hydrochloride 10 MG Oral Tablet", 30, times=2),), (), 60, APPLIES),
        ((order(OXY, 30, dosageInstruction=None),), (), None, UNKNOWN),
        ((order(FENTANYL, 30, dosageInstruction=None),), (), None, APPLIES),
        ((order("levorphanol tartrate 2 MG Oral Tablet", 30, times=4),), (), None, UNKNOWN),
        ((order("ibuprofen 600 MG Oral Tablet", 5),), (), 0, NOT),
        ((order(OXY, 5, times=4), order(OXY, 5, times=4, id="again")), (), 60, APPLIES),
    ],
)
def test_dose(drafts: tuple[Json, ...], have: tuple[Json, ...], mme: float | None, expected: str) -> None:
    found = findings(request(*drafts, have=have))["dose_50"]
    assert (found.mme_per_day, found.status) == (mme, expected)


def test_as_needed_has_a_lower_bound_of_none() -> None:
    lines = [
        {
            "asNeededBoolean": True,
            "timing": {"repeat": {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}},
            "doseAndRate": [{"doseRange": {"low": {"value": 1}, "high": {"value": 2}}}],
        }
    ]
    found = findings(request(order(OXY, 10, dosageInstruction=lines)))["dose_50"]
    assert (found.mme_per_day, found.mme_per_day_min, found.status) == (90, 0, APPLIES)


def test_a_renewal_takes_the_place_of_a_supply_that_has_ended() -> None:
    earlier = tuple(order(OXY, 30, days, times=4, id=f"m{days}") for days in (31, 61, 91))
    assert findings(request(order(OXY, 30, times=4), have=earlier))["dose_50"].mme_per_day == 30
    running = order(OXY, 30, 10, times=4, id="running")
    assert findings(request(order(OXY, 30, times=4), have=(running,)))["dose_50"].mme_per_day == 60


# ---- 10 -----------------------------------------------------------------------------------------------------

OXY_TEST, OPIATES, COCAINE, FENTANYL_TEST, BENZO = "11246-6", "19295-5", "70146-6", "59673-4", "14316-4"


@pytest.mark.parametrize(
    ("tests", "orders", "expected"),
    [
        ((), (), APPLIES),
        ((lab(COCAINE, "NEG", 365),), (), MET),
        ((lab(COCAINE, "NEG", 366),), (), APPLIES),
        ((lab(COCAINE, "POS", 100),), (), APPLIES),
        ((lab(OXY_TEST, "POS", 20),), (order(OXY, 30, 40),), MET),
        ((lab(OXY_TEST, "POS", 20),), (order(OXY, 30, 20),), APPLIES),
        ((lab(OXY_TEST, "POS", 20),), (order(OXY, 5, 52),), APPLIES),
        ((lab(OXY_TEST, "POS", 20),), (order(OXY, 5, 51),), MET),
        ((lab(OXY_TEST, "NEG", 20),), (order(OXY, 30, 40),), APPLIES),
        ((lab(OXY_TEST, "NEG", 20),), (order(OXY, 5, 60),), MET),
        ((lab(OXY_TEST, "NEG", 20),), (), MET),
        ((lab(OPIATES, "POS", 20),), (order(MORPHINE, 30, 30),), MET),
        ((lab(OPIATES, "NEG", 20),), (order(OXY, 30, 30),), MET),
        ((lab(OPIATES, "NEG", 20),), (order(MORPHINE, 30, 30),), APPLIES),
        ((lab(FENTANYL_TEST, "Detected", 20),), (), APPLIES),
        ((lab(BENZO, "Positive", 20),), (order("lorazepam 1 MG Oral Tablet", 30, 30),), MET),
        ((lab(BENZO, "Negative", 20),), (), MET),
        ((lab(OXY_TEST, None, 20),), (), APPLIES),
        ((lab(COCAINE, "NEG", None),), (), APPLIES),
        ((lab(COCAINE, "NEG", 20) | {"status": "cancelled"},), (), APPLIES),
        ((lab("x", "NEG", 20) | {"code": {"text": "Cocaine [Presence] in Urine"}},), (), MET),
        ((lab("2345-7", "NEG", 20) | {"code": {"text": "Glucose in Urine"}},), (), APPLIES),
        ((lab("19415-9", "POS", 20),), (), MET),
        ((lab(OXY_TEST, "POS", 20),), (order(OXY, 30, 40, status="cancelled"),), APPLIES),
    ],
)
def test_drug_tests(tests: tuple[Json, ...], orders: tuple[Json, ...], expected: str) -> None:
    assert status("10", order(MORPHINE, 30), have=(*tests, *orders)) == expected


def test_drug_tests_are_for_lasting_pain() -> None:
    assert status("10", order(OXY, 10)) == NOT
    assert status("10", have=(order(OXY, 30, 20),), hook="patient-view") == APPLIES
    assert status("10", have=(order(OXY, 10, 20),), hook="patient-view") == NOT


# ---- 11, 12 -------------------------------------------------------------------------------------------------

LORAZEPAM = "lorazepam 1 MG Oral Tablet"


@pytest.mark.parametrize(
    ("have", "expected"),
    [
        ((order(LORAZEPAM, 30, 10),), APPLIES),
        ((order(LORAZEPAM, 30, 730),), APPLIES),
        ((order(LORAZEPAM, 30, 731),), UNKNOWN),  # called active: whether it is taken is not known
        ((order(LORAZEPAM, 30, 10, status="completed"),), UNKNOWN),  # what was handed out may still last
        ((order(LORAZEPAM, 30, 31, status="completed"),), NOT),
        ((order(LORAZEPAM, 30, 10, status="stopped"),), NOT),
        ((order(LORAZEPAM, 30, 10, status="on-hold"),), UNKNOWN),
        ((order(LORAZEPAM, 30, 10, status=None),), UNKNOWN),
        ((order(LORAZEPAM, 30, 10, authoredOn=None),), UNKNOWN),
        ((order("pregabalin 75 MG Oral Capsule", 30, 10),), APPLIES),
        ((order("zolpidem tartrate 10 MG Oral Tablet", 30, 10),), APPLIES),
        ((order("carisoprodol 350 MG Oral Tablet", 30, 10),), APPLIES),
        ((order("cyclobenzaprine hydrochloride 10 MG Oral Tablet", 30, 10),), APPLIES),
        ((order("quetiapine 100 MG Oral Tablet", 30, 10),), APPLIES),
        ((order("phentermine hydrochloride 37.5 MG Oral Tablet", 30, 10),), NOT),
        ((order("sertraline 50 MG Oral Tablet", 30, 10),), NOT),
        ((order("methylphenidate hydrochloride 10 MG Oral Tablet", 30, 10),), NOT),
        ((order("levothyroxine sodium 0.1 MG Oral Tablet", 30, 10),), NOT),
        ((order("", 30, 10),), UNKNOWN),
        ((order(LORAZEPAM, 30, 10, category=[{"coding": [{"code": "inpatient"}]}]),), NOT),
        ((), NOT),
    ],
)
def test_opioid_with_a_sedative(have: tuple[Json, ...], expected: str) -> None:
    assert status("11", order(), have=have) == expected


def test_opioid_with_a_sedative_either_way_round() -> None:
    assert status("11", order(LORAZEPAM, 30), have=(order(OXY, 30, 10),)) == APPLIES
    assert status("11", order(LORAZEPAM, 30), order()) == APPLIES
    assert status("11", have=(order(LORAZEPAM, 30, 5), order(OXY, 30, 10)), hook="patient-view") == APPLIES
    # as in a review: the opioid of a treatment adds to a sedative too, and is kept
    assert status("11", order(LORAZEPAM, 30), have=(order("buprenorphine 8 MG Sublingual Tablet", 30, 10),)) == APPLIES


@pytest.mark.parametrize(
    ("oud", "have", "expected"),
    [
        (condition(SNOMED, "75544000"), (), APPLIES),
        (condition(ICD, "F11.20"), (), APPLIES),
        (condition(ICD, "F11.10"), (), APPLIES),
        (condition(ICD, "F11.21"), (), NOT),
        (condition(ICD, "F11.90"), (), UNKNOWN),  # "use, unspecified" neither says nor denies a disorder
        (condition(ICD, "F19.20"), (), UNKNOWN),  # nor which substances it is of
        (condition(ICD, "F10.20"), (), NOT),
        (condition(ICD, "F14.20"), (), NOT),
        (condition(SNOMED, "75544000", clinicalStatus=coded("", "remission")), (), NOT),
        (condition(SNOMED, "75544000", clinicalStatus=coded("", "resolved")), (), NOT),
        (condition(SNOMED, "75544000", clinicalStatus=coded("", "relapse")), (), APPLIES),
        (condition(SNOMED, "75544000", clinicalStatus=None), (), UNKNOWN),
        (condition(SNOMED, "75544000", verificationStatus=coded("", "refuted")), (), NOT),
        (condition(SNOMED, "x", code={"text": "Opioid use disorder, severe"}), (), APPLIES),
        (condition(SNOMED, "75544000"), (order("methadone hydrochloride 10 MG Oral Tablet", 28, 90),), MET),
        (
            condition(SNOMED, "75544000"),
            (order("methadone hydrochloride 10 MG Oral Tablet", 28, 120, status="completed"),),
            APPLIES,
        ),
        (
            condition(SNOMED, "75544000"),
            (order("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", 28, 10, status="completed"),),
            MET,
        ),
        (
            condition(SNOMED, "75544000"),
            (order("buprenorphine 8 MG / naloxone 2 MG Sublingual Film", 28, 10, status="cancelled"),),
            APPLIES,
        ),
        (condition(SNOMED, "75544000"), (order("naltrexone 380 MG Injection [Vivitrol]", 28, 10),), MET),
        (condition(SNOMED, "75544000"), (order("naltrexone hydrochloride 50 MG Oral Tablet", 28, 10),), APPLIES),
        (
            condition(SNOMED, "75544000"),
            (order("methadone hydrochloride 10 MG Oral Tablet", 28, 10, reasonCode=[{"text": "chronic pain"}]),),
            APPLIES,
        ),
        (condition(SNOMED, "75544000"), (order(NALOXONE, None, 10),), APPLIES),
    ],
)
def test_oud_and_its_medicines(oud: Json, have: tuple[Json, ...], expected: str) -> None:
    assert status("12", have=(oud, *have), hook="patient-view") == expected


def test_an_empty_chart_and_an_unknown_one() -> None:
    found = statuses(request(hook="patient-view"))
    assert set(found.values()) == {NOT}
    data = request(hook="patient-view")
    data["prefetch"]["meds"] = {"resourceType": "OperationOutcome", "issue": []}
    found = statuses(data)
    assert found["9"] == found["11"] == found["12"] == UNKNOWN


def test_a_list_with_more_pages_is_not_whole() -> None:
    data = request(hook="patient-view")
    data["prefetch"]["meds"] = {"resourceType": "Bundle", "type": "searchset", "total": 9, "entry": []}
    assert statuses(data)["9"] == UNKNOWN
    data["prefetch"]["meds"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    assert statuses(data)["9"] == NOT


def test_settings_of_a_site() -> None:
    from pathways.fhir import FhirError, order_findings, read

    data = request(order(), have=(procedure("461621000124108", 40),))
    found = {f.record.id: f.status for f in order_findings(read(data, TODAY, settings={"pdmp_days": 30}))}
    assert found["cdc2022.9"] == APPLIES
    for wrong in ({"no_such": 1}, {"pdmp_days": 0}, {"pdmp_days": 1e9}):
        with pytest.raises(FhirError):
            read(data, TODAY, settings=wrong)


def test_orders_tell_every_fact_that_the_content_says_they_tell_and_no_other() -> None:
    from pathways.content import load_content
    from pathways.fhir import read
    from pathways.fhir.orders import order_facts

    content = load_content()
    assert order_facts(read(request(order()), TODAY), content).values.keys() == content.order_inputs.keys()


def test_every_rule_over_orders_ends_in_facts_that_orders_tell() -> None:
    from pathways.content import load_content
    from pathways.language import facts_of

    content = load_content()
    texts = [text for record in content.read_over_orders for text in record.over_orders if text]
    texts += [when for id in content.order_definitions if (when := content.facts[id].when)]
    assert len(content.read_over_orders) == 13
    known = {*content.order_inputs, *content.order_definitions, "setting"}  # only orders for use at home are read
    assert set().union(*(facts_of(content.node(text)) for text in texts)) <= known


@pytest.mark.parametrize(
    ("own", "read_by"),
    [
        (None, ("adult", "takes_moud")),
        ({}, ("adult", "takes_moud")),
        ({"when": "has_oud"}, ("has_oud", None)),
        ({"when": "has_oud", "done": "older_adult"}, ("has_oud", "older_adult")),
        ({"done": "older_adult"}, ("adult", "older_adult")),
    ],
)
def test_a_window_of_orders_takes_the_place_of_the_conditions(
    own: Json | None, read_by: tuple[str, str | None]
) -> None:
    from pathways.content import load_content
    from pathways.content import models as m

    record = load_content().recommendations["cdc2022.12"]
    cases = ({"given": {}, "expect": "needs_information"},) if own else ()
    about = {"says": "In words.", "row": "A-R12", "source": {"id": "cdc2022", "at": "x", "confidence": "recall"}}
    window = None if own is None else m.OrderWindow.model_validate({**about, **own, "cases": cases})
    changed = record.model_copy(update={"when": "adult", "done": "takes_moud", "orders": window})
    assert changed.over_orders == read_by
    for wrong in ({"cases": [{"given": {}, "expect": "applies"}]}, {"when": "adult"}):
        with pytest.raises(ValueError, match="cases"):
            m.OrderWindow.model_validate({**about, **wrong})


def test_age_is_reckoned_on_the_day_of_evaluation() -> None:
    data = request(order(), birth="2006-06-03")
    assert statuses(data, date(2024, 6, 1))["1"] == NOT
