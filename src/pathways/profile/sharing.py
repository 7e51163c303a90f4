"""What the team records about working together: consents of the person, and where the two sides differ."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from ..content.dates import PartialDate, span
from ..content.models.audience import WITHHELD, Shared, Withheld
from ..content.parts import Part, Short, content_of
from ..language.nearest import did_you_mean

Told = Annotated[str, Field(max_length=600)]


class Consent(Part):
    """A written consent of the person: ``who`` may be told, what (``scope``), for what ``purpose``, from when until when.

    ``oud_program`` is what a program for substance use treatment holds, and all that reveals it; ``health`` is the rest
    of the record. Only what was said counts: without a date, an end and a purpose it is not in force.
    """

    who: Shared[Literal["pain_clinic", "partner"]]
    scope: Shared[Annotated[tuple[Literal["health", "oud_program"], ...], Field(min_length=1, max_length=2)]]
    date: Shared[PartialDate | None] = None
    until: Shared[PartialDate | None] = None
    withdrawn: Shared[PartialDate | None] = None
    purpose: Withheld[Short] = ""

    def in_force(self, day: datetime.date | None) -> bool:
        """Whether it surely holds on a day. Of a date known to the month, the day that gives the least counts."""
        if day is None or self.date is None or self.until is None or not self.purpose.strip():
            return False
        if self.withdrawn is not None and span(self.withdrawn)[0] <= day:
            return False
        return span(self.date)[1] <= day <= span(self.until)[0]


class Owner(Part, audience=WITHHELD):
    """Who has taken on an item of the plan. ``item`` is a treatment or a recommendation; ``discipline`` says where in
    the role (a pain specialist may be a neurologist). No names: a role is enough here."""

    item: Short
    role: Short
    discipline: Short = ""

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        items = {**content.treatments, **content.recommendations}
        if self.item not in items:
            raise ValueError(f"item: no treatment or recommendation '{self.item}'.{did_you_mean(self.item, items)}")
        if self.role not in content.roles:
            raise ValueError(f"role: no role '{self.role}'.{did_you_mean(self.role, content.roles)}")
        allowed = content.roles[self.role].disciplines
        if self.discipline and self.discipline not in allowed:
            known = f"there are {', '.join(allowed)}" if allowed else f"'{self.role}' has none"
            raise ValueError(f"discipline: '{self.discipline}' is not one of this role; {known}")
        return self


class Close(Part, audience=WITHHELD):
    """Someone close to the person: what they may do, and what they need themselves. They take part only with the
    person's consent and after a private safety screen."""

    relation: Literal["partner", "family", "friend", "peer"]
    part: Told = ""
    needs: Told = ""


class Difference(Part, audience=WITHHELD):
    """Where the pain side and the substance-use side of the joint assessment do not say the same, and the plan for
    settling it. Nothing is settled by leaving ``plan`` blank: the sheet then says that it is open."""

    topic: Annotated[str, Field(min_length=1, max_length=200)]
    pain_side: Annotated[Told, Field(min_length=1)]
    substance_use_side: Annotated[Told, Field(min_length=1)]
    plan: Told = ""
    owner: Short | None = None
    by: PartialDate | None = None

    @model_validator(mode="after")
    def _owner_is_a_role(self, info: ValidationInfo) -> Self:
        roles = content_of(info).roles
        if self.owner is not None and self.owner not in roles:
            raise ValueError(f"owner: no role '{self.owner}'.{did_you_mean(self.owner, roles)}")
        return self
