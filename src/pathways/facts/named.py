"""`Facts`: the named values of one person, with where each came from and what it assumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..content import Content
from ..language import Range, Value
from ..language.words import counted
from ..profile import Profile
from .disputes import Dispute
from .mme import MmeResult
from .observed import NotUsed


@dataclass(frozen=True)
class Facts:
    """The named values of one person.

    ``values`` has every fact of the schema (unknown ones too); ``origin`` the profile paths behind a known value;
    ``assumes`` the lists and answers that were only assumed; ``mme`` the dose sum with what was and was not counted;
    ``not_used`` what the profile holds and no fact could use, with the reason; ``contradictions`` the ids found,
    ``disputes`` the answers "asked, none" that an entry speaks against.
    """

    values: Mapping[str, Value]
    origin: Mapping[str, tuple[str, ...]]
    assumes: Mapping[str, frozenset[str]]
    mme: MmeResult
    not_used: tuple[NotUsed, ...] = ()
    contradictions: tuple[str, ...] = ()
    as_of: date | None = None
    profile: Profile = field(default_factory=Profile, repr=False)
    disputes: tuple[Dispute, ...] = ()
    judged: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `verdicts.judge` found already: one review asks the same of one person several times."""
    said: dict[str, Mapping[str, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The facts that `words.reasons` put in words already."""
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What to ask for an unknown fact, as far as `verdicts.judge` found it."""

    def __repr__(self) -> str:
        return f"Facts(as_of={self.as_of}, {counted(len(self.origin), 'fact')} of {len(self.values)} with an origin)"

    def known(self, content: Content) -> dict[str, Value]:
        """The facts about which anything is known."""
        return {
            k: v
            for k, v in self.values.items()
            if v is not None and v != content.unknown[k] and k not in content.silent
        }

    def to_dict(self, content: Content) -> dict[str, Any]:
        """Known facts as JSON data: a value, a pair (from, to), or a list of the options still possible."""
        return {name: plain(value) for name, value in sorted(self.known(content).items())}


def plain(value: Value) -> Any:
    """A fact value as JSON data."""
    if isinstance(value, Range):
        return _number(value.lo) if value.lo == value.hi else [_number(value.lo), _number(value.hi)]
    if isinstance(value, frozenset):
        return next(iter(value)) if len(value) == 1 else sorted(value)
    return value


def _number(x: float) -> float | int | None:
    return None if x in (float("inf"), float("-inf")) else int(x) if x == int(x) else round(x, 4)
