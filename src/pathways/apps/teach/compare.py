"""`compare`: a committed plan beside the review. It tells about the plan, never about the person, and cites who says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ...facts.words import ask_label
from ...review.case import Case
from ...review.findings import RaisedNeed
from ...review.plans import Plan
from ...review.plans.judge import (
    Judged,
    as_chosen,
    deciding_alike,
    dominating,
    nearest,
    on_frontier,
)
from .domains import placed
from .first import first_words
from .items import left_out, line, short, unsafe
from .key import AnswerKey
from .medicines import OWN, STOP, Said, remarks, said_of
from .remarks import KINDS, UNSAFE, Feedback, Remark

MOST_ASKED = 5
"""How many of the weightiest open questions are looked for among those asked."""


def compare(
    case: Case,
    plan: Mapping[str, str],
    asks: Collection[str] = (),
    emergencies: Collection[str] = (),
    *,
    medicines: Mapping[int, str] | None = None,
    sure: int = 50,
    key: AnswerKey | None = None,
) -> Feedback:
    """Lay a plan (option ids with verbs, and places of the medicines list with verbs), questions and emergencies beside the
    review of the case. What is in use and not spoken of goes on. The same answers give the same feedback, in whichever
    order they were given. ``key`` is that of the same case, where many plans are compared.

    Raises UnknownIdError for a treatment that the content does not have.
    """
    key = key or AnswerKey(case)
    judge = key.judge
    for id in plan:
        case.option(id)
    plan = {o.id: plan[o.id] for o in case.options if o.id in plan}  # in one order, whichever way it was put together
    listed = dict(sorted((medicines or {}).items()))
    said = said_of(case, plan, listed)
    judged = judge.judge(_as_it_goes_on(case, plan, said))
    found = [
        *_emergencies(case, emergencies),
        *remarks(case, said, listed),
        *unsafe(case, judge, judged, plan, said),
    ]
    found += left_out(judge, judged, {id for remark in found for id in remark.about if remark.kind == "conflict"})
    harms = frozenset(id for r in found if r.urgent and r.kind in UNSAFE for id in r.about)
    over = frozenset(id for r in found if r.kind == "over_treatment" for id in r.about)
    better = dominating(case.frontier, judged) if judged.safe and not harms else None
    found += [
        *_needs(key, judged, asks),
        *_questions(key, asks),
        *_decisions(case, judged),
        *_dominated(case, judged, better, safe=not harms),
        *_contested(case, plan, harms),
        *(remark for id, verb in plan.items() for remark in line(case, case.option(id), verb, harms | over)),
    ]
    order = list(KINDS)
    found = [placed(case, remark) for remark in found]
    found.sort(key=lambda remark: (order.index(remark.kind), not remark.urgent))
    closest = on_frontier(case.frontier, judged.items) or nearest(case.frontier, judged.items)
    teaches = case.profile.teaches.says if case.profile.teaches else ""
    return Feedback(tuple(found), judged, sure, better, closest, teaches, first_words(found, teaches))


def _as_it_goes_on(case: Case, plan: Mapping[str, str], said: tuple[Said, ...]) -> dict[str, str]:
    """The plan with what becomes of each treatment in use: silence about one that has to change keeps it."""
    by_place, full = {one.weighed.place: one for one in said}, dict(plan)
    for option in case.options:
        if option.in_place != "yes":
            continue
        own = [by_place[w.place] for w in option.weighed if w.place in by_place]
        if (own and all(one.leaves for one in own)) or plan.get(option.id) in (STOP, "Do not start"):
            full[option.id] = "Change"
        elif option.verb == "Change" and option.id not in plan:
            full[option.id] = "Keep"
    return full


# ---- what is urgent -------------------------------------------------------------------------------------------


def _emergencies(case: Case, named: Collection[str]) -> Iterator[Remark]:
    for found in case.findings.emergencies:
        e, seen = found.record, found.record.id in named
        if found.state == "present":
            signs = "; ".join(found.labels)
            if seen:
                yield Remark("right", (e.id,), f"{e.title}: seen. {signs}.", e.source, domain="safety")
            else:
                says = f"{e.title} is present ({signs}). First: {found.actions[0]}"
                yield Remark("emergency", (e.id,), says, e.source, urgent=True)
        elif seen and found.state == "absent":
            says = f"{e.title}: looked for. Every sign was asked, and none is there."
            yield Remark("emergency", (e.id,), says, e.source)
        elif seen:
            asked = ", ".join(ask_label(case.content, ask) for ask in found.asks[:3])
            yield Remark("emergency", (e.id,), f"{e.title}: not shown yet. What would tell: {asked}.", e.source)


def _questions(key: AnswerKey, asked: Collection[str]) -> Iterator[Remark]:
    case, open_, sources = key.case, key.questions, key.sources
    for n, question in enumerate(open_):
        settles = "; ".join(question.settles[:3])
        source = next((sources[title] for title in question.settles if title in sources), OWN)
        if question.ask in asked:
            says = f"Asked: {question.label}. It settles: {settles}."
            yield Remark("right", (question.ask,), says, source, domain="asked")
        elif n < MOST_ASKED:
            says = f"You did not ask: {question.label}. It would settle: {settles}."
            yield Remark("not_asked", (question.ask,), says, source)
    waited = {question.ask for question in open_}
    for ask in sorted(set(asked) - waited):
        says = f"{ask_label(case.content, ask)}: asked. As things stand, no line of the review waits for it."
        yield Remark("not_asked", (ask,), says, OWN)


# ---- the plan -------------------------------------------------------------------------------------------------


def _needs(key: AnswerKey, judged: Judged, asked: Collection[str]) -> Iterator[Remark]:
    case, found = key.case, key.gaps
    alike = deciding_alike(case.frontier, judged)
    known = on_frontier(case.frontier, judged.items) is not None
    for need in case.frontier.needs:
        record, mine = need.record, judged.gaps[need.record.id]
        least = min((gaps[record.id] for _, gaps in found), default=mine)
        if not need.parts and not need.all_met:
            yield _unasked(case, need, asked)
        elif mine == 0:
            by = [short(case, id) for id in sorted(judged.items) if _answers(case, id, record.id)]
            met = f"addressed by {', '.join(by)}" if by else "in place already" if need.all_met else "addressed"
            yield Remark("right", (record.id,), f"{record.title}: {met}.", record.source)
        elif mine > least:
            # What only another decision would answer is told, and is no miss: the decision belongs to the person.
            own = min((gaps[record.id] for p, gaps in found if p in alike), default=least)
            missed = record.required and mine > own and not known
            here = [p for p, gaps in found if gaps[record.id] == (own if mine > own and p in alike else least)]
            able = dict.fromkeys(i.id for p in here for i in p.items if _answers(case, i.id, record.id))
            would = ", ".join(short(case, id) for id in able if id not in judged.items)
            state = "open" if mine == 2 * len(need.parts) else "only partly addressed"
            says = f"{record.title} is {state}. {record.why}" + (f" It would be answered by: {would}." if would else "")
            yield Remark("need", (record.id,), says, record.source, urgent=missed)
        else:
            says = f"{record.title} stays partly open in every plan found, as in yours."
            yield Remark("need", (record.id,), says, record.source)


def _unasked(case: Case, need: RaisedNeed, asked: Collection[str]) -> Remark:
    """A need of which nobody asked what it takes: never in place, and no miss of the plan."""
    record = need.record
    asks = ", ".join(ask_label(case.content, ask) for ask in need.asks[:3])
    if any(ask in asked for ask in need.asks):
        return Remark(
            "right", (record.id,), f"{record.title}: asked what it takes ({asks}).", record.source, domain="asked"
        )
    says = f"{record.title}: you did not ask what it takes. It would be told by: {asks}."
    return Remark("not_asked", (record.id,), says, record.source)


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
        ways = ", ".join(short(case, id) for id in able)
        by = "; ".join(text.rstrip(".") for text in decision.decided_by)
        if len(chosen) > 1:
            both = " and ".join(short(case, id) for id in chosen)
            yield Remark(
                "decision", (decision.id,), f"{decision.title}: both {both} are in it; one is chosen.", decision.source
            )
        elif chosen and chosen[0] in able:
            others = ", ".join(short(case, id) for id in able if id != chosen[0])
            says = f"{decision.title}: {short(case, chosen[0])} is one good way."
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


def _dominated(case: Case, judged: Judged, better: Plan | None, *, safe: bool) -> Iterator[Remark]:
    if better is None:
        if safe and on_frontier(case.frontier, judged.items):
            says = "No plan found does better on one count without doing worse on another."
            yield Remark("right", tuple(sorted(judged.items)), says, OWN)
        return
    name = plan_name(case, better)
    here = as_chosen(better, judged.items)
    without = [short(case, id) for id in sorted(judged.items - here)]
    added = [short(case, id) for id in sorted(here - judged.items)]
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


# ---- contested -------------------------------------------------------------------------------------------------


def _contested(case: Case, plan: Mapping[str, str], harms: Collection[str]) -> Iterator[Remark]:
    """The points on which sources differ and that the plan touches; none where what it touches is not safe."""
    for disagreement in case.findings.disagreements:
        touched = [id for id in disagreement.treatments if id in plan]
        if touched and not any(id in harms for id in disagreement.treatments):
            says = f"{disagreement.title} (in your plan: {', '.join(short(case, id) for id in touched)})."
            ids = (disagreement.id, *disagreement.treatments)
            yield Remark("contested", ids, says, disagreement.positions)
