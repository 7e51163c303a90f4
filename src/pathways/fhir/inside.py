"""What stands inside other resources and is read for itself: the answer of an operation (R4 Parameters), and what a list, a
document or a report contains (R4 DomainResource.contained) instead of naming it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .plain import Data, code, flag, items, obj, text
from .report import Notebook

if TYPE_CHECKING:
    from .bundle import Resource

_HOLDS = ("List", "Composition", "DiagnosticReport")
_READ = (
    "AllergyIntolerance",
    "Condition",
    "Immunization",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
)
_GONE = ("entered-in-error", "retired", "cancelled")


def answered(data: Data, place: str) -> Iterator[tuple[str, Any]]:
    """The resources that the answer of an operation hands over, each with its place, those of its parts too."""
    for name in ("parameter", "part"):
        for n, each in enumerate(items(data, name)):
            where = f"{place}.{name} {n}"
            if "resource" in each:
                yield where, each["resource"]
            yield from answered(each, where)


def contained_in(resource: Resource, notes: Notebook) -> Iterator[tuple[Data, str]]:
    """What a list, a document or a report contains, as resources of their own, each with its place: about whom the whole is
    about, where they do not say it themselves. What is taken off a list, or stands in one that is withdrawn, is left out."""
    if resource.kind not in _HOLDS:
        return
    inside = items(resource.data, "contained")
    gone = code(resource.data, "status")
    off = {
        text(obj(entry, "item"), "reference")
        for entry in items(resource.data, "entry")
        if flag(entry, "deleted") is True
    }
    for n, each in enumerate(inside):
        kind, word = text(each, "resourceType"), text(each, "id")
        if kind not in _READ:
            continue
        place = f"{resource.place}.contained {n}"
        # Its id is known in there alone (R4, Resource references).
        name = {"id": f"{text(resource.data, 'id') or resource.place}#{word or n}"}
        whose = "patient" if kind == "AllergyIntolerance" else "subject"
        owner = {whose: resource.data["subject"]} if "subject" in resource.data else {}
        beside = {"contained": [one for one in inside if one is not each]}
        made = {**beside, **owner, **each, **name}
        if gone in _GONE or f"#{word}" in off:
            why = f"what holds it is {gone}" if gone in _GONE else "taken off the list"
            notes.add("not_used", made, place, "status", f"{why}: not used")
            continue
        yield made, place
