"""The records of one medicine brought together: its orders, fills, doses given and what is reported.

Each is held against all that may be of the same medicine (`alike`): by kind of record, and by whether that is, or may be,
in use. A record stands under few keys and moves between them a few times, so that many records take no more time each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from heapq import heappop, heappush

from ..disk.limits import REMARKS
from .alike import Alike, Key, LastDays
from .compared import HALTS, STOPS, after, day_of, differ, is_order
from .handed_over import doses_given, fills
from .medicines import Order
from .report import Notebook
from .standing import Standing

_REPORT, _FILL, _DOSE, _ORDER = "a report", "MedicationDispense", "MedicationAdministration", "MedicationRequest"
_BESIDE = {_REPORT: (_FILL, _DOSE, _ORDER), _FILL: (_DOSE, _ORDER), _DOSE: (_REPORT, _FILL, _ORDER)}
"""Beside which kinds of records one of a kind is looked at: two reports may be of two ways to take a medicine, and of two
fills and two doses given `handed_over` told already."""
_Stand = tuple[Key, str, bool]
"""A key, a kind of record, and whether it surely is in use or being written."""
_WEEK = 7


def together(orders: list[Order], places: list[int], as_of: date, notes: Notebook) -> None:
    """Bring the records of the same ingredients together, in place. Different forms of them are different medicines."""
    alike = Alike(orders, places)
    doses_given(orders, alike, as_of, notes)
    fills(orders, places, as_of, notes)
    _OneMedicine(orders, alike, notes).bring()


def finished(order: Order) -> Standing:
    """A record that another stands for is no supply of its own that goes on."""
    return "past" if order.standing == "active" else order.standing


def _kind(order: Order) -> str:
    return _REPORT if order.reported else order.kind


class _OneMedicine:
    def __init__(self, orders: list[Order], alike: Alike, notes: Notebook) -> None:
        self.orders, self.alike, self.notes = orders, alike, notes
        self.at: dict[int, tuple[str, bool] | None] = {}
        self.stand: dict[_Stand, set[int]] = {}
        self.lowest: dict[_Stand, list[int]] = {}
        for n in alike.places:
            self._moved(n)
        halted = [n for n in alike.places if is_order(orders[n]) and orders[n].status in HALTS]
        self.halted = LastDays(alike, orders, halted)
        self.halted_names = {name for n in halted for name in orders[n].names}
        self.ordered = {key for n in alike.places if is_order(orders[n]) for key in alike.under[n]}
        self.spoken: dict[Key, list[tuple[date, int]]] | None = None
        self.remarks: dict[int, int] = {}
        self.filled: dict[Key, dict[date, list[int]]] | None = None

    def bring(self) -> None:
        self._finished_orders()
        for n in self.alike.places:
            order = self.orders[n]
            if order.same or order.standing in ("draft", "none") or is_order(order):
                continue
            if order.reported and order.status in HALTS:
                self._spoken_against(n)
            elif order.use is not False or order.standing in ("active", "unclear"):
                self._beside(n)
            elif not self.ordered.isdisjoint(self.alike.looks(order)):
                self._says("used", order, "medicines", "the same medicine as an order")
                self._put(n, same=True)

    # ---- how each stands ----------------------------------------------------------------------------------------------

    def _put(self, n: int, **changed: object) -> Order:
        was = self.orders[n]
        made = self.orders[n] = was.but(**changed)
        self._moved(n)
        if self.spoken is not None and was.use is False and made.use is not False and made.standing != "draft":
            self._may_be_spoken_against(n)
        return made

    def _moved(self, n: int) -> None:
        order = self.orders[n]
        draft, was = order.standing == "draft", self.at.get(n)
        stands = not order.same and (order.use is not False or draft)
        at = (_kind(order), bool(order.use) or draft) if stands else None
        if at == was:
            return
        self.at[n] = at
        for key in self.alike.under[n]:
            if was is not None:
                self.stand[(key, *was)].discard(n)
            if at is not None:
                self.stand.setdefault((key, *at), set()).add(n)
                if at[1]:
                    heappush(self.lowest.setdefault((key, *at), []), n)

    def _stands(self, order: Order, kinds: Iterable[str], sure: bool) -> list[_Stand]:
        """Where something stands that may be of one medicine with a record, of some kinds."""
        keys = self.alike.looks(order)
        return [at for key in keys for kind in kinds if self.stand.get(at := (key, kind, sure))]

    def _first(self, at: _Stand) -> int:
        """The lowest place of what surely is in use under a key."""
        heap, here = self.lowest[at], self.stand[at]
        while heap[0] not in here:
            heappop(heap)
        return heap[0]

    # ---- what each says of the others ---------------------------------------------------------------------------------

    def _finished_orders(self) -> None:
        """Of a finished order that may still last, another record of the medicine says more: what is in use or is being
        written, or what is newer and in use, or ended it."""
        orders = self.orders
        stopped = [n for n in self.alike.places if orders[n].status in STOPS and not orders[n].same]
        ended = LastDays(self.alike, orders, stopped)
        for n in self.alike.places:
            order = orders[n]
            if not (is_order(order) and order.status == "completed" and order.use is None):
                continue
            if self._stands(order, (_REPORT, _FILL, _DOSE, _ORDER), True) or ended.not_before(order):
                self._put(n, use=False)

    def _spoken_against(self, n: int) -> None:
        """A report that a medicine is not taken, against the records that say it is: those that are not surely newer are
        left open."""
        said = self.orders[n]
        if self.spoken is None:
            self.spoken = {}
            for m in self.alike.places:
                if self.orders[m].use is not False and self.orders[m].standing != "draft":
                    self._may_be_spoken_against(m)
        day = day_of(said)
        found = {
            key: set(self._not_newer(key, date.max if day is None else day.last)) for key in self.alike.looks(said)
        }
        for m in set().union(*found.values()) - {n}:
            other = self.orders[m]
            if other.use is not False:
                self.remarks[m] = self.remarks.get(m, 0) + 1
                words = f"{said.name} says it is not taken ({said.status}); whether it is in use is not known"
                self._says("conflict", other, "status", words)
                self._put(m, use=None)
        for key, those in found.items():
            for m in those:
                if self.remarks.get(m, 0) < REMARKS.most and self.orders[m].use is not False:
                    heappush(self.spoken[key], (self._day(m), m))
        told = self.alike.has_other(n, said)
        self._put(n, same=told, use=False if told else said.use)

    def _may_be_spoken_against(self, n: int) -> None:
        assert self.spoken is not None
        if self.remarks.get(n, 0) < REMARKS.most:
            for key in self.alike.under[n]:
                heappush(self.spoken.setdefault(key, []), (self._day(n), n))

    def _not_newer(self, key: Key, last: date) -> Iterator[int]:
        """Take out the records under a key that are not surely newer than a day."""
        assert self.spoken is not None
        heap = self.spoken.get(key, [])
        while heap and heap[0][0] <= last:
            yield heappop(heap)[1]

    def _day(self, n: int) -> date:
        day = day_of(self.orders[n])
        return date.min if day is None else day.first

    def _beside(self, n: int) -> None:
        """A report or a fill that says a medicine is in use, beside the orders and fills of it."""
        order = self.orders[n]
        named = order.kind == _FILL and not self.halted_names.isdisjoint(order.links)
        if named or self.halted.not_before(order):
            self._says("conflict", order, "status", "its order was stopped; in use is not known")
            order = self._put(n, use=None)
        kinds = _BESIDE[_kind(order)]
        sure = self._stands(order, kinds, True)
        open_ = [] if _kind(order) == _DOSE else self._stands(order, kinds, False)
        if sure:
            self._beside_sure(n, order, sure)
        elif not open_:
            if order.kind == _FILL and order.use:
                self._says("assumed", order, "medicines", "dispensed, and the supply still lasts")
                self._put(n, standing="active")
                self._fill_of_finished(order)
        elif order.use:  # it is surer than what only may be in use
            for m in set().union(*(self.stand[at] for at in open_)):
                self._put(m, same=True, use=False)
            self._put(n, standing="active")
        else:
            self._put(n, same=True, use=False, standing=finished(order))

    def _beside_sure(self, n: int, order: Order, sure: list[_Stand]) -> None:
        place = min(self._first(at) for at in sure)
        first = self.orders[place]
        other = order.use and order.reported and differ(order, first)
        newer = after(day_of(order), day_of(first)) and first.standing != "draft"
        if other and newer and all(self.stand[at] == {place} for at in sure):
            self._says(
                "conflict", first, "medicines", f"{order.name} is newer and gives another dose; the newer counts"
            )
            self._put(place, same=True, use=False)
            return
        if other:
            self._says("conflict", order, "medicines", f"another dose than in {first.name}, which counts")
        self._says("used", order, "medicines", "the same medicine as an order")
        if order.bears and not after(day_of(first), day_of(order)):
            self._left_open(place, order)
        self._put(n, same=True, use=False, standing=finished(order))

    def _left_open(self, place: int, other: Order) -> None:
        """What the notes of another record of the same medicine, which is not older, leave open is open here too."""
        first = self.orders[place]
        if "use" in other.bears and first.use:
            self._says(
                "conflict", first, "note", f"a note of {other.name} bears on it; whether it is taken is not known"
            )
            self._put(place, use=None)
        elif "dose" in other.bears:
            self._says(
                "conflict", first, "note", f"a note of {other.name} speaks of a dose; how much is taken is not known"
            )
            unknown: dict[str, object] = {"dose": {}, "per_day_min": None, "per_day_max": None}
            self._put(place, entry=first.entry.model_copy(update=unknown))

    def _fill_of_finished(self, fill: Order) -> None:
        """The finished orders that a fill is of: it names them, or both are of one week."""
        if self.filled is None:
            self.filled = {}
            for m in self.alike.places:
                one = self.orders[m]
                if is_order(one) and one.status == "completed":
                    begins = one.begins()
                    for key in self.alike.under[m]:
                        by_day = self.filled.setdefault(key, {})
                        by_day.setdefault(date.min if begins is None else begins.first, []).append(m)
        begins = fill.begins()
        near: list[date] = []
        if begins is not None:
            days = range(max(-_WEEK, date.min.toordinal() + 1 - begins.first.toordinal()), _WEEK + 1)
            last = date.max.toordinal() - begins.first.toordinal()
            near = [begins.first + timedelta(days=d) for d in days if d <= last]
        for key in self.alike.looks(fill):
            by_day = self.filled.get(key, {})
            named = key[0] == "named"
            for day in list(by_day) if named else near:
                # Each is told once: what a fill stands for, it stands for.
                for m in by_day.pop(day, ()):
                    if not self.orders[m].same:
                        self._put(m, same=True)

    def _says(self, kind: str, order: Order, field: str, words: str) -> None:
        self.notes.add(kind, order.name, order.place, field, f"{order.label}: {words}")  # type: ignore[arg-type]  # a kind
