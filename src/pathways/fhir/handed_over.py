"""Fills and doses given: which of them still last, and which a newer one continues."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from datetime import date, timedelta

from .alike import Alike, Key
from .compared import STOPS, day_of
from .medicines import Order
from .plain import Days
from .report import Notebook

GIVEN_DAYS = 7
"""Doses given on several days of this last week are a medicine in use."""


def fills(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Of two fills that both last, the newer continues the older: of one order always, else where the older one has come
    to its last week or quarter, as a refill does."""
    lasting = [n for n in places if orders[n].kind == "MedicationDispense" and orders[n].use is not False]
    alike: dict[Hashable, list[int]] = {}
    for n in lasting:
        if not orders[n].same and day_of(orders[n]) is not None:
            for key in (orders[n].product.key, *orders[n].links):
                alike.setdefault(key, []).append(n)
    newer = {key: _Newer(orders, those) for key, those in alike.items()} if len(lasting) > 1 else {}
    for n in lasting if newer else ():
        order = orders[n]
        begins, days, day = order.begins(), order.supply_days, day_of(order)
        if begins is None or day is None:
            continue
        left = days - (as_of - begins.last).days if days is not None else 0
        refill = days is None or left <= max(7, days / 4)
        keys = [*order.links, *([order.product.key] if refill else [])]
        found = [m for key in keys if key in newer and (m := newer[key].first(day.last)) is not None]
        if found:
            words = f"{order.label}: continued by {orders[min(found)].name}"
            notes.add("used", order.name, order.place, "medicines", words)
            orders[n] = order.but(use=False, replaced=True)


class _Newer:
    """Some records by their days: the first place of those that are surely newer than a day."""

    def __init__(self, orders: list[Order], places: list[int]) -> None:
        by_day = sorted((day.first, n) for n in places if (day := day_of(orders[n])) is not None)
        self._days = [day for day, _ in by_day]
        self._first = [n for _, n in by_day]
        for at in range(len(self._first) - 2, -1, -1):
            self._first[at] = min(self._first[at : at + 2])

    def first(self, last: date) -> int | None:
        at = bisect_right(self._days, last)
        return self._first[at] if at < len(self._first) else None


def doses_given(orders: list[Order], alike: Alike, as_of: date, notes: Notebook) -> None:
    """Doses that were given: as long as one works by its form, of medication for OUD two days, of others where several days
    of the last week had one. What is still being given is in use. Inpatient doses that wear off, and one dose of another
    medicine, say nothing about today."""
    given = {n for n in alike.places if orders[n].kind == "MedicationAdministration" and orders[n].standing == "past"}
    days: dict[Key, set[date]] = {}
    for n in given:
        if orders[n].status not in STOPS and (told_of := _days_of(orders[n], as_of)):
            for key in alike.under[n]:
                days.setdefault(key, set()).update(told_of)
    told: set[int] = set()
    for n in _newest_first(orders, given):
        order = orders[n]
        use = False if n in told else _goes_on(order, as_of, _together(order, alike, days))
        if use is False:
            continue
        notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: given lately, taken as in use")
        for m in (alike.of(order) & given) | {n}:
            # Two patches of one day are two; what was given before is continued by what was given last.
            if m == n or _worn_together(order, orders[m]):
                orders[m] = _as_given(orders[m], use)
                told.add(m)
            elif m not in told:
                orders[m] = orders[m].but(same=True)
                told.add(m)


def _together(order: Order, alike: Alike, days: dict[Key, set[date]]) -> int:
    """On how many days of the last week a medicine was given."""
    return len(set().union(*(days[key] for key in alike.looks(order) if key in days)))


def _worn_together(a: Order, b: Order) -> bool:
    """Whether two doses of a medicine that last were given on one day, each with its own strength; a bill of one names
    none."""
    both = bool(a.lasts and a.product.strengths and b.product.strengths)
    return both and day_of(a) is not None and day_of(a) == day_of(b)


def _as_given(order: Order, use: bool | None) -> Order:
    """A dose that still works. What is taken day after day away from a ward is taken at home or at a program."""
    made = order.but(use=use, community=not order.ward or order.lasts > GIVEN_DAYS)
    return made.but(standing="active") if use else made


def _goes_on(order: Order, as_of: date, days: int) -> bool | None:
    """Whether a dose that was given, or is being given, still works. ``days`` of the last week had one."""
    ages = _ages(order, as_of)
    if order.status in STOPS or (ages is not None and ages[1] < 0):
        return False
    if order.status == "in-progress":
        return True if ages is not None and ages[1] <= GIVEN_DAYS else None
    lasts = order.lasts or (2 if _for_oud(order) else 0)
    if lasts:
        if ages is None:
            return None
        most = 2 * lasts if order.lasts else GIVEN_DAYS
        found = True if ages[1] <= lasts and not order.may_last else None if ages[0] <= most else False
        if not order.ward or order.lasts > GIVEN_DAYS:
            return found
        return None if found is not False and order.lasts else False
    if order.ward or ages is None or ages[1] >= GIVEN_DAYS:
        return False
    return True if days >= 3 else None if days == 2 else False


def _for_oud(order: Order) -> bool:
    """Whether it may be medication for OUD: of that one dose lasts two days."""
    return bool(order.product.ingredients) and order.moud is not False and order.purpose != "pain"


def _days_of(order: Order, as_of: date) -> set[date]:
    """The days of the last week on which a record says that doses were given."""
    first, last = order.start or order.written, order.written or order.start
    if first is None or last is None or last.first != last.last:
        return set()
    days = (as_of - timedelta(days=n) for n in range(GIVEN_DAYS))
    return {day for day in days if first.last <= day <= last.first}


def _newest_first(orders: list[Order], places: Iterable[int]) -> list[int]:
    """The places by the day of their records, those without one last."""
    none = Days(date.min, date.min)
    return sorted(places, key=lambda n: (day_of(orders[n]) or none, orders[n].name), reverse=True)


def _ages(order: Order, as_of: date) -> tuple[int, int] | None:
    """The least and the most days since a dose was given last; None where no day is known."""
    day = day_of(order)
    return None if day is None else ((as_of - day.last).days, (as_of - day.first).days)
