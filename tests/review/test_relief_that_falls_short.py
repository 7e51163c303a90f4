"""What is in use does not answer pain that is measured and still high: another class is offered, and what works stays."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.review.case import Case
from pathways.review.menu import menu
from pathways.review.options import Option

PREGABALIN = {"name": "pregabalin", "ingredients": ["pregabalin"], "state": "current", "purpose": "pain"}
NAPROXEN = {"name": "naproxen", "ingredients": ["naproxen"], "state": "current", "purpose": "pain"}
DULOXETINE = {"name": "duloxetine", "ingredients": ["duloxetine"], "state": "current", "purpose": "pain"}
NERVE_PAIN = {"main_pain": "neuropathy_diabetic"}
HANDS = {"main_pain": "osteoarthritis", "pain_site": "hand"}


def _peg(pain: int) -> dict[str, Any]:
    items = {"pain": pain, "enjoyment": pain, "activity": pain}
    return {"measure": "peg", "date": "2026-11-10", "items": items}


def _nrs(pain: int) -> dict[str, Any]:
    return {"measure": "pain_nrs", "date": "2026-11-10", "items": {"pain": pain}}


def _case(
    *medicines: dict[str, Any], measured: dict[str, Any] | None = None, refuses: tuple[str, ...] = (), **answers: Any
) -> Case:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 52, "sex": "female", "pain_months": 40, "oud_status": "none"} | answers,
        "medicines": list(medicines),
        "observations": [measured] if measured else [],
        "wishes": [{"treatment": id, "says": "refuses"} for id in refuses],
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    return review(Profile.from_dict(given))


def _relief(case: Case) -> set[str]:
    return {plan.needs["pain_relief"] for plan in case.frontier.plans}


def _started(case: Case) -> set[str]:
    """The medicines of the plans that are not in use."""
    items = (item for plan in case.frontier.plans for item in plan.items)
    return {i.id for i in items if i.option.record.place.medicine and i.option.in_place != "yes"}


@pytest.mark.parametrize(
    ("medicine", "pain"),
    [
        (PREGABALIN, NERVE_PAIN),
        (DULOXETINE, NERVE_PAIN),
        (NAPROXEN, HANDS),
        (DULOXETINE, {"main_pain": "fibromyalgia"}),
    ],
)
@pytest.mark.parametrize("measured", [_peg(4), _peg(7), _nrs(6)])
def test_another_class_is_offered_beside_what_falls_short(
    medicine: dict[str, Any], pain: dict[str, str], measured: dict[str, Any]
) -> None:
    case = _case(medicine, measured=measured, **pain)
    taken = {o.record.group for o in case.options if o.in_place == "yes"}
    added = [case.option(id) for id in _started(case)]
    assert any(o.record.group not in taken for o in added)
    assert all(o.record.group not in taken for o in added if o.record.group)


@pytest.mark.parametrize("measured", [_peg(3), _peg(0), _nrs(3), None])
@pytest.mark.parametrize("medicine", [PREGABALIN, DULOXETINE])
def test_what_works_or_was_never_measured_stays_as_it_is(medicine: dict[str, Any], measured: dict[str, Any]) -> None:
    case = _case(medicine, measured=measured, **NERVE_PAIN)
    assert not _started(case)
    assert "open" not in _relief(case)
    assert "partly" not in _relief(case)


def test_what_is_in_use_answers_the_need_in_part_where_nothing_else_is_wanted() -> None:
    def relieves(option: Option) -> bool:
        return any((a.need, a.part) == ("pain_relief", "relief") for a in option.record.addresses)

    before = _case(PREGABALIN, measured=_peg(7), **NERVE_PAIN)
    refused = tuple(o.id for o in before.options if relieves(o) and o.in_place != "yes")
    for pain, status in ((7, "partly"), (2, "addressed")):
        case = _case(PREGABALIN, measured=_peg(pain), refuses=refused, **NERVE_PAIN)
        assert not _started(case)
        assert _relief(case) <= {status, "in_place"} - ({"in_place"} if status == "partly" else set())


def test_the_menu_does_not_name_what_falls_short_as_the_answer() -> None:
    for measured, named in ((_peg(7), False), (_peg(2), True)):
        lines = menu(_case(PREGABALIN, measured=measured, **NERVE_PAIN))
        says = [line.says for line in lines if "Relief of pain: " in line.says or "Relief of pain (" in line.says]
        assert any("pregabalin" in words.casefold() for words in says) is named
