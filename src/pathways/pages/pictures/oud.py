"""The criteria of opioid use disorder: which are met, which are not, which nobody asked, and how many that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...content.models import Instrument
from ...language import Range
from .draw import box, hatched, path, picture, rule, span_words, write

State = Literal["met", "not_met", "open", "not_counted"]
STATE_WORDS: dict[State, str] = {
    "met": "met",
    "not_met": "not met",
    "open": "not known",
    "not_counted": "present, not counted",
}
WIDE, ROW, CELL = 560, 21, 40
AXIS_LEFT, AXIS_RIGHT = 12, 548


@dataclass(frozen=True)
class Criterion:
    """One criterion, and what is known of it."""

    label: str
    state: State


def criteria_picture(criteria: Sequence[Criterion], count: Range, instrument: Instrument) -> Markup:
    """The criteria one by one, and their number on the scale of severity: solid what is surely met, hatched what may be."""
    parts: list[Markup] = []
    for n, one in enumerate(criteria):
        y = 6 + n * ROW
        parts.append(_cell(one.state, 2, y))
        parts.append(write(CELL + 8, y + 12, one.label, "pw-small"))
        parts.append(write(WIDE - 4, y + 12, STATE_WORDS[one.state], "pw-small pw-soft", "end"))
    top = 6 + len(criteria) * ROW + 30
    step = (AXIS_RIGHT - AXIS_LEFT) / (instrument.hi - instrument.lo + 1)

    def at(value: float) -> float:
        """Where the place of so many criteria begins."""
        return AXIS_LEFT + step * (value - instrument.lo)

    words = f"{span_words(count.lo, count.hi)} of {instrument.hi:g} met"
    parts.append(write(2, top - 12, words, "pw-strong"))
    parts.append(box(AXIS_LEFT, top, AXIS_RIGHT - AXIS_LEFT, 22, "pw-bed"))
    parts.append(box(at(1), top, at(count.lo + 1) - at(1), 22, "pw-part") if count.lo else Markup(""))
    parts.append(hatched(at(count.lo + 1), top, at(count.hi + 1) - at(count.lo + 1), 22))
    for value in range(int(instrument.lo), int(instrument.hi) + 1):
        parts.append(rule(at(value + 1), top, at(value + 1), top + 22))
        parts.append(write(at(value) + step / 2, top + 37, str(value), "pw-small", "middle"))
    for band in instrument.bands:
        left, right = at(band.lo) + 3, at(band.hi + 1) - 3
        parts.append(path(f"M{left:.1f} {top + 43}v5H{right:.1f}v-5", "pw-bracket"))
        parts.append(write((left + right) / 2, top + 62, band.label, "pw-small", "middle"))
    return picture("oud", f"{instrument.short}: {words}", WIDE, top + 70, parts)


def _cell(state: State, x: float, y: float) -> Markup:
    """The sign of a state: a tick, a blank, a hatching, or a tick crossed out."""
    if state == "open":
        return hatched(x, y, CELL - 8, 16)
    tick = path(f"M{x + 10} {y + 8}l4 4l8 -8", "pw-tick-on" if state == "met" else "pw-tick-off")
    if state == "met":
        return box(x, y, CELL - 8, 16, "pw-part") + tick
    if state == "not_counted":
        return box(x, y, CELL - 8, 16, "pw-bed") + tick + rule(x, y + 16, x + CELL - 8, y, "pw-cross")
    return box(x, y, CELL - 8, 16, "pw-bed")
