"""What puts a problem that a text names in doubt without a word for it: marks of absence, empty boxes, and words beside it
that are not understood.

"HIV-", "OUD (-)", "[ ] COPD [x] CHF"; "Zorblax opioid use disorder", "OUD (zorblaxed)". A word that is not understood may
turn the meaning of the problem that it stands beside; a cause or a companion ("due to", "on") holds it off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ..content import models as m

_YES, _NO, _BOX = (
    r"[(\[] ?(?:x|\+|✓|✔) ?[)\]]|[☑☒✅✓✔]",
    r"\( ?[-–−] ?\)|\[ ?[-–−] ?\]",
    r"\[ *\]|\( *\)|\[_+\]|[☐□◻✗✘❌❎✖]",
)
_MARK = re.compile(rf"(?P<yes>{_YES})|(?P<no>{_NO})|(?P<box>{_BOX})", re.I)
_MINUS_ENDS = re.compile(r"[-–−](?=\s*(?:$|[,;/|)\]]|\.(?:\s|$)|[^\W_]+[-+−](?!\w)))")
_MINUS = re.compile(r"[-–−]\s+(?=\w)")
_SET_APART = re.compile(r"\s*[:=]?\s*[-–−](?=\s*(?:$|[,;/|)\]]))")
_NOUGHT = re.compile(r"(?:^|[,;|\n])\s*0\s+$")
_SHORT = re.compile(r"[A-Z]{2,5}$")
_BULLET = re.compile(r"(?:^|(?<=[\s,;/(]))[-–−¬!~≠](?=[^\W\d_])")
_EQUALS = re.compile(r"\s*(?::|=|[-–—]|\s)\s*0(?![\w/:%+-]|[.,]\d)")
_SIGN = re.compile(r"[^\w\s.,;:()\[\]{}/\\'’‘`\"“”«»?|+&%#*•·=®™@°±<>≥≤^!~↑↓→←×²³µ–—−‐‑…$§©´¡¿-]")
_PART = re.compile(r",|\s[-–—]+\s|[;|\n]")
_COLON = re.compile(r":")
_VERDICT = re.compile(r"[a-z]{3,}(?:ed|ous|able|ible|less)|(?:un|dis|mis|non|pseudo|contra)[a-z]{5,}", re.I)
"""How a word looks that may pass judgement on a problem that it is set apart from: "overturned", "unfounded"."""


class Span(NamedTuple):
    """A stretch of a text: what it says, on which side the problem stands, and the set or words that know it."""

    start: int
    end: int
    says: str
    side: str = "after"
    codes: m.CodeSet | None = None
    groups: tuple[str, ...] = ()


Mark = Literal["not", "maybe"]
Place = tuple[int, int]
_GO_ON = {"filler", "beside", "cause", "object", "link", "remission", "was", "resolved", "is", "neutral"}
_ALONE = {"gap", "neutral", "filler", "not", "also", "stop"}


def signs_left(text: str) -> tuple[Span, ...]:
    """The signs of a text that nobody knows the meaning of."""
    blank = _MARK.sub(lambda mark: " " * len(mark[0]), text)
    return tuple(Span(*sign.span(), "gap") for sign in _SIGN.finditer(blank))


def marked(text: str, spans: Iterable[Span]) -> dict[Place, Mark]:
    """The problems that a mark says are not there, or may not be: a minus, an empty box, a nought."""
    spans = tuple(spans)
    names = sorted({(span.start, span.end) for span in spans if span.says == "name"})
    goes_on = {span.start for span in spans if span.says in _GO_ON}
    found: dict[Place, Mark] = {}
    for start, end in names:
        behind = text[end:]
        if _MINUS_ENDS.match(behind):
            found[start, end] = "not"
        elif (
            _EQUALS.match(behind)
            or _SET_APART.match(behind)
            or _NOUGHT.search(text[:start])
            or ((minus := _MINUS.match(behind)) and _SHORT.search(text[:end]) and end + minus.end() not in goes_on)
        ):  # "COPD- severe" is a dash
            found[start, end] = "maybe"
        elif any(bullet.end() == start for bullet in _BULLET.finditer(text)):
            found[start, end] = "maybe"
    return found | _boxes(text, names)


def _boxes(text: str, names: Sequence[Place]) -> dict[Place, Mark]:
    """What marks in brackets and boxes say of the problems of a list, each before its problem or each behind it."""
    marks = list(_MARK.finditer(text))
    if not marks or not names:
        return {}
    found: dict[Place, Mark] = {}
    in_front = marks[0].start() < names[0][0]
    for n, mark in enumerate(marks):
        if in_front:
            end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
            mine = [place for place in names if mark.end() <= place[0] < end]
        else:
            start = marks[n - 1].end() if n else 0
            mine = [place for place in names if start <= place[0] and place[1] <= mark.start()]
        for place in mine:
            sure = in_front or place == mine[-1]
            if not (mark["yes"] and sure):
                found[place] = "not" if mark["no"] and sure else "maybe"
    if not in_front and any(mark["box"] for mark in marks):  # what stands behind the last box has none
        found |= {place: "maybe" for place in names if place[0] >= marks[-1].end()}
    return found


def turned(text: str, spans: Iterable[Span], unread: Iterable[Span]) -> frozenset[Place]:
    """The problems that a word which is not understood stands beside, so that it may turn what is said of them."""
    unread = tuple(unread)
    if not unread:
        return frozenset()
    every = sorted((*spans, *unread), key=lambda s: (s.start, s.end))
    stops = [s.start for s in every if s.says == "stop"]
    cuts = sorted({c.start() for c in _PART.finditer(text)} | set(stops))
    found: set[Place] = set()
    for gap in unread:
        lower = max((s for s in stops if s < gap.start), default=-1)
        upper = min((s for s in stops if s >= gap.end), default=len(text) + 1)
        clause = [s for s in every if lower < s.start < upper]
        left = max((c for c in cuts if c < gap.start), default=-1)
        right = min((c for c in cuts if c >= gap.end), default=len(text) + 1)
        found |= _of_gap(text, gap, clause, left, right)
    return frozenset(found)


def _of_gap(text: str, gap: Span, clause: Sequence[Span], left: int, right: int) -> set[Place]:
    """The problems of a clause that one word which is not understood may speak of; its part ends at ``left``, ``right``."""
    names = [(s.start, s.end) for s in clause if s.says == "name"]
    found: set[Place] = set()
    verdict = bool(_VERDICT.fullmatch(text[gap.start : gap.end]))

    def between(start: int, end: int) -> set[str]:
        return {s.says for s in clause if start <= s.start and s.end <= end and s.says != "name"}

    behind = [place for place in names if gap.end <= place[0] < right]
    if behind and not between(gap.end, behind[0][0]) & {"cause", "also"}:
        leads = all(start > gap.start for start, _ in names)
        found |= {place for place in names if place[0] >= behind[0][0] and (leads or place[0] < right)}
    before = [place for place in names if left < place[0] < gap.start]
    if before:
        last = before[-1][1]
        words = between(last, gap.start)
        told = ":" in text[last : gap.start] or words - {"filler", "object", "gap", "link", "neutral"}
        if not words & {"also", "family", "self"} and (verdict or not told):
            found.add(before[-1])
            for one, other in zip(before[-2::-1], before[:0:-1], strict=False):  # "COPD/asthma zorblaxed" is about both
                if between(one[1], other[0]) - {"either", "also", "filler"}:
                    break
                found.add(one)
    if not behind and not before and verdict and between(left, right) <= _ALONE:
        earlier = [place for place in names if place[1] <= left + 1]
        later = [place for place in names if place[0] >= right]
        found |= {place for place in names if place in (earlier[-1:] or later[:1])}
    return found
