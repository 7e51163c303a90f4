"""Patients contained in resources, held to the Patients of the record and to each other by what they say of the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .bundle import Resource
from .claims import HELD
from .owners import Owner, OwnerError
from .particulars import Particulars, particulars, surely_one, surely_two


def hold(
    told: Iterable[tuple[Resource, Owner]], whole: Sequence[Particulars], person: str, asked: bool
) -> tuple[dict[int, str], dict[int, str]]:
    """By the `id` of a resource: whose it is, where that is surely another person; and why it may be another's, empty where
    it is surely the person's. ``whole`` are the Patients of the record, ``person`` its names in words, ``asked`` whether a
    request says whom it is about. Raises OwnerError where a file is of two people, or two contained Patients differ."""
    apart: dict[int, str] = {}
    within: dict[int, str] = {}
    held: list[tuple[Particulars, str]] = []
    for resource, owner in told:
        if owner.inside is None:
            continue
        one, key = particulars(owner.inside), id(resource)
        if any(surely_one(one, other) for other in whole):
            within.setdefault(key, "")
            continue
        if whole and all(surely_two(one, other) for other in whole):
            if not asked:
                raise _two(person, owner.said)
            apart[key] = owner.said
            continue
        if said := next((said for other, said in held if surely_two(one, other)), ""):
            raise _two(said, owner.said)
        alone = not (whole or person or held)
        if alone or (not whole and any(surely_one(one, other) for other, _ in held)):
            within.setdefault(key, "")
        else:
            within[key] = f"{owner.said}, which is not surely the person"
        if len(held) < HELD:
            held.append((one, owner.said))
    return apart, within


def _two(one: str, other: str) -> OwnerError:
    return OwnerError(f"the records of 2 people ({one}, {other}); give the record of one person")
