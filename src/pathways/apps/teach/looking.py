"""The look at a teaching case beside the review of its case: has each question a right and a wrong answer, and can each must
be kept without harm? What would be told wrongly to every learner is a mistake; what the author may want to know is a remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...review.options import Option
from .compare import compare
from .learner import Answer
from .lesson import Lesson
from .marking import kept, places_of, weightiest
from .medicines import place_of, verbs_for
from .teaching_file import Must, Question

Told = tuple[list[str], list[str]]
SAID_OF = {"start": "Offer", "start_with": "Offer", "not_this": "Do not start", "cannot_tell": "Check first"}
"""What a learner says of a medicine that was asked for, by the verdict of the review."""


def look(lesson: Lesson, places: Mapping[str, Sequence[int]] | None = None) -> Told:
    """Mistakes, and remarks. ``places``: where in the file questions and musts stand, if some of them were left out."""
    problems: list[str] = []
    remarks: list[str] = []
    for n, question in enumerate(lesson.teaching.questions):
        where = f"question, entry {_at(places, 'question', n)} ({question.id})"
        problems += (f"{where}: {one}" for one in _question(lesson, question))
    for n, must in enumerate(lesson.teaching.musts):
        where = f"must, entry {_at(places, 'must', n)} ({must.id})"
        for question in lesson.teaching.questions:
            if question.kind == "plan" and must.question in (None, question.id):
                problems += (f"{where}: {one}" for one in _must(lesson, must, question))
                remarks += (f"{where}: {one}" for one in _beside_plans(lesson, must, question))
    return list(dict.fromkeys(problems)), list(dict.fromkeys(remarks))


def _at(places: Mapping[str, Sequence[int]] | None, name: str, n: int) -> int:
    return places[name][n] if places and n < len(places[name]) else n + 1


def _question(lesson: Lesson, question: Question) -> Iterator[str]:
    key = lesson.key(question)
    match question.kind:
        case "findings":
            told = "; ".join(f"{one.id}: {one.why or 'open'}" for one in key)
            if not any(one.right for one in key):
                yield f"nothing of what it offers is right at this stage ({told})"
            if not any(one.right is False for one in key):
                yield f"nothing of what it offers is wrong at this stage, so every choice is right ({told})"
        case "rank":
            if len({one.rank for one in key}) < 2:
                told = "; ".join(f"{one.id}: {one.why}" for one in key)
                yield f"all that it offers stands in the same place, so no order is right ({told})"
        case "unsafe_pair":
            yield from _pair(lesson, question)
        case "ask":
            if not weightiest(lesson, question):
                waits = ", ".join(q.ask for q in lesson.answer_key(lesson.teaching.stage_of(question)).questions[:8])
                yield f"no line of the review waits for what it offers. Accepted, the weightiest first: {waits or 'nothing is open'}"
        case "plan":
            yield from _menu(lesson, question)
        case "text":
            pass


def _pair(lesson: Lesson, question: Question) -> Iterator[str]:
    found = {one.id for one in lesson.candidates(question)}
    for id in question.offers:
        if id not in found:
            yield f"offers: there is no medicine {id} in the list at this stage"
    if len(found) < 3:
        yield "fewer than three to choose two of; offer more ids, or show more of the medicines by this stage"
    for pair in question.pairs:
        for id in pair:
            if id not in found:
                yield f"pairs: '{id}' is not offered. Accepted: {', '.join(sorted(found))}"
    if not lesson.unsafe_pairs(question):
        yield "no record speaks against any two of these; offer two that do not go together, or name your own under pairs"


def _menu(lesson: Lesson, question: Question) -> Iterator[str]:
    """Whether a plan that the review found can be built of what is offered."""
    if not question.offers or not (plans := lesson.case_of(question).frontier.plans):
        return
    case, offers = lesson.case_of(question), set(question.offers)
    in_use = {option.id for option in case.options if option.in_place == "yes"}
    short: list[list[str]] = []
    for plan in plans:
        able = [{i.id, *i.instead} for i in plan.items]
        short.append([min(ids) for ids in able if ids.isdisjoint(offers | in_use)])
    missing = min(short, key=lambda ids: (len(ids), ids))
    if missing:
        yield f"offers: no plan that the review found can be built of these; with {', '.join(missing)} one could"


# ---- musts ------------------------------------------------------------------------------------------------------


def _must(lesson: Lesson, must: Must, question: Question) -> Iterator[str]:
    case = lesson.case_of(question)
    menu = {id for id, _ in lesson.menu(question)}
    for id in (*must.in_plan, *must.not_in_plan):
        if id not in menu:
            yield f"'{id}' is not on the menu of question {question.id}; offer it there, or name another"
    options = [case.option(id) for id in must.in_plan]
    if options and all(_closed(option) for option in options):
        yield (
            f"in_plan: the review says against it here ({'; '.join(_why(option) for option in options)}); a must never asks "
            "for harm. Name something else, or put it under not_in_plan"
        )
    there = lesson.answer_key(lesson.teaching.stage_of(question)).judge.always_there.items()
    called = [id for id, item in there if item.option.in_place != "yes"]
    for id in must.not_in_plan:
        if id in called:
            yield f"not_in_plan: '{id}' stands in every plan that the review found; delete the must, or ask for it under in_plan"
    if must.medicine:
        yield from _medicine(lesson, must, question)


def _closed(option: Option) -> bool:
    return option.safety == "contraindicated" or option.verb == "Do not start"


def _why(option: Option) -> str:
    reasons = [closer.label for closer in option.closed_by][:2]
    return f"{option.id}: {option.verb or option.safety}" + (f", {', '.join(reasons)}" if reasons else "")


def _medicine(lesson: Lesson, must: Must, question: Question) -> Iterator[str]:
    case = lesson.case_of(question)
    places = places_of(lesson, question, must.medicine or "")
    if not places:
        able = ", ".join(f"{w.place + 1} ({w.label})" for w in case.medicines)
        yield f"medicine: '{must.medicine}' is not in the list at this stage. Accepted: {able or 'the list is empty'}"
    for weighed in case.medicines:
        if weighed.place + 1 not in places:
            continue
        able_verbs = verbs_for(weighed)
        if wrong := [verb for verb in must.verbs if verb not in able_verbs]:
            yield f"verbs: {', '.join(wrong)} cannot be said of {weighed.label}. Accepted: {', '.join(able_verbs)}"
            continue
        for verb in must.verbs:
            told = compare(case, {}, medicines={weighed.place: verb}).remarks
            unsafe = [r for r in told if r.unsafe and place_of(weighed) in r.about]
            if unsafe:
                yield f"verbs: “{verb}” for {weighed.label} is not safe here: {unsafe[0].says[:200]} Name another verb"


def _beside_plans(lesson: Lesson, must: Must, question: Question) -> Iterator[str]:
    """Whether a plan that the review found keeps a must: the author may mean more than the review, and should know."""
    case = lesson.case_of(question)
    if must.seen:
        there = {e.record.id for e in case.findings.emergencies if e.state == "present"}
        for id in must.seen:
            if id not in there:
                yield f"seen: the review does not show '{id}' here; your feedback will stand beside one that says so"
        return
    if must.asked or not case.frontier.plans:
        return
    medicines = {str(w.place + 1): w.verb or SAID_OF.get(w.verdict, "") for w in case.medicines}
    for plan in case.frontier.plans:
        items: dict[str, Any] = {id: item.verb for item in plan.items for id in (item.id, *item.instead)}
        if kept(lesson, must, question, Answer(plan=items, medicines=medicines)):
            return
    if must.medicine:
        says = {w.place + 1: (w.label, medicines[str(w.place + 1)]) for w in case.medicines}
        told = "; ".join(f"“{says[n][1]}” of {says[n][0]}" for n in places_of(lesson, question, must.medicine))
        yield f"the review says {told}; add that verb, or keep yours if you mean it, and say in says why"
        return
    yield "no plan that the review found keeps it; keep it if you mean it, and say in says why"
