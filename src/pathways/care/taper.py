"""`schedule`: the arithmetic of a slow, shared taper. A table to talk over, never an order, and no unsafe speed.

A step is a percentage of the dose then taken ("current", geometric) or of the first dose ("original", linear): which
one is always said. The speeds that sources describe are data (``content/monitoring/taper.toml``); any other is refused,
and a table ends where its next step would be too fast. The step from the lowest dose to none is decided with the person
and never reckoned here.
Source: rows B-H1 to B-H11 and H8 of the facts sheet, J6, J7, J19, J20.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isfinite
from typing import Any, Literal, NamedTuple

from ..content import Content, load_content
from ..content import models as m
from ..content.plain import picked
from ..facts.mme import Line
from ..review.case import Case

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
class Pace:
    """How fast a taper goes: ``percent`` every ``every_weeks`` weeks, ``of`` the dose then taken or of the first dose."""

    percent: float
    every_weeks: float
    of: Basis

    @property
    def part(self) -> Fraction:
        """What a step takes off, as a part of 1."""
        return Fraction(str(self.percent)) / 100

    @property
    def weeks(self) -> Fraction:
        """The weeks from step to step."""
        return Fraction(str(self.every_weeks))


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
    pace: Pace
    speed: m.TaperSpeed
    tablet: float | None
    steps: tuple[Step, ...]
    ends: str

    def to_dict(self) -> dict[str, Any]:
        """The schedule as JSON data."""
        return {
            "start": picked(self.start, "amount", "unit", "label"),
            **picked(self.pace, "percent", "every_weeks", "of"),
            **picked(self, "speed", "tablet"),
            "steps": [picked(step, "number", "day", "amount", "mme", "of_first", "cut") for step in self.steps],
            "ends": self.ends,
        }


class Advice(NamedTuple):
    """What stands beside a taper for one person: rules that are true, and questions whose answers are not known."""

    not_advised: tuple[m.TaperRule, ...]
    cautions: tuple[m.TaperRule, ...]
    asks: tuple[m.TaperRule, ...]
    always: tuple[m.TaperRule, ...]


def beside(case: Case | None, content: Content | None = None) -> Advice:
    """What the rules say for one person. Without a case (then ``content`` has the rules) everything is unknown, and what
    closes becomes a question."""
    content = case.content if case else content or load_content()
    found: dict[str, list[m.TaperRule]] = {"not_advised": [], "caution": [], "ask": [], "always": []}
    rules: Mapping[str, m.TaperRule] = content.taper_rules
    for rule in rules.values():
        if rule.when is None:
            found["always"].append(rule)
            continue
        true = content.test(rule.when)(case.facts.values) if case else None
        if true:
            found[rule.level].append(rule)
        elif true is None and rule.level == "not_advised":
            found["ask"].append(rule)
    return Advice(*(tuple(found[level]) for level in ("not_advised", "caution", "ask", "always")))


def speed_of(pace: Pace, months: float | None, content: Content | None = None) -> m.TaperSpeed:
    """The described speed that these steps begin with. Raises UnsafeSpeedError with the sources when none allows them."""
    content = content or load_content()
    needs_months = None
    for speed in _speeds(content):
        doses = [Fraction(1)]
        for _ in range(_window(speed, pace)):
            doses.append(_next(doses[-1], doses[0], pace, speed))
        if not all(_allowed(doses, n, pace, speed) for n in range(1, len(doses))):
            continue
        if speed.under_months is None or (months is not None and months < speed.under_months):
            return speed
        needs_months = needs_months or speed
    said = f"{pace.percent:g}% every {pace.every_weeks:g} week{'' if pace.every_weeks == 1 else 's'}"
    if needs_months is not None:
        known = (
            "how long the opioid was taken is not known" if months is None else f"it was taken for {months:g} months"
        )
        why = f"this is only for less than {needs_months.under_months:g} months of use, and {known}"
    else:
        why = "faster than any taper that a source describes; risks are withdrawal, distress, suicide, other supplies"
    raise _unsafe(f"{said}: {why}", content)


def _speeds(content: Content) -> tuple[m.TaperSpeed, ...]:
    return tuple(content.taper_speeds.values())


def _unsafe(why: str, content: Content) -> UnsafeSpeedError:
    described = "; ".join(f"{speed.title.lower()}: {speed.says}" for speed in _speeds(content))
    cites = tuple(cite for speed in _speeds(content) for cite in speed.source)
    return UnsafeSpeedError(f"{why}. Go slower, hold, or consider buprenorphine. Described are: {described}", cites)


def _window(speed: m.TaperSpeed, pace: Pace) -> int:
    """How many steps may fall into the weeks that a speed speaks of."""
    return ceil(Fraction(str(speed.in_weeks)) / pace.weeks)


def _next(dose: Fraction, first: Fraction, pace: Pace, speed: m.TaperSpeed) -> Fraction:
    turned = speed.of_first_above is not None and dose <= first * Fraction(str(speed.of_first_above)) / 100
    return dose * (1 - pace.part) if pace.of == "current" or turned else max(dose - first * pace.part, Fraction())


def _cut(doses: list[Fraction], n: int, pace: Pace, speed: m.TaperSpeed) -> Fraction:
    """What step ``n`` brings the cut to within the weeks that a speed speaks of: percent of the dose they began with, or
    of the first dose where the speed says so."""
    before = doses[max(n - _window(speed, pace), 0)]
    by_first = speed.of_first_above is not None and before > doses[0] * Fraction(str(speed.of_first_above)) / 100
    return (before - doses[n]) / (doses[0] if by_first else before) * 100


def _allowed(doses: list[Fraction], n: int, pace: Pace, speed: m.TaperSpeed) -> bool:
    return _cut(doses, n, pace, speed) <= Fraction(str(speed.most_percent))


def start_of(case: Case) -> Start:
    """The opioid for pain that a case takes now, in its own unit; in MME where there are several. Raises TaperError."""
    mme = case.facts.mme
    counted = mme.counted
    if mme.not_calculable:
        names = ", ".join(line.label for line in mme.not_calculable)
        raise TaperError(f"{names}: the daily dose is not known or has no factor, so there is nothing to start from")
    if not counted:
        apart = "; medicine for OUD and buprenorphine are not tapered here" if mme.not_counted else ""
        raise TaperError(f"no opioid for pain with a known dose is in the case{apart}")
    remarks = [
        f"{line.label}: as needed, counted at the most allowed in a day" for line in counted if line.lo != line.hi
    ]
    if len(counted) == 1:
        line = counted[0]
        factor, high = line.factor, line.hi
        if factor and high:
            return Start(
                _plain(_exact(high) / _exact(factor)), _unit_of(line, case), line.label, factor, tuple(remarks)
            )
    remarks.append("Several opioids: which one is lowered first is decided together; the table holds their sum")
    total = sum((_exact(line.hi or 0) for line in counted), Fraction())
    if not total:
        raise TaperError("the daily dose is 0: there is nothing to start from")
    return Start(_plain(total), "MME/day", "all opioids for pain", 1.0, tuple(remarks))


def schedule(
    start: Start,
    pace: Pace,
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
    _check(start, pace, steps, tablet)
    speed = speed_of(pace, months, content)
    first = _exact(start.amount)
    piece = _exact(tablet) if tablet is not None else None
    exact, doses = first, [first]
    too_fast = False
    while len(doses) <= (steps or _steps_shown(pace, speed)):
        exact = _next(exact, first, pace, speed)
        doses.append(exact if piece is None else min(ceil(exact / piece) * piece, doses[-1]))
        if not _allowed(doses, len(doses) - 1, pace, speed):
            too_fast = True
            break
    ends = _ends(doses, pace, speed, tablet)
    if too_fast:
        doses.pop()
    if doses[-1] == first:
        raise _unsafe(f"tablets of {tablet:g} are too large for a step of this taper", content)
    made = tuple(_step(n, n * pace.weeks, doses[n], doses[n - 1], first, start) for n in range(1, len(doses)))
    return Schedule(start, pace, speed, tablet, made, ends)


def _steps_shown(pace: Pace, speed: m.TaperSpeed) -> int:
    """How many steps are shown when nobody said: of the first dose to their end, of the dose then taken a dozen."""
    if pace.of == "current":
        return STEPS_OF_CURRENT
    if speed.of_first_above is None:
        return min(ceil(1 / pace.part), MOST_STEPS)
    of_first = ceil((1 - Fraction(str(speed.of_first_above)) / 100) / pace.part)
    return min(of_first + STEPS_OF_CURRENT, MOST_STEPS)


def _ends(doses: list[Fraction], pace: Pace, speed: m.TaperSpeed, tablet: float | None) -> str:
    n = len(doses) - 1
    if not _allowed(doses, n, pace, speed):
        span = f"{speed.in_weeks:g} week{'' if speed.in_weeks == 1 else 's'}"
        cut = f"step {n} would take off {float(_cut(doses, n, pace, speed)):.0f}% within {span}, more than {speed.most_percent:g}%"
        if tablet is not None:
            return f"It ends here: with tablets of {tablet:g}, {cut}. A smaller strength, or hold and decide anew."
        zero = f"Zero would be step {ceil(1 / pace.part)}, but {cut}" if pace.of == "original" else cut.capitalize()
        return f"It ends here. {zero}. Go on with a percentage of the current dose, or hold and decide anew."
    never = (
        " A percentage of the current dose never reaches zero." if pace.of == "current" or speed.of_first_above else ""
    )
    return (
        f"Shown are {n} steps; a taper may end at any of them.{never} The step to none is decided at the lowest dose."
    )


def _step(number: int, weeks: Fraction, dose: Fraction, before: Fraction, first: Fraction, start: Start) -> Step:
    mme = None if start.mme_factor is None else _plain(dose * _exact(start.mme_factor))
    cut = (before - dose) / before * 100
    return Step(number, round(weeks * 7), _plain(dose), mme, _plain(dose / first * 100), _plain(cut), dose == before)


def _check(start: Start, pace: Pace, steps: int | None, tablet: float | None) -> None:
    if pace.of not in BASES:
        raise TaperError(f"of is '{pace.of}'; it must be current or original")
    numbers = {
        "the dose": (start.amount, 100_000),
        "percent": (pace.percent, 100),
        "weeks": (pace.every_weeks, 104),
        "the tablet": (tablet, 100_000),
    }
    for name, (value, most) in numbers.items():
        if value is not None and not (isfinite(value) and 0 < value <= most):
            raise TaperError(f"{name} is {value:g}; it must be more than 0 and at most {most:,}")
    if steps is not None and not 1 <= steps <= MOST_STEPS:
        raise TaperError(f"steps is {steps}; it must be 1 to {MOST_STEPS}")
    if tablet is not None and tablet > start.amount:
        raise TaperError(f"the tablet of {tablet:g} is more than the whole dose of {start.amount:g}")


def _unit_of(line: Line, case: Case) -> str:
    for entry in case.profile.medicines:
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
