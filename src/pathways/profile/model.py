"""`Profile`: what is known about one person. Scalar answers and three lists, and nothing is ever filled in silently.

Blank means unknown. Each list says whether it is complete; only then, or when a class was asked and none was found,
does absence mean "no".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from ..content import Content
from ..content import models as m
from ..content.models.audience import Shared, Vocabulary, Withheld
from ..content.models.base import Route
from ..content.problems import problem_lines
from ..language.nearest import did_you_mean
from ..language.words import counted
from .coverage import Coverage
from .dates import PartialDate
from .parts import Long, Numeric, Part, ProfileError, Short, content_of
from .sharing import Close, Consent, Difference, Owner
from .teaching import Teaches

SCHEMA_VERSION = 1
Complete = Literal["yes", "no", "assumed"]
Ids = tuple[Short, ...]
AnswerValue = bool | int | float | str | tuple[float, float] | tuple[str, ...]


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
    class the entry is unrecognized. ``written``, ``start``, ``supply_days`` and ``setting`` describe an order.
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
                    f"no ingredient '{ingredient}'.{did_you_mean(ingredient, content.medicines)} "
                    "An unlisted medicine goes into 'name'"
                )
        if self.medicine_class and self.medicine_class not in content.medicine_classes:
            raise ValueError(
                f"no class '{self.medicine_class}'.{did_you_mean(self.medicine_class, content.medicine_classes)}"
            )
        if self.per_day_min is not None and self.per_day_max is not None and self.per_day_min > self.per_day_max:
            raise ValueError(f"per_day_min {self.per_day_min:g} is above per_day_max {self.per_day_max:g}")
        return self

    @property
    def label(self) -> str:
        """A name for people: the text as written, else the ingredients, else the class."""
        return self.name or " + ".join(self.ingredients or self.dose) or (self.medicine_class or "")


class Observation(Part):
    """A dated observation: a ``measure`` or an instrument, with a ``value`` (or typed total), or its item answers."""

    measure: Vocabulary[Short]
    value: Shared[Annotated[float | str | None, Numeric]] = None
    items: Shared[Annotated[Mapping[str, int], Numeric]] = Field({})
    date: Shared[PartialDate | None] = None
    source: Withheld[Short] = ""
    note: Withheld[Short] = ""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        content = content_of(info)
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
        if measure.type == "number" and self.value is not None:
            if not isinstance(self.value, float):
                raise ValueError(f"{measure.id}: {self.value!r} is not a number")
            assert measure.lo is not None and measure.hi is not None
            if not measure.lo <= self.value <= measure.hi:
                raise ValueError(
                    f"{measure.id}: {self.value:g} is outside {measure.lo:g} to {measure.hi:g} {measure.unit}".rstrip()
                )
        if measure.type == "choice" and self.value is not None and self.value not in measure.choices:
            raise ValueError(f"{measure.id}: {self.value!r} is none of {', '.join(measure.choices)}")
        if measure.type == "event" and self.value is not None:
            raise ValueError(f"{measure.id} is an event: it has a date and no value")

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


class ListsComplete(Part):
    """Whether each list is the whole list: ``yes`` (the team says so), ``assumed`` (a system says so), ``no``."""

    conditions: Shared[Complete] = "no"
    medicines: Shared[Complete] = "no"
    observations: Shared[Complete] = "no"


class AskedNone(Part):
    """What was asked and is not there, although the list as a whole may be incomplete: group, class and measure ids."""

    conditions: Vocabulary[Ids] = ()
    medicines: Vocabulary[Ids] = ()
    observations: Vocabulary[Ids] = ()

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Self:
        if not (self.conditions or self.medicines or self.observations):
            return self
        content = content_of(info)
        for field, known in (
            ("conditions", content.condition_groups),
            ("medicines", content.medicine_classes),
            ("observations", {**content.measures, **content.instruments}),
        ):
            for id in getattr(self, field):
                if id not in known:
                    raise ValueError(f"{field}: nothing called '{id}'.{did_you_mean(id, known)}")
        return self


class Profile(Part):
    """One person at one moment. Load one with `Profile.load`; `as_of` is the day that everything is reckoned from.

    ``answers`` by question id, in the unit that the question names. What is left out is unknown, never "no"; of each
    of the three lists ``complete`` says whether it is the whole one. ``assumed`` names answers that a form filled in by
    default, ``cannot_answer`` questions not to ask again. Raises ProfileError, as `load` and `from_dict` do.

    >>> Profile.from_dict({"answers": {"age_years": 58}, "medicines": [{"name": "oxycodone", "state": "current"}]})
    Profile(1 answer, 0 conditions, 1 medicine, 0 observations)
    >>> Profile(answers={"age_yers": 58})
    Traceback (most recent call last):
    pathways.profile.parts.ProfileError: answers: no answer 'age_yers'. Did you mean 'age_years'?
    """

    TOP: ClassVar[str] = "case file"

    schema_version: Shared[Literal[1]] = 1
    title: Withheld[Short] = ""
    as_of: Shared[date | None] = None
    answers: Vocabulary[Mapping[str, AnswerValue]] = Field({})
    assumed: Vocabulary[Ids] = ()
    conditions: Vocabulary[tuple[Condition, ...]] = Field((), max_length=500)
    medicines: Vocabulary[tuple[Medicine, ...]] = Field((), max_length=500)
    observations: Vocabulary[tuple[Observation, ...]] = Field((), max_length=5000)
    complete: Withheld[ListsComplete] = ListsComplete()
    asked_none: Vocabulary[AskedNone] = AskedNone()
    coverage: Withheld[tuple[Coverage, ...]] = Field((), max_length=100)
    cannot_answer: Withheld[Ids] = ()
    consents: Withheld[tuple[Consent, ...]] = Field((), max_length=50)
    differences: Withheld[tuple[Difference, ...]] = Field((), max_length=50)
    owners: Withheld[tuple[Owner, ...]] = Field((), max_length=100)
    people: Withheld[tuple[Close, ...]] = Field((), max_length=20)
    notes: Withheld[Long] = ""
    teaches: Withheld[Teaches | None] = None

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise ProfileError(list(problem_lines(error, type(self)))) from None

    # As pydantic marks its own: `model_validate` goes on validating with its context, and does not come through here.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        day = f"as_of={self.as_of}, " if self.as_of else ""
        lists = ("answers", "conditions", "medicines", "observations")
        parts = (counted(len(getattr(self, name)), name.removesuffix("s")) for name in lists)
        return f"Profile({day}{', '.join(parts)})"

    __str__ = __repr__

    @field_validator("answers", mode="before")
    @classmethod
    def _answers_fit(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, Mapping):
            raise ValueError("must be a table of answers")
        content = content_of(info)
        problems: list[str] = []
        answers: dict[str, AnswerValue] = {}
        for id, value in given.items():
            if value is None:
                continue  # JSON null: not answered
            if id not in content.answers:
                problems.append(f"no answer '{id}'.{did_you_mean(str(id), content.answers)}")
                continue
            try:
                answers[id] = fit_answer(content.answers[id], value)
            except ValueError as error:
                problems.append(f"{id}: {error}")
        if problems:
            raise ValueError("; ".join(problems))
        return answers

    @field_validator("coverage")
    @classmethod
    def _each_once(cls, given: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
        services = [entry.service for entry in given]
        if twice := [id for n, id in enumerate(services) if id in services[:n]]:
            raise ValueError(f"'{twice[0]}' is given twice; one entry for each service")
        return given

    @field_validator("schema_version", mode="before")
    @classmethod
    def _version_is_a_number(cls, given: Any) -> Any:
        if isinstance(given, bool):
            raise ValueError("should be 1, a number")  # True equals 1 and would pass
        return given

    @classmethod
    def load(cls, path: Path | str, content: Content | None = None) -> Profile:
        """Read a case file (TOML or JSON). Raises ProfileError: where, what was given, what is allowed."""
        from .files import load_profile

        return load_profile(Path(path), content)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], content: Content | None = None) -> Profile:
        """Make a profile from plain data. Raises ProfileError."""
        from .files import profile_from_data

        return profile_from_data(data, content)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without what was never said; `Profile.from_dict` gives the same profile back."""
        from .files import plain_data

        return plain_data(self)

    def save(self, path: Path | str) -> None:
        """Write a case file, TOML or JSON by its ending, readable by its owner only."""
        from .files import save_profile

        save_profile(self, Path(path))


def fit_answer(answer: m.Answer, value: Any) -> AnswerValue:
    """An answer in the type of its question. Raises ValueError: what was given, what is allowed.

    A number may be a pair (from, to) and a choice a list of what is still possible: partly known.
    """
    match answer.type:
        case "yes_no":
            if isinstance(value, bool):
                return value
            raise ValueError(f"{_shown(value)} is neither true nor false (leave it out when not known)")
        case "number":
            pair = value if isinstance(value, (list, tuple)) else (value, value)
            if len(pair) != 2 or any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in pair):
                raise ValueError(f"{_shown(value)} is not a number{_unit(answer)}")
            assert answer.lo is not None and answer.hi is not None
            if any(v != v for v in pair):
                raise ValueError(f"{_shown(value)} is not a number{_unit(answer)}")
            if not answer.lo <= pair[0] <= pair[1] <= answer.hi:
                raise ValueError(f"{_shown(value)} is outside {answer.lo:g} to {answer.hi:g}{_unit(answer)}")
            if any(round(v, answer.decimals) != v for v in pair):
                raise ValueError(f"{_shown(value)} has more than {answer.decimals} decimals")
            return (float(pair[0]), float(pair[1])) if isinstance(value, (list, tuple)) else value
        case "choice" | "many":
            many = tuple(value) if isinstance(value, (list, tuple)) else (value,)
            for one in many:
                if not isinstance(one, str) or one not in answer.choices:
                    hint = did_you_mean(one, answer.choices) if isinstance(one, str) else ""
                    raise ValueError(f"{_shown(one)} is none of {', '.join(answer.choices)}.{hint}")
            if not many or (answer.type == "many" and answer.most and len(many) > answer.most):
                raise ValueError(f"{len(many)} given; {'at most ' + str(answer.most) if many else 'at least one'}")
            return many if answer.type == "many" or len(many) > 1 else many[0]
        case "text":
            if isinstance(value, str) and len(value) <= 2000:
                return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", value)
            raise ValueError("must be text of at most 2,000 characters")


def _unit(answer: m.Answer) -> str:
    return f" {answer.unit}" if answer.unit else ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
