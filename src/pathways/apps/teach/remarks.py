"""What a learner is told: one `Remark` a line, each of a kind and a domain, and `Feedback`, which holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...content import models as m
from ...review.findings import cites
from ...review.plans import Plan
from ...review.plans.judge import Judged
from .calibration import one_case

Cites = tuple[m.Cite, ...]

KINDS: Mapping[str, str] = {
    "emergency": "Emergencies",
    "conflict": "Not safe as planned",
    "over_treatment": "Over-treatment: without need, or with nothing known",
    "left_out": "Called for, and not in the plan",
    "need": "Needs left open",
    "not_asked": "Not asked",
    "decision": "Decisions",
    "dominated": "A plan that does as much for less",
    "contested": "Contested: the sources differ, and either choice can be argued",
    "differs": "Where the review says otherwise",
    "right": "What you had right",
}
"""Every kind of remark with its heading, in the order in which they are told."""
UNSAFE = ("conflict", "over_treatment")
"""The kinds that tell of harm: never argued, never contested."""
DOMAINS: Mapping[str, str] = {
    "safety": "Safety",
    "pain": "Pain",
    "oud": "Opioid use disorder",
    "goals": "The person's goals and life",
    "asked": "Unknowns: asked, and not asked",
}
"""What a remark belongs to, with its heading, in the order in which they are told."""


@dataclass(frozen=True)
class Remark:
    """One line of feedback: its kind, what it is about (ids; ``medicines.0`` is an entry of the list), the words, who says
    so, whether it must not wait, and the domain that it belongs to."""

    kind: str
    about: tuple[str, ...]
    says: str
    source: Cites
    urgent: bool = False
    domain: str = ""

    @property
    def unsafe(self) -> bool:
        """Whether it tells of something in the plan that can do harm."""
        return self.urgent and self.kind in UNSAFE

    def to_dict(self) -> dict[str, Any]:
        """The remark as JSON data."""
        positions = {c.id: c.says for c in self.source if c.says}
        return {
            "kind": self.kind,
            "about": list(self.about),
            "says": self.says,
            "source": cites(self.source),
            "positions": positions,
            "urgent": self.urgent,
            "domain": self.domain,
        }


@dataclass(frozen=True)
class Feedback:
    """All remarks on one plan. ``held``: nothing in it is unsafe and nothing that must not wait was missed, which is what the
    confidence is about. ``better`` is the plan that dominates it, if one does; ``closest`` the plan found that differs
    least. ``first`` is what is read first, in at most 250 words: headings with their lines."""

    remarks: tuple[Remark, ...]
    judged: Judged
    sure: int
    better: Plan | None
    closest: Plan | None
    teaches: str
    first: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def held(self) -> bool:
        return not any(remark.urgent for remark in self.remarks)

    @property
    def confidence(self) -> str:
        """What this one case says about the confidence."""
        return one_case(self.sure, self.held)

    def of(self, kind: str) -> tuple[Remark, ...]:
        """The remarks of one kind. Raises KeyError for a kind that does not exist."""
        assert KINDS[kind]
        return tuple(remark for remark in self.remarks if remark.kind == kind)

    def within(self, domain: str) -> tuple[Remark, ...]:
        """The remarks of one domain. Raises KeyError for a domain that does not exist."""
        assert DOMAINS[domain]
        return tuple(remark for remark in self.remarks if remark.domain == domain)

    def to_dict(self) -> dict[str, Any]:
        """The feedback as JSON data: the same answers give the same bytes."""
        return {
            "first": [[title, list(lines)] for title, lines in self.first],
            "remarks": [remark.to_dict() for remark in self.remarks],
            "sure": self.sure,
            "held": self.held,
            "confidence": self.confidence,
            "axes": list(self.judged.axes),
            "better": sorted(self.better.ids) if self.better else None,
            "closest": sorted(self.closest.ids) if self.closest else None,
            "teaches": self.teaches,
        }
