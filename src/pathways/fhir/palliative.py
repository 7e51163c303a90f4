"""Palliative and hospice care told by other resources than conditions: procedures, orders, findings, visits and plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..content import Content
from . import codes
from .bundle import Gathered, Resource
from .plain import code, concept, concepts, obj, when
from .report import Notebook
from .windows import inside

_DONE: Mapping[str, tuple[str, str]] = {
    "Procedure": ("completed in-progress", "not-done entered-in-error preparation stopped on-hold"),
    "ServiceRequest": ("active completed", "draft revoked entered-in-error on-hold"),
    "Observation": ("final amended corrected preliminary", "cancelled entered-in-error registered"),
    "Encounter": ("finished in-progress arrived triaged onleave planned", "cancelled entered-in-error"),
    "CarePlan": ("active completed", "draft revoked entered-in-error"),
}
_STATUSES = {kind: (yes.split(), no.split()) for kind, (yes, no) in _DONE.items()}


def palliative_care(
    found: Gathered, as_of: date, content: Content, notes: Notebook
) -> Iterator[tuple[dict[str, Any], str]]:
    """The fields of each entry of the conditions list that care on record makes, with the name of its resource."""
    in_hospice, palliative = (
        content.known("condition", "care in hospice"),
        content.known("condition_group", "palliative care"),
    )
    for resource in found.of(*_DONE):
        data = resource.data
        shape = found.shapes.of(resource)
        hospice, gives = shape.once("care of this kind", _gives, shape.like, in_hospice, content)
        if not hospice and not gives & {palliative, in_hospice}:
            continue
        yes, no = _STATUSES[resource.kind]
        status = code(data, "status")
        if status in no:
            continue
        day = when(
            data,
            "performedDateTime",
            "performedPeriod",
            "effectiveDateTime",
            "effectivePeriod",
            "period",
            "occurrenceDateTime",
            "authoredOn",
            "created",
            "issued",
        )
        within = inside(day, as_of, 365)
        if within is False:
            notes.add(
                "not_used", resource.name, resource.place, "date", "palliative or hospice care, longer ago than a year"
            )
            continue
        sure = within is True and status in yes
        fields = {"id": in_hospice if hospice or in_hospice in gives else palliative, "name": "care on record"}
        fields["certainty"] = "confirmed" if sure else "suspected"
        notes.add("used", resource.name, resource.place, "conditions", "palliative or hospice care")
        yield fields, resource.name


def _gives(resource: Resource, in_hospice: str, content: Content) -> tuple[bool, set[str]]:
    """Whether somebody left for a hospice, and the conditions that a resource amounts to."""
    data = resource.data
    said = [resource.code]
    said += [concept(data, name) for name in ("serviceType", "valueCodeableConcept") if name in data]
    said += [one for name in ("type", "category", "reasonCode") if name in data for one in concepts(data, name)]
    leaving = concept(obj(data, "hospitalization"), "dischargeDisposition")
    hospice = leaving.has("hosp") or any(s.gives == in_hospice for s in codes.lookup(leaving, content, ("condition",)))
    return hospice, {s.gives for c in said if c for s in codes.lookup(c, content, ("condition",))}
