"""Dated observations of one person: which may be the newest, which comes next, and what a date known in part says.

What was observed has happened, so a month or year that is not over is read up to today; what is planned has not, so it
is read from today on. A date that surely lies in the future is reported and not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..content import Content
from ..content import models as m
from ..intake.units import believed, unbelieved
from ..language import Range, Value
from ..profile import Observation, Profile, span

ADULT = 18
Days = tuple[date, date, tuple[str, ...]]
"""The first and the last day that something may be on, and the profile paths that say so."""


def within(when: str | None, as_of: date | None, days: int) -> bool | None:
    """Whether a date lies in the last ``days`` days, both ends included; None when it may or may not.

    A date in the future is not within. Without ``as_of``, or without a date, it cannot be told.
    """
    if when is None or as_of is None:
        return None
    return span_within(*span(when), as_of, days)


def span_within(first: date, last: date, as_of: date, days: int) -> bool | None:
    """`within` for a day known to lie from ``first`` to ``last``."""
    oldest = earlier(as_of, days)
    if first > as_of or last < oldest:
        return False
    return True if first >= oldest else None


def earlier(day: date, days: float) -> date:
    """The day that many days earlier (later, if negative), within what a calendar can hold."""
    return date.fromordinal(min(max(day.toordinal() - int(days), 1), date.max.toordinal()))


def span_of(measure: m.Measure, entry: Observation) -> tuple[float, float]:
    """The least and the most that a number with a value, or with a limit, may be."""
    assert measure.lo is not None and measure.hi is not None
    if entry.value is not None:
        return float(entry.value), float(entry.value)
    return (
        measure.lo if entry.at_least is None else entry.at_least,
        measure.hi if entry.at_most is None else entry.at_most,
    )


def is_adult(profile: Profile, content: Content) -> bool | None:
    """Whether the person is 18 or older, by the age that was answered."""
    age = profile.answers.get(content.known("answer", "age in years"))
    if isinstance(age, tuple) and len(age) == 2:
        least, most = float(age[0]), float(age[1])
        return True if least >= ADULT else False if most < ADULT else None
    return float(age) >= ADULT if isinstance(age, (int, float)) else None


def to_settle(profile: Profile, content: Content) -> Iterator[tuple[int, str, str]]:
    """The observations that are errors to settle, each with its place, its measure and why: a value that nobody has, or a
    day that is still to come."""
    adult, today = is_adult(profile, content), profile.as_of
    crossed = _crossed(profile, content)
    for n, entry in enumerate(profile.observations):
        measure = content.measures.get(entry.measure)
        if measure and (reason := _unbelieved(measure, entry, adult) or crossed.get(n, "")):
            yield n, entry.measure, reason
        elif entry.date and today and span(entry.date)[0] > today and not (measure and measure.planned):
            known = measure or content.instruments.get(entry.measure)
            if known is not None:
                label = measure.label if measure else content.instruments[entry.measure].short
                yield (
                    n,
                    entry.measure,
                    f"{label} is dated {entry.date}, after the day of review, {today}: check the date",
                )


def _unbelieved(measure: m.Measure, entry: Observation, adult: bool | None) -> str:
    if measure.type != "number" or not isinstance(entry.value, float):
        return ""
    lo, hi = believed(measure, adult)
    return "" if lo <= entry.value <= hi else unbelieved(measure, entry.value)


def _crossed(profile: Profile, content: Content) -> dict[int, str]:
    """The places of two values of one day of which the lower one is not below the other, with the sentence on them. A day on
    which one of them was measured more than once is left alone: which two belong together is not told."""
    by_day: dict[tuple[str, str | None], list[int]] = {}
    for n, entry in enumerate(profile.observations):
        if isinstance(entry.value, float):
            by_day.setdefault((entry.measure, entry.date), []).append(n)
    found: dict[int, str] = {}
    for (id, day), places in by_day.items():
        measure = content.measures.get(id)
        others = by_day.get((measure.below, day), []) if measure and measure.below else []
        if measure and measure.below and len(places) == len(others) == 1:
            low, high = (profile.observations[n].value for n in (places[0], others[0]))
            if isinstance(low, float) and isinstance(high, float) and low >= high:
                other = content.measures[measure.below]
                said = f"{measure.label} {low:g} with {other.label.lower()} {high:g}: an error to settle, not used"
                found |= {places[0]: said, others[0]: said}
    return found


class NotUsed(NamedTuple):
    """What the profile holds and no fact could use: its place in the profile, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class _Seen(NamedTuple):
    place: int
    entry: Observation
    first: date
    last: date


class Observed:
    """The observations of a profile, by measure. ``not_used`` is told what no fact can use, and why."""

    def __init__(self, profile: Profile, content: Content, not_used: list[NotUsed]) -> None:
        self.profile = profile
        self.not_used = not_used
        self.seen: dict[str, list[_Seen]] = {}
        self.unread: list[_Seen] = []
        today = profile.as_of
        adult, crossed = is_adult(profile, content), _crossed(profile, content)
        for n, entry in enumerate(profile.observations):
            measure = content.measures.get(entry.measure)
            if measure and (reason := _unbelieved(measure, entry, adult) or crossed.get(n, "")):
                not_used.append(NotUsed(f"observations.{n}", reason))
                entry = entry.model_copy(update={"value": None})
            # One without a date may be from any day up to today.
            first, last = span(entry.date) if entry.date else (date.min, date.max)
            if entry.measure == "unrecognized":
                not_used.append(NotUsed(f"observations.{n}", "not recognized"))
            elif entry.date is None:
                not_used.append(NotUsed(f"observations.{n}", f"{entry.measure} has no date"))
            elif today is None:
                not_used.append(NotUsed(f"observations.{n}", "the case has no as_of date to reckon from"))
            elif first > today and not (entry.measure in content.measures and content.measures[entry.measure].planned):
                not_used.append(NotUsed(f"observations.{n}", f"{entry.measure} is dated in the future ({entry.date})"))
            if today is None or first > today:
                continue
            seen = _Seen(n, entry, first, min(last, today))
            (self.unread if entry.measure == "unrecognized" else self.seen.setdefault(entry.measure, [])).append(seen)

    def newest(self, measure: str, valid_days: int | None) -> list[tuple[int, Observation]] | None:
        """The entries of a measure that may be its newest: several if of one day, or of dates known only in part.

        None when there is none, when an entry that cannot be read may be newer, or when it may no longer be valid.
        """
        found = self._candidates(measure)
        today = self.profile.as_of
        if not found or today is None:
            return None
        oldest = earlier(today, valid_days) if valid_days is not None else date.min
        if max(seen.first for seen in found) < oldest:
            word = "may be" if max(seen.last for seen in found) >= oldest else "is"
            self.not_used.append(
                NotUsed(f"observations.{found[0].place}", f"{measure} {word} older than {valid_days} days")
            )
            return None
        return [(seen.place, seen.entry) for seen in found]

    def may_have(self, measure: str, valid_days: int | None) -> bool:
        """Whether there may be a valid entry of a measure: one that is not surely too old, or one that cannot be read."""
        today = self.profile.as_of
        if today is None:
            return any(entry.measure in (measure, "unrecognized") for entry in self.profile.observations)
        oldest = earlier(today, valid_days) if valid_days is not None else date.min
        return any(seen.last >= oldest for seen in (*self.seen.get(measure, ()), *self.unread))

    def _candidates(self, measure: str) -> list[_Seen]:
        seen = self.seen.get(measure)
        if not seen:
            return []
        newest = max(s.first for s in seen)
        return [] if any(s.last >= newest for s in self.unread) else [s for s in seen if s.last >= newest]

    def last(self, measure: str) -> Days | None:
        """When the newest entry of a measure was; None when there is none, or one that cannot be read may be newer."""
        found = self._candidates(measure)
        if not found:
            return None
        paths = tuple(f"observations.{seen.place}" for seen in found)
        return max(seen.first for seen in found), max(seen.last for seen in found), paths

    def next(self, measure: str) -> Days | None:
        """When the next planned event of a measure is; None when none is known."""
        today = self.profile.as_of
        if today is None:
            return None
        coming, sooner = [], False
        for n, entry in enumerate(self.profile.observations):
            first, last = span(entry.date) if entry.date else (date.min, date.max)
            if last < today:
                continue
            if entry.measure == measure and entry.date:
                coming.append((max(first, today), last, n))
            elif entry.measure in (measure, "unrecognized"):
                sooner = True  # one that cannot be read, or has no date, may come before the others
        if not coming:
            return None
        first, _, place = min(coming)
        return (today if sooner else first), min(last for _, last, _ in coming), (f"observations.{place}",)


def meant(means: m.Implied, value: Value) -> bool | None:
    """Whether what is measured is what a group is implied from; None where it may be, or is not known."""
    if means.options:
        options = frozenset(means.options)
        if not isinstance(value, frozenset) or not value or not (value <= options or value.isdisjoint(options)):
            return None
        return value <= options
    if not isinstance(value, Range):
        return None
    if means.least is not None:
        return True if value.lo >= means.least else False if value.hi < means.least else None
    assert means.most is not None
    return True if value.hi <= means.most else False if value.lo > means.most else None
