"""Units of a dose: masses, volumes and hourly rates, what a quantity is in mg, and whether its unit and its code agree."""

from __future__ import annotations

from ..intake.dose_text import Span
from ..intake.names import Product
from .plain import Data, code

MASS = {
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
RATE = {
    "mcg/h": 0.001,
    "ug/h": 0.001,
    "mcg/hr": 0.001,
    "ug/hr": 0.001,
    "mg/h": 1.0,
    "mg/hr": 1.0,
    "mcg/hour": 0.001,
    "[ug]/h": 0.001,
}
VOLUME = {"ml": 1.0, "milliliter": 1.0, "milliliters": 1.0, "cc": 1.0, "l": 1000.0, "tsp": 5.0, "teaspoon": 5.0}
_FORMS = (
    "tab", "tabs", "tablet", "tablets", "tbl", "cap", "caps", "capsule", "capsules", "films", "patch", "patches", "pill",
    "pills", "each", "puff", "puffs", "sprays", "actuation", "drop", "drops", "drp", "suppository", "supp", "lozenge",
    "strip", "unit dose", "sprycap", "ercap", "ertab", "srtab", "tablet(s)", "capsule(s)", "film(s)", "patch(es)",
)  # fmt: skip  # words, read across


def _kind(word: str) -> tuple[str, float] | None:
    """What a unit measures, and in how many of ours; None for a word that is not known."""
    plain = word.strip("{}[] ").replace("(s)", "")
    for name, table in (("mass", MASS), ("volume", VOLUME), ("rate", RATE)):
        factor = table.get(plain) or table.get(plain.replace(" ", ""))
        if factor:
            return name, factor
    return ("form", 1.0) if plain in _FORMS or f"{plain}s" in _FORMS else None


def unit_against_code(quantity: Data) -> str:
    """Why the unit and the code of a quantity cannot both be meant; empty if they can."""
    word, coded = code(quantity, "unit"), code(quantity, "code")
    one, other = _kind(word), _kind(coded)
    if one is None or other is None or one == other:
        return ""
    return f"the unit of the dose is '{word}' and its code '{coded}', neither is used"


def is_mass_or_volume(quantity: Data) -> bool:
    """Whether a quantity is in milligrams or millilitres, and so no number of tablets or patches."""
    kinds = [_kind(code(quantity, name)) for name in ("unit", "code")]
    return any(kind is not None and kind[0] != "form" for kind in kinds)


def has_sign(quantity: Data) -> bool:
    """Whether an amount is said to be more or less than its number: a SimpleQuantity has no comparator, and such an amount
    has no most."""
    return bool(quantity.get("comparator"))


def in_mg(
    amount: Span, quantity: Data, product: Product, notes: list[str], at_once: float = 20.0
) -> tuple[Span | None, dict[str, Span]]:
    unit = (code(quantity, "code") or code(quantity, "unit")).strip("{}[] ")
    word = code(quantity, "unit").strip("{}[] ")
    if unit in MASS or word in MASS:
        return _of_mass(scaled(amount, MASS.get(unit) or MASS[word]), product, notes, at_once)
    if unit in VOLUME or word in VOLUME:
        ml = scaled(amount, VOLUME.get(unit) or VOLUME[word])
        mg = {i: scaled(ml, s.mg) for i, s in product.strengths.items() if s.per == "ml"}
        if not mg:
            notes.append("a dose in mL of a product without a strength per mL")
        return None, mg
    if unit in ("mcg/h", "ug/h", "mg/h", "%") or "/" in unit:
        return None, {}
    mg = {i: scaled(amount, s.mg) for i, s in product.strengths.items() if s.per == "unit"}
    if product.ingredients and not mg and not any(s.per == "h" for s in product.strengths.values()):
        notes.append("the strength is not known")
    return amount, mg


def _of_mass(mg: Span, product: Product, notes: list[str], at_once: float) -> tuple[Span | None, dict[str, Span]]:
    """A dose in mg: of the only ingredient, or of the one that is active; of several by the tablets that it makes."""
    if len(product.ingredients) == 1:
        return None, {product.ingredients[0]: mg}
    lead = product.active[0] if len(product.active) == 1 else None
    solid = {i: s.mg for i, s in product.strengths.items() if s.per == "unit"}
    fits = [i for i, one in solid.items() if _makes_units(mg, one, at_once)]
    if lead and (lead in fits or lead not in solid):
        notes.append(f"the dose in mg is read as {lead}")
        return None, {lead: mg}
    if len(fits) == 1:
        notes.append(f"the dose in mg can only be of {fits[0]}: read as that many tablets")
        units = scaled(mg, 1 / solid[fits[0]])
        return units, {i: scaled(units, one) for i, one in solid.items()}
    notes.append("a dose in mg of a product with several ingredients")
    return None, {}


def _makes_units(mg: Span, one: float, at_once: float) -> bool:
    """Whether an amount is a number of tablets of this strength: in quarters, and as many as are believed at once."""
    ends = [end / one for end in (mg.lo, mg.hi) if end]
    return all(abs(n * 4 - round(n * 4)) <= 0.04 and n + 0.01 >= 0.25 and n <= at_once for n in ends)


def scaled(amount: Span, factor: float) -> Span:
    return Span(round(amount.lo * factor, 9), None if amount.hi is None else round(amount.hi * factor, 9))
