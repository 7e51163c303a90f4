"""A case as plain text for the chart: what the first page says, the plan by time, and who sees to it here; 60 lines at most."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ..care.services import Site
from ..content.models import PHASES
from ..language.words import soft
from ..review.actions import said_item
from ..review.case import Case
from ..review.shapes import HEADINGS, FirstPage, Said
from .blocks import PHASE_WORDS
from .html import GIVES_NO_ORDERS, notices_of
from .local import numbers_here, owners_here
from .page import first_page
from .plan_sections import items_shown, only_in

MOST_LINES, WIDE = 60, 100
LEFT_OUT = "[shortened: the sheet has the rest]"


def chart_text(case: Case, site: Site | None = None) -> str:
    """The case as plain text of at most 60 lines of at most 100 letters. Same case, same text.

    What stands last gives way where there is no room, and a line says so; the head, what is urgent and the last line stay.
    """
    page = first_page(case, site)
    foot = [*notices_of(case), GIVES_NO_ORDERS]
    below = [line for text in foot for line in _wrapped(text, "")]
    above = [line for start, text in _lines(case, page, site) for line in _wrapped(text, start)]
    room = MOST_LINES - len(below) - 1
    if len(above) > room:
        above = [*above[: room - 1], LEFT_OUT]
    return "\n".join([*above, "", *below]) + "\n"


def _wrapped(text: str, start: str) -> list[str]:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return textwrap.wrap(plain, WIDE, initial_indent=start, subsequent_indent=" " * len(start)) or [""]


def _said(said: Said) -> str:
    return said.text + (" (not yet confirmed)" if said.confidence == "recall" else "")


def _lines(case: Case, page: FirstPage, site: Site | None) -> Iterator[tuple[str, str]]:
    """Each line with what stands before it."""
    yield "", page.title.text
    yield "", page.status.text
    for said in (page.part_only, page.closed):
        if said:
            yield "", said.text
    for red in page.red:
        yield (
            "",
            f"{HEADINGS['red'].upper()}, {soft(red.level_word)}: {red.title.text} – {red.signs.text} – {red.owner.text}",
        )
        yield from (("  - ", action.text) for action in red.actions)
    if page.asked:
        yield "", page.asked.text
    yield from (("", f"Does not fit together: {said.text}") for said in page.contradictions)
    if page.do:
        yield "", f"{HEADINGS['do']}:"
        for parts in (parts for action in page.do for parts in action.by_owner):
            told = "; ".join(
                f"{f'{p.verb}: ' if p.verb else ''}{_said(p.text)}{' – in place?' if p.confirm else ''}" for p in parts
            )
            yield "  - ", f"{told} – {parts[0].owner.text}"
    if page.decide:
        yield "", f"{HEADINGS['decide']}:"
        for choice in page.decide:
            yield "  - ", f"{_said(choice.title)}: {' / '.join(way.text for way in choice.alternatives)}"
    if page.ask:
        yield "", f"{HEADINGS['ask']}: {'; '.join(ask.text.text for ask in page.ask)}"
    state = [said.text for said in (*page.state, page.single_sided, page.assumes) if said]
    if state:
        yield "", f"{HEADINGS['state']}: {'. '.join(state)}"
    if page.part_only is None or not page.closed:
        yield from _plan(case)
    here = [f"{role}: {who}" for role, who in owners_here(case, site)]
    if here:
        yield "", f"Here: {'; '.join(here)}"
    if numbers := [f"{name} {number}" for name, number in numbers_here(case, site)]:
        yield "", f"Numbers: {'; '.join(numbers)}"


def _plan(case: Case) -> Iterator[tuple[str, str]]:
    """What each phase holds, a line a phase."""
    shown = items_shown(case)
    for phase in PHASES:
        of = [(item, letters) for item, letters in shown if item.phase == phase]
        if of:
            told = "; ".join(
                f"{item.verb}: {said_item(case, item.id, item.instead)}"
                + (f" ({soft(only).rstrip('. ')})" if (only := only_in(case, item.id, letters)) else "")
                for item, letters in of
            )
            yield "", f"{PHASE_WORDS[phase]}: {told}"
