"""A case as Markdown, in the same order as the sheet. Every text is escaped: no markup of a profile survives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..care.services import Site
from ..review.case import Case
from ..review.shapes import HEADINGS, FirstPage, Part, Said
from .blocks import NEED_WORDS, Block, Cell, Chart, Grid, Listing, Note, Picture, Table
from .html import ALL_IN_TEXT, GIVES_NO_ORDERS, first_unconfirmed, marks, notices_of, rest_words, sections_of
from .page import first_page

_ALWAYS = re.compile(r"([\\`*_\[\]{}|~$^@])")
_AT_START = re.compile(r"^([-+#=:]|\d{1,9}(?=[.)]))")


def sheet_markdown(case: Case, site: Site | None = None, *, full: bool = True) -> str:
    """The whole sheet as Markdown text; without ``full``, what the sheet prints on two pages. Same case, same text."""
    page = first_page(case, site)
    sections = sections_of(case, site, page=page, full=full)
    shown = [section for section in sections if full or not section.annex]
    lines = [*_page(page)]
    for section in shown:
        lines += ["", f"## {section.title}", ""]
        lines += [line for block in section.blocks for line in _block(block, full)] or [section.empty]
    if sections and not full:
        lines += ["", escaped(rest_words(case, sections, ALL_IN_TEXT))]
    lines += ["", "---", ""]
    lines += [line for notice in notices_of(case) for line in (escaped(notice), "")]
    lines += [GIVES_NO_ORDERS]
    if count := sum(marks(section) for section in shown):
        lines += ["", f"† after the first page: {count} lines or rows with a statement not yet confirmed"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def first_page_markdown(case: Case, site: Site | None = None) -> str:
    """The first page as Markdown text: the words that it has in every medium."""
    return "\n".join(_page(first_page(case, site)))


def escaped(text: str) -> str:
    """A text on one line that Markdown and HTML leave alone.

    Angle brackets and ampersands become entities, because a renderer may pass HTML through; what Markdown reads as
    markup gets a backslash, also where it would make a list, a heading or a link of its own.
    """
    line = _ALWAYS.sub(r"\\\1", " ".join(text.split()))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = line.replace("://", r"\://").replace("www.", r"www\.")
    return _AT_START.sub(lambda found: _start(found.group(1)), line)


def blocks_markdown(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of blocks, as a sheet has them."""
    for block in blocks:
        yield from _block(block, False)


def _start(text: str) -> str:
    # A number at the start of a line would begin an ordered list; its dot or bracket is escaped.
    return f"{text}\\" if text.isdigit() else f"\\{text}"


def _said(said: Said, mark: bool = True) -> str:
    return escaped(said.text) + (" †" if mark and said.confidence == "recall" else "")


def _page(page: FirstPage) -> Iterator[str]:
    yield f"# {_said(page.title)}"
    yield from ("", _said(page.status), "")
    if page.part_only:
        yield from (f"**{_said(page.part_only)}**", "")
    if page.closed:
        yield from (f"**{_said(page.closed, False)}**", "")
    if page.red:
        yield from (f"## {HEADINGS['red']}", "")
        for red in page.red:
            signs = f" – {_said(red.signs, False)}" if red.signs.text else ""
            yield f"**{red.level_word}: {_said(red.title, False)}**{signs}"
            yield f"– {_said(red.owner, False)}"
            yield ""
            yield from (f"{n}. {_said(action, False)}" for n, action in enumerate(red.actions, 1))
            yield from ("", _said(red.more, False), "") if red.more else ("",)
    if page.asked:
        yield from (_said(page.asked, False), "")
    yield from (f"- Does not fit together: {_said(line, False)}" for line in page.contradictions)
    if page.do:
        yield from ("", f"## {HEADINGS['do']}", "")
        for parts in (parts for action in page.do for parts in action.by_owner):
            yield f"- {'; '.join(map(_part, parts))} – {_said(parts[0].owner, False)}"
    if page.do_more:
        yield f"- {_said(page.do_more)}"
    if page.decide:
        yield from ("", f"## {HEADINGS['decide']}", "")
        for choice in page.decide:
            yield f"- **{_said(choice.title)}**"
            yield from (f"  - {_said(way, False)}" for way in choice.alternatives)
    if page.decide_more:
        yield f"- {_said(page.decide_more)}"
    if page.ask:
        yield from ("", f"## {HEADINGS['ask']}", "")
        yield from (f"- **{_said(ask.text, False)}** → {_said(ask.settles, False)}" for ask in page.ask)
    if page.baseline:
        yield from ("", _said(page.baseline, False))
    if page.state:
        yield from ("", f"## {HEADINGS['state']}", "")
    for line in (*page.state, page.single_sided, page.assumes):
        if line:
            yield f"- {_said(line, False)}"
    if page.footnote:
        yield from ("", escaped(page.footnote))


def _part(part: Part) -> str:
    verb = f"{part.verb}: " if part.verb else ""
    return f"**{verb}{_said(part.text)}**{' – in place?' if part.confirm else ''}"


def _block(block: Block, deep: bool) -> Iterator[str]:
    """One block; ``deep``: with what the record behind a text says further."""
    match block:
        case Note(said=said):
            yield from (_said(said), "")
        case Listing(title=title, lines=lines, inline=inline):
            if title:
                yield from (f"### {title}", "")
            yield from (
                ["; ".join(_said(line) for line in lines)]
                if inline
                else [f"- {_said(line)}{_further(line, '. ') if deep else ''}" for line in lines]
            )
            yield ""
        case Table(caption=caption, head=head, rows=rows):
            yield from (f"### {_said(caption, False) if isinstance(caption, Said) else caption}", "")
            yield from _table(head, [[_cell(cell, first_unconfirmed(row), deep) for cell in row] for row in rows])
        case Chart(said=said):
            yield from (f"- {_said(said, False)}", "")
        case Picture(said=said):
            yield from (_said(said), "")
        case Grid(plans=plans, needs=needs):
            needed = [[_said(title, False), *(_MARKS[status] for status in statuses)] for title, _, statuses in needs]
            yield from _table(("Need", *plans), needed)
            used = dict.fromkeys(status for _, _, statuses in needs for status in statuses)
            yield from (", ".join(f"{_MARKS[status]} {NEED_WORDS[status]}" for status in used), "")


_MARKS = {"addressed": "●", "in_place": "◉", "partly": "◐", "open": "○", "cannot_tell": "?", "not_raised": "–"}


def _cell(cell: Cell, marked: Said | None, deep: bool) -> str:
    return "<br>".join(_said(said, said is marked) + (_further(said, "<br>") if deep else "") for said in cell)


def _further(said: Said, between: str) -> str:
    return "".join(between + escaped(text) for text in said.more)


def _table(head: tuple[str, ...], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""
