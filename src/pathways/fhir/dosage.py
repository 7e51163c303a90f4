"""How much a day: dose, rate and timing of the dosage lines of an order, with what was assumed.

Structured elements and the text of a line are held against each other: where they say different doses, neither is used.
What cannot be reckoned stays open: a bound that is not known is None, never 0. As needed is from none a day to the most
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..content import Content, load_content
from ..intake.dose_text import DoseText, Span, read_dose_text, times_in
from ..intake.doses.measure import lead_of
from ..intake.names import Product
from . import plain
from .plain import Data, code, concept, flag, items, number, obj, text

_MASS = {
    "mg": 1.0,
    "mcg": 0.001,
    "ug": 0.001,
    "µg": 0.001,
    "g": 1000.0,
    "gm": 1000.0,
    "milligram": 1.0,
    "milligrams": 1.0,
    "microgram": 0.001,
    "micrograms": 0.001,
}
_RATE = {
    "mcg/h": 0.001,
    "ug/h": 0.001,
    "mcg/hr": 0.001,
    "ug/hr": 0.001,
    "mg/h": 1.0,
    "mg/hr": 1.0,
    "mcg/hour": 0.001,
    "[ug]/h": 0.001,
}
_VOLUME = {"ml": 1.0, "milliliter": 1.0, "milliliters": 1.0, "cc": 1.0, "l": 1000.0, "tsp": 5.0, "teaspoon": 5.0}
_CODES = {
    "qd": 1.0,
    "daily": 1.0,
    "am": 1.0,
    "pm": 1.0,
    "qhs": 1.0,
    "hs": 1.0,
    "bed": 1.0,
    "bid": 2.0,
    "tid": 3.0,
    "qid": 4.0,
    "qod": 0.5,
    "wk": 1 / 7,
    "mo": 1 / 30,
    "q1h": 24.0,
    "q2h": 12.0,
    "q3h": 8.0,
    "q4h": 6.0,
    "q6h": 4.0,
    "q8h": 3.0,
    "q12h": 2.0,
    "q24h": 1.0,
}

UNKNOWN = Span(0.0, None)


@dataclass(frozen=True)
class Intake:
    """What is taken: milligrams of each ingredient in one intake, intakes a day, or the hourly rate of a patch.

    ``mg`` and ``rate`` are the most of one intake; ``mg_min`` is the part of it that is taken at the least (1 = all).
    """

    mg: Mapping[str, float] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)
    per_day: Span = UNKNOWN
    as_needed: bool | None = None
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Readings of one dose that do not agree; none of them is used."""


@dataclass(frozen=True)
class _Line:
    units: Span | None
    mg: dict[str, Span]
    times: Span
    as_needed: bool | None
    sequence: float | None
    notes: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


def read_dosage(lines: Sequence[Data], product: Product, content: Content | None = None) -> Intake:
    """All dosage lines of one order together."""
    content = content or load_content()
    read = [_line(line, product, content) for line in lines]
    found = _together(lines, read, product)
    conflicts = tuple(dict.fromkeys(c for line in read for c in line.conflicts))
    return replace(found, conflicts=conflicts) if conflicts else found


def _together(lines: Sequence[Data], read: Sequence[_Line], product: Product) -> Intake:
    patch = product.route == "transdermal" and (
        any(s.per == "h" for s in product.strengths.values()) or not product.strengths
    )
    if patch or any(_rate_of(line) for line in lines):
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


def _joined(spans: Sequence[Span], consecutive: bool) -> Span:
    """Amounts one after the other: from the least to the most. Amounts together: their sum."""
    lows = [s.lo for s in spans]
    highs = [s.hi for s in spans if s.hi is not None]
    hi = None if len(highs) < len(spans) else max(highs) if consecutive else sum(highs)
    return Span(min(lows) if consecutive else sum(lows), hi)


def _times(read: Sequence[_Line], consecutive: bool) -> Span:
    lo, hi = _joined([line.times for line in read], consecutive)
    return Span(min(lo, 100.0), hi if hi is None or hi <= 100 else None)


def _needed(given: Sequence[bool | None]) -> bool | None:
    return True if True in given else False if given and all(g is False for g in given) else None


# ---- patches ------------------------------------------------------------------------------------------------


def _rate_of(line: Data) -> float | None:
    """An hourly rate in mg that a line states, not by a count of patches."""
    for part in items(line, "doseAndRate") or (line,):
        rate = obj(part, "rateQuantity")
        for quantity in (rate, obj(part, "doseQuantity")):
            factor = _RATE.get(code(quantity, "code")) or _RATE.get(code(quantity, "unit").replace(" ", ""))
            value = number(quantity, "value", 1e6)
            if factor and value:
                return value * factor
        top, bottom = obj(part, "rateRatio", "numerator"), obj(part, "rateRatio", "denominator")
        factor = _MASS.get(code(top, "code")) or _MASS.get(code(top, "unit"))
        value, hours = number(top, "value", 1e6), plain.duration_days(bottom)
        if factor and value and hours:
            return value * factor / (hours * 24)
    return None


def _patch(lines: Sequence[Data], read: Sequence[_Line], product: Product) -> Intake:
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


def _line(line: Data, product: Product, content: Content) -> _Line:
    notes: list[str] = []
    conflicts: list[str] = []
    needed = flag(line, "asNeededBoolean")
    if concept(line, "asNeededCodeableConcept") or items(line, "asNeededFor"):
        needed = True
    said = text(line, "text", most=500) or text(line, "patientInstruction", most=500)
    words = read_dose_text(said, product, content) if said else None
    if needed is None and words is not None and words.as_needed:
        needed = True
    units, mg = _dose(line, product, notes)
    times = _timing(obj(line, "timing"), notes, conflicts, content)
    given = bool(units or mg), times is not None
    mg, times = _most(line, product, mg, times or Span(0.0, None), notes)
    if words is not None and not conflicts:
        structured = _Line(units, mg, times, needed, None, ())
        merged = _with_text(structured, given, words, said, product, content)
        units, mg, times = merged.units, merged.mg, merged.times
        notes += merged.notes
        conflicts += merged.conflicts
    if conflicts:
        units, mg, times = None, {}, UNKNOWN
    return _Line(units, mg, times, needed, number(line, "sequence", 1e6), tuple(notes), tuple(conflicts))


def _with_text(
    line: _Line, given: tuple[bool, bool], words: DoseText, said: str, product: Product, content: Content
) -> _Line:
    """A line with what its text says: in the place of what the structure leaves out, else held against it.

    ``given`` is whether the structure says an amount, and how often.
    """
    shown = said if len(said) <= 80 else said[:77] + "..."
    spoken = _spoken(words, product)
    if given == (False, False):
        if not words.understood:
            return replace(line, notes=(_not_understood(words, shown),))
        if spoken is None:
            return replace(line, notes=(f"the text says no dose of a day: {words.why or shown}",))
        how = f"dose read from the text of the order: {shown}"
        return replace(spoken, notes=(how, words.why) if words.why else (how,))
    if given == (True, False) and words.understood:
        often = times_in(said, content)
        if often is not None:
            return replace(line, times=often, notes=("times a day read from the text of the order",))
    day, told = _day(line), _day(spoken) if spoken else None
    if given == (True, False) and words.understood and spoken is not None and told is not None:
        if _agree(_one(line), _one(spoken)) is False:
            return replace(line, conflicts=(f"the amount of one intake and the text do not agree: {shown}",))
        if told.hi is not None:
            return replace(spoken, notes=("times a day read from the text of the order",))
    if given == (False, True) and words.understood and spoken is not None and spoken.mg:
        if told is not None and told.hi is not None and spoken.times.hi is not None:
            if _agree(line.times.hi, spoken.times.hi) is False:
                return replace(line, conflicts=(f"how often and the text do not agree: {shown}",))
            return replace(spoken, notes=("dose read from the text of the order",))
        return replace(line, units=spoken.units, mg=spoken.mg, notes=("dose read from the text of the order",))
    if given != (True, True) or not words.says_dose:
        return replace(line, notes=() if words.understood else (_not_understood(words, shown),))
    return _held_against(line, words, shown, day, spoken)


def _held_against(line: _Line, words: DoseText, shown: str, day: Span | None, spoken: _Line | None) -> _Line:
    """A structured dose and a text that says one too."""
    whole = _day(spoken, words.before_limits) if spoken else None
    told = _day(spoken) if spoken else None
    if words.understood and words.open and told is not None and told.hi is None:
        return replace(line, times=Span(0.0, None), notes=(f"the text leaves more open: {shown}",))
    if day is None or day.hi is None or told is None or told.hi is None:
        return replace(line, notes=() if words.understood else (_not_understood(words, shown),))
    close = _agree(day.hi, told.hi) or (whole is not None and whole.hi is not None and _agree(day.hi, whole.hi))
    lows = line.as_needed or words.as_needed or day.lo <= told.lo * 1.011 or _agree(day.lo, told.lo)
    if not close or not lows:
        both = f"{day.lo:g} to {day.hi:g} mg a day by the structure, {told.lo:g} to {told.hi:g} mg by the text"
        return replace(line, conflicts=(f"structure and text differ, neither is used: {both} ({shown})",))
    if told.hi < day.hi * 0.989:
        assert line.times.hi is not None
        part = told.hi / day.hi
        held = Span(min(line.times.lo, line.times.hi * part), line.times.hi * part)
        return replace(line, times=held, notes=("held to the most allowed in the text",))
    return line


def _not_understood(words: DoseText, shown: str) -> str:
    left = ", ".join(f"'{word}'" for word in words.left[:3])
    return f"the text of the order is not understood ({left or words.why}): {shown}"


def _spoken(words: DoseText, product: Product) -> _Line | None:
    """What a text says as a line; None where it says no amount."""
    if words.unit == "patch":
        worn = words.patches_at_once
        sure = worn.hi is not None and worn.hi - worn.lo < 1e-6
        return _Line(Span(worn.lo, worn.hi if sure else None), {}, Span(1.0, 1.0), None, None, ())
    if not words.one:
        return None
    per = {"unit": "unit", "ml": "ml"}.get(words.unit)
    mg = {i: s.mg * words.one for i, s in product.strengths.items() if s.per == per}
    if words.unit == "mg":
        lead = lead_of(product, None)
        mg = {lead: words.one} if lead else {}
    amounts = {i: Span(round(a, 9), round(a, 9)) for i, a in mg.items()}
    units = Span(words.one, words.one) if words.unit == "unit" else None
    lo, hi = words.day
    times = Span(lo / words.one, None if hi is None else hi / words.one)
    return _Line(units, amounts, times, None, None, ())


def _day(line: _Line, other: Span | None = None) -> Span | None:
    """Milligrams a day of the ingredient that there is most of, or units; None without an amount. ``other``: the units of
    a day that stand in the place of the line's own."""
    one = _one(line)
    if not one:
        return None
    least = one if not line.mg else min(a.lo for a in line.mg.values() if a.hi == one)
    lo, hi = line.times
    if other is not None and line.times.hi:
        scale = (
            other.hi / (line.times.hi * (line.units.hi if line.units and line.units.hi else 1.0)) if other.hi else None
        )
        if scale is None or line.units is None:
            return None
        hi = line.times.hi * scale
    return Span(least * lo, None if hi is None else one * hi)


def _one(line: _Line) -> float | None:
    """One intake at the most: in mg, or in units where no strength is known."""
    amounts = [a.hi for a in line.mg.values() if a.hi]
    return max(amounts) if amounts else line.units.hi if line.units else None


def _agree(one: float | None, other: float | None) -> bool | None:
    """Whether two numbers are the same as written; None where one is not known."""
    if one is None or other is None:
        return None
    return abs(one - other) <= 0.02 * max(abs(one), abs(other))


def _dose(line: Data, product: Product, notes: list[str]) -> tuple[Span | None, dict[str, Span]]:
    """Units of one intake, and milligrams of each ingredient in it."""
    for part in items(line, "doseAndRate") or (line,):
        quantity = obj(part, "doseQuantity") or obj(part, "doseSimpleQuantity")
        if quantity:
            lo = hi = number(quantity, "value", 1e6)
        else:
            low, high = obj(part, "doseRange", "low"), obj(part, "doseRange", "high")
            if not low and not high:
                continue
            lo, hi = number(low, "value", 1e6), number(high, "value", 1e6)
            quantity = high or low
            lo = 0.0 if lo is None else lo
        if hi is None and not lo:
            continue
        if hi is not None and (lo is None or lo > hi):
            notes.append("dose range upside down")
            lo, hi = (hi, lo) if lo is not None else (0.0, hi)
        if hi == 0:
            notes.append("a dose of 0 says nothing")
            continue
        return _in_mg(Span(lo or 0.0, hi), quantity, product, notes)
    return None, {}


def _in_mg(amount: Span, quantity: Data, product: Product, notes: list[str]) -> tuple[Span | None, dict[str, Span]]:
    unit = (code(quantity, "code") or code(quantity, "unit")).strip("{}[] ")
    word = code(quantity, "unit").strip("{}[] ")
    if unit in _MASS or word in _MASS:
        factor = _MASS.get(unit) or _MASS[word]
        if len(product.ingredients) == 1 or len(product.active) == 1:
            ingredient = product.ingredients[0] if len(product.ingredients) == 1 else product.active[0]
            if len(product.ingredients) > 1:
                notes.append(f"the dose in mg is read as {ingredient}")
            return None, {ingredient: _scaled(amount, factor)}
        notes.append("a dose in mg of a product with several ingredients")
        return None, {}
    if unit in _VOLUME or word in _VOLUME:
        ml = _scaled(amount, _VOLUME.get(unit) or _VOLUME[word])
        mg = {i: _scaled(ml, s.mg) for i, s in product.strengths.items() if s.per == "ml"}
        if not mg:
            notes.append("a dose in mL of a product without a strength per mL")
        return None, mg
    if unit in ("mcg/h", "ug/h", "mg/h", "%") or "/" in unit:
        return None, {}
    mg = {i: _scaled(amount, s.mg) for i, s in product.strengths.items() if s.per == "unit"}
    if product.ingredients and not mg and not any(s.per == "h" for s in product.strengths.values()):
        notes.append("the strength is not known")
    return amount, mg


def _scaled(amount: Span, factor: float) -> Span:
    return Span(round(amount.lo * factor, 9), None if amount.hi is None else round(amount.hi * factor, 9))


def _timing(timing: Data, notes: list[str], conflicts: list[str], content: Content) -> Span | None:
    """Intakes a day; None where the timing says nothing. The code and the repeat have to say the same."""
    repeat = obj(timing, "repeat")
    found = _repeat(repeat, notes)
    named = concept(timing, "code")
    words = [c.code.lower() for c in named.codes] + [t.lower() for t in named.texts]
    coded = next((Span(_CODES[w], _CODES[w]) for w in words if w in _CODES), None)
    if coded is None and named.text:
        coded = times_in(named.text, content)
    if found is None or coded is None or (_agree(found.hi, coded.hi) and _agree(found.lo, coded.lo)):
        return coded if found is None else found
    if found.hi is not None and coded.hi is not None and max(found.hi, coded.hi) > 1.01:
        told = f"{coded.hi:g} a day by its code, {found.hi:g} by its numbers"
        conflicts.append(f"how often does not agree with itself, neither is used: {told}")
    return found


def _repeat(repeat: Data, notes: list[str]) -> Span | None:
    week = [d for d in plain.strings(repeat, "dayOfWeek") if d]
    part_of_week = len(set(week)) / 7 if 0 < len(set(week)) < 7 else 1.0
    times = plain.strings(repeat, "timeOfDay")
    if times:
        return Span(len(set(times)) * part_of_week, len(set(times)) * part_of_week)
    unit = repeat.get("periodUnit")
    period, longest = plain.per_days(repeat.get("period"), unit), plain.per_days(repeat.get("periodMax"), unit)
    if period is None:
        if "period" in repeat or "periodUnit" in repeat:
            notes.append("how often is not understood")
            return None
        events = [w for w in plain.strings(repeat, "when") if w]
        if events:
            return Span(len(set(events)) * part_of_week, len(set(events)) * part_of_week)
        if "frequency" in repeat:
            notes.append("a frequency without a period")
        return None
    few = number(repeat, "frequency", 1000)
    if few is None:
        if repeat.get("frequency") is not None:
            notes.append("how often is not understood")
            return None
        few = 1.0  # FHIR: the default
    if few == 0:
        notes.append("a frequency of 0 says nothing")
        return None
    many = number(repeat, "frequencyMax", 1000) or few
    lo, hi = few / max(longest or period, period), max(few, many) / period
    events = [w for w in plain.strings(repeat, "when") if w]
    if len(set(events)) > 1 and few == 1 == many:
        lo = hi = len(set(events)) / period  # FHIR: tied to the union of the events
    return Span(lo * part_of_week, hi * part_of_week)


def _most(
    line: Data, product: Product, mg: dict[str, Span], times: Span, notes: list[str]
) -> tuple[dict[str, Span], Span]:
    """Hold the dose to the most that the line allows in a day or in one intake."""
    for ratio in items(line, "maxDosePerPeriod"):
        top, days = obj(ratio, "numerator"), plain.duration_days(obj(ratio, "denominator"))
        value = number(top, "value", 1e6)
        if not value or not days:
            continue
        _, cap_mg = _in_mg(Span(value, value), top, product, notes)
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
