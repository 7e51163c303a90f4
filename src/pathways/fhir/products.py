"""What a medicine is and what it is for: by its RxNorm code, its name, what it references, its reason, its licence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from ..content import Content
from ..intake.names import Product, active_of, read_name
from . import codes
from .at_odds import at_odds, different
from .bundle import Gathered, Resource
from .plain import Concept, Data, code, concept, concepts, items, obj, text
from .report import Kind, Notebook

Purpose = Literal["pain", "oud", "other"]
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


_NO_PAIN = re.compile(
    r"\b(?:not|no|never|denies|without|r/o|rule out)(?: (?:for|a|any|of|to|treat|chronic|acute|used|taken|given|prescribed|indicated))*"
    r" (?:pain|analges\w*)"
)
_FOR_PAIN = re.compile(r"\bpain\b|analges")


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
    if code(medication, "status") == "entered-in-error":
        said = f"{what.label}: the Medication that it names is in error; what is taken is not known"
        notes.add("conflict", data, resource.place, "medicationReference", said)
        return what, Product(what.label), False
    if medication:
        read = _read_product(what, medication, found, content)
    else:
        if what not in found.products:
            found.products[what] = _read_product(what, medication, found, content)
        read = found.products[what]
    for kind, where, said in read.remarks:
        notes.add(kind, data, resource.place, where, said)
    return what, read.product, read.clear


class ProductRead(NamedTuple):
    """What codes and texts say of a product; ``clear`` is whether it is at least named, ``remarks`` what is told of the reading:
    the kind of remark, the field and the words."""

    product: Product
    clear: bool
    remarks: tuple[tuple[Kind, str, str], ...]


def _read_product(what: Concept, medication: Data, found: Gathered, content: Content) -> ProductRead:
    remarks: list[tuple[Kind, str, str]] = []

    def unread(kind: Kind, said: str, *left: str) -> ProductRead:
        return ProductRead(Product(what.label, left=left), False, ((kind, "medication", said),))

    coded = _by_codes(what, content, found.rxnorm)
    product = coded[0] if coded else None
    texts = [read_name(words, content) for words in what.texts]
    best = max(texts, key=_says, default=None)
    if others := different(coded) or different([t for t in texts if t.whole]):
        said = f"its codes or its texts name different ones: {'; '.join(others)}"
        return unread("conflict", said)
    if product is not None and best is not None and best.named:
        product = _of_both(product, best)
        if product is None:
            shown = "; ".join(what.texts)
            return unread("conflict", f"the code and the text name different ones: {shown}")
    elif product is None:
        product = best
    if product is None or not product.named:
        product = _of_its_parts(medication, found, content) or product
    if product is None or not product.named:
        return unread("not_understood", f"unrecognized medicine: {what.label or 'no name'}", what.label)
    if told := at_odds(coded, texts):
        remarks.append(("conflict", "medication", f"{what.label}: {told}; neither is used"))
        product = replace(product, strengths={}, release=None, taken=None)
    if product.taken is not None:
        said = f"{what.label}: {product.taken:g} taken as {product.taken:g} mg, which it is sold in"
        remarks.append(("assumed", "medication", said))
    if product.left:
        pieces = " ".join(product.left)
        remarks.append(("not_understood", "medication", f"{what.label}: not understood: {pieces}"))
    elif product.several:
        remarks.append(("not_understood", "medication", f"{what.label}: several medicines in one order"))
    elif not product.ingredients:
        none = "no medicine, a device or a supply" if product.device else "of no ingredient that a rule asks for"
        remarks.append(("used", "medicines", f"{what.label}: {none}"))
    return ProductRead(product, True, tuple(remarks))


def _says(product: Product) -> tuple[bool, int, int, bool, str]:
    """How much a reading says: of several texts of one medicine the fullest is taken."""
    return (
        product.named and not product.left,
        len(product.strengths),
        len(product.ingredients),
        product.route is not None,
        product.text,
    )


def _of_both(coded: Product, said: Product) -> Product | None:
    """The product of a code and a text that do not contradict each other: the one that says more. None where they do."""
    if not coded.named:
        return said
    one, other = set(coded.ingredients), set(said.ingredients)
    if not one and not other:
        return coded
    if said.left or said.several:
        return said if other - one else replace(said, ingredients=coded.ingredients, active=coded.active)
    if one == other:
        return said if len(said.strengths) > len(coded.strengths) or not coded.text else coded
    if not one or not other or not (one < other or other < one):
        return None
    return coded if len(one) > len(other) else said


def _of_its_parts(medication: Data, found: Gathered, content: Content) -> Product | None:
    """The product by the ingredients that its Medication lists: whole only if each of them is understood."""
    parts = [concept(part, "itemCodeableConcept") for part in items(medication, "ingredient")]
    inner: list[Product] = []
    for part in parts:
        made = next(iter(_by_codes(part, content, found.rxnorm)), None)
        made = made or next((read_name(words, content) for words in part.texts), None)
        inner.append(made or Product(part.label, left=(part.label,)))
    listed = tuple(dict.fromkeys(i for p in inner for i in p.ingredients))
    if not listed:
        return None
    left = tuple(piece for p in inner for piece in p.left)
    label = " / ".join(c.label for c in parts)
    return Product(label, listed, active=active_of(listed, content), left=left)


def _by_codes(what: Concept, content: Content, names: Mapping[str, str]) -> list[Product]:
    """The product of each RxNorm code: by the tables of the kit, else by a user's own copy of RxNorm. A code without its
    system has no defined meaning."""
    return [
        read_name(name, content)
        for coding in what.codes
        if coding.system == "rxnorm" and (name := _name_of(coding.code, content, names)) is not None
    ]


def _name_of(code_: str, content: Content, names: Mapping[str, str]) -> str | None:
    for table in content.rx_tables.values():
        if not (table.brands or table.spellings) and code_ in table.names:
            return table.names[code_]
    return names.get(code_)


def reasons_of(data: Data, found: Gathered) -> tuple[Concept, ...]:
    """What a record says that its medicine is for."""
    reasons: list[Concept] = list(concepts(data, "reasonCode"))
    for reference in items(data, "reasonReference"):
        target = found.find(reference, data)
        if target is not None:
            reasons.append(concept(target, "code"))
    reasons += [concept(part, "concept") for part in items(data, "reason")]
    reasons += [concept(line, "asNeededCodeableConcept") for line in items(data, "dosageInstruction")]
    return tuple([reason for reason in reasons if reason])


def directions_of(data: Data) -> tuple[str, ...]:
    """The texts of its dosage lines in small letters."""
    lines = items(data, "dosageInstruction") + items(data, "dosage")
    return tuple([text(line, name).lower() for line in lines for name in ("text", "patientInstruction")])


def purpose_of(
    said: Sequence[Concept], directions: Sequence[str], product: Product, oud: bool | None, content: Content
) -> tuple[Purpose | None, bool]:
    """What it is for by its reasons and its directions, and whether a reason is given. Without one: what the product is
    licensed for."""
    for reason in said:
        sets = {s.gives for s in codes.lookup(reason, content, ("condition",))}
        if content.known("condition", "opioid dependence, as a code") in sets:
            return "oud", True
    for reason in said:
        words = _NO_PAIN.sub(" ", " ".join(reason.texts).lower())
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
    licensed = _licensed_for(product, oud, content)
    if licensed == "oud" and any(_FOR_PAIN.search(_NO_PAIN.sub(" ", one)) for one in directions):
        return None, False  # the directions say that it is for pain, which it is not licensed for
    return licensed, False


def _licensed_for(product: Product, oud: bool | None, content: Content) -> Purpose | None:
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
