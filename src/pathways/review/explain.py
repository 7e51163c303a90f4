"""Ask a case: why, why not, what if, what to ask next, and where the sources disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..content import models as m
from ..content.plain import picked, whole
from ..facts.code import OF_DOSES
from ..facts.verdicts import Reason, judge, unique
from ..facts.words import ask_label, label_of, reasons
from ..language.words import counted
from ..profile import Profile
from .actions import further
from .brought import inherited
from .case import Case, review
from .findings import Emergency, Finding, RaisedNeed, cites
from .ids import UnknownIdError
from .menu import menu_line
from .options import Option

RAISED = {True: "raised", False: "not_raised", None: "cannot_tell"}


@dataclass(frozen=True)
class Why:
    """The answer to "why?": what it is, its verdict, the facts responsible, the conditions in words, and who
    says so. ``because`` are reasons with ``fact``, ``says`` and ``origin`` (paths into the profile); each of ``rules``
    has its condition as written, its verdict now, and what would settle it; ``asks`` are ids to ask; ``source`` cites.
    ``says`` is what the record itself says of it: its reason, then its details."""

    id: str
    kind: str
    title: str
    verdict: str
    because: tuple[Reason, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    asks: tuple[str, ...] = ()
    source: tuple[Mapping[str, Any], ...] = ()
    says: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Why({self.id!r}, {self.kind}, {self.verdict!r})"

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON data."""
        return whole(self)


def why(case: Case, id: str) -> Why:
    """Why a recommendation, emergency, need, treatment or fact stands as it does. Raises UnknownIdError.

    >>> from pathways import Profile, review, why
    >>> case = review(Profile.from_dict({"answers": {"age_years": 58, "oud_status": "active"}}))
    >>> [reason["fact"] for reason in why(case, "oud_treatment").because]
    ['has_oud']
    """
    findings, content = case.findings, case.content
    for finding in findings.recommendations:
        if finding.record.id == id:
            return _why_finding(case, finding)
    for emergency in findings.emergencies:
        if emergency.record.id == id:
            return _why_emergency(case, emergency)
    for need in findings.needs:
        if need.record.id == id:
            return _why_need(case, need)
    if id in content.treatments:
        return _why_option(case, case.option(id))
    facts = [name for name in content.schema if name not in content.silent]
    if id in facts:
        return _why_fact(case, id)
    known = [*(name for _, name, _ in statuses(case)), *facts]
    raise UnknownIdError("recommendation, emergency, need, treatment or fact", id, known)


def _why_finding(case: Case, finding: Finding) -> Why:
    r = finding.record
    rules = [("applies when", r.when)] + ([("met when", r.done)] if r.done else [])
    source = tuple(cites(r.source))
    answer = Why(r.id, "recommendation", r.title, finding.status, asks=finding.asks, source=source, says=further(r))
    return _held(case, answer, rules)


def _why_emergency(case: Case, emergency: Emergency) -> Why:
    e = emergency.record
    verdict = emergency.state + (f", {emergency.level}" if emergency.level else "")
    source = tuple(cites(e.source))
    answer = Why(e.id, "emergency", e.title, verdict, asks=emergency.asks, source=source, says=further(e))
    return _held(case, answer, [(f"{t.level}: {t.label}", t.when) for t in e.triggers])


def _why_need(case: Case, need: RaisedNeed) -> Why:
    n = need.record
    rules = [("raised when", n.raised_when)] + [(f"part: {p.label}", p.when) for p in n.parts if p.when]
    source = tuple(cites(n.source))
    answer = Why(n.id, "need", n.title, RAISED[need.raised], asks=need.asks, source=source, says=further(n))
    return _held(case, answer, rules)


def _why_option(case: Case, option: Option) -> Why:
    t = option.record
    rules = [(f"{i.fit}: {i.note}", i.when) for i in t.indications]
    of_medicines = inherited(t, case.content)
    rules += [(f"contraindicated: {c.label}", c.when) for c in t.contraindications]
    rules += [(f"contraindicated: {c.label}", c.when) for c in of_medicines if c.strength == "stop"]
    rules += [(f"precaution: {c.label}", c.when) for c in t.precautions]
    rules += [(f"precaution: {c.label}", c.when) for c in of_medicines if c.strength != "stop"]
    verdict = f"{option.verb or 'not indicated'} ({option.fit}, {option.safety}, in place: {option.in_place})"
    answer = Why(t.id, "treatment", t.title, verdict, asks=option.asks, source=tuple(cites(t.source)))
    return _held(case, answer, rules)


def _held(case: Case, answer: Why, rules: Iterable[tuple[str, str]]) -> Why:
    """An answer with its rules (what each says, and its condition) and their verdicts for the person."""
    judged = [(says, text, judge(text, case.facts, case.content)) for says, text in rules]
    deciding = {r["fact"]: r for _, _, verdict in judged if verdict.value for r in verdict.because}
    told = (
        {
            "says": says,
            "when": text,
            "verdict": verdict.value,
            "because": list(verdict.because),
            "would_settle": [list(group) for group in verdict.settle],
            "asks": list(verdict.asks),
        }
        for says, text, verdict in judged
    )
    return replace(answer, because=tuple(deciding.values()), rules=tuple(told))


def _why_fact(case: Case, id: str) -> Why:
    fact = case.content.facts.get(id)
    told = reasons(case.content, case.facts, [id])
    if fact is not None and fact.when:
        return _held(case, Why(id, "fact", fact.label, told[0]["says"]), [("true when", fact.when)])
    extra: tuple[Mapping[str, Any], ...] = ()
    if fact is not None and fact.function in OF_DOSES:
        mme = case.facts.mme
        lines = (*mme.counted, *mme.not_counted, *mme.not_calculable)
        extra = tuple({"says": f"{line.label}: {line.arithmetic or line.reason}"} for line in lines)
    return Why(id, "fact", label_of(case.content, id), told[0]["says"], told, extra)


def why_not(case: Case, id: str) -> tuple[str, ...]:
    """Why a treatment is in no plan, or not in every one, in plain sentences; empty when every plan has it.

    Raises UnknownIdError for what is no treatment.

    >>> from pathways import Profile, review, why_not
    >>> case = review(Profile.from_dict({"answers": {"oud_status": "none"}}))
    >>> why_not(case, "buprenorpine")
    Traceback (most recent call last):
    pathways.review.ids.UnknownIdError: no treatment 'buprenorpine'. Did you mean 'buprenorphine'?
    """
    option = case.option(id)
    if option.fit == "not_indicated":
        tried = "; ".join(i.note for i in option.record.indications)
        return (f"Nothing in this profile is an indication for it. It would fit: {tried}.",)
    if option.fit == "needs_information":
        names = ", ".join(ask_label(case.content, a) for a in option.asks)
        return (f"It cannot be told yet whether it fits. Ask: {names}.",)
    said = [
        f"Contraindicated: {c.label}." + (f" Instead: {m.in_words(c.instead)}." if c.instead else "")
        for c in option.closed_by
    ]
    said += [
        f"Not together with {x.other}: {x.record.effect} {x.record.action}"
        for x in option.meets
        if x.closes and option.in_place != "yes"
    ]
    plans = case.frontier.plans
    having = [plan for plan in plans if id in plan.ids or any(id in item.instead for item in plan.items)]
    if said or len(having) == len(plans):
        return tuple(said)
    if not having:
        brings = counted(len(option.cautions) + len(option.check_first), "caution")
        told = f"{menu_line(case, option).says}."
        return told, f"It would bring {brings} and burden {option.record.burden.score}."
    return (f"{menu_line(case, option).says}.",)


@dataclass(frozen=True)
class Change:
    """What an edit of the profile changes. ``changed`` has ``kind``, ``id``, and the status ``before`` and ``after``."""

    edits: Mapping[str, Any]
    before: Case
    after: Case
    changed: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        return f"Change({self.edits!r}, {counted(len(self.changed), 'status', 'statuses')} changed)"

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON data."""
        return picked(self, "edits", "changed")


def what_if(case: Case, edits: Mapping[str, Any]) -> Change:
    """Review the profile again with some of its paths edited. Edits answers and lists, never facts.

    A path is ``answers.age_years`` (or just ``age_years``), ``complete.medicines``, ``asked_none.medicines``, or
    ``medicines.0.state``; the value None takes it out. Raises ProfileError for what does not fit.

    >>> from pathways import Profile, review, what_if
    >>> case = review(Profile.from_dict({"answers": {"age_years": 58}}))
    >>> {"kind": "need", "id": "oud_treatment", "before": "cannot_tell", "after": "raised"} in what_if(
    ...     case, {"oud_status": "active"}
    ... ).changed
    True
    """
    data = case.profile.to_dict()
    for path, value in edits.items():
        _edit(data, path if "." in path or path in Profile.model_fields else f"answers.{path}", value)
    after = review(Profile.from_dict(data, case.content), content=case.content, lens=case.lens)
    return Change(dict(edits), case, after, tuple(differences(case, after)))


def _place(word: str, entries: Sequence[Any], path: str) -> int:
    from ..profile import ProfileError

    if not (word.isascii() and word.isdigit() and len(word) < 10 and int(word) < len(entries)):
        raise ProfileError([f"{path[:80]}: there is no entry {word[:20]}; the list has {len(entries)}"])
    return int(word)


def _edit(data: dict[str, Any], path: str, value: Any) -> None:
    from ..profile import ProfileError

    *way, last = path.split(".")
    at: Any = data
    for n, step in enumerate(way):
        if isinstance(at, list):
            at = at[_place(step, at, path)]
        elif isinstance(at, dict):
            at = at.setdefault(step, [] if (*way, last)[n + 1] in ("+", "0") else {})
        else:
            raise ProfileError([f"{path}: '{step}' is inside a single value"])
    if isinstance(at, list):
        if last == "+" and isinstance(value, dict):
            at.append(value)
            return
        if value is None:
            del at[_place(last, at, path)]
        else:
            at[_place(last, at, path)] = value
    elif isinstance(at, dict) and value is None:
        at.pop(last, None)
    elif isinstance(at, dict):
        at[last] = value
    else:
        raise ProfileError([f"{path}: there is nothing to edit"])


def statuses(case: Case) -> Iterator[tuple[str, str, str]]:
    """Every status of a case as (kind, id, status): what a change is told by."""
    for e in case.findings.emergencies:
        more = f" ({e.level})" if e.level else f" ({len(e.asks)} to ask)" if e.asks else ""
        yield "emergency", e.record.id, e.state + more
    for f in case.findings.recommendations:
        yield "recommendation", f.record.id, f.status
    for n in case.findings.needs:
        yield "need", n.record.id, RAISED[n.raised]
    for o in case.options:
        checks = ", ".join(check.id for check in o.check_first)
        yield "treatment", o.id, f"{o.verb or 'not indicated'} ({o.safety}{': ' + checks if checks else ''})"
    for item in case.shown.core:
        yield "core", item.id, "core"
    for fork in case.shown.forks:
        yield "fork", fork.id, " / ".join(a.title for a in fork.alternatives)


def differences(before: Case, after: Case) -> Iterator[Mapping[str, Any]]:
    """Every status that differs between two reviews, before and after, by kind and id."""
    was = {(kind, id): status for kind, id, status in statuses(before)}
    now = {(kind, id): status for kind, id, status in statuses(after)}
    for key in unique([*was, *now]):
        if was.get(key) != now.get(key):
            yield {"kind": key[0], "id": key[1], "before": was.get(key), "after": now.get(key)}


def disagreements(case: Case) -> tuple[dict[str, Any], ...]:
    """Where the sources differ for this person: every position with its citation, none chosen."""
    return tuple(
        {
            "id": d.id,
            "title": d.title,
            "treatments": list(d.treatments),
            "positions": [{"says": p.says or "", **cites((p,))[0]} for p in d.positions],
            "confidence": d.confidence,
        }
        for d in case.findings.disagreements
    )
