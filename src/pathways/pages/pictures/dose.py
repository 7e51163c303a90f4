"""The opioid dose as a bar: what was counted, what is open, and the lines that guidelines draw."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...content.models import MmeMark
from ...facts.mme import Line, MmeResult
from .draw import LETTER, box, hatched, number, picture, round_up, rule, span_words, ticks, write

WIDE, LEFT, RIGHT = 560, 10, 20
TOP, BAR = 58, 34


def mme_bar(dose: MmeResult, marks: Sequence[MmeMark], upper: float | None) -> Markup:
    """The bar of a daily dose. ``upper`` is the upper bound, None where it is not known: then the bar is open to the right.

    Each opioid is a part with its number in the table; what is taken as needed is hatched from its least to its most.
    """
    lo = dose.lo or 0.0
    end = round_up(max([100.0, lo * 1.1, (upper or lo) * 1.1, *(mark.at * 1.1 for mark in marks)]))
    room = WIDE - LEFT - RIGHT

    def at(value: float) -> float:
        return LEFT + room * value / end

    parts = [box(LEFT, TOP, room, BAR, "pw-bed")]
    x = 0.0
    for n, part in enumerate(dose.counted, 1):
        if part.lo:
            parts.append(box(at(x), TOP, at(x + part.lo) - at(x), BAR, "pw-part" if n % 2 else "pw-part pw-part-2"))
            if at(x + part.lo) - at(x) > 14:
                parts.append(write(at(x + part.lo / 2), TOP + BAR / 2 + 4, str(n), "pw-on", "middle"))
            x += part.lo
    if upper is None:
        parts.append(hatched(at(lo), TOP, LEFT + room - at(lo), BAR))
        parts.append(_said_on(at(lo), LEFT + room, "upper bound not known"))
    elif upper > lo:
        parts.append(hatched(at(lo), TOP, at(upper) - at(lo), BAR))
        parts.append(_said_on(at(lo), at(upper), "as needed"))
    parts += [rule(at(value), TOP + BAR, at(value), TOP + BAR + 5) for value in ticks(0, end)]
    parts += [write(at(value), TOP + BAR + 19, number(value), "pw-small", "middle") for value in ticks(0, end)]
    # The highest mark is named on top, so that no line runs through the words of another.
    named: list[Markup] = []
    for n, mark in enumerate(sorted(marks, key=lambda one: -one.at)):
        high = TOP - 8 - 18 * (len(marks) - 1 - n)
        words = f"{number(mark.at)}: {mark.label}"
        fits = at(mark.at) + 4 + len(words) * LETTER * 0.9 <= WIDE
        parts.append(rule(at(mark.at), TOP, at(mark.at), TOP + BAR, "pw-mark-case"))
        parts.append(rule(at(mark.at), high - 10, at(mark.at), TOP + BAR, "pw-mark-line"))
        anchor = "start" if fits else "end"
        named.append(write(at(mark.at) + (4 if fits else -4), high, words, "pw-small pw-haloed", anchor))
    parts += named
    parts.append(write(LEFT, 14, f"{span_words(lo, upper)} MME a day", "pw-strong"))
    return picture("dose", f"Opioid dose: {span_words(lo, upper)} MME a day", WIDE, TOP + BAR + 26, parts)


def _said_on(x1: float, x2: float, words: str) -> Markup:
    """Words on a hatched field, where there is room."""
    wide = len(words) * LETTER * 0.95 + 8
    if x2 - x1 < wide:
        return Markup("")
    middle = (x1 + x2) / 2
    return box(middle - wide / 2, TOP + 8, wide, BAR - 16, "pw-paper-box") + write(
        middle, TOP + BAR / 2 + 4, words, "pw-small", "middle"
    )


def working(line: Line) -> str:
    """The sum of one dose in words, else why there is none."""
    return line.arithmetic or line.reason
