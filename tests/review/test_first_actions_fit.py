"""What is said first fits the person: the place, what is taken, what is open in its stead, and who can see to it."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.care.handout import handout
from pathways.content import load_content
from pathways.pages.page import first_page
from pathways.review.actions import first_owner
from pathways.review.questions import next_questions


def case_of(answers: dict[str, Any], *medicines: dict[str, Any], conditions: tuple[str, ...] = (), **more: Any) -> Case:
    listed = [{"state": "current", **m} for m in medicines]
    data: dict[str, Any] = {"as_of": "2026-11-30", "answers": answers, "medicines": listed}
    data["conditions"] = [{"id": id} for id in conditions]
    return review(Profile.from_dict(data | more))


def drug(name: str, *ingredients: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "ingredients": list(ingredients or (name,)), "route": "oral", **more}


def daily(name: str, mg: float, times: int, **more: Any) -> dict[str, Any]:
    return drug(name, dose={name: mg}, per_day_min=times, per_day_max=times, **more)


def told(case: Case, id: str) -> tuple[str, ...]:
    return next(e.actions for e in case.findings.emergencies if e.record.id == id)


WHOLE: dict[str, Any] = {"complete": {"medicines": "yes", "conditions": "yes"}}


@pytest.mark.parametrize(
    ("setting", "sent"), [("outpatient", True), ("emergency_department", False), ("inpatient", False)]
)
def test_nobody_in_a_hospital_is_sent_to_one(setting: str, sent: bool) -> None:
    case = case_of(
        {"setting": setting, "age_years": 50, "sex": "male", "stroke_signs": True, "withdrawal_seizure": True}
    )
    assert ("Hospital now" in told(case, "alcohol_or_sedative_withdrawal_severe")) is sent
    assert ("Chest or stroke signs: call 911" in told(case, "medical_sign_any_cause")) is sent
    assert ("emergency room" in handout(case).urgent) is sent


def test_withdrawal_from_alcohol_names_its_treatment_and_only_what_is_taken() -> None:
    answers = {"setting": "inpatient", "alcohol_daily": True, "withdrawal_seizure": True, "oud_status": "none"}
    sedative, moud = "A benzodiazepine or like sedative that is taken goes on, not cut", "Keep MOUD going"
    nothing = told(case_of(answers, **WHOLE), "alcohol_or_sedative_withdrawal_severe")
    assert any("Benzodiazepine first" in act for act in nothing)
    assert any("Thiamine" in act for act in nothing)
    assert sedative not in nothing
    assert moud not in nothing
    not_known = told(case_of({"withdrawal_seizure": True}), "alcohol_or_sedative_withdrawal_severe")
    assert {sedative, moud} <= set(not_known)
    taken = told(case_of(answers, daily("clonazepam", 1, 2), **WHOLE), "alcohol_or_sedative_withdrawal_severe")
    assert sedative in taken


def test_withdrawal_from_alcohol_is_sent_to_a_hospital_by_what_it_shows() -> None:
    """Unwell from cutting down is assessed today; a seizure, fever or a high score makes it one for a hospital."""
    for shown in ({}, {"fever": True}, {"withdrawal_confusion_or_hallucination": True}):
        case = case_of({"setting": "outpatient", "alcohol_or_sedative_withdrawal": True, **shown})
        said = told(case, "alcohol_or_sedative_withdrawal_severe")
        assert ("Hospital now" in said) is bool(shown)
        assert any("Assess today" in act for act in said) is not bool(shown)
        assert any("goes on, not cut" in act for act in said)


RAISES = [drug("naproxen"), drug("lisinopril"), drug("hydrochlorothiazide")]


@pytest.mark.parametrize("raises", RAISES, ids=lambda r: r["name"])
@pytest.mark.parametrize(("sign", "level"), [("tremor", "same_day"), ("drowsy_or_confused", "act_now")])
def test_a_sign_beside_lithium_and_what_raises_it_is_urgent(raises: dict[str, Any], sign: str, level: str) -> None:
    case = case_of({sign: True}, drug("lithium"), raises)
    found = next(e for e in case.findings.emergencies if e.record.id == "lithium_toxicity")
    assert (found.state, found.level) == ("present", level)
    lithium = case.medicines[0]
    assert (lithium.verdict, lithium.how, lithium.by) == ("change", "hold", "today")


def test_lithium_with_an_nsaid_and_no_sign_is_measured_today_and_the_nsaid_stops() -> None:
    case = case_of({"tremor": False, "drowsy_or_confused": False}, drug("lithium"), drug("ibuprofen"), **WHOLE)
    lithium, nsaid = case.medicines
    assert all(e.state != "present" for e in case.findings.emergencies)
    assert lithium.verdict == "keep_with"
    assert "lithium_level_today" in lithium.beside
    assert (nsaid.how, nsaid.by) == ("stop", "today")
    text = next(t.text for t in handout(case).planned if t.id == "medicines.1")
    assert "stop taking" in text
    assert "Do not stop it on your own" not in text


def test_lithium_alone_is_no_emergency_by_a_tremor() -> None:
    case = case_of({"tremor": True}, drug("lithium"), **WHOLE)
    assert next(e.state for e in case.findings.emergencies if e.record.id == "lithium_toxicity") != "present"


@pytest.mark.parametrize(
    ("medicine", "answers", "at_once"),
    [
        (drug("naproxen"), {"pregnant": True, "weeks_pregnant": 33, "sex": "female", "age_years": 29}, True),
        (daily("oxycodone", 30, 4, purpose="pain"), {"cannot_be_woken": False, "drowsy_or_confused": True}, False),
    ],
)
def test_only_what_may_stop_at_once_is_said_to_stop(
    medicine: dict[str, Any], answers: dict[str, Any], at_once: bool
) -> None:
    case = case_of(answers, medicine)
    assert case.medicines[0].verdict == "change"
    text = next(t.text for t in handout(case).planned if t.id == "medicines.0")
    assert ("Please stop taking this one" in text) is at_once


def test_a_limp_breastfed_baby_is_seen_now_and_gets_no_more_of_the_opioid() -> None:
    answers = {"sex": "female", "age_years": 26, "breastfeeding": True, "breastfed_baby_unwell": True}
    case = case_of(answers, drug("Tylenol #3", "acetaminophen", "codeine", purpose="pain"))
    assert case.medicines[0].how == "hold"
    text = next(t.text for t in handout(case).planned if t.id == "medicines.0")
    assert "seen now" in text
    assert "Do not breastfeed" in text
    assert "Do not take the next dose" in text


def test_in_place_of_a_medicine_nothing_is_named_that_is_at_its_limit() -> None:
    naproxen = daily("naproxen", 500, 2)
    full = case_of({"age_years": 78}, naproxen, daily("acetaminophen", 1000, 4), conditions=("heart_failure",))
    some = case_of({"age_years": 78}, naproxen, daily("acetaminophen", 500, 2), conditions=("heart_failure",))
    assert "acetaminophen" not in full.medicines[0].instead
    assert "acetaminophen" in some.medicines[0].instead


def test_a_second_medicine_of_the_kind_in_use_is_no_way() -> None:
    tricyclic = drug("amitriptyline", state="proposed", purpose="pain")
    answers = {"age_years": 70, "main_pain": "neuropathy_postherpetic"}
    taken = case_of(answers, tricyclic, daily("pregabalin", 75, 2, purpose="pain"), conditions=("heart_block",))
    alone = case_of(answers, tricyclic, conditions=("heart_block",))
    assert "gabapentinoid" not in taken.medicines[0].instead
    assert "gabapentinoid" in alone.medicines[0].instead


@pytest.mark.parametrize(
    ("days", "sign"), [(27, True), (30, True), (20, False), (40, False)], ids=["3 left", "last", "10 left", "long over"]
)
def test_a_supply_that_ends_asks_who_writes_the_next_one(days: int, sign: bool) -> None:
    written = {27: "2026-11-03", 30: "2026-10-31", 20: "2026-11-10", 40: "2026-10-21"}[days]
    entry = daily("oxycodone", 30, 4, purpose="pain", written=written, supply_days=30)
    case = case_of({"main_pain": "back_axial", "pain_months": 60}, entry)
    grounds = {d.id for d in case.medicines[0].grounds}
    assert ("supply_ends" in grounds) is sign
    assert ("next_prescription" in {a.record.id for a in case.beside(case.shown.core)}) is sign


def test_who_sees_to_it_is_somebody_who_is_there() -> None:
    bought = drug("fentanyl", source="nonprescribed", purpose="other")
    street = case_of({"oud_status": "active", "in_opioid_withdrawal": True}, bought)
    ordered = case_of({"in_opioid_withdrawal": True}, daily("oxycodone", 10, 3, purpose="pain"))
    owners = load_content().treatments["withdrawal_relief"].owner
    assert first_owner(street, owners) == "addiction_specialist"
    assert first_owner(ordered, owners) == "opioid_prescriber"
    for setting, who in (("emergency_department", "emergency_care"), ("outpatient", "primary_care")):
        case = case_of({"setting": setting})
        assert first_owner(case, ("primary_care",)) == who
        assert first_owner(case, ("primary_care",), now=False) == "primary_care"


def test_no_dose_is_asked_of_what_is_not_on_the_list() -> None:
    fields = {"main_pain": "back_axial", "pain_months": 30, "oud_status": "none", "opioid_free_days": 1100}
    case = case_of(fields)
    asked = {q.ask for q in next_questions(case)}
    assert "medicines.methadone" not in asked
    assert "medicines.moud" not in asked
    assert "lost_tolerance" not in asked
    assert "medicines.opioid_for_pain" in asked  # one of the first six, asked as the form has it
    assert "medicines.moud" in {q.ask for q in next_questions(case_of({"main_pain": "back_axial", "pain_months": 30}))}


def test_a_wish_to_go_down_is_no_lost_tolerance() -> None:
    oxycodone = daily("oxycodone", 30, 4, purpose="pain")
    wish = case_of(
        {"wants_taper": True, "lost_tolerance": False, "oud_status": "none", "opioid_free_days": 0}, oxycodone, **WHOLE
    )
    gone = case_of({"lost_tolerance": True}, oxycodone)
    for case, status in ((wish, "does_not_apply"), (gone, "applies")):
        assert next(f.status for f in case.findings.recommendations if f.record.id == "tip63.lost_tolerance") == status


def test_constipation_in_spite_of_laxatives_is_answered_in_every_plan() -> None:
    oxycodone = daily("oxycodone", 10, 3, purpose="pain")
    case = case_of({"constipation_despite_laxatives": True}, oxycodone)
    assert all("opioid_constipation_medicine" in plan.ids for plan in case.frontier.plans)
    without = case_of({"constipation_despite_laxatives": False}, oxycodone)
    assert all("opioid_constipation_medicine" not in plan.ids for plan in without.frontier.plans)


def test_an_injection_is_not_kept_twice() -> None:
    depot = {
        "name": "Sublocade 300 mg",
        "ingredients": ["buprenorphine"],
        "route": "subcutaneous",
        "release": "er",
        "dose": {"buprenorphine": 300},
        "purpose": "oud",
    }
    case = case_of({"oud_status": "remission", "remission_months": 16}, depot)
    names = [part.text.text for action in first_page(case).do for part in action.parts if part.verb == "Keep"]
    assert sum("uprenorphine" in name for name in names) <= 1
