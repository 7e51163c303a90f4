"""The one way in for what comes from outside: files, JSON and TOML, without what hangs a reader or changes what a text shows.

Control and direction characters are taken out here once, for every medium. Everything here raises InputError: one sentence.
"""

from __future__ import annotations

import json
import math
import os
import re
import tomllib
from collections import Counter
from itertools import filterfalse
from pathlib import Path
from typing import Any

from ..disk import NotOrdinaryError, open_ordinary, read_up_to
from .limits import DEPTH, KEY_PARTS, Limit

_APART = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u2800]+")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""What Unicode calls ignorable by default, and what else shows as nothing: two texts that differ in it look alike."""
_JOINED = "\u0600-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001faff"
"""Letters that a joiner (U+200C, U+200D) says something of: those from Arabic to Mongolian and their like, and emoji."""
_JOINERS = re.compile(
    rf"(?<![{_JOINED}])[\u200c\u200d]+|(?<=\d)[\u200c\u200d]+|[\u200c\u200d]+(?=[\dA-Za-z\u00c0-\u024f\u0370-\u052f])"
)
"""Joiners anywhere else, as within a Latin word or a number."""
_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_KEY = re.compile(rf"(?<![\w.\-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{KEY_PARTS.most}}}")
_DIGITS = 20
"""An integer of more digits is no amount of anything: it is read as a float, and may be infinite."""
_HUGE = 10**_DIGITS
_TOO_DEEP = f"nested too deeply: more than {DEPTH.most} levels"


class InputError(ValueError):
    """What was given cannot be read. The message is one sentence, without the name of the file."""


# ---- texts --------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """A text without control characters, changes of writing direction and what cannot be seen. The halves of letters stay:
    who reads a text field refuses them.

    Letters that need a joiner keep it; the selectors of a letter's variant and of an emoji's colour go.

    >>> clean("oxycodone \\u202egm 021\\x1b[8m")
    'oxycodone gm 021 [8m'
    """
    if _is_plain(text):
        return text
    return _JOINERS.sub("", _UNSEEN.sub("", _APART.sub(" ", text)))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def clean_lines(text: str) -> str:
    """The text of a table, clean, with its lines as they were."""
    return text if _is_plain(text) else "\n".join(clean(line) for line in text.splitlines())


def clean_data(value: Any) -> Any:
    """Plain data with every text and every name of a field clean; what is clean already is given back as it is. Raises
    InputError for what is too deep, or where two names become one."""
    return value if _fields_of_clean(value) is not None else _cleaned(value, 1)


def _fields_of_clean(value: Any) -> int | None:
    """How many fields the objects of data have together, that are clean already, as nearly all are: looked at without a call
    for each part. None for others."""
    texts: list[str] = []
    fields = 0
    waiting: list[tuple[int, Any]] = [(0, [value])]
    while waiting:
        depth, parts = waiting.pop()
        if depth > DEPTH.most:
            return None
        if type(parts) is dict:
            fields += len(parts)
            texts.extend(parts)
            parts = parts.values()
        for part in parts:
            kind = type(part)
            if kind is str:
                texts.append(part)
            elif kind is dict or kind is list:
                waiting.append((depth + 1, part))
            elif kind is int:
                if abs(part) >= _HUGE:
                    return None
            elif kind is not bool and isinstance(part, (str, int, dict, list)):
                return None  # of a kind of its own
    try:
        are_plain = _is_plain("".join(texts))
    except TypeError:  # a name that is no text
        return None
    if not are_plain:
        odd = {*filterfalse(str.isprintable, texts), *filterfalse(str.isascii, texts)}
        are_plain = all(clean(text) == text for text in odd)
    return fields if are_plain else None


def _cleaned(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        if depth > DEPTH.most:
            raise InputError(_TOO_DEEP)
        made = {
            _cleaned(k, depth + 1) if isinstance(k, str) else k: _cleaned(part, depth + 1) for k, part in value.items()
        }
        if len(made) < len(value):
            counted = Counter(clean(k) for k in value if isinstance(k, str))
            raise InputError(f"'{counted.most_common(1)[0][0][:60]}' is given twice")
        return made
    if isinstance(value, list):
        if depth > DEPTH.most:
            raise InputError(_TOO_DEEP)
        return [_cleaned(part, depth + 1) for part in value]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _HUGE:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return value


def broken_in(data: dict[str, Any]) -> str:
    """The first field in which half of a letter stands, which nothing can write down; empty where there is none."""
    for name, part in data.items():
        try:
            json.dumps([name, part], ensure_ascii=False, default=repr).encode()
        except UnicodeEncodeError:
            return ascii(name)[1:-1]
    return ""


# ---- files --------------------------------------------------------------------------------------------------


def read_file(path: Path, most: Limit) -> bytes:
    """The bytes of an ordinary file. Raises InputError for a folder, a pipe, a device or a larger file; OSError."""
    try:
        opened = open_ordinary(path)
    except NotOrdinaryError as error:
        raise InputError(str(error)) from None
    with opened as file:
        raw = read_up_to(file, most.most)
        if len(raw) > most.most:
            size = max(os.fstat(file.fileno()).st_size, len(raw))
            raise InputError(too_large(size, most))
        return raw


def names_a_resource(path: Path) -> bool:
    """Whether a file is JSON that speaks of a resource type: told before anything that reads such a file is loaded."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return b"resourceType" in file.read(1_000_000)
    except OSError:
        return False


def too_large(size: float, most: Limit) -> str:
    """What is said of a file of more bytes than are read: its size never looks like the most that it may have.

    >>> from .limits import SITE_BYTES
    >>> too_large(500_001, SITE_BYTES)
    'the file is larger than it may be: it has 0.500001 MB; at most 0.5 MB are read'
    """
    rounded = f"{size / 1e6:.1f}"
    has = rounded if float(rounded) * 1e6 > most.most else f"{size / 1e6:.6f}"
    return f"the file is larger than it may be: it has {has} MB; at most {most.most / 1e6:g} MB are read"


def text_of(raw: bytes) -> str:
    """Bytes as text. Raises InputError."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file in UTF-8") from None


# ---- JSON and TOML ------------------------------------------------------------------------------------------


def from_json(text: str) -> Any:
    """JSON as plain, clean data: each key once. Raises InputError."""
    try:
        made = _at_once(text)
        if made is None:
            made = clean_data(json.loads(text, object_pairs_hook=each_once, parse_int=_integer))
        return made
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg} (at line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None


def _at_once(text: str) -> Any:
    """JSON that is clean already, read without a call for each object and number; None where it has to be read with care.

    The name of a field ends with a quote before a colon. Where as many are in the text as there are fields, and no blank
    stands before a colon, no field was given again.
    """
    if any(f"{blank}:" in text for blank in " \t\r\n"):
        return None
    try:
        made = json.loads(text)
    except ValueError:  # no JSON, or a number of thousands of digits
        return None
    return made if _fields_of_clean(made) == text.count('":') else None


def from_toml(text: str) -> dict[str, Any]:
    """TOML as plain, clean data. Raises InputError."""
    if long := _LONG_KEY.search(text):
        raise InputError(f"a key of more than {KEY_PARTS.most} parts: {clean(long[0][:40])}…")
    try:
        made: dict[str, Any] = clean_data(tomllib.loads(text.replace("\r\n", "\n")))
        return made
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not valid TOML: {error}") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    except InputError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"not valid TOML: {error}") from None


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, each key once. Raises InputError."""
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # adds, then goes on
        raise InputError(f"'{clean(twice)[:60]}' is given twice")
    return made


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)
