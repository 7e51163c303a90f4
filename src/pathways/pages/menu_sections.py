"""The page of the whole menu: every option that is open to this person on one line, by kind, with where it stands or why not."""

from __future__ import annotations

from ..review.actions import origin_of
from ..review.case import Case
from ..review.menu import MenuLine, menu
from ..review.shapes import Said
from .blocks import Cell, Section, Table, cell

HEAD = ("Option", "Where it stands, or why in no plan")


def menu_sections(case: Case) -> tuple[Section, ...]:
    """The menu as one section; none where nothing is open."""
    by_kind: dict[str, list[tuple[Cell, ...]]] = {}
    for line in menu(case):
        by_kind.setdefault(line.kind, []).append(_row(line))
    blocks = tuple(Table(kind, HEAD, tuple(rows), plain=True) for kind, rows in by_kind.items())
    return (Section("menu", "The whole menu, in a plan or not, and why", blocks),) if blocks else ()


def _row(line: MenuLine) -> tuple[Cell, ...]:
    record = line.option.record
    name = Said(f"{line.option.verb}: {record.short}", record.source, origin_of(line.option.because))
    return cell(name), cell(Said(line.says, calculation=f"the plans found: {line.reason.replace('_', ' ')}"))
