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

from .conditions import inside
from .medicines import Order
from .plain import Days
from .report import Notebook
from .standing import Standing

_STOPS = ("stopped", "ended", "not-taken")
"""Statuses by which somebody ended a medicine; "completed" only says that an order was filled."""
_HALTS = (*_STOPS, "on-hold")
"""The same, and those by which it is paused: they speak against what says that it is taken."""
UNSAID_DAYS = 90
"""A supply whose length is not said may last this long: the longest that is commonly handed out at once."""
GIVEN_DAYS = 7
"""Doses given on several days of this last week are a medicine in use."""


def reconciled(
    orders: Iterable[Order], as_of: date, settings: Mapping[str, float], died: date | None, notes: Notebook
) -> tuple[Order, ...]:
    """The orders with ``use``, ``replaced`` and ``same`` set. ``settings`` of the site: how old an order in use may be, and
    how long medication for OUD counts. ``died``: the day of death, after which nothing is taken."""
    active_days = settings["active_days"]
    made = _same_drafts(list(orders), notes)
    made = _replaced(made, as_of, notes)
    made = [replace(o, use=_by_itself(o, as_of, active_days)) for o in made]
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
    if order.status in _STOPS or order.kind == "MedicationAdministration":
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
    lines = [o for o in orders if _is_order(o) and o.standing in ("active", "draft")]
    told = {
        name: o
        for o in orders
        if _is_order(o) and not ((begins := o.begins()) and begins.first > as_of)
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
        elif _is_order(order) and order.standing == "active" and order.product.ingredients:
            same = (o for o in lines if o is not order and o.product.key == order.product.key)
            newer = [o for o in same if _is_newer(o, order)]
            unsaid = order.supply_days is None and any(_is_newer(o, order, 7) for o in newer)
            if newer and (unsaid or _ended(order, as_of)):
                notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: continued by a newer order")
                order = replace(order, replaced=True)
        made.append(order)
    return made


def _is_order(order: Order) -> bool:
    return order.kind == "MedicationRequest" and not order.reported


def _ended(order: Order, as_of: date) -> bool:
    begins = order.begins()
    if begins is None or order.supply_days is None or begins.last.year >= 9900:
        return False
    return begins.last + timedelta(days=min(order.supply_days, 3660)) <= as_of


def _is_newer(one: Order, other: Order, days: int = 1) -> bool:
    if one.standing == "draft" and other.standing == "active" and days <= 1:
        return True
    return _after(one.begins(), other.begins(), days)


def _after(a: Days | None, b: Days | None, days: int = 1) -> bool:
    """Whether a day surely lies so many days after another, or later."""
    return a is not None and b is not None and (a.first - b.last).days >= days


# ---- the records of one medicine ----------------------------------------------------------------------------


def _together(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Bring the records of the same ingredients together, in place. Different forms of them are different medicines."""
    _doses_given(orders, places, as_of, notes)
    _fills(orders, places, as_of, notes)
    _finished_orders(orders, places)
    for n in places:
        order = orders[n]
        if order.same or order.standing in ("draft", "none") or not _others(order):
            continue
        alike = [m for m in places if m != n and _alike(order, orders[m])]
        if order.reported and order.status in _HALTS:
            _spoken_against(orders, n, alike, notes)
        elif order.use is not False or order.standing in ("active", "unclear"):
            _beside(orders, n, alike, notes)
        elif any(_is_order(orders[m]) for m in alike):
            notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
            orders[n] = replace(order, same=True)


def _others(order: Order) -> bool:
    """Whether a record is no order by itself: a report, a fill, a dose given."""
    return not _is_order(order)


def _alike(a: Order, b: Order) -> bool:
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


def _day(order: Order) -> Days | None:
    """The day that a record speaks of."""
    return order.written or order.start


def _spoken_against(orders: list[Order], n: int, alike: list[int], notes: Notebook) -> None:
    """A report that a medicine is not taken, against the records that say it is: those that are not surely newer are left
    open."""
    said = orders[n]
    for m in alike:
        other = orders[m]
        if other.use is not False and other.standing != "draft" and not _after(_day(other), _day(said)):
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
    ended = [m for m in alike if orders[m].status in _HALTS and _is_order(orders[m])]
    if any(not _after(_day(order), _day(orders[m])) for m in ended) or (
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
        beside = [m for m in beside if orders[m].kind != "MedicationAdministration"]  # `_doses_given` told of those
    if not beside:
        if order.kind == "MedicationDispense" and order.use:
            words = f"{order.label}: dispensed, and the supply still lasts"
            notes.add("assumed", order.name, order.place, "medicines", words)
            orders[n] = replace(order, standing="active")
            for m in alike:
                if orders[m].status == "completed" and _is_order(orders[m]) and _filled_by(orders[m], order):
                    orders[m] = replace(orders[m], same=True)
        return
    sure = [m for m in beside if orders[m].use or orders[m].standing == "draft"]
    if sure:
        first = orders[sure[0]]
        differ = order.use and order.reported and _differ(order, first)
        newer = _after(_day(order), _day(first)) and first.standing != "draft"
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
        if not (_is_order(order) and order.status == "completed" and order.use is None):
            continue
        beside = [orders[m] for m in places if m != n and not orders[m].same and _alike(order, orders[m])]
        if any(
            o.use or o.standing == "draft" or (o.status in _STOPS and not _after(_day(order), _day(o))) for o in beside
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


# ---- fills and doses given ----------------------------------------------------------------------------------


def _fills(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Of two fills that both last, the newer continues the older: of one order always, else where the older one has come
    to its last week or quarter, as a refill does."""
    lasting = [n for n in places if orders[n].kind == "MedicationDispense" and orders[n].use is not False]
    for n in lasting:
        order = orders[n]
        newer = [m for m in lasting if m != n and not orders[m].same and _after(_day(orders[m]), _day(order))]
        for m in newer:
            begins, days = order.begins(), order.supply_days
            assert begins is not None
            left = days - (as_of - begins.last).days if days is not None else 0
            refill = orders[m].product.key == order.product.key and (days is None or left <= max(7, days / 4))
            if order.links & orders[m].links or refill:
                notes.add("used", order.name, order.place, "medicines", f"{order.label}: continued by {orders[m].name}")
                orders[n] = replace(order, use=False, replaced=True)
                break


def _doses_given(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Doses that were given: as long as one works by its form, of medication for OUD two days, of others where several days
    of the last week had one. What is still being given is in use. Inpatient doses that wear off, and one dose of another
    medicine, say nothing about today."""
    given = [n for n in places if orders[n].kind == "MedicationAdministration" and orders[n].standing == "past"]
    told: set[int] = set()
    for n in _newest_first(orders, given):
        order = orders[n]
        use = False if n in told else _goes_on(order, [orders[m] for m in given], as_of)
        if use is False:
            continue
        notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: given lately, taken as in use")
        for m in given:
            # Two patches of one day are two; what was given before is continued by what was given last.
            if m == n or _worn_together(order, orders[m]):
                orders[m] = _as_given(orders[m], use)
                told.add(m)
            elif m not in told and _alike(order, orders[m]):
                orders[m] = replace(orders[m], same=True)
                told.add(m)


def _worn_together(a: Order, b: Order) -> bool:
    """Whether two doses that last were given on one day, each with its own strength; a bill of one names none."""
    both = bool(a.lasts and a.product.strengths and b.product.strengths)
    return both and _alike(a, b) and _day(a) is not None and _day(a) == _day(b)


def _as_given(order: Order, use: bool | None) -> Order:
    """A dose that still works. What is taken day after day away from a ward is taken at home or at a program."""
    made = replace(order, use=use, community=not order.ward or order.lasts > GIVEN_DAYS)
    return replace(made, standing="active") if use else made


def _goes_on(order: Order, given: list[Order], as_of: date) -> bool | None:
    """Whether a dose that was given, or is being given, still works."""
    ages = _ages(order, as_of)
    if order.status in _STOPS or (ages is not None and ages[1] < 0):
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
    days = {day for one in given if _alike(order, one) and one.status not in _STOPS for day in _days_of(one, as_of)}
    if order.ward or ages is None or ages[1] >= GIVEN_DAYS:
        return False
    return True if len(days) >= 3 else None if len(days) == 2 else False


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


def _newest_first(orders: list[Order], places: list[int]) -> list[int]:
    """The places by the day of their records, those without one last."""
    none = Days(date.min, date.min)
    return sorted(places, key=lambda n: (_day(orders[n]) or none, orders[n].name), reverse=True)


def _ages(order: Order, as_of: date) -> tuple[int, int] | None:
    """The least and the most days since a dose was given last; None where no day is known."""
    day = _day(order)
    return None if day is None else ((as_of - day.last).days, (as_of - day.first).days)


# ---- linked by name only ------------------------------------------------------------------------------------


def _linked_otherwise(orders: list[Order], notes: Notebook) -> list[Order]:
    """A record that names an order whose medicine it spells otherwise is that order's record."""
    requests = {name: o for o in orders if _is_order(o) for name in o.names}
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
    stopped = [o for o in orders if o.status in _STOPS]
    made = []
    for order in orders:
        lately = inside(_day(order), as_of, moud_days)
        counts = order.use is False and order.standing == "past" and not (order.same or order.replaced or order.ward)
        if counts and order.moud and order.status not in _STOPS and lately is not False:
            ended = any(_alike(order, o) and not _after(_day(order), _day(o)) for o in stopped)
            order = order if ended else replace(order, use=None)
        made.append(order)
    return made
