"""Yes, no or not known, and the facts about orders that are made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..facts.mme import MmeResult

Verdict = bool | None


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    seen = set(verdicts)
    return False if False in seen else None if None in seen else True


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    seen = set(verdicts)
    return True if True in seen else None if None in seen else False


def no(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


@dataclass
class OrderFacts:
    """The value of each order fact; ``origin`` the resources behind it; ``missing`` what would settle it; ``assumes``
    the lists and readings that it rests on."""

    values: dict[str, Verdict] = field(default_factory=dict)
    origin: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumes: dict[str, frozenset[str]] = field(default_factory=dict)
    mme: MmeResult | None = None
    mme_min: float | None = None
