"""One occasion or rhythm of a dose text, and why no day can be made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .grammar import Quantity, Rate


class NoDayError(Exception):
    """Why no dose of a day can be told. ``torn``: two readings contradict each other, and no limit mends that."""

    def __init__(self, why: str, *, torn: bool = False) -> None:
        super().__init__(why)
        self.torn = torn or "agree" in why or "not that of the product" in why


def day_part(what: str) -> str:
    """The part of the day of a time: "morning" of "morning", and of "morning 8" (a time in figures)."""
    return what.partition(" ")[0]


@dataclass
class Part:
    """One occasion or rhythm: what is taken, how often, at which times of day."""

    said: list[Quantity] = field(default_factory=list)
    """One amount, in one or several ways: "2 tablets (10 mg)"."""
    choices: list[Quantity] = field(default_factory=list)
    """Amounts to choose from, by the pain."""
    schema: float | None = None
    """Intakes a day by a scheme such as 1-0-1, as a multiple of the largest."""
    rates: list[Rate] = field(default_factory=list)
    other_rates: list[Rate] = field(default_factory=list)
    """How often; the others stand after an "or"."""
    events: list[tuple[str, bool]] = field(default_factory=list)
    """Times of day ("morning", or with the hour "morning 8"), each with whether an "and" or a comma stands before it."""
    added: set[str] = field(default_factory=set)
    """The times of day behind an "and"."""
    weekdays: set[int] = field(default_factory=set)
    days: float = 1.0
    joined: str = ""
    upto: bool = False
    scaled: bool = False
    tiers: set[str] = field(default_factory=set)
    """How bad the pain is for which it is taken, in the words of the text."""
    plus: bool = False
    """Joined by a word that adds ("plus", "as well as"), which "and" between two pains does not."""
    meals: float | None = None
    with_meals: bool = False
    """With meals, and how many is not said."""
    vague: bool = False
    """An extra one: what one intake is, is not said by it."""
    of_day: bool = False
    """The amount is that of the whole day, divided: "30 mg a day divided tid"."""
    needed: bool = False
    """As needed, or "may take": said of this part alone."""
    length: bool = False
    early: bool = False
    """Whether the time was said before the amount."""
    uncounted: bool = False
    """Whether tablets stand before the time without a number: an amount that comes later is another one."""

    def take_in(self, inside: Part) -> bool:
        """Take in what stands in brackets: the same in other words, choices by the pain, or a note. True where it is a whole
        dose by itself, which is not taken in."""
        self.tiers |= inside.tiers
        if inside.scaled and not inside.has_amount and self.said and not self.timed:
            self.choices.append(self.said.pop())  # 1 tablet (moderate pain)
            return False
        if inside.choices or inside.scaled:
            said = [q for q in self.said if q.kind != "strength"]
            self.choices += inside.choices + inside.said
            if self.choices:
                self.choices += said
                self.said = [q for q in self.said if q.kind == "strength"]
            return False
        if inside.has_amount and inside.timed:
            return True
        self.said += inside.said
        self.rates += inside.rates
        self.other_rates += inside.other_rates
        self.days = min(self.days, inside.days)
        self.events += [(what, False) for what, _ in inside.events]
        self.weekdays |= inside.weekdays
        self.meals = inside.meals if self.meals is None else self.meals
        return False

    @property
    def timed(self) -> bool:
        return bool(self.rates or self.events or self.weekdays or self.meals or self.schema or self.days < 1)

    @property
    def has_amount(self) -> bool:
        return bool(self.said or self.choices)

    @property
    def at_times(self) -> bool:
        """Whether only times of day are said."""
        once = all(rate.weak or (rate.lo == rate.hi == 1 and rate.counted) for rate in self.rates)
        return bool(self.events) and once and not self.weekdays


@dataclass
class Phase:
    """What is taken for a while."""

    parts: list[Part] = field(default_factory=lambda: [Part()])
    marked: bool = False
    after_then: bool = False
    lasting: bool = False
