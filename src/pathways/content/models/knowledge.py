"""What the sources say: recommendations, emergencies, interactions, needs, pathways, and who does what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .acts import Acts
from .audience import VOCABULARY, WITHHELD, Shared, Vocabulary, Withheld
from .base import (
    Case,
    Cite,
    Cites,
    Clinical,
    Level,
    Named,
    Phase,
    Record,
    Rows,
    Severity,
    one_or_many,
)
from .demands import Demand, How, InUse, Members
from .marks import (
    BesideId,
    ClassId,
    ClassOrMedicineId,
    DisagreementId,
    EmergencyId,
    FactName,
    Id,
    NeedId,
    RecommendationId,
    RoleId,
    Text,
    TreatmentId,
    When,
    to,
)
from .ways import Ways


class Strength(Record):
    """How strongly the source recommends it, in the source's own scheme."""

    scheme: Shared[Literal["CDC", "GRADE", "ASAM", "consensus", "regulation", "own"]]
    category: Shared[str]
    evidence: Shared[str] = ""


class OrderWindow(Record, audience=WITHHELD):
    """How a recommendation is read where orders and records are all there is: by its own conditions, or by windows of orders
    in their place. A ``when`` of its own brings its own ``done`` (none: nothing in a record would meet it); a ``done``
    alone takes the place of that one. ``says`` is the reading in words."""

    says: Text
    when: When | None = None
    done: When | None = None
    row: Rows
    source: Cites
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _cases_for_conditions(self) -> Self:
        if bool(self.cases) != bool(self.when or self.done):
            raise ValueError("'cases' belong to a 'when' or 'done' over orders, and each of these needs some")
        return self


class Recommendation(Clinical):
    """A statement of a guideline. ``when`` false: does not apply; ``done`` true: met. ``action`` is a short offer for the
    page (at most 12 words); ``treatments`` are the options that carry it out; ``priority`` orders: 1 first, from 7 on
    not on a first page, 9 only beside the other guidelines. ``series``: its guideline is counted as a whole on a page.
    ``ways``: the treatments that ``action`` goes on to name, without those that are closed for the person.
    ``choice``: what is chosen among them; a single one that is left open is no answer, and not named.
    ``standing``: said in the one line of standing care; ``first``: before all else on a page. ``held_while``: while this is
    true, ``meanwhile`` is said in place of ``action`` (no dose advice over an unsettled list). ``about``: the medicines whose
    start or dose it advises on; it is not said to act on while each of them on the list is refused, held, replaced or to be
    verified."""

    title: Shared[Text]
    when: Vocabulary[When]
    done: Vocabulary[When | None] = None
    about: Vocabulary[Members] = ()
    strength: Shared[Strength]
    action: Shared[Text]
    ways: Shared[Ways] = ()
    choice: Shared[bool] = False
    held_while: Vocabulary[When | None] = None
    meanwhile: Shared[str] = ""
    why: Shared[Text]
    details: Shared[tuple[Text, ...]] = ()
    treatments: Vocabulary[tuple[TreatmentId, ...]] = ()
    demands: Vocabulary[tuple[Demand, ...]] = ()
    raises: Vocabulary[tuple[NeedId, ...]] = ()
    owner: Vocabulary[tuple[RoleId, ...]]
    standing: Shared[bool] = False
    first: Shared[bool] = False
    phase: Vocabulary[Phase] = "today"
    priority: Shared[int] = Field(5, ge=1, le=9)
    topic: Shared[DisagreementId | None] = None
    series: Shared[Literal["CDC 2022"] | None] = None
    position: Shared[str | None] = None
    effective_from: Shared[date | None] = None
    until: Shared[date | None] = None
    recheck_by: Shared[date | None] = None
    cases: Vocabulary[tuple[Case, ...]]
    orders: Withheld[OrderWindow | None] = None

    @model_validator(mode="after")
    def _said_meanwhile(self) -> Self:
        if bool(self.held_while) != bool(self.meanwhile):
            raise ValueError("held_while and meanwhile come together: what is said while it is held?")
        return self

    @property
    def over_orders(self) -> tuple[str, str | None]:
        """``when`` and ``done`` as they are read over orders."""
        own = self.orders
        if own is None:
            return self.when, self.done
        return own.when or self.when, own.done if own.when else own.done or self.done


class Trigger(Record):
    """One way an emergency may be present, with its own level. ``said_in``: another emergency that says this sign with
    what it means; while that one is present, a page has one box for both."""

    level: Vocabulary[Level]
    when: Vocabulary[When]
    label: Shared[Text]
    said_in: Vocabulary[EmergencyId | None] = None


Threatens = Literal["breathing", "circulation", "nerves", "other"]
THREATENS: tuple[Threatens, ...] = ("breathing", "circulation", "nerves", "other")
"""What an emergency threatens first, in the order in which they are seen to."""


class Emergency(Clinical):
    """A red flag. A true trigger shows it; nothing else does. ``actions`` in order, short, some only where they fit.
    ``threatens``: what it threatens first; breathing is seen to before all else, the others in order within a level.
    ``suspected_when``: the person has reason enough for it that its signs are asked first, though none was asked. ``say``:
    the first line of the page for the person, where what it is about may lie about on paper."""

    title: Shared[Text]
    threatens: Vocabulary[Threatens] = "other"
    say: Shared[str] = ""
    triggers: Shared[tuple[Trigger, ...]] = Field(min_length=1)
    suspected_when: Vocabulary[When | None] = None
    actions: Shared[Acts] = Field(min_length=1)
    demands: Vocabulary[tuple[Demand, ...]] = ()
    why: Shared[Text]
    owner: Vocabulary[tuple[RoleId, ...]]
    raises: Vocabulary[tuple[NeedId, ...]] = ()
    cases: Vocabulary[tuple[Case, ...]]


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
    the steps and states the wait, ``major`` enters only with its ``action``; ``beside`` are its items of the plan.
    Without ``b`` the other side is the person: the state in ``when``, named by ``state``. ``both``: what is done where both are in use
    already, where the action speaks of a start. ``wait_days``: how long after
    the last dose of one of them the pair still counts; ``ended`` what is done then, where that is something else.
    ``gives_way`` is the side that changes when both are in use: ``a``, ``b``, ``either`` (whichever is easier), or
    ``decide`` (with the prescribers of both). Every two-sided stop or major pair names it. ``in_use`` is what the pair
    makes of that side (left out: change for a stop pair, keep_with for a major one), ``how`` it changes,
    ``by`` when (left out: today for a stop pair, else this week), ``instead``, and ``replaced_by`` (treatments that every
    plan holds in its place). ``say`` tells the person of the pair in plain words, whatever becomes
    of the two. ``asks_first``: what its action asks is done before one of the two is started."""

    title: Shared[Text]
    a: Vocabulary[Annotated[tuple[ClassOrMedicineId, ...], BeforeValidator(one_or_many)]]
    b: Vocabulary[Annotated[tuple[ClassOrMedicineId, ...], BeforeValidator(one_or_many)]] = ()
    state: Shared[str] = ""
    severity: Shared[Severity]
    mechanism: Shared[Mechanism]
    when: Vocabulary[When | None] = None
    effect: Shared[Text]
    action: Shared[Text]
    wait: Shared[str] = ""
    wait_days: Shared[int] = Field(0, ge=0)
    ended: Shared[str] = ""
    both: Shared[str] = ""
    gives_way: Shared[Literal["a", "b", "either", "decide"] | None] = None
    in_use: Shared[InUse | None] = None
    how: Shared[How | None] = None
    by: Shared[Phase | None] = None
    instead: Shared[Ways] = ()
    replaced_by: Vocabulary[tuple[TreatmentId, ...]] = ()
    say: Shared[str] = ""
    beside: Vocabulary[tuple[BesideId, ...]] = ()
    asks_first: Shared[bool] = False
    cases: Vocabulary[tuple[Case, ...]] = ()

    @property
    def makes(self) -> InUse:
        """What it makes of the side that gives way, when both are in use."""
        usual: Mapping[str, InUse] = {"stop": "change", "major": "keep_with"}
        return self.in_use or usual.get(self.severity, "note")

    @model_validator(mode="after")
    def _two_sides(self) -> Self:
        if self.b and self.severity in ("stop", "major") and self.gives_way is None:
            raise ValueError("which side gives way? gives_way = a, b, either or decide")
        if (self.makes == "keep_with" or self.severity == "timing") and not self.beside:
            raise ValueError("what goes with it? beside = the treatments or actions of its plan")
        if self.makes == "change" and not self.how:
            raise ValueError("how does it change? how = hold, lower, switch, taper, stop or stop_with_cover")
        if not self.b and not (self.when and self.state):
            raise ValueError("the other side is missing: b, or a state of the person with its condition in when")
        return self


class Part(Record):
    """A part of a need. ``when`` limits when the part counts; ``met_when`` is what already answers it; while ``short_when``
    is true, what is in use is known not to answer it whole."""

    id: Vocabulary[Id]
    label: Shared[Text]
    when: Vocabulary[When | None] = None
    met_when: Vocabulary[When | None] = None
    short_when: Vocabulary[When | None] = None


Side = Literal["pain", "oud"]
SIDES: Mapping[Side, str] = {"pain": "Pain", "oud": "OUD"}
"""The two sides that every plan treats, or says why not, in words."""


class Need(Clinical):
    """What the person needs. Addressed when every part that counts is covered, partly when some is or only weakly.

    ``treats`` is the side that a plan leaves out when this and its like are open (law 8); ``matters`` the options of what
    matters most to a person that it carries; ``harm``: it speaks of a harm that may come;
    ``staying_well``: while it is raised a page says what each item means for staying well."""

    title: Shared[Text]
    side: Vocabulary[Literal["pain", "oud", "both"]]
    treats: Vocabulary[Side | None] = None
    required: Shared[bool] = False
    harm: Shared[bool] = False
    matters: Shared[tuple[str, ...]] = ()
    staying_well: Shared[bool] = False
    raised_when: Vocabulary[When]
    why: Shared[Text]
    parts: Shared[tuple[Part, ...]] = Field(min_length=1)
    cases: Vocabulary[tuple[Case, ...]]


class Lens(Clinical):
    """A printed lexicographic order of plans. ``order`` keys: ``required``, ``need:<id>``, ``others``, ``cautions``,
    ``burden``, ``item:<treatment id>`` (has it first), ``certainty``, ``matters`` (what matters most to the person)."""

    title: Shared[Text]
    role: Vocabulary[RoleId]
    order: Vocabulary[tuple[Annotated[str, to("order key")], ...]]
    says: Shared[Text]
    assumption: Shared[bool] = False


class Step(Named):
    """One step of a care pathway: who, in which phase, what first, how success is told and what follows. ``when``
    false: the step does not concern this person; ``done`` true: it is in place."""

    phase: Vocabulary[Phase]
    title: Shared[Text]
    when: Vocabulary[When | None] = None
    done: Vocabulary[When | None] = None
    owner: Vocabulary[tuple[RoleId, ...]]
    needs_first: Shared[tuple[Text, ...]] = ()
    do: Shared[tuple[Text, ...]]
    measure: Shared[Text]
    success: Shared[Text]
    if_met: Shared[Text]
    if_not: Shared[Text]
    source: Shared[Cites]


class Pathway(Clinical):
    """A cited course of care over time: one that a treatment names goes with that treatment, any other with a situation
    (``entry``). ``treatments`` are the options that its steps lead to."""

    title: Shared[Text]
    entry: Vocabulary[When]
    treatments: Vocabulary[tuple[TreatmentId, ...]] = ()
    steps: Shared[tuple[Step, ...]] = Field(min_length=1)
    exit: Shared[Text]
    cases: Vocabulary[tuple[Case, ...]]


class Decision(Clinical):
    """A choice that belongs to the person and the team: its alternatives are never pruned against each other.
    ``decided_by`` says what would decide it. ``reviewed_in_place`` names those that, in use and due for a change, may
    also be reviewed and kept: that is an answer too, because stopping them harms. ``declined_when``: the person wants none
    of them for now, which is an answer too (so is a refusal of each way that is open); ``declined`` says so, and
    ``declined_say`` to the person. Without ``declined`` a decision is not declined."""

    title: Shared[Text]
    short: Shared[Text]
    raised_when: Vocabulary[When]
    alternatives: Vocabulary[tuple[TreatmentId, ...]] = Field(min_length=2)
    reviewed_in_place: Vocabulary[tuple[TreatmentId, ...]] = ()
    decided_by: Shared[tuple[Text, ...]] = Field(min_length=1)
    declined_when: Vocabulary[When | None] = None
    declined: Shared[str] = ""
    declined_say: Shared[str] = ""
    cases: Vocabulary[tuple[Case, ...]] = ()


class Disagreement(Clinical):
    """Two or more sources that do not say the same; both are shown, none is chosen."""

    title: Shared[Text]
    when: Vocabulary[When]
    treatments: Vocabulary[tuple[TreatmentId, ...]] = ()
    positions: Shared[tuple[Cite, ...]] = Field(min_length=2)
    cases: Vocabulary[tuple[Case, ...]] = ()


class Contradiction(Named):
    """Answers that cannot both be right. They are shown, and the facts in ``unsettles`` become questions. ``warns``: those
    of them of which a yes goes on counting while it is asked, because it warns and no contradiction may reassure.
    ``holds``: recommendations that offer what rests on one side, and are not said to act on until it is settled.
    ``source``: where a number of ``when`` comes from; two answers that exclude each other need none."""

    title: Shared[Text]
    when: Vocabulary[When]
    source: Shared[Annotated[tuple[Cite, ...], BeforeValidator(one_or_many)]] = ()
    unsettles: Vocabulary[tuple[FactName, ...]] = Field(min_length=1)
    warns: Vocabulary[tuple[FactName, ...]] = ()
    holds: Vocabulary[tuple[RecommendationId, ...]] = ()
    cases: Vocabulary[tuple[Case, ...]] = ()

    @model_validator(mode="after")
    def _of_those(self) -> Self:
        if not set(self.warns) <= set(self.unsettles):
            raise ValueError("'warns' names some of what 'unsettles' names")
        return self


class Role(Named, audience=VOCABULARY):
    """Who may deliver or own an item. ``disciplines`` are the fields that someone in this role may come from;
    ``not_where``: a fact with which somebody else of the owners is named first; ``prescribes``: the medicines without any of
    which on the list nobody is in this role; ``stands_in`` and ``where``: for whom this role sees to what is due now."""

    label: Text
    disciplines: tuple[Text, ...] = ()
    side: Literal["pain", "oud", "both", "person"]
    not_where: FactName | None = None
    prescribes: ClassId | None = None
    stands_in: tuple[RoleId, ...] = ()
    where: FactName | None = None
