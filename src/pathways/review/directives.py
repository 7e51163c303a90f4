"""`directives`: what the records demand of this person's plan, in one type that plans, pages and handout read.

Cautions, dose limits, pairs, signs on an entry, emergencies and recommendations say their demands in their own shapes. Here
each becomes a `Directive`: it calls for something, speaks against something, holds the rest, or waits for a fact. What is
said in red and what the plan does come from the same directives, so they cannot part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from ..content import Content
from ..content import models as m
from ..facts import Facts
from ..facts.verdicts import Reason
from .findings import Emergency, Finding, Findings

Kind = Literal["calls_for", "speaks_against", "holds", "waits_for"]


@dataclass(frozen=True)
class Directive:
    """One demand of one record.

    ``table`` and ``id`` name the record, ``label`` says it in words. ``targets`` are treatments for *calls_for* (every
    one of them; one of them where ``any_of``), and treatments, classes, ingredients or ``in_use:<class>`` for
    *speaks_against*; ``entry`` is the place in the medicines list that it is about. ``makes`` is what it makes of an
    entry in use, ``how`` and ``by`` how and until when that changes. ``beside`` are treatments and ``action`` words that
    mitigate, ``instead`` what may take the place, ``replaced_by`` the treatments that do in every plan, ``say`` the same
    in plain words for the person. ``either``: one of the two of a pair changes, and this may be it. ``asks`` are the
    inputs that would settle a *waits_for*.
    ``met`` is what a pair is with, and ``title`` the words of the pair without it. ``what_if``: it would hold with one of
    several ways to treat OUD only. ``in_turn``: a start that only waits until what gives way to it has been changed.
    ``partner`` is the place of the other medicine of a pair, ``outlives``: what is said holds also when that one stops;
    ``excludes``: the two are not taken together.
    """

    table: str
    id: str
    label: str
    source: tuple[m.Cite, ...]
    kind: Kind
    targets: tuple[str, ...] = ()
    entry: int | None = None
    any_of: bool = False
    either: bool = False
    strength: m.Against | None = None
    makes: m.InUse = "note"
    how: m.How | None = None
    by: m.Phase = "today"
    beside: tuple[str, ...] = ()
    action: str = ""
    instead: tuple[m.Way, ...] = ()
    replaced_by: tuple[str, ...] = ()
    say: str = ""
    because: tuple[Reason, ...] = ()
    asks: tuple[str, ...] = ()
    met: str = ""
    title: str = ""
    what_if: bool = False
    in_turn: bool = False
    partner: int | None = None
    outlives: bool = False
    excludes: bool = False

    @property
    def goes_with(self) -> bool:
        """Whether a medicine in use stays with what is ``beside``: while it is kept with that, or while it is checked for
        something that is true. What only waits for an answer asks for nothing yet."""
        return self.makes == "keep_with" or (self.makes == "check" and self.kind != "waits_for")


@dataclass(frozen=True)
class Directives:
    """All directives that hold for one person, or wait for a fact. ``held``: a present act-now emergency holds
    everything but what it calls for, what is in use, medication for OUD and naloxone."""

    all: tuple[Directive, ...]

    def also(self, more: Iterable[Directive]) -> Directives:
        """These, and more."""
        return Directives((*self.all, *more))

    def of(self, kind: Kind) -> Iterator[Directive]:
        """Those of one kind, in the order of the content."""
        return (d for d in self.all if d.kind == kind)

    @cached_property
    def held_by(self) -> Directive | None:
        """The act-now emergency that comes before everything else, if one is present."""
        return next(self.of("holds"), None)

    @cached_property
    def called_at_once(self) -> frozenset[str]:
        """The treatments that present act-now emergencies call for today."""
        first = {d.id for d in self.of("holds")}
        calls = (d for d in self.of("calls_for") if d.id in first and d.by == "today")
        return frozenset(id for d in calls for id in d.targets)

    def called(self) -> Iterator[tuple[str, Directive]]:
        """Each treatment that is called for by itself, with what calls for it."""
        return ((id, d) for d in self.of("calls_for") if not d.any_of for id in d.targets)

    def against(self, names: Iterable[str]) -> tuple[Directive, ...]:
        """What speaks against starting a treatment that goes by any of these names (its id, classes, ingredients)."""
        places = {n for name in names for n in self._against.get(name, ())}
        return tuple(self.all[n] for n in sorted(places))

    @cached_property
    def _against(self) -> dict[str, list[int]]:
        """Where in ``all`` it is said against starting what goes by a name."""
        found: dict[str, list[int]] = {}
        for n, d in enumerate(self.all):
            for target in d.targets if d.kind == "speaks_against" and d.entry is None else ():
                found.setdefault(target, []).append(n)
        return found


CARRIED = ("strength", "makes", "how", "by", "beside", "action", "instead", "replaced_by", "say")
"""What a directive takes over from a record that says it of a medicine."""
Speaks = m.EntrySign | m.MedicineCaution | m.AllergySign | m.DoseLimit
"""The records that say something against a medicine."""


def against(table: str, record: Speaks, **more: Any) -> Directive:
    """What a record says against a medicine, in the record's own words and strength; ``more`` comes before those."""
    own = {name: getattr(record, name) for name in ("id", "label", "source", *CARRIED) if hasattr(record, name)}
    return Directive(table, **{"kind": "speaks_against", **own, **more})


def directives(facts: Facts, findings: Findings, content: Content) -> Directives:
    """What the present emergencies and the recommendations that apply demand, in the order of the content."""
    return Directives(
        (
            *(d for e in findings.emergencies for d in _of_emergency(e, facts, content)),
            *(d for f in findings.recommendations for d in _of_recommendation(f, facts, content)),
            *_of_wishes(facts, content),
        )
    )


def _of_emergency(emergency: Emergency, facts: Facts, content: Content) -> Iterator[Directive]:
    record = emergency.record
    if emergency.state != "present":
        return
    if emergency.level == "act_now":
        yield Directive(
            "emergency", record.id, record.title, record.source, "holds", by="today", because=emergency.because
        )
    for demand in record.demands:
        yield from _demanded("emergency", record, demand, emergency.because, facts, content)


def _of_recommendation(finding: Finding, facts: Facts, content: Content) -> Iterator[Directive]:
    if finding.status != "applies":
        return
    for demand in finding.record.demands:
        yield from _demanded("recommendation", finding.record, demand, finding.because, facts, content)


def _of_wishes(facts: Facts, content: Content) -> Iterator[Directive]:
    """What the person refuses, or what was tried and failed, speaks against starting it (again). It never closes
    medication for OUD."""
    for n, wish in enumerate(facts.profile.wishes):
        treatment = content.treatments[wish.treatment]
        for sign in content.wish_signs.values():
            strength = sign.softened if treatment.place.treats_oud else sign.strength
            if sign.sign in (wish.says, wish.tried) and strength:
                label = f"{treatment.short}: {sign.label}"
                because = ({"fact": f"wishes.{n}", "says": label, "origin": [f"wishes.{n}"]},)
                yield Directive(
                    "wish_sign",
                    sign.id,
                    label,
                    sign.source,
                    "speaks_against",
                    (treatment.id,),
                    strength=strength,
                    action=sign.action,
                    say=sign.say,
                    because=because,
                )


def _demanded(
    table: str,
    record: m.Emergency | m.Recommendation,
    demand: m.Demand,
    because: tuple[Reason, ...],
    facts: Facts,
    content: Content,
) -> Iterator[Directive]:
    """What one demand says; nothing while its own condition is not true. (Emergencies and recommendations say by their
    status that something is not known; a demand never does.)"""
    if demand.when is not None and content.test(demand.when)(facts.values) is not True:
        return
    base = Directive(
        table, record.id, demand.label or record.title, record.source, "calls_for", by=demand.by, because=because
    )
    for targets, any_of in ((demand.calls_for, False), (demand.one_of, True)):
        if targets:
            yield replace(base, targets=targets, any_of=any_of)
    if demand.speaks_against:
        yield replace(
            base,
            kind="speaks_against",
            targets=demand.speaks_against,
            strength=demand.strength,
            makes=m.IN_USE_OF[demand.strength],
            how=demand.how,
            beside=demand.beside,
            instead=demand.instead,
            say=demand.say,
        )
