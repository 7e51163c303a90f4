"""`checks`: what has to be looked at again for one person, when it was last seen and when it is next due.

A check is shown only while its condition is true. No date on record is said as that: it is neither done nor missed.
Source: rows H1 to H4 and H7 of the facts sheet, M1, M2 and M8.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ..content import models as m
from ..content.dates import days_after
from ..content.plain import picked
from ..facts.verdicts import Reason, judge
from ..profile import Profile, span
from ..review.audience import withheld
from ..review.case import Case

State = Literal["due", "planned", "no_date", "open_ended"]
STATE_WORDS: dict[State, str] = {
    "due": "due now",
    "planned": "next by",
    "no_date": "no date on record",
    "open_ended": "as described",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check that applies. ``last`` is the newest full or partial date on record, ``place`` its entry; ``by`` the
    latest day for the next, where there is a fixed interval."""

    record: m.Monitor
    because: tuple[Reason, ...]
    last: str | None
    place: int | None
    by: date | None
    state: State

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON data."""
        record = picked(self.record, "id", "what", "group")
        return {**record, **picked(self, "last", "by", "state"), **picked(self.record, "owner")}


@dataclass(frozen=True, slots=True)
class RelapsePlan:
    """The plan for high-risk situations: what the answers name, what is filled in together, what the team promises."""

    situations: tuple[tuple[m.RelapsePrompt, tuple[Reason, ...]], ...]
    fill: tuple[m.RelapsePrompt, ...]
    team: tuple[m.RelapsePrompt, ...]


@withheld(())
def checks(case: Case) -> tuple[Check, ...]:
    """The checks whose condition is true, what is due first, then by date, then in the order of the content."""
    found = []
    for record in case.content.monitors.values():
        verdict = judge(record.when, case.facts, case.content)
        if verdict.value:
            found.append(_check(record, verdict.because, case.profile))
    order: tuple[State, ...] = ("due", "no_date", "planned", "open_ended")
    return tuple(sorted(found, key=lambda c: (order.index(c.state), c.by or date.max)))


def _check(record: m.Monitor, because: tuple[Reason, ...], profile: Profile) -> Check:
    seen = _newest(record, profile)
    if seen is None:
        return Check(record, because, None, None, None, "no_date" if record.seen_by else "open_ended")
    place, text = seen
    if record.interval_days is None:
        return Check(record, because, text, place, None, "open_ended")
    first, _ = span(text)
    # A date known in part counts from its first day, so that nothing is put off for want of a day.
    by = days_after(first, record.interval_days)
    due = profile.as_of is not None and by < profile.as_of
    return Check(record, because, text, place, by, "due" if due else "planned")


def _newest(record: m.Monitor, profile: Profile) -> tuple[int, str] | None:
    """The newest entry of its measures that surely lies before today; a planned date says nothing of the past."""
    found: tuple[int, str] | None = None
    for n, entry in enumerate(profile.observations):
        if entry.measure not in record.seen_by or entry.date is None or profile.as_of is None:
            continue
        if span(entry.date)[0] > profile.as_of:
            continue
        if found is None or span(entry.date)[0] > span(found[1])[0]:
            found = (n, entry.date)
    return found


def relapse_plan(case: Case) -> RelapsePlan | None:
    """The plan for high-risk situations; None where no line to fill in fits this person."""
    told: dict[str, list[tuple[m.RelapsePrompt, tuple[Reason, ...]]]] = {"situation": [], "fill": [], "team": []}
    for prompt in sorted(case.content.relapse_prompts.values(), key=lambda p: p.order):
        verdict = judge(prompt.when, case.facts, case.content)
        if verdict.value:
            told[prompt.part].append((prompt, verdict.because))
    if not told["fill"]:
        return None
    return RelapsePlan(tuple(told["situation"]), tuple(p for p, _ in told["fill"]), tuple(p for p, _ in told["team"]))
