"""Whose fills a PDMP export holds: what its rows say of the person, and what the lines say that are no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ..content import Content
from .pdmp_cells import DayOrders, day_of, words_of
from .pdmp_rows import Columns, cell_of, column_of

Line = tuple[int, list[str]]
"""A line of the file: its number and its cells."""
Told = tuple[tuple[int, ...], str]
"""What is to be looked at, with the lines of the rows that it is about."""
_OF = r"(?:patient|recipient|client|person|member|consumer|customer)"
_NAMED = re.compile(
    rf"^\W*(?:{_OF}(?:'s)?(?: (?:full )?name| report(?: for)?| record| history| profile)?|(?:full )?name|report for)\s*[:,|]\W*"
    r"(?P<name>[^\W\d].*?)\W*(?:\d|\b(?:dob|d\.o\.b|date of birth|birth ?date|born|sex|gender|age|address|id)\b|$)",
    re.I,
)
_BORN = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born)\b\W*(?P<day>\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4})", re.I
)


@dataclass(frozen=True)
class Whose:
    """What a row says of its person."""

    line: int
    names: tuple[str, ...] = ()
    born: str = ""
    id: str = ""
    sex: str = ""
    address: str = ""

    @property
    def silent(self) -> bool:
        """Whether it names nobody."""
        return not (any(self.names) or self.born or self.id)


def whose_rows(table: Sequence[Line], columns: Columns, content: Content) -> list[Whose]:
    """What each row says of its person. A word that says no sex, as "unknown", is left out."""
    said_nothing = column_of("sex", content).counts
    made = []
    for line, row in table:
        sex = cell_of(row, columns, "sex")
        made.append(
            Whose(
                line,
                tuple(row[n] if n < len(row) else "" for n in columns.get("person", ())),
                cell_of(row, columns, "born"),
                cell_of(row, columns, "person_id"),
                "" if sex.strip().casefold() in said_nothing else sex,
                cell_of(row, columns, "address"),
            )
        )
    return made


def whose_blocks(before: Sequence[Line], after: Sequence[Line], fills: Sequence[int]) -> list[Whose]:
    """The persons that lines outside the table name, one for each block of such lines: before the header (``before``), and
    between the ``fills`` (their lines) and behind them (``after``)."""
    blocks = [list(before)]
    for _, block in groupby(after, key=lambda one: sum(1 for fill in fills if fill < one[0])):
        blocks.append(list(block))
    return [whose for block in blocks for whose in _named_in(block)]


def _named_in(block: Sequence[Line]) -> Iterator[Whose]:
    """The person whom a block of lines names, by the first name and the first day of birth in it."""
    texts = [(line, ", ".join(cell for cell in cells if cell)) for line, cells in block]
    named = next(((line, found["name"]) for line, text in texts if (found := _NAMED.search(text))), None)
    born = next(((line, found["day"]) for line, text in texts if (found := _BORN.search(text))), None)
    if first := named or born:
        yield Whose(first[0], (named[1],) if named else (), born[1] if born else "")


def persons_in(rows: Sequence[Whose], orders: DayOrders) -> tuple[str, list[Told]]:
    """Why the rows are of more than one person, and what else is to be looked at in which lines; each empty if there is
    nothing.

    Another day of birth is another person. With the same one, another name is told; without any, another name is another
    person: the order of its words, a middle name and an initial are not. Another sex is another person where no name and no
    day of birth say that it is the same one; another address may be a move, and is told.
    """
    first_born: tuple[Whose, date | str] | None = None
    named: Whose | None = None
    told: dict[str, Told] = {}
    for row in rows:
        if row.born:
            born: date | str = day_of(row.born, orders) or row.born.casefold()
            if first_born is None:
                first_born = (row, born)
            elif born != first_born[1]:
                other = first_born[0]
                return f"line {row.line} (born {row.born}) and line {other.line} (born {other.born})", []
        if any(row.names):
            if named is None:
                named = row
            elif not _one_name(named.names, row.names):
                shown = f"line {row.line} ({_full(row)}) and line {named.line} ({_full(named)})"
                if not (row.born and named.born):
                    return shown, []
                told["name"] = (
                    (row.line,),
                    f"{shown} have one date of birth and different names: check that they are one person",
                )
    ids = [row.id.casefold() for row in rows if row.id]
    # A number of its own in every row counts the rows.
    if len(set(ids)) > 1 and (len(set(ids)) < len(ids) or len(ids) < 3):
        other = next(row for row in rows if row.id and row.id.casefold() != ids[0])
        return f"line {other.line} (patient {other.id}) and the rows before it (patient {ids[0]})", []
    if two := _differ([(row.line, row.sex, row.sex.casefold()[:1]) for row in rows]):
        if not (named and first_born):
            return two[1], []
        told["sex"] = ((two[0],), f"{two[1]} have different sexes: check that they are one person")
    if two := _differ([(row.line, row.address[:40], " ".join(words_of(row.address))) for row in rows]):
        told["address"] = ((two[0],), f"{two[1]} have different addresses: check that they are one person")
    silent = [row for row in rows if row.silent]
    if silent and len(silent) < len(rows):
        lines = ", ".join(str(row.line) for row in silent[:5]) + (" and more" if len(silent) > 5 else "")
        told["silent"] = (
            tuple(row.line for row in silent),
            (
                f"{'line' if len(silent) == 1 else 'lines'} {lines}: nothing says whose fill it is, and other rows do: check that "
                "they are one person"
            ),
        )
    return "", list(told.values())


def _differ(said: Sequence[tuple[int, str, str]]) -> tuple[int, str] | None:
    """The first line that says something else than the first one, and both with their own words."""
    known = [one for one in said if one[2]]
    other = next((one for one in known if one[2] != known[0][2]), None)
    return (other[0], f"line {other[0]} ({other[1]}) and line {known[0][0]} ({known[0][1]})") if other else None


def _full(row: Whose) -> str:
    return " ".join(name for name in row.names if name)[:60]


def _one_name(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names may be of one person. The same name always is, also a letter or a blacked-out one. Else they share
    a word, and what only one of them has is left out by the other, or is written there as an initial."""
    a, b = ([word for name in names for word in words_of(name)] for names in (one, other))
    if sorted(a) == sorted(b):
        return bool(a) or [n.casefold() for n in one] == [n.casefold() for n in other]
    common = set(a) & set(b)
    few, many = sorted((set(a) - common, set(b) - common), key=len)
    if not any(len(word) > 1 for word in common):
        return False
    return all(any(_initial(word, full) for full in many) for word in few)


def _initial(one: str, other: str) -> bool:
    return one[0] == other[0] and 1 in (len(one), len(other))
