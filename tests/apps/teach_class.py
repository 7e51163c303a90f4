"""A class that was made up by chance: learners who answer the questions of a lesson, better and worse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from pathways.apps.teach.exercise import PLAN_VERBS, questions
from pathways.apps.teach.learner import ENDING, Answer, write_learner
from pathways.apps.teach.lesson import Lesson
from pathways.apps.teach.sitting import take
from pathways.apps.teach.teaching_file import Question

SURE = (10, 30, 50, 70, 90, 99)


def simulated(lesson: Lesson, random: Random) -> Mapping[str, Answer]:
    """What one learner says; now and then nothing."""
    said = {q.id: _answer(lesson, q, random) for q in lesson.teaching.questions if random.random() < 0.93}
    return {id: Answer.model_validate({**given, "sure": random.choice(SURE)}) for id, given in said.items()}


def _answer(lesson: Lesson, question: Question, random: Random) -> dict[str, Any]:
    ids = [id for id, _ in lesson.choices(question)]
    key = {one.id: one.right for one in lesson.key(question)}
    match question.kind:
        case "findings":
            return {"choose": [id for id in ids if random.random() < (0.75 if key[id] else 0.25)]}
        case "rank":
            return {"order": random.sample(ids, len(ids))}
        case "unsafe_pair":
            return {"pair": random.sample(ids, 2)}
        case "ask":
            return {"asks": random.sample(ids, min(question.most, len(ids)))}
        case "text":
            return {"text": random.choice(["I would ask first.", "=1+1", "Gently, <b>and</b> in plain words."])}
        case "plan":
            case, menu = lesson.case_of(question), [id for id, _ in lesson.menu(question)]
            plan = {id: random.choice(PLAN_VERBS) for id in random.sample(menu, min(3, len(menu)))}
            if case.frontier.plans and random.random() < 0.6:
                found = random.choice(case.frontier.plans).items
                plan = {item.id: item.verb for item in found if item.id in menu and random.random() < 0.95}
            medicines = {
                str(place): random.choice(verbs)
                for place, _, verbs in lesson.medicines(question)
                if random.random() < 0.5
            }
            offered = [id for id, _ in questions(case)]
            return {"plan": plan, "medicines": medicines, "asks": random.sample(offered, min(3, len(offered)))}


def write_class(folder: Path, lesson: Lesson, learners: int, seed: int) -> None:
    """The files of a class."""
    random = Random(seed)
    for n in range(learners):
        made = take(lesson, simulated(lesson, random), f"L-{n:03}").commit()
        write_learner(folder / f"{made.learner}.{lesson.name}{ENDING}", made)
