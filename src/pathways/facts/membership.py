"""Whether a list entry belongs to a class or group: yes, no, or it cannot be told.

Set-valued knowledge stays scalar: ``takes_<class>`` is true when a current entry is surely in the class, false
when nothing
could be, and otherwise unknown. Absence is "no" only when the list is complete, or the class was asked and
none was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ..content import Content
from ..content import models as m
from ..profile import Condition, Medicine, Profile

Purpose = Literal["pain", "oud", "other"]


def ingredients_of(content: Content, entry: Medicine) -> tuple[str, ...]:
    """The known ingredients of an entry: as listed, from its dose, or recognised in its name."""
    return entry.ingredients or tuple(entry.dose) or _recognised(content, entry.name)


def _recognised(content: Content, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    return tuple(dict.fromkeys(id for pattern, id in content.spellings if pattern.search(name)))


def purpose_of(content: Content, entry: Medicine) -> Purpose | None:
    """What an entry is taken for; when not said, the usual purpose of its ingredient, if it has only one."""
    if entry.purpose is not None:
        return entry.purpose
    if entry.source == "nonprescribed":
        return "other"
    given = (content.medicines[i].purpose_if_not_given for i in ingredients_of(content, entry))
    usual = {purpose for purpose in given if purpose is not None}
    return usual.pop() if len(usual) == 1 else None


def in_class(content: Content, entry: Medicine, class_id: str) -> bool | None:
    """Whether an entry belongs to a class, by ingredient and by the purpose, route and release that the class wants."""
    cls = content.medicine_classes[class_id]
    if class_id in entry.none_of or "*" in entry.none_of:
        return False
    ingredients = ingredients_of(content, entry)
    if not ingredients:
        return _by_class_only(content, entry, cls)
    member = any(cls.id in content.medicines[i].classes for i in ingredients)
    verdict: bool | None = member
    if not member:
        verdict = _any(in_class(content, entry, child) for child in cls.children)
    if cls.alone and len(set(ingredients)) > 1:
        return False
    return _all([verdict, *_filters(content, entry, cls)])


def _by_class_only(content: Content, entry: Medicine, cls: m.MedicineClass) -> bool | None:
    if entry.medicine_class is None:
        return None  # an unrecognized entry may be anything
    inside = entry.medicine_class == cls.id
    verdict: bool | None = inside
    if not inside:
        verdict = _any(in_class(content, entry, child) for child in cls.children)
        if verdict is False and content.class_members(entry.medicine_class) & content.class_members(cls.id):
            verdict = None  # one of a wider class: may or may not be in this narrower one
    return _all([verdict, *_filters(content, entry, cls)]) if not inside else True


def _filters(content: Content, entry: Medicine, cls: m.MedicineClass) -> Iterable[bool | None]:
    for wanted, got in (
        (cls.purpose, purpose_of(content, entry)),
        (cls.route, entry.route),
        (cls.release, entry.release),
    ):
        if wanted:
            yield None if got is None else got in wanted


def excluded(content: Content, class_id: str, asked_none: Sequence[str]) -> bool:
    """Whether a class is ruled out by the classes that were asked and not found: itself, a wider one, or all
    its parts."""
    if not asked_none:
        return False
    if _whole_excluded(content, class_id, asked_none):
        return True
    children = content.medicine_classes[class_id].children
    own = class_id in content.classes_with_own_members
    return bool(children) and not own and all(excluded(content, child, asked_none) for child in children)


def _whole_excluded(content: Content, class_id: str, asked_none: Sequence[str]) -> bool:
    # A wider class rules this one out only if it does not itself narrow by purpose, route or release.
    return class_id in asked_none or any(
        _whole_excluded(content, wider, asked_none) for wider in content.wider_classes[class_id]
    )


def in_group(content: Content, entry: Condition, group_id: str) -> bool | None:
    """Whether an entry means that the person has the group now (or ever, for groups that count the past)."""
    group = content.condition_groups[group_id]
    if entry.certainty == "refuted" or (entry.status != "active" and not group.past):
        return False
    if entry.id is None:
        return False if group_id in entry.none_of or "*" in entry.none_of else None
    if group_id in content.groups_of(entry.id):
        return None if entry.certainty == "suspected" else True
    # A group given without detail may be one of its narrower groups.
    if entry.id in content.condition_groups and entry.id in content.groups_of(group_id):
        return None
    return False


def group_excluded(content: Content, group_id: str, asked_none: Sequence[str]) -> bool:
    """Whether a group is ruled out because it, or a wider group, was asked and not found."""
    return any(group in asked_none for group in content.groups_of(group_id))


def current(profile: Profile, state: str) -> list[tuple[int, Medicine]]:
    """The entries of the medicines list in a state, with their places."""
    return [(n, entry) for n, entry in enumerate(profile.medicines) if entry.state == state]


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    seen: set[bool | None] = set(verdicts)
    return True if True in seen else None if None in seen else False


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    seen: set[bool | None] = set(verdicts)
    return False if False in seen else None if None in seen else True
