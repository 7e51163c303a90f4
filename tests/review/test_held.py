"""Plans held to what a meeting asks: locked in, ruled out, a burden that is not passed."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.held import hold
from pathways.review.ids import UnknownIdError
from pathways.review.plans import Within
from tests.conftest import ROOT

SAMPLES = sorted((ROOT / "sample_data/cases").glob("*.toml"))


def sample(path: object) -> Case:
    content = load_content()
    return review(Profile.load(str(path), content), content=content)


@pytest.fixture(scope="module")
def back_pain() -> Case:
    return sample(ROOT / "sample_data/cases/back_pain_120_mme.toml")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_open_treatment_is_locked_in_or_ruled_out_or_the_reason_is_told(path: object) -> None:
    case = sample(path)
    tried = 0
    for option in (o for o in case.options if o.eligible):
        for within in (Within(locked=frozenset({option.id})), Within(out=frozenset({option.id}))):
            held = hold(case, within)
            tried += 1
            if held.unmet:
                assert held.unmet[0].why
                assert held.unmet[0].id == option.id
                assert held.case.frontier == case.frontier
            else:
                assert held.case.frontier.plans or not case.frontier.plans
                assert {option.id in plan.ids for plan in held.case.frontier.plans} <= {bool(within.locked)}
                folded = {id for plan in held.case.frontier.plans for item in plan.items for id in item.instead}
                assert not folded & within.out
    assert tried


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_burden_limit_keeps_the_lighter_plans_and_no_others(path: object) -> None:
    case = sample(path)
    for most in {plan.burden for plan in case.frontier.plans}:
        held = hold(case, Within(most=most))
        light = tuple(p for p in case.frontier.plans if p.burden <= most)
        if held.unmet:  # the lighter ones answer less of what is required
            assert "every plan must answer" in held.unmet[0].why
            assert held.case.frontier == case.frontier
        else:
            assert held.case.frontier.plans == light
    lightest = min(plan.burden for plan in case.frontier.plans)
    told = hold(case, Within(most=lightest - 1))
    assert [(u.kind, u.why) for u in told.unmet] == [("burden", f"the lightest plan here has burden {lightest}")]


def test_a_lock_brings_plans_that_no_search_without_it_finds(back_pain: Case) -> None:
    outside = [
        o.id
        for o in back_pain.options
        if o.eligible and not any(o.id in p.ids for p in back_pain.frontier.plans) and not o.record.decision
    ]
    found = [hold(back_pain, Within(locked=frozenset({id}))) for id in outside]
    followed = [held for held in found if not held.unmet]
    assert followed
    for held in followed:
        assert held.case.shown.plans
        known = [plan.ids for plan in back_pain.frontier.plans]
        assert all(plan.ids not in known for plan in held.case.shown.plans)


def test_what_is_called_for_or_closed_stays_so(back_pain: Case) -> None:
    held = hold(back_pain, Within(out=frozenset({"naloxone_kit"})))
    assert "called for" in held.unmet[0].why
    closed = next(o for o in back_pain.options if o.safety == "contraindicated")
    told = hold(back_pain, Within(locked=frozenset({closed.id})))
    assert told.unmet
    assert told.case.frontier == back_pain.frontier


def test_several_wishes_are_followed_as_far_as_they_go(back_pain: Case) -> None:
    held = hold(back_pain, Within(frozenset({"opioid_taper"}), frozenset({"naloxone_kit"}), 100))
    assert held.within == Within(frozenset({"opioid_taper"}), frozenset(), 100)
    assert [u.id for u in held.unmet] == ["naloxone_kit"]
    assert all(plan.decisions["long_term_opioid"] == "opioid_taper" for plan in held.case.frontier.plans)


def test_two_ways_of_one_decision_are_not_locked_in_together(back_pain: Case) -> None:
    held = hold(back_pain, Within(locked=frozenset({"opioid_taper", "opioid_continue"})))
    assert len(held.within.locked) == 1
    assert held.unmet


def test_no_treatment_of_that_name(back_pain: Case) -> None:
    with pytest.raises(UnknownIdError):
        hold(back_pain, Within(locked=frozenset({"nothing_such"})))
