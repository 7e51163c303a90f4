"""One Condition resource taken apart: whether it counts, how it stands, since when and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ..content import Content
from ..profile import Condition
from .bundle import Gathered, Resource
from .kept import kept
from .plain import Concept, Data, Days, code, concept, concepts, flag, in_doubt, status_is, when
from .report import Notebook

_STATES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "inactive",
    "remission": "remission",
    "resolved": "resolved",
}


@dataclass(frozen=True)
class Read:
    """An entry for the profile with the resource that it came from. ``listed`` is the entry of the profile's list where
    that leaves more open than what orders are judged by."""

    entry: Condition
    resource: str
    listed: Condition | None = None


@dataclass(frozen=True)
class Seen:
    """One Condition resource, taken apart. ``state`` None is not known."""

    resource: Resource
    what: Concept
    state: str | None
    suspected: bool
    category: frozenset[str]
    since: Days | None
    until: Days | None

    @kept
    def label(self) -> str:
        return self.what.label


def entry_of(data: Mapping[str, Any], content: Content) -> Condition:
    kept = {key: value for key, value in data.items() if value is not None}
    return Condition.model_validate(kept, context={"content": content})


class _Stated(NamedTuple):
    """What a shape says of how its conditions stand. ``refused``: why they do not count."""

    refused: str
    what: Concept
    state: str | None
    abated: bool
    ended: bool | None
    in_doubt: bool
    category: frozenset[str]


def _stated(resource: Resource) -> _Stated:
    data = resource.data
    refused = ""
    for word, said in (("entered-in-error", "entered in error"), ("refuted", "refuted")):
        if status_is(data, "verificationStatus", word):
            refused = refused or said
    status = concept(data, "clinicalStatus")
    words = [c.code.lower() for c in status.codes] + [status.text.lower()]
    if isinstance(data.get("clinicalStatus"), str):
        words.append(code(data, "clinicalStatus"))
    state = next((_STATES[w] for w in words if w in _STATES), None)
    abated = any(data.get(f"abatement{x}") is not None for x in ("Age", "Range", "String", "Boolean"))
    ended = flag(data, "abatementBoolean")
    category = frozenset(c.code.lower() for part in concepts(data, "category") for c in part.codes)
    return _Stated(refused, resource.code, state, abated, ended, in_doubt(data), category)


def seen_in(resource: Resource, found: Gathered, as_of: date, notes: Notebook) -> Seen | None:
    data, shape = resource.data, found.shapes.of(resource)
    stated = shape.once("stated", _stated, shape.like)
    if stated.refused:
        notes.add("not_used", resource.name, resource.place, "verificationStatus", stated.refused)
        return None
    state = stated.state
    until = when(data, "abatementDateTime", "abatementPeriod")
    abated = (until is not None or stated.abated) and stated.ended is not False
    if state is None and abated:
        state = "resolved" if until is None or until.first <= as_of else "active"
    elif said := _ended_otherwise(data, state, abated, until, as_of):
        notes.add("conflict", resource.name, resource.place, "abatement", f"{said}: whether it is active is not known")
        state = None
    elif state is None:
        notes.add(
            "not_understood",
            resource.name,
            resource.place,
            "clinicalStatus",
            "no clinical status: whether it is active is not known",
        )
    since = when(data, "onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
    to_come = since is not None and since.first > as_of
    if to_come:
        said = "dated after the day of this evaluation; to be confirmed"
        notes.add("conflict", resource.name, resource.place, "onset", said)
    return Seen(resource, stated.what, state, stated.in_doubt or to_come, stated.category, since, until)


def _ended_otherwise(data: Data, state: str | None, abated: bool, until: Days | None, as_of: date) -> str:
    """What a status and an end that speak against each other say; "" where they agree."""
    if state == "active" and (until.last < as_of if until is not None else abated):
        return "active, and with an end that is past or has no date"
    if state == "active" and until is None and (data.get("abatementDateTime") or data.get("abatementPeriod")):
        return "active, and with a date of its end that cannot be read"
    if state in ("resolved", "inactive", "remission") and data.get("abatementBoolean") is False:
        return f"{state}, and not ended"
    return ""
