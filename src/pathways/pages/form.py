"""The blank intake sheet, made from the content: to print, to fill in by hand, to type in later.

First the six first questions; on further pages the lists, the further questions, and the questionnaires.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .. import __version__
from ..content import Content
from ..content import models as m
from ..review.shapes import Said
from .html import css, environment, provenance

FIRST_PAGE: Mapping[int, tuple[str, str]] = {
    1: ("Urgent today?", "Any of these signs now? Blank means nobody asked."),
    2: ("The person", "Where nothing is stated, a clinic is assumed and the page says so."),
    3: ("Main pain", ""),
    4: ("Taking now", "For an opioid, add its name and dose to the list below: the daily MME needs it."),
    5: ("Opioid use disorder (OUD)", "Tolerance or withdrawal alone, on an opioid as prescribed, is not OUD."),
    6: ("What matters most to the person", "At most two, in their own order."),
}
"""The six questions of the first page: title and, on a screen, a line of help. Their rows are content (``first_page``)."""
NOTES = {
    1: "Any yes: act first. A sign that nobody asked about stays open.",
}
GROUPS: Mapping[str, str] = {
    "urgent": "More signs that may be urgent",
    "person": "More about the person",
    "pain": "More about pain and the opioid",
    "substances": "More about substances and recovery",
    "mood": "Mood and safety",
    "sleep": "Sleep",
    "home": "Home and relationships",
    "goals": "Goals",
    "care": "Care and coordination",
    "level": "Level of care, rated by the team",
}
"""The questions that stand on no first page, by group."""
BOXES = ("yes", "no", "not known")
MOST_BOXES = 12
"""An item with more values than this gets a line to write on instead of boxes."""


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
class Blank:
    """A table to write in: its columns and how many lines. ``whole``: it asks whether it is the whole list."""

    title: str
    columns: tuple[str, ...]
    lines: int
    whole: bool = True


@dataclass(frozen=True)
class Question:
    """One of the six first questions (numbered), or a group of further ones. ``key``: one box for all of its rows."""

    title: str
    note: str
    head: str
    rows: tuple[Row, ...]
    fields: tuple[Field, ...]
    number: int | None = None
    key: str = ""
    blank: Blank | None = None


@dataclass(frozen=True)
class Questionnaire:
    """An instrument with its items as rows of (label, values to tick, range where there are too many)."""

    title: str
    note: str
    items: tuple[tuple[str, tuple[int, ...], str], ...]
    total: str
    named: tuple[tuple[str, str], ...]


TAKEN = Blank(
    "What is taken, to write in",
    ("Opioid, sedative or other medicine", "Dose", "How often", "Since", "Who prescribes it"),
    4,
)
LISTS = (
    Blank(
        "Medicines, prescribed or not",
        (
            "Name and strength",
            "How taken",
            "Times a day (least, most)",
            "For pain, OUD, other",
            "Now, proposed, stopped, listed but not known",
            "Prescriber",
            "Since",
        ),
        10,
    ),
    Blank("Conditions", ("Condition", "Active, in remission, resolved", "Since", "Confirmed, suspected, ruled out"), 8),
    Blank(
        "Results and events, each with its day",
        ("What (laboratory value, ECG, urine test, PDMP check, overdose, surgery)", "Value and unit", "Day"),
        8,
    ),
    Blank(
        "What the person asks for, refuses, or has tried",
        ("Treatment", "Asks for, refuses", "Helped, did not help, harmed", "When", "In their own words"),
        5,
        whole=False,
    ),
    Blank(
        "Coverage, asked with consent; no policy, group or member number",
        (
            "Service",
            "Covered, prior authorization, not covered, not known",
            "Deductible left",
            "Copay",
            "Days to review",
        ),
        5,
        whole=False,
    ),
)


def form_html(content: Content) -> str:
    """The blank intake sheet as one document that prints without network or script."""
    reviewed = "Draft, not reviewed by a clinician" if _is_draft(content) else "Reviewed by clinicians"
    html: str = (
        environment()
        .get_template("form.html.j2")
        .render(
            css=css(),
            questions=first_questions(content),
            lists=LISTS,
            more=further_questions(content),
            questionnaires=questionnaires(content),
            boxes=BOXES,
            status=f"{reviewed} · kit {__version__} · content {content.hash[:8]}",
        )
    )
    return html


def first_questions(content: Content) -> tuple[Question, ...]:
    """The six first questions with every row that the content puts there."""
    return tuple(_first(content, number, title) for number, (title, _) in FIRST_PAGE.items())


def further_questions(content: Content) -> tuple[Question, ...]:
    """The questions that stand on no first page, by group; a group without any is left out."""
    found = []
    for group, title in GROUPS.items():
        answers = [a for a in content.answers.values() if a.group == group and a.first_page is None]
        if answers:
            found.append(Question(title, "", "Question", _rows(answers), _fields(answers)))
    return tuple(found)


def questionnaires(content: Content) -> tuple[Questionnaire, ...]:
    """Every instrument that the kit asks for and whose items the content holds."""
    return tuple(_questionnaire(i) for i in content.instruments.values() if i.items and i.asked)


def _is_draft(content: Content) -> bool:
    records = (record for table in content.tables.values() for record in table.values())
    return any(record.reviewed.status == "draft" for record in records if hasattr(record, "reviewed"))


def _first(content: Content, number: int, title: str) -> Question:
    answers = [a for a in content.answers.values() if a.first_page == number]
    groups = [g for g in content.condition_groups.values() if g.first_page == number]
    classes = [c for c in content.medicine_classes.values() if c.first_page == number]
    rows = [*_rows(answers)]
    rows += [Row(g.label, _counts(g), f"conditions.{g.id}") for g in groups]
    rows += [Row(c.label, _counts(c), f"medicines.{c.id}") for c in classes]
    return Question(
        title,
        NOTES.get(number, ""),
        "Sign" if number == 1 else "Question",
        tuple(rows),
        _fields(answers),
        number,
        "All of these signs asked: none present" if number == 1 else "",
        TAKEN if number == 4 else None,
    )


def _questionnaire(instrument: m.Instrument) -> Questionnaire:
    items = tuple(
        (item.label, (), _range(item.values[0], item.values[-1]))
        if len(item.values) > MOST_BOXES
        else (item.label, item.values, "")
        for item in instrument.items
    )
    note = " ".join(text for text in (instrument.use, instrument.not_valid) if text)
    named = provenance(Said(instrument.title, instrument.source, (f"observations.{instrument.id}",)))
    return Questionnaire(instrument.title, note, items, _range(instrument.lo, instrument.hi), named)


def _rows(answers: list[m.Answer]) -> tuple[Row, ...]:
    return tuple(Row(a.label, _note(a), f"answers.{a.id}") for a in answers if a.type == "yes_no")


def _fields(answers: list[m.Answer]) -> tuple[Field, ...]:
    return tuple(
        Field(a.label, _note(a), f"answers.{a.id}", _choices(a), _unit(a)) for a in answers if a.type != "yes_no"
    )


def _choices(answer: m.Answer) -> tuple[str, ...]:
    if answer.type == "choice":
        return (*answer.choices.values(), BOXES[-1])
    return tuple(answer.choices.values())


def _unit(answer: m.Answer) -> str:
    if answer.lo is None or answer.hi is None:
        return answer.unit
    return f"{answer.unit} ({_range(answer.lo, answer.hi)})".strip()


def _range(lo: float, hi: float) -> str:
    return f"{lo:g} to {hi:g}"


def _note(answer: m.Answer) -> str:
    most = f"at most {answer.most}" if answer.type == "many" and answer.most else ""
    return " ".join(text for text in (most, answer.help, _counts(answer)) if text)


def _counts(record: m.Answer | m.ConditionGroup | m.MedicineClass) -> str:
    told = [f"Counts: {record.counts}." if record.counts else ""]
    told.append(f"Does not count: {record.does_not_count}." if record.does_not_count else "")
    return " ".join(text for text in told if text)
