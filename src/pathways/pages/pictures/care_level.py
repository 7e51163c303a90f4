"""The dimensions of the level of care: what each rating asks for, and where the levels that are advised, accepted and
to be had stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .draw import box, hatched, lines, path, picture, rule, wrapped, write

NAMES, STEP, ROW, TOP = 214, 46, 34, 30


@dataclass(frozen=True)
class Dimension:
    """One dimension: the places of the least and the most level that its rating sets; ``rated`` is False where nobody rated it."""

    title: str
    rated: bool
    least: int
    most: int
    sets: bool


@dataclass(frozen=True)
class Row:
    """Levels that somebody named, by their places: advised, accepted, reachable or present; empty where nobody said."""

    title: str
    places: tuple[int, ...]
    note: str = ""


def levels_picture(levels: Sequence[str], dimensions: Sequence[Dimension], rows: Sequence[Row]) -> Markup:
    """Levels from the lightest to the most intensive; a full bar up to what a rating sets, hatched what may still be asked for."""
    wide = NAMES + STEP * len(levels) + 4
    high = TOP + ROW * (len(dimensions) + len(rows)) + 22

    def at(place: float) -> float:
        return NAMES + STEP * place

    parts = [write(at(n + 0.5), 16, level, "pw-strong", "middle") for n, level in enumerate(levels)]
    parts.append(rule(NAMES, TOP - 6, wide - 4, TOP - 6, "pw-head-rule"))
    parts += [rule(at(n), TOP - 6, at(n), high - 18) for n in range(len(levels) + 1)]
    for n, one in enumerate(dimensions):
        y = TOP + ROW * n
        parts.append(_name(one.title, y))
        if not one.rated:
            parts.append(hatched(at(0), y + 6, STEP * len(levels), 18))
            parts.append(_on_paper(at(len(levels) / 2), y + 19, "not rated"))
            continue
        parts.append(box(at(0), y + 6, at(one.least + 1) - at(0), 18, "pw-part" if one.sets else "pw-part pw-part-2"))
        parts.append(hatched(at(one.least + 1), y + 6, at(one.most + 1) - at(one.least + 1), 18))
        if one.sets:
            parts.append(write(at(one.least + 1) - 6, y + 19, "sets it", "pw-small pw-on", "end"))
    base = TOP + ROW * len(dimensions)
    parts.append(rule(0, base, wide - 4, base, "pw-head-rule"))
    for n, row in enumerate(rows):
        y = base + ROW * n
        parts.append(_name(row.title, y))
        if not row.places:
            parts.append(write(at(0) + 6, y + 20, row.note or "not said", "pw-small pw-soft"))
        for place in row.places:
            x = at(place + 0.5)
            parts.append(path(f"M{x:.1f} {y + 7}l8 8l-8 8l-8 -8z", "pw-diamond"))
        if row.places and row.note:
            x = at(max(row.places) + 1)
            fits = x + len(row.note) * 6.5 < wide
            parts.append(
                write(x if fits else at(min(row.places)) - 4, y + 20, row.note, "pw-small", "start" if fits else "end")
            )
    parts.append(write(at(0), high - 4, "lightest", "pw-small pw-soft"))
    parts.append(write(wide - 4, high - 4, "most intensive", "pw-small pw-soft", "end"))
    return picture("levels", "Level of care: what each dimension asks for", wide, high, parts)


def _name(title: str, y: float) -> Markup:
    told = wrapped(title, NAMES - 8, 2, 6.4)
    return lines(0, y + (20 if len(told) == 1 else 13), told, "pw-small", 14)


def _on_paper(x: float, y: float, words: str) -> Markup:
    wide = len(words) * 6.6 + 8
    return box(x - wide / 2, y - 12, wide, 16, "pw-paper-box") + write(x, y, words, "pw-small", "middle")
