"""Conditions of a record as entries of a profile: state, certainty, and what a set of encounters for cancer means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..content import Content, remembered
from ..content import models as m
from ..intake.problems import Mention, Problem, condition_of, entries, groups_meant
from ..profile import Condition
from . import codes, plain
from .bundle import Gathered, Resource
from .kept import kept
from .palliative import palliative_care
from .plain import Concept, Data, Days, code, concept, concepts, in_doubt, obj, status_is, text, when
from .report import Kind, Notebook
from .windows import inside

_STATES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "inactive",
    "remission": "remission",
    "resolved": "resolved",
}
_STATED = ("was", "remission", "resolved")
_OVER = ("inactive", "remission", "resolved")
_LISTED = ("condition", "event")
_NO_ENCOUNTER = ("cancelled", "entered-in-error", "planned", "noshow")


@dataclass(frozen=True)
class Read:
    """An entry for the profile with the resource that it came from. ``listed`` is the entry of the profile's list where
    that leaves more open than what orders are judged by."""

    entry: Condition
    resource: str
    listed: Condition | None = None


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

    @kept
    def label(self) -> str:
        return self.what.label


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
        by_code = codes.of_codes(seen.what, content)
        said = codes.problems(seen.what, content)
        if by_code:
            made += _coded(seen, by_code, said, cancers, content, notes)
        else:
            made += _worded(seen, said, cancers, content, notes)
    made += _cancer(cancers, found, as_of, cancer_days, content, notes)
    made += [Read(_condition(fields, content), name) for fields, name in palliative_care(found, as_of, content, notes)]
    alike = Counter((r.entry.id, r.resource) for r in made)

    def order(read: Read) -> tuple[str, str, str]:
        several = alike[read.entry.id, read.resource] > 1
        return read.entry.id or "~", read.resource, str(read.entry) if several else ""

    return tuple(sorted(made, key=order))


def _seen(resource: Resource, as_of: date, notes: Notebook) -> _Seen | None:
    data = resource.data
    for word, said in (("entered-in-error", "entered in error"), ("refuted", "refuted")):
        if status_is(data, "verificationStatus", word):
            notes.add("not_used", data, resource.place, "verificationStatus", said)
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
    abated = abated and data.get("abatementBoolean") is not False
    if state is None and abated:
        state = "resolved" if until is None or until.first <= as_of else "active"
    elif told := _ended_otherwise(data, state, abated, until, as_of):
        notes.add("conflict", data, resource.place, "abatement", f"{told}: whether it is active is not known")
        state = None
    elif state is None:
        notes.add(
            "not_understood",
            data,
            resource.place,
            "clinicalStatus",
            "no clinical status: whether it is active is not known",
        )
    since = when(data, "onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
    if since is not None and since.first > as_of:
        notes.add("conflict", data, resource.place, "onset", "dated after the day of this evaluation; to be confirmed")
    category = frozenset(c.code.lower() for part in concepts(data, "category") for c in part.codes)
    suspected = in_doubt(data) or (since is not None and since.first > as_of)
    return _Seen(resource, resource.code, state, suspected, category, since, until)


def _ended_otherwise(data: Data, state: str | None, abated: bool, until: Days | None, as_of: date) -> str:
    """What a status and an end that speak against each other say; "" where they agree."""
    if state == "active" and (until.last < as_of if until is not None else abated):
        return "active, and with an end that is past or has no date"
    if state == "active" and until is None and any(data.get(f"abatement{x}") for x in ("DateTime", "Period")):
        return "active, and with a date of its end that cannot be read"
    if state in ("resolved", "inactive", "remission") and data.get("abatementBoolean") is False:
        return f"{state}, and not ended"
    return ""


# ---- by code ------------------------------------------------------------------------------------------------


def _coded(
    seen: _Seen,
    by_code: list[m.CodeSet],
    said: list[Problem],
    cancers: list[_Seen],
    content: Content,
    notes: Notebook,
) -> list[Read]:
    """What a known code means. A text that says otherwise makes it doubtful; a text that names more is in doubt too."""
    odd = codes.at_odds(by_code, said, content)
    seen = replace(seen, suspected=True) if odd else seen
    made: list[Read] = []
    cancer = False
    for codeset in by_code:
        how = codes.said_otherwise(codeset, said, content)
        if how in _STATED and (seen.state not in ("active", None) or codeset.status or _past_counts(codeset, content)):
            how = None  # the record says the same, or it counts all the same
        odd = odd or how is not None
        view = replace(seen, suspected=True) if how or codes.or_past(seen.what, codeset) else seen
        if _passing(seen, codeset, said, content) and _is_over(seen, notes):
            view = replace(seen, suspected=True, state=None, until=None)
        if codeset.gives == "malignancy":
            cancers.append(view)
            cancer = True
        elif codeset.means in _LISTED and (id := condition_of(codeset)):
            made.append(_read(view, id, codeset.certainty, codeset.status, content, notes))
        if how in _STATED:
            made += _as_said(seen, Mention(codeset, how), content, False)
    if odd:
        notes.add("conflict", seen.resource.data, seen.resource.place, "code", f"{seen.label}: code and text disagree")
    groups = frozenset[str]().union(*(_groups(s, content) for s in by_code))
    for codes_, how in [mention for problem in said for mention in problem.mentions]:
        id = condition_of(codes_)
        if id and how not in ("not", "open") and not (content.groups_of(id) | {id}) & groups:
            made.append(_read(replace(seen, suspected=True), id, codes_.certainty, None, content, notes))
    if maybe := _perhaps(seen, by_code, content) - groups:
        made.append(_none(seen, maybe, "may be one of several", content, notes, "code"))
    elif not made and not cancer:
        made.append(_none(seen, frozenset(), "read, and in no group that a rule asks for", content, notes))
    return made


def _passing(seen: _Seen, codeset: m.CodeSet, said: list[Problem], content: Content) -> bool:
    """Whether a record is about an episode, a degree or a consequence of what a code means."""
    spoken = (_groups(s, content) for problem in said for s, _ in problem.mentions if s.id in problem.passing)
    return codes.passing(seen.what, codeset) or any(not _groups(codeset, content).isdisjoint(one) for one in spoken)


def _is_over(seen: _Seen, notes: Notebook) -> bool:
    """Whether the chart calls an episode over, with a note that it says nothing of the rest."""
    if seen.state in _OVER:
        told = f"{seen.label}: an episode is {seen.state}; whether the problem is still there is not known"
        notes.add("not_understood", seen.resource.data, seen.resource.place, "clinicalStatus", told)
    return seen.state in _OVER


def _groups(codeset: m.CodeSet, content: Content) -> frozenset[str]:
    id = condition_of(codeset)
    return content.groups_of(id) | {id} if id else frozenset()


def _past_counts(codeset: m.CodeSet, content: Content) -> bool:
    """Whether what a code means counts wherever it is past ("stroke, ever")."""
    groups = content.groups_of(condition_of(codeset) or "") if codeset.means in _LISTED else frozenset()
    return bool(groups) and all(content.condition_groups[group].past for group in groups)


def _as_said(seen: _Seen, mention: Mention, content: Content, passing: bool) -> list[Read]:
    """The entries that one problem in a text makes, with the dates of its resource; ``passing``: only an episode of it."""
    dates = {"since": plain.written(seen.since), "until": plain.written(seen.until)}
    return [
        Read(
            entry.model_copy(update=dates | ({"certainty": "suspected"} if seen.suspected else {})), seen.resource.name
        )
        for entry in _made(content, seen.label, mention, seen.state, passing)
        if entry.id is not None
    ]


@remembered(5000, by=lambda label, mention, state, passing: (label, mention.codes.id, mention.how, state, passing))
def _made(content: Content, label: str, mention: Mention, state: str | None, passing: bool) -> tuple[Condition, ...]:
    """The entries that a problem in a text makes, without its dates."""
    only = Problem(label, (mention,), passing=frozenset({mention.codes.id} if passing else ()))
    return entries(only, label, content, state)


def _perhaps(seen: _Seen, by_code: list[m.CodeSet], content: Content) -> frozenset[str]:
    """The groups that the codes of a condition may mean beside what they surely mean."""
    maybe = [id for s in codes.perhaps(seen.what, content) if (id := condition_of(s))]
    also = [group for s in by_code for group in s.may_also]
    return frozenset().union(*(groups_meant(id, content) for id in maybe), also)


def _read(seen: _Seen, id: str, certainty: str, code_state: str | None, content: Content, notes: Notebook) -> Read:
    state = seen.state
    if code_state and state in ("active", None):
        state = code_state
    if id in content.condition_groups and content.condition_groups[id].lifelong:
        state = "active"
    made: dict[str, Any] = {"id": id, "name": seen.label[:200], "status": state or "active"}
    made["certainty"] = "suspected" if state is None or seen.suspected else certainty
    made |= {"since": plain.written(seen.since), "until": plain.written(seen.until)}
    notes.add("used", seen.resource.data, seen.resource.place, "conditions", f"{seen.label}: {id}, {made['status']}")
    if made["certainty"] == "coded":
        notes.add(
            "assumed",
            seen.resource.data,
            seen.resource.place,
            "conditions",
            f"{seen.label}: a code is not a diagnosis by criteria; to confirm",
        )
    return Read(_condition(made, content), seen.resource.name)


def _condition(data: Mapping[str, Any], content: Content) -> Condition:
    kept = {key: value for key, value in data.items() if value is not None}
    return Condition.model_validate(kept, context={"content": content})


# ---- by words -----------------------------------------------------------------------------------------------


def _worded(seen: _Seen, said: list[Problem], cancers: list[_Seen], content: Content, notes: Notebook) -> list[Read]:
    """What the texts say where no code is known. What they leave open stays open, whatever it may be."""
    data, place = seen.resource.data, seen.resource.place
    icd = any(c.system == "icd" and codes.complete_icd(c.code) for c in seen.what.codes)
    made: list[Read] = []
    named: dict[tuple[str, str], Mention] = {}
    for mention in (mention for problem in said for mention in problem.mentions):
        named.setdefault((mention.codes.id, mention.how), mention)
    malignant = False
    passing = frozenset[str]().union(*(problem.passing for problem in said))
    for codeset, how in named.values():
        doubtful = how == "maybe" or (icd and how == "is")  # a code that our tables would have, had it meant this
        view = replace(seen, suspected=True) if doubtful else seen
        if codeset.gives == "malignancy" and how in ("is", "maybe"):
            malignant = True
            cancers.append(view)
        elif codeset.gives != "metastatic":
            made += _as_said(view, Mention(codeset, how), content, codeset.id in passing and _is_over(seen, notes))
    for read in made:
        text_ = f"{seen.label}: {read.entry.id}, {read.entry.status}, {read.entry.certainty}"
        notes.add("used", data, place, "conditions", text_)
    open_ = _open(seen, said, icd, content)
    if open_:
        left = ", ".join(word for problem in said for word in problem.left)
        why = f"not understood: {left}" if left else "may be one of several"
        field_ = "code" if not seen.what.texts else "text"
        made.append(_none(seen, open_, f"unknown condition: {seen.label or 'no code'} ({why})", content, notes, field_))
    elif not made and not malignant:
        denied = any(how in ("not", "open") for _, how in named.values())
        why = "says that it is not there, or not the person's" if denied else "of no group that a rule asks for"
        made.append(_none(seen, frozenset(), why, content, notes))
    return made


def _open(seen: _Seen, said: list[Problem], icd: bool, content: Content) -> frozenset[str]:
    """The groups that may be meant beside what is named: all, where a word or a code says nothing that is known here.

    A whole ICD-10-CM code that our tables do not list means none of the groups that they cover, whatever its text."""
    every = frozenset(content.condition_groups)
    if icd:
        return (every - codes.covered(content)) | _perhaps(seen, [], content)
    return frozenset[str]().union(*(problem.open for problem in said)) if said else every


def _none(
    seen: _Seen, open_: frozenset[str], why: str, content: Content, notes: Notebook, field_: str = "conditions"
) -> Read:
    """An entry without an id, which is none of the groups but those that stay open."""
    kind: Kind = "not_understood" if open_ and field_ != "conditions" else "used"
    notes.add(
        kind, seen.resource.data, seen.resource.place, field_, f"{seen.label}: {why}" if seen.label not in why else why
    )
    none_of = tuple(sorted(frozenset(content.condition_groups) - open_))
    made: dict[str, Any] = {"name": (seen.label or "condition without a code")[:200], "none_of": none_of}
    made |= {"status": seen.state or "active", "since": plain.written(seen.since)}
    if open_ and (seen.suspected or seen.state is None):  # its words are read again: they say no more than it does
        made["certainty"] = "suspected"
    return Read(_condition(made, content), seen.resource.name)


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
        once = seen.state in ("active", None) and bool(seen.category) and not (spread or listed)
        if "encounter-diagnosis" in seen.category:
            key, sure = _encounter(seen, found, as_of, cancer_days)
            if sure and not seen.suspected:
                surely.add(key)
            elif sure is not False:
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
        word = "one encounter: whether it is active is not known" if once else word
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
        # Orders go by two encounters; a list of problems does not call an active cancer past because it was coded once.
        now_or_past = content.known("condition_group", "cancer, now or in the past")
        one = {**fields, "id": now_or_past} if once and active is False else None
        listed_as = None if one is None else _condition(one, content)
        made.append(Read(_condition(fields, content), seen.resource.name, listed_as))
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
