"""`Shield`: what a view withholds, put together from the privacy records that no consent opens for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ...content import Content, once_per_content
from ...content import models as m
from ..case import Audience, Case


@dataclass(frozen=True)
class Shield:
    """What is withheld: ``words`` that no text may hold, ``records`` by table and id, and whatever serves one of the
    ``purposes``. A group of conditions is kept under "condition" and an instrument under "measure", as in a profile."""

    words: re.Pattern[str]
    records: frozenset[tuple[str, str]]
    purposes: frozenset[str]

    @classmethod
    def of(cls, content: Content, audience: Audience, granted: Iterable[str]) -> Shield | None:
        """What ``audience`` may not see with the scopes granted; None when nothing is withheld."""
        scopes = frozenset(granted)
        known = _shields(content)
        if (audience, scopes) not in known:
            known[audience, scopes] = cls._made(content, audience, scopes)
        return known[audience, scopes]

    @classmethod
    def _made(cls, content: Content, audience: Audience, scopes: frozenset[str]) -> Shield | None:
        kept = [
            p
            for p in content.privacy.values()
            if audience in p.always_from or (p.scope is not None and p.scope not in scopes)
        ]
        if not kept:
            return None
        words = re.compile("|".join(word for p in kept for word in p.words) or r"(?!)", re.IGNORECASE)
        named = cls(words, frozenset(_named(content, kept)), frozenset(one for p in kept for one in p.purposes))
        records = {*named.records, *_vocabulary(content, named), *_telling(content, named)}
        if audience == "partner":
            records |= {("answer", a.id) for a in content.answers.values() if a.sensitive}
        return cls(words, frozenset(records), named.purposes)

    def hides(self, *texts: str | None) -> bool:
        """Whether any of the texts holds a withheld word."""
        return any(text and self.words.search(text) for text in texts)

    def withholds(self, table: str, *ids: str) -> bool:
        """Whether any of these records is withheld."""
        return any((table, id) in self.records for id in ids)

    def silent(self, content: Content) -> frozenset[str]:
        """The names of facts and questions that are neither told nor asked."""
        return frozenset(self._silent(content))

    def _silent(self, content: Content) -> Iterator[str]:
        for fact in content.facts.values():
            reads = (("measure", fact.measure), ("measure", fact.instrument), ("medicine", fact.ingredient))
            by_class = ("medicine_class", fact.medicine)
            if self.records & {*reads, by_class} or self.hides(fact.id, fact.label):
                yield fact.id
        for table, id in self.records:
            if table == "answer":
                yield id
            elif table == "condition" and id in content.condition_groups:
                yield from (f"has_{id}", f"conditions.{id}")
            elif table == "medicine_class":
                yield from (f"takes_{id}", f"proposed_{id}", f"medicines.{id}")
            elif table == "medicine":
                yield f"medicines.{id}"
            elif table == "measure":
                yield from (id, f"observations.{id}")


@once_per_content
def _shields(_: Content) -> dict[tuple[Audience, frozenset[str]], Shield | None]:
    """The shields that were made before, by audience and scopes granted."""
    return {}


def _named(content: Content, kept: Iterable[m.Privacy]) -> Iterator[tuple[str, str]]:
    """What the privacy records name themselves."""
    measures = (*content.measures, *content.instruments)
    for p in kept:
        members = [id for one in p.medicine_classes for id in content.class_members(one)]
        asked = [a.id for a in content.answers.values() if a.group in p.answer_groups]
        seated = [t.id for t in content.treatments.values() if t.seat in p.seats]
        closed = [id for id in measures if p.open_measures and id not in p.open_measures]
        for table, ids in {
            "answer": (*p.answers, *asked),
            "condition": p.condition_groups,
            "medicine": members,
            "measure": (*p.measures, *closed),
            "treatment": (*p.treatments, *seated),
            "recommendation": p.recommendations,
            "need": p.needs,
            "emergency": p.emergencies,
            "role": p.roles,
        }.items():
            yield from ((table, id) for id in ids)


def _vocabulary(content: Content, named: Shield) -> Iterator[tuple[str, str]]:
    """What may be asked or listed, and is withheld by its own name or as a part of what is."""
    hides = named.hides
    yield from (("answer", a.id) for a in content.answers.values() if hides(a.id, a.label))
    for table in (content.conditions, content.condition_groups):
        for id, record in table.items():
            if hides(id, record.label) or named.withholds("condition", *content.groups_of(id)):
                yield "condition", id
    for one in content.medicine_classes.values():
        members = content.class_members(one.id)
        whole = bool(members) and all(named.withholds("medicine", id) for id in members)
        if whole or hides(one.id, one.label) or named.purposes & {*one.purpose}:
            yield "medicine_class", one.id
    yield from (("measure", x.id) for x in content.measures.values() if hides(x.id, x.label))
    yield from (("measure", x.id) for x in content.instruments.values() if hides(x.id, x.title, x.short))
    yield from (("source", s.id) for s in content.sources.values() if hides(s.id, s.title))


def _telling(content: Content, named: Shield) -> Iterator[tuple[str, str]]:
    """The records that are about something withheld, whatever their words are."""
    whole = _whole(content, named)
    for table, records in content.tables.items():
        for id, record in records.items():
            if type(record).audience is None and (named.hides(id) or getattr(record, "side", None) in named.purposes):
                yield table, id
    for x in content.interactions.values():
        if any(all(map(whole, side)) for side in (x.a, x.b)):
            yield "interaction", x.id


def _whole(content: Content, named: Shield) -> Callable[[str], bool]:
    """Whether a member of an interaction is nothing but withheld medicines."""

    def whole(id: str) -> bool:
        if id not in content.medicine_classes:
            return named.withholds("medicine", id)
        only = set(content.medicine_classes[id].purpose)
        members = content.class_members(id)
        return all(named.withholds("medicine", one) for one in members) or (bool(only) and only <= named.purposes)

    return whole


def leaks(case: Case, text: str) -> tuple[str, ...]:
    """The withheld words in a text made for a restricted view: there must be none. Checked on the finished text."""
    if case.view is None or not case.restricted:
        return ()
    granted = {scope for consent in case.view.consents for scope in consent.scope}
    shield = Shield.of(case.content, case.view.audience, granted)
    return tuple(dict.fromkeys(found.group().lower() for found in shield.words.finditer(text))) if shield else ()
