"""The treatments in a learner's plan, line by line: what is closed, what is started without need, what comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ...content import models as m
from ...facts.words import ask_label
from ...review.case import Case
from ...review.explain import why_not
from ...review.options import Option
from ...review.plans.judge import IN_PLAN, Judge, Judged, stopped_by
from .medicines import OWN, STOP, Said, harm_of
from .remarks import Cites, Remark

REFUSED = ("Do not start", STOP)
"""The verbs by which a treatment is kept out."""
LOOKS_FIRST = ("Check first", "Check", "Verify")
"""The verbs that put a question before a start."""


def short(case: Case, id: str) -> str:
    """A treatment in few words."""
    return case.option(id).record.short


# ---- what is not safe as planned --------------------------------------------------------------------------------


def unsafe(
    case: Case, judge: Judge, judged: Judged, plan: Mapping[str, str], said: tuple[Said, ...]
) -> Iterator[Remark]:
    """Pairs that are not taken together, what is closed, what goes on and must not, what lacks what has to stand beside it or
    come before it, and what is started without need."""
    for a, b, record in judged.pairs:
        says = f"{short(case, a)} with {short(case, b)}: {record.effect} {record.action}"
        yield Remark("conflict", (a, b), says, record.source, urgent=True)
    told = {one.weighed.place for one in said if one.weighed.verdict == "change" or one.verb == STOP}
    for id in (*judged.closed, *judged.kept):
        option = case.option(id)
        in_use = id in judged.kept or option.in_place == "yes"
        if in_use and option.weighed and all(w.place in told for w in option.weighed):
            continue  # told of the medicine itself
        if option.in_place == "yes" and plan.get(id) in ("Change", "Verify"):
            continue  # it is in use, and does not go on as it is
        yield from _closed(option, in_use=id in judged.kept)
    going = {one.weighed.place for one in said if not one.leaves and one.verb != "Verify"}
    with_care = {
        (one.weighed.place, ground.id)
        for one in said
        if one.verb == "Keep with"
        for ground in one.weighed.grounds
        if ground.makes == "keep_with"
    }
    for id, verb in plan.items():
        option = case.option(id)
        if verb not in IN_PLAN or option.in_place == "yes" or option.safety == "contraindicated":
            continue
        yield from _beside(case, option, judged)
        yield from _not_yet(option, verb)
        yield from _meets_what_stays(option, going, with_care)
        yield from _without_need(case, judge, option, verb)


def _closed(option: Option, in_use: bool) -> Iterator[Remark]:
    own = "In use, and not safe as it is: review urgently, never stop abruptly. " if in_use else ""
    for closer in option.closed_by:
        instead = f" Instead: {m.in_words(closer.instead)}." if closer.instead else ""
        says = f"{option.record.short}: {own}{closer.label}.{instead}"
        yield Remark("conflict", (option.id,), says, closer.source, urgent=True)
    for met in stopped_by(option):
        says = f"{option.record.short} with {met.other}: {own}{met.record.effect} {met.record.action}"
        yield Remark("conflict", (option.id,), says, met.record.source, urgent=True)


def _beside(case: Case, option: Option, judged: Judged) -> Iterator[Remark]:
    """What may not be started without something else in the plan."""
    lacking: dict[str, m.MedicineCaution | m.Interaction] = {}
    for record, id in option.needs_beside:
        if id not in judged.items and id in case.content.treatments and case.option(id).may_be_called:
            lacking.setdefault(id, record)
    for id, record in lacking.items():
        if isinstance(record, m.Interaction):
            why, action = record.title, record.both if option.own and record.both else record.action
        else:
            why, action = record.label, record.action
        says = f"{option.record.short} without {short(case, id)}: {why}. {action}"
        yield Remark("conflict", (option.id, id), says, record.source, urgent=True)


def _not_yet(option: Option, verb: str) -> Iterator[Remark]:
    """A start before what is true and comes first."""
    if option.verb == "Check first" and option.avoided and verb not in LOOKS_FIRST:
        says = f"{option.record.short}: not started before this is seen to. {checks(option)}"
        yield Remark("conflict", (option.id,), says, check_source(option), urgent=True)


def _meets_what_stays(
    option: Option, going: Collection[int], with_care: Collection[tuple[int, str]]
) -> Iterator[Remark]:
    """A start beside something in use that would have to give way to it, and goes on in this plan. Not where the plan says
    that it goes on with what the review asks for that very pair, such as how to change over."""
    for met in option.meets:
        stays = [
            one
            for one in met.met
            if one.place in going
            and (one.place, met.record.id) not in with_care
            and one.classes.isdisjoint(option.record.ends)
        ]
        if met.record.severity == "stop" and met.known and met.yields and stays and not option.record.winds_down:
            says = f"{option.record.short} while {met.other} goes on: {met.record.effect} {met.record.action}"
            yield Remark("conflict", (option.id,), says, met.record.source, urgent=True)


def _without_need(case: Case, judge: Judge, option: Option, verb: str) -> Iterator[Remark]:
    """A treatment for what the person does not have, or with nothing known about it: with its harm."""
    t = option.record
    if option.verb not in (None, "Ask") or (option.verb == "Ask" and verb in LOOKS_FIRST):
        return
    if option.id in _standing(case, judge) or (t.place.changes and option.own and not t.medicines):
        return
    harm = harm_of(case.content, option.classes | frozenset(t.medicines), "without_need")
    if option.verb is None:
        why, asks = "nothing known is an indication for it.", ""
    else:
        why, asks = "whether it fits is not known, and you did not ask.", asked_of(case, option)
    if harm:
        does, source = f"{harm.harm} {harm.action}", harm.source
    else:
        labels = _may_harm(case, option)
        does = f"What it costs: {t.burden.words}." + (f" Where it can harm: {'; '.join(labels)}." if labels else "")
        source = fit_source(option)
    # What prevents harm, and what only costs effort, is more than is needed and not unsafe.
    risky = bool(t.medicines or t.place.risky) and bool(_may_harm(case, option)) and not t.place.prevents_harm
    yield Remark(
        "over_treatment", (option.id,), f"{t.short}: {why} {does} {asks}".rstrip(), source, urgent=bool(harm) or risky
    )


def _may_harm(case: Case, option: Option) -> list[str]:
    """In whom a treatment does harm, as its records say: the first two."""
    closers = [c.label for c in option.record.contraindications]
    cautions = case.content.cautions_about(option.classes | frozenset(option.record.medicines))
    closers += [c.label for c in cautions if c.strength == "stop"]
    return list(dict.fromkeys(closers))[:2]


def _standing(case: Case, judge: Judge) -> set[str]:
    """What stands in a plan that was found: an emergency, a call or a caution may be its reason, whatever its fit."""
    found = {id for plan in case.frontier.plans for item in plan.items for id in (item.id, *item.instead)}
    return found | judge.always_there.keys()


def left_out(judge: Judge, judged: Judged, told: Collection[str]) -> Iterator[Remark]:
    """What a record calls for in every plan and this one does not hold; what was ``told`` already is not told again."""
    for id, item in judge.always_there.items():
        if item.called is None or id in judged.items or id in told or item.option.in_place == "yes":
            continue
        calls = item.called
        says = f"{item.option.record.short}: called for, and not in the plan. {calls.label.rstrip('.')}."
        yield Remark("left_out", (id,), says, calls.source, urgent=calls.table != "recommendation")


# ---- item by item ---------------------------------------------------------------------------------------------


def line(case: Case, option: Option, verb: str, unsafe_ids: Collection[str]) -> Iterator[Remark]:
    """What the review says to one line of the plan; what is unsafe, or started without need, is told by that."""
    if option.weighed and option.in_place == "yes":
        return  # told of the medicine
    kit, name, source = option.verb, option.record.short, fit_source(option)
    argued = any(option.id in d.treatments for d in case.findings.disagreements) and option.id not in unsafe_ids
    kind = "contested" if argued else "differs"
    note = f": {option.indication.note}" if option.indication and option.fit != "needs_information" else ""
    refused = verb in REFUSED
    if option.record.place.changes and verb in ("Keep", "Change") and kit in ("Offer", "Consider", "Check first"):
        verb = "Consider"  # a change acts on what is in use: to keep, or to change it, is to take it up
    to_ask = kit == "Check first" and verb != kit and not option.avoided
    if option.id in unsafe_ids and verb in IN_PLAN and not to_ask:
        return
    if verb == kit or (refused and kit == "Do not start") or (kit in GENTLE and verb in GENTLE):
        nuance = "" if verb == kit else f" The review says “{kit}”."
        yield Remark("right", (option.id,), f"{name}: {verb}{note}.{nuance}", closed_source(option) or source)
    elif kit == "Ask" and verb in LOOKS_FIRST:
        says = f"{name}: there is something to ask first. {asked_of(case, option)}".rstrip()
        yield Remark("right", (option.id,), says, source)
    elif verb == "Ask" and kit == "Check first":
        yield Remark("right", (option.id,), f"{name}: there is something to ask first. {checks(option)}", source)
    elif refused and kit is None:
        yield Remark("right", (option.id,), f"{name}: nothing here is an indication for it.", source)
    elif refused and option.in_place == "yes":
        says = f"{name}: in use, and the plan ends it. The review says “{kit}”{note}."
        yield Remark(kind, (option.id,), says, source)
    elif kit == "Do not start" or (kit == "Change" and verb in IN_PLAN):
        if verb not in IN_PLAN:
            says = f"{name}: this can be told already: {'; '.join(_reasons(option))}."
            yield Remark(kind, (option.id,), says, closed_source(option) or source)
    elif kit == "Check first" and verb in IN_PLAN:
        says = f"{name}: you did not ask, before starting. {checks(option)}"
        yield Remark("not_asked", (option.id,), says, check_source(option))
    elif kit in (None, "Ask"):
        if verb not in IN_PLAN or _acts_on_use(option):
            yield Remark(kind, (option.id,), f"{name}: {' '.join(why_not(case, option.id))}", source)
    elif refused:
        says = f"{name}: the review says “{kit}”{note}. Nothing known closes it."
        yield Remark(kind, (option.id,), says, source)
    else:
        yield Remark(kind, (option.id,), f"{name}: you said “{verb}”, the review says “{kit}”{note}.", source)


GENTLE = ("Offer", "Consider")


def _acts_on_use(option: Option) -> bool:
    return bool(option.record.place.changes and option.own and not option.record.medicines)


def _reasons(option: Option) -> list[str]:
    return [c.label for c in option.closed_by] + [x.record.title for x in stopped_by(option)]


def checks(option: Option) -> str:
    """What comes before a start: what is not known yet, and what is true and has to be seen to."""
    told = (("Check", [check.label for check in option.check_first]), ("See to", option.avoided))
    return " ".join(f"{word}: {'; '.join(labels)}." for word, labels in told if labels)


def asked_of(case: Case, option: Option) -> str:
    """What would tell whether it fits, in a sentence; empty where nothing would."""
    asks = ", ".join(ask_label(case.content, ask) for ask in option.asks[:3])
    return f"Ask: {asks}." if asks else ""


def fit_source(option: Option) -> Cites:
    """Who says that it fits, or what it is."""
    return option.indication.source if option.indication else option.record.source


def check_source(option: Option) -> Cites:
    """Who says what comes before a start."""
    met = [(c.label, c.source) for c in option.cautions] + [(x.record.title, x.record.source) for x in option.meets]
    sources = [c.source for c in option.check_first] + [source for label, source in met if label in option.avoided]
    return tuple(dict.fromkeys(c for source in sources for c in source)) or OWN


def closed_source(option: Option) -> Cites:
    """Who says that it is closed; nobody where it is open."""
    if option.safety != "contraindicated":
        return ()
    met = [x.record.source for x in stopped_by(option)]
    return tuple(dict.fromkeys(c for source in (*(c.source for c in option.closed_by), *met) for c in source))
