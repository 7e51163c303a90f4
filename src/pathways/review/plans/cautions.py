"""`PlanCaution`: one caution that a plan counts, with the pairs that make it; what is told of several items is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...content import models as m
from ..meetings import Meeting
from ..options import Option


@dataclass(frozen=True)
class PlanCaution:
    """A caution in words, counted once however often it is told; ``pairs`` are the interactions that it speaks of."""

    text: str
    pairs: tuple[m.Interaction, ...] = field(default=(), compare=False)


def cautions_of(option: Option, ends: frozenset[str]) -> Iterator[PlanCaution]:
    """What an option brings: precautions, open checks, and pairs with what stays in use beside what ``ends`` takes away."""
    for caution in option.cautions:
        yield PlanCaution(f"{option.record.short}: {caution.label}")
    for check in option.check_first:
        yield PlanCaution(f"{option.record.short}: before starting, check {check.label}")
    majors: dict[str, list[Meeting]] = {}
    for x in option.meets:
        if x.severity in ("major", "stop") and _kept(x, ends):
            majors.setdefault(x.other, []).append(x)
    for other, met in majors.items():  # however many mechanisms, one pair is one caution
        titles = "; ".join(x.title for x in met)
        yield PlanCaution(f"{option.record.short} with {other}: {titles}", tuple(x.record for x in met))


def caution_of(a: Option, b: Option, record: m.Interaction) -> PlanCaution:
    """The caution of two items that meet in the plan."""
    return PlanCaution(f"{a.record.short} with {b.record.short}: {record.title}", (record,))


def _kept(meeting: Meeting, ends: frozenset[str]) -> bool:
    """Whether anything that an option meets in use stays in the plan."""
    return any(one.classes.isdisjoint(ends) for one in meeting.met)
