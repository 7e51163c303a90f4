"""An export of a prescription drug monitoring program (PDMP): rows of fills in a CSV file become medicines of a case.

The dose of a day is CDC's own: strength of one unit times quantity over days' supply (CDC 2022, the notes to its
conversion file). The MME that the export prints is compared and never used. A row that cannot be read is named with its
line and how to mend it, and stays in the list as a medicine of which nobody knows the dose; the other rows are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..content import Content
from .names import Product, read_name

MAX_BYTES = 2_000_000
MAX_ROWS = 400  # a case holds 500 medicines
_SEARCHED = 25  # lines before the header: exports begin with the person and the day of the report
_US_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$")


class PdmpError(ValueError):
    """A file that is no PDMP export. ``problems`` has one line: what is missing, and how to mend it."""

    def __init__(self, problem: str) -> None:
        self.problems = [problem]
        super().__init__(problem)


@dataclass(frozen=True)
class Pdmp:
    """What was read: ``case`` is plain data of a case file; ``problems`` one line for each row that cannot be used as it
    is; ``notes`` what was compared or assumed; ``rows`` how many fills there are. ``told`` has for each entry of the case its
    line in the file, its problem and its notes."""

    case: Mapping[str, Any]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    rows: int
    told: tuple[tuple[int, str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class _Fill:
    """One row: its line in the file, what was read of it, and what is wrong with it."""

    line: int
    drug: str
    product: Product
    filled: date | None = None
    quantity: float | None = None
    days: float | None = None
    prescriber: str = ""
    printed: float | None = None
    problem: str = ""

    @property
    def ends(self) -> date | None:
        """The first day without supply."""
        return self.filled + timedelta(days=round(self.days)) if self.filled and self.days else None

    @property
    def a_day(self) -> float | None:
        """Units a day: quantity over days' supply."""
        return round(self.quantity / self.days, 6) if self.quantity and self.days else None


def read_pdmp(text: str, as_of: date, content: Content) -> Pdmp:
    """Read the text of a PDMP export as of a day. Raises PdmpError where it is none."""
    if len(text) > MAX_BYTES:
        raise PdmpError(f"the file has {len(text) / 1e6:.1f} MB; an export of one person has at most 2 MB")
    table, columns = _table(text.removeprefix("\ufeff"), content)
    if len(table) > MAX_ROWS:
        raise PdmpError(f"{len(table)} rows; one person's export has at most {MAX_ROWS}: cut it to the last years")
    fills = [_fill(line, row, columns, as_of, content) for line, row in table]
    compared = [_compared(fill, content) for fill in fills]
    made = [_entry(fill, fills, as_of, content) for fill in fills]
    entries = [entry for entry, _ in made]
    notes = [note for note in (*compared, *(note for _, note in made)) if note]
    told = tuple(
        (fill.line, fill.problem, tuple(note for note in (first, more) if note))
        for fill, first, (_, more) in zip(fills, compared, made, strict=True)
    )
    case = {"schema_version": 1, "as_of": as_of.isoformat(), "medicines": entries}
    return Pdmp(case, tuple(fill.problem for fill in fills if fill.problem), tuple(notes), len(fills), told)


# ---- the table ----------------------------------------------------------------------------------------------


def _table(text: str, content: Content) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """The rows after the header, each with its line, and the place of each column. Raises PdmpError."""
    best: dict[str, int] = {}
    for mark in (",", ";", "\t", "|"):
        rows = list(_rows(text, mark))
        for n, (_, row) in enumerate(rows[:_SEARCHED]):
            columns = _columns(row, content)
            required = [c.holds for c in content.pdmp_columns.values() if c.required]
            if all(name in columns for name in required):
                return [(line, cells) for line, cells in rows[n + 1 :] if any(cells)], columns
            best = max(best, columns, key=len)
    missing = [c.names[0] for c in content.pdmp_columns.values() if c.required and c.holds not in best]
    raise PdmpError(
        f"no line with the columns of a PDMP export: {', '.join(missing)} not found. The first line has to name fill date, "
        "drug, quantity and days supply (strength, prescriber and MME where there are any)"
    )


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(), delimiter=mark)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        yield reader.line_num, [" ".join(cell.split()) for cell in row]


def _columns(row: Sequence[str], content: Content) -> dict[str, int]:
    names = {_bare(name): c.holds for c in content.pdmp_columns.values() for name in c.names}
    found: dict[str, int] = {}
    for n, cell in enumerate(row):
        if (holds := names.get(_bare(cell))) is not None:
            found.setdefault(holds, n)
    return found


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


# ---- one row ------------------------------------------------------------------------------------------------


def _fill(line: int, row: Sequence[str], columns: Mapping[str, int], as_of: date, content: Content) -> _Fill:
    cells = {name: row[n] if n < len(row) else "" for name, n in columns.items()}
    drug, strength = cells["drug"], cells.get("strength", "")
    if strength and strength.casefold() not in drug.casefold():
        unit = "" if re.search(r"[a-z%]", strength, re.I) else " mg"
        drug = f"{drug} {strength}{unit}"
    fill = _Fill(line, drug[:200], read_name(drug, content), prescriber=cells.get("prescriber", "")[:100])
    fill = replace(fill, printed=_number(cells.get("printed", "")))
    wrong: list[str] = []
    if not cells["drug"]:
        wrong.append("no drug: write its name")
    filled = _day(cells["filled"])
    if filled is None:
        wrong.append(f"fill date '{cells['filled'][:30]}' is no day: write it like 2026-10-28 or 10/28/2026")
    elif filled > as_of:
        wrong.append(
            f"fill date {filled} is after the day of review, {as_of}: check the year, or review as of a later day"
        )
        filled = None
    quantity, days = _number(cells["quantity"]), _number(cells["days"])
    if not quantity:
        wrong.append(f"quantity '{cells['quantity'][:30]}' is no number above 0: write how many were dispensed")
    if not days or days > 365:
        wrong.append(f"days supply '{cells['days'][:30]}' is no number of days from 1 to 365")
        days = None
    fill = replace(fill, filled=filled, quantity=quantity, days=days)
    most = content.mme_edition.believable.units
    solid = any(s.per == "unit" for s in fill.product.strengths.values())
    if fill.a_day and solid and fill.a_day > most:
        told = f"{quantity:g} in {days:g} days is {fill.a_day:g} a day, which nobody is thought to take"
        wrong.append(f"{told}: check quantity and days supply")
        fill = replace(fill, quantity=None)
    if wrong:
        fill = replace(fill, problem=f"line {line}, {fill.drug or 'no drug'}: {'; '.join(wrong)}. Its dose is not used")
    return fill


def _number(cell: str) -> float | None:
    """A number above 0 as written, with a thousands comma or not; None for anything else."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", cell.strip())
    if not re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", plain):
        return None
    return float(plain) or None


def _day(cell: str) -> date | None:
    cell = cell.strip().split(" ")[0].split("T")[0]
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
            return date.fromisoformat(cell)
        if found := _US_DAY.fullmatch(cell):
            month, day, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return None


# ---- as a medicine ------------------------------------------------------------------------------------------


def _entry(fill: _Fill, fills: Sequence[_Fill], as_of: date, content: Content) -> tuple[dict[str, Any], str]:
    """The fill as an entry of the medicines list, and what was assumed."""
    product, note = fill.product, ""
    ingredients = [i for i in product.ingredients if i in content.medicines]
    entry: dict[str, Any] = {"name": fill.drug or f"line {fill.line}", "source": "pdmp", "state": "current"}
    if ingredients:
        entry["ingredients"] = ingredients
    entry |= {"prescriber": fill.prescriber} if fill.prescriber else {}
    if product.route in ("oral", "sublingual", "buccal", "transdermal", "rectal", "nasal"):
        entry["route"] = product.route
    if product.release:
        entry["release"] = product.release
    if fill.filled:
        entry["start"] = fill.filled.isoformat()
    if fill.days:
        entry["supply_days"] = fill.days
    if fill.ends and fill.ends <= as_of:
        entry |= {"state": "stopped", "stop": fill.ends.isoformat()}
    elif fill.problem:
        entry["use_unknown"] = True
    elif later := _continued_by(fill, fills):
        entry["use_unknown"] = True
        note = f"line {fill.line}, {fill.drug}: filled again on {later.filled} (line {later.line}) before its end; counted from 0"
    entry |= _dose(fill, ingredients)
    return entry, note


def _continued_by(fill: _Fill, fills: Sequence[_Fill]) -> _Fill | None:
    """A later fill of the same product by the same prescriber: the next one of a row, or one beside it."""
    return next(
        (
            other
            for other in fills
            if other is not fill
            and other.product.key == fill.product.key
            and other.prescriber.casefold() == fill.prescriber.casefold()
            and other.filled
            and fill.filled
            and (other.filled, other.line) > (fill.filled, fill.line)
            and other.filled > fill.filled
        ),
        None,
    )


def _dose(fill: _Fill, ingredients: Sequence[str]) -> dict[str, Any]:
    """Milligrams of one unit (tablet, film, mL), and units a day; of a patch its rate where one is worn at a time."""
    strengths = {i: s for i, s in fill.product.strengths.items() if i in ingredients}
    if not fill.a_day or not strengths or fill.problem or len(strengths) < len(ingredients):
        return {}
    per = {s.per for s in strengths.values()}
    if per == {"h"}:
        worn = _worn(fill)
        return (
            {"dose": {i: round(s.mg * 1000 * worn, 6) for i, s in strengths.items()}, "unit": "mcg/h"} if worn else {}
        )
    if len(per) > 1 or "h" in per:
        return {}
    units = fill.a_day if fill.a_day <= 100 else 100.0  # a case holds up to 100 intakes a day: larger ones are gathered
    dose = {i: round(s.mg * fill.a_day / units, 6) for i, s in strengths.items()}
    return {"dose": dose, "per_day_min": units, "per_day_max": units}


def _worn(fill: _Fill) -> int | None:
    """How many patches are worn at once, by the hours or days that the name says one lasts; None where that gives no
    whole number."""
    lasts = re.match(r"\s*(\d+)\s*(hr|hour|h|day)s?\b", fill.product.text, re.I)
    if not lasts or not fill.a_day:
        return None
    days = float(lasts[1]) / (1 if lasts[2].lower() == "day" else 24)
    worn = fill.a_day * days
    return round(worn) if worn >= 0.9 and abs(worn - round(worn)) <= 0.1 else None


def _compared(fill: _Fill, content: Content) -> str:
    """What to say of the MME that the export prints: nothing where CDC's formula gives the same."""
    if fill.printed is None or fill.problem or not fill.a_day:
        return ""
    found, known = 0.0, False
    for ingredient, strength in fill.product.strengths.items():
        rows = [f for f in content.mme_edition.factors if f.ingredient == ingredient and fill.product.route in f.routes]
        if len(rows) == 1 and rows[0].unit == "mg/day" and strength.per in ("unit", "ml"):
            found += strength.mg * fill.a_day * rows[0].factor
            known = True
    if not known or abs(found - fill.printed) <= 0.02 * max(found, fill.printed):
        return ""
    return (
        f"line {fill.line}, {fill.drug}: the export says {fill.printed:g} MME a day, strength × quantity ÷ days × factor gives "
        f"{found:g}; the printed one is not used"
    )
