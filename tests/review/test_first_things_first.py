"""What must be first is on the first page: relief of a crisis, naloxone, and the steps that keep somebody alive."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.content import load_content
from pathways.pages.page import MOST_WORDS, first_page
from pathways.review.shapes import FirstPage

ADULT: dict[str, Any] = {"age_years": 37, "sex": "male", "setting": "outpatient"}
OXYCODONE = {
    "name": "oxycodone",
    "ingredients": ["oxycodone"],
    "dose": {"oxycodone": 10},
    "per_day_max": 4,
    "purpose": "pain",
}
CLONAZEPAM = {"name": "clonazepam", "ingredients": ["clonazepam"], "dose": {"clonazepam": 1}, "per_day_max": 2}
STREET = {"name": "pressed tablets", "ingredients": ["fentanyl"], "source": "nonprescribed"}
OTP = {
    "name": "methadone",
    "ingredients": ["methadone"],
    "dose": {"methadone": 80},
    "per_day_max": 1,
    "purpose": "oud",
    "source": "otp",
}
FILM = {"name": "buprenorphine", "ingredients": ["buprenorphine"], "route": "sublingual", "purpose": "oud"}


def case_of(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    listed = [{"state": "current", "route": "oral", **m} for m in medicines]
    return review(
        Profile.from_dict({"as_of": "2026-11-30", "answers": {**ADULT, **answers}, "medicines": listed, **more})
    )


def do(page: FirstPage) -> list[str]:
    return [f"{part.verb} {part.text.text}".strip() for action in page.do for part in action.parts]


CRISIS = {"main_pain": "sickle_cell", "pain_months": 200, "flare_now": True, "fever": False}


@pytest.mark.parametrize("setting", ["outpatient", "emergency_department", "inpatient"])
@pytest.mark.parametrize("taken", [(), (OTP,)], ids=["no MOUD", "OTP methadone"])
def test_relief_of_a_sickle_cell_crisis_is_the_first_line(setting: str, taken: tuple[dict[str, Any], ...]) -> None:
    page = first_page(case_of({**CRISIS, "setting": setting}, *taken))
    assert do(page)[0].startswith("Pain relief within 1 hour, by own plan")
    steady = first_page(case_of({**CRISIS, "flare_now": False, "setting": "outpatient"}, *taken))
    assert not any("within 1 hour" in line for line in do(steady))


@pytest.mark.parametrize("drug", [FILM, OTP], ids=["buprenorphine", "methadone"])
def test_acute_pain_on_medication_for_oud_is_treated_on_top_of_it(drug: dict[str, Any]) -> None:
    fresh = {"main_pain": "post_surgical", "pain_months": 0.1, "setting": "inpatient", "oud_status": "remission"}
    assert do(first_page(case_of(fresh, drug)))[0].startswith("Keep ")
    old = first_page(case_of({**fresh, "main_pain": "back_axial", "pain_months": 60}, drug))
    assert not do(old)[0].startswith(("Keep buprenorphine;", "Keep the OTP dose;"))


AT_RISK: dict[str, tuple[dict[str, Any], ...]] = {
    "opioid and sedative": (OXYCODONE, CLONAZEPAM),
    "street opioid": (STREET,),
    "all three": (OXYCODONE, CLONAZEPAM, STREET),
}
URGENT: dict[str, dict[str, Any]] = {
    "nothing urgent": {},
    "suicide": {"suicide_concern": True},
    "violence": {"partner_violence_or_coercion": True},
    "suicide, violence and a fever": {
        "suicide_plan_or_intent": True,
        "partner_violence_or_coercion": True,
        "fever": True,
    },
    "five": {
        "suicide_plan_or_intent": True,
        "partner_violence_or_coercion": True,
        "saddle_numbness": True,
        "gi_bleeding_signs": True,
        "headache_thunderclap": True,
    },
}


@pytest.mark.parametrize("urgent", URGENT.values(), ids=URGENT)
@pytest.mark.parametrize("taken", AT_RISK.values(), ids=AT_RISK)
def test_naloxone_is_on_the_first_page_whatever_else_fills_it(
    urgent: dict[str, Any], taken: tuple[dict[str, Any], ...]
) -> None:
    street = STREET in taken
    answers = {"main_pain": "back_axial", "pain_months": 40, "nonprescribed_opioid_use": street, **urgent}
    page = first_page(case_of(answers, *taken, asked_none={"medicines": ["naloxone_rescue"]}))
    assert any("Naloxone" in line for line in do(page)), do(page)
    assert page.words() <= MOST_WORDS


def test_no_page_folds_what_keeps_somebody_alive_and_a_full_one_folds_the_rest() -> None:
    answers: dict[str, Any] = {
        "suicide_plan_or_intent": True, "saddle_numbness": True, "partner_violence_or_coercion": True, "fever": True,
        "back_pain_new": True, "injects_drugs": True, "gi_bleeding_signs": True, "drowsy_or_confused": True,
        "nonprescribed_opioid_use": True, "main_pain": "back_axial", "pain_months": 4, "oud_status": "active",
    }  # fmt: skip  # one list, read at a glance
    case = case_of(answers, STREET, observations=[{"measure": "overdose", "date": "2026-11-30"}])
    page = first_page(case)
    present = {e.record.id: e for e in case.findings.emergencies if e.state == "present"}
    assert len(present) >= 7
    assert page.words() <= MOST_WORDS + 25
    assert any(red.more for red in page.red)
    for red in page.red:
        assert present[red.id].kept <= {step.text for step in red.actions}
    kept = " ".join(text for e in present.values() for text in e.kept)
    for named in (
        "Naloxone at hand",
        "Offer naloxone today",
        "911",
        "sedation can come back",
        "buprenorphine or methadone",
    ):
        assert named in kept, named


def test_a_step_says_its_own_level() -> None:
    spine = {"main_pain": "back_axial", "back_pain_new": True, "injects_drugs": True}
    told = {
        fever: next(
            r for r in first_page(case_of({**spine, "fever": fever})).red if r.id == "spine_infection_fracture_cancer"
        )
        for fever in (True, False)
    }
    assert told[True].actions[0].text == "MRI and blood tests now"
    assert told[False].actions[0].text == "MRI and blood tests today"
    for emergency in load_content().emergencies.values():
        assert not any("act now" in act.say.lower() or "level shown" in act.say for act in emergency.actions)


def test_a_finished_questionnaire_on_suicide_is_not_asked_for_again() -> None:
    worry = {"suicide_concern": True, "main_pain": "back_axial"}
    items = load_content().instruments["cssrs"].items
    done = {"measure": "cssrs", "date": "2026-11-30", "items": {i.id: 0 for i in items} | {items[0].id: 1}}
    for seen, asked in (([], True), ([done], False)):
        box = next(r for r in first_page(case_of(worry, observations=seen)).red if r.id == "suicide_risk")
        assert any("C-SSRS" in step.text for step in box.actions) is asked


@pytest.mark.parametrize(
    ("sign", "step"),
    [
        ("stroke_signs", "Chest or stroke"),
        ("chest_pain_or_hypoxia", "Chest or stroke"),
        ("gi_bleeding_signs", "Black stools"),
    ],
)
@pytest.mark.parametrize("setting", ["outpatient", "inpatient"])
def test_the_first_step_answers_the_sign(sign: str, step: str, setting: str) -> None:
    page = first_page(case_of({sign: True, "setting": setting, "main_pain": "back_axial"}))
    box = next(r for r in page.red if r.id == "medical_sign_any_cause")
    assert box.actions[0].text.startswith(step)
