"""`Within`: what a meeting holds the search to: what every plan is to have, what none is to have, and how much it may ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...content.models import SEATS
from ..options import Option
from .parts import Item


@dataclass(frozen=True)
class Within:
    """Treatments ``locked`` in, treatments ruled ``out``, and the ``most`` burden that a plan may bring (None: any).

    None of the three makes a treatment allowed that is closed, and none takes away what is in use or called for.
    """

    locked: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()
    most: int | None = None

    def __bool__(self) -> bool:
        return bool(self.locked or self.out) or self.most is not None


@dataclass(frozen=True)
class Unmet:
    """A wish of the meeting that the plans cannot follow: its ``kind`` (in, out or burden), what it is about, and why not."""

    kind: str
    id: str
    why: str


@dataclass(frozen=True)
class Locks:
    """The options that every plan is to hold beside what is fixed, and the seats that they leave."""

    options: tuple[Option, ...] = ()
    seats: Mapping[str, int | None] = field(default_factory=lambda: SEATS)

    def beside(self, chosen: Mapping[str, Option]) -> dict[str, Option]:
        """What is chosen, with each lock that is not among it."""
        taken = {o.id for o in chosen.values()}
        return {**chosen, **{f"lock.{o.id}": o for o in self.options if o.id not in taken}}

    def second_of_kind(self, option: Option) -> bool:
        """Whether a lock is a medicine of the same kind: a plan holds one of a kind."""
        place, group = option.record.place, option.record.group
        return bool(
            place.medicine and group and any(o.record.place.medicine and o.record.group == group for o in self.options)
        )


def locks_of(options: Mapping[str, Option], within: Within, fixed: Iterable[Item]) -> Locks | None:
    """The locks that are not in every plan already. None where more are locked in than their seats hold."""
    here = {item.id for item in fixed}
    locked = tuple(o for id, o in options.items() if id in within.locked and id not in here)
    seats = dict(SEATS)
    for option in locked:
        most = seats[option.record.seat]
        if most is not None:
            seats[option.record.seat] = most - 1
    if any(left is not None and left < 0 for left in seats.values()):
        return None
    return Locks(locked, seats)
