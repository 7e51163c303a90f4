"""Doses, times and limits as people write them: "1 to 2 tablets every 4-6 hours, max 6 a day"."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "half": 0.5,
    "a": 1,
    "once": 1,
    "twice": 2,
    "six": 6,
    "eight": 8,
    "five": 5,
    "ten": 10,
    "twelve": 12,
}
_N = r"(?:\d+(?:\.\d+)?(?:\s?/\s?\d)?|one|two|three|four|five|six|eight|ten|twelve|half|a)"
_TEXT_DOSE = re.compile(
    rf"\b({_N})\s*(?:(?:-|to|or)\s*({_N})\s*)?(tab(?:let)?s?|cap(?:sule)?s?|pills?|films?|patch(?:es)?|lozenges?|sprays?|ml|mg)\b",
    re.I,
)
_TEXT_EVERY = re.compile(rf"\b(?:every|q)\s*({_N})?\s*(?:(?:-|to)\s*({_N})\s*)?(hours?|hrs?|h|days?|d|weeks?)\b", re.I)
_TEXT_TIMES = re.compile(
    rf"\b({_N}|once|twice)\s*(?:(?:-|to)\s*({_N})\s*)?(?:times?|x)?\s*(?:a|per|each|/|every)?\s*(?:day|daily)\b", re.I
)
_TEXT_MAX = re.compile(
    rf"\b(?:max(?:imum)?|not? (?:more than|to exceed)|up to|limit)\b[^.;]{{0,20}}?({_N})\s*"
    r"(?:tab\w*|cap\w*|pills?|doses?|films?|times)?\s*(?:per|a|in|/|each|every|daily)?\s*(?:24 hours|24h|day|daily)",
    re.I,
)
_TEXT_WORDS = (
    ("bid", 2),
    ("b.i.d", 2),
    ("tid", 3),
    ("t.i.d", 3),
    ("qid", 4),
    ("q.i.d", 4),
    ("qhs", 1),
    ("bedtime", 1),
    ("nightly", 1),
    ("every morning", 1),
    ("every evening", 1),
    ("every other day", 0.5),
    ("weekly", 1 / 7),
)


class Span(NamedTuple):
    """From ``lo`` to ``hi``; ``hi`` None is not known."""

    lo: float
    hi: float | None


def dose_in(said: str) -> tuple[Span, str] | None:
    """An amount and its unit."""
    found = _TEXT_DOSE.search(said)
    if not found:
        return None
    lo = _number(found[1])
    hi = _number(found[2]) if found[2] else lo
    return (Span(lo, hi), found[3].lower()) if 0 < lo <= hi <= 1e5 else None


def most_in(said: str) -> float | None:
    """The most units allowed in a day."""
    found = _TEXT_MAX.search(said)
    return _number(found[1]) if found else None


def times_in(said: str) -> Span | None:
    """How often a day."""
    small = said.lower()
    if found := _TEXT_EVERY.search(small):
        least = _number(found[1]) if found[1] else 1.0
        longest = _number(found[2]) if found[2] else least
        unit = {"h": 24.0, "d": 1.0, "w": 1 / 7}[found[3][0]]
        if least > 0 and longest >= least:
            return Span(unit / longest, unit / least)
    for word, times in _TEXT_WORDS:
        if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", small):
            return Span(times, times)
    if found := _TEXT_TIMES.search(small):
        lo = _number(found[1])
        hi = _number(found[2]) if found[2] else lo
        if 0 < lo <= hi <= 48:
            return Span(lo, hi)
    if re.search(r"\b(?:daily|every day|once a day|each day)\b", small):
        return Span(1.0, 1.0)
    return None


def _number(word: str) -> float:
    word = word.lower().strip()
    if word in _NUMBER_WORDS:
        return float(_NUMBER_WORDS[word])
    if "/" in word:
        top, _, bottom = word.partition("/")
        try:
            return float(top) / float(bottom)
        except (ValueError, ZeroDivisionError):
            return 0.0
    try:
        return float(word)
    except ValueError:
        return 0.0
