"""How often a dose is taken, by the structured timing of a dosage line: its code, its numbers, times of day and days of
the week, which have to say the same."""

from __future__ import annotations

from ..content import Content
from ..intake.dose_text import Span, times_in
from . import plain
from .dosage_text import agree
from .plain import Data, concept, number, obj

_CODES = {
    "qd": 1.0,
    "daily": 1.0,
    "am": 1.0,
    "pm": 1.0,
    "qhs": 1.0,
    "hs": 1.0,
    "bed": 1.0,
    "bid": 2.0,
    "tid": 3.0,
    "qid": 4.0,
    "qod": 0.5,
    "wk": 1 / 7,
    "mo": 1 / 30,
    "q1h": 24.0,
    "q2h": 12.0,
    "q3h": 8.0,
    "q4h": 6.0,
    "q6h": 4.0,
    "q8h": 3.0,
    "q12h": 2.0,
    "q24h": 1.0,
}


def times_of(timing: Data, notes: list[str], conflicts: list[str], content: Content) -> Span | None:
    """Intakes a day; None where the timing says nothing. The code and the repeat have to say the same."""
    repeat = obj(timing, "repeat")
    found = _repeat(repeat, notes, conflicts)
    named = concept(timing, "code")
    words = [c.code.lower() for c in named.codes] + [t.lower() for t in named.texts]
    coded = next((Span(_CODES[w], _CODES[w]) for w in words if w in _CODES), None)
    if coded is None and named.text:
        coded = times_in(named.text, content)
    if found is None or coded is None or (agree(found.hi, coded.hi) and agree(found.lo, coded.lo)):
        return coded if found is None else found
    if coded.lo == 0 and agree(found.hi, coded.hi):
        return coded  # "every 6 hours PRN" over once in 6 hours: as needed, up to that often
    if found.hi is not None and coded.hi is not None and max(found.hi, coded.hi) > 1.01:
        told = f"{coded.hi:g} a day by its code, {found.hi:g} by its numbers"
        conflicts.append(f"how often does not agree with itself, neither is used: {told}")
    return found


def _repeat(repeat: Data, notes: list[str], conflicts: list[str]) -> Span | None:
    week = {d for d in plain.strings(repeat, "dayOfWeek") if d}
    week = week if len(week) < 7 else set()
    part_of_week = len(week) / 7 if week else 1.0
    times = len(set(plain.strings(repeat, "timeOfDay")))
    unit = repeat.get("periodUnit")
    period, longest = plain.per_days(repeat.get("period"), unit), plain.per_days(repeat.get("periodMax"), unit)
    events = len({w for w in plain.strings(repeat, "when") if w})
    if period is None:
        if times:
            return Span(times * part_of_week, times * part_of_week)
        if "period" in repeat or "periodUnit" in repeat:
            notes.append("how often is not understood")
            return None
        if events:
            return Span(events * part_of_week, events * part_of_week)
        if "frequency" in repeat:
            notes.append("a frequency without a period")
        return None
    few = number(repeat, "frequency", 1000)
    if few is None:
        if repeat.get("frequency") is not None:
            notes.append("how often is not understood")
            return None
        few = 1.0  # FHIR: the default
    if few == 0:
        notes.append("a frequency of 0 says nothing")
        return None
    many = max(few, number(repeat, "frequencyMax", 1000) or few)
    if few == many == 1 <= period and max(times, events) > 1:
        few = many = float(max(times, events))  # FHIR: tied to the union of the times and events
    elif times and not _fit(times, few, many, period):
        conflicts.append("how often and the times of day do not agree, neither is used")
        return None
    if week and period > 1:
        if not _on_days(len(week), few, many, period):
            conflicts.append("how often and the days of the week do not agree, neither is used")
            return None
        part_of_week = 1.0  # the frequency counts the days already
    lo, hi = few / max(longest or period, period), many / period
    return Span(lo * part_of_week, hi * part_of_week)


def _fit(times: int, few: float, many: float, period: float) -> bool:
    """Whether a frequency can be that of so many times of day: as many in a day, or in each of some days of a longer
    period."""
    if period <= 1:
        return few / period - 0.01 <= times <= many / period + 0.01
    return any(n % times == 0 for n in range(round(few), round(many) + 1))


def _on_days(days: int, few: float, many: float, period: float) -> bool:
    """Whether a frequency in a period of weeks is that of its days of the week: once (or several times) on each of them.
    "Once a week on Monday, Wednesday and Friday" may be one of them or all, and every second day is no day of the week."""
    return period % 7 == 0 and any(n % days == 0 for n in range(round(few), round(many) + 1) if n)
