"""Which amount of a name belongs to which ingredient: by the product, by where it stands, never by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import isclose
from typing import Literal, NamedTuple

from ...content.medicine_names import Names, key_of
from .cover import Cover, Item
from .tokens import TO_MG, Amount, Amounts

Per = Literal["unit", "ml", "h"]
MOST_MG = 1e6


class Strength(NamedTuple):
    """Milligrams of an ingredient in one unit (tablet, film, spray), one millilitre, or one hour of a patch."""

    mg: float
    per: Per


def partner_of(ingredients: Sequence[str], amounts: Amounts, names: Names) -> tuple[str, ...]:
    """The product that "hydrocodone 10/325" must be: its ingredients, where only one product has such strengths."""
    if len(ingredients) != 1 or len(amounts.numbers) < 2:
        return ()
    found = [
        order
        for together, products in names.sold_together.items()
        if ingredients[0] in together and len(together) == len(amounts.numbers)
        for order, strengths in products
        if _arranged(order, strengths, amounts.numbers)
    ]
    sets = {frozenset(order) for order in found}
    return found[0] if len(sets) == 1 else ()


def bare_strength(cover: Cover, items: Sequence[Item], names: Names) -> dict[str, Strength]:
    """The strength that a bare number behind a name is ("Valium 10"): only where a product of that name comes in so many mg,
    and in nothing else of that number. Of several ingredients it is that of the lead."""
    if cover.plain is None:
        return {}
    ingredients = list(dict.fromkeys(i for item in items for i in item.sense.ingredients))
    if len(ingredients) > 1:
        amounts = Amounts((Amount(cover.plain, "mg"),), "unit", 1.0)
        return _of_the_lead(items, amounts, names, None) if frozenset(ingredients) in names.sold_together else {}
    keys = [key_of(item.sense.name) for item in items] + [key_of(i.replace("_", " ")) for i in ingredients]
    known = any(isclose(cover.plain, mg) for key in keys for mg in names.alone.get(key, ()))
    return {ingredients[0]: Strength(cover.plain, "unit")} if known and ingredients else {}


def strengths_of(cover: Cover, items: Sequence[Item], names: Names, injected: bool) -> dict[str, Strength]:
    """The strength of each ingredient, as far as it is sure. Empty where numbers and ingredients do not fit together."""
    ordered = list(dict.fromkeys(i for item in items for i in (item.sense.ingredients or (item.sense.name,))))
    if not ordered or not cover.amounts:
        return {}
    size = cover.size_ml if injected else None
    amounts = cover.amounts[0][1]
    if len(cover.amounts) == 1 and len(amounts.numbers) == len(ordered):
        found = _together(ordered, amounts, names, size)
    else:
        found = (
            _of_the_lead(items, amounts, names, size)
            if _is_one_of_several(cover, items, ordered)
            else _beside(cover, items, size)
        )
    listed = {i for item in items for i in item.sense.ingredients}
    return {ingredient: strength for ingredient, strength in found.items() if ingredient in listed}


def _together(ordered: list[str], amounts: Amounts, names: Names, size: float | None) -> dict[str, Strength]:
    """Amounts that stand in one row, for as many ingredients."""
    if len(ordered) == 1:
        return _made({ordered[0]: amounts.numbers[0]}, amounts, size)
    products = names.sold_together.get(frozenset(ordered), ())
    known = [strengths for _, strengths in products if strengths]
    for order, strengths in products:
        fit = _arranged(order, strengths, amounts.numbers, ordered)
        if fit:
            return _made(dict(fit), amounts, size)
    if known and amounts.per != "ml":
        return {}  # a product of known strengths, and not these: a day's amount, or numbers of something else
    if not any(one.unit for one in amounts.numbers):
        return {}
    return _made(dict(zip(ordered, amounts.numbers, strict=True)), amounts, size)


def _is_one_of_several(cover: Cover, items: Sequence[Item], ordered: Sequence[str]) -> bool:
    """Whether a single amount stands behind the names of several ingredients: "hydrocodone/apap 10 mg"."""
    at, amounts = cover.amounts[0]
    behind = all(item.at < at for item in items)
    return len(cover.amounts) == 1 == len(amounts.numbers) and len(ordered) > 1 and behind


def _of_the_lead(items: Sequence[Item], amounts: Amounts, names: Names, size: float | None) -> dict[str, Strength]:
    """An amount behind several ingredients is that of the only one that stands second beside no other, if the product comes
    in it."""
    ingredients = list(dict.fromkeys(i for item in items for i in item.sense.ingredients))
    leads = [i for i in ingredients if not (known := names.senses.get(key_of(i))) or not known.short]
    if len(leads) != 1:
        return {}
    found = _made({leads[0]: amounts.numbers[0]}, amounts, size)
    products = names.sold_together.get(frozenset(ingredients), ())
    sold = {row[order.index(leads[0])] for order, rows in products for row in rows}
    return found if not found or not sold or found[leads[0]].mg in sold or amounts.per != "unit" else {}


def _arranged(
    order: Sequence[str],
    strengths: Sequence[Sequence[float]],
    numbers: Sequence[Amount],
    first: Sequence[str] = (),
) -> tuple[tuple[str, Amount], ...]:
    """Each ingredient of a product with its number, if the product comes in those strengths: as written first."""
    given = [one.value * (TO_MG.get(one.unit or _common(numbers), 1.0)) for one in numbers]
    written = [list(order).index(i) for i in first] if set(first) == set(order) else list(range(len(order)))
    tries = [tuple(written), *permutations(range(len(order)))]
    for places in tries:
        for known in strengths:
            if all(isclose(known[place], mg, rel_tol=0.011) for place, mg in zip(places, given, strict=True)):
                return tuple((order[place], one) for place, one in zip(places, numbers, strict=True))
    return ()


def _common(numbers: Sequence[Amount]) -> str:
    return next((one.unit for one in reversed(numbers) if one.unit), "mg")


def _beside(cover: Cover, items: Sequence[Item], size: float | None) -> dict[str, Strength]:
    """Each amount belongs to the name before it; a first one without a name before it, to the next."""
    found: dict[str, Strength] = {}
    for at, amounts in cover.amounts:
        before = [item for item in items if item.at < at]
        item = before[-1] if before else items[0]
        mine = item.sense.ingredients
        if len(mine) != len(amounts.numbers):
            continue
        for ingredient, strength in _made(dict(zip(mine, amounts.numbers, strict=True)), amounts, size).items():
            if ingredient in found and found[ingredient] != strength:
                return {}  # two amounts of one ingredient
            found[ingredient] = strength
    return found


def _made(of: dict[str, Amount], amounts: Amounts, size: float | None) -> dict[str, Strength]:
    """Strengths in mg. A unit that is no mass gives none; a syringe of a known size is one unit."""
    common = _common(amounts.numbers)
    made: dict[str, Strength] = {}
    for ingredient, one in of.items():
        factor = TO_MG.get(one.unit or common)
        if factor is None or amounts.many <= 0 or one.value <= 0:
            return {}
        mg, per = one.value * factor / amounts.many, amounts.per
        if per == "ml" and size:
            mg, per = mg * size, "unit"
        if mg > MOST_MG:
            return {}
        made[ingredient] = Strength(round(mg, 9), per)
    return made
