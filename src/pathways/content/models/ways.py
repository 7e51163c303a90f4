"""`Way`: one of the things that may be done in place of what a record speaks against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .audience import Shared, Vocabulary
from .base import Record, one_or_many
from .marks import Id, Text, to

WayTo = Annotated[Id, to("treatment", "medicine_class", "medicine")]


class Way(Record):
    """One way, in the words of the page. ``of`` names the treatments, classes and ingredients that it is: where one of them
    is closed for a person, the way is not told to her. Empty: it names them without being one ("care without ketamine").
    ``joined`` is how it goes on from the way before it; a ``note`` says something of those before, and goes with them."""

    say: Shared[Text]
    of: Vocabulary[Annotated[tuple[WayTo, ...], BeforeValidator(one_or_many)] | None] = None
    joined: Shared[Literal["or", "and", ";", "note"]] = "or"


def _ways(value: Any) -> Any:
    """A text alone is one way; none is no way."""
    many = one_or_many(value) if value else ()
    return tuple({"say": one} if isinstance(one, str) else one for one in many)


Ways = Annotated[tuple[Way, ...], BeforeValidator(_ways)]
"""What may come instead: a text, or a list of texts and of ways that name what they are."""


def in_words(ways: Iterable[Way]) -> str:
    """The ways as one phrase.

    >>> in_words([Way(say="duloxetine"), Way(say="a gabapentinoid"), Way(say="by its prescriber", joined="note")])
    'duloxetine or a gabapentinoid; by its prescriber'
    """
    every = tuple(ways)
    words = every[0].say if every else ""
    for n, way in enumerate(every[1:], 2):
        more = n < len(every) and every[n].joined == "or"
        between = {"or": ", " if more else " or ", "and": " and "}.get(way.joined, "; ")
        words += between + way.say
    return words
