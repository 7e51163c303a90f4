"""Conditions of a record as entries of a profile: what their codes and their texts say, with state and certainty."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from ..content import Content, remembered
from ..content import models as m
from ..intake.problems import Mention, Problem, condition_of, entries, groups_meant
from ..profile import Condition
from . import codes, plain
from .bundle import Gathered
from .cancers import cancer_entries
from .kept import copied
from .palliative import palliative_care
from .plain import Days
from .report import Kind, Notebook
from .shapes import Remark, Remarks, Shape, repeated
from .stated import Read, Seen, entry_of, seen_in

_STATED = ("was", "remission", "resolved")
_OVER = ("inactive", "remission", "resolved")
_LISTED = ("condition", "event")


def read_conditions(
    found: Gathered, as_of: date, cancer_days: float, content: Content, notes: Notebook
) -> tuple[Read, ...]:
    """All conditions, and the findings of other resources that amount to one (hospice care)."""
    made: list[Read] = []
    cancers: list[Seen] = []
    for resource in found.of("Condition"):
        seen = seen_in(resource, found, as_of, notes)
        if seen is None:
            continue
        shape = found.shapes.of(resource)
        key = "read", seen.state, seen.suspected, seen.since is None, seen.until is None
        same = shape.once(key, _alike, seen, shape, content)
        repeated(same.remarks, resource, notes)
        own = {"since": plain.written(seen.since), "until": plain.written(seen.until)}
        made += [
            Read(copied(entry, **{name: own[name] for name in dated}) if dated else entry, resource.name)
            for entry, dated in same.entries
        ]
        cancers += [
            replace(one, resource=resource, since=seen.since, until=one.until and seen.until) for one in same.cancers
        ]
    made += cancer_entries(cancers, found, as_of, cancer_days, content, notes)
    made += [Read(entry_of(fields, content), name) for fields, name in palliative_care(found, as_of, content, notes)]
    alike = Counter((r.entry.id, r.resource) for r in made)

    def order(read: Read) -> tuple[str, str, str]:
        several = alike[read.entry.id, read.resource] > 1
        return read.entry.id or "~", read.resource, str(read.entry) if several else ""

    return tuple(sorted(made, key=order))


class _Alike(NamedTuple):
    """What conditions of one shape make, that are judged to stand alike: entries, each with which of its days are to be filled
    in; the cancers among them; and what is told of each."""

    entries: tuple[tuple[Condition, tuple[str, ...]], ...]
    cancers: tuple[Seen, ...]
    remarks: tuple[Remark, ...]


_ANY_DAY = Days(date.min, date.min)


def _alike(seen: Seen, shape: Shape, content: Content) -> _Alike:
    """What a condition says, with a day that stands for any where it has one."""
    notes = Remarks()
    since, until = (None if day is None else _ANY_DAY for day in (seen.since, seen.until))
    view = replace(seen, resource=shape.like, since=since, until=until)
    cancers: list[Seen] = []
    by_code = codes.of_codes(view.what, content)
    said = codes.problems(view.what, content)
    if by_code:
        made = _coded(view, by_code, said, cancers, content, notes)
    else:
        made = _worded(view, said, cancers, content, notes)
    days = "since", "until"
    dated = [(read.entry, tuple(day for day in days if getattr(read.entry, day) is not None)) for read in made]
    return _Alike(tuple(dated), tuple(cancers), tuple(notes.said))


# ---- by code ------------------------------------------------------------------------------------------------


def _coded(
    seen: Seen,
    by_code: list[m.CodeSet],
    said: list[Problem],
    cancers: list[Seen],
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


def _passing(seen: Seen, codeset: m.CodeSet, said: list[Problem], content: Content) -> bool:
    """Whether a record is about an episode, a degree or a consequence of what a code means."""
    spoken = (_groups(s, content) for problem in said for s, _ in problem.mentions if s.id in problem.passing)
    return codes.passing(seen.what, codeset) or any(not _groups(codeset, content).isdisjoint(one) for one in spoken)


def _is_over(seen: Seen, notes: Notebook) -> bool:
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


def _as_said(seen: Seen, mention: Mention, content: Content, passing: bool) -> list[Read]:
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


def _perhaps(seen: Seen, by_code: list[m.CodeSet], content: Content) -> frozenset[str]:
    """The groups that the codes of a condition may mean beside what they surely mean."""
    maybe = [id for s in codes.perhaps(seen.what, content) if (id := condition_of(s))]
    also = [group for s in by_code for group in s.may_also]
    return frozenset().union(*(groups_meant(id, content) for id in maybe), also)


def _read(seen: Seen, id: str, certainty: str, code_state: str | None, content: Content, notes: Notebook) -> Read:
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
    return Read(entry_of(made, content), seen.resource.name)


# ---- by words -----------------------------------------------------------------------------------------------


def _worded(seen: Seen, said: list[Problem], cancers: list[Seen], content: Content, notes: Notebook) -> list[Read]:
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


def _open(seen: Seen, said: list[Problem], icd: bool, content: Content) -> frozenset[str]:
    """The groups that may be meant beside what is named: all, where a word or a code says nothing that is known here.

    A whole ICD-10-CM code that our tables do not list means none of the groups that they cover, whatever its text."""
    every = frozenset(content.condition_groups)
    if icd:
        return (every - codes.covered(content)) | _perhaps(seen, [], content)
    return frozenset[str]().union(*(problem.open for problem in said)) if said else every


def _none(
    seen: Seen, open_: frozenset[str], why: str, content: Content, notes: Notebook, field_: str = "conditions"
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
    return Read(entry_of(made, content), seen.resource.name)
