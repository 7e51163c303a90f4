"""Marks on the fields of the records: what an id points at, and which texts are conditions.

A field that names another record has one of the types below, so that one walk (`content.references`) finds every
misspelt reference. A new kind of reference is a new mark here and, if it is no table, its names in that module.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from ..patterns import hangs

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=900)]


@dataclass(frozen=True)
class Ref:
    """The text names one of ``kinds``: the record of a table, or what `content.references.NAMES` lists.

    ``of`` says whose (the item of an instrument, the part of a need): a field of the same record or of one around it,
    ``key`` for the key of the mapping that the text is a value of, or ``record`` for the record of the table itself.
    """

    kinds: tuple[str, ...]
    of: str = ""


@dataclass(frozen=True)
class Predicate:
    """The text is a condition over facts."""


def to(*kinds: str, of: str = "") -> Ref:
    """The mark of a reference to one of ``kinds``."""
    return Ref(kinds, of)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"'{pattern[:60]}' is not a regular expression: {error}") from None
    if problem := hangs(pattern):
        raise ValueError(f"'{pattern[:60]}' is not used: {problem}")
    return pattern


Pattern = Annotated[str, StringConstraints(strip_whitespace=False), AfterValidator(_compiles)]
"""A regular expression, with the blanks at its ends: without them "no " would stand in every "normal"."""
When = Annotated[str, Predicate()]
WhenText = Annotated[Text, Predicate()]

ActionId = Annotated[Id, to("action")]
AnswerId = Annotated[Id, to("answer")]
BaseId = Annotated[Id, to("base")]
BesideId = Annotated[Id, to("treatment", "action")]
CareLevelId = Annotated[Id, to("care_level")]
ClassId = Annotated[Id, to("medicine_class")]
ClassOrMedicineId = Annotated[Id, to("medicine_class", "medicine")]
DecisionId = Annotated[Id, to("decision")]
DisagreementId = Annotated[Id, to("disagreement")]
EmergencyId = Annotated[Id, to("emergency")]
GroupId = Annotated[Id, to("condition_group")]
InstrumentId = Annotated[Id, to("instrument")]
MeasureId = Annotated[Id, to("measure")]
MeasuredId = Annotated[Id, to("measure", "instrument")]
MedicineId = Annotated[Id, to("medicine")]
NeedId = Annotated[Id, to("need")]
PathwayId = Annotated[Id, to("pathway")]
RecommendationId = Annotated[Id, to("recommendation")]
RiskModelId = Annotated[Id, to("risk_model")]
RoleId = Annotated[Id, to("role")]
SourceId = Annotated[Id, to("source")]
TreatmentId = Annotated[Id, to("treatment")]
UrineTestId = Annotated[Id, to("urine_test")]

ChoiceId = Annotated[Id, to("choice")]
"""An answer with options."""
FactName = Annotated[Id, to("fact")]
"""A fact that conditions may read: an answer, a declared fact, or one that the loader makes."""
Option = Annotated[str, to("option", of="key")]
YesNoId = Annotated[Id, to("yes/no answer")]
NumberName = Annotated[Id, to("number")]
Ask = Annotated[Id, to("question")]
"""What may be asked: a fact, an instrument, or an entry of a list (``medicines.<class>``, ``observations.<measure>``)."""
Given = Annotated[Any, to("option", of="key")]
"""What a fact is given as: of a choice, one or several of its options."""
