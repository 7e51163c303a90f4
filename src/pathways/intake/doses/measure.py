"""Amounts of a dose text in the units of the product: tablets (or films, patches), millilitres, or milligrams where the
strength is not known. Two amounts of one intake have to agree; where they do not, there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...content import Content
from ..names import Product
from .grammar import Quantity

BARE = 8  # a number without a unit is tablets up to here
SCHEMA = 4  # and in a scheme of times of day (1-0-2) up to here


class Span(NamedTuple):
    """From ``lo`` to ``hi``; ``hi`` None is not known."""

    lo: float
    hi: float | None


class Amount(NamedTuple):
    """From ``lo`` to ``hi``, both known, in the base of the product."""

    lo: float
    hi: float


@dataclass(frozen=True)
class Measure:
    """What one unit of the product holds. ``base`` is the unit that everything is reckoned in; ``mg`` the milligrams of
    the ingredient that a dose in mg speaks of (``lead``) in one base unit, None where not known."""

    base: Literal["unit", "ml", "patch", "mg"]
    lead: str | None
    mg: float | None
    strengths: tuple[float, ...]
    at_once: float
    """More in one intake is a slip of the pen or another unit."""

    def of(self, quantity: Quantity) -> Amount | None:
        """The amount in base units; None where it cannot be told."""
        lo, hi = quantity.lo, quantity.hi
        match quantity.kind:
            case "count":
                return Amount(lo, hi) if self.base in ("unit", "patch") else None
            case "bare":
                return Amount(lo, hi) if self.base in ("unit", "patch") and not self._mistaken(quantity) else None
            case "schema":
                return Amount(lo, hi) if self.base in ("unit", "patch") and not self._in_mg(quantity) else None
            case "mass":
                return self._by_mass(lo, hi)
            case "labelled" if quantity.label is None:
                return self._by_mass(lo, hi)
            case "volume" | "labelled":  # a spoonful of so many mL
                return Amount(lo, hi) if self.base == "ml" else None
            case "in_volume" if self.base == "ml" and quantity.label:
                same = self.mg is not None and _near(lo / quantity.label, self.mg)
                return Amount(quantity.label, quantity.label) if same else None
            case "hourly" if self.base == "patch" and self.mg:
                return Amount(lo / self.mg, hi / self.mg)
        return None

    def _by_mass(self, lo: float, hi: float) -> Amount | None:
        if self.base == "mg":
            return Amount(lo, hi)
        return Amount(lo / self.mg, hi / self.mg) if self.mg else None

    def _mistaken(self, quantity: Quantity) -> bool:
        """Whether a number without a unit may be milligrams: in figures as large as a strength, or too many tablets."""
        many = quantity.hi > BARE
        like = any(_near(quantity.hi, s) or _near(quantity.lo, s) for s in self.strengths if s > 1)
        return many or (quantity.figures and like)

    def _in_mg(self, quantity: Quantity) -> bool:
        """Whether the numbers of a scheme may be milligrams: too many for tablets, or each of them so many strengths."""
        numbers = [number for number in quantity.pair or () if number]
        if max(numbers, default=0.0) > SCHEMA:
            return True
        parts = any(number != int(number) for number in numbers)
        like = [s for s in self.strengths if s > 1 or (s < 1 and parts)]
        return any(all(_near(number, s * max(round(number / s), 1)) for number in numbers) for s in like)

    def is_strength(self, quantity: Quantity) -> bool:
        """Whether an amount is only the strength of the product, said again."""
        if quantity.kind == "strength" or self.is_pair(quantity):
            return self.is_pair(quantity)
        if quantity.kind in ("mass", "labelled", "hourly") and quantity.lo == quantity.hi:
            return any(_near(quantity.lo, s) for s in self.strengths)
        if quantity.kind in ("in_volume", "a_volume") and quantity.label:
            return self.mg is not None and _near(quantity.lo / quantity.label, self.mg)
        return False

    def is_pair(self, quantity: Quantity) -> bool:
        """Whether two numbers are the strengths of a combined product: "5-325 mg", "5/325"."""
        pair = quantity.pair
        if pair is None or len(pair) != 2 or len(self.strengths) < 2 or pair[0] == pair[1]:
            return False
        return all(any(_near(number, strength) for strength in self.strengths) for number in pair)

    def times_strength(self, quantity: Quantity) -> float | None:
        """How many units two numbers are, as a multiple of the strengths of a combined product in their order: "16-4 mg"
        of 8-2 mg is two."""
        pair = quantity.pair
        if pair is None or len(pair) != 2 or self.mg is None or len(self.strengths) != 2 or not self.mg:
            return None
        other = next((s for s in self.strengths if s != self.mg), None)
        many = pair[0] / self.mg
        if other is None or not _near(pair[1] / other, many) or many * 4 != int(many * 4):
            return None
        return many

    def one_intake(self, said: Sequence[Quantity]) -> tuple[Amount | None, str]:
        """The amount of one intake that is said in one or several ways, and why there is none."""
        counts: list[Quantity] = []
        others: list[Quantity] = []
        for n, quantity in enumerate(said):
            if quantity.kind in ("strength", "a_volume") or self.is_pair(quantity) or self.times_strength(quantity):
                many = self.times_strength(quantity)
                if many is not None and many != 1:
                    others.append(Quantity("count", many, many))
                elif not self.is_strength(quantity):
                    return None, "a strength that is not that of the product"
            elif quantity.kind == "labelled" and n and said[n - 1].kind == "bare":
                if quantity.label == 0.0:  # two 5 ml spoonfuls
                    counts[-1:] = [Quantity("volume", said[n - 1].lo * quantity.lo, said[n - 1].hi * quantity.hi)]
                elif self.strengths and not self.is_strength(quantity):
                    return None, "a strength that is not that of the product"
                else:
                    counts[-1:] = [Quantity("count", said[n - 1].lo, said[n - 1].hi)]
            elif quantity.kind in ("count", "bare", "schema", "volume"):
                counts.append(quantity)
            else:
                others.append(quantity)
        found = [self.of(quantity) for quantity in counts]
        if found and None in found:
            return None, "a number without a unit, or a unit that the product does not have"
        for quantity in others:
            amount = self.of(quantity)
            each = bool(found) and not quantity.whole and self.is_strength(quantity)
            if amount is None and not each:
                if not (found and self.mg is None and self.base == "unit"):
                    return None, "an amount that cannot be brought into the unit of the product"
            elif amount and not each:
                found.append(amount)
        known = [amount for amount in found if amount]
        if not known and len(said) == 1 and self.base == "unit" and self.times_strength(said[0]) == 1:
            return Amount(1.0, 1.0), ""  # 8-2 mg daily
        if not known:
            return None, ""
        if any(not _same(known[0], amount) for amount in known):
            return None, "two amounts that do not agree"
        if self.base in ("unit", "patch") and known[0].hi > self.at_once:
            return None, f"{known[0].hi:g} at once, which nobody would take"
        return known[0], ""


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.011 * max(abs(one), abs(other))


def _same(one: Amount, other: Amount) -> bool:
    return _near(one.lo, other.lo) and _near(one.hi, other.hi)


def measure_of(product: Product, content: Content) -> Measure:
    """How amounts of a product are reckoned."""
    strengths = product.strengths
    most = content.mme_edition.believable.at_once
    per = {s.per for s in strengths.values()}
    lead = lead_of(product, content)
    mg = strengths[lead].mg if lead and lead in strengths else None
    values = tuple(s.mg for s in strengths.values())
    if per == {"h"} or (not strengths and product.route == "transdermal"):
        # The strength of a patch may be said in mcg (25) or in mg an hour (0.025).
        return Measure("patch", lead, mg, values, most)
    if per == {"ml"}:
        return Measure("ml", lead, mg, (), most)
    if strengths:
        return Measure("unit", lead, mg, values, most)
    return Measure("unit", lead, None, (), most)


def lead_of(product: Product, content: Content | None) -> str | None:
    """The ingredient that a dose in mg speaks of: the only one, the only one that does not stand second beside an opioid,
    or the one that another of them is added to (buprenorphine with naloxone)."""
    for listed in (product.ingredients, product.active):
        if len(listed) == 1:
            return listed[0]
    if content:
        listed = tuple(i for i in product.ingredients if i in content.medicines)
        found = [i for i in listed if set(content.medicines[i].purpose_with) & set(listed)]
        if len(found) == 1:
            return found[0]
    return None
