"""`trends`: dated values of one person, in order, with direction and whether the change means something.

Nothing is filled in: a value without a full day, or with an item unanswered, stands apart and is not drawn. Two
different values of one day leave that day out. Source: rows D-PEG, D-NRS, D-PHQ9, K2, M3 to M7 of the facts sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from ..content import Content
from ..content import models as m
from ..content.plain import picked, plain
from ..facts.scores import band, total
from ..language import Range
from ..profile import Observation, span
from ..review.audience import withheld
from ..review.case import Case

Direction = Literal["better", "worse", "no_clear_change", "higher", "lower", "same"]
DIRECTION_WORDS: dict[Direction, str] = {
    "better": "better",
    "worse": "worse",
    "no_clear_change": "no clear change",
    "higher": "higher",
    "lower": "lower",
    "same": "the same",
}


class Point(NamedTuple):
    """One value on one day, and the profile path that it comes from."""

    day: date
    value: float
    path: str


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind over time, oldest first: at least two. ``change`` is last minus first, ``percent`` of the
    first (None from 0). ``crossed`` are the lines between first and last; ``left_out`` what could not be used, and why."""

    record: m.Trend
    points: tuple[Point, ...]
    direction: Direction
    since_last: Direction
    change: float
    percent: float | None
    crossed: tuple[m.TrendLine, ...]
    bands: tuple[str, str] | None
    left_out: tuple[str, ...]

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def origin(self) -> tuple[str, ...]:
        """The profile paths of the values."""
        return tuple(point.path for point in self.points)

    def to_dict(self) -> dict[str, Any]:
        """The series as JSON data."""
        points = [plain((point.day, point.value)) for point in self.points]
        told = picked(self, "direction", "since_last", "change", "percent", "left_out")
        return {**picked(self.record, "id", "title"), "points": points, **told}


@withheld(())
def trends(case: Case) -> tuple[Series, ...]:
    """Every kind of value that was measured on two days or more up to ``as_of``, in the order of the content."""
    found = (_series(record, case) for record in case.content.trends.values())
    return tuple(series for series in found if series is not None)


def _series(record: m.Trend, case: Case) -> Series | None:
    facts, content = case.facts, case.content
    left_out: list[str] = []
    by_day: dict[date, list[Point]] = {}
    for n, entry in enumerate(facts.profile.observations):
        if entry.measure in record.measures:
            told = _point(n, entry, facts.as_of, content)
            if isinstance(told, str):
                left_out.append(told)
            else:
                by_day.setdefault(told.day, []).append(told)
    now = facts.values.get(record.now_from) if record.now_from else None
    if isinstance(now, Range) and now.lo == now.hi > 0 and facts.as_of is not None:
        by_day[facts.as_of] = [Point(facts.as_of, now.lo, "medicines")]
    points = []
    for day in sorted(by_day):
        values = {point.value for point in by_day[day]}
        if len(values) > 1:
            left_out.append(f"{day}: two different values on one day")
        else:
            points.append(by_day[day][0])
    if len(points) < 2:
        return None
    first, last = points[0].value, points[-1].value
    change = round(last - first, 4)
    percent = round(change / first * 100, 1) if first else None
    crossed = tuple(line for line in record.lines if (first >= line.at) != (last >= line.at))
    return Series(
        record=record,
        points=tuple(points),
        direction=direction(record, first, last),
        since_last=direction(record, points[-2].value, last),
        change=change,
        percent=percent,
        crossed=crossed,
        bands=_bands(record, first, last, content),
        left_out=tuple(left_out),
    )


def _point(n: int, entry: Observation, as_of: date | None, content: Content) -> Point | str:
    """The value of an entry, or why it has none."""
    when = entry.date or "undated"
    day, last = span(entry.date) if entry.date is not None else (None, None)
    if day is None or day != last:
        return f"{when}: the day is not known"
    if as_of is None or day > as_of:
        return f"{when}: after the day of this case, or that day is not known"
    if instrument := content.instruments.get(entry.measure):
        try:
            score = total(instrument, entry.items, entry.value if isinstance(entry.value, float) else None)
        except ValueError as error:
            return f"{when}: {error}"
        if score.lo != score.hi:
            return f"{when}: some items are not answered"
        return Point(day, round(score.lo, 4), f"observations.{n}")
    return Point(day, entry.value, f"observations.{n}") if isinstance(entry.value, float) else f"{when}: no number"


def direction(record: m.Trend, before: float, after: float) -> Direction:
    """Which way a value went. Better and worse only where a change of that size means something, and a way is better."""
    if after == before:
        return "same"
    way: Direction = "lower" if after < before else "higher"
    if record.lower_is == "neither" or (record.percent is None and record.points is None):
        return way
    judged: Direction = "better" if (way == "lower") == (record.lower_is == "better") else "worse"
    return judged if _means_something(record, before, after) else "no_clear_change"


def _means_something(record: m.Trend, before: float, after: float) -> bool:
    size = abs(after - before)
    if record.points is not None:
        return round(size, 6) >= record.points
    assert record.percent is not None
    # From 0 any rise is more than every percentage of it.
    return before == 0 or round(size / before * 100, 6) >= record.percent


def _bands(record: m.Trend, first: float, last: float, content: Content) -> tuple[str, str] | None:
    instrument = content.instruments.get(record.measures[0])
    if instrument is None or not instrument.bands:
        return None
    names = {b.id: b.label for b in instrument.bands}
    ends = [band(instrument, Range(value, value)) for value in (first, last)]
    return (names[ends[0][0]], names[ends[1][0]]) if all(ends) else None


def say_value(record: m.Trend, value: float) -> str:
    """A value as the page shows it."""
    return f"{value:.{record.decimals}f}".rstrip("0").rstrip(".") if record.decimals else f"{value:g}"


def in_words(series: Series) -> str:
    """The whole series in one sentence: the twin of its picture."""
    values = ", ".join(f"{say_value(series.record, p.value)} on {p.day}" for p in series.points)
    return f"{series.record.title}: {values}. First to last: {DIRECTION_WORDS[series.direction]}."


def corners(series: Series, wide: int, high: int) -> Iterator[tuple[float, float]]:
    """The points in a picture of that size: days to the right, higher values up."""
    days = [p.day.toordinal() for p in series.points]
    low, top = limits(series)
    for point in series.points:
        x = (point.day.toordinal() - days[0]) / (days[-1] - days[0]) * wide
        yield round(x, 1), level(point.value, low, top, high)


def limits(series: Series) -> tuple[float, float]:
    """The lowest and highest value that a picture has to hold: the values, and the lines that they are near."""
    values = [p.value for p in series.points]
    near = [line.at for line in series.record.lines if min(values) * 0.5 <= line.at <= max(values) * 1.5]
    low, top = min([*values, *near]), max([*values, *near])
    return (low, top) if top > low else (low - 1, top + 1)


def level(value: float, low: float, top: float, high: int) -> float:
    """How far down a value stands in a picture that is ``high``."""
    return round(high - (value - low) / (top - low) * high, 1)
