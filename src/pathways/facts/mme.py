"""Daily morphine milligram equivalents (MME), by a published factor table.

The table is data (``content/mme/``, one file an edition); here is only the arithmetic and what may not be
counted. MME is for screening overdose risk. It never converts one opioid into another, and no step of a taper
is taken from it. Source: CDC 2022 table and notes; rows E1, E-1 to E-13 of the facts sheet; J3, J4, J5, J43,
J46 for the usual mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Literal

from ..content.models import MmeEdition, MmeFactor
from .amounts import UNITS, Daily, Unit, daily_mg, in_words, of_one_day, per_day, sum_of

__all__ = ["Daily", "Line", "MmeResult", "OpioidDose", "daily_mg", "daily_mme", "per_day"]

Purpose = Literal["pain", "oud", "other"]


@dataclass(frozen=True, slots=True)
class OpioidDose:
    """One current opioid: ``amount`` an intake, ``per_day_min`` to ``per_day_max`` intakes a day.

    None is unknown. For a patch ``amount`` is its strength with unit ``mcg/h`` and the intakes are not read;
    two patches worn together are two doses. As needed is ``per_day_min=0``. Give only what is taken now:
    nothing stopped or held (E-13). An amount of 0 says nothing about the dose and counts as not known. Raises
    ValueError for NaN, infinity, a negative number, or a minimum over the maximum.
    """

    ingredient: str
    amount: float | None
    unit: Unit | None
    per_day_min: float | None = None
    per_day_max: float | None = None
    route: str | None = None
    purpose: Purpose | None = None
    label: str = ""

    def __post_init__(self) -> None:
        what = self.label or self.ingredient
        if self.unit not in (*UNITS, None):
            raise ValueError(f"{what}: unit {self.unit!r} is not one of {', '.join(UNITS)}")
        for name in ("amount", "per_day_min", "per_day_max"):
            value: float | None = getattr(self, name)
            if value is not None and not (isfinite(value) and value >= 0):
                raise ValueError(f"{what}: {name} is {value}; it must be a number of 0 or more, or left blank")
        if self.per_day_max is not None and (self.per_day_min or 0) > self.per_day_max:
            raise ValueError(f"{what}: at least {self.per_day_min} but at most {self.per_day_max} a day")


@dataclass(frozen=True, slots=True)
class Line:
    """What was made of one dose. ``lo`` and ``hi`` in MME a day, None where no bound can be given; ``factor``
    is the one of the upper bound; ``arithmetic`` the sum in words ("oxycodone 10 mg × 4 a day × 1.5 = 60"),
    empty if there is none."""

    label: str
    reason: str
    lo: float | None = None
    hi: float | None = None
    factor: float | None = None
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class MmeResult:
    """Total MME a day. ``hi`` is None as soon as one dose cannot be counted; ``lo`` is then what could be
    counted, and None if that is nothing at all. ``not_counted`` is left out on purpose: it changes
    neither."""

    lo: float | None
    hi: float | None
    counted: tuple[Line, ...]
    not_counted: tuple[Line, ...]
    not_calculable: tuple[Line, ...]
    edition: str
    note: str


def daily_mme(doses: Sequence[OpioidDose], edition: MmeEdition, beside: Sequence[Line] = ()) -> MmeResult:
    """The daily MME of all doses together, overlapping prescriptions added (E-1, E-13), in the order given.

    ``beside`` are opioids that are named and never counted, such as what was not prescribed.
    Refuses what the edition does not list: not calculable, never 0 (E1). Leaves out what the edition leaves
    out (buprenorphine E-4, methadone for OUD E-5). Raises ValueError if a total is too large to be a number.
    """
    left_out: list[Line] = [*beside]
    refused: list[Line] = []
    counted: list[Line] = []
    listed: dict[str, list[OpioidDose]] = {}
    judged: list[tuple[OpioidDose, str | None, str]] = []
    for dose in doses:
        apart = _left_out(dose, edition)
        reason = "" if apart is not None else _refusal(dose, edition) or unbelievable(dose, edition)
        judged.append((dose, apart, reason))
        if not (apart or reason):
            listed.setdefault(dose.ingredient, []).append(dose)
    totals = {ingredient: _total(those, edition) for ingredient, those in listed.items()}
    for dose, apart, reason in judged:
        label = dose.label or dose.ingredient
        if apart is not None:
            left_out.append(Line(label, apart))
        elif reason:
            refused.append(Line(label, reason))
        else:
            line = _line(dose, totals[dose.ingredient], edition)
            (refused if line.hi is None else counted).append(line)
    known = [line.lo for line in (*counted, *refused) if line.lo is not None]
    lo = None if refused and not known else sum_of(known)
    hi = None if refused else sum_of(line.hi for line in counted if line.hi is not None)
    if refused:
        note = f"upper bound unknown: {len(refused)} not calculable"
    elif left_out:
        note = "the others are listed apart" if counted else "none counted; listed apart"
    else:
        note = "" if counted else "none in the list"
    return MmeResult(lo, hi, tuple(counted), tuple(left_out), tuple(refused), edition.id, note)


def _left_out(dose: OpioidDose, edition: MmeEdition) -> str | None:
    """Why the edition leaves this dose out (its keys are "ingredient" or "ingredient:purpose"); None if
    not."""
    by_purpose = edition.left_out.get(f"{dose.ingredient}:{dose.purpose}")
    return edition.left_out.get(dose.ingredient, by_purpose)


def _maybe_left_out(dose: OpioidDose, edition: MmeEdition) -> bool:
    """Whether another purpose would leave this dose out, and it is not known to be for pain (E-5)."""
    return dose.purpose != "pain" and any(key.startswith(f"{dose.ingredient}:") for key in edition.left_out)


def _refusal(dose: OpioidDose, edition: MmeEdition) -> str:
    """Why the edition has no factor for this dose, in plain words; empty if it has one."""
    rows = [row for row in edition.factors if row.ingredient == dose.ingredient]
    if not rows:
        return f"{edition.title} has no factor for {dose.ingredient}: not calculable, which is not 0"
    routes = " or ".join(sorted({route for row in rows for route in row.routes}))
    if dose.route is None:
        return f"the route is not given; {edition.title} lists {dose.ingredient} {routes} only"
    rows = [row for row in rows if dose.route in row.routes]
    if not rows:
        return f"{edition.title} lists {dose.ingredient} {routes} only, not {dose.route}"
    if dose.unit is not None and not any((row.unit == "mcg/h") == (dose.unit == "mcg/h") for row in rows):
        return f"the factor is for {rows[0].unit}, the dose is in {dose.unit}"
    return ""


def unbelievable(dose: OpioidDose, edition: MmeEdition) -> str:
    """Why a dose is an error to settle and not used: more a day, or more intakes, than is believable; empty if it is not.
    The least factor of its ingredient decides, so that a sliding scale makes no error of a dose."""
    most = edition.believable
    if dose.unit != "mcg/h" and (dose.per_day_max or 0) > most.units:
        return f"{in_words(dose.per_day_max or 0, dose.per_day_max)} a day: {SETTLE}"
    rows = [row for row in edition.factors if row.ingredient == dose.ingredient and dose.route in row.routes]
    mg = of_one_day(dose).hi
    if not rows or mg is None or mg * min(row.factor for row in rows) <= most.mme:
        return ""
    mme = sum_of([mg * min(row.factor for row in rows)])
    return f"{dose.ingredient} {in_words(mg, mg)} {'mcg/h' if dose.unit == 'mcg/h' else 'mg a day'} would be {mme:,.0f} MME: {SETTLE}"


SETTLE = (
    "nobody is thought to take that much, so it is an error to settle and not used; check amount, unit and times a day"
)


def _total(same: Iterable[OpioidDose], edition: MmeEdition) -> Daily:
    """All listed doses of one ingredient together: at least what is surely counted, at most all."""
    both = [(of_one_day(dose), _maybe_left_out(dose, edition)) for dose in same]
    most = [day.hi for day, _ in both if day.hi is not None]
    certain = sum_of(day.lo for day, maybe in both if not maybe)
    return Daily(certain, sum_of(most) if len(most) == len(both) else None)


def _line(dose: OpioidDose, total: Daily, edition: MmeEdition) -> Line:
    """The line of a dose that the edition lists. ``total``: of all listed doses of its ingredient, because a
    sliding scale (methadone in 2016) takes its factor from it."""
    rows = [row for row in edition.factors if row.ingredient == dose.ingredient and dose.route in row.routes]
    maybe = _maybe_left_out(dose, edition)
    lo_mg, hi_mg = of_one_day(dose)
    low_factor = _factor(rows, total.lo) or 0.0
    high_factor = _factor(rows, total.hi)
    lo = 0.0 if maybe else sum_of([lo_mg * low_factor])
    label = dose.label or dose.ingredient
    if hi_mg is None or high_factor is None:
        reason = f"how much {dose.ingredient} a day is not known: no upper bound"
        words = "" if maybe else _arithmetic(dose, low_factor, in_words(lo, None))
        return Line(label, reason, lo or None, None, high_factor, words)
    hi = sum_of([hi_mg * high_factor])
    words = in_words(lo, hi)
    if maybe:
        reason = "purpose not given as pain or OUD: 0 if it treats OUD, counted if it treats pain"
        words = f"up to {in_words(hi, hi)} if for pain, 0 if for OUD"
    elif lo != hi:
        reason = "as needed: a range; the upper bound takes the most allowed in a day"
    else:
        reason = f"factor of {edition.title}"
    return Line(label, reason, lo, hi, high_factor, _arithmetic(dose, high_factor, words))


def _factor(rows: Sequence[MmeFactor], mg: float | None) -> float | None:
    """The factor for a daily total of ``mg``: the lowest step that reaches it. None for no such step, or for
    a total that is not known when the factor depends on it."""
    if mg is None:
        return rows[0].factor if len(rows) == 1 and rows[0].up_to_mg is None else None
    steps = sorted(rows, key=lambda row: inf if row.up_to_mg is None else row.up_to_mg)
    return next((row.factor for row in steps if row.up_to_mg is None or mg <= row.up_to_mg), None)


def _arithmetic(dose: OpioidDose, factor: float, result: str) -> str:
    """The sum as text; empty where the amount is not known."""
    if not dose.amount or dose.unit is None:
        return ""
    text = f"{dose.ingredient} {in_words(dose.amount, dose.amount)} {dose.unit}"
    if dose.unit != "mcg/h":
        text += f" × {in_words(dose.per_day_min or 0, dose.per_day_max)} a day"
    if dose.unit == "mcg":
        text += " ÷ 1000"
    return f"{text} × {in_words(factor, factor)} = {result}"
