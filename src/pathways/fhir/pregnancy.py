"""Whether the person is pregnant: what says that a pregnancy goes on, what says that it ended, and what came last.

A pregnancy goes on by a condition, a due date or its weeks for as long as one lasts. A birth, a loss or a negative test
that is not surely older leaves it open, and so does a text that says less than its code, or that is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from ..content import Content
from . import codes, plain
from .bundle import Gathered, Resource
from .plain import Concept, Data, Days, code, concept, in_doubt, number, obj, text, when
from .report import Notebook

DAYS = 301
"""43 weeks: a pregnancy that was known longer ago has ended, whatever its status says."""
DUE = 280
"""From the first day of the last period to the day on which the birth is expected."""
AGES = (10, 55)
"""A pregnancy on record in somebody younger or older is to be settled first."""
GOES_ON, ENDED = "pregnancy", "pregnancy_ended"
_AFTER_OTHERS, _TEST = "earlier_pregnancy", "pregnancy_test"
_NOT_SO = ("entered-in-error", "refuted")
_ACTIVE = ("active", "recurrence", "relapse")
_HAPPENED = ("completed", "in-progress")
_RESULT = ("final", "amended", "corrected", "preliminary")
_DATES = ("onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.]\d)")
_WEEKS = re.compile(r"(?<![\d.])(\d{1,2})(?: ?(?:weeks?|wks?)| ?w(?=\d|\b)|\+\d)", re.I)
_WEEKS_CODE = re.compile(r"Z3A\.?(\d\d)$", re.I)
_TRIMESTERS = {"second trimester": 14, "third trimester": 28}


@dataclass(frozen=True)
class _Sign:
    """Something that says that a pregnancy goes on (None: perhaps) as of a day."""

    resource: Resource
    goes_on: bool | None
    day: Days | None = None


@dataclass(frozen=True)
class _End:
    resource: Resource
    day: Days | None


class Known(NamedTuple):
    """What else is known of the person: what was ``observed`` lately, the days of ``negative`` tests, age and sex."""

    observed: bool | None
    negative: list[Days]
    age: tuple[int, int] | None
    sex: str


def pregnant_now(found: Gathered, person: Known, today: date, content: Content, notes: Notebook) -> bool | None:
    """Whether the person is pregnant. None where that is not known, is not to be believed, or is said both ways."""
    observed, negative, age, sex = person
    signs = [*_conditions(found, today, content, notes), *_results(found, today, content, notes)]
    ends = [*_ended(found, today, content), *_births(found, today, content)]
    sure = [sign for sign in signs if sign.goes_on]
    standing = [sign for sign in sure if not _over(sign, ends, negative, notes)]
    answer: bool | None
    if not sure:
        maybe = any(sign.goes_on is None for sign in signs)
        late = [end for end in ends if end.day is None or (today - end.day.last).days <= DAYS]
        answer = None if observed and (maybe or late) else observed
    elif not standing:
        answer = None
    elif observed is False:
        _conflict(standing, "a newer observation says that there is no pregnancy: ask", notes)
        answer = None
    else:
        answer = True
    if answer and (sex == "male" or (age is not None and not (age[1] >= AGES[0] and age[0] <= AGES[1]))):
        _conflict(sure, "pregnancy in somebody of this age or sex: to be settled, not counted", notes)
        return None
    if answer:
        for sign in standing:
            notes.add("used", sign.resource.data, sign.resource.place, "answers", "a pregnancy that goes on")
    return answer


def _conflict(signs: list[_Sign], words: str, notes: Notebook) -> None:
    for sign in signs:
        notes.add("conflict", sign.resource.data, sign.resource.place, "answers", words)
    if not signs:
        notes.add("conflict", "Observation/?", "Observation", "answers", words)


def _over(sign: _Sign, ends: list[_End], negative: list[Days], notes: Notebook) -> bool:
    """Whether a pregnancy may have ended after what says that it goes on."""
    since = sign.day.first if sign.day else date.min
    for end in ends:
        if end.day is None or end.day.last >= since:
            _conflict([sign], f"a birth or a loss is on record ({end.resource.name}): whether it goes on, ask", notes)
            return True
    if any(day.last >= since for day in negative):
        _conflict([sign], "a newer pregnancy test is negative: ask", notes)
        return True
    return False


# ---- what says that one goes on -----------------------------------------------------------------------------


def _gives(what: Concept, content: Content) -> set[str]:
    return {s.gives for s in codes.lookup(what, content, ("finding",))}


def _conditions(found: Gathered, today: date, content: Content, notes: Notebook) -> list[_Sign]:
    made = []
    for resource in found.of("Condition"):
        shape = found.shapes.of(resource)
        what = shape.like.code
        doubt = shape.once("a pregnancy in doubt", _doubted, what, content)
        if doubt is None:
            continue
        goes_on, day = _stands(resource, what, today, notes)
        if goes_on and doubt:
            words = "whether this pregnancy goes on is not known: ask"
            notes.add("not_understood", resource.data, resource.place, "text", words)
            goes_on = None
        made.append(_Sign(resource, goes_on, day))
    return made


def _doubted(what: Concept, content: Content) -> bool | None:
    """Whether it is in doubt that a concept speaks of a pregnancy that goes on; None where it does not speak of one."""
    said = codes.problems(what, content)
    by_code = [s for s in codes.of_codes(what, content) if s.means == "finding"]
    named = {s.gives for s in by_code}
    in_words = {(s.gives, how) for problem in said for s, how in problem.mentions if s.means == "finding"}
    if GOES_ON in named:
        doubt = any(codes.said_otherwise(s, said, content) for s in by_code if s.gives == GOES_ON)
        if _AFTER_OTHERS not in named:
            doubt = doubt or any(gives == _TEST or (gives == ENDED and how != "not") for gives, how in in_words)
        return doubt
    if GOES_ON in {gives for gives, how in in_words if how in ("is", "maybe")} and ENDED not in named:
        doubt = (GOES_ON, "is") not in in_words or any(problem.left for problem in said)
        return doubt or any(gives == ENDED for gives, _ in in_words)
    return None


def _stands(resource: Resource, what: Concept, today: date, notes: Notebook) -> tuple[bool | None, Days | None]:
    """What one condition says of a pregnancy today: True, or None where it may be so; False where it says nothing. With
    the day that it speaks of."""
    data, place = resource.data, resource.place
    verified = concept(data, "verificationStatus")
    if verified.has(*_NOT_SO):
        notes.add("not_used", data, place, "verificationStatus", "a pregnancy in error or refuted: not counted")
        return False, None
    if not concept(data, "clinicalStatus").has(*_ACTIVE):
        return False, None
    ended = when(data, "abatementDateTime", "abatementPeriod")
    other_end = any(data.get(f"abatement{x}") not in (None, False) for x in ("Age", "Range", "String", "Boolean"))
    if other_end or (ended is not None and ended.first <= today):
        notes.add("not_used", data, place, "abatement", "a pregnancy that has ended")
        return False, None
    weeks = _weeks(what)
    since = (when(data, "recordedDate") if weeks else None) or when(data, *_DATES)
    if since is None:
        notes.add("not_understood", data, place, "onset", "a pregnancy without a date: whether it goes on is not known")
        return None, None
    if since.first > today:
        return None, since
    lasts = DAYS - 7 * weeks
    if (today - since.last).days > lasts or _years_ago(what, today):
        notes.add("not_used", data, place, "onset", "a pregnancy known for longer than one lasts: it has ended")
        return False, since
    if (today - since.first).days > lasts or in_doubt(data):
        notes.add("not_understood", data, place, "onset", "whether this pregnancy goes on is not known: ask")
        return None, since
    return True, since


def _weeks(what: Concept) -> int:
    """How many weeks a pregnancy has lasted at the least when it was written down."""
    said = [int(found[1]) for c in what.codes if (found := _WEEKS_CODE.match(c.code)) and int(found[1]) < 43]
    for words in what.texts:
        said += (int(n) for n in _WEEKS.findall(words) if int(n) < 43)
        said += (least for trimester, least in _TRIMESTERS.items() if trimester in words.lower())
    return max(said, default=0)


def _years_ago(what: Concept, today: date) -> bool:
    """Whether a text names a year, and none in which a pregnancy of today could have been."""
    years = [int(year) for words in what.texts for year in _YEAR.findall(words)]
    return bool(years) and max(years) < (today - timedelta(days=DAYS)).year


def _results(found: Gathered, today: date, content: Content, notes: Notebook) -> list[_Sign]:
    """A due date to come, and the weeks of a pregnancy that is not over yet."""
    made = []
    told: dict[Concept, set[str]] = {}
    for resource in found.of("Observation"):
        data = resource.data
        if resource.code not in told:
            told[resource.code] = _gives(resource.code, content) & {"due_date", "gestational_age"}
        gives = told[resource.code]
        if not gives:
            continue
        day = when(data, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
        if code(data, "status") not in _RESULT or (day is not None and day.first > today):
            continue
        if "due_date" in gives:
            due = when(data, "valueDateTime", "valueDate", "valuePeriod") or plain.days(text(data, "valueString"))
            began = Days(due.first - timedelta(days=DUE), due.last - timedelta(days=DUE)) if due else None
        else:
            weeks = _weeks_of(data)
            began = None
            if weeks is not None and day is not None:
                began = Days(*(one - timedelta(days=round(7 * weeks)) for one in day))
        goes_on = _lasts(began, today)
        if goes_on is None:
            notes.add("not_understood", data, resource.place, "value", "a pregnancy whose dates cannot be read: ask")
        made.append(_Sign(resource, goes_on, day or began))
    return made


def _lasts(began: Days | None, today: date) -> bool | None:
    """Whether a pregnancy that began on a day may still last."""
    if began is None:
        return None
    if (today - began.last).days > DAYS or began.first > today:
        return False
    return True if (today - began.first).days <= DAYS else None


def _weeks_of(data: Data) -> float | None:
    """The weeks that a result gives: a number of weeks or days, or words like "22w3d"."""
    quantity = obj(data, "valueQuantity")
    value = number(quantity, "value")
    if value is not None:
        days = code(quantity, "code") in ("d",) or code(quantity, "unit").startswith("d")
        value = value / 7 if days else value
        return value if value < 46 else None
    found = re.match(r"\s*(\d{1,2})\s*w\w*\s*(?:(\d)\s*d\w*)?\s*$", text(data, "valueString"), re.I)
    return int(found[1]) + int(found[2] or 0) / 7 if found else None


# ---- what says that one ended -------------------------------------------------------------------------------


def _ended(found: Gathered, today: date, content: Content) -> list[_End]:
    """Births and losses among the conditions. One without a date may have been at any time."""
    made = []
    for resource in found.of("Condition"):
        data, shape = resource.data, found.shapes.of(resource)
        if not shape.once("a pregnancy ended", _says_ended, shape.like.code, content) or concept(
            data, "verificationStatus"
        ).has(*_NOT_SO):
            continue
        day = when(data, *_DATES)
        if _years_ago(resource.code, today) or (day is not None and day.first > today):
            continue
        made.append(_End(resource, day))
    return made


def _says_ended(what: Concept, content: Content) -> bool:
    coded = {s.gives for s in codes.of_codes(what, content)}
    if ENDED in coded or _AFTER_OTHERS in coded:
        return ENDED in coded
    said = codes.problems(what, content)
    return any(s.gives == ENDED and how not in ("not", "open") for p in said for s, how in p.mentions)


def _births(found: Gathered, today: date, content: Content) -> list[_End]:
    """Births and losses among the procedures."""
    made = []
    for resource in found.of("Procedure"):
        data, shape = resource.data, found.shapes.of(resource)
        if (
            ENDED not in shape.once("findings", _gives, shape.like.code, content)
            or code(data, "status") not in _HAPPENED
        ):
            continue
        day = when(data, "performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod")
        if day is None or day.first <= today:
            made.append(_End(resource, day))
    return made
