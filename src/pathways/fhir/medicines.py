"""Orders and other records of medicines: what each is, how it stands, how much a day, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from ..content import Content
from ..facts.membership import classes_in
from ..intake.dose_text import Span
from ..intake.names import Product, understood
from ..language.kleene import any_of
from ..profile import Medicine
from . import plain
from .bundle import Gathered, Resource
from .dosage import Intake, read_dosage
from .plain import Data, Days, code, concepts, flag, items, number, obj, text, when
from .products import product_of, purpose_of
from .report import Notebook, named
from .supply import held_to_supply

Standing = Literal["draft", "active", "past", "unclear", "none"]
"""Being written; in use; earlier; one of these, which is not known; never in use (cancelled)."""
KINDS = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
_STANDS: Mapping[str, Mapping[str, Standing]] = {
    "MedicationRequest": {
        "active": "active",
        "completed": "past",
        "stopped": "past",
        "ended": "past",
        "on-hold": "past",
        "cancelled": "none",
        "entered-in-error": "none",
        "draft": "none",
    },
    "MedicationStatement": {
        "active": "active",
        "recorded": "active",
        "intended": "none",
        "completed": "past",
        "stopped": "past",
        "on-hold": "past",
        "not-taken": "none",
        "entered-in-error": "none",
        "unknown": "unclear",
    },
    "MedicationDispense": {
        "completed": "past",
        "in-progress": "past",
        "on-hold": "none",
        "preparation": "none",
        "cancelled": "none",
        "stopped": "past",
        "declined": "none",
        "entered-in-error": "none",
    },
    "MedicationAdministration": {
        "completed": "past",
        "in-progress": "past",
        "on-hold": "past",
        "stopped": "past",
        "not-done": "none",
        "entered-in-error": "none",
    },
}
_INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order")


@dataclass(frozen=True)
class Order:
    """One record of a medicine. ``standing`` is what it was read as; ``community`` whether it is for use at home;
    ``written`` and ``start`` may be days known in part; ``supply_days`` is one expected duration, repeats not counted.
    ``replaced`` marks an older order of a product that a newer one continues, ``same`` a record of a listed order."""

    kind: str
    name: str
    place: str
    label: str
    product: Product
    entry: Medicine
    classes: Mapping[str, bool | None]
    intake: Intake
    standing: Standing
    community: bool | None
    written: Days | None
    start: Days | None
    supply_days: float | None
    purpose: Literal["pain", "oud", "other"] | None
    reason_given: bool
    replaced: bool = False
    same: bool = False
    links: frozenset[str] = frozenset()
    beside: tuple[Medicine, ...] = ()
    """The other medicines that its text names, or one entry for what of the text was not understood."""

    def is_in(self, cls: str) -> bool | None:
        """Whether it is in a medicine class."""
        return self.classes[cls]

    def begins(self) -> Days | None:
        """The day a supply starts."""
        return self.start or self.written


def read_orders(found: Gathered, as_of: date, oud: bool | None, content: Content, notes: Notebook) -> tuple[Order, ...]:
    """Every record of a medicine. ``oud`` says whether an opioid use disorder is on record, for methadone."""
    made = [_order(r, found, as_of, oud, content, notes) for r in found.of(*KINDS)]
    orders = [order for order in made if order is not None]
    orders = _same_drafts(orders, notes)
    orders = _linked(orders, as_of, notes)
    return tuple(_replaced(orders, as_of, notes))


# ---- one record ---------------------------------------------------------------------------------------------


def _order(
    resource: Resource, found: Gathered, as_of: date, oud: bool | None, content: Content, notes: Notebook
) -> Order | None:
    data = resource.data
    said = notes.add
    standing = _standing(resource, notes)
    what, product, clear = product_of(resource, found, content, notes)
    dispense = obj(data, "dispenseRequest")
    lines = items(data, "dosageInstruction") or items(data, "dosage")
    intake = read_dosage(lines, product, content)
    supply = _supply(data, dispense, lines, resource, notes)
    quantity = obj(dispense, "quantity") or obj(data, "quantity")
    days = plain.duration_days(dispense.get("expectedSupplyDuration", data.get("daysSupply")))
    intake = held_to_supply(intake, product, quantity, days, dispensed=resource.kind == "MedicationDispense")
    written = when(data, "authoredOn", "dateAsserted", "whenHandedOver", "whenPrepared", "recorded")
    start = plain.days(obj(dispense, "validityPeriod"), "start")
    if resource.kind != "MedicationRequest":
        start = when(data, "effectivePeriod", "effectiveDateTime", "whenHandedOver", "whenPrepared") or start
        written = written or start
    purpose, given = purpose_of(data, product, oud, found, content)
    label = product.text or what.label or "a medicine without a name"
    entry, beside = _entries(label, product, clear, purpose, intake, content)
    judged = [classes_in(content, one) for one in (entry, *beside)]
    order = Order(
        resource.kind,
        named(data),
        resource.place,
        label,
        product,
        entry,
        {cls: any_of(one[cls] for one in judged) for cls in judged[0]},
        intake,
        standing,
        _community(data, resource.kind),
        written,
        start,
        supply,
        purpose,
        given,
        links=_links(data),
        beside=beside,
    )
    if standing == "none":
        said("not_used", data, resource.place, "status", f"{label}: {code(data, 'status') or 'no order'}, not in use")
        return None
    begins = order.begins()
    if begins is None and standing != "draft":
        said("not_understood", data, resource.place, "authoredOn", f"{label}: no date that can be read")
    elif begins is not None and begins.first > as_of and standing != "draft":
        said("conflict", data, resource.place, "authoredOn", f"{label}: dated after the day of this evaluation")
    said("used", data, resource.place, "medicines", f"{label}: {standing}")
    for note in intake.notes:
        said("assumed", data, resource.place, "dosageInstruction", f"{label}: {note}")
    for words in intake.conflicts:
        said("conflict", data, resource.place, "dosageInstruction", f"{label}: {words}")
    if given is False and purpose == "oud":
        for medicine in (content.medicines[i] for i in product.ingredients):
            if "any" in medicine.purpose_by_route:
                words = f"{medicine.label.lower()} without a reason, with OUD on record: for OUD"
                said("assumed", data, resource.place, "reasonCode", words)
    return order


def _standing(resource: Resource, notes: Notebook) -> Standing:
    data, status = resource.data, code(resource.data, "status")
    if flag(data, "doNotPerform") is True:
        notes.add("not_used", data, resource.place, "doNotPerform", "an order not to give this medicine")
        return "none"
    if resource.kind == "MedicationRequest":
        if resource.draft:
            return "none" if status in ("cancelled", "entered-in-error", "stopped", "completed") else "draft"
        intent = code(data, "intent")
        if intent in ("proposal", "plan", "option"):
            notes.add("not_used", data, resource.place, "intent", f"a {intent}, not an order")
            return "none"
        if intent and intent not in _INTENTS:
            notes.add("not_understood", data, resource.place, "intent", f"intent '{intent[:30]}'")
    stands = _STANDS[resource.kind].get(status)
    if stands is None:
        shown = f"status '{status[:30]}'" if status else "no status"
        notes.add("not_understood", data, resource.place, "status", f"{shown}: whether it is in use is not known")
        return "unclear"
    return stands


def _supply(data: Data, dispense: Data, lines: tuple[Data, ...], resource: Resource, notes: Notebook) -> float | None:
    given = dispense.get("expectedSupplyDuration", data.get("daysSupply"))
    found = plain.duration_days(given)
    if found is None and isinstance(given, Mapping):
        if obj(given) and number(given, "value") is not None and not (code(given, "code") or code(given, "unit")):
            notes.add("not_understood", data, resource.place, "expectedSupplyDuration", "a duration without a unit")
        else:
            notes.add("not_understood", data, resource.place, "expectedSupplyDuration", "not a duration")
    if found is None and given is None:
        if resource.kind == "MedicationAdministration":
            return 1.0
        period = data.get("effectivePeriod")
        first, last = plain.days(period, "start"), plain.days(period, "end")
        if first and last and last.last >= first.first:
            return float((last.last - first.first).days + 1)
        bounds = [plain.duration_days(obj(line, "timing", "repeat", "boundsDuration")) for line in lines]
        known = [b for b in bounds if b]
        if known and len(known) == len(lines):
            notes.add("assumed", data, resource.place, "boundsDuration", "the supply lasts as long as the dosage says")
            found = max(known)
    return found if found is not None and 0 < found <= 3660 else None


def _community(data: Data, kind: str) -> bool | None:
    """Whether the order is for use at home: category community (or at discharge). None where nothing is said."""
    words = {c.code.lower() for category in concepts(data, "category") for c in category.codes}
    words |= {category.text.lower() for category in concepts(data, "category") if category.text}
    if words & {"community", "discharge", "patientspecified"}:
        return True
    if words & {"inpatient", "outpatient"}:
        return False
    if kind == "MedicationAdministration":
        return False
    if kind in ("MedicationStatement", "MedicationDispense"):
        return True
    return None


def _entries(
    label: str, product: Product, clear: bool, purpose: Any, intake: Intake, content: Content
) -> tuple[Medicine, tuple[Medicine, ...]]:
    """The medicine as entries of a profile, so that the classes are those of the core. The state is set later.

    One entry, and beside it one for each further medicine of the text and for what was not understood of it.
    """
    entry = _entry(label, product, clear, purpose, intake, content)
    if not (product.left or product.several or (product.ingredients and product.none_of)) or not clear:
        return entry, ()
    if product.several:
        parts = understood(product.text, content)
        made = [
            _part({"name": p.name, "ingredients": list(p.ingredients), "none_of": list(p.none_of)}, content)
            for p in parts
        ]
        return made[0], tuple(made[1:])
    beside: list[Medicine] = []
    if product.ingredients and product.none_of:
        beside.append(_part({"name": " / ".join(product.unlisted)[:200], "none_of": list(product.none_of)}, content))
    if product.left:
        beside.append(_part({"name": f"part of a name that is not recognized, in: {label}"[:200]}, content))
    return entry, tuple(beside)


def _part(data: Mapping[str, Any], content: Content) -> Medicine:
    return Medicine.model_validate({"state": "current", **data}, context={"content": content})


def _entry(label: str, product: Product, clear: bool, purpose: Any, intake: Intake, content: Content) -> Medicine:
    """What is known of the product as one entry."""
    ingredients = tuple(i for i in product.ingredients if i in content.medicines)
    data: dict[str, Any] = {"name": label[:200] if ingredients else _masked(label, clear), "state": "current"}
    if ingredients:
        data |= {"ingredients": list(ingredients)}
        if not product.left:  # what is known in part keeps its route open: the rest may say another
            data |= {"route": product.route if product.route != "injected" else "other", "release": product.release}
    elif clear:
        data["none_of"] = list(product.none_of)
    if intake.rate:
        rate = {i: r * 1000 for i, r in intake.rate.items() if i in ingredients and r * 1000 <= 1e6}
        data |= {"dose": {i: round(r, 6) for i, r in rate.items()}, "unit": "mcg/h"}
        if intake.per_day.hi is None:
            data["dose"] = {}
    elif intake.mg:
        data["dose"] = {i: a for i, a in intake.mg.items() if i in ingredients}
    least, most = intake.per_day  # of a patch: 1, what is worn at once
    data["per_day_max"] = most if most is None or most <= 100 else None
    data["per_day_min"] = least if 0 <= least <= 100 and (least or most is not None) else None
    if intake.as_needed is not None:
        data["as_needed"] = intake.as_needed
    if purpose:
        data["purpose"] = purpose
    return Medicine.model_validate({k: v for k, v in data.items() if v is not None}, context={"content": content})


def _masked(label: str, clear: bool) -> str:
    """A name that no known spelling can be found in: what a product only may be must not be read as what it is."""
    return (label[:200] if clear else "") or "unrecognized medicine"


def _links(data: Data) -> frozenset[str]:
    """The orders that this record carries out or reports."""
    found = set()
    for name in ("authorizingPrescription", "basedOn", "derivedFrom", "priorPrescription", "request"):
        for part in items(data, name):
            if word := text(part, "reference"):
                found.add("/".join(word.split("/")[-2:]))
    return frozenset(found)


# ---- together -----------------------------------------------------------------------------------------------


def _same_drafts(orders: list[Order], notes: Notebook) -> list[Order]:
    """A draft that edits an existing order is that order: the existing one gives way."""
    drafts = {(o.name, o.product.key) for o in orders if o.standing == "draft" and not o.name.endswith("/?")}
    kept = []
    for order in orders:
        if order.standing == "active" and (order.name, order.product.key) in drafts:
            notes.add("conflict", order.name, order.place, "id", f"{order.label}: the same order is being written anew")
            # It was a supply before; only as an order in use does the draft stand for it.
            order = replace(order, standing="past")
        kept.append(order)
    return kept


def _linked(orders: list[Order], as_of: date, notes: Notebook) -> list[Order]:
    """A dispense, statement or administration of an order that is listed is not one more medicine in use. A dispense
    whose supply still lasts, of a medicine that no order names, is one."""
    requests = {o.name for o in orders if o.kind == "MedicationRequest"}
    products = {o.product.ingredients for o in orders if o.kind == "MedicationRequest" and o.standing != "unclear"}
    kept = []
    for order in orders:
        known = bool(order.links & requests) or (
            bool(order.product.ingredients) and order.product.ingredients in products
        )
        if order.kind != "MedicationRequest" and known:
            notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
            order = replace(order, standing="past" if order.standing == "active" else order.standing, same=True)
        elif order.kind == "MedicationDispense" and order.standing == "past" and _lasts(order, as_of):
            notes.add(
                "assumed", order.name, order.place, "medicines", f"{order.label}: dispensed, and the supply still lasts"
            )
            order = replace(order, standing="active")
        kept.append(order)
    return kept


def _lasts(order: Order, as_of: date) -> bool:
    begins = order.begins()
    if begins is None or order.supply_days is None or begins.last > as_of:
        return False
    return (as_of - begins.first).days < order.supply_days


def _replaced(orders: list[Order], as_of: date, notes: Notebook) -> list[Order]:
    """Mark active orders of a product that a newer one continues: their supply has ended, or they say none and are a
    week or more older. Two orders whose supplies overlap today are two orders."""
    lines = [
        o
        for o in orders
        if o.kind == "MedicationRequest" and o.standing in ("active", "draft") and o.product.ingredients
    ]
    made = []
    for order in orders:
        if order.standing == "active" and order.kind == "MedicationRequest" and order.product.ingredients:
            begins = order.begins()
            newer = [o for o in lines if o is not order and o.product.key == order.product.key and _is_newer(o, order)]
            ended = (
                begins is not None
                and order.supply_days is not None
                and (
                    begins.last + timedelta(days=min(order.supply_days, 3660)) <= as_of
                    if begins.last.year < 9900
                    else False
                )
            )
            unsaid = order.supply_days is None and any(_is_newer(o, order, 7) for o in newer)
            if newer and (ended or unsaid):
                notes.add("assumed", order.name, order.place, "medicines", f"{order.label}: continued by a newer order")
                order = replace(order, replaced=True)
        made.append(order)
    return made


def _is_newer(one: Order, other: Order, days: int = 1) -> bool:
    if one.standing == "draft" and other.standing == "active" and days <= 1:
        return True
    a, b = one.begins(), other.begins()
    return a is not None and b is not None and (a.first - b.last).days >= days


def span_of(order: Order) -> tuple[Days, int] | None:
    """The days a supply may start on, and how many it lasts; None where either is not known."""
    begins = order.begins()
    return None if begins is None or order.supply_days is None else (begins, max(int(order.supply_days), 1))


__all__ = ["KINDS", "Order", "Span", "read_orders", "span_of"]
