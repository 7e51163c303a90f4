"""The shapes of the content records: what a TOML file under ``content/`` may say.

Every record is frozen and refuses unknown keys, so a misspelt field is an error and not a silent default.
A clinical record names its row in the facts sheet (``row``) or says ``kind = "own"``, and carries at least
one citation: the source, the place in it, and how well that place was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from .audience import VOCABULARY, Marked, Shared, Vocabulary
from .marks import Ask, BaseId, FactName, Given, Id, SourceId, Text, to

Confidence = Literal["verified", "verified-2", "recall"]
"""``verified`` read in the source; ``verified-2`` read in a secondary source; ``recall`` still to be confirmed."""
CONFIDENCE_ORDER: tuple[Confidence, ...] = ("recall", "verified-2", "verified")

FactKind = Literal[
    "has",
    "takes",
    "proposed",
    "count",
    "latest",
    "days_since",
    "days_until",
    "within",
    "dose",
    "score",
    "definition",
    "code",
    "on_record",
    "order",
]
Phase = Literal["today", "this_week", "weeks_1_4", "months_2_3", "maintain"]
PHASES: tuple[Phase, ...] = ("today", "this_week", "weeks_1_4", "months_2_3", "maintain")
Severity = Literal["stop", "major", "moderate", "note", "timing"]
Level = Literal["act_now", "same_day", "this_visit"]
LEVELS: tuple[Level, ...] = ("act_now", "same_day", "this_visit")
Certainty = Literal["high", "moderate", "low", "very low", "not graded"]
CERTAINTIES: tuple[Certainty, ...] = ("high", "moderate", "low", "very low", "not graded")
OnUnknown = Literal["check_first", "start_then_check", "quiet"]
Route = Literal[
    "oral",
    "sublingual",
    "buccal",
    "transdermal",
    "topical",
    "nasal",
    "intramuscular",
    "subcutaneous",
    "intravenous",
    "rectal",
    "inhaled",
    "epidural",
    "implant",
    "other",
]


def one_or_many(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


class Record(Marked):
    """Base of every record: frozen, closed, and free of surprises."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


class Named(Record):
    """A record that stands by itself: it has an id, unique in its table (a step: in its pathway)."""

    id: Vocabulary[Id]


class Cite(Record):
    """One citation: which source, where in it, and how well it was checked."""

    id: Vocabulary[SourceId]
    at: Shared[Text]
    confidence: Shared[Confidence]
    says: Shared[Text | None] = None


Cites = Annotated[tuple[Cite, ...], BeforeValidator(one_or_many), Field(min_length=1)]
Rows = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]


def lowest(cites: tuple[Cite, ...]) -> Confidence:
    """The weakest confidence of several citations: the one a page must show."""
    return min((c.confidence for c in cites), key=CONFIDENCE_ORDER.index)


class Review(Record, audience=VOCABULARY):
    """Who has checked this record clinically. Drafts say so on every sheet."""

    by: str = ""
    status: Literal["draft", "reviewed", "endorsed"] = "draft"


class Clinical(Named):
    """A record that makes a clinical statement: it must say where the statement comes from. ``told_as``: what it is called
    in a view that may not tell its name; without one the record is left out there."""

    told_as: Shared[str] = ""
    row: Vocabulary[Rows] = ()
    kind: Vocabulary[Literal["own"] | None] = None
    source: Shared[Cites]
    reviewed: Vocabulary[Review] = Review()

    @model_validator(mode="after")
    def _row_or_own(self) -> Self:
        if not self.row and self.kind != "own":
            raise ValueError(
                'say kind = "own"; or, if it is taken from a row of the facts sheet, name that: row = "A-R12"'
            )
        return self

    @property
    def confidence(self) -> Confidence:
        return lowest(self.source)


class Source(Named, audience=VOCABULARY):
    """One publication, cited once. ``url`` is printed, never fetched. ``counted``: the name under which a first page counts
    its recommendations (those called ``<id>.…``)."""

    title: Text
    year: int = Field(ge=1900, le=2100)
    publisher: str = ""
    doi: str | None = None
    url: str | None = None
    kind: Literal[
        "guideline", "review", "trial", "cohort", "label", "regulation", "instrument", "agency", "book", "own"
    ]
    licence: str = ""
    counted: str = ""


# ---- cases that stand beside a rule ------------------------------------------------------------------------


class Case(Record, audience=VOCABULARY):
    """A worked example of a rule: facts given, status expected. Everything not given is unknown.

    ``rule`` names the rule inside a record that has several (an indication is ``fit``, a contraindication or precaution
    its own id, a trigger ``trigger_1`` …, a need's part ``part.<id>`` or ``met.<id>``). A rule that only names one fact
    needs no written cases: its three cases are implied.
    """

    rule: Annotated[str, to("rule", of="record")] | None = None
    base: BaseId | None = None
    given: Mapping[FactName, Given] = {}
    expect: str
    level: Level | None = None
    asks: tuple[Ask, ...] | None = None


class Base(Named, audience=VOCABULARY):
    """A named partial set of facts that cases start from."""

    given: Mapping[FactName, Given]
