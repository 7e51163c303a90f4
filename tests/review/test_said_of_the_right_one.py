"""What is said of a medicine is true of that medicine, its source, its dose and its person."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.pages.handout import handout_text
from pathways.pages.page import first_page

BACK: dict[str, Any] = {"age_years": 52, "setting": "outpatient", "main_pain": "back_axial"}


def _case(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> Case:
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": list(medicines)} | more))


def _taken(ingredient: str, mg: float = 0, times: int = 1, **more: Any) -> dict[str, Any]:
    dose = {"dose": {ingredient: mg}, "per_day_min": times, "per_day_max": times} if mg else {}
    return {"name": ingredient, "ingredients": [ingredient], "state": "current", "route": "oral"} | dose | more


def _beside(case: Case) -> set[str]:
    return {a.words for plan in case.frontier.plans for a in case.beside(plan.items)}


# -- who is asked about a sedative ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opioid", [_taken("oxycodone", purpose="pain"), _taken("methadone", purpose="oud", source="otp")]
)
def test_what_is_bought_on_the_street_has_no_prescriber(opioid: dict[str, Any]) -> None:
    words = _beside(_case(BACK, opioid, _taken("alprazolam", source="nonprescribed")))
    assert not any("with its prescriber" in w for w in words)
    assert any("withdrawal and seizures" in w and "alprazolam" in w and "never stop it at once" in w for w in words)


def test_the_plan_with_the_prescriber_names_the_sedative_and_not_the_opioid() -> None:
    words = _beside(_case(BACK, _taken("oxycodone", purpose="pain"), _taken("clonazepam", source="pdmp")))
    assert any(w == "One plan for the sedative with its prescriber (clonazepam)" for w in words)


# -- a ceiling is no dose to reach --------------------------------------------------------------------------------


def _labels(case: Case, place: int = 0) -> str:
    return "; ".join(d.label for d in case.medicines[place].grounds)


@pytest.mark.parametrize(("ingredient", "mg", "most"), [("clonazepam", 1, "20 mg"), ("gabapentin", 300, "3600 mg")])
def test_the_ceiling_of_a_dose_that_is_known_and_lower_is_not_printed(ingredient: str, mg: float, most: str) -> None:
    said = _labels(_case(BACK, _taken(ingredient, mg, 2), complete={"medicines": "no"}))
    assert most not in said
    assert "in another product too" in said


def test_the_ceiling_of_a_dose_that_nobody_knows_is_printed() -> None:
    assert "3600 mg" in _labels(_case(BACK, _taken("gabapentin"), complete={"medicines": "no"}))


@pytest.mark.parametrize(("age", "mg", "over"), [(84, 10, True), (80, 12.5, True), (84, 5, False), (52, 10, False)])
def test_zolpidem_has_a_lower_ceiling_from_65(age: int, mg: float, over: bool) -> None:
    case = _case({**BACK, "age_years": age}, _taken("zolpidem", mg))
    assert any(d.id == "zolpidem.older" and d.makes == "change" for d in case.medicines[0].grounds) is over


# -- levels that rise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inhibitor", ["ritonavir", "cobicistat", "clarithromycin", "ketoconazole"])
@pytest.mark.parametrize("medicine", ["quetiapine", "lurasidone", "suvorexant"])
def test_a_sedative_that_cyp3a4_clears_changes_beside_a_strong_inhibitor(medicine: str, inhibitor: str) -> None:
    first, second = _case(BACK, _taken(medicine), _taken(inhibitor)).medicines
    assert first.verdict == "change"
    assert second.verdict != "change"


def test_quetiapine_beside_what_does_not_inhibit_goes_on() -> None:
    assert _case(BACK, _taken("quetiapine"), _taken("dolutegravir")).medicines[0].verdict != "change"


# -- an antibiotic moves, what works goes on ----------------------------------------------------------------------


@pytest.mark.parametrize("purpose", ["pain", "oud"])
@pytest.mark.parametrize("conditions", [(), ("hospice",)])
def test_linezolid_moves_and_methadone_goes_on(purpose: str, conditions: tuple[str, ...]) -> None:
    case = _case(
        BACK,
        _taken("methadone", purpose=purpose),
        _taken("linezolid"),
        conditions=[{"id": id} for id in conditions],
    )
    methadone, linezolid = case.medicines
    assert (linezolid.verdict, linezolid.by) == ("change", "today")
    assert "another antibiotic" in linezolid.instead
    assert methadone.verdict == "keep_with"
    assert not any("one of the two" in p.text.text for a in first_page(case).do for p in a.parts)


def test_an_maoi_for_depression_still_moves_the_other_medicine() -> None:
    sertraline, phenelzine = _case(BACK, _taken("sertraline"), _taken("phenelzine")).medicines
    assert (sertraline.verdict, phenelzine.verdict) != ("keep", "keep")
    assert sertraline.verdict == "change"


# -- medication for OUD -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "medicine", "said"),
    [
        ({}, _taken("oxycodone", purpose="pain"), False),
        ({"oud_status": "active"}, _taken("oxycodone", purpose="pain"), True),
        ({}, _taken("methadone", purpose="oud", source="otp"), True),
    ],
)
def test_of_medication_for_oud_is_spoken_where_something_tells_of_it(
    answers: dict[str, Any], medicine: dict[str, Any], said: bool
) -> None:
    case = _case({**BACK, "drowsy_or_confused": True, **answers}, medicine)
    told = next(e.actions for e in case.findings.emergencies if e.record.id == "oversedation")
    assert any("MOUD" in step for step in told) is said
    pair = _case(BACK, _taken("oxycodone", purpose="pain"), _taken("gabapentin"))
    assert "MOUD" not in " ".join(d.action for d in pair.medicines[0].grounds)


def test_a_dose_that_cannot_be_reckoned_is_not_called_zero() -> None:
    drip = {"name": "hydromorphone IV", "ingredients": ["hydromorphone"], "route": "intravenous", "state": "current"}
    said = str(first_page(_case({**BACK, "setting": "inpatient"}, drip)))
    assert "at least 0 MME" not in said
    assert "MME not counted" in said


# -- whose dose comes down ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["current", "proposed"])
@pytest.mark.parametrize("inhibitor", ["diltiazem", "fluconazole"])
def test_the_lower_dose_of_suzetrigine_is_not_said_of_another_pain_medicine(inhibitor: str, state: str) -> None:
    suzetrigine = _taken("suzetrigine") | {"state": state}
    told = " ".join(handout_text(_case(BACK, suzetrigine, _taken(inhibitor))).split())
    assert "make suzetrigine stronger. Its dose has to be lower" in told
    assert "your pain medicine gets stronger" not in told


def test_what_makes_an_opioid_stronger_is_still_said_of_the_pain_medicine() -> None:
    told = " ".join(handout_text(_case(BACK, _taken("oxycodone", purpose="pain"), _taken("clarithromycin"))).split())
    assert "your pain medicine stronger" in told
