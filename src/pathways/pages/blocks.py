"""What the pages after the first hold, as plain frozen objects that any renderer can walk: sections, tables, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from ..content import models as m
from ..facts.words import ask_label, label_of, say_value
from ..language.words import soft
from ..review.case import Case
from ..review.shapes import Said

Cell = tuple[Said, ...]
"""The texts of one table cell, one under the other."""

PHASE_WORDS: Mapping[str, str] = {
    "today": "Today",
    "this_week": "This week",
    "weeks_1_4": "The first month",
    "months_2_3": "The second and third month",
    "maintain": "To keep up",
}
"""The one place of a phase's wording: the first page, the sheet, the notebooks and the content pages all read it."""
NEED_WORDS: Mapping[str, str] = {
    "addressed": "addressed",
    "in_place": "in place already",
    "partly": "partly addressed",
    "open": "still open",
    "cannot_tell": "cannot tell yet",
    "not_raised": "not raised",
}
CONFIDENCE_WORDS: Mapping[str, str] = {
    "verified": "read in the source",
    "verified-2": "read in a second source",
    "recall": "not yet confirmed",
}


@dataclass(frozen=True)
class Note:
    """One line of its own."""

    said: Said


@dataclass(frozen=True)
class Listing:
    """A short list under a heading; ``inline`` ones run on, for many short texts."""

    title: str
    lines: tuple[Said, ...]
    inline: bool = False


@dataclass(frozen=True)
class Table:
    """A table. The first cell of a row is its heading; ``head`` has one text a column.
    The caption is plain text where it is the page's own word."""

    caption: Said | str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    blank: bool = False
    """Whether its empty cells are to be written in on paper."""
    plain: bool = False
    """Whether its caption says enough, so that the heads of its columns are for those who hear the page."""


@dataclass(frozen=True)
class Grid:
    """Needs against plans: for each need its title, whether it is required, and its status in each plan."""

    plans: tuple[str, ...]
    needs: tuple[tuple[Said, bool, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Chart:
    """A small picture of values over time: corners of the line and the heights of lines drawn across, in its own
    measures. ``said`` tells the same in words and is read out in its place; the table that follows holds the values."""

    said: Said
    title: Said
    wide: int
    high: int
    corners: tuple[tuple[float, float], ...]
    across: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing of `pictures`. ``said`` tells in a sentence what it shows, and names where it comes from; the table that
    follows holds the same numbers."""

    svg: Markup
    said: Said


Block = Note | Listing | Table | Grid | Chart | Picture


@dataclass(frozen=True)
class Section:
    """One section of the sheet. ``empty`` is said when it has no blocks.

    An ``annex`` is folded on the screen, and printed only when everything is asked for."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    empty: str = ""
    annex: bool = False


def without_empty_columns(section: Section) -> Section:
    """The section with no table column, after the first, that holds nothing but dashes."""
    return replace(section, blocks=tuple(map(_filled, section.blocks)))


def _filled(block: Block) -> Block:
    if not isinstance(block, Table) or block.blank or not block.rows:
        return block
    kept = [n for n in range(len(block.head)) if not n or any(_says(row[n]) for row in block.rows)]
    head, rows = tuple(block.head[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in block.rows)
    return replace(block, head=head, rows=rows)


def _says(texts: Cell) -> bool:
    return any(said.text not in ("", "–") for said in texts)


def cell(*texts: Said | str | None) -> Cell:
    """A cell from texts; blanks are left out."""
    return tuple(Said(t) if isinstance(t, str) else t for t in texts if t)


def phase_words(phase: m.Phase) -> str:
    """A phase in the middle of a line."""
    return soft(PHASE_WORDS[phase])


def roles(case: Case, ids: Iterable[str], source: tuple[m.Cite, ...]) -> Said:
    """Roles by name; nobody named is said, not left blank."""
    names = [case.content.roles[id].label for id in ids]
    return Said(", ".join(names) if names else "unowned: name someone", source)


def cited(cites: Iterable[m.Cite]) -> Iterator[Said]:
    """Citations by key and place; the key stands in the list of sources."""
    for cite in cites:
        yield Said(f"{cite.id}, {cite.at}", (cite,))


def origin_words(case: Case, path: str) -> str:
    """A path into the profile in words: the answer and its value, or the entry of a list."""
    which, _, rest = path.partition(".")
    profile, content = case.profile, case.content
    if which == "answers" and rest in content.answers:
        return f"{label_of(content, rest)}: {answer_words(case, rest)}"
    if which == "medicines" and rest.isdigit() and int(rest) < len(profile.medicines):
        return f"medicine: {profile.medicines[int(rest)].label}"
    if which == "conditions" and rest.isdigit() and int(rest) < len(profile.conditions):
        entry = profile.conditions[int(rest)]
        return f"condition: {condition_words(case, entry.id, entry.name)}"
    if which == "observations" and rest.isdigit() and int(rest) < len(profile.observations):
        seen = profile.observations[int(rest)]
        return f"{measure_words(case, seen.measure)}, {seen.date or 'undated'}"
    if which == "wishes" and rest.isdigit() and int(rest) < len(profile.wishes):
        return f"the person's wish: {content.treatments[profile.wishes[int(rest)].treatment].short}"
    if which == "allergies" and rest.isdigit() and int(rest) < len(profile.allergies):
        return f"allergy: {profile.allergies[int(rest)].label}"
    if which == "decisions" and rest.isdigit() and int(rest) < len(profile.decisions):
        return f"decided {profile.decisions[int(rest)].date}"
    if which == "asked_none":
        return f"asked, none: {rest}"
    if which == "complete":
        return f"the whole list of {rest} was given"
    if which == "site":
        return "the site file"
    if which == "ask":
        return f"not yet answered: {ask_label(content, rest)}"
    return path.replace("_", " ")


def answer_words(case: Case, id: str) -> str:
    """An answer as it was given, in words."""
    answer, value = case.content.answers[id], case.profile.answers.get(id)
    if value is None:
        return "not known"
    if id in case.content.schema and id not in unsettled(case):
        return say_value(case.content, id, case.facts.values[id])
    many: tuple[Any, ...] = value if isinstance(value, tuple) else (value,)
    words = [("yes" if v else "no") if isinstance(v, bool) else answer.choices.get(str(v), str(v)) for v in many]
    return (" to " if answer.type == "number" else ", ").join(words)


def unsettled(case: Case) -> frozenset[str]:
    """The facts that contradictory answers made unknown."""
    return frozenset(f for id in case.facts.contradictions for f in case.content.contradictions[id].unsettles)


def condition_words(case: Case, id: str | None, name: str) -> str:
    """A condition entry by name."""
    record = case.content.conditions.get(id or "") or case.content.condition_groups.get(id or "")
    return record.label if record and not name else name or (id or "")


def measure_words(case: Case, id: str) -> str:
    """A measure or instrument by name."""
    content = case.content
    if id in content.instruments:
        return content.instruments[id].short
    return content.measures[id].label if id in content.measures else "not recognized"


def urgent_signs(case: Case) -> tuple[list[str], list[str], list[str]]:
    """The printed urgent signs, those of them that were asked, and those that are there."""
    signs = [a.id for a in case.content.answers.values() if a.first_page == 1 and a.type == "yes_no"]
    asked = [id for id in signs if id in case.profile.answers]
    return signs, asked, [id for id in asked if case.profile.answers[id] is True]


def yes_words(case: Case, yes: Sequence[str], most: int = 2) -> str:
    """Signs that are there, so many of them by name."""
    short = [soft(a.short or a.label) for a in (case.content.answers[id] for id in yes)]
    return ", ".join(short[:most]) + (", …" if len(short) > most else "")
