"""Problem texts: what they name, what they say of it, and that nothing half understood is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.facts import derive
from pathways.intake.problems import entries, read_problem
from pathways.language.kleene import Truth
from pathways.profile import Profile

CONTENT = load_content()
OUD = "oud_coded"


def verdict(text: str, group: str = OUD) -> Truth:
    """Whether somebody whose whole list of conditions is this text has the group."""
    given_ = {"as_of": "2026-11-02", "conditions": [{"name": text}], "complete": {"conditions": "yes"}}
    found = derive(Profile.from_dict(given_)).values[f"has_{group}"]
    assert found is None or isinstance(found, bool)
    return found


IS = (
    "Opioid use disorder on buprenorphine",
    "Opioid dependence NOS",
    "narcotic addiction",
    "Heroin dependence, continuous",
    "OUD, severe, not in remission",
    "Opioid dependence, on agonist therapy (disorder)",
    "Hypertension, diabetes, OUD",
    "No heart failure; opioid use disorder",
    "Mother died young. Opioid use disorder",
)
IS_NOT = (
    "Opioid use disorder ruled out",
    "No opioid use disorder",
    "denies OUD",
    "Mother with opioid use disorder",
    "FH of OUD",
    "FHx: heroin addiction (brother)",
    "Opioid use disorder in father",
    "Wife has opioid dependence",
    "Screening for opioid use disorder",
    "At risk for opioid use disorder",
    "Negative for opioid use disorder",
    "Patient does not have opioid use disorder",
    "Opioid dependence in remission",
    "OUD (resolved)",
)
OPEN = (
    "R/O opioid use disorder",
    "rule out OUD",
    "OUD?",
    "possible opioid dependence",
    "OUD vs pain that is not treated",
    "OUD unlikely",
    "cannot rule out OUD",
    "history of opioid abuse",
    "No history of OUD",
    "dependence NOS",
    "long-term use of opioids",
    "Zorblax syndrome",
    "no zorblax OUD",
    "OUD zorblax ruled out",
    "COPD, zorblax",
)


@pytest.mark.parametrize("text", IS)
def test_what_a_text_says_is_there(text: str) -> None:
    assert verdict(text) is True


@pytest.mark.parametrize("text", IS_NOT)
def test_what_is_denied_or_somebody_elses_is_not_the_persons(text: str) -> None:
    assert verdict(text) is False


@pytest.mark.parametrize("text", OPEN)
def test_doubt_history_and_unknown_words_stay_open(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize(
    ("text", "group", "expected"),
    [
        ("OSA on CPAP", "sleep_apnea", True),
        ("ESRD on HD", "kidney_failure", True),
        ("CKD 3b", "ckd", True),
        ("CKD 3b", "ckd_severe", False),
        ("Postpartum depression", "depression", True),
        ("Treatment-resistant depression", "depression", True),
        ("ST segment depression", "depression", None),
        ("Hypertension without congestive heart failure", "heart_failure", False),
        ("Hypertensive heart disease without congestive heart failure", "heart_disease", True),
        ("Basal cell carcinoma of skin of nose", "cancer_active", False),
        ("Malignant tumor of colon (disorder)", "cancer_active", None),
        ("Malignant tumor of colon (disorder)", "cancer_history", True),
        ("Metastatic lung cancer", "cancer_active", True),
        ("History of breast cancer", "cancer_active", False),
        ("Myelodysplastic syndrome", "cancer_active", None),
        ("Proteinuria due to type 2 diabetes", "pain_neuropathy_diabetic", False),
        ("Proteinuria due to type 2 diabetes", "diabetes", True),
        ("History of cocaine abuse", "stimulant_use_disorder", None),
        ("History of cocaine abuse", "substance_use_disorder_other", True),
        ("Renal impairment", "ckd", None),
        ("Renal impairment", "depression", False),
        ("No known problems", "depression", False),
        ("Pseudoseizures", "seizure_disorder", False),
        ("Sickle cell trait", "sickle_cell", False),
        ("Prehypertension", "hypertension", False),
    ],
)
def test_abbreviations_stages_and_neighbours(text: str, group: str, expected: Truth) -> None:
    assert verdict(text, group) is expected


def test_the_status_and_doubt_of_an_entry_hold_for_its_words() -> None:
    def found(**more: str) -> object:
        data = {"conditions": [{"name": "OUD", **more}], "complete": {"conditions": "yes"}}
        return derive(Profile.from_dict(data)).values["has_oud_coded"]

    assert found() is True
    assert found(status="resolved") is False
    assert found(certainty="suspected") is None
    assert found(certainty="refuted") is False


# ---- law 14 -------------------------------------------------------------------------------------------------

KNOWN = [
    *IS[:5], *IS_NOT, *OPEN[:9], "COPD", "asthma", "CKD 4", "lung cancer", "depression", "renal impairment", "chronic pain",
    "hypertension", "in remission", "history of", "possible", "severe", "on CPAP", "and", ",", ";",
]  # fmt: skip  # data, read across
UNKNOWN = st.from_regex(r"[bcdfghjklmnpqrstvwxz]{5,9}", fullmatch=True).map(lambda word: f"q{word}")
NEGATING = st.sampled_from(
    ["no", "denies", "without", "ruled out", "r/o", "not", "mother with", "family history of", "?"]
)
TEXTS = st.lists(st.sampled_from(KNOWN) | UNKNOWN, min_size=1, max_size=4)


def verdicts(text: str) -> dict[str, Truth]:
    profile = Profile.from_dict({"conditions": [{"name": text[:200]}], "complete": {"conditions": "yes"}})
    values = derive(profile).values
    found: dict[str, Truth] = {}
    for group in CONTENT.condition_groups:
        value = values[f"has_{group}"]
        assert value is None or isinstance(value, bool)
        found[group] = value
    return found


@given(pieces=TEXTS, piece=UNKNOWN, place=st.integers(0, 4))
def test_an_unknown_piece_never_makes_an_answer_surer(pieces: list[str], piece: str, place: int) -> None:
    before = verdicts(" ".join(pieces))
    after = verdicts(" ".join([*pieces[:place], piece, *pieces[place:]]))
    for group, was in before.items():
        assert after[group] is None or after[group] is was, (group, was, after[group])
        # "Surely none" is never left: the piece may be anything.
        assert after[group] is not False, group


@given(pieces=TEXTS, piece=NEGATING)
def test_a_denying_piece_never_makes_a_yes(pieces: list[str], piece: str) -> None:
    text = " ".join(pieces)
    before = verdicts(text)
    for after in (verdicts(f"{piece} {text}"), verdicts(f"{text} {piece}")):
        assert not [group for group, was in before.items() if was is not True and after[group] is True]


@given(text=st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    found = read_problem(text, CONTENT)
    for entry in entries(found, text, CONTENT):
        assert entry.id is not None or entry.name
    if found.left:
        assert found.open == frozenset(CONTENT.condition_groups)
