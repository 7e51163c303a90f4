"""What was lacking altogether is raised by what is known of the person: requests about MOUD, cures, bowels, tobacco, hormones."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.care.handout import handout
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import Case, review

DAY = "2026-11-02"
WHOLE = {"medicines": "yes", "conditions": "yes", "observations": "yes"}
BASE = {"age_years": 40, "sex": "male", "setting": "outpatient", "oud_status": "active", "main_pain": "back_axial",
        "pain_months": 24}  # fmt: skip  # data, read across
BUPRENORPHINE = {"ingredients": ["buprenorphine"], "dose": {"buprenorphine": 16}, "per_day_min": 1, "per_day_max": 1,
                 "route": "sublingual", "purpose": "oud", "state": "current"}  # fmt: skip  # data, read across
METHADONE = {"ingredients": ["methadone"], "dose": {"methadone": 80}, "per_day_min": 1, "per_day_max": 1, "route": "oral",
             "purpose": "oud", "state": "current", "source": "otp"}  # fmt: skip  # data, read across


def case(*medicines: dict[str, Any], conditions: Any = (), **answers: Any) -> Case:
    listed = [{"id": id} for id in conditions]
    return review(
        Profile.from_dict(
            {"as_of": DAY, "answers": {**BASE, **answers}, "medicines": list(medicines), "conditions": listed,
             "complete": WHOLE}
        )
    )  # fmt: skip  # data, read across


def applying(found: Case) -> set[str]:
    return {f.record.id for f in found.findings.recommendations if f.status == "applies"}


def fit(found: Case, id: str) -> str:
    return found.option(id).fit


REQUESTS = [
    ("stop", BUPRENORPHINE, "request.moud_off"),
    ("lower", METHADONE, "request.moud_lower"),
    ("raise", BUPRENORPHINE, "request.buprenorphine_raise"),
    ("raise", METHADONE, "request.methadone_raise"),
    ("change", METHADONE, "request.moud_change"),
]


@pytest.mark.parametrize(("asked", "medicine", "answer"), REQUESTS)
def test_a_request_about_moud_has_its_answer(asked: str, medicine: dict[str, Any], answer: str) -> None:
    assert {id for id in applying(case(medicine, moud_request=asked)) if id.startswith("request.")} == {answer}


@pytest.mark.parametrize("asked", ["stop", "lower", "change"])
@pytest.mark.parametrize("medicine", [BUPRENORPHINE, METHADONE])
def test_a_request_ends_no_moud_by_itself(asked: str, medicine: dict[str, Any]) -> None:
    found = case_data(case(medicine, moud_request=asked))
    id = "methadone_otp" if medicine is METHADONE else "buprenorphine"
    assert next(o for o in found["options"] if o["id"] == id)["verb"] in ("Keep", "Keep with", "Check")
    assert all(id in {item["id"] for item in plan["items"]} for plan in found["plans"])
    assert all({"naloxone_kit"} <= {item["id"] for item in plan["items"]} for plan in found["plans"])


def test_without_a_request_nothing_is_said_of_one() -> None:
    for answers in ({}, {"moud_request": "keep"}):
        assert not {id for id in applying(case(BUPRENORPHINE, **answers)) if id.startswith("request.")}


def test_the_handout_answers_the_person() -> None:
    text = str(handout(case(BUPRENORPHINE, moud_request="stop")))
    assert "It is your choice" in text
    assert "Do not stop it at once" in text


def test_hepatitis_c_is_to_be_cured_and_drug_use_is_no_reason_to_wait() -> None:
    found = case(BUPRENORPHINE, conditions=("hepatitis_c",), injects_drugs=True, nonprescribed_opioid_use=True)
    assert {"aasld_idsa.hepatitis_c", "cdc_prep.injecting"} <= applying(found)
    assert fit(found, "hepatitis_c_cure") == "indicated"
    assert all("hepatitis_c_cure" in {i["id"] for i in plan["items"]} for plan in case_data(found)["plans"])
    assert fit(case(BUPRENORPHINE), "hepatitis_c_cure") == "not_indicated"
    cured = {"ingredients": ["sofosbuvir", "velpatasvir"], "state": "current"}
    assert "aasld_idsa.hepatitis_c" not in applying(case(BUPRENORPHINE, cured, conditions=("hepatitis_c",)))


def test_hiv_prevention_is_not_offered_to_a_person_with_hiv() -> None:
    found = case(BUPRENORPHINE, conditions=("hiv",), injects_drugs=True)
    assert fit(found, "hiv_prep_care") == "not_indicated"
    assert "cdc_prep.injecting" not in applying(found)


def test_duloxetine_asks_for_the_liver_beside_hepatitis_c() -> None:
    duloxetine = {"ingredients": ["duloxetine"], "state": "proposed"}
    found = case(duloxetine, conditions=("hepatitis_c",))
    assert found.medicines[0].verdict in ("cannot_tell", "start_with")


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("constipation_despite_laxatives", "aga2019.gut_blocker"),
        ("adrenal_signs", "fda_labels.opioid_adrenal"),
        ("hormone_signs", "fda_labels.opioid_hypogonadism"),
        ("smokes_tobacco", "tobacco.help"),
    ],
)
def test_what_is_answered_is_used(answer: str, rule: str) -> None:
    assert rule in applying(case(METHADONE, **{answer: True}))
    assert rule not in applying(case(METHADONE, **{answer: False}))


def test_tobacco_is_a_need_of_its_own() -> None:
    found = case_data(case(METHADONE, smokes_tobacco=True))
    assert next(n for n in found["needs"] if n["id"] == "tobacco")["status"] not in ("not_raised", "cannot_tell")
    patch = {"ingredients": ["nicotine"], "route": "transdermal", "state": "current"}
    kept = case_data(case(METHADONE, patch, smokes_tobacco=True))
    assert next(n for n in kept["needs"] if n["id"] == "tobacco")["status"] == "in_place"


def test_alcohol_beside_moud_gets_a_medicine_that_fits() -> None:
    found = case(METHADONE, conditions=("alcohol_use_disorder",), alcohol_daily=True)
    assert "vadod_sud2021.alcohol_without_naltrexone" in applying(found)
    assert fit(found, "alcohol_medicine") == "indicated"
    assert found.option("naltrexone_xr").verb == "Do not start"


def test_medetomidine_withdrawal_is_an_emergency_and_keeps_moud() -> None:
    storm = {"autonomic_storm": True, "nonprescribed_opioid_use": True, "in_opioid_withdrawal": True}
    found = case_data(case(BUPRENORPHINE, **storm))
    (flag,) = (e for e in found["emergencies"] if e["id"] == "medetomidine_withdrawal")
    assert (flag["state"], flag["level"]) == ("present", "act_now")
    for plan in found["plans"]:
        verbs = {item["id"]: item["verb"] for item in plan["items"]}
        assert verbs["buprenorphine"] in ("Keep", "Keep with", "Check")
        assert verbs["withdrawal_relief"] == "Offer"


def test_kratom_and_nitazenes_count_as_opioids() -> None:
    for name, label in (("kratom", "kratom"), ("7-OH", "7-OH"), ("isotonitazene", "nitazene")):
        entry = {"name": name, "ingredients": [{"kratom": "kratom", "7-OH": "hydroxymitragynine"}.get(name, "nitazene")],
                 "state": "current", "source": "nonprescribed"}  # fmt: skip  # data, read across
        found = case(entry)
        assert found.facts.values["takes_opioid"] is True, label
        assert found.option("naltrexone_xr").verb == "Do not start", label


def test_nalmefene_at_home_is_a_rescue() -> None:
    spray = {"ingredients": ["nalmefene"], "route": "nasal", "state": "current"}
    assert case(METHADONE, spray).facts.values["takes_naloxone_rescue"] is True
    assert case(METHADONE).facts.values["takes_naloxone_rescue"] is False
