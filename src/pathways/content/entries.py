"""The entries of the three lists: a condition, a medicine, an observation, each checked against the vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from ..language.nearest import did_you_mean
from ..language.words import soft
from . import models as m
from .dates import PartialDate
from .medicine_names import say_nearest
from .models.audience import Shared, Vocabulary, Withheld
from .models.base import Route
from .parts import Numeric, Part, Short, content_of

Ids = tuple[Short, ...]


def _none_of(given: Ids, known: Mapping[str, Any]) -> None:
    for id in given:
        if id != "*" and id not in known:
            raise ValueError(f"none_of: nothing called '{id}'.{did_you_mean(id, known)}")


class Condition(Part):
    """An entry of the conditions list. ``id`` is a condition or a group of the content; without one it is text only and
    makes every ``has_`` fact that it could change unknown, unless listed under ``none_of`` ("*" for all)."""

    id: Vocabulary[Short | None] = None
    name: Withheld[Short] = ""
    status: Shared[Literal["active", "remission", "resolved", "inactive"]] = "active"
    since: Shared[PartialDate | None] = None
    until: Shared[PartialDate | None] = None
    certainty: Shared[Literal["confirmed", "coded", "suspected", "refuted"]] = "confirmed"
    none_of: Withheld[Ids] = ()

    @model_validator(mode="after")
    def _says_what(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        if self.id is None and not self.name:
            raise ValueError("needs an id, or a name as text")
        _none_of(self.none_of, content.condition_groups)
        if self.id is not None and self.id not in content.conditions and self.id not in content.condition_groups:
            known = {**content.conditions, **content.condition_groups}
            raise ValueError(
                f"no condition '{self.id}'.{did_you_mean(self.id, known)} An unlisted one goes into 'name'"
            )
        return self


class Medicine(Part):
    """An entry of the medicines list.

    ``dose`` maps each ingredient to the amount of one intake, in ``unit``; ``per_day_min`` and ``per_day_max``
    are intakes a
    day (as needed: from 0). ``class`` stands for "one of this class, which is not known". Without a known ingredient or
    class the entry is unrecognized. ``use_unknown``: it is listed, and nobody knows whether it is taken. ``written``,
    ``start``, ``supply_days`` and ``setting`` describe an order.
    """

    name: Withheld[Short] = ""
    ingredients: Vocabulary[Ids] = ()
    medicine_class: Vocabulary[Short | None] = Field(None, alias="class")
    none_of: Withheld[Ids] = ()
    route: Shared[Route | None] = None
    release: Shared[Literal["ir", "er"] | None] = None
    dose: Shared[Annotated[Mapping[str, Annotated[float, Field(ge=0, le=1_000_000)]], Numeric]] = Field({})
    unit: Shared[Literal["mg", "mcg", "mcg/h"]] = "mg"
    per_day_min: Shared[Annotated[float | None, Field(ge=0, le=100), Numeric]] = None
    per_day_max: Shared[Annotated[float | None, Field(ge=0, le=100), Numeric]] = None
    as_needed: Shared[bool | None] = None
    state: Shared[Literal["current", "proposed", "stopped"]]
    purpose: Shared[Literal["pain", "oud", "other"] | None] = None
    written: Shared[PartialDate | None] = None
    start: Shared[PartialDate | None] = None
    stop: Shared[PartialDate | None] = None
    supply_days: Shared[Annotated[float | None, Field(ge=0, le=3660), Numeric]] = None
    setting: Shared[Literal["community", "inpatient", "otp"] | None] = None
    prescriber: Withheld[Short] = ""
    source: Withheld[Literal["person", "pdmp", "otp", "chart", "nonprescribed"] | None] = None
    as_prescribed: Withheld[bool | None] = None
    use_unknown: Shared[bool | None] = None
    _class_words: str = PrivateAttr("")
    """What the content calls the class, for the middle of a line: ids are not read out to people."""

    @field_validator("medicine_class")
    @classmethod
    def _in_our_words(cls, given: str | None, info: ValidationInfo) -> str | None:
        """The class that others call so, such as MAT for medication for OUD."""
        classes = content_of(info).medicine_classes
        if given is None or given in classes:
            return given
        word = given.strip().casefold()
        return next((c.id for c in classes.values() if word in (name.casefold() for name in c.names)), given)

    @model_validator(mode="after")
    def _makes_sense(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        if not (self.name or self.ingredients or self.dose or self.medicine_class):
            raise ValueError("needs a name, ingredients, a dose or a class")
        _none_of(self.none_of, content.medicine_classes)
        for ingredient in self.dose:
            if self.ingredients and ingredient not in self.ingredients:
                raise ValueError(f"dose names '{ingredient}', which is not among the ingredients")
        for ingredient in (*self.ingredients, *self.dose):
            if ingredient not in content.medicines:
                raise ValueError(
                    f"no ingredient '{ingredient}'.{say_nearest(content, ingredient)} "
                    "An unlisted medicine goes into 'name'"
                )
        if self.medicine_class and self.medicine_class not in content.medicine_classes:
            raise ValueError(
                f"no class '{self.medicine_class}'.{did_you_mean(self.medicine_class, content.medicine_classes)}"
            )
        if self.per_day_min is not None and self.per_day_max is not None and self.per_day_min > self.per_day_max:
            raise ValueError(f"per_day_min {self.per_day_min:g} is above per_day_max {self.per_day_max:g}")
        if self.medicine_class:
            self._class_words = soft(content.medicine_classes[self.medicine_class].label)
        return self

    @property
    def label(self) -> str:
        """A name for people: the text as written, else the ingredients, else the class in words."""
        return self.name or " + ".join(self.ingredients or self.dose) or self._class_words or self.medicine_class or ""


class Observation(Part):
    """A dated observation: a ``measure`` or an instrument, with a ``value`` (or typed total), or its item answers.

    A number of which only a limit was reported ("> 60") has ``at_least`` or ``at_most`` instead of a value."""

    measure: Vocabulary[Short]
    value: Shared[Annotated[float | str | None, Numeric]] = None
    at_least: Shared[Annotated[float | None, Numeric]] = None
    at_most: Shared[Annotated[float | None, Numeric]] = None
    items: Shared[Annotated[Mapping[str, int], Numeric]] = Field({})
    date: Shared[PartialDate | None] = None
    source: Withheld[Short] = ""
    note: Withheld[Short] = ""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        content = content_of(info)
        limits = [limit for limit in (self.at_least, self.at_most) if limit is not None]
        if limits and (self.value is not None or content.measures.get(self.measure, None) is None):
            raise ValueError(f"{self.measure}: a limit belongs to a measured number that has no value")
        if instrument := content.instruments.get(self.measure):
            self._fits_instrument(instrument)
        elif measure := content.measures.get(self.measure):
            self._fits_measure(measure)
        elif self.measure != "unrecognized":
            known = {**content.measures, **content.instruments}
            raise ValueError(f"no measure '{self.measure}'.{did_you_mean(self.measure, known)}")
        return self

    def _fits_measure(self, measure: m.Measure) -> None:
        if self.items:
            raise ValueError(f"{measure.id} has no items")
        limits = [limit for limit in (self.at_least, self.at_most) if limit is not None]
        if limits and (measure.type != "number" or limits != sorted(limits)):
            raise ValueError(f"{measure.id}: at_least and at_most are limits of a number, the lower one first")
        if measure.type == "number":
            for value in limits if self.value is None else (self.value,):
                self._in_range(measure, value)
        if measure.type == "choice" and self.value is not None and self.value not in measure.choices:
            raise ValueError(f"{measure.id}: {self.value!r} is none of {', '.join(measure.choices)}")
        if measure.type == "event" and self.value is not None:
            raise ValueError(f"{measure.id} is an event: it has a date and no value")

    def _in_range(self, measure: m.Measure, value: float | str) -> None:
        if not isinstance(value, float):
            raise ValueError(f"{measure.id}: {value!r} is not a number")
        assert measure.lo is not None and measure.hi is not None
        if not measure.lo <= value <= measure.hi:
            raise ValueError(
                f"{measure.id}: {value:g} is outside {measure.lo:g} to {measure.hi:g} {measure.unit}".rstrip()
            )

    def _fits_instrument(self, instrument: m.Instrument) -> None:
        items = {item.id: item for item in instrument.items}
        for id, value in self.items.items():
            if id not in items:
                raise ValueError(f"{instrument.id} has no item '{id}'.{did_you_mean(id, items)}")
            if value not in items[id].values:
                allowed = ", ".join(map(str, items[id].values))
                raise ValueError(f"{instrument.id}, {id}: {value} is not an answer; allowed are {allowed}")
        if self.value is None:
            return
        if not isinstance(self.value, float) or not instrument.lo <= self.value <= instrument.hi:
            raise ValueError(f"{instrument.id}: total {self.value!r} is outside {instrument.lo:g} to {instrument.hi:g}")
