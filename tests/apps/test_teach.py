"""What a learner is told about a plan: never "dominated" for a plan that was found, always of an unsafe pair; and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest

from pathways.apps.teach import Commitment, Exercise, Feedback, NotCommittedError, Remark, calibration, compare
from pathways.apps.teach.exercise import commitment_from, story
from pathways.apps.teach.remarks import KINDS
from pathways.content import load_content
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.options import VERBS, Option
from pathways.review.plans import Plan
from pathways.review.plans.judge import IN_PLAN, Judge
from pathways.review.questions import next_questions
from tests.profiles import random_data
from tests.reviews import NAMES, profile, reviewed

CONTENT = load_content()
FULL = Commitment({"naloxone_kit": "Offer", "exercise": "Offer"}, ("oud_criteria",), (), 80)


def random_cases(n: int, seed: int) -> Iterator[Case]:
    """Reviewed random profiles."""
    random = Random(seed)
    for _ in range(n):
        yield review(Profile.from_dict(random_data(random, CONTENT)), content=CONTENT)


def as_said(plan: Plan) -> dict[str, str]:
    return {item.id: item.verb for item in plan.items}


def verdicts(case: Case) -> dict[int, str]:
    """What the review says of each medicine in use."""
    return {w.place: w.verb for w in case.medicines if w.verb}


def swapped(plan: Plan) -> dict[str, str]:
    """The same plan with the last of the interchangeable items."""
    return {(item.instead or (item.id,))[-1]: item.verb for item in plan.items}


def hard(case: Case, plan: dict[str, str]) -> list[str]:
    """The remarks that a plan that was found must never get."""
    return [
        r.says
        for r in compare(case, plan, medicines=verdicts(case)).remarks
        if r.kind == "dominated" or r.unsafe or (r.urgent and r.kind in ("need", "left_out"))
    ]


# ---- plans that were found ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_that_was_found_is_never_told_to_be_dominated_nor_unsafe(name: str) -> None:
    case = reviewed(name)
    assert case.frontier.plans
    judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)
    for plan in case.frontier.plans:
        assert hard(case, as_said(plan)) == []
        assert hard(case, swapped(plan)) == []
        assert judge.judge(as_said(plan)).axes == plan.axes, "measured as the search measured it"


@pytest.mark.parametrize("opioid", ["oxycodone", "fentanyl", "morphine"])
def test_nor_where_a_sedative_in_use_gives_way_to_the_opioid(opioid: str) -> None:
    taken = [{"ingredients": [one], "state": "current", "purpose": "pain"} for one in (opioid, "carisoprodol")]
    answers = {"age_years": 50, "main_pain": "back_axial", "pain_months": 40, "opioid_months": 30, "oud_status": "none"}
    case = review(Profile.from_dict({"as_of": "2026-11-02", "answers": answers, "medicines": taken}))
    both = [plan for plan in case.frontier.plans if {"sedative_review", "buprenorphine_for_pain"} <= plan.ids]
    assert both
    assert all(hard(case, as_said(plan)) == [] for plan in both)


@pytest.mark.slow
def test_nor_in_random_profiles() -> None:
    plans = 0
    for case in random_cases(120, 7):
        for plan in case.frontier.plans[:6]:
            plans += 1
            assert hard(case, as_said(plan)) == []
            assert hard(case, swapped(plan)) == []
    assert plans > 100


# ---- unsafe pairs ---------------------------------------------------------------------------------------------


def excluded_pairs(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of new options that a stop record without a condition names: read from the records alone."""
    new = [o for o in options if o.in_place != "yes" and o.record.seat != "change" and o.record.medicines]
    for one, other in combinations(new, 2):
        for a, b in ((one, other), (other, one)):
            if (
                set(a.record.medicines) & set(b.record.medicines)
                or a.classes & set(b.record.ends)
                or b.classes & set(a.record.ends)
            ):
                continue
            if any(
                r.severity == "stop" and r.when is None and a.classes & set(r.a) and b.classes & set(r.b)
                for r in CONTENT.interactions.values()
            ):
                yield a.id, b.id


def told_of(feedback: Feedback, pair: tuple[str, str]) -> bool:
    return any(set(pair) <= set(remark.about) for remark in feedback.of("conflict"))


@pytest.mark.parametrize("name", NAMES)
def test_an_unsafe_pair_is_always_told_whatever_else_stands_in_the_plan(name: str) -> None:
    case = reviewed(name)
    pairs = list(excluded_pairs(case.options))
    assert pairs or name in ("methadone_qtc_above_500", "naltrexone_before_surgery"), (
        "there the medicine of each pair is in use"
    )
    for plan in ({}, as_said(case.frontier.plans[0])):
        for a, b in pairs:
            feedback = compare(case, {**plan, a: "Offer", b: "Consider"}, sure=90)
            assert told_of(feedback, (a, b))
            assert not feedback.judged.safe
            assert not feedback.held
            assert feedback.of("dominated") == (), "an unsafe set is no plan to weigh against others"


@pytest.mark.slow
def test_an_unsafe_pair_is_told_in_random_profiles_and_so_is_what_is_closed() -> None:
    random, pairs, closed = Random(3), 0, 0
    for case in random_cases(60, 11):
        named = list(excluded_pairs(case.options))
        for a, b in random.sample(named, min(3, len(named))):
            pairs += 1
            extra = {o.id: random.choice(VERBS) for o in random.sample(case.options, 4) if o.id not in (a, b)}
            assert told_of(compare(case, {**extra, a: "Offer", b: "Offer"}), (a, b))
        for option in case.options:
            if option.verb == "Do not start":
                closed += 1
                feedback = compare(case, {option.id: random.choice(IN_PLAN[:3])})
                assert any(option.id in r.about for r in feedback.of("conflict"))
                assert not feedback.held
    assert pairs > 100
    assert closed > 50


def test_what_is_contraindicated_is_told_with_its_own_source() -> None:
    case = reviewed("neuropathy_fentanyl")
    told = [r for r in compare(case, {"naltrexone_xr": "Offer"}).of("conflict") if "naltrexone_xr" in r.about]
    assert told
    assert all(r.urgent and r.source for r in told)
    assert any("opioid" in r.says.lower() for r in told)
    right = compare(case, {"naltrexone_xr": "Do not start"})
    assert right.of("conflict") == ()
    assert any(r.about == ("naltrexone_xr",) for r in right.of("right"))


def test_what_is_in_use_and_unsafe_is_reviewed_and_never_stopped_abruptly() -> None:
    case = reviewed("methadone_qtc_above_500")
    assert case.option("methadone_otp").verb == "Change"

    def of_it(verb: str) -> list[Remark]:
        feedback = compare(case, {"methadone_otp": verb}, medicines={1: "Change", 2: "Change"})
        return [r for r in feedback.of("conflict") if "methadone_otp" in r.about]

    assert any("never stop abruptly" in r.says for r in of_it("Keep"))
    assert of_it("Change") == []
    for ended in ("Stop", "Do not start"):
        [stopped] = of_it(ended)
        assert "stopped at once" in stopped.says
        assert "return to use and of death" in stopped.says
        assert {c.id for c in stopped.source} == {"asam2020", "sordo2017"}


# ---- dominated --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if n != "nearly_unknown"])
def test_a_plan_with_an_item_that_answers_nothing_more_is_dominated_by_the_one_without(name: str) -> None:
    case = reviewed(name)
    judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)
    plan = case.frontier.plans[0]
    found = 0
    for option in case.options:
        said = {**as_said(plan), option.id: "Offer"}
        if any(r.unsafe for r in compare(case, said, medicines=verdicts(case)).remarks):
            continue
        judged = judge.judge(said)
        same = judged.decisions == judge.judge(as_said(plan)).decisions
        if option.id in plan.ids or not judged.safe or not same or judged.axes[:2] != plan.axes[:2]:
            continue
        if judged.axes[2] < plan.axes[2] or judged.axes == plan.axes:
            continue
        found += 1
        feedback = compare(case, said, medicines=verdicts(case))
        assert len(feedback.of("dominated")) == 1
        assert feedback.better is not None
        assert option.record.short in feedback.of("dominated")[0].says or feedback.better.ids != plan.ids
    assert found


def test_a_choice_that_belongs_to_the_person_is_never_told_to_be_dominated_by_another() -> None:
    case = reviewed("back_pain_120_mme")
    for plan in case.frontier.plans:
        better = compare(case, {**as_said(plan), "acupuncture": "Offer"}).better
        assert better is None or better.decisions == plan.decisions


# ---- needs, emergencies, questions, contested points -------------------------------------------------------------


def test_an_empty_plan_leaves_needs_open_and_an_emergency_that_is_there_is_missed() -> None:
    case = reviewed("neuropathy_fentanyl")
    feedback = compare(case, {})
    open_ = {r.about[0]: r for r in feedback.of("need")}
    assert {"oud_treatment", "overdose_safety"} <= open_.keys()
    assert open_["oud_treatment"].urgent
    assert "Buprenorphine" in open_["oud_treatment"].says
    assert [r.about for r in feedback.of("emergency")] == [("overdose_without_protection",)]
    assert not feedback.held
    seen = compare(case, {}, emergencies=["overdose_without_protection"])
    assert seen.of("emergency") == ()
    assert any(r.about == ("overdose_without_protection",) for r in seen.of("right"))


def test_an_emergency_that_is_not_there_is_told_without_blame() -> None:
    case = reviewed("neuropathy_fentanyl")
    absent = next(e.record for e in case.findings.emergencies if e.state == "absent")
    [remark] = [r for r in compare(case, {}, emergencies=[absent.id]).of("emergency") if r.about == (absent.id,)]
    assert not remark.urgent
    assert "none is there" in remark.says


def test_what_was_asked_and_what_was_not() -> None:
    case = reviewed("back_pain_120_mme")
    first = [q.ask for q in next_questions(case, 5)]
    told = {r.about[0] for r in compare(case, {}).of("not_asked")}
    assert told == set(first)
    all_asked = compare(case, {}, first)
    assert all_asked.of("not_asked") == ()
    assert set(first) <= {r.about[0] for r in all_asked.of("right")}
    [beside] = compare(case, {}, [*first, "age_years"]).of("not_asked")
    assert "no line of the review waits for it" in beside.says


def test_contested_points_are_shown_with_every_position_and_a_choice_among_them_is_not_told_to_be_wrong() -> None:
    case = reviewed("back_pain_120_mme")
    ids = {d.id for d in case.findings.disagreements}
    feedback = compare(case, {"opioid_taper": "Ask", "duloxetine": "Ask"})
    shown = [r for r in feedback.of("contested") if r.about[0] in ids]
    assert {r.about[0] for r in shown} == {d.id for d in case.findings.disagreements if "opioid_taper" in d.treatments}
    assert len(shown) < len(ids), "what the plan does not touch is not told"
    assert compare(case, {}).of("contested") == ()
    assert all(len(r.source) >= 2 and all(c.says for c in r.source) for r in shown)
    assert all("opioid_taper" not in r.about for r in feedback.of("differs"))


def test_whatever_has_something_before_its_start_says_what_and_who_says_so() -> None:
    """Not only what is unknown comes first: a blood thinner that is in use has to be seen to before a nerve is burnt."""
    seen = set()
    for name in NAMES:
        case = reviewed(name)
        for option in (o for o in case.options if o.verb == "Check first"):
            remarks = compare(case, {option.id: "Offer"}, [], [], sure=70).remarks
            # What is true and comes first is not only a question: a start before it is not safe.
            words = "not started before this is seen to" if option.avoided else "you did not ask, before starting"
            [remark] = [r for r in remarks if r.about == (option.id,) and words in r.says]
            assert remark.unsafe == bool(option.avoided)
            assert remark.source
            told = [c.label for c in option.check_first] + list(option.avoided)
            assert told, option.id
            assert all(label in remark.says for label in told)
            seen.add(bool(option.check_first))
    assert seen == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_every_remark_says_who_says_so_and_speaks_of_the_plan_and_not_of_the_person(name: str) -> None:
    case = reviewed(name)
    random = Random(name)
    for _ in range(8):
        plan = {o.id: random.choice(VERBS) for o in random.sample(case.options, 12)}
        feedback = compare(case, plan, ["oud_criteria", "age_years"], ["suicide_risk"], sure=70)
        assert feedback.remarks
        for remark in feedback.remarks:
            assert remark.kind in KINDS
            assert remark.source, remark
            assert all(c.id in CONTENT.sources for c in remark.source)
            assert not any(
                word in remark.says.lower() for word in ("wrong", "your mistake", "you failed", "should have")
            )
            assert remark.to_dict()["source"]
        assert feedback.held == (not any(r.urgent for r in feedback.remarks))


def test_knowing_an_option_by_another_verb_of_the_same_kind_is_right() -> None:
    case = reviewed("back_pain_120_mme")
    assert case.option("exercise").verb == "Offer"
    [remark] = [r for r in compare(case, {"exercise": "Consider"}).remarks if r.about == ("exercise",)]
    assert remark.kind == "right"
    assert "“Offer”" in remark.says


# ---- the order: commit, then compare ------------------------------------------------------------------------------


def test_the_review_is_told_only_after_a_plan_and_only_once() -> None:
    exercise = Exercise(profile("back_pain_120_mme"))
    with pytest.raises(NotCommittedError):
        exercise.feedback  # noqa: B018
    with pytest.raises(NotCommittedError):
        exercise.case  # noqa: B018
    feedback = exercise.commit(FULL)
    assert exercise.feedback is feedback
    assert exercise.committed
    assert feedback.teaches
    with pytest.raises(RuntimeError, match="first answer stands"):
        exercise.commit(FULL)


def test_what_does_not_exist_is_named_and_commits_nothing() -> None:
    exercise = Exercise(profile("back_pain_120_mme"))
    for commitment, says in (
        (Commitment({"duloxetin": "Offer"}), "no treatment 'duloxetin'"),
        (Commitment({"duloxetine": "Give"}), "no verb 'Give'"),
        (Commitment({}, ("no_such",)), "no question 'no_such'"),
        (Commitment({}, (), ("no_such",)), "no emergency 'no_such'"),
        (Commitment({}, sure=120), "from 0 to 100"),
    ):
        with pytest.raises(ValueError, match=says):
            exercise.commit(commitment)
    assert not exercise.committed
    with pytest.raises(ValueError, match="how sure"):
        commitment_from({"plan": {}})


@pytest.mark.parametrize("name", NAMES)
def test_the_story_and_the_questions_give_nothing_of_the_review_away(name: str) -> None:
    exercise, case = Exercise(profile(name)), reviewed(name)
    text = "\n".join(line for _, lines in exercise.story for line in lines)
    assert profile(name).teaches is not None
    assert profile(name).teaches.says not in text  # type: ignore[union-attr]
    assert "MME" not in text, "the dose is worked out by the review"
    asks = [ask for ask, _ in exercise.questions]
    assert len(asks) == len(set(asks)) >= 8
    assert list(exercise.questions) == sorted(exercise.questions, key=lambda one: (one[1].lower(), one[0]))
    assert {q.ask for q in next_questions(case, 5)} <= set(asks)
    assert set(asks) - {q.ask for q in next_questions(case)}, "not every question is one that the review waits for"
    assert {id for _, found in exercise.options for id, _ in found} == CONTENT.treatments.keys()


# ---- confidence ---------------------------------------------------------------------------------------------------


def test_calibration_by_hand() -> None:
    assert calibration([]).words == "No case yet."
    few = calibration([(90, True), (90, False)])
    assert (few.cases, few.said, few.held) == (2, 90, 50)
    assert few.brier == pytest.approx((0.01 + 0.81) / 2)
    assert "Too few" in few.words
    over = calibration([(95, n % 2 == 0) for n in range(12)])
    assert "More sure than the cases bear out" in over.words
    assert [(b.lo, b.cases, b.held) for b in over.bands] == [(90, 12, 50)]
    assert "Less sure" in calibration([(30, True)] * 12).words
    assert "go together" in calibration([(75, n % 4 != 0) for n in range(12)]).words
    assert calibration([(50, True), (50, False)]).brier == 0.25
    with pytest.raises(ValueError, match="0 to 100"):
        calibration([(101, True)])


def test_the_confidence_is_about_something_that_can_turn_out_true_or_false() -> None:
    case = reviewed("low_risk")
    plan = as_said(case.frontier.plans[0])
    good = compare(case, plan, sure=90)
    assert good.held
    assert "It held." in good.confidence
    assert "knew more" in compare(case, plan, sure=20).confidence
    bad = reviewed("neuropathy_fentanyl")
    assert "must not wait" in compare(bad, {}, sure=90).confidence
    assert "as you feared" in compare(bad, {}, sure=10).confidence


def test_to_keep_what_a_change_acts_on_is_to_take_it_up() -> None:
    case = reviewed("back_pain_120_mme")
    assert case.option("opioid_continue").verb == "Consider"
    remarks = compare(case, {"opioid_continue": "Keep", "naloxone_kit": "Offer"}).remarks
    told = [r for r in remarks if r.about == ("opioid_continue",)]
    assert [r.kind for r in told] == ["right"]


def test_two_ways_of_one_decision_are_told() -> None:
    case = reviewed("back_pain_120_mme")
    both = compare(case, {"opioid_continue": "Keep", "opioid_taper": "Offer"}).of("decision")
    assert any("one is chosen" in r.says for r in both)
    none = compare(case, {}).of("decision")
    assert any("not decided" in r.says for r in none)


def test_a_result_is_told_by_its_words_and_never_by_an_id() -> None:
    """Every result that a measure may have."""
    for measure in CONTENT.measures.values():
        for id, words in measure.choices.items():
            seen = [{"measure": measure.id, "value": id, "date": "2026-10-30"}]
            told = dict(
                story(review(Profile.from_dict({"as_of": "2026-11-02", "observations": seen}), content=CONTENT))
            )
            (line,) = told["Tests, questionnaires and events"]
            assert line.endswith(f": {words}; 2026-10-30")
