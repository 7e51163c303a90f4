"""Of several medicines that change in one line each says how: what goes slowly is not stopped because another is."""

from __future__ import annotations

from typing import Any

from pathways import Profile, review
from pathways.review.actions import REST, actions_of, first_actions
from pathways.review.case import Case
from pathways.review.special import BRIEFLY, HOW_WORDS


def _taken(name: str, *parts: str) -> dict[str, Any]:
    return {"name": name, "ingredients": list(parts or (name,)), "state": "current", "route": "oral", "purpose": "pain"}


FIORICET = _taken("Fioricet", "butalbital", "acetaminophen", "caffeine")
RIZATRIPTAN, ACETAMINOPHEN, HYDROCODONE = _taken("rizatriptan"), _taken("acetaminophen"), _taken("hydrocodone")


def _case(*medicines: dict[str, Any]) -> Case:
    answers = {"age_years": 38, "sex": "female", "pregnant": False, "main_pain": "migraine", "headache_overuse": True}
    given = {
        "as_of": "2026-11-16",
        "answers": answers | {"oud_status": "none", "pain_months": 180},
        "conditions": [{"id": "hypertension_uncontrolled"}],
        "medicines": list(medicines),
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    return review(Profile.from_dict(given))


def test_each_way_to_change_has_its_short_words() -> None:
    assert BRIEFLY.keys() == HOW_WORDS.keys()


def test_each_medicine_in_a_shared_line_says_how_it_changes() -> None:
    case = _case(RIZATRIPTAN, FIORICET, ACETAMINOPHEN, HYDROCODONE)
    how = {w.label: BRIEFLY[w.how] for w in case.medicines if w.how}
    assert len(set(how.values())) > 1, "else the line says nothing"
    for action in actions_of(case):
        for part in action.parts if action.rank < REST else ():
            if part.verb == "Change" and part.names:
                assert {how[name] for name in part.names if name in how} <= {part.how}
    shown = [
        p
        for most in (1, -1)
        for a in first_actions(actions_of(case), most)
        for p in a.parts
        if p.verb.endswith("hange") and p.count > 1
    ]
    assert shown
    for part in shown:
        told = [group.rsplit(": ", 1) for group in part.text.text.split("; ")]
        for names, brief in told:
            assert {how[name] for name in names.split(", ")} == {brief}
