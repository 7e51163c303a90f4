"""What a meeting sees of a frontier: the core, at most three forks, at most three whole plans, and the first plan of each
role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...content import Content, load_content
from ...content import models as m
from ...facts import Facts
from ...facts.verdicts import unique
from ...language.words import counted, soft
from ...profile import Profile
from ..brought import inherited
from ..ids import known_id
from ..options import STAYS
from ..own_rules import Cautioning, Checked
from .parts import Frontier, Item, Plan


@dataclass(frozen=True)
class Alternative:
    """One way to take a fork: its items (none: leave it out), and what it does on the four axes at best.

    ``names`` are the items in words, each with what is interchangeable with it; ``tail`` is said of all of them.
    ``ways``: how what is started is done for this person; ``note``: what stands before it, in words.
    ``added``: the fork is about nothing but whether they are added."""

    items: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    tail: str
    axes: tuple[int, int, int, int]
    check_first: tuple[Checked, ...]
    cautions: tuple[Cautioning, ...]
    added: bool = False
    ways: tuple[str, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        words = " + ".join(" or ".join(names) for names in self.names)
        words += f", {' and '.join(map(soft, self.ways))}" if self.ways else ""
        return f"Add {words}{self.tail}" if self.added else f"{words}{self.tail}"

    @property
    def line(self) -> str:
        """The title as one line: names after the first word have a small first letter."""
        softened = [tuple(map(soft, names)) for names in self.names]
        if not self.added:
            softened[0] = (self.names[0][0], *softened[0][1:])
        return replace(self, names=tuple(softened)).title


@dataclass(frozen=True)
class Fork:
    """A decision on which the frontier plans differ, and what would decide it; ``say``: what is said to a person who
    declines it for now."""

    id: str
    title: str
    short: str
    alternatives: tuple[Alternative, ...]
    decided_by: tuple[str, ...]
    asks: tuple[str, ...]
    source: tuple[m.Cite, ...]
    confidence: str
    say: str = ""

    def __repr__(self) -> str:
        return f"Fork({self.id!r}, {counted(len(self.alternatives), 'alternative')})"


@dataclass(frozen=True)
class LensView:
    """The first plan by one lens's printed order, and the items that only this lens's first plan holds."""

    lens: m.Lens
    first: Plan | None
    only_here: tuple[str, ...]

    def __repr__(self) -> str:
        return f"LensView({self.lens.id!r}, {self.first!r})"


@dataclass(frozen=True)
class Presented:
    """Core items, forks, whole plans (``more`` says how many others there are), lenses and their agenda."""

    core: tuple[Item, ...]
    forks: tuple[Fork, ...]
    plans: tuple[Plan, ...]
    more: int
    lenses: tuple[LensView, ...]
    consensus: tuple[str, ...]

    def __repr__(self) -> str:
        parts = counted(len(self.core), "core item"), counted(len(self.forks), "fork"), counted(len(self.plans), "plan")
        return f"Presented({', '.join(parts)}, {self.more} more)"


def present(frontier: Frontier, facts: Facts, *, content: Content | None = None, lens: str | None = None) -> Presented:
    """Choose what to show of a frontier. ``lens`` puts that lens's order first among the whole plans.

    Raises UnknownIdError for a lens that the content does not have.
    """
    content = content or load_content()
    if lens is not None:
        known_id("lens", lens, content.lenses)
    views = _views(frontier, facts, content)
    core = _core(frontier.plans)
    shown = _whole_plans(frontier.plans, views, lens)
    consensus = set.intersection(*(set(v.first.ids) for v in views if v.first)) if frontier.plans and views else set()
    return Presented(
        core,
        _forks(frontier, core, content),
        shown,
        len(frontier.plans) - len(shown),
        views,
        tuple(i.id for i in (shown[0].items if shown else ()) if i.id in consensus),
    )


def what_matters(profile: Profile, content: Content) -> dict[str, tuple[str, ...]]:
    """What the person says matters most, in their order, each with the needs that carry it (none for fewer medicines
    or fewer visits, which order by counts)."""
    given = profile.answers.get(content.known("answer", "what matters most"), ())
    chosen = given if isinstance(given, tuple) else (str(given),)
    return {one: tuple(n.id for n in content.needs.values() if one in n.matters) for one in map(str, chosen)}


def order(plan: Plan, lens: m.Lens, matters: Mapping[str, Sequence[str]]) -> tuple[float | str, ...]:
    """A plan's place by a lens, for a person to whom `what_matters`: smaller is first. Ties are broken by the items'
    ids, so the order is always the same."""
    steps = {"addressed": 0, "in_place": 0, "not_raised": 0, "cannot_tell": 0, "partly": 1, "open": 2}
    place: list[float] = []
    for key in lens.order:
        name, _, id = key.partition(":")
        if name == "required":
            place.append(plan.axes[0])
        elif name == "others":
            place.append(plan.axes[1])
        elif name == "cautions":
            place.append(plan.axes[2])
        elif name == "works":
            place.append(0 if any(_works(item) for item in plan.items) else 1)
        elif name == "burden":
            place.append(plan.burden)
        elif name == "need":
            place.append(steps[plan.needs.get(id, "not_raised")])
        elif name == "item":
            place.append(0 if id in plan.ids else 1)
        elif name == "certainty":
            place.append(-sum(_well_supported(item) for item in plan.items))
        elif name == "matters":
            place.append(_matters(plan, matters, steps))
    return (*place, ",".join(sorted(plan.ids)))


def _works(item: Item) -> bool:
    """Whether the item goes on with what is in use and is known to help."""
    record = item.option.record
    return bool(record.keeps) and not record.winds_down and item.option.fit == "indicated"


def _well_supported(item: Item) -> bool:
    return any(effect.certainty in ("high", "moderate") for effect in item.option.record.effects)


def _matters(plan: Plan, matters: Mapping[str, Sequence[str]], steps: Mapping[str, int]) -> float:
    place = 0.0
    for what, needs in matters.items():
        if what == "fewer_visits":
            place += plan.burden / 10
        elif what == "fewer_medicines":
            place += sum(item.option.record.place.medicine and item.verb not in STAYS for item in plan.items)
        else:
            place += sum(steps[plan.needs.get(need, "not_raised")] for need in needs)
    return place


def _views(frontier: Frontier, facts: Facts, content: Content) -> tuple[LensView, ...]:
    matters = what_matters(facts.profile, content)
    firsts: dict[str, Plan | None] = {}
    for lens in content.lenses.values():
        ranked = [(order(plan, lens, matters), plan) for plan in frontier.plans]
        firsts[lens.id] = min(ranked, key=lambda pair: pair[0])[1] if ranked else None
    views = []
    for lens in content.lenses.values():
        first = firsts[lens.id]
        others = {id for k, plan in firsts.items() if k != lens.id and plan for id in plan.ids}
        only = tuple(item.id for item in first.items if item.id not in others) if first else ()
        views.append(LensView(lens, first, only))
    return tuple(views)


def _core(plans: Sequence[Plan]) -> tuple[Item, ...]:
    if not plans:
        return ()
    kept = frozenset.intersection(*(plan.ids for plan in plans))
    core = []
    for item in plans[0].items:
        if item.id in kept:
            # Interchangeable only if it is so in every plan.
            instead = [set(i.instead) for plan in plans for i in plan.items if i.id == item.id]
            same = set.intersection(*instead)
            core.append(replace(item, instead=tuple(x for x in item.instead if x in same)))
    return tuple(core)


def _whole_plans(plans: Sequence[Plan], views: Sequence[LensView], lens: str | None) -> tuple[Plan, ...]:
    """At most three, any two differing by a need's status or by two items; each lens's first plan before others."""
    pool = [v.first for v in sorted(views, key=lambda v: v.lens.id != lens) if v.first] + list(plans)
    shown: list[Plan] = []
    while len(shown) < 3:
        able = [plan for plan in pool if all(_differs(plan, other) for other in shown)]
        # A decision of the person's that no shown plan takes is worth more than one more variant.
        taken = [dict(plan.decisions) for plan in shown]
        fresh = [plan for plan in able if dict(plan.decisions) not in taken]
        if not able:
            break
        shown.append((fresh or able)[0])
    return tuple(shown)


def _differs(a: Plan, b: Plan) -> bool:
    return a.needs != b.needs or len(a.ids ^ b.ids) >= 2


def _forks(frontier: Frontier, core: Sequence[Item], content: Content) -> tuple[Fork, ...]:
    """First the decisions that belong to the person, then the seats where the plans differ most; three at most."""
    plans = frontier.plans
    forks = []
    decided = set()
    for decision in frontier.open_decisions:
        decided |= set(decision.alternatives)
        choices = list(dict.fromkeys(plan.decisions.get(decision.id, "") for plan in plans))
        if len(choices) > 1 or (choices and choices[0]):
            unwanted = {item.id for plan in plans for item in plan.items if item.option.refused}
            order = {choice: n for n, choice in enumerate(decision.alternatives)}
            said = decision.id in frontier.declined  # the person's own answer stands first
            choices.sort(key=lambda choice: ((choice == "") != said, choice in unwanted, order.get(choice, 0)))
            alternatives = [
                _alternative(
                    (id,) if id else (),
                    [p for p in plans if p.decisions.get(decision.id, "") == id],
                    _left_open(decision, frontier),
                    content,
                )
                for id in choices
            ]
            fork = _decision_fork(decision, alternatives)
            if said:
                fork = replace(fork, short=f"{fork.short} (declined for now)", say=decision.declined_say)
            forks.append((0 if len(choices) > 1 else 2, decision.title, fork))
    here = {item.id for item in core}
    by_seat: dict[str, set[tuple[str, ...]]] = {}
    for plan in plans:
        seats: dict[str, list[str]] = {}
        for item in plan.items:
            if _chosen(item, here | decided):
                seats.setdefault(_kind(item), []).append(item.id)
        for seat in {*by_seat, *seats}:
            by_seat.setdefault(seat, set()).add(tuple(sorted(seats.get(seat, ()))))
    for seat, found in by_seat.items():
        for plan in plans:  # a seat that some plan leaves empty
            found.add(_of_seat(plan, seat, here | decided))
        if len(found) > 1:
            none = (("None of these" if len(found) > 2 else "Leave it out",), "")
            alternatives = [
                _alternative(ids, [p for p in plans if _of_seat(p, seat, here | decided) == ids], none, content)
                for ids in sorted(found, key=lambda ids: (not ids, ids))
            ]
            forks.append((1, seat, _seat_fork(seat, alternatives, content)))
    forks.sort(key=lambda f: (f[0], -len(f[2].alternatives), f[1]))
    return tuple(fork for _, _, fork in forks[:3])


def _kind(item: Item) -> str:
    """The choice that an item is an alternative of: that of its seat, or one that several seats share."""
    return item.option.record.place.fork or item.option.record.seat


def _of_seat(plan: Plan, seat: str, without: set[str]) -> tuple[str, ...]:
    return tuple(sorted(i.id for i in plan.items if _kind(i) == seat and _chosen(i, without)))


def _chosen(item: Item, without: set[str]) -> bool:
    """Whether an item is a choice of its own: not what only another one brings along."""
    return item.id not in without and item.option.eligible and item.option.record.way_of is None


def _left_open(decision: m.Decision, frontier: Frontier) -> tuple[tuple[str, ...], str]:
    """Names and tail of what taking none of a decision's alternatives means: what is in use is kept, or another item answers."""
    kept = tuple(item.option.record.short for item in frontier.fixed if item.id in decision.alternatives)
    if kept:
        return kept[:1], ": review urgently and keep"
    if decision.id in frontier.declined:
        return (decision.declined,), ""
    without = [plan for plan in frontier.plans if decision.id not in plan.decisions]
    answering = [item.option.record.short for plan in without for item in plan.items if item.option.record.ends]
    return (unique(answering), " in its place") if answering else (("Open for now",), "")


def _alternative(
    ids: tuple[str, ...], plans: Sequence[Plan], none: tuple[tuple[str, ...], str], content: Content
) -> Alternative:
    """The alternative of these items, as the best of its plans takes it; ``none`` says what it is without any."""
    best = min(plans, key=lambda plan: (plan.axes, sorted(plan.ids)))
    items = [item for item in best.items if item.id in ids]
    ways = tuple(item.option.record.short for item in best.items if item.option.record.way_of in ids)
    return Alternative(
        ids,
        tuple(_names(item, content) for item in items) or none[:1],
        "" if items else none[1],
        best.axes,
        tuple(check for item in items for check in item.option.check_first),
        tuple(caution for item in items for caution in item.option.cautions),
        ways=ways,
        note=_note(items, told=bool(ways)),
    )


def _note(items: Iterable[Item], told: bool) -> str:
    """What stands before an alternative: that the person does not want it, that something is checked first, or what it
    waits for, unless how it is started is ``told``."""
    items = tuple(items)
    if any(item.option.refused for item in items):
        return "the person does not want it"
    if any(i.verb == "Check first" or i.option.check_first for i in items):
        return "check first"
    waits = (
        c.beside for i in items if i.option.in_place != "yes" for c in i.option.cautions if isinstance(c, m.Caution)
    )
    return "" if told else next((words for words in waits if words), "")


def _names(item: Item, content: Content) -> tuple[str, ...]:
    """An item in a few words, and what is interchangeable with it. What keeps a medicine that has to change, or to be
    verified, names that instead."""
    if item.verb in ("Change", "Verify") and item.option.weighed and not item.option.record.winds_down:
        return (f"{item.verb} {', '.join(unique(w.label for w in item.option.weighed))}",)
    return (item.option.record.short, *(content.treatments[id].short for id in item.instead))


def _decision_fork(decision: m.Decision, alternatives: list[Alternative]) -> Fork:
    if len(alternatives) == 1:  # still told as a decision: the person may say no
        alternatives = [replace(a, tail=f"{a.tail}: the only one open here") for a in alternatives]
    return Fork(
        decision.id,
        decision.title,
        decision.short,
        tuple(alternatives),
        decision.decided_by,
        (),
        decision.source,
        decision.confidence,
    )


def _seat_fork(seat: str, alternatives: list[Alternative], content: Content) -> Fork:
    titles = {
        place.fork or name: (place.which or place.title, place.whether or place.title)
        for name, place in m.PLACES.items()
    }
    which, whether = titles[seat]
    lone = sum(bool(a.items) for a in alternatives) == 1
    if lone:
        alternatives = [replace(a, added=bool(a.items)) for a in alternatives]
    checks = unique(check.label for a in alternatives for check in a.check_first)
    decided = [f"check first: {check}" for check in checks[:3]]
    lightest, fullest = min(a.axes[3] for a in alternatives), min(a.axes[:2] for a in alternatives)
    if any(a.axes[3] > lightest for a in alternatives) and any(a.axes[:2] > fullest for a in alternatives):
        decided.append("more addressed against less burden: the person's choice")
    if len({a.axes[2] for a in alternatives}) > 1:
        decided.append("fewer cautions against what each adds")
    decided = decided or ["alike on needs, cautions and burden: the person's choice, and what is at hand"]
    treatments = [content.treatments[id] for a in alternatives for id in a.items]
    named = {check.label for a in alternatives for check in a.check_first}
    open_ones = [c.when for t in treatments for c in t.contraindications if c.label in named]
    open_ones += [c.when for t in treatments for c in inherited(t, content) if c.label in named]
    asks = unique(open_ones)
    own = m.Cite(id="own", at="differences between the plans found for this person", confidence="verified")
    return Fork(
        f"seat.{seat}",
        title := whether if lone else which,
        title,
        tuple(alternatives),
        tuple(decided),
        asks,
        (own,),
        "verified",
    )
