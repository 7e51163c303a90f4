"""`read_problem`: what a problem text names, and whether it says that the person has it.

"Opioid use disorder on buprenorphine", "R/O OUD", "mother with OUD", "OUD, severe, in sustained remission": the words that
name problems stand with the code sets, the words around them in ``problem_words``. The whole text must be understood: a
word that is left over may change anything, so it keeps every group open, and a word of doubt or denial that is cut off
from its problem by it makes that problem doubtful. Never fails; never says more than the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..content import Content, once_per_content, remembered
from ..content import models as m
from ..content.entries import Condition
from .problem_aspect import ASPECTS, Aspect, aspect_of, spoken_with
from .problem_codes import typed_code
from .problem_doubt import Span as _Span
from .problem_doubt import marked, signs_left, turned
from .problem_speech import How, how_of, spoken_of

MOST = 300  # characters of a text that are read
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SIGNS = (";", ",", "•", "&", "/", r"\?", r"\+", r"\.", r"\n", r"\|")
_NAMED = ("condition", "event", "answer", "finding")
_STATES = ("is", "was", "remission", "resolved")
"""What a text may say of a problem that a word beside it, which is not understood, may turn."""


class Mention(NamedTuple):
    """A problem that a text names, as the set of codes and words that knows it, and how it is spoken of."""

    codes: m.CodeSet
    how: How


@dataclass(frozen=True)
class Problem:
    """A problem text taken apart. ``left`` are the words that were not understood; ``open`` the groups that it may mean
    beside what it names (every group where something was left, or nothing was named). ``turned`` are the sets of problems
    that may be there only because of a word beside them that was not understood; ``passing`` those of which an episode is
    named, or that are named as the background of something else: the end of that is not theirs."""

    text: str
    mentions: tuple[Mention, ...] = ()
    open: frozenset[str] = frozenset()
    left: tuple[str, ...] = ()
    turned: frozenset[str] = frozenset()
    others: bool = False
    """Whether it names a problem that is in no group ("grief", "cough")."""
    passing: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether the text was understood to the last word."""
        return not self.left and not self.open

    def says(self, how: How) -> tuple[m.CodeSet, ...]:
        """The sets of the problems that are spoken of in one way."""
        return tuple(mention.codes for mention in self.mentions if mention.how == how)


# ---- the vocabulary -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Vocabulary:
    words: tuple[tuple[re.Pattern[str], m.ProblemWords], ...]
    names: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, m.CodeSet], ...]
    medicines: re.Pattern[str]
    aspects: dict[str, tuple[tuple[re.Pattern[str], m.ProblemWords], ...]]


@once_per_content
def _vocabulary(content: Content) -> _Vocabulary:
    every = [(_any(entry.words), entry) for entry in content.problem_words.values()]
    words = tuple(one for one in every if one[1].says not in ASPECTS)
    aspects = {kind: tuple(one for one in every if one[1].says == kind) for kind in ASPECTS}
    names = []
    for codes in content.code_sets.values():
        if codes.words and codes.means in _NAMED:
            no = re.compile("|".join(codes.words_not), re.I) if codes.words_not else None
            yes = "|".join(sorted(codes.words, key=len, reverse=True)).replace("disorder", "(?:disorder|d/o)")
            names.append((re.compile(rf"(?<![^\W_])(?:{yes})", re.I), no, codes))
    named = {word for medicine in content.medicines.values() for word in (medicine.label, *medicine.names)}
    named |= {table for rx in content.rx_tables.values() if rx.brands for table in rx.names}
    medicines = _any(tuple(map(re.escape, sorted(named, key=len, reverse=True))) or (r"(?!)",))
    return _Vocabulary(words, tuple(names), medicines, aspects)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all, the longest first, whole words only; signs ("?", ";") stand anywhere."""
    patterns = tuple(sorted(patterns, key=len, reverse=True))
    signs = [p for p in patterns if p.startswith(_SIGNS)]
    words = [p for p in patterns if p not in signs]
    parts = [rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])"] if words else []
    return re.compile("|".join([*parts, *signs]), re.I)


# ---- reading ------------------------------------------------------------------------------------------------


def read_problem(text: str, content: Content) -> Problem:
    """Take a problem text apart. A code that is typed as text says what it says as a code; beside words it counts where they
    say the same, and else it is a word that is not understood."""
    shown = text[:MOST]
    if (typed := typed_code(shown, content)) is None:
        return _read(content, shown)
    by_code = tuple(Mention(codes, _stated(codes)) for codes in typed.sets)
    if not typed.words:
        groups = typed.may_be.union(*(codes.may_also for codes in typed.sets))
        return Problem(shown, by_code, groups)
    said = _read(content, typed.words)
    coded = {(one, how) for codes, how in by_code for one in _groups(codes, content)}
    spoken = {(one, how) for codes, how in said.mentions for one in _groups(codes, content)}
    if not said.whole or not by_code or not (coded <= spoken or spoken <= coded) or not spoken:
        return _read(content, shown)
    return replace(said, text=shown)


def _stated(codes: m.CodeSet) -> How:
    """How a code itself speaks of what it means."""
    return codes.status if codes.status in ("remission", "resolved") else "is"


@remembered(5000)
def _read(content: Content, text: str) -> Problem:
    spans = _spans(text, content)
    covered = [span for span in spans if span.says != "neutral"]

    def words_not_in(known: list[_Span]) -> Iterator[re.Match[str]]:
        for word in _WORD.finditer(text):
            if not any(s.start < word.end() and word.start() < s.end for s in known):
                yield word

    gaps = [_Span(word.start(), word.end(), "gap") for word in words_not_in(spans)]
    signs = signs_left(text)
    left = (*(word[0] for word in words_not_in(covered)), *(text[sign.start : sign.end] for sign in signs))
    spoken = spoken_of([*spans, *gaps], text)
    marks, doubtful = marked(text, spans), turned(text, spans, [*gaps, *signs])
    mentions, only_turned, passing = [], set(), set()
    for one in (one for one in spoken if one.span.codes is not None):
        codes = one.span.codes
        assert codes is not None
        if mark := marks.get((one.span.start, one.span.end)):
            one.words[mark] = True
        how = how_of(one.words)
        if (one.span.start, one.span.end) in doubtful and (condition_of(codes) or codes.icd10):
            if how == "is":
                only_turned.add(codes.id)
            how = "maybe" if how in _STATES else how
        if how == "is" and _is_unsure(codes, text, one.span):
            how = "maybe"
        aspect = _aspect(codes, text, one.span, spans, content)
        if aspect.passing:
            passing.add(codes.id)
        mentions.append(Mention(codes, spoken_with(how, one.words, aspect)))
    every = frozenset(content.condition_groups)
    open_ = frozenset(group for span in spans if span.says == "open" for group in span.groups)
    for codes, how in mentions:
        if how == "open" and (id := condition_of(codes)):
            open_ |= groups_meant(id, content)
        if how not in ("not", "open"):
            open_ |= frozenset(codes.may_also)
    others = any(span.says == "other" for span in spans)
    if left or not (mentions or open_ or others):
        open_ = every
    return Problem(text, tuple(mentions), open_, left, frozenset(only_turned), others, frozenset(passing))


def _aspect(codes: m.CodeSet, text: str, span: _Span, spans: list[_Span], content: Content) -> Aspect:
    """What stands beside a condition that is said to be there, gone or absent; nothing beside what is no condition."""
    groups = _groups(codes, content)
    if groups and groups.isdisjoint(content.condition_groups):  # in no group, it may have any of these episodes
        groups = frozenset(content.condition_groups)
    return aspect_of(text, span, groups, spans, _vocabulary(content).aspects) if groups else Aspect()


def _is_unsure(codes: m.CodeSet, text: str, span: _Span) -> bool:
    """Whether a name means something else too and stands alone, or the text puts it in doubt."""
    if any(re.search(pattern, text, re.I) for pattern in codes.doubted_by):
        return True
    name = text[span.start : span.end]
    short = any(re.fullmatch(pattern, name) for pattern in codes.unsure)
    return short and not any(re.search(pattern, text, re.I) for pattern in codes.sure_with)


def _spans(text: str, content: Content) -> list[_Span]:
    """What stands where, in order. Of two that overlap the longer one counts; equals that name problems count both."""
    known = _vocabulary(content)
    clauses = [(c.start(), c.end()) for c in re.finditer(r"[^.;\n]+(?:\.(?!\s|$)[^.;\n]*)*", text)]

    def clause(start: int) -> str:
        return next((text[a:b] for a, b in clauses if a <= start < b), text)

    found: list[_Span] = []
    for yes, no, codes in known.names:
        found += (
            _Span(*match.span(), "name", codes=codes)
            for match in yes.finditer(text)
            if match.end() > match.start() and not (no and no.search(clause(match.start())))
        )
    named = {group for span in found if span.codes for group in _groups(span.codes, content)}
    for pattern, entry in known.words:
        if entry.groups and entry.says != "open" and not named.intersection(entry.groups):
            continue
        for match in pattern.finditer(text):
            if match.end() > match.start():
                found.append(_Span(*match.span(), entry.says, entry.side, groups=entry.groups))
    found += (_Span(*match.span(), "object") for match in known.medicines.finditer(text))
    kept: list[_Span] = []
    # A name or a known problem goes before words of the same length, words that say something before mere fillers.
    rank = {
        "name": 0,
        "other": 1,
        "open": 3,
        "object": 4,
        "filler": 4,
        "link": 4,
        "beside": 4,
        "cause": 4,
        "neutral": 5,
    }
    # What is said of some problems only goes before what is said of all.
    for span in sorted(found, key=lambda s: (s.start - s.end, rank.get(s.says, 2), not s.groups, s.start)):
        clash = [k for k in kept if k.start < span.end and span.start < k.end]
        both = span.says in ("name", "open")
        same = both and all(k.says == span.says and (k.start, k.end) == (span.start, span.end) for k in clash)
        if not clash or same or (span.says == "name" and all(k.says == "name" and not _inside(span, k) for k in clash)):
            kept.append(span)
    return sorted(kept, key=lambda s: (s.start, s.end))


def _inside(one: _Span, other: _Span) -> bool:
    return other.start <= one.start and one.end <= other.end


# ---- as entries of the conditions list ----------------------------------------------------------------------


def condition_of(codes: m.CodeSet) -> str | None:
    """The condition or group that a set stands for, if it is one."""
    return codes.gives if codes.means == "condition" else codes.as_condition


def _groups(codes: m.CodeSet, content: Content) -> frozenset[str]:
    id = condition_of(codes)
    return content.groups_of(id) | {id} if id else frozenset()


def groups_meant(id: str, content: Content) -> frozenset[str]:
    """The groups that a condition is in, and those that it may be in: a group without detail may be a narrower one."""
    return content.groups_of(id) | {group for group in content.condition_groups if id in content.groups_of(group)}


def entries(problem: Problem, name: str, content: Content, state: str | None = "active") -> tuple[Condition, ...]:
    """The entries that a text makes, by its words alone. ``state`` is what the chart says of it (None: nothing).

    What it may mean beside them is one more entry without an id, which is none of the other groups."""
    made = [
        entry
        for mention in problem.mentions
        for entry in _entries_of(mention, name, content, state, mention.codes.id in problem.passing)
    ]
    if problem.open or not made:
        none_of = tuple(sorted(content.condition_groups.keys() - problem.open))
        left = {"name": name[:200] or "condition", "none_of": none_of, "status": state or "active"}
        made.append(Condition.model_validate(left, context={"content": content}))
    return tuple(made)


def _entries_of(mention: Mention, name: str, content: Content, state: str | None, passing: bool) -> Iterator[Condition]:
    """The entries that one problem makes: none where it is said not to be there, two where it was and may still be. Where
    only an episode of it is ``passing``, a chart that calls this over says nothing of the rest."""
    codes, how = mention
    id, now = condition_of(codes), state or "active"
    if id is None or how in ("not", "open"):
        return

    def made(status: str, sure: str, id: str = id) -> Condition:
        given = {"id": id, "name": name[:200], "status": status, "certainty": sure}
        return Condition.model_validate(given, context={"content": content})

    if passing and now != "active":
        yield made("active", "suspected")
    elif how == "is":
        yield made(now, codes.certainty if state else "suspected")
    elif how == "maybe":
        yield made(now, "suspected")
    elif codes.in_the_past:
        yield made(now, codes.certainty, codes.in_the_past)
    elif how == "was":
        # It counts where the past counts; whether it is still there is not known.
        if any(content.condition_groups[group].past for group in content.groups_of(id)):
            yield made("inactive", codes.certainty)
        if now == "active":
            yield made("active", "suspected")
    else:
        yield made(how if now == "active" else now, codes.certainty)


__all__ = ["Condition", "How", "Mention", "Problem", "condition_of", "entries", "groups_meant", "read_problem"]
