"""What sedates and is treatment goes on beside medication for OUD, and an injury elsewhere is no sign of the spine."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.review.case import Case

DAY = "2026-11-02"
MOUD = {"ingredients": ["buprenorphine", "naloxone"], "route": "sublingual", "purpose": "oud", "state": "current"}


def person(medicines: list[dict[str, Any]], conditions: list[str] | None = None, **answers: Any) -> Case:
    base = {"age_years": 45, "sex": "male", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 40}
    data = {
        "as_of": DAY,
        "answers": {**base, **answers},
        "medicines": medicines,
        "conditions": [{"id": id} for id in conditions or ()],
    }
    return review(Profile.from_dict(data))


TREATMENTS = [("quetiapine", "bipolar"), ("clozapine", "psychosis"), ("phenobarbital", "seizure_disorder")]


@pytest.mark.parametrize(("ingredient", "condition"), TREATMENTS)
def test_an_antipsychotic_or_a_medicine_for_seizures_goes_on_beside_medication_for_oud(
    ingredient: str, condition: str
) -> None:
    taken = {"ingredients": [ingredient], "state": "current", "purpose": "other"}
    case = person([MOUD, taken], [condition], oud_status="remission", remission_months=20)
    _, mine = case.medicines
    assert mine.verdict == "keep_with"
    assert not any("stop the sedative" in d.action or "lower" in d.action for d in mine.grounds)
    assert case.option("sedative_review").verb not in ("Offer", "Consider", "Keep", "Keep with", "Check")
    assert "calming" not in " ".join(f"{t.title} {t.text}" for t in handout(case).planned)


@pytest.mark.parametrize("ingredient", ["zolpidem", "cyclobenzaprine", "butalbital", "gabapentin"])
def test_another_sedative_is_still_looked_at_with_its_prescriber(ingredient: str) -> None:
    taken = {"ingredients": [ingredient], "state": "current", "purpose": "other"}
    case = person([MOUD, taken], oud_status="remission", remission_months=20)
    assert case.option("sedative_review").fit in ("indicated", "consider")
    assert case.medicines[1].verdict != "keep"


def spine(case: Case) -> str:
    [found] = [e.state for e in case.findings.emergencies if e.record.id == "spine_infection_fracture_cancer"]
    return found


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"main_pain": "injury", "acute_injury": True, "back_pain_new": False}, "possible"),
        ({"main_pain": "injury", "acute_injury": True}, "possible"),
        ({"main_pain": "injury", "acute_injury": True, "back_pain_new": True}, "present"),
        ({"main_pain": "back_axial"}, "present"),
        ({"main_pain": "neck"}, "present"),
    ],
)
def test_a_major_injury_is_a_sign_of_the_spine_with_pain_there(answers: dict[str, Any], state: str) -> None:
    assert spine(person([], major_trauma_recent=True, **answers)) == state


@pytest.mark.parametrize("inhibitor", ["fluconazole", "diltiazem", "clarithromycin"])
@pytest.mark.parametrize("opioid", ["oxycodone", "fentanyl"])
def test_an_inhibitor_beside_fentanyl_or_oxycodone_is_changed_today_and_nothing_is_stopped_at_once(
    inhibitor: str, opioid: str
) -> None:
    pain = {"ingredients": [opioid], "state": "current", "purpose": "pain"}
    case = person([pain, {"ingredients": [inhibitor], "state": "current", "purpose": "other"}])
    kept, moves = case.medicines
    assert (moves.verdict, moves.how, moves.by) == ("change", "weigh", "today")
    assert kept.verdict != "change"


@pytest.mark.parametrize(("opioid", "other"), [("morphine", "fluconazole"), ("oxycodone", "azithromycin")])
def test_what_does_not_meet_there_goes_on(opioid: str, other: str) -> None:
    pain = {"ingredients": [opioid], "state": "current", "purpose": "pain"}
    case = person([pain, {"ingredients": [other], "state": "current", "purpose": "other"}])
    assert all(mine.verdict != "change" for mine in case.medicines)
