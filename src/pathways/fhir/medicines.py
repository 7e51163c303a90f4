"""Orders and other records of medicines: what each is, how it stands, how much a day, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from ..content import Content
from ..content import models as m
from ..facts.membership import classes_in
from ..profile import Medicine
from . import codes, plain
from .bundle import Gathered, Resource
from .dosage import Intake, Span, read_dosage
from .names import Product, read_name
from .plain import Concept, Data, Days, code, concept, concepts, flag, items, number, obj, text, when
from .report import Notebook, named

Standing = Literal["draft", "active", "past", "unclear", "none"]
"""Being written; in use; earlier; one of these, which is not known; never in use (cancelled)."""
KINDS = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
# Cough and cold products: an opioid in one of these is not for pain.
_COUGH = frozenset({"guaifenesin", "homatropine", "chlorpheniramine", "brompheniramine", "promethazine"})
_STANDS: Mapping[str, Mapping[str, Standing]] = {
    "MedicationRequest": {
        "active": "active", "completed": "past", "stopped": "past", "ended": "past", "on-hold": "past",
        "cancelled": "none", "entered-in-error": "none", "draft": "none",
    },
    "MedicationStatement": {
        "active": "active", "recorded": "active", "intended": "none", "completed": "past", "stopped": "past", "on-hold": "past",
        "not-taken": "none", "entered-in-error": "none", "unknown": "unclear",
    },
    "MedicationDispense": {
        "completed": "past", "in-progress": "past", "on-hold": "none", "preparation": "none", "cancelled": "none",
        "stopped": "past", "declined": "none", "entered-in-error": "none",
    },
    "MedicationAdministration": {
        "completed": "past", "in-progress": "past", "on-hold": "past", "stopped": "past", "not-done": "none",
        "entered-in-error": "none",
    },
}  # fmt: skip
_INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
_PAIN = (
    "pain",
    "analges",
    "arthritis",
    "neuralg",
    "migraine",
    "headache",
    "fracture",
    "sciatica",
    "injur",
    "post-op",
    "postop",
    "surg",
)


@dataclass(frozen=True)
class Order:
    """One record of a medicine. ``standing`` is what it was read as; ``community`` whether it is for use at home;
    ``written`` and ``start`` may be days known in part; ``supply_days`` is one expected duration, repeats not counted.
    ``replaced`` marks an older order of a product that a newer one continues."""

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
    links: frozenset[str] = frozenset()

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
    orders = _linked(orders, notes)
    return tuple(_replaced(orders, as_of, notes))


# ---- one record ---------------------------------------------------------------------------------------------


def _order(
    resource: Resource, found: Gathered, as_of: date, oud: bool | None, content: Content, notes: Notebook
) -> Order | None:
    data = resource.data
    said = notes.add
    standing = _standing(resource, notes)
    what, product, clear = _product(resource, found, content, notes)
    dispense = obj(data, "dispenseRequest")
    lines = items(data, "dosageInstruction") or items(data, "dosage")
    intake = read_dosage(lines, product)
    supply = _supply(data, dispense, lines, resource, notes)
    written = when(data, "authoredOn", "dateAsserted", "whenHandedOver", "whenPrepared", "recorded")
    start = plain.days(obj(dispense, "validityPeriod"), "start")
    if resource.kind != "MedicationRequest":
        start = when(data, "effectivePeriod", "effectiveDateTime", "whenHandedOver", "whenPrepared") or start
        written = written or start
    purpose, given = _purpose(data, product, oud, found, content)
    label = product.text or what.label or "a medicine without a name"
    entry = _entry(label, product, clear, purpose, intake, content)
    order = Order(
        resource.kind, named(data), resource.place, label, product, entry, classes_in(content, entry), intake, standing,
        _community(data, resource.kind), written, start, supply, purpose, given, links=_links(data),
    )  # fmt: skip
    if standing == "none":
        said("not_used", data, resource.place, "status", f"{label}: {code(data, 'status') or 'no order'}, not in use")
        return None
    if order.begins() is None and standing != "draft":
        said("not_understood", data, resource.place, "authoredOn", f"{label}: no date that can be read")
    elif order.begins() and order.begins().first > as_of and standing != "draft":  # type: ignore[union-attr]
        said("conflict", data, resource.place, "authoredOn", f"{label}: dated after the day of this evaluation")
    said("used", data, resource.place, "medicines", f"{label}: {standing}")
    for note in intake.notes:
        said("assumed", data, resource.place, "dosageInstruction", f"{label}: {note}")
    if given is False and purpose == "oud" and "methadone" in product.ingredients:
        said("assumed", data, resource.place, "reasonCode", "methadone without a reason, with OUD on record: for OUD")
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


def _product(resource: Resource, found: Gathered, content: Content, notes: Notebook) -> tuple[Concept, Product, bool]:
    """What the medicine is; the last says whether a product that is not in the vocabulary is at least named."""
    data = resource.data
    what = concept(data, "medicationCodeableConcept") or concept(data.get("medication"), "concept")
    reference = data.get("medicationReference") or obj(data, "medication").get("reference")
    medication: Data = {}
    if not what and reference:
        medication = found.find(reference, data) or {}
        what = concept(medication, "code")
        if not what:
            display = text(obj(data, "medicationReference"), "display")
            what = Concept((), display)
        if not medication:
            notes.add(
                "not_understood", data, resource.place, "medicationReference", "the medicine it names was not sent"
            )
    product = _by_code(what, content)
    texts = [read_name(words, content) for words in what.texts]
    best = max(texts, key=lambda p: (len(p.strengths), len(p.ingredients), p.route is not None, p.text), default=None)
    if product and best and best.ingredients and set(best.ingredients) != set(product.ingredients):
        if set(best.ingredients) < set(product.ingredients) or set(best.ingredients) > set(product.ingredients):
            product = product if len(product.ingredients) >= len(best.ingredients) else best
        else:
            notes.add(
                "conflict", data, resource.place, "medication", f"code says {product.text}, text says {best.text}"
            )
            return what, Product(what.label), False
    elif product is None or (best and best.ingredients and len(best.strengths) > len(product.strengths)):
        product = best or product
    if product is None or not product.named:
        parts = [concept(part, "itemCodeableConcept") for part in items(medication, "ingredient")]
        inner = [
            p
            for c in parts
            if (p := _by_code(c, content) or next(iter([read_name(t, content) for t in c.texts]), None))
        ]
        listed = tuple(dict.fromkeys(i for p in inner for i in p.ingredients))
        if listed:
            product = Product(" / ".join(c.label for c in parts), listed)
    if product is None or not product.named:
        notes.add(
            "not_understood", data, resource.place, "medication", f"unrecognized medicine: {what.label or 'no name'}"
        )
        return what, Product(what.label), False
    if not product.ingredients:
        notes.add("used", data, resource.place, "medicines", f"{what.label}: of no ingredient that a rule asks for")
    return what, product, True


def _by_code(what: Concept, content: Content) -> Product | None:
    for coding in what.codes:
        if coding.system == "rxnorm" or (coding.system == "" and coding.code.isdigit()):
            for table in content.tables["rx_table"].values():
                if table.id != "rx_brands" and coding.code in table.names:
                    return read_name(table.names[coding.code], content)
    return None


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


def _purpose(
    data: Data, product: Product, oud: bool | None, found: Gathered, content: Content
) -> tuple[Literal["pain", "oud", "other"] | None, bool]:
    """What it is for, and whether a reason is given. Without one: what the product is licensed for."""
    reasons: list[Concept] = list(concepts(data, "reasonCode"))
    for reference in items(data, "reasonReference"):
        target = found.find(reference, data)
        if target is not None:
            reasons.append(concept(target, "code"))
    reasons += [concept(part, "concept") for part in items(data, "reason")]
    for line in items(data, "dosageInstruction"):
        needed = concept(line, "asNeededCodeableConcept")
        if needed:
            reasons.append(needed)
    said = [reason for reason in reasons if reason]
    for reason in said:
        sets = {s.gives for s in codes.lookup(reason, content, ("condition",))}
        if "opioid_dependence_code" in sets:
            return "oud", True
    for reason in said:
        words = " ".join(reason.texts).lower()
        groups = {
            g for s in codes.lookup(reason, content, ("condition",)) for g in (s.gives, *content.groups_of(s.gives))
        }
        if (
            any(word in words for word in _PAIN)
            or any(g.startswith("pain_") for g in groups)
            or any(
                c.system == "icd" and c.code.upper().startswith(("G89", "M", "R52", "S", "G43", "R10", "R51", "K08"))
                for c in reason.codes
            )
            or any(
                c.system == "snomed" and c.code in ("22253000", "82423001", "274663001", "373621006")
                for c in reason.codes
            )
        ):
            return "pain", True
    if said:
        opioid = set(product.ingredients) & content.class_members("opioid")
        return (None if opioid else "other"), True
    own = set(product.ingredients)
    if own & _COUGH and own & content.class_members("opioid"):
        return "other", False
    if "buprenorphine" in own:
        if product.route in ("transdermal",) or (product.route == "buccal" and "naloxone" not in own):
            return "pain", False
        if product.route in ("sublingual", "subcutaneous", "implant") or "naloxone" in own:
            return "oud", False
        return ("pain" if product.route == "other" else None), False
    if "methadone" in own:
        return (None if oud is None else "oud" if oud else "pain"), False
    if "naltrexone" in own and product.route == "intramuscular":
        return (None if oud is None else "oud" if oud else "other"), False
    return None, False


def _entry(label: str, product: Product, clear: bool, purpose: Any, intake: Intake, content: Content) -> Medicine:
    """The medicine as an entry of a profile, so that the classes are those of the core. The state is set later."""
    ingredients = tuple(i for i in product.ingredients if i in content.medicines)
    data: dict[str, Any] = {"name": label[:200] if ingredients else _masked(label, clear), "state": "current"}
    if ingredients:
        data |= {"ingredients": list(ingredients), "route": product.route if product.route != "injected" else "other"}
        data["release"] = product.release
        if product.unlisted and clear:
            data["name"] = label[:200]
    elif clear:
        data["none_of"] = list(listed_in_full(product, content))
    if intake.rate:
        rate = {i: r * 1000 for i, r in intake.rate.items() if i in ingredients and r * 1000 <= 1e6}
        data |= {"dose": {i: round(r, 6) for i, r in rate.items()}, "unit": "mcg/h"}
        if intake.per_day.hi is None:
            data["dose"] = {}
    elif intake.mg:
        data["dose"] = {i: a for i, a in intake.mg.items() if i in ingredients}
    if not intake.rate:
        least, most = intake.per_day
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


def listed_in_full(product: Product, content: Content) -> tuple[str, ...]:
    """The classes that a product of another ingredient surely is not in."""
    words = " ".join((product.text, *product.unlisted)).lower()
    found: list[str] = []
    for listed in content.tables["listed_in_full"].values():
        assert isinstance(listed, m.ListedInFull)
        if not any(tell in words for tell in listed.tells):
            found += listed.classes
    return tuple(dict.fromkeys(found))


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


def _linked(orders: list[Order], notes: Notebook) -> list[Order]:
    """A dispense, statement or administration of an order that is listed is not one more medicine in use."""
    requests = {o.name for o in orders if o.kind == "MedicationRequest"}
    products = {
        o.product.ingredients for o in orders if o.kind == "MedicationRequest" and o.standing in ("active", "draft")
    }
    kept = []
    for order in orders:
        if order.kind == "MedicationStatement" and order.standing == "active":
            known = order.links & requests or (order.product.ingredients and order.product.ingredients in products)
            if known:
                notes.add("used", order.name, order.place, "medicines", f"{order.label}: the same medicine as an order")
                order = replace(order, standing="past")
        kept.append(order)
    return kept


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
            newer = [
                o for o in lines
                if o is not order and o.product.key == order.product.key and _is_newer(o, order)
            ]  # fmt: skip
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


__all__ = ["KINDS", "Order", "Span", "listed_in_full", "read_orders", "span_of"]
