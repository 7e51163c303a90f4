"""`read_problem`: what a problem text names, and whether it says that the person has it.

"Opioid use disorder on buprenorphine", "R/O OUD", "mother with OUD", "OUD, severe, in sustained remission": the words that
name problems stand with the code sets, the words around them in ``problem_words``. The whole text must be understood: a
word that is left over may change anything, so it keeps every group open, and a word of doubt or denial that is cut off
from its problem by it makes that problem doubtful. Never fails; never says more than the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..content import Content, once_per_content
from ..content import models as m
from ..content.entries import Condition

How = Literal["is", "was", "remission", "resolved", "maybe", "open", "not"]
"""Whether the person has it: has, had, has in remission, had until cured, may have, cannot be told, or surely not by this
text. ``open`` is a denial of something doubtful or past ("no history of"): neither yes nor no."""
MOST = 300  # characters of a text that are read
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SIGNS = (";", ",", "•", "&", "/", r"\?", r"\+", r"\.", r"\n", r"\|")
_NAMED = ("condition", "event", "answer", "finding")
_MEMO = 5000


class Mention(NamedTuple):
    """A problem that a text names, as the set of codes and words that knows it, and how it is spoken of."""

    codes: m.CodeSet
    how: How


@dataclass(frozen=True)
class Problem:
    """A problem text taken apart. ``left`` are the words that were not understood; ``open`` the groups that it may mean
    beside what it names (every group where something was left, or nothing was named)."""

    text: str
    mentions: tuple[Mention, ...] = ()
    open: frozenset[str] = frozenset()
    left: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the text was understood to the last word."""
        return not self.left and not self.open

    def says(self, how: How) -> tuple[m.CodeSet, ...]:
        """The sets of the problems that are spoken of in one way."""
        return tuple(mention.codes for mention in self.mentions if mention.how == how)


class _Span(NamedTuple):
    """A stretch of a text: what it says, on which side the problem stands, and the set or words that know it."""

    start: int
    end: int
    says: str
    side: str = "after"
    codes: m.CodeSet | None = None
    groups: tuple[str, ...] = ()


@dataclass
class _Spoken:
    """A problem in the text with the words that are about it: each is surely about it (True) or perhaps (False)."""

    span: _Span
    words: dict[str, bool] = field(default_factory=dict)

    def add(self, says: str, sure: bool) -> None:
        self.words[says] = self.words.get(says, False) or sure


# ---- the vocabulary -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Vocabulary:
    words: tuple[tuple[re.Pattern[str], m.ProblemWords], ...]
    names: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, m.CodeSet], ...]
    medicines: re.Pattern[str]


@once_per_content
def _vocabulary(content: Content) -> _Vocabulary:
    words = tuple((_any(entry.words), entry) for entry in content.problem_words.values())
    names = []
    for codes in content.code_sets.values():
        if codes.words and codes.means in _NAMED:
            no = re.compile("|".join(codes.words_not), re.I) if codes.words_not else None
            yes = "|".join(sorted(codes.words, key=len, reverse=True)).replace("disorder", "(?:disorder|d/o)")
            names.append((re.compile(rf"(?<![^\W_])(?:{yes})", re.I), no, codes))
    named = {word for medicine in content.medicines.values() for word in (medicine.label, *medicine.names)}
    named |= {table for rx in content.rx_tables.values() if rx.brands for table in rx.names}
    return _Vocabulary(
        words, tuple(names), _any(tuple(map(re.escape, sorted(named, key=len, reverse=True))) or (r"(?!)",))
    )


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all, the longest first, whole words only; signs ("?", ";") stand anywhere."""
    patterns = tuple(sorted(patterns, key=len, reverse=True))
    signs = [p for p in patterns if p.startswith(_SIGNS)]
    words = [p for p in patterns if p not in signs]
    parts = [rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])"] if words else []
    return re.compile("|".join([*parts, *signs]), re.I)


# ---- reading ------------------------------------------------------------------------------------------------


@once_per_content
def _read_before(_: Content) -> dict[str, Problem]:
    """The texts that were read before."""
    return {}


def read_problem(text: str, content: Content) -> Problem:
    """Take a problem text apart."""
    memo = _read_before(content)
    if text not in memo:
        if len(memo) > _MEMO:
            memo.clear()
        memo[text] = _read(text[:MOST], content)
    return memo[text]


def _read(text: str, content: Content) -> Problem:
    spans = _spans(text, content)
    covered = [span for span in spans if span.says != "left"]
    left = tuple(
        word[0]
        for word in _WORD.finditer(text)
        if not any(s.start < word.end() and word.start() < s.end for s in covered)
    )
    gaps = [
        _Span(word.start(), word.end(), "gap")
        for word in _WORD.finditer(text)
        if not any(s.start < word.end() and word.start() < s.end for s in covered)
    ]
    spoken = _spoken([*spans, *gaps])
    mentions = tuple(Mention(one.span.codes, _how(one.words)) for one in spoken if one.span.codes is not None)
    every = frozenset(content.condition_groups)
    open_ = frozenset(group for span in spans if span.says == "open" for group in span.groups)
    for codes, how in mentions:
        if how == "open" and (id := condition_of(codes)):
            open_ |= groups_meant(id, content)
        if how not in ("not", "open"):
            open_ |= frozenset(codes.may_also)
    if left or not (mentions or open_ or any(span.says == "other" for span in spans)):
        open_ = every
    return Problem(text, mentions, open_, left)


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
    found += (_Span(*match.span(), "filler") for match in known.medicines.finditer(text))
    kept: list[_Span] = []
    # A name or a known problem goes before words of the same length, words that say something before mere fillers.
    rank = {"name": 0, "other": 1, "open": 3, "filler": 4, "link": 4}
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


# ---- what is said of what -----------------------------------------------------------------------------------


class _Waiting(NamedTuple):
    """A word that no problem has come after yet, and whether it surely speaks of the one before it if none comes."""

    says: str
    side: str
    sure: bool


@dataclass
class _State:
    """What is in force while a text is read from left to right."""

    ahead: dict[str, bool] = field(default_factory=dict)
    """What words said of a problem that comes after them, and whether surely."""
    clause: list[_Spoken] = field(default_factory=list)
    """The problems since the last stop."""
    part: list[_Spoken] = field(default_factory=list)
    """The problems since the last stop or comma."""
    waiting: list[_Waiting] = field(default_factory=list)
    gap: bool = False
    fresh: bool = False
    """Whether a word about a problem was just read."""

    def doubt(self) -> None:
        self.ahead = dict.fromkeys(self.ahead, False)

    def speak(self, says: str, sure: bool) -> None:
        """Of the problem named last, and perhaps of those listed with it."""
        nearest = self.clause[-1]
        for one in self.part or [nearest]:
            alike = (one.span.start, one.span.end) == (nearest.span.start, nearest.span.end)
            one.add(says, sure and alike and not self.gap)

    def close(self) -> None:
        """The end of a clause: a word that no problem came after speaks of the one before it, if it stands last."""
        for word in self.waiting if self.clause else ():
            self.speak(word.says, word.sure)


def _spoken(spans: list[_Span]) -> list[_Spoken]:
    """Each problem with the words that are about it."""
    found: list[_Spoken] = []
    state = _State()
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        match span.says:
            case "name":
                one = _Spoken(span, dict(state.ahead))
                state.clause.append(one)
                state.part.append(one)
                found.append(one)
                state.gap, state.waiting = False, []
            case "stop":
                state.close()
                state = _State()
            case "gap":
                state.gap = True
                state.doubt()
                state.waiting = [word._replace(sure=False) for word in state.waiting if word.side != "after"]
            case "also":
                state.doubt()
                state.part = []
            case "link":
                if not state.fresh:
                    state.doubt()
            case "self":
                state.ahead.pop("family", None)
            case "other" | "open":
                state.waiting = []
            case "filler":
                state.waiting = [word for word in state.waiting if word.side != "after"]
            case "either":
                pass
            case says:
                _word(says, span.side, state)
        state.fresh = span.says not in (
            "name",
            "stop",
            "gap",
            "also",
            "link",
            "self",
            "other",
            "open",
            "filler",
            "either",
        )
    state.close()
    return found


def _word(says: str, side: str, state: _State) -> None:
    """A word that says something: of what comes, of what was named, or of both."""
    before = state.part if side == "any" else state.clause
    if side == "both" and state.clause:
        state.speak(says, True)
    elif side != "after" and before:
        state.speak(says, True)
        return
    state.ahead[says] = True
    # "OUD r/o", "OUD, severe, in remission", "leukemia, history of": nothing comes after it.
    state.waiting.append(_Waiting(says, side, side != "after" or says in ("was", "family")))


def _how(words: Mapping[str, bool]) -> How:
    """How a problem is spoken of by all the words that are about it."""
    sure = {says for says, surely in words.items() if surely}
    perhaps = words.keys() - sure
    if "family" in sure:
        return "not"
    if "about" in sure:
        return "maybe" if "maybe" in words else "not"  # a screening that was positive
    if perhaps & {"family", "about", "not"}:
        return "maybe"
    if "not" in sure:
        return "open" if words.keys() & {"maybe", "was", "remission", "resolved"} else "not"
    if "maybe" in words or perhaps & {"remission", "resolved", "was"}:
        return "maybe"
    if "is" in sure:
        return "is"
    states: tuple[How, ...] = ("remission", "resolved", "was")
    return next((how for how in states if how in sure), "is")


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
    made = [entry for mention in problem.mentions for entry in _entries_of(mention, name, content, state)]
    if problem.open or not made:
        none_of = tuple(sorted(content.condition_groups.keys() - problem.open))
        left = {"name": name[:200] or "condition", "none_of": none_of, "status": state or "active"}
        made.append(Condition.model_validate(left, context={"content": content}))
    return tuple(made)


def _entries_of(mention: Mention, name: str, content: Content, state: str | None) -> Iterator[Condition]:
    """The entries that one problem makes: none where it is said not to be there, two where it was and may still be."""
    codes, how = mention
    id, now = condition_of(codes), state or "active"
    if id is None or how in ("not", "open"):
        return

    def made(status: str, sure: str, id: str = id) -> Condition:
        given = {"id": id, "name": name[:200], "status": status, "certainty": sure}
        return Condition.model_validate(given, context={"content": content})

    if how == "is":
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
