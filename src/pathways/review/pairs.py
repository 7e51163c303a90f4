"""`pairs_of`: which medicines of a list meet: with each other, with what is proposed, with a state of the person, and with
what ended a short while ago. What has no rule in the library is counted, and never called safe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from ..content import Content, load_content
from ..content import models as m
from ..facts import Facts
from ..facts.code import taken_within
from .findings import cites
from .meetings import Taken, meet, taken_now

SEVEREST: tuple[m.Severity, ...] = ("stop", "major", "timing", "moderate", "note")
How = Literal["in_use", "proposed", "person", "ended_lately"]


@dataclass(frozen=True)
class Pair:
    """Two sides that meet. ``a`` and ``b`` are called as in the list (``b`` is the state of the person where ``how`` says
    so), ``a_at`` and ``b_at`` are their places in it. ``known`` is false where the condition of the rule, or the date of
    the last dose, is not known."""

    record: m.Interaction
    a: str
    b: str
    how: How
    known: bool
    a_at: int
    b_at: int | None


@dataclass(frozen=True)
class Pairs:
    """The pairs found, what is known and severest first; how many pairs of medicines were looked up, and how many have no rule here."""

    found: tuple[Pair, ...]
    looked_up: int
    without_rule: int


def pairs_of(facts: Facts, *, content: Content | None = None) -> Pairs:
    """All that meets in one person's list of medicines."""
    content = content or load_content()
    current, proposed = taken_now(facts, content), taken_now(facts, content, "proposed")
    found: list[Pair] = []
    looked_up = without_rule = 0
    for one, other in combinations((*current, *proposed), 2):
        if _same(one, other, content):
            continue
        met = list(_two(one, other, one in proposed, other in proposed, facts, content))
        found += met
        looked_up += 1
        without_rule += not met
    stopped = taken_now(facts, content, "stopped")
    waits: dict[tuple[frozenset[str], frozenset[str]], list[m.Interaction]] = {}
    for one in (*current, *proposed):
        found += _person(one, facts, content)
        for past in stopped:
            both = one.classes, past.classes
            if both not in waits:
                waits[both] = [] if _same(one, past, content) else list(_waits(*both, content))
            found += _ended(one, past, waits[both], facts)
    # By place: what is taken and the same again as proposed are two, though they are called the same.
    unique = {(p.record.id, frozenset(((p.a_at, p.a), (p.b_at, p.b)))): p for p in reversed(found)}
    ordered = sorted(
        unique.values(), key=lambda p: (not p.known, SEVEREST.index(p.record.severity), p.record.id, p.a, p.b)
    )
    return Pairs(tuple(ordered), looked_up, without_rule)


def _same(one: Taken, other: Taken, content: Content) -> bool:
    """The same medicine in two entries does not meet itself."""
    return bool(one.classes & other.classes & content.medicines.keys())


def _two(one: Taken, other: Taken, one_new: bool, other_new: bool, facts: Facts, content: Content) -> Iterator[Pair]:
    how: How = "proposed" if one_new or other_new else "in_use"
    for mine, theirs, mine_new, theirs_new in ((one, other, one_new, other_new), (other, one, other_new, one_new)):
        for record in meet(content, mine.classes, theirs.classes, facts):
            # A wait is for the newcomer only, and only while the other is in use.
            if record.severity != "timing" or (mine_new and not theirs_new):
                known = record.when is None or content.test(record.when)(facts.values) is True
                yield Pair(record, mine.label, theirs.label, how, known, mine.place, theirs.place)


def _person(one: Taken, facts: Facts, content: Content) -> Iterator[Pair]:
    for record in content.interactions.values():
        if record.b or record.when is None or one.classes.isdisjoint(record.a):
            continue
        verdict = content.test(record.when)(facts.values)
        if verdict is not False:
            yield Pair(record, one.label, record.state, "person", verdict is True, one.place, None)


def _waits(now: frozenset[str], past: frozenset[str], content: Content) -> Iterator[m.Interaction]:
    """The rules by which what is in some classes waits for what ended. Their conditions speak of what is in use now, so
    they are not asked."""
    for record in content.interactions.values():
        if record.wait_days:
            forward = not now.isdisjoint(record.a) and not past.isdisjoint(record.b)
            backward = not past.isdisjoint(record.a) and not now.isdisjoint(record.b)
            if forward or (backward and record.severity != "timing"):
                yield record


def _ended(one: Taken, past: Taken, waits: list[m.Interaction], facts: Facts) -> Iterator[Pair]:
    """What ended within the wait of a rule still counts."""
    entry = facts.profile.medicines[past.place]
    for record in waits:
        within = taken_within(entry, facts.as_of, record.wait_days)
        if within is not False:
            yield Pair(record, one.label, past.label, "ended_lately", within is True, one.place, past.place)


def pairs_data(facts: Facts, content: Content) -> dict[str, Any]:
    """All that meets as JSON data."""
    pairs = pairs_of(facts, content=content)
    return {
        "pairs": [
            {
                "id": p.record.id,
                "title": p.record.title,
                "severity": p.record.severity,
                "mechanism": p.record.mechanism,
                "a": p.a,
                "b": p.b,
                "how": p.how,
                "known": p.known,
                "effect": p.record.effect,
                "action": p.record.action,
                "wait": p.record.wait,
                "source": cites(p.record.source),
                "confidence": p.record.confidence,
            }
            for p in pairs.found
        ],
        "looked_up": pairs.looked_up,
        "without_rule": pairs.without_rule,
        "says": says(pairs),
    }


def says(pairs: Pairs) -> str:
    """One line on how far the library reaches."""
    if not pairs.looked_up:
        return "No pair of medicines to look up."
    if not pairs.without_rule:
        return "Each pair of the listed medicines has a rule in this library."
    rest = f"{pairs.without_rule} of {pairs.looked_up} pairs of medicines have no rule in this library"
    return f"{rest}: that does not say that they are safe together."
