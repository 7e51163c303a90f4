"""Looking up a concept in the reviewed code tables: by its codes first, by its words where no code is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..content import Content, once_per_content
from ..content import models as m
from .plain import Coding, Concept


@dataclass
class _Index:
    exact: dict[tuple[str, str], list[m.CodeSet]] = field(default_factory=dict)
    starts: dict[str, list[tuple[str, m.CodeSet]]] = field(default_factory=dict)
    words: list[tuple[re.Pattern[str], re.Pattern[str] | None, m.CodeSet]] = field(default_factory=list)


@once_per_content
def _index(content: Content) -> _Index:
    made = _Index()
    for codes in content.code_sets.values():
        for system in ("snomed", "loinc"):
            for word in getattr(codes, system):
                made.exact.setdefault((system, word), []).append(codes)
        for system, listed in (("icd", codes.icd10), ("cpt", codes.cpt)):
            made.starts.setdefault(system, []).extend((_bare(start), codes) for start in listed)
        if codes.words:
            no = re.compile("|".join(codes.words_not), re.I) if codes.words_not else None
            made.words.append((re.compile("|".join(codes.words), re.I), no, codes))
    return made


@once_per_content
def _read_before(_: Content) -> dict[str, list[m.CodeSet]]:
    """The sets of texts that were read before."""
    return {}


def _bare(code: str) -> str:
    return code.replace(".", "").upper()


def of_code(coding: Coding, content: Content) -> list[m.CodeSet]:
    """The sets that hold one code."""
    index = _index(content)
    if coding.system in ("icd", "cpt"):
        bare = _bare(coding.code)
        return [
            codes
            for start, codes in index.starts.get(coding.system, [])
            if bare.startswith(start) and not (coding.system == "icd" and bare.startswith(_nots(codes)))
        ]
    return index.exact.get((coding.system, coding.code), [])


def _nots(codes: m.CodeSet) -> tuple[str, ...]:
    return tuple(_bare(code) for code in codes.icd10_not)


def of_text(words: str, content: Content) -> list[m.CodeSet]:
    """The sets whose words stand in a text."""
    index = _index(content)
    memo = _read_before(content)
    if words not in memo:
        if len(memo) > 5000:
            memo.clear()
        memo[words] = [c for yes, no, c in index.words if yes.search(words) and not (no and no.search(words))]
    return memo[words]


def lookup(concept: Concept, content: Content, kinds: tuple[str, ...]) -> list[m.CodeSet]:
    """The sets that a concept belongs to, of some kinds. Words count only where no code says anything."""
    by_code = [s for coding in concept.codes for s in of_code(coding, content) if s.means in kinds]
    if by_code:
        return _unique(by_code)
    if any(coding.system == "icd" and complete_icd(coding.code) for coding in concept.codes):
        return []  # ICD-10-CM is covered by beginnings of codes: another code means something else
    return _unique([s for words in concept.texts for s in of_text(words, content) if s.means in kinds])


def complete_icd(code: str) -> bool:
    """Whether a text has the shape of an ICD-10-CM code."""
    return re.fullmatch(r"[A-TV-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?", code) is not None


def _unique(sets: list[m.CodeSet]) -> list[m.CodeSet]:
    return list({codes.id: codes for codes in sets}.values())
