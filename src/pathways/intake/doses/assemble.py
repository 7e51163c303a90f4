"""What the items of a dose text make a day: parts of a day are added, phases are a range, limits hold it down.

Nothing is guessed: a part without an amount or without a frequency, two parts that contradict each other, or an open
"may repeat" leave no upper bound, and what must not be known then is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .grammar import Item, Rate
from .limits import held, raised, repeated
from .measure import Amount, Measure, Span
from .occasions import occasions, parts_of_day
from .parts import NoDayError, Part, Phase, day_part
from .sorting import Sorted

_LITTLE = 1e-6


@dataclass(frozen=True)
class Reckoned:
    """Base units in one intake (the most), a day (as far as known), a day before limits, and why something is open."""

    one: float | None
    day: Span
    before_limits: Span
    as_needed: bool
    why: str = ""
    more: bool = False
    least_one: float = 0.0
    """The least in one intake over all phases."""


def reckon(items: Sequence[Item], measure: Measure) -> Reckoned:
    """The dose of a day, in base units of ``measure``."""
    reader = Sorted()
    reader.read(items)
    torn = False
    why, one, least, day = reader.problem, None, 0.0, Span(0.0, None)
    if not why:
        try:
            one, least, day = _phases(reader, measure)
        except NoDayError as problem:
            why, torn = str(problem), problem.torn
            one = _single_amount(reader, measure)
    elif why != "words that are not understood":
        one = _single_amount(reader, measure)
    needed = reader.needed
    lo, hi = day
    if needed or reader.loose or reader.stops or reader.falls:
        lo = 0.0 if reader.stops or reader.falls or why else _scheduled(reader, measure)
    if reader.open:
        lo, hi, why = 0.0, None, why or "more may be taken, and how much is not said"
    before = Span(lo, hi)
    if not torn and (not reader.problem or reader.problem == "a first dose that differs"):
        lo, hi, why = held(reader.caps, measure, one, Span(lo, hi), why)
    if hi is not None and hi < lo:
        lo = hi
    if one is None and hi and not any(part.has_amount or part.timed for phase in reader.phases for part in phase.parts):
        one = hi  # "no more than 3 tablets a day" and nothing else
    return Reckoned(one, Span(lo, hi), before, needed, why, reader.open, least)


def _scheduled(reader: Sorted, measure: Measure) -> float:
    """What is taken in any case, where only some of the parts of a day are as needed: "1 three times a day and 1 at night
    if needed". Told only of what stands by itself and is added to a plain frequency."""
    parts = [part for part in reader.phases[0].parts if part.has_amount and part.timed]
    firm = [part for part in parts if not part.needed]
    added = all(
        not part.vague and (part.joined == "AND" or (part.joined == "DOT" and _times_apart(parts)))
        for part in parts
        if part.needed
    )
    plain = all(_times_apart(parts) or any(rate.lo and not rate.weak for rate in part.rates) for part in firm)
    one_day = (
        len(reader.phases) == 1 and not reader.restated and not any(part.weekdays or part.days < 1 for part in parts)
    )
    if not (one_day and added and plain and firm and firm[0] is parts[0]) or len(firm) == len(parts):
        return 0.0
    return sum(day.lo for _, day in (_total(part, measure) for part in firm))


def _single_amount(reader: Sorted, measure: Measure) -> float | None:
    """The amount of the only part, where the rest is open."""
    parts = [part for phase in reader.phases for part in phase.parts if part.has_amount]
    if len(parts) != 1 or reader.restated or parts[0].vague:
        return None
    try:
        return _amount(parts[0], measure).hi
    except NoDayError:
        return None


def _amount(part: Part, measure: Measure) -> Amount:
    found: list[Amount] = []
    if part.said:
        amount, problem = measure.one_intake(part.said)
        if amount is not None:
            found.append(amount)
        elif problem or not part.choices:
            raise NoDayError(problem or "how much at a time is not said")
    for choice in part.choices:
        amount, problem = measure.one_intake([choice])
        if amount is None:
            raise NoDayError(problem or "how much at a time is not said")
        found.append(amount)
    if not found:
        raise NoDayError("how much at a time is not said")
    lo = 0.0 if part.upto else min(a.lo for a in found)
    return Amount(lo, max(a.hi for a in found))


def _often(part: Part) -> tuple[float, float]:
    """Times a day. Raises NoDayError."""
    if part.schema:
        return part.schema, part.schema
    strong = [rate for rate in part.rates if not rate.weak and not rate.loose]
    if part.of_day:
        return 1.0, 1.0
    weekly = len(part.weekdays) / 7 if part.weekdays else part.days
    if part.days < 1 and abs(weekly - part.days) > 1e-3:
        raise NoDayError("how many days and which days do not agree")
    if strong:
        lo, hi = _by_rates(part, strong)
        if weekly < 1 and hi <= 1 + _LITTLE:
            if abs(hi - weekly) > 1e-3 and abs(hi - 1) > _LITTLE:
                raise NoDayError("how often and the days do not agree")
            lo, hi, weekly = min(lo, weekly), weekly, 1.0
    else:
        lo, hi = _by_times(part)
    if any(rate.lo == 0 for rate in part.rates):
        lo = 0.0
    for other in part.other_rates:
        lo, hi = min(lo, other.lo), max(hi, other.hi)
    return lo * weekly, hi * weekly


def _by_rates(part: Part, strong: Sequence[Rate]) -> tuple[float, float]:
    """Times a day by a frequency, which times of day and meals beside it may not contradict. Raises NoDayError."""
    first = strong[0]
    for other in strong[1:]:
        first = _agreed(first, other)
    few, many = occasions(part.events)
    often = first.hi > 1 + _LITTLE
    if many and not (part.with_meals or part.meals):
        fits = few - _LITTLE <= first.hi <= many + _LITTLE if often else few <= 1
        if not fits:
            raise NoDayError("how often and the times of day do not agree")
    elif many and often and not few - _LITTLE <= first.hi <= many + _LITTLE:
        night = parts_of_day(part.events) == {"night"}
        if night and abs(first.hi - 3) < _LITTLE and "night" in {day_part(what) for what in part.added}:
            return first.lo + 1, first.hi + 1  # three times with meals and at bedtime
        if not (night and abs(first.hi - 4) < _LITTLE):
            raise NoDayError("how often, the meals and the times of day do not agree")
    elif many > first.hi + _LITTLE and many > 1:
        raise NoDayError("how often and the times of day do not agree")
    if part.meals and often and part.meals != 1 and abs(part.meals - first.hi) > _LITTLE:
        raise NoDayError("how often and the meals do not agree")
    return first.lo, first.hi


def _by_times(part: Part) -> tuple[float, float]:
    """Times a day by times of day, meals, or a plain "daily". Raises NoDayError."""
    loose = next((rate.hi for rate in part.rates if rate.loose), None)
    few, many = occasions(part.events)
    if many:
        if part.with_meals:
            raise NoDayError("how many meals is not said")
        if part.meals and part.meals > 1:
            if parts_of_day(part.events) != {"night"}:
                raise NoDayError("the meals and the times of day do not agree")
            return part.meals + 1, part.meals + 1
        if loose is None or few == many == loose or (loose <= 1 and few == many == 1):
            return few, many
        if few <= loose <= many:
            return loose, loose
        raise NoDayError("how often and the times of day do not agree")
    if part.meals:
        return part.meals, part.meals
    weak = [rate for rate in part.rates if rate.weak]
    if weak and loose is None:
        return min(rate.lo for rate in weak), max(rate.hi for rate in weak)
    if (part.weekdays or part.days < 1) and loose is None:
        return 1.0, 1.0
    if loose == 1 and not (weak or part.weekdays or part.days < 1):
        return 0.0, 1.0  # "once": one dose, on this day or on another
    raise NoDayError("how often a day is not said")


def _agreed(one: Rate, other: Rate) -> Rate:
    """Two frequencies of one part say the same, or the second is a limit on the first ("up to 4 times a day")."""
    if abs(one.hi - other.hi) <= 0.02 * one.hi:
        return Rate(max(one.lo, other.lo) if min(one.lo, other.lo) > 0 else 0.0, one.hi)
    if other.lo == 0:
        return Rate(min(one.lo, other.hi), min(one.hi, other.hi))
    if one.hi <= 1 and other.hi == 1 and other.counted:  # once every other day
        return one
    if other.hi <= 1 and one.hi == 1 and one.counted:
        return other
    raise NoDayError("two frequencies that do not agree")


def _total(part: Part, measure: Measure) -> tuple[Amount, Amount]:
    """One intake and a day of a part. Raises NoDayError."""
    amount = _amount(part, measure)
    lo, hi = _often(part)
    if hi > 100 and measure.base != "ml":
        lo, hi = min(lo, 100.0), float("inf")
    return amount, Amount(amount.lo * lo, amount.hi * hi)


def _phases(reader: Sorted, measure: Measure) -> tuple[float | None, float, Span]:
    """The most and the least in one intake, and a day. Raises NoDayError."""
    phases = [p for p in reader.phases if any(part.has_amount or part.timed for part in p.parts)]
    parts = [part for phase in phases for part in phase.parts]
    if measure.base != "patch" and any(measure.is_strength(other) for other in reader.others):
        raise NoDayError("one more of the same strength beside it, and how often is not said")
    if len(reader.at_once) == 1 and not any(part.has_amount for part in parts):
        for part in parts:  # no more than 2 at a time, every 4 hours
            part.said, part.upto = list(reader.at_once), True
    if any(p.after_then and not p.marked and p not in phases for p in reader.phases) and not reader.stops:
        raise NoDayError("what comes then is not said")
    if not phases:
        raise NoDayError("no dose is said")
    for before, after in pairwise(phases):
        _inherit(before.parts[-1], after.parts[0], reader)
    phases = _joined(phases)
    found = [_phase(phase, measure, reader) for phase in phases]
    if reader.repeat:
        found = repeated(found, len([part for part in parts if part.has_amount]))
    if reader.at_once:
        found = raised(reader.at_once, measure, found, len([part for part in parts if part.has_amount]))
    most, least = max(one for one, _ in found), min(one for one, _ in found)
    lo, hi = min(day.lo for _, day in found), max(day.hi for _, day in found)
    _check_totals(reader, measure, found)
    if reader.divided and any(rate.hi > 1 and not part.of_day for part in parts for rate in part.rates):
        raise NoDayError("divided doses: of one intake or of the day")
    return most, least, Span(lo, None if hi == float("inf") else hi)


def _inherit(before: Part, after: Part, reader: Sorted) -> None:
    """A phase that says only what changes keeps the rest: "then 3 times a day", "then 2 tablets for 3 days"."""
    if not after.has_amount and after.timed:
        after.said, after.choices = list(before.said), list(before.choices)
    elif after.has_amount and not after.timed and (after.length or before.length or reader.phases[-1].marked):
        after.rates, after.events = list(before.rates), list(before.events)
        after.weekdays, after.meals = set(before.weekdays), before.meals


def _joined(phases: list[Phase]) -> list[Phase]:
    """ "1 in the morning then 2 in the evening" is one day; "then" without a length or a change says too little."""
    made = [phases[0]]
    for phase in phases[1:]:
        last = made[-1]
        if not phase.after_then or last.lasting or last.marked or phase.marked:
            made.append(phase)
        elif all(part.at_times for part in (*last.parts, *phase.parts)):
            last.parts += phase.parts
        else:
            raise NoDayError("one after the other, and from when on is not said")
    return made


def _phase(phase: Phase, measure: Measure, reader: Sorted) -> tuple[float, Amount]:
    """The most in one intake, and a day. Raises NoDayError."""
    parts = [part for part in phase.parts if part.has_amount or part.timed]
    totals = [_total(part, measure) for part in parts]
    one = max(amount.hi for amount, _ in totals)
    days = [day for _, day in totals]
    whole = Amount(sum(d.lo for d in days), sum(d.hi for d in days))
    first = days[0]
    if len(parts) > 1 and any(_of_another(part, measure) for part in parts) and any(_counted(part) for part in parts):
        raise NoDayError("another strength of the medicine beside this one")
    if len(parts) > 1 and all(part.length for part in parts) and not any(part.joined == "AND" for part in parts):
        return one, Amount(min(d.lo for d in days), max(d.hi for d in days))  # one after the other, each for a while
    if len(parts) > 1:
        rest = Amount(sum(d.lo for d in days[1:]), sum(d.hi for d in days[1:]))
        if _by_the_pain(parts):  # never both at once
            whole = Amount(min(d.lo for d in days), max(d.hi for d in days))
        elif _said_again(parts) and _equal(first, rest):  # "twice a day: 1 in the morning and 1 at night"
            whole, one = first, max(amount.hi for amount, _ in totals[1:])
        elif all(_equal(first, day) and _alike(parts[0], part) for day, part in zip(days, parts, strict=True)) and all(
            part.joined == "DOT" for part in parts[1:]
        ):
            whole = first  # the same line twice
        elif _in_other_words([amount for amount, _ in totals], days, parts):
            whole = first
        elif any(part.weekdays or part.days < 1 for part in parts):
            if not all(part.weekdays or part.days < 1 for part in parts):
                raise NoDayError("some days differ from the others")
        elif all(part.joined == "OR" for part in parts[1:]):
            whole = Amount(min(d.lo for d in days), max(d.hi for d in days))
        elif any(part.joined != "AND" for part in parts[1:]) and not _times_apart(parts):
            # A second instruction: beside the first, or in its place.
            whole = Amount(min(d.lo for d in days), whole.hi)
    for part in reader.restated:
        _, day = _total(part, measure)
        if not _equal(day, whole):
            raise NoDayError("two readings that do not agree")
    return one, whole


def _of_another(part: Part, measure: Measure) -> bool:
    """Whether a part is of a tablet of another strength: "30 mg tablet" beside tablets of 15 mg."""
    labels = [q for q in part.said if q.kind == "labelled" and q.label is None]
    own = bool(measure.strengths) and measure.base == "unit"
    return own and len(labels) == len(part.said) == 1 and not measure.is_strength(labels[0])


def _counted(part: Part) -> bool:
    return any(quantity.kind in ("count", "bare") for quantity in part.said)


def _in_other_words(ones: Sequence[Amount], days: Sequence[Amount], parts: Sequence[Part]) -> bool:
    """Whether parts only say one dose again: as much at a time and a day, each by a frequency, at no two times of day, and
    neither added nor as needed by itself ("1 tab tid; 1 tab q8h")."""
    times = {frozenset(what for what, _ in part.events) for part in parts} - {frozenset()}
    return (
        all(_equal(ones[0], one) for one in ones)
        and all(_equal(days[0], day) for day in days)
        and all(any(not rate.weak and not rate.loose for rate in part.rates) for part in parts)
        and not any(part.joined in ("AND", "OR") or part.vague for part in parts)
        and len({part.needed for part in parts}) == 1
        and len(times) <= 1
    )


def _by_the_pain(parts: Sequence[Part]) -> bool:
    """Whether each part is for another pain ("1 every 6 hours if moderate, 2 if severe"), and none has a time of its own or
    is said to be added."""
    named = [tier for part in parts for tier in part.tiers]
    apart = len(set(named)) == len(named) and all(part.tiers for part in parts)
    return apart and not any(part.vague or part.plus or part.events or part.meals for part in parts)


def _times_apart(parts: Sequence[Part]) -> bool:
    """Whether every part has its own times of day, so that they add up to one day."""
    times = [what for part in parts for what in {what for what, _ in part.events}]
    words = {what for what in times if what == day_part(what)}
    apart = len(times) == len(set(times)) and not any(what not in words and day_part(what) in words for what in times)
    return all(part.at_times for part in parts) and apart


def _said_again(parts: Sequence[Part]) -> bool:
    """Whether times of day after a frequency may only explain it: as many as it says, or two and more for a day's amount."""
    first, rest = parts[0], parts[1:]
    if first.at_times or parts[1].joined == "AND" or not all(part.at_times for part in rest):
        return False
    times = sum(occasions(part.events)[1] for part in rest)
    strong = [rate.hi for rate in first.rates if not rate.weak]
    return abs(times - strong[0]) < _LITTLE if strong else times > 1


def _equal(one: Amount, other: Amount) -> bool:
    return abs(one.lo - other.lo) <= 0.011 * one.hi and abs(one.hi - other.hi) <= 0.011 * one.hi


def _alike(one: Part, other: Part) -> bool:
    return {what for what, _ in one.events} == {what for what, _ in other.events} and bool(one.rates) == bool(
        other.rates
    )


def _check_totals(reader: Sorted, measure: Measure, found: Sequence[tuple[float, Amount]]) -> None:
    """A total that is said has to be that of one intake or of the day, unless another product is named."""
    for total in reader.totals:
        amount = measure.of(total)
        if reader.beside or (measure.base == "patch" and amount and all(amount.hi > one for one, _ in found)):
            continue  # another product is worn or taken beside this one
        if amount is None or not any(abs(amount.hi - x) <= 0.011 * x for one, day in found for x in (one, day.hi)):
            raise NoDayError("a total that does not agree")
