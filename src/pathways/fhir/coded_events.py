"""What happened on a day and stands in the chart as a diagnosis: an overdose, a suicide attempt, thoughts of suicide."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ..content import Content
from ..content import models as m
from . import codes
from .bundle import Gathered, Resource
from .happened import Event, Happened, add
from .plain import Concept, Data, Days, concept, in_doubt, status_is, when
from .report import Notebook

_KINDS = ("event", "answer")
_DATES = ("onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
_OPEN = Days(date.min, date.max)
_OVER = ("inactive", "resolved", "remission")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]\d)")
_UNIT = r"days?|d|weeks?|wks?|wk|w"
_SINCE_BIRTH = re.compile(
    rf"(?P<n>\d{{1,2}}) ?(?P<unit>{_UNIT}) (?:post-?partum|PP\b)"
    rf"|(?:post-?partum|\bPP|\bPPD ?#?)(?: day| week| x|,|:| -)* ?(?P<m>\d{{1,2}})(?: ?(?P<unit_m>{_UNIT})\b)?"
    rf"|(?:gave birth|delivered) (?P<k>\d{{1,2}}) (?P<unit_k>days?|weeks?|wks?) ago",
    re.I,
)
_MOST_DAYS = 400
_LATER = re.compile(r"[ST][0-9A-Z.]{6,7}[DS]$", re.I)
"""A later visit for an injury or poisoning, or what it left behind: the day of the code is not the day that it happened."""


def read_coded_events(found: Gathered, content: Content, notes: Notebook, made: Happened) -> None:
    """The events and answers that diagnoses amount to. Only sets that hold diagnosis codes are looked for."""
    for resource in found.of("Condition"):
        shape = found.shapes.of(resource)
        speaks = shape.once("names an event", _speaks, shape.like.code, content)
        if not speaks or status_is(resource.data, "verificationStatus", "refuted", "entered-in-error"):
            continue
        recorded = when(resource.data, *_DATES)
        if recorded is not None and recorded.first > made.as_of:
            continue
        for codeset, sure, day in _said(resource, recorded, content):
            if codeset.means == "event":
                _event(resource, codeset, sure, day, content, notes, made)
            else:
                _answer(resource, codeset, sure, day, notes, made)


def _said(
    resource: Resource, recorded: Days | None, content: Content
) -> list[tuple[m.CodeSet, bool | None, Days | None]]:
    """Each event that a diagnosis names: whether surely (None: perhaps), and its day."""
    what = resource.code
    doubtful = None if in_doubt(resource.data) else True
    year = _year_said(resource.data, what, recorded)
    later = any(c.system == "icd" and _LATER.match(c.code) for c in what.codes)
    own = year if year is not None else None if later else recorded
    own = None if year is _OPEN else _weeks_before(own, what)
    past = None if year is _OPEN else year
    said = codes.problems(what, content)
    found: dict[str, tuple[m.CodeSet, bool | None, Days | None]] = {}
    for codeset in codes.of_codes(what, content):
        if codeset.means in _KINDS:
            how = codes.said_otherwise(codeset, said, content)
            unsure = how in ("not", "open", "maybe")
            found[codeset.id] = (codeset, None if unsure else doubtful, own if how is None else past)
    coded = bool(found)
    for codeset, how in (mention for problem in said for mention in problem.mentions):
        if codeset.means in _KINDS and codeset.icd10 and how not in ("not", "open"):
            # A text that names more than the code is in doubt.
            sure = None if how == "maybe" or coded else doubtful
            found.setdefault(codeset.id, (codeset, sure, own if how == "is" else past))
    for codeset in codes.perhaps(what, content):
        if codeset.means in _KINDS:
            found.setdefault(codeset.id, (codeset, None, own))
    return list(found.values())


def _speaks(what: Concept, content: Content) -> bool:
    """Whether a diagnosis names an event at all, in whatever way."""
    mentions = (codeset for problem in codes.problems(what, content) for codeset, _ in problem.mentions)
    return any(s.means in _KINDS for s in (*codes.of_codes(what, content), *mentions, *codes.perhaps(what, content)))


def _week(words: str) -> str:
    return "w" if "week" in words.lower() else "d"


def _weeks_before(day: Days | None, what: Concept) -> Days | None:
    """The day of a birth that a text counts from: "postpartum 3 weeks"."""
    said = {
        int(found["n"] or found["m"] or found["k"])
        * (7 if (found["unit"] or found["unit_m"] or found["unit_k"] or _week(found[0])).lower().startswith("w") else 1)
        for words in what.texts
        for found in _SINCE_BIRTH.finditer(words)
    }
    if day is None or not said:
        return day
    ago = timedelta(
        days=min(max(said), _MOST_DAYS)
    )  # of two counts the longer: nobody is told a birth that is too recent
    return Days(day.first - ago, day.last - ago)


def _year_said(data: Data, what: Concept, recorded: Days | None) -> Days | None:
    """The year that a text names where the diagnosis was written down in another; `_OPEN` where it names several, or
    speaks against the onset. None where it names none, or that of the diagnosis."""
    years = {int(year) for words in what.texts for year in _YEAR.findall(words)}
    if not years or (recorded is not None and any(recorded.first.year <= year <= recorded.last.year for year in years)):
        return None
    year = max(years)
    if len(years) > 1 or when(data, "onsetDateTime", "onsetPeriod") or (recorded and year > recorded.last.year):
        return _OPEN
    return Days(date(year, 1, 1), date(year, 12, 31))


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
    notes.add("used", resource.name, resource.place, f"observations: {measure.id}", label)


def _answer(
    resource: Resource, codeset: m.CodeSet, sure: bool | None, day: Days | None, notes: Notebook, made: Happened
) -> None:
    """A yes that a recent code gives; an older or doubtful one is said, so that somebody asks."""
    label = concept(resource.data, "code").label or codeset.label
    over = status_is(resource.data, "clinicalStatus", *_OVER)
    recent = day is not None and made.as_of - day.last <= timedelta(days=codeset.within_days or 0)
    if sure and recent and not over:
        made.told[codeset.gives] = True
        notes.add("used", resource.name, resource.place, f"answers.{codeset.gives}", f"{label}: on record, ask today")
    else:
        notes.add(
            "not_used",
            resource.name,
            resource.place,
            f"answers.{codeset.gives}",
            f"{label}: not recent or not sure: ask",
        )
