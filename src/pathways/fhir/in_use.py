"""Whether each medicine is in use today: its orders, fills, doses given and what is reported, taken together.

Records of one medicine are one medicine. The surest and latest counts: what was handed over and still lasts before an
order that is finished, a report before an old order, an order before a report that is older. What speaks against each
other and cannot be told apart in time leaves open whether it is in use. A record that is in error, or of another
person, is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from .alike import Alike, LastDays
from .compared import STOPS, after, day_of, differ, is_order, may_be_one
from .medicines import Order
from .one_medicine import finished, together
from .report import Kind, Notebook
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
    made = [o if (use := _by_itself(o, as_of, active_days)) is o.use else o.but(use=use) for o in made]
    made = _carried_out(made, notes)
    if died is not None:
        return tuple(o if o.standing == "draft" else o.but(use=False) for o in made)
    groups: dict[frozenset[str], list[int]] = {}
    for n, order in enumerate(made):
        groups.setdefault(frozenset(order.product.ingredients), []).append(n)
    for ingredients, places in groups.items():
        if (ingredients and len(places) > 1) or any(made[n].kind != "MedicationRequest" for n in places):
            together(made, places, as_of, notes)
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
    if not drafts:
        return orders
    kept = []
    for order in orders:
        if order.standing == "active" and (order.name, order.product.key) in drafts:
            notes.add("conflict", order.name, order.place, "id", f"{order.label}: the same order is being written anew")
            # It was a supply before; only as an order in use does the draft stand for it.
            order = order.but(standing="past", replaced=True)
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
        if o.prior and is_order(o) and not ((begins := o.begins()) and begins.first > as_of)
        for name in o.prior
    }
    made = []
    for order in orders:
        names = () if told.keys().isdisjoint(order.names) else order.names
        follower = next((told[name] for name in names if name in told and told[name] is not order), None)
        if follower is not None and not _is_newer(order, follower):
            notes.add(
                "used", order.name, order.place, "priorPrescription", f"{order.label}: replaced by {follower.name}"
            )
            order = order.but(replaced=True)
        elif is_order(order) and order.standing == "active" and order.product.ingredients:
            begins, last = order.begins(), latest.get(order.product.key)
            ahead = (last - begins.last).days if begins and last else 0  # by which the latest of the product is newer
            newer = order.product.key in drafts or ahead >= 1
            unsaid = order.supply_days is None and ahead >= 7
            if newer and (unsaid or _ended(order, as_of)):
                notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: continued by a newer order")
                order = order.but(replaced=True)
        made.append(order)
    return made


def _carried_out(orders: list[Order], notes: Notebook) -> list[Order]:
    """An order that carries out another of the same medicine (a filler's order, an instance of it) and that one are one
    prescription. Where they give two doses, the higher may be in use, and the lower is."""
    made = list(orders)
    if not any(order.links for order in orders):
        return made
    places = {name: m for m, order in enumerate(orders) if is_order(order) for name in order.names}
    for n, child in enumerate(orders):
        if places.keys().isdisjoint(child.links):
            continue
        for m in sorted({places[link] for link in child.links if link in places} - {n}):
            both = (made[n], made[m])
            if not all(is_order(o) and not o.same and o.standing in ("active", "draft") for o in both):
                continue
            if not child.product.ingredients or not may_be_one(*(o.but(links=frozenset()) for o in both)):
                continue  # another medicine, ordered because of it
            drafts = [k for k in (n, m) if made[k].standing == "draft"]
            keep = drafts[0] if len(drafts) == 1 else n if _known(made[n]) or not _known(made[m]) else m
            other = m if keep == n else n
            if differ(*both):
                keep, other = (n, m) if _most(made[n]) <= _most(made[m]) else (m, n)
                told = "in another dose; the higher may be taken"
                made[other] = made[other].but(use=None if made[other].use is not False else False)
                kind: Kind = "conflict"
            else:
                told, kind = "counted once", "used"
                made[other] = made[other].but(same=True, use=False, standing=finished(made[other]))
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


# ---- linked by name only ------------------------------------------------------------------------------------


def _linked_otherwise(orders: list[Order], notes: Notebook) -> list[Order]:
    """A record that names an order whose medicine it spells otherwise is that order's record."""
    if not any(order.links for order in orders):
        return orders
    requests = {name: o for o in orders if is_order(o) for name in o.names}
    made = []
    for order in orders:
        if order.links and not is_order(order) and not order.same and (of := order.links & requests.keys()):
            target = requests[next(iter(sorted(of)))]
            if target.use or target.standing == "draft":
                notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
                order = order.but(same=True, use=False, standing=finished(order))
        made.append(order)
    return made


# ---- medication for OUD -------------------------------------------------------------------------------------


def _told_by_class(orders: list[Order]) -> list[Order]:
    """A record that only says "one of this class" is the record of one that is in use."""
    named = {cls for order in orders if (cls := order.entry.medicine_class) is not None}
    if not named:
        return orders
    in_use = {cls: [o for o in orders if o.use and o.product.ingredients and o.is_in(cls)][:2] for cls in named}
    made = []
    for order in orders:
        cls = order.entry.medicine_class
        if cls is not None and any(o is not order for o in in_use[cls]):
            order = order.but(same=True, use=False)
        made.append(order)
    return made


def _lately_treated(orders: list[Order], as_of: date, moud_days: float) -> list[Order]:
    """Medication for OUD that was ordered or given so lately that the guideline counts it: where its supply has ended and
    nothing says that it was stopped, whether it is taken is open, and not "no"."""
    if any(o.use and o.moud for o in orders):
        return orders
    stopped = None
    made = []
    for order in orders:
        lately = inside(day_of(order), as_of, moud_days)
        counts = order.use is False and order.standing == "past" and not (order.same or order.replaced or order.ward)
        if counts and order.moud and order.status not in STOPS and lately is not False:
            if stopped is None:
                those = [n for n, o in enumerate(orders) if o.status in STOPS]
                stopped = LastDays(Alike(orders, range(len(orders))), orders, those)
            order = order if stopped.not_before(order) else order.but(use=None)
        made.append(order)
    return made
