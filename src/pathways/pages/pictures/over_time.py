"""Pain, function and use over time, one under the other on the same days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from .draw import dot, hatched, lines, number, path, picture, rule, wrapped, write

WIDE, NAMES, RIGHT, LANE, TOP = 720, 190, 44, 74, 8


@dataclass(frozen=True)
class Line:
    """Values of one kind by day, oldest first; ``at`` are lines drawn across."""

    title: str
    points: tuple[tuple[date, float], ...]
    words: tuple[str, ...]
    at: tuple[float, ...] = ()


@dataclass(frozen=True)
class Marks:
    """Things of one day each, with one of three readings: as expected, not as expected, cannot tell."""

    title: str
    points: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Lane:
    """A lane of the picture: its name, and what there is of it; with nothing it is drawn as not known."""

    title: str
    rows: tuple[Line | Marks, ...]


def over_time(lanes: Sequence[Lane]) -> Markup:
    """All lanes on one axis of days. Every value bears its number; a lane without any is hatched."""
    days = sorted({day for lane in lanes for row in lane.rows for day, _ in row.points})
    first, last = days[0], days[-1]
    long = max(1, (last - first).days)

    def at(day: date) -> float:
        return NAMES + 14 + (WIDE - RIGHT - NAMES - 14) * (day - first).days / long

    parts: list[Markup] = []
    y: float = TOP
    for lane in lanes:
        parts.append(write(0, y + 14, lane.title, "pw-strong"))
        for row in lane.rows:
            tall = LANE if isinstance(row, Line) else LANE / 2
            parts.append(
                lines(
                    0,
                    y + (31 if isinstance(row, Line) or row is lane.rows[0] else 14),
                    wrapped(row.title, NAMES - 12, 3, 6.4),
                    "pw-small pw-soft",
                    14,
                )
            )
            if isinstance(row, Line):
                parts += _line(row, at, y)
            else:
                parts += [_mark(reading, at(day), y + tall / 2) for day, reading in row.points]
            y += tall
        if not lane.rows:
            parts.append(hatched(NAMES, y + 6, WIDE - NAMES - 4, 24))
            parts.append(write(NAMES + 12, y + 22, "not known: not measured on two days", "pw-small pw-haloed"))
            y += 36
        parts.append(rule(0, y, WIDE - 4, y))
    below: list[Markup] = []
    shown: list[float] = []
    for day in [first, last, *days[1:-1]]:
        x = at(day)
        below.append(rule(x, TOP, x, y + 4, "pw-day"))
        if all(abs(x - other) > 78 for other in shown):
            below.append(write(x, y + 18, day.isoformat(), "pw-small", "middle"))
            shown.append(x)
    return picture("time", "Pain, function and use over time", WIDE, y + 24, [*below, *parts])


def _line(row: Line, at: Callable[[date], float], y: float) -> list[Markup]:
    values = [value for _, value in row.points]
    lo, hi = min([*values, *row.at]), max([*values, *row.at])
    lo, hi = (lo - 1, hi + 1) if lo == hi else (lo, hi)
    top, bottom = y + 24, y + LANE - 12

    def down(value: float) -> float:
        return bottom - (bottom - top) * (value - lo) / (hi - lo)

    spots = [(at(day), down(value)) for day, value in row.points]
    parts = [rule(NAMES, down(value), WIDE - RIGHT + 8, down(value), "pw-none-line") for value in row.at]
    parts += [write(WIDE - 4, down(value) + 4, number(value), "pw-small pw-soft", "end") for value in row.at]
    parts.append(path("M" + "L".join(f"{x:.1f} {height:.1f}" for x, height in spots), "pw-path"))
    for (x, height), words in zip(spots, row.words, strict=True):
        parts.append(dot(x, height, 4, "pw-part"))
        parts.append(write(x, height - 8, words, "pw-small pw-haloed", "middle"))
    return parts


def _mark(reading: str, x: float, y: float) -> Markup:
    if reading == "expected":
        return dot(x, y, 6, "pw-ring-t")
    if reading == "unexpected":
        return path(f"M{x:.1f} {y - 7:.1f}l8 14h-16z", "pw-diamond")
    return dot(x, y, 7, "pw-open-ring") + write(x, y + 4, "?", "pw-small", "middle")
