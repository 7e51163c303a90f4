"""`combine`: from options to plans: a core that every plan keeps, forks where they differ, and a few whole plans."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from ...content import Content, load_content
from ...content import models as m
from ...content.models import PHASES, SEATS
from ...facts import Facts
from ...facts.membership import classes_in
from ...facts.verdicts import unique
from ..brought import is_agonist
from ..directives import Directive, Directives
from ..findings import Findings
from ..meetings import meet, meet_in_use
from ..options import STAYS, Option, waits
from .cautions import caution_of, cautions_of
from .parts import Frontier, Item, NotDone, Plan
from .search import Found, Line, NeedBits, Pair, gap, search


def combine(
    options: Iterable[Option],
    findings: Findings,
    facts: Facts,
    demands: Directives | None = None,
    *,
    content: Content | None = None,
) -> Frontier:
    """All undominated plans for one person, exact, in a stable order. What ``demands`` call for stands in every plan."""
    content = content or load_content()
    return _Combiner(tuple(options), findings, facts, content, demands).frontier()


class _Combiner:
    def __init__(
        self,
        options: tuple[Option, ...],
        findings: Findings,
        facts: Facts,
        content: Content,
        demands: Directives | None = None,
    ) -> None:
        self.demands = demands or Directives(())
        self.content = content
        self.facts = facts
        self.options = {o.id: o for o in options}
        self.needs = tuple(n for n in findings.needs if n.raised)
        self.all_needs = findings.needs
        self.bits: dict[tuple[str, str], int] = {}
        for need in self.needs:
            for part in (*need.parts, *need.met):
                self.bits[need.record.id, part.id] = 1 << len(self.bits)
        self.need_bits = [
            NeedBits(n.record.id, tuple(self.bits[n.record.id, p.id] for p in n.parts), n.record.required)
            for n in self.needs
        ]
        self.met = sum(self.bits[n.record.id, p.id] for n in self.needs for p in n.met)
        self._covers: dict[str, tuple[int, int]] = {}
        self._met: dict[frozenset[str], list[m.Interaction]] = {}

    # -- parts of the problem ------------------------------------------------------------------------------

    def frontier(self) -> Frontier:
        fixed = self._fixed()
        decisions = self._decisions(fixed)
        taken = {a for d in self.content.decisions.values() for a in d.alternatives if d in decisions}
        candidates = [
            o
            for o in self.options.values()
            if o.id not in taken | {i.id for i in fixed} and self._may_be_added(o, fixed)
        ]
        plans: list[Plan] = []
        self.excluded: dict[tuple[str, str], m.Interaction] = {}
        considered = 0
        for chosen in self._combinations(decisions, fixed):
            found = self._search(chosen, fixed, candidates)
            considered += len(found)
            plans += [plan for f in found if (plan := self._plan(f, chosen, fixed)).items]
        excluded = tuple((a, b, record) for (a, b), record in sorted(self.excluded.items(), key=lambda kv: kv[0]))
        for need in self.needs:
            # A required need is never left open by one way of deciding when another way answers it.
            if need.record.required and any(p.needs[need.record.id] != "open" for p in plans):
                plans = [p for p in plans if p.needs[need.record.id] != "open"]
        waiting = {o.id for o in self.options.values() if o.verb == "After this"}
        for call in self.demands.of("calls_for"):
            # Every plan holds one of those that are called for, where any can: one that may start now, where any may.
            for able in (set(call.targets), set(call.targets) - waiting) if call.any_of else ():
                if any(p.ids & able for p in plans):
                    plans = [p for p in plans if p.ids & able]
        plans.sort(key=lambda p: (p.axes, sorted(p.ids)))
        if self.demands.held_by:
            # What waits for an emergency is no choice of now: of plans that differ in that only, the first stands.
            now = {frozenset(i.id for i in p.items if i.verb != "After this"): p for p in reversed(plans)}
            plans = [p for p in plans if p in now.values()]
        return Frontier(
            tuple(plans),
            self.needs,
            excluded,
            fixed,
            considered,
            self._single_sided(plans),
            tuple(decisions),
            self._not_done(plans, fixed),
        )

    def _undecided(self, option: Option) -> bool:
        """An alternative of a decision that is not open now (its medicine is in place, say) is no free candidate."""
        return option.record.decision is not None

    def _second_of_kind(self, option: Option, fixed: tuple[Item, ...]) -> bool:
        """Whether a medicine of its kind is in use and stays: one gabapentinoid is not added to the other."""
        group = option.record.group
        return group is not None and any(i.option.record.group == group and i.stays for i in fixed)

    def _fixed(self) -> tuple[Item, ...]:
        """What every plan holds: what is in use and stays (or needs urgent review), safety, the rated level of care,
        and what its own record says no plan may lack."""
        fixed = []
        called = self._called()
        for option in self.options.values():
            if option.in_place == "yes" and not (option.record.place.changes and option.record.decision):
                fixed.append(Item(option, option.verb or "Keep"))
            elif option.id in called and (option.may_be_called or _emergency_calls(called[option.id], option)):
                fixed.append(Item(option, self._called_verb(option), called=called[option.id]))
            elif option.eligible and self._always(option) and not self._open_still(option):
                fixed.append(Item(option, option.verb or "Offer", called=self._one_of(option.id)))
        return tuple(fixed)

    def _called_verb(self, option: Option) -> str:
        """What to do with something called for. Where its fit is open, the call is reason enough to offer it; an open
        check still comes first, and so does an emergency that does not call for it."""
        if option.verb not in (None, "Ask"):
            return option.verb
        if self.demands.held_by and waits(option.record, self.demands, self.content):
            return "After this"
        return "Check first" if option.check_first or option.avoided else "Offer"

    def _called(self) -> dict[str, Directive]:
        """The treatments that stand in every plan because a record calls for them, each with what calls first. Of
        several that would do, none is added where one is in use or may be chosen in a decision; else the best."""
        called: dict[str, Directive] = {}
        for directive in sorted(self.demands.of("calls_for"), key=lambda d: (d.any_of, PHASES.index(d.by))):
            if not directive.any_of:
                for id in directive.targets:
                    called.setdefault(id, directive)
                continue
            targets = [self.options[id] for id in directive.targets if id in self.options]
            if any(o.in_place == "yes" or o.id in called or (o.eligible and o.record.decision) for o in targets):
                continue
            if able := [o for o in targets if o.may_be_called]:
                called.setdefault(min(able, key=_rank).id, directive)
        return {id: d for id, d in called.items() if id in self.options}

    def _one_of(self, id: str) -> Directive | None:
        """What calls for this or another of its kind, the earliest first."""
        calls = (d for d in self.demands.of("calls_for") if d.any_of and id in d.targets)
        return min(calls, key=lambda d: PHASES.index(d.by), default=None)

    def _not_done(self, plans: list[Plan], fixed: tuple[Item, ...]) -> tuple[NotDone, ...]:
        """What is called for and stands in no plan, with the first reason why."""
        in_use = {i.id for i in fixed}
        held = {i.id for i in fixed if i.verb == "After this"}
        everywhere = in_use | (frozenset.intersection(*(p.ids for p in plans)) if plans else frozenset())
        everywhere -= held
        anywhere = in_use.union(*(p.ids for p in plans))
        lacking: dict[str, NotDone] = {}
        first = self.demands.held_by
        for directive in self.demands.of("calls_for"):
            targets = set(directive.targets)
            if directive.any_of and targets & (anywhere - held):
                continue
            # Where one of several would stand but for an emergency, the line is about that one.
            about = targets & held if directive.any_of and targets & held else targets
            for id in (t for t in directive.targets if t in about):
                option = self.options.get(id)
                if option is not None and id not in everywhere and option.in_place != "yes":
                    why = f"an emergency comes first: {first.label}" if id in held and first else why_not_called(option)
                    lacking.setdefault(id, NotDone(id, directive, why))
        if first is not None:
            why = f"an emergency comes first: {first.label}"
            waiting = (id for id in sorted(everywhere | held) if self.options[id].verb == "After this")
            for id in waiting:
                lacking.setdefault(id, NotDone(id, first, why))
        return tuple(lacking.values())

    def _open_still(self, option: Option) -> bool:
        """Whether it is one way of a decision that is open: what it acts on has to change, or another way is indicated."""
        if option.record.decision is None:
            return False
        others = (self.options[id] for id in self.content.decisions[option.record.decision].alternatives)
        return option.verb not in STAYS or any(o.fit == "indicated" and o.eligible for o in others if o is not option)

    def _always(self, option: Option) -> bool:
        if option.record.place.always and option.fit == "indicated":
            return True
        when = option.record.in_every_plan_when
        return when is not None and self.content.test(when)(self.facts.values) is True

    def _decisions(self, fixed: tuple[Item, ...]) -> list[m.Decision]:
        kept = {item.id for item in fixed if item.stays}
        return [
            d
            for d in self.content.decisions.values()
            if self.content.test(d.raised_when)(self.facts.values) and not kept & set(d.alternatives)
        ]

    def _combinations(self, decisions: list[m.Decision], fixed: tuple[Item, ...]) -> Iterable[dict[str, Option]]:
        """One alternative of each open decision, leaving out what clashes. A decision may stay open only if it must."""
        menus: list[list[tuple[m.Decision, Option | None]]] = []
        for decision in decisions:
            able = [
                self.options[id]
                for id in decision.alternatives
                if self.options[id].eligible
                and (self.options[id].record.place.changes or self.options[id].in_place != "yes")
                and (not self.options[id].record.place.changes or self._relevant(self.options[id]))
                and not any(self._against(self.options[id], item) for item in fixed)
            ]
            menus.append([(decision, o) for o in able] + [(decision, None)])
        every = [
            {d.id: o for d, o in choice if o is not None}
            for choice in product(*menus)
            if not self._clash([o for _, o in choice if o is not None])
        ]
        # Leaving a decision out stands only where another choice already answers it, or nothing can.
        return [c for c in every if not any(self._extends(other, c, decisions) for other in every)]

    def _extends(self, other: dict[str, Option], chosen: dict[str, Option], decisions: list[m.Decision]) -> bool:
        # What is in use but needs urgent review may also be reviewed and kept: that is an answer too.
        own = {d.id for d in decisions if any(self.options[a].verb == "Change" for a in d.reviewed_in_place)}
        more = set(other) - set(chosen) - own
        return bool(more) and all(other.get(k) is v for k, v in chosen.items())

    def _relevant(self, option: Option) -> bool:
        full, weak = self._cover(option)
        return bool((full | weak) & ~self.met)

    def _clash(self, chosen: list[Option]) -> bool:
        for n, a in enumerate(chosen):
            for b in chosen[n + 1 :]:
                if set(a.record.medicines) & set(b.record.medicines):
                    return True
                if self._takes_away(a, b) or self._takes_away(b, a):
                    return True
                if self._stop(a, b):
                    return True
        return False

    def _against(self, option: Option, item: Item) -> bool:
        """Whether an alternative brings what is in use and stays, or what is not taken together with it. What opposes
        another in use, and has to be verified, counts until it is: no third one starts meanwhile, unless it is called for
        and the one in use would not do as well."""
        opposed = item.verb == "Verify" and any(
            d.table == "interaction" for w in item.option.weighed for d in w.grounds if d.makes == "verify"
        )
        calls = (d for d in self.demands.of("calls_for") if option.id in d.targets)
        called = any(not is_agonist(item.option.record, self.content) or item.id not in d.targets for d in calls)
        if not item.stays and (called or not opposed):
            return False
        kept = item.option
        if set(option.record.medicines) & set(kept.record.medicines) or self._stop(option, kept):
            return True
        return not option.own and any(x.severity == "stop" and set(kept.own) & set(x.met) for x in option.meets)

    def _takes_away(self, a: Option, b: Option) -> bool:
        """Whether one item ends what the other acts on: a full agonist cannot be replaced and continued at once."""
        if not (a.record.ends and b.record.keeps):
            return False
        judged = (classes_in(self.content, e) for e in self.facts.profile.medicines if e.state == "current")
        return any(
            any(classes[end] is not False for end in a.record.ends)
            and any(classes[keep] is not False for keep in b.record.keeps)
            for classes in judged
        )

    def _may_be_added(self, option: Option, fixed: tuple[Item, ...]) -> bool:
        """Whether a plan may hold it beside what is fixed; what answers no need is in no plan."""
        if not option.eligible or option.in_place == "yes" or option.record.place.always or self._undecided(option):
            return False
        return not self._second_of_kind(option, fixed) and any(self._cover(option))

    # -- numbers -------------------------------------------------------------------------------------------

    def _cover(self, option: Option) -> tuple[int, int]:
        if option.id not in self._covers:
            full = weak = 0
            for a in option.record.addresses:
                bit = self.bits.get((a.need, a.part), 0)
                if bit and (a.when is None or self.content.test(a.when)(self.facts.values)):
                    if a.weak:
                        weak |= bit
                    else:
                        full |= bit
            self._covers[option.id] = full, weak
        return self._covers[option.id]

    def _pair(self, a: Option, b: Option) -> list[m.Interaction]:
        if not (a.classes and b.classes) or set(a.record.medicines) & set(b.record.medicines):
            return []
        if a.classes & set(b.record.ends) or b.classes & set(a.record.ends):
            return []  # one takes the place of the other; the change-over is told by the timing
        key = frozenset((a.id, b.id))
        if key not in self._met:
            if a.own and b.own:
                # What is in use meets what is in use: a pair to be avoided is told by each, and closes no plan.
                pairs = meet_in_use(self.content, self.facts, a.own, b.own)
                found = {r.id: r for _, r in pairs if r.severity == "major"}
            else:
                found = {r.id: r for r in meet(self.content, a.classes, b.classes, self.facts)}
                found.update((r.id, r) for r in meet(self.content, b.classes, a.classes, self.facts))
            self._met[key] = list(found.values())
        return self._met[key]

    def _stop(self, a: Option, b: Option) -> m.Interaction | None:
        return next((r for r in self._pair(a, b) if r.severity == "stop"), None)

    def _search(self, chosen: dict[str, Option], fixed: tuple[Item, ...], candidates: list[Option]) -> list[Found]:
        base = [*chosen.values(), *(item.option for item in fixed)]
        ends = frozenset(c for o in base for c in o.record.ends)
        full, weak = self.met, 0
        for option in base:
            f, w = self._cover(option)
            if any(i.option is option and not i.stays and i.option.in_place == "yes" for i in fixed):
                f, w = 0, f | w  # in use but closed: it answers its need only until it is changed
            full, weak = full | f, weak | w
        lines, able = [], []
        for option in candidates:
            clash = next(((o, r) for o in base if (r := self._stop(option, o))), None)
            if clash:
                self.excluded.setdefault((option.id, clash[0].id), clash[1])
                continue
            f, w = self._cover(option)
            majors = sum(any(r.severity == "major" for r in self._pair(option, o)) for o in base)
            kind = option.record.group or ""
            count = sum(1 for _ in cautions_of(option, ends)) + majors
            # A caution about care or therapy says how to do it; one about a medicine or a procedure may say not to.
            easy = not (count and option.record.place.risky)
            burden = option.record.burden.score
            lines.append(
                Line(option.id, option.record.seat, f, w, count, burden, kind, easy, option.record.place.medicine)
            )
            able.append(option)
        excluded: set[Pair] = set()
        major: dict[Pair, int] = {}
        for n, a in enumerate(able):
            for b in able[n + 1 :]:
                records = self._pair(a, b)
                if any(r.severity == "stop" for r in records):
                    excluded.add(frozenset((a.id, b.id)))
                    self.excluded.setdefault((a.id, b.id), next(r for r in records if r.severity == "stop"))
                elif any(r.severity == "major" for r in records):
                    major[frozenset((a.id, b.id))] = 1
        return search(lines, self.need_bits, SEATS, full=full, weak=weak, excluded=frozenset(excluded), major=major)

    # -- plans ---------------------------------------------------------------------------------------------

    def _plan(self, found: Found, chosen: dict[str, Option], fixed: tuple[Item, ...]) -> Plan:
        items = list(fixed) + [Item(o, o.verb or "Consider", called=self._one_of(o.id)) for o in chosen.values()]
        for choice in found.choices:
            ranked = sorted(choice.alternatives, key=lambda ids: [_rank(self.options[id]) for id in ids])
            first, others = ranked[0], ranked[1:]
            # With one item in each alternative they fold into a line, which has one verb for all of them.
            verb = self.options[first[0]].verb if len(first) == 1 else None
            instead = tuple(ids[0] for ids in others if verb and len(ids) == 1 and self.options[ids[0]].verb == verb)
            items += [Item(self.options[id], self.options[id].verb or "Consider", instead) for id in first]
        items = self._with_required(items)
        base = [item.option for item in items]
        ends = frozenset(c for o in base for c in o.record.ends)
        pairs = tuple(
            (a.id, b.id, record)
            for n, a in enumerate(base)
            for b in base[n + 1 :]
            for record in self._pair(a, b)
            if record.severity != "stop"  # only with what is on its way out: a caution tells it
        )
        cautions = [told for option in base for told in cautions_of(option, ends)]
        majors = [pair for pair in pairs if pair[2].severity == "major"]
        cautions += [caution_of(self.options[a], self.options[b], record) for a, b, record in majors]
        burden = sum(o.record.burden.score for o in base if not any(i.option is o for i in fixed))
        needs = self._need_status(found, fixed)
        timing = tuple((o.id, x) for o in base for x in o.meets if x.severity == "timing")
        items += self._ways(items)
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
            gives_up=tuple(n.record.id for n in self.needs if needs[n.record.id] in ("open", "partly")),
        )

    def _ways(self, items: list[Item]) -> list[Item]:
        """How what is started is done for this person, where a record says so and it fits; no plan is weighed by it."""
        true = self._ways_among(item.option for item in items)
        return [Item(o, self._called_verb(o)) for o in true if o.id not in {item.id for item in items}]

    def _ways_among(self, options: Iterable[Option]) -> list[Option]:
        """The ways in which what is started among these is done for this person."""
        here = {o.id for o in options if o.in_place != "yes"}
        ways = [o for o in self.options.values() if o.record.way_of in here and o.record.way_when and o.eligible]
        return [o for o in ways if self.content.test(o.record.way_when or "")(self.facts.values)]

    def _with_required(self, items: list[Item]) -> list[Item]:
        """Add the treatments that what is started may not come without (naloxone), when they are eligible."""
        here = {item.id for item in items}
        for item in list(items):
            for _, id in item.option.needs_beside if item.option.in_place != "yes" else ():
                option = self.options.get(id)
                if option and id not in here and option.may_be_called:
                    items.append(Item(option, self._called_verb(option)))
                    here.add(id)
        return items

    def _need_status(self, found: Found, fixed: tuple[Item, ...]) -> dict[str, str]:
        status: dict[str, str] = {}
        in_place = self.met
        for item in fixed:
            if item.stays:
                in_place |= self._cover(item.option)[0]
        raised = {n.record.id: bits for n, bits in zip(self.needs, self.need_bits, strict=True)}
        for need in self.all_needs:
            id = need.record.id
            if not need.raised:
                status[id] = "cannot_tell" if need.raised is None else "not_raised"
                continue
            bits = raised[id]
            mask = bits.mask
            if not mask & ~in_place:
                status[id] = "in_place"
            elif gap(bits, found.full, found.weak) == 0:
                status[id] = "addressed"
            elif (found.full | found.weak) & mask or need.met:
                status[id] = "partly"
            else:
                status[id] = "open"
        return status

    def _single_sided(self, plans: list[Plan]) -> tuple[str, ...]:
        """Law 8: pain and OUD both addressed, or one line that says why not."""
        lacking = []
        for name, side in (("Pain", "pain"), ("OUD", "oud")):
            raised = [n.raised for n in self.all_needs if n.record.treats == side]
            if True not in raised:
                lacking.append(f"{name} side: {self._not_raised(side, raised)}")
        open_needs = {id for plan in plans for id in plan.gives_up if plan.needs[id] == "open"}
        # What an emergency puts off is not what no option can address.
        for need in self.needs if self.demands.held_by is None else ():
            if need.record.id in open_needs:
                lacking.append(f"{need.record.title}: no option here can address it in every plan")
        return tuple(lacking)

    def _not_raised(self, side: str, raised: list[bool | None]) -> str:
        """Why nothing is to be treated on a side: none found, not known, or known and not in need of treatment."""
        oud, remission = (
            self.facts.values.get(self.content.known("fact", name))
            for name in ("opioid use disorder", "OUD in remission")
        )
        if side == "oud" and oud is False and remission is not True:
            return "no OUD found" if None not in raised else "no OUD found (remission not asked)"
        return "not known yet" if None in raised else "nothing to treat"


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


def _rank(option: Option) -> tuple[int, int, str]:
    certainty = {"high": 0, "moderate": 1, "low": 2, "very low": 3, "not graded": 4}
    best = min((certainty[e.certainty] for e in option.record.effects), default=5)
    return (0 if option.fit == "indicated" else 1, best, option.id)


def _emergency_calls(directive: Directive, option: Option) -> bool:
    """Whether an emergency calls for what is not indicated otherwise: the emergency itself is the indication."""
    return directive.table == "emergency" and option.safety != "contraindicated" and option.in_place != "yes"
