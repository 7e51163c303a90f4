"""`combine`: from options to plans: a core that every plan keeps, forks where they differ, and a few whole plans."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations as combinations_of

from ...content import Content, load_content
from ...content import models as m
from ...content.models import PHASES, SEATS
from ...facts import Facts
from ...facts.verdicts import unique
from ..directives import Directives
from ..findings import Findings
from ..options import Option
from .cautions import cautions_of
from .deciding import clash, combinations, declined, open_decisions, shut_by
from .parts import Frontier, Item, Plan
from .problem import Problem, rank
from .search import Found, Line, Pair, gap, search
from .standing import fixed_items, not_done, one_called, second_of_kind, ways, with_required
from .within import Locks, Within, locks_of

Excluded = dict[tuple[str, str], m.Interaction]
"""Two options that no plan holds together, and why."""


def combine(
    options: Iterable[Option],
    findings: Findings,
    facts: Facts,
    demands: Directives | None = None,
    *,
    content: Content | None = None,
    within: Within | None = None,
) -> Frontier:
    """All undominated plans for one person, exact, in a stable order. What ``demands`` call for stands in every plan;
    ``within`` is what a meeting holds the search to (`constrained` says what of it can be followed)."""
    content = content or load_content()
    return _frontier(Problem(tuple(options), findings, facts, content, demands, within or Within()))


def _frontier(problem: Problem) -> Frontier:
    fixed = fixed_items(problem)
    decisions = open_decisions(problem, fixed)
    within, locks = problem.within, locks_of(problem.options, problem.within, fixed)
    taken = {a for d in decisions for a in d.alternatives} | {i.id for i in fixed} | within.locked | within.out
    candidates = [o for o in problem.options.values() if o.id not in taken and _may_be_added(problem, o, fixed)]
    plans: list[Plan] = []
    excluded: Excluded = {}
    considered = 0
    for chosen in combinations(problem, decisions, fixed) if locks else ():
        if not locks or not _go_together(problem, decisions, chosen, locks, fixed):
            continue
        open_ = [o for o in candidates if not locks.second_of_kind(o)]
        found = _search(problem, locks.beside(chosen), fixed, open_, excluded, locks)
        considered += len(found)
        plans += [plan for f in found if (plan := _plan(problem, f, chosen, fixed, locks)).items]
    not_now = [d for d in decisions if declined(problem, d, fixed)]

    def left(plan: Plan) -> set[str]:
        """What a plan lacks because the person declines it."""
        return {a for d in not_now if d.id not in plan.decisions for a in d.alternatives}

    for need in problem.needs:
        # A required need is never left open by one way of deciding when another way answers it; what answers it may be
        # declined.
        if need.record.required and any(p.needs[need.record.id] != "open" for p in plans):
            answers = {
                o.id for o in problem.options.values() if any(a.need == need.record.id for a in o.record.addresses)
            }
            plans = [p for p in plans if p.needs[need.record.id] != "open" or answers & left(p)]
    waiting = {o.id for o in problem.options.values() if o.verb == "After this"}
    for call in problem.demands.of("calls_for"):
        # Every plan holds one of those that are called for, where any can: one that may start now, where any may.
        for able in (set(call.targets), set(call.targets) - waiting) if call.any_of else ():
            if any(p.ids & able for p in plans):
                plans = [p for p in plans if p.ids & able or able & left(p)]
    if within.most is not None:  # burden is an axis: of the plans within it, these are the ones that no other beats
        plans = [plan for plan in plans if plan.burden <= within.most]
    plans.sort(key=lambda p: (p.axes, sorted(p.ids)))
    if problem.demands.held_by:
        # What waits for an emergency is no choice of now: of plans that differ in that only, the first stands.
        now = {frozenset(i.id for i in p.items if i.verb != "After this"): p for p in reversed(plans)}
        plans = [p for p in plans if p in now.values()]
    return Frontier(
        tuple(plans),
        problem.needs,
        tuple((a, b, excluded[a, b]) for a, b in sorted(excluded)),
        fixed,
        considered,
        _single_sided(problem, [p for p in plans if not left(p)] or plans),
        tuple(decisions),
        not_done(problem, plans, fixed),
        frozenset(d.id for d in not_now),
    )


def _go_together(
    problem: Problem, decisions: Iterable[m.Decision], chosen: dict[str, Option], locks: Locks, fixed: tuple[Item, ...]
) -> bool:
    """Whether what is locked in can stand beside what is chosen: one way of a decision that is not another's, and nothing
    that is not taken together."""
    own = {d.id: set(d.alternatives) for d in decisions}
    for option in locks.options:
        if any(option.id in ways and chosen.get(id) is not option for id, ways in own.items()):
            return False
        if any(shut_by(problem, option, item) for item in fixed):
            return False
    return not clash(problem, list(locks.beside(chosen).values()))


def _may_be_added(problem: Problem, option: Option, fixed: tuple[Item, ...]) -> bool:
    """Whether a plan may hold it beside what is fixed; what answers no need is in no plan."""
    if not option.eligible or option.in_place == "yes" or option.record.place.always or option.record.decision:
        return False
    return not second_of_kind(option, fixed) and any(problem.cover(option))


def _search(
    problem: Problem,
    chosen: dict[str, Option],
    fixed: tuple[Item, ...],
    candidates: list[Option],
    excluded: Excluded,
    locks: Locks,
) -> list[Found]:
    """The ways to add candidates to what is chosen and fixed; which two are not taken together is put into ``excluded``."""
    base = [*chosen.values(), *(item.option for item in fixed)]
    ends = frozenset(c for o in base for c in o.record.ends)
    full, weak = problem.met, 0
    for option in base:
        closed = any(i.option is option and not i.stays and i.option.in_place == "yes" for i in fixed)
        f, w = problem.does(option, stays=not closed)
        full, weak = full | f, weak | w
    lines, able = [], []
    for option in candidates:
        clash = next(((o, r) for o in base if (r := problem.stop(option, o))), None)
        if clash:
            excluded.setdefault((option.id, clash[0].id), clash[1])
            continue
        f, w = problem.cover(option)
        majors = sum(any(r.severity == "major" for r in problem.pair(option, o)) for o in base)
        kind = option.record.group or ""
        count = sum(1 for _ in cautions_of(option, ends)) + majors
        # A caution about care or therapy says how to do it; one about a medicine or a procedure may say not to.
        easy = not (count and option.record.place.risky)
        burden = option.record.burden.score
        lines.append(Line(option.id, option.record.seat, f, w, count, burden, kind, easy, option.record.place.medicine))
        able.append(option)
    apart: set[Pair] = set()
    major: dict[Pair, int] = {}
    for a, b in combinations_of((option for option in able if option.classes), 2):  # the others meet nothing
        records = problem.pair(a, b)
        if any(r.severity == "stop" for r in records):
            apart.add(frozenset((a.id, b.id)))
            excluded.setdefault((a.id, b.id), next(r for r in records if r.severity == "stop"))
        elif any(r.severity == "major" for r in records):
            major[frozenset((a.id, b.id))] = 1
    return search(lines, problem.need_bits, locks.seats, full=full, weak=weak, excluded=frozenset(apart), major=major)


def _plan(problem: Problem, found: Found, chosen: dict[str, Option], fixed: tuple[Item, ...], locks: Locks) -> Plan:
    every = locks.beside(chosen).values()
    items = list(fixed) + [Item(o, o.verb or "Consider", called=one_called(problem, o.id)) for o in every]
    for choice in found.choices:
        ranked = sorted(choice.alternatives, key=lambda ids: [rank(problem.options[id]) for id in ids])
        first, others = ranked[0], ranked[1:]
        # With one item in each alternative they fold into a line, which has one verb for all of them.
        verb = problem.options[first[0]].verb if len(first) == 1 else None
        instead = tuple(ids[0] for ids in others if verb and len(ids) == 1 and problem.options[ids[0]].verb == verb)
        items += [Item(problem.options[id], problem.options[id].verb or "Consider", instead) for id in first]
    items = with_required(problem, items)
    base = [item.option for item in items]
    ends = frozenset(c for o in base for c in o.record.ends)
    pairs = tuple(
        (a.id, b.id, record)
        for n, a in enumerate(base)
        for b in base[n + 1 :]
        for record in problem.pair(a, b)
        if record.severity != "stop"  # only with what is on its way out: a caution tells it
    )
    cautions = [told for option in base for told in cautions_of(option, ends)]
    majors = [pair for pair in pairs if pair[2].severity == "major"]
    cautions += [problem.caution(a, b, record) for a, b, record in majors]
    burden = sum(o.record.burden.score for o in base if not any(i.option is o for i in fixed))
    needs = _need_status(problem, found, fixed)
    timing = tuple((o.id, x) for o in base for x in o.meets if x.severity == "timing")
    items += ways(problem, items)
    items.sort(key=lambda item: (PHASES.index(item.phase), list(SEATS).index(item.option.record.seat), item.id))
    return Plan(
        items=tuple(items),
        needs=needs,
        cautions=unique(cautions),
        burden=burden,
        axes=(found.required_gap, found.other_gap, len(set(cautions)), burden),
        decisions={d: o.id for d, o in chosen.items()},
        pairs=pairs,
        timing=timing,
        gives_up=tuple(n.record.id for n in problem.needs if needs[n.record.id] in ("open", "partly")),
    )


def _need_status(problem: Problem, found: Found, fixed: tuple[Item, ...]) -> dict[str, str]:
    status: dict[str, str] = {}
    in_place, begun = problem.met, 0
    for item in fixed:
        if item.stays:
            in_place |= problem.does(item.option, stays=True)[0]
            full, weak = problem.cover(item.option)
            begun |= (full | weak) & problem.short
    raised = {n.record.id: bits for n, bits in zip(problem.needs, problem.need_bits, strict=True)}
    for need in problem.all_needs:
        id = need.record.id
        if not need.raised:
            status[id] = "cannot_tell" if need.raised is None else "not_raised"
            continue
        bits = raised[id]
        mask = bits.mask
        if not mask & ~in_place:
            # Whether a part counts that nobody asked about is not known: the rest alone is not the whole.
            status[id] = "cannot_tell" if need.open_parts or not (mask or need.met) else "in_place"
        elif gap(bits, found.full, found.weak) == 0:
            status[id] = "addressed"
        elif (found.full | found.weak | begun) & mask or need.met:
            status[id] = "partly"
        else:
            status[id] = "open"
    return status


def _single_sided(problem: Problem, plans: list[Plan]) -> tuple[str, ...]:
    """Law 8: pain and OUD both addressed, or one line that says why not."""
    lacking = []
    for side, name in m.SIDES.items():
        raised = [n.raised for n in problem.all_needs if n.record.treats == side]
        if True not in raised:
            lacking.append(f"{name} side: {_not_raised(problem, side, raised)}")
    open_needs = {id for plan in plans for id in plan.gives_up if plan.needs[id] == "open"}
    # What an emergency puts off is not what no option can address.
    for need in problem.needs if problem.demands.held_by is None else ():
        if need.record.id in open_needs:
            every = all(plan.needs[need.record.id] == "open" for plan in plans)
            lacking.append(
                f"{need.record.title}: {'no plan here covers it yet' if every else 'not covered in every plan'}"
            )
    return tuple(lacking)


def _not_raised(problem: Problem, side: m.Side, raised: list[bool | None]) -> str:
    """Why nothing is to be treated on a side: none found, not known, or known and not in need of treatment."""
    oud, remission = (
        problem.facts.values.get(problem.content.known("fact", name))
        for name in ("opioid use disorder", "OUD in remission")
    )
    if side == "oud" and oud is False and remission is not True:
        return "no OUD found" if None not in raised else "no OUD found (remission not asked)"
    if side == "oud" and remission is True:
        return (
            "in remission; nothing to treat"
            if None not in raised
            else "in remission; what may be needed is not known yet"
        )
    return "not known yet" if None in raised else "nothing to treat"
