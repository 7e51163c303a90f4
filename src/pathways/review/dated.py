"""Dated events before phases: what is to be done about a coming operation is due before it, and what follows it is looked at
after it."""

from __future__ import annotations

from datetime import date

from ..content import Content, once_per_content
from ..content import models as m
from ..content.dates import days_after
from ..language import Range
from ..profile import span
from .case import Case
from .depends import depends_on
from .plans import Item


def days_to_operation(case: Case) -> Range | None:
    """Days to the next planned operation, where its day is known."""
    known = case.content.known("fact", "days to an operation")
    value = case.facts.values.get(known)
    return value if isinstance(value, Range) and known in case.facts.origin else None


def about_operation(content: Content, condition: str) -> bool:
    """Whether a condition rests, through any definition, on a coming operation."""
    known = _about_operation(content)
    if condition not in known:
        known[condition] = content.known("fact", "days to an operation") in depends_on(content, condition)
    return known[condition]


@once_per_content
def _about_operation(_: Content) -> dict[str, bool]:
    """The conditions asked about before."""
    return {}


def phase_of(case: Case, record: m.Recommendation) -> m.Phase:
    """When a recommendation is due: in its phase, or today where it is about an operation within the week."""
    days = days_to_operation(case)
    near = days is not None and case.facts.values[case.content.known("fact", "an operation is near")] is not False
    return "today" if near and about_operation(case.content, record.when) else record.phase


def first_look(case: Case, item: Item, line: m.Monitoring) -> date | None:
    """The first day to look at an item again; None where the case has no date, or the item is in use with no date of its own.

    Counted from the day of the case; from the event that the line names, planned or on record; of what a record calls for
    because of a coming operation, from that operation. Never before today.
    """
    today = case.profile.as_of
    if today is None:
        return None
    measure = line.counts_from or (_operation(case) if _for_operation(case, item) else None)
    start = _event(case, measure) if measure else None
    if start is None:
        return None if item.option.in_place == "yes" else days_after(today, line.first_days)
    return max(days_after(start, line.first_days), today)


def _operation(case: Case) -> str | None:
    return case.content.facts[case.content.known("fact", "days to an operation")].measure


def _for_operation(case: Case, item: Item) -> bool:
    """Whether an item stands in the plan because of an operation that is still to come."""
    if days_to_operation(case) is None:
        return False
    record = case.content.recommendations.get(item.called.id) if item.called else None
    indication = item.option.indication
    conditions = [record.when if record else "", indication.when if indication else ""]
    return any(text and about_operation(case.content, text) for text in conditions)


def _event(case: Case, measure: str) -> date | None:
    """The next planned day of a measure, else the last on record; of a day known in part, the one that delays nothing."""
    today = case.profile.as_of
    days = [span(seen.date) for seen in case.profile.observations if seen.measure == measure and seen.date]
    if today is None:
        return None
    coming = [last for _, last in days if last >= today]
    past = [first for first, last in days if last < today]
    return min(coming) if coming else max(past, default=None)
