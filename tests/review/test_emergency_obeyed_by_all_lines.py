"""What an emergency says is said by every other line too, and the most dangerous stands first."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages.page import first_page

MOTHER: dict[str, Any] = {"age_years": 29, "sex": "female", "setting": "outpatient", "breastfeeding": True}
BACK: dict[str, Any] = {"age_years": 44, "setting": "outpatient", "main_pain": "back_axial"}


def _case(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines)} | more))


def _taken(ingredient: str, **more: Any) -> dict[str, Any]:
    return {"name": ingredient, "ingredients": [ingredient], "state": "current", "route": "oral", **more}


BUPRENORPHINE = _taken("buprenorphine", purpose="oud", route="sublingual")
METHADONE = _taken("methadone", purpose="oud", source="otp")


def _said(case: Case) -> dict[str, str]:
    return {f.record.id: f.action for f in case.findings.recommendations if f.status == "applies"}


# -- the baby is unwell ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", ["oxycodone", "hydrocodone", "codeine", "tramadol", "diphenhydramine"])
def test_while_the_baby_is_unwell_what_may_sedate_it_is_held_and_moud_goes_on(held: str) -> None:
    purpose = "other" if held == "diphenhydramine" else "pain"
    for unwell in (True, False):
        answers = {**MOTHER, "breastfed_baby_unwell": unwell, "acute_injury": True, "main_pain": "post_surgical"}
        opioid, moud = _case(answers, _taken(held, purpose=purpose), BUPRENORPHINE).medicines
        assert (opioid.how == "hold") is unwell or held in ("codeine", "tramadol")
        assert moud.verdict != "change"


def test_no_line_raises_moud_or_keeps_feeding_while_the_baby_is_unwell() -> None:
    answers = {**MOTHER, "acute_injury": True, "main_pain": "post_surgical"}
    well = _said(_case({**answers, "breastfed_baby_unwell": False}, BUPRENORPHINE))
    unwell = _said(_case({**answers, "breastfed_baby_unwell": True}, BUPRENORPHINE))
    assert "Encourage breastfeeding" in well["asam2020.breastfeeding"]
    assert "pauses" in unwell["asam2020.breastfeeding"]
    for id in ("fda2024.no_fixed_max", "periop2021.inadequate_relief"):
        assert well[id] != unwell[id]
        assert "no rise" in unwell[id] or "no opioid added" in unwell[id]


# -- doses missed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("missed", "lower"), [(0, False), (2, False), (3, True), (7, True)])
def test_after_missed_methadone_a_return_to_use_is_no_reason_to_raise_first(missed: int, lower: bool) -> None:
    answers = {**BACK, "oud_status": "active", "nonprescribed_opioid_use": True, "methadone_missed_days": missed}
    said = _said(_case(answers, METHADONE))
    assert ("restarts lower" in said["situation.return_to_use"]) is lower


# -- a dose that nobody raises ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "pause"),
    [
        ({"opioid_dose_rising": True}, True),
        ({"opioid_dose_rising": False}, False),
        ({"suicide_concern": True}, False),
        ({"in_opioid_withdrawal": True}, False),
    ],
)
def test_the_pause_at_50_mme_is_about_a_rise(more: dict[str, Any], pause: bool) -> None:
    opioid = _taken("oxycodone", purpose="pain", dose={"oxycodone": 20}, per_day_min=4, per_day_max=4)
    answers = {**BACK, "pain_months": 60, "opioid_months": 40, **more}
    none = {"conditions": ["cancer_active", "sickle_cell", "palliative_care"]}
    said = _said(_case(answers, opioid, asked_none=none)).get("cdc2022.dose_50", "")
    assert said
    assert ("pause and reassess" in said) is pause


# -- which emergency stands first, and which of its steps ------------------------------------------------------------


def test_breathing_is_seen_to_before_all_else_and_its_naloxone_stays_on_the_page() -> None:
    answers = {**BACK, "drowsy_or_confused": True, "suicide_plan_or_intent": True, "saddle_numbness": True}
    page = first_page(
        _case(
            {**answers, "partner_violence_or_coercion": True, "gi_bleeding_signs": True},
            _taken("oxycodone", purpose="pain"),
        )
    )
    first = page.red[0]
    assert first.id == "oversedation"
    assert any("Naloxone" in step.text for step in first.actions)
    assert [r.id for r in page.red].index("cauda_equina") < [r.id for r in page.red].index("suicide_risk")


@pytest.mark.parametrize(
    ("sign", "step"),
    [
        ("gi_bleeding_signs", "Black stools"),
        ("syncope_or_palpitations", "Fainting"),
        ("stroke_signs", "Chest or stroke"),
    ],
)
def test_the_step_answers_the_sign(sign: str, step: str) -> None:
    case = _case({**BACK, sign: True})
    told = next(e.actions for e in case.findings.emergencies if e.record.id == "medical_sign_any_cause")
    assert told[0].startswith(step)
    others = {"Black stools", "Fainting", "Chest or stroke"} - {step}
    assert not any(one.startswith(tuple(others)) for one in told)


@pytest.mark.parametrize(("answer", "when"), [("suicide_plan_or_intent", "now"), ("suicide_concern", "today")])
def test_how_soon_is_the_level_of_the_emergency(answer: str, when: str) -> None:
    told = next(e.actions for e in _case({**BACK, answer: True}).findings.emergencies if e.record.id == "suicide_risk")
    assert told[0].startswith(f"Assess {when}")
