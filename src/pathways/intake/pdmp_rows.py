"""The rows of a PDMP export: which column holds what, and one fill with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from ..content import Content
from ..content.models import PdmpColumn
from .depots import depot_form
from .names import Product, read_name
from .patches import patch_lasts, too_many
from .pdmp_cells import Amount, DayOrders, amount, day_of, days_of, drug_of, either_day, number, prescriber_of
from .supplies import too_long

Columns = Mapping[str, tuple[int, ...]]
State = Literal["counts", "void", "reversal", "open", "animal"]
"""What became of a fill: it counts, was not handed out, takes another back, that is not known, or it is for an animal."""
UNSAID_DAYS = 90
"""A supply whose length is not said may last this long: the longest that is commonly handed out at once."""
_LEAST_ML = 0.5
"""Millilitres a day below which a quantity of a liquid is more likely one of litres or bottles."""


@dataclass(frozen=True)
class Fill:
    """One row: its line in the file, what was read of it, and what is wrong with it."""

    line: int
    drug: str
    product: Product
    filled: date | None = None
    quantity: float | None = None
    days: float | None = None
    prescriber: str = ""
    printed: float | None = None
    printed_as: str | None = None
    """The cell of the printed MME as it is written; None where the file has no column for it."""
    problem: str = ""
    state: State = "counts"
    rx: str = ""
    twice: bool = False
    """The same row stands above, and nothing tells whether it is the same fill."""
    unsaid: bool = False
    """The file has no column for the days' supply."""
    lasts: float | None = None
    """Days that one patch of it is worn."""
    too_long: bool = False
    """Its days' supply is longer than it may be prescribed for."""
    depot: bool = False
    """It is injected and works for weeks: what is taken is an injection, and not an amount a day."""

    @property
    def as_said(self) -> tuple[Any, ...]:
        """The same for two rows that say the same."""
        return (
            self.filled,
            self.product.key,
            self.quantity,
            self.days,
            prescriber_of(self.prescriber),
        )

    @property
    def ends(self) -> date | None:
        """The first day without supply; where the file never says for how many days, the last that it can be."""
        length = self.days or (UNSAID_DAYS if self.unsaid else None)
        return self.filled + timedelta(days=round(length)) if self.filled and length else None

    @property
    def a_day(self) -> float | None:
        """Units a day: quantity over days' supply."""
        return round(self.quantity / self.days, 6) if self.quantity and self.days else None


# ---- columns ------------------------------------------------------------------------------------------------


def columns_of(row: Sequence[str], content: Content) -> dict[str, tuple[int, ...]]:
    """What each column holds, by its place. A name of the person may stand in several."""
    found: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for plain in (_spelled, _bare):  # as it is written, then whatever its signs
        names = {plain(name): c.holds for c in reversed(list(content.pdmp_columns.values())) for name in c.names}
        for n, cell in enumerate(row):
            holds = (
                names.get(plain(cell)) if plain is _spelled or "#" not in cell else None
            )  # "Prescriber #" is no name
            if n not in taken and holds is not None and (holds not in found or holds == "person"):
                found[holds] = (*found.get(holds, ()), n)
                taken.add(n)
    for column in content.pdmp_columns.values():
        if column.holds in found:
            continue
        for name in column.or_else:
            place = next((n for n, cell in enumerate(row) if _spelled(cell) == _spelled(name)), None)
            holder = next((holds for holds, places in found.items() if place in places), None)
            if place is not None and (holder is None or not column_of(holder, content).required):
                if holder is not None:
                    del found[holder]
                found[column.holds] = (place,)
                break
    return found


def named_twice(row: Sequence[str], columns: Columns) -> str:
    """The name of a column in use that another one has too; empty where there is none. The parts of a person's name may."""
    spelled = [_spelled(cell) for cell in row]
    used = [n for holds, places in columns.items() if holds != "person" for n in places]
    return next((row[n] for n in used if spelled.count(spelled[n]) > 1), "")


def column_of(holds: str, content: Content) -> PdmpColumn:
    """The record of the column that holds something."""
    return next(c for c in content.pdmp_columns.values() if c.holds == holds)


def _spelled(name: str) -> str:
    return re.sub(r"[\s_.*:]+", "", name.lower().replace(" and ", "&"))


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def cell_of(row: Sequence[str], columns: Columns, holds: str) -> str:
    return next((row[n] for n in columns.get(holds, ()) if n < len(row)), "")


def no_fill(row: Sequence[str], columns: Columns, orders: DayOrders, content: Content) -> bool:
    """Whether a row is a sum, a remark or the header again: nothing of a fill stands in it."""
    filled, drug, quantity, days = (cell_of(row, columns, holds) for holds in ("filled", "drug", "quantity", "days"))
    if sum(1 for holds in columns_of(row, content) if column_of(holds, content).required) > 2:
        return True
    if not drug and not quantity and not days:
        return True
    no_day = day_of(filled, orders) is None and not re.search(r"\d[/.-]\d", filled)
    summed = bool(re.match(r"(?:grand |sub)?totals?\b|summary\b|count\b|average\b|end of\b", filled or drug, re.I))
    return no_day and (summed or (not quantity and not days)) and not read_name(drug, content).named


# ---- one row ------------------------------------------------------------------------------------------------


def fill_of(
    line: int,
    row: Sequence[str],
    columns: Columns,
    orders: DayOrders,
    as_of: date,
    content: Content,
) -> Fill:
    cells = {name: cell_of(row, columns, name) for name in columns}
    drug = drug_of(
        cells["drug"], cells.get("strength", ""), cells.get("strength_unit", ""), cells.get("form", ""), content
    )
    fill = Fill(line, drug.text, drug.product, prescriber=cells.get("prescriber", "")[:100], rx=cells.get("rx", ""))
    printed = re.sub(r"\s*(?:mme|med|mmed|mg|mg/day)\b.*$", "", cells.get("printed", ""), flags=re.I).strip()
    mme = 0.0 if re.fullmatch(r"[0.]*0[0.]*", printed) else number(printed)
    fill = replace(
        fill,
        printed=mme,
        printed_as=cells.get("printed"),
        lasts=patch_lasts(drug.product, content),
        depot=depot_form(drug.product, content) is not None,
        unsaid="days" not in columns,
    )
    wrong: list[str] = [drug.wrong] if drug.wrong else []
    if not cells["drug"]:
        wrong.append("no drug: write its name")
    filled = day_of(cells["filled"], orders)
    if filled is None:
        two = either_day(cells["filled"], orders)
        what = "is one of two days, because the file writes the day first and the month first" if two else "is no day"
        wrong.append(f"fill date '{cells['filled'][:30]}' {what}: write it like 2026-10-28 or 10/28/2026")
    elif filled > as_of:
        wrong.append(
            f"fill date {filled} is after the day of review, {as_of}: check the year, or review as of a later day"
        )
        filled = None
    minus = cells["quantity"].strip().startswith(("-", "(", "−"))
    dispensed = amount(cells["quantity"].strip(" -−()"), cells.get("quantity_unit", ""))
    days = days_of(cells.get("days", ""))
    state, unclear = _state(cells.get("status", ""), minus, content)
    whom, doubt = _whom(cells, content)
    wrong += [*unclear, *doubt]
    if state in ("counts", "open") and whom != "person":
        state = "open" if whom is None else "animal"
    if dispensed is None:
        wrong.append(f"quantity '{cells['quantity'][:30]}' is no number above 0: write how many were dispensed")
    if "days" not in columns:
        wrong.append("the file has no column for the days' supply, so that the dose of a day is not known")
    elif not days or days > 365:
        wrong.append(f"days supply '{cells['days'][:30]}' is no number of days from 1 to 365")
        days = None
    elif told := too_long(days, drug.product, content):
        wrong.append(f"{told}: check days supply and quantity")
    fill = replace(fill, filled=filled, quantity=dispensed.value if dispensed else None, days=days, state=state)
    fill = replace(fill, too_long=bool(days and too_long(days, drug.product, content)))
    if (odd := _odd(fill, dispensed, content)) and state in ("counts", "open"):
        wrong.append(odd)
        fill = replace(fill, quantity=None)
    if wrong and state in ("counts", "open"):
        fill = replace(fill, problem=f"line {line}, {fill.drug or 'no drug'}: {'; '.join(wrong)}. Its dose is not used")
    return fill


def _whom(cells: Mapping[str, str], content: Content) -> tuple[Literal["person", "animal"] | None, list[str]]:
    """Whom a fill is for, and why that is not clear: by the column that says so, the name of an animal, or who prescribed."""
    titles = set(re.findall(r"[a-z]+", cells.get("prescriber", "").lower().replace(".", "")))
    named = cells.get("animal", "").strip().casefold() not in column_of("animal", content).counts
    if named or titles & set(column_of("prescriber", content).voided):
        return "animal", []
    record, said = column_of("species", content), cells.get("species", "").strip().casefold()
    words = set(re.findall(r"[^\W_]+", said))
    if said in record.voided or (words & set(record.voided) and not words & set(record.counts)):
        return "animal", []
    if said in record.counts:
        return "person", []
    return None, [f"'{said[:30]}' does not tell whether it is for a person or for an animal"]


def _state(status: str, minus: bool, content: Content) -> tuple[State, list[str]]:
    """What became of a fill, and why that is not clear."""
    record, said = column_of("status", content), status.strip().casefold()
    if any(said.startswith(word) or f" {word}" in f" {said}" for word in record.voided):
        return ("reversal" if minus else "void"), []
    if minus:
        return "reversal", []
    if said in record.counts:
        return "counts", []
    return "open", [f"status '{status[:30]}' does not tell whether it was handed out: write dispensed or voided"]


def _odd(fill: Fill, dispensed: Amount | None, content: Content) -> str:
    """Why a quantity cannot be what is counted: in another unit than the strength, or more or less than anybody takes."""
    if dispensed is None:
        return ""
    if dispensed.other:
        return f"quantity in '{dispensed.other[:20]}': write how many tablets, patches or millilitres were dispensed"
    per = {s.per for s in fill.product.strengths.values()}
    if (
        dispensed.of == "ml"
        and per & {"unit", "h"}
        and fill.product.route in ("oral", "sublingual", "buccal", "transdermal")
    ):
        return f"quantity in mL, and {fill.drug} is no liquid: write how many were dispensed"
    if dispensed.of == "units" and per == {"ml"} and fill.product.route == "oral":
        return "quantity in units of a liquid: write how many mL were dispensed"
    if not fill.a_day or not fill.days:
        return ""
    told = f"{dispensed.value:g} in {fill.days:g} days is {fill.a_day:g} a day"
    if "unit" in per and fill.a_day > content.mme_edition.believable.units:
        return f"{told}, which nobody is thought to take: check quantity and days supply"
    if per == {"ml"} and fill.product.route == "oral" and fill.a_day < _LEAST_ML:
        return f"{told}, less than a liquid can be measured: check whether the quantity is in mL"
    if many := too_many(fill.product, fill.a_day, 0.0, content):
        return f"{told}, and {many}: check quantity and days supply"
    return ""
