"""What starting a treatment brings into a plan: the classes of its medicines, and the cautions that they bring along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..content import Content, once_per_content
from ..content import models as m
from ..facts.membership import surely_in
from ..language import facts_of
from ..profile import Medicine


def inherited(treatment: m.Treatment, content: Content) -> tuple[m.MedicineCaution, ...]:
    """The cautions of the medicines that a treatment brings: those that hold for every medicine it may be."""
    known = _inherited_of(content)
    if treatment.id not in known:
        each = [_classes_brought(treatment, (one,), content) for one in treatment.medicines] or [
            frozenset(treatment.classes)
        ]
        found = content.cautions_about(frozenset().union(*each, treatment.classes))
        known[treatment.id] = tuple(
            c for c in found if all(names.intersection(c.of) or set(treatment.classes) & set(c.of) for names in each)
        )
    return known[treatment.id]


@once_per_content
def _inherited_of(_: Content) -> dict[str, tuple[m.MedicineCaution, ...]]:
    """The inherited cautions of each treatment that was asked about before."""
    return {}


def brought_classes(treatment: m.Treatment, content: Content) -> frozenset[str]:
    """The medicine classes and ingredients that starting a treatment brings into a plan."""
    known = _brought_by(content)
    if treatment.id not in known:
        known[treatment.id] = _brought(treatment, content)
    return known[treatment.id]


def is_agonist(treatment: m.Treatment, content: Content) -> bool:
    """Whether a treatment is agonist medication for OUD, which nothing but its own contraindication speaks against."""
    agonist = content.known("medicine_class", "agonist medication for OUD")
    return treatment.place.treats_oud and agonist in brought_classes(treatment, content)


def agonist_unread(classes: frozenset[str], content: Content) -> bool:
    """Whether what is taken is surely agonist medication for OUD, and nobody can tell which."""
    agonist = content.known("medicine_class", "agonist medication for OUD")
    return agonist in classes and classes.isdisjoint(content.medicines)


@once_per_content
def _brought_by(_: Content) -> dict[str, frozenset[str]]:
    """What each treatment brings that was asked about before."""
    return {}


def own_classes(treatment: m.Treatment, content: Content) -> frozenset[str]:
    """What tells that an entry in use is this treatment: the classes that its condition names, or else its ingredients
    (the naloxone inside a film is no rescue kit)."""
    known = _own_of(content)
    if treatment.id not in known:
        told = facts_of(content.node(treatment.in_place)) if treatment.in_place else ()
        takes = (fact.removeprefix("takes_") for fact in told if fact.startswith("takes_"))
        named = frozenset(c for c in takes if c in content.medicine_classes)
        known[treatment.id] = named or frozenset(treatment.medicines)
    return known[treatment.id]


@once_per_content
def _own_of(_: Content) -> dict[str, frozenset[str]]:
    """The own classes of each treatment that was asked about before."""
    return {}


def _brought(treatment: m.Treatment, content: Content) -> frozenset[str]:
    return frozenset(treatment.classes) | _classes_brought(treatment, treatment.medicines, content)


def _classes_brought(treatment: m.Treatment, ingredients: Iterable[str], content: Content) -> frozenset[str]:
    """The classes of these ingredients as the treatment gives them."""
    brought: set[str] = set()
    purpose: Literal["oud", "pain"] = "oud" if treatment.place.treats_oud else "pain"
    for ingredient in ingredients:
        entry = Medicine.model_construct(
            ingredients=(ingredient,),
            state="proposed",
            purpose=purpose,
            route=treatment.route,
            dose={},
            none_of=(),
            name="",
            medicine_class=None,
            source=None,
            release=None,
        )
        brought.add(ingredient)
        brought |= surely_in(content, entry)
    return frozenset(brought)
