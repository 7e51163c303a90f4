"""`schedule`: the arithmetic of a slow, shared taper. A table to talk over, never an order, and no unsafe speed.

A step is a percentage of the dose then taken ("current", geometric) or of the first dose ("original", linear): which
one is always said. The speeds that sources describe are data (``content/monitoring/taper.toml``); any other is refused.
Source: rows B-H1 to B-H11 and H8 of the facts sheet, J6, J7, J19, J20.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isfinite
from typing import Any, Literal, NamedTuple

from .content import Content, load_content
from .content import models as m
from .facts import Facts
from .facts.mme import Line

Basis = Literal["current", "original"]
BASES: tuple[Basis, ...] = ("current", "original")
MOST_STEPS = 120
STEPS_OF_CURRENT = 12


class TaperError(ValueError):
    """A taper that cannot be reckoned: what was given, and what is allowed."""


class UnsafeSpeedError(TaperError):
    """A speed that no source describes. ``source`` are the citations of those that are described."""

    def __init__(self, message: str, source: tuple[m.Cite, ...]) -> None:
        self.source = source
        super().__init__(message)


class NotAdvisedError(TaperError):
    """A taper that is not advised for this person; ``rules`` say what comes first."""

    def __init__(self, rules: tuple[m.TaperRule, ...]) -> None:
        self.rules = rules
        super().__init__("; ".join(f"{rule.title}. {rule.action}" for rule in rules))


@dataclass(frozen=True, slots=True)
class Start:
    """The dose that a taper starts from. ``mme_factor`` is MME for one ``unit``; None where it is not known."""

    amount: float
    unit: str
    label: str
    mme_factor: float | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``day`` counts from the first day; ``cut`` is the percentage of the dose before it, ``of_first`` what is
    left of the first dose in percent. ``held`` says that tablets left the dose as it was."""

    number: int
    day: int
    amount: float
    mme: float | None
    of_first: float
    cut: float
    held: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A taper as a table. ``ends`` says in words why it ends where it does."""

    start: Start
    percent: float
    every_weeks: float
    of: Basis
    speed: m.TaperSpeed
    tablet: float | None
    steps: tuple[Step, ...]
    ends: str

    def to_dict(self) -> dict[str, Any]:
        """The schedule as JSON data."""
        return {
            "start": {"amount": self.start.amount, "unit": self.start.unit, "label": self.start.label},
            "percent": self.percent,
            "every_weeks": self.every_weeks,
            "of": self.of,
            "speed": self.speed.id,
            "tablet": self.tablet,
            "steps": [
                {
                    "number": s.number,
                    "day": s.day,
                    "amount": s.amount,
                    "mme": s.mme,
                    "of_first": s.of_first,
                    "cut": s.cut,
                }
                for s in self.steps
            ],
            "ends": self.ends,
        }


class Verdict(NamedTuple):
    """What stands beside a taper for one person: rules that are true, and questions whose answers are not known."""

    not_advised: tuple[m.TaperRule, ...]
    cautions: tuple[m.TaperRule, ...]
    asks: tuple[m.TaperRule, ...]
    always: tuple[m.TaperRule, ...]


def beside(facts: Facts | None, content: Content | None = None) -> Verdict:
    """What the rules say for one person. Without a person everything is unknown, and what closes becomes a question."""
    content = content or load_content()
    found: dict[str, list[m.TaperRule]] = {"not_advised": [], "caution": [], "ask": [], "always": []}
    for rule in content.taper_rules.values():
        if rule.when is None:
            found["always"].append(rule)
            continue
        true = content.test(rule.when)(facts.values) if facts else None
        if true:
            found[rule.level].append(rule)
        elif true is None and rule.level == "not_advised":
            found["ask"].append(rule)
    return Verdict(*(tuple(found[level]) for level in ("not_advised", "caution", "ask", "always")))


def speed_of(percent: float, every_weeks: float, months: float | None, content: Content | None = None) -> m.TaperSpeed:
    """The described speed that allows these steps. Raises UnsafeSpeedError with the sources when none does.

    A speed allows smaller steps and longer waits, and smaller steps more often only while they are no faster in all.
    """
    content = content or load_content()
    step, weeks = Fraction(str(percent)), Fraction(str(every_weeks))
    needs_months = None
    for speed in content.taper_speeds.values():
        most = Fraction(str(speed.most_percent))
        if step > most or step / weeks > most / Fraction(str(speed.least_weeks)):
            continue
        if speed.under_months is None or (months is not None and months < speed.under_months):
            return speed
        needs_months = needs_months or speed
    described = "; ".join(f"{speed.title.lower()}: {speed.says}" for speed in content.taper_speeds.values())
    cites = tuple(cite for speed in content.taper_speeds.values() for cite in speed.source)
    pace = f"{percent:g}% every {every_weeks:g} week{'' if every_weeks == 1 else 's'}"
    if needs_months is not None:
        known = (
            "how long the opioid was taken is not known" if months is None else f"it was taken for {months:g} months"
        )
        why = f"this is only for less than {needs_months.under_months:g} months of use, and {known}"
    else:
        why = "faster than any taper that a source describes; risks are withdrawal, distress, suicide, other supplies"
    raise UnsafeSpeedError(f"{pace}: {why}. Described are: {described}", cites)


def start_of(facts: Facts) -> Start:
    """The opioid for pain that a case takes now, in its own unit; in MME where there are several. Raises TaperError."""
    counted = facts.mme.counted
    if facts.mme.not_calculable:
        names = ", ".join(line.label for line in facts.mme.not_calculable)
        raise TaperError(f"{names}: the daily dose is not known or has no factor, so there is nothing to start from")
    if not counted:
        apart = "; medicine for OUD and buprenorphine are not tapered here" if facts.mme.not_counted else ""
        raise TaperError(f"no opioid for pain with a known dose is in the case{apart}")
    remarks = [
        f"{line.label}: as needed, counted at the most allowed in a day" for line in counted if line.lo != line.hi
    ]
    if len(counted) == 1:
        line = counted[0]
        factor, high = line.factor, line.hi
        if factor and high:
            return Start(
                _plain(_exact(high) / _exact(factor)), _unit_of(line, facts), line.label, factor, tuple(remarks)
            )
    remarks.append("Several opioids: which one is lowered first is decided together; the table holds their sum")
    total = sum((_exact(line.hi or 0) for line in counted), Fraction())
    if not total:
        raise TaperError("the daily dose is 0: there is nothing to start from")
    return Start(_plain(total), "MME/day", "all opioids for pain", 1.0, tuple(remarks))


def schedule(
    start: Start,
    percent: float,
    every_weeks: float,
    of: Basis,
    *,
    steps: int | None = None,
    tablet: float | None = None,
    months: float | None = None,
    content: Content | None = None,
) -> Schedule:
    """The steps of a taper. Exact arithmetic; amounts are kept to four decimals.

    ``tablet`` is the smallest amount that can be taken off: doses are rounded up to whole ones, so that rounding never
    makes the taper faster. Raises TaperError for numbers that make no taper, UnsafeSpeedError for an unsafe speed.
    """
    content = content or load_content()
    _check(start, percent, every_weeks, of, steps, tablet)
    speed = speed_of(percent, every_weeks, months, content)
    first, part = _exact(start.amount), Fraction(str(percent)) / 100
    weeks = Fraction(str(every_weeks))
    piece = _exact(tablet) if tablet is not None else None
    made: list[Step] = []
    exact, shown = first, first
    turn = Fraction(str(speed.then_current_below)) / 100 if speed.then_current_below is not None else None
    geometric = 0  # steps of the dose then taken: they never reach zero, so they are counted
    while shown > 0 and len(made) < (steps or MOST_STEPS):
        from_current = of == "current" or (turn is not None and exact <= first * turn)
        if from_current and steps is None and geometric == STEPS_OF_CURRENT:
            break
        geometric += from_current
        exact = exact * (1 - part) if from_current else max(exact - first * part, Fraction())
        dose = exact if piece is None else min(ceil(exact / piece) * piece, shown)
        number = len(made) + 1
        made.append(_step(number, number * weeks, dose, shown, first, start))
        shown = dose
    ends = "It ends at zero." if shown == 0 else _end_words(of, turn, made)
    return Schedule(start, percent, every_weeks, of, speed, tablet, tuple(made), ends)


def growing(made: Schedule) -> float | None:
    """The largest cut in terms of the dose then taken, where steps of the first dose grow beyond what was asked for."""
    largest = max((step.cut for step in made.steps), default=0.0)
    return largest if largest > made.percent + 0.05 else None


def _end_words(of: Basis, turn: Fraction | None, made: list[Step]) -> str:
    if of == "current" or turn is not None:
        return "A percentage of the current dose never reaches zero: the rest is decided at the lowest dose."
    return f"Shown are {len(made)} steps; the rest is decided on the way."


def _step(number: int, weeks: Fraction, dose: Fraction, before: Fraction, first: Fraction, start: Start) -> Step:
    mme = None if start.mme_factor is None else _plain(dose * _exact(start.mme_factor))
    cut = (before - dose) / before * 100
    return Step(number, round(weeks * 7), _plain(dose), mme, _plain(dose / first * 100), _plain(cut), dose == before)


def _check(start: Start, percent: float, weeks: float, of: str, steps: int | None, tablet: float | None) -> None:
    if of not in BASES:
        raise TaperError(f"of is '{of}'; it must be current or original")
    for name, value, most in (
        ("the dose", start.amount, 100_000), ("percent", percent, 100), ("weeks", weeks, 104), ("the tablet", tablet, 100_000),
    ):  # fmt: skip
        if value is not None and not (isfinite(value) and 0 < value <= most):
            raise TaperError(f"{name} is {value:g}; it must be more than 0 and at most {most:,}")
    if steps is not None and not 1 <= steps <= MOST_STEPS:
        raise TaperError(f"steps is {steps}; it must be 1 to {MOST_STEPS}")
    if tablet is not None and tablet > start.amount:
        raise TaperError(f"the tablet of {tablet:g} is more than the whole dose of {start.amount:g}")


def _unit_of(line: Line, facts: Facts) -> str:
    for entry in facts.profile.medicines:
        if entry.label == line.label and entry.unit == "mcg/h":
            return "mcg/h"
    return "mg/day"


def _exact(number: float) -> Fraction:
    return Fraction(str(number))


def _plain(number: Fraction) -> float:
    return round(float(number), 4)


def table_rows(made: Schedule) -> Iterator[tuple[str, ...]]:
    """The table as texts: step, after, dose, MME/day, left of the first dose, taken off the dose before."""
    head_mme = None if made.start.mme_factor is None else made.start.amount * made.start.mme_factor
    yield ("0", "0", f"{made.start.amount:g}", "–" if head_mme is None else f"{round(head_mme, 1):g}", "100", "–")
    for step in made.steps:
        mme = "–" if step.mme is None else f"{round(step.mme, 1):g}"
        cut = "held" if step.held else f"{round(step.cut, 1):g}"
        yield (str(step.number), str(step.day), f"{round(step.amount, 1):g}", mme, f"{round(step.of_first, 1):g}", cut)
