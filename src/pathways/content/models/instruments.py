"""Instruments: questionnaires and counts, with their items, bands and worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import VOCABULARY, Shared
from .base import Clinical, Record
from .marks import Id, Text, When, to


class Item(Record, audience=VOCABULARY):
    """One item of an instrument: a short label in our own words and the values it may take.

    ``points`` are what each of ``values`` adds to the total, where they are not the values themselves (a weight, an
    item asked the other way round); ``points_for_men`` where those of men differ. ``implies`` names yes/no items that a
    "yes" here answers too. ``unless_prescribed``: not counted in someone who takes opioids only as prescribed.
    """

    id: Id
    label: Shared[Text]
    values: tuple[int, ...] = Field(min_length=1)
    points: tuple[int, ...] = ()
    points_for_men: tuple[int, ...] = ()
    implies: tuple[Annotated[Id, to("item", of="record")], ...] = ()
    unless_prescribed: bool = False

    @model_validator(mode="after")
    def _points_fit(self) -> Self:
        for points in (self.points, self.points_for_men):
            if points and len(points) != len(self.values):
                raise ValueError(f"{self.id}: {len(points)} points for {len(self.values)} values")
        return self

    def points_of(self, value: float, man: bool = False) -> int:
        """What an answer adds to the total."""
        place = self.values.index(int(value))
        return ((man and self.points_for_men) or self.points or self.values)[place]


class Band(Record, audience=VOCABULARY):
    """A named range of a total, both ends included."""

    id: Id
    label: Shared[Text]
    lo: float
    hi: float


class Example(Record, audience=VOCABULARY):
    """A worked example of an instrument: the answers, then the score, a pair of numbers while a blank leaves it open,
    and the bands it may be in. Items that are not named have the value of ``rest``; without that they are blank."""

    items: Mapping[Annotated[str, to("item", of="record")], int] = {}
    rest: int | None = None
    typed: float | None = None
    score: float | tuple[float, float]
    band: tuple[Annotated[Id, to("band", of="record")], ...] = ()

    def answers(self, items: Iterable[Item]) -> dict[str, int]:
        """The answer of every item that has one."""
        rest = {} if self.rest is None else {item.id: self.rest for item in items}
        return {**rest, **self.items}


class Instrument(Clinical, audience=VOCABULARY):
    """A questionnaire or count. ``total``: ``sum``, ``mean``, ``count``, ``max`` (the highest item) or ``rule`` (the
    function of facts/scores.py that ``rule`` names).
    ``missing`` says what a blank does. ``locked`` instruments ship no items and take a
    typed total only. ``risk = True`` marks a risk score: no condition that lowers an option may depend on it (law 2).
    Where ``valid_when`` is false the score is neither a fact nor shown, and ``not_valid`` says why. ``asked = False``:
    used and shown when somebody filled it in, but never among the questions of the kit. ``first_page``: the question of a
    first page beside which its rows stand. ``examples`` are worked."""

    title: Shared[Text]
    short: Shared[Text]
    items: Shared[tuple[Item, ...]] = ()
    total: Literal["sum", "mean", "count", "max", "rule"] = "sum"
    rule: (
        Literal["behind_a_gate", "fibromyalgia_criteria", "overuse_limits", "suicide_risk_level", "weighted_by_sex"]
        | None
    ) = None
    lo: float
    hi: float
    decimals: int = 0
    bands: Shared[tuple[Band, ...]] = ()
    higher_is: Literal["worse", "better"] = "worse"
    locked: bool = False
    locked_because: Shared[str] = ""
    risk: bool = False
    valid_when: When | None = None
    not_valid: Shared[str] = ""
    missing: Shared[Text] = "A blank item makes the total a range; nothing is filled in or prorated."
    asked: bool = True
    licence: Shared[Text]
    valid_days: int = 90
    minutes: float = 2.0
    first_page: int | None = None
    use: Shared[Text]
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.locked and (self.items or not self.locked_because):
            raise ValueError("a locked instrument has no items and says why (locked_because)")
        if self.valid_when and not self.not_valid:
            raise ValueError("an instrument with valid_when says in not_valid where it is not valid")
        if (self.total == "rule") != (self.rule is not None):
            raise ValueError('total = "rule" names its rule, and only that')
        return self
