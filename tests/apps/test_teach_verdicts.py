"""Verdicts that are safe: no plan that does harm is told that it held, and what is not harm is not called so."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.apps.teach import Commitment, Exercise, Feedback, compare
from pathways.apps.teach.first import MOST_WORDS
from pathways.apps.teach.remarks import DOMAINS, KINDS
from pathways.content import load_content
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.status import need_status
from tests.profiles import random_data
from tests.reviews import NAMES, profile, reviewed
from tests.teach_verdicts import Answers, Known, harms, random_answers, told, whole, wrong, wrong_of_found

CONTENT = load_content()
KNOWN = {name: Known(reviewed(name)) for name in NAMES}


def taking(*taken: dict[str, object], **answers: object) -> Case:
    """The review of an adult with axial back pain who takes these."""
    known = {"age_years": 50, "main_pain": "back_axial", "pain_months": 40, "oud_status": "none", **answers}
    medicines = [{"state": "current", **one} for one in taken]
    return review(Profile.from_dict({"as_of": "2026-11-02", "answers": known, "medicines": medicines}))


def unsafe(feedback: Feedback) -> list[str]:
    return [r.says for r in feedback.remarks if r.unsafe]


# ---- what used to be told that it held ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["low_risk", "older_adult_ckd_oa", "fibromyalgia_depression_ptsd"])
@pytest.mark.parametrize("moud", ["methadone_otp", "buprenorphine", "naltrexone_xr", "buprenorphine_injection"])
def test_medication_for_oud_without_oud_is_over_treatment_and_its_harm_is_named(name: str, moud: str) -> None:
    plan, medicines, asks, emergencies = whole(reviewed(name), 0)
    assert told(reviewed(name), Answers(plan, medicines, asks, emergencies)).held, (
        "but for that nothing is wrong with it"
    )
    feedback = told(reviewed(name), Answers({**plan, moud: "Offer"}, medicines, asks, emergencies))
    assert not feedback.held
    if reviewed(name).option(moud).safety != "contraindicated":
        [remark] = [r for r in feedback.of("over_treatment") if r.about == (moud,)]
        harm = CONTENT.medicine_harms["naltrexone.without_need" if "naltrexone" in moud else "opioid.without_need"]
        assert harm.harm in remark.says
        assert remark.source == harm.source


@pytest.mark.parametrize("moud", ["methadone_otp", "naltrexone_xr", "buprenorphine"])
def test_so_it_is_with_nearly_nothing_known_and_to_look_first_is_right(moud: str) -> None:
    case = reviewed("nearly_unknown")
    [remark] = compare(case, {moud: "Offer"}).of("over_treatment")
    assert remark.unsafe
    assert "not known, and you did not ask" in remark.says
    for asks_first in ("Ask", "Check first"):
        looked = compare(case, {moud: asks_first})
        assert looked.of("over_treatment") == ()
        assert any(r.kind == "right" and r.about == (moud,) for r in looked.remarks)


def test_silence_about_a_medicine_that_has_to_change_keeps_it() -> None:
    case = reviewed("pregnancy_with_oud")
    plan, medicines, asks, emergencies = whole(case, 0)
    ibuprofen = next(w.place for w in case.medicines if "ibuprofen" in w.ingredients)
    silent = (
        {id: verb for id, verb in plan.items() if id != "nsaid_oral"},
        {place: verb for place, verb in medicines.items() if place != ibuprofen},
    )
    for plan_said, listed in (silent, ({**plan, "nsaid_oral": "Keep"}, silent[1]), (silent[0], {ibuprofen: "Keep"})):
        feedback = told(case, Answers(plan_said, listed, asks, emergencies))
        assert not feedback.held
        [remark] = [r for r in feedback.remarks if r.unsafe]
        assert remark.about[0] == f"medicines.{ibuprofen}"
        assert "acetaminophen" in remark.says
    assert "nothing was said" in unsafe(told(case, Answers(*silent, asks, emergencies)))[0]
    for gone in ("Stop", "Change"):
        assert told(case, Answers(silent[0], {**silent[1], ibuprofen: gone}, asks, emergencies)).held


@pytest.mark.parametrize(("place", "harm"), [(0, "opioid.stopped_at_once"), (1, "benzodiazepine.stopped_at_once")])
def test_an_abrupt_stop_is_unsafe_and_never_contested(place: int, harm: str) -> None:
    case = reviewed("back_pain_120_mme")
    plan, medicines, asks, emergencies = whole(case, 0)
    feedback = told(case, Answers({**plan, "opioid_taper": "Ask"}, {**medicines, place: "Stop"}, asks, emergencies))
    assert not feedback.held
    [remark] = [r for r in feedback.of("conflict") if r.about[0] == f"medicines.{place}"]
    assert CONTENT.medicine_harms[harm].harm in remark.says
    assert remark.source == CONTENT.medicine_harms[harm].source
    assert not any(set(remark.about) & set(r.about) for r in feedback.of("contested"))
    assert feedback.of("dominated") == ()


def test_to_stop_what_may_be_stopped_at_once_is_right_and_what_nobody_can_name_is_asked_first() -> None:
    case = taking({"ingredients": ["ibuprofen"]}, {"name": "the white tablet"}, age_years=30, sex="female")
    feedback = compare(case, {}, medicines={0: "Stop", 1: "Stop"})
    assert [r.about[0] for r in feedback.remarks if r.unsafe] == ["medicines.1"]
    assert "what it is is not known" in unsafe(feedback)[0]


def test_what_is_started_stands_beside_what_it_may_not_come_without() -> None:
    case = reviewed("back_pain_120_mme")
    assert any("without Naloxone" in says for says in unsafe(compare(case, {"opioid_continue": "Keep"})))
    both = compare(case, {"opioid_continue": "Keep", "naloxone_kit": "Offer"})
    assert not any("without Naloxone" in says for says in unsafe(both))


# ---- what is no harm ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_that_was_found_holds(name: str) -> None:
    assert list(wrong_of_found(reviewed(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_is_told_as_not_asked_and_never_as_wrong(name: str) -> None:
    feedback = compare(reviewed(name), {})
    assert feedback.of("not_asked")
    assert all("you did not ask" in r.says.lower() for r in feedback.of("not_asked"))
    assert feedback.of("differs") == feedback.of("over_treatment") == feedback.of("contested") == ()
    assert not any("wrong" in r.says.lower() for r in feedback.remarks)


def test_a_treatment_that_only_costs_effort_is_more_than_is_needed_and_not_unsafe() -> None:
    case = reviewed("low_risk")
    option = next(o for o in case.options if o.verb is None and not o.record.medicines and not o.record.place.risky)
    [remark] = compare(case, {option.id: "Offer"}).of("over_treatment")
    assert not remark.urgent
    assert option.record.burden.words in remark.says


# ---- a need that nobody asked about ---------------------------------------------------------------------------------


def home_alone(**answers: object) -> Case:
    known = {"age_years": 44, "main_pain": "back_axial", "pain_months": 20, "oud_status": "active", **answers}
    return review(Profile.from_dict({"as_of": "2026-11-02", "answers": known}))


def test_a_need_that_nobody_asked_about_is_never_in_place_already() -> None:
    case = home_alone(relationship_strain=True)
    need = next(n for n in case.findings.needs if n.record.id == "relationships_home")
    assert (need.raised, need.parts, need.met) == (True, (), ())
    assert need.open_parts
    assert need_status(case, need.record.id) == "cannot_tell"
    assert all(plan.needs[need.record.id] == "cannot_tell" for plan in case.frontier.plans)
    [remark] = [r for r in compare(case, {}).remarks if r.about == (need.record.id,)]
    assert (remark.kind, remark.urgent) == ("not_asked", False)
    [asked] = [r for r in compare(case, {}, need.asks[:1]).remarks if r.about == (need.record.id,)]
    assert asked.kind == "right"


def test_no_need_is_in_place_while_a_part_of_it_is_not_known() -> None:
    random, seen = Random(4), set()
    cases = [*(reviewed(name) for name in NAMES), home_alone(relationship_strain=True)]
    cases += [review(Profile.from_dict(random_data(random, CONTENT)), content=CONTENT) for _ in range(12)]
    for case in cases:
        for need in (n for n in case.findings.needs if n.raised and n.open_parts):
            told_of = {plan.needs[need.record.id] for plan in case.frontier.plans} | {need_status(case, need.record.id)}
            seen |= told_of
            assert "in_place" not in told_of
    assert "cannot_tell" in seen


# ---- every plan ---------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 2**32 - 1))
def test_no_plan_that_does_harm_is_told_that_it_held(name: str, seed: int) -> None:
    random = Random(seed)
    answers = random_answers(reviewed(name), random)
    assert list(wrong(reviewed(name), KNOWN[name], answers, random)) == []


def test_the_checker_finds_each_kind_of_harm() -> None:
    """A property that nothing can break proves nothing: each kind is met among few plans."""
    random, kinds = Random(6), set()
    for name in NAMES:
        for _ in range(80):
            reasons = harms(KNOWN[name], random_answers(reviewed(name), random))
            kinds |= {reason.partition(":")[0] for reason in reasons}
    assert kinds >= {"closed", "kept", "stopped at once", "without need", "nothing known", "not this"}


# ---- what is read first -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_first_is_short_and_begins_with_the_lesson_and_what_was_unsafe(name: str) -> None:
    everything = {o.id: "Offer" for o in reviewed(name).options}
    stopped = {w.place: "Stop" for w in reviewed(name).medicines if w.state == "current"}
    for plan, medicines in (({}, {}), (everything, stopped)):
        feedback = compare(reviewed(name), plan, medicines=medicines)
        titles = [title for title, _ in feedback.first]
        assert titles == ["The lesson", "What was unsafe", "What was missed", "What you had right"]
        assert sum(len(text.split()) for title, lines in feedback.first for text in (title, *lines)) <= MOST_WORDS
        assert all(remark.domain in DOMAINS and remark.kind in KINDS for remark in feedback.remarks)
        shown = [r for domain in DOMAINS for r in feedback.within(domain)]
        assert sorted(map(str, shown)) == sorted(map(str, feedback.remarks)), "each is told in one domain"
        assert json.loads(json.dumps(feedback.to_dict()))["first"]


# ---- the list of medicines in a commitment ---------------------------------------------------------------------------


def test_a_medicine_has_its_own_line_and_what_does_not_exist_is_named() -> None:
    exercise = Exercise(profile("older_adult_ckd_oa"))
    assert len(exercise.medicines) == len(reviewed("older_adult_ckd_oa").medicines)
    verbs = {place: able for place, _, able in exercise.medicines}
    assert "Stop" in verbs[0]
    assert "Stop" not in verbs[7], "what is only asked for cannot be stopped"
    for medicines, says in (({99: "Stop"}, "no medicine 99"), ({0: "Offer"}, "no verb 'Offer'")):
        with pytest.raises(ValueError, match=says):
            exercise.commit(Commitment({}, medicines=medicines))
    feedback = exercise.commit(Commitment({}, medicines={6: "Stop", 7: "Offer"}))
    assert "medicines.7" in {r.about[0] for r in feedback.of("conflict")}
