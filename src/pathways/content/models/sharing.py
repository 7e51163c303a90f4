"""What is said to the person, and who may be told what: education, corrected statements, contacts, privacy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .audience import VOCABULARY, WITHHELD, Shared, Vocabulary
from .base import Case, Clinical
from .demands import Members
from .marks import (
    AnswerId,
    ClassId,
    EmergencyId,
    FactName,
    GroupId,
    MeasuredId,
    NeedId,
    Pattern,
    RecommendationId,
    RoleId,
    Text,
    TreatmentId,
    When,
)
from .seats import Seat
from .vocabulary import AnswerGroup

Topic = Literal["message", "how", "treatment", "change", "safety", "advocacy", "family"]


class Education(Clinical):
    """A plain-language item. It is tied to options (shown when one of ``treatments`` is in use, in the plan or in a
    fork), to a situation (``when``), or to both; tied to neither, it is for everyone. ``ask`` are questions that the
    person may want to ask, ``ask_at_start`` those of somebody who does not have the treatment yet.
    Of ``topic`` family: shown only with the person's consent and after a private screen;
    of ``change``: said of a treatment in use that is to be changed. ``not_while_held``: not told while the next dose of a
    medicine of one of these classes is held (it would say the opposite)."""

    title: Shared[Text]
    text: Shared[Text]
    side: Vocabulary[Literal["pain", "oud", "both"]]
    topic: Vocabulary[Topic]
    treatments: Vocabulary[tuple[TreatmentId, ...]] = ()
    when: Vocabulary[When | None] = None
    ask: Shared[tuple[Text, ...]] = ()
    ask_at_start: Shared[tuple[Text, ...]] = ()
    not_while_held: Vocabulary[Members] = ()
    priority: Shared[int] = Field(5, ge=1, le=9)
    cases: Vocabulary[tuple[Case, ...]] = ()


class Myth(Clinical, audience=WITHHELD):
    """A statement that is often heard and must not stand uncorrected. ``correction`` is for the person, in plain words;
    ``details`` for the team. A view for others holds none: a correction tells what it corrects."""

    claim: Text
    correction: Text
    details: Text
    side: Literal["pain", "oud", "both"]
    treatments: tuple[TreatmentId, ...] = ()
    when: When | None = None
    priority: int = Field(5, ge=1, le=9)
    cases: tuple[Case, ...] = ()


class Contact(Clinical, audience=WITHHELD):
    """Whom to call in a crisis. ``country`` is said beside it: numbers differ from place to place."""

    name: Text
    reach: Text
    text: Text
    country: Literal["US"]
    priority: int = Field(5, ge=1, le=9)


class Assessment(Clinical):
    """One item of the joint assessment: what one side (or both) looks at, by which facts, and who sees to it. It is left
    out only where ``when`` is known to be false."""

    title: Shared[Text]
    side: Vocabulary[Literal["pain", "oud", "both"]]
    facts: Shared[tuple[FactName, ...]] = Field(min_length=1)
    when: Vocabulary[When | None] = None
    owner: Vocabulary[tuple[RoleId, ...]] = ()
    cases: Vocabulary[tuple[Case, ...]] = ()


class Privacy(Clinical, audience=VOCABULARY):
    """One kind of data that is shared only with consent, and what reveals it.

    ``words`` are regular expressions: no text with one of them is shown without consent. The other fields name what
    says it without such a word: questions (by id or ``answer_groups``), conditions, medicines by class or purpose,
    measures (with ``open_measures``: all but those), treatments and their seats, needs, emergencies, roles.
    ``always_from`` lists the audiences from which it is kept whatever the consents say; with ``off_paper`` its
    treatments stand on no page that lies about at home. ``notice`` goes below a sheet that shows it.
    """

    title: Text
    scope: Literal["oud_program"] | None = None
    off_paper: bool = False
    always_from: tuple[Literal["pain_clinic", "partner"], ...] = ()
    words: tuple[Pattern, ...] = ()
    answer_groups: tuple[AnswerGroup, ...] = ()
    answers: tuple[AnswerId, ...] = ()
    condition_groups: tuple[GroupId, ...] = ()
    medicine_classes: tuple[ClassId, ...] = ()
    purposes: tuple[Literal["pain", "oud", "other"], ...] = ()
    measures: tuple[MeasuredId, ...] = ()
    open_measures: tuple[MeasuredId, ...] = ()
    seats: tuple[Seat, ...] = ()
    treatments: tuple[TreatmentId, ...] = ()
    recommendations: tuple[RecommendationId, ...] = ()
    needs: tuple[NeedId, ...] = ()
    emergencies: tuple[EmergencyId, ...] = ()
    roles: tuple[RoleId, ...] = ()
    notice: Text | None = None
