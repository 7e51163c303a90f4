"""`heard`: a short text of a record, read whole: the value of a drug test, the title of an event, an answer, a remark.

"Positive", "Detected (given in ED)", "ECG ordered", "Offered, declined", "Dose increased by phone": the first word of such a
text says little, a later one may turn it. Its words are data (``record_words``); what is left over is not understood, and
nothing that is understood in part counts. Never fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..content import Content, remembered

MOST = 5000  # characters of a text that are read
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SIGN = re.compile(r"[^\w\s.,;:()\[\]{}/\\'’‘\"“”*#&®™·•–—-]")
_UNBOUND = (r"\+", r"\?", ">", "<", "#")
"""How a pattern of signs begins, which needs no blank around it."""


@dataclass(frozen=True)
class Heard:
    """A text taken apart: what its words say, and the words and signs that were not understood."""

    text: str
    says: frozenset[str] = frozenset()
    left: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every word was understood, and there was one."""
        return bool(self.says) and not self.left


def heard(text: str, of: str, content: Content, names: Iterable[re.Pattern[str]] = ()) -> Heard:
    """A text read by the words for where it stands (``RecordWords.of``). What ``names`` find in it is understood too."""
    return _read(content, text, of, tuple(names))


@remembered(100)
def _vocabulary(content: Content, of: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The words for one place, each entry with what it says; put together only when they are needed."""
    return tuple((_any(one.words), one.says) for one in content.record_words.values() if of in one.of)


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all, the longest first, whole words only; signs stand anywhere. Where a shorter one of the same entry
    fits first, more is left over, never less."""
    ordered = sorted(words, key=len, reverse=True)
    signs = [word for word in ordered if word.startswith(_UNBOUND)]
    bound = [word for word in ordered if word not in signs]
    parts = [rf"(?<![^\W_])(?:{'|'.join(bound)})(?![^\W_])"] if bound else []
    return re.compile("|".join([*parts, *signs]), re.I)


@remembered(5000)
def _read(content: Content, text: str, of: str, names: tuple[re.Pattern[str], ...]) -> Heard:
    shown = text[:MOST]
    patterns = (*_vocabulary(content, of), *((name, "") for name in names))
    spans = [(*m.span(), says) for pattern, says in patterns for m in pattern.finditer(shown) if m.end() > m.start()]
    kept: list[tuple[int, int, str]] = []
    for start, end, says in sorted(spans, key=lambda s: (s[0] - s[1], s[2] in ("", "plain", "harmless"), s[0])):
        # Inside the name of a thing a word still speaks: "opioid (not done) review".
        silent = says in ("", "plain", "harmless")
        if not any(b < end and start < e and (silent or said) for b, e, said in kept):
            kept.append((start, end, says))
    every = [*_WORD.finditer(shown), *_SIGN.finditer(shown)]
    left = [w[0] for w in every if not any(b < w.end() and w.start() < e for b, e, _ in kept)]
    if len(text) > MOST:
        left.append("…")
    return Heard(text, frozenset(says for _, _, says in kept if says), tuple(left))


__all__ = ["Heard", "heard"]
