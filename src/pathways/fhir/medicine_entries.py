"""The records of medicines as entries of the medicines list of a profile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ..content import Content
from ..profile import Medicine, Profile
from . import plain
from .medicines import Order

MOST_OWN = 120
"""How much of an order's own words is kept in the name of an entry, which holds 200 characters."""


def _how_many(order: Order) -> int:
    """How many entries an order makes (`_entries`)."""
    return 1 if order.use is None and order.standing != "draft" else 1 + len(order.beside)


def _to_come(order: Order, today: date) -> bool:
    """Whether a record is of a day after today: it is reported and not used."""
    when = order.written or order.start
    return order.standing != "draft" and when is not None and when.first > today


def _entries(order: Order, today: date, content: Content) -> list[Medicine]:
    """An order as entries of the medicines list: what its text names, and what of it was not understood."""
    fields: dict[str, Any] = {"written": plain.written(order.written), "start": plain.written(order.start)}
    fields |= {"supply_days": order.supply_days, "source": order.entry.source or "chart"}
    inside = "inpatient" if order.ward else None
    fields.update(setting=order.entry.setting or ("community" if order.community else inside))
    if order.standing == "draft":
        state = "proposed"
    elif order.use is None:
        # It may or may not be in use: it is no entry of a known medicine, only of what it surely is not.
        none_of = sorted([cls for cls, member in order.classes.items() if member is False])
        # What stands in such brackets names it for people and is not read as what is taken.
        name = f"order of which it is not known whether it is in use (in: {order.label[:MOST_OWN] or 'no name'})"
        fields |= {"name": name, "none_of": none_of, "state": "current", "use_unknown": True}
        kept = {key: value for key, value in fields.items() if value is not None}
        return [Medicine.model_validate(kept, context={"content": content})]
    else:
        state = "current" if order.use else "stopped"
    if state == "stopped" and not (order.reported and not order.replaced):
        fields["stop"] = _end(order, today)
    update = {"state": state, **{key: value for key, value in fields.items() if value is not None}}
    return [entry.model_copy(update=update) for entry in (order.entry, *order.beside)]


def medicine_entries(orders: tuple[Order, ...], today: date, content: Content, most: int) -> list[Medicine]:
    """The medicines list of a profile: what each order makes, without those that another stands for or that are to come; at
    the most so many."""
    made: list[Medicine] = []
    for order in orders:
        if len(made) >= most:
            break
        if not (order.same or _to_come(order, today)):
            made += _entries(order, today, content)
    return made[:most]


def how_many(orders: tuple[Order, ...], today: date) -> int:
    """How long the whole list would be."""
    return sum(_how_many(order) for order in orders if not (order.same or _to_come(order, today)))


def entries_of(orders: tuple[Order, ...], profile: Profile) -> list[int | None]:
    """The place of each order's own entry in the medicines list of the profile; None where it made none."""
    assert profile.as_of is not None
    places: list[int | None] = []
    at = 0
    for order in orders:
        left_out = order.same or _to_come(order, profile.as_of) or at >= len(profile.medicines)
        places.append(None if left_out else at)
        at += 0 if left_out else _how_many(order)
    return places


def _end(order: Order, today: date) -> str | None:
    """The last day of a supply that is past; of one without a length only that it is past."""
    begins = order.begins()
    if begins is None or order.supply_days is None or begins.first != begins.last:
        return None
    try:
        last = begins.first + timedelta(days=max(int(order.supply_days), 1) - 1)
    except OverflowError:
        return None
    return min(last, today).isoformat() if begins.first <= today else None
