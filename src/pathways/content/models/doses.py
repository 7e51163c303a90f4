"""How a daily dose of opioids is reckoned: the published factors, what is not believed, and what is drawn beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from .audience import VOCABULARY
from .base import Cites, Clinical, Record, Route
from .marks import MedicineId, Text, to


class MmeFactor(Record, audience=VOCABULARY):
    """A conversion factor: MME per ``unit`` a day of this ingredient by these routes."""

    ingredient: MedicineId
    factor: float = Field(gt=0)
    unit: Literal["mg/day", "mcg/h"] = "mg/day"
    routes: tuple[Route, ...] = ("oral",)
    up_to_mg: float | None = None


class Believable(Record, audience=VOCABULARY):
    """Where a dose is taken for an error to settle and is not used: above ``mme`` a day of one medicine, ``units`` (tablets,
    films, intakes) a day, ``at_once`` of them in one intake, ``patches`` of one fill worn at once, ``limits`` times the most
    that a dose limit allows, or ``mg`` a day of any medicine at all."""

    mme: float = Field(gt=0)
    units: float = Field(gt=0)
    at_once: float = Field(gt=0)
    patches: float = Field(gt=0)
    limits: float = Field(gt=0)
    mg: float = Field(gt=0)
    source: Cites


class MmeMark(Record, audience=VOCABULARY):
    """A daily dose at which a source says something, drawn beside the dose of a person. It is no limit and decides nothing."""

    at: float = Field(gt=0)
    label: Text
    source: Cites


class MmeEdition(Clinical, audience=VOCABULARY):
    """A published factor table. ``left_out`` are ingredients and purposes that it leaves out on purpose, with
    the reason; ``marks`` the doses that are drawn beside that of a person."""

    title: Text
    factors: tuple[MmeFactor, ...]
    marks: tuple[MmeMark, ...] = ()
    left_out: Mapping[Annotated[str, to("medicine", "medicine:purpose")], str] = {}
    believable: Believable
    default: bool = False
