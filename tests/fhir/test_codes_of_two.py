"""Codes with two meanings, codes beside a text that says less, and self-harm: nothing that may be there is closed."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.facts import derive
from pathways.fhir.reading import read
from tests.fhir.requests import ICD, SNOMED, TODAY, Json, ago, condition, request

ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"


def facts(*have: Json) -> dict[str, Any]:
    return dict(derive(read(request(hook="patient-view", have=have), TODAY).profile).values)


def coded_as(code: str, text: str = "", system: str = ICD, **changes: Any) -> Json:
    made = condition(system, code, **changes)
    made["code"] |= {"text": text} if text else {}
    return made


BOTH = {
    "I11.0": "hypertension heart_failure heart_disease",
    "I11.9": "hypertension heart_disease",
    "I12.0": "hypertension kidney_failure",
    "I12.9": "hypertension ckd",
    "I13.0": "hypertension heart_failure ckd",
    "I13.10": "hypertension heart_disease ckd",
    "I13.11": "hypertension kidney_failure",
    "I13.2": "hypertension heart_failure kidney_failure",
    "I16.0": "hypertension hypertension_uncontrolled",
    "I1A.0": "hypertension",
    "O10.212": "hypertension ckd",
    "E08.22": "diabetes ckd",
    "E11.22": "diabetes ckd",
    "E10.42": "diabetes pain_neuropathy_diabetic pain_neuropathic",
    "E09.40": "diabetes pain_neuropathy_diabetic",
    "E11.51": "diabetes heart_disease",
    "O24.112": "diabetes",
    "D63.1": "ckd",
    "Z91.158": "kidney_failure",
    "Z49.31": "kidney_failure",
    "K70.30": "cirrhosis liver_disease",
    "K71.7": "cirrhosis",
    "B17.10": "hepatitis_c liver_failure_or_acute_hepatitis",
    "B18.2": "hepatitis_c hepatitis_viral",
    "B18.8": "liver_disease",
    "E66.2": "obesity sleep_apnea",
    "O99.212": "obesity",
    "F25.0": "psychosis bipolar",
    "F25.1": "psychosis depression",
    "F34.1": "depression",
    "F53.0": "depression",
    "F06.31": "depression",
    "F06.33": "bipolar",
    "F06.4": "anxiety",
    "G31.09": "delirium_or_dementia",
    "I21.4": "heart_attack_recent ischaemic_heart_disease",
    "Z95.1": "ischaemic_heart_disease",
    "Z95.5": "ischaemic_heart_disease",
    "I48.0": "conduction_disease heart_disease",
    "M05.30": "pain_inflammatory_arthritis heart_disease",
    "M05.50": "pain_inflammatory_arthritis pain_neuropathic",
    "M80.051A": "osteoporosis falls_or_fracture",
    "Z87.310": "falls_or_fracture",
    "K57.31": "peptic_ulcer_or_gi_bleed",
    "K29.01": "peptic_ulcer_or_gi_bleed",
    "I85.11": "peptic_ulcer_or_gi_bleed",
    "J44.89": "copd asthma",
    "O98.712": "hiv",
    "G43.E09": "pain_migraine pain_migraine_chronic",
    "M47.26": "pain_back_radicular",
    "G60.9": "pain_neuropathic",
    "X78.1XXA": "suicide_attempt_ever",
    "T42.4X2A": "suicide_attempt_ever",
    "Z91.51": "suicide_attempt_ever",
}
NOT_CLOSED = {
    "E10.21": "ckd",
    "E11.21": "ckd",
    "E11.29": "ckd",
    "E13.29": "ckd",
    "E11.59": "heart_disease",
    "K70.30": "alcohol_use_disorder",
    "K70.10": "alcohol_use_disorder",
    "K70.41": "alcohol_use_disorder cirrhosis",
    "K29.20": "alcohol_use_disorder",
    "I42.6": "alcohol_use_disorder heart_failure",
    "G62.1": "alcohol_use_disorder",
    "K86.0": "alcohol_use_disorder",
    "F10.27": "delirium_or_dementia",
    "F10.231": "delirium_or_dementia",
    "F10.26": "delirium_or_dementia",
    "F11.24": "depression bipolar",
    "F11.259": "psychosis",
    "F15.280": "anxiety",
    "F10.282": "insomnia_disorder",
    "F19.20": "oud_coded stimulant_use_disorder",
    "F11.90": "oud_coded",
    "F14.90": "stimulant_use_disorder",
    "O99.322": "oud_coded stimulant_use_disorder",
    "O99.312": "alcohol_use_disorder",
    "F25.9": "bipolar depression",
    "F31.5": "psychosis",
    "F33.3": "psychosis",
    "F39": "depression bipolar",
    "F43.23": "depression anxiety",
    "F43.0": "ptsd",
    "F03.911": "delirium_or_dementia",
    "F03.93": "depression",
    "F50.9": "eating_disorder",
    "I25.5": "heart_failure",
    "I47.20": "heart_disease",
    "I63.9": "stroke_or_tia",
    "K76.6": "cirrhosis",
    "K76.7": "ckd cirrhosis",
    "K72.90": "cirrhosis",
    "K74.00": "cirrhosis",
    "E27.40": "adrenal_or_electrolyte",
    "G89.3": "cancer_active cancer_history",
    "Z51.11": "cancer_active",
    "D63.0": "cancer_active",
    "N17.9": "ckd",
    "Z94.0": "ckd",
    "M47.816": "pain_back_axial pain_back_radicular",
    "M48.062": "pain_back_axial",
    "M50.121": "pain_neuropathic",
    "M54.12": "pain_neck",
    "S13.4XXA": "pain_neck",
    "N40.1": "urinary_retention",
    "H40.9": "glaucoma_narrow_angle",
    "K40.30": "gut_obstruction",
    "G93.41": "delirium_or_dementia",
    "Z86.19": "hepatitis_c",
    "Z91.5": "suicide_attempt_ever",
    "E11": "ckd pain_neuropathy_diabetic",
    "F10": "alcohol_use_disorder",
    "T40": "suicide_attempt_ever",
    "I50": "heart_failure",
}
NINE = {
    "250.40": "diabetes ckd",
    "250.70": "diabetes heart_disease",
    "250.60": "diabetes pain_neuropathic",
    "403.91": "hypertension kidney_failure",
    "404.93": "hypertension heart_failure kidney_failure",
    "404.11": "hypertension heart_failure ckd",
    "571.2": "cirrhosis alcohol_use_disorder",
    "291.2": "alcohol_use_disorder delirium_or_dementia",
    "295.70": "psychosis bipolar",
    "278.03": "obesity sleep_apnea",
    "493.20": "asthma copd",
    "304.80": "oud_coded",
    "357.5": "alcohol_use_disorder pain_neuropathic",
    "357.2": "diabetes pain_neuropathic",
    "410.71": "heart_attack_recent ischaemic_heart_disease",
    "E950.0": "suicide_attempt_ever",
    "296.54": "bipolar psychosis",
    "309.28": "depression anxiety",
    "585.6": "kidney_failure",
    "304": "oud_coded",
}


@pytest.mark.parametrize(("code", "groups"), BOTH.items())
def test_a_code_of_two_groups_is_in_both(code: str, groups: str) -> None:
    found = facts(coded_as(code))
    assert {group: found[f"has_{group}"] for group in groups.split()} == dict.fromkeys(groups.split(), True)


@pytest.mark.parametrize(("code", "groups"), NOT_CLOSED.items())
def test_a_code_that_may_mean_a_group_does_not_close_it(code: str, groups: str) -> None:
    found = facts(coded_as(code))
    assert False not in {found[f"has_{group}"] for group in groups.split()}


@pytest.mark.parametrize(("code", "groups"), NINE.items())
def test_codes_of_icd_9_that_mean_two(code: str, groups: str) -> None:
    found = facts(coded_as(code, system=ICD9))
    assert False not in {found[f"has_{group}"] for group in groups.split()}


LESS = [
    ("F11.20", "Opioid dependence, in remission", "oud_coded"),
    ("F11.20", "History of opioid dependence", "oud_coded"),
    ("F11.20", "Concern for opioid use disorder", "oud_coded"),
    ("F11.20", "OUD?", "oud_coded"),
    ("F11.20", "Mother with opioid use disorder", "oud_coded"),
    ("F11.20", "Opioid use disorder, ruled out", "oud_coded"),
    ("F10.20", "Alcohol dependence, in remission", "alcohol_use_disorder"),
    ("F10.20", "Alcohol use disorder, resolved", "alcohol_use_disorder"),
    ("F10.10", "Alcohol abuse in the past", "alcohol_use_disorder"),
    ("C50.919", "History of breast cancer", "cancer_active"),
    ("C50.919", "Breast cancer, in remission", "cancer_active"),
    ("C18.9", "Possible colon cancer", "cancer_active"),
    ("C61", "Prostate cancer, NED", "cancer_active"),
    ("G47.33", "R/O OSA", "sleep_apnea"),
    ("G47.33", "Suspected sleep apnea", "sleep_apnea"),
    ("G47.33", "OSA, resolved", "sleep_apnea"),
    ("K74.60", "Possible cirrhosis", "cirrhosis"),
    ("F33.1", "MDD, recurrent, in full remission", "depression"),
    ("N18.30", "? CKD stage 3", "ckd"),
    ("B18.2", "Hepatitis C, SVR12", "hepatitis_c"),
    ("B18.2", "Hep C, treated", "hepatitis_c"),
    ("J44.9", "Probable COPD", "copd"),
    ("F31.9", "Bipolar disorder vs borderline personality disorder", "bipolar"),
    ("I50.9", "Family history of heart failure", "heart_failure"),
]


@pytest.mark.parametrize(("code", "text", "group"), LESS)
def test_a_code_does_not_overrule_its_own_text(code: str, text: str, group: str) -> None:
    made = coded_as(code, text)
    assert facts(made)[f"has_{group}"] is None
    made["code"]["coding"][0]["display"] = "Zorblax"
    assert facts(made)[f"has_{group}"] is None


@pytest.mark.parametrize(
    ("code", "text", "group"),
    [
        ("F11.20", "Opioid dependence, uncomplicated", "oud_coded"),
        ("F11.20", "Opioid use disorder on buprenorphine", "oud_coded"),
        ("F11.20", "OUD, not in remission", "oud_coded"),
        ("C50.919", "Breast cancer", "cancer_active"),
        ("G47.33", "OSA on CPAP", "sleep_apnea"),
        ("N18.30", "CKD stage 3", "ckd"),
        ("I63.9", "Old stroke", "stroke_or_tia"),
        ("Z85.3", "Personal history of breast cancer", "cancer_history"),
        ("Z86.73", "History of TIA", "stroke_or_tia"),
        ("Z87.11", "History of peptic ulcer", "peptic_ulcer_or_gi_bleed"),
    ],
)
def test_a_text_that_says_the_same_changes_nothing(code: str, text: str, group: str) -> None:
    assert facts(coded_as(code, text))[f"has_{group}"] is True


def test_a_state_that_code_and_text_agree_on_stays() -> None:
    over = {"clinicalStatus": {"coding": [{"code": "remission"}]}}
    assert facts(coded_as("F10.20", "Alcohol dependence, in remission", **over))["has_alcohol_use_disorder"] is False
    assert facts(coded_as("F11.21", "Opioid dependence, in remission"))["has_oud_coded"] is False


@pytest.mark.parametrize(
    "code",
    [
        "T36.0X2A",
        "T39.012A",
        "T39.1X2D",
        "T40.1X2A",
        "T40.412S",
        "T42.4X2A",
        "T43.012A",
        "T50.902A",
        "T51.0X2A",
        "T58.02XA",
        "T36.92XA",
        "T65.892A",
        "T71.112A",
        "X74.9XXA",
        "Z91.51",
    ],
)
def test_self_harm_is_a_suicide_attempt(code: str) -> None:
    assert facts(coded_as(code))["has_suicide_attempt_ever"] is True


@pytest.mark.parametrize(
    "code", ["T36.0X1A", "T40.2X1A", "T40.421A", "T42.4X5A", "T58.01XA", "T65.891A", "W19.XXXA", "F33.1"]
)
def test_accidents_and_side_effects_are_none(code: str) -> None:
    assert facts(coded_as(code))["has_suicide_attempt_ever"] is False


@pytest.mark.parametrize(
    ("made", "within_year", "ever"),
    [
        (coded_as("T40.2X2A"), True, True),
        (coded_as("T40.1X1A"), True, True),
        (coded_as("T40.1X1A", "Heroin overdose in 2009"), False, True),
        (coded_as("T40.1X1A", "Heroin overdose in 2024"), True, True),
        (coded_as("T40.1X1A", "History of heroin overdose"), None, None),
        (coded_as("T40.1X1D"), None, None),
        (coded_as("", "Heroin overdose in 2009", system=""), False, True),
        (coded_as("T40.1X1A", "Heroin overdoses in 2009 and 2012"), None, None),
        (coded_as("T40.1X1A", "Heroin overdose in 2009", onsetDateTime=ago(30)), None, None),
        (coded_as("", "Heroin overdose", system=""), True, True),
        (coded_as("F33.1"), False, False),
    ],
)
def test_an_overdose_is_dated_by_its_text(made: Json, within_year: bool | None, ever: bool | None) -> None:
    found = facts(made)
    assert (found["overdose_within_year"], found["overdose_ever"]) == (within_year, ever)


@pytest.mark.parametrize("code", ["T42.4X1A", "T42.4X2A", "T43.621A", "T51.0X1A"])
def test_an_overdose_of_another_depressant_or_drug_is_not_closed(code: str) -> None:
    assert facts(coded_as(code))["overdose_ever"] is not False


def test_intentional_overdose_in_words() -> None:
    found = facts(coded_as("", "Intentional overdose of Tylenol 2022", system=""))
    assert found["has_suicide_attempt_ever"] is not False
    assert facts(coded_as("55680006", "Intentional heroin overdose", SNOMED))["has_suicide_attempt_ever"] is not False
    assert facts(coded_as("T40.1X1A", "Heroin overdose", recordedDate=ago(900)))["overdose_within_year"] is False
