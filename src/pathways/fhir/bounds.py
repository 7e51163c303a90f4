"""From when to when a dosage line holds, by its own words: the bounds of its timing, or dates in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

from ..content import Content
from ..intake.pdmp_cells import day_of, orders_in
from . import plain
from .instructions import instructions_of
from .plain import Data, Days, obj
from .timing import times_of

_LONGEST, _LAST_YEAR = 3660, 9900
_DATE = r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|[a-z]{3,9}\.? \d{1,2},? \d{4})(?![\d/])"
_STARTS = re.compile(rf"\b(?:start(?:s|ing)?|begin(?:s|ning)?|from|effective|not before)(?: on| date)?:? {_DATE}", re.I)
_ENDS = re.compile(
    rf"\b(?:until|till?|through|thru|ends?|ending|stop(?:s|ping)?|discontinue|last dose|last day|end date)(?: on| date)?:? {_DATE}",
    re.I,
)
_FROM_TO = re.compile(rf"{_DATE} ?(?:-|–|to|until|through|thru) ?{_DATE}", re.I)


def start_of(lines: Sequence[Data]) -> Days | None:
    """The first day on which any of the lines holds; None where one of them may hold now."""
    found = [_start(line) for line in lines]
    return min((f for f in found if f), default=None) if found and all(found) else None


def end_of(lines: Sequence[Data]) -> Days | None:
    """The last day on which any of the lines holds; None where one of them has no end."""
    found = [_end(line) for line in lines]
    return max((f for f in found if f), key=lambda f: f.last) if found and all(found) else None


def end_by_length(lines: Sequence[Data], begins: Days | None, content: Content) -> Days | None:
    """The last day of an order that says for how long, or how often in all, it is taken, counted from the day that it
    begins; None where a line says neither, or the day is not known."""
    found = [_length(line, content) for line in lines]
    told = [days for days in found if days is not None]
    if begins is None or not told or len(told) < len(found):
        return None
    more = timedelta(days=max(told) - 1)
    return Days(begins.first + more, begins.last + more) if begins.last.year < _LAST_YEAR else None


def _length(line: Data, content: Content) -> int | None:
    """Days that a line goes on from its first: its duration, or the doses that it counts over those of a day. As needed,
    a number of doses may last longer."""
    timing = obj(line, "timing")
    repeat = obj(timing, "repeat")
    found = [plain.duration_days(obj(repeat, "boundsDuration"))]
    bounds = obj(repeat, "boundsRange")
    if bounds:
        unit = obj(bounds, "low").get("code") or obj(bounds, "low").get("unit")
        found.append(plain.duration_days({"code": unit, **obj(bounds, "high")}))
    counted = max((n for name in ("count", "countMax") if (n := plain.number(repeat, name))), default=None)
    needed = line.get("asNeededBoolean") or line.get("asNeeded") or line.get("asNeededCodeableConcept")
    if counted is not None and not needed:
        times = times_of(timing, [], [], content)
        found.append(1.0 if counted == 1 else counted / times.lo if times is not None and times.lo else None)
    days = [ceil(days) for days in found if days is not None and 0 < days <= _LONGEST]
    return min(days, default=None)


def _start(line: Data) -> Days | None:
    return plain.days(obj(line, "timing", "repeat", "boundsPeriod"), "start") or _in_text(line, _STARTS, 1)


def _end(line: Data) -> Days | None:
    return plain.days(obj(line, "timing", "repeat", "boundsPeriod"), "end") or _in_text(line, _ENDS, 2)


def _in_text(line: Data, pattern: re.Pattern[str], place: int) -> Days | None:
    """The day behind such a word, if the text names one such day; of two days with a dash between them, the one."""
    days: set[date] = set()
    told = instructions_of(line)
    for said in (told.said, *(one.said for one in told.more)):
        days |= {day for found in pattern.finditer(said) if (day := _day(found[1])) is not None}
        if between := _FROM_TO.search(said):
            days |= {day for day in [_day(between[place])] if day is not None}
    return Days(day := days.pop(), day) if len(days) == 1 else None


def _day(written: str) -> date | None:
    return day_of(written, orders_in([written]))
