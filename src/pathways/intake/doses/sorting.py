"""The items of a dose text sorted: phases that follow each other, the parts of each, limits, totals and what is said
again in brackets. Nothing is reckoned here (`assemble` does)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from .grammar import Cap, Item, Quantity, Rate
from .others import STRENGTHS, of_another
from .parts import Part, Phase
from .watched import Watch

BARELY_AND = ("and", "&", "y", "et", "und")
"""Words for "and" that between the doses for two pains do not add the one to the other."""


class Sorted:
    """Sorts the items into phases and parts."""

    def __init__(self) -> None:
        self.phases = [Phase()]
        self.caps: list[Cap] = []
        self.at_once: list[Quantity] = []
        """The most in one intake, which says nothing of the day."""
        self.restated: list[Part] = []
        self.totals: list[Quantity] = []
        self.needed = self.loose = self.open = self.stops = self.falls = False
        self.problem = ""
        self.upto = self.extra = False
        self.joiner = ""
        self.inside: Part | None = None
        self.divided = self.limited = False
        self.beside = self.repeat = self.next_needed = self.plus = False
        self.next_tier = ""
        self.others: list[Quantity] = []
        """Strengths of other products that are named beside this one."""
        self.watch = Watch()

    @property
    def part(self) -> Part:
        return self.inside if self.inside is not None else self.phases[-1].parts[-1]

    def read(self, items: Sequence[Item]) -> None:
        skip_to = -1
        for n, item in enumerate(items):
            if n < skip_to:
                continue
            if item.kind in ("up", "up_by", "down"):
                skip_to = self._change(items, n)
                continue
            after = items[n + 1] if n + 1 < len(items) else None
            if item.kind == "beside":
                item, skip_to = of_another(items, n, complete=self.part.has_amount and self.part.timed)
                self._take(item, items[skip_to] if skip_to < len(items) else None)
                continue
            beside = [other.kind for other in (items[n - 1] if n else None, after) if other is not None]
            if item.kind == "EXTRA" and "amount" not in beside:
                self.open = True  # "may take an extra one", and how often is not said
            self._take(item, after)
        self._close()
        self.problem = self.problem or self.watch.settle(
            [p for phase in self.phases for p in phase.parts if p.has_amount]
        )
        self.loose = self.loose or self.watch.fewer

    # ---- one item

    def _take(self, item: Item, after: Item | None) -> None:
        if self.watch.takes(item, self.part):
            return
        match item.kind:
            case "amount" if item.quantity is not None:
                self._amount(item.quantity, after)
            case "schema":
                if item.quantity is None or self.part.has_amount:
                    self.problem = self.problem or "several amounts"
                else:
                    self.part.said.append(item.quantity)
                    self.part.schema = item.value
            case "rate" | "bare_span" if item.rate is not None:
                self._rate(item)
            case "amount" | "rate" | "bare_span" | "part_unclear":
                self.problem = self.problem or "a number that cannot be placed"
            case "part_of":
                self.part.days = min(self.part.days, item.value)
            case "lasting":
                self.phases[-1].lasting = True
                self.part.length = True
            case "cap":
                if item.cap is None:
                    self.problem = self.problem or "a limit that cannot be read"
                else:
                    self.caps.append(item.cap)
            case "at_once" if item.quantity is not None:
                self.at_once.append(item.quantity)
            case "MAXPOST" if item.token is not None:
                self._limit_before(item.token.what)
            case "phase":
                self._phase_mark()
            case "total" if (
                item.quantity is not None and not self.part.has_amount and after and after.rate and after.rate.weak
            ):
                self._amount(item.quantity, after)  # "total 30 mg a day divided tid"
            case "total" if item.quantity is not None:
                self.totals.append(item.quantity)
            case "beside" if item.quantity is not None and item.quantity.kind in STRENGTHS:
                self.beside = True
                self.others.append(item.quantity)
            case "beside" | "take_home":
                self.beside = True
            case "except_days":
                self.part.weekdays = (self.part.weekdays or set(range(1, 8))) - set(item.days)
            case _:
                self._flat(item, after)
        if item.kind not in ("AND", "SEP", "DOT", "OR", "UPTO", "EXTRA", "SCALE", "LP", "RP"):
            self.joiner = ""
            if item.kind != "amount":
                self.upto = self.extra = False

    def _flat(self, item: Item, after: Item | None) -> None:
        token = item.token
        assert token is not None
        match item.kind:
            case "PRN" | "LOOSE":
                self._when_needed(item.kind)
            case "OPEN":
                self.open = True
            case "THEN":
                self.phases.append(Phase(after_then=True))
            case "PHASE_AFTER":
                self._phase_mark()
            case "NOW":
                self.problem = self.problem or "a first dose that differs"
            case "STOPS":
                course = self.phases[-1].after_then or any(phase.lasting or phase.marked for phase in self.phases)
                self.stops = True
                if token.what == "order" and not (course or self.falls):
                    self.problem = self.problem or "it is said to be stopped"
            case "APART":
                hours = max((float(n) for n in re.findall(r"\d+(?:\.\d+)?", token.text)), default=0.0)
                if hours:
                    self.caps.append(Cap(None, float(math.ceil(24 / hours - 1e-6))))
            case "UPTO":
                self.upto = True
            case "EXTRA":
                self.extra = True
            case "TOTAL":
                base = self.phases[-1].parts[-1]
                if (
                    self.inside is not None
                    and self.inside.said
                    and base.has_amount
                    and base.timed
                    and not self.inside.timed
                ):
                    self.totals.append(self.inside.said.pop())  # 8 mg twice daily (16 mg total)
                elif self.part.said and self.part.said[-1].kind == "mass":  # 2 tablets (10 mg total) twice daily
                    self.part.said[-1] = self.part.said[-1]._replace(whole=True)
            case "REPEAT":
                self.repeat = True
            case "AND" | "SEP" | "DOT" | "OR":
                base = self.phases[-1].parts[-1]
                if token.what == "prn" and base.has_amount and base.timed and not self.needed:
                    self.open = True  # twice a day and as needed
                elif token.what == "timed" and base.has_amount and not base.timed:
                    self.open = True  # as needed and at bedtime
                self.plus = item.kind == "AND" and token.text not in BARELY_AND
                if self.joiner != "AND":
                    self.joiner = item.kind
            case "LP":
                self._close()
                self.inside = Part(joined="(")
            case "RP":
                self._close()
            case "EVENT":
                self._event(token.what, token.value)
            case "WEEKDAY":
                self.part.weekdays.add(int(token.value))
            case "DAYSET":
                self.part.days = min(self.part.days, token.value)
            case "SCALE":
                if self.part.tiers and self.part.has_amount and self.part.timed and self.inside is None:
                    self.next_tier = token.text  # "for moderate pain 1 every 6 hours, for severe pain 2 every 6 hours"
                else:
                    self.part.tiers.add(token.text)
                self.part.scaled = True
                if (self.part.said and self.inside is None and self.part.timed is False) or (
                    self.part.said and self.inside is not None
                ):
                    self.part.choices.append(self.part.said.pop())
            case "DIVIDED":
                self.divided = True
                if self.part.rates and all(rate.weak for rate in self.part.rates) and not self.part.events:
                    self.part.of_day = True
            case "UNIT":
                bare = [n for n, q in enumerate(self.part.said) if q.kind in ("bare", "schema")]
                if bare:
                    self.part.said[bare[-1]] = self.part.said[bare[-1]]._replace(kind="count")
                elif after is not None and after.kind in ("rate", "EVENT", "WEEKDAY"):
                    if self.part.timed and self.part.has_amount:
                        self.problem = self.problem or "a tablet at another time, and how many is not said"
                    self.part.uncounted = not self.part.has_amount
            case "UNKNOWN":
                self.problem = "words that are not understood"

    def _when_needed(self, kind: str) -> None:
        """Of the part that it stands in; behind a full stop or an "and", of the one that comes."""
        self.needed, self.loose = self.needed or kind == "PRN", self.loose or kind == "LOOSE"
        if self.joiner in ("AND", "DOT") and self.part.has_amount and self.part.timed and self.inside is None:
            self.next_needed = True
        else:
            self.part.needed = True

    def _amount(self, quantity: Quantity, after: Item | None) -> None:
        part = self.part
        if part.uncounted:
            self.problem = self.problem or "a tablet at another time, and how many is not said"
        whole = self.phases[-1].parts[-1]
        if (
            self.upto and whole.has_amount and (part is whole or not part.has_amount)
        ):  # "one when required, up to 4 a day"
            per = after.rate if after is not None and after.kind == "rate" else None
            if per is not None and per.weak:
                self.caps.append(Cap(quantity, None))
                self.upto, self.limited = False, True
                return
        fresh = part.has_amount and part.timed and quantity.kind != "strength"
        if part.has_amount and part.scaled and not part.timed:
            fresh = False
        if part.has_amount and not part.timed and self.joiner == "OR":
            part.choices += [part.said.pop()] if part.said else []
            part.choices.append(quantity)
        elif part.has_amount and not part.timed and self.joiner == "AND" and not (part.tiers and not self.plus):
            self.problem = self.problem or "two amounts at once"
        elif fresh and self.inside is not None:
            self._close_inside()
            self.inside = Part(joined="(", said=[quantity])
        elif fresh:
            tiers = {self.next_tier} - {""}
            made = Part(
                joined=self.joiner or "none", said=[quantity], needed=self.next_needed, tiers=tiers, plus=self.plus
            )
            self.phases[-1].parts.append(made)
            self.next_needed, self.next_tier = False, ""
        else:
            part.early = part.early or (part.timed and not part.has_amount)
            part.said.append(quantity)
        self.part.upto = self.part.upto or self.upto
        self.upto = False
        if self.extra:
            self.part.vague = True
            self.extra = False

    def _rate(self, item: Item) -> None:
        part, rate = self.part, item.rate
        assert rate is not None
        if self.limited:
            self.limited = False  # the day of the limit
            return
        if self.upto:
            self.upto = False
            whole = self.phases[-1].parts[-1]
            if item.kind != "bare_span" and whole.rates and whole.has_amount and (part is whole or not part.has_amount):
                before = whole.rates[-1]  # "one twice a day up to three times a day": a range
                whole.rates[-1] = before._replace(lo=min(before.lo, rate.lo), hi=max(before.hi, rate.hi), weak=False)
                return
            rate = rate._replace(lo=0.0)
        if item.kind == "bare_span":  # "30 mg 4-6 hrs" is a rhythm, "30 days" at the end is how long
            if rate.hi > 1 and part.has_amount and not part.rates:
                part.rates.append(rate)
            elif rate.hi <= 1:
                self.phases[-1].lasting = True
            else:
                self.problem = self.problem or "hours that cannot be placed"
        elif self.joiner == "AND" and rate.loose and part.rates and self.inside is None:
            self.problem = self.problem or "how often, and once more"  # "once a day and once at bedtime"
        elif part.rates and self.joiner == "OR":
            part.other_rates.append(rate)
        elif self._begins_anew(part):
            self.phases[-1].parts.append(Part(joined=self.joiner, rates=[rate]))
        else:
            part.rates.append(rate)

    def _event(self, what: str, value: float) -> None:
        part = self.part
        if what in ("each_meal", "meal_once", "unknown_meal"):
            if what != "unknown_meal":
                part.meals = value
            else:
                part.with_meals = True
            return
        if self._begins_anew(part):
            part = Part(joined=self.joiner)
            self.phases[-1].parts.append(part)
        if self.joiner == "AND" and part.rates and not part.events and all(r.lo == r.hi == 1 for r in part.rates):
            self.problem = self.problem or "once a day, and at another time"  # "daily and at bedtime"
        if self.joiner == "OR" and part.events:
            return  # in the morning or at night: one of them
        part.events.append((what, bool(self.joiner)))
        if self.joiner == "AND":
            part.added.add(what)

    def _begins_anew(self, part: Part) -> bool:
        """ "In the morning 2, at bedtime 1": where times come first, the next time begins the next part."""
        return part.early and part.has_amount and bool(self.joiner) and self.inside is None

    # ---- phases, changes, brackets

    def _phase_mark(self) -> None:
        phase = self.phases[-1]
        self._close()
        last = phase.parts[-1]
        if last.has_amount and last.timed and not phase.marked:
            phase.marked = True
            self.phases.append(Phase(marked=False))
        elif last.has_amount and not phase.marked:
            phase.marked = True
            last.rates.append(Rate(1.0, 1.0, weak=True))  # "1 capsule on day one"
            self.phases.append(Phase(marked=False))
        elif last.has_amount:
            if not last.timed:
                last.rates.append(Rate(1.0, 1.0, weak=True))
            self.phases.append(Phase(marked=True))
        else:
            phase.marked = True

    def _change(self, items: Sequence[Item], n: int) -> int:
        """An increase or decrease at ``n``; the index of the item that comes after its steps."""
        self._close()
        goal = next((m for m in range(n + 1, len(items)) if items[m].kind in ("INTO", "THEN")), None)
        if goal is not None and items[goal].kind == "INTO":
            if not (len(self.phases[-1].parts) == 1 and not self.phases[-1].parts[0].has_amount):
                self.phases.append(Phase())
            elif len(self.phases) == 1:
                self.loose = True  # "titrate up to 3 a day": from none
            self.phases[-1].marked = True
            self.phases[-1].after_then = False
            return goal + 1
        if items[n].kind == "down":
            self.falls = True
            self.phases[-1].marked = True
            end = n + 1
            while end < len(items) and items[end].kind in (
                "amount",
                "rate",
                "lasting",
                "bare_span",
                "LOOSE",
                "part_of",
            ):
                end += 1
            return end
        self.open = True
        end = n + 1
        while end < len(items) and items[end].kind in ("amount", "rate", "lasting", "bare_span", "LOOSE"):
            end += 1
        return end

    def _close(self) -> None:
        if self.inside is not None:
            self._close_inside()
            self.inside = None

    def _close_inside(self) -> None:
        """What stood in brackets goes to the part before it, or says a whole dose again."""
        inside, self.inside = self.inside, None
        assert inside is not None
        if self.part.take_in(inside):
            self.restated.append(inside)

    def _limit_before(self, what: str) -> None:
        """ "8 tablets a day at most", "8 tablets at most a day": the last part was the limit. "2 max at one time": of one
        intake."""
        parts = self.phases[-1].parts
        part = parts[-1]
        if what == "intake" and self.inside is None and len(part.said) == 1 and not part.timed:
            self.at_once.append(part.said.pop())
            if len(parts) > 1:
                parts.pop()
            return
        only_day = all(rate.weak for rate in part.rates) and not part.events
        if self.inside is not None or not part.said or not only_day or (len(parts) == 1 and len(part.said) == 1):
            self.problem = self.problem or "a limit that cannot be read"
            return
        quantity = part.said.pop()
        self.limited = not part.rates
        if not part.said and len(parts) > 1:
            parts.pop()
        elif part.timed:
            self.problem = self.problem or "a limit that cannot be read"
            return
        self.caps.append(Cap(quantity, None))
