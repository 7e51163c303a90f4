"""Medicines that are told by something else than a record of a medicine: a code of a treatment program, an injection that
was billed, a visit to a methadone clinic. They stand among the records of medicines, so that profile and findings see one
and the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ..content import Content
from ..content import models as m
from ..facts.membership import classes_in
from ..intake.names import Product, active_of
from ..profile import Medicine
from . import codes
from .bundle import Resource
from .dosage import Intake
from .happened import Happened, add
from .medicines import Order
from .plain import Concept, Days, code, days, obj
from .report import Notebook
from .standing import Standing

_NAMED_ONLY = 90
"""Days after which a medicine that a visit, plan or bill only speaks of says nothing about today any more."""


_MAY_GIVE = ("Procedure", "Encounter", "CarePlan")


def may_give(kind: str, what: Iterable[Concept], content: Content) -> list[m.CodeSet]:
    """The sets of codes by which an event may name a medicine, the surest first; none where what was named is no medicine."""
    if kind not in _MAY_GIVE:
        return []
    sets = [s for c in what for s in codes.lookup(c, content, ("event", "finding")) if s.medicine]
    sets.sort(key=lambda s: (s.medicine is None or not s.medicine.ingredients, s.medicine is None or s.medicine.open))
    return sets


def read_given(
    resource: Resource,
    sets: Sequence[m.CodeSet],
    day: Days | None,
    sure: bool | None,
    content: Content,
    notes: Notebook,
    made: Happened,
) -> bool:
    """The medicine that an event names (`may_give`), put with the records of medicines; whether there is one."""
    if not sets or sets[0].medicine is None:
        return False
    status = code(resource.data, "status")
    if resource.kind != "Procedure":
        sure = None  # a visit or a plan names it; it does not say that it was given
    last = _last_day(resource, day, made.as_of)
    going_on = resource.kind == "CarePlan" and status == "active"
    named_only = sure is None or sets[0].medicine.open
    if named_only and not going_on and last is not None and (made.as_of - last.last).days > _NAMED_ONLY:
        return False
    made.given.append(order_of(resource, sets[0].label, sets[0].medicine, last, sure, content))
    word = "whether it is taken is not known" if named_only else "given"
    notes.add(
        "not_understood" if named_only else "used",
        resource.data,
        resource.place,
        "medicines",
        f"{sets[0].label}: {word}",
    )
    return True


def _last_day(resource: Resource, day: Days | None, as_of: date) -> Days | None:
    """The last day of what was done: the end of its period, today while it goes on."""
    period = obj(resource.data, "performedPeriod") or obj(resource.data, "occurrencePeriod")
    period = period or obj(resource.data, "period")
    end = days(period, "end")
    if end is not None:
        return end if end.first <= as_of else Days(as_of, as_of)
    return Days(as_of, as_of) if period and code(resource.data, "status") == "in-progress" else day


def order_of(
    resource: Resource, label: str, given: m.GivenMedicine, day: Days | None, sure: bool | None, content: Content
) -> Order:
    """What was given, or may have been, as a record of a medicine. It is in use as long as what was given goes on."""
    data: dict[str, Any] = {"name": label[:200], "state": "current", "purpose": given.purpose, "route": given.route}
    data |= {"ingredients": list(given.ingredients), "class": given.medicine_class}
    if given.program:
        data.update(source="otp", setting="otp")
    product = Product(label, given.ingredients, route=given.route, active=active_of(given.ingredients, content))
    return _order(resource, product, _entry(data, content), day, given.days, _standing(sure, given.open), content)


def spoken_of(
    resource: Resource, product: Product, day: Days | None, as_of: date, content: Content, *, kept: bool = False
) -> Order | None:
    """A medicine that a bill or a list names, of which it is not known whether it is taken; None where that was long ago,
    unless a list is ``kept``."""
    if not kept and day is not None and (as_of - day.last).days > _NAMED_ONLY:
        return None
    data: dict[str, Any] = {"name": product.text[:200] or "a medicine that is not named", "state": "current"}
    if product.ingredients and not product.left:
        data["ingredients"] = list(product.ingredients)
    elif product.none_of and not product.ingredients and not product.left:
        data["none_of"] = list(product.none_of)
    else:
        data["name"] = "a medicine whose name is not recognized"
    return _order(resource, product, _entry(data, content), day, 0, "unclear", content)


def injections(orders: Iterable[Order], made: Happened, content: Content) -> None:
    """The events that doses given are: an injection of naltrexone or buprenorphine, by its day."""
    for order in orders:
        if order.measure is None or order.status in ("stopped", "on-hold") or order.written is None:
            continue
        if order.written.first <= made.as_of:
            resource = Resource(order.kind, dict(zip(("resourceType", "id"), order.name.split("/"), strict=True)), "")
            surely = order.written if order.standing != "unclear" else None
            add(made, {"measure": order.measure}, surely, resource, content)


def _standing(sure: bool | None, is_open: bool) -> Standing:
    return "unclear" if is_open or sure is None else "past"


def _entry(data: dict[str, Any], content: Content) -> Medicine:
    return Medicine.model_validate({k: v for k, v in data.items() if v}, context={"content": content})


def _order(
    resource: Resource,
    product: Product,
    entry: Medicine,
    day: Days | None,
    lasts: int,
    standing: Standing,
    content: Content,
) -> Order:
    classes = classes_in(content, entry)
    return Order(
        "MedicationAdministration",
        resource.name,
        resource.place,
        product.text or "a medicine",
        product,
        entry,
        classes,
        Intake(notes=("how much a day is not known",)),
        standing,
        True,
        day,
        day,
        float(lasts) if lasts else None,
        entry.purpose,
        entry.purpose is not None,
        "completed" if standing == "past" else "unknown",
        names=frozenset({resource.name}),
        moud=classes[content.known("medicine_class", "any medication for OUD")],
        lasts=lasts,
    )
