"""What every order fact is worked out with: the orders of one request, and how a fact is put down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from ..content import Content
from ..facts.membership import in_group
from . import plain
from .conditions import inside
from .medicines import Order
from .verdicts import OrderFacts, Verdict, all_of, any_of

if TYPE_CHECKING:
    from .reading import Imported


class OrderWork:
    """The orders of one request and the facts made so far."""

    def __init__(self, imported: Imported, content: Content) -> None:
        self.read = imported
        self.content = content
        self.settings = imported.settings
        as_of = imported.profile.as_of
        assert as_of is not None
        self.today: date = as_of
        self.made = OrderFacts()
        self.orders = imported.orders
        self.drafts = [o for o in self.orders if o.standing == "draft"]

    def put(
        self,
        name: str,
        verdict: Verdict,
        origin: Iterable[str] = (),
        missing: Iterable[str] = (),
        assumes: Iterable[str] = (),
    ) -> Verdict:
        made = self.made
        made.values[name] = verdict
        if found := tuple(dict.fromkeys(origin)):
            made.origin[name] = found
        if verdict is None:
            made.missing[name] = tuple(dict.fromkeys(missing)) or (self.content.order_facts[name].needs,)
        elif resting := frozenset(assumes):
            made.assumes[name] = resting
        return verdict

    def listed(self, name: str, verdicts: Mapping[str, Verdict], which: str, missing: Iterable[str] = ()) -> Verdict:
        """A fact that is true when an entry says so, and false when none does and the list is taken as whole."""
        verdict = any_of(verdicts.values())
        if verdict is True:
            return self.put(name, True, [n for n, v in verdicts.items() if v is True])
        if verdict is False and not self.read.whole:
            return self.put(name, None, missing=[f"the {which} are not known to be whole"])
        return self.put(name, verdict, (), missing or [n for n, v in verdicts.items() if v is None], [which])

    def chosen(
        self, name: str, orders: Iterable[Order], test: Callable[[Order], Verdict], which: str = "medicines"
    ) -> Verdict:
        """A fact about some of the orders, with what is missing on those that cannot be told."""
        verdicts: dict[str, Verdict] = {}
        missing = []
        for order in orders:
            verdict = test(order)
            verdicts[order.name] = any_of([verdicts.get(order.name, False), verdict])
            if verdict is None:
                missing.append(f"{self.content.order_facts[name].needs} ({order.label[:80]}, {order.name})")
        return self.listed(name, verdicts, which, missing)

    def has(self, group: str) -> Verdict:
        """Whether a condition group is on record."""
        verdict = any_of(in_group(self.content, r.entry, group) for r in self.read.conditions)
        return None if verdict is False and not self.read.whole else verdict

    def analgesic(self, order: Order) -> Verdict:
        """An opioid for pain, for use at home."""
        return all_of([order.is_in("opioid_for_pain"), order.community])

    def supplied(self, order: Order, test: Callable[[float], bool]) -> Verdict:
        return None if order.supply_days is None else test(order.supply_days)

    def in_use(self, order: Order) -> Verdict:
        """Status active, written within the window, not continued by a newer order."""
        if order.standing == "unclear":
            return None
        if order.standing != "active" or order.replaced:
            return False
        when = order.written or order.start
        if when is None:
            return None
        if when.first > self.today:
            return False if when.last > self.today and when.first > self.today else None
        return inside(plain.Days(when.first, min(when.last, self.today)), self.today, self.settings["active_days"])
