"""How well someone's confidence fits what happened: over cases, never as a mark for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVENT = (
    "nothing in the plan is unsafe, and nothing that must not wait was missed: no emergency, no required need that could be "
    "met, no medicine that has to change"
)
"""What the confidence is about, in words that can turn out true or false."""
BANDS = ((0, 39), (40, 69), (70, 89), (90, 100))
FEW = 10
"""Below so many cases no pattern is told. Our own choice: with fewer, chance alone makes a gap of thirty points."""
GAP = 15
"""From so many points on, said and held are told to differ. Our own choice."""


@dataclass(frozen=True)
class Band:
    """The cases whose confidence was between ``lo`` and ``hi`` percent: how many, what was said, how often it held."""

    lo: int
    hi: int
    cases: int
    said: float
    held: float


@dataclass(frozen=True)
class Calibration:
    """Confidence against what held, in percent. ``brier`` is the mean squared distance: 0 best, 0.25 for always
    saying 50."""

    cases: int
    said: float
    held: float
    brier: float
    bands: tuple[Band, ...]
    words: str


def calibration(told: Iterable[tuple[int, bool]]) -> Calibration:
    """Sum up pairs of confidence (percent) and whether it held. Raises ValueError outside 0 to 100."""
    pairs = list(told)
    for sure, _ in pairs:
        check(sure)
    if not pairs:
        return Calibration(0, 0.0, 0.0, 0.0, (), "No case yet.")
    said, held = _mean([s for s, _ in pairs]), 100 * _mean([h for _, h in pairs])
    brier = _mean([(s / 100 - h) ** 2 for s, h in pairs])
    bands = []
    for lo, hi in BANDS:
        here = [(s, h) for s, h in pairs if lo <= s <= hi]
        if here:
            bands.append(Band(lo, hi, len(here), _mean([s for s, _ in here]), 100 * _mean([h for _, h in here])))
    return Calibration(len(pairs), said, held, brier, tuple(bands), _words(len(pairs), said, held))


def check(sure: int) -> None:
    """Raise ValueError for a confidence that is no percentage."""
    if isinstance(sure, bool) or not 0 <= sure <= 100:
        raise ValueError(f"confidence {sure!r}: give a number from 0 to 100")


def one_case(sure: int, held: bool) -> str:
    """What one case says about a confidence: little, and that is said."""
    start = f"You were {sure}% sure that {EVENT}."
    if held:
        rest = "It held." if sure >= 50 else "It held: here you knew more than you trusted yourself with."
    else:
        rest = (
            "It did not hold, as you feared." if sure < 50 else "It did not hold: see the lines marked “must not wait”."
        )
    return f"{start} {rest} One case says little; the pattern over many does."


def _words(cases: int, said: float, held: float) -> str:
    told = f"{cases} case{'s' * (cases != 1)}: {said:.0f}% sure on average, and it held in {held:.0f}%."
    if cases < FEW:
        return f"{told} Too few to see a pattern."
    if said - held >= GAP:
        return f"{told} More sure than the cases bear out: what would have made you look again?"
    if held - said >= GAP:
        return f"{told} Less sure than the cases bear out."
    return f"{told} Confidence and outcome go together."


def _mean(values: list[float] | list[int] | list[bool]) -> float:
    return sum(values) / len(values)
