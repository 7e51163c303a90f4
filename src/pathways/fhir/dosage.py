"""How much a day: dose, rate and timing of the dosage lines of an order, with what was assumed.

Structured elements and the text of a line are held against each other: where they say different doses, neither is used.
What cannot be reckoned stays open: a bound that is not known is None, never 0. As needed is from none a day to the most
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..content import Content, load_content
from ..intake.dose_text import MOST, Span, pains_in, read_dose_text
from ..intake.names import Product
from ..language.kleene import any_of
from . import plain
from .dosage_text import UNKNOWN, Line, agree
from .dose_units import MASS, RATE, has_sign, in_mg, unit_against_code
from .instructions import instructions_of, same_dose, with_words
from .plain import Data, code, concept, concepts, flag, items, number, obj, text
from .timing import times_of


@dataclass(frozen=True)
class Intake:
    """What is taken: milligrams of each ingredient in one intake, intakes a day, or the hourly rate of a patch.

    ``mg`` and ``rate`` are the most of one intake.
    """

    mg: Mapping[str, float] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)
    per_day: Span = UNKNOWN
    as_needed: bool | None = None
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Readings of one dose that do not agree; none of them is used."""


def read_dosage(lines: Sequence[Data], product: Product, content: Content | None = None) -> Intake:
    """All dosage lines of one order together."""
    content = content or load_content()
    lines, again = _once(lines, product, content)
    read = [_line(line, product, content) for line in lines]
    found = _together(lines, read, product, content)
    conflicts = tuple(dict.fromkeys(c for line in read for c in line.conflicts))
    found = replace(found, notes=(*found.notes, *again))
    return replace(found, conflicts=conflicts) if conflicts else found


def _once(lines: Sequence[Data], product: Product, content: Content) -> tuple[list[Data], tuple[str, ...]]:
    """The lines that say a dose of their own: one that another says too, in the same or in other words, counts once. Told
    only of lines that do not follow each other, and not of times of day, which may be two."""
    kept: list[Data] = []
    for line in lines:
        alone = all("sequence" not in other for other in lines)
        if not (alone and any(_repeats(line, other, product, content) for other in kept)):
            kept.append(line)
    told = ("a dosage line that says the same again is counted once",) if len(kept) < len(lines) else ()
    return kept, told


def _repeats(line: Data, other: Data, product: Product, content: Content) -> bool:
    """Whether a line says what another says: the same element by element, or both are texts that say one dose together."""
    if line == other:
        return True
    if set(line) - {"text"} or set(other) - {"text"}:
        return False
    first, second = text(other, "text", most=MOST), text(line, "text", most=MOST)
    one, two = (read_dose_text(said, product, content) for said in (first, second))
    if not same_dose(one, two):
        return False
    return same_dose(one, read_dose_text(f"{first.rstrip('. ')}. {second}", product, content))


def _together(lines: Sequence[Data], read: Sequence[Line], product: Product, content: Content) -> Intake:
    patch = product.route == "transdermal" and (
        any(s.per == "h" for s in product.strengths.values()) or not product.strengths
    )
    rated = any(_rate_of(line) for line in lines)
    if rated and not patch and any(s.per != "h" for s in product.strengths.values()):
        return Intake(notes=("an hourly rate of what is no patch: how much a day is not known",))
    if patch or rated:
        return _patch(lines, read, product)
    if not read:
        return Intake(notes=("no dosage instruction: how much a day is not known",))
    needed = _needed([line.as_needed for line in read])
    notes = tuple(dict.fromkeys(n for line in read for n in line.notes))
    totals: dict[str, list[Span]] = {}
    for line in read:
        for ingredient, amount in line.mg.items():
            least = 0.0 if line.as_needed else amount.lo * line.times.lo
            most = None if amount.hi is None or line.times.hi is None else amount.hi * line.times.hi
            totals.setdefault(ingredient, []).append(Span(least, most))
    one: dict[str, float] = {
        i: max((a.hi or a.lo for line in read for n, a in line.mg.items() if n == i), default=0.0) for i in totals
    }
    consecutive = len({line.sequence for line in read if line.sequence is not None}) == len(read) > 1
    if consecutive:
        notes += ("lines with different sequence numbers follow each other: the highest counts as the upper bound",)
    elif len(read) > 1 and _by_the_pain(lines, product, content):
        consecutive = True
        notes += ("lines for different pain are never taken both at once: the highest counts as the upper bound",)
    elif len(read) > 1:
        notes += ("several dosage lines without a sequence are taken together and added",)
    if not totals:
        times = _times(read, consecutive)
        return Intake({}, {}, Span(0.0 if needed else times.lo, times.hi), needed, notes)
    lead = max(sorted(totals), key=lambda i: one[i])
    lo, hi = _joined(totals[lead], consecutive)
    if len(totals[lead]) < len(read):
        hi = None  # a line that says no amount
    dose = one[lead]
    if dose <= 0:
        return Intake({}, {}, Span(0.0, None), needed, (*notes, "no amount is given"))
    per = Span(round(lo / dose, 6), None if hi is None else round(hi / dose, 6))
    mg = one
    if per.hi is not None and per.hi > 100:
        mg = {i: round(a * per.hi, 6) for i, a in one.items()}
        per = Span(round(min(lo / (dose * per.hi), 1.0), 6), 1.0)
    if per.lo > 100:
        per = Span(100.0, per.hi)
    return Intake({i: round(a, 6) for i, a in mg.items() if 0 < a <= 1e6}, {}, per, needed, notes)


def _by_the_pain(lines: Sequence[Data], product: Product, content: Content) -> bool:
    """Whether each line is for another pain ("moderate", "severe"), and none has a time of day of its own."""
    named: list[str] = []
    for line in lines:
        reasons = concept(line, "asNeededCodeableConcept"), *concepts(line, "asNeededFor")
        said = [text(line, "text", most=MOST), *(words for reason in reasons for words in reason.texts)]
        found = frozenset[str]().union(*(pains_in(words, product, content) for words in said if words))
        repeat = obj(line, "timing", "repeat")
        if not found or any(repeat.get(key) for key in ("when", "timeOfDay", "dayOfWeek")):
            return False
        named += sorted(word.removeprefix("for ") for word in found)
    return len(set(named)) == len(named)


def _joined(spans: Sequence[Span], consecutive: bool) -> Span:
    """Amounts one after the other: from the least to the most. Amounts together: their sum."""
    lows = [s.lo for s in spans]
    highs = [s.hi for s in spans if s.hi is not None]
    hi = None if len(highs) < len(spans) else max(highs) if consecutive else sum(highs)
    return Span(min(lows) if consecutive else sum(lows), hi)


def _times(read: Sequence[Line], consecutive: bool) -> Span:
    lo, hi = _joined([line.times for line in read], consecutive)
    return Span(min(lo, 100.0), hi if hi is None or hi <= 100 else None)


def _needed(given: Sequence[bool | None]) -> bool | None:
    return any_of(given) if given else None


# ---- patches ------------------------------------------------------------------------------------------------


def _rate_of(line: Data) -> float | None:
    """An hourly rate in mg that a line states, not by a count of patches."""
    for part in items(line, "doseAndRate") or (line,):
        rate = obj(part, "rateQuantity")
        for quantity in (rate, obj(part, "doseQuantity")):
            factor = RATE.get(code(quantity, "code")) or RATE.get(code(quantity, "unit").replace(" ", ""))
            value = number(quantity, "value", 1e6)
            if factor and value and not has_sign(quantity):
                return value * factor
        top, bottom = obj(part, "rateRatio", "numerator"), obj(part, "rateRatio", "denominator")
        factor = MASS.get(code(top, "code")) or MASS.get(code(top, "unit"))
        value, hours = number(top, "value", 1e6), plain.duration_days(bottom)
        if factor and value and hours and not has_sign(top):
            return value * factor / (hours * 24)
    return None


def _patch(lines: Sequence[Data], read: Sequence[Line], product: Product) -> Intake:
    """A patch is dosed by the hour, whatever its change interval; its count is how many are worn at once."""
    needed = _needed([line.as_needed for line in read])
    notes: list[str] = []
    stated = [found for line in lines if (found := _rate_of(line))]
    if stated and len(product.ingredients) == 1:
        return Intake({}, {product.ingredients[0]: sum(stated)}, Span(1.0, 1.0), needed, ("hourly rate as written",))
    worn = 0.0
    for line in read:
        units = line.units.hi if line.units else None
        if units is None:
            notes.append("how many patches is not given: at least one")
        elif units < 1:
            notes.append(f"{units:g} of a patch cannot be worn: read as one")
            units = 1.0
        worn += units or 1.0
    if not read:
        notes.append("no dosage instruction: at least one patch")
    sure = bool(read) and all(line.units and line.units.hi is not None for line in read)
    rate = {i: s.mg * max(worn, 1.0) for i, s in product.strengths.items() if s.per == "h"}
    notes.append("patch: strength by the hour, whatever the change interval")
    if rate and worn > 20:
        sure = False
    return Intake({}, rate, Span(1.0, 1.0 if sure else None), needed, tuple(dict.fromkeys(notes)))


# ---- one line -----------------------------------------------------------------------------------------------


def _line(line: Data, product: Product, content: Content) -> Line:
    notes: list[str] = []
    conflicts: list[str] = []
    needed = flag(line, "asNeededBoolean")
    if concept(line, "asNeededCodeableConcept") or items(line, "asNeededFor"):
        needed = True
    units, mg = _dose(line, product, notes, conflicts, content)
    times = times_of(obj(line, "timing"), notes, conflicts, content)
    if line.get("modifierExtension"):
        conflicts.append("a modifier of the dosage that is not understood: no dose is used")
    given = bool(units or mg), times is not None
    words = instructions_of(line)
    times = times or Span(0.0, None)
    spoken = given == (False, False) and bool(words.said or words.more)
    if not spoken:
        mg, times = _most(line, product, mg, times, notes)
    if not conflicts:
        structured = Line(units, mg, times, needed, None, ())
        merged = with_words(structured, given, words, product, content)
        units, mg, times, needed = merged.units, merged.mg, merged.times, merged.as_needed
        notes += merged.notes
        conflicts += merged.conflicts
    if spoken and not conflicts:  # the limits of the structure hold down what the text says
        mg, times = _most(line, product, mg, times, notes)
    most = content.mme_edition.believable.units
    if units and units.hi and times.hi and units.hi * times.hi > most:
        told = f"{units.hi * times.hi:g} a day"
        conflicts.append(f"{told}, which nobody is thought to take: an error to settle, not used")
    if conflicts:
        units, mg, times = None, {}, UNKNOWN
    return Line(units, mg, times, needed, number(line, "sequence", 1e6), tuple(notes), tuple(conflicts))


def _dose(
    line: Data, product: Product, notes: list[str], conflicts: list[str], content: Content
) -> tuple[Span | None, dict[str, Span]]:
    """Units of one intake, and milligrams of each ingredient in it. Two doses of one line have to say the same, unless one
    of them is what was ordered."""
    parts = items(line, "doseAndRate") or (line,)
    ordered = [part for part in parts if "ordered" in {c.code.lower() for c in _codes(part)}]
    found = [
        one for part in ordered or parts if (one := _dose_of(part, product, notes, conflicts, content)) is not None
    ]
    if any(not _alike(one, found[0]) for one in found):
        conflicts.append("two doses of one intake differ, neither is used")
        return None, {}
    return max(found, key=lambda one: len(one[1]), default=(None, {}))


def _codes(part: Data) -> tuple[plain.Coding, ...]:
    named = concept(part, "type")
    return named.codes if named else ()


def _alike(one: tuple[Span | None, dict[str, Span]], other: tuple[Span | None, dict[str, Span]]) -> bool:
    """Whether two readings of an intake are one dose."""
    both = [(one[1][i], other[1][i]) for i in one[1] if i in other[1]]
    if not both and one[0] and other[0]:
        both = [(one[0], other[0])]
    return bool(both or not (one[0] or one[1]) or not (other[0] or other[1])) and all(
        agree(a.hi, b.hi) is not False and agree(a.lo, b.lo) is not False for a, b in both
    )


def _dose_of(
    part: Data, product: Product, notes: list[str], conflicts: list[str], content: Content
) -> tuple[Span | None, dict[str, Span]] | None:
    quantity = obj(part, "doseQuantity") or obj(part, "doseSimpleQuantity")
    if quantity:
        lo = hi = number(quantity, "value", 1e6)
    else:
        low, high = obj(part, "doseRange", "low"), obj(part, "doseRange", "high")
        if not low and not high:
            return None
        lo, hi = number(low, "value", 1e6), number(high, "value", 1e6)
        quantity = high or low
        lo = 0.0 if lo is None else lo
    if any(has_sign(one) for one in (quantity, obj(part, "doseRange", "low"))):
        conflicts.append("a dose with a sign (more than, less than) is no amount, it is not used")
        return None
    if hi is None and not lo:
        if quantity.get("value") is not None:
            notes.append("a dose that is no amount: not used")
        return None
    if hi is not None and (lo is None or lo > hi):
        notes.append("dose range upside down")
        lo, hi = (hi, lo) if lo is not None else (0.0, hi)
    if hi == 0:
        notes.append("a dose of 0 says nothing")
        return None
    if told := unit_against_code(quantity):
        conflicts.append(told)
        return None
    return in_mg(Span(lo or 0.0, hi), quantity, product, notes, content.mme_edition.believable.at_once)


def amount_in_mg(quantity: Data, product: Product) -> dict[str, float]:
    """Milligrams of each ingredient in a quantity of the product; empty where that cannot be told."""
    value = number(quantity, "value", 1e6)
    if not value:
        return {}
    _, mg = in_mg(Span(value, value), quantity, product, [])
    return {i: amount.lo for i, amount in mg.items()}


def _most(
    line: Data, product: Product, mg: dict[str, Span], times: Span, notes: list[str]
) -> tuple[dict[str, Span], Span]:
    """Hold the dose to the most that the line allows in a day or in one intake."""
    for top in items(line, "maxDosePerAdministration"):
        value = number(top, "value", 1e6)
        if not value or unit_against_code(top) or has_sign(top):
            continue
        _, cap_mg = in_mg(Span(value, value), top, product, notes)
        for ingredient, cap in cap_mg.items():
            one = mg.get(ingredient)
            if one is None:
                mg[ingredient] = Span(0.0, cap.hi)
            elif cap.hi and (one.hi is None or one.hi > cap.hi):
                mg[ingredient] = Span(min(one.lo, cap.hi), cap.hi)
                notes.append("held to the most allowed in one intake")
    for ratio in items(line, "maxDosePerPeriod"):
        top, days = obj(ratio, "numerator"), plain.duration_days(obj(ratio, "denominator"))
        value = number(top, "value", 1e6)
        if not value or not days or has_sign(top):
            continue
        _, cap_mg = in_mg(Span(value, value), top, product, notes)
        for ingredient, cap in cap_mg.items():
            one = mg.get(ingredient)
            if one and one.hi and cap.hi:
                most = cap.hi / days / one.hi
                times = Span(min(times.lo, most), most if times.hi is None else min(times.hi, most))
                notes.append("held to the most allowed in a day")
            elif not one and cap.hi:
                # Nothing but a limit: up to that much, in any number of intakes.
                mg[ingredient] = Span(0.0, cap.hi / days)
                times = Span(0.0, 1.0)
                notes.append("only the most allowed in a day is given")
    return mg, times
