"""`paged`: how the default print is laid out on two pages: where the second begins, how large the letters are, and what is left
out when the sheet would not fit; the screen keeps everything.

How high each part prints is reckoned from the length of its texts, a little too high rather than too low: a page without
script can't measure itself. What is least needed goes first. Emergencies, the medicines that change, what is due this week and
the signs not settled always stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from ..content.models import PHASES
from ..review.shapes import FirstPage, Red
from .blocks import PHASE_WORDS, Block, Cell, Listing, Section, Table
from .decided_sections import AS_IT_WAS, DONE, NEW

PAGE, BOTH = 955, 1920
"""How much is printed on a page of letter paper that ends between two parts, and on two pages that break by themselves, in pixels
of 96 to the inch as reckoned here: on paper it is about one part in twenty less."""
NEARLY = 1.05
"""How much more is tried in small letters where nothing else is left to try."""
SIZES, SMALLEST, GROWS = (1.12, 1.06, 1.0), 0.93, 1.75
"""How large the letters are, the largest first: a short sheet is printed larger rather than left half empty, and only where all
that may give way has gone are they smaller. The power of the size by which heights grow: lines are higher and hold less."""
SOON = tuple(PHASE_WORDS[phase] for phase in PHASES[: PHASES.index("this_week") + 1])
"""The captions of what is due today and this week."""
NOT_STARTED = "Do not start"
"""The list of treatments that are closed; the menu has them all."""
LAST_TO_GO = {"In what order": "what waits for what", "Pairs to watch": "pairs inside the plans"}
"""The lists on care that give way last, and what they are in words."""
AGREED = {
    DONE: "what was decided and is done",
    NEW: "what is new since the decisions",
    AS_IT_WAS: "what stays as decided",
}
"""The lists on what was decided that may go, the first first, and what they are in words."""
HEAD, FOOT = 29, 112
"""The height of a section's heading, and of what stands below the sections: what is not printed, and the foot."""
FULL, HALF, WIDE = 114, 54, 122
"""The letters in a line of the first page, in one of its columns, and in a line of small print."""
IN_PHASE, IN_MEDICINES = 90, (43, 70)
"""The letters in a line of the plan by time, and of a medicine and its reasons."""
TEXT, LINE, ROW = 16.4, 14.7, 4
"""The height of a line of the first page and of one of small print, and what a row of a table adds to its lines."""
IN_PHASES = 130
"""How much less alike the pages may be before the plan by time is broken between two phases."""


@dataclass(frozen=True)
class Spare:
    """Something that need not be printed: how it is found in the page, what it is in words, and by how much it shortens each
    piece, named as the piece is found."""

    select: str
    words: str
    shortens: Mapping[str, float]


@dataclass(frozen=True)
class Piece:
    """A part that may begin a page: how it is found (empty for what stays with what is before it), and its height."""

    select: str
    height: float
    section: bool = True


@dataclass(frozen=True)
class Paged:
    """The layout of the print: the size of the letters, what begins the second page (empty where it breaks by itself, or
    there is none), and what is left out, in the order in which it gave way."""

    size: float
    second: str
    spares: tuple[Spare, ...]


def paged(page: FirstPage, front: Iterable[Section]) -> Paged:
    """How the first page and these sections are printed so that they take two pages."""
    front = tuple(front)
    whole = tuple(_pieces(page, front))
    left: list[Spare] = []
    for spare in _spares(front):
        if _fits(_less(whole, left)):
            break
        left.append(spare)
    for spare in reversed(left):  # the most needed comes back where smaller things make room enough
        fewer = [one for one in left if one is not spare]
        left = fewer if _fits(_less(whole, fewer)) else left
    size, second = _laid_out(_less(whole, left))
    return Paged(size, second, tuple(left))


def left_out(spares: Iterable[Spare]) -> str:
    """One line on what is left out of the print; empty where nothing is."""
    words = ", ".join(spare.words for spare in spares)
    return f"Left out of the print: {words}. The screen has it, and “Everything” prints it." if words else ""


# -- where the second page begins -----------------------------------------------------------------------------


def _fits(pieces: Sequence[Piece]) -> bool:
    """Whether it takes two pages, broken between two parts or wherever the first page ends."""
    return _height(pieces) <= BOTH or bool(_second(pieces, 1))


def _laid_out(pieces: Sequence[Piece]) -> tuple[float, str]:
    """The size of the letters, and what begins the second page. What no small letters bring to two pages is printed on three,
    in letters that can be read."""
    one = next((size for size in SIZES if _height(pieces, size) <= PAGE), None)
    if one is not None:
        return one, ""
    small = SMALLEST if not _fits(pieces) and _height(pieces, SMALLEST) <= BOTH * NEARLY else 1.0
    two = next((size for size in SIZES if _second(pieces, size)), small)
    return two, _second(pieces, two)


def _height(pieces: Iterable[Piece], size: float = 1) -> float:
    grown: float = size**GROWS
    return sum(p.height for p in pieces) * grown


def _second(pieces: Sequence[Piece], size: float) -> str:
    """What begins the second page so that both are filled alike, empty where no part does at this size. The plan by time is
    broken between two phases only where that fills them far better."""
    found = []
    for n in range(1, len(pieces)):
        above, below = _height(pieces[:n], size), _height(pieces[n:], size)
        if pieces[n].select and above <= PAGE and below <= PAGE:
            found.append((abs(above - below) + (not pieces[n].section) * IN_PHASES, pieces[n].select))
    return min(found)[1] if found else ""


def _less(pieces: Iterable[Piece], spares: Iterable[Spare]) -> list[Piece]:
    """The pieces without what is left out."""
    gone = Counter[str]()
    for spare in spares:
        gone.update(spare.shortens)
    found = [replace(p, height=p.height - (gone[p.select] if p.select else 0)) for p in pieces]
    return [p for p in found if p.height > 0] + [Piece("", 2 * LINE)] * bool(gone)  # the line that says so


def _pieces(page: FirstPage, front: tuple[Section, ...]) -> Iterator[Piece]:
    """All that is printed, in parts that may begin a page."""
    yield Piece("", _first_page(page))
    for section in front:
        if section.id != "phases":
            yield Piece(_found(section.id), HEAD + sum(map(_block, section.blocks)))
            continue
        tables = [b for b in section.blocks if isinstance(b, Table)]
        lists = [_block(b) for b in section.blocks if not isinstance(b, Table)]
        letters = lists.pop(0) if section.blocks and not isinstance(section.blocks[0], Table) else 0
        yield Piece(_found(section.id), HEAD + letters + sum(map(_phase, tables[:1])))
        yield from (Piece(_found_phase(n), _phase(table), False) for n, table in enumerate(tables[1:], 2))
        yield Piece(_found_list(section, len(section.blocks)), sum(lists), False)
    yield Piece("", FOOT)


def _found(id: str) -> str:
    """A section."""
    return f"#pw-{id}"


def _found_phase(n: int) -> str:
    """A table of the plan by time, by its place."""
    return f"#pw-phases .pw-scroll:nth-child({n} of .pw-scroll)"


def _found_list(section: Section, n: int) -> str:
    """A list of a section, by its place."""
    return f"#pw-{section.id} .pw-listing:nth-child({n})"


# -- what may be left out -------------------------------------------------------------------------------------


def _spares(front: tuple[Section, ...]) -> Iterator[Spare]:
    """What may be left out, the least needed first."""
    here = {section.id: section for section in front}
    if "open" in here and len(here["open"].blocks) > 1:  # the first page asks the weightiest
        yield _list(here["open"], 0, "further questions")
    agreed = here["decided"].blocks if "decided" in here else ()
    told = {block.title: n for n, block in enumerate(agreed) if isinstance(block, Listing)}
    for title in (DONE, NEW):  # the whole record is folded behind them
        if title in told:
            yield _list(here["decided"], told[title], AGREED[title])
    if "phases" in here:
        tables = [b for b in here["phases"].blocks if isinstance(b, Table)]
        later = {_found_phase(n): _phase(b) for n, b in enumerate(tables, 1) if b.caption not in SOON}
        if later and len(later) < len(tables):
            yield Spare(", ".join(later), "what is due later", later)
    lists = {b.title: n for n, b in enumerate(here["care"].blocks) if isinstance(b, Listing)} if "care" in here else {}
    if NOT_STARTED in lists:
        yield _list(here["care"], lists[NOT_STARTED], "what is not to be started")
    if "medicines" in here:
        rows = [row for b in here["medicines"].blocks if isinstance(b, Table) for row in b.rows]
        height = sum(_row(row, *IN_MEDICINES) - _row((row[0], row[1][:1]), *IN_MEDICINES) for row in rows)
        yield Spare("#pw-medicines td > p:not(:first-child)", "further reasons by medicine", {"#pw-medicines": height})
    if "phases" in here:
        for n, block in enumerate(here["phases"].blocks):
            if n and isinstance(block, Listing):  # the first says what the letters of the plans stand for
                yield _list(here["phases"], n, "what comes after the emergency")
    if AS_IT_WAS in told:
        yield _list(here["decided"], told[AS_IT_WAS], AGREED[AS_IT_WAS])
    for title, words in LAST_TO_GO.items():
        if title in lists:
            yield _list(here["care"], lists[title], words)


def _list(section: Section, n: int, words: str) -> Spare:
    """A list of a section, by its place."""
    select = _found_list(section, n + 1)
    piece = select if section.id == "phases" else _found(section.id)
    return Spare(select, words, {piece: _block(section.blocks[n])})


# -- how high it prints ---------------------------------------------------------------------------------------


def _first_page(page: FirstPage) -> float:
    head = 15 + 23 * ceil(len(page.title.text) / 62) + 15 + 14 * bool(page.part_only or page.closed)
    urgent = 33 * bool(page.red) + sum(map(_red, page.red))
    boxes = [[page.closed] if page.closed else [], [page.asked] if page.asked else [], page.contradictions]
    told = sum(13 + sum(TEXT * ceil((len(said.text) + 20) / FULL) for said in box) for box in boxes if box)
    return head + urgent + told + max(_do(page), _side(page)) + _state(page)


def _red(red: Red) -> float:
    """An emergency: its line, its steps in two columns, and how many more there are."""
    line = len(f"{red.title.text} {red.signs.text} {red.owner.text}") + 14
    steps = sum(ceil(len(step.text) / HALF) for step in red.actions)
    return 16 + TEXT * (ceil(line / FULL) + ceil((steps + 1) / 2)) + 16 * bool(red.more)


def _do(page: FirstPage) -> float:
    """The left column: what to do in any case, with whom under each line."""
    wide = HALF if page.decide or page.ask or page.baseline else FULL
    groups = [parts for action in page.do for parts in action.by_owner]
    lines = sum(ceil(sum(len(p.verb + p.text.text) + 3 + 12 * p.confirm for p in g) / (wide - 1)) for g in groups)
    return 24 + TEXT * lines + 15 * len(groups) + 9 * len(page.do) + 16 * bool(page.do_more)


def _side(page: FirstPage) -> float:
    """The right column: what to decide, and what to ask."""
    decide = sum(TEXT + sum((TEXT + 1.4) * ceil(len(w.text) / HALF) for w in c.alternatives) + 9 for c in page.decide)
    ask = sum(TEXT * ceil(len(f"{a.text.text} {a.settles.text}--") / HALF) + 6 for a in page.ask)
    ask += (TEXT * ceil(len(page.baseline.text) / HALF) + 6) if page.baseline else 0
    return 24 * bool(page.decide) + decide + 16 * bool(page.decide_more) + 32 * bool(page.ask or page.baseline) + ask


def _state(page: FirstPage) -> float:
    """Where it stands: short lines that run on beside each other."""
    rows, room = 1, FULL
    for said in (*page.state, page.single_sided, page.assumes):
        long = len(said.text) + 5 if said else 0
        rows += ceil(long / FULL) if long > room else 0
        room = FULL - long % FULL if long > room else room - long
    return 34 + (TEXT + 3) * rows + 20 * bool(page.footnote)


def _block(block: Block) -> float:
    if isinstance(block, Table):
        return 12 + sum(_row(row, *IN_MEDICINES) for row in block.rows)
    if not isinstance(block, Listing):
        return LINE
    return LINE * ceil((sum(len(said.text) + 3 for said in block.lines) + len(block.title)) / WIDE) + ROW


def _phase(block: Block) -> float:
    """A table of the plan by time: its texts run on."""
    rows = block.rows if isinstance(block, Table) else ()
    return 25 + sum(LINE * _run(row[0], IN_PHASE) + ROW for row in rows)


def _row(row: tuple[Cell, ...], first: int, second: int) -> float:
    return max(_run(row[0], first), _lines(row[1], second)) * LINE + ROW


def _run(cell: Cell, wide: int) -> int:
    """The lines of a cell that holds so many letters in one: its texts run on."""
    return ceil(sum(len(said.text) + 3 for said in cell) / wide)


def _lines(cell: Cell, wide: int) -> int:
    """The lines of a cell that holds so many letters in one: each text begins a new line."""
    return max(1, sum(ceil(len(said.text) / wide) for said in cell))
