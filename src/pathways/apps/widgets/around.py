"""What stands around the first page: the status line, notes beside entries, and the questions that are answered in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...content import Content
from ...pages.blocks import urgent_signs, yes_words
from ...pages.form import FIRST_PAGE
from ...pages.page import page_questions
from ...review.case import Case
from . import names
from .form import State
from .spec import first_page_rows, rows_for


def status(case: Case, unread: Sequence[str]) -> str:
    """One line for everybody, a screen reader too: what is urgent, and of what something could not be read."""
    urgent = [e.record.title for e in case.findings.emergencies if e.state == "present"]
    _, asked, yes = urgent_signs(case)
    if urgent:
        first = f"Urgent: {'; '.join(urgent)}"
    elif yes:
        signs = f"{len(yes)} urgent sign{'s are' if len(yes) > 1 else ' is'} there ({yes_words(case, yes)})"
        first = f"{signs}; no emergency found so far"
    else:
        first = "No urgent sign among those asked" if asked else "Urgent signs not asked yet"
    wrong = (
        f" Something could not be read, and is not known, in: {'; '.join(unread)}. See the notes there."
        if unread
        else ""
    )
    return f"{first}. Page updated.{wrong}"


def notes(state: State, came: Mapping[str, str], content: Content) -> dict[str, dict[str, Any]]:
    """What to say beside entries of the lists, and the names that may be meant: a name that the kit does not know
    leaves answers open. ``came`` is how an entry stood in what was imported."""
    said_of: dict[str, Any] = {}
    offers: dict[str, Any] = {}
    for n, entry in enumerate(state["medicines"]):
        said, near = names.medicine_note(entry, content, came.get(f"medicines.{n}", ""))
        if said:
            said_of[f"medicines.{n}"] = said
        if near:
            offers[f"medicines.{n}"] = list(near)
    for n, entry in enumerate(state["conditions"]):
        if said := names.condition_note(entry, content):
            said_of[f"conditions.{n}"] = said
    return {"notes": said_of, "offers": offers}


def older(state: State, content: Content) -> list[str]:
    """The observations that no row of the form shows."""
    known = {**content.measures, **content.instruments}
    found = []
    for data in state["observations"]:
        record = known.get(data["measure"])
        name = getattr(record, "short", None) or getattr(record, "label", data["measure"])
        found.append(f"{name} {data.get('date', 'without a date')}")
    return found


def asks(case: Case) -> list[dict[str, Any]]:
    """The questions to ask next. They stand below the page, so they do not give way where the page is full."""
    return [
        {
            "ask": question.ask,
            "label": question.label,
            "settles": list(question.settles[:2]),
            "minutes": question.minutes,
            "rows": list(rows_for(case.content, question.ask)),
        }
        for question in page_questions(case)
    ]


def left(case: Case, state: State, derived: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of each of the six questions nobody answered: those that matter for this person, that nothing else in
    the case answers, and that somebody can answer."""
    content = case.content
    return {
        str(n): sum(
            key not in state["rows"]
            and key not in derived
            and key not in state["cannot_answer"]
            and _matters(case, key)
            for key in first_page_rows(content, n)
        )
        for n in FIRST_PAGE
    }


def _matters(case: Case, key: str) -> bool:
    """Whether a row is to be asked of this person: not what is assumed where nothing is stated, nor what another answer
    makes pointless."""
    answer = case.content.answers.get(key)
    if answer is None:
        return True
    when = answer.relevant_when
    return not answer.assumed and not (when and case.content.test(when)(case.facts.values) is False)


def marked(state: State, forks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each decision has a mark on one of its ways: of each seat, where seats are named."""
    return not still_to_mark(state, forks) if state.get("seats") else _has_each(state["marks"], forks)


def still_to_mark(state: State, forks: Sequence[Mapping[str, Any]]) -> list[str]:
    """The seats that have not marked each decision yet."""
    return [role for role, marks in state.get("seats", {}).items() if not _has_each(marks, forks)]


def _has_each(marks: Mapping[str, Mapping[str, str]], forks: Sequence[Mapping[str, Any]]) -> bool:
    return all(any(a["key"] in marks.get(f["id"], {}) for a in f["alternatives"]) for f in forks)
