"""What was dispensed for how many days, beside the dose of an order: a third reading that has to agree with it. And the
last day on which the doses of a record were given.

Where a dispense says no dose at all, its quantity over its days' supply is the dose of a day, as CDC reckons it from
dispensing data (CDC 2022, the notes to its conversion file).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..content import Content
from ..intake.dose_text import Span, read_dose_text
from ..intake.names import Product
from ..intake.patches import too_many
from ..intake.supplies import too_long
from . import plain
from .dosage import Intake, amount_in_mg, read_dosage
from .dosage_text import Line
from .dose_units import is_mass_or_volume
from .instructions import in_words, same_dose
from .plain import Data, Days, number

_ROUNDING = 0.12
"""A supply may be a pack or a partial day more or less than the dose for its days."""


def held_to_supply(
    intake: Intake, product: Product, quantity: Data, days: float | None, content: Content, *, dispensed: bool
) -> Intake:
    """The intake held against ``quantity`` over ``days``. Neither is used where they do not agree; as needed may be less
    than the most, never more."""
    most = number(quantity, "value", 1e6)
    if not most or not days or intake.conflicts:
        return intake
    if intake.rate:
        return _patches(intake, product, quantity, most / days, content)
    a_day = {i: mg / days for i, mg in amount_in_mg(quantity, product).items()}
    if not a_day:
        return intake
    if not intake.mg:
        if told := too_long(days, product, content):
            return Intake(as_needed=intake.as_needed, notes=intake.notes, conflicts=(f"{told}: its dose is not used",))
        return _by_supply(intake, product, most / days, dispensed)
    lead = max(sorted(set(a_day) & set(intake.mg)), key=lambda i: a_day[i], default=None)
    if lead is None or intake.per_day.hi is None:
        return intake
    lo, hi = (intake.mg[lead] * times for times in (intake.per_day.lo, intake.per_day.hi))
    supplied = a_day[lead]
    if supplied > hi * (1 + _ROUNDING) or (not intake.as_needed and supplied < lo * (1 - _ROUNDING)):
        words = f"{lo:g} to {hi:g} mg a day by the dose, {supplied:.4g} mg by quantity and days: neither is used"
        return Intake(as_needed=intake.as_needed, notes=intake.notes, conflicts=(words,))
    return intake


def _patches(intake: Intake, product: Product, quantity: Data, a_day: float, content: Content) -> Intake:
    """The rate of a patch held against how many are handed out: nobody wears as many as a patch a day would be."""
    rates = {rate / product.strengths[i].mg for i, rate in intake.rate.items() if i in product.strengths}
    worn = max(rates, default=1.0)
    if is_mass_or_volume(quantity) or not (many := too_many(product, a_day, worn, content)):
        return intake
    words = f"{a_day:.3g} a day by quantity and days, and {many}: how many are worn is not known"
    return Intake(as_needed=intake.as_needed, notes=intake.notes, conflicts=(words,))


def beside_the_dose(intake: Intake, product: Product, words: str, content: Content) -> bool:
    """Whether a note is understood to the last word and says nothing of how much is taken, or only when of a dose that it
    fits: "takes with food", "in the morning with breakfast" of one that is taken once a day."""
    own = read_dose_text(words, product, content)
    if not own.understood or own.open or own.as_needed or own.one is not None or own.day.hi is not None:
        return False
    if not own.says_dose:
        return True
    units = {mg / product.strengths[i].mg for i, mg in intake.mg.items() if i in product.strengths}
    many = next(iter(units)) if len(units) == 1 and {s.per for s in product.strengths.values()} == {"unit"} else None
    taken = Span(many, many) if many else None
    amounts = {i: Span(mg, mg) for i, mg in intake.mg.items()}
    dose = in_words(Line(taken, amounts, intake.per_day, intake.as_needed, None, ()), product)
    if not dose:
        return False
    return same_dose(read_dose_text(dose, product, content), read_dose_text(f"{dose}. {words}", product, content))


def held_to_remarks(intake: Intake, product: Product, said: Sequence[str], content: Content) -> Intake:
    """The intake held against what notes say of a dose: one that is not the same to the last word leaves it open."""
    for words in said:
        other = read_dosage(({"text": words},), product, content)
        same = (other.mg, other.rate, other.per_day) == (intake.mg, intake.rate, intake.per_day)
        if not (same and (other.mg or other.rate) and not other.conflicts):
            told = f"a note says “{words[:160]}”: how much is taken is not known"
            intake = Intake(as_needed=intake.as_needed, notes=intake.notes, conflicts=(*intake.conflicts, told))
    return intake


def _by_supply(intake: Intake, product: Product, units: float, dispensed: bool) -> Intake:
    """A dispense without a dose: quantity over days."""
    strengths: Mapping[str, float] = {i: s.mg for i, s in product.strengths.items() if s.per in ("unit", "ml")}
    silent = intake.notes and all("no dosage" in note for note in intake.notes)
    if not dispensed or not silent or len(strengths) < len(product.ingredients) or units > 100:
        return intake
    per = Span(round(units, 6), round(units, 6))
    return replace(intake, mg=strengths, per_day=per, notes=("dose by quantity over days' supply, as CDC reckons it",))


def last_given(data: Data, start: Days | None, as_of: date) -> Days | None:
    """The last day on which doses of a record were given: the end of its period, or today while that goes on."""
    period = plain.obj(data, "effectivePeriod")
    if not period or start is None or start.first > as_of:
        return None
    end = plain.days(period, "end")
    if end is None:
        going_on = plain.code(data, "status") == "in-progress"
        return Days(as_of, as_of) if going_on else None
    return Days(as_of, as_of) if end.first > as_of else end
