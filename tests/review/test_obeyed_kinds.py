"""Kinds that random people brought up: what is known of a person speaks against all of it, and siblings stay."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.review.case import Case

WHOLE = {"medicines": "yes", "conditions": "yes", "observations": "yes"}


def taken(name: str, state: str = "current", purpose: str = "pain", **more: Any) -> dict[str, Any]:
    return {"name": name, "ingredients": [name], "route": "oral", "state": state, "purpose": purpose, **more}


def case_of(*medicines: dict[str, Any], conditions: tuple[str, ...] = (), **more: Any) -> Case:
    answers = {"age_years": 50, "sex": "male", "main_pain": "back_axial", "pain_months": 24, "oud_status": "none"}
    observations = more.pop("observations", [])
    person = {
        "schema_version": 1,
        "as_of": "2026-11-16",
        "answers": answers | more,
        "medicines": list(medicines),
        "conditions": [{"id": id} for id in conditions],
        "observations": observations,
        "complete": WHOLE,
    }
    return review(Profile.from_dict(person))


@pytest.mark.parametrize(("name", "purpose"), [("methadone", "pain"), ("methadone", "oud"), ("buprenorphine", "pain")])
def test_a_serious_allergy_to_an_opioid_in_use_changes_it_for_each_purpose(name: str, purpose: str) -> None:
    assert case_of(taken(name, purpose=purpose), **{f"{name}_allergy": True}).medicines[0].verdict == "change"
    assert case_of(taken(name, purpose=purpose), **{f"{name}_allergy": False}).medicines[0].verdict != "change"


def test_naltrexone_is_verified_beside_an_agonist_that_is_asked_for_and_the_agonist_in_use_stays() -> None:
    naltrexone, methadone = case_of(
        taken("naltrexone", purpose="oud"), taken("methadone", "proposed", "oud"), oud_status="remission"
    ).medicines
    assert (naltrexone.verdict, methadone.verdict) == ("verify", "cannot_tell")
    in_use, asked = case_of(
        taken("methadone", purpose="oud"), taken("naltrexone", "proposed", "oud"), oud_status="active"
    ).medicines
    assert in_use.verdict not in ("verify", "change")
    assert asked.verdict in ("not_this", "cannot_tell")


@pytest.mark.parametrize("metabolizer", ["cyp2d6_ultrarapid", "cyp2d6_poor"])
def test_tramadol_is_not_begun_where_the_metabolizer_speaks_against_it(metabolizer: str) -> None:
    assert case_of(conditions=(metabolizer,), opioid_start_considered=True).option("tramadol").verb == "Do not start"
    assert case_of(opioid_start_considered=True).option("tramadol").verb != "Do not start"


@pytest.mark.parametrize("beside", ["carisoprodol", "butorphanol"])
def test_an_opioid_for_pain_is_not_begun_beside_what_stays_and_must_not_meet_it(beside: str) -> None:
    case = case_of(taken(beside, purpose="other"), opioid_start_considered=True)
    met = [x for x in case.option("buprenorphine_patch_or_film").meets if x.severity == "stop"]
    assert met
    assert case.option("buprenorphine_patch_or_film").verb not in ("Offer", "Consider", "Check first")


def test_an_agonist_for_oud_is_not_withheld_for_what_it_meets() -> None:
    case = case_of(taken("carisoprodol", purpose="other"), taken("butorphanol"), oud_status="active")
    assert case.option("buprenorphine").verb in ("Offer", "Consider", "Check first")


def test_an_snri_beside_tramadol_that_goes_on_is_checked_first() -> None:
    case = case_of(taken("tramadol"), main_pain="fibromyalgia")
    assert case.option("milnacipran").verb in ("Check first", "Do not start")
    assert case.option("milnacipran").avoided
    assert not case_of(main_pain="fibromyalgia").option("milnacipran").avoided


@pytest.mark.parametrize("pressure", [85, 120])
def test_withdrawal_is_relieved_at_a_low_blood_pressure_too(pressure: int) -> None:
    seen = [{"measure": "systolic", "value": pressure, "date": "2026-11-16"}]
    case = case_of(taken("oxycodone"), in_opioid_withdrawal=True, observations=seen)
    verb = case.option("withdrawal_relief").verb
    assert verb == "Check first" if pressure < 90 else verb == "Offer"


def test_a_sedative_is_held_in_drowsiness_although_its_rhythm_is_to_be_weighed() -> None:
    seen = [{"measure": "qtc_ms", "value": 509, "date": "2026-11-16"}]
    both = taken("hydroxyzine", purpose="other"), taken("oxycodone")
    assert case_of(*both, drowsy_or_confused=True, observations=seen).medicines[0].how == "hold"
    assert case_of(*both, drowsy_or_confused=False, observations=seen).medicines[0].how != "hold"


def test_diabetic_nerve_pain_asks_for_glucose_beside_tramadol() -> None:
    assert "glucose_watched" in case_of(taken("tramadol"), conditions=("pain_neuropathy_diabetic",)).medicines[0].beside
    assert "glucose_watched" not in case_of(taken("tramadol"), conditions=("pain_postherpetic",)).medicines[0].beside


def test_injected_buprenorphine_in_pregnancy_asks_obstetrics() -> None:
    injected = taken("buprenorphine", "proposed", "oud", route="subcutaneous")
    case = case_of(injected, sex="female", pregnant=True, age_years=30, oud_status="active")
    assert "obstetrics_asked" in case.medicines[0].beside


LATELY = [{"measure": "last_maoi_dose", "date": "2026-11-11"}]
LONG_AGO = [{"measure": "last_maoi_dose", "date": "2026-10-11"}]


@pytest.mark.parametrize(("name", "purpose"), [("methadone", "pain"), ("fentanyl", "pain"), ("meperidine", "pain")])
def test_a_serotonergic_opioid_is_not_begun_within_two_weeks_of_an_maoi(name: str, purpose: str) -> None:
    assert case_of(taken(name, "proposed", purpose), observations=LATELY).medicines[0].verdict == "not_this"
    assert case_of(taken(name, "proposed", purpose), observations=LONG_AGO).medicines[0].verdict != "not_this"


@pytest.mark.parametrize("name", ["methadone", "fentanyl"])
def test_methadone_or_fentanyl_in_use_is_not_changed_for_an_maoi_that_has_ended(name: str) -> None:
    assert case_of(taken(name), observations=LATELY).medicines[0].verdict not in ("change", "verify")


def test_meperidine_in_use_is_changed_within_two_weeks_of_an_maoi() -> None:
    changed = case_of(taken("meperidine"), observations=LATELY).medicines[0]
    assert (changed.verdict, changed.how) == ("change", "switch")
    assert not any(g.id == "meperidine.maoi" for g in case_of(taken("meperidine")).medicines[0].grounds)


def test_low_salts_on_methadone_ask_for_an_ecg_as_well() -> None:
    low = [{"measure": "magnesium", "value": 0.4, "date": "2026-11-15"}]
    assert {"salts", "ecg"} <= {*case_of(taken("methadone", purpose="oud"), observations=low).medicines[0].beside}
    normal = [{"measure": "magnesium", "value": 0.9, "date": "2026-11-15"}]
    assert "ecg" not in case_of(taken("methadone", purpose="oud"), observations=normal).medicines[0].beside


@pytest.mark.parametrize("blocker", ["naloxegol", "naldemedine", None])
def test_laxatives_are_called_for_beside_a_gut_opioid_blocker_that_is_not_enough(blocker: str | None) -> None:
    beside = [taken(blocker, purpose="other")] if blocker else []
    case = case_of(taken("oxycodone"), *beside, constipation_despite_laxatives=True)
    assert all("bowel_plan" in plan.ids for plan in case.shown.plans)
    assert case.shown.plans


WORST = {"measure": "peg", "items": dict.fromkeys(("pain", "enjoyment", "activity"), 8), "date": "2026-11-16"}


@pytest.mark.parametrize(("status", "wanted"), [("active", True), ("remission", True), ("none", False)])
def test_an_opioid_for_cancer_pain_or_an_injury_after_oud_comes_with_small_supplies(status: str, wanted: bool) -> None:
    cancer = case_of(main_pain="cancer", oud_status=status, observations=[WORST]).option("opioid_for_cancer_pain")
    injury = case_of(acute_injury=True, pain_months=0, opioid_start_considered=True, oud_status=status)
    for option in (cancer, injury.option("opioid_short_course")):
        assert option.verb in ("Offer", "Consider")
        assert ({id for _, id in option.needs_beside} >= {"naloxone_kit", "supplies_small"}) is wanted


def test_cancer_pain_is_relieved_with_small_supplies_where_there_is_a_sign_of_suicide_risk() -> None:
    sign = {"measure": "phq9", "items": {"self_harm": 1}, "date": "2026-11-16"}
    option = case_of(main_pain="cancer", observations=[WORST, sign]).option("opioid_for_cancer_pain")
    assert option.verb == "Offer"
    assert {id for _, id in option.needs_beside} >= {"supplies_small", "mood_seen"}


@pytest.mark.parametrize(
    ("beside", "closed"),
    [(None, True), ("kratom", True), ("butorphanol", True), ("tilidine", False), ("morphine", False)],
)
def test_a_fentanyl_patch_is_not_begun_without_tolerance(beside: str | None, closed: bool) -> None:
    patch = taken("fentanyl", "proposed", dose={"fentanyl": 25}, unit="mcg/h") | {"route": "transdermal"}
    case = case_of(patch, *([taken(beside)] if beside else []))
    assert any(g.id == "opioid_er.not_tolerant" and g.makes == "change" for g in case.medicines[0].grounds) is closed


def film(most: int) -> dict[str, Any]:
    dose = {"name": "buprenorphine 0.9 mg", "dose": {"buprenorphine": 0.9}, "per_day_min": 1, "per_day_max": most}
    return taken("buprenorphine", route="buccal") | dose


@pytest.mark.parametrize(("most", "passed"), [(2, False), (3, True)])
def test_directions_above_a_limit_are_changed_whatever_an_entry_without_a_dose_adds(most: int, passed: bool) -> None:
    shot = taken("buprenorphine", purpose="oud", route="subcutaneous")
    grounds = case_of(film(most), shot, oud_status="active").medicines[0].grounds
    (limit,) = (g for g in grounds if g.id == "buprenorphine.film")
    assert limit.makes == ("change" if passed else "check")
    assert ("0.9 to 2.7 or more mg a day" in limit.label) is passed
