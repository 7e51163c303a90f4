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
        match span.says:
            case "name":
                one = Spoken(span, dict(state.ahead))
                state.clause.append(one)
                state.part.append(one)
                state.earlier.append(one)
                found.append(one)
                state.gap, state.object, state.waiting = False, False, []
            case "stop":
                state.close()
                state = _State(earlier=state.earlier if _TURN.fullmatch(text[span.start : span.end]) else [])
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
            case says:
                # "COPD, neg chest x-ray": what is not found stands behind the word.
                of_a_test = after is not None and after.says == "object" and not text[span.end : after.start].strip()
                _word(says, span.side, state, sure=not (says == "not" and of_a_test))
        state.fresh = span.says not in _QUIET
    state.close()
    return found


def _word(says: str, side: str, state: _State, *, sure: bool) -> None:
    """A word that says something: of what comes, of what was named, or of both. ``sure``: whether of what was named it surely
    does."""
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
        return
    state.ahead[says] = True
    if says == "about" and side == "any" and state.clause:
        if not state.object:  # "CAD, stress test" is about something else
            state.waiting.append(_Waiting(says, side, False))
        return
    # "OUD r/o", "OUD, severe, in remission", "leukemia, history of": nothing comes after it.
    state.waiting.append(_Waiting(says, side, side != "after" or says == "was"))


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
