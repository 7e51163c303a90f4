"""A dose text made plain, and its numbers: case, accents, clock times, dates of day and number words in one spelling.

What comes out are words and numbers ("1 1/2", "one and a half" and "1½" are one number each); `words` covers them by the
phrases of the vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .words import Vocabulary

# A word, or a number as a float.
Element = str | float


class Written(float):
    """A number that was written as a word."""


_CUT = re.compile(r"\d+(?:\.\d+)?|\.\d+|[a-zµμ]+|[^\s\w]|_")
_MASS = r"(?:m[cg]g?|ml|mgs|mcgs|ug|mls|g|milligrams?|micrograms?|milliliters?)\b"
_PLAIN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\((s|es)\)"), r"\1"),  # tablet(s): how many is not said
    (re.compile(r"[‐‑‒–—−]"), "-"),
    (re.compile(r"[’‘´`']|(?<=\w)\?(?=s\b)"), ""),
    (re.compile(r"⁄"), "/"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),  # 3,000 mg
    (re.compile(r"(?<![\d.,])0,(?=\d)"), "0."),  # 0,5
    (re.compile(rf"(?<![\d.,])(\d+),(?=\d\d?(?!\d)(?:\s?(?:-|to)\s?[\d.,]+)?\s?{_MASS})"), r"\1."),  # 2,5 mg
    (re.compile(r"(?<![\d.,])\d,\d\d?(?![\d,])(?!,?\s?(?:or|to|and|&|-)\s?\d)"), " ? "),  # 1,5 tablets; but 1,2 or 3
    (re.compile(rf"(?:^|(?<=\s)),\d+(?=\s?{_MASS})"), " ? "),  # a mark of tenths, or of a list
    (re.compile(rf"(?<![\d.,])[1-9]\d*\.\d{{3}}(?=\s?{_MASS})"), " ? "),  # 1.000 mg: one, or a thousand
    (
        re.compile(
            r"\b(?:dx|icd(?:-?10)?(?:-?cm)?|diagnosis|code)s?\s?:?\s?[a-z]\d[\dab](?:\.[\da-z]{1,4})?(?![\w.]*\d)"
        ),
        " icd ",
    ),
    (re.compile(r"(?<![\w.])[a-pr-wyz]\d[\dab]\.[\da-z]{1,4}(?![\w.]*\d)"), " icd "),  # M54.5; never q12 or x10
    (re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b\.?)?"), lambda m: m[0].replace(".", "") + " "),  # b.i.d.
    (re.compile(r"\bq\.\s?(?=\d|h|d|a|p|o)"), "q "),
    (re.compile(r"(?<=\d)\.(?=[hdw]\b)"), " "),
    (re.compile(r"(?<=\d)o(?=\d|\s?m[cg]|\s?ml)"), "0"),  # 1OMG, the letter for the figure
    (re.compile(r"\b0(?=ne\b)"), "o"),  # 0NE
    (re.compile(r"(?<=\d)\s?°(?!\s?[cf]\b)"), "h "),  # q6°
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=\s?[a-z]{3})"), "with "),
    (re.compile(r"[\"*•·“”]|\.{2,}"), " "),
    (re.compile(r"[!\n\r]"), "."),
    (re.compile(r"#"), " number "),
    (re.compile(r"(?<=\d)(h|hr|hrs)(?=prn)"), r"\1 "),
    (re.compile(r"(?<=\d)(?:st|nd|rd|th)\b"), " "),
    (re.compile(r"(?<![a-z])x(?=da(?:y|ily)\b|w(?:k|eek))"), "x "),  # 5 xdaily
    (re.compile(r"\[|\{"), "("),
    (re.compile(r"\]|\}"), ")"),
)
_HALF = r"([01]?\d|2[0-3])(?::([0-5]\d))?(\s?)(am|pm)?\b(?!\s?[-/%:]\s?\d)"
_CLOCK = re.compile(rf"(?<![\d.#/-])(at|@|\()?\s?{_HALF}")
_Q1D = re.compile(r"\bq\s?1\s?d(?:ay)?\b")
"""Every 1 day. Its figure stands for the letter i too ("ii tabs"), and "q i d" is four times a day."""
_FOUR = r"(?:[01]\d|2[0-3])[0-5]\d(?!\d)(?:\s?h(?:ou)?r?s?\b)?"
_MILITARY = re.compile(
    rf"(?<![\d.#/-])(?:(?:at|@)\s?)?{_FOUR}(?:(?:\s?[,;&/]|\s?and\b|\s)\s?(?:and\s)?{_FOUR})*(?!\s?{_MASS})"
)
_HALVES = re.compile(r"(?<![\w./-])(1[0-2]|[1-9])([ap])(?![\w/])")


def _with_colons(match: re.Match[str]) -> str:
    """0800, 1400 and 2200 as 8:00, 14:00 and 22:00, where "at", "hrs" or a leading zero shows that they are times."""
    run = match[0]
    if not re.search(r"at|@|h|(?<!\d)0", run):
        return run
    times = [" at " + time[:2] + ":" + time[2:4] + " " for time in re.findall(_FOUR, run)]
    return " " + ",".join(times)


_COUNT = r"(?:one|two|three|four|five|six|eight|twelve|[1-9]\d?)"
_HYPHENS = re.compile(
    rf"\b(?:(?:once|twice|thrice|{_COUNT}-times?)(?:-(?:a|an|per|each|every))?-(?:daily|day|week|weekly|night|nightly|hour)"
    rf"|{_COUNT}-times?(?=\s)|every-(?:other-|{_COUNT}-)?(?:days?|nights?|weeks?|hours?|hrs?|h)|(?:one|two|three|four)-a-day"
    r"|as-needed|if-needed|when-needed|at-(?:bedtime|night)|in-the-(?:morning|evening)|by-mouth)\b"
)


def plain(text: str) -> str:
    """The text in small letters without accents, with abbreviations undotted and figures in one spelling."""
    text = re.sub(r"(?<=\d)(?=[½⅓⅔¼¾⅛])", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("µ", "u").replace("μ", "u"))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower().replace("ß", "ss")
    for pattern, instead in _PLAIN:
        text = pattern.sub(instead, text)
    text = _HYPHENS.sub(lambda m: m[0].replace("-", " "), text)  # twice-daily
    text = re.sub(rf"(?<![\d.-])({_COUNT})-(?=hourly\b|hrly\b)", r"\1 ", text)
    text = re.sub(rf"(?<![\d.-])({_COUNT})-({_COUNT})-(?=hourly\b|hrly\b)", r"\1-\2 ", text)
    text = _Q1D.sub("qday", text)
    return _clocks(text)


def _clocks(text: str) -> str:
    """Times of day in figures become the word of their part of the day. "2 pm" may be an amount, unless "at" stands before
    it or another time of day; "2pm" without either can be both."""
    seen = False

    def named(match: re.Match[str]) -> str:
        nonlocal seen
        at, hour, minutes, blank, half = match.groups()
        h = int(hour)
        clock = bool(minutes) or bool(half and (at or h > 4 or seen))
        if not clock:
            return f" {hour}\0{half} " if half and not blank else match[0]
        seen = True
        h = (h % 12 + (12 if half == "pm" else 0)) if half else h
        return f"{'(' if at == '(' else ' '} {clock_word(h)} "

    text = _MILITARY.sub(_with_colons, text)
    if len(_HALVES.findall(text)) > 1 or re.search(rf"(?:at|@)\s?{_HALVES.pattern}", text):
        text = _HALVES.sub(r"\1\2m", text)
    return _CLOCK.sub(named, text).replace("\0", "?")


def clock_word(hour: int) -> str:
    """The word that stands for a time of day in figures: one for each hour (0 to 24), in letters, for a digit would be a number."""
    return f"clock{chr(ord('a') + hour % 24)}"


def part_of_day(hour: int) -> str:
    """The part of the day that an hour (0 to 23) belongs to."""
    for part, first, end in (("morning", 4, 11), ("noon", 11, 14), ("afternoon", 14, 17), ("evening", 17, 20)):
        if first <= hour < end:
            return part
    return "night"


def elements(text: str, vocabulary: Vocabulary) -> list[Element]:
    """Words and numbers of a text: "1 1/2", "one and a half", "4 (four)", "½" are one number each."""
    made: list[Element] = []
    for word in _CUT.findall(plain(text)):
        if word[0].isdigit() or (word[0] == "." and len(word) > 1):
            number = float(word)
            made.append(number if number < 1e6 else "?")
        else:
            made += _mended(word, vocabulary)
    return _doubled(_fractions(_compounds(made, vocabulary), vocabulary))


def _mended(word: str, vocabulary: Vocabulary) -> list[str]:
    """A word that is one slip away from a single word of the vocabulary is that word ("reduycing"); two words written as
    one are two ("mouthup"). Short words are left as they are: there a slip gives another word too easily. And no word is
    mended into a number: "sixt" may be six, sixth, or sixty."""
    if word in vocabulary.words or len(word) < 5 or not word.isalpha():
        return [word]
    near = [known for known in vocabulary.words if known[0] == word[0] and _one_slip(word, known)]
    if near and not vocabulary.counts.isdisjoint(near):
        return [word]
    if len(near) == 1 and len(near[0]) > 4:
        return near
    cuts = [n for n in range(2, len(word) - 1) if word[:n] in vocabulary.words and word[n:] in vocabulary.words]
    if len(word) > 5 and len(cuts) == 1 and not near:
        return [word[: cuts[0]], word[cuts[0] :]]
    return [word]


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is left out, put in, changed, or two neighbors are swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) > len(other):
        return one[start + 1 :] == other[start:]
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped


_EACH = ("every", "each", "q", "evry")


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
                    made.append(Written(value + ones))
                    i = j + 1
                    continue
            made.append(Written(value))
        elif word in vocabulary.ordinals and i and words[i - 1] in _EACH:
            made.append(Written(vocabulary.ordinals[str(word)]))  # every sixth hour
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
            made.append(Written(float(made.pop()) + part))
        elif len(made) > 1 and made[-1] in ("and", "&", "+", "-") and isinstance(made[-2], float) and made[-2] >= 1:
            made.pop()
            made.append(Written(float(made.pop()) + part))
        else:
            made.append(Written(part))
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
        if word in vocabulary.ordinals and after[:1] != ["of"]:
            return None, 0  # the third day, a third tablet at noon
        return vocabulary.fractions[word], 1 + _of(words, i + 1)
    return None, 0


def _of(words: Sequence[Element], i: int) -> int:
    """How many words of "of a" follow a fraction."""
    if i < len(words) and words[i] == "of":
        return 2 if i + 1 < len(words) and words[i + 1] in ("a", "an", "one", 1.0) else 1
    return 1 if i < len(words) and words[i] in ("a", "an") else 0


def _range_again(first: float, after: Sequence[Element]) -> bool:
    """Whether behind a number comes the end of its range, and the same range in brackets."""
    if len(after) < 7 or (after[2], after[6]) != ("(", ")"):
        return False
    joined = all(after[n] in ("to", "-", "or") for n in (0, 4))
    return joined and isinstance(after[1], float) and after[3] == first and after[5] == after[1]


def _doubled(words: list[Element]) -> list[Element]:
    """A number said twice is one: "4 (four)", "One (1)", "4 four"."""
    made: list[Element] = []
    i = 0
    while i < len(words):
        word, rest = words[i], words[i + 1 : i + 4]
        made.append(word)
        if isinstance(word, float):
            ranged = words[i + 1 : i + 8]
            if len(rest) > 2 and rest[0] == "(" and rest[1] == word and rest[2] == ")":
                i += 3
            elif _range_again(word, ranged):  # four to six (4-6)
                made += ranged[:2]
                i += 7
            elif rest and rest[0] == word and isinstance(word, Written) != isinstance(rest[0], Written):
                i += 1
        i += 1
    return made
