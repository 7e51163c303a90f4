"""`Act`: one of the first actions of an emergency, said where it fits: to whom it says nothing, it is not said."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from .audience import Shared, Vocabulary
from .base import Level, Record, one_or_many
from .marks import Text, When


class Act(Record):
    """One action in the words of the page. ``when``: said only while this is true ("treat here" to a person on a ward);
    ``unless``: said until this is true ("go to the emergency department"; of a medicine, until it is known that it is not
    taken). ``at``: only where the emergency is of one of these levels. None of them: always said. ``keep``: no page folds
    it, however many emergencies there are."""

    say: Shared[Text]
    when: Vocabulary[When | None] = None
    unless: Vocabulary[When | None] = None
    at: Shared[tuple[Level, ...]] = ()
    keep: Shared[bool] = False

    def __str__(self) -> str:
        return self.say


def _acts(value: Any) -> Any:
    """A text alone is an action for everybody."""
    return tuple({"say": one} if isinstance(one, str) else one for one in one_or_many(value))


Acts = Annotated[tuple[Act, ...], BeforeValidator(_acts)]
"""The first actions in order: texts, and actions with a condition."""
