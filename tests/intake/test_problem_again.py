"""What is so again, none behind a problem, numbers and services beside it, short forms of two meanings, new organs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.intake.problems import condition_of, read_problem
from tests.intake.test_problem_texts import OUD, verdict

CONTENT = load_content()
HAS = ("is", "was", "remission", "resolved")


def said(text: str, set_id: str) -> tuple[str, ...]:
    """Everything that a text says of the problem of one code set."""
    return tuple(m.how for m in read_problem(text, CONTENT).mentions if m.codes.id == set_id)


@pytest.mark.parametrize("before", ["in remission", "resolved", "history of", "previously in remission"])
@pytest.mark.parametrize(
    "now", ["now active", "currently active", "now recurrent", "now active use", "active again", "but now relapsed"]
)
@pytest.mark.parametrize(("name", "set_id"), [("Alcohol use disorder", "alcohol"), ("Lymphoma", "malignancy")])
def test_what_is_so_now_goes_before_what_was(name: str, set_id: str, before: str, now: str) -> None:
    assert set(said(f"{name}, {before}, {now}", set_id)) <= {"is", "maybe"}


@pytest.mark.parametrize(
    ("text", "set_id"),
    [
        ("Sedative and opioid use disorder in remission, all now active", "oud"),
        ("Hx of AUD and OUD, both currently active", "oud"),
        ("Hx of AUD and OUD, both currently active", "alcohol"),
        ("Heroin dependence in remission, relapsed and injecting weekly", "oud"),
        ("Alcohol use disorder in sustained remission, now blorping nightly", "alcohol"),
        ("Hep C: cleared, then reinfection", "hep_c"),
        ("OUD, remission ended in spring", "oud"),
    ],
)
def test_a_state_that_is_over_is_not_told_as_now(text: str, set_id: str) -> None:
    assert said(text, set_id)
    assert set(said(text, set_id)) <= {"is", "maybe"}


@pytest.mark.parametrize(
    ("text", "set_id", "how"),
    [
        ("OUD in sustained remission, now stable on buprenorphine", "oud", "remission"),
        ("Prostate cancer in remission, now asthma", "malignancy", "remission"),
        ("MDD, recurrent, in partial remission", "mdd", "maybe"),
        ("MDD, recurrent, in full remission", "mdd", "remission"),
        ("OUD in remission, stimulant use disorder now active", "oud", "remission"),
        ("History of OUD", "oud", "was"),
    ],
)
def test_a_state_that_lasts_stays(text: str, set_id: str, how: str) -> None:
    assert said(text, set_id) == (how,)


@pytest.mark.parametrize("name", ["Epilepsy", "COPD", "Opioid use disorder", "Suicidal ideation", "Lupus, cirrhosis"])
@pytest.mark.parametrize(
    "tail", [" - none", " none", ", none reported", " - none known", " not yet confirmed", ": not yet", " not confirmed",
             " not yet established", ", not formally diagnosed"],
)  # fmt: skip  # words, read across
def test_none_and_not_yet_are_not_a_yes(name: str, tail: str) -> None:
    last = read_problem(name + tail, CONTENT).mentions[-1]
    assert last.how not in HAS
    if "confirmed" in tail or "established" in tail:
        assert last.how == "maybe"  # nor a no


@pytest.mark.parametrize(
    ("text", "set_id", "sure"),
    [
        ("Opioid use disorder (1/11)", "oud", False),
        ("AUD 0 of 11 DSM-5 criteria", "alcohol", False),
        ("OUD, none of the criteria met", "oud", False),
        ("OUD, no DSM-5 criteria met", "oud", False),
        ("OUD (4/11)", "oud", True),
        ("OUD 11/11", "oud", True),
        ("Sleep apnea, AHI 4.1", "sleep_apnea", False),
        ("Sleep apnea, AHI 41", "sleep_apnea", True),
        ("Sleep apnea on CPAP, AHI 2", "sleep_apnea", True),
        ("Obesity, BMI 26", "obesity", False),
        ("Obesity, BMI 36", "obesity", True),
        ("Epilepsy 1/11/20", "seizure", True),
    ],
)
def test_numbers_beside_a_problem(text: str, set_id: str, sure: bool) -> None:
    hows = said(text, set_id)
    assert hows == ("is",) if sure else hows and not set(hows) & set(HAS)


@pytest.mark.parametrize(
    "service", ["consult", "assessment", "evaluation today", "referral", "initial consultation", "work-up"]
)
@pytest.mark.parametrize("name", ["Schizophrenia", "Asthma", "Generalized anxiety disorder", "Opioid use disorder"])
def test_a_service_named_after_a_problem_leaves_it_open(name: str, service: str) -> None:
    mentions = [m for m in read_problem(f"{name} {service}", CONTENT).mentions if condition_of(m.codes)]
    assert not {m.how for m in mentions} & set(HAS)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Asthma: assessment and plan", "asthma"),
        ("Schizophrenia - referral to psychiatry", "psychosis"),
        ("COPD, pulmonary consult", "copd"),
        ("OUD, missed appointment", OUD),
        ("Epilepsy follow-up", "seizure_disorder"),
        ("Colon ca, stage III", "cancer_history"),
        ("Bundle branch block", "conduction_disease"),
        ("Sciatica, rt", "pain_back_radicular"),
    ],
)
def test_care_set_apart_from_a_problem_leaves_it(text: str, group: str) -> None:
    assert verdict(text, group) is True


@pytest.mark.parametrize(
    "text", ["SI", "SI belt", "Chronic L SI sprain", "SI tenderness", "Hip pain and SI arthropathy"]
)
def test_a_short_form_of_two_meanings_is_not_sure_alone(text: str) -> None:
    assert not set(said(text, "suicidal_ideation")) & set(HAS)


@pytest.mark.parametrize(
    "text", ["SI with plan", "Depression with SI", "Passive SI", "endorses SI", "Suicidal ideation"]
)
def test_it_is_sure_beside_what_belongs_to_it(text: str) -> None:
    assert said(text, "suicidal_ideation") == ("is",)


@pytest.mark.parametrize(
    ("text", "set_id"),
    [
        ("End-stage renal disease status post deceased donor kidney transplant", "ckd5"),
        ("Renal transplant 2016 for ESRD", "ckd5"),
        ("Cirrhosis, OLT 2021", "cirrhosis"),
        ("Type 1 diabetes, pancreas transplant", "t1d"),
        ("COPD s/p double lung transplant", "copd"),
        ("Hyperthyroidism, radioiodine ablation", "hyperthyroid"),
        ("Congestive heart failure s/p orthotopic heart transplant", "heart_failure"),
        ("Pregnancy in 2011", "pregnancy"),
        ("Loss at 9 weeks of pregnancy", "pregnancy"),
    ],
)
def test_what_may_be_over_is_not_surely_there(text: str, set_id: str) -> None:
    assert said(text, set_id)
    assert set(said(text, set_id)) <= {"maybe", "was", "not"}


@pytest.mark.parametrize(
    ("text", "set_id"),
    [
        ("ESRD on dialysis, on transplant list", "ckd5"),
        ("ESRD, kidney transplant candidate", "ckd5"),
        ("Cirrhosis, awaiting liver transplant", "cirrhosis"),
        ("Failed kidney transplant, ESRD on HD", "ckd5"),
        ("Hyperthyroidism on treatment", "hyperthyroid"),
        ("Pregnant, due 4/2027", "pregnancy"),
    ],
)
def test_what_is_not_over_stays(text: str, set_id: str) -> None:
    assert "is" in said(text, set_id)


def test_a_question_mark_between_two_is_about_both() -> None:
    assert {m.how for m in read_problem("Asthma?COPD", CONTENT).mentions} == {"maybe"}


@given(
    st.sampled_from(["OUD", "AUD", "Heroin dependence"]), st.integers(0, 1), st.sampled_from(["/", " of ", " out of "])
)
def test_nought_or_one_of_eleven_never_says_that_it_is_there(name: str, met: int, of: str) -> None:
    assert "is" not in {m.how for m in read_problem(f"{name} ({met}{of}11 criteria)", CONTENT).mentions}
