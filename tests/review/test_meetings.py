"""`taken_now` and `meet_in_use`: what is taken, by ingredient, and the pairs between medicines in use."""

from __future__ import annotations

from typing import Any

from pathways.content import load_content
from pathways.facts import Facts, derive
from pathways.profile import Profile
from pathways.review.meetings import meet_in_use, taken_now

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
