"""Codes of the outside world, and what orders and records alone can tell: what an import and a CDS hook go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import WITHHELD, Vocabulary
from .base import Cites, Clinical, Named, Record, Rows
from .marks import ClassId, FactName, MedicineId, Pattern, Text, UrineTestId, to


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
    names instead of codes; or ``spellings``, other spellings and abbreviations, which name no brand."""

    brands: bool = False
    spellings: bool = False
    names: Mapping[str, str] = Field(min_length=1)


class OtherMedicines(Clinical, audience=WITHHELD):
    """Names of medicines, brands included, that surely are in none of ``classes``: what a name reader knows of them.

    A name that is in no table keeps every class open; so a name stands here only where each class was thought of."""

    classes: tuple[ClassId, ...] = Field(min_length=1)
    names: tuple[Text, ...] = Field(min_length=1)


class NameWords(Named, audience=WITHHELD):
    """Words of a medicine name that are no medicine: what each says of the product, or that it says nothing.

    ``says``: ``filler`` (a salt, a unit, a schedule, a time of day: nothing that changes what it is), ``joins`` (with:
    another medicine follows), ``apart`` (and: a separate medicine follows), ``doubt`` (no, or, allergic to: the name need
    not be what is taken). The others tell ``route``, ``release`` or a dose ``form``; ``daily`` that an amount may be one of
    a day; ``salt`` that it is a salt, which may be cut short at the end of a name.
    """

    says: Literal["filler", "joins", "apart", "doubt", "product"] = "product"
    route: Literal[
        "sublingual",
        "buccal",
        "transdermal",
        "nasal",
        "rectal",
        "implant",
        "injected",
        "inhaled",
        "other",
        "topical",
        "oral",
        "",
    ] = ""
    release: Literal["er", ""] = ""
    form: bool = False
    film: bool = False
    daily: bool = False
    salt: bool = False
    words: tuple[Text, ...] = Field(min_length=1)


class Combined(Record, audience=WITHHELD):
    """Ingredients that are sold together, with the strengths that the product comes in (mg, in their order)."""

    ingredients: tuple[MedicineId, ...] = Field(min_length=2)
    strengths: tuple[tuple[float, ...], ...] = ()

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if any(len(one) != len(self.ingredients) for one in self.strengths):
            raise ValueError(f"{' / '.join(self.ingredients)}: a strength for each ingredient, in their order")
        return self


class Combination(Clinical, audience=WITHHELD):
    """Products of several ingredients on the market: which number of "200-325-16" belongs to which ingredient."""

    products: tuple[Combined, ...] = Field(min_length=1)


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
