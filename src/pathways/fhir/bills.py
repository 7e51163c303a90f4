"""Claims and explanations of benefit: nothing of them is taken as fact, and what they name is not surely absent."""

from __future__ import annotations

from datetime import date

from ..content import Content
from ..intake.names import read_name
from . import codes
from .bundle import Gathered
from .given import order_of, spoken_of
from .medicines import Order
from .plain import Concept, Data, code, concept, items, when
from .report import Notebook

KINDS = ("Claim", "ExplanationOfBenefit")
_NOT_SO = ("cancelled", "entered-in-error", "draft")
_SERVICE = ("productOrService", "service", "productOrServiceEnd")
_NDC = ("ndc",)


def read_bills(found: Gathered, as_of: date, content: Content, notes: Notebook) -> list[Order]:
    """The medicines that bills name, each of which it is not known whether it is taken."""
    made: list[Order] = []
    for resource in found.of(*KINDS):
        if code(resource.data, "status") in _NOT_SO:
            notes.add("not_used", resource.name, resource.place, "status", "a bill that does not stand")
            continue
        notes.add("not_used", resource.name, resource.place, "entry", "a bill: not read; what it names is left open")
        pharmacy = _pharmacy(resource.data)
        for line in _lines(resource.data):
            what = next((c for name in _SERVICE if (c := concept(line, name))), Concept((), ""))
            day = when(line, "servicedDate", "servicedPeriod") or when(resource.data, "billablePeriod", "created")
            sets = [s for s in codes.lookup(what, content, ("event", "finding")) if s.medicine]
            if sets and sets[0].medicine is not None:
                if day is None or (as_of - day.last).days <= 90:
                    made.append(order_of(resource, sets[0].label, sets[0].medicine, day, None, content))
                continue
            product = read_name(what.label, content)
            if product.ingredients or (what and (pharmacy or _is_drug(what))):
                order = spoken_of(resource, product, day, as_of, content)
                made += [order] if order is not None else []
    return made


def _lines(data: Data) -> list[Data]:
    lines = [*items(data, "item"), *items(data, "addItem")]
    return [inner for line in lines for inner in (line, *items(line, "detail"))]


def _pharmacy(data: Data) -> bool:
    kind = concept(data, "type")
    return kind.has("pharmacy", "pde") or "pharmacy" in kind.label.lower()


def _is_drug(what: Concept) -> bool:
    return any(c.system in _NDC or c.system == "rxnorm" for c in what.codes)
