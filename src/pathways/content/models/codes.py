"""Codes of the outside world, and the reading of a guideline over orders: what an import and a CDS hook go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from .audience import WITHHELD
from .base import Case, Cites, Clinical, Id, Named, Rows, Text


class CodeSet(Clinical, audience=WITHHELD):
    """A reviewed set of codes that mean one thing here.

    ``means`` is what they stand for and ``gives`` its id: a ``condition`` (or group), an ``event`` or a ``number`` of the
    measures, an ``instrument``, one ``item`` of an instrument ("peg.pain"), a ``substance`` of a drug test, or something
    that the importer looks for by name (``finding``). ``icd10`` and ``cpt`` are beginnings; the other systems take whole
    codes. ``words`` are regular expressions for a display text, tried when no code is known. ``holds`` and ``leaves_out``
    are examples on both sides, "system|code" or plain text, and run as tests.
    """

    means: Literal["condition", "event", "number", "instrument", "item", "substance", "finding"]
    gives: Text
    label: Text
    snomed: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    icd10_not: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    cpt: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    words_not: tuple[str, ...] = ()
    status: Literal["active", "remission", "resolved"] | None = None
    """What the code itself says about the state of the condition ("in remission")."""
    certainty: Literal["confirmed", "coded"] = "confirmed"
    expects: tuple[Id, ...] = ()
    """Of a substance: prescribed ingredients that a test should find, so that a negative result does not fit."""
    explains: tuple[Id, ...] = ()
    """Of a substance: prescribed ingredients that make a positive result fit."""
    holds: tuple[str, ...] = Field(min_length=1)
    leaves_out: tuple[str, ...] = Field(min_length=1)


class RxTable(Clinical, audience=WITHHELD):
    """RxNorm codes of common products with their RxNorm-style names, which the name reader takes apart."""

    names: Mapping[str, str] = Field(min_length=1)


class ListedInFull(Clinical, audience=WITHHELD):
    """Medicine classes whose ingredients on the market are all in the vocabulary: a product that names another
    ingredient is in none of them. ``tells`` are parts of a name that take this certainty away."""

    classes: tuple[Id, ...] = Field(min_length=1)
    tells: tuple[str, ...] = ()


class OrderSetting(Named, audience=WITHHELD):
    """A default that a site may change: a number the guideline leaves to judgement."""

    label: Text
    value: float
    lo: float
    hi: float
    unit: str = ""
    row: Rows = ()
    source: Cites

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.lo <= self.value <= self.hi:
            raise ValueError(f"the value {self.value:g} is outside {self.lo:g} to {self.hi:g}")
        return self


class OrderFact(Named, audience=WITHHELD):
    """A fact about the orders of a request. Without ``when`` it is worked out by the importer; with ``when`` it is a
    definition over others. ``needs`` says what element would settle it."""

    label: Text
    type: Literal["yes_no", "number"] = "yes_no"
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    when: str | None = None
    needs: str = ""
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if (self.type == "number") != (self.lo is not None and self.hi is not None):
            raise ValueError("a number needs lo and hi, and only a number has them")
        if self.when is None and not self.needs:
            raise ValueError("say in 'needs' which element of a record would settle it")
        return self


class OrderBase(Named, audience=WITHHELD):
    """A named partial set of order facts that cases start from."""

    given: Mapping[str, bool | float | tuple[float, float]]


class OrderReading(Named, audience=WITHHELD):
    """How a recommendation is read over orders and records alone. ``id`` is the recommendation's."""

    when: str
    done: str | None = None
    row: Rows
    source: Cites
    says: Text
    cases: tuple[Case, ...] = Field(min_length=3)
