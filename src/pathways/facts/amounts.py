"""How much a day: intakes times amount, over one or several products. A blank leaves a bound open, it is
never 0.

Source: rows E-1 and E-6 of the facts sheet (as needed: up to the most allowed in a day, shown as a range),
J24, J43.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum, isfinite
from typing import Literal, NamedTuple, Protocol

Unit = Literal["mg", "mcg", "mcg/h"]
UNITS: tuple[Unit, ...] = ("mg", "mcg", "mcg/h")


class Intake(Protocol):
    """Anything with an amount an intake, its unit, and intakes a day; None is unknown."""

    @property
    def amount(self) -> float | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def per_day_min(self) -> float | None: ...
    @property
    def per_day_max(self) -> float | None: ...


class Daily(NamedTuple):
    """An amount a day: at least ``lo``, at most ``hi``; ``hi`` None has no known upper bound."""

    lo: float
    hi: float | None


def daily_mg(doses: Iterable[Intake]) -> Daily:
    """Milligrams a day of one ingredient over all products that hold it (acetaminophen: F2, I-12, J28).

    One blank amount, or a rate in mcg/h, leaves no upper bound. Raises ValueError for a negative or infinite
    sum.
    """
    days = [Daily(0.0, None) if dose.unit == "mcg/h" else of_one_day(dose) for dose in doses]
    highs = [day.hi for day in days if day.hi is not None]
    return Daily(sum_of(day.lo for day in days), sum_of(highs) if len(highs) == len(days) else None)


def per_day(least: float | None, most: float | None, as_needed: bool | None) -> tuple[float | None, float | None]:
    """Intakes a day, least and most, None where not known. As needed starts at none a day unless said (E-6); of what is
    taken by the clock, a single number is both."""
    if least is None and as_needed is not None:
        least = 0.0 if as_needed else most
    return least, most


def of_one_day(dose: Intake) -> Daily:
    """The amount a day in mg; for a rate in mcg/h the rate itself, whatever the interval of change (E1,
    J5)."""
    if dose.unit == "mcg/h":
        return Daily(dose.amount or 0.0, dose.amount or None)
    if dose.unit is None:
        return Daily(0.0, None)  # it might be a patch, whose intakes say nothing
    if dose.per_day_max == 0:
        return Daily(0.0, 0.0)
    if not dose.amount:
        return Daily(0.0, None)
    mg = dose.amount / 1000 if dose.unit == "mcg" else dose.amount
    return Daily(mg * (dose.per_day_min or 0), None if dose.per_day_max is None else mg * dose.per_day_max)


def sum_of(amounts: Iterable[float]) -> float:
    """The sum, the same in any order. Raises ValueError for a sum that is negative, infinite or not a
    number."""
    total = fsum(amounts)
    if not (isfinite(total) and total >= 0):
        raise ValueError(f"a daily amount of {total} is not possible; check amount and intakes a day")
    return round(total, 6)


def in_words(lo: float, hi: float | None) -> str:
    """A number, a range or a lower bound for the page: "60", "0 to 60", "at least 30"; at most four
    decimals."""
    if hi is None:
        return f"at least {_plain(lo)}"
    return _plain(hi) if lo == hi else f"{_plain(lo)} to {_plain(hi)}"


def _plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
