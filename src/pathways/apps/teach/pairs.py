"""Which two of several medicines or treatments are not safe together, by the records of the content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from ...content import models as m
from ...review.case import Case
from .remarks import Cites

UNSAFE: tuple[m.Severity, ...] = ("stop", "major")
"""The severities that a learner is to see, the worst first."""


@dataclass(frozen=True)
class Candidate:
    """A medicine or treatment that may be one of a pair, with the names that the records know it by."""

    id: str
    words: str
    names: frozenset[str]


def candidate(case: Case, id: str) -> Candidate | None:
    """A place of the list (from 1), an ingredient, a class or a treatment; None for what is none of these."""
    content = case.content
    if id.isdecimal():
        weighed = next((w for w in case.medicines if w.place == int(id) - 1), None)
        return Candidate(id, weighed.label, weighed.classes | frozenset(weighed.ingredients)) if weighed else None
    if id in content.medicines:
        return Candidate(id, content.medicines[id].label, frozenset((id, *content.classes_of(id))))
    if id in content.medicine_classes:
        return Candidate(id, content.medicine_classes[id].label, frozenset((id, *content.wider_classes.get(id, ()))))
    if t := content.treatments.get(id):
        known = frozenset(c for i in t.medicines for c in (i, *content.classes_of(i)))
        return Candidate(id, t.short, known | frozenset(t.classes) | case.option(id).classes)
    return None


def unsafe_pairs(
    case: Case, candidates: tuple[Candidate, ...]
) -> Iterator[tuple[frozenset[str], tuple[int, str, Cites]]]:
    """Each pair that a record of the content speaks against: how severe (0 worst), what it does, and who says so."""
    for one, other in combinations(candidates, 2):
        found = [
            r
            for r in case.content.interactions.values()
            if r.severity in UNSAFE and r.b and _meets(r, one, other) and _holds(case, r)
        ]
        if found:
            worst = min(found, key=lambda r: UNSAFE.index(r.severity))
            says = f"{worst.effect} {worst.action}"
            yield frozenset((one.id, other.id)), (UNSAFE.index(worst.severity), says, worst.source)


def _meets(record: m.Interaction, one: Candidate, other: Candidate) -> bool:
    a, b = frozenset(record.a), frozenset(record.b)
    return bool((one.names & a and other.names & b) or (one.names & b and other.names & a))


def _holds(case: Case, record: m.Interaction) -> bool:
    return record.when is None or case.content.test(record.when)(case.facts.values) is True
