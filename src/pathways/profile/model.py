"""`Profile`: what is known about one person. Scalar answers and three lists, and nothing is ever filled in silently.

Blank means unknown. Each list says whether it is complete; only then, or when a class was asked and none was found,
does absence mean "no".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from ..content import Content
from ..content import models as m
from ..content.entries import Condition, Ids, Medicine, Observation
from ..content.models.audience import Shared, Vocabulary, Withheld
from ..content.parts import Long, Part, Short, content_of
from ..content.problems import problem_lines
from ..disk.incoming import broken_in, clean_data
from ..disk.limits import ANSWERS, HINTS, not_reckoned_from
from ..intake.entries import entries_by_name
from ..language.nearest import did_you_mean
from ..language.words import counted
from .allergies import Allergy
from .coverage import Coverage
from .decisions import Decision, Seat
from .doubts import Doubtful
from .errors import ProfileError
from .sharing import Close, Consent, Difference, Owner
from .teaching import Teaches
from .wishes import Wish

SCHEMA_VERSION = 1
MOST_MEDICINES = 500
Complete = Literal["yes", "no", "assumed"]
AnswerValue = bool | int | float | str | tuple[float, float] | tuple[str, ...]


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
    default, ``cannot_answer`` questions not to ask again, ``confirmed`` what the team said is rightly understood of what was
    imported (own words → what was made of them), ``doubtful`` what was doubtful of it and nobody settled. Raises
    ProfileError, as `load` and `from_dict` do.

    >>> Profile.from_dict({"answers": {"age_years": 58}, "medicines": [{"name": "oxycodone", "state": "current"}]})
    Profile(1 answer, 0 conditions, 1 medicine, 0 observations)
    >>> Profile(answers={"age_yers": 58})
    Traceback (most recent call last):
    pathways.profile.errors.ProfileError: answers: no answer 'age_yers'. Did you mean 'age_years'?
    """

    schema_version: Shared[Literal[1]] = 1
    title: Withheld[Short] = ""
    as_of: Shared[date | None] = None
    answers: Vocabulary[Mapping[str, AnswerValue]] = Field({})
    assumed: Vocabulary[Ids] = ()
    conditions: Vocabulary[tuple[Condition, ...]] = Field((), max_length=500)
    medicines: Vocabulary[tuple[Medicine, ...]] = Field((), max_length=MOST_MEDICINES)
    observations: Vocabulary[tuple[Observation, ...]] = Field((), max_length=5000)
    allergies: Vocabulary[tuple[Allergy, ...]] = Field((), max_length=100)
    complete: Withheld[ListsComplete] = ListsComplete()
    asked_none: Vocabulary[AskedNone] = AskedNone()
    coverage: Withheld[tuple[Coverage, ...]] = Field((), max_length=100)
    cannot_answer: Withheld[Ids] = ()
    confirmed: Withheld[tuple[Long, ...]] = Field((), max_length=1000)
    doubtful: Withheld[tuple[Doubtful, ...]] = Field((), max_length=1000)
    consents: Withheld[tuple[Consent, ...]] = Field((), max_length=50)
    differences: Withheld[tuple[Difference, ...]] = Field((), max_length=50)
    owners: Withheld[tuple[Owner, ...]] = Field((), max_length=100)
    decisions: Withheld[tuple[Decision, ...]] = Field((), max_length=500)
    seats: Withheld[tuple[Seat, ...]] = Field((), max_length=20)
    wishes: Withheld[tuple[Wish, ...]] = Field((), max_length=100)
    people: Withheld[tuple[Close, ...]] = Field((), max_length=20)
    notes: Withheld[Long] = ""
    teaches: Withheld[Teaches | None] = None

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise ProfileError(list(problem_lines(error, type(self)))) from None

    # As pydantic marks its own: `model_validate` goes on validating with its context, and does not come through here.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # the mark is a private name of pydantic

    def __repr__(self) -> str:
        day = f"as_of={self.as_of}, " if self.as_of else ""
        lists = ("answers", "conditions", "medicines", "observations")
        parts = (counted(len(getattr(self, name)), name.removesuffix("s")) for name in lists)
        return f"Profile({day}{', '.join(parts)})"

    __str__ = __repr__

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: Any) -> Any:
        """Whatever way it came in: a file, a form, a record or a program."""
        made = clean_data(given) if isinstance(given, dict) else given
        if isinstance(made, dict) and (field := broken_in(made)):
            raise ValueError(f"{field}: half of a letter stands there, which is no unicode text")
        return made

    @field_validator("as_of")
    @classmethod
    def _a_day_to_reckon_from(cls, given: date | None) -> date | None:
        if given and (why := not_reckoned_from(given)):
            raise ValueError(why)
        return given

    @field_validator("medicines", mode="before")
    @classmethod
    def _names_are_read(cls, given: Any, info: ValidationInfo) -> Any:
        """A medicine given by its name alone gets the ingredients of that name; two in one name are two entries."""
        if not isinstance(given, (list, tuple)) or len(given) > MOST_MEDICINES:
            return given
        return [part for entry in given for part in entries_by_name(entry, content_of(info))]

    @field_validator("answers", mode="before")
    @classmethod
    def _answers_fit(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, Mapping):
            raise ValueError("must be a table of answers")
        if len(given) > ANSWERS.most:
            raise ValueError(f"there are {len(given)}; a case has at most {ANSWERS.most}")
        content = content_of(info)
        problems: list[str] = []
        answers: dict[str, AnswerValue] = {}
        for id, value in given.items():
            if value is None:
                continue  # JSON null: not answered
            if id not in content.answers:
                hint = did_you_mean(str(id)[:60], content.answers) if len(problems) < HINTS.most else ""
                problems.append(f"no answer '{str(id)[:60]}'.{hint}")
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

    @field_validator("seats")
    @classmethod
    def _each_seat_once(cls, given: tuple[Seat, ...]) -> tuple[Seat, ...]:
        roles = [seat.role for seat in given]
        if twice := [role for n, role in enumerate(roles) if role in roles[:n]]:
            raise ValueError(f"'{twice[0]}' is given twice; one entry for each seat")
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
