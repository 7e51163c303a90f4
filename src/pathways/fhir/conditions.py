"""Conditions of a record as entries of a profile: state, certainty, and what a set of encounters for cancer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..content import Content, once_per_content
from ..facts.observed import span_within
from ..profile import Condition
from . import codes, plain
from .bundle import Gathered, Resource
from .plain import Concept, Days, code, concept, concepts, items, obj, text, when
from .report import Notebook

_STATES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "inactive",
    "remission": "remission",
    "resolved": "resolved",
}
_SUSPECTED = ("unconfirmed", "provisional", "differential")
_NO_ENCOUNTER = ("cancelled", "entered-in-error", "planned", "noshow")


@dataclass(frozen=True)
class Read:
    """An entry for the profile with the resource that it came from."""

    entry: Condition
    resource: str


@dataclass(frozen=True)
class _Seen:
    """One Condition resource, taken apart. ``state`` None is not known."""

    resource: Resource
    what: Concept
    state: str | None
    suspected: bool
    category: frozenset[str]
    since: Days | None
    until: Days | None


def read_conditions(
    found: Gathered, as_of: date, cancer_days: float, content: Content, notes: Notebook
) -> tuple[Read, ...]:
    """All conditions, and the findings of other resources that amount to one (hospice care)."""
    made: list[Read] = []
    cancers: list[_Seen] = []
    for resource in found.of("Condition"):
        seen = _seen(resource, as_of, notes)
        if seen is None:
            continue
        sets = codes.lookup(seen.what, content, ("condition", "finding"))
        malignant = any(s.gives == "malignancy" for s in sets)
        if malignant:
            cancers.append(seen)
        sets = [s for s in sets if s.means == "condition"]
        for codeset in sets:
            made.append(_read(seen, codeset.gives, codeset.certainty, codeset.status, content, notes))
        if not sets and not malignant:
            made.append(_unlisted(seen, content, notes))
    made += _cancer(cancers, found, as_of, cancer_days, content, notes)
    made += _care(found, as_of, content, notes)
    return tuple(sorted(made, key=lambda r: (r.entry.id or "~", r.resource, str(r.entry))))


def _seen(resource: Resource, as_of: date, notes: Notebook) -> _Seen | None:
    data = resource.data
    verified = concept(data, "verificationStatus")
    if verified.has("entered-in-error"):
        notes.add("not_used", data, resource.place, "verificationStatus", "entered in error")
        return None
    if verified.has("refuted"):
        notes.add("not_used", data, resource.place, "verificationStatus", "refuted")
        return None
    status = concept(data, "clinicalStatus")
    words = [c.code.lower() for c in status.codes] + [status.text.lower()]
    if isinstance(data.get("clinicalStatus"), str):
        words.append(code(data, "clinicalStatus"))
    state = next((_STATES[w] for w in words if w in _STATES), None)
    until = when(data, "abatementDateTime", "abatementPeriod")
    abated = until is not None or any(
        data.get(f"abatement{x}") is not None for x in ("Age", "Range", "String", "Boolean")
    )
    if state is None and abated and data.get("abatementBoolean") is not False:
        state = "resolved" if until is None or until.first <= as_of else "active"
    if state == "active" and until is not None and until.last < as_of:
        notes.add("conflict", data, resource.place, "abatement", "active, and with a date of its end that is past")
    if state is None:
        notes.add(
            "not_understood",
            data,
            resource.place,
            "clinicalStatus",
            "no clinical status: whether it is active is not known",
        )
    since = when(data, "onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
    if since is not None and since.first > as_of:
        notes.add("conflict", data, resource.place, "onset", "dated after the day of this evaluation")
    category = frozenset(c.code.lower() for part in concepts(data, "category") for c in part.codes)
    suspected = verified.has(*_SUSPECTED)
    return _Seen(resource, concept(data, "code"), state, suspected, category, since, until)


def _read(seen: _Seen, id: str, certainty: str, code_state: str | None, content: Content, notes: Notebook) -> Read:
    state = seen.state
    if code_state and state in ("active", None):
        state = code_state
    if id in content.condition_groups and content.condition_groups[id].lifelong:
        state = "active"
    made: dict[str, Any] = {"id": id, "name": seen.what.label[:200], "status": state or "active"}
    made["certainty"] = "suspected" if state is None or seen.suspected else certainty
    made |= {"since": plain.written(seen.since), "until": plain.written(seen.until)}
    notes.add(
        "used", seen.resource.data, seen.resource.place, "conditions", f"{seen.what.label}: {id}, {made['status']}"
    )
    if certainty == "coded":
        notes.add(
            "assumed",
            seen.resource.data,
            seen.resource.place,
            "conditions",
            f"{seen.what.label}: a code is not a diagnosis by criteria; to confirm",
        )
    return Read(_condition(made, content), seen.resource.name)


def _condition(data: Mapping[str, Any], content: Content) -> Condition:
    kept = {key: value for key, value in data.items() if value is not None}
    return Condition.model_validate(kept, context={"content": content})


def _unlisted(seen: _Seen, content: Content, notes: Notebook) -> Read:
    """A condition of no group that is coded here, or one that cannot be read and may be anything."""
    label = seen.what.label
    icd = any(c.system == "icd" and codes.complete_icd(c.code) for c in seen.what.codes)
    none_of: tuple[str, ...] = ()
    if icd or seen.what.texts:
        none_of = _covered(content, icd)
        notes.add(
            "used", seen.resource.data, seen.resource.place, "conditions", f"{label}: of no group that a rule asks for"
        )
    else:
        notes.add(
            "not_understood",
            seen.resource.data,
            seen.resource.place,
            "code",
            f"unknown condition: {label or 'no code'}",
        )
    made: dict[str, Any] = {"name": (label or "condition without a code")[:200], "none_of": none_of}
    made |= {"status": seen.state or "active", "since": plain.written(seen.since)}
    return Read(_condition(made, content), seen.resource.name)


def _covered(content: Content, icd: bool) -> tuple[str, ...]:
    """The condition groups whose members the code tables would have found."""
    return _covered_groups(content)[icd]


@once_per_content
def _covered_groups(content: Content) -> Mapping[bool, tuple[str, ...]]:
    """The groups that ICD codes find (True), and those that words find (False)."""
    found: dict[bool, tuple[str, ...]] = {}
    for icd in (True, False):
        listed = [s for s in content.code_sets.values() if (s.icd10 if icd else s.words)]
        groups = {g for s in listed if s.means == "condition" for g in content.groups_of(s.gives)}
        for name in ("cancer in treatment", "cancer in the past", "care in hospice"):
            groups |= content.groups_of(content.known("condition", name))
        found[icd] = tuple(sorted(groups))
    return found


# ---- cancer -------------------------------------------------------------------------------------------------


def _cancer(
    cancers: list[_Seen], found: Gathered, as_of: date, cancer_days: float, content: Content, notes: Notebook
) -> list[Read]:
    """Active cancer: on the problem list, spread, or coded at two encounters within the window."""
    made: list[Read] = []
    surely: set[str] = set()
    perhaps: set[str] = set()
    for seen in cancers:
        data, place = seen.resource.data, seen.resource.place
        spread = any(s.gives == "metastatic" for s in codes.lookup(seen.what, content, ("finding",)))
        listed = seen.category & {"problem-list-item", "health-concern"}
        if "encounter-diagnosis" in seen.category:
            key, sure = _encounter(seen, found, as_of, cancer_days)
            if sure:
                surely.add(key)
            elif sure is None:
                perhaps.add(key)
        active: bool | None = False
        if seen.state == "active" and (spread or listed):
            active = None if seen.suspected else True
        elif seen.state is None and (spread or listed or not seen.category):
            active = None
        elif seen.state == "active" and not seen.category:
            active = None
            notes.add(
                "not_understood", data, place, "category", "cancer without a category: active or history is not known"
            )
        word = {True: "active cancer", None: "whether it is active is not known", False: "not active by itself"}[active]
        notes.add("used", data, place, "conditions", f"{seen.what.label}: {word}")
        fields: dict[str, Any] = {"name": seen.what.label[:200], "since": plain.written(seen.since)}
        if active is not False:
            fields["id"] = content.known("condition", "cancer that has spread" if spread else "cancer in treatment")
            fields["certainty"] = "confirmed" if active else "suspected"
        else:
            state = "active" if seen.state in ("active", None) else seen.state
            fields |= {
                "id": content.known("condition", "cancer in the past"),
                "status": state,
                "certainty": "suspected" if seen.suspected else "confirmed",
            }
        made.append(Read(_condition(fields, content), seen.resource.name))
    if len(surely) >= 2 or len(surely | perhaps) >= 2:
        sure = len(surely) >= 2
        names = sorted(surely if sure else surely | perhaps)
        entry = {"id": content.known("condition", "cancer in treatment"), "name": f"cancer at {len(names)} encounters"}
        entry["certainty"] = "confirmed" if sure else "suspected"
        made.append(Read(_condition(entry, content), ", ".join(names)[:200]))
    return made


def _encounter(seen: _Seen, found: Gathered, as_of: date, cancer_days: float) -> tuple[str, bool | None]:
    """The encounter of a diagnosis, and whether it lies in the window."""
    reference = obj(seen.resource.data, "encounter")
    key = "/".join(text(reference, "reference").split("/")[-2:])
    encounter = found.find(reference, seen.resource.data)
    day = when(encounter, "period", "actualPeriod") if encounter is not None else None
    if encounter is not None and code(encounter, "status") in _NO_ENCOUNTER:
        return key, False
    if day is None:
        day = when(seen.resource.data, "recordedDate", "onsetDateTime") if encounter is None else None
    # Without a reference, each day with the diagnosis is one encounter.
    key = key or (plain.written(day) or f"of {seen.resource.name}")
    return key, inside(day, as_of, cancer_days)


def inside(day: Days | None, as_of: date, window: float) -> bool | None:
    """Whether a day lies in the last ``window`` days; None where it may or may not. What is on record has happened, so
    that a month or year that is not over is read up to today."""
    return None if day is None else span_within(day.first, day.last, as_of, int(window))


# ---- palliative care in other resources ---------------------------------------------------------------------

_CARE_DONE: Mapping[str, tuple[str, str]] = {
    "Procedure": ("completed in-progress", "not-done entered-in-error preparation stopped on-hold"),
    "ServiceRequest": ("active completed", "draft revoked entered-in-error on-hold"),
    "Observation": ("final amended corrected preliminary", "cancelled entered-in-error registered"),
    "Encounter": ("finished in-progress arrived triaged onleave planned", "cancelled entered-in-error"),
    "CarePlan": ("active completed", "draft revoked entered-in-error"),
}


def _care(found: Gathered, as_of: date, content: Content, notes: Notebook) -> list[Read]:
    made = []
    in_hospice, palliative = (
        content.known("condition", "care in hospice"),
        content.known("condition_group", "palliative care"),
    )
    for resource in found.of(*_CARE_DONE):
        data = resource.data
        said = [
            concept(data, "code"),
            *concepts(data, "type"),
            *concepts(data, "category"),
            concept(data, "serviceType"),
        ]
        said += [*concepts(data, "reasonCode"), concept(data, "valueCodeableConcept")]
        leaving = concept(obj(data, "hospitalization"), "dischargeDisposition")
        hospice = leaving.has("hosp") or any(
            s.gives == in_hospice for s in codes.lookup(leaving, content, ("condition",))
        )
        gives = {s.gives for c in said if c for s in codes.lookup(c, content, ("condition",))}
        if not hospice and not gives & {palliative, in_hospice}:
            continue
        yes, no = (words.split() for words in _CARE_DONE[resource.kind])
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
            notes.add("not_used", data, resource.place, "date", "palliative or hospice care, longer ago than a year")
            continue
        sure = within is True and status in yes
        fields = {"id": in_hospice if hospice or in_hospice in gives else palliative, "name": "care on record"}
        fields["certainty"] = "confirmed" if sure else "suspected"
        notes.add("used", data, resource.place, "conditions", "palliative or hospice care")
        made.append(Read(_condition(fields, content), resource.name))
    return made


def unreadable(found: Gathered) -> bool:
    """Whether a Condition resource says nothing that could be looked up."""
    return any(not concept(r.data, "code") for r in found.of("Condition"))


__all__ = ["Read", "inside", "items", "read_conditions", "unreadable"]
