"""What items have shown, each by itself: a point and its interval, on one axis a unit. Nothing is added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...content import models as m
from .draw import LETTER, dot, lines, number, picture, rule, ticks, wrapped, write

WIDE, NAMES, NUMBERS = 760, 318, 150
ROW, AXIS, HEAD = 52, 34, 26


@dataclass(frozen=True)
class Shown:
    """One effect with its interval, and what it is about in words."""

    item: str
    about: str
    value: float
    lo: float
    hi: float
    unit: str
    scale: str


def can_be_drawn(effect: m.Effect) -> bool:
    """Whether the source was read and gives a number with an interval that holds it."""
    if effect.value is None or effect.lo is None or effect.hi is None or m.lowest(effect.source) == "recall":
        return False
    return effect.lo <= effect.value <= effect.hi


def interval_words(value: float, lo: float, hi: float) -> str:
    """A number with its interval, as the pages write it."""
    return f"{number(value)} ({number(lo)} to {number(hi)})"


def effects_picture(effects: Sequence[Shown]) -> Markup:
    """A panel a unit, with the line of no difference where the unit has one."""
    units = list(dict.fromkeys(one.unit for one in effects))
    parts: list[Markup] = []
    y = 0.0
    for unit in units:
        rows = [one for one in effects if one.unit == unit]
        parts += _panel(unit, rows, y)
        y += HEAD + ROW * len(rows) + AXIS
    return picture("effects", "Effects with their intervals, each item by itself", WIDE, y, parts)


NO_DIFFERENCE: Mapping[str, float] = {"difference": 0.0, "ratio": 1.0}
"""Where a scale has its line of no difference; a number of people to treat has none."""


def _panel(unit: str, rows: Sequence[Shown], top: float) -> Iterable[Markup]:
    none = NO_DIFFERENCE.get(rows[0].scale)
    base = 0.0 if none is None else none
    lo, hi = min([base, *(r.lo for r in rows)]), max([base, *(r.hi for r in rows)])
    margin = (hi - lo) * 0.06 or 1.0
    lo, hi = (lo - margin if lo < base else lo), hi + margin
    left, right = NAMES + 10.0, WIDE - NUMBERS - 10.0

    def at(value: float) -> float:
        return left + (right - left) * (value - lo) / (hi - lo)

    bottom = top + HEAD + ROW * len(rows)
    yield write(0, top + 17, unit, "pw-strong")
    yield rule(0, top + HEAD - 2, WIDE, top + HEAD - 2)
    if none is not None:
        yield rule(at(none), top + HEAD, at(none), bottom, "pw-none-line")
        beside = len(unit) * LETTER + 14
        free = at(none) - 40 > beside
        words = "no difference"
        yield write(
            at(none) if free else max(beside, at(none)),
            top + 17,
            words,
            "pw-small pw-soft",
            "middle" if free else "start",
        )
    for n, one in enumerate(rows):
        y = top + HEAD + ROW * n
        yield write(0, y + 15, one.item, "")
        yield lines(0, y + 30, wrapped(one.about, NAMES, 2, 6.3), "pw-small pw-soft", 14)
        yield rule(at(one.lo), y + 20, at(one.hi), y + 20, "pw-whisker")
        yield rule(at(one.lo), y + 15, at(one.lo), y + 25, "pw-whisker")
        yield rule(at(one.hi), y + 15, at(one.hi), y + 25, "pw-whisker")
        yield dot(at(one.value), y + 20, 5, "pw-part")
        yield write(WIDE - NUMBERS, y + 24, interval_words(one.value, one.lo, one.hi), "pw-small")
    yield rule(left, bottom, right, bottom, "pw-head-rule")
    for value in ticks(lo, hi, 5):
        yield rule(at(value), bottom, at(value), bottom + 4)
        yield write(at(value), bottom + 17, number(value), "pw-small", "middle")
