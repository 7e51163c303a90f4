"""OUD that is only a code is asked about first; a full agonist around surgery is added to medication for OUD that goes on."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, next_questions, review
from pathways.pages import first_page
from pathways.review.case import Case

DAY = "2026-11-02"
ADULT = {"age_years": 46, "sex": "male", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 40}
CODE = [{"id": "opioid_dependence_code", "certainty": "coded"}]
FOR_PAIN = {
    "name": "oxycodone 10 mg", "ingredients": ["oxycodone"], "dose": {"oxycodone": 10}, "per_day_min": 4,
    "per_day_max": 4, "route": "oral", "state": "current", "purpose": "pain", "source": "pdmp",
}  # fmt: skip  # one entry, read across
Entry = dict[str, Any]


def person(medicines: list[Entry], conditions: list[Entry] | None = None, **answers: Any) -> Case:
    none = {
        "conditions": ["cancer_active", "palliative_care"]
        + ["sickle_cell"] * (answers.get("main_pain") != "sickle_cell")
    }
    data = {
        "as_of": DAY,
        "answers": {**ADULT, **answers},
        "medicines": medicines,
        "conditions": conditions or [],
        "asked_none": none,
    }
    return review(Profile.from_dict(data))


def first_line(case: Case) -> str:
    return first_page(case).do[0].parts[0].text.text


# ---- a code alone ----------------------------------------------------------------------------------------------

CODED = {"nonprescribed_opioid_use": False, "opioid_misuse": False, "opioid_months": 40, "opioid_helps": "yes"}


@pytest.mark.parametrize("pain", ["back_axial", "osteoarthritis", "sickle_cell"])
def test_the_criteria_of_a_coded_oud_come_first_and_medication_follows(pain: str) -> None:
    case = person([FOR_PAIN], CODE, **{**CODED, "main_pain": pain})
    assert first_line(case).startswith("Confirm the coded OUD by criteria")
    assert {case.option(id).verb for id in ("buprenorphine", "methadone_otp")} == {"Check first"}
    assert "oud_criteria" in [q.ask for q in next_questions(case, 3)]
    assert all("naloxone_kit" in plan.ids for plan in case.frontier.plans)
    assert all(case.option(id).eligible for id in ("buprenorphine", "methadone_otp"))


@pytest.mark.parametrize("more", [{"oud_status": "active"}, {"nonprescribed_opioid_use": True}])
def test_what_is_confirmed_or_dangerous_is_offered_at_once(more: dict[str, Any]) -> None:
    case = person([FOR_PAIN], CODE, **{**CODED, **more})
    assert case.option("buprenorphine").verb == "Offer"


def test_by_its_criteria_a_coded_oud_is_offered_treatment() -> None:
    data = {
        "as_of": DAY, "answers": {**ADULT, **CODED}, "conditions": CODE, "medicines": [FOR_PAIN],
        "observations": [{"measure": "oud_criteria", "date": DAY, "value": 4}],
    }  # fmt: skip  # one person, read across
    case = review(Profile.from_dict(data))
    assert case.option("buprenorphine").verb == "Offer"
    assert not first_line(case).startswith("Confirm")


def test_medication_in_use_is_kept_whatever_the_code_rests_on() -> None:
    moud = {"ingredients": ["buprenorphine", "naloxone"], "route": "sublingual", "purpose": "oud", "state": "current"}
    case = person([moud], CODE, **CODED)
    assert case.option("buprenorphine").in_place == "yes"
    assert case.option("buprenorphine").verb in ("Keep", "Keep with", "Check")
    assert not first_line(case).startswith("Confirm")


# ---- around surgery --------------------------------------------------------------------------------------------

MOUD: dict[str, Entry] = {
    "injection": {"name": "Sublocade 300 mg SC monthly", "state": "current", "purpose": "oud"},
    "tablets": {
        "ingredients": ["buprenorphine", "naloxone"],
        "route": "sublingual",
        "purpose": "oud",
        "state": "current",
    },
    "methadone": {"ingredients": ["methadone"], "purpose": "oud", "source": "otp", "state": "current"},
}
ASKED = {**FOR_PAIN, "name": "oxycodone 5 mg", "dose": {"oxycodone": 5}, "state": "proposed", "supply_days": 5}
STABLE = {"oud_status": "remission", "remission_months": 26}


@pytest.mark.parametrize("form", MOUD)
def test_around_surgery_a_full_agonist_is_added_and_medication_goes_on(form: str) -> None:
    case = person([MOUD[form], ASKED], surgery_planned=True, **STABLE)
    kept, asked = case.medicines
    assert asked.verdict in ("start_with", "cannot_tell")
    assert "naloxone_kit" in asked.beside
    assert "full_agonist_for_pain.added_to_moud" in {d.id for d in asked.grounds}
    assert kept.verdict not in ("change", "verify")
    assert not asked.instead


@pytest.mark.parametrize("form", MOUD)
def test_for_chronic_pain_none_is_begun_and_no_second_medication_stands_in_its_place(form: str) -> None:
    [_, asked] = person([MOUD[form], ASKED], surgery_planned=False, acute_injury=False, **STABLE).medicines
    assert asked.verdict == "not_this"
    assert "buprenorphine" not in asked.instead
    assert "medication for OUD" in asked.instead


def test_oud_without_medication_is_offered_that_first() -> None:
    [asked] = person([ASKED], surgery_planned=False, acute_injury=False, oud_status="active").medicines
    assert asked.verdict == "not_this"


# ---- medication that nobody can read, and a start soon after a full agonist ---------------------------------------

PROGRAM = {"state": "current", "purpose": "oud", "setting": "otp"}
IN_WITHDRAWAL = {**STABLE, "sex": "female", "pregnant": True, "in_opioid_withdrawal": True}


@pytest.mark.parametrize(
    "name",
    ["methadone 95 mg once daily, observed", "methadone 95 mg daily (witnessed dose)", "methadone 95 mg qAM at clinic"],
)
def test_a_dose_that_somebody_looks_on_is_read(name: str) -> None:
    case = person([{**PROGRAM, "name": name}], **IN_WITHDRAWAL)
    assert case.option("methadone_otp").in_place == "yes"
    assert case.option("buprenorphine").verb not in ("Offer", "Consider", "Check first")


@pytest.mark.parametrize("said", [{"setting": "otp"}, {"source": "otp"}])
def test_what_a_program_gives_for_oud_holds_every_start_though_nobody_can_read_it(said: dict[str, Any]) -> None:
    case = person([{"name": "zzyx 95 mg", "state": "current", "purpose": "oud", **said}], **IN_WITHDRAWAL)
    assert case.facts.values["takes_moud"] is True
    assert all(case.option(id).verb == "Ask" for id in ("buprenorphine", "methadone_otp"))
    assert all(plan.ids.isdisjoint({"buprenorphine", "methadone_otp"}) for plan in case.frontier.plans)
    assert first_line(case).startswith("zzyx 95 mg: this medicine is not recognized")


@pytest.mark.parametrize("more", [{"setting": "otp", "purpose": "pain"}, {"purpose": "oud"}])
def test_only_both_together_say_that_it_is_medication_for_oud(more: dict[str, Any]) -> None:
    case = person([{"name": "zzyx 95 mg", "state": "current", **more}], **IN_WITHDRAWAL)
    assert case.facts.values["takes_moud"] is not True


@pytest.mark.parametrize("listed", [[], [{"name": "zzyx, smoked", "state": "current", "source": "nonprescribed"}]])
def test_a_start_soon_after_a_full_agonist_says_to_wait_for_its_signs(listed: list[Entry]) -> None:
    used = {
        "oud_status": "active",
        "nonprescribed_opioid_use": True,
        "fentanyl_exposure": True,
        "hours_since_opioid": 5,
    }
    case = person(listed, in_opioid_withdrawal=False, precipitated_before=True, **used)
    assert "full_agonist_timing" in {c.id for c in case.option("buprenorphine").cautions}
    assert case.option("buprenorphine").verb == "Offer"
    [start] = [p for p in case.frontier.plans if "buprenorphine" in p.ids][:1]
    assert "buprenorphine_low_dose_start" in start.ids


def test_of_buprenorphine_in_use_it_says_nothing() -> None:
    case = person([MOUD["tablets"]], oud_status="active", nonprescribed_opioid_use=True)
    assert "full_agonist_timing" not in {c.id for c in case.option("buprenorphine").cautions}
