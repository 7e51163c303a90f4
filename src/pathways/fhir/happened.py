"""What was read about things that happened: events, drug tests, and the observations of the profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..content import Content
from ..content import models as m
from ..profile import Observation
from . import plain
from .bundle import Resource
from .kept import copied
from .plain import Days

if TYPE_CHECKING:
    from .medicines import Order

Sign = Literal["positive", "negative"]


class Seen(NamedTuple):
    """A resource that says that something happened. ``sure`` is None where its status is not known, ``day`` where its
    date is not."""

    resource: Resource
    day: Days | None
    sure: bool | None


@dataclass(frozen=True)
class Event:
    """Something dated. ``sure`` is None where its status is not known; ``day`` None where its date is not."""

    measure: str
    day: Days | None
    sure: bool | None
    resource: str
    place: str


@dataclass(frozen=True)
class DrugTest:
    """A result of one drug test: ``tests`` are the urine tests that it may be of (none: it is not judged); ``sign`` None
    cannot be read."""

    tests: tuple[m.UrineTest, ...]
    sign: Sign | None
    day: Days | None
    sure: bool | None
    resource: str
    place: str


def urine_tests(substance: m.CodeSet, content: Content) -> tuple[m.UrineTest, ...]:
    """The urine tests that a result of this set of codes may be of."""
    return tuple(content.urine_tests[id] for id in substance.tests)


@dataclass(frozen=True)
class Answered:
    """The answer to one item of an instrument that came as an observation of its own."""

    instrument: str
    item: str
    value: int
    date: str | None
    resource: Resource


@dataclass
class Happened:
    """All that was read. ``liver`` holds, by day, how many times the upper limit of normal ALT and AST were; ``adult`` is
    None where the age is not known."""

    as_of: date
    events: list[Event] = field(default_factory=list)
    tests: list[DrugTest] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    pregnant: bool | None = None
    negative: list[Days] = field(default_factory=list)
    """The days of negative pregnancy tests."""
    answers: list[Answered] = field(default_factory=list)
    liver: dict[str, list[tuple[float, Days]]] = field(default_factory=dict)
    given: list[Order] = field(default_factory=list)
    """Medicines that a code says were given, or may have been; they stand with the records of medicines."""
    told: dict[str, bool] = field(default_factory=dict)
    """Answers that a code gives ("suicidal thoughts", coded yesterday)."""
    adult: bool | None = None
    known: dict[object, Observation] = field(default_factory=dict)
    """Observations that were made, by what they say without their day and their resource."""


def add(made: Happened, entry: dict[str, Any], day: Days | None, resource: Resource, content: Content) -> None:
    """Put an observation down, with its day and its resource. What else it says is checked once."""
    own = (
        {"source": resource.name[:200]} if day is None else {"date": plain.written(day), "source": resource.name[:200]}
    )
    key = (
        tuple(entry.items())
        if "items" not in entry
        else (*entry["items"].items(), *sorted(entry.keys()), entry.get("value"))
    )
    like = made.known.get(key)
    if like is None:
        like = made.known[key] = Observation.model_validate(entry, context={"content": content})
    made.observations.append(copied(like, **own))
