"""What stands inside other resources and is read for itself: the answer of an operation (R4 Parameters), and what a list, a
document, a report, a plan or a visit contains (R4 DomainResource.contained) instead of naming it. Of what any other resource
contains it is said that it is not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .plain import Data, code, flag, items, obj, text
from .report import Notebook

if TYPE_CHECKING:
    from .bundle import Resource

_HOLDS = ("List", "Composition", "DiagnosticReport", "CarePlan", "Encounter")
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
_SAID = frozenset({*_READ, "DiagnosticReport", "List", "QuestionnaireResponse"})
"""What a resource may contain that says something of the person."""
HAVE_REASONS = (
    "Encounter", "Procedure", "ServiceRequest", "CarePlan", "MedicationRequest", "MedicationStatement",
    "MedicationDispense", "MedicationAdministration", "Claim", "ExplanationOfBenefit",
)  # fmt: skip  # words, read across
"""What takes place for a reason (`reasons`)."""
_GONE = ("entered-in-error", "retired", "cancelled", "revoked")


def answered(data: Data, place: str) -> Iterator[tuple[str, Any]]:
    """The resources that the answer of an operation hands over, each with its place, those of its parts too."""
    for name in ("parameter", "part"):
        for n, each in enumerate(items(data, name)):
            where = f"{place}.{name} {n}"
            if "resource" in each:
                yield where, each["resource"]
            yield from answered(each, where)


def contained_in(resource: Resource, notes: Notebook) -> Iterator[tuple[Data, str]]:
    """What a list, a document, a report, a plan or a visit contains, as resources of their own, each with its place: about
    whom the whole is about, where they do not say it themselves. What is taken off a list, or stands in one that is
    withdrawn, is left out."""
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
        place, name = _called(resource, n, word)
        whose = "patient" if kind == "AllergyIntolerance" else "subject"
        owner = {whose: resource.data["subject"]} if "subject" in resource.data else {}
        beside = {"contained": [one for one in inside if one is not each]}
        made = {**beside, **owner, **each, **name}
        if gone in _GONE or f"#{word}" in off:
            why = f"what holds it is {gone}" if gone in _GONE else "taken off the list"
            notes.add("not_used", made, place, "status", f"{why}: not used")
            continue
        yield made, place


def unread_in(resource: Resource, notes: Notebook) -> bool:
    """Whether a resource contains something of the person that nothing reads; each is said. A Condition that it names as its
    reason is read by `reasons`."""
    if "contained" not in resource.data:
        return False
    gone = code(resource.data, "status") in _GONE
    missed = False
    for n, each in enumerate(items(resource.data, "contained")):
        kind, word = text(each, "resourceType"), text(each, "id")
        if kind not in _SAID or (resource.kind in _HOLDS and kind in _READ):
            continue
        if kind == "Condition" and word and f"#{word}" in _reasons(resource):
            continue
        place, name = _called(resource, n, word)
        if gone:
            said = f"what holds it is {code(resource.data, 'status')}: not used"
            notes.add("not_used", {**each, **name}, place, "status", said)
        else:
            said = f"inside a {resource.kind}, where it is not read: lists are not whole"
            notes.add("not_understood", {**each, **name}, place, "entry", said)
            missed = True
    return missed


def _called(resource: Resource, n: int, word: str) -> tuple[str, dict[str, str]]:
    """The place of what a resource contains, and its id: that is known in there alone (R4, Resource references)."""
    return f"{resource.place}.contained {n}", {"id": f"{text(resource.data, 'id') or resource.place}#{word or n}"}


def _reasons(resource: Resource) -> set[str]:
    """What a resource that has reasons refers to as such."""
    if resource.kind not in HAVE_REASONS:
        return set()
    named = [part for name in ("reasonReference", "addresses") for part in items(resource.data, name)]
    named += [one for part in items(resource.data, "diagnosis") for one in items(part, "condition")]
    return {text(part, "reference") for part in named}
