"""What a case conference decided: item by item, with who sees to it, by when, and who did not agree. Roles, never names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ..content.dates import PartialDate, span
from ..content.models.audience import WITHHELD
from ..content.parts import Part, Short, content_of
from ..language.nearest import did_you_mean

Outcome = Literal["do", "do_not", "wait", "done"]
Mark = Literal["for", "against", "unsure"]

_PERSON = re.compile(
    r"\b(?:Dr|DR|Mr|Mrs|Ms|Mx|Miss|Prof|Doctor|Professor)\.?\s+(?![a-z])[^\W\d_]"  # a title and a capital: a person
    r"|\S@\S"  # an e-mail address
    r"|\d(?:[ -]?\d){5,}"  # a telephone or a record number
)
_DAY = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")


def no_person(text: str) -> str:
    """A free text as it is. Raises ValueError where it names a person, as far as that can be seen: a title before a
    capital letter, an e-mail address, or six digits and more in a row."""
    if found := _PERSON.search(_DAY.sub(" ", text)):
        raise ValueError(
            f"'{text[found.start() : found.end() + 20]}' looks like a person or a number of one; a role is enough here"
        )
    return text


class Dissent(Part, audience=WITHHELD):
    """A seat that did not agree, by its ``role``, and what it ``says``: the words of that seat, without a name."""

    role: Short
    says: Short = ""

    @field_validator("says")
    @classmethod
    def _no_person(cls, given: str) -> str:
        return no_person(given)

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        _known_role(self.role, "role", info)
        return self


class Decision(Part, audience=WITHHELD):
    """What was decided of one ``item`` (a treatment or a recommendation) on a day, and how that ended.

    ``outcome``: ``do`` it, ``do_not``, ``wait`` with it, or it is ``done``. The list only grows: the newest entry of an
    item holds, and what was carried out is an entry of its own. ``owner`` is the role that sees to it and ``due`` when
    it should be done, or looked at again; ``stood`` is how the item stood on the page that day ("Offer", "applies").

    >>> from pathways import Profile
    >>> one = {"date": "2026-10-05", "item": "naloxone_kit", "outcome": "do", "owner": "pharmacist", "due": "2026-10-12"}
    >>> Profile.from_dict({"decisions": [one]}).decisions[0].owner
    'pharmacist'
    """

    date: PartialDate
    item: Short
    outcome: Outcome
    owner: Short | None = None
    due: PartialDate | None = None
    stood: Short = ""
    note: Short = ""
    dissent: Annotated[tuple[Dissent, ...], Field(max_length=20)] = ()

    @field_validator("stood", "note")
    @classmethod
    def _no_person(cls, given: str) -> str:
        return no_person(given)

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        items = {**content.treatments, **content.recommendations}
        if self.item not in items:
            raise ValueError(
                f"item: no treatment or recommendation '{self.item[:60]}'.{did_you_mean(self.item, items)}"
            )
        if self.owner is not None:
            _known_role(self.owner, "owner", info)
        if self.due is not None:
            if self.outcome == "done":
                raise ValueError("due: what is done is not due any more; leave it out")
            if span(self.due)[1] < span(self.date)[0]:
                raise ValueError(f"due: {self.due} is before the day of the decision, {self.date}")
        seats = [one.role for one in self.dissent]
        if twice := [role for n, role in enumerate(seats) if role in seats[:n]]:
            raise ValueError(f"dissent: '{twice[0]}' stands there twice; one entry for each role")
        return self


class Seat(Part, audience=WITHHELD):
    """A seat of a conference by its ``role``, and what it marked before the ways of looking showed: a mark by decision and way.

    Marks change no advice, and are no decision."""

    role: Short
    marks: Annotated[
        Mapping[Short, Annotated[Mapping[Short, Mark], Field(min_length=1, max_length=20)]], Field(max_length=20)
    ] = Field({})

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        _known_role(self.role, "role", info)
        return self


def _known_role(role: str, field: str, info: ValidationInfo) -> None:
    roles = content_of(info).roles
    if role not in roles:
        raise ValueError(f"{field}: no role '{role[:60]}'.{did_you_mean(role, roles)}")
