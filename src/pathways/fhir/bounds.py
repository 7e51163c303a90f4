"""From when to when a dosage line holds, by its own words: the bounds of its timing, or dates in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ..intake.pdmp_cells import day_of, orders_in
from . import plain
from .instructions import instructions_of
from .plain import Data, Days, obj

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
