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


def item_value(
    instrument: Instrument, item: str, items: Answers | None = None, typed_total: float | None = None
) -> Range:
    """One item: its value, or its lowest to highest value while it is unanswered (never 0 for a blank, D-N8).

    A total that was recorded bounds a blank of a questionnaire that is summed, by arithmetic: the others add at most and
    at least so much (a PHQ-9 of 26 leaves 2 or 3 for item 9). A total that cannot be bounds nothing;
    where one contradicts the items as a whole, an answer may be too low: what warns stands, what reassures is open.
    Raises ValueError as `total` does.
    """
    answers = _answered(instrument, items or {})
    if item not in answers:
        raise ValueError(_no_item(instrument.id, item, answers))
    found = answers[item]
    if typed_total is None or instrument.total != "sum" or not _fits(instrument, typed_total):
        return found
    whole = _from_items(instrument, answers)
    if not whole.lo <= typed_total <= whole.hi:
        return Range(found.lo, max(next(one.values for one in instrument.items if one.id == item)))
    if found.lo == found.hi:
        return found
    asked = next(one for one in instrument.items if one.id == item)
    others = [span for id, span in _points(instrument, answers).items() if id != item]
    least, most = typed_total - sum(r.hi for r in others), typed_total - sum(r.lo for r in others)
    fits = [v for v in asked.values if found.lo <= v <= found.hi and least <= asked.points_of(v) <= most]
    return Range(min(fits), max(fits)) if fits else found


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


def _points(instrument: Instrument, items: Mapping[str, Range]) -> dict[str, Range]:
    """The least and the most that each item may add to the total, by item id."""
    found = {}
    for item in instrument.items:
        span = items[item.id]
        possible = [item.points_of(value) for value in item.values if span.lo <= value <= span.hi]
        found[item.id] = Range(min(possible), max(possible))
    return found


def _from_items(instrument: Instrument, items: Mapping[str, Range]) -> Range:
    if not items:
        return Range(instrument.lo, instrument.hi)
    if instrument.total == "rule":
        return _RULES[instrument.rule or ""](instrument, items)
    if instrument.total == "count":
        return Range(sum(r.lo > 0 for r in items.values()), sum(r.hi > 0 for r in items.values()))
    points = _points(instrument, items).values()
    if instrument.total == "max":
        return Range(max(r.lo for r in points), max(r.hi for r in points))
    lo, hi = sum(r.lo for r in points), sum(r.hi for r in points)
    return Range(lo / len(items), hi / len(items)) if instrument.total == "mean" else Range(lo, hi)


def _behind_a_gate(instrument: Instrument, items: Mapping[str, Range]) -> Range:
    """Yes/no items behind the first, the gate: without it the score is 0 (D-PTSD5)."""
    gate, *inner = (items[item.id] for item in instrument.items)
    return Range(sum(r.lo for r in inner) if gate.lo else 0, sum(r.hi for r in inner) if gate.hi else 0)


def _suicide_risk_level(_: Instrument, items: Mapping[str, Range]) -> Range:
    """The levels as numbers, lowest to highest possible; `suicide_risk` tells exactly which."""
    levels = _suicide_levels(items)
    return Range(min(levels), max(levels))


def _weighted_by_sex(instrument: Instrument, items: Mapping[str, Range]) -> Range:
    """The older ORT, behind a first item that says whose weights count; while it is blank, both span the range (D2)."""
    first, *others = instrument.items
    sexes = [bool(man) for man in range(int(items[first.id].lo), int(items[first.id].hi) + 1)]
    lo = (sum(item.points_of(items[item.id].lo, man) for item in others) for man in sexes)
    hi = (sum(item.points_of(items[item.id].hi, man) for item in others) for man in sexes)
    return Range(min(lo), max(hi))


def _fibromyalgia_criteria(_: Instrument, items: Mapping[str, Range]) -> Range:
    """1 when the criteria of 2016 are met, 0 when not (D-FM16). More of any item never unmeets them, so the lowest
    and the highest answers give the ends."""

    def met(value: Mapping[str, float]) -> bool:
        places = ("wpi", "regions", "three_months")
        symptoms = sum(points for name, points in value.items() if name not in places)
        severe = (value["wpi"] >= 7 and symptoms >= 5) or (value["wpi"] >= 4 and symptoms >= 9)
        return bool(severe and value["regions"] >= 4 and value["three_months"])

    return _ends(items, met)


def _overuse_limits(_: Instrument, items: Mapping[str, Range]) -> Range:
    """1 when headache days and days of use are those of medication-overuse headache, 0 when not (D-MOH)."""

    def met(value: Mapping[str, float]) -> bool:
        overuse = value["ten_day_drugs"] >= 10 or value["fifteen_day_drugs"] >= 15
        return bool(value["headache_days"] >= 15 and overuse and value["three_months"])

    return _ends(items, met)


def _ends(items: Mapping[str, Range], met: Callable[[Mapping[str, float]], bool]) -> Range:
    lowest, highest = ({name: r.lo for name, r in items.items()}, {name: r.hi for name, r in items.items()})
    return Range(float(met(lowest)), float(met(highest)))


_RULES: Final[Mapping[str, Callable[[Instrument, Mapping[str, Range]], Range]]] = {
    "behind_a_gate": _behind_a_gate,
    "fibromyalgia_criteria": _fibromyalgia_criteria,
    "overuse_limits": _overuse_limits,
    "suicide_risk_level": _suicide_risk_level,
    "weighted_by_sex": _weighted_by_sex,
}


def _fits(instrument: Instrument, value: float) -> bool:
    return isfinite(value) and instrument.lo <= value <= instrument.hi and round(value, instrument.decimals) == value


def _check_total(instrument: Instrument, value: float) -> None:
    if isinstance(value, bool) or not _fits(instrument, value):
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


# ---- C-SSRS screener ---------------------------------------------------------------------------------------


def suicide_risk(instrument: Instrument, items: Answers) -> frozenset[str]:
    """The levels still possible, by the bands of the screener from none to high: exactly those that some completion
    of the blanks gives.

    1 or 2 low; 3 or behavior at any time moderate; 4, 5, or behavior in the last 3 months high (D-CSSRS, J47). Raises
    ValueError for an unknown item or a value other than 0, 1, None.
    """
    return frozenset(instrument.bands[level].id for level in _suicide_levels(_answered(instrument, items)))


def _suicide_levels(items: Mapping[str, Range]) -> frozenset[int]:
    ends = ([(id, end) for end in sorted({r.lo, r.hi})] for id, r in items.items())
    return frozenset(_suicide_level(dict(way)) for way in product(*ends))


def _suicide_level(yes: Mapping[str, float]) -> int:
    if yes["intent"] or yes["plan"] or yes["behaviour_3_months"]:
        return 3
    if yes["method"] or yes["behaviour_lifetime"]:
        return 2
    return 1 if yes["wish_dead"] or yes["thoughts"] else 0


# ---- OUD criteria ------------------------------------------------------------------------------------------


def criteria_met(instrument: Instrument, items: Answers, *, as_prescribed: bool | None) -> Range:
    """How many of the 11 criteria are met (0 to 11): at least ``lo``, at most ``hi`` while some are unasked
    (D-R2).

    Tolerance and withdrawal do not count when opioids are taken only under appropriate medical supervision
    (``as_prescribed`` True, D-R1); while that is unknown the range covers both. Software counts, it does not
    diagnose (D-R5). Raises ValueError for an unknown criterion or a value other than 0, 1, None.
    """
    met = _answered(instrument, items)
    sheltered = {item.id for item in instrument.items if item.unless_prescribed}
    lo = sum(r.lo for name, r in met.items() if name not in sheltered or as_prescribed is False)
    hi = sum(r.hi for name, r in met.items() if name not in sheltered or as_prescribed is not True)
    return Range(lo, hi)


def severity(instrument: Instrument, met: Range) -> frozenset[str]:
    """The severities that a number of criteria may mean: below 2 none, 2-3 mild, 4-5 moderate, 6 or more
    severe (D-DSM).

    Raises ValueError for a range that leaves 0 to 11 or holds no whole number.
    """
    lo, hi = ceil(met.lo), floor(met.hi)
    if not instrument.lo <= lo <= hi <= instrument.hi:
        raise ValueError(f"{met.lo:g} to {met.hi:g} is not a number of criteria from 0 to {instrument.hi:g}")
    return frozenset(band(instrument, Range(lo, hi)))
