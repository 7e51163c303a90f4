"""What records demand of the plan: called for in every plan by its time, held until the emergency is seen to, or said why not."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from pathways.content import load_content
from pathways.content import models as m
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.options import HELD
from tests.reviews import NAMES, reviewed

CONTENT = load_content()
OVERDOSE: dict[str, Any] = {
    "age_years": 50,
    "main_pain": "neuropathy_diabetic",
    "oud_status": "active",
    "cannot_be_woken": True,
}


@cache
def urgent() -> Case:
    """A person in an emergency to be acted on now."""
    return review(Profile.from_dict({"as_of": "2026-11-02", "answers": OVERDOSE}))


def cases() -> list[Case]:
    return [urgent(), *map(reviewed, NAMES)]


def test_what_is_called_for_stands_in_every_plan_by_its_time_or_is_said_not_to_be_done() -> None:
    tried = 0
    for case in cases():
        not_done = {(n.target, n.called.id) for n in case.frontier.not_done}
        for id, directive in case.demands.called():
            if case.option(id).in_place == "yes" or (id, directive.id) in not_done:
                continue
            for plan in case.frontier.plans:
                items = [item for item in (*case.frontier.fixed, *plan.items) if item.id == id]
                assert items, f"{id}, called for by {directive.id}"
                assert all(m.PHASES.index(i.phase) <= m.PHASES.index(directive.by) for i in items)
                tried += 1
    assert tried


def test_what_is_not_done_says_what_calls_for_it_and_why() -> None:
    for case in cases():
        for left_out in case.frontier.not_done:
            assert left_out.reason
            assert left_out.called in case.demands.all
            held = left_out.called is case.demands.held_by
            assert held or left_out.target in left_out.called.targets or left_out.called.any_of


def test_an_emergency_to_be_acted_on_now_holds_the_rest() -> None:
    case = urgent()
    held_by = case.demands.held_by
    assert held_by is not None
    assert held_by.id in {e.record.id for e in case.findings.emergencies if e.state == "present"}
    after = [o for o in case.options if o.verb == "After this"]
    assert after
    assert all(o.held_by is held_by for o in after)
    called = {id for d in case.demands.of("calls_for") for id in d.targets}
    for option in case.options:
        if option.verb in HELD:  # only what is never put off goes on being offered
            assert option.id in called or option.record.seat in ("moud", "harm_reduction")


def test_without_the_emergency_nothing_is_held() -> None:
    case = review(Profile.from_dict({"as_of": "2026-11-02", "answers": {**OVERDOSE, "cannot_be_woken": False}}))
    assert case.demands.held_by is None
    assert not [o for o in case.options if o.verb == "After this" or o.held_by]


@pytest.mark.parametrize("name", NAMES)
def test_demands_come_only_from_what_is_present_or_applies(name: str) -> None:
    case = reviewed(name)
    present = {e.record.id for e in case.findings.emergencies if e.state == "present"}
    applies = {f.record.id for f in case.findings.recommendations if f.status == "applies"}
    grounds = [d for w in case.medicines for d in w.grounds]
    told = {(d.table, d.id) for d in grounds if d.makes == "keep_with" or d.replaced_by}
    known = {*(("emergency", id) for id in present), *(("recommendation", id) for id in applies), *told}
    for directive in case.demands.all:
        assert (directive.table, directive.id) in known


def test_what_speaks_against_a_start_is_heard_by_the_option() -> None:
    tried = 0
    for case in cases():
        for directive in case.demands.of("speaks_against"):
            for id in set(directive.targets) & CONTENT.treatments.keys():
                option = case.option(id)
                if option.in_place == "no":
                    assert directive in (option.closed_by if directive.strength == "stop" else option.cautions)
                    tried += 1
    assert tried
