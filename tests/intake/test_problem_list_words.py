"""The words of a US problem list: abbreviations of the groups, texts that mean two, and what is said of some only."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.intake.problems import read_problem
from pathways.language.kleene import Truth
from tests.intake.test_problem_texts import verdict

CONTENT = load_content()
SURE = {
    "CKD3b": "ckd",
    "CKD stage 3a": "ckd",
    "CKD 3b, A2": "ckd",
    "CKD G3bA2": "ckd",
    "Stage 4 CKD": "ckd_severe",
    "CKD IV": "ckd_severe",
    "CRF": "ckd",
    "CKD stage 2": "ckd",
    "ESRD on HD": "kidney_failure",
    "ESKD on CAPD": "kidney_failure",
    "AKI on CKD 4": "ckd_severe",
    "HFrEF, NYHA III": "heart_failure",
    "HFpEF": "heart_failure",
    "Acute on chronic HFrEF": "heart_failure",
    "CHF (EF 25%)": "heart_failure",
    "AFib": "conduction_disease",
    "Paroxysmal a-fib with RVR": "conduction_disease",
    "PAF": "conduction_disease",
    "AFL": "conduction_disease",
    "LBBB": "conduction_disease",
    "WPW": "conduction_disease",
    "3rd degree AVB": "atrioventricular_block",
    "Mobitz II": "atrioventricular_block",
    "LQTS": "long_qt",
    "Prolonged QTc": "long_qt",
    "S/P CABG x3": "ischaemic_heart_disease",
    "s/p PCI": "ischaemic_heart_disease",
    "CAD s/p DES to LAD": "ischaemic_heart_disease",
    "NSTEMI": "heart_attack_recent",
    "STEMI": "ischaemic_heart_disease",
    "PAD": "heart_disease",
    "ASCVD": "heart_disease",
    "NICM": "heart_disease",
    "CVA": "stroke_or_tia",
    "h/o TIA": "stroke_or_tia",
    "SAH": "stroke_or_tia",
    "Uncontrolled HTN": "hypertension_uncontrolled",
    "HTN, poorly controlled": "hypertension_uncontrolled",
    "HTN": "hypertension",
    "Resistant HTN": "hypertension",
    "OSA on CPAP": "sleep_apnea",
    "OHS": "obesity",
    "SDB": "sleep_apnea",
    "AECOPD": "copd",
    "COPD, GOLD 3": "copd",
    "ILD": "copd",
    "Moderate persistent asthma": "asthma",
    "T2DM": "diabetes",
    "DM2 w/o complications": "diabetes",
    "Type II DM": "diabetes",
    "IDDM": "diabetes",
    "DKA": "diabetes",
    "NASH": "liver_disease",
    "NASH cirrhosis": "cirrhosis",
    "EtOH cirrhosis": "cirrhosis",
    "ESLD": "liver_failure_or_acute_hepatitis",
    "HCV": "hepatitis_c",
    "Chronic hep C, untreated": "hepatitis_c",
    "Hep C, never treated": "hepatitis_c",
    "HCV genotype 1a": "hepatitis_c",
    "HCV, treatment naive": "hepatitis_c",
    "HBV": "hepatitis_viral",
    "HIV+": "hiv",
    "HIV, undetectable viral load": "hiv",
    "PLWH": "hiv",
    "MDD": "depression",
    "MDD, recurrent, moderate": "depression",
    "TRD": "depression",
    "GAD": "anxiety",
    "Panic d/o": "anxiety",
    "PTSD": "ptsd",
    "BPAD": "bipolar",
    "Bipolar d/o, type II": "bipolar",
    "BP II": "bipolar",
    "ADHD": "adhd_ocd",
    "OCD": "adhd_ocd",
    "Insomnia": "insomnia_disorder",
    "Alzheimer's dz": "delirium_or_dementia",
    "DLB": "delirium_or_dementia",
    "Seizure d/o": "seizure_disorder",
    "sz disorder": "seizure_disorder",
    "OUD": "oud_coded",
    "Opioid use d/o, severe": "oud_coded",
    "OUD, severe (HCC)": "oud_coded",
    "Opioid abuse, uncomplicated (CMS/HCC)": "oud_coded",
    "AUD": "alcohol_use_disorder",
    "EtOH abuse": "alcohol_use_disorder",
    "SUD": "substance_use_disorder_other",
    "Meth use disorder, severe": "stimulant_use_disorder",
    "THC use disorder": "cannabis_use_disorder",
    "Benzo dependence": "sedative_use_disorder",
    "LBP": "pain_back_axial",
    "cLBP": "pain_back_axial",
    "LBP with sciatica": "pain_back_radicular",
    "Lumbar radiculitis": "pain_back_radicular",
    "Cervicalgia": "pain_neck",
    "OA": "pain_osteoarthritis",
    "Bilateral knee OA": "pain_osteoarthritis",
    "DJD": "pain_osteoarthritis",
    "RA": "pain_inflammatory_arthritis",
    "PsA": "pain_inflammatory_arthritis",
    "JIA": "pain_inflammatory_arthritis",
    "FMS": "pain_fibromyalgia",
    "FM": "pain_fibromyalgia",
    "CRPS": "pain_crps",
    "CRPS I of left arm": "pain_crps",
    "CRPS type 2": "pain_crps",
    "DPN": "pain_neuropathy_diabetic",
    "DPNP": "pain_neuropathy_diabetic",
    "PHN": "pain_postherpetic",
    "CIPN": "pain_neuropathic",
    "Migraine w/o aura": "pain_migraine",
    "FBSS": "spine_surgery_failed",
    "HbSS": "sickle_cell",
    "Hgb SC disease": "sickle_cell",
    "UGIB": "peptic_ulcer_or_gi_bleed",
    "PUD": "peptic_ulcer_or_gi_bleed",
    "SBO": "gut_obstruction",
    "vWD": "bleeding_disorder",
    "AACG": "glaucoma_narrow_angle",
    "Hip fx": "falls_or_fracture",
    "s/p GLF": "falls_or_fracture",
    "hypoK": "adrenal_or_electrolyte",
    "Morbid obesity": "obesity",
    "Graves dz": "hyperthyroidism",
    "BPH with urinary retention": "urinary_retention",
    "Age-related osteoporosis": "osteoporosis",
}
TWO = {
    "Diabetic nephropathy": ("diabetes", "ckd"),
    "Diabetic peripheral neuropathy": ("diabetes", "pain_neuropathy_diabetic"),
    "DPN": ("diabetes",),
    "Diabetic retinopathy": ("diabetes",),
    "Obesity hypoventilation syndrome": ("obesity", "sleep_apnea"),
    "Hypertensive CKD stage 3": ("hypertension", "ckd"),
    "Hypertensive nephrosclerosis": ("hypertension", "ckd"),
    "Hypertensive heart disease": ("hypertension", "heart_disease"),
    "Hypertensive urgency": ("hypertension", "hypertension_uncontrolled"),
    "Malignant hypertension": ("hypertension", "hypertension_uncontrolled"),
    "Schizoaffective disorder, bipolar type": ("bipolar", "psychosis"),
    "Schizoaffective disorder, depressive type": ("depression", "psychosis"),
}
OPEN_TOO = {
    "Hepatorenal syndrome": ("ckd", "cirrhosis"),
    "Cardiorenal syndrome": ("ckd", "heart_failure"),
    "Alcoholic cirrhosis": ("alcohol_use_disorder",),
    "Alcoholic hepatitis": ("alcohol_use_disorder",),
    "NAFLD": ("liver_disease",),
    "MASLD": ("liver_disease",),
    "DDD": ("pain_back_axial", "pain_neck"),
    "TBI": ("delirium_or_dementia", "seizure_disorder"),
    "BPD": ("personality_borderline", "bipolar"),
    "Portal hypertension": ("cirrhosis",),
    "Schizoaffective disorder": ("bipolar", "depression"),
    "Polysubstance abuse": ("oud_coded", "stimulant_use_disorder"),
    "IVDU": ("oud_coded",),
    "Migraine prophylaxis": ("pain_migraine",),
    "Asthma prevention inhaler": ("asthma",),
    "Seizure prophylaxis": ("seizure_disorder",),
    "Diabetes education": ("diabetes",),
    "CHF action plan": ("heart_failure",),
    "Counseling for hypertension": ("hypertension",),
    "Breast ca s/p mastectomy 2012": ("cancer_active", "cancer_history"),
    "Intentional overdose of Tylenol 2022": ("suicide_attempt_ever",),
    "SCD": ("sickle_cell",),
}
NOT_SURE = {
    "Hep C, treated with Epclusa, SVR12 achieved": "hepatitis_c",
    "HCV s/p DAA": "hepatitis_c",
    "HCV s/p treatment": "hepatitis_c",
    "HCV RNA undetectable after treatment": "hepatitis_c",
    "Hep C (treated)": "hepatitis_c",
    "Hepatitis C, spontaneously cleared": "hepatitis_c",
    "HCV, SVR24": "hepatitis_c",
    "Hepatitis C virus infection, cleared": "hepatitis_c",
    "Hep C - completed Mavyret": "hepatitis_c",
    "HCV viral load not detected": "hepatitis_c",
    "Hepatitis C with sustained virologic response": "hepatitis_c",
    "Hep C, RNA neg": "hepatitis_c",
    "HBV cleared": "hepatitis_viral",
    "h/o heroin use disorder, clean since 2015": "oud_coded",
    "AUD, sober since 2019": "alcohol_use_disorder",
    "Breast ca s/p mastectomy 2012, NED": "cancer_active",
    "Colon cancer s/p resection, no evidence of recurrence": "cancer_active",
    "HIV prophylaxis": "hiv",
    "Suicide prevention": "suicide_attempt_ever",
    "Fall prevention": "falls_or_fracture",
    "Migraine prophylaxis": "pain_migraine",
}
CLOSED = {
    "Diabetes screening": "diabetes",
    "At risk of diabetes": "diabetes",
    "HCV screening": "hepatitis_c",
    "Pulmonary hypertension": "hypertension",
    "Fall precautions": "falls_or_fracture",
    "HIV prevention": "hiv",
    "Risk of falls": "falls_or_fracture",
    "Hepatitis C, SVR12": "hepatitis_c",
    "Hepatitis C, spontaneously cleared": "hepatitis_c",
}


@pytest.mark.parametrize(("text", "group"), SURE.items())
def test_an_abbreviation_is_the_problem(text: str, group: str) -> None:
    assert verdict(text, group) is True, read_problem(text, CONTENT).left


@pytest.mark.parametrize(("text", "groups"), TWO.items())
def test_a_text_that_means_two_problems_gives_both(text: str, groups: tuple[str, ...]) -> None:
    assert {group: verdict(text, group) for group in groups} == dict.fromkeys(groups, True)


@pytest.mark.parametrize(("text", "groups"), OPEN_TOO.items())
def test_what_a_text_may_mean_beside_is_not_closed(text: str, groups: tuple[str, ...]) -> None:
    said: dict[str, Truth] = {group: verdict(text, group) for group in groups}
    assert False not in said.values(), said


@pytest.mark.parametrize(("text", "group"), NOT_SURE.items())
def test_what_was_treated_or_cared_for_is_not_surely_there(text: str, group: str) -> None:
    assert verdict(text, group) is not True


@pytest.mark.parametrize(("text", "group"), CLOSED.items())
def test_a_screening_a_risk_or_a_cleared_virus_is_not_the_problem(text: str, group: str) -> None:
    assert verdict(text, group) is False
