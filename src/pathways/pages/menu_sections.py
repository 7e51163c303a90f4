"""The page of the whole menu: every option that is open to this person on one line, by kind, with where it stands or why not."""

from __future__ import annotations

from ..review.actions import origin_of
from ..review.case import Case
from ..review.menu import MenuLine, menu
from ..review.shapes import Said
from .blocks import Listing, Section


def menu_sections(case: Case) -> tuple[Section, ...]:
    """The menu as one section; none where nothing is open."""
    by_kind: dict[str, list[Said]] = {}
    for line in menu(case):
        by_kind.setdefault(line.kind, []).append(_line(line))
    blocks = tuple(Listing(kind, tuple(lines)) for kind, lines in by_kind.items())
    return (Section("menu", "The whole menu, in a plan or not, and why", blocks),) if blocks else ()


def _line(line: MenuLine) -> Said:
    record = line.option.record
    return Said(f"{line.option.verb}: {record.short}. {line.says}", record.source, origin_of(line.option.because))
