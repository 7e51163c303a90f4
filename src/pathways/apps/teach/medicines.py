"""The medicines list in a learner's plan: what goes on, what changes, what is stopped, and what that does to the person.

Silence keeps: what nobody speaks of is taken tomorrow as it was today. Whether a medicine has to change is the review's
verdict on its entry; what harm an abrupt stop does is a record of the content (``medicine_harm``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...content import Content
from ...content import models as m
from ...facts.membership import classes_in
from ...facts.words import ask_label
from ...review.case import Case
from ...review.directives import Directive
from ...review.medicines import NEXT_DOSE_HELD, Weighed, stops_at_once
from ...review.medicines import VERBS as VERDICTS
from ...review.options import STAYS, Option
from ...review.plans.judge import IN_PLAN
from ...review.special import AFTER_A_HOLD, HOW_WORDS
from .remarks import Cites, Remark

STOP = "Stop"
TAKEN_VERBS = ("Keep", "Keep with", "Check", "Change", "Verify", STOP)
"""What a learner may say of a medicine in use; left blank it goes on."""
ASKED_FOR_VERBS = ("Offer", "Check first", "Do not start")
"""What a learner may say of a medicine that was asked for; left blank nothing is started."""
DAYS: Mapping[str, str] = {"now": "now", "today": "today", "this_week": "this week"}


@dataclass(frozen=True)
class Said:
    """What becomes of one medicine in use by a plan: its verb, and whether anybody spoke of it."""

    weighed: Weighed
    verb: str
    silent: bool

    @property
    def leaves(self) -> bool:
        """Whether it does not go on as it is."""
        return self.verb in ("Change", STOP)


def verbs_for(weighed: Weighed) -> tuple[str, ...]:
    """What a learner may say of an entry."""
    return TAKEN_VERBS if weighed.state == "current" else ASKED_FOR_VERBS


def place_of(weighed: Weighed) -> str:
    """The id that an entry goes by in feedback."""
    return f"medicines.{weighed.place}"


def said_of(case: Case, plan: Mapping[str, str], medicines: Mapping[int, str]) -> tuple[Said, ...]:
    """What a plan says of each medicine in use: by its own line, by a treatment that it is, or by a change that acts on it.
    A stop counts wherever it is said; then its own line; then a change."""
    found = []
    for weighed in case.medicines:
        if weighed.state != "current":
            continue
        by_plan = [verb for id, verb in plan.items() for verb in _by_option(case.option(id), verb, weighed)]
        own = medicines.get(weighed.place)
        told = [own, *by_plan] if own else by_plan
        verb = STOP if STOP in told else own or ("Change" if "Change" in told else told[0] if told else "Keep")
        found.append(Said(weighed, verb, not told))
    return tuple(found)


def _by_option(option: Option, verb: str, weighed: Weighed) -> Iterator[str]:
    """What a line of the plan says of an entry, if anything."""
    t, acts_on = option.record, any(one.place == weighed.place for one in option.own)
    if acts_on and option.in_place == "yes":
        if verb in (STOP, "Do not start"):
            yield STOP
        elif verb in IN_PLAN:
            yield verb if verb in (*STAYS, "Change") else "Keep"
    elif verb == STOP:
        if acts_on and t.keeps and not t.winds_down:
            yield STOP  # not to go on with what is taken
    elif verb in IN_PLAN:
        if (option.eligible and not weighed.classes.isdisjoint(t.ends)) or (acts_on and t.winds_down):
            yield "Change"
        elif acts_on and t.keeps:
            yield "Change" if verb == "Change" else "Keep"


def about(case: Case, weighed: Weighed) -> tuple[str, ...]:
    """What a line on an entry is about: the entry, and each treatment that it is or that acts on it."""
    acting = (o.id for o in case.options if any(one.place == weighed.place for one in o.own))
    return (place_of(weighed), *acting)


def remarks(case: Case, said: tuple[Said, ...], medicines: Mapping[int, str]) -> Iterator[Remark]:
    """What is told of each medicine, in the order of the list."""
    for one in said:
        ids = about(case, one.weighed)
        if one.verb == STOP:
            yield _stopped(case, one.weighed, ids)
        elif one.weighed.verdict == "change":
            yield _must_change(case, one, ids, one_of_two_changes(one, said))
        else:
            yield from _goes_on(case, one, ids)
    for weighed in case.medicines:
        if weighed.state == "proposed" and (verb := medicines.get(weighed.place)):
            yield _asked_for(case, weighed, verb)


# ---- stopped --------------------------------------------------------------------------------------------------


def harm_of(content: Content, names: frozenset[str], use: str) -> m.MedicineHarm | None:
    """The harm of a use of what goes by these names; the first that the content tells."""
    harms = (h for h in content.medicine_harms.values() if h.use == use)
    return next((h for h in harms if not names.isdisjoint(h.of)), None)


def may_harm(case: Case, weighed: Weighed) -> m.MedicineHarm | None:
    """The harm of an abrupt stop of what an entry may be, where nobody can tell what it is."""
    maybe = {c for c, v in classes_in(case.content, case.facts.profile.medicines[weighed.place]).items() if v is None}
    return harm_of(case.content, frozenset(maybe), "stopped_at_once")


def _stopped(case: Case, weighed: Weighed, ids: tuple[str, ...]) -> Remark:
    content, label = case.content, weighed.label
    names = weighed.classes | frozenset(weighed.ingredients)
    ground, how = next(iter(weighed.grounds), None), weighed.how
    harm = harm_of(content, names, "stopped_at_once")
    if ground and how == "stop":
        return Remark("right", ids, f"{label}: stopped. {_ground(ground)}{_instead(weighed)}", ground.source)
    if ground and how in NEXT_DOSE_HELD and harm:
        says = f"{label}: held, not stopped. {_ground(ground)} {AFTER_A_HOLD.capitalize()}."
        return Remark("differs", ids, says, (*ground.source, *harm.source))
    if harm:
        return Remark(
            "conflict",
            ids,
            f"{label}: stopped at once, which is not safe. {harm.harm} {harm.action}",
            harm.source,
            True,
        )
    if maybe := may_harm(case, weighed):
        says = f"{label}: stopped, and what it is is not known. {maybe.harm} Ask what it is before it is stopped."
        return Remark("conflict", ids, says, maybe.source, urgent=True)
    source = ground.source if ground else OWN
    if weighed.verdict == "change" and ground:
        if stops_at_once(weighed, content):
            return Remark("right", ids, f"{label}: stopped. {_ground(ground)}{_instead(weighed)}", source)
        return Remark("differs", ids, f"{label}: stopped. The review says: {_how(weighed)}. {_ground(ground)}", source)
    told = f" {_ground(ground)}" if ground else ""
    says = f"{label}: stopped. The review says “{VERDICTS[weighed.verdict]}”: nothing known asks for a stop.{told}"
    return Remark("differs", ids, says, source)


# ---- to change, and to go on ------------------------------------------------------------------------------------


def one_of_two_changes(one: Said, said: tuple[Said, ...]) -> bool:
    """Whether all that speaks against it is pairs of which either may go, and the plan changes the other one of each."""
    grounds = [d for d in one.weighed.grounds if d.makes == "change"]
    others = [other for other in said if other.leaves and other is not one]
    going = {
        d.id for other in others for d in other.weighed.grounds if d.table == "interaction" and d.makes == "change"
    }
    return all(d.either and d.id in going for d in grounds)


def _must_change(case: Case, one: Said, ids: tuple[str, ...], by_the_other: bool) -> Remark:
    weighed, ground = one.weighed, one.weighed.grounds[0]
    told = f"{_ground(ground)}{_instead(weighed)}"
    if one.verb == "Change":
        return Remark("right", ids, f"{weighed.label}: changed. {_how(weighed).capitalize()}. {told}", ground.source)
    if by_the_other:
        return Remark(
            "right", ids, f"{weighed.label}: goes on, since the other of the two changes. {told}", ground.source
        )
    kept = "nothing was said, so it goes on as it is" if one.silent else f"“{one.verb}”"
    slowly = harm_of(case.content, weighed.classes | frozenset(weighed.ingredients), "stopped_at_once")
    never = " Review it urgently, never stop abruptly." if slowly else ""
    says = f"{weighed.label}: {kept}, and it has to change. {_how(weighed).capitalize()}. {told}{never}"
    return Remark("conflict", ids, says, ground.source, urgent=True)


def _goes_on(case: Case, one: Said, ids: tuple[str, ...]) -> Iterator[Remark]:
    """A medicine that may go on: nothing is told of one that nobody spoke of, but where something has to be asked."""
    weighed, verdict = one.weighed, VERDICTS[one.weighed.verdict]
    ground = next(iter(weighed.grounds), None)
    source = ground.source if ground else OWN
    if weighed.verdict == "verify" and one.verb not in ("Verify", "Check", "Change") and ground:
        opposed = any(
            d.makes == "verify" and d.kind == "speaks_against" and d.strength == "stop" for d in weighed.grounds
        )
        says = f"{weighed.label}: you did not ask. {_ground(ground)} {_asks(case, weighed)}".rstrip()
        yield Remark("conflict" if opposed else "not_asked", ids, says, source, urgent=opposed)
    elif one.silent:
        return
    elif one.verb == "Change":
        told = f" {_ground(ground)}" if ground else ""
        says = f"{weighed.label}: changed. The review says “{verdict}”.{told}"
        yield Remark("right" if weighed.verdict == "verify" else "differs", ids, says, source)
    else:
        nuance = f" {_ground(ground)}" if ground else ""
        nuance = f" The review says “{verdict}”.{nuance}" if one.verb != verdict else nuance
        yield Remark("right", ids, f"{weighed.label}: {one.verb}.{nuance}", source)


def _asked_for(case: Case, weighed: Weighed, verb: str) -> Remark:
    """What is told of a medicine that was asked for."""
    ids, label, ground = about(case, weighed), weighed.label, next(iter(weighed.grounds), None)
    source, told = (ground.source, f" {_ground(ground)}") if ground else (OWN, "")
    starts = verb != "Do not start"
    if weighed.verdict == "not_this":
        says = (
            f"{label}: {'started, and this speaks against it' if starts else 'not started'}.{told}{_instead(weighed)}"
        )
        return Remark("conflict" if starts else "right", ids, says, source, urgent=starts)
    if not starts:
        says = f"{label}: not started. Nothing known closes it.{told}"
        return Remark("differs" if weighed.verdict != "cannot_tell" else "right", ids, says, source)
    if weighed.verdict == "cannot_tell" and verb == "Offer":
        return Remark(
            "not_asked", ids, f"{label}: you did not ask, before starting.{told} {_asks(case, weighed)}", source
        )
    care = {
        "start_with": "only with care",
        "cannot_tell": "there is something to ask first",
        "start": "it may be started",
    }
    return Remark("right", ids, f"{label}: {verb}; {care[weighed.verdict]}.{told}", source)


# ---- words ----------------------------------------------------------------------------------------------------

OWN: Cites = (m.Cite(id="own", at="the plans found for this person, compared", confidence="verified"),)


def _ground(ground: Directive) -> str:
    action = f" {ground.action.rstrip('.')}." if ground.action else ""
    return f"{ground.label.rstrip('.')}.{action}"


def _how(weighed: Weighed) -> str:
    by = DAYS.get(weighed.by or "", "")
    return f"{HOW_WORDS[weighed.how] if weighed.how else 'change it'}{f', {by}' if by else ''}"


def _instead(weighed: Weighed) -> str:
    return f" Instead: {weighed.instead.rstrip('.')}." if weighed.instead else ""


def _asks(case: Case, weighed: Weighed) -> str:
    asks = ", ".join(ask_label(case.content, ask) for ask in weighed.asks[:3])
    return f"Ask: {asks}." if asks else ""
