"""Shares of a group: bars of how many, four fields of two sides, and how sure against how right. No person stands out."""

from __future__ import annotations

from collections.abc import Sequence

from .draw import Markup, box, dot, hatched, number, picture, rule, wrapped, write

LABEL, BAR, ROW = 250, 300, 26
FIELD, HALF = 196, 52


def share_bars(title: str, rows: Sequence[tuple[str, int, int, int]]) -> Markup:
    """A bar a row: its words, how many are full, how many in part, of how many. What is left white is neither; a row of which
    nothing is counted is hatched."""
    parts: list[Markup] = []
    for n, (words, full, part, of) in enumerate(rows):
        y = n * ROW + 4
        parts.append(write(0, y + 13, wrapped(words, LABEL - 10, 1)[0]))
        if not of:
            parts += [hatched(LABEL, y, BAR, 16), write(LABEL + BAR + 8, y + 13, "none marked", "pw-small pw-soft")]
            continue
        wide = BAR * full / of
        parts.append(box(LABEL, y, BAR, 16, "pw-open-box"))
        parts.append(box(LABEL, y, wide, 16, "pw-part"))
        parts.append(box(LABEL + wide, y, BAR * part / of, 16, "pw-part pw-part-3"))
        parts.append(write(LABEL + BAR + 8, y + 13, f"{full} of {of}", "pw-small"))
    return picture("shares", title, LABEL + BAR + 90, len(rows) * ROW + 6, parts)


def two_sides(title: str, counts: tuple[int, int, int, int], names: tuple[str, str]) -> Markup:
    """Four fields: both sides, the first only, the second only, neither; the fuller the field, the more."""
    most = max(1, *counts)
    both, first, second, neither = counts
    places = (
        (both, 0, 0, "both"),
        (first, 1, 0, f"{names[0]} only"),
        (second, 0, 1, f"{names[1]} only"),
        (neither, 1, 1, "neither"),
    )
    parts: list[Markup] = []
    for count, column, row, words in places:
        x, y = column * (FIELD + 6), row * (HALF + 6)
        parts.append(box(x + 1, y + 1, FIELD, HALF, "pw-open-box", 3))
        high = (HALF - 22) * count / most
        parts.append(box(x + 1, y + 1 + HALF - high, FIELD, high, "pw-part pw-part-3"))
        parts.append(write(x + 8, y + 16, f"{words}: {count}", "pw-strong"))
    return picture("sides", title, 2 * FIELD + 10, 2 * HALF + 10, parts)


def sure_and_right(title: str, bands: Sequence[tuple[float, float, int]]) -> Markup:
    """Said (percent) against right (percent), a dot a band, larger for more answers; the line is where both are the same."""
    wide = high = 190
    parts = [
        rule(34, 8, 34, high - 24),
        rule(34, high - 24, wide, high - 24),
        rule(34, high - 24, wide, 8, "pw-day"),
    ]
    for value in (0, 50, 100):
        x, y = 34 + (wide - 34) * value / 100, high - 24 - (high - 32) * value / 100
        parts.append(write(x, high - 10, number(value), "pw-small pw-soft", "middle"))
        parts.append(write(30, y + 4, number(value), "pw-small pw-soft", "end"))
    most = max((n for *_, n in bands), default=1)
    for said, held, n in bands:
        x, y = 34 + (wide - 34) * said / 100, high - 24 - (high - 32) * held / 100
        parts.append(dot(x, y, 3 + 6 * (n / most) ** 0.5, "pw-part"))
    return picture("calibration", title, wide + 14, high, parts)
