"""Treatments: when they fit, what speaks against them, what they do, and what they ask of a person."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import Shared, Vocabulary
from .base import (
    Case,
    Certainty,
    Cites,
    Clinical,
    OnUnknown,
    Phase,
    Record,
)
from .marks import (
    ClassId,
    DecisionId,
    Id,
    InstrumentId,
    MeasureId,
    MedicineId,
    NeedId,
    PathwayId,
    RoleId,
    Text,
    TreatmentId,
    When,
    to,
)
from .seats import PLACES, Place, Seat
from .ways import Ways


class Indication(Record):
    """When a treatment fits. ``fit``: indicated or consider. ``note`` says why in a few words."""

    when: Vocabulary[When]
    fit: Shared[Literal["indicated", "consider"]]
    note: Shared[Text]
    source: Shared[Cites]


class Check(Record):
    """What contraindications and precautions share: a condition, its label on the page, and who says so."""

    id: Vocabulary[Id]
    when: Vocabulary[When]
    label: Shared[Text]
    source: Shared[Cites]


class Closer(Check):
    """A contraindication. ``unknown`` says what not knowing means: ``check_first`` (may stand in a plan,
    "before starting"), ``start_then_check`` (MOUD laboratory tests), ``quiet`` (listed once as not checked).
    ``start_only``: it stands against starting, and says nothing of a treatment that is known to be in use."""

    unknown: Shared[OnUnknown]
    instead: Shared[Ways] = ()
    start_only: Shared[bool] = False


class Caution(Check):
    """A precaution: counts as one caution when true, asks nothing when unknown unless ``unknown = "check_first"``.
    ``strength`` avoid: something else comes first. ``start_only``: it says nothing of what is in use already; ``beside``:
    what stands beside the treatment where it is chosen, in a few words."""

    action: Shared[Text]
    beside: Shared[str] = ""
    start_only: Shared[bool] = False
    strength: Shared[Literal["avoid"] | None] = None
    unknown: Shared[Literal["check_first", "quiet"]] = "quiet"


class Addresses(Record):
    """Which part of which need an item answers; ``weak`` (contested or small) counts as partly only."""

    need: Vocabulary[NeedId]
    part: Vocabulary[Annotated[Id, to("part", of="need")]]
    when: Vocabulary[When | None] = None
    weak: Shared[bool] = False


class Effect(Record):
    """An effect as its source gives it. Shown with an interval only if the source gave one; otherwise in words. ``scale`` says
    what its number is: a difference (none is 0), a ratio (none is 1), or how many are treated for one who benefits."""

    outcome: Shared[Text]
    population: Shared[Text]
    comparator: Shared[Text]
    words: Shared[Text]
    value: Shared[float | None] = None
    lo: Shared[float | None] = None
    hi: Shared[float | None] = None
    unit: Shared[str] = ""
    scale: Shared[Literal["difference", "ratio", "needed_to_treat"]] = "difference"
    certainty: Shared[Certainty]
    design: Shared[Literal["trial", "meta-analysis", "cohort", "guideline"]] = "meta-analysis"
    source: Shared[Cites]


class Burden(Record):
    """What it asks of the person: 1 self-care, 2 clinic visits, 3 frequent visits or monitoring, 4 invasive or daily
    supervised. ``hours_week`` and ``weeks`` where a source says so."""

    score: Shared[int] = Field(ge=0, le=4)
    words: Shared[Text]
    hours_week: Shared[float | None] = None
    weeks: Shared[float | None] = None
    invasive: Shared[bool] = False


class Monitoring(Record):
    """What to look at, when and why. ``first_days`` is days after the start to the first review; after the event that
    ``counts_from`` names where one is planned or on record (an operation, the last injection). ``instruments`` are those
    that it is read by: without one before the start, no change can be seen."""

    what: Shared[Text]
    instruments: Vocabulary[tuple[InstrumentId, ...]] = ()
    when: Shared[Text]
    first_days: Shared[int] = Field(ge=0)
    counts_from: Vocabulary[MeasureId | None] = None
    why: Shared[Text]
    source: Shared[Cites]


class Dose(Record):
    """A dose range as information only, never an order."""

    words: Shared[Text]
    source: Shared[Cites]


class Treatment(Clinical):
    """An option. ``in_place`` is a condition saying that it is in use now; ``medicines`` are the ingredients
    that it brings
    (their classes meet the interactions); ``keeps`` names the class of medicine in use that a change item acts on,
    ``ends`` what it takes the place of. ``winds_down``: it slowly ends or reviews what it acts on, so that a pair to be
    avoided is a reason for it. ``in_every_plan_when``: while it fits and this is true, every plan holds it.
    ``way_of``: how another treatment is done while ``way_when`` is true; it stands in the plans that start that one.
    ``route``: how ``medicines`` are given, where that tells their class. ``handout``: not named in it, or only
    ``with_consent`` to work with people close by and after a private safety screen.
    ``standing``: care that most people here are offered; a first page says it in one line, after what is special.
    ``relapse``: what it means for staying well (a trigger, or a protection) and the safeguard; empty when neither."""

    title: Shared[Text]
    short: Shared[Text]
    seat: Vocabulary[Seat]
    group: Vocabulary[Id | None] = None
    decision: Vocabulary[DecisionId | None] = None
    in_place: Vocabulary[When | None] = None
    medicines: Vocabulary[tuple[MedicineId, ...]] = ()
    classes: Vocabulary[tuple[ClassId, ...]] = ()
    keeps: Vocabulary[tuple[ClassId, ...]] = ()
    ends: Vocabulary[tuple[ClassId, ...]] = ()
    winds_down: Shared[bool] = False
    standing: Shared[bool] = False
    in_every_plan_when: Vocabulary[When | None] = None
    way_of: Vocabulary[TreatmentId | None] = None
    way_when: Vocabulary[When | None] = None
    indications: Shared[tuple[Indication, ...]] = Field(min_length=1)
    contraindications: Shared[tuple[Closer, ...]] = ()
    precautions: Shared[tuple[Caution, ...]] = ()
    addresses: Shared[tuple[Addresses, ...]] = ()
    effects: Shared[tuple[Effect, ...]] = ()
    dose: Shared[Dose | None] = None
    burden: Shared[Burden]
    components: Shared[tuple[Text, ...]] = ()
    delivered_by: Vocabulary[tuple[RoleId, ...]] = Field(min_length=1)
    owner: Vocabulary[tuple[RoleId, ...]]
    phase: Vocabulary[Phase]
    remote: Shared[bool] = False
    route: Vocabulary[Literal["intramuscular", "subcutaneous"] | None] = None
    handout: Vocabulary[Literal["with_consent", "never"] | None] = None
    pathway: Vocabulary[PathwayId | None] = None
    monitoring: Shared[tuple[Monitoring, ...]] = ()
    what: Shared[Text]
    say: Shared[Text]
    contested: Shared[str] = ""
    relapse: Shared[str] = ""
    cases: Vocabulary[tuple[Case, ...]] = ()

    @property
    def place(self) -> Place:
        """What its seat is to the rest of the kit."""
        return PLACES[self.seat]

    @property
    def rescues(self) -> bool:
        """Whether it brings a medicine that keeps a person alive (naloxone)."""
        return self.place.prevents_harm and bool(self.medicines)

    @model_validator(mode="after")
    def _checks_have_names_of_their_own(self) -> Self:
        ids = [check.id for check in (*self.contraindications, *self.precautions)]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"two contraindications or precautions are called '{twice[0]}'")
        return self
