"""What has to be settled before it counts: answers of "asked, none" that an entry of a list speaks against, and doses that
nobody is thought to take. Both sides are named, and a question settles which is right.

An entry counts meanwhile: what warns goes on warning. A dose that is not believable is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..content import Content
from ..profile import Profile
from .code import doses_of
from .membership import in_group, taken_as
from .mme import unbelievable


@dataclass(frozen=True)
class Dispute:
    """One such answer: ``title`` in words, ``origin`` the profile paths on both sides, ``ask`` the question again."""

    id: str
    title: str
    origin: tuple[str, ...]
    ask: str


def disputes(profile: Profile, content: Content) -> tuple[Dispute, ...]:
    """Every "asked, none" that an entry of that very group or class speaks against, and every dose to settle."""
    return (*_conditions(profile, content), *_medicines(profile, content), *_doses(profile, content))


def _doses(profile: Profile, content: Content) -> Iterator[Dispute]:
    edition = content.mme_edition
    for n, entry in enumerate(profile.medicines):
        if entry.state == "stopped":
            continue
        reasons = [reason for dose in doses_of(entry, content) if (reason := unbelievable(dose, edition))]
        if reasons:
            title = f"Medicines, line {n + 1}, “{entry.label}”: {reasons[0]}"
            yield Dispute(f"dose.medicines.{n}", title, (f"medicines.{n}",), f"medicines.{n}")


def _conditions(profile: Profile, content: Content) -> Iterator[Dispute]:
    for group in profile.asked_none.conditions:
        for n, entry in enumerate(profile.conditions):
            if in_group(content, entry, group):
                name = (entry.name or content.condition_label(entry.id or "")).lower()
                yield Dispute(
                    f"asked_none.conditions.{group}",
                    f"{content.condition_groups[group].label}: asked, none; and yet “{name}” is in the list",
                    (f"conditions.{n}", "asked_none.conditions"),
                    f"conditions.{group}",
                )


def _medicines(profile: Profile, content: Content) -> Iterator[Dispute]:
    for cls in profile.asked_none.medicines:
        for n, entry in enumerate(profile.medicines):
            if entry.state == "current" and cls in taken_as(content, entry):
                yield Dispute(
                    f"asked_none.medicines.{cls}",
                    f"{content.medicine_classes[cls].label}: asked, none; and yet “{entry.label}” is in the list",
                    (f"medicines.{n}", "asked_none.medicines"),
                    f"medicines.{n}",
                )
