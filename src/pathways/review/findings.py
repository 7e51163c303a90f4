"""`appraise`: what the sources say about this person: emergencies, recommendations, needs, disagreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..content import Content, load_content
from ..content import models as m
from ..content.plain import picked
from ..facts import Facts, derive
from ..facts.membership import unread
from ..facts.verdicts import Reason, Verdict, emergency_state, finding_status, judge, unique
from ..language.words import counted


@dataclass(frozen=True)
class Emergency:
    """One red flag: ``present`` with a level, ``possible`` (partly answered), ``not_asked`` or ``absent``. ``actions`` are
    those that fit this person, ``kept`` those of them that no page folds."""

    record: m.Emergency
    state: str
    level: m.Level | None
    labels: tuple[str, ...]
    because: tuple[Reason, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    actions: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Emergency({self.record.id!r}, {self.state}{f', {self.level}' if self.level else ''})"


@dataclass(frozen=True)
class Finding:
    """One recommendation for this person. ``confirm``: it applies, and whether it is already in place is not known;
    ``held``: its advice waits, because something has to be settled first; ``ways``: the treatments that its advice names
    and that are open for this person."""

    record: m.Recommendation
    status: str
    because: tuple[Reason, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]
    confirm: bool
    held: bool = False
    ways: tuple[m.Way, ...] = ()

    @property
    def action(self) -> str:
        """What is advised now."""
        if self.held:
            return self.record.meanwhile
        named = () if self.record.choice and len(self.ways) < 2 else self.ways
        return f"{self.record.action}: {m.in_words(named)}" if named else self.record.action

    def __repr__(self) -> str:
        return f"Finding({self.record.id!r}, {self.status})"


@dataclass(frozen=True)
class RaisedNeed:
    """One need: ``raised`` True, False or None (cannot tell). ``parts`` are those that count and are not yet met;
    ``met`` those that facts already meet; ``open_parts`` those about which it cannot be told whether they count."""

    record: m.Need
    raised: bool | None
    parts: tuple[m.Part, ...]
    met: tuple[m.Part, ...]
    open_parts: tuple[m.Part, ...]
    because: tuple[Reason, ...]
    asks: tuple[str, ...]
    assumes: tuple[str, ...]

    @property
    def all_met(self) -> bool:
        """Whether facts meet every part of it: one that nobody asked about, or of which no part is known to count, is not
        in place."""
        return bool(self.raised and self.met) and not (self.parts or self.open_parts)

    def __repr__(self) -> str:
        return f"RaisedNeed({self.record.id!r}, raised={self.raised})"


@dataclass(frozen=True)
class EnteredPathway:
    """A care pathway with the steps that concern this person. A step is ``in_place``, ``to_do``, or ``if_it_applies``
    (whether it concerns the person is not known)."""

    record: m.Pathway
    steps: tuple[tuple[m.Step, str], ...]
    because: tuple[Reason, ...]

    def __repr__(self) -> str:
        return f"EnteredPathway({self.record.id!r}, {counted(len(self.steps), 'step')})"


@dataclass(frozen=True)
class Findings:
    """All that `appraise` found, in the order of the content. ``pathways`` are those of the situations that the person
    is known to be in; the pathway of a treatment goes with the treatment."""

    emergencies: tuple[Emergency, ...]
    recommendations: tuple[Finding, ...]
    needs: tuple[RaisedNeed, ...]
    disagreements: tuple[m.Disagreement, ...]
    expired: tuple[str, ...] = ()
    pathways: tuple[EnteredPathway, ...] = ()

    def __repr__(self) -> str:
        present = counted(sum(e.state == "present" for e in self.emergencies), "emergency", "emergencies")
        applying = counted(sum(f.status == "applies" for f in self.recommendations), "recommendation")
        raised = counted(sum(n.raised is True for n in self.needs), "need")
        return f"Findings({present} present, {applying} to act on, {raised} raised)"


def appraise(facts: Facts, *, content: Content | None = None) -> Findings:
    """Hold every emergency, recommendation, need and disagreement of the content to the facts of one person."""
    content = content or load_content()
    named = _without_unread(facts, content)
    return Findings(
        tuple(_emergency(e, facts, content, named) for e in content.emergencies.values()),
        tuple(
            _finding(r, facts, content)
            for r in content.recommendations.values()
            if in_force(r.effective_from, r.until, facts.as_of)
        ),
        tuple(_need(n, facts, content) for n in content.needs.values()),
        tuple(d for d in content.disagreements.values() if content.test(d.when)(facts.values)),
        tuple(
            r.id
            for r in content.recommendations.values()
            if r.recheck_by and facts.as_of and facts.as_of > r.recheck_by
        ),
        tuple(
            follow(pathway, facts, content)
            for pathway in content.pathways_of_situations
            if content.test(pathway.entry)(facts.values)
        ),
    )


def follow(pathway: m.Pathway, facts: Facts, content: Content) -> EnteredPathway:
    """A pathway with its steps for this person; a step that surely does not concern them is left out."""
    steps = []
    for step in pathway.steps:
        concerns = True if step.when is None else content.test(step.when)(facts.values)
        if concerns is False:
            continue
        done = step.done is not None and content.test(step.done)(facts.values)
        steps.append((step, "in_place" if done else "to_do" if concerns else "if_it_applies"))
    return EnteredPathway(pathway, tuple(steps), judge(pathway.entry, facts, content).because)


def in_force(effective_from: date | None, until: date | None, as_of: date | None) -> bool:
    """Whether a dated rule is in force on ``as_of`` (without a date it is taken to be)."""
    if as_of is None:
        return True
    return (effective_from is None or effective_from <= as_of) and (until is None or as_of <= until)


def _finding(record: m.Recommendation, facts: Facts, content: Content) -> Finding:
    when, done = judge(record.when, facts, content), Verdict(False)
    if when.value and record.done:
        done = judge(record.done, facts, content)
    status = finding_status(when.value, done.value)
    confirm = status == "applies" and done.value is None
    because, assumes = when.because, when.assumes
    if done.value:
        because, assumes = because + done.because, unique(assumes + done.assumes)
    return Finding(
        record,
        status,
        because,
        done.asks if confirm else when.asks,
        assumes,
        confirm,
        bool(record.held_while and content.test(record.held_while)(facts.values)),
        record.ways,
    )


def _without_unread(facts: Facts, content: Content) -> Facts | None:
    """The facts without the medicines that nobody can name; None where there is none. Such an entry may be what protects,
    and that is no reason to put off what other answers show."""
    kept = tuple(e for e in facts.profile.medicines if not unread(content, e))
    if len(kept) == len(facts.profile.medicines):
        return None
    return derive(facts.profile.model_copy(update={"medicines": kept}), content=content)


def _emergency(record: m.Emergency, facts: Facts, content: Content, named: Facts | None) -> Emergency:
    state, level = emergency_state(content, record, facts.values)
    if named is not None:
        told, as_told = emergency_state(content, record, named.values)
        # What the rest shows is not put off, and not made less urgent.
        if as_told is not None and (level is None or m.LEVELS.index(as_told) < m.LEVELS.index(level)):
            facts, (state, level) = named, (told, as_told)
    verdicts = [judge(trigger.when, facts, content) for trigger in record.triggers]
    # Present by its true triggers, absent by all of them; while it is open there is only what to ask.
    grounds = {"present": [v for v in verdicts if v.value], "absent": verdicts}.get(state, [])
    fitting = [act for act in record.actions if _fits(act, level, facts, content)]
    return Emergency(
        record,
        state,
        level,
        tuple(trigger.label for trigger, v in zip(record.triggers, verdicts, strict=True) if v.value),
        tuple(reason for v in grounds for reason in v.because),
        () if state == "present" else unique(ask for v in verdicts for ask in v.asks),
        unique(a for v in grounds for a in v.assumes),
        tuple(act.say for act in fitting),
        frozenset(act.say for act in fitting if act.keep),
    )


def _fits(act: m.Act, level: m.Level | None, facts: Facts, content: Content) -> bool:
    """Whether an action is said to this person: what waits for a condition, only while that is true."""
    if act.at and level not in act.at:
        return False
    if act.when is not None and content.test(act.when)(facts.values) is not True:
        return False
    return act.unless is None or content.test(act.unless)(facts.values) is not True


def _need(record: m.Need, facts: Facts, content: Content) -> RaisedNeed:
    raised = judge(record.raised_when, facts, content)
    if not raised.value:
        return RaisedNeed(record, raised.value, (), (), (), raised.because, raised.asks, raised.assumes)
    counting, met, unclear = [], [], []
    wanted: list[str] = []
    for part in record.parts:
        counts = judge(part.when, facts, content) if part.when else Verdict(True)
        if counts.value is None:
            unclear.append(part)
            wanted += counts.asks
        elif counts.value and part.met_when and content.test(part.met_when)(facts.values):
            met.append(part)
        elif counts.value:
            counting.append(part)
    parts = tuple(counting), tuple(met), tuple(unclear)
    return RaisedNeed(record, True, *parts, raised.because, unique(wanted), raised.assumes)


def cites(source: tuple[m.Cite, ...]) -> list[Mapping[str, Any]]:
    """Citations as JSON data."""
    return [picked(c, "id", "at", "confidence") for c in source]
