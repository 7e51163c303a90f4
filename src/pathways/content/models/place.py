"""Where care takes place: levels of care, services with what bridges a wait for them, checklists, rows to sign off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .audience import WITHHELD
from .base import Cites, Clinical, Named, Record, one_or_many
from .marks import CareLevelId, ChoiceId, NeedId, RoleId, Text, TreatmentId, to


class CareLevel(Clinical, audience=WITHHELD):
    """A level of care, by name and general content only. ``rank`` orders by intensity; ``third`` is the counterpart
    in the third edition; ``medical`` levels are medically managed; ``treatment`` is the option that offers it."""

    number: Text
    rank: int = Field(ge=1)
    title: Text
    what: Text
    third: Text
    medical: bool = False
    treatment: TreatmentId | None = None


class CareDimension(Clinical, audience=WITHHELD):
    """What the team rates. ``sets`` maps each choice of ``answer`` to the least level that it allows (a
    ``care_level``); the words of each rating are those of the answer's choices."""

    title: Text
    third: Text
    answer: ChoiceId
    sets: Mapping[Annotated[str, to("option", of="answer")], CareLevelId]


class Line(Record):
    """One line of a list, with who says so. It is left out where ``treatment``, which it offers, does not fit the person
    or is closed to them, and where ``need``, which it is for, is surely not raised."""

    says: Text
    source: Cites
    treatment: TreatmentId | None = None
    need: NeedId | None = None


class Checklist(Clinical, audience=WITHHELD):
    """A short list that a page prints whole, in its order; ``owner``: the roles that see to it."""

    title: Text
    known_as: (
        Literal["before any gap plan", "setting the level of care", "verify the cover", "where cover is lacking"] | None
    ) = None
    owner: tuple[RoleId, ...] = ()
    lines: tuple[Line, ...] = Field(min_length=1)


class Service(Clinical, audience=WITHHELD):
    """What a site may have, refer to, or lack, and what a plan may cover. ``interim`` bridges a wait for it;
    ``alternatives`` stand in where it cannot be had. It never decides what is recommended."""

    title: Text
    treatments: tuple[TreatmentId, ...] = ()
    interim: tuple[Line, ...] = Field(min_length=1)
    alternatives: tuple[Line, ...] = ()


class SignoffRow(Named, audience=WITHHELD):
    """A row that a clinician of the site must still confirm. ``row`` is its name in the facts sheet, ``order`` its place
    in the queue, ``part`` whether only a part of it is open; ``records`` ("table:id") carry it beside those that name
    the row themselves."""

    order: int = Field(ge=1)
    row: Text
    section: Text
    says: Text
    part: bool = False
    records: Annotated[tuple[Annotated[str, to("record")], ...], BeforeValidator(one_or_many)] = ()
