"""How large what comes from outside may be: one table, so that nothing small hangs the kit and nothing large eats its memory.

Each is a technical bound, not a clinical one, and far above what one person's record needs. `docs/limits.md` is made from it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Limit(NamedTuple):
    """The most of something that is read, in a unit; one more is refused with a sentence."""

    most: int
    unit: str
    of: str


CASE_BYTES = Limit(2_000_000, "bytes", "a case file, also one opened in the form")
SITE_BYTES = Limit(500_000, "bytes", "a site file")
RECORD_BYTES = Limit(50_000_000, "bytes", "a health record or a request (FHIR)")
RECORD_BYTES_IN_FORM = Limit(8_000_000, "bytes", "a health record opened in the form of a notebook")
EXPORT_BYTES = Limit(2_000_000, "bytes", "a PDMP export")
EXPORT_ROWS = Limit(400, "rows", "a PDMP export")
EXPORT_LINE = Limit(200_000, "characters", "one line of a PDMP export, without the blanks at its end")
EXPORT_COLUMNS = Limit(200, "columns", "a PDMP export, without the empty ones at the end of a line")
OPTIONS_BYTES = Limit(100_000, "bytes", "the options of a risk model (--options)")
CONTENT_BYTES = Limit(5_000_000, "bytes", "one file of a content folder")
CONTENT_FILES = Limit(2_000, "files", "a content folder")
CONTENT_FOLDER_BYTES = Limit(10_000_000, "bytes", "all files of a content folder together")
MISTAKES = Limit(200, "mistakes", "one look at a content folder: no more are looked for")
TEACHING_BYTES = Limit(500_000, "bytes", "a teaching case, and a sheet of answers to it")
LEARNER_BYTES = Limit(500_000, "bytes", "a learner's file")
LEARNER_FILES = Limit(2_000, "files", "a folder of learners' files")
RECORD_ENTRIES = Limit(20_000, "entries", "a health record")
REMARKS = Limit(
    10, "reports", "remarks on one medicine of a record, of those that say it is not taken: more are not remarked on"
)
ANSWERS = Limit(1_000, "answers", "a case")
DEPTH = Limit(100, "levels", "objects and lists in one another, in JSON and in TOML")
KEY_PARTS = Limit(32, "parts", "one key with dots, in TOML")
PATTERN_LENGTH = Limit(800, "characters", "a regular expression of the content")
PATTERN_REPEATS = Limit(4, "open repeats", "one way through a regular expression of the content")
HINTS = Limit(20, "hints", "one error message: of further mistakes the nearest right spelling is not looked for")

LIMITS = {name: limit for name, limit in globals().items() if isinstance(limit, Limit)}

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The days that a case may be reckoned from: before and after them is a slip of the hand, and the calendar ends."""


def not_reckoned_from(day: date) -> str:
    """Why a case is not reckoned from a day; empty where it is.

    >>> not_reckoned_from(date(2026, 11, 2))
    ''
    """
    if FIRST_DAY <= day <= LAST_DAY:
        return ""
    return f"{day} is no day to reckon from: it has to be from {FIRST_DAY} to {LAST_DAY}"
