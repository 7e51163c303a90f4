"""What goes on after a choice: checks and their dates, trends, urine tests, tapers, the plan for high-risk situations."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from .audience import WITHHELD, Vocabulary
from .base import Case, Cites, Clinical, Record
from .marks import MeasuredId, MeasureId, MedicineId, NumberName, RoleId, Text, When


class Monitor(Clinical, audience=WITHHELD):
    """A check that goes on while ``when`` is true. ``seen_by`` are the measures whose newest date says that it was
    done; ``interval_days`` is the longest time between two (none: there is no fixed interval)."""

    what: Text
    group: Literal["visit", "pdmp", "urine", "ecg", "laboratory", "outcome", "safety"]
    when: When
    how_often: Text
    interval_days: int | None = Field(None, ge=1, le=3650)
    seen_by: tuple[MeasuredId, ...] = ()
    why: Text
    owner: tuple[RoleId, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


Lane = Literal["pain", "functioning", "use"]


class TrendLine(Record):
    """A value that a source draws a line at, with what it means to be at it or beyond."""

    at: float
    label: Text
    source: Cites


class Trend(Clinical, audience=WITHHELD):
    """How dated values of one person are read. ``measures`` are told together (a total typed or from its items).

    ``percent`` or ``points`` is the smallest change that means something, with its own words in ``change_says``;
    without either only the direction is told. ``lower_is`` says which way is better, if any is. ``now_from`` is a number
    fact that gives the value of today. ``lanes``: where it stands in the picture of pain, function and use over time."""

    title: Text
    measures: tuple[MeasuredId, ...] = Field(min_length=1)
    lower_is: Literal["better", "worse", "neither"]
    percent: float | None = Field(None, gt=0, le=100)
    points: float | None = Field(None, gt=0)
    change_says: str = ""
    decimals: int = Field(0, ge=0, le=2)
    lines: tuple[TrendLine, ...] = ()
    lanes: tuple[Lane, ...] = ()
    now_from: NumberName | None = None
    note: str = ""

    @model_validator(mode="after")
    def _says_what_counts(self) -> Self:
        if (self.percent is not None or self.points is not None) != bool(self.change_says):
            raise ValueError("change_says belongs to percent or points, and only there")
        return self


class UrineSource(Record):
    """Medicines that a urine test may answer to, and how: ``finds`` (should be found while taken), ``may_find``,
    ``metabolite`` (explains a finding, need not be there), ``trace`` (explains a small amount only),
    ``false_positive`` (cross-reaction) or ``misses``. ``by`` limits it to one method."""

    medicines: tuple[MedicineId, ...] = Field(min_length=1)
    how: Literal["finds", "may_find", "metabolite", "trace", "false_positive", "misses"]
    by: Literal["screen", "confirmed"] | None = None
    says: Text
    source: Cites


class UrineTest(Clinical, audience=WITHHELD):
    """One substance, or panel of an immunoassay, in urine; its id is the measure that holds the dated result.

    ``window_days`` is the longest time after the last use that it may still be found. ``prescribed`` false: no medicine
    on a list is expected to explain it. ``told_when`` is true when the person has spoken of use. A ratio has
    ``below`` (a pattern to talk about) and ``clear_from`` (the usual pattern) instead of findings."""

    id: Vocabulary[MeasureId]
    title: Text
    sources: tuple[UrineSource, ...] = ()
    window: Text
    window_days: int = Field(ge=1, le=60)
    prescribed: bool = True
    told_when: When | None = None
    if_found: tuple[Text, ...] = ()
    if_absent: tuple[Text, ...] = ()
    below: float | None = None
    clear_from: float | None = None
    cases: tuple[Case, ...] = ()


class UrineStep(Clinical, audience=WITHHELD):
    """One step of what follows a result that was not expected, in order. ``when`` limits it to some people."""

    order: int = Field(ge=1, le=99)
    after: Literal["any", "found", "absent"]
    text: Text
    when: When | None = None
    cases: tuple[Case, ...] = ()


class TaperSpeed(Clinical, audience=WITHHELD):
    """A speed of taper that a source describes: in any ``in_weeks`` weeks at most ``most_percent`` of the dose taken
    when they begin. ``under_months`` limits it to people who took the opioid for less time than that, which must be
    known. ``of_first_above``: above this percentage of the first dose, ``most_percent`` is of the first dose."""

    title: Text
    most_percent: float = Field(gt=0, le=100)
    in_weeks: float = Field(gt=0)
    under_months: float | None = Field(None, gt=0)
    of_first_above: float | None = Field(None, gt=0, lt=100)
    says: Text


class TaperRule(Clinical, audience=WITHHELD):
    """What stands beside a taper. ``not_advised``: while ``when`` is true no schedule is made, and ``action`` says what
    comes first. ``caution``: shown while true. ``always``: said with every schedule. ``named_when_refused``: said, as the other way,
    where no schedule is made."""

    level: Literal["not_advised", "caution", "always"]
    title: Text
    action: Text
    when: When | None = None
    ask: str = ""
    named_when_refused: bool = False
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _has_its_condition(self) -> Self:
        if (self.level == "always") != (self.when is None):
            raise ValueError("'always' has no condition, the other levels need one")
        return self


class RelapsePrompt(Clinical, audience=WITHHELD):
    """A line of the plan for high-risk situations: a ``situation`` from the answers, a blank to ``fill`` in with the
    person, or what the ``team`` promises. The plan is shown while a ``fill`` line is true."""

    part: Literal["situation", "fill", "team"]
    order: int = Field(ge=1, le=99)
    text: Text
    help: str = ""
    when: When
    cases: tuple[Case, ...] = ()
