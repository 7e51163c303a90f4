"""What may be entered and is read by nothing: a short list, each with its reason, so that a page can say so."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from .audience import VOCABULARY
from .base import Named
from .marks import AnswerId, Id, MeasuredId, MedicineId, Text, to

MOST_RECORDED = 15
"""How many records of this kind a content folder may hold."""


class Recorded(Named, audience=VOCABULARY):
    """Things that may be entered and that no fact, rule or check reads. Where one is entered the page says "recorded, not
    used" and the ``reason``. ``flags`` are values of an entry's field ("conditions.certainty.coded"), or whole fields."""

    title: Text
    reason: Text
    answers: tuple[AnswerId, ...] = ()
    conditions: tuple[Annotated[Id, to("condition", "condition_group")], ...] = ()
    medicines: tuple[MedicineId, ...] = ()
    measures: tuple[MeasuredId, ...] = ()
    flags: tuple[Annotated[str, Field(pattern=r"^(conditions|medicines|observations)\.[a-z_]+(\.[a-z_]+)?$")], ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.answers or self.conditions or self.medicines or self.measures or self.flags):
            raise ValueError("names nothing: answers, conditions, medicines, measures or flags")
        return self
