"""From when to when a dosage line holds, by its own words: the bounds of its timing, dates in its text, or its length as a
course from the day on which it begins."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ..intake.pdmp_cells import day_of, orders_in
from . import plain
from .instructions import instructions_of
from .plain import Data, Days, number, obj

_LONGEST, _LAST_YEAR = 3660, 9900
_DATE = r"(\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|[a-z]{3,9}\.? \d{1,2},? \d{4})(?![\d/])"
_FILL = (
    r"(?:(?:do not|don't|not to be|may not be|cannot be|dnf:?) ?(?:fill(?:ed)?|dispensed?|released?|sold)?|dnf)"
    r" ?(?:until|till|before|prior to|sooner than)"
    r"|(?:earliest|first|next) (?:fill|dispense)(?: date)?"
    r"|(?:may |ok(?:ay)? to |can |to )?(?:be )?(?:fill(?:ed)?|dispensed?) (?:on or after|on/after|after|on|date)"
    r"|(?:ok(?:ay)? to|may) fill|not valid (?:until|before)"
)
_BEGIN = r"start(?:s|ing)?|begin(?:s|ning)?|from|effective|not before"
_STARTS = re.compile(rf"\b(?:{_BEGIN}|{_FILL})(?: on| date)?:? ?{_DATE}", re.I)
_STARTS_THIS_YEAR = re.compile(
    rf"\b(?:start(?:s|ing)|begin(?:s|ning)|effective|{_FILL})(?: on| date)?:? ?(\d{{1,2}}[/-]\d{{1,2}})(?![\d/-])", re.I
)
_FRACTIONS = ("1/2", "1/3", "2/3", "1/4", "3/4", "1/8")
_ENDS = re.compile(
    rf"\b(?:until|till?|through|thru|ends?|ending|stop(?:s|ping)?|discontinue|last dose|last day|end date)(?: on| date)?:? {_DATE}",
    re.I,
)
_FROM_TO = re.compile(rf"{_DATE} ?(?:-|–|to|until|through|thru) ?{_DATE}", re.I)
_NUMBERS = {
    n: i for i, n in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_COURSE = re.compile(
    rf"(?:\bfor|\bx|\btimes|×|\bduring)\s*(?:(?:up to|a total of|the|next|first|another)\s+)*(\d{{1,3}}|{'|'.join(_NUMBERS)})"
    r"\s*-?\s*(days?|d|weeks?|wks?)\b(?!\s*(?:a|per|each|every|out|of|on|off|/)\b)",
    re.I,
)
_GOES_ON = re.compile(
    r"\b(?:then|thereafter|afterwards?|after that|followed by|and continue|repeat|cycle|maintenance)\b"
    r"(?!\s*(?:stop|off|discontinue|d/?c)\b)",
    re.I,
)


class Bounds(NamedTuple):
    """What one dosage line says of when it holds: its first and last day, a first day that is written without its year, and
    for how many days."""

    first: Days | None
    without_year: str | None
    last: Days | None
    course: float | None


def bounds_of(line: Data) -> Bounds:
    """What a dosage line says of when it holds, by its timing, else by its texts."""
    told = instructions_of(line)
    texts = (told.said, *(one.said for one in told.more))
    period = obj(line, "timing", "repeat", "boundsPeriod")
    return Bounds(
        plain.days(period, "start") or _in_texts(texts, _STARTS, 1),
        _without_year(texts),
        plain.days(period, "end") or _in_texts(texts, _ENDS, 2),
        _course(line, texts),
    )


def start_of(lines: Sequence[Bounds], begins: Days | None = None) -> Days | None:
    """The first day on which any of the lines holds; None where one of them may hold now. ``begins`` is the day of the
    record, whose year a day without one is in."""
    found = [line.first or _this_year(line.without_year, begins) for line in lines]
    return min((f for f in found if f), default=None) if found and all(found) else None


def end_of(lines: Sequence[Bounds], begins: Days | None = None) -> Days | None:
    """The last day on which any of the lines holds; None where one of them has no end. A course that begins on ``begins``
    or on a day of its own ends when it is over; of several lines each may come after the others."""
    found = [line.last for line in lines]
    if not all(found) and begins is not None:
        known = [line.course for line in lines if line.course]
        if len(known) == len(lines):
            first = max(start_of(lines, begins) or begins, begins)  # a day before the record is of an earlier course
            length = timedelta(days=min(math.ceil(sum(known)), 3660))
            if first.last.year < 9900:
                return Days(first.first + length, first.last + length)
    return max((f for f in found if f), key=lambda f: f.last) if found and all(found) else None


def _course(line: Data, texts: Sequence[str]) -> float | None:
    """How many days a line holds, by its timing or its text; None where no length is said, or something follows it."""
    repeat = obj(line, "timing", "repeat")
    bound = plain.duration_days(obj(repeat, "boundsDuration")) or plain.duration_days(
        obj(repeat, "boundsRange", "high")
    )
    if bound:
        return bound
    if count := number(repeat, "countMax", 1e6) or number(repeat, "count", 1e6):
        period = plain.per_days(repeat.get("period"), repeat.get("periodUnit"))
        often = (number(repeat, "frequency", 1000) or 1.0) / period if period else 0.0
        return count / often if often else 1.0 if count == 1 else None
    lengths: list[float] = []
    for said in texts:
        if _GOES_ON.search(said):
            return None
        for many, unit in _COURSE.findall(said):
            days = float(many) if many.isdigit() else float(_NUMBERS[many.lower()])
            lengths.append(days * (7 if unit.lower().startswith("w") else 1))
    return sum(lengths) or None


def _in_texts(texts: Sequence[str], pattern: re.Pattern[str], place: int) -> Days | None:
    """The day behind such a word, if the texts name one such day; of two days with a dash between them, the one."""
    days: set[date] = set()
    for said in texts:
        if pattern is _ENDS:
            said = _STARTS.sub(" ", said)  # "do not fill until" is no end
        days |= {day for found in pattern.finditer(said) if (day := _day(found[1])) is not None}
        if between := _FROM_TO.search(said):
            days |= {day for day in [_day(between[place])] if day is not None}
    return Days(day := days.pop(), day) if len(days) == 1 else None


def _without_year(texts: Sequence[str]) -> str | None:
    """The day behind such a word that is written without its year, if the texts name one such day."""
    found = {m[1] for said in texts for m in _STARTS_THIS_YEAR.finditer(said) if m[1] not in _FRACTIONS}
    return found.pop() if len(found) == 1 else None


def _this_year(day_without: str | None, begins: Days | None) -> Days | None:
    """Such a day as the first one from the day of the record on."""
    if day_without is None or begins is None or begins.first.year > 9000:
        return None
    years = (begins.first.year, begins.first.year + 1)
    written = [day for year in years if (day := _day(f"{day_without.replace('-', '/')}/{year}")) is not None]
    # One that is a little before the record has begun with it, and is not of the next year.
    near = [day for day in written if (begins.first - day).days <= 180]
    return Days(near[0], near[0]) if near else None


def _day(written: str) -> date | None:
    return day_of(written, orders_in([written]))
