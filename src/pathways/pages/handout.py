"""The page for the person: HTML to print, Markdown, and plain text. Words and choice come from the core."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ..care.handout import Decision, Handout, Told, handout
from ..care.services import Site
from ..content import models as m
from ..review.case import Case
from .html import environment
from .local import numbers_here
from .markdown import escaped

TITLE = "For you to take home"
FOOT = (
    "This page helps you and your team decide together. It is not an order. Do not start or stop a medicine because of "
    "it, but where it says to stop one. The phone numbers work in the United States."
)
HEADINGS = {
    "matters": "What matters most to you",
    "planned": "What we can do",
    "decisions": "Still to decide, with you",
    "safety": "To stay safe",
    "how": "Good to know",
    "myths": "You may hear this",
    "asks": "Questions you may ask",
    "family": "For people close to you",
    "here": "Who to call here",
    "contacts": "Who to call (US)",
}


def handout_html(case: Case, site: Site | None = None) -> str:
    """The page as one HTML document that prints on one sheet: no network, no script. Same case, same bytes. A site adds its
    own numbers to those of the country."""
    page, here = _page(case, site)
    html: str = (
        environment()
        .get_template("handout.html.j2")
        .render(page=page, here=here, title=TITLE, headings=HEADINGS, foot=FOOT, ways=_ways, cites=_cites)
    )
    return html


def handout_markdown(case: Case, site: Site | None = None) -> str:
    """The page as Markdown; every text is escaped."""
    lines = [f"# {TITLE}", ""]
    for heading, entries in _sections(*_page(case, site)):
        lines += [f"## {heading}", ""] if heading else []
        lines += [
            f"- **{escaped(title)}** {escaped(text)}".rstrip() if title else f"- {escaped(text)}"
            for title, text in entries
        ]
        lines.append("")
    return "\n".join([*lines, escaped(FOOT)]) + "\n"


def handout_text(case: Case, site: Site | None = None) -> str:
    """The page as plain text, 78 letters wide."""
    lines = [TITLE.upper(), ""]
    for heading, entries in _sections(*_page(case, site)):
        lines += [heading] if heading else []
        for title, text in entries:
            line = " ".join(f"{title} {text}".split())
            lines += textwrap.wrap(line, 78, initial_indent="- ", subsequent_indent="  ")
        lines.append("")
    return "\n".join([*lines, *textwrap.wrap(FOOT, 78)]) + "\n"


def _page(case: Case, site: Site | None) -> tuple[Handout, tuple[tuple[str, str], ...]]:
    """The page, and whom to call here for what it names."""
    page = handout(case)
    return page, numbers_here(case, site, [told.id for told in page.planned])


def _sections(page: Handout, here: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The sections that hold anything, each with its heading and its entries (title and text)."""
    lead = [("", page.urgent)] if page.urgent else []
    parts: list[tuple[str, list[tuple[str, str]]]] = [
        ("", lead + _entries(page.messages)),
        (HEADINGS["matters"], [("", text) for text in (*page.matters, page.own_words) if text]),
        (HEADINGS["planned"], _entries(page.planned)),
        (HEADINGS["decisions"], [("", _ways(one)) for one in page.decisions]),
        (HEADINGS["safety"], _entries(page.safety)),
        (HEADINGS["how"], _entries(page.how)),
        (HEADINGS["myths"], [(f"“{one.title}”", one.text) for one in page.myths]),
        (HEADINGS["asks"], [("", text) for text in page.asks]),
        (HEADINGS["family"], _entries(page.family)),
        (HEADINGS["here"], [(f"{name}:", number) for name, number in here]),
        (HEADINGS["contacts"], [(f"{c.name}: {c.reach}.", c.text) for c in page.contacts]),
    ]
    yield from ((heading, entries) for heading, entries in parts if entries)


def _entries(told: Iterable[Told]) -> list[tuple[str, str]]:
    return [(f"{one.title}." if one.title[-1] not in ".?!" else one.title, one.text) for one in told]


def _ways(decision: Decision) -> str:
    """The open ways in one line, the last after "or"."""
    names = [way.title for way in decision.ways]
    names = [names[0], *(n[:1].lower() + n[1:] if n[1:2].islower() else n for n in names[1:])]
    return ", ".join(names[:-1]) + f", or {names[-1]}" if len(names) > 2 else " or ".join(names)


def _cites(told: Told | m.Contact) -> str:
    return "; ".join(f"{c.id} · {c.at}" for c in told.source)
