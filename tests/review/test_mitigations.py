"""What goes on only with something has it in every plan: by pair, by caution, for what is in use and what is started."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, load_content, review
from pathways.content import models as m
from pathways.review.case import Case

CONTENT = load_content()
TODAY = "2026-11-02"
ADULT = {"age_years": 45, "sex": "female", "setting": "outpatient"}
Entry = dict[str, Any]


def reviewed(medicines: list[Entry], **answers: Any) -> Case:
    return review(Profile.from_dict({"as_of": TODAY, "answers": {**ADULT, **answers}, "medicines": medicines}))


def taken(ingredient: str, **rest: Any) -> Entry:
    return {"ingredients": [ingredient], "state": "current", **rest}


def actions(case: Case) -> set[str]:
    return {a.record.id for a in case.beside(case.shown.core)}


def example(members: tuple[str, ...]) -> str | None:
    """An ingredient that is surely one of these classes or ingredients, whatever it is taken for."""
    for one in members:
        if one in CONTENT.medicines:
            return one
        for id, medicine in CONTENT.medicines.items():
            if one in medicine.classes and not medicine.purpose_by_route:
                return id
    return None


PAIRS = [r for r in CONTENT.interactions.values() if r.b and r.makes == "keep_with" and r.when is None]
EXAMPLES = [(r, a, b) for r in PAIRS if (a := example(r.a)) and (b := example(r.b)) and a != b]


@pytest.mark.parametrize(("record", "a", "b"), EXAMPLES, ids=[r.id for r, _, _ in EXAMPLES])
def test_both_sides_of_a_pair_that_goes_on_have_its_mitigation_in_every_plan(
    record: m.Interaction, a: str, b: str
) -> None:
    case = reviewed([taken(a), taken(b)])
    for weighed in case.medicines:
        assert weighed.verdict != "keep"
        assert set(record.beside) <= set(weighed.beside)
    left_out = {n.target for n in case.frontier.not_done}
    for id in record.beside:
        if id in CONTENT.actions:
            assert id in actions(case)
        else:
            everywhere = all(id in plan.ids for plan in case.frontier.plans)
            assert everywhere or id in left_out or case.option(id).in_place == "yes"


def test_there_are_pairs_to_try() -> None:
    assert len(EXAMPLES) >= 15


@pytest.mark.parametrize("record", CONTENT.medicine_cautions.values(), ids=CONTENT.medicine_cautions)
def test_a_caution_says_what_goes_with_it_or_how_it_changes(record: m.MedicineCaution) -> None:
    if record.makes == "keep_with":
        assert record.beside
    if record.makes == "change":
        assert record.how
    assert set(record.beside) <= CONTENT.actions.keys() | CONTENT.treatments.keys()


def test_an_action_is_said_once_for_all_that_need_it() -> None:
    case = reviewed([taken("methadone", purpose="oud", source="otp"), taken("ondansetron"), taken("haloperidol")])
    [ecg] = [a for a in case.beside(case.shown.core) if a.record.id == "ecg"]
    assert {"ondansetron", "haloperidol"} <= set(ecg.labels)
    assert len(ecg.labels) == len(set(ecg.labels))
    assert ecg.verb == "Keep with"
    assert ecg.source


def test_what_a_plan_starts_brings_its_own_actions() -> None:
    case = review(
        Profile.from_dict(
            {
                "as_of": TODAY,
                "answers": {**ADULT, "oud_status": "active"},
                "observations": [{"measure": "qtc_ms", "value": 470, "date": TODAY}],
            }
        )
    )
    with_methadone = [p for p in case.frontier.plans if "methadone_otp" in p.ids]
    without = [p for p in case.frontier.plans if not {"methadone_otp"} & p.ids]
    assert with_methadone
    assert without
    assert all("ecg" in {a.record.id for a in case.beside(p.items)} for p in with_methadone)
    assert all("ecg" not in {a.record.id for a in case.beside(p.items)} for p in without)


def test_an_offered_medication_for_oud_is_not_withheld_and_what_it_meets_goes_on_with_care() -> None:
    case = reviewed([taken("clonazepam")], oud_status="active")
    [sedative] = case.medicines
    assert case.option("buprenorphine").verb == "Offer"
    assert sedative.verdict == "keep_with"
    assert "sedative_prescriber_asked" in actions(case)


def test_one_medication_for_oud_puts_no_doubt_on_the_other_that_it_would_replace() -> None:
    case = reviewed([taken("methadone", purpose="oud", source="otp")], oud_status="active")
    [methadone] = case.medicines
    assert methadone.verdict != "verify"


@pytest.mark.parametrize("ingredient", ["nabumetone", "duloxetine", "carbamazepine"])
def test_knowing_that_it_is_proposed_never_makes_a_medicine_safer(ingredient: str) -> None:
    """For a start: what speaks against it, then what is not known, then its mitigation."""
    answers = {"alcohol_heavy": True}
    [used] = reviewed([taken(ingredient)], **answers).medicines
    [asked] = reviewed([taken(ingredient, state="proposed")], **answers).medicines
    worst = {"change": "not_this", "verify": "cannot_tell", "check": "cannot_tell"}
    if used.verdict in worst:
        assert asked.verdict in ("not_this", worst[used.verdict])
