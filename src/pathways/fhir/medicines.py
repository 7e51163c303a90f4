"""Orders and other records of medicines: what each is, how it stands, how much a day, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ..content import Content
from ..facts.membership import classes_in
from ..intake.dose_text import Span
from ..intake.lasting import lasting_form
from ..intake.names import Product
from ..intake.record_text import heard
from ..language.kleene import any_of
from ..profile import Medicine
from . import plain
from .bounds import Bounds, bounds_of, end_of, start_of
from .bundle import Gathered, Resource, canonical
from .dosage import Intake, read_dosage
from .plain import Data, Days, code, items, number, obj, when
from .product_entries import entries_of_product
from .products import Purpose, directions_of, product_of, purpose_of, reasons_of
from .remarks import bearing, dose_remarks
from .report import Kind, Notebook
from .shapes import LINKS, PRIOR, Remark, Remarks, repeated
from .standing import (
    KINDS,
    Standing,
    community,
    identifier,
    is_reported,
    links_of,
    on_a_ward,
    standing_of,
    with_route,
)
from .supply import beside_the_dose, held_to_remarks, held_to_supply, last_given


@dataclass(frozen=True)
class Order:
    """One record of a medicine. ``standing`` is what it was read as; ``community`` whether it is for use at home;
    ``written`` and ``start`` may be days known in part; ``supply_days`` is one expected duration, repeats not counted.
    ``use`` says whether it is what the person takes today (None: that is not known); ``replaced`` marks an older order that
    a newer one continues, ``same`` a record of a medicine that another record stands for. ``reported``: it says
    what somebody reports to take; ``until`` the day after which it ends by its own words; ``links`` the orders that it
    carries out or reports, ``prior`` the one that it replaces, ``names`` what links may call it by; ``ward``: it was
    given to an inpatient."""

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
    purpose: Purpose | None
    reason_given: bool
    status: str = ""
    reported: bool = False
    until: Days | None = None
    links: frozenset[str] = frozenset()
    prior: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ward: bool = False
    moud: bool | None = None
    """Whether it is a medication for OUD."""
    use: bool | None = False
    replaced: bool = False
    same: bool = False
    lasts: int = 0
    """Of a dose that was given: how many days it works, where its form or what gave it tells; ``may_last``: that is not
    sure; ``measure``: the event that the dose is."""
    may_last: bool = False
    measure: str | None = None
    starts: Days | None = None
    """The first day of its dosage, by its own words."""
    beside: tuple[Medicine, ...] = ()
    """The other medicines that its text names, or one entry for what of the text was not understood."""
    bears: frozenset[str] = frozenset()
    """What its notes leave open: ``use``, ``dose``."""

    def is_in(self, cls: str) -> bool | None:
        """Whether it is in a medicine class."""
        return self.classes[cls]

    def begins(self) -> Days | None:
        """The day a supply starts."""
        return self.start or self.written

    def but(self, **changed: object) -> Order:
        """The same record with some fields changed, as `dataclasses.replace` makes it and ten times as quickly: a record of
        thousands of medicines changes each several times."""
        assert changed.keys() <= Order.__dataclass_fields__.keys()
        made = object.__new__(Order)
        object.__setattr__(made, "__dict__", self.__dict__ | changed)
        return made


class _Taken(NamedTuple):
    """What the name, the dosage lines and the supply of a record say together, which many records of a person share."""

    product: Product
    intake: Intake
    bounds: tuple[Bounds, ...]
    """From when to when the dosage lines hold."""
    purposes: dict[object, tuple[Purpose | None, bool]]
    """What it is for, by the reasons and the directions."""
    entries: dict[object, tuple[Medicine, tuple[Medicine, ...], Mapping[str, bool | None]]]


def read_orders(found: Gathered, as_of: date, oud: bool | None, content: Content, notes: Notebook) -> tuple[Order, ...]:
    """Every record of a medicine, each by itself; `in_use.reconciled` brings them together. ``oud`` says whether an opioid
    use disorder is on record, for methadone."""
    made = (_order(r, found, as_of, oud, content, notes) for r in found.of(*KINDS))
    return tuple(order for order in made if order is not None)


# ---- one record ---------------------------------------------------------------------------------------------


class _Same(NamedTuple):
    """What the records of one shape say alike. ``of`` is such a record without its name, its days and what it refers to;
    ``remarks`` what is told of each; ``timed``: without a period of its own, its supply is not said."""

    of: Order
    remarks: tuple[Remark, ...]
    taken: _Taken
    timed: bool
    supply: float | None
    valid: Days | None
    given_days: int | None
    bounded: bool


def _order(
    resource: Resource, found: Gathered, as_of: date, oud: bool | None, content: Content, notes: Notebook
) -> Order | None:
    data, said = resource.data, notes.add
    ward = on_a_ward(resource, found)
    period = _length(data)
    shape = found.shapes.of(resource)
    key = "order", ward, period is None
    same: _Same | None = shape.told.get(key)
    if same is None:
        same = shape.told[key] = _same(shape.like, ward, period is None, found, oud, content)
    repeated(same.remarks, resource, notes)
    if same.of.standing == "none":
        return None
    label, standing = same.of.label, same.of.standing
    written = when(data, "authoredOn", "dateAsserted", "whenHandedOver", "whenPrepared", "recorded")
    start = same.valid
    if resource.kind != "MedicationRequest":
        start = when(data, "effectivePeriod", *_GIVEN) or start
        written = written or start
    if resource.kind == "MedicationAdministration":
        written = last_given(data, start, as_of) or written
    supply = period if same.timed else same.supply
    if same.given_days is not None:
        supply = max(supply or 1.0, same.given_days)
    begins = start or written
    starts, ends = (
        (start_of(same.taken.bounds, begins), end_of(same.taken.bounds, begins)) if same.bounded else (None, None)
    )
    order = same.of.but(
        name=resource.name,
        place=resource.place,
        written=written,
        start=start,
        supply_days=supply,
        until=_until(data, ends),
        links=links_of(data, found, *LINKS),
        prior=links_of(data, found, PRIOR),
        names=frozenset({resource.name, *(identifier(part) for part in items(data, "identifier"))} - {""}),
        starts=starts,
    )
    if begins is None and standing != "draft":
        said("not_understood", resource.name, resource.place, "authoredOn", f"{label}: no date that can be read")
    elif begins is not None and begins.first > as_of and standing != "draft":
        said(
            "conflict", resource.name, resource.place, "authoredOn", f"{label}: dated after the day of this evaluation"
        )
    for words, day, past in (("begins on", starts, False), ("ended on", order.until, True)):
        if day is not None and (day.last < as_of if past else day.first > as_of):
            told = (
                f"{label}: its dosage {words} {day.last if past else day.first}; whether it is taken now is not known"
            )
            said("conflict", resource.name, resource.place, "dosageInstruction", told)
    return order


def _length(data: Data) -> float | None:
    """How many days the period of a record has; None where it has none that ends."""
    if "effectivePeriod" not in data:
        return None
    first, last = plain.days(data["effectivePeriod"], "start"), plain.days(data["effectivePeriod"], "end")
    return float((last.last - first.first).days + 1) if first and last and last.last >= first.first else None


def _same(resource: Resource, ward: bool, endless: bool, found: Gathered, oud: bool | None, content: Content) -> _Same:
    """What a shape says. ``endless``: it has no period of its own that tells the days of its supply."""
    data, notes = resource.data, Remarks()

    def said(kind: Kind, field: str, words: str) -> None:
        notes.add(kind, data, "", field, words)

    standing = standing_of(resource, notes)
    what, product, clear = product_of(resource, found, content, notes)
    dispense = obj(data, "dispenseRequest")
    lines = items(data, "dosageInstruction") or items(data, "dosage")
    product, route_open = with_route(product, lines, resource, content, notes)
    given_supply = dispense.get("expectedSupplyDuration", data.get("daysSupply"))
    timed = not endless and given_supply is None
    supply = None if timed else _supply(given_supply, lines, resource, notes)
    taken = _taken(resource, product, route_open, lines, found, content)
    remarks = dose_remarks(data, content)
    beside_dose = tuple(words for words in remarks if beside_the_dose(taken.intake, product, words, content))
    for words in beside_dose:
        told = f"a note says “{words[:160]}”: it changes no dose"
        if heard(words, "medicine", content).left:
            said("not_understood", "note", f"{told}; not all of it is read, confirm the entry")
        else:
            said("used", "note", told)
    remarks = tuple(words for words in remarks if words not in beside_dose)
    intake = held_to_remarks(taken.intake, product, remarks, content)
    given_form = None
    if resource.kind == "MedicationAdministration":
        route = "other" if product.route == "injected" else product.route
        given_form = lasting_form(product.ingredients, route, f"{product.text} {what.label}", content)
    why = reasons_of(data, found), directions_of(data)
    if why not in taken.purposes:
        taken.purposes[why] = purpose_of(*why, product, oud, content)
    purpose, given = taken.purposes[why]
    if purpose == "pain" and not given and resource.kind == "MedicationAdministration" and not ward:
        purpose = None  # given, and not handed out: at a program, it may be for OUD
    label = product.text or what.label or "a medicine without a name"
    shared = label, clear, purpose, remarks
    if shared not in taken.entries:
        entry, beside = entries_of_product(label, product, clear, purpose, intake, content)
        judged = [classes_in(content, one) for one in (entry, *beside)]
        classes = judged[0] if not beside else {cls: any_of(one[cls] for one in judged) for cls in judged[0]}
        taken.entries[shared] = entry, beside, classes
    entry, beside, classes = taken.entries[shared]
    order = Order(
        resource.kind,
        "",
        "",
        label,
        product,
        entry,
        classes,
        intake,
        standing,
        community(resource, ward, notes),
        None,
        None,
        supply,
        purpose,
        given,
        code(data, "status"),
        is_reported(resource),
        ward=ward,
        moud=classes[content.known("medicine_class", "any medication for OUD")],
        lasts=0 if given_form is None else given_form.days,
        may_last=given_form is not None and given_form.open,
        measure=None if given_form is None else given_form.measure,
        beside=beside,
        bears=bearing(data, content) - (frozenset() if remarks else {"dose"}),
    )
    if standing == "none":
        said("not_used", "status", f"{label}: {code(data, 'status') or 'no order'}, not in use")
    else:
        said("used", "medicines", f"{label}: {standing}")
        for note in intake.notes:
            said("assumed", "dosageInstruction", f"{label}: {note}")
        for words in intake.conflicts:
            said("conflict", "dosageInstruction", f"{label}: {words}")
        if given is False and purpose == "oud":
            for medicine in (content.medicines[i] for i in product.ingredients):
                if "any" in medicine.purpose_by_route:
                    told = f"{medicine.label.lower()} without a reason, with OUD on record: for OUD"
                    said("assumed", "reasonCode", told)
    valid = plain.days(obj(dispense, "validityPeriod"), "start")
    days = None if given_form is None else given_form.days
    bounded = any(bounds != _UNBOUNDED for bounds in taken.bounds)
    return _Same(order, tuple(notes.said), taken, timed, supply, valid, days, bounded)


_UNBOUNDED = Bounds(None, None, None, None)
_GIVEN = ("effectiveDateTime", "occurenceDateTime", "occurrenceDateTime", "whenHandedOver", "whenPrepared")
"""When it was given or handed over; R5 writes the word in both ways."""


def _taken(
    resource: Resource, product: Product, route_open: bool, lines: tuple[Data, ...], found: Gathered, content: Content
) -> _Taken:
    """How a medicine is taken. Of records that say the same of the same medicine it is read once."""
    data, dispense = resource.data, obj(resource.data, "dispenseRequest")
    quantity = obj(dispense, "quantity") or obj(data, "quantity")
    days = plain.duration_days(dispense.get("expectedSupplyDuration", data.get("daysSupply")))
    dispensed = resource.kind == "MedicationDispense"
    key = (id(product), route_open, canonical({"lines": lines, "quantity": quantity}), days, dispensed)
    if key not in found.taken:
        open_ = Intake(notes=("how it is taken is not known",))
        intake = read_dosage(lines, product, content) if not route_open else open_
        intake = held_to_supply(intake, product, quantity, days, content, dispensed=dispensed)
        # The product is kept with it, so that its `id` stays its own.
        found.taken[key] = _Taken(product, intake, tuple(bounds_of(line) for line in lines), {}, {})
    made: _Taken = found.taken[key]
    return made


def _until(data: Data, lines_end: Days | None) -> Days | None:
    """The last day of a record by its own words: the end of its period, or of every one of its dosage lines."""
    own = plain.days(data["effectivePeriod"], "end") if "effectivePeriod" in data else None
    if own is None or lines_end is None:
        return own or lines_end
    return min(own, lines_end, key=lambda end: end.last)


def _supply(given: Any, lines: tuple[Data, ...], resource: Resource, notes: Notebook) -> float | None:
    """The days of a supply as they are ``given``, else by the dosage."""
    data = resource.data
    found = plain.duration_days(given)
    if found is None and isinstance(given, Mapping):
        if obj(given) and number(given, "value") is not None and not (code(given, "code") or code(given, "unit")):
            notes.add("not_understood", data, resource.place, "expectedSupplyDuration", "a duration without a unit")
        else:
            notes.add("not_understood", data, resource.place, "expectedSupplyDuration", "not a duration")
    if found is None and given is None:
        if resource.kind == "MedicationAdministration":
            return 1.0
        bounds = [plain.duration_days(obj(line, "timing", "repeat", "boundsDuration")) for line in lines]
        known = [b for b in bounds if b]
        if known and len(known) == len(lines):
            notes.add("assumed", data, resource.place, "boundsDuration", "the supply lasts as long as the dosage says")
            found = max(known)
    return found if found is not None and 0 < found <= 3660 else None


def span_of(order: Order) -> tuple[Days, int] | None:
    """The days a supply may start on, and how many it lasts; None where either is not known."""
    begins = order.begins()
    return None if begins is None or order.supply_days is None else (begins, max(int(order.supply_days), 1))


__all__ = ["KINDS", "Order", "Span", "read_orders", "span_of"]
