"""Law 4 in one place: every way to know less about a person, and what a status may then become.

Blanking makes an answer unknown and a list entry unrecognized (its place stays, for something stands there); what was asked
and not found becomes not asked, and a list that was whole becomes one that may lack something.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.content import Content, load_content
from pathways.content import models as m
from pathways.facts import Facts, derive
from pathways.facts.verdicts import emergency_state
from pathways.language import Number, Range, Value
from pathways.profile import Profile
from pathways.review.brought import inherited
from pathways.review.directives import Directive, directives
from pathways.review.findings import Findings, appraise
from pathways.review.medicines import Weighed, weigh
from pathways.review.options import HELD, Option, consider

Json = dict[str, Any]
MEDICINE_PARTS = ("dose", "per_day_min", "per_day_max", "start", "prescriber")
"""Parts of an entry that may be blanked alone. Not among them are purpose, route, release and source: left out, they mean
the usual one of the medicine, a convention of the case file. The whole entry made unreadable takes them with it."""

MAY_BECOME: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "emergency": {
        "present": frozenset({"present", "possible", "not_asked"}),
        "possible": frozenset({"possible", "not_asked"}),
        "not_asked": frozenset({"not_asked"}),
        "absent": frozenset({"absent", "possible", "not_asked"}),
    },
    "finding": {
        "applies": frozenset({"applies", "needs_information"}),
        "met": frozenset({"met", "applies", "needs_information"}),
        "does_not_apply": frozenset({"does_not_apply", "needs_information"}),
        "needs_information": frozenset({"needs_information"}),
    },
    "need": {
        True: frozenset({True, None}),
        False: frozenset({False, None}),
        None: frozenset({None}),
    },
    # A treatment may have several indications: of a strong and a weak one, the weak one may be left.
    "fit": {
        "indicated": frozenset({"indicated", "consider", "needs_information"}),
        "consider": frozenset({"consider", "needs_information"}),
        "not_indicated": frozenset({"not_indicated", "needs_information"}),
        "needs_information": frozenset({"needs_information"}),
    },
    "in_place": {
        "yes": frozenset({"yes", "unknown"}),
        "no": frozenset({"no", "unknown"}),
        "unknown": frozenset({"unknown"}),
    },
    # One closer or caution of a treatment. "open" is check first, start then check, or the line of what was not checked.
    "bar": {
        True: frozenset({True, "open"}),
        False: frozenset({False, "open"}),
        "open": frozenset({"open"}),
    },
    # The verdict on a medicine in use: a reason that is no longer known becomes a check, and of several reasons a weaker
    # one may be left. A bare keep is never reached, and may become a check.
    "in_use": {
        "verify": frozenset({"verify", "change", "check", "keep_with"}),
        "change": frozenset({"change", "check", "keep_with"}),
        "keep_with": frozenset({"keep_with", "check"}),
        "keep": frozenset({"keep", "check"}),
        "check": frozenset({"check"}),
    },
    # The same of one that is proposed: a start is never reached.
    "proposed": {
        "not_this": frozenset({"not_this", "cannot_tell"}),
        "start_with": frozenset({"start_with", "cannot_tell"}),
        "start": frozenset({"start", "cannot_tell"}),
        "cannot_tell": frozenset({"cannot_tell"}),
    },
}
"""What each status may become when less is known: itself, or nearer to not knowing; never another answer."""


# ---- ways to know less --------------------------------------------------------------------------------------


def blankings(data: Json) -> Iterator[tuple[str, Json]]:
    """Every single thing that can be blanked in a case, as (what, the case without it)."""
    data = {key: value for key, value in data.items() if key != "teaches"}

    def without(path: str) -> tuple[str, Json]:
        changed = copy.deepcopy(data)
        *way, last = path.split("/")
        at: Any = changed
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        del at[int(last) if isinstance(at, list) else last]
        return path, changed

    def instead(path: str, entry: Json) -> tuple[str, Json]:
        changed = copy.deepcopy(data)
        which, n = path.split("/")
        changed[which][int(n)] = entry
        return path, changed

    for answer in data.get("answers", {}):
        yield without(f"answers/{answer}")
    for n, entry in enumerate(data.get("conditions", ())):
        rest = {key: value for key, value in entry.items() if key not in ("id", "name", "none_of")}
        yield instead(f"conditions/{n}", {**rest, "name": "a condition that nobody can read"})
    for n, entry in enumerate(data.get("medicines", ())):
        yield instead(f"medicines/{n}", {"name": "a medicine that nobody can read", "state": entry["state"]})
        for part in MEDICINE_PARTS:
            if part in entry and not (part == "dose" and not entry.get("ingredients")):
                yield without(f"medicines/{n}/{part}")
    for n, entry in enumerate(data.get("observations", ())):
        yield instead(f"observations/{n}", {"measure": "unrecognized", "date": entry.get("date")})
        for part in ("value", "date"):
            # A typed total beside its items may speak against them; then taking one away settles something.
            if part in entry and not (part == "value" and entry.get("items")):
                yield without(f"observations/{n}/{part}")
        for item in entry.get("items", {}):
            yield without(f"observations/{n}/items/{item}")
    for which, ids in data.get("asked_none", {}).items():
        for n in range(len(ids)):
            yield without(f"asked_none/{which}/{n}")
    for which in data.get("complete", {}):
        yield without(f"complete/{which}")


# ---- what may not happen then -------------------------------------------------------------------------------


def contains(kind: Any, wide: Value, narrow: Value) -> bool:
    """Whether a value known less leaves open all that a value known better says."""
    if wide is None:
        return True
    if isinstance(kind, Number):
        return isinstance(wide, Range) and isinstance(narrow, Range) and wide.lo <= narrow.lo and narrow.hi <= wide.hi
    if isinstance(wide, frozenset):
        return isinstance(narrow, frozenset) and narrow <= wide
    return bool(wide is narrow)


def facts_gained(before: Told, after: Told) -> Iterator[str]:
    """Facts that say more, or something else, although less is known."""
    for name, kind in before.content.schema.items():
        was, now = before.facts.values.get(name), after.facts.values.get(name)
        if name == "mme_per_day_min" and isinstance(was, Range) and isinstance(now, Range) and now.hi <= was.lo:
            continue  # the least that is surely counted: a bound by itself, which may fall
        if not contains(kind, now, was):
            yield f"fact {name}: {was} became {now}"


def statuses_gained(before: Told, after: Told) -> Iterator[str]:
    """Statuses that moved anywhere but towards not knowing."""

    def moved(kind: str, what: str, was: Any, now: Any) -> Iterator[str]:
        if now not in MAY_BECOME[kind][was]:
            yield f"{kind} {what}: {was} became {now}"

    for e, f in zip(before.findings.emergencies, after.findings.emergencies, strict=True):
        # A medicine that nobody can read silences no red that the rest makes true (law 15): what the facts say is held to.
        said, level = emergency_state(after.content, f.record, after.facts.values)
        now = said if f.state == "present" and said in ("possible", "not_asked") else f.state
        yield from moved("emergency", e.record.id, e.state, now)
        if now == f.state and e.level and level and m.LEVELS.index(level) < m.LEVELS.index(e.level):
            yield f"emergency {e.record.id}: level {e.level} became {level}"
    for a, b in zip(before.findings.recommendations, after.findings.recommendations, strict=True):
        yield from moved("finding", a.record.id, a.status, b.status)
    for x, y in zip(before.findings.needs, after.findings.needs, strict=True):
        yield from moved("need", x.record.id, x.raised, y.raised)
    for o, p in zip(before.options, after.options, strict=True):
        yield from moved("fit", o.id, o.fit, p.fit)
        yield from moved("in_place", o.id, o.in_place, p.in_place)
        for record in (*o.record.contraindications, *o.record.precautions, *inherited(o.record, before.content)):
            if o.in_place != p.in_place and getattr(record, "start_only", False):
                continue  # it says something of a start, and nothing of what is in use
            yield from moved("bar", f"{o.id}, {record.id}", _bar(o, record), _bar(p, record))
        yield from _no_longer_held(o, p, after)
        if p.fit == "needs_information":
            continue  # it is asked about now, and not put before anyone, whatever its safety
        yield from _conflicts_gone(o, p, after)
        if p.safety == "clear" and o.safety != "clear" and not _explained(o, p, after):
            yield f"safety {o.id}: {o.safety} became clear, and nothing says what was not checked"
        if o.safety == "contraindicated" and p.safety == "precaution" and not _explained(o, p, after):
            yield f"safety {o.id}: contraindicated became precaution, and nothing says what was not checked"


def verdicts_gained(before: Told, after: Told) -> Iterator[str]:
    """Verdicts on medicines that moved anywhere but towards not knowing."""
    settled = {d.ask for d in before.facts.disputes} - {d.ask for d in after.facts.disputes}
    for w, v in zip(before.medicines, after.medicines, strict=True):
        # Of an answer against an entry, taking one away leaves the other: what was to be verified is settled.
        if v.verdict in MAY_BECOME["in_use" if w.state == "current" else "proposed"][w.verdict] or (
            f"medicines.{w.place}" in settled
        ):
            continue
        gone = {(d.table, d.id) for d in w.grounds} - {(d.table, d.id) for d in v.grounds}
        if not all(_said_quietly(table, id, after.content) for table, id in gone):
            yield f"verdict on {w.label}: {w.verdict} became {v.verdict}; gone: {sorted(gone)}"


def _said_quietly(table: str, id: str, content: Content) -> bool:
    """Whether a record is one of which not knowing is, by its own word, a line of what was not checked, and no check."""
    return table == "medicine_caution" and content.medicine_cautions[id].unknown == "quiet"


def _no_longer_held(before: Any, after: Any, case: Told) -> Iterator[str]:
    """What waited for an emergency and does not any more, although that is still surely present and to be acted on."""
    if before.held_by is None or after.held_by is not None or after.verb not in HELD:
        return
    present = [e.record.id for e in case.findings.emergencies if e.state == "present" and e.level == "act_now"]
    if before.held_by.id in present:
        yield f"verb {before.id}: After this became {after.verb}, and {before.held_by.id} is present"


def _bar(option: Any, record: Any) -> Any:
    if record in option.closed_by or record in option.cautions:
        return True
    return "open" if record in (*option.check_first, *option.then_check, *option.not_checked) else False


def _conflicts_gone(before: Any, after: Any, case: Told) -> Iterator[str]:
    """Conflicts that vanished. One with an entry that is still read may not, unless the option says as much by another of
    the same weight, or as an open check; one whose entry cannot be read now must leave something to check when it was a
    stop."""
    for x in before.meets:
        for n in x.in_use:
            weights = [y.severity for y in after.meets if n in y.in_use]
            if x.severity not in ("stop", "major", "timing") or x.severity in weights or "stop" in weights:
                continue
            if before.in_place != after.in_place:
                continue  # it was in use and may not be: not the same option any more
            entry = case.profile.medicines[n]
            readable = bool(entry.ingredients or entry.dose or entry.medicine_class)
            held = after.safety in ("check_first", "contraindicated")
            mine = (case.profile.medicines[one.place] for one in before.own)
            readable = readable and all(e.ingredients or e.dose or e.medicine_class for e in mine)
            if readable and not held:
                yield f"conflict {before.id}, {x.record.id} ({x.severity}) with {x.other}: gone"
            elif x.severity == "stop" and not held and not after.not_checked:
                yield f"conflict {before.id}, {x.record.id} (stop) with {x.other}: gone, and nothing is left to check"


def _explained(before: Any, after: Any, case: Told) -> bool:
    """Whether what held an option back before is named as not checked now: by the option, or as an unread medicine."""
    # What a present emergency speaks against it is open to be one by the law on emergencies.
    records = [r for r in (*before.closed_by, *before.cautions) if not isinstance(r, Directive)]
    gone = [r for r in records if _bar(after, r) is not True]
    named = all(_bar(after, r) == "open" for r in gone)
    entries = {n for x in before.meets for n in x.in_use} - {n for x in after.meets for n in x.in_use}
    unread = all(not (case.profile.medicines[n].ingredients or case.profile.medicines[n].dose) for n in entries)
    return named and unread


@dataclass(frozen=True)
class Told:
    """As much of a case as the law is about: no plans, which have no statuses of their own."""

    profile: Profile
    facts: Facts
    findings: Findings
    medicines: tuple[Weighed, ...]
    options: tuple[Option, ...]
    content: Content


def told(data: Mapping[str, Any] | Profile) -> Told:
    """A profile held to the packaged content, without plans."""
    content = load_content()
    profile = data if isinstance(data, Profile) else Profile.from_dict(data)
    facts = derive(profile, content=content)
    findings = appraise(facts, content=content)
    demands = directives(facts, findings, content)
    medicines = weigh(facts, demands, content=content)
    options = consider(facts, demands, medicines, content=content)
    return Told(profile, facts, findings, medicines, options, content)


def gained(before: Told, after: Told) -> list[str]:
    """Everything in which a case that knows less says more. Empty is the law."""
    if set(before.facts.contradictions) - set(after.facts.contradictions):
        return []  # two answers that spoke against each other unsettled much; with one of them gone, that is settled
    return [*facts_gained(before, after), *statuses_gained(before, after), *verdicts_gained(before, after)]
