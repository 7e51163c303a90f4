"""Problem texts: a word behind a list, an episode or a degree that is not the problem, and what was there until a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways import load_content, review
from pathways.facts import derive
from pathways.fhir import codes as code_tables
from pathways.fhir.plain import concept
from pathways.fhir.reading import read
from pathways.intake.problems import entries, read_problem
from pathways.profile import Profile

CONTENT = load_content()
TODAY = date(2026, 11, 2)
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def ways(text: str) -> dict[str, str]:
    """How each problem of a text is spoken of, by its set; of one that is named twice, the first."""
    found: dict[str, str] = {}
    for codes, how in read_problem(text, CONTENT).mentions:
        found.setdefault(codes.id, how)
    return found


# ---- a word behind a list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ruled out", "neg", "none", "denied", "suspected", "family history", "in remission"])
@pytest.mark.parametrize("sign", [" - ", ": ", " -- "])
def test_a_word_set_apart_behind_a_list_may_be_meant_of_each(word: str, sign: str) -> None:
    assert "is" not in ways(f"asthma, PTSD, hypothyroidism, CKD{sign}{word}").values()


@pytest.mark.parametrize("text", ["GAD, PTSD (sister)", "epilepsy, asthma, HIV (maternal aunt)", "stroke, CKD: mom"])
def test_a_relative_behind_a_list_may_have_all_of_it(text: str) -> None:
    assert "is" not in ways(text).values()


@pytest.mark.parametrize("each", ["both", "both of which are", "all", "each"])
@pytest.mark.parametrize(
    ("said", "how"), [("ruled out", "not"), ("in full remission", "remission"), ("cured", "resolved")]
)
def test_both_and_all_speak_of_each(each: str, said: str, how: str) -> None:
    assert ways(f"PTSD and AUD, {each} {said}") == {"ptsd": how, "alcohol": how}


def test_both_speaks_of_the_last_two_and_all_of_all() -> None:
    assert ways("asthma, PTSD and AUD, both in remission") == {
        "asthma": "is",
        "ptsd": "remission",
        "alcohol": "remission",
    }
    assert set(ways("asthma, PTSD and AUD, all in remission").values()) == {"remission"}
    assert ways("asthma; PTSD: both negative")["asthma"] == "maybe"


@pytest.mark.parametrize("text", ["PTSD/AUD, in early remission", "PTSD and AUD, in remission"])
def test_a_word_behind_a_comma_may_be_meant_of_both_that_are_joined(text: str) -> None:
    assert ways(text) == {"ptsd": "maybe", "alcohol": "remission"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("asthma, PTSD in remission", "asthma"),
        ("asthma, PTSD, severe, in sustained remission", "asthma"),
        ("asthma, PTSD (in remission)", "asthma"),
        ("asthma, CKD (ruled out)", "asthma"),
        ("asthma (2011), PTSD (sister)", "asthma"),
        ("asthma on albuterol, PTSD: mother", "asthma"),
        ("asthma: stable, COPD: none", "asthma"),
        ("asthma, PTSD - denies suicidal ideation", "asthma"),
        ("asthma, CKD - no recent exacerbations", "asthma"),
        ("asthma, CKD - followed by nephrology", "asthma"),
        ("asthma; mother: CKD", "asthma"),
    ],
)
def test_a_list_stays_sure_where_the_word_is_of_its_last_item(text: str, first: str) -> None:
    assert ways(text)[first] == "is"


# ---- an episode or a degree -----------------------------------------------------------------------------------------

EPISODES = [
    ("emphysema flare-up", "copd"),
    ("status asthmaticus in a person with asthma", "asthma"),
    ("acute on chronic heart failure", "heart_failure"),
    ("benzodiazepine withdrawal", "sedative"),
    ("ketoacidosis in type 1 diabetes", "t1d"),
    ("influenza in sickle cell disease", "sickle_cell"),
    ("hypomania in bipolar disorder", "bipolar"),
    ("ascites due to cirrhosis", "cirrhosis"),
    ("rheumatoid arthritis flare", "ra"),
    ("untreated sleep apnea", "sleep_apnea"),
    ("unstable angina", "ihd"),
]


@pytest.mark.parametrize(("text", "problem"), EPISODES)
@pytest.mark.parametrize("over", [", resolved", " - resolved", ": has resolved"])
def test_the_end_of_an_episode_is_not_the_end_of_the_problem(text: str, problem: str, over: str) -> None:
    assert ways(text + over)[problem] == "maybe"


@pytest.mark.parametrize(("text", "problem"), EPISODES)
def test_a_denied_episode_denies_nothing_of_the_problem(text: str, problem: str) -> None:
    assert ways(f"no {text}")[problem] not in ("not", "is")


@pytest.mark.parametrize("degree", ["severe", "moderate", "advanced", "worsening", "recurrent"])
@pytest.mark.parametrize(("name", "problem"), [("asthma", "asthma"), ("cirrhosis", "cirrhosis"), ("PTSD", "ptsd")])
def test_a_denied_degree_leaves_the_problem_open(degree: str, name: str, problem: str) -> None:
    for text in (f"no {degree} {name}", f"denies {degree} {name}", f"no evidence of {degree} {name}"):
        found = read_problem(text, CONTENT)
        assert ways(text)[problem] == "open", text
        assert found.open, text


@pytest.mark.parametrize(
    "text", ["no asthma medication", "no asthma since 2012", "no active asthma", "no asthma complications"]
)
def test_what_is_denied_beside_a_problem_is_not_the_problem(text: str) -> None:
    assert ways(text)["asthma"] == "open"


@pytest.mark.parametrize(
    ("text", "problem", "how"),
    [
        ("no asthma", "asthma", "not"),
        ("no asthma, severe osteoarthritis", "asthma", "not"),
        ("denies asthma; COPD exacerbation", "asthma", "not"),
        ("no active hepatitis C", "hep_c", "not"),
        ("no end-stage renal disease", "ckd5", "not"),
        ("family history of COPD exacerbation", "copd", "not"),
        ("asthma, resolved", "asthma", "resolved"),
        ("severe PTSD, resolved", "ptsd", "resolved"),
        ("severe recurrent depression, in full remission", "mdd", "remission"),
        ("alcohol use disorder, severe, in sustained remission", "alcohol", "remission"),
        ("hepatitis C in 2014, resolved", "hep_c", "resolved"),
        ("depressive episode, resolved", "mdd", "resolved"),
        ("emphysema with exacerbation", "copd", "is"),
        ("asthma with exacerbations since 2019", "asthma", "is"),
    ],
)
def test_the_problem_itself_stays_as_sure_as_it_was(text: str, problem: str, how: str) -> None:
    assert ways(text)[problem] == how


@pytest.mark.parametrize(
    "behind", ["none since 2009", "none for 12 years", "no attacks since March", "quiet x 4 yrs", "last attack 2011"]
)
def test_none_since_a_day_is_no_problem_of_today_for_sure(behind: str) -> None:
    for text in (f"asthma, {behind}", f"asthma - {behind}", f"asthma ({behind})"):
        assert ways(text)["asthma"] == "maybe", text
    assert ways("asthma, nothing for sleep")["asthma"] == "is"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sickle trait", {}),
        ("sickle hemoglobin trait", {}),
        ("hepatitis C, treated with Mavyret, SVR12", {"hep_c": "resolved"}),
        ("hepatitis C s/p Epclusa SVR achieved", {"hep_c": "resolved"}),
        ("hepatitis C s/p Epclusa, SVR pending", {"hep_c": "maybe"}),
        ("AUD, DSM-5 criteria not met", {"alcohol": "maybe"}),
    ],
)
def test_what_is_understood_whole(text: str, expected: dict[str, str]) -> None:
    assert ways(text) == expected
    assert read_problem(text, CONTENT).left == ()


# ---- and what the chart says of it ----------------------------------------------------------------------------------


def condition(text: str | None, icd: str | None, state: str) -> dict[str, Any]:
    coded = {"coding": [{"system": ICD, "code": icd}]} if icd else {}
    return {
        "resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"},
        "code": coded | ({"text": text} if text else {}),
        "clinicalStatus": {"coding": [{"code": state}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
    }  # fmt: skip  # a resource, read across


def fact(name: str, *given: dict[str, Any]) -> Any:
    people = [{"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01"}, *given]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in people]}
    return derive(read(bundle, TODAY, content=CONTENT).profile, content=CONTENT).values[name]


@pytest.mark.parametrize("state", ["resolved", "inactive", "remission"])
@pytest.mark.parametrize(
    ("text", "icd", "name"),
    [
        ("Emphysema flare", None, "has_copd"),
        (None, "J45.41", "has_asthma"),
        ("Asthma with status asthmaticus", "J45.52", "has_asthma"),
        (None, "I50.33", "has_heart_failure"),
        ("Diabetic hyperosmolar state", "E11.01", "has_diabetes"),
        (None, "F10.239", "has_alcohol_use_disorder"),
        (None, "G40.A01", "has_seizure_disorder"),
        (None, "I20.0", "has_ischaemic_heart_disease"),
        ("Acute mania", "F30.10", "has_bipolar"),
    ],
)
def test_a_chart_that_calls_an_episode_over_leaves_the_problem_open(state: str, text: str, icd: str, name: str) -> None:
    assert fact(name, condition(text, icd, state)) is None


@pytest.mark.parametrize(
    ("icd", "name"),
    [
        ("J45.40", "has_asthma"),
        ("J44.9", "has_copd"),
        ("I50.32", "has_heart_failure"),
        ("F10.20", "has_alcohol_use_disorder"),
    ],
)
def test_a_chart_that_calls_the_problem_over_is_believed(icd: str, name: str) -> None:
    assert fact(name, condition(None, icd, "resolved")) is False
    assert fact(name, condition(None, icd, "active")) is True


def test_an_entry_of_a_case_file_is_read_by_the_same_rule() -> None:
    def asthma(name: str, status: str) -> Any:
        listed = {"conditions": [{"name": name, "status": status}], "complete": {"conditions": "yes"}}
        return derive(Profile.from_dict(listed, CONTENT), content=CONTENT).values["has_asthma"]

    assert asthma("Asthma exacerbation", "resolved") is None
    assert asthma("Asthma", "resolved") is False
    assert asthma("Zorblax", "resolved") is False
    assert asthma("Zorblax", "active") is None


def test_every_code_of_an_episode_is_a_code_of_its_set() -> None:
    for codeset in CONTENT.code_sets.values():
        for start in codeset.icd10_passing:
            code = start.replace("?", "0")
            one = concept({"coding": [{"system": ICD, "code": code}]})
            assert codeset in code_tables.of_codes(one, CONTENT)
            assert code_tables.passing(one, codeset)


# ---- depression in remission, by its code ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("icd", "text", "expected"),
    [
        ("F32.5", None, False),
        ("F33.42", "Major depressive disorder, recurrent, in full remission", False),
        ("F33.41", None, True),
        ("F32.4", None, True),
        ("F33.9", None, True),
        ("F33", None, True),
        ("F33.40", None, None),
    ],
)
def test_depression_by_a_code_of_remission(icd: str, text: str | None, expected: bool | None) -> None:
    assert fact("has_depression", condition(text, icd, "active")) is expected


def test_an_entry_for_what_is_over_says_that_it_is_not_sure() -> None:
    found = entries(read_problem("emphysema flare, resolved", CONTENT), "emphysema flare, resolved", CONTENT)
    assert [(one.id, one.status, one.certainty) for one in found] == [("copd", "active", "suspected")]
    assert review(Profile(conditions=found), content=CONTENT).facts.values["has_copd"] is None
