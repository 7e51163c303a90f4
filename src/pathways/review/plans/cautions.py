"""`PlanCaution`: one caution that a plan counts, with the pairs that make it; what is told of several items is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ...content import models as m
from ..meetings import Meeting, title_of
from ..options import Option


@dataclass(frozen=True)
class PlanCaution:
    """A caution in words, counted once however often it is told; ``pairs`` are the interactions that it speaks of, each
    with its name, and ``who`` the two that meet in them ("duloxetine with tramadol 50 mg"): empty where both are items
    of the plan, which stand for medicines that are named beside it."""

    text: str
    pairs: tuple[tuple[str, m.Interaction], ...] = field(default=(), compare=False)
    who: str = field(default="", compare=False)


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
        who = f"{option.record.short} with {other}"
        yield PlanCaution(f"{who}: {titles}", tuple((x.title, x.record) for x in met), who)


def by_name(cautions: Iterable[PlanCaution]) -> dict[str, tuple[PlanCaution, ...]]:
    """The cautions under what each is called, each name once: a pair under the interaction's, any other under its words."""
    found: dict[str, list[PlanCaution]] = {}
    for caution in cautions:
        for name in [name for name, _ in caution.pairs] or [caution.text]:
            found.setdefault(name, []).append(caution)
    return {name: tuple(told) for name, told in found.items()}


def caution_of(a: Option, b: Option, record: m.Interaction, known: bool) -> PlanCaution:
    """The caution of two items that meet in the plan; ``known``: whether the interaction is known to apply."""
    title = title_of(record, known)
    return PlanCaution(f"{a.record.short} with {b.record.short}: {title}", ((title, record),))


def _kept(meeting: Meeting, ends: frozenset[str]) -> bool:
    """Whether anything that an option meets in use stays in the plan."""
    return any(one.classes.isdisjoint(ends) for one in meeting.met)
