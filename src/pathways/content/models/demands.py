"""What a record demands of the plan: cautions and dose limits of medicines, signs on an entry, calls of an emergency.

A drug's cautions and dose limits live once, by ingredient or class; a treatment inherits those of its medicines and a
medicine in use is judged by them, whether or not it is a treatment of the kit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .audience import VOCABULARY, Shared, Vocabulary
from .base import Case, Clinical, Named, OnUnknown, Phase, Record, one_or_many
from .marks import ActionId, BesideId, ClassId, ClassOrMedicineId, MedicineId, RoleId, Text, TreatmentId, When, to
from .ways import Ways

Against = Literal["stop", "avoid", "only_with"]
"""``stop``: not together with this; ``avoid``: something else first; ``only_with``: with its mitigation beside it."""

How = Literal[
    "hold",
    "take_off",
    "plan_dose",
    "weigh",
    "together",
    "lower",
    "to_limit",
    "switch",
    "taper",
    "stop",
    "stop_with_cover",
]
"""What becomes of a medicine in use that has to change. An abrupt stop of what the body depends on is never one of them:
``taper`` and ``stop_with_cover`` (a barbiturate, baclofen: with medical supervision) are. ``take_off``: what
a hold is for a patch, which goes on acting while it is worn. ``plan_dose``: it goes on, and
when its next dose is due is agreed first (a depot before an operation); ``weigh``: causes are corrected, and a lower dose
or another medicine is weighed (methadone with a long QTc). ``lower``: step by step; ``to_limit``: at once, of
what needs no steps. ``together``: the person does not want it, and it is changed
with the person."""

InUse = Literal["verify", "change", "keep_with", "check", "note"]
"""What a true caution, pair or sign makes of a medicine that is in use; ``note`` leaves it as it is."""

Words = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]
Members = Annotated[tuple[ClassOrMedicineId, ...], BeforeValidator(one_or_many)]
Besides = Annotated[tuple[BesideId, ...], BeforeValidator(one_or_many)]
"""What stands in the plan with a medicine: treatments, and actions."""
Treatments = Annotated[tuple[TreatmentId, ...], BeforeValidator(one_or_many)]
Target = Annotated[str, to("treatment", "medicine_class", "medicine", "class in use")]
"""What a demand speaks against: a treatment, a class or an ingredient to be started, or ``in_use:`` one that is taken."""

IN_USE: tuple[InUse, ...] = ("verify", "change", "keep_with", "check", "note")
"""The same, strongest first: ``check`` only where nothing is known against it."""
IN_USE_OF: Mapping[Against, InUse] = {"stop": "change", "avoid": "change", "only_with": "keep_with"}


class Action(Named):
    """What is done beside a medicine that goes on, in ``short`` words, and whose task it is. What asks for it says why, and
    by which source. ``of`` is the class of medicine that it is about, where it stands beside others too; ``bought`` the
    action in its place for one of that class that nobody prescribed."""

    short: Shared[Text]
    owner: Vocabulary[tuple[RoleId, ...]] = Field(min_length=1)
    of: Vocabulary[ClassId | None] = None
    bought: Vocabulary[ActionId | None] = None


class MedicineCaution(Clinical):
    """What speaks against an ingredient or a class in a state of the person.

    ``of``: the ingredients and classes meant; ``when``: the state; ``label`` names it on the page. ``strength`` holds for
    a start; ``in_use`` for a medicine that is taken (left out: change for stop and avoid, keep_with for only_with), with
    ``how`` and ``by`` when it has to change, ``instead`` in words, and ``replaced_by``: the treatments that every plan
    holds in its place. ``say`` tells the person in
    plain words; ``action`` is the mitigation in words, ``beside`` the
    treatments and actions that must stand in the plan with it. ``unknown`` says what not knowing means before a start, in
    those of whom ``checked_when`` is surely true (left out: in everybody; of others it asks nothing); ``start_only``:
    it says nothing of a medicine in use; ``asks_first``: what the action asks is done before a start. ``brief`` is said in
    place of the action of a supply for no more than ``brief_days`` days, where the caution is about longer use.
    """

    of: Vocabulary[Members] = Field(min_length=1)
    when: Vocabulary[When]
    label: Shared[Text]
    strength: Shared[Against]
    in_use: Shared[InUse | None] = None
    how: Shared[How | None] = None
    by: Shared[Phase] = "this_week"
    instead: Shared[Ways] = ()
    replaced_by: Vocabulary[Treatments] = ()
    action: Shared[str] = ""
    brief: Shared[str] = ""
    brief_days: Vocabulary[int | None] = Field(None, gt=0)
    say: Shared[str] = ""
    beside: Vocabulary[Besides] = ()
    unknown: Shared[OnUnknown] = "quiet"
    checked_when: Vocabulary[When | None] = None
    start_only: Shared[bool] = False
    asks_first: Shared[bool] = False
    cases: Vocabulary[tuple[Case, ...]] = ()

    @property
    def makes(self) -> InUse:
        """The verdict on an entry in use of which this is true."""
        return self.in_use or IN_USE_OF[self.strength]

    @model_validator(mode="after")
    def _mitigated(self) -> Self:
        if "keep_with" in (self.makes, IN_USE_OF[self.strength]) and not self.beside:
            raise ValueError("what goes with it? beside = the treatments or actions of its plan")
        if self.makes == "change" and not self.how:
            raise ValueError("how does it change? how = hold, lower, switch, taper, stop or stop_with_cover")
        if bool(self.brief) != bool(self.brief_days):
            raise ValueError("brief and brief_days come together: up to how many days is it said?")
        return self


class DoseLimit(Clinical):
    """The most of an ingredient a day, in mg, for a route, a use and a state of the person; or the most days in a row.

    ``of`` is one ingredient; ``route``, ``purpose`` and ``release`` narrow it (left out: any). ``when`` is the state in which it holds
    (left out: always). ``per_day``: mg a day over all products; ``per_hour``: mcg an hour of a patch; ``days``: days
    since the start. ``how`` and ``by`` say what to do about an entry above it.
    """

    of: Vocabulary[MedicineId]
    route: Vocabulary[Words] = ()
    purpose: Vocabulary[Annotated[tuple[Literal["pain", "oud", "other"], ...], BeforeValidator(one_or_many)]] = ()
    release: Vocabulary[Words] = ()
    when: Vocabulary[When | None] = None
    per_day: Shared[float | None] = Field(None, gt=0)
    per_hour: Shared[float | None] = Field(None, gt=0)
    days: Shared[int | None] = Field(None, gt=0)
    label: Shared[Text]
    how: Shared[How] = "lower"
    by: Shared[Phase] = "this_week"
    action: Shared[str] = ""
    cases: Vocabulary[tuple[Case, ...]] = ()

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.per_day is None and self.per_hour is None and self.days is None:
            raise ValueError("a limit needs per_day (mg), per_hour (mcg, a patch) or days")
        return self


class BelievedDose(Clinical, audience=VOCABULARY):
    """How much of an ingredient a day is believed, where the multiple of its limits that holds for all does not fit, or where
    a source speaks of a dose and sets no limit. It closes nothing and warns of nothing: a dose above it is an error to settle.

    ``of`` is one ingredient, ``route`` narrows it (left out: any). ``times``: the multiple (left out: that of all, in
    ``believable`` of the MME edition). ``spoken_of``: mg a day that the source speaks of, which is measured where no dose
    limit fits. ``why``: the reason in words.
    """

    of: MedicineId
    route: Words = ()
    times: float | None = Field(None, gt=1)
    spoken_of: float | None = Field(None, gt=0)
    why: Text

    @model_validator(mode="after")
    def _believes_something(self) -> Self:
        if self.times is None and self.spoken_of is None:
            raise ValueError("needs times (a multiple of the limit) or spoken_of (mg a day)")
        return self


class EntrySign(Clinical):
    """What an entry of the medicines list says of itself: not taken as prescribed, from no prescriber, a second source, a
    depot whose next dose is late, a supply that ends within days; of a proposed one, that it or one of its kind is taken
    already. ``say`` tells the person.

    ``sign`` names the sign; ``of`` narrows it to classes or ingredients (left out: any); for ``same_kind`` it names the kinds.
    """

    sign: Vocabulary[
        Literal[
            "not_as_prescribed",
            "nonprescribed",
            "second_source",
            "unrecognized",
            "unsettled",
            "use_unknown",
            "dose_late",
            "dose_lapsed",
            "supply_ends",
            "already_taken",
            "same_kind",
        ]
    ]
    of: Vocabulary[Members] = ()
    label: Shared[Text]
    makes: Vocabulary[InUse]
    how: Shared[How | None] = None
    by: Shared[Phase] = "this_week"
    action: Shared[Text]
    say: Shared[str] = ""
    beside: Vocabulary[Besides] = ()


class MedicineHarm(Clinical):
    """What a class of medicines does when it is used against what is known of it, whoever the person is: ``stopped_at_once``
    (the body, or a recovery, depends on it) or ``without_need`` (started for what the person does not have, or with nothing
    known about it). ``harm`` says what can happen, ``action`` what is done in its place."""

    of: Vocabulary[Members] = Field(min_length=1)
    use: Vocabulary[Literal["stopped_at_once", "without_need"]]
    harm: Shared[Text]
    action: Shared[Text]


class WishSign(Clinical):
    """What it means that the person asks for a treatment, refuses it, or has tried it: ``strength`` against starting it
    (left out: none), ``softened`` for a treatment that a wish never closes. ``in_use`` and ``how``: what becomes of it where
    it is taken (left out: nothing is said of that), ``say`` the same in plain words for the person."""

    sign: Vocabulary[Literal["asks_for", "refuses", "helped", "did_not_help", "harmed"]]
    label: Shared[Text]
    strength: Shared[Against | None] = None
    softened: Shared[Against | None] = None
    in_use: Shared[InUse | None] = None
    how: Shared[How | None] = None
    say: Shared[str] = ""
    action: Shared[Text]


class Demand(Record):
    """What an emergency or a recommendation demands while it holds.

    ``calls_for``: treatments that every plan must hold; ``one_of``: treatments of which every plan must hold one;
    ``speaks_against``: treatments, classes or ingredients, ``in_use:<class>`` for what is taken; with ``strength``,
    ``how``, ``instead``, and ``say`` for the person. ``when`` narrows it further. ``by``: until when.
    """

    calls_for: Vocabulary[Treatments] = ()
    one_of: Vocabulary[Treatments] = ()
    speaks_against: Vocabulary[Annotated[tuple[Target, ...], BeforeValidator(one_or_many)]] = ()
    strength: Shared[Against] = "stop"
    when: Vocabulary[When | None] = None
    by: Shared[Phase] = "today"
    how: Shared[How | None] = None
    beside: Vocabulary[Besides] = ()
    instead: Shared[Ways] = ()
    label: Shared[str] = ""
    say: Shared[str] = ""
