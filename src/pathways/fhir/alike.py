"""Which of many records may be of one medicine (`compared.may_be_one`), without holding each against each.

A record stands under the form of its medicine and under the names and links by which another may call it; it looks under
every form that agrees with its own and under what calls it. So the work grows with the records and not with their pairs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date

from .compared import day_of
from .medicines import Order

Key = tuple[Hashable, ...]


class Alike:
    """The records at some places of a list: ``under`` which keys each stands, and at which one ``looks``."""

    def __init__(self, orders: list[Order], places: Iterable[int]) -> None:
        self.places = list(places)
        known = {n: orders[n] for n in self.places}
        linked = {link for order in known.values() for link in order.links}
        self._called = {name for order in known.values() for name in order.names if name in linked}
        self._forms: dict[Hashable, set[Key]] = {}
        self._agreeing: dict[Key, list[Key]] = {}
        self.under: dict[int, list[Key]] = {}
        self.members: dict[Key, list[int]] = {}
        for n, order in known.items():
            form = _form(order)
            self._forms.setdefault(form[1], set()).add(form)
            self.under[n] = [form, *self._calls("named", order.names), *self._calls("links", order.links)]
            for key in self.under[n]:
                self.members.setdefault(key, []).append(n)

    def looks(self, order: Order) -> list[Key]:
        """Where those stand that may be of one medicine with a record, and it itself among them."""
        form = _form(order)
        if form not in self._agreeing:
            self._agreeing[form] = [one for one in self._forms.get(form[1], ()) if _agree(one, form)]
        agreeing = self._agreeing[form]
        if not self._called:
            return agreeing
        return [*agreeing, *self._calls("named", order.links), *self._calls("links", order.names)]

    def _calls(self, how: str, names: frozenset[str]) -> list[Key]:
        return [(how, name) for name in names if name in self._called] if self._called else []

    def of(self, order: Order) -> set[int]:
        """The places of those that may be of one medicine with a record, its own among them."""
        return {n for key in self.looks(order) for n in self.members.get(key, ())}

    def has_other(self, n: int, order: Order) -> bool:
        """Whether another than the record at this place may be of one medicine with it."""
        return any(m != n for key in self.looks(order) for m in self.members.get(key, ())[:2])


def _form(order: Order) -> Key:
    """The medicine of a record in its form; where no ingredient is known, the product."""
    product = order.product
    if not product.ingredients:
        return ("form", product.key)
    return ("form", frozenset(product.ingredients), product.route, product.release)


def _agree(a: Key, b: Key) -> bool:
    """Whether two forms of the same ingredients agree as far as they are known."""
    return all(x is None or y is None or x == y for x, y in zip(a[2:], b[2:], strict=True))


class LastDays:
    """Of some records the last day of those under each key; a record without a day may be of any."""

    def __init__(self, alike: Alike, orders: list[Order], chosen: Iterable[int]) -> None:
        self._alike = alike
        self._last: dict[Key, date] = {}
        for n in chosen:
            day = day_of(orders[n])
            last = date.max if day is None else day.last
            for key in alike.under[n]:
                self._last[key] = max(last, self._last.get(key, last))

    def not_before(self, order: Order) -> bool:
        """Whether one of them may be of one medicine with a record and is not surely older than it."""
        if not self._last:
            return False
        day = day_of(order)
        found = (self._last.get(key) for key in self._alike.looks(order))
        return any(last is not None and (day is None or last >= day.first) for last in found)
