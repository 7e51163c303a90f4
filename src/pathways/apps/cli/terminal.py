"""The first page of a case on a terminal, then its plans side by side and the phases of the first.

On a screen: a red panel only where an emergency is present. In a pipe: the same words, no color and no frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from ...content.models import PHASES
from ...pages import first_page
from ...pages.blocks import Cell, Listing, Note, Table
from ...pages.data import plan_data
from ...pages.html import first_unconfirmed
from ...pages.place_sections import place_sections
from ...review.shapes import HEADINGS, Action, FirstPage, Red, Said
from .common import bullet, one_line, say

if TYPE_CHECKING:
    from ...care.services import Site
    from ...review.case import Case

PHASE_WORDS = {
    "today": "Today", "this_week": "This week", "weeks_1_4": "Weeks 1 to 4", "months_2_3": "Months 2 to 3",
    "maintain": "To keep up",
}  # fmt: skip
GAP_WORDS = {"open": "open", "partly": "partly"}
UNCONFIRMED = "†"


def show_case(console: Console, case: Case, site: Site | None = None) -> None:
    """Print a reviewed case: the first page, the plans, the phases, and where care takes place."""
    page = first_page(case, site)
    say(console, page.title.text, "bold")
    say(console, page.status.text, "dim")
    for said in (page.restricted, page.closed):
        if said:
            say(console, said.text, "bold")
    _first_page(console, page)
    plans = [plan_data(plan, case.beside(plan.items)) for plan in case.shown.plans]
    if any(plan["items"] for plan in plans):
        _plans(console, case, plans)
        _phases(console, case, plans[0])
    if not case.restricted:
        _place(console, case, site)
    if page.footnote:
        console.print()
        console.print(Text(page.footnote, style="dim"))
    for notice in case.view.notices if case.view is not None and not case.view.closed else ():
        console.print()
        say(console, notice, "dim")


# ---- the first page -----------------------------------------------------------------------------------------


def _first_page(console: Console, page: FirstPage) -> None:
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
    asks = [f"{one_line(ask.text.text)} (settles: {one_line(ask.settles.text)})" for ask in page.ask]
    _list(console, HEADINGS["ask"], asks, page.baseline)
    rest = (page.single_sided, page.assumes)
    state = [one_line(said.text) for said in (*page.state, *(said for said in rest if said))]
    _list(console, HEADINGS["state"], state, None)


def _urgent(console: Console, red: Sequence[Red]) -> None:
    lines: list[Text] = []
    for n, one in enumerate(red):
        if n:
            lines.append(Text())
        lines.append(Text(f"{one.level_word.upper()}: {one_line(one.title.text)}", style="bold red"))
        lines.append(Text(f"{one_line(one.signs.text)} ({one_line(one.owner.text)})"))
        lines += [Text(f"{place}. {one_line(action.text)}") for place, action in enumerate(one.actions, 1)]
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
    for owner, parts in groupby(action.parts, key=lambda part: part.owner.text):
        texts = [
            (f"{part.verb}: " if part.verb else "") + _said(part.text) + (" (in place?)" if part.confirm else "")
            for part in parts
        ]
        told.append(f"{'; '.join(texts)} [{one_line(owner)}]")
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
        rows.append((case.content.treatments[id].short, cells))
    gaps = dict.fromkeys(id for plan in plans for id, status in plan["needs"].items() if status in ("open", "partly"))
    for id in gaps:
        cells = [GAP_WORDS.get(plan["needs"][id], "addressed") for plan in plans]
        rows.append((f"Need: {case.content.needs[id].title}", cells))
    rows.append(("Cautions", [str(len(plan["cautions"])) for plan in plans]))
    rows.append(("Burden", [str(plan["burden"]) for plan in plans]))
    _table(console, rows)
    cautions: dict[str, list[str]] = {}
    for name, plan in zip(names, plans, strict=True):
        for caution in plan["cautions"]:
            cautions.setdefault(caution, []).append(name)
    if cautions:
        console.print()
        console.print(Text("Cautions of each plan", style="bold"))
    for caution, where in cautions.items():
        bullet(console, f"{', '.join(where)}: {one_line(caution)}")


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


def _phases(console: Console, case: Case, plan: dict[str, Any]) -> None:
    console.print()
    console.print(Text("Plan A by phase", style="bold"))
    for phase in PHASES:
        items = [item for item in plan["items"] if item["phase"] == phase]
        if not items:
            continue
        console.print(Text(f"  {PHASE_WORDS[phase]}"))
        for item in items:
            names = [item["short"], *(case.content.treatments[id].short for id in item["instead"])]
            owner = ", ".join(case.content.roles[role].label for role in item["owner"])
            checks = f"; before starting: {', '.join(item['check_first'])}" if item["check_first"] else ""
            bullet(console, (f"{item['verb']}: {' or '.join(names)} [{owner}]{checks}"), indent=4)
    if plan["beside"]:
        console.print(Text("  Beside the medicines"))
    for action in plan["beside"]:
        owner = ", ".join(case.content.roles[role].label for role in action["owner"])
        bullet(console, f"{action['verb']}: {one_line(action['title'])} [{owner}]", indent=4)
    for wait in plan["timing"]:
        bullet(
            console,
            one_line(f"Timing: {case.content.treatments[wait['item']].short} with {wait['with']}: {wait['wait']}"),
        )


# ---- where care takes place ---------------------------------------------------------------------------------


def _place(console: Console, case: Case, site: Site | None) -> None:
    """Level of care, gap plan, site and coverage, as the sheet has them."""
    on_paper = {
        case.content.checklists[id].title for id in ("level_of_care", "coverage_check", "coverage_alternatives")
    }
    for section in place_sections(case, site):
        console.print()
        console.print(Text(one_line(section.title), style="bold"))
        for block in section.blocks:
            match block:
                case Note(said=said):
                    say(console, _said(said), start="  ")
                case Listing(title=title) if title.partition(":")[0] in on_paper:
                    pass  # the checklists stand on the sheet
                case Listing(title=title, lines=lines, inline=True):
                    bullet(console, f"{title}: {'; '.join(_said(line) for line in lines)}")
                case Listing(title=title, lines=lines):
                    say(console, title, start="  ")
                    for line in lines:
                        bullet(console, _said(line), indent=4)
                case Table(head=head, rows=rows):
                    for row in rows:
                        _row(console, head, row)


def _row(console: Console, head: Sequence[str], row: tuple[Cell, ...]) -> None:
    """A table row as a list: its heading, then each further cell under the name of its column."""
    marked = first_unconfirmed(row)
    first, *rest = [
        "; ".join(one_line(said.text) + (f" {UNCONFIRMED}" if said is marked else "") for said in cell) for cell in row
    ]
    bullet(console, first)
    for name, text in zip(head[1:], rest, strict=True):
        if text not in ("", "–"):
            say(console, f"{name}: {text}", start="      ")
