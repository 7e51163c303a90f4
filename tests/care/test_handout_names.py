"""What the handout names: both medicines of a pair, a form once, a first dose only before there is one, and the choice that
the team sees too."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.care.handout import handout

FIRST_DOSE = "first dose"


def case_of(answers: dict[str, Any], *medicines: dict[str, Any]) -> Case:
    listed = [{"state": "current", "route": "oral", **m} for m in medicines]
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": listed}))


def drug(name: str, mg: float, times: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "ingredients": [name], "dose": {name: mg}, "per_day_min": times, "per_day_max": times, **more,
    }  # fmt: skip  # data, read across


@pytest.mark.parametrize("other", ["bupropion", "venlafaxine", "duloxetine"])
def test_these_two_are_both_named(other: str) -> None:
    page = handout(case_of({"age_years": 50}, drug("tramadol", 50, 3, purpose="pain"), drug(other, 60)))
    told = next(t for t in page.planned if "ogether these two" in t.text)
    assert "tramadol" in told.title
    assert other in told.title


def asked(moud: str, **more: Any) -> bool:
    entry = drug(moud, 16, purpose="oud", **more) if more else None
    case = case_of({"age_years": 40, "oud_status": "active"}, *([entry] if entry else []))
    return any(FIRST_DOSE in ask for ask in handout(case).asks)


def test_who_takes_buprenorphine_is_not_told_to_ask_for_the_first_dose() -> None:
    assert not asked("buprenorphine", route="sublingual")
    assert asked("")


def test_an_injection_is_named_once() -> None:
    depot = drug("buprenorphine", 300, route="subcutaneous", release="er", purpose="oud")
    page = handout(case_of({"age_years": 40, "oud_status": "remission", "remission_months": 16}, depot))
    assert sum(t.title.startswith("Buprenorphine") for t in page.planned) == 1
    tablet = drug("buprenorphine", 8, 2, route="sublingual", purpose="oud")
    page = handout(case_of({"age_years": 40, "oud_status": "remission", "remission_months": 16}, tablet))
    assert sum(t.title.startswith("Buprenorphine") for t in page.planned) == 1


@pytest.mark.parametrize("helps", ["yes", None])
def test_the_choice_between_keeping_and_buprenorphine_is_on_the_page(helps: str | None) -> None:
    answers: dict[str, Any] = {
        "age_years": 52, "setting": "outpatient", "main_pain": "back_axial", "in_opioid_withdrawal": True, "opioid_months": 80,
    }  # fmt: skip  # data, read across
    if helps is not None:
        answers["opioid_helps"] = helps
    case = case_of(answers, drug("oxycodone", 10, 3, purpose="pain"))
    team = {id for fork in case.shown.forks for a in fork.alternatives for id in a.items}
    ways = {way.id for decision in handout(case).decisions for way in decision.ways}
    assert {"opioid_continue", "buprenorphine_for_pain"} <= team
    assert {"opioid_continue", "buprenorphine_for_pain"} <= ways
    if helps:
        assert "opioid_taper" not in ways
    assert "opioid_continue" not in {t.id for t in handout(case).planned}


def test_what_works_and_could_only_be_tapered_is_kept_and_no_choice() -> None:
    answers = {"age_years": 50, "main_pain": "cancer", "opioid_helps": "yes"}
    page = handout(case_of(answers, drug("oxycodone", 10, 3, purpose="pain")))
    assert len({t.id for t in page.planned}) == len(page.planned)
