"""Facts that are computed: dose sums, criteria counted, dates. Arithmetic only; what counts is decided by the
content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ..content import Content
from ..content import models as m
from ..language import Range, Value
from ..language.kleene import any_of, opposite
from ..profile import Medicine, Observation, Profile, span
from . import organs, scores
from .amounts import sum_of
from .believable import against_name, doubted
from .membership import beyond, current, excluded, in_class, ingredients_of, purpose_of
from .mme import Daily, Line, MmeResult, OpioidDose, daily_mme, per_day, unbelievable
from .mme import daily_mg as sum_mg
from .observed import earlier, span_of, span_within

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


def days_taken(entry: Medicine, as_of: date | None) -> Range | None:
    """For how many days in a row an entry has been taken, counted from its start; None where that is not known."""
    if entry.start is None or as_of is None:
        return None
    first, last = span(entry.start)
    if first > as_of:
        return None
    return Range(float((as_of - min(last, as_of)).days), float((as_of - first).days))


def _times(entry: Medicine) -> tuple[float | None, float | None]:
    """The least and the most intakes a day; none at the least where nobody knows whether it is taken."""
    return per_day(0 if entry.use_unknown else entry.per_day_min, entry.per_day_max, entry.as_needed)


def mme_of(profile: Profile, content: Content) -> MmeResult:
    """MME a day over the current and proposed opioids of a profile, by the content's default edition (rows E-1
    to E-13).

    A list that is not complete leaves the upper bound open, unless opioids were asked and none but the listed
    are taken.
    """
    return mme_of_entries(profile.medicines, content)


def mme_of_entries(entries: Iterable[Medicine], content: Content) -> MmeResult:
    """As `mme_of`, over entries of a medicines list."""
    doses: list[OpioidDose] = []
    apart: list[Line] = []
    counted = content.known("medicine_class", "any opioid")
    for entry in entries:
        if entry.state == "stopped":
            continue
        member = in_class(content, entry, counted)
        if member is False:
            continue
        if entry.source == "nonprescribed":
            content_of_it = "its dose and content" if member else "whether it holds an opioid, and its dose,"
            apart.append(Line(entry.label, f"not prescribed: {content_of_it} cannot be known, so it is not counted"))
            continue
        doses += doses_of(entry, content)
    return daily_mme(doses, content.mme_edition, apart)


def doses_of(entry: Medicine, content: Content) -> list[OpioidDose]:
    """An entry of the list that is an opioid, as doses: one for each opioid in it, or that its name holds beyond that."""
    opioids = content.class_members(content.known("medicine_class", "any opioid"))
    held = [*ingredients_of(content, entry), *beyond(content, entry)]
    names = [i for i in held if i in opioids] or [entry.medicine_class or "unrecognized"]
    doses = (_dose(entry, ingredient, content) for ingredient in names)
    edition = content.mme_edition
    # What MME finds unbelievable it says itself; of any other doubt the amount is not known.
    return [d if unbelievable(d, edition) or not doubted(d, entry, content) else replace(d, amount=None) for d in doses]


def doubts_of(entry: Medicine, content: Content) -> list[str]:
    """Why doses of an entry are errors to settle."""
    held = ingredients_of(content, entry) or (entry.medicine_class or "unrecognized",)
    return [why for i in held if (why := doubted(_dose(entry, i, content), entry, content))]


def _dose(entry: Medicine, ingredient: str, content: Content) -> OpioidDose:
    """The dose of one ingredient of an entry. Where the strength in its name speaks against it, neither is used."""
    least, most = _times(entry)
    amount = entry.dose.get(ingredient) or None
    if amount and any(said.ingredient == ingredient for said in against_name(entry, content)):
        amount = None
    return OpioidDose(
        ingredient=ingredient,
        amount=amount,
        unit=entry.unit,
        per_day_min=least,
        per_day_max=most,
        route=entry.route or ("transdermal" if entry.unit == "mcg/h" else "oral"),
        purpose=purpose_of(content, entry),
        label=entry.label,
    )


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
    day, open_end, paths = listed_mg(profile, content, ingredient)
    return day.lo, (None if open_end else day.hi), paths


def listed_mg(profile: Profile, content: Content, ingredient: str) -> tuple[Daily, bool, tuple[str, ...]]:
    """The mg a day of one ingredient by the entries that hold it, whether more products may, and the entries counted."""
    classes = content.medicines[ingredient].classes
    asked = any(excluded(content, cls, profile.asked_none.medicines) for cls in classes)
    open_end = profile.complete.medicines == "no" and not asked
    for _, entry in current(profile, "current"):
        found = ingredients_of(content, entry)
        if ingredient not in found:
            open_end |= (not found and may_hold(content, entry, ingredient)) or ingredient in beyond(content, entry)
    doses = _listed_doses(profile, content, ingredient)
    return sum_mg(dose for _, dose in doses), open_end, tuple(f"medicines.{n}" for n, _ in doses)


def allowed_mg(profile: Profile, content: Content, ingredient: str) -> float:
    """The most mg a day of one ingredient that the entries with a known dose allow: it may be more, and is not less."""
    days = (sum_mg((dose,)).hi for _, dose in _listed_doses(profile, content, ingredient))
    return sum_of(hi for hi in days if hi is not None)


def _listed_doses(profile: Profile, content: Content, ingredient: str) -> list[tuple[int, OpioidDose]]:
    """What the entries in use hold of an ingredient, each with its place in the list; a doubted amount is not known."""
    found = []
    for n, entry in current(profile, "current"):
        if ingredient in ingredients_of(content, entry):
            dose = _dose(entry, ingredient, content)
            found.append((n, replace(dose, amount=None) if doubted(dose, entry, content) else dose))
    return found


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
        if {"none", "remission"}.issuperset([status] if isinstance(status, str) else status):  # type: ignore[arg-type]  # a choice holds one name or several
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


def measures_read(fact: m.Fact) -> list[str]:
    """The measures that a fact reads, in the order of its ``inputs``."""
    return [which.removeprefix("observations.") for which in fact.inputs]


def _measured(work: _Work, measure: str) -> tuple[Range, tuple[str, ...]] | None:
    """The newest value of a measure as a range (several of one day may differ), and where it stands."""
    known = work.content.measures[measure]
    newest = work.observed.newest(measure, known.valid_days)
    if not newest or any(s.value is None and s.at_least is None and s.at_most is None for _, s in newest):
        return None
    spans = [span_of(known, seen) for _, seen in newest]
    low, high = min(lo for lo, _ in spans), max(hi for _, hi in spans)
    return Range(low, high), tuple(f"observations.{n}" for n, _ in newest)


def _chosen(work: _Work, measure: str) -> tuple[frozenset[str], tuple[str, ...]] | None:
    """The newest choices of a measure, and where they stand."""
    newest = work.observed.newest(measure, work.content.measures[measure].valid_days)
    if not newest or any(seen.value is None for _, seen in newest):
        return None
    return frozenset(str(seen.value) for _, seen in newest), tuple(f"observations.{n}" for n, _ in newest)


def _age_and_sex(work: _Work) -> tuple[Range, organs.Sex] | None:
    """Age in years and sex, where both are known and the formulas for adults hold."""
    age = work.values.get(work.content.known("answer", "age in years"))
    sex = work.values.get(work.content.known("answer", "sex of the person"))
    if not isinstance(age, Range) or not 18 <= age.lo <= age.hi <= 120 or not isinstance(sex, frozenset):
        return None
    if sex == {"female"}:
        return age, "female"
    return (age, "male") if sex == {"male"} else None


def _kidney_filtration(work: _Work, fact: m.Fact) -> Computed:
    """The eGFR as reported (the first input); where none is, by CKD-EPI 2021 from creatinine (the second), age and sex."""
    reported, creatinine_id = measures_read(fact)[:2]
    if measured := _measured(work, reported):
        return measured
    known, creatinine = _age_and_sex(work), _measured(work, creatinine_id)
    if known is None or creatinine is None:
        return None, ()
    value = organs.egfr_of(known[0], creatinine[0], known[1])
    return value, creatinine[1] if value else ()


def _kidney_clearance(work: _Work, fact: m.Fact) -> Computed:
    """Creatinine clearance from creatinine and weight (the third input); without them the eGFR stands in for it."""
    known = _age_and_sex(work)
    creatinine, weight = (_measured(work, name) for name in measures_read(fact)[1:3])
    if known is None or creatinine is None or weight is None:
        return _kidney_filtration(work, fact)
    value = organs.clearance_of(known[0], weight[0], creatinine[0], known[1])
    return (value, (*creatinine[1], *weight[1])) if value else _kidney_filtration(work, fact)


def _liver_class(work: _Work, fact: m.Fact) -> Computed:
    """The Child-Pugh class as reported (the first input); where none is, from bilirubin, albumin, INR, ascites and
    encephalopathy (the others, in this order)."""
    reported, *parts = measures_read(fact)
    if given := _chosen(work, reported):
        return given
    bilirubin, albumin, inr = (_measured(work, name) for name in parts[:3])
    ascites, encephalopathy = (_chosen(work, name) for name in parts[3:])
    if bilirubin is None or albumin is None or inr is None or ascites is None or encephalopathy is None:
        return None, ()
    paths = tuple(path for found in (bilirubin, albumin, inr, ascites, encephalopathy) for path in found[1])
    return organs.child_pugh_of(bilirubin[0], albumin[0], inr[0], ascites[0], encephalopathy[0]), paths


def _body_mass_index(work: _Work, fact: m.Fact) -> Computed:
    """The body mass index as reported (the first input); where none is, from weight and height (the others)."""
    reported, weight_id, height_id = measures_read(fact)
    if measured := _measured(work, reported):
        return measured
    weight, height = _measured(work, weight_id), _measured(work, height_id)
    if weight is None or height is None:
        return None, ()
    return organs.bmi_of(weight[0], height[0]), (*weight[1], *height[1])


FUNCTIONS: Mapping[str, Callable[[_Work, m.Fact], Computed]] = {
    "mme_upper": _mme_upper,
    "mme_lower": _mme_lower,
    "criteria_met": _oud_criteria,
    "severity_by_criteria": _oud_severity,
    "suicide_risk_level": _suicide_risk,
    "days_between": _days_between,
    "kidney_filtration": _kidney_filtration,
    "kidney_clearance": _kidney_clearance,
    "liver_class": _liver_class,
    "body_mass_index": _body_mass_index,
}
"""The functions that a fact of kind ``code`` may name."""
OF_DOSES = frozenset({"mme_upper", "mme_lower"})
"""Those that add up the doses of the medicines list."""
