"""A lesson as one HTML page for a link: story, stages and questions, and no key. What a learner answers becomes a file of the
browser, which holds no marks; the one who leads the class has the case, and marks it (`class_report`)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from ...pages.html import css, environment
from .exercise import PLAN_VERBS, options, questions
from .learner import TAKES
from .lesson import Lesson
from .teaching_file import Question


def lesson_html(lesson: Lesson) -> str:
    """The page: it needs nothing else and asks for nothing. The same case, the same bytes."""
    # Line ends as a browser has them when it reckons the digest.
    script = files(__package__).joinpath("lesson_page.js").read_text("utf-8").replace("\r\n", "\n")
    teaching = lesson.teaching
    stages = [
        {
            "title": stage.title,
            "says": stage.says,
            "shown": lesson.shown(n),
            "questions": [_question(lesson, q) for q in teaching.questions if teaching.stage_of(q) == n],
        }
        for n, stage in enumerate(teaching.stages, 1)
    ]
    html: str = (
        environment()
        .get_template("lesson.html.j2")
        .render(
            css=css(),
            script=Markup(script),  # our own file, and no text of the case
            digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            teaching=teaching,
            case=lesson.name,
            version=lesson.digest,
            stages=stages,
            able_verbs=PLAN_VERBS,
        )
    )
    return html


def _question(lesson: Lesson, question: Question) -> Mapping[str, Any]:
    case = lesson.case_of(question)
    menu = {id for id, _ in lesson.menu(question)}
    grouped = [(title, [pair for pair in group if pair[0] in menu]) for title, group in options(lesson.content)]
    return {
        "id": question.id,
        "kind": question.kind,
        "asks": question.asks,
        "most": question.most,
        "field": TAKES[question.kind][0],
        "choices": lesson.choices(question),
        "medicines": lesson.medicines(question),
        "menu": [("Treatments", lesson.menu(question))] if question.offers else [one for one in grouped if one[1]],
        "asked": questions(case),
        "emergencies": tuple((e.id, e.title) for e in lesson.content.emergencies.values()),
    }
