"""What a resource says did not happen, or is about somebody else, is set aside before anything is read off it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from ..content import Content, once_per_content
from . import codes
from .bundle import Gathered, Resource
from .plain import Concept, Data, concept, concepts, items, status_is, text
from .report import Notebook

_VALUES = (
    "valueQuantity",
    "valueInteger",
    "valueBoolean",
    "valueRange",
    "valueRatio",
    "valueDateTime",
    "valueSampledData",
)
_UTC_MORNING = re.compile(r"T(?:0\d|1[01]):.*(?:[Zz]|[+-]00:00)$")
_MEMO = 5000
_OTHERS = ("RelatedPerson", "Practitioner", "Device", "Location", "Substance")
_ASK = ("Observation", "Procedure", "DiagnosticReport")


def set_aside(found: Gathered, content: Content, notes: Notebook) -> None:
    """Leave in ``found`` what happened, or may have: what is not is reported, and nothing else looks at it."""
    kept = []
    changed: dict[int, Data] = {}
    for given in found.resources:
        resource = _without_absent(_modified(given, found, notes), notes)
        if resource is not given:
            changed[id(given.data)] = resource.data
        why = ""
        if resource.kind in _ASK:
            shape = found.shapes.of(resource)
            why = shape.once("why not", _why, shape.like, content)
        if why:
            notes.add("not_used", resource.data, resource.place, "status", why)
        else:
            kept.append(resource)
    found.renamed(changed)
    if changed or len(kept) < len(found.resources):
        found.resources = kept


_MODIFIED_IN = frozenset({"modifierExtension", "implicitRules", "component", "dispenseRequest"})
_ABSENT_IN = frozenset({"dataAbsentReason", "component"})
_DOUBTFUL = {"Condition": "verificationStatus", "AllergyIntolerance": "verificationStatus"}
_RESULTS = (*_VALUES, "valueString", "valueCodeableConcept", "component", "interpretation")


def _modified(resource: Resource, found: Gathered, notes: Notebook) -> Resource:
    """A resource with a modifier, none of which is known here, as one whose status is not known: it may say the opposite.
    What FHIR calls a modifier has to be understood, or the resource not be used (R4 2.4.0, 2.1.0.5)."""
    data = resource.data
    if _MODIFIED_IN.isdisjoint(data):
        return resource
    shape = found.shapes.of(resource)
    if resource.kind == "Patient" or not shape.once("modified", _has_modifier, shape.like.data):
        return resource
    shown = next((text(one, "url") for one in items(data, "modifierExtension")), "") or text(data, "implicitRules")
    notes.add(
        "not_understood", data, resource.place, "modifierExtension", f"a modifier that is not known here: {shown}"
    )
    changed: dict[str, object] = {}
    name = _DOUBTFUL.get(resource.kind, "status")
    if not status_is(data, name, "entered-in-error", "refuted"):
        doubt = {"coding": [{"code": "unconfirmed"}]} if resource.kind in _DOUBTFUL else "unknown"
        changed[name] = doubt
    if resource.kind in ("Observation", "DiagnosticReport"):
        changed |= {key: None for key in _RESULTS if key in data}
    if resource.kind == "Medication":
        changed |= {key: None for key in ("code", "ingredient") if key in data}
    for key in ("dosageInstruction", "dosage"):
        if lines := items(data, key):
            changed[key] = [{**line, "modifierExtension": [{}]} for line in lines]
    return replace(resource, data={**data, **changed})


def _has_modifier(data: Data) -> bool:
    parts = items(data, "component") + items(data, "dispenseRequest")
    return any(items(part, "modifierExtension") for part in (data, *parts)) or bool(text(data, "implicitRules"))


def _without_absent(resource: Resource, notes: Notebook) -> Resource:
    """A result without each value beside which it is said why there is none (FHIR obs-6 forbids both): which of the two
    holds is not told. That it was not done stays heard."""
    data = resource.data
    if resource.kind != "Observation" or _ABSENT_IN.isdisjoint(data):
        return resource
    parts = items(data, "component")
    made = [_one_or_the_other(part, resource, notes) for part in parts]
    whole = _one_or_the_other(data, resource, notes)
    if whole is data and all(one is part for one, part in zip(made, parts, strict=True)):
        return resource
    return replace(resource, data={**whole, "component": made} if parts else whole)


def _one_or_the_other(part: Data, resource: Resource, notes: Notebook) -> Data:
    absent = concept(part, "dataAbsentReason")
    given = [key for key in (*_VALUES, "valueString", "valueCodeableConcept") if part.get(key) is not None]
    if not absent or not given:
        return part
    said = f"a value, and a reason why there is none ({absent.label[:60]}): the value is not used"
    notes.add("conflict", resource.data, resource.place, "dataAbsentReason", said)
    return {key: value for key, value in part.items() if key not in given}


_PERIODS = frozenset({"start", "end", "validityPeriod", "lastUpdated"})


def evenings(found: Gathered, today: date, notes: Notebook) -> None:
    """Read an instant in UTC in the first half of tomorrow as today: in the Americas it is an evening of today."""
    if today == date.max:
        return
    tomorrow = (today + timedelta(days=1)).isoformat()
    moved_to: dict[int, Resource] = {}
    for n, resource in enumerate(found.resources):
        # When a plan was revised is read of its server (`events`). No other meta, and no narrative, holds a day of the person.
        revised = resource.data.get("meta") if resource.kind == "CarePlan" else None
        if tomorrow not in resource.said and tomorrow not in text(revised, "lastUpdated"):
            continue  # as nearly all
        changed = {
            key: moved
            for key, value in resource.data.items()
            if (key != "meta" or revised) and (moved := _evening(value, tomorrow, today)) is not value
        }
        if changed:
            said = f"{', '.join(sorted(changed))}: tomorrow in UTC, an evening of today in the Americas"
            notes.add("assumed", resource.data, resource.place, "date", said)
            moved_to[n] = replace(resource, data={**resource.data, **changed})
    found.put(moved_to)


def _evening(value: object, tomorrow: str, today: date) -> object:
    """The value with today for such an instant, also in a period, one level below (``dispenseRequest``) and in a ``meta``."""
    if isinstance(value, str):
        if value.startswith(f"{tomorrow}T") and _UTC_MORNING.search(value):
            return today.isoformat()
        return value
    if not isinstance(value, dict) or value.keys().isdisjoint(_PERIODS):
        return value
    made = {key: _evening(part, tomorrow, today) for key, part in value.items()}
    return made if any(made[key] is not value[key] for key in value) else value


def _why(resource: Resource, content: Content) -> str:
    """Why a result or a procedure counts for nothing; empty where it counts."""
    data = resource.data
    for part in items(data, "focus"):
        about = text(part, "reference").split("/")[-2:][0]
        if about in _OTHERS:
            return f"about somebody or something else ({about}): not counted"
    absent = concept(data, "dataAbsentReason")
    has_value = any(data.get(name) is not None for name in _VALUES)
    parts = [p for p in items(data, "component") if not concept(p, "dataAbsentReason")]
    if absent and not has_value and not parts and not items(data, "hasMember"):
        said = concept(data, "valueCodeableConcept") or Concept((), text(data, "valueString"))
        if not said or _not_done(said, content):
            return f"no result ({absent.label}): not counted"
    for said in _said(resource):
        if _not_done(said, content):
            return f"“{said.label[:80]}”: it was not done, not counted"
    return ""


def _said(resource: Resource) -> list[Concept]:
    """Where a resource says how it went."""
    data = resource.data
    found = [concept(data, name) for name in ("valueCodeableConcept", "outcome", "statusReason") if name in data]
    found.append(resource.code)
    found += [Concept((), text(data, name)) for name in ("valueString", "conclusion") if name in data]
    return [f for f in (*found, *concepts(data, "conclusionCode")) if f]


def _not_done(said: Concept, content: Content) -> bool:
    """Whether a concept says so, by a code or by how its words begin."""
    known = _read_before(content)
    if said not in known:
        if len(known) > _MEMO:
            known.clear()
        by_code = any(s.means == "status" for coding in said.codes for s in codes.of_code(coding, content))
        texts = [words.strip() for words in said.texts]
        known[said] = by_code or any(codes.of_text(words, content, ("status",)) for words in texts)
    return known[said]


@once_per_content
def _read_before(_: Content) -> dict[Concept, bool]:
    """The answers of `_not_done` about what was read before."""
    return {}
