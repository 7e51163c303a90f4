"""Why a visit, an order or a procedure took place: what a reason names is not surely absent.

A reason is read as a condition that nobody confirmed, by the same readers. Where a Condition tells of the same, the reason
adds nothing; and a reason that names nothing known is no condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..content import Content
from ..intake.problems import condition_of
from . import codes
from .bundle import Gathered, Resource
from .inside import HAVE_REASONS
from .plain import Concept, Data, code, concept, flag, items, obj, text
from .report import Notebook
from .stated import Read

_SAID_IN = frozenset({"reasonCode", "reason", "diagnosis", "reasonReference", "addresses"})
_NOT_SO = ("entered-in-error", "cancelled", "not-done", "noshow", "revoked", "draft", "declined", "not-taken")
_DAYS = (
    "period", "actualPeriod", "performedDateTime", "performedPeriod", "authoredOn", "occurrenceDateTime",
    "effectiveDateTime", "effectivePeriod", "dateAsserted", "whenHandedOver", "created", "billablePeriod",
)  # fmt: skip  # words, read across
_UNCONFIRMED = {"coding": [{"code": "unconfirmed"}]}
_ACTIVE = {"coding": [{"code": "active"}]}
_SPOKEN = ("condition", "event", "answer", "finding")


def with_reasons(found: Gathered, content: Content, notes: Notebook) -> None:
    """Put among the resources, as a Condition to confirm, each reason that names what no Condition tells of."""
    known = {
        id for what in {found.shapes.of(r).like.code for r in found.of("Condition")} for id in _meant(what, content)
    }
    read: dict[Concept, set[str]] = {}
    made: dict[tuple[str, str], Resource] = {}
    firsts: dict[tuple[int, int], Resource] = {}
    """The first Condition that was made of each reason of a shape."""
    for resource in [r for r in found.resources if r.kind in HAVE_REASONS and not _SAID_IN.isdisjoint(r.data)]:
        status = code(resource.data, "status")
        if (status in _NOT_SO and not (resource.draft and status == "draft")) or flag(resource.data, "doNotPerform"):
            continue
        shape = found.shapes.of(resource)
        reasons = shape.once("every reason", _every_reason, shape.like.data, found)
        for n, (raw, what) in enumerate(reasons):
            if what not in read:
                read[what] = _meant(what, content)
            meant = read[what]
            if not meant or meant <= known:
                continue
            data = {
                "resourceType": resource.data.get("resourceType"),
                "id": resource.data.get("id"),
                "code": raw,
                "clinicalStatus": _ACTIVE,
                "verificationStatus": _UNCONFIRMED,
                "onsetPeriod": _day(resource.data),
            }
            reason = Resource("Condition", data, resource.place)
            found.shapes.same(reason, firsts.setdefault((id(shape), n), reason))
            made.setdefault((resource.place, str(n)), reason)
            said = f"{what.label}: a reason, to confirm as a condition"
            notes.add("assumed", resource.name, resource.place, "reasonCode", said)
    if made:
        found.resources = [*found.resources, *made.values()]


def named_only(conditions: Iterable[Read]) -> tuple[Read, ...]:
    """The conditions without what a reason says beside those that it names: it is no list of what the person has."""
    return tuple(r for r in conditions if r.entry.id is not None or r.resource.partition("/")[0] not in HAVE_REASONS)


def _meant(what: Concept, content: Content) -> set[str]:
    """The conditions and events that a concept names as there, or perhaps there."""
    sets = [s for s in codes.of_codes(what, content) if s.means in _SPOKEN]
    if not sets:
        named = (mention for problem in codes.problems(what, content) for mention in problem.mentions)
        sets = [s for s, how in named if how not in ("not", "open")]
    return {condition_of(s) or s.gives for s in sets if not s.medicine}


def _every_reason(data: Data, found: Gathered) -> list[tuple[Data, Concept]]:
    return list(_reasons(data, found))


def _reasons(data: Data, found: Gathered) -> Iterator[tuple[Data, Concept]]:
    """Each reason of a resource: as it stands there, and read."""
    for name in ("reasonCode", "reason"):
        for part in items(data, name):
            inner = part.get("concept") or (items(part, "value") or ({},))[0].get("concept") or part
            yield from _one(inner)
    for part in items(data, "diagnosis"):
        named = obj(part, "condition") or next(iter(items(part, "condition")), {})
        yield from _one(part.get("diagnosisCodeableConcept") or named.get("concept") or {})
        yield from _referred(named, data, found)
    for name in ("reasonReference", "addresses"):
        for part in items(data, name):
            yield from _referred(part, data, found)


def _one(value: object) -> Iterator[tuple[Data, Concept]]:
    if isinstance(value, dict) and (what := concept(value)):
        yield value, what


def _referred(part: Data, data: Data, found: Gathered) -> Iterator[tuple[Data, Concept]]:
    """What a reference names: by its display where the Condition was not sent, by its words where it is inside."""
    if not part:
        return
    target = found.find(part, data) or found.find(obj(part, "reference"), data)
    if target is not None:
        inside = text(part, "reference").startswith("#") and text(target, "resourceType") == "Condition"
        if inside and not concept(target, "verificationStatus").has("refuted", "entered-in-error"):
            yield from _one(target.get("code"))
        return
    display = text(part, "display")
    if display:
        yield {"text": display}, Concept((), display)


def _day(data: Data) -> Data:
    """The day of the resource, as the start of a period; nothing where it has none."""
    for name in _DAYS:
        value = data.get(name)
        if isinstance(value, str):
            return {"start": value}
        if isinstance(value, dict) and (value.get("start") or value.get("end")):
            return {"start": value.get("start") or value.get("end")}
    return {}
