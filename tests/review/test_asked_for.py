"""An opioid or a sedative that was asked for is held to the person, and a refusal is heard wherever it was said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.pages.page import fork_words
from pathways.review.case import Case
from pathways.review.special import special

AS_OF = date(2026, 11, 16)
CALM = {
    "suicide_concern": False,
    "suicide_plan_or_intent": False,
    "alcohol_daily": False,
    "in_opioid_withdrawal": False,
    "acute_injury": False,
}  # fmt: skip — one person, said in one line
WHOLE = {"conditions": "yes", "medicines": "yes"}
OXYCODONE = {"ingredients": ["oxycodone"], "state": "proposed", "purpose": "pain"}
ALPRAZOLAM = {"ingredients": ["alprazolam"], "state": "proposed"}


def _case(*medicines: dict[str, Any], wishes: tuple[dict[str, Any], ...] = (), **more: Any) -> Case:
    answers = {"age_years": 50, "sex": "male", "main_pain": "back_axial", "pain_months": 24, "oud_status": "none"}
    given = {
        "as_of": AS_OF,
        "answers": {**answers, **CALM, **more.pop("answers", {})},
        "conditions": [{"id": id, "status": "active"} for id in more.pop("conditions", ())],
        "observations": [{"date": AS_OF, **one} for one in more.pop("observations", ())],
        "medicines": list(medicines),
        "wishes": list(wishes),
        "complete": WHOLE,
    }
    return review(Profile.from_dict(given))


def _refuses(treatment: str) -> dict[str, Any]:
    return {"treatment": treatment, "says": "refuses", "date": AS_OF.isoformat()}


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        (OXYCODONE, {"answers": {"oud_status": "active"}}),
        (OXYCODONE, {"answers": {"suicide_concern": True}}),
        (OXYCODONE, {"wishes": (_refuses("opioid_short_course"),)}),
        (ALPRAZOLAM, {"answers": {"oud_status": "active"}}),
        (ALPRAZOLAM, {"answers": {"nonprescribed_opioid_use": True}}),
    ],
)
def test_what_the_person_speaks_against_is_not_started(asked: dict[str, Any], more: dict[str, Any]) -> None:
    [weighed] = _case(asked, **more).medicines
    assert weighed.verdict == "not_this"
    assert weighed.grounds[0].source


@pytest.mark.parametrize(
    ("asked", "more", "care"),
    [
        (OXYCODONE, {"answers": {"oud_status": "remission"}}, "full_agonist_for_pain.newcomer_after_oud"),
        (OXYCODONE, {"conditions": ("stimulant_use_disorder",)}, "opioid_not_moud.newcomer_other_sud"),
        (ALPRAZOLAM, {"answers": {"oud_status": "remission"}}, "sedative.newcomer_after_sud"),
    ],
)
def test_what_was_before_is_a_start_with_care(asked: dict[str, Any], more: dict[str, Any], care: str) -> None:
    [weighed] = _case(asked, **more).medicines
    assert weighed.verdict != "start"
    assert care in {d.id for d in weighed.grounds if d.makes == "keep_with"}
    [weighed] = _case(asked).medicines
    assert care not in {d.id for d in weighed.grounds if d.makes == "keep_with"}


def test_in_withdrawal_from_alcohol_a_benzodiazepine_is_not_barred() -> None:
    answers = {"oud_status": "active", "alcohol_or_sedative_withdrawal": True, "alcohol_daily": True}
    [weighed] = _case(ALPRAZOLAM, answers=answers).medicines
    assert weighed.verdict != "not_this"


def test_cancer_pain_is_not_told_the_rule_for_chronic_pain() -> None:
    answers = {"oud_status": "active", "main_pain": "cancer"}
    case = _case(OXYCODONE, answers=answers, conditions=("metastatic_cancer",))
    [weighed] = case.medicines
    assert weighed.verdict != "not_this"
    assert "full_agonist_for_pain.newcomer_after_oud" in {d.id for d in weighed.grounds}
    assert not any(
        "for chronic pain" in c.label for id in ("tramadol", "tapentadol") for c in case.option(id).closed_by
    )


MORPHINE = {"ingredients": ["morphine"], "state": "current", "purpose": "pain"}


@pytest.mark.parametrize(
    ("pain", "condition", "advised"),
    [
        ("cancer", ("metastatic_cancer",), "asco2023.cancer_pain_worse"),
        ("sickle_cell", ("sickle_cell",), "ash2020.pain_worse"),
        ("back_axial", (), "situation.hyperalgesia"),
    ],
)
def test_worse_pain_is_answered_by_its_kind(pain: str, condition: tuple[str, ...], advised: str) -> None:
    case = _case(MORPHINE, answers={"main_pain": pain, "pain_worse_or_spreading": True}, conditions=condition)
    applies = {f.record.id for f in case.findings.recommendations if f.status == "applies"}
    all_of_it = {"asco2023.cancer_pain_worse", "ash2020.pain_worse", "situation.hyperalgesia"}
    assert applies & all_of_it == {advised}


def test_cancer_pain_is_not_relieved_by_exercise_alone() -> None:
    pain = {"measure": "peg", "items": {"pain": 9, "enjoyment": 9, "activity": 9}}
    case = _case(answers={"main_pain": "cancer"}, conditions=("metastatic_cancer",), observations=(pain,))
    assert all("opioid_for_cancer_pain" in plan.ids for plan in case.shown.plans)
    assert any(told.id == "opioid_for_cancer_pain" for told in handout(case).planned)
    mild = {"measure": "peg", "items": {"pain": 2, "enjoyment": 2, "activity": 2}}
    case = _case(answers={"main_pain": "cancer"}, conditions=("metastatic_cancer",), observations=(mild,))
    assert not any("opioid_for_cancer_pain" in plan.ids for plan in case.shown.plans)


@pytest.mark.parametrize("measure", ["udt_fentanyl", "udt_6mam"])
def test_a_confirmed_result_is_talked_about_first(measure: str) -> None:
    result = {"measure": measure, "value": "confirmed_found"}
    case = _case({**MORPHINE, "ingredients": ["oxycodone"]}, observations=(result,))
    [told] = [f.action for f in case.findings.recommendations if f.record.id == "cdc2022draft.unexpected_urine"]
    assert told.startswith("Unexpected urine result: talk first")
    assert case.medicines[0].verdict != "keep"
    known = _case(MORPHINE, observations=(result,), answers={"nonprescribed_opioid_use": True})
    [told] = [f.action for f in known.findings.recommendations if f.record.id == "cdc2022draft.unexpected_urine"]
    assert "what was told" in told


def test_what_is_in_use_and_not_wanted_is_changed_with_the_person() -> None:
    gabapentin = {"ingredients": ["gabapentin"], "state": "current", "purpose": "pain"}
    case = _case(gabapentin, wishes=(_refuses("gabapentin"),), answers={"main_pain": "neuropathy_diabetic"})
    [weighed] = case.medicines
    assert (weighed.verdict, weighed.how) == ("change", "together")
    [line] = [one for one in special(case) if one.id == "medicines.0"]
    assert "never stop abruptly" in line.text.text
    case = _case(gabapentin, answers={"main_pain": "neuropathy_diabetic"})
    assert case.medicines[0].how != "together"


def test_medication_for_oud_goes_on_while_it_is_talked_over() -> None:
    methadone = {"ingredients": ["methadone"], "state": "current", "purpose": "oud", "source": "otp"}
    case = _case(methadone, wishes=(_refuses("methadone_otp"),), answers={"oud_status": "active"})
    [weighed] = case.medicines
    assert weighed.verdict != "change"
    assert any("nothing ends before another has begun" in d.action for d in weighed.grounds)


def test_a_fork_says_what_is_not_wanted_and_what_is_checked_first() -> None:
    active = {"oud_status": "active", "nonprescribed_opioid_use": True, "main_pain": "none"}
    case = _case(wishes=(_refuses("methadone_otp"),), answers=active)
    ways = next(fork_words(f)[1] for f in case.shown.forks if f.id == "moud_choice")
    assert [w for w in ways if "ethadone" in w] == [ways[-1]]
    assert ways[-1].endswith("(the person does not want it)")
    assert not any(way.id == "methadone_otp" for d in handout(case).decisions for way in d.ways)
    far = _case(answers={**active, "otp_reachable": False, "phone_only": True, "precipitated_before": True})
    ways = next(fork_words(f)[1] for f in far.shown.forks if f.id == "moud_choice")
    assert any("ethadone" in way and way.endswith("(check first)") for way in ways)
    assert any("low-dose start" in way for way in ways)


def test_a_sentence_names_no_way_that_is_closed() -> None:
    case = _case(answers={"oud_status": "active", "nonprescribed_opioid_use": True})
    [told] = [f.action for f in case.findings.recommendations if f.record.id == "asam2020.moud_choice"]
    assert told == "Choose the OUD medication together: buprenorphine or methadone"
    case = _case(
        wishes=(_refuses("methadone_otp"),), answers={"oud_status": "active", "nonprescribed_opioid_use": True}
    )
    [told] = [f.action for f in case.findings.recommendations if f.record.id == "asam2020.moud_choice"]
    assert told == "Choose the OUD medication together", "one way alone is no choice to name"
