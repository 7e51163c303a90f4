"""What the person asks for, refuses or has tried, treatment by treatment: in their own terms, and never a rule."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import ValidationInfo, model_validator

from ..content.dates import PartialDate
from ..content.models.audience import WITHHELD
from ..content.parts import Part, Short, content_of
from ..language.nearest import did_you_mean


class Wish(Part, audience=WITHHELD):
    """What the person says of one ``treatment`` of the content: whether they ask for it or refuse it, and what it did when
    it was tried. ``date`` is when they said it, or when it was tried. What a refusal or a trial means stands in the
    content (``wish_sign``).

    >>> from pathways import Profile
    >>> Profile.from_dict({"wishes": [{"treatment": "exercise", "says": "asks_for"}]}).wishes[0].treatment
    'exercise'
    """

    treatment: Short
    says: Literal["asks_for", "refuses"] | None = None
    tried: Literal["helped", "did_not_help", "harmed"] | None = None
    date: PartialDate | None = None
    note: Short = ""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        known = content_of(info).treatments
        if self.treatment not in known:
            raise ValueError(f"no treatment '{self.treatment}'.{did_you_mean(self.treatment, known)}")
        if self.says is None and self.tried is None:
            raise ValueError("says nothing: says = asks_for or refuses, or tried = helped, did_not_help or harmed")
        return self
