"""What every plan holds: what is in use and stays, what a record calls for, and what may not be left out beside it."""

from __future__ import annotations

from collections.abc import Iterable

from ...content import models as m
from ...content.models import PHASES
from ..directives import Directive
from ..options import STAYS, Option, waits
from .parts import Item, NotDone, Plan
from .problem import Problem


def fixed_items(problem: Problem) -> tuple[Item, ...]:
    """What every plan holds: what is in use and stays (or needs urgent review), safety, the rated level of care,
    and what its own record says no plan may lack."""
    fixed = []
    called = _called(problem)
    for option in problem.options.values():
        if option.in_place == "yes" and not (option.record.place.changes and option.record.decision):
            fixed.append(Item(option, option.verb or "Keep"))
        elif option.id in called and (option.may_be_called or _emergency_calls(called[option.id], option)):
            fixed.append(Item(option, verb_called(problem, option), called=called[option.id]))
        elif option.eligible and _always(problem, option) and not _open_still(problem, option):
            fixed.append(Item(option, option.verb or "Offer", called=one_called(problem, option.id)))
    return tuple(fixed)


def verb_called(problem: Problem, option: Option) -> str:
    """What to do with something called for. Where its fit is open, the call is reason enough to offer it; an open
    check still comes first, and so does an emergency that does not call for it."""
    if option.verb not in (None, "Ask"):
        return option.verb
    if waits(option.record, problem.demands, problem.content):
        return "After this"
    return "Check first" if option.check_first or option.avoided else "Offer"


def _called(problem: Problem) -> dict[str, Directive]:
    """The treatments that stand in every plan because a record calls for them, each with what calls first. Of
    several that would do, none is added where one is in use or may be chosen in a decision; else the first that fits best."""
    called: dict[str, Directive] = {}
    for directive in sorted(problem.demands.of("calls_for"), key=lambda d: (d.any_of, PHASES.index(d.by))):
        if not directive.any_of:
            for id in directive.targets:
                called.setdefault(id, directive)
            continue
        targets = [problem.options[id] for id in directive.targets if id in problem.options]
        if any(o.in_place == "yes" or o.id in called or (o.eligible and o.record.decision) for o in targets):
            continue
        # What the record names first, of those that fit alike: its order is the order of choice.
        if able := [o for o in targets if o.may_be_called]:
            called.setdefault(min(able, key=lambda o: o.fit != "indicated").id, directive)
    return {id: d for id, d in called.items() if id in problem.options}


def one_called(problem: Problem, id: str) -> Directive | None:
    """What calls for this or another of its kind, the earliest first."""
    calls = (d for d in problem.demands.of("calls_for") if d.any_of and id in d.targets)
    return min(calls, key=lambda d: PHASES.index(d.by), default=None)


def not_done(problem: Problem, plans: list[Plan], fixed: tuple[Item, ...]) -> tuple[NotDone, ...]:
    """What is called for and stands in no plan, with the first reason why."""
    in_use = {i.id for i in fixed}
    held = {i.id for i in fixed if i.verb == "After this"}
    everywhere = in_use | (frozenset.intersection(*(p.ids for p in plans)) if plans else frozenset())
    everywhere -= held
    anywhere = in_use.union(*(p.ids for p in plans))
    lacking: dict[str, NotDone] = {}
    first = problem.demands.held_by
    for directive in problem.demands.of("calls_for"):
        targets = set(directive.targets)
        if directive.any_of and targets & (anywhere - held):
            continue
        # Where one of several would stand but for an emergency, the line is about that one.
        about = targets & held if directive.any_of and targets & held else targets
        for id in (t for t in directive.targets if t in about):
            option = problem.options.get(id)
            if option is not None and id not in everywhere and option.in_place != "yes":
                why = f"an emergency comes first: {first.label}" if id in held and first else why_not_called(option)
                lacking.setdefault(id, NotDone(id, directive, why))
    if first is not None:
        why = f"an emergency comes first: {first.label}"
        waiting = (id for id in sorted(everywhere | held) if problem.options[id].verb == "After this")
        for id in waiting:
            lacking.setdefault(id, NotDone(id, first, why))
    return tuple(lacking.values())


def _open_still(problem: Problem, option: Option) -> bool:
    """Whether it is one way of a decision that is open: what it acts on has to change, or another way is indicated."""
    if option.record.decision is None:
        return False
    others = (problem.options[id] for id in problem.content.decisions[option.record.decision].alternatives)
    return option.verb not in STAYS or any(o.fit == "indicated" and o.eligible for o in others if o is not option)


def _always(problem: Problem, option: Option) -> bool:
    if option.record.place.always and option.fit == "indicated":
        return True
    when = option.record.in_every_plan_when
    return when is not None and problem.content.test(when)(problem.facts.values) is True


def ways(problem: Problem, items: list[Item]) -> list[Item]:
    """How what is started is done for this person, where a record says so and it fits; no plan is weighed by it."""
    true = ways_among(problem, (item.option for item in items))
    return [Item(o, verb_called(problem, o)) for o in true if o.id not in {item.id for item in items}]


def ways_among(problem: Problem, options: Iterable[Option]) -> list[Option]:
    """The ways in which what is started among these is done for this person."""
    here = {o.id for o in options if o.in_place != "yes"}
    ways = [o for o in problem.options.values() if o.record.way_of in here and o.record.way_when and o.eligible]
    return [o for o in ways if problem.content.test(o.record.way_when or "")(problem.facts.values)]


def with_required(problem: Problem, items: list[Item]) -> list[Item]:
    """Add the treatments that what is started may not come without (naloxone), when they are eligible."""
    here = {item.id for item in items}
    for item in list(items):
        for record, id in item.option.needs_beside if item.option.in_place != "yes" else ():
            option = problem.options.get(id)
            if option and id not in here and option.may_be_called:
                # Where its fit is open, what asks for it is the reason that it stands here.
                open_ = option.fit == "needs_information"
                items.append(
                    Item(option, verb_called(problem, option), called=_asked_by(record, option) if open_ else None)
                )
                here.add(id)
    return items


def _asked_by(record: m.MedicineCaution | m.Interaction, option: Option) -> Directive:
    """The demand of a caution or a pair for a treatment beside it."""
    if isinstance(record, m.Interaction):
        table, label = "interaction", record.title
    else:
        table, label = "medicine_caution", record.label
    return Directive(table, record.id, label, record.source, "calls_for", (option.id,), by=option.record.phase)


def second_of_kind(option: Option, fixed: tuple[Item, ...]) -> bool:
    """Whether a medicine of its kind is in use and stays: one gabapentinoid is not added to the other."""
    group = option.record.group
    return group is not None and any(i.option.record.group == group and i.stays for i in fixed)


def _emergency_calls(directive: Directive, option: Option) -> bool:
    """Whether an emergency calls for what is not indicated otherwise: the emergency itself is the indication."""
    return directive.table == "emergency" and option.safety != "contraindicated" and option.in_place != "yes"


def why_not_called(option: Option) -> str:
    """The first reason why something that is called for does not stand in every plan."""
    if option.closed_by:
        return option.closed_by[0].label
    if stops := [x for x in option.meets if x.closes and not x.yields]:
        return f"{stops[0].record.title} ({stops[0].other})"
    if option.fit == "needs_information":
        return "not known yet whether it fits"
    if option.record.decision:
        return "one of the ways of a decision"
    return "no indication for it here" if option.fit == "not_indicated" else "another item takes its place"
