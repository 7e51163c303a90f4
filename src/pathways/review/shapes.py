"""What a first page holds, as plain frozen objects: texts with their provenance, and no markup at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..content import models as m
from ..content.plain import picked

HEADINGS = {
    "red": "Urgent",
    "do": "Do in any case",
    "decide": "Decide together",
    "ask": "Ask next",
    "state": "Where this stands",
}
"""The headings that a reader sees; a page and its word count use the same ones."""

LEVEL_WORDS = {"act_now": "Act now", "same_day": "Today", "this_visit": "Before leaving"}
"""An emergency's level in words, so that color is never the only sign."""

RESTRICTED = "Restricted"
"""The one word for what a view for others leaves out."""

_WORD = re.compile(r"\S*\w\S*")


def count_words(text: str) -> int:
    """Words as a reader counts them: runs without a space that hold a letter or a digit."""
    return len(_WORD.findall(text))


@dataclass(frozen=True)
class Said:
    """A text with where it comes from: citations, paths into the profile, or the calculation behind it.

    ``confidence`` is the weakest of its citations; "recall" is not yet confirmed against its source. ``more`` is what the
    record behind it says further: folded behind the text, and no part of it. ``opens`` is the section of the sheet that holds
    the whole of what the text only counts or names, and ``link`` the words of the text that lead there: all of it where empty.
    """

    text: str
    source: tuple[m.Cite, ...] = ()
    origin: tuple[str, ...] = ()
    calculation: str = ""
    more: tuple[str, ...] = ()
    opens: str = ""
    link: str = ""

    @property
    def confidence(self) -> m.Confidence:
        return m.lowest(self.source) if self.source else "verified"

    def to_dict(self) -> dict[str, Any]:
        """The text and its provenance as JSON data."""
        return picked(self, "text", "source", "origin", "calculation", "confidence")


@dataclass(frozen=True)
class Red:
    """One emergency that is present: its level in words, what was found, what to do in order, and who. ``more``: how many
    further steps stand on the next page, where this one has no room for them; ``kept``: the steps that always have room."""

    id: str
    level: m.Level
    level_word: str
    title: Said
    signs: Said
    actions: tuple[Said, ...]
    owner: Said
    more: Said | None = None
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """One thing to do with its owner. ``verb`` is empty where the text is already an instruction in words;
    ``confirm`` says that it may be in place already; ``names`` are what it is about, where that can stand alone;
    ``how`` it is done, in a few words; ``count`` how many things to do it names."""

    id: str
    verb: str
    text: Said
    owner: Said
    confirm: bool = False
    names: tuple[str, ...] = ()
    count: int = 1
    how: str = ""


@dataclass(frozen=True)
class Action:
    """One line of "do in any case": usually one part, or several of a kind that share a line. Smaller ranks first;
    ``vital``: it keeps a person at risk alive, and no page leaves it under what only eases."""

    theme: str
    rank: int
    parts: tuple[Part, ...]
    vital: bool = False

    @property
    def by_owner(self) -> tuple[tuple[Part, ...], ...]:
        """The parts in their order; neighbors with the same owner share the name, which a page says once."""
        return tuple(tuple(group) for _, group in groupby(self.parts, key=lambda part: part.owner.text))


@dataclass(frozen=True)
class Choice:
    """One fork: what is to be decided, and the alternatives."""

    id: str
    title: Said
    alternatives: tuple[Said, ...]


@dataclass(frozen=True)
class Ask:
    """One question to ask next, and what its answer settles. ``ask`` is the input that takes the answer."""

    ask: str
    text: Said
    settles: Said


@dataclass(frozen=True)
class FirstPage:
    """Everything on the first page, in reading order. ``unconfirmed`` counts statements marked "recall"."""

    title: Said
    status: Said
    part_only: Said | None
    closed: Said | None
    red: tuple[Red, ...]
    asked: Said | None
    contradictions: tuple[Said, ...]
    do: tuple[Action, ...]
    do_more: Said | None
    decide: tuple[Choice, ...]
    decide_more: Said | None
    ask: tuple[Ask, ...]
    baseline: Said | None
    state: tuple[Said, ...]
    single_sided: Said | None
    assumes: Said | None

    @property
    def unconfirmed(self) -> int:
        return sum(said.confidence == "recall" for said in self.statements())

    @property
    def footnote(self) -> str:
        """The footnote to the mark of unconfirmed statements; empty when there are none."""
        n = self.unconfirmed
        return f"† {n} statement{'s' if n != 1 else ''} not yet confirmed against source" if n else ""

    def statements(self) -> Iterator[Said]:
        """The clinical statements that carry the mark when unconfirmed. Emergencies never carry it on the page,
        but they count."""
        for red in self.red:
            yield red.title
        for action in self.do:
            for part in action.parts:
                yield part.text
        for choice in self.decide:
            yield choice.title

    def said(self) -> Iterator[Said]:
        """Every text on the page with its provenance, in reading order."""
        yield self.title
        yield self.status
        if self.part_only:
            yield self.part_only
        if self.closed:
            yield self.closed
        for red in self.red:
            yield from (red.title, red.signs, *red.actions, *([red.more] if red.more else ()), red.owner)
        if self.asked:
            yield self.asked
        yield from self.contradictions
        for action in self.do:
            for parts in action.by_owner:
                yield from (*(part.text for part in parts), parts[0].owner)
        if self.do_more:
            yield self.do_more
        for choice in self.decide:
            yield from (choice.title, *choice.alternatives)
        if self.decide_more:
            yield self.decide_more
        for ask in self.ask:
            yield from (ask.text, ask.settles)
        if self.baseline:
            yield self.baseline
        yield from self.state
        if self.single_sided:
            yield self.single_sided
        if self.assumes:
            yield self.assumes

    def words(self) -> int:
        """How many words a reader sees: the texts, the headings, the level words, verbs and marks between them."""
        texts = [said.text for said in self.said()]
        texts += [HEADINGS[name] for name in HEADINGS if name == "state" or getattr(self, name)]
        texts += [red.level_word for red in self.red]
        parts = [part for action in self.do for part in action.parts]
        texts += [part.verb for part in parts]
        texts += ["in place?" for part in parts if part.confirm]
        numbers = sum(len(red.actions) for red in self.red)  # the actions of an emergency are numbered
        return numbers + sum(count_words(text) for text in [*texts, self.footnote])


def closed_page(status: Said, why: Said) -> FirstPage:
    """A page that says nothing but that it is closed."""
    return FirstPage(Said(RESTRICTED), status, why, None, (), None, (), (), None, (), None, (), None, (), None, None)
