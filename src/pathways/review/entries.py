"""What an entry of the medicines list says by itself: the limits that its dose passes, and the signs it bears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..content import Content
from ..content import models as m
from ..content.dates import days_after
from ..facts import Facts
from ..facts.amounts import in_words
from ..facts.code import allowed_mg, days_taken, listed_mg
from ..facts.membership import ingredients_of, purpose_of, taken_as
from ..facts.verdicts import judge
from ..profile import Medicine, Profile, span
from . import depots
from .directives import Directive, against


class Listed(NamedTuple):
    """An entry of the medicines list: its place, and the classes and ingredients that it surely is."""

    place: int
    entry: Medicine
    classes: frozenset[str]

    @property
    def current(self) -> bool:
        return self.entry.state == "current"

    def asked(self, makes: m.InUse) -> tuple[str, ...]:
        """The question about the entry, where a verdict waits for its answer."""
        return (f"medicines.{self.place}",) if makes in ("verify", "check") else ()


def conditional(
    when: str | None, facts: Facts, content: Content, held: Directive, *, quiet: bool = False
) -> Iterator[Directive]:
    """A directive where its condition is true; where it is not known, what would settle it (unless ``quiet``)."""
    if when is None:
        yield held
        return
    verdict = judge(when, facts, content)
    if verdict.value:
        yield replace(held, because=verdict.because)
    elif verdict.value is None and not quiet:
        makes: m.InUse = "note" if held.makes == "note" else "check"
        yield replace(held, kind="waits_for", makes=makes, asks=verdict.asks, how=None)


def limits(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """The dose limits of its ingredients that are passed, or that may be: by all products of the ingredient together."""
    for ingredient in ingredients_of(content, one.entry):
        found = [d for limit in content.limits_of(ingredient) for d in _held_to(limit, ingredient, one, facts, content)]
        passed = any(d.makes == "change" for d in found)
        more = _in_more(ingredient, content)
        yield from (d for d in found if not (passed and d.label == more))


def _held_to(limit: m.DoseLimit, ingredient: str, one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    over, figure = _over(limit, ingredient, one.entry, facts, content)
    if over is False or not _about(limit, one.entry, content):
        return
    held = against(
        "dose_limit", limit, label=f"{limit.label}{figure}", entry=one.place, strength="stop", makes="change"
    )
    within = limit.per_day is not None and listed_mg(facts.profile, content, ingredient)[0].hi is not None
    for directive in conditional(limit.when, facts, content, held):
        if over:
            yield directive
        elif directive.kind == "speaks_against":
            asked = _asked_for(limit, ingredient, facts, content)
            label = _in_more(ingredient, content) if within else limit.label
            yield replace(directive, kind="waits_for", makes="check", how=None, asks=asked, label=label)
        elif not within:
            yield directive  # else what is listed is within it, and whether it holds here is not known either


def _in_more(ingredient: str, content: Content) -> str:
    """What is asked of a medicine that is within its limit by what is listed: a ceiling would read as a dose to reach."""
    return f"{content.medicines[ingredient].label} in another product too"


def _asked_for(limit: m.DoseLimit, ingredient: str, facts: Facts, content: Content) -> tuple[str, ...]:
    """What would settle whether a limit is passed: the dose or the days of its entries; else what is not recognized."""
    if limit.per_day is None or listed_mg(facts.profile, content, ingredient)[0].hi is None:
        return (f"medicines.{ingredient}",)
    entries = enumerate(facts.profile.medicines)
    return tuple(f"medicines.{n}" for n, entry in entries if entry.state == "current" and unread(entry, content))


def _about(limit: m.DoseLimit, entry: Medicine, content: Content) -> bool:
    """Whether a limit may be about this entry: its route, its purpose and its release fit, or are not known."""
    said = ((limit.route, entry.route), (limit.purpose, purpose_of(content, entry)), (limit.release, entry.release))
    return all(not wanted or known is None or known in wanted for wanted, known in said)


def _over(
    limit: m.DoseLimit, ingredient: str, entry: Medicine, facts: Facts, content: Content
) -> tuple[bool | None, str]:
    """Whether the limit is passed (None: it may be), and the figure in words."""
    if limit.days is not None:
        days = days_taken(entry, facts.as_of)
        if entry.state == "proposed" and days is None:
            return False, ""  # what is not begun has been taken on no day
        if days is None:
            return None, ""
        over = True if days.lo > limit.days else False if days.hi <= limit.days else None
        return over, f": day {in_words(days.lo, days.hi)}"
    if limit.per_hour is not None:
        rate = entry.dose.get(ingredient) if entry.unit == "mcg/h" else 0
        return (None if rate is None else rate > limit.per_hour), "" if rate is None else f": {rate:g} mcg/h"
    assert limit.per_day is not None
    day, more, _ = listed_mg(facts.profile, content, ingredient)
    # Directions that allow more than the maximum are to be changed, whatever is taken, and whatever an entry adds of
    # which the dose is not known.
    allowed = allowed_mg(facts.profile, content, ingredient)
    if day.lo > limit.per_day or allowed > limit.per_day:
        most = in_words(day.lo, day.hi) if day.hi is not None else f"{in_words(day.lo, allowed)} or more"
        return True, f": {most} mg a day"
    return (None if more or day.hi is None else False), ""


def at_their_limit(facts: Facts, content: Content) -> frozenset[str]:
    """The ingredients of which the list holds as much a day as a limit allows this person, or more: nothing is added."""
    found = set()
    for entry in (e for e in facts.profile.medicines if e.state == "current"):
        for ingredient in ingredients_of(content, entry):
            most = [
                limit.per_day
                for limit in content.limits_of(ingredient)
                if limit.per_day is not None
                and _about(limit, entry, content)
                and (limit.when is None or content.test(limit.when)(facts.values) is True)
            ]
            if most and listed_mg(facts.profile, content, ingredient)[0].lo >= min(most):
                found.add(ingredient)
    return frozenset(found)


# ---- signs ------------------------------------------------------------------------------------------------------


def signs(one: Listed, facts: Facts, content: Content) -> Iterator[Directive]:
    """What the entry says of itself, and what its neighbours in the list say of it."""
    for sign in content.entry_signs.values():
        if sign.sign in OF_A_START if one.current else sign.sign not in (*OF_A_START, *OF_ANY):
            continue
        told = one if sign.sign != "same_kind" else one._replace(classes=one.classes.intersection(sign.of))
        if (sign.of and told.classes.isdisjoint(sign.of)) or not SIGNS[sign.sign](told, facts.profile, content):
            continue
        due = depots.due_by(one.entry, facts.profile, content) if sign.sign in ("dose_late", "dose_lapsed") else None
        label = f"{sign.label}: due by {due[0].isoformat()}" if due else sign.label
        if sign.sign == "supply_ends" and (last := ends_on(one.entry)):
            label = f"{sign.label}: by {last.isoformat()}"
        asks = one.asked(sign.makes) if _asks_of_entry(sign) else ()
        yield against("entry_sign", sign, entry=one.place, asks=asks, label=label)


def _asks_of_entry(sign: m.EntrySign) -> bool:
    """Whether asking about the entry would settle it: of what was bought its source is known, and its content is not."""
    return sign.sign != "nonprescribed"


def _not_as_prescribed(one: Listed, _: Profile, __: Content) -> bool:
    return one.entry.as_prescribed is False


def _nonprescribed(one: Listed, _: Profile, __: Content) -> bool:
    return one.entry.source == "nonprescribed"


def _second_source(one: Listed, profile: Profile, content: Content) -> bool:
    """Whether the same ingredient is also taken from no prescriber."""
    mine = set(ingredients_of(content, one.entry))
    others = (e for at, e in enumerate(profile.medicines) if at != one.place and e.state == "current")
    bought = (e for e in others if e.source == "nonprescribed")
    return one.entry.source != "nonprescribed" and any(mine.intersection(ingredients_of(content, e)) for e in bought)


def _unrecognized(one: Listed, _: Profile, content: Content) -> bool:
    return unread(one.entry, content)


def unread(entry: Medicine, content: Content) -> bool:
    return not ingredients_of(content, entry) and entry.medicine_class is None and "*" not in entry.none_of


def _unsettled(one: Listed, profile: Profile, _: Content) -> bool:
    """Whether a class that it surely is in was asked and answered "none"."""
    return bool(one.classes.intersection(profile.asked_none.medicines))


def _use_unknown(one: Listed, _: Profile, __: Content) -> bool:
    return bool(one.entry.use_unknown)


def _dose_late(one: Listed, profile: Profile, content: Content) -> bool:
    return depots.late(one.entry, profile, content)


def _dose_lapsed(one: Listed, profile: Profile, content: Content) -> bool:
    return depots.lapsed(one.entry, profile, content)


def ends_on(entry: Medicine) -> date | None:
    """The last day of a supply: by the days that it was written or dispensed for; None where that is not dated."""
    if entry.written is None or not entry.supply_days:
        return None
    first, last = span(entry.written)
    return days_after(first, entry.supply_days) if first == last else None


def _supply_ends(one: Listed, profile: Profile, _: Content) -> bool:
    """Whether a supply ends within days, or is no larger than that and nobody says of when."""
    day = ends_on(one.entry)
    if day is None:
        return one.entry.written is None and 0 < (one.entry.supply_days or 0) <= LAST_DAYS
    return profile.as_of is not None and 0 <= (day - profile.as_of).days <= LAST_DAYS


def _already_taken(one: Listed, profile: Profile, content: Content) -> bool:
    """Whether an ingredient of what is to be started is taken already, by the same way or one that is not known. A new
    form or dose of medication for OUD is no second medicine."""
    mine = set(ingredients_of(content, one.entry))
    return any(mine.intersection(ingredients_of(content, e)) for e in _beside(one, profile, content))


def _same_kind(one: Listed, profile: Profile, content: Content) -> bool:
    """Whether another of one of the classes is taken already."""
    return any(not one.classes.isdisjoint(taken_as(content, e)) for e in _beside(one, profile, content))


def _beside(one: Listed, profile: Profile, content: Content) -> Iterator[Medicine]:
    """What is in use and may go the same way into the body as what is to be started."""
    if purpose_of(content, one.entry) == "oud":
        return
    for entry in profile.medicines:
        routes = {one.entry.route, entry.route} - {None}
        if entry.state == "current" and len(routes) < 2:
            yield entry


LAST_DAYS = 3
"""From how many days before its end a supply is special (the kit's own choice)."""

SIGNS: Mapping[str, Callable[[Listed, Profile, Content], bool]] = {
    "not_as_prescribed": _not_as_prescribed,
    "nonprescribed": _nonprescribed,
    "second_source": _second_source,
    "unrecognized": _unrecognized,
    "unsettled": _unsettled,
    "use_unknown": _use_unknown,
    "dose_late": _dose_late,
    "dose_lapsed": _dose_lapsed,
    "supply_ends": _supply_ends,
    "already_taken": _already_taken,
    "same_kind": _same_kind,
}
"""How each sign is told."""
OF_A_START = ("already_taken", "same_kind")
"""The signs of what is to be started."""
OF_ANY = ("unrecognized", "not_as_prescribed")
"""The signs of what is in use and of what is to be started."""
