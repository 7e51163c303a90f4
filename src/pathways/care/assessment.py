"""The joint assessment: what each side knows and misses, who has taken on what, and where the sides differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..content import models as m
from ..content.plain import picked, whole
from ..facts.given import known
from ..facts.verdicts import Reason, askable, unique
from ..facts.words import ask_label, reasons
from ..review.case import Case
from ..review.decided import decided
from ..review.plans import Item

SIDES: Mapping[str, str] = {"pain": "Pain side", "oud": "Substance-use side", "both": "Both sides"}


@dataclass(frozen=True)
class Assessed:
    """One item of the assessment: the facts known, and what is still to be asked."""

    record: m.Assessment
    known: tuple[Reason, ...]
    missing: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The item as JSON data."""
        record = picked(self.record, "id", "side", "title")
        return {**record, **picked(self, "known", "missing"), **picked(self.record, "owner")}


@dataclass(frozen=True)
class Ownership:
    """One item of the plan: who delivers it by the content, who is proposed to see to it, and who has taken it on."""

    item: str
    title: str
    delivered_by: tuple[str, ...]
    proposed: tuple[str, ...]
    taken_on: str | None
    discipline: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The item as JSON data."""
        return whole(self)


def assessed(case: Case) -> tuple[Assessed, ...]:
    """Every item of the joint assessment, side by side. What is not known is listed, never read as "no"."""
    content, values = case.content, case.facts.values
    return tuple(
        _assessed(case, record)
        for record in content.assessments.values()
        if record.when is None or not values or content.test(record.when)(values) is not False
    )


def _assessed(case: Case, record: m.Assessment) -> Assessed:
    content, values = case.content, case.facts.values
    told = [name for name in record.facts if known(content, name, values)]
    left = [name for name in record.facts if not known(content, name, values)]
    asks = unique(ask for name in left for ask in askable(content, name, values)[:1] if not _silent(case, name, ask))
    return Assessed(record, reasons(content, case.facts, told), tuple(ask_label(content, ask) for ask in asks))


def _silent(case: Case, fact: str, ask: str) -> bool:
    return bool({fact, ask} & case.content.silent)


def ownership(case: Case) -> tuple[Ownership, ...]:
    """Every item of the plans shown with its roles; ``taken_on`` is None while the team has named nobody, here or in a
    decision that holds."""
    named = {owner.item: owner for owner in case.profile.owners}
    agreed = {one.decision.item: one.decision.owner for one in decided(case) if one.decision.outcome == "do"}
    found = []
    for item in _items(case):
        record, owner = item.option.record, named.get(item.id)
        found.append(
            Ownership(
                item.id,
                record.short,
                record.delivered_by,
                record.owner,
                owner.role if owner else agreed.get(item.id),
                owner.discipline if owner else "",
            )
        )
    return tuple(found)


def _items(case: Case) -> Iterator[Item]:
    seen: set[str] = set()
    for item in (*case.shown.core, *(item for plan in case.shown.plans for item in plan.items)):
        if item.id not in seen:
            seen.add(item.id)
            yield item
