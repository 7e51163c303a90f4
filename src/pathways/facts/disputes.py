"""What has to be settled before it counts: answers of "asked, none" that an entry of a list speaks against, an entry whose
name and ingredients or dose disagree, and doses and values that nobody is thought to have. Both sides are named, and a
question settles which is right.

An entry counts meanwhile: what warns goes on warning. A dose or a value that is not believable is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..content import Content
from ..profile import Profile
from .believable import against_name, say_against
from .code import doubts_of
from .membership import beyond, in_group, ingredients_of, taken_as
from .observed import to_settle


@dataclass(frozen=True)
class Dispute:
    """One such answer: ``title`` in words, ``origin`` the profile paths on both sides, ``ask`` the question again."""

    id: str
    title: str
    origin: tuple[str, ...]
    ask: str


def disputes(profile: Profile, content: Content) -> tuple[Dispute, ...]:
    """Every "asked, none" that an entry of that very group or class speaks against, and every entry, dose and value to settle."""
    return (
        *_conditions(profile, content),
        *_medicines(profile, content),
        *_names(profile, content),
        *_doses(profile, content),
        *_values(profile, content),
    )


def _names(profile: Profile, content: Content) -> Iterator[Dispute]:
    for n, entry in enumerate(profile.medicines):
        if entry.state == "stopped" or not (more := beyond(content, entry)):
            continue
        listed = ingredients_of(content, entry)
        held = _labels(listed, content) or content.medicine_classes[entry.medicine_class or ""].label
        title = (
            f"Medicines, line {n + 1}, “{entry.label}”: the name says {_labels(more, content)}, the entry lists {held}; both "
            "are kept open: mend the name, or list what is in it"
        )
        yield Dispute(f"name.medicines.{n}", title, (f"medicines.{n}",), f"medicines.{n}")


def _labels(ingredients: Iterable[str], content: Content) -> str:
    return " and ".join(content.medicines[i].label.lower() for i in ingredients)


def _doses(profile: Profile, content: Content) -> Iterator[Dispute]:
    for n, entry in enumerate(profile.medicines):
        if entry.state == "stopped":
            continue
        reasons = doubts_of(entry, content)
        if not reasons and (said := against_name(entry, content)):
            reasons = [say_against(said, entry.unit, content)]
        if reasons:
            title = f"Medicines, line {n + 1}, “{entry.label}”: {reasons[0]}"
            yield Dispute(f"dose.medicines.{n}", title, (f"medicines.{n}",), f"medicines.{n}")


def _values(profile: Profile, content: Content) -> Iterator[Dispute]:
    for n, measure, reason in to_settle(profile, content):
        yield Dispute(
            f"value.observations.{n}", f"Observations, line {n + 1}: {reason}", (f"observations.{n}",), measure
        )


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
