"""The chain from a profile to a case, told by small people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.language import facts_of
from pathways.pages.data import case_data
from pathways.profile import Profile, ProfileError
from pathways.review.case import Case, review
from pathways.review.explain import what_if, why, why_not
from pathways.review.options import VERBS
from pathways.review.questions import next_questions

TOP_KEYS = {
    "schema_version", "kit_version", "content_hash", "as_of", "profile", "facts", "contradictions", "emergencies",
    "findings", "needs", "options", "core", "forks", "plans", "agenda", "questions",
    "not_counted", "assumes", "sources",
}  # fmt: skip  # data, read across


def person(**answers: Any) -> dict[str, Any]:
    """An adult outpatient with long-standing back pain who takes nothing, unless said otherwise."""
    base = {
        "age_years": 45,
        "setting": "outpatient",
        "pregnant": False,
        "main_pain": "back_axial",
        "pain_months": 24,
        "oud_status": "none",
        "nonprescribed_opioid_use": False,
    }
    return {
        "as_of": date(2026, 11, 2),
        "answers": {**base, **answers},
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }


def reviewed(data: dict[str, Any]) -> Case:
    return review(Profile.from_dict(data))


def takes(name: str, mg: float, times: float, **more: Any) -> dict[str, Any]:
    return {
        "ingredients": [name],
        "dose": {name: mg},
        "per_day_min": times,
        "per_day_max": times,
        "route": "oral",
        "state": "current",
        **more,
    }


def verb(case: Case, treatment: str) -> str | None:
    return case.option(treatment).verb


def test_the_json_has_the_promised_keys_and_only_known_tokens() -> None:
    data = case_data(reviewed(person()))
    assert set(data) >= TOP_KEYS
    for finding in data["findings"]:
        assert finding["status"] in ("does_not_apply", "met", "applies", "needs_information")
        assert {"id", "title", "status", "because", "asks", "assumes", "source", "owner"} <= set(finding)
    for option in data["options"]:
        assert option["fit"] in ("indicated", "consider", "not_indicated", "needs_information")
        assert option["safety"] in ("clear", "precaution", "check_first", "contraindicated")
        assert option["in_place"] in ("yes", "no", "unknown")
        assert option["verb"] in (*VERBS, None)
    for plan in data["plans"]:
        assert {"items", "needs", "cautions", "burden", "gives_up"} <= set(plan)
        for item in plan["items"]:
            assert {"id", "verb", "phase", "owner"} <= set(item)


def test_active_oud_gets_plans_with_buprenorphine_and_with_methadone() -> None:
    case = reviewed(person(oud_status="active"))
    for medication in ("buprenorphine", "methadone_otp"):
        assert any(medication in plan.ids for plan in case.frontier.plans)
    assert all(plan.needs["oud_treatment"] == "addressed" for plan in case.frontier.plans)


def test_a_benzodiazepine_is_no_reason_to_withhold_medication_for_oud() -> None:
    data = person(oud_status="active")
    data["medicines"] = [takes("alprazolam", 1, 2)]
    case = reviewed(data)
    assert case.option("buprenorphine").safety != "contraindicated"
    assert case.option("methadone_otp").safety != "contraindicated"
    assert {"buprenorphine", "methadone_otp"} <= {plan.decisions["moud_choice"] for plan in case.frontier.plans}


def test_naltrexone_never_meets_an_opioid() -> None:
    data = person(oud_status="active")
    data["medicines"] = [takes("oxycodone", 10, 4, purpose="pain", release="ir")]
    case = reviewed(data)
    assert verb(case, "naltrexone_xr") == "Do not start"
    assert not any("naltrexone_xr" in plan.ids for plan in case.frontier.plans)


def test_methadone_in_use_with_a_long_qtc_is_reviewed_and_never_stopped() -> None:
    data = person(oud_status="remission")
    data["medicines"] = [takes("methadone", 100, 1, purpose="oud", source="otp")]
    data["observations"] = [{"measure": "qtc_ms", "value": 512, "date": "2026-10-20"}]
    case = reviewed(data)
    assert verb(case, "methadone_otp") == "Change"
    assert all("methadone_otp" in plan.ids for plan in case.frontier.plans), "it is in use until it is changed"
    choices = {plan.decisions.get("moud_choice") for plan in case.frontier.plans}
    assert choices == {"buprenorphine", None}, "change, or review and keep: both are shown"


def test_an_open_check_is_not_a_no() -> None:
    """Kidney function not known: an NSAID may stand in a plan, marked "before starting"."""
    option = reviewed(person()).option("nsaid_oral")
    assert option.verb == "Check first"
    assert "egfr" in option.asks


def test_the_long_term_opioid_is_a_decision_with_three_ways() -> None:
    data = person(opioid_months=60)
    data["medicines"] = [takes("oxycodone", 40, 2, purpose="pain", release="er")]
    case = reviewed(data)
    choices = {plan.decisions.get("long_term_opioid") for plan in case.frontier.plans}
    assert choices == {"opioid_continue", "opioid_taper", "buprenorphine_for_pain"}
    assert case.shown.forks[0].id == "long_term_opioid"
    shown = [plan.decisions["long_term_opioid"] for plan in case.shown.plans]
    assert len(set(shown)) == len(shown), "each whole plan shown takes the decision in another way"


def test_assessed_none_settles_oud_and_blank_does_not() -> None:
    assert reviewed(person()).facts.values["has_oud"] is False
    blank = person()
    del blank["answers"]["oud_status"]
    assert reviewed(blank).facts.values["has_oud"] is None
    assert "oud_criteria" in [q.ask for q in next_questions(reviewed(blank))]


def test_a_contradiction_is_shown_and_becomes_a_question() -> None:
    data = person(oud_status="none")
    data["medicines"] = [takes("buprenorphine", 8, 2, route="sublingual", purpose="oud")]
    case = reviewed(data)
    assert case.facts.contradictions == ("oud_none_but_moud",)
    assert case.facts.values["has_oud"] is None


def test_why_names_the_facts_responsible() -> None:
    data = person()
    data["medicines"] = [takes("oxycodone", 40, 2, purpose="pain", release="er")]
    told = why(reviewed(data), "cdc2022.dose_50")
    assert told.verdict == "applies"
    assert any("120 MME/day" in reason["says"] for reason in told.because)
    assert told.source[0]["id"].startswith("cdc2022")


def test_why_not_says_what_it_would_take() -> None:
    case = reviewed(person())
    assert "indication" in why_not(case, "gabapentin")[0]
    assert why_not(case, "exercise") == ()
    with pytest.raises((KeyError, StopIteration)):
        why_not(case, "bloodletting")


def test_what_if_edits_answers_and_lists() -> None:
    case = reviewed(person())
    change = what_if(case, {"oud_status": "active", "medicines.+": takes("sertraline", 50, 1)})
    assert {
        "kind": "recommendation",
        "id": "cdc2022.12",
        "before": "does_not_apply",
        "after": "applies",
    } in change.changed
    assert len(change.after.profile.medicines) == 1
    assert not case.profile.medicines, "the case itself stays as it was"
    with pytest.raises(ProfileError, match="age_yeers"):
        what_if(case, {"age_yeers": 50})


def test_a_question_that_cannot_be_answered_is_not_asked_again() -> None:
    data = person()
    asked = [q.ask for q in next_questions(reviewed(data))]
    assert "phq9" in asked
    data["cannot_answer"] = ["phq9"]
    assert "phq9" not in [q.ask for q in next_questions(reviewed(data))]


def test_a_blank_profile_has_no_red_no_plan_and_no_confident_no() -> None:
    case = reviewed({"as_of": date(2026, 11, 2)})
    assert {e.state for e in case.findings.emergencies} == {"not_asked"}
    assert not case.frontier.plans
    # "No questionnaire on record" is known of a blank profile, and asks nobody to fill one in.
    on_record = {f.id for f in case.content.facts.values() if f.kind == "on_record"}
    open_ = [f for f in case.findings.recommendations if not facts_of(case.content.node(f.record.when)) <= on_record]
    assert {f.status for f in open_} == {"needs_information"}


@pytest.mark.parametrize("sign", ["breathing_slow", "cannot_be_woken", "lips_blue"])
def test_a_true_sign_of_overdose_shows_whatever_else_is_missing(sign: str) -> None:
    case = reviewed({"as_of": date(2026, 11, 2), "answers": {sign: True}})
    red = [e for e in case.findings.emergencies if e.state == "present"]
    assert [e.level for e in red] == ["act_now"]
    assert red[0].record.row == ("I-1",)


def test_naltrexone_in_use_is_no_answer_to_withdrawal_in_pregnancy() -> None:
    """B-P1: naltrexone that must give way leaves no plan without an agonist."""
    naltrexone = {"ingredients": ["naltrexone"], "route": "intramuscular", "purpose": "oud", "state": "current"}
    oxycodone = {"ingredients": ["oxycodone"], "state": "current", "purpose": "other", "source": "nonprescribed"}
    answers = {"pregnant": True, "oud_status": "active", "in_opioid_withdrawal": True, "age_years": 30}
    case = review(Profile.from_dict({"as_of": "2026-11-02", "answers": answers, "medicines": [naltrexone, oxycodone]}))
    assert case.shown.plans
    assert all(plan.ids & {"buprenorphine", "methadone_otp"} for plan in case.shown.plans)
