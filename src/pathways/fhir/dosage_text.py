"""The text of a dosage line beside its structure: in the place of what the structure leaves out, else held against it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..content import Content
from ..intake.dose_text import DoseText, Span, times_in
from ..intake.doses.measure import lead_of
from ..intake.names import Product

UNKNOWN = Span(0.0, None)


@dataclass(frozen=True)
class Line:
    """One dosage line: units of one intake, milligrams of each ingredient in it, intakes a day."""

    units: Span | None
    mg: dict[str, Span]
    times: Span
    as_needed: bool | None
    sequence: float | None
    notes: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


def with_text(
    line: Line, given: tuple[bool, bool], words: DoseText, said: str, product: Product, content: Content
) -> Line:
    """A line with what its text says: in the place of what the structure leaves out, else held against it.

    ``given`` is whether the structure says an amount, and how often.
    """
    shown = _shown(said)
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
    told = _day(spoken) if spoken else None
    if given == (True, False) and words.understood and spoken is not None and told is not None:
        if agree(_one(line), _one(spoken)) is False:
            return replace(line, conflicts=(f"the amount of one intake and the text do not agree: {shown}",))
        if told.hi is not None:
            return replace(spoken, notes=("times a day read from the text of the order",))
    if given == (False, True) and words.understood and spoken is not None and spoken.mg:
        if told is not None and told.hi is not None and spoken.times.hi is not None:
            if agree(line.times.hi, spoken.times.hi) is False:
                return replace(line, conflicts=(f"how often and the text do not agree: {shown}",))
            return replace(spoken, notes=("dose read from the text of the order",))
        return replace(line, units=spoken.units, mg=spoken.mg, notes=("dose read from the text of the order",))
    if not words.says_dose:
        return replace(line, notes=() if words.understood else (_not_understood(words, shown),))
    return _held_against(line, words, said, spoken, content)


def _held_against(line: Line, words: DoseText, said: str, spoken: Line | None, content: Content) -> Line:
    """A structured dose and a text that says one too. A text with a word left over has to say the same all the same."""
    shown = _shown(said)
    day, told = _day(line), _day(spoken) if spoken else None
    if words.open and told is not None and told.hi is None:
        return replace(line, times=UNKNOWN, notes=(f"the text leaves more open: {shown}",))
    if day is None or day.hi is None:
        return replace(line, notes=() if words.understood else (_not_understood(words, shown),))
    if told is None or told.hi is None:
        if not words.understood:
            return replace(line, times=UNKNOWN, notes=(_not_understood(words, shown),))
        often = times_in(said, content) if spoken is None else None
        one = _one(spoken) if spoken else None
        if agree(line.times.hi, often.hi if often else None) is False or agree(_one(line), one) is False:
            return replace(line, conflicts=(f"structure and text differ, neither is used: {shown}",))
        return line
    least, whole = words.before_limits
    scale = told.hi / words.day.hi if words.day.hi else 0.0
    close = agree(day.hi, told.hi) or agree(day.hi, whole * scale if whole is not None else None)
    lows = line.as_needed or words.as_needed or day.lo <= max(told.lo, least * scale) * 1.011
    if not close or not lows:
        both = f"{day.lo:g} to {day.hi:g} mg a day by the structure, {told.lo:g} to {told.hi:g} mg by the text"
        return replace(line, conflicts=(f"structure and text differ, neither is used: {both} ({shown})",))
    if told.hi < day.hi * 0.989 and line.times.hi is not None:
        part = told.hi / day.hi
        held = Span(min(line.times.lo, line.times.hi * part), line.times.hi * part)
        return replace(line, times=held, notes=("held to the most allowed in the text",))
    if told.hi > day.hi * 1.011 and line.times.hi is not None:
        raised = Span(line.times.lo, line.times.hi * told.hi / day.hi)
        return replace(line, times=raised, notes=("up to the most that the text allows, above how often it is taken",))
    return line


def _shown(said: str) -> str:
    return said if len(said) <= 80 else said[:77] + "..."


def _not_understood(words: DoseText, shown: str) -> str:
    left = ", ".join(f"'{word}'" for word in words.left[:3])
    return f"the text of the order is not understood ({left or words.why}): {shown}"


def _spoken(words: DoseText, product: Product) -> Line | None:
    """What a text says as a line; None where it says no amount."""
    if words.unit == "patch":
        worn = words.patches_at_once
        sure = worn.hi is not None and worn.hi - worn.lo < 1e-6
        return Line(Span(worn.lo, worn.hi if sure else None), {}, Span(1.0, 1.0), None, None, ())
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
    return Line(units, amounts, times, None, None, ())


def _day(line: Line) -> Span | None:
    """Milligrams a day of the ingredient that there is most of, or units; None without an amount."""
    one = _one(line)
    if not one:
        return None
    least = min((a.lo for a in line.mg.values() if a.hi == one), default=line.units.lo if line.units else one)
    lo, hi = line.times
    return Span(least * lo, None if hi is None else one * hi)


def _one(line: Line) -> float | None:
    """One intake at the most: in mg, or in units where no strength is known."""
    amounts = [a.hi for a in line.mg.values() if a.hi]
    return max(amounts) if amounts else line.units.hi if line.units else None


def agree(one: float | None, other: float | None) -> bool | None:
    """Whether two numbers are the same as written; None where one is not known."""
    if one is None or other is None:
        return None
    return abs(one - other) <= 0.02 * max(abs(one), abs(other))
