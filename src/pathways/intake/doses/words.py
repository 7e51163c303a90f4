"""The words of a dose text as the tokens of its grammar.

A text is made plain (case, accents, dotted abbreviations), cut into words and numbers, and covered from the left by the
longest phrase of the vocabulary (`content/data/vocabulary/dose_words.toml`). What no phrase covers becomes UNKNOWN.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...content import Content, once_per_content

MOST = 500  # characters of a dose text that are read

# A word, or a number as a float.
Element = str | float


class Token(NamedTuple):
    """One token: its kind in the grammar, its number (see the vocabulary), its family and the words it came from."""

    kind: str
    value: float = 0.0
    what: str = ""
    text: str = ""


class Candidates(NamedTuple):
    """The tokens that one stretch of words may be; which one, its neighbors decide."""

    tokens: tuple[Token, ...]

    def is_(self, *kinds: str) -> Token | None:
        """The first of these kinds that it may be."""
        return next((t for kind in kinds for t in self.tokens if t.kind == kind), None)


class _Slot(NamedTuple):
    words: tuple[tuple[Element, ...], ...]  # "#" stands for any number
    optional: bool


class _Phrase(NamedTuple):
    slots: tuple[_Slot, ...]
    token: Token


class Vocabulary(NamedTuple):
    """The phrases by the words that they may begin with; the numbers and fractions by their words."""

    phrases: Mapping[Element, tuple[_Phrase, ...]]
    numbers: Mapping[str, float]
    fractions: Mapping[str, float]


# ---- plain words and numbers --------------------------------------------------------------------------------

_CUT = re.compile(r"\d+(?:\.\d+)?|\.\d+|[a-zµμ]+|[^\s\w]|_")
_PLAIN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\((s|es)\)"), ""),  # tablet(s)
    (re.compile(r"[‐‑‒–—−]"), "-"),
    (re.compile(r"[’‘´`']|(?<=\w)\?(?=s\b)"), ""),
    (re.compile(r"⁄"), "/"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),  # 3,000 mg
    (re.compile(r"(?<![\d.,])0,(?=\d)"), "0."),  # 0,5
    (re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b\.?)?"), lambda m: m[0].replace(".", "") + " "),  # b.i.d.
    (re.compile(r"\bq\.\s?(?=\d|h|d|a|p|o)"), "q "),
    (re.compile(r"(?<=\d)\.(?=[hdw]\b)"), " "),
    (re.compile(r"(?<=\d)o(?=\d|\s?m[cg]|\s?ml)"), "0"),  # 1OMG, the letter for the figure
    (re.compile(r"\b0(?=ne\b)"), "o"),  # 0NE
    (re.compile(r"[\"*•·“”]|\.{2,}"), " "),
    (re.compile(r"[!\n\r]"), "."),
    (re.compile(r"#"), " number "),
    (re.compile(r"(?<![a-z])x(?=da(?:y|ily)\b|w(?:k|eek))"), "x "),  # 5 xdaily
    (re.compile(r"\[|\{"), "("),
    (re.compile(r"\]|\}"), ")"),
)
_CLOCK = re.compile(r"(?<![\d.#/-])(at|@|\()?\s?([01]?\d|2[0-3])(?::([0-5]\d))?\s?(am|pm)?\b(?!\s?[-/%:]\s?\d)")


def plain(text: str) -> str:
    """The text in small letters without accents, with abbreviations undotted and figures in one spelling."""
    text = re.sub(r"(?<=\d)(?=[½⅓⅔¼¾⅛])", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("µ", "u").replace("μ", "u"))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower().replace("ß", "ss")
    for pattern, instead in _PLAIN:
        text = pattern.sub(instead, text)
    return _CLOCK.sub(_clock, text)


def _clock(match: re.Match[str]) -> str:
    """A time of day in figures becomes the word of its part of the day. "1 am" without "at" may be an amount."""
    at, hour, minutes, half = match.groups()
    if not (minutes or (half and (at or int(hour) > 4))):
        return match[0]
    h = int(hour)
    if half == "pm" and h < 12:
        h += 12
    if half == "am" and h == 12:
        h = 0
    name = "morning" if 4 <= h < 11 else "noon" if h < 14 and h > 4 else "afternoon" if 14 <= h < 17 else ""
    name = name or ("evening" if 17 <= h < 20 else "night")
    return f"{'(' if at == '(' else ' '} clock{name} "


def elements(text: str, vocabulary: Vocabulary) -> list[Element]:
    """Words and numbers of a text: "1 1/2", "one and a half", "4 (four)", "½" are one number each."""
    made: list[Element] = []
    for word in _CUT.findall(plain(text)):
        if word[0].isdigit() or (word[0] == "." and len(word) > 1):
            number = float(word)
            made.append(number if number < 1e6 else "?")
        else:
            made.append(word)
    return _doubled(_fractions(_compounds(made, vocabulary), vocabulary))


class _Written(float):
    """A number that was written as a word."""


def _compounds(words: list[Element], vocabulary: Vocabulary) -> list[Element]:
    """Number words become numbers: "twenty five", "twenty-five", "ten"."""
    made: list[Element] = []
    i = 0
    while i < len(words):
        word = words[i]
        if isinstance(word, str) and word in vocabulary.numbers:
            value = vocabulary.numbers[word]
            j = i + 2 if i + 1 < len(words) and words[i + 1] == "-" else i + 1
            follows = words[j] if j < len(words) else ""
            if value >= 20 and value % 10 == 0 and isinstance(follows, str):
                ones = vocabulary.numbers.get(follows, 0)
                if 1 <= ones <= 9 and len(follows) > 2:
                    made.append(_Written(value + ones))
                    i = j + 1
                    continue
            made.append(_Written(value))
        else:
            made.append(word)
        i += 1
    return made


def _fractions(words: list[Element], vocabulary: Vocabulary) -> list[Element]:
    """Fractions, and whole numbers with a fraction."""
    made: list[Element] = []
    i = 0
    while i < len(words):
        part, used = _fraction_at(words, i, vocabulary)
        if part is None:
            made.append(words[i])
            i += 1
            continue
        if made and isinstance(made[-1], float) and made[-1] >= 1 and made[-1] == int(made[-1]):
            made.append(_Written(float(made.pop()) + part))
        elif len(made) > 1 and made[-1] in ("and", "&", "+", "-") and isinstance(made[-2], float) and made[-2] >= 1:
            made.pop()
            made.append(_Written(float(made.pop()) + part))
        else:
            made.append(_Written(part))
        i += used
    return made


def _fraction_at(words: Sequence[Element], i: int, vocabulary: Vocabulary) -> tuple[float | None, int]:
    """A fraction that begins at ``i`` and how many words it takes."""
    word = words[i]
    after = words[i + 1 : i + 4]
    if isinstance(word, float) and len(after) > 1 and after[0] == "/" and isinstance(after[1], float):
        top, bottom = word, after[1]
        slashed = len(after) > 2 and after[2] in ("/", "mg")
        if bottom in (2, 3, 4, 8) and 0 < top < bottom and top == int(top) and not slashed:
            return top / bottom, 3
    if word in ("a", "an") and after and isinstance(after[0], str) and after[0] in vocabulary.fractions:
        part, used = _fraction_at(words, i + 1, vocabulary)
        return part, used + 1
    if isinstance(word, float) and word in (1, 2, 3):
        rest = after[1:] if after and after[0] == "-" else after
        if rest and isinstance(rest[0], str) and rest[0] in vocabulary.fractions and rest[0] != "ss":
            size = vocabulary.fractions[rest[0]]
            if rest[0].endswith("s") or word == 1:  # two thirds; "2 half" is another thing
                return word * size, 1 + len(after) - len(rest) + 1 + _of(words, i + 2 + len(after) - len(rest))
    if isinstance(word, str) and word in vocabulary.fractions:
        return vocabulary.fractions[word], 1 + _of(words, i + 1)
    return None, 0


def _of(words: Sequence[Element], i: int) -> int:
    """How many words of "of a" follow a fraction."""
    if i < len(words) and words[i] == "of":
        return 2 if i + 1 < len(words) and words[i + 1] in ("a", "an", "one", 1.0) else 1
    return 1 if i < len(words) and words[i] in ("a", "an") else 0


def _doubled(words: list[Element]) -> list[Element]:
    """A number said twice is one: "4 (four)", "One (1)", "4 four"."""
    made: list[Element] = []
    i = 0
    while i < len(words):
        word, rest = words[i], words[i + 1 : i + 4]
        made.append(word)
        if isinstance(word, float):
            if len(rest) > 2 and rest[0] == "(" and rest[1] == word and rest[2] == ")":
                i += 3
            elif rest and rest[0] == word and isinstance(word, _Written) != isinstance(rest[0], _Written):
                i += 1
        i += 1
    return made


# ---- the vocabulary -----------------------------------------------------------------------------------------


@once_per_content
def vocabulary_of(content: Content) -> Vocabulary:
    """The words of the content, ready for `tokens`."""
    numbers: dict[str, float] = {}
    fractions: dict[str, float] = {}
    phrases: dict[Element, list[_Phrase]] = {}
    singles: list[tuple[str, Token]] = []
    for record in content.dose_words.values():
        if record.token in ("NUM", "FRACTION"):
            (numbers if record.token == "NUM" else fractions).update(record.values)
        else:
            singles += [(word, Token(record.token, record.value or 0.0, record.what)) for word in record.words]
            singles += [(word, Token(record.token, value, record.what)) for word, value in record.values.items()]
    singles += [(f"clock{part}", Token("EVENT", 0.0, part)) for part in _PARTS]
    for text, token in singles:
        phrase = _Phrase(tuple(_slots(text, numbers)), token)
        for first in _beginnings(phrase.slots):
            phrases.setdefault(first, []).append(phrase)
    return Vocabulary({first: tuple(found) for first, found in phrases.items()}, numbers, fractions)


_PARTS = ("morning", "noon", "afternoon", "evening", "night")


def _slots(text: str, numbers: Mapping[str, float]) -> Iterator[_Slot]:
    for part in text.split():
        optional = part.endswith("?") and part != "?"
        words = []
        for word in part.removesuffix("?").split("|") if part != "?" else ["?"]:
            cut = re.findall(r"clock\w+|\d+(?:\.\d+)?|[a-zµμ]+|[^\s\w]", word)
            words.append(tuple(float(w) if w[0].isdigit() else numbers.get(w, w) for w in cut))
        yield _Slot(tuple(words), optional)


def _beginnings(slots: Sequence[_Slot]) -> set[Element]:
    found: set[Element] = set()
    for slot in slots:
        found |= {words[0] for words in slot.words}
        if not slot.optional:
            break
    return found


def cover(words: Sequence[Element], vocabulary: Vocabulary) -> list[Candidates]:
    """The text from left to right, each time by the longest phrase. A number is NUM where no phrase begins with it."""
    made: list[Candidates] = []
    i = 0
    while i < len(words):
        word = words[i]
        longest, found = 0, list[Token]()
        begins = vocabulary.phrases.get(word, ())
        if isinstance(word, float):
            begins = (*begins, *vocabulary.phrases.get("#", ()))
        for phrase in begins:
            length = _length(phrase.slots, words, i)
            if length > longest:
                longest, found = length, []
            if length == longest and length:
                found.append(phrase.token)
        if isinstance(word, float) and longest <= 1:
            made.append(Candidates((Token("NUM", float(word), "word" if isinstance(word, _Written) else ""),)))
            i += 1
        elif not longest:
            made.append(Candidates((Token("UNKNOWN", 0.0, "", str(word)),)))
            i += 1
        else:
            said = " ".join(f"{w:g}" if isinstance(w, float) else w for w in words[i : i + longest])
            made.append(Candidates(tuple(t._replace(text=said) for t in dict.fromkeys(found))))
            i += longest
    return made


def _length(slots: Sequence[_Slot], words: Sequence[Element], start: int) -> int:
    """How many words the phrase takes from ``start``, at most; 0 where it does not fit."""
    ends = {start}
    for slot in slots:
        after = set(ends) if slot.optional else set[int]()
        for end in ends:
            for option in slot.words:
                if _fits(option, words, end):
                    after.add(end + len(option))
        ends = after
        if not ends:
            return 0
    return max(ends) - start


def _fits(option: tuple[Element, ...], words: Sequence[Element], at: int) -> bool:
    if at + len(option) > len(words):
        return False
    for n, want in enumerate(option):
        word = words[at + n]
        if want == "#":
            if not isinstance(word, float):
                return False
        elif want != word:
            return False
    return True
