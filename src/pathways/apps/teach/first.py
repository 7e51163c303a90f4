"""What is read first of the feedback, in at most 250 words: the lesson, what was unsafe, what was missed, what was right."""

from __future__ import annotations

from collections.abc import Sequence

from .remarks import Remark

MOST_WORDS = 250
LESSON, LINES = 60, 3
LENGTHS = {"unsafe": 28, "missed": 16, "right": 10}
"""How many words of the lesson, how many lines of each part, and how many words a line has. Together fewer than the most."""
NONE = {
    "unsafe": "Nothing in the plan.",
    "missed": "Nothing that must not wait.",
    "right": "Nothing to tell yet.",
}
MISSED = ("emergency", "need", "left_out", "not_asked", "decision")


def first_words(remarks: Sequence[Remark], teaches: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The first page of the feedback: headings, each with its lines. What does not fit is counted, and stands behind it."""
    unsafe = [r for r in remarks if r.unsafe]
    missed = [r for r in remarks if r.urgent and not r.unsafe]
    missed += [r for kind in MISSED for r in remarks if r.kind == kind and not r.urgent and r.domain]
    right = [r for r in remarks if r.kind == "right"]
    parts = (
        ("The lesson", (clipped(teaches, LESSON),) if teaches else ()),
        ("What was unsafe", _lines(unsafe, "unsafe")),
        ("What was missed", _lines(missed, "missed")),
        ("What you had right", _lines(right, "right")),
    )
    return tuple((title, lines) for title, lines in parts if lines)


def clipped(text: str, words: int) -> str:
    """A text of so many words at most; the sign that it was cut is one of them."""
    found = text.split()
    return text if len(found) <= words else " ".join(found[: words - 1]).rstrip(".,;:") + " …"


def _lines(remarks: Sequence[Remark], part: str) -> tuple[str, ...]:
    if not remarks:
        return (NONE[part],)
    more = len(remarks) - LINES
    lines = [clipped(remark.says, LENGTHS[part]) for remark in remarks[:LINES]]
    return (*lines, *([f"And {more} more, below."] if more > 0 else []))
