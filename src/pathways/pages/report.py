"""A report of parts, each with a heading and sections: one page to print, or Markdown. What it tells comes from its caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import Section
from .html import css, environment
from .markdown import blocks_markdown, escaped


@dataclass(frozen=True)
class Part:
    """One part of a report: what it is called, a line of where it stands, and its sections."""

    title: str
    status: str
    sections: tuple[Section, ...]


def report_html(title: str, parts: Sequence[Part], foot: str) -> str:
    """A report as one document that needs nothing else: no network, no script. A part begins a page when it is printed."""
    html: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            css=css(),
            title=title,
            parts=parts,
            foot=foot,
            reasons=lambda _: (),
            linked=False,
            need_words={},
            headings={},
        )
    )
    return html


def report_markdown(parts: Sequence[Part], foot: str) -> str:
    """A report as Markdown; every text is escaped."""
    lines: list[str] = []
    for part in parts:
        lines += [f"# {escaped(part.title)}", "", escaped(part.status), ""]
        for section in part.sections:
            lines += [f"## {escaped(section.title)}", ""]
            lines += [*blocks_markdown(section.blocks)] if section.blocks else [escaped(section.empty), ""]
    return "\n".join([*lines, escaped(foot)]) + "\n"
