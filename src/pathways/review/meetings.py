"""Which interactions two medicines meet: what is taken now, by ingredient, and the rules between two sets of classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from ..content import Content, once_per_content, remembered
from ..content import models as m
from ..facts import Facts
from ..facts.membership import taken_as
from ..facts.verdicts import unique


class Taken(NamedTuple):
    """One ingredient of a medicine in use (or the class that is all that is known of it): its place in the list of
    medicines, how the entry is called, and the classes that it is surely in, itself included."""

    place: int
    label: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Meeting:
    """An interaction of this option with something in use. ``yields``: all of that gives way to this option. ``stays``: it
    would, and yet some of it goes on: this option is no reason yet to change it. ``known`` is false while it is not known
    whether the condition of the rule holds."""

    record: m.Interaction
    met: tuple[Taken, ...]
    yields: bool = False
    stays: bool = False
    known: bool = True

    @property
    def title(self) -> str:
        """The rule in words, and whether its condition is not known yet."""
        return title_of(self.record, self.known)

    @property
    def other(self) -> str:
        """What is met, as it is called in the list of medicines."""
        return ", ".join(unique(one.label for one in self.met))

    @property
    def in_use(self) -> tuple[int, ...]:
        """The places of what is met in the list of medicines."""
        return unique(one.place for one in self.met)

    @property
    def severity(self) -> m.Severity:
        return self.record.severity

    @property
    def closes(self) -> bool:
        """Whether this option is not started beside what is met: not taken together with it, or one of the two would have
        to change at once. A condition that is not known closes nothing: it is asked first."""
        return self.severity == "stop" or (self.severity == "major" and self.record.makes == "change" and self.known)

    def __repr__(self) -> str:
        return f"Meeting({self.record.id!r}, {self.severity}, with {self.other!r})"


def holds(content: Content, record: m.Interaction, facts: Facts) -> bool:
    """Whether an interaction is known to apply: it has no condition, or its condition is true."""
    return record.when is None or content.test(record.when)(facts.values) is True


def title_of(record: m.Interaction, known: bool) -> str:
    """An interaction in words, and whether its condition is not known yet."""
    return record.title + " (not known yet)" * (not known)


def taken_now(facts: Facts, content: Content, state: str = "current") -> tuple[Taken, ...]:
    """What is taken now (or proposed, or stopped), by ingredient, so that the two in one tablet can meet as well."""
    found = []
    for n, entry in enumerate(facts.profile.medicines):
        if entry.state != state:
            continue
        classes = taken_as(content, entry)
        ingredients = classes & content.medicines.keys()
        if len(ingredients) < 2:
            found.append(Taken(n, entry.label, classes))
        else:
            for one in sorted(ingredients):
                found.append(Taken(n, entry.label, frozenset({one}) | (classes & content.classes_of(one))))
    return tuple(found)


@once_per_content
def _sides(content: Content) -> tuple[list[tuple[m.Interaction, frozenset[str]]], dict[str, list[int]]]:
    """The interactions of two members with their second side, and the numbers of those that name one in the first."""
    sides = [(r, frozenset(r.b)) for r in content.interactions.values() if r.b]
    by_a: dict[str, list[int]] = {}
    for n, (record, _) in enumerate(sides):
        for member in record.a:
            by_a.setdefault(member, []).append(n)
    return sides, by_a


@remembered(20_000)  # options and medicines bring the same few hundred sets again and again
def _met(content: Content, mine: frozenset[str], others: frozenset[str]) -> tuple[m.Interaction, ...]:
    """The interactions of which one set holds the first side and the other the second."""
    sides, by_a = _sides(content)
    numbers = sorted({n for member in mine for n in by_a.get(member, ())})
    return tuple(sides[n][0] for n in numbers if not sides[n][1].isdisjoint(others))


def meet(content: Content, mine: frozenset[str], others: frozenset[str], facts: Facts) -> Iterator[m.Interaction]:
    """The interactions between two sets of classes, in either order, whose condition (if any) is true or not known."""
    # Direction: a is the newcomer. Both orders are tried for pairs inside one plan by calling this twice.
    for record in _met(content, mine, others):
        # Not known whether its condition holds: then it is told. Knowing less must not make a pair disappear.
        if record.when is None or content.test(record.when)(facts.values) is not False:
            yield record


def meet_in_use(
    content: Content, facts: Facts, ours: Iterable[Taken], others: Iterable[Taken]
) -> Iterator[tuple[Taken, m.Interaction]]:
    """The stop and major pairs between medicines in use, each with the other one. The same medicine in two entries does
    not meet itself."""
    others = tuple(others)
    for mine in ours:
        for theirs in others:
            if mine.classes & theirs.classes & content.medicines.keys():
                continue
            both = (
                meet(content, mine.classes, theirs.classes, facts),
                meet(content, theirs.classes, mine.classes, facts),
            )
            for record in chain(*both):
                if record.severity in ("stop", "major"):
                    yield theirs, record
