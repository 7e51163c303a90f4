"""What each row speaks against in one review, and who gives way in a pair. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from .knowledge import Listed, Row, Subject
from .reading import Reading


class Speaking(Reading):
    """A review, and what the rows say of it."""

    @cached_property
    def every(self) -> Listed:
        """What is in use or proposed, and the newcomers."""
        return Listed(self.known, (*self.person.subjects, *self.newcomers.values()))

    def spoken(self) -> Iterator[tuple[Row, Subject, str]]:
        """Each (row, what it speaks against, because of what)."""
        for row in self.rows:
            if row.kind in ("caution", "event") and row.strength:
                for s in self.every.of(row):
                    meant = not row.new or (s.at is None if row.new == "option" else s.state != "current")
                    if meant and not (row.in_use and s.state != "current"):
                        yield row, s, ", ".join(row.names("when")) or "taken otherwise than prescribed"
            elif row.kind == "dose_limit":
                for s, _ in self.person.over(row):
                    yield row, s, f"more than {row.most or row.days} {'days' if row.days else row.unit or 'mg a day'}"
            elif row.kind == "pair":
                yield from self._pair(row)

    def _pair(self, row: Row) -> Iterator[tuple[Row, Subject, str]]:
        """Who gives way in each pair of a row. Agonist MOUD never does unless the row is about two of them."""
        for a, b in self.person.pairs(row, self.every):
            way = row.gives_way
            if {a.state, b.state} == {"newcomer", "proposed"} or (row.listed and None in (a.at, b.at)):
                continue
            if a.at is None or (a.state == "proposed" and b.state == "current"):
                newcomer: Subject | None = a
            else:
                newcomer = b if b.at is None or (b.state == "proposed" and a.state == "current") else None
            if newcomer is not None:
                other = b if newcomer is a else a
                if row.strength == "told":
                    yield row, newcomer, f"with {other.label}"
                    continue
                old_goes = way == ("b" if newcomer is a else "a")
                # One that is asked for and refused changes nothing of what is taken.
                refused = self.verdict_of(newcomer).get("verdict") == "not_this"
                if self.protected(newcomer) or (old_goes and self.goes(other) and not refused):
                    if not self.protected(other) and self.stands(newcomer):
                        yield row, other, f"with {newcomer.label}"
                elif not (way == "either" and self.goes(other)) and not (way == "decide" and self.stops_today(other)):
                    yield row, newcomer, f"with {other.label}"
                continue
            if way == "decide":
                # What is stopped at once leaves nothing to go on with beside its partner.
                yield from ((row, s, f"with {t.label}") for s, t in ((a, b), (b, a)) if not self.stops_today(t))
            elif way == "either":
                if not any(self.goes(s) for s in (a, b)):
                    free = [s for s in (a, b) if not self.protected(s)] or [a]
                    free.sort(key=lambda s: self.verdict_of(s).get("verdict") != "keep_with")
                    yield row, free[0], f"with {(b if free[0] is a else a).label}: one of the two gives way"
            else:
                yield row, *((a, f"with {b.label}") if way == "a" else (b, f"with {a.label}"))
