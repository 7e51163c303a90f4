"""What is taken, by ingredient, the pairs between medicines in use, and what a meeting says of an option."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import Facts, derive
from pathways.profile import Profile
from pathways.review.meetings import Meeting, Taken, meet_in_use, taken_now

CONTENT = load_content()


def facts_of(*medicines: dict[str, Any]) -> Facts:
    return derive(Profile.from_dict({"as_of": "2026-11-02", "medicines": list(medicines)}), content=CONTENT)


def taken(*ingredients: str) -> dict[str, Any]:
    return {"ingredients": list(ingredients), "state": "current", "purpose": "pain"}


def test_each_ingredient_of_one_tablet_stands_by_itself() -> None:
    found = taken_now(facts_of(taken("oxycodone", "acetaminophen"), taken("ibuprofen")), CONTENT)
    assert [one.place for one in found] == [0, 0, 1]
    held = [sorted(one.classes & CONTENT.medicines.keys()) for one in found]
    assert held == [["acetaminophen"], ["oxycodone"], ["ibuprofen"]]


def test_only_the_pairs_to_be_avoided_are_told_between_medicines_in_use() -> None:
    facts = facts_of(
        taken("oxycodone"), taken("alprazolam"), taken("sertraline"), taken("ibuprofen"), taken("warfarin")
    )
    every = taken_now(facts, CONTENT)
    found = {record.severity for _, record in meet_in_use(CONTENT, facts, every, every)}
    assert found
    assert found <= {"stop", "major"}


# ---- what a meeting says ----------------------------------------------------------------------------------------


def meeting(severity: str, makes: str = "change", known: bool = True, *met: Taken) -> Meeting:
    record = SimpleNamespace(id="x", title="A with B", severity=severity, makes=makes)
    return Meeting(record, met, known=known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severity", "makes", "known", "closes"),
    [
        ("stop", "change", True, True),
        ("stop", "keep_with", True, True),
        ("stop", "change", False, True),
        ("major", "change", True, True),
        ("major", "change", False, False),
        ("major", "keep_with", True, False),
        ("major", "verify", True, False),
        ("moderate", "change", True, False),
        ("timing", "change", True, False),
        ("note", "note", True, False),
    ],
)
def test_what_is_not_taken_together_or_would_have_to_change_at_once_closes_an_option(
    severity: str, makes: str, known: bool, closes: bool
) -> None:
    assert meeting(severity, makes, known).closes is closes


def test_a_title_says_when_its_condition_is_not_known_and_what_is_met_is_named_once() -> None:
    assert meeting("major").title == "A with B"
    assert meeting("major", known=False).title == "A with B (not known yet)"
    one, other = Taken(2, "Percocet", frozenset({"oxycodone"})), Taken(2, "Percocet", frozenset({"acetaminophen"}))
    met = meeting("major", "change", True, one, other, Taken(0, "Advil", frozenset({"ibuprofen"})))
    assert (met.other, met.in_use) == ("Percocet, Advil", (2, 0))
