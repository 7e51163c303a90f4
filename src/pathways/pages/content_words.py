"""What the pages of the content are made of: the records' words, lists, tables and citations as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..content import models as m
from ..content.library import Content

MARK = "†"


def text(value: object) -> str:
    """A text of a record as Markdown: on one line, with nothing in it that Markdown or HTML would read."""
    # Less than `markdown.escaped`, which takes text from outside: here addresses stay links.
    words = " ".join(str(value).split())
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", words)


def code(condition: str) -> str:
    """A condition as written, in a line of code."""
    return f"`{' '.join(condition.split())}`"


def said(cites: Iterable[m.Cite]) -> str:
    """Citations as links to the page of sources, unconfirmed ones marked."""
    found = []
    for c in dict.fromkeys((c.id, c.at, c.confidence) for c in cites):
        id, at, confidence = c
        found.append(f"[{text(id)}](sources.md#{id}), {text(at)}{MARK if confidence == 'recall' else ''}")
    return "; ".join(found)


def heading(level: int, id: str, title: str) -> list[str]:
    """A heading that a link can lead to."""
    return [f'<a id="{id}"></a>', "", f"{'#' * level} {text(title)}", ""]


def bullets(lines: Iterable[str]) -> list[str]:
    """A list."""
    return [*(f"- {line}" for line in lines), ""]


def table_of(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table; nothing where there is no row."""
    found = [f"| {' | '.join(row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |", *found, ""] if found else []


def roles(content: Content, ids: Iterable[str]) -> str:
    """Roles by their words."""
    return ", ".join(text(content.roles[id].label) for id in ids) or "nobody named"


def links(content: Content, ids: Iterable[str]) -> str:
    """Treatments, each with the way to its place, and actions by their words."""
    actions = content.actions
    return ", ".join(
        text(actions[id].short) if id in actions else f"[{text(content.treatments[id].short)}](treatments.md#{id})"
        for id in ids
    )


def plain(token: str) -> str:
    """A status or level as words."""
    return token.replace("_", " ")


def cases_of(cases: Iterable[m.Case], rule: str | None = None) -> list[str]:
    """Worked cases as a folded table: what was given, and what is expected."""
    rows = []
    for case in cases:
        given = ", ".join(f"{name} = {_given(value)}" for name, value in case.given.items())
        start = f"{case.base}: " if case.base else ""
        more = f", {plain(case.level)}" if case.level else ""
        rows.append(
            (text(case.rule or rule or "–"), code(start + (given or "nothing")), text(plain(case.expect) + more))
        )
    if not rows:
        return []
    table = table_of(("Rule", "Given", "Expected"), rows)
    return [f"<details><summary>Worked cases: {len(rows)}</summary>", "", *table, "</details>", ""]


def _given(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
