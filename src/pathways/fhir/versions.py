"""Resources of other FHIR versions as R4 would write them: DSTU2 and STU3, and what R5 calls differently.

An element is moved only where the specification says what R4 calls it and the meaning is the same. What a resource of
R4 cannot hold is left as it stands, and nothing reads it. Sources: the R4 pages "Differences" of each resource.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .plain import Data, code, concept, items, obj, text

Json = dict[str, Any]
KINDS: Mapping[str, str] = {
    "MedicationOrder": "MedicationRequest",
    "MedicationUsage": "MedicationStatement",
    "ProcedureRequest": "ServiceRequest",
}
"""What a type of another version is called in R4."""
REFUSED: Mapping[str, str] = {
    "MedicationPrescription": "DSTU1",
    "AdverseReaction": "DSTU1",
}
"""Types of a version that nothing here can read safely."""
_MEDICINES = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
_OF_A_PATIENT = ("Condition", "Encounter", *_MEDICINES)
"""What names its person as ``patient`` in DSTU2 and as ``subject`` in R4; others (a Claim) have a ``patient`` in R4 too."""
_NAMES: Mapping[str, str] = {
    "dateWritten": "authoredOn",
    "reasonCodeableConcept": "reasonCode",
    "reasonForUseCodeableConcept": "reasonCode",
    "dateRecorded": "recordedDate",
    "assertedDate": "recordedDate",
    "effectiveTimeDateTime": "effectiveDateTime",
    "effectiveTimePeriod": "effectivePeriod",
    "prescription": "request",
    "substance": "code",
}
"""Elements of older versions, none of which R4 has, by the name that R4 gives them."""
_NOT_DONE: Mapping[str, tuple[str, str]] = {
    "wasNotTaken": ("MedicationStatement", "not-taken"),
    "wasNotGiven": ("MedicationAdministration", "not-done"),
    "notGiven": ("MedicationAdministration", "not-done"),
    "notPerformed": ("Procedure", "not-done"),
    "notDone": ("*", "not-done"),
}
_TAKEN = {"n": "not-taken", "unk": "unknown", "na": "unknown"}
_ADHERES = {
    "not-taking": "not-taken",
    "not-taken": "not-taken",
    "stopped": "stopped",
    "stopped-not-as-directed": "stopped",
    "stopped-as-directed": "stopped",
    "on-hold": "on-hold",
    "on-hold-not-as-directed": "on-hold",
    "on-hold-as-directed": "on-hold",
    "unknown": "unknown",
}
_CLASSES = {
    "inpatient": "IMP",
    "outpatient": "AMB",
    "ambulatory": "AMB",
    "emergency": "EMER",
    "home": "HH",
    "virtual": "VR",
}
_ALLERGY_STATUS: Mapping[str, tuple[str, str]] = {
    "active": ("active", ""),
    "unconfirmed": ("active", "unconfirmed"),
    "confirmed": ("active", "confirmed"),
    "inactive": ("inactive", ""),
    "resolved": ("resolved", ""),
    "refuted": ("inactive", "refuted"),
    "entered-in-error": ("inactive", "entered-in-error"),
}
_CRITICAL = {"CRITL": "low", "CRITH": "high", "CRITU": "unable-to-assess"}


def as_r4(data: Data) -> tuple[Data, str]:
    """A resource as R4 writes it, and what was changed in words; the resource itself and "" where nothing was."""
    kind = text(data, "resourceType")
    wanted = KINDS.get(kind, kind)
    if wanted == kind and wanted not in CHANGED and _NAMES.keys().isdisjoint(data):
        return data, ""
    made: Json | None = None
    changes: list[str] = []

    def put(name: str, value: Any, was: str = "") -> None:
        nonlocal made
        if made is None:
            made = dict(data)
        made[name] = value
        changes.append(was or name)

    if wanted != kind:
        put("resourceType", wanted, kind)
        if kind == "MedicationOrder" and "intent" not in data:
            put("intent", "order", kind)
    if "patient" in data and "subject" not in data and wanted in _OF_A_PATIENT:
        put("subject", data["patient"], "patient")
    for old, new in () if _NAMES.keys().isdisjoint(data) else _NAMES.items():
        if data.get(old) is not None and data.get(new) is None:
            put(new, data[old], old)
    for change in CHANGED.get(wanted, ()):
        change(data, put)
    if made is None:
        return data, ""
    return made, ", ".join(dict.fromkeys(changes))


def has_older_names(data: Data) -> bool:
    """Whether an element has a name of an older version, or may have: ``patient`` is ``subject`` in some."""
    return "patient" in data or not _NAMES.keys().isdisjoint(data)


# ---- one kind at a time -------------------------------------------------------------------------------------

_Put = Callable[..., None]


def _coded(data: Data, put: _Put) -> None:
    """A status that stands as a plain text (DSTU2, STU3) as a concept with that code."""
    for name in ("clinicalStatus", "verificationStatus"):
        given = data.get(name)
        if isinstance(given, str) and given.strip():
            put(name, {"coding": [{"code": given.strip().lower()}]})
        elif isinstance(given, Mapping) and not items(given, "coding") and text(given, "text"):
            word = text(given, "text").lower().replace(" ", "-")
            put(name, {**given, "coding": [{"code": word}]})


def _allergy(data: Data, put: _Put) -> None:
    status = code(data, "status")
    if status in _ALLERGY_STATUS and "clinicalStatus" not in data:
        clinical, verified = _ALLERGY_STATUS[status]
        put("clinicalStatus", {"coding": [{"code": clinical}]}, "status")
        if verified:
            put("verificationStatus", {"coding": [{"code": verified}]}, "status")
    given = text(data, "criticality")
    if given in _CRITICAL:
        put("criticality", _CRITICAL[given])


def _not_done(data: Data, put: _Put) -> None:
    kind = text(data, "resourceType")
    for name, (of, status) in () if _NOT_DONE.keys().isdisjoint(data) else _NOT_DONE.items():
        if data.get(name) is True and of in ("*", KINDS.get(kind, kind)):
            put("status", "cancelled" if kind == "MedicationDispense" else status, name)
    if code(data, "status") == "aborted":
        put("status", "stopped", "status")


def _statement(data: Data, put: _Put) -> None:
    taken = code(data, "taken")
    if taken in _TAKEN:
        put("status", _TAKEN[taken], "taken")
    adheres = concept(obj(data, "adherence"), "code")
    word = next((_ADHERES[c.code] for c in adheres.codes if c.code in _ADHERES), "")
    if word and code(data, "status") not in ("entered-in-error", "draft"):
        put("status", word, "adherence")


def _order(data: Data, put: _Put) -> None:
    if "dateEnded" in data and code(data, "status") in ("active", "completed"):
        put("status", "stopped", "dateEnded")


def _doses(data: Data, put: _Put) -> None:
    """Dosage lines whose dose, or unit of time, stands where older versions have it."""
    for name in ("dosageInstruction", "dosage"):
        lines = items(data, name)
        made = [_line(line) for line in lines]
        if any(new is not old for new, old in zip(made, lines, strict=True)):
            put(name, made)


_DOSES: Mapping[str, str] = {
    "doseQuantity": "doseQuantity",
    "doseSimpleQuantity": "doseQuantity",
    "quantityQuantity": "doseQuantity",
    "doseRange": "doseRange",
    "quantityRange": "doseRange",
    "rateQuantity": "rateQuantity",
    "rateSimpleQuantity": "rateQuantity",
    "rateRatio": "rateRatio",
    "rateRange": "rateRange",
}
"""Where a dose stands beside its line in older versions, and what R4 calls it inside ``doseAndRate``."""


def _line(line: Data) -> Data:
    made: Json = {}
    if "doseAndRate" not in line and not _DOSES.keys().isdisjoint(line):
        dose = {new: line[old] for old, new in _DOSES.items() if old in line}
        if dose:
            made["doseAndRate"] = [dose]
    if isinstance(line.get("asNeeded"), bool) and "asNeededBoolean" not in line:
        made["asNeededBoolean"] = line["asNeeded"]
    repeat = obj(line, "timing", "repeat")
    if "periodUnits" in repeat and "periodUnit" not in repeat:
        made["timing"] = {**obj(line, "timing"), "repeat": {**repeat, "periodUnit": repeat["periodUnits"]}}
    return {**line, **made} if made else line


def _visit(data: Data, put: _Put) -> None:
    given = data.get("class")
    if isinstance(given, str) and given.lower() in _CLASSES:
        put("class", {"code": _CLASSES[given.lower()], "display": given})


CHANGED: Mapping[str, tuple[Callable[[Data, _Put], None], ...]] = {
    "Condition": (_coded,),
    "AllergyIntolerance": (_allergy, _coded),
    "MedicationRequest": (_order, _doses),
    "MedicationStatement": (_not_done, _statement, _doses),
    "MedicationDispense": (_not_done, _doses),
    "MedicationAdministration": (_not_done,),
    "Procedure": (_not_done,),
    "Encounter": (_visit,),
}
"""What else may be written otherwise, by type; none of it stands in an element that is an entry's own (`shapes`)."""
