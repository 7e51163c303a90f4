"""A question is only worth asking when some answer to it changes what the case says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts.readings import read_scores
from pathways.pages.page import first_page, page_questions
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.explain import statuses, what_if
from pathways.review.questions import BEGUN, EMERGENCY, OTHER, first_of, next_questions
from tests.conftest import ROOT
from tests.obedience.generate import Vocabulary
from tests.obedience.generate import profile as dense_profile
from tests.obedience.knowledge import load
from tests.profiles import random_data

CASES = sorted((ROOT / "sample_data" / "cases").glob("*.toml"))
AS_OF = date(2026, 11, 2)
SMALL = {
    "blank": {},
    "age and pain": {"age_years": 40, "main_pain": "back_axial", "pain_months": 8, "setting": "outpatient"},
    "active OUD": {
        "age_years": 40,
        "main_pain": "neck",
        "pain_months": 8,
        "setting": "outpatient",
        "oud_status": "active",
    },
}


def possible_answers(case: Case, ask: str) -> Iterator[dict[str, Any]]:
    """Edits of the profile that answer a question in different ways."""
    content = case.content
    as_of = (case.profile.as_of or AS_OF).isoformat()
    which, _, name = ask.partition(".")
    if answer := content.answers.get(ask):
        options: list[Any] = [True, False] if answer.type == "yes_no" else list(answer.choices)
        if answer.type == "number":
            options = [answer.lo, answer.hi]
        yield from ({f"answers.{ask}": option} for option in options)
    elif instrument := content.instruments.get(ask):
        for pick in (min, max):
            items = {item.id: pick(item.values) for item in instrument.items}
            value = None if items else (instrument.lo if pick is min else instrument.hi)
            seen = {"measure": ask, "date": as_of, **({"items": items} if items else {"value": value})}
            yield {"observations.+": seen}
    elif which == "medicines" and name.isdigit():
        # an entry that has to be made sure of: how it is taken, or that it is another thing
        yield {f"medicines.{name}.as_prescribed": True}
        yield {f"medicines.{name}.state": "stopped"}
    elif which == "medicines" and any(name in entry.ingredients for entry in case.profile.medicines):
        # how much of it, and since when: an entry of the list told in full
        for n, entry in enumerate(case.profile.medicines):
            if name in entry.ingredients:
                yield {f"medicines.{n}.start": as_of}
                yield {f"medicines.{n}.start": "2020-01-01"}
                yield {f"medicines.{n}.dose": {name: 1}, f"medicines.{n}.per_day_max": 1}
    elif which == "medicines":
        yield {"medicines.+": {"class": name, "state": "current"}}
        yield {"asked_none.medicines": [*case.profile.asked_none.medicines, name]}
    elif which == "conditions":
        yield {"conditions.+": {"id": name}}
        yield {"asked_none.conditions": [*case.profile.asked_none.conditions, name]}
    else:
        name = name or content.facts[ask].measure or ask
        measure = content.measures[name]
        values = {"number": [measure.lo, measure.hi], "choice": list(measure.choices), "event": [None]}[measure.type]
        for value in values:
            seen = {"measure": name, "date": as_of, **({} if value is None else {"value": value})}
            yield {"observations.+": seen}
        yield {"asked_none.observations": [*case.profile.asked_none.observations, name]}


def told(case: Case) -> set[tuple[str, ...]]:
    """Every status, and the bands of every questionnaire: what a page tells."""
    return {*statuses(case), *((r.instrument.id, *r.bands) for r in read_scores(case.facts, case.content))}


def matters(case: Case, ask: str) -> bool:
    before = told(case)
    return any(told(what_if(case, edits).after) != before for edits in possible_answers(case, ask))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_first_questions_of_a_sample_case_matter(path: Any) -> None:
    case = review(Profile.load(path))
    for question in next_questions(case, most=6):
        assert matters(case, question.ask), f"no answer to {question.ask} changes anything"


@pytest.mark.parametrize("answers", SMALL.values(), ids=SMALL)
def test_every_question_of_a_small_profile_matters(answers: dict[str, Any]) -> None:
    case = review(Profile.from_dict({"as_of": AS_OF, "answers": answers}))
    idle = [q.ask for q in next_questions(case) if not matters(case, q.ask)]
    assert not idle


# -- one place is the weightiest open need's ------------------------------------------------------------------------


def people() -> Iterator[Case]:
    """The samples and random people, each as they are and with every urgent sign asked and none found."""
    known, vocabulary = load(), Vocabulary.read()
    drawn = [Profile.load(path) for path in CASES] + [Profile.from_dict({})]
    for n in range(8):
        drawn.append(Profile.from_dict(dense_profile(Random(f"ask {n}"), known, vocabulary)))
        drawn.append(Profile.from_dict(random_data(Random(f"ask {n}"), load_content())))
    signs = {a.id: False for a in load_content().answers.values() if a.first_page == 1 and a.type == "yes_no"}
    for profile in drawn:
        data = profile.to_dict()
        data["answers"] = {**data.get("answers", {}), **signs}
        yield review(profile)
        yield review(Profile.from_dict(data))


@pytest.mark.slow
def test_one_of_the_first_places_is_that_of_the_weightiest_open_need() -> None:
    """OUD keeps its question while it is open, whatever else is asked, and where only two places are left too; another need
    then gives way where both places finish what was begun, or a sign asks for them."""
    tried = 0
    for case in people():
        questions = next_questions(case)
        open_ = [n for n in case.findings.needs if n.record.required and n.raised is None]
        likely = {q.ask for q in questions if q.rank < OTHER}  # what would surprise is asked last
        asks = [likely & set(n.asks) for n in sorted(open_, key=lambda n: n.record.side != "oud")]
        wanted = next((of & {q.ask for q in questions} for of in asks if of & {q.ask for q in questions}), None)
        if wanted is None:
            continue
        tried += 1
        assert wanted & {q.ask for q in questions[:3]}
        assert wanted & {q.ask for q in page_questions(case)}
        of_oud = any(n.record.treats == "oud" and set(n.asks) & wanted for n in open_)
        begun = not of_oud and all(q.rank <= BEGUN for q in questions[:2])
        for places in (2, 3):
            kept = first_of(questions, case, places)
            assert len(kept) == min(places, len(questions))
            assert wanted & {q.ask for q in kept} or (places == 2 and begun and kept == questions[:2])
        shown = {ask.ask for ask in first_page(case).ask}
        assert len(shown) < 2 or wanted & shown or (begun and len(shown) == 2)
    assert tried >= 40


def test_the_only_place_is_that_of_oud_unless_an_emergency_asks_for_it() -> None:
    case = review(Profile.from_dict({"answers": {"saddle_numbness": True}}))
    [oud] = [n for n in case.findings.needs if n.record.treats == "oud"]
    assert oud.raised is None
    [only] = first_of(next_questions(case), case, 1)
    assert only != next_questions(case)[0]
    assert only.ask in oud.asks
    assert first_of(next_questions(case), case, 0) == ()
    fever = review(Profile.from_dict({"answers": {"fever": True}}))
    assert next_questions(fever)[0].rank == EMERGENCY
    assert first_of(next_questions(fever), fever, 1) == next_questions(fever)[:1]


def test_two_questionnaires_that_were_begun_keep_two_places() -> None:
    """An interview that was broken off is finished before another need is asked about."""
    observations = [
        {"measure": "phq9", "items": {"interest": 2, "mood": 2}, "date": "2026-11-16"},
        {"measure": "oud_criteria", "items": {"more_than_meant": 1, "cut_down": 1, "craving": 0}, "date": "2026-11-16"},
    ]
    medicine = {
        "name": "morphine 15 mg twice a day",
        "ingredients": ["morphine"],
        "state": "current",
        "purpose": "pain",
    }
    data = {"as_of": "2026-11-16", "answers": {"age_years": 44}, "observations": observations, "medicines": [medicine]}
    case = review(Profile.from_dict(data))
    for places in (2, 3):
        asked = [q.ask for q in first_of(next_questions(case), case, places)]
        assert {*asked[:2]} == {"phq9", "oud_criteria"}


# -- what would surprise is asked last ------------------------------------------------------------------------------


def asked_first(answers: dict[str, Any], *medicines: dict[str, Any], **more: Any) -> list[str]:
    listed = [{"state": "current", "route": "oral", **m} for m in medicines]
    case = review(Profile.from_dict({"as_of": AS_OF, "answers": answers, "medicines": listed, **more}))
    return [q.ask for q in page_questions(case)]


PAIN: dict[str, Any] = {"age_years": 44, "setting": "outpatient", "main_pain": "back_axial", "pain_months": 30}
FILM = {"name": "buprenorphine-naloxone", "ingredients": ["buprenorphine", "naloxone"], "route": "sublingual"}
FILM |= {"purpose": "oud", "start": "2024-05-01"}


def test_withdrawal_is_asked_where_it_is_likely() -> None:
    ask = "in_opioid_withdrawal"
    steady = {**PAIN, "oud_status": "remission", "nonprescribed_opioid_use": False}
    assert ask not in asked_first(steady, FILM)
    assert ask not in asked_first({**PAIN, "oud_status": "active", "opioid_free_days": 400})
    for using in (
        {**PAIN, "oud_status": "active", "nonprescribed_opioid_use": True},
        {**PAIN, "oud_status": "active", "opioid_free_days": 2},
    ):
        assert ask in asked_first(using)
    case = review(Profile.from_dict({"as_of": AS_OF, "answers": steady, "medicines": [{**FILM, "state": "current"}]}))
    assert ask in {q.ask for q in next_questions(case)}, "it is asked, after all others"


def test_an_opioid_for_pain_is_not_the_first_question_to_a_person_with_oud() -> None:
    ask = "medicines.opioid_for_pain"
    assert ask not in asked_first({**PAIN, "oud_status": "active", "nonprescribed_opioid_use": True})
    assert ask in {*asked_first(PAIN), *asked_first({**PAIN, "oud_status": "none"})}


def test_injecting_and_a_lifelong_disease_are_asked_where_they_are_likely() -> None:
    fever = {"age_years": 72, "setting": "outpatient", "main_pain": "back_axial", "pain_months": 6, "fever": True}
    young = {**fever, "age_years": 30, "main_pain": "widespread"}
    at_end = {"conditions": [{"id": "palliative_care"}]}
    assert "conditions.sickle_cell" not in asked_first(fever)
    assert "conditions.sickle_cell" in asked_first(young)
    assert "injects_drugs" in asked_first(fever)
    assert "injects_drugs" not in asked_first(fever, **at_end)
