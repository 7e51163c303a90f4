"""What a start would meet is said of the start: a medicine in use is not put in doubt for one of several ways."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.care.handout import handout
from pathways.pages import first_page
from pathways.review.case import Case

DAY = "2026-11-02"
ACTIVE = {"age_years": 38, "sex": "female", "setting": "outpatient", "oud_status": "active", "main_pain": "back_axial"}
Entry = dict[str, Any]


def person(*medicines: Entry, qtc: float | None = None, **answers: Any) -> Case:
    seen = [] if qtc is None else [{"measure": "qtc_ms", "value": qtc, "date": DAY}]
    data = {"as_of": DAY, "answers": {**ACTIVE, **answers}, "medicines": list(medicines), "observations": seen}
    return review(Profile.from_dict(data))


def taken(ingredient: str, **more: Any) -> Entry:
    return {"ingredients": [ingredient], "state": "current", **more}


QT = ["escitalopram", "trazodone", "ondansetron", "fluconazole", "amitriptyline", "hydroxychloroquine"]


@pytest.mark.parametrize("qtc", [None, 430.0])
@pytest.mark.parametrize("ingredient", QT)
def test_nothing_in_use_is_to_verify_for_a_methadone_that_may_be_chosen(ingredient: str, qtc: float | None) -> None:
    case = person(taken(ingredient, purpose="other"), qtc=qtc)
    assert case.option("methadone_otp").verb in ("Offer", "Consider", "Check first")
    [mine] = case.medicines
    assert mine.verdict not in ("verify", "change")
    assert not any("before the next dose" in t.text for t in handout(case).planned)
    first = [part.text.text for action in first_page(case).do for part in action.parts]
    assert not any("if methadone" in text and "QT" in text for text in first)


@pytest.mark.parametrize("ingredient", ["escitalopram", "ondansetron", "fluconazole"])
def test_the_pair_stands_with_methadone_and_its_tracing_comes_with_it(ingredient: str) -> None:
    case = person(taken(ingredient, purpose="other"))
    met = {x.record.id: x for x in case.option("methadone_otp").meets}
    assert met["methadone_qt_drug"].known
    assert not met["methadone_qt_drug_long_qtc"].known
    assert "not known yet" in met["methadone_qt_drug_long_qtc"].title
    with_methadone = [p for p in case.frontier.plans if "methadone_otp" in p.ids]
    assert with_methadone
    assert all("ecg" in {a.record.id for a in case.beside(p.items)} for p in with_methadone)


def test_a_qtc_that_is_long_is_said_of_methadone_as_known() -> None:
    case = person(taken("ondansetron", purpose="other"), qtc=470)
    met = {x.record.id: x for x in case.option("methadone_otp").meets}
    assert met["methadone_qt_drug_long_qtc"].known
    [mine] = case.medicines
    assert mine.verdict not in ("verify", "change")


def test_what_every_way_would_meet_is_said_of_the_medicine() -> None:
    [mine] = person(taken("clonazepam")).medicines
    assert mine.verdict == "keep_with"
    assert "sedative_prescriber_asked" in mine.beside


@pytest.mark.parametrize("ingredient", ["phenelzine", "butorphanol"])
def test_what_never_goes_together_is_still_settled_before_the_start(ingredient: str) -> None:
    [mine] = person(taken(ingredient, purpose="other")).medicines
    assert mine.verdict in ("verify", "change")


@pytest.mark.parametrize("ingredient", ["trazodone", "ondansetron"])
def test_a_tricyclic_is_closed_by_a_long_qtc_and_asked_first_by_one_that_nobody_knows(ingredient: str) -> None:
    def verb(qtc: float | None) -> str | None:
        pain = {"oud_status": "none", "main_pain": "neuropathy_diabetic", "pain_months": 40}
        return person(taken(ingredient, purpose="other"), qtc=qtc, **pain).option("nortriptyline").verb

    assert verb(None) == "Check first"
    assert verb(470) == "Do not start"
    assert (
        "observations.qtc_ms"
        in person(taken(ingredient, purpose="other"), main_pain="neuropathy_diabetic").option("nortriptyline").asks
    )


def test_beside_methadone_in_use_a_long_qtc_still_moves_the_other_medicine() -> None:
    mine = person(taken("methadone", purpose="oud", source="otp"), taken("ondansetron"), qtc=480).medicines[1]
    assert mine.verdict == "change"
