"""Instrument scores from answers that may be incomplete: a blank is never 0, it widens the score to a range.

The instruments are data (``content/instruments/``). A blank item counts as its lowest value for the lower
bound and its highest for the upper one; nothing is prorated. Source: section D (rows D-ORT to D-DSM, D2, D3, D7, D8,
D-R1, D-R2, D-N8, D-N9) and rows J23, J24, J44, J47 of the facts sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from math import ceil, floor, isfinite
from typing import Final

from ..content.models import Instrument
from ..language import Range
from ..language.nearest import did_you_mean

Answers = Mapping[str, int | None]
"""Item id to the value ticked; None, or no entry, is unanswered."""

CSSRS_ITEMS: Final = (
    "wish_dead", "thoughts", "method", "intent", "plan", "behaviour_lifetime", "behaviour_3_months",
)  # fmt: skip
CSSRS_LEVELS: Final = ("none", "low", "moderate", "high")
OUD_CRITERIA: Final = (
    "more_than_meant", "cut_down", "time_spent", "craving", "roles", "social_problems", "given_up",
    "hazardous", "despite_harm", "tolerance", "withdrawal",
)  # fmt: skip
NOT_COUNTED_AS_PRESCRIBED: Final = frozenset({"tolerance", "withdrawal"})
ORT_POINTS: Final[Mapping[str, tuple[int, int]]] = {
    "family_alcohol": (1, 3), "family_illegal": (2, 3), "family_prescription": (4, 4), "own_alcohol": (3, 3),
    "own_illegal": (4, 4), "own_prescription": (5, 5), "age_16_45": (1, 1), "preadolescent_sexual_trauma": (3, 0),
    "adhd_ocd_bipolar_schizophrenia": (2, 2), "depression": (1, 1),
}  # fmt: skip
"""Points of the older ORT by the scoring for women and for men (D2)."""
FIBROMYALGIA_SYMPTOMS: Final = ("fatigue", "unrefreshed", "cognition", "headache", "abdomen", "depression")
OUD_SEVERITY: Final = (("none", 0, 1), ("mild", 2, 3), ("moderate", 4, 5), ("severe", 6, 11))


def total(instrument: Instrument, items: Answers | None = None, typed_total: float | None = None) -> Range:
    """The score of an instrument in its own units: exact when complete, otherwise the lowest to the highest
    still possible, and the whole range when nothing is answered.

    ``typed_total`` is for a locked instrument, or where only the total was recorded. A mean (PEG) is not
    rounded. Raises ValueError, naming instrument, item, value and what is allowed, for an unknown item, a
    value that the item does not have, a total out of range, items of a locked instrument, or a total that
    contradicts the items.
    """
    found = _from_items(instrument, _answered(instrument, items or {}))
    if typed_total is None:
        return found
    _check_total(instrument, typed_total)
    if not round(found.lo, instrument.decimals) <= typed_total <= round(found.hi, instrument.decimals):
        raise ValueError(
            f"{instrument.id}: a total of {typed_total:g} contradicts the items, "
            f"which allow {found.lo:g} to {found.hi:g}"
        )
    return found if found.lo == found.hi else Range(typed_total, typed_total)


def item_value(instrument: Instrument, item: str, items: Answers | None = None) -> Range:
    """One item: its value, or its lowest to highest value while it is unanswered (never 0 for a blank, D-N8).

    Raises ValueError as `total` does.
    """
    answers = _answered(instrument, items or {})
    if item not in answers:
        raise ValueError(_no_item(instrument.id, item, answers))
    return answers[item]


def band(instrument: Instrument, score: Range) -> tuple[str, ...]:
    """The bands that a score may be in, in the order of the instrument; one band for a known score. The score
    is rounded to the instrument's decimals first. Empty for an instrument without bands."""
    lo, hi = (round(end, instrument.decimals) for end in (score.lo, score.hi))
    return tuple(b.id for b in instrument.bands if b.lo <= hi and b.hi >= lo)


# ---- from items to a score ---------------------------------------------------------------------------------


def _answered(instrument: Instrument, items: Answers) -> dict[str, Range]:
    """Every item as a range, in the instrument's order, after checking names and values."""
    if items and not instrument.items:
        raise ValueError(f"{instrument.id}: takes a total only, not items. {instrument.locked_because}".rstrip())
    known = [item.id for item in instrument.items]
    for name in items:
        if name not in known:
            raise ValueError(_no_item(instrument.id, name, known))
    found: dict[str, Range] = {}
    for item in instrument.items:
        value = items.get(item.id)
        if value is None:
            found[item.id] = Range(min(item.values), max(item.values))
        elif value in item.values and (not isinstance(value, bool) or item.values == (0, 1)):
            found[item.id] = Range(int(value), int(value))
        else:
            raise ValueError(_not_allowed(instrument.id, item.id, value, item.values))
    for item in instrument.items:
        for other in item.implies:
            least, most = found[other].lo, found[other].hi
            found[other] = Range(max(least, found[item.id].lo), max(most, found[item.id].hi))
    return found


def _points(instrument: Instrument, items: Mapping[str, Range]) -> list[Range]:
    """The least and the most that each item may add to the total."""
    found = []
    for item in instrument.items:
        span = items[item.id]
        possible = [item.points_of(value) for value in item.values if span.lo <= value <= span.hi]
        found.append(Range(min(possible), max(possible)))
    return found


def _from_items(instrument: Instrument, items: Mapping[str, Range]) -> Range:
    if not items:
        return Range(instrument.lo, instrument.hi)
    if instrument.total == "rule":
        if instrument.id not in _RULES:
            raise ValueError(f"{instrument.id}: no scoring rule of that name in facts/scores.py")
        return _RULES[instrument.id](items)
    if instrument.total == "count":
        return Range(sum(r.lo > 0 for r in items.values()), sum(r.hi > 0 for r in items.values()))
    points = _points(instrument, items)
    if instrument.total == "max":
        return Range(max(r.lo for r in points), max(r.hi for r in points))
    lo, hi = sum(r.lo for r in points), sum(r.hi for r in points)
    return Range(lo / len(items), hi / len(items)) if instrument.total == "mean" else Range(lo, hi)


def _pc_ptsd5(items: Mapping[str, Range]) -> Range:
    """Five yes/no items behind a gate: without exposure the score is 0 (D-PTSD5)."""
    gate = items["exposure"]
    inner = [r for name, r in items.items() if name != "exposure"]
    return Range(sum(r.lo for r in inner) if gate.lo else 0, sum(r.hi for r in inner) if gate.hi else 0)


def _cssrs(items: Mapping[str, Range]) -> Range:
    """The levels as 0 to 3, lowest to highest possible; `cssrs_risk` tells exactly which."""
    levels = [CSSRS_LEVELS.index(level) for level in _cssrs_levels(items)]
    return Range(min(levels), max(levels))


def _ort(items: Mapping[str, Range]) -> Range:
    """The older ORT is weighted by sex; while it is not known how to score, both scorings span the range (D2)."""
    sexes = range(int(items["male"].lo), int(items["male"].hi) + 1)
    lo = (sum(points[sex] * items[name].lo for name, points in ORT_POINTS.items()) for sex in sexes)
    hi = (sum(points[sex] * items[name].hi for name, points in ORT_POINTS.items()) for sex in sexes)
    return Range(min(lo), max(hi))


def _fibromyalgia(items: Mapping[str, Range]) -> Range:
    """1 when the criteria of 2016 are met, 0 when not (D-FM16). More of any item never unmeets them, so the lowest
    and the highest answers give the ends."""

    def met(value: Mapping[str, float]) -> bool:
        symptoms = sum(value[name] for name in FIBROMYALGIA_SYMPTOMS)
        severe = (value["wpi"] >= 7 and symptoms >= 5) or (value["wpi"] >= 4 and symptoms >= 9)
        return bool(severe and value["regions"] >= 4 and value["three_months"])

    return _ends(items, met)


def _medication_overuse(items: Mapping[str, Range]) -> Range:
    """1 when headache days and days of use are those of medication-overuse headache, 0 when not (D-MOH)."""

    def met(value: Mapping[str, float]) -> bool:
        overuse = value["ten_day_drugs"] >= 10 or value["fifteen_day_drugs"] >= 15
        return bool(value["headache_days"] >= 15 and overuse and value["three_months"])

    return _ends(items, met)


def _ends(items: Mapping[str, Range], met: Callable[[Mapping[str, float]], bool]) -> Range:
    lowest, highest = ({name: r.lo for name, r in items.items()}, {name: r.hi for name, r in items.items()})
    return Range(float(met(lowest)), float(met(highest)))


_RULES: Final[Mapping[str, Callable[[Mapping[str, Range]], Range]]] = {
    "pc_ptsd5": _pc_ptsd5,
    "cssrs": _cssrs,
    "ort": _ort,
    "fm16": _fibromyalgia,
    "medication_overuse": _medication_overuse,
}


def _check_total(instrument: Instrument, value: float) -> None:
    fits = isfinite(value) and instrument.lo <= value <= instrument.hi and round(value, instrument.decimals) == value
    if isinstance(value, bool) or not fits:
        kind = "a whole number" if instrument.decimals == 0 else f"a number with {instrument.decimals} decimal"
        raise ValueError(
            f"{instrument.id}: total {value} is not allowed; it must be {kind} "
            f"from {instrument.lo:g} to {instrument.hi:g}"
        )


def _not_allowed(instrument: str, item: str, value: object, allowed: Iterable[int]) -> str:
    return f"{instrument}, {item}: {value!r} is not allowed; allowed are {', '.join(map(str, allowed))}"


def _no_item(instrument: str, item: str, known: Iterable[str]) -> str:
    names = list(known)
    hint = did_you_mean(item, names) or f" It has {', '.join(names)}."
    return f"{instrument}: no item '{item}'.{hint}"


def _yes_no(instrument: str, names: tuple[str, ...], items: Answers) -> dict[str, Range]:
    """Yes/no items of a fixed list as ranges, in its order. Raises ValueError for other names or values."""
    for name, value in items.items():
        if name not in names:
            raise ValueError(_no_item(instrument, name, names))
        if value not in (0, 1, None):
            raise ValueError(_not_allowed(instrument, name, value, (0, 1)))
    values = {name: items.get(name) for name in names}
    return {name: Range(0, 1) if v is None else Range(int(v), int(v)) for name, v in values.items()}


# ---- C-SSRS screener ---------------------------------------------------------------------------------------


def cssrs_risk(items: Answers) -> frozenset[str]:
    """The levels still possible, of none, low, moderate, high: exactly those that some completion of the
    blanks gives.

    1 or 2 low; 3 or behavior at any time moderate; 4, 5, or behavior in the last 3 months high (D-CSSRS,
    J47). Every blank counts as unknown: run `cssrs_complete` first on answers of a screener that skips.
    Raises ValueError for an unknown item or a value other than 0, 1, None.
    """
    return _cssrs_levels(_yes_no("cssrs", CSSRS_ITEMS, items))


def _cssrs_levels(items: Mapping[str, Range]) -> frozenset[str]:
    ways = product(*(sorted({items[name].lo, items[name].hi}) for name in CSSRS_ITEMS))
    return frozenset(_cssrs_level(dict(zip(CSSRS_ITEMS, way, strict=True))) for way in ways)


def _cssrs_level(yes: Mapping[str, float]) -> str:
    if yes["intent"] or yes["plan"] or yes["behaviour_3_months"]:
        return "high"
    if yes["method"] or yes["behaviour_lifetime"]:
        return "moderate"
    return "low" if yes["wish_dead"] or yes["thoughts"] else "none"


def cssrs_complete(items: Answers) -> dict[str, int | None]:
    """All seven items, with 0 where the screener itself does not ask: 3 to 5 after a "no" to 2, the last 3
    months after a "no" to behavior ever (posner2011, its skip instructions). For form and import, so that
    what is stored is whole.

    Raises ValueError for an unknown item or value, or for a "yes" behind such a "no".
    """
    _yes_no("cssrs", CSSRS_ITEMS, items)
    found = {name: items.get(name) for name in CSSRS_ITEMS}
    behind = {"thoughts": ("method", "intent", "plan"), "behaviour_lifetime": ("behaviour_3_months",)}
    for gate, inner in behind.items():
        if found[gate] == 0:
            for name in inner:
                if found[name]:
                    raise ValueError(f"cssrs: {gate} is answered no but {name} yes; ask again, one of them is wrong")
                found[name] = 0
    return found


# ---- OUD criteria ------------------------------------------------------------------------------------------


def oud_criteria(items: Answers, *, as_prescribed: bool | None) -> Range:
    """How many of the 11 criteria are met (0 to 11): at least ``lo``, at most ``hi`` while some are unasked
    (D-R2).

    Tolerance and withdrawal do not count when opioids are taken only under appropriate medical supervision
    (``as_prescribed`` True, D-R1); while that is unknown the range covers both. Software counts, it does not
    diagnose (D-R5). Raises ValueError for an unknown criterion or a value other than 0, 1, None.
    """
    lo = hi = 0.0
    for name, met in _yes_no("oud_criteria", OUD_CRITERIA, items).items():
        sheltered = name in NOT_COUNTED_AS_PRESCRIBED
        lo += 0 if sheltered and as_prescribed is not False else met.lo
        hi += 0 if sheltered and as_prescribed is True else met.hi
    return Range(lo, hi)


def oud_severity(criteria: Range) -> frozenset[str]:
    """The severities that a number of criteria may mean: below 2 none, 2-3 mild, 4-5 moderate, 6 or more
    severe (D-DSM).

    Raises ValueError for a range that leaves 0 to 11 or holds no whole number.
    """
    lo, hi = ceil(criteria.lo), floor(criteria.hi)
    if not 0 <= lo <= hi <= 11:
        raise ValueError(f"{criteria.lo:g} to {criteria.hi:g} is not a number of criteria from 0 to 11")
    return frozenset(name for name, first, last in OUD_SEVERITY if first <= hi and last >= lo)
