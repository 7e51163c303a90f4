"""What a case conference decided, held to the case as it stands now: done, overdue, changed, or spoken against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from ..content import models as m
from ..content.plain import picked
from ..facts.verdicts import unique
from ..language.words import soft
from ..profile import Decision, span
from .audience.withheld import withheld
from .case import Case
from .findings import Finding
from .options import Option

State = Literal["against", "overdue", "changed", "ahead", "open", "holds", "done"]
STATES: tuple[State, ...] = ("against", "overdue", "changed", "ahead", "open", "holds", "done")
"""What wants attention first, first."""
ATTENTION: tuple[State, ...] = STATES[:3]
NOT_INDICATED = "not indicated"
NOT_IN_FORCE = "not in force"


class Sign(NamedTuple):
    """One thing that is true of a decision now, why in words, and who says so where that is more than this case."""

    state: State
    why: str = ""
    source: tuple[m.Cite, ...] = ()


@dataclass(frozen=True)
class Decided:
    """The decision that holds for one item. ``place`` is that of its entry in the case file, ``earlier`` those of the entries
    that it took the place of; ``stands`` how the item stands now; ``signs`` all that is true of it, the weightiest first."""

    place: int
    decision: Decision
    record: m.Treatment | m.Recommendation
    stands: str
    signs: tuple[Sign, ...]
    earlier: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return getattr(self.record, "short", "") or self.record.title

    @property
    def state(self) -> State:
        return self.signs[0].state

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON data."""
        given = self.decision.model_dump(mode="json", exclude_defaults=True)
        signs = [picked(sign, "state", "why", "source") for sign in self.signs]
        return {
            **given,
            **picked(self, "title", "stands", "state"),
            "grounds": signs,
            **picked(self, "place", "earlier"),
        }


@dataclass(frozen=True)
class New:
    """An entry of the case that is surely dated after the last conference, by its path in the profile."""

    path: str
    date: str
    what: Literal["started", "stopped", "since", "seen"]

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON data."""
        return picked(self, "path", "date", "what")


@withheld(())
def decided(case: Case) -> tuple[Decided, ...]:
    """What was decided, an item once: what wants attention first, then by what is due first.

    >>> from pathways import Profile, review
    >>> one = {"date": "2026-10-05", "item": "naloxone_kit", "outcome": "do", "due": "2026-10-12"}
    >>> decided(review(Profile.from_dict({"as_of": "2026-11-02", "decisions": [one]})))[0].state
    'overdue'
    """
    by_item: dict[str, list[int]] = {}
    entries = case.profile.decisions
    known = {*case.content.treatments, *case.content.recommendations}  # a case may be held to another content
    here = [n for n, entry in enumerate(entries) if entry.item in known]
    for n in sorted(here, key=lambda n: (span(entries[n].date)[1], n)):
        by_item.setdefault(entries[n].item, []).append(n)
    found = [_decided(case, places) for places in by_item.values()]
    return tuple(sorted(found, key=_rank))


@withheld(())
def new_since(case: Case) -> tuple[New, ...]:
    """What the lists hold that is surely dated after the last conference and not after the day of review."""
    day = last_meeting(case)
    if day is None:
        return ()
    return tuple(one for one in _dated(case) if span(one.date)[0] > day and not _after(one.date, case.profile.as_of))


def last_meeting(case: Case) -> date | None:
    """The last day on which anything was decided; None where nothing was, or all of it after the day of review."""
    days = [span(one.date)[1] for one in case.profile.decisions if not _after(one.date, case.profile.as_of)]
    return max(days, default=None)


def stands(case: Case, item: str) -> str:
    """How a treatment or a recommendation stands for this person, in one word or two: what a decision says it stood as."""
    if item in case.content.treatments:
        return case.option(item).verb or NOT_INDICATED
    finding = _finding(case, item)
    return finding.status.replace("_", " ") if finding else NOT_IN_FORCE


def _rank(one: Decided) -> tuple[int, str, int]:
    return STATES.index(one.state), one.decision.due or "9999", one.place


def _after(day: str, as_of: date | None) -> bool:
    return as_of is not None and span(day)[0] > as_of


def _decided(case: Case, places: list[int]) -> Decided:
    *earlier, place = places
    decision = case.profile.decisions[place]
    record = case.content.treatments.get(decision.item) or case.content.recommendations[decision.item]
    if _after(decision.date, case.profile.as_of):
        signs = [Sign("ahead", f"dated {decision.date}, after the day of review")]
    else:
        signs = [*_signs(case, decision)]
        signs += _overdue(case, decision, signs)
        signs.sort(key=lambda sign: STATES.index(sign.state))
        signs = signs or [
            Sign("open" if decision.outcome == "do" else "done" if decision.outcome == "done" else "holds")
        ]
    return Decided(place, decision, record, stands(case, decision.item), tuple(signs), tuple(earlier))


def _overdue(case: Case, one: Decision, signs: list[Sign]) -> Iterator[Sign]:
    """Only where its last day is surely over; without a day of review nothing is."""
    as_of = case.profile.as_of
    if one.due is None or as_of is None or any(sign.state == "done" for sign in signs):
        return
    if span(one.due)[1] < as_of:
        yield Sign("overdue", f"due {one.due}" if one.outcome == "do" else f"to look at again by {one.due}")


def _signs(case: Case, one: Decision) -> Iterator[Sign]:
    if one.item in case.content.treatments:
        found = [*_of_treatment(case, one, case.option(one.item))]
    else:
        found = [*_of_recommendation(one, _finding(case, one.item))]
    yield from found
    now = stands(case, one.item)
    # What was carried out stands otherwise because it was, and what is against it is said with how it stands now.
    if one.stood and one.stood != now and not any(sign.state in ("done", "against") for sign in found):
        yield Sign("changed", f"stood as “{one.stood}”, now “{now}”")


def _of_treatment(case: Case, one: Decision, option: Option) -> Iterator[Sign]:
    here = option.in_place == "yes"
    match one.outcome:
        case "do" | "done":
            spoken = option.verb in ("Do not start", "Change")
            if spoken:
                yield _spoken(option, one.stood)
            if option.refused:
                yield Sign("against", "the person does not want it")
            if one.outcome == "do" and here and not spoken:
                yield Sign("done", "in place now")
            if one.outcome == "do" and option.verb is None and not option.refused:
                yield Sign("changed", "nothing in this case is an indication for it now")
            if one.outcome == "done" and option.in_place == "no" and option.record.in_place:
                yield Sign("changed", "recorded as done, and not in place now")
        case "do_not" | "wait":
            in_core = next((item for item in case.shown.core if item.id == option.id), None)
            if here:
                yield Sign("against", "in place now")
            elif in_core and (one.outcome == "do_not" or in_core.phase == "today"):
                when = " today" if in_core.phase == "today" else ""
                yield Sign("against", f"every plan found now holds it{when}")


def _of_recommendation(one: Decision, finding: Finding | None) -> Iterator[Sign]:
    if finding is None:
        yield from [Sign("changed", "its rule is not in force on the day of review")] if one.outcome == "do" else []
    elif finding.status == "met" and one.outcome != "done":
        yield Sign("done" if one.outcome == "do" else "changed", "met now")
    elif finding.status == "does_not_apply" and one.outcome == "do":
        yield Sign("changed", "it does not apply now")
    elif finding.status == "applies" and one.outcome == "done" and finding.record.done and not finding.confirm:
        yield Sign("changed", "recorded as done, and it still applies")


def _spoken(option: Option, stood: str) -> Sign:
    """What speaks against an option, as its records say it: the first two of them."""
    told = {c.label: c.source for c in option.closed_by}
    told |= {f"{x.record.title} ({x.other})": x.record.source for x in option.meets if x.closes}
    told |= {g.label: g.source for one in option.weighed if one.verb == "Change" for g in one.grounds}
    first = dict([*told.items()][:2])
    words = "; ".join(map(soft, first))
    before = f"stood as “{stood}”, " if stood and stood != option.verb else ""
    return Sign(
        "against",
        f"{before}now “{option.verb}”" + (f": {words}" if words else ""),
        unique(c for s in first.values() for c in s),
    )


def _finding(case: Case, id: str) -> Finding | None:
    """A recommendation as it stands; None where it is not in force on the day of review."""
    return next((f for f in case.findings.recommendations if f.record.id == id), None)


def _dated(case: Case) -> Iterator[New]:
    profile = case.profile
    for n, medicine in enumerate(profile.medicines):
        if medicine.start and medicine.state == "current":
            yield New(f"medicines.{n}", medicine.start, "started")
        if medicine.stop:
            yield New(f"medicines.{n}", medicine.stop, "stopped")
    for n, condition in enumerate(profile.conditions):
        if condition.since:
            yield New(f"conditions.{n}", condition.since, "since")
    for n, seen in enumerate(profile.observations):
        if seen.date:
            yield New(f"observations.{n}", seen.date, "seen")
