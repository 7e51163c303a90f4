"""What may be asked about a person: answers, the vocabularies of the lists, declared facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import VOCABULARY
from .base import Case, Cites, FactKind, Named, Record, Route, Rows
from .demands import Members
from .marks import (
    Ask,
    ChoiceId,
    ClassId,
    FactName,
    GroupId,
    Id,
    InstrumentId,
    MeasuredId,
    MeasureId,
    MedicineId,
    Option,
    Text,
    When,
    YesNoId,
    to,
)

StandIn = Annotated[tuple[float, float] | str, to("option", of="key")]
"""What an option says of another answer: a range of its number, or one of its options."""
AnswerGroup = Literal["urgent", "person", "pain", "substances", "mood", "sleep", "home", "goals", "care", "level"]
CodeFunction = Literal[
    "mme_upper",
    "mme_lower",
    "criteria_met",
    "severity_by_criteria",
    "suicide_risk_level",
    "days_between",
    "kidney_filtration",
    "kidney_clearance",
    "liver_class",
    "body_mass_index",
]
"""What a fact of kind ``code`` may name: the keys of `pathways.facts.code.FUNCTIONS`."""


class Answer(Named, audience=VOCABULARY):
    """A scalar question of the profile. Blank always means unknown.

    ``type``: ``yes_no``, ``number`` (with ``unit``, ``lo``, ``hi``, ``decimals``), ``choice`` (one of ``choices``),
    ``many`` (several of ``choices``, at most ``most``; never used in conditions) or ``text`` (free, always escaped).
    """

    label: Text
    short: str | None = None
    group: AnswerGroup
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
    assumed: Annotated[str, to("option", of="id")] | None = None
    """The choice that a form fills in when nobody gave one; the profile then lists it under ``assumed``."""
    allergy_to: Members = ()
    """A confirmed allergy on record to one of these classes or ingredients, with a reaction of one of ``allergy_kinds``, is
    a yes where nobody answered."""
    allergy_kinds: tuple[Literal["serious", "mild"], ...] = ("serious",)
    beyond_prescription: bool = False
    """A yes says that opioids are taken in another way than prescribed: tolerance and withdrawal then count."""
    unlisted_opioid: bool = False
    """A yes says that opioids are taken which may stand in no list of medicines: no dose of them is known."""
    known_as: (
        Literal[
            "age in years",
            "assessment of OUD",
            "consent to work with a partner",
            "goal in own words",
            "level of care: accepted",
            "level of care: edition",
            "level of care: goes on with MOUD",
            "level of care: named by number",
            "level of care: named by the team",
            "level of care: now",
            "level of care: why they differ",
            "level of care: within reach",
            "months on an opioid",
            "private safety screen",
            "sex of the person",
            "violence or control at home",
            "what matters most",
            "where care takes place",
            "whether pregnant",
        ]
        | None
    ) = None
    stands_for: Mapping[Annotated[str, to("option", of="id")], Mapping[FactName, StandIn]] = {}
    """Of a choice: what each option says of other answers that were not given: a range of a number, an option of a choice
    ("chronic" without months; a level of care by its number)."""
    rules_out: Mapping[Annotated[str, to("option", of="id")], When] = {}
    """Of a choice that nobody answered: options that are surely not so where a condition over declared facts holds."""
    relevant_when: When | None = None
    """Whom the question concerns: not asked where this is surely false; with ``else_no`` the answer is then no."""
    else_no: bool = False
    settled_when: When | None = None
    """What settles it another way, so that it is not asked any more."""
    later_when: When | None = None
    """Where its answer would surprise: it is asked after all that is likelier, and never kept from the list."""
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if self.type == "number" and (self.lo is None or self.hi is None):
            raise ValueError("a number needs lo and hi")
        if (self.type in ("choice", "many")) != bool(self.choices):
            raise ValueError("choices belong to type choice or many, and only there")
        if (self.stands_for or self.rules_out) and self.type != "choice":
            raise ValueError("stands_for and rules_out belong to type choice, and only there")
        return self


class Implied(Record, audience=VOCABULARY):
    """What is measured and means an entry of a group: a number from ``least`` on, or up to ``most``; a choice that is one of
    ``options``. ``sure`` false: it may mean it, so that the group is not known until somebody says."""

    fact: Annotated[Id, to("measured fact")]
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()
    sure: bool = True
    source: Cites

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if [self.least is not None, self.most is not None, bool(self.options)].count(True) != 1:
            raise ValueError("an implied group needs least, most or options, and one of them only")
        return self


class Condition(Named, audience=VOCABULARY):
    """A diagnosis or state that may stand in the conditions list; ``groups`` are what rules ask for
    (``has_<group>``)."""

    label: Text
    groups: tuple[GroupId, ...] = ()
    known_as: (
        Literal[
            "cancer in the past",
            "cancer in treatment",
            "cancer that has spread",
            "care in hospice",
            "opioid dependence, as a code",
        ]
        | None
    ) = None


class ConditionGroup(Named, audience=VOCABULARY):
    """A named set of conditions. Makes the fact ``has_<id>``; ``parents`` nest. ``first_page`` is its row (2 or 3)."""

    label: Text
    parents: tuple[GroupId, ...] = ()
    counts: str = ""
    does_not_count: str = ""
    implied_by: Mapping[ChoiceId, Option] = {}
    """A choice answer and the option that means the same as an entry: {main_pain = "sickle_cell"}."""
    ruled_out_by: Mapping[ChoiceId, tuple[Option, ...]] = {}
    """Options of a choice answer after which a mere code in a chart no longer counts: {oud_status = ["none"]}."""
    ruled_out_from: Mapping[Annotated[Id, to("latest number")], float] = {}
    """A number (a fact of kind ``latest``) from which on nobody has this, unless an entry says so: {egfr = 60}."""
    implied_from: tuple[Implied, ...] = ()
    """Measured numbers that mean an entry of this group, whatever the list says: a weight and height, a pressure."""
    settled_when: When | None = None
    """What settles it another way, so that it is not asked any more."""
    later_when: When | None = None
    """Where its answer would surprise: it is asked after all that is likelier, and never kept from the list."""
    past: bool = False
    """Whether a resolved entry, or one in remission, counts too."""
    lifelong: bool = False
    """Whether it is there whatever a chart says about its state."""
    overdose_risk: bool = False
    """Whether an opioid beside it is a reason to have naloxone at home (H7)."""
    known_as: (
        Literal["OUD, as a code", "another substance use disorder", "cancer, now or in the past", "palliative care"]
        | None
    ) = None
    minutes: float = 0.2
    first_page: int | None = None


class Medicine(Named, audience=VOCABULARY):
    """An ingredient and the classes it belongs to whatever its route. ``names`` are spellings to recognise.

    What a name of a product leaves unsaid: ``injected`` and ``film``, the route of such a form; ``on_skin``, the plain name
    that means this entry when it is put on the skin; ``with_opioids``, that it stands second in a tablet with an opioid.

    What it is licensed for, where no reason is given: ``purpose_by_route`` ("oud_or_pain": for OUD if that is on record,
    else for pain), ``purpose_with`` another ingredient, and ``cough``, in a product with which an opioid is not for pain.
    """

    label: Text
    classes: tuple[ClassId, ...] = ()
    names: tuple[str, ...] = ()
    purpose_if_not_given: Literal["pain", "oud", "other"] | None = None
    injected: Literal["subcutaneous", "intramuscular"] | None = None
    film: Literal["sublingual"] | None = None
    on_skin: str = ""
    with_opioids: bool = False
    purpose_by_route: Mapping[str, Literal["pain", "oud", "other", "oud_or_pain", "oud_or_other"]] = {}
    purpose_with: Mapping[MedicineId, Literal["pain", "oud", "other"]] = {}
    cough: bool = False
    patch_days: float | None = Field(None, gt=0)
    """For how many days one patch is worn, by its label."""
    open_as_text: bool = False
    """Sold outside pharmacies under this name with a content that nobody vouches for: as a text alone it names nothing."""
    known_as: Literal["usual partner of an opioid"] | None = None


class MedicineClass(Named, audience=VOCABULARY):
    """A class of medicines. Makes ``takes_<id>`` and ``proposed_<id>``.

    Members: the ingredients that name it, plus those of its ``children`` classes, narrowed by ``purpose``, ``route``,
    ``release`` when given. ``stops_at_once``: the body does not come to depend on it, so it may be stopped on the spot
    where it does harm. ``alone`` wants the ingredient by itself (naloxone rescue is not the naloxone in a film).
    ``names`` are others' words for it, understood in a case file and never written.
    """

    label: Text
    asked_as: str = ""
    """The question in plain words, where the label names what the class is made of."""
    names: tuple[str, ...] = ()
    children: tuple[ClassId, ...] = ()
    purpose: tuple[Literal["pain", "oud", "other"], ...] = ()
    route: tuple[Route, ...] = ()
    release: tuple[Literal["ir", "er"], ...] = ()
    alone: bool = False
    stops_at_once: bool = False
    settled_when: When | None = None
    """What settles it another way, so that it is not asked any more."""
    later_when: When | None = None
    """Where its answer would surprise: it is asked after all that is likelier, and never kept from the list."""
    counts: str = ""
    does_not_count: str = ""
    minutes: float = 0.2
    first_page: int | None = None
    known_as: (
        Literal[
            "CNS depressants",
            "agonist medication for OUD",
            "any medication for OUD",
            "any naloxone",
            "any opioid",
            "extended-release or long-acting opioids",
            "naloxone at home",
            "opioids for pain",
        ]
        | None
    ) = None


class Measure(Named, audience=VOCABULARY):
    """A dated thing that may be observed: a laboratory value, a test result, an event. ``type = "event"`` has
    a date only; ``planned``: it may lie in the future; ``treats_oud``: an injection of medication for OUD; ``below``: the
    measure that is higher in everybody on the same day."""

    label: Text
    type: Literal["number", "choice", "event"]
    below: MeasureId | None = None
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    adult_lo: float | None = None
    """What an adult has at the least: a lower value is an error to settle."""
    units: Mapping[str, float] = {}
    """Units, as UCUM writes them, in which a value may be imported, each with the factor to ``unit``; any other is left open."""
    choices: Mapping[str, str] = {}
    valid_days: int | None = None
    planned: bool = False
    treats_oud: bool = False
    known_as: (
        Literal[
            "ALT or AST, times the upper limit",
            "an overdose survived",
            "any drug test",
            "filtration of the kidneys",
            "naloxone given to keep",
            "prescribed opioid in urine",
            "visit to an office",
        ]
        | None
    ) = None
    help: str = ""
    minutes: float = 1.0


FACT_NEEDS: Mapping[FactKind, str] = {
    "definition": "when",
    "code": "function",
    "score": "instrument",
    "latest": "measure",
    "dose": "ingredient",
}


class Fact(Named, audience=VOCABULARY):
    """A declared fact. Answers, ``has_``, ``takes_`` and ``proposed_`` facts are made by the loader and not
    written here.

    ``kind`` and what it reads: ``definition`` (``when``: a predicate over other facts), ``latest`` (newest value of
    ``measure``, within ``valid_days``), ``days_since``/``days_until`` (``measure``, or class ``medicine``: last use),
    ``within`` (``measure``, ``or_measures`` or ``medicine`` class, in the last ``days`` days; a "no" to ``no_when``, an
    answer, says that there was none), ``count`` (distinct ``distinct``
    over current medicines of ``medicine``, a class), ``dose`` (mg per day of ``ingredient`` over all products, upper
    bound), ``score`` (``instrument``, with ``item`` for one item), ``code`` (``function``, arithmetic in Python, over
    the ``instrument``, or over the days from ``measure`` to the next ``until``),
    ``on_record`` (whether a filled-in ``instrument``, or one ``item`` of it, reaches ``least``: none on record is a no),
    ``order`` (what only the orders of a request can tell; elsewhere it stays unknown).
    ``ask`` overrides which askable input is named when the fact is unknown. ``shown``: a page tells it, so it may stand
    here without a rule that reads it.
    """

    label: Text
    kind: FactKind
    type: Literal["yes_no", "number", "choice"] = "yes_no"
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 0
    choices: tuple[str, ...] = ()
    when: When | None = None
    measure: MeasuredId | None = None
    until: MeasureId | None = None
    medicine: ClassId | None = None
    ingredient: MedicineId | None = None
    instrument: InstrumentId | None = None
    item: Annotated[Id, to("item", of="instrument")] | None = None
    least: float | None = None
    distinct: Literal["prescriber", "ingredient", "class"] | None = None
    of: tuple[ClassId, ...] = ()
    days: int | None = None
    or_measures: tuple[MeasuredId, ...] = ()
    no_when: YesNoId | None = None
    valid_days: int | None = None
    function: CodeFunction | None = None
    inputs: tuple[Ask, ...] = ()
    ask: tuple[Ask, ...] = ()
    shown: bool = False
    known_as: (
        Literal[
            "OUD in remission",
            "confirmed OUD",
            "an operation is near",
            "an opioid told of beside the list",
            "in an emergency department or on a ward",
            "days to an operation",
            "opioid dose, lower bound",
            "opioid dose, upper bound",
            "opioid use disorder",
        ]
        | None
    ) = None
    help: str = ""
    row: Rows = ()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _shape(self) -> Self:
        needed = FACT_NEEDS.get(self.kind)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"a fact of kind '{self.kind}' needs '{needed}'")
        if self.type == "number" and (self.lo is None or self.hi is None):
            raise ValueError("a number needs lo and hi")
        if self.kind != "within" and (self.or_measures or self.no_when):
            raise ValueError("or_measures and no_when are for kind 'within' only")
        return self
