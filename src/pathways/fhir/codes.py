"""Looking up a concept in the reviewed code tables: by its codes first, by its words where no code is known.

What a text says of a problem ("ruled out", "mother with") is read by `intake.problems`. A code and a text that name
different things give neither (`at_odds`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..content import Content, once_per_content, remembered
from ..content import models as m
from ..intake.problem_codes import bare, begins
from ..intake.problems import How, Problem, condition_of, groups_meant, read_problem
from .plain import Coding, Concept

_STARTS = {
    "icd": ("icd10", "icd10_not", "icd10_open"),
    "icd9": ("icd9", "icd9_not", "icd9_open"),
    "cpt": ("cpt", "", ""),
}
"""The systems whose codes are listed by their beginnings, with the field that says so, the one that takes some back and
the one of codes that may mean it."""
_NAMES = ("substance", "number", "instrument", "item", "status")
"""What names itself and is not spoken of: its words may stand anywhere in a text."""
_WEAKEST: tuple[How, ...] = ("not", "open", "maybe", "remission", "resolved", "was")
"""How a text may speak of a problem that it does not say is there, what says least first."""
_JUDGED = ("substance", "number")
"""What a code and a text may disagree about so that neither counts."""


@dataclass
class _Index:
    exact: dict[tuple[str, str], list[m.CodeSet]] = field(default_factory=dict)
    starts: dict[str, list[tuple[str, tuple[str, ...], m.CodeSet]]] = field(default_factory=dict)
    maybe: dict[str, list[tuple[str, m.CodeSet]]] = field(default_factory=dict)
    words: list[tuple[re.Pattern[str], re.Pattern[str] | None, m.CodeSet]] = field(default_factory=list)
    spoken: dict[str, re.Pattern[str]] = field(default_factory=dict)
    titles: list[tuple[str, frozenset[str]]] = field(default_factory=list)


@once_per_content
def _index(content: Content) -> _Index:
    made = _Index()
    for codes in content.code_sets.values():
        for system in ("snomed", "loinc"):
            for word in getattr(codes, system):
                made.exact.setdefault((system, word), []).append(codes)
        for system, (starts, not_, open_) in _STARTS.items():
            back = tuple(map(bare, getattr(codes, not_))) if not_ else ()
            made.starts.setdefault(system, []).extend((bare(start), back, codes) for start in getattr(codes, starts))
            maybe = getattr(codes, open_) if open_ else ()
            made.maybe.setdefault(system, []).extend((bare(start), codes) for start in maybe)
        made.titles += [(bare(start), frozenset(_words(title))) for start, title in codes.icd10_titles.items()]
        if codes.words and codes.means in _NAMES:
            no = re.compile("|".join(codes.words_not), re.I) if codes.words_not else None
            made.words.append((re.compile("|".join(codes.words), re.I), no, codes))
    for kind in {codes.means for codes in content.code_sets.values()} - {*_NAMES}:
        named = [word for codes in content.code_sets.values() if codes.means == kind for word in codes.words]
        made.spoken[kind] = re.compile("|".join(named) or r"(?!)", re.I)
    return made


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def of_code(coding: Coding, content: Content) -> list[m.CodeSet]:
    """The sets that hold one code. A code without a system is none."""
    if coding.system in _STARTS:
        return _of_start(content, coding.system, bare(coding.code))
    return _index(content).exact.get((coding.system, coding.code), [])


@remembered(5000)
def _of_start(content: Content, system: str, bare: str) -> list[m.CodeSet]:
    """The sets of which a code has a beginning, but for those that take it back."""
    return [
        codes
        for start, back, codes in _index(content).starts.get(system, [])
        if begins(bare, start) and not any(begins(bare, one) for one in back)
    ]


def of_codes(concept: Concept, content: Content) -> list[m.CodeSet]:
    """The sets that hold any code of a concept."""
    if len(concept.codes) == 1:
        return of_code(concept.codes[0], content)
    return _unique([s for coding in concept.codes for s in of_code(coding, content)])


def perhaps(concept: Concept, content: Content) -> list[m.CodeSet]:
    """The sets that a code of a concept may or may not belong to: those that say so, and those that hold only some of
    the codes that a shorter one stands for."""
    keys = {(c.system, bare(c.code)) for c in concept.codes if c.system in ("icd", "icd9") and c.code}
    return _unique([codes for key in keys for codes in _perhaps(content, *key)])


@remembered(5000)
def _perhaps(content: Content, system: str, bare: str) -> list[m.CodeSet]:
    said = [codes for start, codes in _index(content).maybe[system] if begins(bare, start)]
    longer = (
        codes
        for start, _, codes in _index(content).starts[system]
        if len(bare) < len(start) and begins(bare, start[: len(bare)])
    )
    return [*said, *longer]


def passing(concept: Concept, codeset: m.CodeSet) -> bool:
    """Whether a code of a concept names an episode, a degree or a consequence of what a set means."""
    return _is_one_of(concept, codeset.icd10_passing)


def or_past(concept: Concept, codeset: m.CodeSet) -> bool:
    """Whether a code of a concept leaves it open whether what a set means is still there."""
    return _is_one_of(concept, codeset.icd10_or_past)


def _is_one_of(concept: Concept, starts: tuple[str, ...]) -> bool:
    icd = [bare(coding.code) for coding in concept.codes if coding.system == "icd"]
    return any(begins(code, bare(start)) for code in icd for start in starts)


def of_text(words: str, content: Content, kinds: tuple[str, ...]) -> list[m.CodeSet]:
    """The sets of some kinds whose words stand in a text, of problems those that the text says are there."""
    return list(_of_text(content, words, kinds))


@remembered(5000)
def _of_text(content: Content, words: str, kinds: tuple[str, ...]) -> list[m.CodeSet]:
    index = _index(content)
    found = [
        codes
        for yes, no, codes in index.words
        if codes.means in kinds and yes.search(words) and not (no and no.search(words))
    ]
    if any(spoken.search(words) for kind, spoken in index.spoken.items() if kind in kinds):
        found += [s for s in read_problem(words, content).says("is") if s.means in kinds]
    return found


def problems(concept: Concept, content: Content) -> list[Problem]:
    """What the texts of a concept say beyond its code."""
    titles = [
        words
        for coding in concept.codes
        if coding.system == "icd"
        for start, words in _index(content).titles
        if begins(bare(coding.code), start)
    ]
    texts = (text for text in concept.texts if not any(words.issuperset(_words(text)) for words in titles))
    return [read_problem(words, content) for words in texts]


def lookup(concept: Concept, content: Content, kinds: tuple[str, ...]) -> list[m.CodeSet]:
    """The sets that a concept belongs to, of some kinds. Words count only where no code says anything; a code and a text
    that name different things of a kind give neither."""
    return _lookup(content, concept, kinds)


@remembered(5000)
def _lookup(content: Content, concept: Concept, kinds: tuple[str, ...]) -> list[m.CodeSet]:
    by_code = [s for s in of_codes(concept, content) if s.means in kinds]
    if by_code:
        named = [s for words in concept.texts for s in of_text(words, content, _JUDGED)]
        return [s for s in by_code if not _contradicted(s, named)]
    if any(coding.system == "icd" and complete_icd(coding.code) for coding in concept.codes):
        return []  # ICD-10-CM is covered by beginnings of codes: another code means something else
    return _unique([s for words in concept.texts for s in of_text(words, content, kinds)])


def _contradicted(codes: m.CodeSet, by_text: list[m.CodeSet]) -> bool:
    """Whether a text names another substance or number than the code does."""
    same = [s.gives for s in by_text if s.means == codes.means and s.gives != "other"]
    return codes.means in _JUDGED and codes.gives != "other" and bool(same) and codes.gives not in same


def disputed(concept: Concept, content: Content) -> bool:
    """Whether the code of a drug test names one substance and its text another."""
    by_code = [s for s in of_codes(concept, content) if s.means == "substance"]
    by_text = [s for words in concept.texts for s in of_text(words, content, _JUDGED)]
    return bool(by_code) and all(_contradicted(s, by_text) for s in by_code)


def at_odds(by_code: list[m.CodeSet], said: list[Problem], content: Content) -> bool:
    """Whether a text says that a coded problem is not there, or names, understood to the last word, only others: "grief" or
    "chronic pain" beside the code of depression."""
    coded = {id for s in by_code if (id := condition_of(s))}
    groups = frozenset[str]().union(*(content.groups_of(id) | {id} for id in coded))
    may_be = {group for codes in by_code for group in codes.may_also}
    meant = groups | may_be | frozenset[str]().union(*(groups_meant(id, content) for id in coded))
    for problem in said:
        named = [(id, how) for codes, how in problem.mentions if (id := condition_of(codes))]
        alike = {how for id, how in named if (content.groups_of(id) | {id}) & groups}
        if alike and alike <= {"not", "open"}:
            return True
        if not coded or alike or problem.left:
            continue
        if any(how == "is" for _, how in named):
            return True
        if (problem.others or problem.open) and not problem.open & meant:
            return True
    return False


def said_otherwise(codeset: m.CodeSet, said: list[Problem], content: Content) -> How | None:
    """How the texts of a concept speak of what its code means, where none of one text's words says that it is there: the
    weakest of them. None where no text says less than the code."""
    id = condition_of(codeset)
    groups = content.groups_of(id) | {id} if id else frozenset()
    ways: set[How] = set()
    for problem in said:
        alike: set[How] = {
            "is" if codes.id in problem.turned else how  # the code says what an unread word beside it left open
            for codes, how in problem.mentions
            if (codes.means, codes.gives) == (codeset.means, codeset.gives)
            or ((other := condition_of(codes)) and (content.groups_of(other) | {other}) & groups)
        }
        if alike and "is" not in alike:
            ways |= alike
    return next((how for how in _WEAKEST if how in ways), None)


def complete_icd(code: str) -> bool:
    """Whether a text has the shape of an ICD-10-CM code."""
    return re.fullmatch(r"[A-TV-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?", code) is not None


def _unique(sets: list[m.CodeSet]) -> list[m.CodeSet]:
    return list({codes.id: codes for codes in sets}.values())


@once_per_content
def covered(content: Content) -> frozenset[str]:
    """The condition groups whose members ICD-10-CM codes would have found."""
    listed = [s for s in content.code_sets.values() if s.icd10 and condition_of(s)]
    groups = {g for s in listed for g in content.groups_of(condition_of(s) or "")}
    for name in ("cancer in treatment", "cancer in the past", "care in hospice"):
        groups |= content.groups_of(content.known("condition", name))
    return frozenset(groups)
