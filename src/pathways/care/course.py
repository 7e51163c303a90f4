"""The course of a medicine: since when it has been taken, and what dated urine results say of its first weeks.

For the estimates beside a plan; no rule reads it. What no date or result surely tells stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from ..content import models as m
from ..facts.membership import classes_in
from ..language import Range
from ..profile import Medicine, Profile, span
from ..review.case import Case
from .urine import FOUND, RECORDED, Result, read_urine

WORDS: Mapping[str, frozenset[bool]] = {
    "negative": frozenset({False}),
    "positive": frozenset({True}),
    "mixed": frozenset({True, False}),
}


def days_since_start(case: Case, course: m.Course) -> Range | None:
    """Least and most days since the course began; None when an entry of the list leaves it open, or none is taken."""
    profile = case.profile
    entries = [
        (entry, classes_in(case.content, entry)[course.medicine])
        for entry in profile.medicines
        if entry.state != "proposed"
    ]
    current = [entry for entry, member in entries if member and entry.state == "current"]
    if profile.as_of is None or not current or any(member is None for _, member in entries):
        return None
    if any(entry.start is None for entry in current):
        return None
    starts = [span(entry.start) for entry in current if entry.start is not None]
    first, last = min(first for first, _ in starts), min(last for _, last in starts)
    past = [entry for entry, member in entries if member and entry.state == "stopped"]
    for entry in sorted(past, key=_stopped, reverse=True):
        if entry.stop is None:
            return None
        stopped_first, stopped_last = span(entry.stop)
        gap = timedelta(days=course.gap_days)
        if stopped_last < first - gap:
            break  # an earlier course, and so are all that stopped before it
        if entry.start is None:
            return None
        began_first, began_last = span(entry.start)
        first = min(first, began_first)
        last = min(last, began_last) if stopped_first >= last - gap else last
    days = [(profile.as_of - day).days for day in (last, first)]
    return Range(max(days[0], 0), days[1]) if days[1] >= 0 else None


def _stopped(entry: Medicine) -> date:
    return span(entry.stop)[1] if entry.stop else date.max


def urine_of_week(case: Case, start: date, asked: m.UrineWeek) -> tuple[str, ...]:
    """What the week may have been: negative, positive or mixed; empty when no result bears on it."""
    if asked.week == 0:
        first, last = start - timedelta(days=asked.before), start
    else:
        first = start + timedelta(days=7 * (asked.week - 1))
        last = first + timedelta(days=6)
    days: dict[date, list[Result]] = {}
    for result in read_urine(case):
        if first <= result.day <= last:
            days.setdefault(result.day, []).append(result)
    return _week([day for results in days.values() if (day := _day(results, case.profile, asked))])


def _week(days: list[frozenset[bool]]) -> tuple[str, ...]:
    """Each day may have been positive, not positive, or either."""
    if not days:
        return ()
    ways: set[frozenset[bool]] = {frozenset()}
    for day in days:
        ways = {way | {one} for way in ways for one in day}
    return tuple(word for word, days_were in WORDS.items() if days_were in ways)


def _day(results: Iterable[Result], profile: Profile, asked: m.UrineWeek) -> frozenset[bool]:
    """Whether a day was positive: surely, surely not, either; empty when no test of that day bears on it."""
    found: list[frozenset[bool]] = []
    for result in results:
        value = profile.observations[result.place].value
        if value in FOUND and result.test.id in asked.found_by:
            found.append(_positive(result, profile) if asked.but_prescribed else frozenset({True}))
        elif value in RECORDED and result.test.id in asked.found_by:
            found.append(frozenset({True, False}))  # it does not say what was found, or was missed
        elif value not in FOUND and result.test.id in asked.absent_by:
            found.append(frozenset({False}))
    if frozenset({True}) in found:
        return frozenset({True})
    return frozenset[bool]().union(*found)


def _positive(result: Result, profile: Profile) -> frozenset[bool]:
    """Whether what was found is another opioid than the prescribed one."""
    if result.reading == "cannot_tell":
        return frozenset({True, False})
    behind = [profile.medicines[int(path.split(".")[1])] for b in result.because for path in b.origin]
    if result.reading == "unexpected" or not behind:
        return frozenset({True})  # nothing prescribed explains it, or the person has spoken of this use
    prescribed = {entry.source != "nonprescribed" for entry in behind}
    return frozenset(not one for one in prescribed)
