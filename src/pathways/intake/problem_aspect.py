"""What a problem text says of an episode, a degree or a consequence of a problem, and so not of the problem itself.

"COPD exacerbation, resolved" ends the exacerbation, "no severe CKD" denies the degree, "pneumonia in COPD, resolved" and "no
COPD meds" are about something else. The problem is then neither there for sure nor gone. The words are data
(``problem_words`` that say ``episode``, ``degree`` or ``background``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ..content import models as m
from .problem_doubt import Span
from .problem_speech import How

_CUT = ("also", "either", "stop")
_HEAD = ("name", "other", "open", "filler", "object")
"""What may be meant by words about a problem that is only its background."""
Known = Mapping[str, Sequence[tuple[re.Pattern[str], m.ProblemWords]]]
ASPECTS = ("episode", "degree", "background")


class Aspect(NamedTuple):
    """What stands beside a problem: an episode of it or what it is the background of; or, for denials only, its degree or
    a thing named after it."""

    passing: bool = False
    part: bool = False


def aspect_of(text: str, name: Span, groups: frozenset[str], spans: Sequence[Span], known: Known) -> Aspect:
    """Whether a text speaks of an episode, a degree or a consequence of the problem that ``name`` names, which is in
    ``groups``. ``spans`` are all spans of the text in order, ``known`` the words of each kind."""
    left, right = _bounds(text, name, spans)

    def stands(kind: str, start: int, end: int) -> bool:
        return any(
            pattern.search(text, start, end)
            for pattern, entry in known[kind]
            if not entry.groups or not groups.isdisjoint(entry.groups)
        )

    near = re.compile(r"[,;(\n]").search(text, name.end, right)
    follows = next((s for s in spans if s.start >= name.end), None)
    thing = follows is not None and follows.says in ("object", "service") and not text[name.end : follows.start].strip()
    passing = stands("episode", left, right) or _in_background(text, name, spans, known["background"])
    return Aspect(passing, passing or thing or stands("degree", left, near.start() if near else right))


def _bounds(text: str, name: Span, spans: Sequence[Span]) -> tuple[int, int]:
    """Where the words that may be about a problem begin and end: never at those of another one."""
    others = [s for s in spans if s.says == "name" and (s.end <= name.start or s.start >= name.end)]
    cuts = [s for s in spans if s.says in _CUT]
    left = max((s.end for s in (*others, *cuts) if s.end <= name.start), default=0)
    after = min((s.start for s in others if s.start >= name.end), default=len(text))
    stop = min((s.start for s in cuts if s.says == "stop" and s.start >= name.end), default=len(text))
    if after < stop:  # what leads up to the next problem is about that one
        return left, max((s.start for s in cuts if name.end <= s.start < after), default=after)
    return left, stop


def _in_background(
    text: str, name: Span, spans: Sequence[Span], words: Sequence[tuple[re.Pattern[str], m.ProblemWords]]
) -> bool:
    """Whether a problem is named only as what another one came in, on or from."""
    before = [s for s in spans if s.end <= name.start]
    while before and before[-1].says == "filler":
        before.pop()
    if len(before) < 2 or before[-1].says not in ("link", "beside", "cause"):
        return False
    link = text[before[-1].start : before[-1].end]
    return before[-2].says in _HEAD and any(pattern.fullmatch(link) for pattern, _ in words)


def spoken_with(how: How, words: Collection[str], aspect: Aspect) -> How:
    """How a problem is spoken of, where what ``words`` say of it may be said of an episode, a degree or a consequence."""
    if how == "not" and "not" in words and aspect.part:
        return "open"
    return "maybe" if how in ("resolved", "remission") and aspect.passing else how
