"""What the person has reacted to badly: an entry of the allergies list."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from ..content.dates import PartialDate
from ..content.entries import Ids
from ..content.models.allergies import Reaction
from ..content.models.audience import Shared, Vocabulary, Withheld
from ..content.parts import Part, Short, content_of
from ..language.nearest import did_you_mean


class Allergy(Part):
    """An allergy, or what is recorded as one: to ``ingredients``, to a ``class`` of which it is not said which one, or to
    what a ``name`` says. ``reaction`` left out is not known: then it is to be asked before such a medicine is started.
    An entry that is not recognized keeps that open for every medicine, unless ``none_of = ["*"]`` says that it is none.

    >>> from pathways import Profile
    >>> Profile.from_dict({"allergies": [{"ingredients": ["methadone"], "reaction": "serious"}]}).allergies[0].label
    'methadone'
    """

    name: Withheld[Short] = ""
    ingredients: Vocabulary[Ids] = ()
    medicine_class: Vocabulary[Short | None] = Field(None, alias="class")
    none_of: Withheld[Ids] = ()
    reaction: Shared[Reaction | None] = None
    certainty: Shared[Literal["confirmed", "suspected", "refuted"]] = "confirmed"
    date: Shared[PartialDate | None] = None
    note: Withheld[Short] = ""

    @model_validator(mode="after")
    def _makes_sense(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        if not (self.name or self.ingredients or self.medicine_class):
            raise ValueError("needs a name, ingredients or a class")
        for given, known, what in (
            (self.ingredients, content.medicines, "ingredient"),
            ((self.medicine_class,) if self.medicine_class else (), content.medicine_classes, "class"),
        ):
            for id in given:
                if id not in known:
                    raise ValueError(f"no {what} '{id}'.{did_you_mean(id, known)} An unlisted one goes into 'name'")
        if any(id != "*" for id in self.none_of):
            raise ValueError('none_of: only "*" (it is to no medicine of the kit)')
        return self

    @property
    def label(self) -> str:
        """What it is to, for people."""
        return self.name or " + ".join(self.ingredients) or (self.medicine_class or "").replace("_", " ")
