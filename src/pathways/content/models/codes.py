"""Codes of the outside world, and what orders and records alone can tell: what an import and a CDS hook go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import WITHHELD, Vocabulary
from .base import Cites, Clinical, Named, Route, Rows
from .marks import ClassId, FactName, Pattern, Text, UrineTestId, to


class CodeSet(Clinical, audience=WITHHELD):
    """A reviewed set of codes that mean one thing here.

    ``means`` is what they stand for and ``gives`` its id: a ``condition`` (or group), an ``event`` or a ``number`` of the
    measures, an ``instrument``, one ``item`` of an instrument ("peg.pain"), a ``substance`` of a drug test, or something
    that the importer looks for by name (``finding``). ``icd10`` and ``cpt`` are beginnings; the other systems take whole
    codes. ``words`` are regular expressions for a display text, tried when no code is known. ``holds`` and ``leaves_out``
    are examples on both sides, "system|code" or plain text, and run as tests.
    """

    means: Literal["condition", "event", "number", "instrument", "item", "substance", "finding"]
    gives: Annotated[Text, to("meaning", of="means")]
    label: Text
    snomed: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    icd10_not: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    cpt: tuple[str, ...] = ()
    words: tuple[Pattern, ...] = ()
    words_not: tuple[Pattern, ...] = ()
    status: Literal["active", "remission", "resolved"] | None = None
    """What the code itself says about the state of the condition ("in remission")."""
    certainty: Literal["confirmed", "coded"] = "confirmed"
    tests: tuple[UrineTestId, ...] = ()
    """Of a substance: the urine tests that a result may be of, which say what it answers to; without one it is not judged."""
    holds: tuple[str, ...] = Field(min_length=1)
    leaves_out: tuple[str, ...] = Field(min_length=1)


class RxTable(Clinical, audience=WITHHELD):
    """RxNorm codes of common products with their RxNorm-style names, which the name reader takes apart; or ``brands``,
    names instead of codes."""

    brands: bool = False
    names: Mapping[str, str] = Field(min_length=1)


class RouteName(Clinical, audience=WITHHELD):
    """How records name a ``route``: ``codes`` whatever the system, and whole ``words`` of a text, in small letters."""

    route: Route
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class ListedInFull(Clinical, audience=WITHHELD):
    """Medicine classes whose ingredients on the market are all in the vocabulary: a product that names another
    ingredient is in none of them. ``tells`` are parts of a name that take this certainty away."""

    classes: tuple[ClassId, ...] = Field(min_length=1)
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


class OrderInput(Named, audience=WITHHELD):
    """A fact that is worked out from orders and records alone; its id is the fact's. ``says`` is what it says there, where
    that is narrower than the label of the fact; ``needs`` the element of a record that would settle it."""

    id: Vocabulary[FactName]
    says: str = ""
    needs: Text
