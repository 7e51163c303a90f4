"""When the next dose of a medicine that is given for weeks is due: the depots on record, and how late they are."""

from __future__ import annotations

from datetime import date, timedelta

from ..content import Content
from ..content import models as m
from ..facts.membership import ingredients_of
from ..intake.lasting import lasting_form
from ..profile import Medicine, Profile, span


def form_of(entry: Medicine, content: Content) -> m.LastingForm | None:
    """The lasting form that an entry surely is, of those whose doses are recorded; None where there is none."""
    form = lasting_form(ingredients_of(content, entry), entry.route, entry.label, content)
    return form if form is not None and form.measure is not None else None


def due_by(entry: Medicine, profile: Profile, content: Content) -> tuple[date, int] | None:
    """The last day on which the next dose was or is due, and the days from one to the next; None where no dose is on
    record. Of a day that is known in part the latest counts, so that nothing is called late that may not be."""
    form = form_of(entry, content)
    if form is None or profile.as_of is None:
        return None
    spans = (span(o.date) for o in profile.observations if o.measure == form.measure and o.date)
    given = [min(last, profile.as_of) for first, last in spans if first <= profile.as_of]
    return (max(given) + timedelta(days=form.days), form.days) if given else None


def late(entry: Medicine, profile: Profile, content: Content) -> bool:
    """Whether the next dose is overdue, and the last one may still work."""
    due = due_by(entry, profile, content)
    return due is not None and profile.as_of is not None and 0 < (profile.as_of - due[0]).days <= due[1]


def lapsed(entry: Medicine, profile: Profile, content: Content) -> bool:
    """Whether the last dose was so long ago that it has surely worn off: two periods and more."""
    due = due_by(entry, profile, content)
    return due is not None and profile.as_of is not None and (profile.as_of - due[0]).days > due[1]
