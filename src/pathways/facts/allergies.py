"""What an allergy on record is to, and how much it says: the same for facts, options, medicines in use and pages."""

from __future__ import annotations

from dataclasses import dataclass

from ..content import Content, once_per_content
from ..content import models as m
from ..content.entries import Medicine
from ..intake.allergy_text import allergen_text
from ..profile import Profile
from ..profile.allergies import Allergy
from .membership import ingredients_of


@dataclass(frozen=True)
class Allergic:
    """One entry of the allergies list: its ``place``, what it surely is to (``to``; empty and not ``unread``: no medicine of
    the kit), and the record that says what it means."""

    place: int
    entry: Allergy
    to: frozenset[str]
    sign: m.AllergySign

    @property
    def unread(self) -> bool:
        """Whether nobody can tell what it is to."""
        return self.sign.sign == "unread"


def allergies_of(profile: Profile, content: Content) -> tuple[Allergic, ...]:
    """The allergies of a person that count: all but those that are refuted, or to no medicine of the kit."""
    found = (_allergic(n, entry, content) for n, entry in enumerate(profile.allergies) if entry.certainty != "refuted")
    return tuple(one for one in found if one is not None)


def _allergic(place: int, entry: Allergy, content: Content) -> Allergic | None:
    signs = {sign.sign: sign for sign in content.allergy_signs.values()}
    to, only_class, known = allergens_of(entry, content)
    if not known:
        return Allergic(place, entry, frozenset(), signs["unread"])
    if not to:
        return None
    state: m.AllergyState = entry.reaction or "unknown"
    if entry.reaction != "side_effect":
        state = "suspected" if entry.certainty == "suspected" else "class" if only_class else state
    return Allergic(place, entry, to, signs[state])


def allergens_of(entry: Allergy, content: Content) -> tuple[frozenset[str], bool, bool]:
    """The ingredients that an entry is to; whether only a class of them is named; and whether it is known what it is to."""
    if entry.ingredients:
        return frozenset(entry.ingredients), False, True
    if entry.medicine_class:
        return content.class_members(entry.medicine_class), True, True
    if "*" in entry.none_of:
        return frozenset(), False, True
    found = _by_name(content).get(entry.name.strip().casefold())
    if found is not None:
        members = frozenset(i for id in found.of for i in _members(id, content))
        return members, bool(found.of), True
    told = allergen_text(entry.name, content)
    named = ingredients_of(content, Medicine.model_construct(name=told or "", ingredients=(), dose={}, state="stopped"))
    return frozenset(named), False, bool(named)


@once_per_content
def _by_name(content: Content) -> dict[str, m.Allergen]:
    return {name.casefold(): allergen for allergen in content.allergens.values() for name in allergen.names}


def allergen_named(content: Content, name: str) -> m.Allergen | None:
    """The allergen that a text names as a whole."""
    return _by_name(content).get(" ".join(name.split()).casefold())


def answered_by(profile: Profile, content: Content) -> dict[str, tuple[str, ...]]:
    """The yes/no questions that nobody answered and that allergies on record answer with yes, each with what says so."""
    if not profile.allergies:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    sure = [one for one in allergies_of(profile, content) if one.entry.certainty == "confirmed"]
    for answer in content.answers.values():
        if not answer.allergy_to or answer.id in profile.answers:
            continue
        to = frozenset(i for id in answer.allergy_to for i in _members(id, content))
        fitting = [a for a in sure if a.entry.reaction in answer.allergy_kinds and a.to & to]
        # Of a class it is not said which one: it answers only where every member would.
        if says := tuple(f"allergies.{a.place}" for a in fitting if a.sign.sign != "class" or a.to <= to):
            found[answer.id] = says
    return found


def _members(id: str, content: Content) -> frozenset[str]:
    return frozenset({id}) if id in content.medicines else content.class_members(id)
