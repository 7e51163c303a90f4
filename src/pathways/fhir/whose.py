"""Whose record it is: what surely belongs to another person is set aside, and a file of several people is refused.

A reference that cannot be followed says nothing; then the resource is read as before.
"""

from __future__ import annotations

from typing import Any

from .bundle import FhirError, Gathered, Resource
from .plain import obj, text
from .report import Notebook

BELONGS = ("subject", "patient", "beneficiary")


def keep_one_person(found: Gathered, data: Any, notes: Notebook) -> None:
    """Leave in ``found`` what is, or may be, the person's own. Raises FhirError where it cannot be told who that is."""
    patients = {name: r for r in found.of("Patient") if (name := text(r.data, "id"))}
    owners = [_owner(found, resource) for resource in found.resources]
    asked = text(obj(data, "context"), "patientId").rsplit("/", 1)[-1]
    if asked and (asked in patients or asked in owners):
        person = asked
    elif len(patients) == 1:
        person = next(iter(patients))
    else:
        _refuse_several(patients, set(owners))
        return
    kept = []
    for resource, owner in zip(found.resources, owners, strict=True):
        if resource.kind == "Patient":
            owner = text(resource.data, "id")
        if owner and owner != person:
            said = f"of another person (Patient/{owner}): not used"
            notes.add("conflict", resource.data, resource.place, "subject", said)
        else:
            kept.append(resource)
    found.resources = kept


def _owner(found: Gathered, resource: Resource) -> str:
    """The id of the patient that a resource names; empty where none is named, or who it is cannot be told."""
    for name in BELONGS:
        word = text(obj(resource.data, name), "reference")
        if not word:
            continue
        if word.startswith("#"):
            return ""  # a person who stands inside the resource has no id that could be compared
        target = found.find(word, resource.data)
        if target is not None:
            return text(target, "id") if text(target, "resourceType") == "Patient" else ""
        kind, _, name_there = word.split("/_history")[0].rpartition("/")
        return name_there if kind.rsplit("/", 1)[-1] == "Patient" else ""
    return ""


def _refuse_several(patients: dict[str, Resource], owners: set[str]) -> None:
    births = {str(r.data.get("birthDate")) for name, r in patients.items() if name in owners}
    if len(patients) > 1 and len(births) > 1:
        raise FhirError(f"the records of {len(births)} people, by their birth dates; give the record of one person")
