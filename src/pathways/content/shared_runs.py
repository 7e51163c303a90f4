"""With which power of the length of a run of one sign a search for a regular expression grows: `power_of`, counted in its
parse tree. Nothing is tried and no time is taken.

Open repeats that can share such a run each may end anywhere in it. Where the search can begin in the run too, that is once more:
"[a-z]*\\w*!" takes the third power, "no [a-z]*\\w*!" the second.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

OPEN = 8
"""A part that may repeat more often than this counts as one that repeats without end."""
REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_SIGNS = ("a", "z", "1", " ", ".", "-", ",", "_")
_NO = -1_000_000


class _Run(NamedTuple):
    """How many open repeats a run of one sign can meet in a part: when it fills the part (``through``, far below 0 where it
    cannot), when it begins with it, ends with it, or lies anywhere in it; and whether the part can read the sign at all."""

    through: int = 0
    start: int = 0
    end: int = 0
    best: int = 0
    reads: bool = False


_NOTHING, _STOP = _Run(), _Run(through=_NO)


def power_of(parsed: Any) -> int:
    """The highest power of the length of a run of one sign that a search takes, as far as its repeats stand beside each other."""
    anywhere = not (len(parsed) and str(parsed[0][1]).startswith("AT_BEGINNING"))
    runs = [_sequence(parsed, sign) for sign in sorted({*_SIGNS, *_ends(parsed)})]
    return max(max(run.best, run.start + anywhere) for run in runs)


def _sequence(parts: Iterable[Any], sign: str) -> _Run:
    made = _NOTHING
    for op, given in parts:
        made = _then(made, _one(str(op), given, sign))
    return made


def _then(a: _Run, b: _Run) -> _Run:
    return _Run(
        max(a.through + b.through, _NO),
        max(a.start, a.through + b.start),
        max(b.end, b.through + a.end),
        max(a.best, b.best, a.end + b.start),
        a.reads or b.reads,
    )


def _one(name: str, given: Any, sign: str) -> _Run:
    if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
        return _Run(reads=True) if _holds(name, given, sign) else _STOP
    if name in REPEATS:
        return _repeated(given, sign)
    if name == "BRANCH":
        return _either([_sequence(way, sign) for way in given[1]])
    if name == "SUBPATTERN":
        return _sequence(given[-1], sign)
    inner = [part for part in (given if isinstance(given, tuple) else (given,)) if type(part).__name__ == "SubPattern"]
    # What is looked ahead for is tried wherever what stands before it may end, and moves nothing on.
    looked = _either([_sequence(part, sign) for part in inner])
    return _Run(start=looked.start, best=looked.best)


def _repeated(given: Any, sign: str) -> _Run:
    least, most, body = int(given[0]), int(given[1]), _sequence(given[2], sign)
    if most > OPEN:
        fills = body.through >= 0 and body.reads
        count = max(1, body.through) if fills else body.through
        both = max(body.best, body.end + body.start, count)
        made = _Run(count, max(body.start, count), max(body.end, count), both, body.reads)
    else:
        made = _NOTHING
        for _ in range(most):
            made = _then(made, body)
    return made if least else _either([made, _NOTHING])


def _either(ways: list[_Run]) -> _Run:
    return _Run(*(max(each) for each in zip(*ways, strict=True))) if ways else _NOTHING


def _holds(name: str, given: Any, sign: str) -> bool:
    """Whether a part of one sign matches a sign, in small or capital letters."""
    both = {sign.lower(), sign.upper()}
    if name == "ANY":
        return sign != "\n"
    if name == "LITERAL":
        return chr(given) in both
    if name == "NOT_LITERAL":
        return chr(given) not in both
    found, negated = False, False
    for op, one in given:
        if str(op) == "NEGATE":
            negated = True
        elif str(op) == "LITERAL":
            found |= chr(one) in both
        elif str(op) == "RANGE":
            found |= any(one[0] <= ord(each) <= one[1] for each in both if len(each) == 1)
        else:
            found |= _of_kind(str(one), sign)
    return found is not negated


def _of_kind(kind: str, sign: str) -> bool:
    told = {"DIGIT": sign.isdecimal(), "SPACE": sign.isspace(), "WORD": sign.isalnum() or sign == "_"}
    word = kind.removeprefix("CATEGORY_").removeprefix("UNI_")
    return not told[word[4:]] if word.startswith("NOT_") else told[word]


def _ends(parts: Any) -> set[str]:
    """The signs that open repeats name, and the ends of their ranges: two ranges that overlap share one of them."""
    made: set[str] = set()
    waiting: list[tuple[Any, bool]] = [(parts, False)]
    while waiting:
        part, repeated = waiting.pop()
        name = str(part[0]) if isinstance(part, tuple) and len(part) == 2 else ""
        if name in ("LITERAL", "NOT_LITERAL") and repeated:
            made.add(chr(part[1]))
        elif name == "RANGE" and repeated:
            made.update(map(chr, part[1]))
        elif name in REPEATS:
            waiting.append((part[1][2], repeated or int(part[1][1]) > OPEN))
        elif isinstance(part, (tuple, list)) or type(part).__name__ == "SubPattern":
            waiting.extend((one, repeated) for one in part)
    return made
