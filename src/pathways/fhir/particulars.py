"""What a Patient says of a person beside the names: record numbers, day of birth, sex and family name. They tell two people
apart; that they agree in a birth date alone never says that two are one."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from .owners import numbers_of
from .plain import Data, code, days, items, strings, text

_SEXES = ("female", "male")
_WORDS = re.compile(r"\w+")


class Particulars(NamedTuple):
    """``numbers`` by who gave them, the first and last day of birth, ``sex`` (empty where not known), the words of the name."""

    numbers: dict[str, frozenset[str]]
    born: tuple[date, date] | None
    sex: str
    family: frozenset[str]


def particulars(patient: Data) -> Particulars:
    """Those of a Patient."""
    numbers: dict[str, set[str]] = {}
    for number in numbers_of(patient):
        if number.where:
            numbers.setdefault(number.where, set()).add(number.word)
    words: set[str] = set()
    for name in items(patient, "name"):
        said = (text(name, "family"), *strings(name, "family"))
        words.update(_WORDS.findall(" ".join(said).casefold()) or _WORDS.findall(text(name, "text").casefold()))
    born, sex = days(patient, "birthDate"), code(patient, "gender")
    return Particulars(
        {where: frozenset(found) for where, found in numbers.items()},
        (born.first, born.last) if born else None,
        sex if sex in _SEXES else "",
        frozenset(words),
    )


def one_number(a: Particulars, b: Particulars) -> bool:
    """Whether they have a record number in common."""
    return any(a.numbers[where] & b.numbers[where] for where in a.numbers.keys() & b.numbers.keys())


def two_numbers(a: Particulars, b: Particulars) -> bool:
    """Whether somebody gave each a number, and none of the numbers is common to both."""
    return not one_number(a, b) and bool(a.numbers.keys() & b.numbers.keys())


def two_sexes(a: Particulars, b: Particulars) -> bool:
    """Whether one is female and the other male."""
    return bool(a.sex and b.sex and a.sex != b.sex)


def two_births(a: Particulars, b: Particulars) -> bool:
    """Whether no day can be the birth date of both."""
    return a.born is not None and b.born is not None and (a.born[1] < b.born[0] or b.born[1] < a.born[0])


def surely_two(a: Particulars, b: Particulars) -> bool:
    """Whether they cannot be one person: other numbers, another birth date, or both another sex and another family name."""
    if one_number(a, b):
        return False
    return two_numbers(a, b) or two_births(a, b) or (two_sexes(a, b) and _other_name(a, b))


def surely_one(a: Particulars, b: Particulars) -> bool:
    """Whether nothing differs, and a number, or birth date and family name, are the same."""
    if two_births(a, b) or two_sexes(a, b) or _other_name(a, b):
        return False
    return one_number(a, b) or bool(a.born and a.born == b.born and a.family and b.family)


def _other_name(a: Particulars, b: Particulars) -> bool:
    return bool(a.family and b.family and not a.family & b.family)
