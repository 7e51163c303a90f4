"""What the handout names: both medicines of a pair, a form once, a first dose only before there is one, and the choice that
the team sees too."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review
from pathways.care.handout import _open_way, handout

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


BLEEDS = {"conditions": [{"id": "bleeding_disorder"}], "answers": {"age_years": 50, "main_pain": "back_axial"}}
KETOROLAC = drug("ketorolac", 10, 3, purpose="pain", state="proposed")
TRAMADOL = drug("tramadol", 50, 3, purpose="pain", state="current")
DULOXETINE = drug("duloxetine", 30, purpose="pain", state="proposed")
METHADONE = drug("methadone", 10, 3, purpose="pain", state="proposed")
ALL_TOLD = {"complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"}}
CHRONIC = {"age_years": 40, "setting": "outpatient", "main_pain": "back_axial", "pain_months": 30}
NURSING = {"answers": {"age_years": 28, "sex": "female", "main_pain": "fibromyalgia", "breastfeeding": True}}


@pytest.mark.parametrize(
    ("person", "medicines", "way", "told"),
    [
        (BLEEDS, [], "nsaid_oral", True),
        (BLEEDS, [KETOROLAC], "nsaid_oral", False),  # another of its kind, for the same reason
        (BLEEDS, [KETOROLAC], "duloxetine", True),
        (NURSING, [TRAMADOL], "duloxetine", True),
        (NURSING, [TRAMADOL, DULOXETINE], "duloxetine", False),  # it waits until tramadol has gone
        (NURSING, [TRAMADOL, DULOXETINE], "pregabalin", True),
        (
            {"answers": {**CHRONIC, "oud_status": "active", "acute_injury": False}, **ALL_TOLD},
            [METHADONE],
            "methadone_otp",
            True,
        ),
    ],
)
def test_what_the_page_says_not_to_start_is_no_way_of_a_decision(
    person: dict[str, Any], medicines: list[dict[str, Any]], way: str, told: bool
) -> None:
    listed = [{"route": "oral", **one} for one in medicines]
    case = review(Profile.from_dict({"as_of": "2026-11-30", **person, "medicines": listed}))
    turned = [w.verdict for w in case.medicines if w.state == "proposed"]
    assert turned == ["not_this"] * len(turned)
    assert _open_way(case, case.option(way)) is told
