"""`hold`: the plans of a case within what a meeting asks of them, and what of that cannot be followed, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..language.words import counted, soft
from .case import Case
from .explain import why_not
from .plans import Frontier, Unmet, Within, combine, present


@dataclass(frozen=True)
class Hold:
    """A case whose plans are held to ``within``, the part of what was asked that can be followed; ``unmet`` is the rest."""

    case: Case
    within: Within
    unmet: tuple[Unmet, ...]

    def __repr__(self) -> str:
        return f"Hold({self.within!r}, {counted(len(self.unmet), 'wish', 'wishes')} not followed)"


def hold(case: Case, asked: Within) -> Hold:
    """Search the plans of a case again within what a meeting asks. Nothing but the plans changes: what is in use, called
    for or closed stays so, and no required need is left with less than it can have. What would do any of that is not
    followed, and told.

    Raises UnknownIdError for what is no treatment.

    >>> from pathways import Profile
    >>> from pathways.review.case import review
    >>> case = review(Profile.from_dict({"answers": {"age_years": 58, "oud_status": "active"}}))
    >>> hold(case, Within(locked=frozenset({"methadone_otp"}))).case.frontier.plans[0].decisions["moud_choice"]
    'methadone_otp'
    """
    for id in sorted(asked.locked | asked.out):
        case.option(id)
    if not asked:
        return Hold(case, asked, ())
    within, unmet = Within(), []
    frontier = case.frontier
    for step, kind, id in _steps(asked):
        tried = Within(within.locked | step.locked, within.out | step.out, asked.most if kind == "burden" else None)
        found = _search(case, tried)
        why = _why_not(case, kind, id, frontier, found)
        if why:
            unmet.append(Unmet(kind, id, why))
        else:
            within, frontier = tried, found
    shown = present(frontier, case.facts, content=case.content, lens=case.lens)
    return Hold(replace(case, frontier=frontier, shown=shown), within, tuple(unmet))


def _steps(asked: Within) -> Iterator[tuple[Within, str, str]]:
    """What is asked, one by one: first what is ruled out, then what is locked in, then the burden."""
    for id in sorted(asked.out):
        yield Within(out=frozenset({id})), "out", id
    for id in sorted(asked.locked - asked.out):
        yield Within(locked=frozenset({id})), "in", id
    if asked.most is not None:
        yield Within(most=asked.most), "burden", ""


def _search(case: Case, within: Within) -> Frontier:
    return combine(case.options, case.findings, case.facts, case.demands, content=case.content, within=within)


def _why_not(case: Case, kind: str, id: str, before: Frontier, found: Frontier) -> str:
    """Why one more wish is not followed; empty where it is."""
    fixed = {item.id for item in found.fixed}
    if kind == "out" and id in fixed:
        option = case.option(id)
        return "it is in use: say there that it stops" if option.in_place == "yes" else "it is called for in every plan"
    if kind == "in" and id not in fixed:
        option = case.option(id)
        if not option.eligible or option.verb == "After this":
            return soft(next(iter(why_not(case, id)), "it cannot start now")).rstrip(".")
    if not found.plans and before.plans:
        if kind == "burden":
            return f"the lightest plan here has burden {min(plan.burden for plan in before.plans)}"
        return "no plan can hold it with the rest" if kind == "in" else "no plan is left without it"
    if kind == "in" and not all(id in plan.ids for plan in found.plans):
        return "no plan can hold it with the rest"
    if kind == "out" and any(id in plan.ids for plan in found.plans):
        return "it comes with what is started"
    if any((id in plan.ids) == (kind == "in") for plan in before.plans) and kind != "burden":
        return ""  # some plan was so before: a choice that the room has, whatever it leaves open
    lost = [
        need.record.title
        for need in found.needs
        if need.record.required and _least(found, need.record.id) > _least(before, need.record.id)
    ]
    return f"it would leave less for what every plan must answer: {'; '.join(map(soft, lost))}" if lost else ""


STEPS = ("in_place", "addressed", "partly", "open")


def _least(frontier: Frontier, need: str) -> int:
    """How far from answered a need is in the plan that answers it best."""
    states = [plan.needs[need] for plan in frontier.plans]
    return min((STEPS.index(state) if state in STEPS else 0 for state in states), default=0)
