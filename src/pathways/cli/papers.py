"""`pathways form` and `pathways schema`: the blank intake sheet, and the JSON Schema of a case file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from .. import __version__
from .common import check_target, content_at_hand, note, print_json, write_private

if TYPE_CHECKING:
    from ..content import Content
    from ..content.models import Answer

FIRST_PAGE = (
    "Urgent today?", "The person", "The main pain", "Taking now", "Opioid use disorder (OUD)", "What matters most",
)  # fmt: skip
GROUPS = {
    "urgent": "More on what is urgent", "person": "More on the person", "pain": "More on pain and opioids",
    "substances": "Substances", "mood": "Mood", "sleep": "Sleep", "home": "Home and relationships", "goals": "Goals",
    "care": "Care",
}  # fmt: skip
TICKS = {"yes": "yes", "no": "no", "unknown": "not known"}


class Line(NamedTuple):
    """One question on paper: ``boxes`` to tick, or (empty) a line to write on with its unit and range."""

    label: str
    boxes: tuple[str, ...]
    unit: str = ""
    help: str = ""


def form(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file; left out, to the screen.")
    ] = None,
) -> None:
    """Print the blank intake sheet as HTML: the first page, the lists, further questions, questionnaires.

    \b
    Example: pathways form --out intake.html
    """
    content = content_at_hand()
    if out is None:
        sys.stdout.write(form_html(content))
    else:
        target = check_target(out)
        write_private(target, form_html(content))
        note(f"Written: {out}")


def schema() -> None:
    """Print the JSON Schema of a case file, with every question, its unit and what may be answered.

    \b
    Example: pathways schema > case.schema.json
    """
    from ..profile import json_schema

    print_json(json_schema(content_at_hand()))


def form_html(content: Content) -> str:
    """The blank intake sheet as one HTML page that prints; it asks what the content asks, so new questions appear."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template("form.html.j2").render(
        kit=__version__,
        content_hash=content.hash[:12],
        first=[(n, title, tuple(_first_page(content, n))) for n, title in enumerate(FIRST_PAGE, 1)],
        more=[(title, lines) for group, title in GROUPS.items() if (lines := tuple(_more(content, group)))],
        instruments=[i for i in content.instruments.values() if i.items],
        range=_range,
    )


def _first_page(content: Content, row: int) -> Iterator[Line]:
    yield from (_line(answer) for answer in content.answers.values() if answer.first_page == row)
    listed: Iterable[Any] = (*content.condition_groups.values(), *content.medicine_classes.values())
    yield from (Line(r.label, tuple(TICKS.values()), help=_counts(r)) for r in listed if r.first_page == row)


def _more(content: Content, group: str) -> Iterator[Line]:
    yield from (_line(a) for a in content.answers.values() if a.group == group and a.first_page is None)


def _line(answer: Answer) -> Line:
    help = " ".join(text for text in (answer.help, _counts(answer)) if text)
    match answer.type:
        case "yes_no":
            return Line(answer.label, tuple(TICKS.values()), help=help)
        case "choice" | "many":
            most = f"at most {answer.most}" if answer.most else ""
            return Line(answer.label, tuple(answer.choices.values()), most, help)
        case "number":
            return Line(answer.label, (), f"{answer.unit} ({_range(answer.lo, answer.hi)})".strip(), help)
        case _:
            return Line(answer.label, (), "", help)


def _counts(record: Any) -> str:
    said = [f"Counts: {record.counts}." if record.counts else ""]
    said.append(f"Does not count: {record.does_not_count}." if record.does_not_count else "")
    return " ".join(text for text in said if text)


def _range(lo: float | None, hi: float | None) -> str:
    return f"{lo:g} to {hi:g}" if lo is not None and hi is not None else ""
