"""`Shield`: what a view withholds, put together from the privacy records that no consent opens for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...content import Content
from ...content import models as m
from ..case import Audience, Case

NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Shield:
    """What is withheld: words that no text may hold, and the ids of what gives it away without such a word."""

    words: re.Pattern[str] = NOTHING
    answers: frozenset[str] = frozenset()
    condition_groups: frozenset[str] = frozenset()
    ingredients: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    records: frozenset[tuple[str, str]] = frozenset()
    seats: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, content: Content, audience: Audience, granted: Iterable[str]) -> Shield | None:
        """What ``audience`` may not see with the scopes granted; None when nothing is withheld."""
        scopes = set(granted)
        kept = [
            p
            for p in content.tables["privacy"].values()
            if audience in p.always_from or (p.scope is not None and p.scope not in scopes)
        ]
        if not kept:
            return None
        asked = content.answers.values()
        words = [word for p in kept for word in p.words]
        return cls(
            words=re.compile("|".join(words), re.IGNORECASE) if words else NOTHING,
            answers=frozenset(
                [*_answers(content, kept), *(a.id for a in asked if a.sensitive and audience == "partner")]
            ),
            condition_groups=frozenset(id for p in kept for id in p.condition_groups),
            ingredients=frozenset(
                id
                for p in kept
                for medicine_class in p.medicine_classes
                for id in content.class_members(medicine_class)
            ),
            purposes=frozenset(purpose for p in kept for purpose in p.purposes),
            measures=frozenset(_measures(content, kept)),
            records=frozenset(_records(kept)),
            seats=frozenset(seat for p in kept for seat in p.seats),
            roles=frozenset(id for p in kept for id in p.roles),
        )

    def hides(self, *texts: str | None) -> bool:
        """Whether any of the texts holds a withheld word."""
        return any(text and self.words.search(text) for text in texts)

    def hides_group(self, content: Content, group: str) -> bool:
        """Whether a condition or group of conditions is withheld: by its own name, or as part of a withheld group."""
        record = content.condition_groups.get(group) or content.conditions.get(group)
        groups = content.groups_of(group)
        return bool(groups & self.condition_groups) or self.hides(group, record.label if record else None)

    def hides_class(self, content: Content, medicine_class: str) -> bool:
        """Whether a class of medicines is withheld: by its name, or because all of its members are."""
        record = content.medicine_classes[medicine_class]
        members = content.class_members(medicine_class)
        whole = bool(members) and members <= self.ingredients
        return whole or self.hides(medicine_class, record.label) or bool(set(record.purpose or ()) & self.purposes)

    def hides_measure(self, content: Content, id: str) -> bool:
        """Whether a measure or instrument is withheld."""
        instrument, measure = content.instruments.get(id), content.measures.get(id)
        names = (instrument.title, instrument.short) if instrument else (measure.label,) if measure else ()
        return id in self.measures or self.hides(id, *names)

    def hides_answer(self, content: Content, id: str) -> bool:
        """Whether a question is withheld."""
        return id in self.answers or self.hides(id, content.answers[id].label)

    def silent(self, content: Content) -> frozenset[str]:
        """The names of facts and questions that are neither told nor asked."""
        return frozenset(self._silent(content))

    def _silent(self, content: Content) -> Iterator[str]:
        for id in content.answers:
            if self.hides_answer(content, id):
                yield id
        for fact in content.facts.values():
            reads = {fact.measure, fact.instrument} - {None}
            withheld = any(self.hides_measure(content, str(one)) for one in reads)
            by_medicine = fact.medicine is not None and self.hides_class(content, fact.medicine)
            if withheld or by_medicine or fact.ingredient in self.ingredients or self.hides(fact.id, fact.label):
                yield fact.id
        for group in content.condition_groups:
            if self.hides_group(content, group):
                yield from (f"has_{group}", f"conditions.{group}")
        for medicine_class in content.medicine_classes:
            if self.hides_class(content, medicine_class):
                yield from (f"takes_{medicine_class}", f"proposed_{medicine_class}", f"medicines.{medicine_class}")
        yield from (f"medicines.{id}" for id in self.ingredients)
        for id in (*content.measures, *content.instruments):
            if self.hides_measure(content, id):
                yield from (id, f"observations.{id}")


def _answers(content: Content, kept: Iterable[m.Privacy]) -> Iterator[str]:
    for p in kept:
        yield from p.answers
        yield from (a.id for a in content.answers.values() if a.group in p.answer_groups)


def _measures(content: Content, kept: Iterable[m.Privacy]) -> Iterator[str]:
    for p in kept:
        yield from p.measures
        if p.open_measures:
            yield from (id for id in (*content.measures, *content.instruments) if id not in p.open_measures)


def _records(kept: Iterable[m.Privacy]) -> Iterator[tuple[str, str]]:
    for p in kept:
        for table, ids in (
            ("treatment", p.treatments), ("recommendation", p.recommendations), ("need", p.needs),
            ("emergency", p.emergencies),
        ):  # fmt: skip
            yield from ((table, id) for id in ids)


def leaks(case: Case, text: str) -> tuple[str, ...]:
    """The withheld words in a text made for a restricted view: there must be none. The last lock before a text leaves."""
    if case.view is None or not case.view.restricted:
        return ()
    granted = {scope for consent in case.view.consents for scope in consent.scope}
    shield = Shield.of(case.content, case.view.audience, granted)
    return tuple(dict.fromkeys(found.group().lower() for found in shield.words.finditer(text))) if shield else ()
