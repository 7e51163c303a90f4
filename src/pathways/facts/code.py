"""Facts that are computed: dose sums, criteria counted, dates. Arithmetic only; what counts is decided by the
content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from ..content import Content
from ..content import models as m
from ..language import Range, Value
from ..language.kleene import any_of, opposite
from ..profile import Medicine, Observation, Profile, span
from . import scores
from .membership import current, excluded, in_class, ingredients_of, purpose_of
from .mme import MmeResult, OpioidDose, daily_mme, per_day
from .mme import daily_mg as sum_mg
from .observed import earlier, span_within

if TYPE_CHECKING:
    from .derive import _Work

Computed = tuple[Value, tuple[str, ...]]


def taken_within(entry: Medicine, as_of: date | None, days: int) -> bool | None:
    """Whether a medicine was taken at any time in the last ``days`` days. A proposed one was not."""
    if entry.state == "proposed":
        return False
    if entry.state == "current":
        return True
    if as_of is None:
        return None
    if entry.stop is not None:
        first, last = span(entry.stop)
        return None if first > as_of else span_within(first, last, as_of, days)  # stopped, but not yet: a mistake
    if entry.start is not None and entry.supply_days is not None:
        first, last = (min(earlier(end, -entry.supply_days), as_of) for end in span(entry.start))
        return span_within(first, last, as_of, days)
    return None


def mme_of(profile: Profile, content: Content) -> MmeResult:
    """MME a day over the current and proposed opioids of a profile, by the content's default edition (rows E-1
    to E-13).

    A list that is not complete leaves the upper bound open, unless opioids were asked and none but the listed
    are taken.
    """
    edition = next((e for e in content.mme_editions.values() if e.default), next(iter(content.mme_editions.values())))
    doses = []
    counted = content.known("medicine_class", "any opioid")
    opioids = content.class_members(counted)
    for entry in profile.medicines:
        if entry.state == "stopped":
            continue
        member = in_class(content, entry, counted)
        if member is False or entry.source == "nonprescribed":
            continue  # what was not prescribed has no known dose; an answer tells of it
        found = [i for i in ingredients_of(content, entry) if i in opioids]
        least, most = per_day(entry.per_day_min, entry.per_day_max, entry.as_needed)
        for ingredient in found or [entry.medicine_class or "unrecognized"]:
            doses.append(
                OpioidDose(
                    ingredient=ingredient,
                    amount=entry.dose.get(ingredient) or None,
                    unit=entry.unit,
                    per_day_min=least,
                    per_day_max=most,
                    route=entry.route or ("transdermal" if entry.unit == "mcg/h" else "oral"),
                    purpose=purpose_of(content, entry),
                    label=entry.label,
                )
            )
    return daily_mme(doses, edition)


def mme_bound(profile: Profile, content: Content, result: MmeResult, upper: bool) -> Computed:
    """The upper, or the lower, MME a day as a fact, and the entries that count. None while it is not known whether any
    opioid is taken."""
    opioids = [content.known("medicine_class", name) for name in ("any opioid", "opioids for pain")]
    paths = tuple(
        f"medicines.{n}"
        for n, entry in enumerate(profile.medicines)
        if entry.state != "stopped" and in_class(content, entry, opioids[0]) is not False
    )
    listed = (
        bool(paths)
        or profile.complete.medicines != "no"
        or any(excluded(content, cls, profile.asked_none.medicines) for cls in opioids)
    )
    top = 5000.0
    if not listed:
        return None, ()
    hi = top if result.hi is None else min(result.hi, top)
    lo = min(result.lo or 0.0, hi)
    if upper:
        # The upper bound is one plain number for the rules; open above when something could not be counted.
        return Range(round(lo if result.hi is None else hi, 4), round(hi, 4)), paths
    return Range(round(lo, 4), round(hi if result.hi is None else lo, 4)), paths


def daily_mg(profile: Profile, content: Content, ingredient: str) -> tuple[float, float | None, tuple[str, ...]]:
    """Least and most mg a day of one ingredient over all current products, and the entries counted (row E-1, J28).

    The most is None (not known) when an entry says no dose, or when the list may lack products.
    """
    doses, paths = [], []
    classes = content.medicines[ingredient].classes
    asked = any(excluded(content, cls, profile.asked_none.medicines) for cls in classes)
    open_end = profile.complete.medicines == "no" and not asked
    for n, entry in current(profile, "current"):
        found = ingredients_of(content, entry)
        if ingredient in found:
            paths.append(f"medicines.{n}")
            least, most = per_day(entry.per_day_min, entry.per_day_max, entry.as_needed)
            doses.append(OpioidDose(ingredient, entry.dose.get(ingredient) or None, entry.unit, least, most))
        elif not found and may_hold(content, entry, ingredient):
            open_end = True
    day = sum_mg(doses)
    return day.lo, (None if open_end else day.hi), tuple(paths)


def may_hold(content: Content, entry: Medicine, ingredient: str) -> bool:
    """Whether an entry without known ingredients may hold this one."""
    if entry.medicine_class is not None:
        return ingredient in content.class_members(entry.medicine_class)
    classes = content.medicines[ingredient].classes
    return "*" not in entry.none_of and not any(excluded(content, cls, entry.none_of) for cls in classes)


def _criteria(work: _Work, fact: m.Fact) -> tuple[tuple[Range, ...], tuple[str, ...]]:
    """The number of criteria by each of the newest assessments (two on one day may differ); empty when not known."""
    instrument = work.content.instruments[fact.instrument or ""]
    newest = work.observed.newest(instrument.id, instrument.valid_days)
    if newest is None:
        # "Assessed, none" and "in remission" are statements about the criteria: at most one is met now.
        assessed = work.content.known("answer", "assessment of OUD")
        status = work.profile.answers.get(assessed, "not said")
        if {"none", "remission"}.issuperset([status] if isinstance(status, str) else status):  # type: ignore[arg-type]
            return (Range(0, 1),), (f"answers.{assessed}",)
        return (), ()
    prescribed = taken_as_prescribed(work.profile, work.content)
    counts = tuple(criteria_of(instrument, seen, prescribed) for _, seen in newest)
    return counts, tuple(f"observations.{n}" for n, _ in newest)


def criteria_of(instrument: m.Instrument, seen: Observation, as_prescribed: bool | None) -> Range:
    """How many criteria one assessment finds: from its items, or as a typed total (half a criterion says nothing)."""
    if isinstance(seen.value, (int, float)) and seen.value == int(seen.value) and not seen.items:
        return Range(float(seen.value), float(seen.value))
    return scores.criteria_met(instrument, seen.items, as_prescribed=as_prescribed)


def taken_as_prescribed(profile: Profile, content: Content) -> bool | None:
    """Whether opioids are taken only under medical supervision, as agreed: then tolerance and withdrawal do
    not count."""
    beyond = [profile.answers.get(a.id) for a in content.answers.values() if a.beyond_prescription]
    return opposite(any_of(one if isinstance(one, bool) else None for one in beyond))


def _oud_criteria(work: _Work, fact: m.Fact) -> Computed:
    counts, paths = _criteria(work, fact)
    return (Range(min(c.lo for c in counts), max(c.hi for c in counts)) if counts else None), paths


def _oud_severity(work: _Work, fact: m.Fact) -> Computed:
    counts, paths = _criteria(work, fact)
    instrument = work.content.instruments[fact.instrument or ""]
    return (frozenset().union(*(scores.severity(instrument, c) for c in counts)) if counts else None), paths


def _suicide_risk(work: _Work, fact: m.Fact) -> Computed:
    instrument = work.content.instruments[fact.instrument or ""]
    newest = work.observed.newest(instrument.id, instrument.valid_days)
    if newest is None:
        return None, ()
    levels = (suicide_risk_of(instrument, seen) for _, seen in newest)
    return frozenset().union(*levels), tuple(f"observations.{n}" for n, _ in newest)


def suicide_risk_of(instrument: m.Instrument, seen: Observation) -> frozenset[str]:
    """The levels that one screen may mean: from its items, or as a typed total (0 none to 3 high)."""
    if isinstance(seen.value, (int, float)) and seen.value == int(seen.value) and not seen.items:
        return frozenset({instrument.bands[int(seen.value)].id})
    return scores.suicide_risk(instrument, seen.items)


def _days_between(work: _Work, fact: m.Fact) -> Computed:
    """Days from the newest entry of one measure to the next planned one of another (row B-A11)."""
    last, coming = work.observed.last(fact.measure or ""), work.observed.next(fact.until or "")
    if last is None or coming is None:
        return None, ()
    return Range((coming[0] - last[1]).days, (coming[1] - last[0]).days), (*last[2], *coming[2])


def _mme_upper(work: _Work, _: m.Fact) -> Computed:
    return mme_bound(work.profile, work.content, work.mme, True)


def _mme_lower(work: _Work, _: m.Fact) -> Computed:
    return mme_bound(work.profile, work.content, work.mme, False)


FUNCTIONS: Mapping[str, Callable[[_Work, m.Fact], Computed]] = {
    "mme_upper": _mme_upper,
    "mme_lower": _mme_lower,
    "criteria_met": _oud_criteria,
    "severity_by_criteria": _oud_severity,
    "suicide_risk_level": _suicide_risk,
    "days_between": _days_between,
}
"""The functions that a fact of kind ``code`` may name."""
OF_DOSES = frozenset({"mme_upper", "mme_lower"})
"""Those that add up the doses of the medicines list."""
