"""What is refused is the treatment, a test that is negative is the test; marks of absence and words that may turn a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.intake.problems import condition_of, entries, read_problem
from tests.intake.test_problem_texts import OUD, UNKNOWN, verdict

CONTENT = load_content()

THERE = {
    # the treatment is refused
    "OSA - refuses CPAP": "sleep_apnea",
    "OSA, CPAP refused": "sleep_apnea",
    "COPD, refuses oxygen": "copd",
    "CHF - declined ICD": "heart_failure",
    "HIV, declines ART": "hiv",
    "Epilepsy, refused levetiracetam": "seizure_disorder",
    "Diabetes, refuses insulin": "diabetes",
    "Patient refused insulin for diabetes": "diabetes",
    "OUD, declines buprenorphine": OUD,
    "OUD, refuses treatment": OUD,
    "Opioid use disorder, not interested in MOUD": OUD,
    "AUD, refuses detox": "alcohol_use_disorder",
    "Cirrhosis, declined EGD": "cirrhosis",
    "Schizophrenia, refuses meds": "psychosis",
    "OUD, cancelled appointment": OUD,
    "COPD, flu vaccine declined": "copd",
    # the test is another matter
    "CAD, stress test 2019": "ischaemic_heart_disease",
    "Diabetes, foot exam done": "diabetes",
    "OUD, UDS negative": OUD,
    "OUD, urine drug screen negative": OUD,
    "HIV, undetectable viral load": "hiv",
    # marks that say yes, and dashes
    "COPD+": "copd",
    "[x] OUD [ ] AUD": OUD,
    "OUD (-), AUD (+)": "alcohol_use_disorder",
    "☐ COPD ☑ CHF": "heart_failure",
    "COPD ( ) CHF (x)": "heart_failure",
    "OUD: yes": OUD,
    "- OUD": OUD,
    "COPD- on home O2": "copd",
    "OUD - severe": OUD,
    # confirmed, and still there
    "OUD, confirmed": OUD,
    "No longer in remission - opioid use disorder": OUD,
    "OUD, previously in remission, relapsed 9/2026": OUD,
    # words that are not understood and turn nothing
    "PTSD, combat related": "ptsd",
    "PTSD (military sexual trauma)": "ptsd",
    "RA, seropositive": "pain_inflammatory_arthritis",
    "Takotsubo cardiomyopathy": "heart_disease",
    "Cor pulmonale due to COPD": "copd",
    "COPD due to zorblaxosis": "copd",
    "Breast cancer on zorblaxib": "cancer_history",
    "OUD, mother supportive": OUD,
    "OUD, denies cravings": OUD,
    "Bipolar, never hospitalized": "bipolar",
    "CKD4 no dialysis yet": "ckd",
    "Zorblaxosis, OUD": OUD,
    "COPD and zorblaxosis": "copd",
    "OUD (cannabis use in remission)": OUD,
    "OUD, cocaine in remission": OUD,
}
NOT_SURELY = {
    "HIV viral load not detected": "hiv",
    "HIV RNA not detected": "hiv",
    "CAD stress test negative": "ischaemic_heart_disease",
    "COPD and asthma ruled out": "copd",
    "HIV NR": "hiv",
    "OUD: N": OUD,
    "OUD n/a": OUD,
    "OUD: unknown": OUD,
    "OUD = 0": OUD,
    "0 COPD": "copd",
    "-OUD": OUD,
    "[ ] OUD": OUD,
    "[ ] COPD [x] CHF": "copd",
    "☐ COPD ☑ CHF": "copd",
    "COPD ( ) CHF (x)": "copd",
    "COPD: ✗": "copd",
    "OUD -": OUD,
    "≠ OUD": OUD,
    "HIV- partner": "hiv",
    "COPD, refused": "copd",
    "Hospice referral declined": "palliative_care",
    "OUD in sustained remission (confirmed)": OUD,
    "OUD in remission, diagnosis confirmed": OUD,
    "Confirmed history of OUD": OUD,
    "history of OUD confirmed": OUD,
    "OUD: history of, confirmed": OUD,
    "OUD, relapsed, in remission": OUD,
    "OUD in remission, no relapse since 2019": OUD,
    "OUD in remission, last relapse 2015": OUD,
    "Mistaken diagnosis of OUD": OUD,
    "Incorrect diagnosis of COPD": "copd",
    "Wrongly labeled with opioid use disorder": OUD,
    "Unsubstantiated opioid use disorder": OUD,
    "Opioid use disorder - unfounded": OUD,
    "OUD removed": OUD,
    "Opioid use disorder (deleted)": OUD,
    "OUD, retracted": OUD,
    "Disputes diagnosis of OUD": OUD,
    "Low probability of opioid use disorder": OUD,
    "Works with OUD patients": OUD,
    "OUD treatment provider": OUD,
    "Opioid dependence, not addiction": OUD,
    "Opioid dependence (physical), not OUD": OUD,
    "Physical dependence on opioids due to therapy, no use disorder": OUD,
    "COPD never confirmed by spirometry": "copd",
    "outgrew asthma": "asthma",
    "Either COPD or asthma": "asthma",
    "Zorblaxed COPD, asthma": "asthma",
    "COPD/asthma zorblaxed": "copd",
    "OUD, unzorblaxed": OUD,
}
SURELY_NOT = {
    "HIV-": "hiv",
    "HIV (-)": "hiv",
    "(-) OUD": OUD,
    "HIV neg": "hiv",
    "HIV: nonreactive": "hiv",
    "DM-": "diabetes",
    "CAD(-)": "ischaemic_heart_disease",
    "COPD: no": "copd",
    "COPD: none": "copd",
    "Neither COPD nor asthma": "copd",
    "Neither heart failure nor stroke": "stroke_or_tia",
    "Nor OSA": "sleep_apnea",
    "Lacks opioid use disorder": OUD,
    "Isn't opioid use disorder": OUD,
    "Zero evidence of opioid use disorder": OUD,
    "Chronic pain instead of OUD": OUD,
}


@pytest.mark.parametrize(("text", "group"), THERE.items())
def test_what_is_said_of_a_test_or_a_treatment_leaves_the_problem(text: str, group: str) -> None:
    assert verdict(text, group) is True, read_problem(text, CONTENT)


@pytest.mark.parametrize(("text", "group"), NOT_SURELY.items())
def test_doubt_without_a_known_word_is_doubt(text: str, group: str) -> None:
    assert verdict(text, group) is not True, read_problem(text, CONTENT)


@pytest.mark.parametrize(("text", "group"), SURELY_NOT.items())
def test_a_mark_of_absence_is_read(text: str, group: str) -> None:
    assert verdict(text, group) is False, read_problem(text, CONTENT)


@pytest.mark.parametrize(
    "text", ["HBV-/HCV-/HIV-", "HBV (-), HCV (-), HIV (-)", "(-) HBV (-) HCV (-) HIV", "HBV- HCV- HIV-"]
)
def test_each_problem_of_a_row_has_its_own_mark(text: str) -> None:
    assert [how for _, how in read_problem(text, CONTENT).mentions] == ["not"] * 3


NAMES = st.sampled_from(["opioid use disorder", "OUD", "COPD", "heart failure", "asthma", "HIV", "diabetes"])


@given(
    name=NAMES,
    word=UNKNOWN,
    shape=st.sampled_from(["{w} {n}", "{w} diagnosis of {n}", "{n} {w}", "{n} ({w})", "{w} {n}/GERD"]),
)
def test_a_word_that_is_not_understood_beside_a_problem_leaves_it_open(name: str, word: str, shape: str) -> None:
    found = read_problem(shape.format(n=name, w=word), CONTENT)
    assert {how for codes, how in found.mentions if condition_of(codes)} <= {"maybe"}, found
    assert found.turned


@given(
    name=NAMES,
    word=UNKNOWN,
    refused=st.sampled_from(["refuses", "declined", "declines", "refusing", "not interested in"]),
)
def test_who_refuses_something_has_the_problem(name: str, word: str, refused: str) -> None:
    found = read_problem(f"{name}, {refused} {word}", CONTENT)
    assert {how for codes, how in found.mentions if condition_of(codes)} == {"is"}, found


@pytest.mark.parametrize(
    "text",
    [
        "CHF - no evidence on echocardiogram",
        "OSA (HSAT 2023) - nothing found on sleep study",
        "COPD - spirometry normal",
        "Cirrhosis: liver biopsy negative",
        "OUD - lacks DSM-5 criteria",
        "OUD - 1 criterion",
        "Bipolar disorder - MDQ = 0",
        "Sleep apnea, patient doubts it",
        "CKD: 0, OSA: 0",
    ],
)
def test_what_a_test_did_not_find_or_somebody_doubts_is_not_sure(text: str) -> None:
    assert statuses(text)
    assert set(statuses(text)) <= {"suspected", "refuted"}


@pytest.mark.parametrize(
    "text",
    ["COPD - no evidence of exacerbation", "Depression, PHQ-9 17", "CKD, ultrasound normal in 2020", "Social phobia"],
)
def test_a_finding_beside_it_does_not_put_it_in_doubt(text: str) -> None:
    assert set(statuses(text)) == {"confirmed"}


@pytest.mark.parametrize("text", ["Cancer phobia", "HIV phobia", "Epilepsy phobia"])
def test_fear_of_a_problem_is_not_the_problem(text: str) -> None:
    assert not {"confirmed", "coded"} & set(statuses(text))


def test_cardiac_asthma_is_not_asthma() -> None:
    assert "asthma" not in {
        one.id for one in entries(read_problem("Cardiac asthma", CONTENT), "Cardiac asthma", CONTENT, "active")
    }


def statuses(text: str) -> list[str]:
    """How sure each problem is that a text names."""
    return [one.certainty for one in entries(read_problem(text, CONTENT), text, CONTENT, "active") if one.id]
