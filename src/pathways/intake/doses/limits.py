"""What holds the dose of a day down, and what raises one intake: "max 8 a day", "no more than 2 at a time", "may repeat
once"."""

from __future__ import annotations

from collections.abc import Sequence

from .grammar import Cap, Quantity
from .measure import Amount, Measure, Span
from .parts import NoDayError


def held(
    caps: Sequence[Cap], measure: Measure, one: float | None, day: Span, why: str
) -> tuple[float, float | None, str]:
    """The day held to the limits that are said. Where all of them are above how often it is taken, the text says two things:
    "twice a day, up to 4 a day", "every 6 hours, max 8 a day"; then it is up to the higher one."""
    lo, hi = day
    above: list[float] = []
    held_down = False
    for cap in caps:
        most: float | None = None
        if cap.names and measure.lead not in cap.names:
            continue  # a limit on another ingredient: held where its strength is known, and it lowers nothing here
        if cap.times is not None:
            most = cap.times * one if one else None
        elif cap.quantity is not None:
            most = _limit(cap.quantity, measure, one)
        if most is None or most <= 0:
            if one is not None and hi is not None and not _lowers_nothing(cap, one, hi):
                return lo, None, "a limit that cannot be read"
            continue
        if one is not None and not cap.daily and most < one * 2.011 and (most < one * 1.011 or hi is None or most < hi):
            return 0.0, None, "a limit of a dose, or of a day"
        if one is not None and most < one * 0.989 and cap.times is None:
            return 0.0, None, "the limit is under one dose"
        if cap.said and hi is not None and most > hi * 1.011:
            return lo, None, "a limit above how often it is taken"
        if hi is not None and most > hi * 1.011 and cap.quantity is not None:
            if not _of_the_other(cap, measure):
                above.append(most)
            continue
        held_down = True
        if hi is None or most < hi:
            hi, why = most, ""
        lo = min(lo, most)
    if above and not held_down:
        if measure.base in ("unit", "patch") and max(above) > measure.at_once:
            return lo, None, "a limit above how often it is taken"  # milligrams for grams, or of another medicine
        hi = max(above)
    return lo, hi, why


def _of_the_other(cap: Cap, measure: Measure) -> bool:
    """Whether milligrams of a combined product may be those of the other ingredient: "max 3 g a day" beside an opioid."""
    return len(measure.strengths) > 1 and not cap.names and cap.quantity is not None and cap.quantity.kind == "mass"


def _limit(quantity: Quantity, measure: Measure, one: float | None) -> float | None:
    if quantity.kind == "doses":
        return quantity.hi * one if one else None
    if quantity.kind == "bare":
        if one is None or measure.base != "unit":
            return None
        amount = measure.of(quantity._replace(kind="count"))
        mistaken = measure.mg is not None and any(abs(quantity.hi - s) < 0.011 * s for s in measure.strengths if s > 10)
        return None if mistaken else amount.hi if amount else None
    if quantity.kind in ("strength", "labelled", "in_volume", "a_volume"):
        return None
    amount = measure.of(quantity)
    return amount.hi if amount else None


def _lowers_nothing(cap: Cap, one: float, hi: float) -> bool:
    """Whether a limit without a readable unit cannot be below what is already reckoned."""
    number = cap.quantity.hi if cap.quantity is not None else (cap.times or 0.0) * one
    return number >= hi and number * one >= hi


def repeated(found: list[tuple[float, Amount]], parts: int) -> list[tuple[float, Amount]]:
    """ "1 at bedtime, may repeat once": up to two. Of several a day, which one is not said. Raises NoDayError."""
    one, day = found[0]
    if parts > 1 or len(found) > 1 or day.hi > one * 1.011:
        raise NoDayError("more may be taken, and how much is not said")
    return [(one, Amount(day.lo, day.hi * 2))]


def raised(
    at_once: Sequence[Quantity], measure: Measure, found: list[tuple[float, Amount]], parts: int
) -> list[tuple[float, Amount]]:
    """One intake may be as much as is said of it: "1 every 6 hours, max 2 at once" is up to 8. Raises NoDayError."""
    (one, day), *others = found
    limits = [_limit(quantity, measure, one) for quantity in at_once]
    known = [limit for limit in limits if limit]
    if len(known) < len(limits) or len(limits) > 1:
        raise NoDayError("a limit that cannot be read")
    if known[0] < one * 0.989:
        raise NoDayError("the limit of one dose does not agree with the dose")
    if known[0] <= one * 1.011:
        return found
    if parts > 1 or others:
        raise NoDayError("how much at which time is not said")
    return [(known[0], Amount(day.lo, day.hi * known[0] / one))]
