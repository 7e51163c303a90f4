"""A profile without what is withheld. Free text goes altogether: nobody can tell what it gives away."""

from __future__ import annotations

from typing import Any

from ...content import Content
from ...facts.membership import ingredients_of, purpose_of
from ...profile import AskedNone, Medicine, Observation, Profile
from .shield import Shield
from .walk import bare

OTHERS_PROGRAM = ("otp", "nonprescribed")
"""Where an entry came from that gives away more than its medicine does."""

PERHAPS_MORE = Medicine.model_construct(name="Restricted", state="current")
"""Stands in every restricted list, whether anything is withheld or not: what is not seen is not ruled out."""


def open_profile(profile: Profile, content: Content, shield: Shield) -> Profile:
    """What may be seen of a profile. No list is whole any more, so that nothing missing reads as "none"."""
    medicines = (made for entry in profile.medicines if (made := _medicine(entry, content, shield)))
    return bare(
        profile,
        answers=_answers(profile, content, shield),
        assumed=tuple(id for id in profile.assumed if id in content.answers and not shield.withholds("answer", id)),
        conditions=tuple(
            bare(e, id=e.id) for e in profile.conditions if e.id and not shield.withholds("condition", e.id)
        ),
        medicines=(*medicines, PERHAPS_MORE),
        observations=tuple(bare(o, measure=o.measure) for o in profile.observations if _may_show(o, shield)),
        asked_none=_asked_none(profile.asked_none, content, shield),
    )


def _answers(profile: Profile, content: Content, shield: Shield) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for id, value in profile.answers.items():
        question = content.answers[id]
        if question.type == "text" or shield.withholds("answer", id):
            continue
        if question.type in ("many", "choice"):
            chosen = tuple(map(str, value if isinstance(value, tuple) else (value,)))
            told = tuple(one for one in chosen if not shield.hides(one, question.choices[one]))
            if question.type == "choice" and len(told) < len(chosen):
                continue  # a choice with one possibility taken out would say more than was known
            value = told if question.type == "many" else value
            if not told:
                continue
        kept[id] = value
    return kept


def _medicine(entry: Medicine, content: Content, shield: Shield) -> Medicine | None:
    """An entry by ingredient alone, without its name, prescriber and source; None when it is withheld or not known."""
    ingredients, known_as = ingredients_of(content, entry), entry.medicine_class
    if not ingredients and known_as is None:
        return None
    names = [content.medicines[id].label for id in ingredients]
    if shield.withholds("medicine", *ingredients) or shield.hides(*ingredients, *names):
        return None
    if (known_as and shield.withholds("medicine_class", known_as)) or purpose_of(content, entry) in shield.purposes:
        return None
    if shield.purposes and (entry.source in OTHERS_PROGRAM or entry.setting == "otp"):
        return None
    return bare(entry, ingredients=ingredients, medicine_class=known_as)


def _may_show(seen: Observation, shield: Shield) -> bool:
    return seen.measure != "unrecognized" and not shield.withholds("measure", seen.measure)


def _asked_none(given: AskedNone, content: Content, shield: Shield) -> AskedNone:
    def mixed(medicine_class: str) -> bool:
        """Whether a class holds anything withheld: "asked, none" would speak of that too."""
        return shield.withholds("medicine", *content.class_members(medicine_class))

    return bare(
        given,
        conditions=tuple(id for id in given.conditions if not shield.withholds("condition", id)),
        medicines=tuple(id for id in given.medicines if not shield.withholds("medicine_class", id) and not mixed(id)),
        observations=tuple(id for id in given.observations if not shield.withholds("measure", id)),
    )
