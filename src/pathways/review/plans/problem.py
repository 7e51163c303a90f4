"""`Problem`: what the plans of one person are made from: options, needs as bits, what covers them, who meets whom."""

from __future__ import annotations

from ...content import Content
from ...content import models as m
from ...facts import Facts
from ..directives import Directives
from ..findings import Findings
from ..meetings import holds, meet, meet_in_use
from ..options import Option
from .cautions import PlanCaution, caution_of
from .search import NeedBits
from .within import Within


class Problem:
    """The tables that every step from options to plans reads. Each part of a raised need has a bit; what is met already
    is in ``met``. What an option covers and which two of them meet is worked out once."""

    def __init__(
        self,
        options: tuple[Option, ...],
        findings: Findings,
        facts: Facts,
        content: Content,
        demands: Directives | None = None,
        within: Within | None = None,
    ) -> None:
        self.demands = demands or Directives(())
        self.within = within or Within()
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
        self.short = sum(
            self.bits[n.record.id, p.id]
            for n in self.needs
            for p in n.parts
            if p.short_when and content.test(p.short_when)(facts.values) is True
        )
        self._covers: dict[str, tuple[int, int]] = {}
        self._met: dict[frozenset[str], list[m.Interaction]] = {}

    def cover(self, option: Option) -> tuple[int, int]:
        """The bits of the parts of needs that an option covers fully, and those that it covers weakly."""
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

    def does(self, option: Option, stays: bool) -> tuple[int, int]:
        """What a plan has of an option, fully and weakly. What is in use and has to change answers its need only until then;
        what stays does not answer what was measured and is short of it."""
        full, weak = self.cover(option)
        if option.in_place != "yes" and (not option.record.keeps or option.record.winds_down):
            return full, weak
        return (full & ~self.short, weak & ~self.short) if stays else (0, full | weak)

    def pair(self, a: Option, b: Option) -> list[m.Interaction]:
        """The interactions of two options that would stand in one plan, the same whichever comes first."""
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

    def caution(self, a: str, b: str, record: m.Interaction) -> PlanCaution:
        """What a plan is told of two of its items that meet."""
        return caution_of(self.options[a], self.options[b], record, holds(self.content, record, self.facts))

    def stop(self, a: Option, b: Option) -> m.Interaction | None:
        """What forbids that two options stand in one plan; None where nothing does."""
        return next((r for r in self.pair(a, b) if r.severity == "stop"), None)


def rank(option: Option) -> tuple[int, int, str]:
    """Where an option stands among its like: what is indicated first, then what is surest to work, then by id."""
    best = min((m.CERTAINTIES.index(e.certainty) for e in option.record.effects), default=len(m.CERTAINTIES))
    return (0 if option.fit == "indicated" else 1, best, option.id)
