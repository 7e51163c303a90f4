"""Facts that are computed: dose sums, criteria counted, dates. Arithmetic only; what counts is decided by the
content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..conditions import Range, Value
from ..content import Content
from ..profile import Medicine, Profile, span
from . import scores
from .membership import current, excluded, in_class, ingredients_of, purpose_of
from .mme import MmeResult, OpioidDose, daily_mme, per_day
from .mme import daily_mg as sum_mg

if TYPE_CHECKING:
    from .derive import _Work

Computed = tuple[Value, tuple[str, ...]]


def within(when: str | None, as_of: date | None, days: int) -> bool | None:
    """Whether a date lies in the last ``days`` days, both ends included; None when it may or may not.

    A date in the future is not within. Without ``as_of``, or without a date, it cannot be told.
    """
    if when is None or as_of is None:
        return None
    first, last = span(when)
    oldest = as_of - timedelta(days=days)
    if first > as_of or last < oldest:
        return False
    return True if first >= oldest and last <= as_of else None


def taken_within(entry: Medicine, as_of: date | None, days: int) -> bool | None:
    """Whether a medicine was taken at any time in the last ``days`` days. A proposed one was not."""
    if entry.state == "proposed":
        return False
    if entry.state == "current":
        return True
    if entry.stop is not None:
        return within(entry.stop, as_of, days)
    if entry.start is not None and entry.supply_days is not None and as_of is not None:
        last = span(entry.start)[1] + timedelta(days=entry.supply_days)
        return within(min(last, as_of).isoformat(), as_of, days)
    return None


def mme_of(profile: Profile, content: Content) -> MmeResult:
    """MME a day over the current and proposed opioids of a profile, by the content's default edition (rows E-1
    to E-13).

    A list that is not complete leaves the upper bound open, unless opioids were asked and none but the listed
    are taken.
    """
    edition = next((e for e in content.mme_editions.values() if e.default), next(iter(content.mme_editions.values())))
    doses = []
    opioids = content.class_members("opioid")
    for entry in profile.medicines:
        if entry.state == "stopped":
            continue
        member = in_class(content, entry, "opioid")
        if member is False or entry.source == "nonprescribed":
            continue  # what was not prescribed has no known dose; it is told by nonprescribed_opioid_use
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


def _mme_bound(work: _Work, upper: bool) -> Computed:
    result = work.mme
    paths = tuple(
        f"medicines.{n}"
        for n, entry in enumerate(work.profile.medicines)
        if entry.state != "stopped" and in_class(work.content, entry, "opioid") is not False
    )
    listed = (
        bool(paths)
        or work.profile.complete.medicines != "no"
        or any(excluded(work.content, c, work.profile.asked_none.medicines) for c in ("opioid", "opioid_for_pain"))
    )
    top = 5000.0
    if not listed:
        return None, ()
    hi = top if result.hi is None else min(result.hi, top)
    lo = min(result.lo or 0.0, hi)
    if upper:
        # The upper bound is one plain number for the rules; open above when something could not be counted.
        return Range(round(lo if result.hi is None else hi, 4), round(hi, 4)), paths
    return Range(round(lo, 4), round(lo, 4)), paths


def daily_mg(profile: Profile, content: Content, ingredient: str) -> tuple[float, float | None, tuple[str, ...]]:
    """Least and most mg a day of one ingredient over all current products, and the entries counted (row E-1, J28).

    The most is None (not known) when an entry says no dose, or when the list may lack products.
    """
    doses, paths = [], []
    open_end = profile.complete.medicines == "no"
    for n, entry in current(profile, "current"):
        found = ingredients_of(content, entry)
        if ingredient in found:
            paths.append(f"medicines.{n}")
            least, most = per_day(entry.per_day_min, entry.per_day_max, entry.as_needed)
            doses.append(OpioidDose(ingredient, entry.dose.get(ingredient) or None, entry.unit, least, most))
        elif not found and entry.medicine_class is None and "*" not in entry.none_of:
            open_end = True
    day = sum_mg(doses)
    return day.lo, (None if open_end else day.hi), tuple(paths)


def _criteria(work: _Work) -> tuple[Range | None, tuple[str, ...]]:
    newest = work._newest("oud_criteria", work.content.instruments["oud_criteria"].valid_days)
    if newest is None:
        # "Assessed, none" and "in remission" are statements about the criteria: at most one is met now.
        if work.profile.answers.get("oud_status") in ("none", "remission"):
            return Range(0, 1), ("answers.oud_status",)
        return None, ()
    n, seen = newest[0]
    total = float(seen.value) if isinstance(seen.value, (int, float)) else None
    if total is not None and not seen.items:
        return Range(total, total), (f"observations.{n}",)
    return scores.oud_criteria(seen.items, as_prescribed=_as_prescribed(work)), (f"observations.{n}",)


def _as_prescribed(work: _Work) -> bool | None:
    """Whether opioids are taken only under medical supervision, as agreed: then tolerance and withdrawal do
    not count."""
    misuse = work.profile.answers.get("opioid_misuse")
    nonprescribed = work.profile.answers.get("nonprescribed_opioid_use")
    if misuse is True or nonprescribed is True:
        return False
    return True if misuse is False and nonprescribed is False else None


def _oud_criteria(work: _Work) -> Computed:
    return _criteria(work)


def _oud_severity(work: _Work) -> Computed:
    count, paths = _criteria(work)
    return (None, ()) if count is None else (scores.oud_severity(count), paths)


def _cssrs(work: _Work) -> Computed:
    newest = work._newest("cssrs", work.content.instruments["cssrs"].valid_days)
    if newest is None:
        return None, ()
    n, seen = newest[0]
    return scores.cssrs_risk(seen.items), (f"observations.{n}",)


def _injection_to_surgery(work: _Work) -> Computed:
    """Days from the newest XR-naltrexone injection to the next planned surgery (row B-A11)."""
    injection = work._newest("naltrexone_injection", None)
    as_of = work.profile.as_of
    coming = sorted(
        (span(o.date), n)
        for n, o in enumerate(work.profile.observations)
        if o.measure == "surgery" and o.date and as_of and span(o.date)[1] >= as_of
    )
    if not injection or not coming or injection[0][1].date is None:
        return None, ()
    first, last = span(injection[0][1].date)
    (lo, hi), place = coming[0]
    days = Range(max((lo - last).days, 0), max((hi - first).days, 0))
    return days, (f"observations.{injection[0][0]}", f"observations.{place}")


FUNCTIONS: Mapping[str, Callable[[_Work], Computed]] = {
    "mme_per_day": lambda work: _mme_bound(work, True),
    "mme_per_day_min": lambda work: _mme_bound(work, False),
    "oud_criteria": _oud_criteria,
    "oud_severity": _oud_severity,
    "cssrs_risk": _cssrs,
    "injection_to_surgery_days": _injection_to_surgery,
}
"""The functions that a fact of kind ``code`` may name."""
