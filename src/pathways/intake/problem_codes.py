"""ICD-10-CM codes that are typed as a problem text: which sets of the content hold one, and the words beside it."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..content import Content, once_per_content
from ..content import models as m

_ANY = "?"
_CODE = r"[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}"
_ALONE = re.compile(rf"[\s(\[*•-]*(?:ICD(?:-?10)?(?:-?CM)?:? )?({_CODE})[\s)\].,;]*", re.I)
_FIRST = re.compile(rf"[\s(\[*•-]*({_CODE})(?:\s*[-–:]+\s*|\s*\)\s*|\s+)(?=[^\W\d])(.+)", re.I | re.S)
_LAST = re.compile(rf"(.+?)\s*(?:[-–:]\s*|[(\[]\s*(?:ICD-?10(?:-CM)?:?\s*)?)({_CODE})\s*[)\]]?\s*", re.I | re.S)


class Typed(NamedTuple):
    """A code that stands in a text: the sets that hold it, the groups that it may mean beside them, and the other words."""

    sets: tuple[m.CodeSet, ...]
    may_be: frozenset[str]
    words: str


def bare(code: str) -> str:
    """A code without its dot, in capital letters."""
    return code.replace(".", "").upper()


def begins(code: str, start: str) -> bool:
    """Whether a bare code begins so; "?" is any one character."""
    if _ANY not in start:
        return code.startswith(start)
    return len(code) >= len(start) and all(a in (_ANY, b) for a, b in zip(start, code, strict=False))


def typed_code(text: str, content: Content) -> Typed | None:
    """The code of a condition that is the whole text, or stands before or behind its words; None where there is none, where
    it is in no set, or names an episode or what may be past: that is not told by a code alone."""
    words = ""
    if found := _ALONE.fullmatch(text):
        code = found[1]
    elif found := _FIRST.fullmatch(text):
        code, words = found[1], found[2]
    elif found := _LAST.fullmatch(text):
        words, code = found[1], found[2]
    else:
        return None
    held, passing, maybe = [], False, set[str]()
    for codes, starts, back, over, open_ in _starts(content):
        if any(begins(bare(code), start) for start in starts) and not any(begins(bare(code), one) for one in back):
            held.append(codes)
            passing = passing or any(begins(bare(code), start) for start in over)
        elif any(begins(bare(code), start) for start in open_) or any(
            len(bare(code)) < len(start) and begins(bare(code), start[: len(bare(code))]) for start in starts
        ):
            maybe |= (
                content.groups_of(codes.gives) | {codes.gives} if codes.means == "condition" else set(codes.may_also)
            )
            passing = passing or codes.means != "condition"  # what else it may be is no group
    if not held or passing or any(codes.means != "condition" for codes in held):
        return None
    return Typed(tuple(held), frozenset(maybe & content.condition_groups.keys()), words)


@once_per_content
def _starts(
    content: Content,
) -> tuple[tuple[m.CodeSet, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
    """Each set with the beginnings of its codes: its own, those that it leaves out, those that pass, those that may be its."""
    return tuple(
        (
            codes,
            tuple(map(bare, codes.icd10)),
            tuple(map(bare, codes.icd10_not)),
            tuple(map(bare, (*codes.icd10_passing, *codes.icd10_or_past))),
            tuple(map(bare, codes.icd10_open)),
        )
        for codes in content.code_sets.values()
        if codes.icd10 or codes.icd10_open
    )


__all__ = ["Typed", "bare", "begins", "typed_code"]
