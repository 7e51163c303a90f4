"""What a teaching case may say: one text file with the case, its stages, questions, objectives, musts and a guide.

The shapes only. How a file is read, and every mistake of it named in one pass, stands in `checking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ...content.models.base import Confidence
from ...profile.decisions import no_person

ENDING = ".teach.toml"
Kind = Literal["findings", "rank", "plan", "unsafe_pair", "ask", "text"]
KIND_WORDS: Mapping[str, str] = {
    "findings": "choose findings",
    "rank": "rank options",
    "plan": "build a plan",
    "unsafe_pair": "spot the unsafe pair",
    "ask": "what to ask next",
    "text": "free text",
}
"""The kinds of questions, in words."""
Side = Literal["pain", "oud", "both"]


def _not_blank(given: Any) -> Any:
    """Refuse a blank of the template that was left, and what looks like a person."""
    if isinstance(given, str):
        if not given.strip():
            raise ValueError("is blank; write it, or delete the line or its block")
        no_person(given)
    return given


def _may_be_blank(given: Any) -> Any:
    """Refuse what looks like a person; a blank is no statement."""
    return no_person(given) if isinstance(given, str) else given


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What a question, a choice or a must goes by: in the files of learners and at the head of a column."""
Line = Annotated[str, Field(max_length=300), BeforeValidator(_not_blank)]
Words = Annotated[str, Field(max_length=4000), BeforeValidator(_not_blank)]
MaybeWords = Annotated[str, Field(max_length=4000), BeforeValidator(_may_be_blank)]
ContentId = Annotated[str, Field(max_length=80), BeforeValidator(_not_blank)]
Number = Annotated[int, Field(ge=1, le=50, strict=True)]


class Sheet(BaseModel):
    """Base of what a teaching case and a learner's file are made of: frozen and closed."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        populate_by_name=True,
        defer_build=True,
    )


class Source(Sheet):
    """Who says so: a source of the content by ``id`` with the place ``at``, or the author's own ``words`` for it."""

    id: str = Field("", max_length=80)
    at: str = Field("", max_length=300)
    confidence: Confidence = "recall"
    words: str = Field("", max_length=300)

    @model_validator(mode="after")
    def _says_who(self) -> Source:
        if not (self.id or self.words):
            raise ValueError(
                'is blank; write words ("Our hospital, 2026"), or { id = "cdc2022", at = "Recommendation 5" }'
            )
        if self.id and not self.at:
            raise ValueError(f"{self.id}: at is missing, the place in the source")
        return self


def _source(given: Any) -> Any:
    return {"words": given} if isinstance(given, str) else given


Cited = Annotated[Source, BeforeValidator(_source)]


class Stage(Sheet):
    """One step of the story: what is told, and what of the case is ``shows``\\ n from here on. The last stage shows what no
    stage has named."""

    title: Line
    says: Words
    shows: tuple[ContentId, ...] = Field((), max_length=200)


class Choice(Sheet):
    """A choice of the author's own: ``right`` where findings are chosen, ``place`` (1 is first) where options are ranked."""

    says: Line
    right: bool | None = None
    place: Number | None = None
    why: MaybeWords = ""
    source: Cited | None = None


class Question(Sheet):
    """One question. ``offers`` are ids of the content, whose words and right answers the review knows; ``choices`` are the
    author's own. ``stage`` is the step at which it is asked (left out: the last); it is judged by what is known by then."""

    id: Name
    kind: Kind
    asks: Words
    stage: Number | None = None
    objective: Number | None = None
    offers: tuple[ContentId, ...] = Field((), max_length=60)
    choices: tuple[Choice, ...] = Field((), alias="choice", max_length=30)
    pairs: tuple[Annotated[tuple[ContentId, ...], Field(min_length=2, max_length=2)], ...] = Field((), max_length=20)
    most: Annotated[int, Field(ge=1, le=10, strict=True)] = 3
    side: Side = "both"
    why: MaybeWords = ""
    source: Cited | None = None
    discuss: MaybeWords = ""


class Must(Sheet):
    """Something that the author holds a plan to. Exactly one of: ``in_plan`` (at least one of these stands in it),
    ``not_in_plan`` (none of these does), ``medicine`` with ``verbs`` (what becomes of a medicine of the list), ``asked`` and
    ``seen`` (all of these were asked, or named as emergencies). ``says`` is told where it is missed."""

    id: Name
    question: Name | None = None
    in_plan: tuple[ContentId, ...] = Field((), max_length=30)
    not_in_plan: tuple[ContentId, ...] = Field((), max_length=30)
    medicine: ContentId | None = None
    verbs: tuple[ContentId, ...] = Field((), max_length=12)
    asked: tuple[ContentId, ...] = Field((), max_length=30)
    seen: tuple[ContentId, ...] = Field((), max_length=30)
    side: Side = "both"
    says: Words
    source: Cited


MUSTS = ("in_plan", "not_in_plan", "medicine", "asked", "seen")


class Guide(Sheet):
    """What the person who leads the class needs; no learner is shown it."""

    opening: MaybeWords = ""
    points: tuple[Words, ...] = Field((), max_length=20)
    closing: MaybeWords = ""


class Teaching(Sheet):
    """A whole teaching case but for the case itself (`checking.Lesson` holds both)."""

    schema_version: Literal[1] = 1
    title: Line
    made_up: Literal[True]
    minutes: Annotated[int, Field(ge=1, le=480, strict=True)] | None = None
    objectives: tuple[Line, ...] = Field(max_length=12)
    lesson: Words
    stages: tuple[Stage, ...] = Field(alias="stage", max_length=12)
    questions: tuple[Question, ...] = Field(alias="question", max_length=40)
    musts: tuple[Must, ...] = Field((), alias="must", max_length=60)
    guide: Guide = Guide()

    def question(self, id: str) -> Question:
        """A question by its id. Raises KeyError."""
        found = next((q for q in self.questions if q.id == id), None)
        if found is None:
            raise KeyError(id)
        return found

    def stage_of(self, question: Question) -> int:
        """The stage at which a question is asked, counted from 1."""
        return question.stage or len(self.stages)
