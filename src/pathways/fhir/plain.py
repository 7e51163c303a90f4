"""Reading FHIR as plain data: every getter takes whatever stands there and gives a sound value or nothing.

Nothing here raises: a wrong type is as if the element were missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

Data = Mapping[str, Any]
EMPTY: Data = {}
OBJECT = (dict, Mapping)
"""What counts as an object; plain dicts are told first, which is quicker, and what is neither is told slowly."""
_SYSTEMS = (
    ("rxnorm", "rxnorm"),
    ("snomed", "snomed"),
    ("icd-10-pcs", "icd-10-pcs"),
    ("icd-10", "icd"),
    ("icd10", "icd"),
    ("icd-9", "icd9"),
    ("icd9", "icd9"),
    ("loinc", "loinc"),
    ("ama-assn.org", "cpt"),
    ("cpt", "cpt"),
    ("hcpcs", "cpt"),
)
_OIDS = {
    "88": "rxnorm",
    "96": "snomed",
    "3": "icd",
    "90": "icd",
    "2": "icd9",
    "103": "icd9",
    "1": "loinc",
    "12": "cpt",
    "14": "cpt",
    "285": "cpt",
}
"""The same as object identifiers, 2.16.840.1.113883.6 and this; each is whole, so that 103 is not 1."""
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?$", re.S)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_DAYS = {
    "d": 1.0,
    "wk": 7.0,
    "mo": 30.0,
    "a": 365.0,
    "h": 1 / 24,
    "min": 1 / 1440,
    "s": 1 / 86400,
    "ms": 1 / 86_400_000,
}
_UNITS = {
    "day": "d",
    "days": "d",
    "week": "wk",
    "weeks": "wk",
    "month": "mo",
    "months": "mo",
    "year": "a",
    "years": "a",
    "y": "a",
    "yr": "a",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "minute": "min",
    "minutes": "min",
    "w": "wk",
    "m": "mo",
    "second": "s",
    "seconds": "s",
}


class Coding(NamedTuple):
    """One code: ``system`` is rxnorm, snomed, icd, icd9, loinc, cpt or the tail of what was given."""

    system: str
    code: str
    display: str


class Concept(NamedTuple):
    """A CodeableConcept: its codes, and every text that names it."""

    codes: tuple[Coding, ...]
    text: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of the concept and the displays of its codes, each once."""
        if not self.codes:
            return (self.text,) if self.text else ()
        found = [self.text, *[c.display for c in self.codes]]
        return tuple(dict.fromkeys([t for t in found if t]))

    @property
    def label(self) -> str:
        """A name for people: a text, else a code."""
        return next(iter(self.texts), "") or next((f"{c.system} {c.code}".strip() for c in self.codes), "")

    def has(self, *codes: str) -> bool:
        """Whether one of these codes is among its codes, whatever the system."""
        return any(c.code.lower() in codes for c in self.codes)

    def __bool__(self) -> bool:
        return bool(self.codes or self.text)


_NOTHING = Concept((), "")


def obj(value: Any, *path: str) -> Data:
    """The object at a path of names, or an empty one."""
    for name in path:
        value = value.get(name) if isinstance(value, OBJECT) else None
        if value is None:
            return EMPTY
    return value if isinstance(value, OBJECT) else EMPTY


def items(value: Any, name: str | None = None) -> tuple[Data, ...]:
    """The objects of a list; a single object where a list should be counts as a list of one."""
    if name is not None:
        value = value.get(name) if isinstance(value, OBJECT) else None
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple([x for x in value if isinstance(x, OBJECT)])
    return (value,) if isinstance(value, OBJECT) else ()


def text(value: Any, name: str | None = None, most: int = 300) -> str:
    """A text without line breaks and control characters."""
    if name is not None:
        value = value.get(name) if isinstance(value, OBJECT) else None
    if not isinstance(value, str):
        return ""
    if len(value) <= most and value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(_CONTROL.sub(" ", value[: most * 2]).split())[:most]


def code(value: Any, name: str | None = None) -> str:
    """A code word in small letters."""
    return text(value, name, 80).lower()


def number(value: Any, name: str | None = None, most: float = 1e9) -> float | None:
    """A finite number from 0 to ``most``; a decimal in a text is read too."""
    if name is not None:
        value = value.get(name) if isinstance(value, OBJECT) else None
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,12}(?:\.\d{1,9})?\s*", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) and 0 <= found <= most else None


def flag(value: Any, name: str) -> bool | None:
    """A boolean, or nothing."""
    found = value.get(name) if isinstance(value, OBJECT) else None
    return found if isinstance(found, bool) else None


def strings(value: Any, name: str) -> tuple[str, ...]:
    """The texts of a list."""
    found = value.get(name) if isinstance(value, OBJECT) else None
    found = found if isinstance(found, list) else [found]
    return tuple(t for x in found if (t := text(x)))


def concept(value: Any, name: str | None = None) -> Concept:
    """A CodeableConcept; a bare Coding, a list of concepts and a plain text are read too."""
    if name is not None:
        value = value.get(name) if isinstance(value, OBJECT) else None
    if value is None:
        return _NOTHING
    if isinstance(value, str):
        return Concept((), text(value))
    if type(value) is dict and type(coding := value.get("coding")) is list and len(coding) == 1:
        only = coding[0]
        if type(only) is dict:  # as nearly all are
            parts = (only.get("system"), only.get("code"), only.get("display"), value.get("text"))
            if all(map(_is_short, parts)):
                return _of_one(*parts)
    codes: list[Coding] = []
    said = ""
    for part in items(value):
        said = said or text(part, "text")
        for coding in items(part, "coding") or ((part,) if "code" in part and "coding" not in part else ()):
            given = coding.get("code")
            word = str(given) if isinstance(given, int) and not isinstance(given, bool) else text(given, most=60)
            display = text(coding, "display")
            if word or display:
                codes.append(_coding(text(coding, "system"), word, display))
    return Concept(tuple(sorted(set(codes)) if len(codes) > 1 else codes), said)


def _is_short(part: object) -> bool:
    """Whether a part of a coding is a text that is kept whole, or missing."""
    return part is None or (type(part) is str and len(part) <= 300)


@lru_cache(maxsize=5000)
def _of_one(system: str | None, word: str | None, display: str | None, said: str | None) -> Concept:
    """A concept with one coding, of which many are alike."""
    word, display = text(word, most=60), text(display)
    codes = (_coding(text(system), word, display),) if word or display else ()
    return Concept(codes, text(said))


@lru_cache(maxsize=5000)
def _coding(system: str, word: str, display: str) -> Coding:
    return Coding(_system(system), word, display)


def status_is(value: Any, name: str, *words: str) -> bool:
    """Whether a status is one of these: a CodeableConcept, or (FHIR STU3) a plain word."""
    given = value.get(name) if isinstance(value, OBJECT) else None
    if given is None:
        return False
    return code(given) in words if isinstance(given, str) else concept(given).has(*words)


VERIFIED = ("confirmed", "unconfirmed", "provisional", "differential", "refuted", "entered-in-error")


def in_doubt(value: Any) -> bool:
    """Whether a `verificationStatus` leaves open that a thing is so: it says so, or nothing of it can be read."""
    if obj(value).get("verificationStatus") is None:
        return False
    if status_is(value, "verificationStatus", "unconfirmed", "provisional", "differential"):
        return True
    said = concept(value, "verificationStatus")
    given = bool(said.codes or said.text)
    return given and not status_is(value, "verificationStatus", *VERIFIED) and said.label.lower() not in VERIFIED


def concepts(value: Any, name: str) -> tuple[Concept, ...]:
    """Each concept of a list of them."""
    return tuple(c for part in items(value, name) if (c := concept(part)))


@lru_cache(maxsize=2000)
def _system(given: str) -> str:
    small = given.lower().strip()
    if oid := re.search(r"113883\.6\.(\d+)$", small):
        return _OIDS.get(oid[1], small)
    return next((name for part, name in _SYSTEMS if part in small), small.rsplit("/", 1)[-1])


# ---- time -----------------------------------------------------------------------------------------------


class Days(NamedTuple):
    """The first and last day that a date may mean: one day, a month, a year."""

    first: date
    last: date


def days(value: Any, name: str | None = None) -> Days | None:
    """A FHIR date, dateTime or instant by its calendar day as written; the time of day and its zone are left out."""
    if name is not None:
        value = value.get(name) if isinstance(value, OBJECT) else None
    return _days(value) if isinstance(value, str) and len(value) < 60 else None


@lru_cache(maxsize=10_000)
def _days(value: str) -> Days | None:
    """The days of a text. More are kept than a life of twenty years of records has, that name each in turn."""
    found = _DAY.match(value.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if day is not None:
            only = date(year or 0, month or 0, day)
            return Days(only, only)
        if month is not None:
            first = date(year or 0, month, 1)
            after = date(first.year + month // 12, month % 12 + 1, 1)
            return Days(first, after - timedelta(days=1))
        return Days(date(year or 0, 1, 1), date(year or 0, 12, 31))
    except (ValueError, OverflowError):
        return None


def when(resource: Data, *names: str) -> Days | None:
    """The first of these elements that holds a day: a date, or the start (else the end) of a period."""
    for name in names:
        value = resource.get(name)
        if value is None:
            continue
        found = days(value) if isinstance(value, str) else days(value, "start") or days(value, "end")
        if found:
            return found
    return None


def written(found: Days | None) -> str | None:
    """Days as the partial date of a profile."""
    if found is None:
        return None
    if found.first == found.last:
        return found.first.isoformat()
    return found.first.isoformat()[: 7 if found.first.month == found.last.month else 4]


def duration_days(value: Any) -> float | None:
    """A Duration in days; its unit may be a code or a word. Without any unit it is not known."""
    amount = number(value, "value", 1e6)
    if amount is None:
        return None
    unit = code(value, "code") or code(value, "unit")
    factor = _DAYS.get(_UNITS.get(unit, unit))
    return None if factor is None else round(amount * factor, 6)


def per_days(value: Any, unit: Any) -> float | None:
    """A period and its unit in days."""
    amount = number(value, most=1e6)
    word = code(unit)
    factor = _DAYS.get(_UNITS.get(word, word))
    return None if amount is None or factor is None or amount == 0 else amount * factor


def walk(value: Any) -> Iterator[Data]:
    """Every object inside a value, without recursion."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, OBJECT):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
