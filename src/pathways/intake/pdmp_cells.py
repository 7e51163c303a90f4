"""The cells of a PDMP export: numbers with or without a unit, days in the order that the whole file shows, and a drug with its
strength and form from other columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from math import isclose
from typing import Literal, NamedTuple

from ..content import Content
from .names import Product, read_name
from .names.tokens import TO_MG, tokens_of

Order = Literal["day", "month"]
_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(
    r"(?:(?P<m1>[a-z]{3})[a-z]*\.?[ -]+(?P<d1>\d{1,2})|(?P<d2>\d{1,2})[ -]+(?P<m2>[a-z]{3})[a-z]*\.?)[, -]+(?P<y>\d{4})$"
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:Z|[+-]\d{2}:?\d{2})?$", re.I)


# ---- numbers ------------------------------------------------------------------------------------------------

_COUNTS = {
    "", "ea", "each", "un", "unit", "units", "tab", "tabs", "tablets", "cap", "caps", "capsules", "films", "patch", "patches",
    "strips", "loz", "lozenges", "pills", "supp", "suppository", "suppositories", "syringes", "pens", "sprays", "ct", "count",
    "01", "1",
}  # fmt: skip  # words, read across
_MILLILITRES = {
    "ml": 1.0, "mls": 1.0, "milliliter": 1.0, "milliliters": 1.0, "millilitre": 1.0, "millilitres": 1.0, "cc": 1.0,
    "02": 1.0, "2": 1.0, "l": 1000.0, "liter": 1000.0, "liters": 1000.0, "litre": 1000.0, "litres": 1000.0, "dl": 100.0,
    "cl": 10.0,
}  # fmt: skip  # words, read across


class Amount(NamedTuple):
    """A quantity: how many units or millilitres, which of them (None: not said), and the unit where it is neither."""

    value: float
    of: Literal["units", "ml"] | None = None
    other: str = ""


def number(cell: str) -> float | None:
    """A number above 0 as written, with a thousands comma or a decimal one; None for anything else."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", cell.strip())
    plain = re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", plain)
    if not re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", plain):
        return None
    return float(plain) or None


def amount(cell: str, unit: str) -> Amount | None:
    """A quantity with its unit, which stands behind it or in a column of its own; None for no number above 0."""
    found = re.fullmatch(r"\s*([\d.,]+)\s*([a-z]*)\.?\s*", cell, re.I)
    value = number(found[1]) if found else None
    if found is None or value is None:
        return None
    words = [word for word in (found[2].lower(), unit.strip().strip(".").lower()) if word]
    made: set[tuple[str, float]] = set()
    for word in words:
        if word in _COUNTS or f"{word}s" in _COUNTS:
            made.add(("units", 1.0))
        elif word in _MILLILITRES:
            made.add(("ml", _MILLILITRES[word]))
        else:
            return Amount(value, None, word)
    if not made:
        return Amount(value)
    if len(made) > 1:
        return Amount(value, None, " and ".join(words))
    [(of, factor)] = made
    return Amount(round(value * factor, 6), "ml" if of == "ml" else "units")


def days_of(cell: str) -> float | None:
    """Days' supply: "30", "30 days"."""
    return number(re.sub(r"\s*(?:days?|d)\.?\s*$", "", cell, flags=re.I))


# ---- days ---------------------------------------------------------------------------------------------------


class DayOrders(NamedTuple):
    """In which order days are written in a file, by the sign between their parts; ``guessed`` where nothing shows it."""

    by_sign: dict[str, Order | None]
    guessed: bool


def orders_in(cells: Iterable[str]) -> DayOrders:
    """The order of day and month in a file as a whole: one day above 12 shows it. Without any, dots are day first and the
    others as in the US; days that contradict each other leave the order open."""
    seen: dict[str, set[Order]] = {}
    for cell in cells:
        if found := _PARTS.fullmatch(_day_part(cell)):
            first, sign, second = int(found[1]), found[2], int(found[3])
            shown = seen.setdefault(sign, set())
            if 12 < first <= 31 and second <= 12:
                shown.add("day")
            elif 12 < second <= 31 and first <= 12:
                shown.add("month")
    usual: dict[str, Order] = {".": "day", "/": "month", "-": "month"}
    by_sign = {
        sign: usual[sign] if not shown else next(iter(shown)) if len(shown) == 1 else None
        for sign, shown in seen.items()
    }
    return DayOrders(by_sign, any(not shown for shown in seen.values()))


def _day_part(cell: str) -> str:
    return _TIME.sub("", cell.strip()).strip()


def day_of(cell: str, orders: DayOrders) -> date | None:
    """A day as written; None where it is none, or where the file does not tell which number is the month."""
    plain = _day_part(cell)
    try:
        if re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}", plain):
            year, month, day = (int(part) for part in re.split(r"[-/.]", plain))
            return date(year, month, day)
        if re.fullmatch(r"(?:19|20)\d{6}", plain):
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if found := _PARTS.fullmatch(plain):
            first, sign, second = int(found[1]), found[2], int(found[3])
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            order = orders.by_sign.get(sign)
            if order is None and first != second:
                order = "day" if first > 12 else "month" if second > 12 else None
            if order is None and first != second:
                return None
            return date(year, second, first) if order == "day" else date(year, first, second)
        if found := _WORDS.fullmatch(plain.lower()):
            month = _MONTHS.index((found["m1"] or found["m2"])[:3]) + 1
            return date(int(found["y"]), month, int(found["d1"] or found["d2"]))
    except ValueError:
        return None
    return None


def either_day(cell: str, orders: DayOrders) -> bool:
    """Whether a text is one of two days, and the file does not tell which."""
    found = _PARTS.fullmatch(_day_part(cell))
    return found is not None and day_of(cell, orders) is None and int(found[1]) <= 12 and int(found[3]) <= 12


# ---- the drug -----------------------------------------------------------------------------------------------


class Drug(NamedTuple):
    """The text of a drug with its strength and form, what that says, and what is wrong with it."""

    text: str
    product: Product
    wrong: str = ""


def drug_of(name: str, strength: str, unit: str, form: str, content: Content) -> Drug:
    """One text of the columns for drug, strength, its unit and the form. A strength that the drug's own text speaks against,
    or a bare number of what is no tablet, is not used."""
    text, wrong = name, ""
    if form and not _says(form, text):
        text = f"{text} {form}"
    bare = not re.search(r"[a-z%]", strength, re.I)
    told = f"{strength} {unit}".strip() if bare and unit else strength
    if strength:
        own, given = _numbers(name), _numbers(told)
        if own and given and not _agree(own, given):
            wrong = f"the drug says {_shown(own)} and the strength column {told}: write the strength that was dispensed"
        elif not own or not given:
            plain = read_name(text, content)
            solid = plain.route in (None, "oral") and not _LIQUID.search(text)
            if bare and not unit and not solid:
                wrong = f"strength '{strength[:20]}' without its unit: write it like 25 mcg/hr or 5 mg/5 mL"
            elif told.casefold() not in name.casefold() or not _numbers(name):
                text = f"{_without_bare(name, strength)}{text[len(name) :]} {told}{' mg' if bare and not unit else ''}"
    return Drug(text[:200], read_name(text[:200], content), wrong)


_LIQUID = re.compile(
    r"\b(sol|soln|solution|liq|liquid|syr|syrp|syrup|susp|suspension|elix|elixir|conc|concentrate|drops)\b", re.I
)


def _says(form: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", text, re.I))


def _without_bare(name: str, strength: str) -> str:
    """A name without the bare number at its end that the strength column says again."""
    return re.sub(rf"\s{re.escape(strength)}$", "", name) if strength else name


def _numbers(text: str) -> tuple[tuple[float, str], ...]:
    """The amounts of a text, each with its unit; one without takes that of the row."""
    found: list[tuple[float, str]] = []
    for token in tokens_of(text):
        if token.amounts is not None:
            common = next((one.unit for one in reversed(token.amounts.numbers) if one.unit), "")
            found += [(one.value, one.unit or common) for one in token.amounts.numbers]
        elif token.kind == "number" and text.strip() == token.text:
            found.append((float(token.text.replace(",", ".")), ""))
    return tuple(found)


def _agree(own: Sequence[tuple[float, str]], given: Sequence[tuple[float, str]]) -> bool:
    """Whether every amount of one text is among those of the other, as numbers."""
    few, many = sorted((own, given), key=len)
    return all(any(_same(one, other) for other in many) for one in few)


def _same(one: tuple[float, str], other: tuple[float, str]) -> bool:
    if one[1] in TO_MG and other[1] in TO_MG:
        return isclose(one[0] * TO_MG[one[1]], other[0] * TO_MG[other[1]], rel_tol=0.001)
    return isclose(one[0], other[0], rel_tol=0.001) and (not one[1] or not other[1] or one[1] == other[1])


def _shown(numbers: Sequence[tuple[float, str]]) -> str:
    return "-".join(f"{value:g}" for value, _ in numbers) + (f" {numbers[-1][1]}" if numbers and numbers[-1][1] else "")


# ---- names ----------------------------------------------------------------------------------------------


def words_of(name: str) -> list[str]:
    """The words and numbers of a name, in small letters."""
    return re.findall(r"[^\W\d_]+|\d+", name.casefold())


def prescriber_of(name: str) -> frozenset[str]:
    """The words of a prescriber's name, whatever their order, signs and titles."""
    words = frozenset(words_of(name))
    return words - {"md", "do", "np", "pa", "dr", "dds", "dmd", "dpm", "aprn", "fnp", "rn"} or words
