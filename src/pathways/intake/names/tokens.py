"""The text of a medicine name as tokens: words, numbers and signs, with the amounts that carry a strength set apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple

TO_MG = {
    "mg": 1.0,
    "milligram": 1.0,
    "mcg": 0.001,
    "ug": 0.001,
    "microgram": 0.001,
    "g": 1000.0,
    "gm": 1000.0,
    "gram": 1000.0,
}
_UNIT = r"(?:mg|mgs|milligrams?|mcg|ug|micrograms?|gm?|grams?|unt|units?|iu|meq|mmol|%)(?![a-z])"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+\.\d+|\.\d+|\d+,\d{1,2}(?!\d)|\d+)"
_PER = r"(?:ml|milliliters?|millilit(?:re|er)s?|hr|hrs|h|hour|hours)"
_PER_UNIT = r"(?:actuat\w*|act|sprays?|dose|tab(?:let)?s?|cap(?:sule)?s?)"
_ONE = rf"(?<![\d.,]){_NUMBER}(?![\d.]|,\d)(?:\s*-?\s*{_UNIT})?"
_PER_TAIL = (
    rf"(?:\s*(?:/|\bper\b)\s*(?P<many>\d*\.?\d*)\s*(?P<per>{_PER})(?![a-z])"
    rf"|\s*(?:/|\bper\b)\s*(?:1\s*)?{_PER_UNIT}(?![a-z])"
    r"|\s*/\s*(?:1(?![\d.])|mg(?![a-z])|g(?![a-z])))"
)
_AMOUNTS = re.compile(
    rf"(?P<list>{_ONE}(?:\s*[-/]\s*{_NUMBER}(?![\d.]|,\d)\s*(?:{_UNIT})?(?!\s*{_PER}(?![a-z])))*)(?P<tail>{_PER_TAIL})?",
    re.I,
)
_SINGLE = re.compile(rf"({_NUMBER})(?:\s*-?\s*({_UNIT}))?", re.I)
_TOKEN = re.compile(r"(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<number>\d+(?:[.,]\d+)*|\.\d+)|(?P<sign>\S)")


class Amount(NamedTuple):
    """One number of a strength with its unit, which is empty where it is not written."""

    value: float
    unit: str


class Amounts(NamedTuple):
    """Numbers that stand together ("10-325 mg"), and what they are in: ``per`` "ml" or "h" of which ``many``, or a unit."""

    numbers: tuple[Amount, ...]
    per: Literal["unit", "ml", "h"]
    many: float


@dataclass(frozen=True)
class Token:
    """A word, a number or a sign of a name; or the amounts of a strength. ``depth``: how many brackets it stands in."""

    kind: Literal["word", "number", "sign", "amounts"]
    text: str
    depth: int = 0
    amounts: Amounts | None = None


def tokens_of(text: str) -> list[Token]:
    """The tokens of a name, in their order. Brackets are not among them: they are the ``depth`` of the others."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text.replace("µ", "u").replace("μ", "u").replace("½", ".5"))
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
        plain = re.sub(r"[‐-―]", "-", plain)
    plain = re.sub(r"(?<![a-z])w\s?/\s*", " with ", plain)
    found: list[Token] = []
    depth, at = 0, 0
    while at < len(plain):
        if plain[at] in "([{":
            depth += 1
        elif plain[at] in ")]}":
            depth = max(0, depth - 1)
        elif not plain[at].isspace():
            match = _AMOUNTS.match(plain, at)
            amounts = _read(match) if match else None
            if match and amounts:
                found.append(Token("amounts", match.group(), depth, amounts))
                at = match.end()
                continue
            token = _TOKEN.match(plain, at)
            if token is not None:
                kind: Literal["word", "number", "sign"] = token.lastgroup  # type: ignore[assignment]  # one of the three groups
                found.append(Token(kind, token.group(), depth))
                at = token.end()
                continue
        at += 1
    return found


def _read(match: re.Match[str]) -> Amounts | None:
    """Amounts with a unit, or two or more numbers in a row; None for a number that may be anything."""
    numbers = [Amount(_number(one[1]), _unit(one[2])) for one in _SINGLE.finditer(match["list"])]
    tail = match["tail"]
    if (
        len(numbers) > 1
        and numbers[-1] == Amount(1.0, "")
        and numbers[-2].unit
        and match["list"].rstrip()[:-1].rstrip().endswith("/")
    ):
        return Amounts(tuple(numbers[:-1]), "unit", 1.0)  # "15 mg/1": for one tablet
    if len(numbers) == 1 and not numbers[0].unit:
        return None
    if not tail:
        return Amounts(tuple(numbers), "unit", 1.0)
    per = (match["per"] or "").lower()
    many = float(match["many"]) if match["many"] not in (None, "", ".") else 1.0
    if many <= 0:
        return Amounts(tuple(numbers), "unit", 0.0)
    if per.startswith(("ml", "millil")):
        return Amounts(tuple(numbers), "ml", many)
    return Amounts(tuple(numbers), "h" if per.startswith("h") else "unit", many)


def _number(written: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", written):
        return float(written.replace(",", "."))
    return float(written.replace(",", ""))


def _unit(written: str | None) -> str:
    unit = (written or "").lower()
    return unit if unit in TO_MG or unit == "%" else unit.rstrip("s") if unit.rstrip("s") in TO_MG else unit
