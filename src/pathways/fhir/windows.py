"""Windows in days: whether a day lies in one, whether a supply reaches one and how much of it, and whether a drug test
fits the orders before it.

Three-valued throughout: a missing element makes a verdict unknown, never "no".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate
from math import inf

from ..care.urine import EXPLAINS, MAY_EXPLAIN, SHOULD_FIND, answers_to
from ..facts.observed import span_within
from ..language.kleene import Truth, opposite
from .happened import DrugTest
from .medicines import Order
from .plain import Days

# ---- days ---------------------------------------------------------------------------------------------------


def inside(day: Days | None, as_of: date, window: float) -> bool | None:
    """Whether a day lies in the last ``window`` days; None where it may or may not. What is on record has happened, so
    that a month or year that is not over is read up to today."""
    return None if day is None else span_within(day.first, day.last, as_of, int(window))


# ---- drug tests ---------------------------------------------------------------------------------------------


class Fits:
    """Whether results of drug tests fit the orders before them. The orders are put in order once, by what a test looks for,
    so that each test is looked up among them."""

    def __init__(self, orders: Iterable[Order], settings: Mapping[str, float]) -> None:
        each = [o for o in orders if o.standing != "draft"]
        self._unread = any(o.product.left or (not o.product.ingredients and not o.entry.none_of) for o in each)
        self._orders = [o for o in each if o.standing in ("active", "past", "unclear")]
        self._limit = settings["test_order_days"]
        self._of: dict[tuple[frozenset[str], bool | None], _Before] = {}

    def fits(self, test: DrugTest) -> Truth:
        """A positive one with an order that explains it, a negative one with none that it should have found. None where the
        result or a date cannot be read, where a medicine may only leave a trace of what was found, and where what was not
        found is taken only when needed."""
        if not test.tests:
            return True
        if test.sign is None or test.day is None:
            return None
        day, lasts = test.day, max((one.window_days for one in test.tests), default=0)
        if test.sign == "positive":
            wanted = frozenset(answers_to(test.tests, EXPLAINS))
            matching = self._before(wanted).any(day, lasts)
            if matching is False:
                weak = self._before(frozenset(answers_to(test.tests, MAY_EXPLAIN))).any(day, lasts)
                matching = False if weak is False else None
        else:
            wanted = frozenset(answers_to(test.tests, SHOULD_FIND))
            matching = self._before(wanted, as_needed=False).any(day)
            if matching is False and self._before(wanted, as_needed=True).any(day) is not False:
                matching = None
        if matching is False and self._unread and wanted:
            matching = None  # an order that cannot be read may be the one
        return matching if test.sign == "positive" else opposite(matching)

    def _before(self, wanted: frozenset[str], as_needed: bool | None = None) -> _Before:
        """The orders of these ingredients; with ``as_needed`` those that are, or are not, taken only when needed."""
        if (wanted, as_needed) not in self._of:
            orders = (o for o in self._orders if wanted.intersection(o.product.ingredients))
            chosen = [o for o in orders if as_needed is None or bool(o.intake.as_needed) is as_needed]
            self._of[wanted, as_needed] = _Before(chosen, self._limit)
        return self._of[wanted, as_needed]


class _Before:
    """Whether any of some orders was written 1 day to so many days before a test; for a positive one, also whether the
    supply of one reached it, or ended so shortly before it that it may still be found."""

    def __init__(self, orders: Iterable[Order], limit: float) -> None:
        self._limit = limit
        written: list[tuple[date, date]] = []
        self._undated = False
        ends: list[tuple[date, float]] = []
        self._oldest_unsaid: date | None = None
        for order in orders:
            if (when := order.written or order.start) is None:
                self._undated = True
                continue
            written.append((when.first, when.last))
            begins = order.begins()
            assert begins is not None
            if order.supply_days is not None:
                ends.append((begins.last, begins.first.toordinal() + order.supply_days))
            elif self._oldest_unsaid is None or when.first < self._oldest_unsaid:
                self._oldest_unsaid = when.first
        self._surely = _Highest((last, first.toordinal()) for first, last in written)
        self._perhaps = _Highest((first, last.toordinal()) for first, last in written)
        self._ends = _Highest(ends)

    def any(self, day: Days, lasts: int | None = None) -> Truth:
        """``lasts``: the days after the last use on which a positive test may still find it; None for a negative one."""
        first, last = day.first.toordinal(), day.last.toordinal()
        # What was surely written before the first day that is meant, and within the limit of the last.
        if self._surely.before(day.first) >= last - self._limit:
            return True
        if lasts is not None and self._ends.before(day.first) >= last - lasts:
            return True
        if self._undated or self._perhaps.before(day.last) >= first - self._limit:
            return None
        # An older order of unknown length may still have been taken.
        unsaid = self._oldest_unsaid
        return None if lasts is not None and unsaid is not None and last - unsaid.toordinal() > self._limit else False


class _Highest:
    """Of pairs of a day and a number, the highest number of those before a day."""

    def __init__(self, pairs: Iterable[tuple[date, float]]) -> None:
        ordered = sorted(pairs)
        self._days = [day for day, _ in ordered]
        self._highest = list(accumulate((number for _, number in ordered), max))

    def before(self, day: date) -> float:
        at = bisect_left(self._days, day)
        return self._highest[at - 1] if at else -inf


# ---- supply -------------------------------------------------------------------------------------------------


def reach_of(order: Order, today: date) -> tuple[int, int, int, int] | None:
    """First day of a supply at the earliest and latest, and the day after its end likewise, in days before today
    (0 is today, 1 yesterday). Negative is to come. None where no day is known."""
    begins = order.begins()
    if begins is None:
        return None
    first, last = (today - begins.first).days, (today - begins.last).days
    if order.supply_days is None:
        return first, last, first, -100_000
    length = max(int(order.supply_days), 1)
    return first, last, first - length, last - length


def overlaps(order: Order, today: date, youngest: int, oldest: int) -> Truth:
    """Whether a supply has a day from ``oldest`` to ``youngest`` days before today."""
    reach = reach_of(order, today)
    if reach is None:
        return None
    first, last, end_early, end_late = reach
    if order.supply_days is None:
        if last > oldest:
            return None  # it began before: whether it reached the window is not known
        if first < youngest:
            return False
        return True if last >= youngest and first <= oldest else None
    if last < youngest and first < youngest:
        return False
    if end_late >= oldest:  # the last supply day is end + 1 days before today
        return False
    if first >= youngest > last:
        return None
    return True if end_early < oldest and last >= youngest else None


def supply_days(earlier: Iterable[tuple[Order, Truth]], today: date, youngest: int, oldest: int) -> tuple[int, int]:
    """Least and most days with a supply among those from ``oldest`` to ``youngest`` days before today."""
    surely: set[int] = set()
    perhaps: set[int] = set()
    window = range(youngest, oldest + 1)
    for order, is_earlier in earlier:
        if is_earlier is False or (is_earlier is None and len(perhaps) == len(window)):
            continue  # what may be earlier adds nothing where every day may have a supply
        reach = reach_of(order, today)
        if reach is None:
            perhaps.update(window)
            continue
        first, last, end_early, end_late = reach
        # Certain where even the latest start has begun and the earliest end has not come.
        if is_earlier is True:
            surely.update(range(max(youngest, end_early + 1), min(oldest, last) + 1))
            if order.supply_days is None and first == last and last in window:
                surely.add(last)
        if len(perhaps) < len(window):
            perhaps.update(range(max(youngest, end_late + 1), min(oldest, first) + 1))
    return len(surely), len(surely | perhaps)
