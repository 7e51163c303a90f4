"""`allergen_text`: what an allergy text says the allergy is to, without what it says is tolerated.

"Codeine - tolerates hydrocodone" is an allergy to codeine; "Percocet (acetaminophen ok)" leaves open to which part of it.
Words of reactions and of the allergy itself are taken out; whatever else is no name of a medicine may turn the meaning, so
that the text is then not understood. Never fails; never says more than the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..content import Content, once_per_content
from .names import read_name

_CLAUSE = re.compile(r"[,;\n()\[\]{}]|\s[-–—]+\s|\s*[-=]+>\s*|→|\.(?=\s|$)|:(?=\s)")
_JOINER = r"(?:\b(?:and|or|with|w/|plus|severe|mild|moderate|bad|some|facial)\b|[/&+,])"
_EDGE = re.compile(rf"^(?:[\s:;.=–—-]|{_JOINER})+|(?:[\s:;.=–—-]|{_JOINER})+$", re.I)


@dataclass(frozen=True)
class _Words:
    tolerated: re.Pattern[str]
    part: re.Pattern[str]
    """Adhesive, dye and the like: what else a product is made of."""
    silent: re.Pattern[str]
    """Words that change nothing, and the names of reactions with what joins them."""
    reactions: re.Pattern[str]


@once_per_content
def _words(content: Content) -> _Words:
    def listed(says: str) -> str:
        return "|".join(w for entry in content.allergy_words.values() if entry.says == says for w in entry.words)

    reactions = "|".join(word for sign in content.allergy_signs.values() for word in sign.words)
    silent = (
        rf"(?:{_JOINER}\s*)*(?<![^\W_])[^\W\d_]*(?:{reactions})[^\W\d_]*|(?<![^\W_])(?:{listed('neutral')})(?![^\W_])"
    )
    return _Words(
        re.compile(rf"(?<![^\W_])(?:{listed('tolerated')})(?![^\W_])", re.I),
        re.compile(rf"(?<![^\W_])(?:{listed('part')})(?![^\W_])", re.I),
        re.compile(silent, re.I),
        re.compile(reactions, re.I),
    )


def allergen_text(text: str, content: Content) -> str | None:
    """The part of a text that names what the allergy is to; None where it is not told, or not all of it is understood."""
    words = _words(content)
    if not medicines_in(text, content):
        return text  # no medicine: it may be the name of something else
    if words.part.search(text):
        return None  # "adhesive of a fentanyl patch": to the one, or to the other
    first = words.tolerated.search(text)
    if first and words.reactions.search(text, first.end()):
        return None  # "codeine, was given morphine: hives"
    plain = words.silent.sub(" ", text)
    heads: list[str] = []
    spared: list[str] = []
    for clause in (_EDGE.sub("", piece) for piece in _CLAUSE.split(plain)):
        if not clause:
            continue
        said = words.tolerated.search(clause)
        if said is None:
            if spared:
                return None  # "morphine, tolerates codeine, tramadol": of which list is the last?
            heads.append(clause)
            continue
        before, after = (_EDGE.sub("", part) for part in (clause[: said.start()], clause[said.end() :]))
        if not (before or after) or (not heads and not (before and after)):
            return None
        if after and before:
            heads.append(before)
        spared.append(after or before)
    if spared:
        plain = ", ".join(heads)
    plain = _EDGE.sub("", plain)
    mine = read_name(plain, content)
    if mine.left or not mine.named:
        return None
    for one in (read_name(piece, content) for piece in spared):
        if one.left or not one.named or set(one.ingredients) & set(mine.ingredients):
            return None
    return plain


def medicines_in(text: str, content: Content) -> frozenset[str]:
    """What medicines are named by single words of a text: their ingredients."""
    words = re.findall(r"[^\W_][\w'’-]*", text)
    return frozenset(i for word in words for i in read_name(word, content).ingredients)
