"""What the risk models may read of a case: which facts stand for which column, and how nearly."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from .base import Id, Named, Record, Text


class Possible(Record):
    """While ``when`` is surely true, the column is one of ``any``. Several of these narrow each other."""

    when: Text
    any: tuple[str | float, ...]


class RiskInput(Named):
    """One column of one model. What is not surely told stays unknown, and the estimate becomes a range.

    ``fact``: a number that is the column as it stands. ``how``: exact; approximate (``note`` says how, and the page
    shows it); not_askable (no answer of the kit tells it).
    """

    model: Text
    column: Text
    how: Literal["exact", "approximate", "not_askable"]
    values: tuple[Possible, ...] = ()
    fact: Id | None = None
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> RiskInput:
        if (self.how == "not_askable") == bool(self.values or self.fact):
            raise ValueError("an input that can be asked has values, one that cannot has none")
        if self.how == "approximate" and not self.note:
            raise ValueError("an approximate input says in its note how it differs")
        if self.id != f"{self.model}.{self.column}":
            raise ValueError(f"its id is '{self.model}.{self.column}'")
        return self


class RiskModel(Named):
    """When a model may be computed for a person: ``for_when`` must be surely true, ``not_when`` must not be true.

    ``closed`` are the words that stand in its place otherwise. Nothing else in the kit reads these conditions."""

    for_when: Text
    not_when: Text
    closed: Text
