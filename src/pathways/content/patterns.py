"""Whether a regular expression may take for ever on a text: looked at once, when the content is read.

Two things make one slow: open repeats that follow each other and can share a text out between them (counted in `shared_runs`,
and tried), and a repeat whose inside can be read in more than one way (tried). What is tried on are texts made from the pattern
itself, which grow until it is plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from time import process_time
from typing import Any

from ..disk.limits import PATTERN_LENGTH, PATTERN_REPEATS
from .shared_runs import OPEN, REPEATS, power_of

_POWER = 2
"""A search may take the square of the length of a text, and no higher power."""
_TIMES = range(8, 30, 2)
_SECONDS = 0.05
"""Of the processor, for one try: what is read in one way takes a thousandth of it."""
_LENGTHS = (32, 64, 128, 256)
_SHARED_SECONDS = 0.25
"""For a text that several repeats may share: what takes the square of a length stays far below, and what takes its fourth
power is far above."""
_YARDSTICK = re.compile("a*b", re.IGNORECASE)
_LETTERS_A_SECOND = 16_000
"""How long a text is on which the yardstick takes a second, on a plain machine; the time goes with the square of the length.
What is slow for another reason than its pattern (a busy machine, a browser's Python) is as slow with the yardstick."""
_TRIED = 12
_MANY_WAYS = "open repeats in it can share a text out in many ways, which can take for ever"


def hangs(pattern: str) -> str:
    """Why a pattern could hang a reader; empty where it cannot."""
    if len(pattern) > PATTERN_LENGTH.most:
        return f"it has {len(pattern)} characters; at most {PATTERN_LENGTH.most}"
    if not any(sign in pattern for sign in "*+{"):
        return ""
    try:
        parsed = _parsed(pattern)
        if (most := _repeats(parsed)) > PATTERN_REPEATS.most:
            return f"it has {most} open repeats one after another; at most {PATTERN_REPEATS.most}"
        compiled = re.compile(pattern, re.IGNORECASE)
        if any(_slow(compiled, before, body) for before, body in _inside(parsed, "")):
            return "a repeat in it can be read in more than one way, which can take for ever"
        if most > 1 and power_of(parsed) > _POWER:
            return _MANY_WAYS
        if most > 1 and any(_shared(compiled, before, sign) for before, sign in _stretched(parsed)):
            return _MANY_WAYS
    except RecursionError:
        return "it is nested too deeply"
    return ""


def _slow(pattern: re.Pattern[str], before: str, body: str) -> bool:
    return any(_takes_longer(pattern, f"{before}{body * times}\0", _SECONDS) for times in _TIMES)


def _shared(pattern: re.Pattern[str], before: str, sign: str) -> bool:
    return any(_takes_longer(pattern, f"{before}{sign * length}\0", _SHARED_SECONDS) for length in _LENGTHS)


def _takes_longer(pattern: re.Pattern[str], text: str, seconds: float) -> bool:
    """Whether a search takes longer than ``seconds`` would do on a plain machine, three times in a row."""
    yard = "a" * int(_LETTERS_A_SECOND * seconds**0.5)
    return all((took := _time(pattern, text)) > seconds and took > _time(_YARDSTICK, yard) for _ in range(3))


def _time(pattern: re.Pattern[str], text: str) -> float:
    start = process_time()
    pattern.search(text)
    return process_time() - start


def _parsed(pattern: str) -> Any:
    import re._parser as parser  # type: ignore[import-not-found]  # the parser of the standard library has no public name

    return parser.parse(pattern, re.IGNORECASE)


def _repeats(parts: Iterable[Any]) -> int:
    """The most open repeats that follow each other on one way through."""
    most = 0
    for op, given in parts:
        if str(op) in REPEATS:
            _, hi, body = given
            inside = _repeats(body)
            most += max(inside, 1) if int(hi) > OPEN else inside * max(int(hi), 1)
        elif str(op) == "BRANCH":
            most += max((_repeats(way) for way in given[1]), default=0)
        else:
            most += sum(_repeats(inner) for inner in _groups(given))
    return most


def _inside(parts: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """Each open repeat that holds a choice or another repeat: a text that leads to it, and texts that it repeats."""
    for op, given in parts:
        if str(op) in REPEATS:
            _, hi, body = given
            if int(hi) > OPEN and any(str(o) in (*REPEATS, "BRANCH", "SUBPATTERN") for o, _ in body):
                yield from ((before, text) for text in _texts(body) if text)
            yield from _inside(body, before)
        elif str(op) == "BRANCH":
            for way in given[1]:
                yield from _inside(way, before)
        else:
            for inner in _groups(given):
                yield from _inside(inner, before)
        before += next(iter(_texts([(op, given)])), "")


def _stretched(parts: Any) -> Iterator[tuple[str, str]]:
    """Each sign that some open repeat may hold, behind nothing and behind a text that leads to a repeat."""
    signs: dict[str, None] = {}
    ways: dict[str, None] = {"": None}
    _look(parts, "", False, ways, signs)
    for before in list(ways)[:_TRIED]:
        yield from ((before, sign) for sign in signs)


def _look(parts: Iterable[Any], before: str, repeated: bool, ways: dict[str, None], signs: dict[str, None]) -> None:
    for op, given in parts:
        name = str(op)
        if repeated and name in ("LITERAL", "IN", "ANY", "NOT_LITERAL"):
            one = [chr(given)] if name == "LITERAL" else _some_of(given) if name == "IN" else ["a", " ", "1"]
            signs.update(dict.fromkeys(one))
        elif name in REPEATS:
            is_open = int(given[1]) > OPEN
            if is_open:
                ways[before] = None
            _look(given[2], before, repeated or is_open, ways, signs)
        elif name == "BRANCH":
            for way in given[1]:
                _look(way, before, repeated, ways, signs)
        else:
            for inner in _groups(given):
                _look(inner, before, repeated, ways, signs)
        before += next(iter(_texts([(op, given)])), "")


def _texts(parts: Iterable[Any]) -> list[str]:
    """Some texts that a pattern matches."""
    made = [""]
    for op, given in parts:
        name = str(op)
        if name == "LITERAL":
            ways = [chr(given)]
        elif name == "IN":
            ways = [_one_of(given)]
        elif name in ("ANY", "NOT_LITERAL"):
            ways = ["a"]
        elif name in REPEATS:
            least = int(given[0])
            ways = [*([""] if not least else []), *(text * max(least, 1) for text in _texts(given[2]))]
        elif name == "BRANCH":
            ways = [text for way in given[1] for text in _texts(way)]
        elif name == "SUBPATTERN":
            ways = [text for inner in _groups(given) for text in _texts(inner)]
        else:
            continue  # it stands at a place and reads nothing
        made = [text + way for text in made for way in ways][:_TRIED]
    return made


def _one_of(choices: Iterable[Any]) -> str:
    return _some_of(choices)[0]


def _some_of(choices: Iterable[Any]) -> list[str]:
    """Signs of a set: each that it names, the ends of a range, one or more of a kind."""
    kinds = {"CATEGORY_DIGIT": ["1"], "CATEGORY_SPACE": [" "], "CATEGORY_WORD": ["a", "1", "_"]}
    made: list[str] = []
    for op, given in choices:
        if str(op) == "NEGATE":
            return ["a", " ", "1", "."]
        if str(op) == "LITERAL":
            made.append(chr(given))
        if str(op) == "RANGE":
            made += map(chr, given)
        if str(op) == "CATEGORY":
            made += kinds.get(str(given), ["a", " ", "."])
    return made or ["a"]


def _groups(given: Any) -> list[Any]:
    """The patterns inside a group, a look-ahead or a condition."""
    parts = given if isinstance(given, tuple) else (given,)
    return [part for part in parts if type(part).__name__ == "SubPattern"]
