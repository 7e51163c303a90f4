"""Which resources a file holds: a Bundle, NDJSON lines, or a CDS Hooks request with its prefetch and draft orders.

The order of entries says nothing, so they are sorted; a copy of an entry is one entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..disk.incoming import InputError, from_json
from ..disk.limits import RECORD_ENTRIES
from . import plain
from .history import newest_versions
from .inside import answered, contained_in, unread_in
from .kept import kept
from .plain import OBJECT, Concept, Data, code, concept, items, obj, text
from .report import Notebook, named
from .shapes import Shapes
from .versions import CHANGED, KINDS, REFUSED, as_r4, has_older_names

_DEEPEST = 5
"""Bundles in Bundles that are read."""
HOOKS = (
    "patient-view",
    "order-select",
    "order-sign",
    "order-dispatch",
    "encounter-start",
    "encounter-discharge",
    "appointment-book",
    "medication-prescribe",
)


_MEDICINES = (
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
)


class FhirError(ValueError):
    """Input that cannot be read as FHIR at all. The message says why and how to mend it."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Resource:
    """One resource: its type, data, place in the file, whether it is an order being written, and its full address."""

    kind: str
    data: Data
    place: str
    draft: bool = False
    address: str = ""

    @kept
    def name(self) -> str:
        return named(self.data)

    @kept
    def code(self) -> Concept:
        """What it is by its ``code``, which every reader asks for."""
        return concept(self.data, "code")

    @kept
    def said(self) -> str:
        """All that it says, as one text (`canonical`)."""
        return canonical(self.data)


@dataclass
class Gathered:
    """All resources of a file. ``whole`` is False where a list is known to be cut off or to have failed to load."""

    resources: list[Resource] = field(default_factory=list)
    """What of the file is read. Who changes them, once they are gathered, puts another list here."""
    hook: str | None = None
    has_basket: bool = True
    whole: bool = True
    today: date | None = None
    entries: list[str] = field(default_factory=list)
    by_name: dict[str, Data] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    """What a history says was deleted, with the instant."""
    histories: set[str] = field(default_factory=set)
    """The places of the entries of a history."""
    rxnorm: Mapping[str, str] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=Shapes)
    """What its entries have in common."""
    taken: dict[Any, Any] = field(default_factory=dict)
    """How a medicine is taken, by what says so, as `medicines` read it already."""
    owners: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Whom a reference names, by its words and the server of what holds it, as `owners` read it already."""
    products: dict[Concept, Any] = field(default_factory=dict)
    """What a product is, by what names it, as `products` read it already."""
    others: list[Resource] = field(default_factory=list)
    """What a request holds of other people than the one whom it asks about."""
    doubted: list[Resource] = field(default_factory=list)
    """The orders being written of which it cannot be told whose they are."""
    _places: dict[str, list[int]] = field(default_factory=dict)
    """Where in ``_placed`` those of each type stand."""
    _placed: list[Resource] | None = None

    def of(self, *kinds: str) -> list[Resource]:
        """The resources of some types, in order."""
        if self._placed is not self.resources:
            self._placed, self._places = self.resources, {}
            for n, resource in enumerate(self.resources):
                self._places.setdefault(resource.kind, []).append(n)
        wanted = [n for kind in kinds for n in self._places.get(kind, ())]
        return [self.resources[n] for n in (wanted if len(kinds) == 1 else sorted(wanted))]

    def put(self, changed: Mapping[int, Resource]) -> None:
        """Let these resources stand at their places among all, with other data than before."""
        self.renamed({id(self.resources[n].data): made.data for n, made in changed.items()})
        if changed:
            self.resources = [changed.get(n, resource) for n, resource in enumerate(self.resources)]

    def renamed(self, changed: Mapping[int, Data]) -> None:
        """Let every name of a resource whose data was changed, by the `id` of that data, call the new data."""
        if changed:
            self.by_name = {name: changed.get(id(was), was) for name, was in self.by_name.items()}

    def find(self, reference: Any, within: Data) -> Data | None:
        """The resource that a reference names: contained, by its full address, or by type and id."""
        word = text(reference, "reference") if isinstance(reference, Mapping) else text(reference)
        if not word:
            return None
        if word.startswith("#"):
            return next((c for c in items(within, "contained") if text(c, "id") == word[1:]), None)
        return self.by_name.get(word) or self.by_name.get("/".join(word.split("/_history")[0].split("/")[-2:]))


def gather(data: Any, notes: Notebook) -> Gathered:
    """Take clean data apart. Raises FhirError for data that is no FHIR."""
    found = Gathered()
    if isinstance(data, list):
        for n, entry in enumerate(data):
            _add(found, entry, f"line {n + 1}", False, notes)
    elif not isinstance(data, Mapping):
        raise FhirError(f"this is {_kind_of(data)}; give a FHIR Bundle, NDJSON lines or a CDS Hooks request")
    elif "hook" in data or ("prefetch" in data and "resourceType" not in data):
        _hook(found, data, notes)
    elif text(data, "resourceType") == "Bundle":
        _bundle(found, data, "", False, notes)
        found.today = _last_updated(data)
    elif text(data, "resourceType"):
        _add(found, data, "the resource", False, notes)
    else:
        raise FhirError("there is no resourceType and no hook: give a FHIR Bundle or a CDS Hooks request")
    newest_versions(found, notes)
    _take_out(found, notes)
    _once(found, notes)
    return found


def _kind_of(data: Any) -> str:
    return "empty" if data is None else f"a {type(data).__name__}"


def _last_updated(data: Data) -> date | None:
    when = plain.days(obj(data, "meta"), "lastUpdated") or plain.days(data, "timestamp")
    return when.last if when else None


def _hook(found: Gathered, data: Data, notes: Notebook) -> None:
    hook = data.get("hook")
    if not isinstance(hook, str) or not hook.strip():
        raise FhirError("the request names no hook; give one of " + ", ".join(HOOKS[:3]))
    found.hook = text(hook, most=60)
    if found.hook not in HOOKS:
        raise FhirError(f"'{found.hook}' is no hook that is known here; there are {', '.join(HOOKS)}")
    for name in ("context", "prefetch"):
        if name in data and data[name] is not None and not isinstance(data[name], Mapping):
            raise FhirError(f"'{name}' of the request is {_kind_of(data[name])}; it is an object")
    for key, value in sorted(obj(data, "prefetch").items(), key=lambda pair: str(pair[0])):
        place = f"prefetch.{text(key, most=60)}"
        if value is None:
            continue  # CDS Hooks: no data of this kind
        if isinstance(value, Mapping) and text(value, "resourceType") == "Bundle":
            _bundle(found, value, place, False, notes)
        elif isinstance(value, list):
            for n, part in enumerate(value):
                _add(found, part, f"{place}.{n}", False, notes)
        else:
            _add(found, value, place, False, notes)
    context = obj(data, "context")
    drafts = context.get("draftOrders", context.get("medications"))
    if isinstance(drafts, Mapping) and text(drafts, "resourceType") == "Bundle":
        _bundle(found, drafts, "draftOrders", True, notes)
    elif isinstance(drafts, list):
        for n, part in enumerate(drafts):
            _add(found, part, f"draftOrders.{n}", True, notes)
    elif drafts is not None:
        notes.add("not_understood", "request", "context.draftOrders", "draftOrders", "not a Bundle of orders")
        found.has_basket = False
    elif found.hook in ("order-sign", "order-select"):
        notes.add(
            "not_understood", "request", "context.draftOrders", "draftOrders", "missing: what is ordered is unknown"
        )
        found.has_basket = False


def _bundle(found: Gathered, data: Data, place: str, draft: bool, notes: Notebook) -> None:
    entries = data.get("entry")
    if entries is not None and not isinstance(entries, (list, Mapping)):
        notes.add("not_understood", data, place or "entry", "entry", "not a list of entries")
        found.whole = False
        return
    listed = entries if isinstance(entries, list) else [entries] if entries is not None else []
    history = text(data, "type") == "history"
    for n, entry in enumerate(listed):
        where = f"{place}.entry {n}" if place else f"entry {n}"
        if history:
            found.histories.add(where)
        if isinstance(entry, OBJECT) and isinstance(entry.get("resource"), OBJECT):
            before = len(found.resources)
            _add(found, entry["resource"], where, draft, notes)
            if (address := text(entry, "fullUrl")) and len(found.resources) == before + 1:
                found.by_name.setdefault(address, found.resources[-1].data)
                found.resources[-1] = replace(found.resources[-1], address=address.split("/_history")[0])
        elif isinstance(entry, OBJECT) and text(entry, "resourceType"):
            _add(found, entry, where, draft, notes)
        elif history and code(obj(entry, "request"), "method") == "delete":
            gone = "/".join(text(obj(entry, "request"), "url").split("/_history")[0].split("/")[-2:])
            found.deleted[gone] = text(obj(entry, "response"), "lastModified")
        else:
            _lost(found, where, draft, "an entry without a resource", notes)
    total = plain.number(data, "total")
    more = any(text(link, "relation") == "next" for link in items(data, "link"))
    if not more and text(data, "type") == "searchset" and total is not None:
        more = total > sum(1 for e in items(data, "entry") if text(obj(e, "search"), "mode") in ("", "match"))
    if more:
        found.whole = False
        notes.add(
            "conflict", data, place or "Bundle", "entry", "there are more pages than this one: lists are not whole"
        )


def _add(found: Gathered, value: Any, place: str, draft: bool, notes: Notebook) -> None:
    kind = text(value, "resourceType")
    if not kind:
        _lost(found, place, draft, "not a FHIR resource: no resourceType", notes)
        return
    if kind == "Bundle":
        if place.count("entry") < _DEEPEST:
            _bundle(found, value, place, draft, notes)
        else:
            _lost(found, place, draft, "a Bundle in too many others: not read", notes)
        return
    if kind == "Parameters":
        handed = list(answered(value, place))
        for where, part in handed:
            _add(found, part, where, draft, notes)
        if not handed:
            _lost(found, place, draft, "Parameters without a resource", notes)
        return
    if kind == "OperationOutcome":
        found.entries.append(place)
        if {code(issue, "severity") for issue in items(value, "issue")} == {"information"}:
            notes.add("not_used", value, place, "entry", "a remark of the system that sent this")
            return
        found.whole = False
        notes.add("conflict", value, place, "prefetch", "the system answered with an error: lists are not whole")
        return
    if kind in REFUSED:
        raise FhirError(
            f"{place}: a {kind} is of FHIR {REFUSED[kind]}, which is not read here; export the record as R4"
        )
    _not_too_many(found)
    resource = Resource(kind, value, place, draft)
    if not _written_as_r4(resource, found):
        value, changed = as_r4(value)
        said = f"written as another FHIR version does ({changed}); read as R4 calls it"
        notes.add("assumed", value, place, "version", said)
        kind = text(value, "resourceType")
        resource = Resource(kind, value, place, draft)
    if _another_version(kind, value):
        notes.add(
            "not_understood", value, place, "version", f"a {kind} of another FHIR version: what it says is not known"
        )
        found.whole = False
    found.resources.append(resource)
    found.entries.append(place)


def _written_as_r4(resource: Resource, found: Gathered) -> bool:
    """Whether `as_r4` leaves a resource as it is. Most of that is told of its shape, once for all that have it."""
    if resource.kind in CHANGED and not has_older_names(resource.data):
        shape = found.shapes.of(resource)
        return shape.once("as R4", _same_as_r4, shape.like.data)
    return _same_as_r4(resource.data)


def _same_as_r4(data: Data) -> bool:
    return not as_r4(data)[1]


def _not_too_many(found: Gathered) -> None:
    if len(found.resources) >= RECORD_ENTRIES.most:
        raise FhirError(f"more than {RECORD_ENTRIES.most} entries; give the record of one person")


def _take_out(found: Gathered, notes: Notebook) -> None:
    """Let what is contained in lists, documents and the like stand for itself."""
    for holder in [r for r in found.resources if "contained" in r.data]:
        if unread_in(holder, notes):
            found.whole = False
        for value, place in contained_in(holder, notes):
            _not_too_many(found)
            value = as_r4(value)[0]
            found.resources.append(Resource(text(value, "resourceType"), value, place, holder.draft, holder.address))
            found.entries.append(place)


def _another_version(kind: str, data: Data) -> bool:
    """Whether a resource says something of its person in a way that R4 does not know: a kind of medicine record that it
    does not have, or answers in groups (DSTU2)."""
    if kind == "QuestionnaireResponse":
        return "group" in data
    return kind.startswith("Medication") and kind not in _MEDICINES


def _lost(found: Gathered, place: str, draft: bool, why: str, notes: Notebook) -> None:
    """Something stands there and cannot be read: whatever it was, the lists are not known to be whole."""
    notes.add("not_understood", "?/?", place, "entry", why)
    found.entries.append(place)
    found.whole = False
    if draft:
        found.has_basket = False


def _once(found: Gathered, notes: Notebook) -> None:
    """Sort by content, drop copies, and make resources findable. The place in the file no longer matters."""
    kept: dict[tuple[str, bool, str, str], Resource] = {}
    for resource in found.resources:
        # Two people may be alike in all that is said of them, but not in their addresses.
        where = resource.address if resource.kind == "Patient" else ""
        key = (resource.kind, resource.draft, resource.said, where)
        if key in kept:
            # Which of two equal ones is kept must not depend on their order in the file.
            first, second = sorted((kept[key], resource), key=lambda r: _place_key(r.place))
            kept[key] = first
            notes.add("not_used", second.data, second.place, "entry", "a copy of another entry")
        else:
            kept[key] = resource
    found.resources = [kept[key] for key in sorted(kept)]
    for resource in found.resources:
        if id := text(resource.data, "id"):
            found.by_name.setdefault(f"{resource.kind}/{id}", resource.data)
            for old in _CALLED.get(resource.kind, ()):
                found.by_name.setdefault(f"{old}/{id}", resource.data)


_CALLED = {new: [old for old, its in KINDS.items() if its == new] for new in KINDS.values()}
"""What another version calls a type, by what R4 calls it."""


def _place_key(place: str) -> tuple[str, int]:
    head, _, tail = place.rpartition(" ")
    return (head, int(tail)) if tail.isdigit() else (place, 0)


_CANONICAL = json.JSONEncoder(sort_keys=True, default=str, check_circular=False)


def canonical(data: Data) -> str:
    """A resource as text, the same for the same content: without its narrative and server data."""
    kept = data
    if "text" in data or "meta" in data:
        kept = {key: value for key, value in data.items() if key not in ("text", "meta")}
    try:
        return _CANONICAL.encode(kept)
    except (TypeError, ValueError, RecursionError):
        return repr(sorted(map(str, kept.items())))


def parse_lines(lines: Iterable[str]) -> list[Any]:
    """NDJSON: one resource a line; blank lines say nothing. Raises FhirError with the first line that is no JSON."""
    found = []
    for n, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(from_json(line))
            except InputError as error:
                raise FhirError(f"line {n}: {str(error)[:160]}") from None
    return found
