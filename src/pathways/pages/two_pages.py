"""`spared`: what the default print leaves out when the sheet would not fit on two pages; the screen keeps everything.

How high each part prints is reckoned from the length of its texts, a little too high rather than too low. What is least
needed goes first. Emergencies, the medicines that change, what is due this week and the signs not settled always stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from ..content.models import PHASES
from ..review.shapes import FirstPage
from .blocks import PHASE_WORDS, Block, Cell, Listing, Section, Table

ROOM = 1860
"""The height of two pages of paper in pixels of 96 to the inch, less what breaks between them waste."""
SOON = tuple(PHASE_WORDS[phase] for phase in PHASES[: PHASES.index("this_week") + 1])
"""The captions of what is due today and this week."""
FRAME = 80
"""The height of what stands around the sections: what is not printed, and the foot."""
NOT_STARTED = "Do not start"
"""The list of treatments that are closed; the menu has them all."""
LINE, SMALL, ROW = 13.2, 12.2, 3.4
"""The height of a line of small print, of one of the plan by time, and what a row of a table adds to its lines."""


@dataclass(frozen=True)
class Spare:
    """Something that need not be printed: how it is found in the page, what it is in words, and its height."""

    select: str
    words: str
    height: float


def spared(page: FirstPage, front: Iterable[Section]) -> tuple[Spare, ...]:
    """What is left out of the print of these sections so that it takes two pages, in the order in which it gives way."""
    front = tuple(front)
    over = FRAME + _first_page(page) + sum(map(_section, front)) - ROOM
    left: list[Spare] = []
    for spare in _spares(front):
        if over <= 0:
            break
        left.append(spare)
        over -= spare.height
    return tuple(left)


def _spares(front: tuple[Section, ...]) -> Iterator[Spare]:
    """What may be left out, the least needed first."""
    here = {section.id: section for section in front}
    if "open" in here and len(here["open"].blocks) > 1:  # the first page asks the weightiest
        yield _lead("open", here["open"].blocks[0], "further questions")
    if "phases" in here:
        later = [b for b in here["phases"].blocks if isinstance(b, Table) and b.caption not in SOON]
        soon = sum(isinstance(b, Table) for b in here["phases"].blocks) - len(later)
        if later and soon:
            yield Spare(
                f"#pw-phases .pw-scroll:nth-of-type(n+{soon + 1})", "what is due later", sum(map(_in_two, later))
            )
    if "care" in here and isinstance(first := here["care"].blocks[0], Listing) and first.title == NOT_STARTED:
        yield _lead("care", first, "what is not to be started")
    if "medicines" in here:
        rows = [row for b in here["medicines"].blocks if isinstance(b, Table) for row in b.rows]
        yield Spare(
            "#pw-medicines td > p:not(:first-child)",
            "further reasons by medicine",
            sum(_row(row) - _row((row[0], row[1][:1])) for row in rows),
        )


def left_out(spares: Iterable[Spare]) -> str:
    """One line on what is left out of the print; empty where nothing is."""
    words = ", ".join(spare.words for spare in spares)
    return f"Left out to keep to two pages: {words}. The screen has it, and “Everything” prints it." if words else ""


def _lead(id: str, block: Block, words: str) -> Spare:
    """The first list of a section."""
    select = f"#pw-{id} .pw-blocks > :is(h3, ul):first-of-type"
    return Spare(select, words, _listing(block) if isinstance(block, Listing) else 0)


# -- how high it prints ---------------------------------------------------------------------------------------


def _first_page(page: FirstPage) -> float:
    return 220 + 2.45 * page.words()


def _section(section: Section) -> float:
    if section.id == "phases":
        return 60 + sum(_in_two(b) if isinstance(b, Table) else _listing(b) for b in section.blocks)
    return 26 + sum(_table(b) if isinstance(b, Table) else _listing(b) for b in section.blocks)


def _in_two(table: Table) -> float:
    """The height of a table whose rows run on in two columns."""
    lines = sum(ceil(sum(len(said.text) + 3 for cell in row for said in cell) / 58) for row in table.rows)
    return (16 + lines * SMALL + len(table.rows) * ROW) / 2


def _table(table: Table) -> float:
    return 18 + sum(_row(row) for row in table.rows)


def _row(row: tuple[Cell, ...]) -> float:
    return max(_lines(row[0], 40), _lines(row[1], 96)) * LINE + ROW


def _lines(cell: Cell, wide: int) -> int:
    """The lines of a cell that holds so many letters in one: each text begins a new line."""
    return max(1, sum(ceil(len(said.text) / wide) for said in cell))


def _listing(block: Block) -> float:
    if not isinstance(block, Listing):
        return LINE
    return LINE * ceil((sum(len(said.text) + 3 for said in block.lines) + len(block.title)) / 150) + ROW
