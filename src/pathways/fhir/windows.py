"""Windows in days: whether a day lies in one, whether a supply reaches one and how much of it, and whether a drug test
fits the orders before it.

Three-valued throughout: a missing element makes a verdict unknown, never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ..care.urine import EXPLAINS, MAY_EXPLAIN, SHOULD_FIND, answers_to
from ..facts.observed import span_within
from ..language.kleene import Truth, any_of, opposite
from .happened import DrugTest
from .medicines import Order
from .plain import Days

# ---- days ---------------------------------------------------------------------------------------------------


def inside(day: Days | None, as_of: date, window: float) -> bool | None:
    """Whether a day lies in the last ``window`` days; None where it may or may not. What is on record has happened, so
    that a month or year that is not over is read up to today."""
    return None if day is None else span_within(day.first, day.last, as_of, int(window))


# ---- drug tests ---------------------------------------------------------------------------------------------


def fits(test: DrugTest, orders: Iterable[Order], settings: Mapping[str, float]) -> Truth:
    """Whether a result fits the orders before it: positive with one that explains it, negative with none that it
    should have found. None where the result or a date cannot be read, where a medicine may only leave a trace of what was
    found, and where what was not found is taken only when needed."""
    if not test.tests:
        return True
    if test.sign is None or test.day is None:
        return None
    orders = tuple(orders)
    wanted = answers_to(test.tests, EXPLAINS if test.sign == "positive" else SHOULD_FIND)
    matching = _matching(wanted, test, orders, settings)
    if test.sign == "positive" and matching is False:
        weak = _matching(answers_to(test.tests, MAY_EXPLAIN), test, orders, settings)
        matching = False if weak is False else None
    named = [
        o
        for o in orders
        if (o.product.left or (not o.product.ingredients and not o.entry.none_of)) and o.standing != "draft"
    ]
    if matching is False and named and wanted:
        matching = None  # an order that cannot be read may be the one
    return matching if test.sign == "positive" else opposite(matching)


def _matching(wanted: frozenset[str], test: DrugTest, orders: Iterable[Order], settings: Mapping[str, float]) -> Truth:
    """Whether one of these ingredients was ordered before a test; of what was not found, to be taken every day."""
    found: list[Truth] = []
    for order in orders:
        if order.standing in ("active", "past", "unclear") and wanted.intersection(order.product.ingredients):
            before = _before(order, test, settings, wide=test.sign == "positive")
            found.append(None if before and test.sign == "negative" and order.intake.as_needed else before)
    return any_of(found)


def _before(order: Order, test: DrugTest, settings: Mapping[str, float], wide: bool) -> Truth:
    """Whether an order was written 1 to 31 days before a test; for a positive one, also whether its supply reached it, or
    ended so shortly before it that it may still be found."""
    assert test.day is not None
    when = order.written or order.start
    if when is None:
        return None
    least, most = (test.day.first - when.last).days, (test.day.last - when.first).days
    limit = settings["test_order_days"]
    verdict: Truth = None if least != most else 1 <= most <= limit
    if least != most:
        verdict = False if most < 1 or least > limit else True if least >= 1 and most <= limit else None
    if wide and verdict is not True and order.supply_days is not None:
        begins = order.begins()
        assert begins is not None
        if (test.day.first - begins.last).days >= 1 and (
            test.day.last - begins.first
        ).days <= order.supply_days + _lasts(test):
            return True
    elif wide and verdict is False and order.supply_days is None and most > limit:
        return None  # an older order of unknown length may still have been taken
    return verdict


def _lasts(test: DrugTest) -> int:
    """Days after the last use on which a test may still find something."""
    return max((one.window_days for one in test.tests), default=0)


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
        if is_earlier is False:
            continue
        reach = reach_of(order, today)
        if reach is None:
            perhaps.update(window)
            continue
        first, last, end_early, end_late = reach
        # Certain where even the latest start has begun and the earliest end has not come.
        if is_earlier is True:
            surely.update(d for d in window if end_early < d <= last)
            if order.supply_days is None and first == last and last in window:
                surely.add(last)
        perhaps.update(d for d in window if end_late < d <= first)
    return len(surely), len(surely | perhaps)
