"""A learner's file: an anonymous id, the answers, the marks, how sure, and the first words of the feedback. No name, no day.

Read as what comes from outside: within limits, closed shapes, control characters taken out. Written whole, for its owner
alone, and never over a file that is not one of these.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator

from ...content.problems import problem_lines
from ...disk import write_file
from ...disk.incoming import InputError, clean_data, from_json, from_toml, read_file, text_of
from ...disk.limits import LEARNER_BYTES, TEACHING_BYTES, Limit
from ...profile.decisions import no_person
from .teaching_file import Kind, Name, Sheet

ENDING = ".learner.json"
ANSWERS_ENDING = ".answers.json"
MADE_BY, MADE_BY_PAGE = "pathways teach", "pathways teach page"
LEARNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
File = TypeVar("File", bound=BaseModel)
Id = Annotated[str, Field(max_length=80)]
Text = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(max_length=1500)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]


class TeachError(ValueError):
    """A file of a lesson that cannot be used. ``problems``: one line each, where, what, and how to mend it."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Answer(Sheet):
    """What a learner says to one question; each kind takes its own fields. ``sure`` is in percent."""

    choose: tuple[Id, ...] = Field((), max_length=60)
    order: tuple[Id, ...] = Field((), max_length=60)
    pair: tuple[Id, ...] = Field((), max_length=2)
    asks: tuple[Id, ...] = Field((), max_length=60)
    plan: Mapping[Id, Id] = Field({}, max_length=200)
    medicines: Mapping[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")], Id] = Field({}, max_length=200)
    emergencies: tuple[Id, ...] = Field((), max_length=60)
    text: Text = ""
    sure: Percent | None = None

    @field_validator("text")
    @classmethod
    def _no_person(cls, given: str) -> str:
        return no_person(given)

    @property
    def given(self) -> bool:
        """Whether anything was answered."""
        return any(getattr(self, name) for name in FIELDS if name != "sure")


FIELDS = tuple(Answer.model_fields)
TAKES: Mapping[str, tuple[str, ...]] = {
    "findings": ("choose",),
    "rank": ("order",),
    "plan": ("plan", "medicines", "asks", "emergencies"),
    "unsafe_pair": ("pair",),
    "ask": ("asks",),
    "text": ("text",),
}
"""The fields that an answer of each kind has, beside how sure."""


class Miss(Sheet):
    """Something that was missed or wrong: an id to count by, and its words."""

    id: Annotated[str, Field(max_length=120)]
    words: Annotated[str, Field(max_length=300)]


class Mark(Sheet):
    """What came of one answer. ``right`` is None where nothing was answered (not asked is not wrong) or nothing is marked.
    ``pain`` and ``oud``, of a plan: whether that side is met as far as any plan that was found meets it; None where it is not
    raised. ``did``: what was chosen, in words."""

    question: Name
    kind: Kind
    answered: bool
    right: bool | None
    score: Annotated[float, Field(ge=0, le=1)]
    sure: Percent | None = None
    missed: tuple[Miss, ...] = Field((), max_length=60)
    did: tuple[Annotated[str, Field(max_length=300)], ...] = Field((), max_length=250)
    says: tuple[Line, ...] = Field((), max_length=60)
    pain: bool | None = None
    oud: bool | None = None


class LearnerFile(Sheet):
    """All that one learner did with one version of one teaching case."""

    made_by: Literal["pathways teach"]
    schema_version: Literal[1] = 1
    learner: Annotated[str, Field(max_length=20)]
    case: Annotated[str, Field(max_length=120)]
    title: Annotated[str, Field(max_length=300)]
    version: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kit: Annotated[str, Field(max_length=40)]
    answers: Mapping[Name, Answer] = Field(max_length=40)
    marks: tuple[Mark, ...] = Field(max_length=40)

    @field_validator("learner")
    @classmethod
    def _anonymous(cls, given: str) -> str:
        return learner_id(given)


class AnswerFile(Sheet):
    """What a learner saved from the page of a lesson: the answers alone, to be marked by whoever has the case."""

    made_by: Literal["pathways teach page"]
    schema_version: Literal[1] = 1
    learner: Annotated[str, Field(max_length=20)]
    case: Annotated[str, Field(max_length=120)]
    version: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    answers: Mapping[Name, Answer] = Field(max_length=40)

    @field_validator("learner")
    @classmethod
    def _anonymous(cls, given: str) -> str:
        return learner_id(given)


def learner_id(given: str) -> str:
    """An anonymous id as it is. Raises ValueError for what is none, or looks like a person's number."""
    if not LEARNER.fullmatch(given):
        raise ValueError(
            f"'{given[:30]}' is no learner id: 2 to 20 letters, digits and hyphens, such as L-7F3A; no name"
        )
    return no_person(given)


def new_id() -> str:
    """An id drawn by chance: letters and digits in turn, so that it is never a long number."""
    pairs = (secrets.choice("BCDFGHJKMNPQRSTVWXYZ") + secrets.choice("0123456789") for _ in range(3))
    return f"L-{''.join(pairs)}"


# ---- answers from a file ----------------------------------------------------------------------------------------


def read_answers(path: Path) -> tuple[str | None, dict[str, Answer]]:
    """The learner's id, if it is given, and the answers out of an answer sheet (TOML) or of a file that the page of a lesson
    saved. Raises TeachError."""
    if path.name.endswith(ANSWERS_ENDING):
        saved = read_saved(path)
        return saved.learner, dict(saved.answers)
    data = data_of(path, TEACHING_BYTES, from_toml)
    problems = [f"{path.name}: there is no such field: {key[:40]}. There may stand learner, answers" for key in data
                if key not in ("learner", "answers")]  # fmt: skip  # one thought
    learner, given = data.get("learner"), data.get("answers", {})
    if learner is not None:
        try:
            learner_id(learner if isinstance(learner, str) else repr(learner))
        except ValueError as error:
            problems.append(f"{path.name}: learner: {error}")
    found: dict[str, Answer] = {}
    for id, one in given.items() if isinstance(given, dict) else ():
        try:
            found[id] = Answer.model_validate(_sheet(one))
        except ValidationError as error:
            problems += problem_lines(error, Answer, path.name, f"answers.{id[:40]}")
    if not isinstance(given, dict):
        problems.append(f"{path.name}: answers: write one table for each question: [answers.ID]")
    if problems:
        raise TeachError(*problems)
    return learner, found


def _sheet(one: Any) -> Any:
    """An answer of a sheet: how sure may be left blank."""
    return {k: v for k, v in one.items() if not (k == "sure" and v == "")} if isinstance(one, dict) else one


# ---- the file of a learner --------------------------------------------------------------------------------------


def read_learner(path: Path) -> LearnerFile:
    """One learner's file. Raises TeachError."""
    return _made_by(path, MADE_BY, LearnerFile, "no file of 'pathways teach run'")


def read_saved(path: Path) -> AnswerFile:
    """The answers that a learner saved from the page of a lesson. Raises TeachError."""
    return _made_by(path, MADE_BY_PAGE, AnswerFile, "no file that the page of a lesson saved")


def _made_by(path: Path, maker: str, model: type[File], otherwise: str) -> File:
    """A file that says who made it, in its closed shape."""
    data = data_of(path, LEARNER_BYTES, from_json)
    if not isinstance(data, dict) or data.get("made_by") != maker:
        raise TeachError(f"{path.name}: this is {otherwise}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise TeachError(*problem_lines(error, model, path.name)) from None


def is_learner_file(path: Path) -> bool:
    """Whether a file is one of these, as far as it says so itself. Doubt counts as no."""
    try:
        read_learner(path)
    except (TeachError, OSError):
        return False
    return True


def write_learner(path: Path, made: LearnerFile) -> None:
    """Write a learner's file in one step, readable by its owner alone. Raises TeachError where another file lies there, and
    OSError."""
    if path.is_dir() or (path.exists() and not is_learner_file(path)):
        raise TeachError(f"{path}: there is something else by that name, and it is kept; name another file with --out")
    write_file(path, (json.dumps(plain(made), indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace"))


def plain(made: LearnerFile) -> dict[str, Any]:
    """The file as JSON data: the same answers give the same bytes."""
    data = clean_data(made.model_dump(mode="json", exclude_defaults=True))
    assert isinstance(data, dict)
    return {**data, "schema_version": made.schema_version}


def data_of(path: Path, most: Limit, read: Callable[[str], Any], missing: str = "") -> Any:
    """The plain data of a file from outside. Raises TeachError; ``missing`` says what makes a file that is not there."""
    try:
        return read(text_of(read_file(path, most)))
    except FileNotFoundError:
        raise TeachError(f"{path}: there is no such file{missing}") from None
    except InputError as error:
        raise TeachError(f"{path.name}: {error}") from None
    except OSError as error:
        raise TeachError(f"{path.name}: cannot be read: {error.strerror or error}") from None
