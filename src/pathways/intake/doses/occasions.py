"""How many times of day a dose text names, in words ("at bedtime") and in figures ("at 8 am and 10 am")."""

from __future__ import annotations

from collections.abc import Sequence

from .parts import day_part

_ALIKE = ({"afternoon", "evening"}, {"noon", "afternoon"})


def occasions(events: Sequence[tuple[str, bool]]) -> tuple[float, float]:
    """How many times of day: two neighbors without a comma are one where they may be, but for two times in figures."""
    events, doubtful = _words_of_figures(events)
    if not events:
        return 0, 0
    two = len(events) == 2 and not events[1][1] and any(what == day_part(what) for what, _ in events)
    if two and parts_of_day(events) == {"evening", "night"}:
        return 1, 1 + doubtful
    distinct: list[str] = []
    for n, (what, _) in enumerate(events):
        if what in distinct:
            continue
        if two and n and any(parts_of_day(events) <= alike for alike in _ALIKE):
            doubtful += 1
        else:
            distinct.append(what)
    return len(distinct), len(distinct) + doubtful


def _words_of_figures(events: Sequence[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], int]:
    """Times of day without the words that a figure says again ("in the morning at 8 am and 10 am"), and of how many of them
    that is not sure, because an "and" or a comma stands between ("at noon and 1:30 pm")."""
    kept, doubtful = [], 0
    for n, (what, joined) in enumerate(events):
        same = [k for k, (other, _) in enumerate(events) if other != what == day_part(other)]
        if not same:
            kept.append((what, joined))
        elif not any((k == n + 1 and not events[k][1]) or (k == n - 1 and not joined) for k in same):
            doubtful += 1
    return kept, doubtful


def parts_of_day(events: Sequence[tuple[str, bool]]) -> set[str]:
    return {day_part(what) for what, _ in events}
