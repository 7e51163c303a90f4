"""The words of a dose text as the tokens of its grammar.

A text is made plain and cut into words and numbers (`numbers`), and covered from the left by the longest phrase of the
vocabulary (`content/data/vocabulary/dose_words.toml`). What no phrase covers becomes UNKNOWN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...content import Content, once_per_content
from .numbers import Element, Written, clock_word, part_of_day

MOST = 500  # characters of a dose text that are read


class Token(NamedTuple):
    """One token: its kind in the grammar, its number (see the vocabulary), its family and the words it came from."""

    kind: str
    value: float = 0.0
    what: str = ""
    text: str = ""


class Candidates:
    """The tokens that one stretch of words may be; which one, its neighbors decide. ``telling`` is whether any of them
    says something about a dose."""

    __slots__ = ("_by", "telling", "tokens")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self._by: dict[str, Token] = {}
        for token in tokens:
            self._by.setdefault(token.kind, token)
        self.telling = any(kind not in ("NOTHING", "ARTICLE") for kind in self._by)

    def is_(self, *kinds: str) -> Token | None:
        """The first of these kinds that it may be."""
        for kind in kinds:
            if kind in self._by:
                return self._by[kind]
        return None


class _Slot(NamedTuple):
    single: frozenset[Element]
    several: tuple[tuple[Element, ...], ...]  # "take-home" is three words; "#" stands for any number
    optional: bool


class _Phrase(NamedTuple):
    slots: tuple[_Slot, ...]
    token: Token
    second: frozenset[Element] | None
    """The words that alone can stand second; None where others can, or none has to."""


class Vocabulary(NamedTuple):
    """The phrases by the words that they may begin with; numbers, fractions and ordinals by their words, and all three
    (``counts``); every word there is."""

    phrases: Mapping[Element, tuple[_Phrase, ...]]
    numbers: Mapping[str, float]
    fractions: Mapping[str, float]
    ordinals: Mapping[str, float]
    counts: frozenset[str]
    words: frozenset[str]


# ---- the vocabulary -----------------------------------------------------------------------------------------


@once_per_content
def vocabulary_of(content: Content) -> Vocabulary:
    """The words of the content, ready for `tokens`."""
    numbers: dict[str, float] = {}
    fractions: dict[str, float] = {}
    ordinals: dict[str, float] = {}
    counted = {"NUM": numbers, "FRACTION": fractions, "ORDINAL": ordinals}
    phrases: dict[Element, list[_Phrase]] = {}
    singles: list[tuple[str, Token]] = []
    for record in content.dose_words.values():
        if record.token in counted:
            counted[record.token].update(record.values)
        else:
            singles += [(word, Token(record.token, record.value or 0.0, record.what)) for word in record.words]
            singles += [(word, Token(record.token, value, record.what)) for word, value in record.values.items()]
    singles += [(clock_word(hour), Token("EVENT", 0.0, f"{part_of_day(hour)} {hour}")) for hour in range(24)]
    for text, token in singles:
        slots = tuple(_slots(text, numbers))
        plainly = len(slots) > 1 and not any(slot.optional or slot.several for slot in slots[:2])
        phrase = _Phrase(slots, token, slots[1].single if plainly else None)
        for first in _beginnings(phrase.slots):
            phrases.setdefault(first, []).append(phrase)
    every_phrase = [phrase for them in phrases.values() for phrase in them]
    every = [slot for phrase in every_phrase for slot in phrase.slots]
    words = {word for slot in every for word in slot.single}
    words |= {word for slot in every for option in slot.several for word in option}
    counts = frozenset(numbers.keys() | fractions.keys() | ordinals.keys())
    known = frozenset(word for word in words | counts if isinstance(word, str) and word.isalpha())
    found = {first: tuple(them) for first, them in phrases.items()}
    return Vocabulary(found, numbers, fractions, ordinals, counts, known)


def _slots(text: str, numbers: Mapping[str, float]) -> Iterator[_Slot]:
    for part in text.split():
        optional = part.endswith("?") and part != "?"
        words = []
        for word in part.removesuffix("?").split("|") if part != "?" else ["?"]:
            cut = re.findall(r"clock\w+|\d+(?:\.\d+)?|[a-zµμ]+|[^\s\w]", word)
            words.append(tuple(float(w) if w[0].isdigit() else numbers.get(w, w) for w in cut))
        single = frozenset(option[0] for option in words if len(option) == 1 and option[0] != "#")
        several = tuple(option for option in words if len(option) > 1 or option[0] == "#")
        yield _Slot(single, several, optional)


def _beginnings(slots: Sequence[_Slot]) -> set[Element]:
    found: set[Element] = set()
    for slot in slots:
        found |= slot.single | {words[0] for words in slot.several}
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
        follows = words[i + 1] if i + 1 < len(words) else ""
        for phrase in begins:
            if phrase.second is not None and follows not in phrase.second:
                continue
            length = _length(phrase.slots, words, i)
            if length > longest:
                longest, found = length, []
            if length == longest and length:
                found.append(phrase.token)
        if isinstance(word, float) and longest <= 1:
            made.append(Candidates((Token("NUM", float(word), "word" if isinstance(word, Written) else ""),)))
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
    many = len(words)
    ends = [start]
    for slot in slots:
        after = list(ends) if slot.optional else []
        for end in ends:
            if end < many and words[end] in slot.single:
                after.append(end + 1)
            for option in slot.several:
                if _fits(option, words, end):
                    after.append(end + len(option))
        if not after:
            return 0
        ends = after
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
