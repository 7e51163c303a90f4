"""Which words of a problem text speak of which problem, read from left to right, and what they say of it together."""

from __future__ import annotations

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
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        match span.says:
            case "name":
                one = Spoken(span, dict(state.ahead))
                state.clause.append(one)
                state.part.append(one)
                found.append(one)
                state.gap, state.object, state.waiting = False, False, []
            case "stop":
                state.close()
                state = _State()
            case "gap" | "neutral":
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
            case "filler" | "object":
                if span.says == "object":
                    state.object = True
                    state.ahead.pop("refused", None)
                state.waiting = [word for word in state.waiting if word.side != "after"]
            case "either":
                pass
            case says:
                _word(says, span.side, state)
        state.fresh = span.says not in _QUIET
    state.close()
    return found


def _word(says: str, side: str, state: _State) -> None:
    """A word that says something: of what comes, of what was named, or of both."""
    before = state.part if side == "any" else state.clause
    if says == "refused":
        # A test or a treatment is refused, before the word or behind it; else it may be the problem that is disputed.
        if state.part or (state.clause and not (state.object or state.gap)):
            state.waiting.append(_Waiting(says, "after", True))
        state.ahead[says] = True
        return
    if side == "both" and state.clause:
        state.speak(says, True)
    elif side != "after" and before:
        state.speak(says, True)
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
    states: tuple[How, ...] = ("remission", "resolved", "was")
    return next((how for how in states if how in sure), "is")
