"""`menu`: every option that is open to this person on one line, in a plan or not, with the reason why not.

Each reason is read off the plans that were found: which items do the same, what takes the seat, what has to come first. So
it cannot say that something is addressed when nothing in the plans addresses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ..content import Content
from ..content import models as m
from ..content.models import SEATS
from ..facts.verdicts import unique
from ..facts.words import ask_label
from ..language.words import counted, soft
from .case import Case
from .menu_lines import KIND_WORDS, MenuLine, Reason
from .options import Option
from .plans import Item, Plan
from .plans.deciding import adds, shut_by
from .plans.judge import Judge, Judged
from .plans.standing import second_of_kind

__all__ = ["KIND_WORDS", "MenuLine", "menu", "menu_line"]

LETTERS = ("A", "B", "C")
MOST_NAMES = 3
UNTIL_CHANGED = "what is in use, in part, until it has changed"
CHANGED_FIRST = "a medicine that is to be verified or changed first"
"""What is to be verified or changed is not named in the line of another: its own line says what to do with it."""


def menu(case: Case) -> tuple[MenuLine, ...]:
    """Every eligible option (it fits, and nothing known closes it) with where it stands and why, by kind.

    >>> from pathways import Profile, review
    >>> case = review(Profile.from_dict({"answers": {"age_years": 58, "oud_status": "active"}}))
    >>> [line.where for line in menu(case) if line.id == "naloxone_kit"]
    ['every_plan']
    """
    made = _Menu(case)
    lines = [made.line(option) for option in case.options if option.eligible]
    order = list(KIND_WORDS)
    places = {line.id: n for n, line in enumerate(lines)}
    return tuple(sorted(lines, key=lambda line: (order.index(line.option.record.seat), places[line.id])))


def menu_line(case: Case, option: Option) -> MenuLine:
    """The line of one eligible option."""
    return _Menu(case).line(option)


class _Menu:
    """Looks through the plans of one case for what an option does, and what does it in its place."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.judge = Judge(case.options, case.findings, case.facts, case.content, case.demands)
        self.problem = self.judge.problem
        shown = case.shown.plans
        self.found: tuple[Plan, ...] = (*shown, *(plan for plan in case.frontier.plans if plan not in shown))
        self._judged_as: dict[tuple[frozenset[str], str, str], Judged] = {}

    # -- where it stands ----------------------------------------------------------------------------------------

    def line(self, option: Option) -> MenuLine:
        """Where the option stands, and the first reason that is true of it."""
        holding = [plan for plan in self.found if option.id in plan.ids]
        folded = [plan for plan in self.found if any(option.id in item.instead for item in plan.items)]
        letters = tuple(
            letter
            for letter, plan in zip(LETTERS, self.case.shown.plans, strict=False)
            if plan in holding or plan in folded
        )
        if held := self._held(option):
            return MenuLine(option, "every_plan" if self._everywhere(holding) else "not_in_a_plan", letters, *held)
        if option.in_place == "yes" and (self._everywhere(holding) or not self.found):
            return MenuLine(option, "every_plan", letters, "in_use", "In use")
        if self._everywhere(holding):
            return MenuLine(option, "every_plan", letters, "in_every_plan", "In every plan")
        if holding or folded:
            return self._in_some(option, holding, folded, letters)
        return MenuLine(option, "not_in_a_plan", (), *self._why_not(option))

    def _everywhere(self, holding: Sequence[Plan]) -> bool:
        return bool(self.found) and len(holding) == len(self.found)

    def _held(self, option: Option) -> tuple[Reason, str] | None:
        if option.verb != "After this" or option.held_by is None:
            return None
        return "waits", f"Waits: {soft(option.held_by.label)} comes first"

    def _in_some(
        self, option: Option, holding: Sequence[Plan], folded: Sequence[Plan], letters: tuple[str, ...]
    ) -> MenuLine:
        for_it = unique(item.id for plan in folded for item in plan.items if option.id in item.instead)
        if not holding:
            says = f"Interchangeable with {self._names(for_it)}: {self._of(len(folded), letters)}"
            return MenuLine(option, "instead", letters, "interchangeable", says, for_it)
        says = f"In {self._of(len(holding), letters)}"
        if for_it and (more := len(folded)):
            says = f"In {self._of(len(holding) + more, letters)}; in some as the other way to {self._names(for_it)}"
        return MenuLine(option, "some_plans", letters, "in_some_plans", says, for_it)

    def _of(self, count: int, letters: tuple[str, ...]) -> str:
        """In which plans, in words; a plan that is not shown has no letter."""
        if count == len(self.found):
            return "every plan"
        if not letters:
            return f"{counted(count, 'plan')} of {len(self.found)}, none of them shown"
        names = ("plan " if len(letters) == 1 else "plans ") + ", ".join(letters)
        return (
            names if len(self.found) == len(self.case.shown.plans) else f"{names}; {count} of {len(self.found)} found"
        )

    def _names(self, ids: Sequence[str]) -> str:
        names = [soft(self.problem.content.treatments[id].short) for id in ids[:MOST_NAMES]]
        more = f", +{len(ids) - MOST_NAMES}" if len(ids) > MOST_NAMES else ""
        return ", ".join(names) + more

    # -- why not ------------------------------------------------------------------------------------------------

    def _why_not(self, option: Option) -> tuple[Reason, str, tuple[str, ...]]:
        """Why an eligible option stands in none of the plans found."""
        if not self.found:
            open_ = any(need.parts for need in self.problem.needs)
            return "no_plan", "No plan was made" + ("" if open_ else ": no need that is known is open"), ()
        if told := self._apart(option):
            return told
        if not any(self.problem.cover(option)) or not adds(self.problem, option):
            return self._nothing_to_do(option)
        if told := self._shut_out(option):
            return told
        full, weak = self.problem.cover(option)
        for plan in self.found:
            had_full, had_weak = self._covered(plan)
            if (full & ~had_full) or (weak & ~(had_full | had_weak)):
                return self._room(option, plan)
        return self._addressed(option)

    def _apart(self, option: Option) -> tuple[Reason, str, tuple[str, ...]] | None:
        """What is no free candidate for a plan: another's kind, an alternative of a decision, safety where not indicated."""
        record = option.record
        if record.decision is not None:
            return self._of_decision(option, self.problem.content.decisions[record.decision])
        if second_of_kind(option, self._fixed_items):
            kind = next(i for i in self._fixed_items if i.option.record.group == record.group and i.stays)
            return "of_its_kind", f"{kind.option.record.short}, of the same kind, is in use", (kind.id,)
        if record.place.always:
            return "on_top", "Fits, but is not indicated: plans hold it only where it is", ()
        return None

    @cached_property
    def _fixed_items(self) -> tuple[Item, ...]:
        return tuple(self.judge.always_there.values())

    def _of_decision(self, option: Option, decision: m.Decision) -> tuple[Reason, str, tuple[str, ...]]:
        """Why a way to take a decision is not taken by any plan."""
        title = soft(decision.short)
        if decision not in self.judge.to_decide:
            kept = next((i for i in self._fixed_items if i.stays and i.id in decision.alternatives), None)
            if kept:
                settled = kept.verb not in ("Verify", "Change")
                now = f"{kept.option.record.short} is in use and goes on"
                return "decided", now if settled else f"In use: {CHANGED_FIRST}", (kept.id,)
            raised = self.problem.content.test(decision.raised_when)(self.problem.facts.values)
            if raised is None:
                return "not_known", f"Cannot be told yet whether this is to be decided: {title}", ()
            if raised:  # the next dose of what it is about is held
                return "decided", f"Decided when the person was seen, as the next dose is held: {title}", ()
            return "not_raised", f"Nothing to decide here: {title}", ()
        against = next((i for i in self._fixed_items if shut_by(self.problem, option, i)), None)
        if against:
            settled = against.verb not in ("Verify", "Change")
            other = soft(against.option.record.short) if settled else CHANGED_FIRST
            return "not_together", f"Not together with {other}{', which is in use' if settled else ''}", (against.id,)
        ways = unique(plan.decisions[decision.id] for plan in self.found if decision.id in plan.decisions)
        if option.record.place.changes and not adds(self.problem, option):
            reason, says, by = self._nothing_to_do(option)
            return reason, says, by
        if ways:
            return "decided", f"Another way of this decision: {self._names(ways)}", ways
        return "decided", f"No plan takes it: {title}", ()

    def _shut_out(self, option: Option) -> tuple[Reason, str, tuple[str, ...]] | None:
        """What every plan holds beside an option that it does not go together with."""
        found = []
        for plan in self.found:
            other = next(((i, r) for i in plan.items if (r := self.problem.stop(option, i.option))), None)
            if other is None:
                return None
            found.append(other)
        ids = unique(item.id for item, _ in found)
        return "not_together", f"Not together with {self._names(ids)}: {soft(found[0][1].title)}", ids

    # -- needs --------------------------------------------------------------------------------------------------

    @cached_property
    def _parts(self) -> Mapping[int, tuple[m.Need, m.Part]]:
        """The part of a need that each bit stands for."""
        return {
            self.problem.bits[need.record.id, part.id]: (need.record, part)
            for need in self.problem.needs
            for part in (*need.parts, *need.met)
        }

    def _covered(self, plan: Plan) -> tuple[int, int]:
        """What a plan addresses, fully and weakly."""
        full, weak = self.problem.met, 0
        for item in plan.items:
            f, w = self.problem.does(item.option, stays=not self._leaving(item))
            full, weak = full | f, weak | w
        return full, weak

    def _nothing_to_do(self, option: Option) -> tuple[Reason, str, tuple[str, ...]]:
        """An option whose needs are not raised, not known yet, or met by what is in place."""
        if not option.record.addresses:
            return "on_top", "Answers no need by itself: plans leave it out", ()
        met = self._titles(sum(set(self.problem.cover(option))))
        told = list(self._needs_not_open(option))
        words = [*([f"{self._list(met)}: in place already"] if met else []), *(words for _, words in told)]
        return "in_place" if met else told[0][0], _sentence(words), ()

    def _titles(self, mask: int) -> tuple[str, ...]:
        """The needs that these parts are of; with the part where nobody asked whether that is the whole of it."""
        asked = {need.record.id for need in self.problem.needs if need.open_parts}
        told = (self._parts[bit] for bit in self._bits(mask))
        return unique(f"{need.title} ({soft(part.label)})" if need.id in asked else need.title for need, part in told)

    def _needs_not_open(self, option: Option) -> Iterator[tuple[Reason, str]]:
        """The needs of an option that are not raised, or not known, or of which it answers nothing that is open; each kind in
        one clause."""
        here = {need.record.id: need for need in self.problem.all_needs}
        holds = {
            a.need
            for a in option.record.addresses
            if (a.need, a.part) in self.problem.bits
            and (a.when is None or self.problem.content.test(a.when)(self.problem.facts.values))
        }
        needs = [here[id] for id in unique(a.need for a in option.record.addresses) if id in here]
        if unknown := [need for need in needs if need.raised is None]:
            asks = unique(_ask_words(self.problem.content, ask) for ask in unknown[0].asks[:1])
            ask = f" (ask: {soft(asks[0])})" if asks else ""
            yield "not_known", f"{self._list([n.record.title for n in unknown])}: not known yet{ask}"
        if without := [need for need in needs if need.raised is False]:
            yield "not_raised", f"{self._list([n.record.title for n in without])}: not raised"
        if apart := [need for need in needs if need.raised and need.record.id not in holds]:
            yield "not_raised", f"{self._list([n.record.title for n in apart])}: nothing in it that this answers"

    def _addressed(self, option: Option) -> tuple[Reason, str, tuple[str, ...]]:
        """An option all of whose open parts other items address in every plan."""
        full, weak = self.problem.cover(option)
        doing: dict[str, tuple[str, ...]] = {}
        for bit in self._bits((full | weak) & ~self.problem.met):
            need, part = self._parts[bit]
            whole = all(plan.needs[need.id] in ("addressed", "in_place") for plan in self.found)
            name = need.title if whole else f"{need.title} ({soft(part.label)})"
            doing[name] = unique((*doing.get(name, ()), *self._doing(bit, weakly=not bit & full)))
        by: dict[tuple[str, ...], list[str]] = {}
        for name, ids in doing.items():
            by.setdefault(ids, []).append(name)
        words = [f"{self._list(names)}: addressed by {self._names(ids) or UNTIL_CHANGED}" for ids, names in by.items()]
        if met := self._titles(full & self.problem.met):
            words.append(f"{self._list(met)}: in place already")
        words += [told for _, told in self._needs_not_open(option)]
        every = unique(id for ids in by for id in ids)
        if compared := self._in_place_of(option, every):
            words.append(compared)
        return "addressed", _sentence(words), every

    def _doing(self, bit: int, weakly: bool) -> tuple[str, ...]:
        """What addresses a part: the items that do so in every plan; where there is none, all that do so in one. What has to
        change is never named as the answer."""
        plans = [
            [i.id for i in plan.items if bit & self._does(i, weakly) and not self._leaving(i)] for plan in self.found
        ]
        everywhere = [id for id in plans[0] if all(id in ids for ids in plans)]
        return unique(everywhere or (id for ids in plans for id in ids))

    @staticmethod
    def _leaving(item: Item) -> bool:
        return item.option.in_place == "yes" and not item.stays

    def _does(self, item: Item, weakly: bool) -> int:
        full, weak = self.problem.does(item.option, stays=not self._leaving(item))
        return full | weak if weakly else full

    def _room(self, option: Option, plan: Plan) -> tuple[Reason, str, tuple[str, ...]]:
        """Why an option that would address more does not stand in this plan: no seat, a pair, or a lighter plan."""
        record = option.record
        new = [item for item in plan.items if item.option.in_place != "yes" and item.id not in self.judge.always_there]
        limit = SEATS[record.seat]
        seated = [item.id for item in new if item.option.record.seat == record.seat]
        if limit is not None and len(seated) >= limit:
            told = self._in_place_of(option, seated)
            return "seat_taken", _sentence([f"Its place is taken by {self._names(seated)}", told]), tuple(seated)
        kin = [i.id for i in new if record.place.medicine and record.group and i.option.record.group == record.group]
        if kin:
            return "of_its_kind", f"One of its kind is chosen: {self._names(kin)}", tuple(kin)
        clash = next(((i, r) for i in plan.items if (r := self.problem.stop(option, i.option))), None)
        if clash:
            return (
                "not_together",
                f"Not together with {self._names([clash[0].id])}: {soft(clash[1].title)}",
                (clash[0].id,),
            )
        return self._outweighed(option, plan)

    # -- held against the plans --------------------------------------------------------------------------------

    def _judged(self, plan: Plan, without: str = "", more: Option | None = None) -> Judged:
        key = plan.ids, without, more.id if more else ""
        if key not in self._judged_as:
            chosen = {item.id: item.verb for item in plan.items if item.id != without}
            if more is not None:
                chosen[more.id] = more.verb or "Consider"
            self._judged_as[key] = self.judge.judge(chosen)
        return self._judged_as[key]

    def _in_place_of(self, option: Option, ids: Sequence[str]) -> str:
        """How a plan would be with this option in the place of what does the same there."""
        for plan in self.found:
            for id in ids:
                other = next((i for i in plan.items if i.id == id), None)
                if other is None or other.option.record.seat != option.record.seat or id in self.judge.always_there:
                    continue
                now, then = self._judged(plan).axes, self._judged(plan, id, option).axes
                name = soft(self.problem.content.treatments[id].short)
                if now == then:
                    return f"may take the place of {name}"
                if told := _worse(then, now):
                    return f"in the place of {name} it would {told}"
        return ""

    def _outweighed(self, option: Option, plan: Plan) -> tuple[Reason, str, tuple[str, ...]]:
        """The plan that does as much with less; where there is none, what a plan with this option as well would bring."""
        mine = self._judged(plan, more=option)
        for other in self.found:
            ids = tuple(item.id for item in other.items if item.id not in mine.items)
            told = _worse(mine.axes, self._judged(other).axes)
            if ids and told:
                return "dominated", f"Weighed against a plan with {self._names(ids)}: it would {told}", ids
        told = _worse(mine.axes, self._judged(plan).axes) or "address more"
        return "dominated", f"May be added: a plan with it would {told}", ()

    def _bits(self, mask: int) -> Iterator[int]:
        return (bit for bit in self._parts if bit & mask)

    @staticmethod
    def _list(names: Sequence[str]) -> str:
        return ", ".join([names[0], *(soft(name) for name in names[1:])]) if names else ""


def _worse(mine: Sequence[int], theirs: Sequence[int]) -> str:
    """In what one set of axes is worse than another that it is nowhere better than, in words; empty where it is not."""
    if any(a < b for a, b in zip(mine, theirs, strict=True)):
        return ""
    told = ["address less"] if tuple(mine[:2]) != tuple(theirs[:2]) else []
    more = [f"more cautions ({mine[2]} against {theirs[2]})"] if mine[2] > theirs[2] else []
    more += [f"more burden ({mine[3]} against {theirs[3]})"] if mine[3] > theirs[3] else []
    told += [f"bring {' and '.join(more)}"] if more else []
    return " and ".join(told)


def _ask_words(content: Content, ask: str) -> str:
    answer = content.answers.get(ask)
    return answer.short or answer.label if answer else ask_label(content, ask)


def _sentence(words: Sequence[str]) -> str:
    """Clauses as one line."""
    first, *rest = [word for word in words if word]
    return "; ".join([f"{first[:1].upper()}{first[1:]}", *map(soft, rest)])
