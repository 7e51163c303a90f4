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
from datetime import date
from itertools import chain, islice
from typing import Any

from ..content import Content
from ..disk.incoming import clean_lines, too_large
from ..disk.limits import EXPORT_BYTES, EXPORT_COLUMNS, EXPORT_LINE, EXPORT_ROWS
from .depots import injection
from .pdmp_cells import DayOrders, day_of, orders_in, prescriber_of
from .pdmp_rows import Columns, Fill, cell_of, columns_of, fill_of, named_twice, no_fill
from .pdmp_whose import Line, Told, persons_in, whose_blocks, whose_rows

_SEARCHED = 25  # lines before the header: exports begin with the person and the day of the report
_EARLY = 7
"""Days before the end of a supply on which the next one is filled: one of the usual refills, whoever of an office signs it."""


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


def read_pdmp(text: str, as_of: date, content: Content) -> Pdmp:
    """Read the text of a PDMP export as of a day. Raises PdmpError where it is none."""
    if len(text) > EXPORT_BYTES.most:
        raise PdmpError(too_large(len(text), EXPORT_BYTES))
    before, table, columns = _table(clean_lines(text.removeprefix("\ufeff")), content)
    if len(table) > EXPORT_ROWS.most:
        raise PdmpError(
            f"{len(table)} rows; one person's export has at most {EXPORT_ROWS.most}: cut it to the last years"
        )
    orders = orders_in(cell_of(row, columns, "filled") for _, row in table)
    others = [(line, row) for line, row in table if no_fill(row, columns, orders, content)]
    table = [one for one in table if one not in others]
    whose = _of_one_person(before, table, others, columns, content)
    notes = [*(note for _, note in whose), *_orders_told(orders)]
    fills = [fill_of(line, row, columns, orders, as_of, content) for line, row in table]
    fills, twice = _each_once(fills)
    compared = [_compared(fill, content) for fill in fills]
    made = [_entry(fill, fills, as_of, content) for fill in fills]
    entries = [entry for entry, _ in made]
    notes += [*twice, *(note for note in (*compared, *(note for _, note in made)) if note)]
    told = tuple(
        (
            fill.line,
            fill.problem,
            tuple(note for note in (*(say for lines, say in whose if fill.line in lines), first, more) if note),
        )
        for fill, first, (_, more) in zip(fills, compared, made, strict=True)
    )
    case = {"schema_version": 1, "as_of": as_of.isoformat(), "medicines": entries}
    return Pdmp(case, tuple(fill.problem for fill in fills if fill.problem), tuple(notes), len(fills), told)


# ---- the table ----------------------------------------------------------------------------------------------


def _table(text: str, content: Content) -> tuple[list[Line], list[Line], dict[str, tuple[int, ...]]]:
    """The lines before the header, the rows after it, and the place of each column. Raises PdmpError."""
    best: dict[str, tuple[int, ...]] = {}
    lines = text.splitlines(keepends=True)
    long = next((n for n, line in enumerate(lines, 1) if len(line.rstrip()) > EXPORT_LINE.most), 0)
    if long:
        raise PdmpError(
            f"line {long} has more than {EXPORT_LINE.most:,} characters: this is no table of fills, or its line ends are "
            "lost. Export it anew"
        )
    wide = 0
    for mark in (",", ";", "\t", "|"):
        broken: list[int] = []
        rows = _rows(lines, mark, broken)
        head = list(islice(rows, _SEARCHED))
        for n, (line, row) in enumerate(head):
            if len(row) > EXPORT_COLUMNS.most:
                wide = wide or line
                continue
            columns = columns_of(row, content)
            required = [c.holds for c in content.pdmp_columns.values() if c.required]
            if all(name in columns for name in required):
                if twice := named_twice(row, columns):
                    raise PdmpError(
                        f"the column '{twice[:40]}' is there twice: keep the one that holds, or rename the other"
                    )
                made = [(line, cells) for line, cells in chain(head[n + 1 :], rows) if any(cells)]
                if broken:
                    raise PdmpError(
                        f"line {broken[0]} cannot be read: a cell has more than {csv.field_size_limit():,} characters, or a quote "
                        "is opened and not closed. Mend that line"
                    )
                if wide := next((line for line, cells in made if len(cells) > EXPORT_COLUMNS.most), 0):
                    raise PdmpError(_too_wide(wide))
                _not_run_together(made, columns, mark)
                return head[:n], [(line, [_plain(cell) for cell in cells]) for line, cells in made], columns
            best = max(best, columns, key=len)
    if wide:
        raise PdmpError(_too_wide(wide))
    missing = [c.names[0] for c in content.pdmp_columns.values() if c.required and c.holds not in best]
    raise PdmpError(
        f"no line with the columns of a PDMP export: {', '.join(missing)} not found. The first line has to name fill date, "
        "drug and quantity (days supply, strength, prescriber and MME where there are any)"
    )


def _too_wide(line: int) -> str:
    return (
        f"the row that ends on line {line} has more than {EXPORT_COLUMNS.most} columns, and so has no export of fills: "
        "delete what was joined to it"
    )


def _rows(lines: list[str], mark: str, broken: list[int]) -> Iterator[Line]:
    """Each row with the line that it ends on, its cells with their line ends, without the empty ones at its end; ``broken`` gets
    the lines that are none."""
    given = (line if line.strip() else "\n" for line in lines)  # a blank line is no long cell
    reader = csv.reader(given, delimiter=mark)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            broken.append(reader.line_num)
            continue
        while row and not row[-1].strip():
            row.pop()
        yield (
            reader.line_num,
            ["\n".join(map(_plain, cell.splitlines())).strip() for cell in row[: EXPORT_COLUMNS.most + 1]],
        )


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _not_run_together(rows: Sequence[Line], columns: Columns, mark: str) -> None:
    """Raises PdmpError where a line within a cell is a row by itself: it has a day where fill dates stand."""
    place, none = columns["filled"][0], DayOrders({}, False)
    for line, cells in rows:
        for cell in cells:
            for more in cell.split("\n")[1:]:
                parts = more.split(mark)
                said = parts[place].strip(' "') if place < len(parts) - 1 else ""
                if day_of(said, none) or re.fullmatch(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}", said):
                    raise PdmpError(
                        f"rows ran together in the one that ends on line {line}: a quote is opened in it and not closed. Close "
                        "or delete the quote"
                    )


# ---- the file as a whole ------------------------------------------------------------------------------------


def _of_one_person(
    before: Sequence[Line], table: Sequence[Line], others: Sequence[Line], columns: Columns, content: Content
) -> list[Told]:
    """What is to be looked at about the person. Raises PdmpError where the rows are of several, or the lines between them
    name several."""
    rows = whose_rows(table, columns, content)
    blocks = whose_blocks(before, others, [line for line, _ in table])
    notes: list[Told] = []
    for named in (rows, blocks):
        several, told = persons_in(named, orders_in(one.born for one in named))
        if several:
            raise PdmpError(
                f"the fills seem to be of more than one person: {several}. Keep the rows of the person who is reviewed; a "
                "search often finds a namesake or someone of the same household"
            )
        notes += told
    return notes


def _orders_told(orders: DayOrders) -> Iterator[str]:
    for sign in (sign for sign, order in orders.by_sign.items() if order is None):
        yield f"some dates with '{sign}' begin with the day and some with the month: check each fill date"
    if orders.guessed:
        said = " and ".join(
            f"dates with '{sign}' are read as {'day, month, year' if order == 'day' else 'month, day, year'}"
            for sign, order in orders.by_sign.items()
            if order is not None
        )
        yield f"no date of the file shows whether its day or its month comes first: {said}; check one of them"


def _each_once(fills: Sequence[Fill]) -> tuple[list[Fill], list[str]]:
    """The fills without those that were voided or reversed, and without a row that stands there twice; and what was left
    out. A row that says the same without a prescription number may be the same fill: it stays, and counts from none."""
    notes: list[str] = []
    kept = [fill for fill in fills if fill.state in ("counts", "open")]
    for fill in fills:
        if fill.state == "animal":
            notes.append(f"line {fill.line}, {fill.drug}: for an animal, so it is not the person's and not counted")
        elif fill.state == "void":
            notes.append(f"line {fill.line}, {fill.drug}: voided, returned or not handed out, so it is not counted")
            alike = next((n for n, other in enumerate(kept) if _alike(fill, other)), None)
            if alike is not None:
                kept[alike] = replace(kept[alike], state="open")
        elif fill.state == "reversal":
            alike = next((n for n, other in enumerate(kept) if _alike(fill, other)), None)
            if alike is None:
                notes.append(f"line {fill.line}, {fill.drug}: takes back a fill that is not in the file; not counted")
            else:
                gone = kept.pop(alike)
                notes.append(f"line {fill.line}, {fill.drug}: takes back line {gone.line}; neither is counted")
    made: list[Fill] = []
    for fill in kept:
        same = [other for other in made if fill.as_said == other.as_said and not fill.problem]
        if any(fill.rx and fill.rx == other.rx for other in same):
            notes.append(f"line {fill.line}, {fill.drug}: the same fill as line {same[0].line}; counted once")
            continue
        if any(not fill.rx or not other.rx for other in same):
            fill = replace(fill, twice=True)
            notes.append(
                f"line {fill.line}, {fill.drug}: the same as line {same[0].line}, which may be one fill or two; counted from "
                "once to twice"
            )
        made.append(fill)
    return made, notes


def _alike(one: Fill, other: Fill) -> bool:
    """Whether one row may take back the other."""
    if one.rx and other.rx:
        return one.rx == other.rx and one.product.key == other.product.key
    return (one.filled, one.product.key, one.quantity) == (other.filled, other.product.key, other.quantity)


# ---- as a medicine ------------------------------------------------------------------------------------------


def _entry(fill: Fill, fills: Sequence[Fill], as_of: date, content: Content) -> tuple[dict[str, Any], str]:
    """The fill as an entry of the medicines list, and what was assumed."""
    product, note = fill.product, ""
    ingredients = [i for i in product.ingredients if i in content.medicines]
    entry: dict[str, Any] = {"name": fill.drug or f"line {fill.line}", "source": "pdmp", "state": "current"}
    if ingredients:
        entry["ingredients"] = ingredients
    if fill.prescriber:  # one person, one spelling
        mine = prescriber_of(fill.prescriber)
        entry["prescriber"] = next(f.prescriber for f in fills if prescriber_of(f.prescriber) == mine)
    if fill.depot or product.route in ("oral", "sublingual", "buccal", "transdermal", "rectal", "nasal"):
        entry["route"] = product.route
    if product.release:
        entry["release"] = product.release
    if fill.filled:
        entry["start"] = fill.filled.isoformat()
    if fill.days and not fill.too_long:
        entry["supply_days"] = fill.days
    if fill.ends and fill.ends <= as_of:
        entry |= {"state": "stopped", "stop": fill.ends.isoformat()}
    elif fill.problem or fill.twice or fill.state == "open":
        entry["use_unknown"] = True
    elif later := _continued_by(fill, fills):
        entry["use_unknown"] = True
        note = f"line {fill.line}, {fill.drug}: filled again on {later.filled} (line {later.line}) before its end; counted from 0"
    if (apart := _patches_apart(fill) or _injections_apart(fill, content)) and not fill.problem:
        note = f"{note}; {apart}" if note else f"line {fill.line}, {fill.drug}: {apart}"
    entry |= _injected(fill, content) if fill.depot else _dose(fill, ingredients, content.mme_edition.believable.units)
    return entry, note


def _continued_by(fill: Fill, fills: Sequence[Fill]) -> Fill | None:
    """A later fill of the same product that goes on from this one: by the same prescriber, or by another of the office some
    days before the end."""
    if not fill.filled or not fill.ends:
        return None
    for other in fills:
        if other is fill or not other.filled or other.filled <= fill.filled or other.product.key != fill.product.key:
            continue
        early = (fill.ends - other.filled).days
        if prescriber_of(other.prescriber) == prescriber_of(fill.prescriber):
            return other
        if early <= min(_EARLY, round((fill.days or 0) / 4)):
            return other
    return None


def _dose(fill: Fill, ingredients: Sequence[str], most: float) -> dict[str, Any]:
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
    units = min(fill.a_day, most)  # larger numbers of intakes, as of millilitres, are gathered
    dose = {i: round(s.mg * fill.a_day / units, 6) for i, s in strengths.items()}
    return {"dose": dose, "per_day_min": units, "per_day_max": units}


def _injected(fill: Fill, content: Content) -> dict[str, Any]:
    """Milligrams of one injection that works for weeks, and injections a day."""
    if fill.problem or (one := injection(fill.product, fill.quantity, fill.days, content)) is None:
        return {}
    times = round(1 / one.days, 6)
    return {"dose": one.mg, "per_day_min": times, "per_day_max": times}


def _injections_apart(fill: Fill, content: Content) -> str:
    """Of an injection that works for weeks, whose quantity and days do not tell how many they are: what they say."""
    if not fill.depot or not fill.a_day or injection(fill.product, fill.quantity, fill.days, content) is not None:
        return ""
    return f"{fill.quantity:g} in {fill.days:g} days do not tell how many injections they are, and how much is in one"


def _patches_apart(fill: Fill) -> str:
    """Of patches whose number gives none that are worn at once: what that says."""
    if {s.per for s in fill.product.strengths.values()} != {"h"} or not fill.lasts or not fill.a_day or _worn(fill):
        return ""
    return (
        f"{fill.quantity:g} in {fill.days:g} days is one in {1 / fill.a_day:.3g} days, and a patch lasts {fill.lasts:g}: how many "
        "are worn at once is not known"
    )


def _worn(fill: Fill) -> int | None:
    """How many patches are worn at once, by how long one lasts; None where that gives no whole number."""
    if not fill.lasts or not fill.a_day:
        return None
    worn = fill.a_day * fill.lasts
    return round(worn) if worn >= 0.9 and abs(worn - round(worn)) <= 0.1 else None


def _compared(fill: Fill, content: Content) -> str:
    """What to say of the MME that the export prints: nothing where CDC's formula gives the same, or none is due."""
    if fill.printed_as is None or fill.problem or not fill.a_day:
        return ""
    where, title = f"line {fill.line}, {fill.drug}:", content.mme_edition.title
    says = "gives no MME" if fill.printed is None else f"says {fill.printed:g} MME a day"
    if any(i in content.mme_edition.left_out for i in fill.product.ingredients):
        return f"{where} the export {says}; {title} leaves it out" if fill.printed else ""
    opioids = {factor.ingredient for factor in content.mme_edition.factors} & set(fill.product.ingredients)
    if not opioids:
        known = fill.product.ingredients and set(fill.product.ingredients) <= set(content.medicines)
        return f"{where} the export {says}; {title} has no factor for it" if fill.printed and known else ""
    found = _mme(fill, content)
    if found is None:
        none = "strength, quantity and days do not tell it, and the printed one is not used"
        return f"{where} the export {says}; {none}" if fill.printed is not None else ""
    if fill.printed is not None and abs(found - fill.printed) <= 0.02 * max(found, fill.printed):
        return ""
    unused = "" if fill.printed is None else "; the printed one is not used"
    return f"{where} the export {says}, strength × quantity ÷ days × factor gives {found:g}{unused}"


def _mme(fill: Fill, content: Content) -> float | None:
    """The MME of a day by CDC's formula; None where it cannot be told."""
    found, known = 0.0, False
    for ingredient, strength in fill.product.strengths.items():
        routes = {fill.product.route} - {None}  # a text without a form names none, and its dose counts all the same
        rows = [f for f in content.mme_edition.factors if f.ingredient == ingredient and routes <= set(f.routes)]
        if len(rows) != 1 or not fill.a_day:
            continue
        if rows[0].unit == "mg/day" and strength.per in ("unit", "ml"):
            found += strength.mg * fill.a_day * rows[0].factor
            known = True
        elif rows[0].unit == "mcg/h" and strength.per == "h" and (worn := _worn(fill)):
            found += strength.mg * 1000 * worn * rows[0].factor
            known = True
    return found if known else None
