"""Doses that nobody is thought to take, and doses that the name of their entry speaks against: errors to settle.

One rule for every ingredient: more than a multiple of the most that a dose limit of the content allows, or, where there is
no such limit, of the dose that a source speaks of; else more than the strongest product of it in as many units as are
believed; and above all no more than an amount that no medicine has. What is not believed is not used.
"""

from __future__ import annotations

from typing import NamedTuple

from ..content import Content, once_per_content
from ..content.medicine_names import names_of
from ..intake.names import read_name
from ..profile import Medicine
from .amounts import in_words, of_one_day
from .membership import own_name, purpose_of
from .mme import SETTLE, OpioidDose, unbelievable

_SLIPS = (10.0, 100.0, 1000.0)
"""How many times too much or too little a decimal point, or another unit, makes of a dose."""


class Said(NamedTuple):
    """The strength in the name of an entry, and the dose beside it, in mg (or mcg an hour)."""

    ingredient: str
    strength: float
    dose: float


def doubted(dose: OpioidDose, entry: Medicine, content: Content) -> str:
    """Why a dose of an entry is an error to settle and not used; empty if it is believed."""
    if reason := unbelievable(dose, content.mme_edition):
        return reason
    amount = _amount(dose)
    most, why = _most(dose, entry, content)
    if amount is None or amount <= most:
        return ""
    unit = "mcg/h" if dose.unit == "mcg/h" else "mg a day"
    return f"{_called(dose.ingredient, content)} {amount:,.10g} {unit}, {why}: {SETTLE}"


def _amount(dose: OpioidDose) -> float | None:
    """What is taken in a day at the most, where not even that is told in one intake."""
    most = of_one_day(dose).hi
    if most is None and dose.amount and dose.unit is not None and dose.per_day_max is None:
        return dose.amount / 1000 if dose.unit == "mcg" else dose.amount
    return most


def _most(dose: OpioidDose, entry: Medicine, content: Content) -> tuple[float, str]:
    """The most of an ingredient that is believed, and against what it was held."""
    believed, patch = content.mme_edition.believable, dose.unit == "mcg/h"
    purpose = purpose_of(content, entry)
    fits = [
        limit
        for limit in content.limits_of(dose.ingredient)
        if limit.when is None  # one for a state of the person is no measure of what anybody takes
        and (not limit.route or dose.route in limit.route)
        and (not limit.purpose or purpose in limit.purpose)
        and (not limit.release or entry.release in limit.release)
    ]
    tops = [top for limit in fits if (top := limit.per_hour if patch else limit.per_day) is not None]
    own = content.believed_of(dose.ingredient, dose.route)
    times = own.times if own and own.times else believed.limits
    if tops:
        return max(tops) * times, f"more than {times:g} times the most that its label allows"
    if own and own.spoken_of and not patch:
        return own.spoken_of * times, f"more than {times:g} times the {own.spoken_of:g} mg that its label speaks of"
    strengths = [] if patch else _sold(content).get(dose.ingredient, ())
    if strengths:
        top = max(strengths) * believed.units
        return top, f"more than {believed.units:g} of its strongest product ({max(strengths):g} mg)"
    return believed.mg, f"more than {believed.mg:,.0f} mg of any medicine"


@once_per_content
def _sold(content: Content) -> dict[str, tuple[float, ...]]:
    """The strengths of an ingredient in the combinations that the content lists."""
    found: dict[str, set[float]] = {}
    for products in names_of(content).sold_together.values():
        for ingredients, strengths in products:
            for row in strengths:
                for ingredient, mg in zip(ingredients, row, strict=True):
                    found.setdefault(ingredient, set()).add(mg)
    return {ingredient: tuple(sorted(all_of_it)) for ingredient, all_of_it in found.items()}


def _called(ingredient: str, content: Content) -> str:
    known = content.medicines.get(ingredient)
    return known.label.lower() if known else ingredient


def against_name(entry: Medicine, content: Content) -> tuple[Said, ...]:
    """The doses of an entry that cannot be a number of the tablets, films or patches that its name speaks of, or that look
    like another unit or a slipped decimal point."""
    if not entry.name or not entry.dose:
        return ()
    per = "h" if entry.unit == "mcg/h" else "unit"
    scale = {"mg": 1.0, "mcg": 0.001, "mcg/h": 0.001}[entry.unit]
    named = read_name(own_name(entry), content)
    said = [
        Said(i, s.mg / scale if per == "h" else s.mg, amount if per == "h" else amount * scale)
        for i, s in named.strengths.items()
        if s.per == per and s.mg > 0 and (amount := entry.dose.get(i))
    ]
    many = entry.per_day_max or 0.0
    if said and all(abs(one.dose * many - one.strength) <= 0.02 * one.strength for one in said):
        return ()  # the name tells the amount of a day
    units = [one.dose / one.strength for one in said]
    alike = all(abs(n - units[0]) <= 0.02 * units[0] for n in units)
    if all(_is_a_number_of(n, per, content) for n in units) and alike:
        return ()
    return tuple(said)


def _is_a_number_of(units: float, per: str, content: Content) -> bool:
    """Whether so many units may be one intake: quarters of a tablet up to as many as are believed at once, whole patches."""
    if any(abs(units * slip - 1) < 0.001 or abs(units / slip - 1) < 0.001 for slip in _SLIPS):
        return False
    part = 1 if per == "h" else 4
    near = abs(units * part - round(units * part)) <= 0.02 * max(units * part, 1)
    return near and round(units * part) >= 1 and units <= content.mme_edition.believable.at_once


def say_against(said: tuple[Said, ...], unit: str, content: Content) -> str:
    """Both readings of a dose in words, and how to mend it."""
    shown = "mcg/h" if unit == "mcg/h" else "mg"
    named = " and ".join(
        f"{_called(one.ingredient, content)} {in_words(one.strength, one.strength)} {shown}" for one in said
    )
    given = " and ".join(f"{in_words(one.dose, one.dose)} {shown}" for one in said)
    return f"the name says {named}, the dose beside it {given} an intake; neither is used: mend the name, or the dose of one intake"
