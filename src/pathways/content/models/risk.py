"""What the risk models may read of a case: which facts stand for which column, and how nearly."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .audience import WITHHELD
from .base import Named, Record
from .marks import ClassId, NumberName, RiskModelId, Text, UrineTestId, WhenText


class Possible(Record):
    """While ``when`` is surely true, the column is one of ``any``. Several of these narrow each other."""

    when: WhenText
    any: tuple[str | float, ...]


class UrineWeek(Record):
    """Urine results of one week of a course: 1 is its first seven days, 0 the ``before`` days up to its start.

    ``found_by``: tests of which one found is a positive day; ``absent_by``: tests of which one that found nothing is a
    negative day. ``but_prescribed``: what a prescribed medicine explains is not positive.
    """

    week: int = Field(ge=0, le=12)
    found_by: tuple[UrineTestId, ...] = Field(min_length=1)
    absent_by: tuple[UrineTestId, ...] = Field(min_length=1)
    before: int = Field(30, ge=1, le=90)
    but_prescribed: bool = False


class RiskInput(Named, audience=WITHHELD):
    """One column of one model. What is not surely told stays unknown, and the estimate becomes a range.

    ``fact``: a number that is the column as it stands. ``urine``: read from dated results. ``how``: exact; approximate
    (``note`` says how, and the page shows it); not_askable (no answer of the kit tells it).
    """

    model: RiskModelId
    column: Text
    how: Literal["exact", "approximate", "not_askable"]
    values: tuple[Possible, ...] = ()
    fact: NumberName | None = None
    urine: UrineWeek | None = None
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> RiskInput:
        if (self.how == "not_askable") == bool(self.values or self.fact or self.urine):
            raise ValueError("an input that can be asked has values, one that cannot has none")
        if self.how == "approximate" and not self.note:
            raise ValueError("an approximate input says in its note how it differs")
        if self.id != f"{self.model}.{self.column}":
            raise ValueError(f"its id is '{self.model}.{self.column}'")
        return self


class Course(Record):
    """How long a medicine of a class has been taken: from ``days_min`` to ``days_max`` since its start.

    One of the class that was stopped at most ``gap_days`` before the next began belongs to the same course."""

    medicine: ClassId
    days_min: int = Field(ge=0)
    days_max: int = Field(ge=0)
    gap_days: int = Field(ge=0)


class RiskModel(Named, audience=WITHHELD):
    """When a model may be computed for a person: ``for_when`` must be surely true, ``not_when`` must not be true, and
    with a ``course`` the medicine must surely have been taken for that long.

    ``closed`` are the words that stand in its place otherwise. ``like``: another model whose inputs hold here too where
    the columns have the same name. Nothing else in the kit reads these conditions."""

    for_when: WhenText
    not_when: WhenText
    closed: Text
    course: Course | None = None
    like: RiskModelId | None = None
