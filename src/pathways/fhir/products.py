"""What a medicine is and what it is for: by its RxNorm code, its name, what it references, its reason, its licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..content import Content
from ..content import models as m
from ..intake.names import Product, active_of, read_name
from . import codes
from .bundle import Gathered, Resource
from .plain import Concept, Data, concept, concepts, items, obj, text
from .report import Notebook

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


def product_of(resource: Resource, found: Gathered, content: Content, notes: Notebook) -> tuple[Concept, Product, bool]:
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
    product = _by_code(what, content, found.rxnorm)
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
            if (p := _by_code(c, content, found.rxnorm) or next(iter([read_name(t, content) for t in c.texts]), None))
        ]
        listed = tuple(dict.fromkeys(i for p in inner for i in p.ingredients))
        if listed:
            product = Product(" / ".join(c.label for c in parts), listed, active=active_of(listed, content))
    if product is None or not product.named:
        notes.add(
            "not_understood", data, resource.place, "medication", f"unrecognized medicine: {what.label or 'no name'}"
        )
        return what, Product(what.label), False
    if not product.ingredients:
        notes.add("used", data, resource.place, "medicines", f"{what.label}: of no ingredient that a rule asks for")
    return what, product, True


def _by_code(what: Concept, content: Content, names: Mapping[str, str]) -> Product | None:
    """The product of an RxNorm code: by the tables of the kit, else by a user's own copy of RxNorm."""
    for coding in what.codes:
        if coding.system != "rxnorm" and not (coding.system == "" and coding.code.isdigit()):
            continue
        for table in content.rx_tables.values():
            if not table.brands and coding.code in table.names:
                return read_name(table.names[coding.code], content)
        if coding.code in names:
            return read_name(names[coding.code], content)
    return None


def purpose_of(
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
        if content.known("condition", "opioid dependence, as a code") in sets:
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
    own = set(product.ingredients)
    opioids = own & content.class_members(content.known("medicine_class", "any opioid"))
    if said:
        return (None if opioids else "other"), True
    if opioids and any(content.medicines[i].cough for i in own):
        return "other", False
    return _licensed_for(product, oud, content), False


def _licensed_for(product: Product, oud: bool | None, content: Content) -> Literal["pain", "oud", "other"] | None:
    """The purpose that the product is licensed for, by its route and partner; None where it has several."""
    for medicine in (content.medicines[i] for i in product.ingredients):
        combined = next((medicine.purpose_with[i] for i in product.ingredients if i in medicine.purpose_with), None)
        told = medicine.purpose_by_route
        found = combined or told.get("any") or told.get(product.route or "")
        if found == "oud_or_pain":
            return None if oud is None else "oud" if oud else "pain"
        if found == "oud_or_other":
            return None if oud is None else "oud" if oud else "other"
        if found:
            return found
    return None


def listed_in_full(product: Product, content: Content) -> tuple[str, ...]:
    """The classes that a product of another ingredient surely is not in."""
    words = " ".join((product.text, *product.unlisted)).lower()
    found: list[str] = []
    for listed in content.listed_in_full.values():
        assert isinstance(listed, m.ListedInFull)
        if not any(tell in words for tell in listed.tells):
            found += listed.classes
    return tuple(dict.fromkeys(found))
