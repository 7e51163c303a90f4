"""`compare`: a committed plan beside the review. It tells about the plan, never about the person, and cites who says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ...content import models as m
from ...facts.words import ask_label
from ...review.case import Case
from ...review.explain import why_not
from ...review.findings import cites
from ...review.options import Option
from ...review.plans import Plan
from ...review.plans.judge import (
    IN_PLAN,
    Judge,
    Judged,
    as_chosen,
    deciding_alike,
    dominating,
    nearest,
    on_frontier,
    stopped_by,
)
from ...review.questions import next_questions
from .calibration import one_case

Cites = tuple[m.Cite, ...]

KINDS: Mapping[str, str] = {
    "emergency": "Emergencies",
    "conflict": "Conflicts",
    "need": "Needs left open",
    "not_asked": "Not asked",
    "decision": "Decisions",
    "dominated": "A plan that does as much for less",
    "contested": "Contested: the sources differ, and either choice can be argued",
    "differs": "Where the review says otherwise",
    "right": "What you had right",
}
"""Every kind of remark with its heading, in the order in which they are told."""
MOST_ASKED = 5
"""How many of the weightiest open questions are looked for among those asked."""
OWN = (m.Cite(id="own", at="the plans found for this person, compared", confidence="verified"),)


@dataclass(frozen=True)
class Remark:
    """One line of feedback: its kind, what it is about (ids), the words, who says so, and whether it must not wait."""

    kind: str
    about: tuple[str, ...]
    says: str
    source: Cites
    urgent: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The remark as JSON data."""
        positions = {c.id: c.says for c in self.source if c.says}
        return {**asdict(self), "about": list(self.about), "source": cites(self.source), "positions": positions}


@dataclass(frozen=True)
class Feedback:
    """All remarks on one plan. ``held``: nothing that must not wait was missed, which is what the confidence is about.
    ``better`` is the plan that dominates it, if one does; ``closest`` the plan found that differs least."""

    remarks: tuple[Remark, ...]
    judged: Judged
    sure: int
    better: Plan | None
    closest: Plan | None
    teaches: str

    @property
    def held(self) -> bool:
        return not any(remark.urgent for remark in self.remarks)

    @property
    def confidence(self) -> str:
        """What this one case says about the confidence."""
        return one_case(self.sure, self.held)

    def of(self, kind: str) -> tuple[Remark, ...]:
        """The remarks of one kind. Raises KeyError for a kind that does not exist."""
        assert KINDS[kind]
        return tuple(remark for remark in self.remarks if remark.kind == kind)

    def to_dict(self) -> dict[str, Any]:
        """The feedback as JSON data."""
        return {
            "remarks": [remark.to_dict() for remark in self.remarks],
            "sure": self.sure,
            "held": self.held,
            "confidence": self.confidence,
            "axes": list(self.judged.axes),
            "better": sorted(self.better.ids) if self.better else None,
            "closest": sorted(self.closest.ids) if self.closest else None,
            "teaches": self.teaches,
        }


def compare(
    case: Case,
    plan: Mapping[str, str],
    asks: Collection[str] = (),
    emergencies: Collection[str] = (),
    *,
    sure: int = 50,
) -> Feedback:
    """Lay a plan (option ids with verbs), questions and emergencies beside the review of the case.

    Raises KeyError for an id that the content does not have.
    """
    judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)
    judged = judge.judge(plan)
    better = dominating(case.frontier, judged) if judged.safe else None
    found = [
        *_emergencies(case, emergencies),
        *_pairs(case, judged),
        *_needs(case, judge, judged),
        *_questions(case, asks),
        *_decisions(case, judged),
        *_dominated(case, judged, better),
        *_contested(case, plan),
        *(remark for id, verb in plan.items() for remark in _verb(case, case.option(id), verb)),
    ]
    order = list(KINDS)
    found.sort(key=lambda remark: (order.index(remark.kind), not remark.urgent))
    closest = on_frontier(case.frontier, judged.items) or nearest(case.frontier, judged.items)
    teaches = case.profile.teaches.says if case.profile.teaches else ""
    return Feedback(tuple(found), judged, sure, better, closest, teaches)


# ---- what is urgent -------------------------------------------------------------------------------------------


def _emergencies(case: Case, named: Collection[str]) -> Iterator[Remark]:
    for found in case.findings.emergencies:
        e, seen = found.record, found.record.id in named
        if found.state == "present":
            signs = "; ".join(found.labels)
            if seen:
                yield Remark("right", (e.id,), f"{e.title}: seen. {signs}.", e.source)
            else:
                says = f"{e.title} is present ({signs}). First: {found.actions[0]}"
                yield Remark("emergency", (e.id,), says, e.source, urgent=True)
        elif seen and found.state == "absent":
            says = f"{e.title}: looked for. Every sign was asked, and none is there."
            yield Remark("emergency", (e.id,), says, e.source)
        elif seen:
            asked = ", ".join(ask_label(case.content, ask) for ask in found.asks[:3])
            yield Remark("emergency", (e.id,), f"{e.title}: not shown yet. What would tell: {asked}.", e.source)


def _questions(case: Case, asked: Collection[str]) -> Iterator[Remark]:
    open_ = next_questions(case)
    sources = _sources_by_title(case)
    for n, question in enumerate(open_):
        settles = "; ".join(question.settles[:3])
        source = next((sources[title] for title in question.settles if title in sources), OWN)
        if question.ask in asked:
            yield Remark("right", (question.ask,), f"Asked: {question.label}. It settles: {settles}.", source)
        elif n < MOST_ASKED:
            yield Remark("not_asked", (question.ask,), f"{question.label}. It would settle: {settles}.", source)
    waited = {question.ask for question in open_}
    for ask in asked:
        if ask not in waited:
            label = ask_label(case.content, ask)
            says = f"{label}: asked. As things stand, no line of the review waits for it."
            yield Remark("not_asked", (ask,), says, OWN)


def _sources_by_title(case: Case) -> dict[str, Cites]:
    content, found = case.content, {}
    tables: tuple[Mapping[str, Any], ...] = (
        content.emergencies,
        content.needs,
        content.recommendations,
        content.treatments,
    )
    for records in tables:
        for record in records.values():
            found[record.title] = record.source
    for fork in case.shown.forks:
        found[fork.title] = fork.source
    for item in case.shown.core:
        for check in item.option.check_first:
            found[f"{item.option.record.short}: {check.label}"] = check.source
    return found


# ---- the plan -------------------------------------------------------------------------------------------------


def _short(case: Case, id: str) -> str:
    return case.option(id).record.short


def _pairs(case: Case, judged: Judged) -> Iterator[Remark]:
    for a, b, record in judged.pairs:
        says = f"{_short(case, a)} with {_short(case, b)}: {record.effect} {record.action}"
        yield Remark("conflict", (a, b), says, record.source, urgent=True)
    for id in (*judged.closed, *judged.kept):
        option = case.option(id)
        own = "In use, and not safe as it is: review urgently, never stop abruptly. " if id in judged.kept else ""
        for closer in option.closed_by:
            instead = f" Instead: {m.in_words(closer.instead)}." if closer.instead else ""
            yield Remark(
                "conflict", (id,), f"{option.record.short}: {own}{closer.label}.{instead}", closer.source, True
            )
        for met in stopped_by(option):
            says = f"{option.record.short} with {met.other}: {own}{met.record.effect} {met.record.action}"
            yield Remark("conflict", (id,), says, met.record.source, urgent=True)


def _needs(case: Case, judge: Judge, judged: Judged) -> Iterator[Remark]:
    found = [(p, judge.judge({i.id: i.verb for i in p.items}).gaps) for p in case.frontier.plans]
    alike = deciding_alike(case.frontier, judged)
    known = on_frontier(case.frontier, judged.items) is not None
    for need in case.frontier.needs:
        record, mine = need.record, judged.gaps[need.record.id]
        least = min((gaps[record.id] for _, gaps in found), default=mine)
        if mine == 0:
            by = [_short(case, id) for id in sorted(judged.items) if _answers(case, id, record.id)]
            met = f" by {', '.join(by)}" if by else " already"
            yield Remark("right", (record.id,), f"{record.title}: addressed{met}.", record.source)
        elif mine > least:
            # What only another decision would answer is told, and is no miss: the decision belongs to the person.
            own = min((gaps[record.id] for p, gaps in found if p in alike), default=least)
            missed = record.required and mine > own and not known
            here = [p for p, gaps in found if gaps[record.id] == (own if mine > own and p in alike else least)]
            able = dict.fromkeys(i.id for p in here for i in p.items if _answers(case, i.id, record.id))
            would = ", ".join(_short(case, id) for id in able if id not in judged.items)
            state = "open" if mine == 2 * len(need.parts) else "only partly addressed"
            says = f"{record.title} is {state}. {record.why}" + (f" It would be answered by: {would}." if would else "")
            yield Remark("need", (record.id,), says, record.source, urgent=missed)
        else:
            says = f"{record.title} stays partly open in every plan found, as in yours."
            yield Remark("need", (record.id,), says, record.source)


def _answers(case: Case, id: str, need: str) -> bool:
    """Whether an option does anything for a need here."""
    option = case.option(id)
    return (option.eligible or option.in_place == "yes") and any(
        a.need == need and (a.when is None or case.content.test(a.when)(case.facts.values))
        for a in option.record.addresses
    )


def _decisions(case: Case, judged: Judged) -> Iterator[Remark]:
    for decision in case.frontier.open_decisions:
        chosen = judged.decisions.get(decision.id, ())
        able = dict.fromkeys(p.decisions[decision.id] for p in case.frontier.plans if decision.id in p.decisions)
        ways = ", ".join(_short(case, id) for id in able)
        by = "; ".join(text.rstrip(".") for text in decision.decided_by)
        if len(chosen) > 1:
            both = " and ".join(_short(case, id) for id in chosen)
            yield Remark(
                "decision", (decision.id,), f"{decision.title}: both {both} are in it; one is chosen.", decision.source
            )
        elif chosen and chosen[0] in able:
            others = ", ".join(_short(case, id) for id in able if id != chosen[0])
            says = f"{decision.title}: {_short(case, chosen[0])} is one good way."
            says += f" So is {others}; it belongs to the person: {by}." if others else ""
            yield Remark("right", (decision.id,), says, decision.source)
        elif able:
            yield Remark(
                "decision",
                (decision.id,),
                f"{decision.title}: not decided. Ways: {ways}. What decides: {by}.",
                decision.source,
            )


AXES = ("gaps in required needs", "gaps in other needs", "cautions", "burden")


def _dominated(case: Case, judged: Judged, better: Plan | None) -> Iterator[Remark]:
    if better is None:
        if on_frontier(case.frontier, judged.items):
            says = "No plan found does better on one count without doing worse on another."
            yield Remark("right", tuple(sorted(judged.items)), says, OWN)
        return
    name = plan_name(case, better)
    here = as_chosen(better, judged.items)
    without = [_short(case, id) for id in sorted(judged.items - here)]
    added = [_short(case, id) for id in sorted(here - judged.items)]
    counts = [
        f"{axis} {theirs} against {mine}"
        for axis, theirs, mine in zip(AXES, better.axes, judged.axes, strict=True)
        if theirs < mine
    ]
    says = f"{name} is better on one count and worse on none: {', '.join(counts)}."
    says += f" It does without {', '.join(without)}." if without else ""
    says += f" It adds {', '.join(added)}." if added else ""
    yield Remark("dominated", tuple(sorted(better.ids)), says, OWN)


def plan_name(case: Case, plan: Plan) -> str:
    """A plan as the page names it; one that is not shown by its place among those found."""
    if plan in case.shown.plans:
        return f"Plan {'ABC'[case.shown.plans.index(plan)]}"
    return f"Plan {case.frontier.plans.index(plan) + 1} of {len(case.frontier.plans)} found"


# ---- contested, and item by item --------------------------------------------------------------------------------


def _contested(case: Case, plan: Mapping[str, str]) -> Iterator[Remark]:
    for disagreement in case.findings.disagreements:
        touched = [_short(case, id) for id in disagreement.treatments if id in plan]
        says = disagreement.title + (f" (in your plan: {', '.join(touched)})" if touched else "") + "."
        yield Remark("contested", (disagreement.id, *disagreement.treatments), says, disagreement.positions)


def _verb(case: Case, option: Option, verb: str) -> Iterator[Remark]:
    """What the review says to one line of the plan; pairs and closed options are told as conflicts."""
    kit, short, source = option.verb, option.record.short, _fit_source(option)
    contested = any(option.id in d.treatments for d in case.findings.disagreements)
    kind = "contested" if contested else "differs"
    note = f": {option.indication.note}" if option.indication and option.fit != "needs_information" else ""
    if option.record.place.changes and verb in ("Keep", "Change") and kit in ("Offer", "Consider", "Check first"):
        verb = "Consider"  # a change acts on what is in use: to keep, or to change it, is to take it up
    if verb == kit or (kit in ("Offer", "Consider") and verb in ("Offer", "Consider")):
        nuance = "" if verb == kit else f" The review says “{kit}”."
        yield Remark("right", (option.id,), f"{short}: {verb}{note}.{nuance}", _closed_source(option) or source)
    elif verb == "Ask" and kit == "Check first":
        yield Remark("right", (option.id,), f"{short}: there is something to ask first. {_checks(option)}", source)
    elif verb == "Do not start" and kit is None:
        yield Remark("right", (option.id,), f"{short}: nothing here is an indication for it.", source)
    elif verb == "Do not start" and option.in_place == "yes":
        says = f"{short} is in use: keep it or review it, never stop abruptly."
        yield Remark("conflict", (option.id,), says, source, urgent=True)
    elif kit == "Do not start" or (kit == "Change" and verb in IN_PLAN):
        if verb not in IN_PLAN:
            says = f"{short}: this can be told already: {'; '.join(_reasons(option))}."
            yield Remark(kind, (option.id,), says, _closed_source(option) or source)
    elif kit == "Check first" and verb in IN_PLAN:
        yield Remark("not_asked", (option.id,), f"{short}, before starting. {_checks(option)}", _check_source(option))
    elif kit is None or kit == "Ask":
        yield Remark(kind, (option.id,), f"{short}: {' '.join(why_not(case, option.id))}", source)
    elif verb == "Do not start":
        says = f"{short}: the review says “{kit}”{note}. Nothing known closes it."
        yield Remark(kind, (option.id,), says, source)
    else:
        yield Remark(kind, (option.id,), f"{short}: you said “{verb}”, the review says “{kit}”{note}.", source)


def _reasons(option: Option) -> list[str]:
    return [c.label for c in option.closed_by] + [x.record.title for x in stopped_by(option)]


def _checks(option: Option) -> str:
    """What comes before a start: what is not known yet, and what is true and has to be seen to."""
    told = (("Check", [check.label for check in option.check_first]), ("See to", option.avoided))
    return " ".join(f"{word}: {'; '.join(labels)}." for word, labels in told if labels)


def _fit_source(option: Option) -> Cites:
    return option.indication.source if option.indication else option.record.source


def _check_source(option: Option) -> Cites:
    met = [(c.label, c.source) for c in option.cautions] + [(x.record.title, x.record.source) for x in option.meets]
    sources = [c.source for c in option.check_first] + [source for label, source in met if label in option.avoided]
    return tuple(dict.fromkeys(c for source in sources for c in source))


def _closed_source(option: Option) -> Cites:
    if option.safety != "contraindicated":
        return ()
    met = [x.record.source for x in stopped_by(option)]
    return tuple(dict.fromkeys(c for source in (*(c.source for c in option.closed_by), *met) for c in source))
