"""Days on which a dose is watched or fetched, and doses taken home: they say nothing of the days on which it is taken
("90 mg daily, supervised 5 days a week"), unless together they are the whole week ("Mon-Sat, take-home Sunday")."""

from __future__ import annotations

from collections.abc import Sequence

from .grammar import Item, Rate
from .parts import Part


class Watch:
    """Takes the days that belong to watching out of the parts of a day."""

    def __init__(self) -> None:
        self.any = self.on = self.aside = False
        self.days: set[int] = set()
        self.others = 0.0
        """Doses taken home whose days are not said."""
        self.unclear = self.moved = self.fewer = False
        """``fewer``: the days may be those of the dose ("90 mg daily Mon-Sat supervised")."""
        self.before: Item | None = None

    def takes(self, item: Item, part: Part) -> bool:
        """Whether an item is of watching, and no more is to be made of it."""
        before, self.before = self.before, item
        if item.kind == "take_home":
            moved = self.moved
            self._moved(before, part)
            self.moved = moved  # a dose at home is taken all the same
            self.any, self.on, self.aside = True, True, False
            self.days |= set(item.days)
            self.others += 0.0 if item.days else item.value
            return False
        if item.kind == "WATCHED":
            self._moved(before, part)
            self.on = True
            fetched = item.token is not None and item.token.what == "fetched" and not self.moved
            self.any, self.aside = self.any or not fetched, fetched
            return True
        if self.on and (item.kind in ("part_of", "part_unclear", "WEEKDAY", "DAYSET", "except_days") or _weekly(item)):
            if self.aside:
                return True  # days on which it is handed out say nothing of the dose
            if item.kind == "WEEKDAY" and item.token is not None:
                self.days.add(int(item.token.value))
            elif item.kind == "except_days":
                self.days |= set(range(1, 8)) - set(item.days)
            else:
                self.unclear = True
            return True
        self.on = self.on and item.kind in ("SEP", "AND", "take_home", "LP")
        return False

    def _moved(self, before: Item | None, part: Part) -> None:
        """ "Mon-Sat supervised", "weekly dispensing": what stands directly before."""
        if before is None:
            return
        if before.kind == "WEEKDAY":
            self.days |= part.weekdays
            part.weekdays, self.moved = set(), True
        elif before.kind == "part_of":
            part.days, self.unclear, self.moved = 1.0, True, True
        elif _weekly(before) and part.rates and part.rates[-1] is before.rate:
            part.rates.pop()  # "weekly dispensing"

    def settle(self, parts: Sequence[Part]) -> str:
        """Why the days of the dose are open, once all is read."""
        if not self.any:
            return ""
        for part in parts:
            said = part.events or part.meals or part.schema or part.rates
            self.fewer = self.fewer or (self.moved and len(self.days) < 7)
            if said or not (self.days or self.others or self.unclear):
                continue
            known = self.days | part.weekdays
            if len(known) + (self.others if not self.days else 0) != 7 or self.unclear:
                return "the days on which a dose is watched or taken home, and not those on which it is taken"
            part.weekdays = set()
            part.rates.append(Rate(1.0, 1.0, weak=True))
        return ""


def _weekly(item: Item) -> bool:
    return item.kind in ("rate", "bare_span") and item.rate is not None and item.rate.hi < 0.99
