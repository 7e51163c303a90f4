"""Which words of a problem text speak of which problem, read from left to right, and what they say of it together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .problem_doubt import Span

How = Literal["is", "was", "remission", "resolved", "maybe", "open", "not"]
"""Whether the person has it: has, had, has in remission, had until cured, may have, cannot be told, or surely not by this
text. ``open`` is a denial of something doubtful or past ("no history of"): neither yes nor no."""
_QUIET = (
    "name", "stop", "gap", "neutral", "also", "link", "beside", "cause", "self", "other", "open", "filler", "object", "either",
)  # fmt: skip  # words, read across
_TURN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
"""A word that ends a clause ("now", "but"), where other stops are signs."""
_PLAIN = re.compile(r"[\w\s'’/]*")
"""What may stand between a problem and the service that is named after it: no sign that sets them apart."""
_OF_OBJECTS = ("not", "maybe", "was", "about")
"""What may be said of a test or a treatment as well as of a problem."""
_APART = re.compile(r"[:=]|--|(?:^|\s)[-–—]+\s")
"""Signs that set a word apart from a list, so that it may be meant of all of it."""
_AND = re.compile(r"^[^,]*(?:[/&+]|\b(?:and|or)\b)[^,]*$")
_BRACKET = re.compile(r"[(\[]")
_OF_LISTS = ("not", "maybe", "was", "remission", "resolved", "family")
"""What may be said of a whole list at once: "COPD, OSA - ruled out"."""
_LISTING = ("name", "also", "either", "filler", "neutral", "gap", "other", "open", "every", "link")
"""What may stand between the problems of a list of which one word behind it speaks."""


@dataclass
class Spoken:
    """A problem in the text with the words that are about it: each is surely about it (True) or perhaps (False)."""

    span: Span
    words: dict[str, bool] = field(default_factory=dict)

    def add(self, says: str, sure: bool) -> None:
        self.words[says] = self.words.get(says, False) or sure


class _Waiting(NamedTuple):
    """A word that no problem has come after yet, and whether it surely speaks of the one before it if none comes."""

    says: str
    side: str
    sure: bool
    listed: tuple[Spoken, ...] = ()
    """The others of a list that it is set apart from, of which it may speak then too."""


@dataclass
class _State:
    """What is in force while a text is read from left to right."""

    ahead: dict[str, bool] = field(default_factory=dict)
    """What words said of a problem that comes after them, and whether surely."""
    clause: list[Spoken] = field(default_factory=list)
    """The problems since the last stop."""
    part: list[Spoken] = field(default_factory=list)
    """The problems since the last stop or comma."""
    earlier: list[Spoken] = field(default_factory=list)
    """The problems since the last full stop: "now" and "but" end a clause, and what follows may speak of them."""
    joined: list[Spoken] = field(default_factory=list)
    """The problems that an "and" joins to those of this part."""
    waiting: list[_Waiting] = field(default_factory=list)
    gap: bool = False
    object: bool = False
    """Whether a test or a treatment stands between the problem named last and what comes: what is denied may be that."""
    fresh: bool = False
    """Whether a word about a problem was just read."""
    listed: list[Spoken] = field(default_factory=list)
    """The problems of a plain list up to here, of which a word set apart behind it may speak."""
    linked: list[Spoken] = field(default_factory=list)
    """Those of them that no comma sets apart from each other: "AUD/OUD, in remission"."""
    of_all: list[tuple[str, tuple[Spoken, ...]]] = field(default_factory=list)
    """The words set apart behind a list, each with the problems that it may be meant of, if no other one comes."""
    before: list[Spoken] = field(default_factory=list)
    """The problems of the clause before this one: "sleep apnea; COPD: both negative"."""
    every: str = ""
    """"both" or "all", where it was just read: the word behind it speaks of each."""

    def doubt(self) -> None:
        self.ahead = dict.fromkeys(self.ahead, False)

    def speak(self, says: str, sure: bool) -> None:
        """Of the problem named last, and perhaps of those listed with it."""
        nearest = self.clause[-1]
        for one in self.part or [nearest]:
            alike = (one.span.start, one.span.end) == (nearest.span.start, nearest.span.end)
            one.add(says, sure and alike and not self.gap and not (self.object and says in _OF_OBJECTS))
        for one in self.joined if says in ("not", "maybe") else ():
            one.add(says, False)

    def close(self) -> None:
        """The end of a clause: a word that no problem came after speaks of the one before it, if it stands last."""
        for word in self.waiting if self.clause else ():
            self.speak(word.says, word.sure)
            self.of_all.append((word.says, word.listed))
        for says, ones in self.of_all:
            for one in ones:
                one.add(says, False)

    def name(self, one: Spoken, between: str) -> None:
        """A problem is named; ``between`` stands between it and the one before."""
        if _APART.search(between) or _BRACKET.search(between):
            self.listed = []  # each of the list has its own remark
        self.linked = self.linked if self.listed and _AND.search(between) else []
        for ones in (self.clause, self.part, self.earlier, self.listed, self.linked):
            ones.append(one)
        self.gap, self.object, self.waiting, self.of_all, self.every = False, False, [], [], ""

    def others(self, says: str, between: str) -> tuple[Spoken, ...]:
        """The others of a list that a word behind it may speak of beside the last one, by what stands in between."""
        if says not in _OF_LISTS or not self.clause:
            return ()
        if _APART.search(between) or (says == "family" and _BRACKET.search(between)):
            return tuple(self.listed[:-1])
        return tuple(self.linked[:-1]) if "," in between else ()

    def speak_of_each(self, says: str) -> None:
        """Behind "both" and "all": of the two before it, or of all since the last stop; of a clause before it perhaps."""
        places = sorted({(one.span.start, one.span.end) for one in self.clause})
        wanted = places[-2:] if self.every.lower().startswith("both") else places
        for one in self.clause:
            if (one.span.start, one.span.end) in wanted:
                one.add(says, True)
        for one in self.before if len(places) < 2 else ():
            one.add(says, False)

    def pause(self, comma: bool) -> None:
        """A comma or an "and". Before a comma, "OUD, history of, stable" has said all of the problem before."""
        if comma and self.fresh and self.clause:
            for word in self.waiting:
                self.speak(word.says, word.sure)
            if self.waiting:
                self.waiting, self.ahead = [], {}
        self.doubt()
        self.ahead.pop("refused", None)
        self.joined = [] if comma else [*self.joined, *self.part]
        self.part = []


def spoken_of(spans: list[Span], text: str) -> list[Spoken]:
    """Each problem with the words that are about it."""
    found: list[Spoken] = []
    state = _State()
    ordered = sorted(spans, key=lambda s: (s.start, s.end))
    for span, after in zip(ordered, [*ordered[1:], None], strict=False):
        between = text[state.clause[-1].span.end : span.start] if state.clause else ""
        match span.says:
            case "name":
                one = Spoken(span, dict(state.ahead))
                state.name(one, between)
                found.append(one)
            case "stop":
                state.close()
                turn = _TURN.fullmatch(text[span.start : span.end])
                state = _State(earlier=state.earlier if turn else [], before=state.clause)
            case "gap" | "neutral":
                if span.says == "gap" and state.earlier and not state.clause:
                    state.earlier[-1].add("is", False)  # "in remission, now drinking"
                state.gap = True
                state.doubt()
                state.ahead.pop("refused", None)
                state.waiting = [word._replace(sure=False) for word in state.waiting if word.side != "after"]
            case "also":
                state.pause(text[span.start : span.end] == ",")
            case "link" | "beside" | "cause":
                if not state.fresh:
                    state.doubt()
            case "self":
                state.ahead.pop("family", None)
            case "other" | "open":
                state.object = True
                state.ahead.pop("refused", None)
                state.waiting = []
            case "filler" | "object" | "service":
                near = state.clause and not state.gap and _PLAIN.fullmatch(text[state.clause[-1].span.end : span.start])
                if near and span.says == "service":
                    state.clause[-1].add("maybe", True)
                if span.says != "filler":
                    state.object = True
                    state.ahead.pop("refused", None)
                state.waiting = [word for word in state.waiting if word.side != "after"]
            case "either":
                pass
            case "every":
                state.every = text[span.start : span.end]
            case says:
                # "COPD, neg chest x-ray": what is not found stands behind the word.
                of_a_test = after is not None and after.says == "object" and not text[span.end : after.start].strip()
                sure = not (says == "not" and of_a_test)
                if state.every and span.side != "all" and sure:
                    state.speak_of_each(says)
                else:
                    opens = text[span.start] if _BRACKET.match(text[span.start]) else ""
                    _word(says, span.side, state, state.others(says, between + opens), sure=sure)
        if span.says not in _LISTING:
            state.listed, state.linked = [], []
        state.every = state.every if span.says in ("every", "filler") else ""
        state.fresh = span.says not in _QUIET
    state.close()
    return found


def _word(says: str, side: str, state: _State, others: tuple[Spoken, ...], *, sure: bool) -> None:
    """A word that says something: of what comes, of what was named, or of both; and perhaps of ``others`` of a list.
    ``sure``: whether of what was named it surely does."""
    before = state.part if side == "any" else state.clause
    if side == "all":
        for one in state.earlier:
            one.add(says, True)
        state.earlier = []
        return
    if says == "refused":
        # A test or a treatment is refused, before the word or behind it; else it may be the problem that is disputed.
        if state.part or (state.clause and not (state.object or state.gap)):
            state.waiting.append(_Waiting(says, "after", True))
        state.ahead[says] = True
        return
    if side == "both" and state.clause:
        state.speak(says, sure)
    elif side != "after" and before:
        state.speak(says, sure)
        state.of_all.append((says, others))
        return
    state.ahead[says] = True
    if says == "about" and side == "any" and state.clause:
        if not state.object:  # "CAD, stress test" is about something else
            state.waiting.append(_Waiting(says, side, False))
        return
    # "OUD r/o", "OUD, severe, in remission", "leukemia, history of": nothing comes after it.
    state.waiting.append(_Waiting(says, side, side != "after" or says == "was", others))


def how_of(words: Mapping[str, bool]) -> How:
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
    if words.keys() & {"maybe", "refused"} or perhaps & {"remission", "resolved", "was"}:
        return "maybe"
    if "is" in sure:
        said = [word for word in words if word in ("is", "remission", "resolved")]
        return "is" if said[-1] == "is" else "maybe"  # "relapsed, in remission": which came last?
    if "is" in perhaps and sure & {"remission", "resolved", "was"}:
        return "maybe"
    states: tuple[How, ...] = ("remission", "resolved", "was")
    return next((how for how in states if how in sure), "is")
