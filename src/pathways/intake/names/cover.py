"""A medicine name covered token by token: which names are in it, what the other words say, and what is left over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...content.medicine_names import Names, Sense, key_of
from ...content.models import NameWords
from .tokens import Amounts, Token, tokens_of

_GLUE = ("-", ".", "'", "’", "#", "/", "&", "*", "®", "™", "_")
"""Signs that may stand inside a name: between them the parts are tried as one."""
_SILENT = (*_GLUE, ":", "=", "@", "~", "`", '"', "|", "\\", "·", "•", "<", ">", "^", "!", "$")
_APART = (",", ";", "+", "&")
_COUNTED = (
    "time", "times", "x", "a", "per", "day", "days", "week", "weeks", "month", "months", "hour", "hours", "hr", "hrs", "h", "daily",
    "doses", "every",
)  # fmt: skip  # words, read across
_MOST_TOKENS = 10
_NO_STRENGTH = 20
"""Acetaminophen, aspirin and the like have no such strength in mg: a number below it may be of a name ("Tylenol 3")."""

_YEARS = frozenset(float(year) for year in range(1950, 2100)) - {2000.0}
"""What a bare number may be as a year. 2000 is an amount more often."""
_DAY = re.compile(r"(?:[01]?\d[/.-][0-3]?\d[/.-])(?:19|20)?\d\d|[01]?\d[/-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
_SOMEBODYS = re.compile(r"[a-z]{2,}['’]s$")
_DONE = re.compile(r"[a-z]{3,}(?:ed|ing)$")


@dataclass(frozen=True)
class Item:
    """A name found: what it means, in which part of the text between separators, and in how many brackets."""

    sense: Sense
    segment: int
    depth: int
    at: int


@dataclass
class Cover:
    """What was made of every token of a text. ``left``: the pieces that nothing explains. ``doubt``: the text says that it
    may be something else, or is not taken."""

    items: list[Item] = field(default_factory=list)
    amounts: list[tuple[int, Amounts]] = field(default_factory=list)
    bare: list[tuple[int, float]] = field(default_factory=list)
    plain: float | None = None
    """The one bare number that by its place behind the name may be a strength."""
    says: list[NameWords] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    doubt: bool = False
    segments: int = 1
    size_ml: float | None = None


def cover(text: str, names: Names) -> Cover:
    """Cover a text. Every token is a name, a word that is known to change nothing or to say something, or is left over."""
    tokens = tokens_of(text)
    made = Cover()
    at, open_end = 0, False
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "amounts":
            assert token.amounts is not None
            made.amounts.append((at, token.amounts))
            open_end = False
            at += 1
            continue
        if token.kind == "number" and at == 0 and at + 1 < len(tokens) and tokens[1].text == "ml":
            made.size_ml = float(token.text.replace(",", "."))
            at += 2
            continue
        before, named = len(made.says), len(made.items)
        step = _phrase(tokens, at, names, made)
        if len(made.items) > named and _is_free_of(tokens, at + step):
            made.doubt = True
        if step:
            open_end = len(made.says) > before and made.says[-1].says in ("joins", "apart")
            at += step
            continue
        step = _single(tokens, at, names, made)
        if len(made.items) > named and _is_free_of(tokens, at + step):
            made.doubt = True
        at += step
        if token.kind == "sign":
            open_end = open_end or token.text in ("/", "-", "+", "&", ",")
        else:
            open_end = False
    made.doubt = (
        made.doubt
        or _is_note(tokens, made)
        or (not (made.amounts or made.bare) and any(word.note for word in made.says))
    )
    made.plain = _plain(tokens, made, names)
    if open_end or _cut(tokens, made, names):
        made.left.append(f"{tokens[-1].text} …")  # "oxycodone/", "hydrocodone bit", "tylenol 3": something may follow
    return made


def _is_free_of(tokens: list[Token], at: int) -> bool:
    """Whether what was named is said not to be in it: "codeine-free"."""
    while at < len(tokens) and tokens[at].text in ("-", "_", "/"):
        at += 1
    if at + 1 < len(tokens) and tokens[at + 1].text == "base":
        return False  # "morphine free base"
    return at < len(tokens) and tokens[at].text in ("free", "less", "frei", "libre", "sparing")


def _plain(tokens: list[Token], made: Cover, names: Names) -> float | None:
    """A single bare number right behind the names, or behind a release or a salt, with nothing behind it that counts."""
    if len(made.bare) != 1 or made.amounts or not made.items:
        return None
    at, value = made.bare[0]
    before, after = (tokens[at - 1] if at else None), (tokens[at + 1] if at + 1 < len(tokens) else None)
    if before is None or before.kind != "word" or tokens[at].depth or any(item.at > at for item in made.items):
        return None
    record = names.words.get(key_of(before.text))
    if record is not None and not (record.release or record.salt or record.route):
        return None  # "qty 30", "take 2"
    if after is not None and after.text != "#":
        record = names.words.get(key_of(after.text)) if after.kind == "word" else None
        if record is None or record.form or not (record.after_amount or record.release or record.route):
            return None
    return value


def _is_note(tokens: list[Token], made: Cover) -> bool:
    """Whether a text speaks about a medicine more than it names one: a day or a year, somebody's, what is being or was done
    with it, or a sentence. Then the medicine need not be what is taken."""
    words = [piece for piece in made.left if len(piece) > 1 and piece.replace("'", "").replace("’", "").isalpha()]
    if any(_SOMEBODYS.search(word) or _DONE.search(word) for word in words):
        return True
    if any(value in _YEARS for _, value in made.bare) or any(_is_day(token) for token in tokens):
        return True
    label = made.amounts and any(
        record.form for record in made.says
    )  # a firm, a colour and the like behind a full label
    return len(words) > 1 and not label


def _is_day(token: Token) -> bool:
    """Whether a token is written like a date: "10/2019", "3/14/22"."""
    amounts = token.amounts
    if amounts is None:
        return bool(_DAY.fullmatch(token.text))
    if any(one.unit for one in amounts.numbers) or amounts.per != "unit":
        return False
    return bool(_DAY.fullmatch(token.text.replace(" ", "")))


def _cut(tokens: list[Token], made: Cover, names: Names) -> bool:
    """Whether a text ends in what looks cut off: the beginning of a name or a salt, after which more may have stood."""
    if not tokens:
        return False
    last = tokens[-1]
    if any(value < _NO_STRENGTH for _, value in made.bare) and any(item.sense.short for item in made.items):
        return True
    if last.kind != "word":
        return False
    key = key_of(last.text)
    if made.items and made.items[-1].at == len(tokens) - 1:
        return names.begins_a_name(key, made.items[-1].sense)
    record = names.words.get(key)
    if record is None or record.says != "filler" or record.daily:
        return False
    if record.salt:
        return any(word != key and word.startswith(key) and said is record for word, said in names.words.items())
    before = tokens[-2] if len(tokens) > 1 else None
    return len(key) < 4 and before is not None and before.text in ("/", "-", "+", "&") and names.begins_any(key)


def _phrase(tokens: list[Token], at: int, names: Names, made: Cover) -> int:
    """The longest name or known word that begins here; how many tokens it takes, 0 for none."""
    if tokens[at].kind == "sign" and tokens[at].text not in ("#", "%"):
        return 0
    key, ends = "", []
    for n in range(at, min(len(tokens), at + _MOST_TOKENS)):
        token = tokens[n]
        if (token.kind == "amounts" and "%" not in token.text) or token.depth != tokens[at].depth:
            break
        if token.kind == "sign":
            if token.text not in _GLUE:
                break
            continue
        key += key_of(token.text)
        if len(key) > names.longest:
            break
        ends.append((n + 1, key))
    for end, whole in reversed(ends):
        if (sense := names.senses.get(whole)) and not (end - at > 1 and _counts(tokens, end - 1, names)):
            made.items.append(Item(sense, made.segments - 1, tokens[at].depth, at))
            return end - at
        if record := names.words.get(whole):
            made.says.append(record)
            if record.says == "doubt":
                made.doubt = True
            if record.says == "apart" and tokens[at].depth == 0:
                made.segments += 1
            return end - at
    return 0


def _counts(tokens: list[Token], at: int, names: Names) -> bool:
    """Whether a number at the end of a name is a count of what comes behind it: "Tylenol 3 times a day" is no Tylenol 3."""
    if tokens[at].kind != "number" or tokens[at - 1].kind != "word" or at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    record = names.words.get(key_of(after.text)) if after.kind == "word" else None
    several = tokens[at].text == "1" or after.text.endswith("s")  # "Tylenol 3 tablet" may be that product
    return after.text in _COUNTED or (record is not None and record.form and several)


def _single(tokens: list[Token], at: int, names: Names, made: Cover) -> int:
    """A token that begins no known name: a cut-off or plural name, a number, a sign; else it is left over."""
    token = tokens[at]
    if token.kind == "number":
        return _number(tokens, at, names, made)
    if token.kind == "sign":
        if token.text == "?" or (token.text == ">" and made.items):
            made.doubt = True  # "oxycodone -> morphine": which of them is taken now?
        elif (
            token.text == "#"
            and at + 1 < len(tokens)
            and tokens[at + 1].kind == "number"
            and (made.amounts or made.bare)
        ):
            return 2  # a count of tablets; without a strength before it the number may be part of the name (#3)
        elif token.text in _APART and token.depth == 0:
            made.segments += 1
        elif token.text == "#" or token.text not in (*_SILENT, *_APART):
            made.left.append(token.text)
        return 1
    key = key_of(token.text)
    sense = names.senses.get(key[:-1]) if key.endswith("s") and len(key) > 4 else None
    sense = sense or names.cut_off(key) or names.without_vowels(key)
    if sense is not None:
        made.items.append(Item(sense, made.segments - 1, token.depth, at))
    else:
        made.left.append(token.text)
    return 1


def _number(tokens: list[Token], at: int, names: Names, made: Cover) -> int:
    """A number without a unit: a count before a form or a time ("30 tablets", "12 hr"), or one that may be a strength."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.kind == "word":
        record = names.words.get(key_of(after.text))
        if record is not None and (
            record.form or after.text in ("hr", "hour", "h", "day", "days", "week", "ml", "pk", "pack")
        ):
            return 1
    written = tokens[at].text
    if re.search(r"[.,]\d{3,}$|[.,].*[.,]", written):
        made.left.append(written)  # "10.325", "7.50325": two numbers that ran together
        return 1
    made.bare.append((at, float(written.replace(",", "."))))
    return 1
