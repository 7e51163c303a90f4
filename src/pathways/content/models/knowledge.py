"""What the sources say: recommendations, emergencies, treatments, interactions, needs, pathways, and who does what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import (
    Case,
    Cite,
    Cites,
    Clinical,
    Id,
    Level,
    Named,
    OnUnknown,
    Phase,
    Record,
    Seat,
    Severity,
    Text,
    one_or_many,
)


class Strength(Record):
    """How strongly the source recommends it, in the source's own scheme."""

    scheme: Literal["CDC", "GRADE", "ASAM", "consensus", "regulation", "own"]
    category: str
    evidence: str = ""


class Recommendation(Clinical):
    """A statement of a guideline. ``when`` false: does not apply; ``done`` true: met. ``action`` is a short offer for the
    page (at most 12 words); ``treatments`` are the options that carry it out; ``priority`` orders: 1 first, from 7 on
    not on a first page, 9 only beside the other guidelines."""

    title: Text
    when: str
    done: str | None = None
    strength: Strength
    action: Text
    why: Text
    details: tuple[Text, ...] = ()
    treatments: tuple[Id, ...] = ()
    raises: tuple[Id, ...] = ()
    owner: tuple[Id, ...]
    phase: Phase = "today"
    priority: int = Field(5, ge=1, le=9)
    topic: Id | None = None
    position: str | None = None
    effective_from: date | None = None
    until: date | None = None
    recheck_by: date | None = None
    cases: tuple[Case, ...]


class Trigger(Record):
    """One way an emergency may be present, with its own level."""

    level: Level
    when: str
    label: Text


class Emergency(Clinical):
    """A red flag. A true trigger shows it; nothing else does. ``actions`` in order, short."""

    title: Text
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    actions: tuple[Text, ...] = Field(min_length=1)
    why: Text
    owner: tuple[Id, ...]
    raises: tuple[Id, ...] = ()
    cases: tuple[Case, ...]


class Indication(Record):
    """When a treatment fits. ``fit``: indicated or consider. ``note`` says why in a few words."""

    when: str
    fit: Literal["indicated", "consider"]
    note: Text
    source: Cites


class Check(Record):
    """What contraindications and precautions share: a condition, its label on the page, and who says so."""

    id: Id
    when: str
    label: Text
    source: Cites


class Closer(Check):
    """A contraindication. ``unknown`` says what not knowing means: ``check_first`` (may stand in a plan,
    "before starting"), ``start_then_check`` (MOUD laboratory tests), ``quiet`` (listed once as not checked).
    ``start_only``: it stands against starting, and says nothing of a treatment that is known to be in use."""

    unknown: OnUnknown
    instead: str = ""
    start_only: bool = False


class Caution(Check):
    """A precaution: counts as one caution when true, asks nothing when unknown unless ``unknown = "check_first"``."""

    action: Text
    unknown: Literal["check_first", "quiet"] = "quiet"


class Addresses(Record):
    """Which part of which need an item answers; ``weak`` (contested or small) counts as partly only."""

    need: Id
    part: Id
    when: str | None = None
    weak: bool = False


class Effect(Record):
    """An effect as its source gives it. Shown with an interval only if the source gave one; otherwise in words."""

    outcome: Text
    population: Text
    comparator: Text
    words: Text
    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    unit: str = ""
    certainty: Literal["high", "moderate", "low", "very low", "not graded"]
    design: Literal["trial", "meta-analysis", "cohort", "guideline"] = "meta-analysis"
    source: Cites


class Burden(Record):
    """What it asks of the person: 1 self-care, 2 clinic visits, 3 frequent visits or monitoring, 4 invasive or daily
    supervised. ``hours_week`` and ``weeks`` where a source says so."""

    score: int = Field(ge=0, le=4)
    words: Text
    hours_week: float | None = None
    weeks: float | None = None
    invasive: bool = False


class Monitoring(Record):
    """What to look at, when and why. ``first_days`` is days after the start to the first review."""

    what: Text
    when: Text
    first_days: int = Field(ge=0)
    why: Text
    source: Cites


class Dose(Record):
    """A dose range as information only, never an order."""

    words: Text
    source: Cites


class Treatment(Clinical):
    """An option. ``in_place`` is a condition saying that it is in use now; ``medicines`` are the ingredients
    that it brings
    (their classes meet the interactions); ``keeps`` names the class of medicine in use that a change item acts on,
    ``ends`` what it takes the place of. ``winds_down``: it slowly ends or reviews what it acts on, so that a pair to be
    avoided is a reason for it. ``in_every_plan_when``: while it fits and this is true, every plan holds it.
    ``relapse``: what it means for staying well (a trigger, or a protection) and the safeguard; empty when neither."""

    title: Text
    short: Text
    seat: Seat
    group: Id | None = None
    decision: Id | None = None
    in_place: str | None = None
    medicines: tuple[Id, ...] = ()
    classes: tuple[Id, ...] = ()
    keeps: tuple[Id, ...] = ()
    ends: tuple[Id, ...] = ()
    winds_down: bool = False
    in_every_plan_when: str | None = None
    indications: tuple[Indication, ...] = Field(min_length=1)
    contraindications: tuple[Closer, ...] = ()
    precautions: tuple[Caution, ...] = ()
    addresses: tuple[Addresses, ...] = ()
    effects: tuple[Effect, ...] = ()
    dose: Dose | None = None
    burden: Burden
    components: tuple[Text, ...] = ()
    delivered_by: tuple[Id, ...] = Field(min_length=1)
    owner: tuple[Id, ...]
    phase: Phase
    remote: bool = False
    pathway: Id | None = None
    monitoring: tuple[Monitoring, ...] = ()
    what: Text
    say: Text
    contested: str = ""
    relapse: str = ""
    cases: tuple[Case, ...] = ()


Mechanism = Literal[
    "sedation",
    "qt",
    "serotonin",
    "level_up",
    "level_down",
    "opioid_receptor",
    "bleeding",
    "kidney",
    "liver",
    "seizure",
    "vessels",
    "anticholinergic",
    "supply",
]


class Interaction(Clinical):
    """Two members that meet. Members are medicine classes or ingredients. ``stop`` excludes the pair, ``timing`` orders
    the steps and states the wait, ``major`` enters only with its ``action``. ``requires`` adds items to the plan.
    Without ``b`` the other side is the person: the state in ``when``, named by ``state``. ``wait_days``: how long after
    the last dose of one of them the pair still counts.
    ``gives_way`` is the side of a stop pair that ends when it is in use: it does not close the other side. Left out, the
    newcomer is not started; of two in use, both are reviewed."""

    title: Text
    a: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)]
    b: Annotated[tuple[Id, ...], BeforeValidator(one_or_many)] = ()
    state: str = ""
    severity: Severity
    mechanism: Mechanism
    when: str | None = None
    effect: Text
    action: Text
    wait: str = ""
    wait_days: int = Field(0, ge=0)
    gives_way: Literal["a", "b", "either"] | None = None
    requires: tuple[Id, ...] = ()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        if not self.b and not (self.when and self.state):
            raise ValueError("the other side is missing: b, or a state of the person with its condition in when")
        return self


class Part(Record):
    """A part of a need. ``when`` limits when the part counts; ``met_when`` is what already answers it."""

    id: Id
    label: Text
    when: str | None = None
    met_when: str | None = None


class Need(Clinical):
    """What the person needs. Addressed when every part that counts is covered, partly when some is or only weakly."""

    title: Text
    side: Literal["pain", "oud", "both"]
    required: bool = False
    raised_when: str
    why: Text
    parts: tuple[Part, ...] = Field(min_length=1)
    cases: tuple[Case, ...]


class Lens(Clinical):
    """A printed lexicographic order of plans. ``order`` keys: ``required``, ``need:<id>``, ``others``, ``cautions``,
    ``burden``, ``item:<treatment id>`` (has it first), ``certainty``, ``matters`` (what matters most to the person)."""

    title: Text
    role: Id
    order: tuple[str, ...]
    says: Text
    assumption: bool = False


class Step(Record):
    """One step of a care pathway: who, in which phase, what first, how success is told and what follows. ``when``
    false: the step does not concern this person; ``done`` true: it is in place."""

    id: Id
    phase: Phase
    title: Text
    when: str | None = None
    done: str | None = None
    owner: tuple[Id, ...]
    needs_first: tuple[Text, ...] = ()
    do: tuple[Text, ...]
    measure: Text
    success: Text
    if_met: Text
    if_not: Text
    source: Cites


class Pathway(Clinical):
    """A cited course of care over time: one that a treatment names goes with that treatment, any other with a situation
    (``entry``). ``treatments`` are the options that its steps lead to."""

    title: Text
    entry: str
    treatments: tuple[Id, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    exit: Text
    cases: tuple[Case, ...]


class Decision(Clinical):
    """A choice that belongs to the person and the team: its alternatives are never pruned against each other.
    ``decided_by`` says what would decide it. ``reviewed_in_place`` names those that, in use and due for a change, may
    also be reviewed and kept: that is an answer too, because stopping them harms."""

    title: Text
    raised_when: str
    alternatives: tuple[Id, ...] = Field(min_length=2)
    reviewed_in_place: tuple[Id, ...] = ()
    decided_by: tuple[Text, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


class Disagreement(Clinical):
    """Two or more sources that do not say the same; both are shown, none is chosen."""

    title: Text
    when: str
    treatments: tuple[Id, ...] = ()
    positions: tuple[Cite, ...] = Field(min_length=2)
    cases: tuple[Case, ...] = ()


class Contradiction(Named):
    """Answers that cannot both be right. They are shown, and the facts in ``unsettles`` become questions."""

    title: Text
    when: str
    unsettles: tuple[Id, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


class Role(Named):
    """Who may deliver or own an item. ``disciplines`` are the fields that someone in this role may come from."""

    label: Text
    disciplines: tuple[Text, ...] = ()
    side: Literal["pain", "oud", "both", "person"]


class MmeFactor(Record):
    """A conversion factor: MME per ``unit`` a day of this ingredient by these routes."""

    ingredient: Id
    factor: float = Field(gt=0)
    unit: Literal["mg/day", "mcg/h"] = "mg/day"
    routes: tuple[str, ...] = ("oral",)
    up_to_mg: float | None = None


class MmeEdition(Clinical):
    """A published factor table. ``left_out`` are ingredients and purposes that it leaves out on purpose, with
    the reason."""

    title: Text
    factors: tuple[MmeFactor, ...]
    left_out: Mapping[str, str] = {}
    default: bool = False
