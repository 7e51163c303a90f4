"""The blank sheet of the six first questions, made from the content: to print, to fill in by hand, to type in later."""

from __future__ import annotations

from dataclasses import dataclass

from .. import __version__
from ..content import Content
from ..content import models as m
from .html import css, environment

TITLES = (
    "Urgent today?",
    "Who, and what else matters for safety",
    "The main pain",
    "Taken now",
    "Opioid use disorder",
    "What matters most to the person",
)
NOTES = {
    1: "Any yes: act first. A sign that nobody asked about stays open.",
}
BOXES = ("yes", "no", "not known")
WRITTEN = ("Opioid, sedative or other medicine", "Dose", "How often", "Since", "Who prescribes it")
LINES = 4


@dataclass(frozen=True)
class Row:
    """One row with boxes to tick."""

    label: str
    note: str
    path: str


@dataclass(frozen=True)
class Field:
    """One question with choices to tick, or a line to write on."""

    label: str
    note: str
    path: str
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Question:
    """One of the six first questions. ``key`` is one box for all of its rows; ``blank`` heads a table to write in."""

    number: int
    title: str
    note: str
    head: str
    rows: tuple[Row, ...]
    fields: tuple[Field, ...]
    key: str = ""
    blank: tuple[str, ...] = ()


def form_html(content: Content) -> str:
    """The blank intake sheet as one document that prints without network or script."""
    status = f"kit {__version__} · content {content.hash[:8]}"
    template = environment().get_template("form.html.j2")
    html: str = template.render(css=css(), questions=first_questions(content), boxes=BOXES, lines=LINES, status=status)
    return html


def first_questions(content: Content) -> tuple[Question, ...]:
    """The six first questions with every row that the content puts there."""
    return tuple(_question(content, number, title) for number, title in enumerate(TITLES, 1))


def _question(content: Content, number: int, title: str) -> Question:
    answers = [a for a in content.answers.values() if a.first_page == number]
    groups = [g for g in content.condition_groups.values() if g.first_page == number]
    classes = [c for c in content.medicine_classes.values() if c.first_page == number]
    rows = [Row(a.label, _note(a), f"answers.{a.id}") for a in answers if a.type == "yes_no"]
    rows += [Row(g.label, _note(g), f"conditions.{g.id}") for g in groups]
    rows += [Row(c.label, _note(c), f"medicines.{c.id}") for c in classes]
    fields = [
        Field(a.label, _choice_note(a), f"answers.{a.id}", _choices(a), a.unit) for a in answers if a.type != "yes_no"
    ]
    head = "Sign" if number == 1 else "Question"
    key = "All of these signs asked: none present" if number == 1 else ""
    blank = WRITTEN if number == 4 else ()
    return Question(number, title, NOTES.get(number, ""), head, tuple(rows), tuple(fields), key, blank)


def _choices(answer: m.Answer) -> tuple[str, ...]:
    if answer.type == "choice":
        return (*answer.choices.values(), BOXES[-1])
    return tuple(answer.choices.values())


def _note(record: m.Answer | m.ConditionGroup | m.MedicineClass) -> str:
    told = [f"Counts: {record.counts}." if record.counts else ""]
    told.append(f"Does not count: {record.does_not_count}." if record.does_not_count else "")
    return " ".join(text for text in told if text)


def _choice_note(answer: m.Answer) -> str:
    if answer.type == "many" and answer.most:
        return f"at most {answer.most}"
    return answer.help
