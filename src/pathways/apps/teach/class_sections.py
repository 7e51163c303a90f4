"""A class report as sections of a page: tables with pictures beside them, each picture with the same numbers in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...pages.blocks import Listing, Note, Picture, Section, Table, cell
from ...pages.pictures.shares import share_bars, sure_and_right, two_sides
from ...pages.report import Part, report_html, report_markdown
from ...review.shapes import Said
from .calibration import FEW, GAP
from .class_report import SIDES, ClassCase, ClassReport
from .first import clipped
from .teaching_file import KIND_WORDS

MOST_DONE, MOST_TEXTS, TEXT_WORDS, MISS_WORDS = 8, 4, 22, 12
SIDE_NAMES = ("pain side", "addiction side")
FOOT = (
    "For the one who leads the class. It tells what the class did with a made-up case, and is no grade of a person. "
    "What was not answered is not counted as wrong."
)


def parts_of(report: ClassReport) -> tuple[Part, ...]:
    """A part for each case, the files that were left out with the last; without any file that could be used, that alone."""
    parts = [Part(f"What the class did: {case.title}", _status(case), tuple(_sections(case))) for case in report.cases]
    if not parts:
        return (Part("What the class did", "No file of a learner could be used.", tuple(_left_out(report))),)
    last = parts[-1]
    return (*parts[:-1], Part(last.title, last.status, (*last.sections, *_left_out(report))))


def class_html(report: ClassReport) -> str:
    """The report as one page to print for each case."""
    return report_html("What the class did", parts_of(report), FOOT)


def class_markdown(report: ClassReport) -> str:
    """The report as Markdown."""
    return report_markdown(parts_of(report), FOOT)


def _status(case: ClassCase) -> str:
    how = (
        "marked anew by the case"
        if case.anew
        else "marks as the files have them; name the case with --case to mark anew"
    )
    n = len(case.learners)
    return f"{n} learner{'s' * (n != 1)}, anonymous. Case {case.name}, version {case.version[:8]}; {how}."


def _said(text: str) -> Said:
    return Said(text, calculation="counted over the learners' files")


def _sections(case: ClassCase) -> Iterator[Section]:
    yield _to_discuss(case)
    yield Section("items", "Question by question", tuple(_items(case)))
    yield Section(
        "sides", "The pain side and the addiction side of the plans", tuple(_sides(case)), "No plan was built."
    )
    yield Section("sure", "How sure, and how right", tuple(_sure(case)), "Nobody said how sure.")
    if case.done or case.texts:
        yield Section("did", "What they did, and in their own words", tuple(_did(case)))


def _to_discuss(case: ClassCase) -> Section:
    lines = tuple(_said(text) for text in case.discuss)
    return Section("discuss", "To talk about", (Listing("", lines),) if lines else (), "Nothing was missed by anybody.")


def _items(case: ClassCase) -> Iterator[Picture | Table]:
    marked = [item for item in case.items if item.kind != "text"]
    if marked:
        svg = share_bars(
            "How many were right", [(f"{i.id} ({KIND_WORDS[i.kind]})", i.right, i.partly, i.marked) for i in marked]
        )
        yield Picture(svg, _said("Full: right. Pale: partly. White: not yet. Of those that were answered and marked."))
    rows = []
    for item in case.items:
        share = (
            "not marked"
            if item.kind == "text"
            else "–"
            if item.share is None
            else f"{item.right} of {item.marked} ({item.share:.0%})"
        )
        miss = f"{clipped(item.misses[0][0], MISS_WORDS)} ({item.misses[0][1]})" if item.misses else "–"
        sure = "–" if item.sure is None else f"{item.sure:.0f}%"
        texts = (item.id, f"{item.answered} of {item.n}", share, str(item.partly) if item.marked else "–", sure, miss)
        rows.append(tuple(cell(_said(text)) for text in texts))
    head = ("Question", "Answered", "Right", "Partly", "Mean sure", "Most often missed")
    yield Table("Each question over the class", head, tuple(rows))


def _sides(case: ClassCase) -> Iterator[Note | Picture | Table]:
    of = sum(case.sides)
    if not of:
        return
    if not all(case.raised):
        both, first, second, _ = case.sides
        met, here, other = (both + first, *SIDE_NAMES) if case.raised[0] else (both + second, *SIDE_NAMES[::-1])
        yield Note(_said(f"{met} of {of} plans meet the {here}. On the {other} this case raises nothing."))
        return
    told = "; ".join(f"{words} {n} of {of}" for words, n in zip(SIDES, case.sides, strict=True))
    yield Picture(two_sides("Which sides the plans meet", case.sides, SIDE_NAMES), _said(f"Plans that meet {told}."))
    rows = tuple((cell(_said(words)), cell(_said(f"{n} of {of}"))) for words, n in zip(SIDES, case.sides, strict=True))
    yield Table("Needs of each side met as far as any plan that was found meets them", ("Met", "Plans"), rows)


def _sure(case: ClassCase) -> Iterator[Note | Picture | Table]:
    found = case.calibration
    if not found.cases:
        return
    yield Note(_said(calibration_words(found.cases, found.said, found.held)))
    svg = sure_and_right("How sure against how right", [(b.said, b.held, b.cases) for b in found.bands])
    yield Picture(
        svg,
        _said("Across: how sure, in percent. Up: how many of those answers were right. On the line both are the same."),
    )
    rows = tuple(
        tuple(cell(_said(text)) for text in (f"{b.lo} to {b.hi}%", str(b.cases), f"{b.said:.0f}%", f"{b.held:.0f}%"))
        for b in found.bands
    )
    yield Table("Answers by how sure", ("Said", "Answers", "Mean said", "Right"), rows)


def calibration_words(answers: int, said: float, held: float) -> str:
    """What the confidence of a class says, in a sentence."""
    told = f"{answers} answer{'s' * (answers != 1)}: {said:.0f}% sure on average, and {held:.0f}% right."
    if answers < FEW:
        return f"{told} Too few to see a pattern."
    if said - held >= GAP:
        return f"{told} The class was more sure than it was right: what would have made them look again?"
    if held - said >= GAP:
        return f"{told} The class knew more than it trusted itself with."
    return f"{told} How sure and how right go together."


def _did(case: ClassCase) -> Iterator[Listing]:
    if case.done:
        shown = [f"{what} ({n})" for what, n in case.done[:MOST_DONE]]
        more = len(case.done) - MOST_DONE
        lines = [*shown, *([f"and {more} more"] if more > 0 else [])]
        yield Listing("In the plans", tuple(map(_said, lines)), inline=True)
    if case.texts:
        told = Counter(case.texts)
        quoted = [
            f"{id}: “{clipped(text, TEXT_WORDS)}”" + (f" ({n} of them)" if n > 1 else "")
            for (id, text), n in list(told.items())[:MOST_TEXTS]
        ]
        more = len(told) - MOST_TEXTS
        quoted += [f"and {more} more, in the files"] if more > 0 else []
        yield Listing("In their own words", tuple(map(_said, quoted)))


def _left_out(report: ClassReport) -> Iterator[Section]:
    if report.left_out:
        n = len(report.left_out)
        lines = tuple(_said(f"{name}: {clipped(why, 40)}") for name, why in report.left_out)
        yield Section("left_out", f"Left out: {n} file{'s' * (n != 1)}", (Listing("", lines),))
