"""An answer "asked, none" that an entry speaks against: both are named, the question is put again, what warns still warns."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import next_questions, review
from pathways.facts import Facts, derive
from pathways.profile import Profile
from pathways.review.questions import CONTRADICTION


def person(**lists: Any) -> Profile:
    return Profile.from_dict({"as_of": "2026-11-02", "answers": {"age_years": 50}, **lists})


def derived(**lists: Any) -> Facts:
    return derive(person(**lists))


LISTED: dict[str, Any] = {"medicines": [{"ingredients": ["diazepam"], "state": "current"}]}
ASKED: dict[str, Any] = {"asked_none": {"medicines": ["benzodiazepine"]}}


def test_a_medicine_against_asked_none_is_a_dispute_with_both_sides_named() -> None:
    [dispute] = derived(**LISTED, **ASKED).disputes
    assert dispute.id == "asked_none.medicines.benzodiazepine"
    assert dispute.origin == ("medicines.0", "asked_none.medicines")
    assert dispute.ask == "medicines.0"
    assert "diazepam" in dispute.title.lower()


def test_the_entry_counts_meanwhile() -> None:
    assert derived(**LISTED, **ASKED).values["takes_benzodiazepine"] is True


@pytest.mark.parametrize(
    "lists",
    [
        LISTED,
        ASKED,
        {"medicines": [{"ingredients": ["ibuprofen"], "state": "current"}], **ASKED},
        {"medicines": [{"ingredients": ["diazepam"], "state": "stopped"}], **ASKED},
        {"medicines": [{"ingredients": ["diazepam"], "state": "proposed"}], **ASKED},
    ],
)
def test_without_two_sides_there_is_none(lists: dict[str, Any]) -> None:
    assert derived(**lists).disputes == ()


def test_a_condition_against_asked_none_is_one_too() -> None:
    [dispute] = derived(conditions=[{"id": "ckd"}], asked_none={"conditions": ["ckd"]}).disputes
    assert dispute.id == "asked_none.conditions.ckd"
    assert dispute.origin == ("conditions.0", "asked_none.conditions")
    assert dispute.ask == "conditions.ckd"


def test_the_question_is_put_again_and_the_medicine_is_verified_or_changed_never_kept() -> None:
    case = review(person(**LISTED, **ASKED))
    [asked] = [q for q in next_questions(case) if q.ask == "medicines.0"]
    assert asked.rank == CONTRADICTION
    assert case.medicines[0].verdict == "verify"


@pytest.mark.parametrize(
    ("dose", "times", "settled"),
    [
        ({"oxycodone": 30}, 6, True),
        ({"oxycodone": 10_000}, 4, False),  # mg for mcg
        ({"oxycodone": 480}, 4, False),  # 2,880 MME
        ({"oxycodone": 5}, 60, False),
    ],
)
def test_a_dose_that_nobody_takes_is_an_error_to_settle_and_not_used(
    dose: dict[str, float], times: float, settled: bool
) -> None:
    entry = {"name": "one", "dose": dose, "per_day_min": times, "per_day_max": times, "state": "current"}
    facts = derived(medicines=[entry], complete={"medicines": "yes"})
    told = [d for d in facts.disputes if d.id.startswith("dose.")]
    assert (facts.mme.hi is not None) is settled
    assert (told == []) is settled
    if told:
        assert "line 1" in told[0].title
        assert told[0].ask == "medicines.0"
        assert facts.mme.lo is None
