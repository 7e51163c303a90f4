"""How hard a text is to read: the Flesch–Kincaid grade, from words, sentences and syllables. Nothing is looked up."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyphen import Pyphen

MOST_GRADE = 8.0
"""The highest school grade that a text for the person may have."""

NOT_MEASURED = "Reading grades were not measured. That needs one more package: pip install 'pathways-cds[check]'"

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
_APART = re.compile(r"(?<![tscxg])i(?=[ao])")  # o-pi-oid, tri-al; not in na-tion or so-cial
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcg])es$")


def measurable() -> bool:
    """Whether the hyphenation patterns are here, without which nothing is measured."""
    return find_spec("pyphen") is not None


def reading_grade(text: str) -> float:
    """The school grade of a text: 0.39 words a sentence + 11.8 syllables a word − 15.59 (Kincaid and others, 1975).

    A line break, a colon and a semicolon end a sentence too: a list is read line by line. A text without words is 0.
    Raises ModuleNotFoundError where this is not `measurable`.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@cache
def syllables(word: str) -> int:
    """The syllables of a word: as many as hyphenation finds, and never fewer than it has groups of vowels.

    Hyphenation alone counts too few ("about" is never broken at a line's end), which would make every text look easy.
    """
    plain = word.lower().replace("’", "'")
    stem = _SILENT.sub("", plain.partition("'")[0])
    groups = len(_VOWELS.findall(stem)) + len(_APART.findall(stem))
    return max(1, groups, len(_hyphens().positions(plain)) + 1 if "'" not in plain else 1)


@cache
def _hyphens() -> Pyphen:
    from pyphen import Pyphen  # brings its own patterns; loaded only where a text is measured

    return Pyphen(lang="en_US", left=2, right=2)
