"""The one error of an id that is not known, with the nearest right one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ..language.nearest import did_you_mean

R = TypeVar("R")


class UnknownIdError(KeyError, ValueError):
    """Nothing of that kind has this id. The message names the nearest right id; ``id`` is what was given."""

    def __init__(self, kind: str, id: str, known: Iterable[str]) -> None:
        self.id = id
        self.message = f"no {kind} '{str(id)[:60]}'.{did_you_mean(str(id), known)}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message  # a KeyError would show it in quotes


def known_id(kind: str, id: str, known: Mapping[str, R]) -> R:
    """The record of an id. Raises UnknownIdError."""
    if id not in known:
        raise UnknownIdError(kind, id, known)
    return known[id]
