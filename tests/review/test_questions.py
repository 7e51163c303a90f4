"""A question is only worth asking when some answer to it changes what the case says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from pathways.facts.readings import read_scores
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.explain import statuses, what_if
from pathways.review.questions import next_questions
from tests.conftest import ROOT

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
