"""How one record of a medicine stands by its own words: its status, its route, and where it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from ..content import Content
from ..intake.names import Product, on_skin
from .bundle import Gathered, Resource
from .plain import Concept, Data, code, concept, concepts, flag, items, obj, text
from .report import Notebook

Standing = Literal["draft", "active", "past", "unclear", "none"]
"""Being written; in use; earlier; one of these, which is not known; never in use (cancelled). On hold is such an unknown:
halted for now, expected to go on, and the tablets are at home."""
KINDS = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
_STANDS: Mapping[str, Mapping[str, Standing]] = {
    "MedicationRequest": {
        "active": "active",
        "completed": "past",
        "stopped": "past",
        "ended": "past",
        "on-hold": "unclear",
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
        "on-hold": "unclear",
        "not-taken": "past",
        "entered-in-error": "none",
        "draft": "none",
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
_NO_ORDER = ("proposal", "plan", "option")
_MAY_SAY_LESS = {("oral", "sublingual"), ("oral", "buccal"), ("topical", "transdermal"), ("oral", "oral")}
"""A product named for the mouth (tablet, film) may be one that is held in it."""
_HOME = {"community", "discharge", "patientspecified"}
_VISIT = frozenset({"encounter", "context"})
_INPATIENT = ("imp", "acute", "nonac", "inpatient")


def standing_of(resource: Resource, notes: Notebook) -> Standing:
    """How a record stands by its status, its intent and what it forbids."""
    data, status = resource.data, code(resource.data, "status")
    if flag(data, "doNotPerform") is True:
        notes.add("not_used", data, resource.place, "doNotPerform", "an order not to give this medicine")
        return "none"
    if resource.kind == "MedicationRequest":
        if resource.draft:
            return "none" if status in ("cancelled", "entered-in-error", "stopped", "completed") else "draft"
        intent = code(data, "intent")
        if intent in _NO_ORDER and not is_reported(resource):
            notes.add("not_used", data, resource.place, "intent", f"a {intent}, not an order")
            return "none"
        if intent and intent not in (*_INTENTS, *_NO_ORDER):
            notes.add("not_understood", data, resource.place, "intent", f"intent '{intent[:30]}'")
    stands = _STANDS[resource.kind].get(status)
    if status == "on-hold" and stands == "unclear":
        notes.add(
            "not_understood", data, resource.place, "status", "on hold: whether it is taken now is not known; ask"
        )
    if stands is None:
        shown = f"status '{status[:30]}'" if status else "no status"
        notes.add("not_understood", data, resource.place, "status", f"{shown}: whether it is in use is not known")
        return "unclear"
    return stands


def is_reported(resource: Resource) -> bool:
    """Whether a record says what somebody reports to take, as US Core writes it: an order that is marked as reported."""
    data = resource.data
    if resource.kind == "MedicationStatement":
        return True
    marked = (flag(data, "reportedBoolean") or flag(data, "reported")) is True or "reportedReference" in data
    return resource.kind == "MedicationRequest" and not resource.draft and marked


def with_route(
    product: Product, lines: Sequence[Data], resource: Resource, content: Content, notes: Notebook
) -> tuple[Product, bool]:
    """The product by the route that its dosage lines name, and whether they leave it open: where they and the name of the
    product disagree, or name one that is not understood, no route is left, and no dose can be reckoned."""
    said = [concept(line, "route") for line in lines if line.get("route")]
    if not said:
        return product, False
    routes = {_route(what, content) for what in said}
    route = next(iter(routes)) if len(routes) == 1 else None
    if route is None:
        shown = ", ".join(sorted({what.label[:40] for what in said}))
        notes.add(
            "not_understood", resource.data, resource.place, "route", f"route '{shown}': how it is taken is not known"
        )
        return replace(product, route=None), True
    if product.route in (None, route) or _injected(product.route, route) or (product.route, route) in _MAY_SAY_LESS:
        skin = on_skin(content) if route in ("topical", "transdermal") else {}
        moved = {i: skin.get(i, i) for i in product.ingredients}
        moved_product = replace(
            product,
            route=route,
            ingredients=tuple(moved.values()),
            strengths={moved.get(i, i): s for i, s in product.strengths.items()},
            active=tuple(moved.get(i, i) for i in product.active),
        )
        return moved_product, False
    said_twice = f"the name says {product.route}, the directions say {route}: how it is taken is not known"
    notes.add("conflict", resource.data, resource.place, "route", said_twice)
    return replace(product, route=None), True


def _injected(named: str | None, said: str) -> bool:
    """Whether a product for injection is given in a way that its name leaves open."""
    ways = ("intramuscular", "subcutaneous", "intravenous", "epidural", "other", "injected")
    return named in ("other", "injected", "subcutaneous", "intramuscular") and said in ways


def _route(what: Concept, content: Content) -> str | None:
    """The route of the vocabulary that a concept names; None for none, or for several."""
    words: set[str] = set()
    names = content.route_names.values()
    by_code = {r.route for r in names if any(c.code.lower() in r.codes for c in what.codes)}
    if len(by_code) == 1:
        return next(iter(by_code))
    for said in what.texts:
        words |= set(said.lower().replace("/", " ").replace("(", " ").replace(")", " ").replace(",", " ").split())
    if "under" in words and "skin" in words:
        return "subcutaneous"
    by_word = {r.route for r in names if words & set(r.words)}
    if by_word == {"oral", "sublingual"} or by_word == {"oral", "buccal"}:
        by_word -= {"oral"}
    return next(iter(by_word)) if len(by_word) == 1 and not by_code else None


def community(resource: Resource, ward: bool, notes: Notebook) -> bool | None:
    """Whether it is for use at home: by its category, else by the visit it was written in. None where nothing tells, and
    for what is given "outpatient": that may be taken home or in the clinic. ``ward`` is what `on_a_ward` says."""
    data, kind = resource.data, resource.kind
    words = _category(data)
    if words & _HOME:
        return True
    if "inpatient" in words:
        return False
    if "outpatient" in words:
        if kind == "MedicationDispense" or obj(data, "dispenseRequest") or is_reported(resource):
            return True
        notes.add(
            "not_understood",
            data,
            resource.place,
            "category",
            "outpatient: taken home or given in the clinic is not known",
        )
        return None
    if kind == "MedicationAdministration" or ward:
        return False
    return True if kind in ("MedicationStatement", "MedicationDispense") or is_reported(resource) else None


def on_a_ward(resource: Resource, found: Gathered) -> bool:
    """Whether it is for, or was given to, an inpatient: by its category, else by the visit that it names."""
    words = _category(resource.data) if "category" in resource.data else ()
    if words:
        return "inpatient" in words
    if _VISIT.isdisjoint(resource.data):
        return False
    visit = found.find(resource.data.get("encounter") or resource.data.get("context"), resource.data)
    return visit is not None and text(visit, "resourceType") == "Encounter" and concept(visit, "class").has(*_INPATIENT)


def _category(data: Data) -> set[str]:
    """The category of an order as code words, in small letters."""
    if "category" not in data:
        return set()
    categories = concepts(data, "category")
    words = {c.code.lower() for category in categories for c in category.codes}
    return words | {category.text.lower() for category in categories if category.text}


_NO_LINKS = frozenset[str]()


def links_of(data: Data, found: Gathered, *names: str) -> frozenset[str]:
    """The records that these elements name, by type and id where they were sent."""
    if data.keys().isdisjoint(names):
        return _NO_LINKS
    linked: set[str] = set()
    for name in [name for name in names if name in data]:
        for part in items(data, name):
            target = found.find(part, data)
            if target is not None and text(target, "id"):
                linked.add(f"{text(target, 'resourceType')}/{text(target, 'id')}")
            elif word := text(part, "reference"):
                linked.add("/".join(word.split("/_history")[0].split("/")[-2:]))
            if key := identifier(part.get("identifier")):
                linked.add(key)
    return frozenset(linked)


def identifier(value: Any) -> str:
    """An identifier as one word: its system and its value."""
    given = text(value, "value") if isinstance(value, Mapping) else ""
    return f"{text(value, 'system')}|{given}" if given else ""
