"""The shapes of the content records: what a TOML file under ``content/`` may say.

Every record is frozen and refuses unknown keys, so a misspelt field is an error and not a silent default.
A clinical record names its row in the facts sheet (``row``) or says ``kind = "own"``, and carries at least
one citation: the source, the place in it, and how well that place was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Confidence = Literal["verified", "verified-2", "recall"]
"""``verified`` read in the source; ``verified-2`` read in a secondary source; ``recall`` still to be confirmed."""
CONFIDENCE_ORDER: tuple[Confidence, ...] = ("recall", "verified-2", "verified")

FactKind = Literal[
    "has", "takes", "proposed", "count", "latest", "days_since", "days_until", "within", "dose", "score", "definition", "code"
]
Phase = Literal["today", "this_week", "weeks_1_4", "months_2_3", "maintain"]
PHASES: tuple[Phase, ...] = ("today", "this_week", "weeks_1_4", "months_2_3", "maintain")
Severity = Literal["stop", "major", "moderate", "note", "timing"]
Level = Literal["act_now", "same_day", "this_visit"]
LEVELS: tuple[Level, ...] = ("act_now", "same_day", "this_visit")
OnUnknown = Literal["check_first", "start_then_check", "quiet"]
Seat = Literal[
    "moud", "medicine", "psychological", "movement", "procedure", "complementary", "support", "level_of_care",
    "harm_reduction", "care", "change",
]
SEATS: Mapping[str, int | None] = {
    "moud": 1, "medicine": 3, "psychological": 2, "movement": 2, "procedure": 1, "complementary": 1, "support": 2,
    "level_of_care": 1, "harm_reduction": None, "care": None, "change": None,
}
"""How many items of each seat a plan may hold; ``None`` has no limit (every item must still earn its place)."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.\-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=900)]


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


class Record(BaseModel):
    """Base of every record: frozen, closed, and free of surprises."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Cite(Record):
    """One citation: which source, where in it, and how well it was checked."""

    id: Id
    at: Text
    confidence: Confidence
    says: Text | None = None


Cites = Annotated[tuple[Cite, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Rows = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]


def lowest(cites: tuple[Cite, ...]) -> Confidence:
    """The weakest confidence of several citations: the one a page must show."""
    return min((c.confidence for c in cites), key=CONFIDENCE_ORDER.index)


class Review(Record):
    """Who has checked this record clinically. Drafts say so on every sheet."""

    by: str = ""
    status: Literal["draft", "reviewed", "endorsed"] = "draft"


class Clinical(Record):
    """A record that makes a clinical statement: it must say where the statement comes from."""

    id: Id
    row: Rows = ()
    kind: Literal["own"] | None = None
    source: Cites
    reviewed: Review = Review()

    @model_validator(mode="after")
    def _row_or_own(self) -> Self:
        if not self.row and self.kind != "own":
            raise ValueError("name the facts-sheet row (row = \"A-R12\") or say kind = \"own\"")
        return self

    @property
    def confidence(self) -> Confidence:
        return lowest(self.source)


class Source(Record):
    """One publication, cited once. ``url`` is printed, never fetched."""

    id: Id
    title: Text
    year: int = Field(ge=1900, le=2100)
    publisher: str = ""
    doi: str | None = None
    url: str | None = None
    kind: Literal["guideline", "review", "trial", "cohort", "label", "regulation", "instrument", "agency", "book", "own"]
    licence: str = ""


# ---- cases that stand beside a rule ------------------------------------------------------------------------


class Case(Record):
    """A worked example of a rule: facts given, status expected. Everything not given is unknown.

    ``rule`` names the rule inside a record that has several (an indication is ``fit``, a contraindication or precaution
    its own id, a trigger ``trigger_1`` …, a need's part ``part.<id>`` or ``met.<id>``). A rule that only names one fact
    needs no written cases: its three cases are implied.
    """

    rule: str | None = None
    base: Id | None = None
    given: Mapping[str, Any] = {}
    expect: str
    level: Level | None = None
    asks: tuple[str, ...] | None = None


class Base(Record):
    """A named partial set of facts that cases start from."""

    id: Id
    given: Mapping[str, Any]


# ---- what may be asked -------------------------------------------------------------------------------------


class Answer(Record):
    """A scalar question of the profile. Blank always means unknown.

    ``type``: ``yes_no``, ``number`` (with ``unit``, ``lo``, ``hi``, ``decimals``), ``choice`` (one of ``choices``),
    ``many`` (several of ``choices``, at most ``most``; never used in conditions) or ``text`` (free, always escaped).
    """

    id: Id
    label: Text
    short: str | None = None
    group: Literal["urgent", "person", "pain", "substances", "mood", "sleep", "home", "goals", "care"]
    type: Literal["yes_no", "number", "choice", "many", "text"]
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    choices: Mapping[str, str] = {}
    most: int | None = None
    help: str = ""
    counts: str = ""
    does_not_count: str = ""
    minutes: float = Field(0.2, gt=0)
    first_page: int | None = None
    sensitive: bool = False

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if self.type == "number" and (self.lo is None or self.hi is None):
            raise ValueError("a number needs lo and hi")
        if (self.type in ("choice", "many")) != bool(self.choices):
            raise ValueError("choices belong to type choice or many, and only there")
        return self


class Condition(Record):
    """A diagnosis or state that may stand in the conditions list; ``groups`` are what rules ask for (``has_<group>``)."""

    id: Id
    label: Text
    groups: tuple[Id, ...] = ()


class ConditionGroup(Record):
    """A named set of conditions. Makes the fact ``has_<id>``; ``parents`` nest. ``first_page`` is its row (2 or 3)."""

    id: Id
    label: Text
    parents: tuple[Id, ...] = ()
    counts: str = ""
    does_not_count: str = ""
    implied_by: Mapping[str, str] = {}
    """A choice answer and the option that means the same as an entry: {main_pain = "sickle_cell"}."""
    past: bool = False
    """Whether a resolved entry, or one in remission, counts too."""
    minutes: float = 0.2
    first_page: int | None = None


class Medicine(Record):
    """An ingredient and the classes it belongs to whatever its route. ``names`` are spellings to recognise."""

    id: Id
    label: Text
    classes: tuple[Id, ...] = ()
    names: tuple[str, ...] = ()
    purpose_if_not_given: Literal["pain", "oud", "other"] | None = None


class MedicineClass(Record):
    """A class of medicines. Makes ``takes_<id>`` and ``proposed_<id>``.

    Members: the ingredients that name it, plus those of its ``children`` classes, narrowed by ``purpose``, ``route``,
    ``release`` when given. ``alone`` wants the ingredient by itself (naloxone rescue is not the naloxone in a film).
    """

    id: Id
    label: Text
    children: tuple[Id, ...] = ()
    purpose: tuple[Literal["pain", "oud", "other"], ...] = ()
    route: tuple[str, ...] = ()
    release: tuple[Literal["ir", "er"], ...] = ()
    alone: bool = False
    counts: str = ""
    does_not_count: str = ""
    minutes: float = 0.2
    first_page: int | None = None


class Measure(Record):
    """A dated thing that may be observed: a laboratory value, a test result, an event. ``type = "event"`` has a date only."""

    id: Id
    label: Text
    type: Literal["number", "choice", "event"]
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    choices: Mapping[str, str] = {}
    valid_days: int | None = None
    help: str = ""
    minutes: float = 1.0


class Fact(Record):
    """A declared fact. Answers, ``has_``, ``takes_`` and ``proposed_`` facts are made by the loader and not written here.

    ``kind`` and what it reads: ``definition`` (``when``: a predicate over other facts), ``latest`` (newest value of
    ``measure``, within ``valid_days``), ``days_since``/``days_until`` (``measure``, or class ``medicine``: last use),
    ``within`` (``measure`` or ``medicine`` class, in the last ``days`` days), ``count`` (distinct ``distinct`` over current
    medicines of ``medicine``, a class), ``dose`` (mg per day of ``ingredient`` over all products, upper bound), ``score``
    (``instrument``, with ``item`` for one item), ``code`` (``function``, arithmetic in Python).
    ``ask`` overrides which askable input is named when the fact is unknown.
    """

    id: Id
    label: Text
    kind: FactKind
    type: Literal["yes_no", "number", "choice"] = "yes_no"
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    choices: tuple[str, ...] = ()
    when: str | None = None
    measure: Id | None = None
    medicine: Id | None = None
    ingredient: Id | None = None
    instrument: Id | None = None
    item: Id | None = None
    distinct: Literal["prescriber", "ingredient", "class"] | None = None
    of: tuple[Id, ...] = ()
    days: int | None = None
    valid_days: int | None = None
    function: Id | None = None
    inputs: tuple[Id, ...] = ()
    ask: tuple[Id, ...] = ()
    help: str = ""
    row: Rows = ()
    cases: tuple[Case, ...] = ()


class Item(Record):
    """One item of an instrument: a short label in our own words and the values it may take."""

    id: Id
    label: Text
    values: tuple[int, ...]


class Band(Record):
    """A named range of a total, both ends included."""

    id: Id
    label: Text
    lo: float
    hi: float


class Instrument(Clinical):
    """A questionnaire or count. ``total``: ``sum``, ``mean`` or ``count``. ``missing``: how many blanks a total may have
    (0: any blank makes it a range). ``locked`` instruments ship no items and take a typed total only.
    ``risk = True`` marks a risk score: no condition that lowers an option may depend on it (law 2)."""

    title: Text
    short: Text
    items: tuple[Item, ...] = ()
    total: Literal["sum", "mean", "count", "rule"] = "sum"
    lo: float
    hi: float
    decimals: int = 0
    bands: tuple[Band, ...] = ()
    higher_is: Literal["worse", "better"] = "worse"
    locked: bool = False
    locked_because: str = ""
    risk: bool = False
    valid_when: str | None = None
    not_valid: str = ""
    licence: Text
    valid_days: int = 90
    minutes: float = 2.0
    use: Text


# ---- what the sources say ----------------------------------------------------------------------------------


class Strength(Record):
    """How strongly the source recommends it, in the source's own scheme."""

    scheme: Literal["CDC", "GRADE", "ASAM", "consensus", "regulation", "own"]
    category: str
    evidence: str = ""


class Recommendation(Clinical):
    """A statement of a guideline. ``when`` false: does not apply; ``done`` true: met. ``action`` is a short offer for the
    page (at most 14 words); ``treatments`` are the options that carry it out; ``priority`` orders (1 first)."""

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


class Closer(Record):
    """A contraindication. ``unknown`` says what not knowing means: ``check_first`` (may stand in a plan, "before starting"),
    ``start_then_check`` (MOUD laboratory tests), ``quiet`` (listed once as not checked)."""

    id: Id
    when: str
    label: Text
    unknown: OnUnknown
    instead: str = ""
    source: Cites


class Caution(Record):
    """A precaution: counts as one caution when true, asks nothing when unknown unless ``unknown = "check_first"``."""

    id: Id
    when: str
    label: Text
    action: Text
    unknown: Literal["check_first", "quiet"] = "quiet"
    source: Cites


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
    """An option. ``in_place`` is a condition saying that it is in use now; ``medicines`` are the ingredients that it brings
    (their classes meet the interactions); ``keeps`` names the class of medicine in use that a change item acts on."""

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
    cases: tuple[Case, ...] = ()


class Interaction(Clinical):
    """Two members that meet. Members are medicine classes or ingredients. ``stop`` excludes the pair, ``timing`` orders
    the steps and states the wait, ``major`` enters only with its ``action``. ``requires`` adds items to the plan."""

    title: Text
    a: Annotated[tuple[Id, ...], BeforeValidator(_one_or_many)]
    b: Annotated[tuple[Id, ...], BeforeValidator(_one_or_many)]
    severity: Severity
    when: str | None = None
    effect: Text
    action: Text
    wait: str = ""
    requires: tuple[Id, ...] = ()
    cases: tuple[Case, ...] = ()


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
    """One step of a care pathway: who, in which phase, what first, how success is told and what follows."""

    id: Id
    phase: Phase
    title: Text
    owner: tuple[Id, ...]
    needs_first: tuple[Text, ...] = ()
    do: tuple[Text, ...]
    measure: Text
    success: Text
    if_met: Text
    if_not: Text
    source: Cites


class Pathway(Clinical):
    """A cited course of care over time."""

    title: Text
    entry: str
    treatments: tuple[Id, ...]
    steps: tuple[Step, ...] = Field(min_length=1)
    exit: Text
    cases: tuple[Case, ...]


class Decision(Clinical):
    """A choice that belongs to the person and the team: its alternatives are never pruned against each other.
    ``decided_by`` says what would decide it."""

    title: Text
    raised_when: str
    alternatives: tuple[Id, ...] = Field(min_length=2)
    decided_by: tuple[Text, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


class Disagreement(Clinical):
    """Two or more sources that do not say the same; both are shown, none is chosen."""

    title: Text
    when: str
    treatments: tuple[Id, ...] = ()
    positions: tuple[Cite, ...] = Field(min_length=2)
    cases: tuple[Case, ...] = ()


class Contradiction(Record):
    """Answers that cannot both be right. They are shown, and the facts in ``unsettles`` become questions."""

    id: Id
    title: Text
    when: str
    unsettles: tuple[Id, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


class Role(Record):
    """Who may deliver or own an item."""

    id: Id
    label: Text
    side: Literal["pain", "oud", "both", "person"]


class MmeFactor(Record):
    """A conversion factor: MME per ``unit`` a day of this ingredient by these routes."""

    ingredient: Id
    factor: float = Field(gt=0)
    unit: Literal["mg/day", "mcg/h"] = "mg/day"
    routes: tuple[str, ...] = ("oral",)
    up_to_mg: float | None = None


class MmeEdition(Clinical):
    """A published factor table. ``left_out`` are ingredients and purposes that it leaves out on purpose, with the reason."""

    title: Text
    factors: tuple[MmeFactor, ...]
    left_out: Mapping[str, str] = {}
    default: bool = False
