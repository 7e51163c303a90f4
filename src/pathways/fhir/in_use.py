"""Whether each medicine is in use today: its orders, fills, doses given and what is reported, taken together.

Records of one medicine are one medicine. The surest and latest counts: what was handed over and still lasts before an
order that is finished, a report before an old order, an order before a report that is older. What speaks against each
other and cannot be told apart in time leaves open whether it is in use. A record that is in error, or of another
person, is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from .compared import HALTS, STOPS, after, day_of, is_order, may_be_one
from .handed_over import doses_given, fills
from .medicines import Order
from .report import Kind, Notebook
from .standing import Standing
from .windows import inside

UNSAID_DAYS = 90
"""A supply whose length is not said may last this long: the longest that is commonly handed out at once."""


def reconciled(
    orders: Iterable[Order], as_of: date, settings: Mapping[str, float], died: date | None, notes: Notebook
) -> tuple[Order, ...]:
    """The orders with ``use``, ``replaced`` and ``same`` set. ``settings`` of the site: how old an order in use may be, and
    how long medication for OUD counts. ``died``: the day of death, after which nothing is taken."""
    active_days = settings["active_days"]
    made = _same_drafts(list(orders), notes)
    made = _replaced(made, as_of, notes)
    made = [replace(o, use=_by_itself(o, as_of, active_days)) for o in made]
    made = _carried_out(made, notes)
    if died is not None:
        return tuple(o if o.standing == "draft" else replace(o, use=False) for o in made)
    groups: dict[frozenset[str], list[int]] = {}
    for n, order in enumerate(made):
        groups.setdefault(frozenset(order.product.ingredients), []).append(n)
    for ingredients, places in groups.items():
        if (ingredients and len(places) > 1) or any(made[n].kind != "MedicationRequest" for n in places):
            _together(made, places, as_of, notes)
    made = _lately_treated(_told_by_class(_linked_otherwise(made, notes)), as_of, settings["moud_days"])
    return tuple(o for o in made if o.status != "not-taken")


# ---- one record by itself -----------------------------------------------------------------------------------


def _by_itself(order: Order, as_of: date, active_days: float) -> bool | None:
    """Whether a record alone says that its medicine is in use."""
    if order.standing == "draft" or order.replaced:
        return False
    if order.standing == "past":
        return _runs(order, as_of)
    when = order.written or order.start
    if order.standing == "unclear" or when is None:
        return None
    if when.first > as_of:
        return False
    if order.until is not None and order.until.last < as_of:
        return None  # it is called active, and by its own words it has ended
    if order.starts is not None and order.starts.first > as_of:
        return None  # or it has not begun
    return inside(when, as_of, active_days) or None


def _runs(order: Order, as_of: date) -> bool | None:
    """Whether the supply of a finished record still lasts: what was handed over and lasts is in use. A finished order
    without a fill may be: "completed" says that all of it was handed out, and what was is at home. A report that is
    finished, of a period that is not, says both."""
    if order.status in STOPS or order.kind == "MedicationAdministration":
        return False
    if order.reported:
        return None if order.until is not None and order.until.last >= as_of else False
    begins = order.begins()
    if begins is None or begins.first > as_of:
        return False
    length = UNSAID_DAYS if order.supply_days is None else max(int(order.supply_days), 1)
    if (as_of - begins.last).days >= length:
        return False
    sure = order.supply_days is not None and (as_of - begins.first).days < length and begins.last <= as_of
    return True if sure and order.kind == "MedicationDispense" else None


# ---- drafts and older orders --------------------------------------------------------------------------------


def _same_drafts(orders: list[Order], notes: Notebook) -> list[Order]:
    """A draft that edits an existing order is that order: the existing one gives way."""
    drafts = {(o.name, o.product.key) for o in orders if o.standing == "draft" and not o.name.endswith("/?")}
    kept = []
    for order in orders:
        if order.standing == "active" and (order.name, order.product.key) in drafts:
            notes.add("conflict", order.name, order.place, "id", f"{order.label}: the same order is being written anew")
            # It was a supply before; only as an order in use does the draft stand for it.
            order = replace(order, standing="past", replaced=True)
        kept.append(order)
    return kept


def _replaced(orders: list[Order], as_of: date, notes: Notebook) -> list[Order]:
    """Mark orders that a newer one continues: it says so itself; or the supply of an older one of the same product has
    ended, or is not said and it is a week or more older. Two orders whose supplies overlap today are two orders."""
    drafts, latest = set(), dict[object, date]()
    for order in orders:
        if is_order(order) and order.standing in ("active", "draft"):
            if order.standing == "draft":
                drafts.add(order.product.key)
            if begins := order.begins():
                latest[order.product.key] = max(begins.first, latest.get(order.product.key, date.min))
    told = {
        name: o
        for o in orders
        if is_order(o) and not ((begins := o.begins()) and begins.first > as_of)
        for name in o.prior
    }
    made = []
    for order in orders:
        follower = next((told[name] for name in order.names if name in told and told[name] is not order), None)
        if follower is not None and not _is_newer(order, follower):
            notes.add(
                "used", order.name, order.place, "priorPrescription", f"{order.label}: replaced by {follower.name}"
            )
            order = replace(order, replaced=True)
        elif is_order(order) and order.standing == "active" and order.product.ingredients:
            begins, last = order.begins(), latest.get(order.product.key)
            ahead = (last - begins.last).days if begins and last else 0  # by which the latest of the product is newer
            newer = order.product.key in drafts or ahead >= 1
            unsaid = order.supply_days is None and ahead >= 7
            if newer and (unsaid or _ended(order, as_of)):
                notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: continued by a newer order")
                order = replace(order, replaced=True)
        made.append(order)
    return made


def _carried_out(orders: list[Order], notes: Notebook) -> list[Order]:
    """An order that carries out another of the same medicine (a filler's order, an instance of it) and that one are one
    prescription. Where they give two doses, the higher may be in use, and the lower is."""
    made = list(orders)
    places = {name: m for m, order in enumerate(orders) if is_order(order) for name in order.names}
    for n, child in enumerate(orders):
        for m in sorted({places[link] for link in child.links if link in places} - {n}):
            both = (made[n], made[m])
            if not all(is_order(o) and not o.same and o.standing in ("active", "draft") for o in both):
                continue
            if not child.product.ingredients or not may_be_one(*(replace(o, links=frozenset()) for o in both)):
                continue  # another medicine, ordered because of it
            drafts = [k for k in (n, m) if made[k].standing == "draft"]
            keep = drafts[0] if len(drafts) == 1 else n if _known(made[n]) or not _known(made[m]) else m
            other = m if keep == n else n
            if _differ(*both):
                keep, other = (n, m) if _most(made[n]) <= _most(made[m]) else (m, n)
                told = "in another dose; the higher may be taken"
                made[other] = replace(made[other], use=None if made[other].use is not False else False)
                kind: Kind = "conflict"
            else:
                told, kind = "counted once", "used"
                made[other] = replace(made[other], same=True, use=False, standing=_finished(made[other]))
            words = f"{made[other].label}: the same prescription as {made[keep].name}, {told}"
            notes.add(kind, made[other].name, made[other].place, "basedOn", words)
    return made


def _known(order: Order) -> bool:
    """Whether the dose of a day is known."""
    return order.intake.per_day.hi is not None and bool(order.intake.mg or order.intake.rate)


def _most(order: Order) -> float:
    """The most milligrams of a day or an hour."""
    return max(
        (*order.intake.rate.values(), *(mg * (order.intake.per_day.hi or 0) for mg in order.intake.mg.values())),
        default=0.0,
    )


def _ended(order: Order, as_of: date) -> bool:
    begins = order.begins()
    if begins is None or order.supply_days is None or begins.last.year >= 9900:
        return False
    return begins.last + timedelta(days=min(order.supply_days, 3660)) <= as_of


def _is_newer(one: Order, other: Order, days: int = 1) -> bool:
    if one.standing == "draft" and other.standing == "active" and days <= 1:
        return True
    return after(one.begins(), other.begins(), days)


# ---- the records of one medicine ----------------------------------------------------------------------------


def _together(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Bring the records of the same ingredients together, in place. Different forms of them are different medicines."""
    doses_given(orders, places, as_of, notes)
    fills(orders, places, as_of, notes)
    _finished_orders(orders, places)
    for n in places:
        order = orders[n]
        if order.same or order.standing in ("draft", "none") or not _others(order):
            continue
        alike = [m for m in places if m != n and may_be_one(order, orders[m])]
        if order.reported and order.status in HALTS:
            _spoken_against(orders, n, alike, notes)
        elif order.use is not False or order.standing in ("active", "unclear"):
            _beside(orders, n, alike, notes)
        elif any(is_order(orders[m]) for m in alike):
            notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
            orders[n] = replace(order, same=True)


def _others(order: Order) -> bool:
    """Whether a record is no order by itself: a report, a fill, a dose given."""
    return not is_order(order)


def _spoken_against(orders: list[Order], n: int, alike: list[int], notes: Notebook) -> None:
    """A report that a medicine is not taken, against the records that say it is: those that are not surely newer are left
    open."""
    said = orders[n]
    for m in alike:
        other = orders[m]
        if other.use is not False and other.standing != "draft" and not after(day_of(other), day_of(said)):
            words = (
                f"{other.label}: {said.name} says it is not taken ({said.status}); whether it is in use is not known"
            )
            notes.add("conflict", other.name, other.place, "status", words)
            orders[m] = replace(other, use=None)
    told = any(orders[m].standing != "none" for m in alike)
    orders[n] = replace(said, same=told, use=False if told else said.use)


def _beside(orders: list[Order], n: int, alike: list[int], notes: Notebook) -> None:
    """A report or a fill that says a medicine is in use, beside the orders and fills of it."""
    order = orders[n]
    ended = [m for m in alike if orders[m].status in HALTS and is_order(orders[m])]
    if any(not after(day_of(order), day_of(orders[m])) for m in ended) or (
        order.kind == "MedicationDispense" and any(order.links & orders[m].names for m in ended)
    ):
        notes.add(
            "conflict", order.name, order.place, "status", f"{order.label}: its order was stopped; in use is not known"
        )
        order = orders[n] = replace(order, use=None)
    beside = [m for m in alike if not orders[m].same and (orders[m].use is not False or orders[m].standing == "draft")]
    if order.reported:
        beside = [m for m in beside if not orders[m].reported]  # two reports may be of two ways to take it
    elif order.kind == "MedicationDispense":
        beside = [m for m in beside if not orders[m].reported and orders[m].kind != "MedicationDispense"]
    elif order.kind == "MedicationAdministration":
        beside = [m for m in beside if orders[m].use or orders[m].standing == "draft"]
        beside = [m for m in beside if orders[m].kind != "MedicationAdministration"]  # `doses_given` told of those
    if not beside:
        if order.kind == "MedicationDispense" and order.use:
            words = f"{order.label}: dispensed, and the supply still lasts"
            notes.add("assumed", order.name, order.place, "medicines", words)
            orders[n] = replace(order, standing="active")
            for m in alike:
                if orders[m].status == "completed" and is_order(orders[m]) and _filled_by(orders[m], order):
                    orders[m] = replace(orders[m], same=True)
        return
    sure = [m for m in beside if orders[m].use or orders[m].standing == "draft"]
    if sure:
        first = orders[sure[0]]
        differ = order.use and order.reported and _differ(order, first)
        newer = after(day_of(order), day_of(first)) and first.standing != "draft"
        if differ and newer and len(sure) == 1:
            words = f"{first.label}: {order.name} is newer and gives another dose; the newer counts"
            notes.add("conflict", first.name, first.place, "medicines", words)
            orders[sure[0]] = replace(first, same=True, use=False)
            return
        if differ:
            words = f"{order.label}: another dose than in {first.name}, which counts"
            notes.add("conflict", order.name, order.place, "medicines", words)
        notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
        orders[n] = replace(order, same=True, use=False, standing=_finished(order))
        return
    if order.use:  # it is surer than what only may be in use
        for m in beside:
            orders[m] = replace(orders[m], same=True, use=False)
        orders[n] = replace(order, standing="active")
    else:
        orders[n] = replace(order, same=True, use=False, standing=_finished(order))


def _finished_orders(orders: list[Order], places: list[int]) -> None:
    """Of a finished order that may still last, another record of the medicine says more: what is in use or is being
    written, or what is newer and in use, or ended it."""
    for n in places:
        order = orders[n]
        if not (is_order(order) and order.status == "completed" and order.use is None):
            continue
        beside = [orders[m] for m in places if m != n and not orders[m].same and may_be_one(order, orders[m])]
        if any(
            o.use or o.standing == "draft" or (o.status in STOPS and not after(day_of(order), day_of(o)))
            for o in beside
        ):
            orders[n] = replace(order, use=False)


def _filled_by(order: Order, fill: Order) -> bool:
    """Whether a fill is of a finished order: it names it, or both are of one week."""
    a, b = order.begins(), fill.begins()
    near = a is not None and b is not None and abs((a.first - b.first).days) <= 7
    return bool(fill.links & order.names) or near


def _finished(order: Order) -> Standing:
    """A record that another stands for is no supply of its own that goes on."""
    return "past" if order.standing == "active" else order.standing


def _differ(a: Order, b: Order) -> bool:
    """Whether two records surely give different amounts a day."""

    def most(order: Order) -> dict[str, float] | None:
        if order.intake.per_day.hi is None or not (order.intake.mg or order.intake.rate):
            return None
        per = order.intake.rate or {i: mg * order.intake.per_day.hi for i, mg in order.intake.mg.items()}
        return {i: round(x, 6) for i, x in per.items()}

    one, other = most(a), most(b)
    return one is not None and other is not None and one != other


# ---- linked by name only ------------------------------------------------------------------------------------


def _linked_otherwise(orders: list[Order], notes: Notebook) -> list[Order]:
    """A record that names an order whose medicine it spells otherwise is that order's record."""
    requests = {name: o for o in orders if is_order(o) for name in o.names}
    made = []
    for order in orders:
        if _others(order) and not order.same and (of := order.links & requests.keys()):
            target = requests[next(iter(sorted(of)))]
            if target.use or target.standing == "draft":
                notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
                order = replace(order, same=True, use=False, standing=_finished(order))
        made.append(order)
    return made


# ---- medication for OUD -------------------------------------------------------------------------------------


def _told_by_class(orders: list[Order]) -> list[Order]:
    """A record that only says "one of this class" is the record of one that is in use."""
    made = []
    for order in orders:
        cls = order.entry.medicine_class
        if cls is not None and any(o is not order and o.use and o.product.ingredients and o.is_in(cls) for o in orders):
            order = replace(order, same=True, use=False)
        made.append(order)
    return made


def _lately_treated(orders: list[Order], as_of: date, moud_days: float) -> list[Order]:
    """Medication for OUD that was ordered or given so lately that the guideline counts it: where its supply has ended and
    nothing says that it was stopped, whether it is taken is open, and not "no"."""
    if any(o.use and o.moud for o in orders):
        return orders
    stopped = [o for o in orders if o.status in STOPS]
    made = []
    for order in orders:
        lately = inside(day_of(order), as_of, moud_days)
        counts = order.use is False and order.standing == "past" and not (order.same or order.replaced or order.ward)
        if counts and order.moud and order.status not in STOPS and lately is not False:
            ended = any(may_be_one(order, o) and not after(day_of(order), day_of(o)) for o in stopped)
            order = order if ended else replace(order, use=None)
        made.append(order)
    return made
