"""Two records of medicines held against each other: whether they may be of one medicine, and which is the later."""

from __future__ import annotations

from .medicines import Order
from .plain import Days

STOPS = ("stopped", "ended", "not-taken")
"""Statuses by which somebody ended a medicine; "completed" only says that an order was filled."""
HALTS = (*STOPS, "on-hold")
"""The same, and those by which it is paused: they speak against what says that it is taken."""


def is_order(order: Order) -> bool:
    return order.kind == "MedicationRequest" and not order.reported


def may_be_one(a: Order, b: Order) -> bool:
    """Whether two records may be of one medicine: one names the other, or ingredients, route and release agree as far as
    they are known."""
    if a.links & b.names or b.links & a.names:
        return True
    if set(a.product.ingredients) != set(b.product.ingredients):
        return False
    if not a.product.ingredients:
        return a.product.key == b.product.key
    known = ((a.product.route, b.product.route), (a.product.release, b.product.release))
    return all(x is None or y is None or x == y for x, y in known)


def day_of(order: Order) -> Days | None:
    """The day that a record speaks of."""
    return order.written or order.start


def after(a: Days | None, b: Days | None, days: int = 1) -> bool:
    """Whether a day surely lies so many days after another, or later."""
    return a is not None and b is not None and (a.first - b.last).days >= days


def differ(a: Order, b: Order) -> bool:
    """Whether two records surely give different amounts a day."""

    def most(order: Order) -> dict[str, float] | None:
        if order.intake.per_day.hi is None or not (order.intake.mg or order.intake.rate):
            return None
        per = order.intake.rate or {i: mg * order.intake.per_day.hi for i, mg in order.intake.mg.items()}
        return {i: round(x, 6) for i, x in per.items()}

    one, other = most(a), most(b)
    return one is not None and other is not None and one != other
