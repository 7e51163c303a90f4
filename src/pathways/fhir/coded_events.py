"""What happened on a day and stands in the chart as a diagnosis: an overdose, a suicide attempt, thoughts of suicide."""

from __future__ import annotations

import re
from datetime import timedelta

from ..content import Content
from ..content import models as m
from . import codes
from .bundle import Gathered, Resource
from .happened import Event, Happened, add
from .plain import Days, concept, status_is, when
from .report import Notebook

_KINDS = ("event", "answer")
_UNSURE = ("unconfirmed", "provisional", "differential")
_OVER = ("inactive", "resolved", "remission")
_LATER = re.compile(r"[ST][0-9A-Z.]{6,7}[DS]$", re.I)
"""A later visit for an injury or poisoning, or what it left behind: the day of the code is not the day that it happened."""


def read_coded_events(found: Gathered, content: Content, notes: Notebook, made: Happened) -> None:
    """The events and answers that diagnoses amount to. Only sets that hold diagnosis codes are looked for."""
    for resource in found.of("Condition"):
        if status_is(resource.data, "verificationStatus", "refuted", "entered-in-error"):
            continue
        for codeset, sure, past in _said(resource, content):
            day = when(resource.data, "onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
            if day is not None and day.first > made.as_of:
                continue
            if codeset.means == "event":
                _event(resource, codeset, sure, None if past else day, content, notes, made)
            else:
                _answer(resource, codeset, sure, None if past else day, notes, made)


def _said(resource: Resource, content: Content) -> list[tuple[m.CodeSet, bool | None, bool]]:
    """Each event that a diagnosis names: whether surely (None: perhaps), and whether on another day than its own."""
    what = concept(resource.data, "code")
    doubtful = None if status_is(resource.data, "verificationStatus", *_UNSURE) else True
    by_code = [s for s in codes.of_codes(what, content) if s.means in _KINDS]
    if by_code:
        later = any(c.system == "icd" and _LATER.match(c.code) for c in what.codes)
        return [(s, doubtful, later) for s in by_code]
    found: dict[str, tuple[m.CodeSet, bool | None, bool]] = {}
    for problem in codes.problems(what, content):
        for codeset, how in problem.mentions:
            if codeset.means in _KINDS and codeset.icd10 and how not in ("not", "open"):
                found[codeset.id] = (codeset, None if how == "maybe" else doubtful, how != "is")
    return list(found.values())


def _event(
    resource: Resource,
    codeset: m.CodeSet,
    sure: bool | None,
    day: Days | None,
    content: Content,
    notes: Notebook,
    made: Happened,
) -> None:
    measure = content.measures[codeset.gives]
    made.events.append(Event(measure.id, day, sure, resource.name, resource.place))
    add(made, {"measure": measure.id}, day if sure else None, resource, content)
    label = f"{concept(resource.data, 'code').label}: {measure.id}"
    notes.add("used", resource.data, resource.place, f"observations: {measure.id}", label)


def _answer(
    resource: Resource, codeset: m.CodeSet, sure: bool | None, day: Days | None, notes: Notebook, made: Happened
) -> None:
    """A yes that a recent code gives; an older or doubtful one is said, so that somebody asks."""
    label = concept(resource.data, "code").label or codeset.label
    over = status_is(resource.data, "clinicalStatus", *_OVER)
    recent = day is not None and made.as_of - day.last <= timedelta(days=codeset.within_days or 0)
    if sure and recent and not over:
        made.told[codeset.gives] = True
        notes.add("used", resource.data, resource.place, f"answers.{codeset.gives}", f"{label}: on record, ask today")
    else:
        notes.add(
            "not_used",
            resource.data,
            resource.place,
            f"answers.{codeset.gives}",
            f"{label}: not recent or not sure: ask",
        )
