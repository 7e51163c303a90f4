"""A case as HTML: the whole sheet, the first page alone, and a blank form. Autoescaped; no script, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..care.services import Site
from ..language.words import counted, soft
from ..review.case import Case
from ..review.shapes import HEADINGS, FirstPage, Said
from .blocks import (
    CONFIDENCE_WORDS,
    NEED_WORDS,
    Block,
    Cell,
    Chart,
    Grid,
    Listing,
    Note,
    Picture,
    Section,
    Table,
    origin_words,
    without_empty_columns,
)
from .decided_sections import decided_annex
from .estimate_sections import ESTIMATES, estimate_annexes
from .follow_sections import follow_annexes, follow_sections
from .front_sections import front_sections
from .menu_sections import menu_sections
from .monitor_sections import monitor_sections
from .page import first_page
from .picture_sections import at_a_glance, drawn_elsewhere, picture_annexes
from .place_sections import place_annexes, place_sections
from .plan_sections import medicine_annexes, plan_sections
from .record_sections import record_annexes, record_sections, source_lines, source_section
from .side_sections import side_annexes, side_sections
from .two_pages import Paged, left_out, paged

if TYPE_CHECKING:
    from jinja2 import Environment

GIVES_NO_ORDERS = (
    "This sheet supports the people who decide together; it does not replace their judgement and gives no orders. "
    "Blank means unknown, and unknown is not no."
)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "What else was weighed": ("menu", "forks", "plan_columns", "plans"),
    "Why, and where the sources differ": (
        "medicine_reasons", "dose", "oud", "conflicts", "guidelines", "disagreements", "effects", "corrections", "estimates",
    ),
    "When to look again": ("dates", "monitoring", "trends", "urine", "relapse", "steps"),
    "Who, and where": ("decisions", "sides", "assessment", "level_of_care", "gap_plan", "site", "coverage"),
    "What it rests on": ("unknown", "entered", "sources"),
}  # fmt: skip  # words, read across
"""The folded sections by the question that they answer, in reading order."""


ALL_IN_HTML = "It is folded below; “Everything” prints it"
ALL_IN_TEXT = "--full shows it"


def sections_of(
    case: Case, site: Site | None = None, *, page: FirstPage | None = None, full: bool = True
) -> tuple[Section, ...]:
    """All sections after the first page, in reading order: those that are printed with it, then the folded ones. ``page`` is
    the first page of this case at this site, where it is at hand. Without ``full`` no estimate is made: what is printed does
    not rest on any."""
    if case.view is not None and case.view.closed:
        return ()
    page = first_page(case, site) if page is None else page
    front = front_sections(case, page.red)
    folded = {section.id: section for section in _folded(case, site, full)}
    order = [folded.pop(id) for ids in GROUPS.values() for id in ids if id in folded]
    assert not folded, f"sections that answer no question: {', '.join(folded)}"
    told = [*page.said(), *(said for section in (*front, *order) for said in texts(section))]
    sections = (*order, source_section(source_lines(case, told)))
    return (*map(without_empty_columns, front), *(replace(without_empty_columns(s), annex=True) for s in sections))


def _folded(case: Case, site: Site | None, full: bool) -> Iterator[Section]:
    yield from (*menu_sections(case), *plan_sections(case), *picture_annexes(case))
    yield from (*medicine_annexes(case), *follow_sections(case), *follow_annexes(case))
    yield from monitor_sections(case)
    yield from (
        *place_sections(case, site),
        *place_annexes(case),
        *decided_annex(case),
        *side_sections(case),
        *side_annexes(case),
    )
    yield from (*(estimate_annexes(case) if full else ()), *record_sections(case), *record_annexes(case))


def groups_of(sections: Iterable[Section]) -> tuple[tuple[str, tuple[Section, ...]], ...]:
    """The folded sections under the questions that they answer."""
    here = {section.id: section for section in sections if section.annex}
    found = ((question, tuple(here[id] for id in ids if id in here)) for question, ids in GROUPS.items())
    return tuple((question, group) for question, group in found if group)


def rest_words(case: Case, sections: Iterable[Section], how: str) -> str:
    """One line on what is folded, and ``how`` to get it."""
    names = "; ".join(soft(question) for question, _ in groups_of(sections))
    options = counted(sum(option.eligible for option in case.options), "option")
    return f"Not printed here: {names} ({options} on the menu). {how}."


def sheet_html(case: Case, site: Site | None = None, *, full: bool = False) -> str:
    """The whole sheet as one document that needs nothing else: no network, no script. Same case, same bytes.

    It prints on two pages unless "Everything" is chosen on it; what is least needed is left out of them. ``site`` (see
    `pathways.load_site`) adds how each item is had there; ``full`` has everything unfolded, chosen and printed.

    >>> from pathways import Profile, review, sheet_html
    >>> sheet_html(review(Profile.from_dict({"answers": {"age_years": 58}})))[:15]
    '<!doctype html>'
    """
    page = first_page(case, site)
    sections = sections_of(case, site, page=page)
    glance = () if case.view is not None and case.view.closed else at_a_glance(case)
    unconfirmed = sum(marks(section) for section in sections)
    front = [section for section in sections if not section.annex]
    printed = sum(map(marks, front))
    layout = paged(page, front)
    return _render(
        "sheet.html.j2",
        case,
        page=page,
        linked=True,
        glance=glance,
        front=front,
        layout=_layout(layout),
        left_out=left_out(layout.spares),
        groups=groups_of(sections),
        full=full,
        rest=Said(rest_words(case, sections, ALL_IN_HTML), calculation="folded sections, and options that are open"),
        unconfirmed=unconfirmed,
        printed=printed,
        running=page.status.text,
        notices=notices_of(case),
    )


def notices_of(case: Case) -> tuple[str, ...]:
    """What goes below every form of a view: what consent opened, and that it may not simply be passed on."""
    return case.view.notices if case.view is not None and not case.view.closed else ()


def first_page_html(case: Case, site: Site | None = None, *, opens: bool = False) -> str:
    """The first page as a fragment for a notebook or a widget, with its own scoped style. With ``opens``, what it only counts
    or names is a link (``pw-opens``, ``data-opens``) to be answered with a `section_html`."""
    return _render("first_page.html.j2", case, page=first_page(case, site), linked=opens)


def at_a_glance_html(case: Case) -> str:
    """The pictures that stand under a first page, as a fragment beside it, and links to those of other sections; empty where
    there is nothing to draw. It takes its style from the first page."""
    glance = () if case.view is not None and case.view.closed else at_a_glance(case)
    more = drawn_elsewhere(case)
    return _render("glance.html.j2", case, glance=glance, more=more, linked=True) if glance or more else ""


def section_html(case: Case, id: str, site: Site | None = None) -> tuple[str, str] | None:
    """One section of the sheet by its id: its title, and what it says as HTML; None where this case has no such section."""
    for section in sections_of(case, site, full=id == ESTIMATES):
        if section.id == id:
            return section.title, _render("section.html.j2", case, section=section)
    return None


@cache
def css() -> Markup:
    """The style sheet of all pages: our own text, so it is not escaped."""
    folder = files(__package__)
    return Markup("".join(folder.joinpath(name).read_text("utf-8") for name in ("sheet.css", "pictures.css")))


def _layout(layout: Paged) -> Markup:
    """The style rules of the default print: the size of its letters, what begins the second page, and what is left out. Its
    selectors are our own, so they are not escaped."""
    default = ".pw-sheet:not(:has(#pw-print-all:checked))"
    rules = [f"{default} {{ --size: {layout.size:g}; }}"]
    if layout.second:
        rules.append(f"{default} :is({layout.second}) {{ break-before: page; }}")
    if layout.spares:
        rules.append(f"{default} :is({', '.join(spare.select for spare in layout.spares)}) {{ display: none; }}")
    return Markup(f"@media print {{ {' '.join(rules)} }}")


@cache
def environment() -> Environment:
    """Jinja2 with autoescape everywhere and an error for every name that is not there."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # a case on a terminal needs no templates

    made = Environment(
        loader=PackageLoader("pathways.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        first_unconfirmed=first_unconfirmed,
        link_in=link_in,
        prov=provenance,
        kind_of=lambda block: type(block).__name__,
        grid_words=grid_words,
        shown=_shown,
    )
    return made


def _render(name: str, case: Case, **values: object) -> str:
    values["reasons"] = lambda said: tuple(reasons(case, said))
    values.setdefault("linked", False)
    html: str = (
        environment()
        .get_template(name)
        .render(css=css(), headings=HEADINGS, need_words=NEED_WORDS, no_orders=GIVES_NO_ORDERS, **values)
    )
    return html


def link_in(said: Said) -> tuple[str, str, str]:
    """The words of ``said`` that lead to what it only counts or names, between what stands before and after them."""
    before, link, after = said.text.partition(said.link or said.text)
    return before, link, after


def provenance(said: Said) -> tuple[tuple[str, str], ...]:
    """The attributes that name where a text comes from; empty for the page's own words."""
    found = [
        ("data-source", "; ".join(f"{c.id} · {c.at}" for c in said.source)),
        ("data-origin", " ".join(said.origin)),
        ("data-calc", said.calculation),
    ]
    return tuple((name, value) for name, value in found if value)


def reasons(case: Case, said: Said) -> Iterator[Said]:
    """Where a text comes from, in words: the answers, what its record says further, the sources and how well they were read,
    the calculation."""
    if said.origin:
        yield Said("From: " + "; ".join(origin_words(case, path) for path in said.origin), origin=said.origin)
    yield from (Said(text, said.source) for text in said.more)
    for cite in said.source:
        source = case.content.sources.get(cite.id)
        title = f"{source.title}, {source.year}" if source else cite.id
        yield Said(f"{title}: {cite.at} ({CONFIDENCE_WORDS[cite.confidence]})", (cite,))
    if said.calculation:
        yield Said("Reckoned: " + said.calculation, calculation=said.calculation)


def texts(section: Section) -> Iterator[Said]:
    """Every text of a section with its provenance."""
    for block in section.blocks:
        yield from _texts(block)


def _texts(block: Block) -> Iterator[Said]:
    match block:
        case Note(said=said):
            yield said
        case Listing(lines=lines):
            yield from lines
        case Table(caption=caption, rows=rows):
            if isinstance(caption, Said):
                yield caption
            yield from (said for row in rows for cell in row for said in cell)
        case Grid(needs=needs):
            yield from (title for title, _, _ in needs)
        case Chart(said=said, title=title):
            yield from (said, title)
        case Picture(said=said):
            yield said


def marks(section: Section) -> int:
    """How many lines and table rows of a section carry the mark of an unconfirmed statement: each at most one."""
    count = 0
    for block in section.blocks:
        match block:
            case Note(said=said) | Picture(said=said):
                count += said.confidence == "recall"
            case Listing(lines=lines):
                count += sum(line.confidence == "recall" for line in lines)
            case Table(rows=rows):
                count += sum(first_unconfirmed(row) is not None for row in rows)
            case Grid() | Chart():
                pass
    return count


def first_unconfirmed(row: tuple[Cell, ...]) -> Said | None:
    """The first text of a table row that is not yet confirmed: the row's one mark stands there."""
    return next((said for cell in row for said in cell if said.confidence == "recall"), None)


def grid_words(grid: Grid) -> str:
    """What the picture of needs and plans shows, in one sentence a plan."""
    told = []
    for n, plan in enumerate(grid.plans):
        states = [(title.text, statuses[n]) for title, _, statuses in grid.needs]
        by_state = [
            f"{NEED_WORDS[state]}: {', '.join(title for title, s in states if s == state)}"
            for state in NEED_WORDS
            if any(s == state for _, s in states)
        ]
        told.append(f"{plan}. {'; '.join(by_state)}.")
    return "Needs and plans. " + " ".join(told) + " The same stands in the table that follows."


def _shown(grid: Grid) -> tuple[str, ...]:
    """The statuses that occur in a grid, in the order of the key."""
    return tuple(state for state in NEED_WORDS if any(state in statuses for _, _, statuses in grid.needs))
