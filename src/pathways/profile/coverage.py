"""What a plan pays for, service by service. It stands beside the clinical answers, and no rule can read it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from ..content.models.audience import WITHHELD
from ..content.parts import Numeric, Part, Short, content_of, known_service

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NUMBER = re.compile(r"\d(?:-?[A-Za-z]?\d){5,}")
"""Six digits or more in a row, also with dashes or letters between: the look of a policy or member number."""


class Coverage(Part, audience=WITHHELD):
    """What a plan pays for one service, as far as it was asked. Never part of a clinical recommendation, and never with
    a policy, group or member number. ``service`` is a service of the content, or one treatment; ``days`` are the days
    covered before a review; ``deductible`` is what is left of it."""

    service: Short
    status: Literal["covered", "prior_authorization", "not_covered", "unknown"] = "unknown"
    deductible: Annotated[float | None, Field(ge=0, le=1_000_000), Numeric] = None
    copay: Annotated[float | None, Field(ge=0, le=1_000_000), Numeric] = None
    days: Annotated[int | None, Field(ge=0, le=3660), Numeric] = None
    note: Short = ""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        known_service(self.service, content_of(info))
        if _NUMBER.search(_DAY.sub(" ", self.note)):
            raise ValueError("note: leave out policy, group and member numbers; they do not belong in a case file")
        return self
