"""Doses, times and limits as people write them: "1 to 2 tablets every 4-6 hours, max 6 a day".

The whole text has to be understood: a word or a number that has no place in the grammar (`doses.grammar`) leaves the dose
open. As needed is from none to the most; a course or taper is the range of its phases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..content import Content, remembered
from .doses.assemble import Reckoned, reckon
from .doses.context import decide
from .doses.grammar import Item, Quantity, parse
from .doses.measure import Measure, Span, measure_of
from .doses.numbers import elements
from .doses.sorting import BARELY_AND
from .doses.words import MOST, Candidates, Token, cover, vocabulary_of
from .names import Product, read_name

__all__ = ["MOST", "DoseText", "Span", "pains_in", "read_dose_text", "times_in"]


OPEN = Span(0.0, None)
_LEFT_OUT = re.compile(r"\w\s*(?:\.{3,}|…)\s*(?:\w|$)")
"""Dots that stand for words: what they leave out is not said."""


@dataclass(frozen=True)
class DoseText:
    """What a dose text says of one product.

    ``one`` is the most in one intake, ``day`` the amount of a day, ``before_limits`` a day without the limits that are
    said ("max 6 a day"): all in ``unit`` (one tablet, one mL, one patch, one mg). None is not known. ``understood`` is
    whether every word has its place; ``left`` are those that have none, ``why`` says what is open. Where a text is not
    understood, ``day`` is what its other words would say: to be held against another reading, never to be used.
    """

    unit: str
    one: float | None = None
    day: Span = OPEN
    before_limits: Span = OPEN
    as_needed: bool = False
    understood: bool = False
    left: tuple[str, ...] = ()
    why: str = ""
    open: bool = False
    """Whether the text says that more may be taken, and not how much."""
    says_dose: bool = False
    """Whether the text speaks of an amount or a frequency at all."""
    patches_at_once: Span = OPEN


def read_dose_text(text: str, product: Product, content: Content) -> DoseText:
    """Read a dose text of a product. Never fails: see ``understood`` before ``day`` is used.

    >>> from pathways import load_content
    >>> from pathways.intake.names import read_name
    >>> content = load_content()
    >>> oxycodone = read_name("oxycodone hydrochloride 5 MG Oral Tablet", content)
    >>> read_dose_text("1-2 tabs po q4-6h prn pain, max 8/day", oxycodone, content).day
    Span(lo=0.0, hi=8.0)
    >>> read_dose_text("1 tab po q6h, zorble", oxycodone, content).left
    ('zorble',)
    """
    return _read(content, " ".join(text.split()), product)


def times_in(text: str, content: Content) -> Span | None:
    """How often a day, for a text that says nothing else ("twice daily", "q4-6h")."""
    items = parse(_tokens(text, Product(""), content))
    if not items or any(item.kind not in ("rate", "EVENT", "SEP", "DOT", "LP", "RP", "PRN", "AND") for item in items):
        return None
    one = Measure("unit", None, None, (), 1.0)
    found = reckon([Item("amount", quantity=_ONE), *items], one)
    return found.day if found.day.hi is not None and not found.why else None


_OF_ITS_OWN = ("UNKNOWN", "EVENT", "WEEKDAY", "DAYSET", "EXTRA", "BESIDE", "OPEN", "THEN")


def pains_in(text: str, product: Product, content: Content) -> frozenset[str]:
    """How bad the pain is for which a dose is taken ("for severe pain", "pain 7-10"), in the words of the text. None where
    the text gives a time of its own, adds to another dose, or is not understood to the last word."""
    tokens = _tokens(text, product, content)
    added = any(token.kind == "AND" and token.text not in BARELY_AND for token in tokens)
    if added or any(token.kind in _OF_ITS_OWN for token in tokens):
        return frozenset()
    return frozenset(token.text for token in tokens if token.kind == "SCALE")


@remembered(5000, by=lambda text, product: (text, product.key, product.text))
def _read(content: Content, text: str, product: Product) -> DoseText:
    measure = measure_of(product, content)
    if len(text) > MOST:
        return DoseText(measure.base, why="a text too long to be read", left=("…",), says_dose=True)
    tokens = _tokens(text, product, content)
    left = tuple(token.text for token in tokens if token.kind == "UNKNOWN")
    if _LEFT_OUT.search(text):
        left = (*left, "…")
    items = parse([token for token in tokens if token.kind != "UNKNOWN"])
    says = any(token.kind in ("NUM", "FREQ", "ONCE", "PER", "EVERY", "EVENT", "OPEN") for token in tokens)
    if items is None:
        return DoseText(measure.base, left=left, why="a dose text that is not understood", says_dose=says)
    if measure.mg is None and measure.base == "unit" and _masses(items):
        measure = replace(measure, base="mg")
    found = reckon(items, measure)
    return DoseText(
        measure.base,
        found.one,
        found.day,
        found.before_limits,
        found.as_needed,
        not left,
        left,
        found.why,
        found.more,
        says,
        _worn(items, measure, found),
    )


def _masses(items: Sequence[Item]) -> bool:
    return any(item.quantity is not None and item.quantity.kind in ("mass", "labelled") for item in items)


def _worn(items: Sequence[Item], measure: Measure, found: Reckoned) -> Span:
    """How many patches are worn at once: what is put on, where one follows the other after a day or more."""
    if measure.base != "patch" or found.one is None:
        return Span(0.0, None)
    rates = [item.rate for item in items if item.rate is not None]
    if len({item.quantity.hi for item in items if item.quantity is not None and item.quantity.kind == "hourly"}) > 1:
        return Span(1.0, None)  # patches of two strengths
    if found.why and found.why != "how often a day is not said":
        return Span(1.0, None)
    if any(rate.hi > 0.51 for rate in rates):
        return Span(1.0, None)  # a patch every day is another rhythm than any that is worn for days
    if found.day.hi is None:
        return Span(found.one, found.one) if not rates else Span(1.0, None)
    if found.one != int(found.one) or found.least_one != int(found.least_one):
        return Span(0.0, None)  # a part of a patch: what it gives in an hour is not said
    return Span(found.least_one, found.one)


def _tokens(text: str, product: Product, content: Content) -> list[Token]:
    vocabulary = vocabulary_of(content)
    covered = cover(elements(text, vocabulary), vocabulary)
    return decide(_named(covered, product, content))


def _named(covered: Sequence[Candidates], product: Product, content: Content) -> list[Candidates]:
    """Words that name the product or an ingredient of it; the name of another medicine stays not understood."""
    own = {word.strip("()[],./-").casefold() for word in product.text.split()}
    made = []
    for here in covered:
        token = here.tokens[0]
        if token.kind == "UNKNOWN" and token.text[:1].isalpha():
            named = read_name(token.text, content)
            if named.ingredients and set(named.ingredients) <= set(product.ingredients):
                what = named.ingredients[0] if len(named.ingredients) == 1 else ""
                here = Candidates((Token("INGREDIENT", what=what, text=token.text),))
            elif token.text in own and not named.ingredients and len(token.text) > 2:
                here = Candidates((Token("NOTHING", text=token.text),))
        made.append(here)
    return made


_ONE = Quantity("count", 1.0, 1.0)
