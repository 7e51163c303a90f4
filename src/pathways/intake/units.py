"""Units of laboratory values and measurements: an exact table, and nothing beyond it.

Each measure lists the units that it may come in, as UCUM writes them, with the factor to its own (`content.Measure.units`).
A unit that is not listed leaves the value open: it is never read as ours. Where no unit is given, the value is read only if
it could not be one of the other listed units. Pure Python, no unit library: those at hand fail on ``meq/L``, ``10*3/uL`` and
``mL/min/{1.73_m2}``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ..content import models as m

Comparator = Literal["<", "<=", ">", ">="]
_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_TEXT = re.compile(
    rf"^\s*(?P<sign><=|>=|=<|=>|<|>|≤|≥)?\s*(?P<value>{_NUMBER})\s*(?P<unit>[a-zA-Zµμ%{{\[/(×*].{{0,40}})?$"
)
SIGNS: dict[str, Comparator] = {
    "=<": "<=",
    "=>": ">=",
    "≤": "<=",
    "≥": ">=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
"""The signs before a number, as they are written."""
_SPELLINGS = (
    (r"[\s_]+", ""),
    (r"µ|μ|mc(?=g|mol)", "u"),
    (r"²|\^2|\*\*2|\*2", "2"),
    (r"sq\.?m(?:eters?)?", "m2"),
    (r"millilit(?:er|re)s?", "ml"),
    (r"lit(?:er|re)s?", "l"),
    (r"milliseconds?|msecs?\b", "ms"),
    (r"seconds?|secs?\b", "s"),
    (r"minutes?|mins\b", "min"),
    (r"per", "/"),
    (r"/\(?\{?1[.,]73\.?(?:m2)?(?:bsa)?\}?\)?", "/1.73m2"),
    (r"milliequivalents?", "meq"),
    (r"millimoles?", "mmol"),
    (r"milligrams?", "mg"),
    (r"kilograms?|kgs\b", "kg"),
    (r"grams?|\bgms?\b", "g"),
    (r"pounds?|lbs?\b|\[lbav\]", "lb"),
    (r"inch(?:es)?|\[in[a-z]{1,2}\]", "in"),
    (r"feet|foot|\[ft[a-z]{1,2}\]", "ft"),
    (r"millimet(?:er|re)s?", "mm"),
    (r"centimet(?:er|re)s?", "cm"),
    (r"met(?:er|re)s?\b", "m"),
    (r"mm\[hg\]|torr", "mmhg"),
    (r"\{(?:inr|ratio|score|points?)\}|^inr$|^ratio$", "1"),
)
"""How people and machines write the same unit, small letters: each is brought to one spelling before it is looked up."""


class Quantity(NamedTuple):
    """A number as it was given, with its unit and sign (">", "<" and the like), if it has them."""

    value: float
    unit: str = ""
    sign: Comparator | None = None


class Reading(NamedTuple):
    """A value in the unit of its measure: itself, or what it is at the least and at the most. ``why`` is set where it
    cannot be used, and ``error`` where nobody has such a value."""

    value: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    why: str = ""
    error: bool = False


@lru_cache(maxsize=2000)
def spelled(unit: str) -> str:
    """A unit in the spelling of the table: small letters, one way to write each part."""
    small = unit.strip().casefold()
    for pattern, word in _SPELLINGS:
        small = re.sub(pattern, word, small)
    return small


def quantity_in(text: str) -> Quantity | None:
    """A quantity that is written out: "> 60 mL/min/1.73m2", "4.1". None for any other text."""
    found = _TEXT.match(text)
    if not found:
        return None
    sign = SIGNS.get(found["sign"] or "")
    return Quantity(float(found["value"].replace(",", ".")), (found["unit"] or "").strip(), sign)


def factor_of(measure: m.Measure, unit: str) -> float | None:
    """What a value in this unit is multiplied with; None for a unit that is not in the table of the measure."""
    wanted = spelled(unit)
    return next((factor for known, factor in measure.units.items() if spelled(known) == wanted), None)


def in_its_unit(measure: m.Measure, given: Quantity, adult: bool | None = None) -> Reading:
    """A quantity as a value of a measure: in its unit, inside what is believed of a person. ``adult`` says whether the
    person is one, None where that is not known."""
    factor = factor_of(measure, given.unit) if given.unit else _unsaid(measure, given.value)
    if factor is None:
        word = (
            f"'{given.unit[:40]}' is not a unit that is known here" if given.unit else "no unit, and it may be several"
        )
        return Reading(why=f"{measure.label}: {given.value:g}, {word}")
    exact = given.value * factor
    value = round(exact, measure.decimals)
    lo, hi = believed(measure, adult)
    if given.sign is None and not lo <= value <= hi:
        return Reading(why=unbelieved(measure, exact), error=True)
    if given.sign in (">", ">="):
        return Reading(at_least=min(max(value, lo), hi))
    if given.sign is not None:
        return Reading(at_most=min(max(value, lo), hi))
    return Reading(value=value)


def unbelieved(measure: m.Measure, value: float) -> str:
    """The sentence on a value that nobody has."""
    return (
        f"{measure.label} {value:g} {measure.unit}".rstrip() + ": nobody would believe it; an error to settle, not used"
    )


def believed(measure: m.Measure, adult: bool | None) -> tuple[float, float]:
    """The range that is believed: of an adult a narrower one, where the measure has it."""
    assert measure.lo is not None and measure.hi is not None
    low = measure.adult_lo if adult and measure.adult_lo is not None else measure.lo
    return low, measure.hi


def _unsaid(measure: m.Measure, value: float) -> float | None:
    """The factor of a value without a unit: that of the measure, unless it may as well be in another unit."""
    lo, hi = believed(measure, None)
    fits = {factor for factor in measure.units.values() if lo <= value * factor <= hi}
    # Out of every range it is an error in our own unit; in another unit alone it is left open.
    return 1.0 if fits <= {1.0} else None
