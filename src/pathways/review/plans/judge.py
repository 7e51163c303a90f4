"""`Judge`: any set of items that someone put together, measured with the rules and on the axes of the plans found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from ...content import Content
from ...content import models as m
from ...facts import Facts
from ..directives import Directives
from ..findings import Findings
from ..meetings import Meeting
from ..options import STAYS, Option
from .cautions import cautions_of
from .deciding import open_decisions
from .parts import Frontier, Item, Plan, only_timed_anew
from .problem import Problem
from .search import gap
from .standing import fixed_items, ways_among

IN_PLAN = ("Offer", "Consider", "Check first", "After this", *STAYS, "Change")
"""The verbs that put an item into a plan; what is in use stands in it whatever is said."""


@dataclass(frozen=True)
class Judged:
    """A set of items as a plan would be told: what it leaves open (``gaps`` by need), its axes and its decisions.

    ``items`` holds what was chosen and what is in use. ``pairs`` are two of them that are not taken together, ``closed``
    chosen items that are contraindicated here, ``kept`` items in use that were to be kept and need urgent review.
    """

    items: frozenset[str]
    gaps: Mapping[str, int]
    axes: tuple[int, int, int, int]
    decisions: Mapping[str, tuple[str, ...]]
    pairs: tuple[tuple[str, str, m.Interaction], ...]
    closed: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Whether nothing in it is closed, and no two of its items exclude each other."""
        return not (self.pairs or self.closed or self.kept)


class Judge:
    """Measures sets of items for one person. Made once, it may judge many."""

    def __init__(
        self,
        options: Iterable[Option],
        findings: Findings,
        facts: Facts,
        content: Content,
        demands: Directives | None = None,
    ) -> None:
        self.problem = Problem(tuple(options), findings, facts, content, demands)

    @cached_property
    def always_there(self) -> Mapping[str, Item]:
        """What stands in every plan, by id."""
        return {item.id: item for item in fixed_items(self.problem)}

    @cached_property
    def to_decide(self) -> tuple[m.Decision, ...]:
        """The decisions that are open."""
        return tuple(open_decisions(self.problem, tuple(self.always_there.values())))

    def judge(self, chosen: Mapping[str, str]) -> Judged:
        """Measure option ids with their verbs. Raises KeyError for an id that the content does not have."""
        problem, fixed = self.problem, self.always_there
        in_use = {id for id, item in fixed.items() if item.option.in_place == "yes"}
        named = [problem.options[id] for id, verb in chosen.items() if verb in IN_PLAN]
        base = list({o.id: o for o in (*(problem.options[id] for id in in_use), *named)}.values())
        base.sort(key=lambda o: o.id)
        leaving = {id for id in in_use if self._leaves(problem.options[id], chosen.get(id))}
        ways = {o.id for o in ways_among(problem, base)} - in_use  # no plan is weighed by how what it starts is done
        weighed = [o for o in base if o.id not in ways]
        ends = frozenset(c for o in weighed for c in o.record.ends)
        full, weak = problem.met, 0
        for option in weighed:
            counts = option.eligible or option.id in fixed or option.id in in_use
            f, w = problem.does(option, stays=option.id not in leaving) if counts else (0, 0)
            full, weak = full | f, weak | w
        gaps = {bits.id: gap(bits, full, weak) for bits in problem.need_bits}
        required = {bits.id for bits in problem.need_bits if bits.required}
        told = [one for option in weighed for one in cautions_of(option, ends)]
        stops = []
        for a, b in combinations(base, 2):
            for record in problem.pair(a, b):
                if record.severity == "major" and not ways & {a.id, b.id}:
                    told.append(problem.caution(a.id, b.id, record))
                elif record.severity == "stop" and not (leaving & {a.id, b.id} or self._gives_way(a, b, record)):
                    stops.append((a.id, b.id, record))
        return Judged(
            frozenset(o.id for o in base),
            gaps,
            (
                sum(n for id, n in gaps.items() if id in required),
                sum(n for id, n in gaps.items() if id not in required),
                len(set(told)),
                sum(o.record.burden.score for o in weighed if o.id not in fixed),
            ),
            self._decided(named),
            tuple(stops),
            tuple(o.id for o in named if o.safety == "contraindicated" and o.id not in in_use),
            tuple(
                o.id
                for o in named
                if o.safety == "contraindicated" and o.id in in_use - leaving and not only_timed_anew(o)
            ),
        )

    def _decided(self, named: list[Option]) -> dict[str, tuple[str, ...]]:
        """What was chosen in each open decision; staying with what is in use is no new choice."""
        new = [o.id for o in named if o.record.place.changes or o.in_place != "yes"]
        found = {d.id: tuple(a for a in d.alternatives if a in new) for d in self.to_decide}
        return {id: chosen for id, chosen in found.items() if chosen}

    @staticmethod
    def _gives_way(a: Option, b: Option, record: m.Interaction) -> bool:
        """Whether one of the two is how something in use is wound down that gives way to the other."""
        return any(
            one.record.winds_down and any(x.record.id == record.id and x.yields for x in other.meets)
            for one, other in ((a, b), (b, a))
        )

    @staticmethod
    def _leaves(option: Option, verb: str | None) -> bool:
        """Whether something in use is on its way out: the team says so, or the review does and nobody objects."""
        said = verb if verb in (*STAYS, "Change") else option.verb
        return not Item(option, said or "Keep").stays


def stopped_by(option: Option) -> tuple[Meeting, ...]:
    """What in use an option is not taken together with, as far as that does not give way to it."""
    return tuple(x for x in option.meets if x.closes and not x.yields)


def on_frontier(frontier: Frontier, items: frozenset[str]) -> Plan | None:
    """The plan that holds just these items, with interchangeable ones taken as the same; None when there is none."""
    for plan in frontier.plans:
        if as_chosen(plan, items) == items and len(items) == len(plan.items):
            return plan
    return None


def dominating(frontier: Frontier, judged: Judged) -> Plan | None:
    """A plan that is at least as good on all four axes and better on one; None for a plan that is itself found.

    Decisions belong to the person: a plan is only held against plans that decide alike (or, where none does, that
    decide alike as far as this one decides).
    """
    if on_frontier(frontier, judged.items):
        return None
    mine = judged.axes
    better = [
        p
        for p in deciding_alike(frontier, judged)
        if p.axes != mine and all(a <= b for a, b in zip(p.axes, mine, strict=True))
    ]
    return min(better, key=lambda p: (distance(p, judged.items), p.axes, sorted(p.ids)), default=None)


def deciding_alike(frontier: Frontier, judged: Judged) -> list[Plan]:
    """The plans with the same decisions; where there is none, those that decide alike as far as this one decides."""
    decided = dict(judged.decisions)
    ways = [(p, {id: (chosen,) for id, chosen in p.decisions.items()}) for p in frontier.plans]
    return [p for p, way in ways if way == decided] or [p for p, way in ways if decided.items() <= way.items()]


def nearest(frontier: Frontier, items: frozenset[str]) -> Plan | None:
    """The plan that differs from these items by the fewest."""
    return min(frontier.plans, key=lambda p: (distance(p, items), p.axes, sorted(p.ids)), default=None)


def distance(plan: Plan, items: frozenset[str]) -> int:
    """How many items are only in one of the two; interchangeable ones are the same."""
    return len(items.symmetric_difference(as_chosen(plan, items)))


def as_chosen(plan: Plan, items: frozenset[str]) -> frozenset[str]:
    """The ids of a plan, each interchangeable item as the one of them that was chosen."""
    return frozenset(next((id for id in (i.id, *i.instead) if id in items), i.id) for i in plan.items)
