"""Whether a drug test was positive or negative: by its codes, by its text read whole, or by yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..content import Content
from ..intake.record_text import heard
from .happened import Sign
from .plain import Concept, Data, concept, concepts, text

_BY_CODE = {
    "10828004": "positive",
    "260373001": "positive",
    "52101004": "positive",
    "260385009": "negative",
    "260415000": "negative",
    "2667000": "negative",
    "pos": "positive",
    "neg": "negative",
    "det": "positive",
    "nd": "negative",
    "la6576-8": "positive",
    "la6577-6": "negative",
    "la11882-0": "positive",
    "la11883-8": "negative",
}
_SIGNS = frozenset({"positive", "negative"})
_OPEN = "open"
_NAME = re.compile(r"[^\W\d_]{4,}")
_NO_NAMES = frozenset({"none", "never", "control", "without"})


def sign_of(data: Data, content: Content, what: Iterable[Concept] = ()) -> Sign | None:
    """Positive or negative. None where nothing says so, where two things are said, and where any word of it is not
    understood: "positive; confirmation negative", "detected (given in ED)". A bare number says neither. ``what`` the test
    is of: its own words in a value change nothing."""
    names = _names(what, content)
    votes: set[str] = set()
    for part in (concept(data, "valueCodeableConcept"), *concepts(data, "interpretation")):
        votes |= {_BY_CODE[c.code.lower()] for c in part.codes if c.code.lower() in _BY_CODE}
        for words in part.texts:
            votes |= _votes(words, content, names)
    if words := text(data, "valueString"):
        votes |= _votes(words, content, names)
    if isinstance(data.get("valueBoolean"), bool):
        votes.add("positive" if data["valueBoolean"] else "negative")
    if votes == {"positive"}:
        return "positive"
    return "negative" if votes == {"negative"} else None


def shown_of(data: Data) -> str:
    """The value of a test in its own words."""
    parts = (concept(data, "valueCodeableConcept"), *concepts(data, "interpretation"))
    said = [words for part in parts for words in part.texts]
    return "; ".join(dict.fromkeys(word for word in (*said, text(data, "valueString")) if word))


def _votes(words: str, content: Content, names: tuple[re.Pattern[str], ...]) -> set[str]:
    found = heard(words, "result", content, names)
    if found.left or found.says >= _SIGNS:
        return {_OPEN}
    return set(found.says & _SIGNS)


def _names(what: Iterable[Concept], content: Content) -> tuple[re.Pattern[str], ...]:
    """The words that name the test, which may stand in its value: "fentanyl positive"."""
    words = {word.lower() for one in what for said in one.texts for word in _NAME.findall(said)}
    kept = sorted(word for word in words - _NO_NAMES if not heard(word, "result", content).says & _SIGNS)
    return (re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, kept))})(?![^\W_])", re.I),) if kept else ()


__all__ = ["shown_of", "sign_of"]
