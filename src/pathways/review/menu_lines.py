"""One line of the menu: an option, where it stands and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..content import models as m
from ..content.plain import picked
from .options import Option

KIND_WORDS: Mapping[str, str] = {seat: place.title for seat, place in m.PLACES.items()}
"""The kinds of option by their seat in a plan, in words and in the order of a page."""
Where = Literal["every_plan", "some_plans", "instead", "not_in_a_plan"]
Reason = Literal[
    "in_use", "in_every_plan", "in_some_plans", "interchangeable", "waits", "addressed", "in_place", "not_raised",
    "not_known", "seat_taken", "of_its_kind", "not_together", "decided", "dominated", "no_plan", "on_top",
]  # fmt: skip  # words, read across


@dataclass(frozen=True)
class MenuLine:
    """One option on one line. ``where`` it stands; ``plans`` are the letters of the plans shown that hold it, or hold
    what it may be exchanged for. ``reason`` names why it stands so and ``says`` says it; ``by`` are the treatments that the
    reason speaks of."""

    option: Option
    where: Where
    plans: tuple[str, ...]
    reason: Reason
    says: str
    by: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.option.id

    @property
    def kind(self) -> str:
        """The kind of option in words."""
        return KIND_WORDS[self.option.record.seat]

    def __repr__(self) -> str:
        return f"MenuLine({self.id!r}, {self.reason}: {self.says!r})"

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON data."""
        record = self.option.record
        return {
            **picked(self, "id"),
            "kind": record.seat,
            "short": record.short,
            "verb": self.option.verb,
            **picked(self, "where", "plans", "reason", "says", "by"),
        }
