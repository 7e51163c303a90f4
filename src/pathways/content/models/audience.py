"""Marks for what others may see of a model: one on each field, in its annotation. `review.audience` obeys them.

A field that carries no mark is withheld, so that nothing new is told to others before somebody decided that it may be.
A class may say ``audience=VOCABULARY`` or ``audience=WITHHELD``: the mark of its fields that carry none of their own.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

T = TypeVar("T")


class Mark(Enum):
    """What becomes of a field, or of a whole record, in a view for others."""

    SHARED = "told; words only while none of them is withheld"
    VOCABULARY = "ids and conditions: they stand unless what they name is withheld"
    WITHHELD = "never told, whatever it says"


SHARED, VOCABULARY, WITHHELD = Mark.SHARED, Mark.VOCABULARY, Mark.WITHHELD
Shared = Annotated[T, SHARED]
Vocabulary = Annotated[T, VOCABULARY]
Withheld = Annotated[T, WITHHELD]


class Marked(BaseModel):
    """Base of the models whose fields carry marks. ``audience`` is the mark of the fields that have none of their own."""

    # Built where something is validated, which content from the user's cache is not: building asks every installed package.
    model_config = ConfigDict(defer_build=True)
    audience: ClassVar[Mark | None] = None

    def __init_subclass__(cls, audience: Mark | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.audience = audience


def mark_of(model: type[Marked], field: FieldInfo) -> Mark | None:
    """The mark of a field, its own or else that of its model; None when nobody decided, which withholds it."""
    return next((mark for mark in field.metadata if isinstance(mark, Mark)), model.audience)
