"""The ways to decide: one alternative of each decision that is open, as far as they go together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from ...content import models as m
from ...facts.membership import classes_in
from ..brought import is_agonist
from ..medicines import NEXT_DOSE_HELD
from ..options import Option
from .parts import Item
from .problem import Problem


def open_decisions(problem: Problem, fixed: tuple[Item, ...]) -> list[m.Decision]:
    """The decisions that this person has to take now: raised, not answered by something in use that stays, and not put off
    because the next dose of what they are about is held: what comes of it is decided when the person was seen."""
    kept = {item.id for item in fixed if item.stays}
    return [
        d
        for d in problem.content.decisions.values()
        if problem.content.test(d.raised_when)(problem.facts.values)
        and not kept & set(d.alternatives)
        and not _held(problem, d)
    ]


def _held(problem: Problem, decision: m.Decision) -> bool:
    """Whether the next dose of all that a decision acts on in use is held."""
    ways = (problem.options[id] for id in decision.alternatives)
    weighed = [w for option in ways if option.record.keeps for w in option.weighed]
    return bool(weighed) and all(w.how in NEXT_DOSE_HELD for w in weighed)


def declined(problem: Problem, decision: m.Decision, fixed: tuple[Item, ...]) -> bool:
    """Whether the person wants no way of a decision for now: said of the whole, or of each way that is open."""
    if not decision.declined:
        return False
    if decision.declined_when and problem.content.test(decision.declined_when)(problem.facts.values) is True:
        return True
    able = _able(problem, decision, fixed)
    return bool(able) and all(option.refused for option in able)


def _able(problem: Problem, decision: m.Decision, fixed: tuple[Item, ...]) -> list[Option]:
    """The alternatives of a decision that are open to the person beside what every plan holds."""
    return [
        option
        for option in (problem.options[id] for id in decision.alternatives)
        if option.eligible
        and option.id not in problem.within.out
        and (adds(problem, option) if option.record.place.changes else option.in_place != "yes")
        and not any(shut_by(problem, option, item) for item in fixed)
    ]


def combinations(problem: Problem, decisions: list[m.Decision], fixed: tuple[Item, ...]) -> Iterable[dict[str, Option]]:
    """One alternative of each open decision, leaving out what clashes. A decision may stay open only if it must."""
    menus: list[list[tuple[m.Decision, Option | None]]] = []
    for decision in decisions:
        menus.append([*((decision, o) for o in _able(problem, decision, fixed)), (decision, None)])
    every = [
        {d.id: o for d, o in choice if o is not None}
        for choice in product(*menus)
        if not clash(problem, [o for _, o in choice if o is not None])
    ]
    # Leaving a decision out stands only where another choice already answers it, or nothing can.
    # What is in use but needs urgent review may also be reviewed and kept, and what is offered may be declined: that is an
    # answer too.
    own = {d.id for d in decisions if any(problem.options[a].verb == "Change" for a in d.reviewed_in_place)}
    own |= {d.id for d in decisions if declined(problem, d, fixed)}
    return [c for c in every if not any(_extends(other, c, own) for other in every)]


def _extends(other: dict[str, Option], chosen: dict[str, Option], own: set[str]) -> bool:
    more = set(other) - set(chosen) - own
    return bool(more) and all(other.get(k) is v for k, v in chosen.items())


def clash(problem: Problem, chosen: list[Option]) -> bool:
    """Whether two of the alternatives share a medicine, end what the other acts on, or are not taken together."""
    for n, a in enumerate(chosen):
        for b in chosen[n + 1 :]:
            if set(a.record.medicines) & set(b.record.medicines):
                return True
            if _takes_away(problem, a, b) or _takes_away(problem, b, a):
                return True
            if problem.stop(a, b):
                return True
    return False


def shut_by(problem: Problem, option: Option, item: Item) -> bool:
    """Whether an alternative brings what is in use and stays, or what is not taken together with it. What opposes
    another in use, and has to be verified, counts until it is: no third one starts meanwhile, unless it is called for
    and the one in use would not do as well."""
    opposed = item.verb == "Verify" and any(
        d.table == "interaction" for w in item.option.weighed for d in w.grounds if d.makes == "verify"
    )
    calls = (d for d in problem.demands.of("calls_for") if option.id in d.targets)
    called = any(not is_agonist(item.option.record, problem.content) or item.id not in d.targets for d in calls)
    if not item.stays and (called or not opposed):
        return False
    kept = item.option
    if set(option.record.medicines) & set(kept.record.medicines) or problem.stop(option, kept):
        return True
    return not option.own and any(x.severity == "stop" and set(kept.own) & set(x.met) for x in option.meets)


def _takes_away(problem: Problem, a: Option, b: Option) -> bool:
    """Whether one item ends what the other acts on: a full agonist cannot be replaced and continued at once."""
    if not (a.record.ends and b.record.keeps):
        return False
    judged = (classes_in(problem.content, e) for e in problem.facts.profile.medicines if e.state == "current")
    return any(
        any(classes[end] is not False for end in a.record.ends)
        and any(classes[keep] is not False for keep in b.record.keeps)
        for classes in judged
    )


def adds(problem: Problem, option: Option) -> bool:
    """Whether an option covers anything that is not met already."""
    full, weak = problem.cover(option)
    return bool((full | weak) & ~problem.met)
