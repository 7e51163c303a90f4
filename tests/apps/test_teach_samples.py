"""The teaching cases of the kit: each is whole, each question can be answered rightly, and no title or story gives it away."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

import kit
from pathways.apps.teach.checking import check_file, load_lesson
from pathways.apps.teach.compare import compare
from pathways.apps.teach.first import MOST_WORDS
from pathways.apps.teach.learner import Answer, read_answers
from pathways.apps.teach.lesson import Lesson
from pathways.apps.teach.looking import SAID_OF
from pathways.apps.teach.marking import mark, weightiest
from pathways.apps.teach.sitting import answer_sheet, take
from pathways.apps.teach.teaching_file import Question
from pathways.content import load_content
from pathways.content.loader import cites_of
from pathways.content.models.base import CONFIDENCE_ORDER
from tests.apps.teach_class import simulated
from tests.teach_verdicts import Known, harms, random_answers

CONTENT = load_content()
CASES = sorted((kit.ROOT / "sample_data/teaching").glob("*.teach.toml"))
NAMES = [path.name.partition(".")[0] for path in CASES]


@cache
def lesson(name: str) -> Lesson:
    return load_lesson(kit.ROOT / f"sample_data/teaching/{name}.teach.toml", CONTENT)


def test_there_are_twelve() -> None:
    assert len(CASES) == 12


@pytest.mark.parametrize("path", CASES, ids=NAMES)
def test_each_is_whole_and_the_review_can_keep_what_its_author_asks(path: Path) -> None:
    found = check_file(path, CONTENT)
    assert found.problems == ()
    assert found.remarks == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_question_has_a_right_answer(name: str) -> None:
    made = lesson(name)
    for question in made.teaching.questions:
        if question.kind != "text":
            assert any(mark(made, question, answer).right for answer in right_answers(made, question)), question.id


def right_answers(made: Lesson, question: Question) -> list[Answer]:
    """Answers that the key, or the review, calls right."""
    key = made.key(question)
    match question.kind:
        case "findings":
            return [Answer(choose=tuple(one.id for one in key if one.right))]
        case "rank":
            return [Answer(order=tuple(one.id for one in sorted(key, key=lambda one: one.rank)))]
        case "unsafe_pair":
            return [Answer(pair=tuple(pair)) for pair, told in made.unsafe_pairs(question).items() if told[0] == 0] or [
                Answer(pair=tuple(pair)) for pair in made.unsafe_pairs(question)
            ]
        case "ask":
            return [Answer(asks=tuple(one.id for one in weightiest(made, question)))]
        case _:
            return plans(made, question)


def plans(made: Lesson, question: Question) -> list[Answer]:
    """The plans that the review found, with its word on each medicine, what it sees, and what the author wants asked."""
    case = made.case_of(question)
    medicines = {str(w.place + 1): w.verb or SAID_OF[w.verdict] for w in case.medicines}
    seen = tuple(e.record.id for e in case.findings.emergencies if e.state == "present")
    asked = tuple(ask for must in made.teaching.musts for ask in must.asked)
    found = []
    for plan in case.frontier.plans:
        items = {item.id: item.verb for item in plan.items}
        choices = [items] + [{**items, id: item.verb} for item in plan.items for id in item.instead]
        found += [Answer(plan=one, medicines=medicines, emergencies=seen, asks=asked) for one in choices]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_title_and_no_story_gives_the_answer_away(name: str) -> None:
    made = lesson(name)
    teaching = made.teaching
    shown = answer_sheet(made).lower()
    secret = [
        teaching.lesson,
        *(must.says for must in teaching.musts),
        *(c.why for q in teaching.questions for c in q.choices),
    ]
    assert not [text for text in secret if text and text.lower()[:60] in shown]
    told = " ".join((teaching.title, *(f"{stage.title} {stage.says}" for stage in teaching.stages))).lower()
    for e in made.case(len(teaching.stages)).findings.emergencies:
        if e.state == "present":
            assert e.record.title.lower() not in told


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_choices_is_that_of_their_words(name: str) -> None:
    made = lesson(name)
    for question in made.teaching.questions:
        words = [text.lower() for _, text in made.choices(question)]
        assert words == sorted(words)
        own = [id for id, text in made.choices(question) if text in {choice.says for choice in question.choices}]
        assert own == sorted(own), "nor do their letters tell where in the file they stand"


@pytest.mark.parametrize("name", NAMES)
def test_each_has_what_a_class_needs(name: str) -> None:
    teaching = lesson(name).teaching
    assert len(teaching.lesson.split()) <= 60
    assert {"plan", "text"} <= {question.kind for question in teaching.questions}
    assert teaching.guide.opening
    assert len(teaching.guide.points) >= 2
    assert teaching.musts
    assert all(question.discuss for question in teaching.questions if question.kind == "text")


def test_what_a_must_asks_for_is_never_told_to_be_unsafe() -> None:
    for name in NAMES:
        made = lesson(name)
        for question in made.teaching.questions:
            if question.kind == "plan":
                right = next(answer for answer in plans(made, question) if mark(made, question, answer).right)
                listed = {int(place) - 1: verb for place, verb in right.medicines.items()}
                told = compare(made.case_of(question), right.plan, right.asks, right.emergencies, medicines=listed)
                assert not [remark.says for remark in told.remarks if remark.unsafe]


@pytest.mark.parametrize("name", NAMES)
def test_no_plan_that_does_harm_is_marked_right(name: str) -> None:
    """What does harm is told by the records and the data of the review (`tests.teach_verdicts`), not by what marks."""
    made, random = lesson(name), Random(5)
    question = next(q for q in made.teaching.questions if q.kind == "plan")
    case = made.case_of(question)
    known = Known(case)
    harmful = 0
    for _ in range(60):
        given = random_answers(case, random)
        listed = {str(place + 1): verb for place, verb in given.medicines.items()}
        told = Answer(plan=given.plan, medicines=listed, asks=given.asks, emergencies=given.emergencies)
        reasons = list(harms(known, given))
        harmful += bool(reasons)
        if mark(made, question, told).right:
            assert not reasons
    assert harmful, "some of the plans do harm, or nothing was tried"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_first_is_short_and_a_blank_sheet_can_be_handed_in(name: str, tmp_path: Path) -> None:
    made, random = lesson(name), Random(9)
    for _ in range(5):
        sitting = take(made, simulated(made, random), "L-1")
        sitting.commit()
        assert sum(len(text.split()) for title, lines in sitting.feedback for text in (title, *lines)) <= MOST_WORDS
    sheet = tmp_path / "answers.toml"
    sheet.write_text(answer_sheet(made), "utf-8")
    learner, answers = read_answers(sheet)
    assert learner is None
    handed_in = take(made, answers).commit()
    assert not [mark.question for mark in handed_in.marks if mark.answered or mark.right is not None]


@cache
def cited() -> dict[tuple[str, str], int]:
    """Every place that the content cites, with how well it says that it was read, at its best."""
    found: dict[tuple[str, str], int] = {}
    for table in CONTENT.tables.values():
        for record in table.values():
            for cite in cites_of(record):
                rank = CONFIDENCE_ORDER.index(cite.confidence)
                found[cite.id, cite.at] = max(rank, found.get((cite.id, cite.at), rank))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_a_case_cites_is_cited_by_the_content_and_no_surer_than_there(name: str) -> None:
    teaching = lesson(name).teaching
    sources = [must.source for must in teaching.musts]
    sources += [one.source for q in teaching.questions for one in (q, *q.choices) if one.source]
    assert sources
    for source in sources:
        assert (source.id, source.at) in cited(), f"{source.id}, {source.at}"
        assert CONFIDENCE_ORDER.index(source.confidence) <= cited()[source.id, source.at], f"{source.id}, {source.at}"
