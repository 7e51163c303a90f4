"""All the words of a dosage line: its text, what the person is told, and additional instructions. One of them is the text
of the line; the others may say the same, hold it down or leave it open. Where they give another dose, neither is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..content import Content
from ..intake.dose_text import MOST, DoseText, Span, read_dose_text
from ..intake.names import Product
from .dosage_text import UNKNOWN, Line, agree, with_text
from .plain import Data, concepts, text


class More(NamedTuple):
    """An instruction beside the text. ``coded``: it comes from a list of such instructions, which are advice ("complete
    the course") unless they speak of a dose."""

    said: str
    coded: bool


@dataclass(frozen=True)
class Instructions:
    """The text of a line, "" where it has none, and what stands beside it."""

    said: str
    more: tuple[More, ...]


def instructions_of(line: Data) -> Instructions:
    """The words of a dosage line, each once."""
    # A little more, so that a text that is cut off is seen to be too long.
    free = [text(line, name, most=MOST + 2) for name in ("text", "patientInstruction")]
    found = [More(words, False) for words in free if words]
    for part in concepts(line, "additionalInstruction"):
        coded = any(c.system and c.code for c in part.codes)
        found += [More(words, coded) for words in part.texts]
    once = {" ".join(one.said.casefold().split()): one for one in reversed(found)}
    kept = [one for one in found if once[" ".join(one.said.casefold().split())] is one]
    if kept and free[0]:
        return Instructions(kept[0].said, tuple(kept[1:]))
    return Instructions("", tuple(kept))


def with_words(line: Line, given: tuple[bool, bool], told: Instructions, product: Product, content: Content) -> Line:
    """A structured line with all of its words. ``given`` is whether the structure says an amount, and how often."""
    said, more = told.said, told.more
    if not said and not all(given):  # the first that a person wrote stands for the text
        first = next((one for one in more if not one.coded), None)
        said, more = (first.said, tuple(one for one in more if one is not first)) if first else ("", more)
    words = read_dose_text(said, product, content) if said else None
    notes: tuple[str, ...] = ()
    base, basis = words, said
    structure: DoseText | None = None
    if words is None and all(given) and more:
        basis = in_words(line, product)
        base = structure = read_dose_text(basis, product, content) if basis else None
    for one in more:
        own = read_dose_text(one.said, product, content)
        shown = one.said if len(one.said) <= 80 else f"{one.said[:77]}..."
        silent = own.understood and not own.says_dose and not own.open and not own.as_needed
        if not own.understood and not own.says_dose and one.coded:
            notes += (f"an instruction that says nothing of the dose: {shown}",)
            continue
        whole = own.before_limits.hi  # None where it only says a limit
        both = agree(whole, base.before_limits.hi) if base is not None else None
        if both is False:
            told_twice = f"two instructions that do not agree, neither is used: {basis} / {shown}"
            return replace(line, notes=notes, conflicts=(told_twice,))
        if not own.understood:
            if both is None or not agree(own.day.lo, base.day.lo if base else None):
                return _left_open(line, product, f"an instruction that is not understood: {shown}", notes)
            continue
        if silent and base is None:
            continue
        if base is not None and same_dose(own, base):
            continue  # the same in other words
        basis = f"{basis.rstrip('. ')}. {one.said}" if basis else one.said
        after = read_dose_text(basis, product, content)
        if base is not None and base.day.hi is not None and after.day.hi is None:
            return _left_open(line, product, f"an instruction leaves the dose open: {shown}", notes)
        base, said, words = after, basis, after
    if words is None:
        return replace(line, notes=notes)
    needed = line.as_needed if line.as_needed is not None or not words.as_needed else True
    if structure is not None:
        held = Span(_part(line.times.lo, words.day.lo, structure.day.lo), _most(line.times, words, structure))
        return replace(line, times=held, as_needed=needed, notes=notes)
    made = with_text(replace(line, as_needed=needed), given, words, said, product, content)
    return replace(made, as_needed=needed, notes=notes + made.notes)


def same_dose(one: DoseText, other: DoseText) -> bool:
    """Whether two texts say one dose: as much at a time, as much a day, as needed or not."""
    if not (one.understood and other.understood) or one.open or other.open or one.one is None or other.one is None:
        return False
    if one.day.hi is None or other.day.hi is None:
        return False
    numbers = ((one.one, other.one), (one.day.lo, other.day.lo), (one.day.hi, other.day.hi))
    limits = one.before_limits == other.before_limits and one.patches_at_once == other.patches_at_once
    return all(agree(a, b) for a, b in numbers) and one.as_needed == other.as_needed and limits


def _left_open(line: Line, product: Product, why: str, notes: Sequence[str]) -> Line:
    units = line.units if product.route != "transdermal" else None  # of a patch: how many are worn
    return replace(line, units=units, times=UNKNOWN, notes=(*notes, why))


def _most(times: Span, words: DoseText, structure: DoseText) -> float | None:
    """The most a day by the structure, as what is said beside it holds it down or lets more be taken."""
    if times.hi is None or words.day.hi is None or structure.day.hi is None:
        return None
    return times.hi * words.day.hi / structure.day.hi if structure.day.hi > 0 else times.hi


def _part(number: float, of: float, whole: float) -> float:
    return number * min(of / whole, 1.0) if whole > 0 else number


def in_words(line: Line, product: Product) -> str:
    """A structured dose as a text, to which an instruction can be added; "" where it has no plain one."""
    amounts = {i: a for i, a in line.mg.items() if a.hi}
    if line.times.hi is None or line.times.hi <= 0:
        return ""
    if line.units is not None and line.units.hi is not None and product.route != "transdermal":
        dose = f"{_span(line.units.lo, line.units.hi)} tablets"
    elif len(amounts) == 1 and (amount := next(iter(amounts.values()))).hi is not None:
        dose = f"{_span(amount.lo, amount.hi)} mg"
    else:
        return ""
    return f"{dose} {_span(line.times.lo, line.times.hi)} times a day{' as needed' if line.as_needed else ''}"


def _span(lo: float, hi: float) -> str:
    return f"{hi:.6f}".rstrip("0").rstrip(".") if lo == hi else f"{lo:.6f} to {hi:.6f}"
