"""The first page of a case on a terminal, its plans side by side where there are several, and what the sheet prints after.

On a screen: a red panel only where an emergency is present. In a pipe: the same words, no color and no frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from ...content.models import PHASES
from ...pages import first_page
from ...pages.blocks import NEED_WORDS, Cell, Chart, Grid, Listing, Note, Picture, Section, Table
from ...pages.html import ALL_IN_TEXT, first_unconfirmed, rest_words, sections_of
from ...pages.plan_data import plan_data
from ...review.shapes import HEADINGS, Action, FirstPage, Red, Said
from .common import bullet, one_line, say

if TYPE_CHECKING:
    from ...care.services import Site
    from ...review.case import Case

UNCONFIRMED = "†"


def show_case(console: Console, case: Case, site: Site | None = None, *, full: bool = False) -> None:
    """Print a reviewed case: the first page, the plans where there are several, and what the sheet prints with them;
    ``full``: all the rest too."""
    page = first_page(case, site)
    show_first_page(console, page)
    plans = [plan_data(plan, case.beside(plan.items)) for plan in case.shown.plans]
    if len(plans) > 1:
        _plans(console, case, plans)
    sections = sections_of(case, site, page=page, full=full)
    for section in sections:
        if full or not section.annex:
            _section(console, section)
    if sections and not full:
        console.print()
        say(console, rest_words(case, sections, ALL_IN_TEXT), "dim")
    for notice in case.view.notices if case.view is not None and not case.view.closed else ():
        console.print()
        say(console, notice, "dim")


# ---- the first page -----------------------------------------------------------------------------------------


def show_first_page(console: Console, page: FirstPage) -> None:
    """Print the first page: the words that it has in every medium."""
    say(console, page.title.text, "bold")
    say(console, page.status.text, "dim")
    for said in (page.part_only, page.closed):
        if said:
            say(console, said.text, "bold")
    if page.red:
        console.print()
        _urgent(console, page.red)
    if page.asked:
        say(console, page.asked.text)
    for said in page.contradictions:
        say(console, f"Does not fit together: {said.text}", "yellow")
    _list(console, HEADINGS["do"], [_action(action) for action in page.do], page.do_more)
    decide = [
        f"{_said(choice.title)}: {' / '.join(one_line(a.text) for a in choice.alternatives)}" for choice in page.decide
    ]
    _list(console, HEADINGS["decide"], decide, page.decide_more)
    asks = [f"{one_line(ask.text.text)} → {one_line(ask.settles.text)}" for ask in page.ask]
    _list(console, HEADINGS["ask"], asks, page.baseline)
    rest = (page.single_sided, page.assumes)
    state = [one_line(said.text) for said in (*page.state, *(said for said in rest if said))]
    _list(console, HEADINGS["state"], state, None)
    if page.footnote:
        console.print()
        say(console, page.footnote, "dim")


def _urgent(console: Console, red: Sequence[Red]) -> None:
    lines: list[Text] = []
    for n, one in enumerate(red):
        if n:
            lines.append(Text())
        lines.append(Text(f"{one.level_word.upper()}: {one_line(one.title.text)}", style="bold red"))
        lines.append(Text(f"{one_line(one.signs.text)} ({one_line(one.owner.text)})".lstrip()))
        lines += [Text(f"{place}. {one_line(action.text)}") for place, action in enumerate(one.actions, 1)]
        lines += [Text(one_line(one.more.text))] if one.more else []
    if console.is_terminal:
        console.print(Panel(Group(*lines), title=HEADINGS["red"], title_align="left", border_style="red"))
        return
    say(console, HEADINGS["red"].upper())
    for line in lines:
        say(console, line.plain or " ")
    console.print()


def _said(said: Said) -> str:
    return one_line(said.text) + (f" {UNCONFIRMED}" if said.confidence == "recall" else "")


def _action(action: Action) -> str:
    """The parts in their order, each with its owner; neighbors with the same owner share the name."""
    told = []
    for parts in action.by_owner:
        texts = [
            (f"{part.verb}: " if part.verb else "") + _said(part.text) + (" (in place?)" if part.confirm else "")
            for part in parts
        ]
        told.append(f"{'; '.join(texts)} [{one_line(parts[0].owner.text)}]")
    return "; ".join(told)


def _list(console: Console, heading: str, lines: Iterable[str], last: Said | None) -> None:
    said = [*lines, *([one_line(last.text)] if last else [])]
    if not said:
        return
    console.print()
    console.print(Text(heading, style="bold"))
    for line in said:
        bullet(console, line)


# ---- plans --------------------------------------------------------------------------------------------------


def _plans(console: Console, case: Case, plans: Sequence[dict[str, Any]]) -> None:
    """What each whole plan holds, item by item, and what it costs."""
    console.print()
    more = f" (and {case.shown.more} more)" if case.shown.more else ""
    console.print(Text(f"Plans side by side{more}", style="bold"))
    names = [chr(ord("A") + n) for n in range(len(plans))]
    rows = [("", [f"Plan {name}" for name in names])]
    for id in _items_in_order(plans):
        cells = [next((item["verb"] for item in plan["items"] if item["id"] == id), "–") for plan in plans]
        rows.append((case.option(id).record.short, cells))
    gaps = dict.fromkeys(id for plan in plans for id, status in plan["needs"].items() if status in ("open", "partly"))
    for id in gaps:
        cells = [NEED_WORDS[plan["needs"][id]] for plan in plans]
        rows.append((f"Need: {case.content.needs[id].title}", cells))
    rows.append(("Cautions", [str(len(plan["cautions"])) for plan in plans]))
    rows.append(("Burden", [str(plan["burden"]) for plan in plans]))
    _table(console, rows)


def _table(console: Console, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Rows of a label and short cells; only labels wrap."""
    cell = 2 + max(len(text) for _, cells in rows for text in cells)
    room = console.width - 2 - cell * len(rows[0][1])
    label = min(max(len(label) for label, _ in rows) + 2, room)
    for text, cells in rows:
        first, *rest = [part.plain.rstrip() for part in Text(one_line(text)).wrap(console, label - 1)] or [""]
        line = f"  {first:<{label}}" + "".join(f"{one_line(one):<{cell}}" for one in cells)
        console.print(Text(line.rstrip(), style="" if text else "bold"))
        for part in rest:
            console.print(Text(f"  {part}"))


def _items_in_order(plans: Sequence[dict[str, Any]]) -> list[str]:
    items = {item["id"]: PHASES.index(item["phase"]) for plan in plans for item in plan["items"]}
    shared = {id: sum(id in {i["id"] for i in plan["items"]} for plan in plans) for id in items}
    return sorted(items, key=lambda one: (-shared[one], items[one]))


def show_sections(console: Console, sections: Iterable[Section]) -> None:
    """Print sections as lists."""
    for section in sections:
        _section(console, section)


# ---- the sections of the sheet --------------------------------------------------------------------------------


def _section(console: Console, section: Section) -> None:
    """A section of the sheet as lists."""
    console.print()
    console.print(Text(one_line(section.title), style="bold"))
    if not section.blocks:
        say(console, section.empty, start="  ")
    for block in section.blocks:
        match block:
            case Note(said=said) | Picture(said=said):
                say(console, _said(said), start="  ")
            case Listing(title=title, lines=lines, inline=True):
                bullet(console, f"{title}: {'; '.join(_said(line) for line in lines)}")
            case Listing(title=title, lines=lines):
                if title:
                    say(console, title, start="  ")
                for line in lines:
                    bullet(console, _said(line), indent=4)
            case Table(caption=caption, head=head, rows=rows):
                say(console, caption if isinstance(caption, str) else caption.text, start="  ")
                for row in rows:
                    _row(console, head, row)
            case Chart(said=said):
                bullet(console, _said(said))
            case Grid():
                pass  # the table that follows says the same in words


def _row(console: Console, head: Sequence[str], row: tuple[Cell, ...]) -> None:
    """A table row as a list: its heading, then each further cell under the name of its column."""
    marked = first_unconfirmed(row)
    first, *rest = [
        "; ".join(one_line(said.text) + (f" {UNCONFIRMED}" if said is marked else "") for said in cell) for cell in row
    ]
    bullet(console, first, indent=4)
    for name, text in zip(head[1:], rest, strict=True):
        if text not in ("", "–"):
            say(console, f"{name}: {text}", start="      ")
