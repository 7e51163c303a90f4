"""What Patients and Persons of a record claim to be one person's, by an id or by a link, held to what they say of the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from .bundle import Gathered, Resource
from .owners import LONG, Homes, Name, OwnerError, People, named
from .particulars import Particulars, one_number, particulars, two_births, two_numbers, two_sexes
from .plain import flag, items, obj, text

_SAME = ("refer", "replaced-by", "replaces", "seealso")
"""How a link of a Patient says that both are one person's (R4 LinkType, all of it)."""
_ASSURED = ("", "level2", "level3", "level4")
"""How sure a Person is of a link, where that is enough (R4 IdentityAssuranceLevel): level1 is little or no confidence."""
HELD = 40
"""Patients that differ in a word, against which each further one is held."""


def hold_ids(patients: Sequence[Resource], first: Mapping[int, Name]) -> None:
    """Raises OwnerError where two Patients of one name are no copies: they have other record numbers or sexes, or other birth
    dates and no number in common. ``first`` is the name of each, by the `id` of the resource."""

    def apart(one: Particulars, other: Particulars) -> bool:
        return two_numbers(one, other) or _contradict(one, other)

    why = "with different record numbers, birth dates or sexes"
    _hold([(first[id(p)], first[id(p)], particulars(p.data)) for p in patients], apart, f"both {{0}}, {why}")


def follow_links(found: Gathered, people: People, first: Mapping[int, Name], homes: Homes) -> None:
    """Take for one person's what links say is. Raises OwnerError where Patients that are linked as one are surely two: a merge
    explains two record numbers, but not two birth dates or sexes."""
    patients = found.of("Patient")
    for patient in patients:
        people.same([first[id(patient)], *_linked(found, patient, "other", homes)])
    for person in found.of("Person"):
        # A Person that is not in use any more links nobody, nor one of which that cannot be read.
        if "active" not in person.data or flag(person.data, "active"):
            people.same(_linked(found, person, "target", homes))
    told = [(people.one(first[id(p)]), first[id(p)], particulars(p.data)) for p in patients]
    _hold(told, _contradict, "{0} and {1} are linked as one, with different birth dates or sexes")


def _linked(found: Gathered, resource: Resource, name: str, homes: Homes) -> Iterator[Name]:
    beside = "" if found.hook else resource.address
    for link in items(resource.data, "link"):
        if name == "other" and text(link, "type") not in _SAME:
            continue
        if name == "target" and link.get("assurance", "") not in _ASSURED:
            continue
        other = named(text(obj(link, name), "reference", LONG), beside, homes)
        if other is not None:
            yield other


def _contradict(one: Particulars, other: Particulars) -> bool:
    return two_sexes(one, other) or (two_births(one, other) and not one_number(one, other))


def _hold(
    told: Sequence[tuple[Name, Name, Particulars]], apart: Callable[[Particulars, Particulars], bool], why: str
) -> None:
    """Hold each to the earlier ones of its group, which stands first."""
    firsts: dict[Name, list[tuple[Name, Particulars]]] = {}
    for group, name, one in told:
        before = firsts.setdefault(group, [])
        if other := next((said for said, earlier in before if apart(one, earlier)), None):
            said = why.format(*sorted((other.said, name.said)))
            raise OwnerError(f"the records of 2 people ({said}); give the record of one person")
        if len(before) < HELD:
            before.append((name, one))
