"""Codes of the outside world, and what orders and records alone can tell: what an import and a CDS hook go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .audience import WITHHELD, Vocabulary
from .base import Cites, Clinical, Named, Record, Route, Rows
from .marks import ClassId, FactName, GroupId, MeasureId, MedicineId, Pattern, Text, UrineTestId, to


class CodeSet(Clinical, audience=WITHHELD):
    """A reviewed set of codes that mean one thing here.

    ``means`` is what they stand for and ``gives`` its id: a ``condition`` (or group), an ``event`` or a ``number`` of the
    measures, an ``instrument``, one ``item`` of an instrument ("peg.pain"), a ``substance`` of a drug test, a yes to an
    ``answer``, something that the importer looks for by name (``finding``), or how a result or procedure went
    (``status``). ``icd10``, ``icd9`` and ``cpt`` are beginnings, "?" in them is any one character; the other systems take
    whole codes. ``words`` are regular
    expressions for a text, tried when no code is
    known; of a problem they name it, and what is said of it ("ruled out", "mother with") is for `ProblemWords`.
    ``words_not`` takes a match back where it stands in the same clause. ``holds`` and ``leaves_out`` are examples on both
    sides, "system|code" or plain text, and run as tests.
    """

    means: Literal["condition", "event", "number", "instrument", "item", "substance", "answer", "finding", "status"]
    gives: Annotated[Text, to("meaning", of="means")]
    label: Text
    snomed: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    icd10_not: tuple[str, ...] = ()
    icd10_open: tuple[str, ...] = ()
    """Beginnings of codes that may or may not mean this: whoever has one may have it."""
    icd10_passing: tuple[str, ...] = ()
    """Those of ``icd10`` that name an episode, a degree or a consequence of it: where that is over, it need not be."""
    icd10_or_past: tuple[str, ...] = ()
    """Those of ``icd10`` that leave it open whether it is still there: a cancer in remission."""
    icd10_titles: Mapping[str, str] = {}
    """The words that the titles of some of its codes are made of, by their beginnings: a text of no other words is the code in
    words, and says no more and nothing else than the code does."""
    icd9: tuple[str, ...] = ()
    icd9_not: tuple[str, ...] = ()
    icd9_open: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    cpt: tuple[str, ...] = ()
    words: tuple[Pattern, ...] = ()
    words_not: tuple[Pattern, ...] = ()
    unsure: tuple[Pattern, ...] = ()
    """Of ``words``, spellings that mean something else too: sure only beside one of ``sure_with`` in the same text."""
    sure_with: tuple[Pattern, ...] = ()
    doubted_by: tuple[Pattern, ...] = ()
    """What puts it in doubt where it stands in the same text: a year beside a pregnancy, which may be over."""
    status: Literal["active", "remission", "resolved"] | None = None
    """What the code itself says about the state of the condition ("in remission")."""
    certainty: Literal["confirmed", "coded"] = "confirmed"
    as_condition: Annotated[str, to("condition", "condition_group")] | None = None
    """Of a finding that is also a problem: the entry that it makes where nothing but its words is known."""
    in_the_past: Annotated[str, to("condition", "condition_group")] | None = None
    """The entry that it makes instead where a text says that it was there, or is in remission or cured."""
    may_also: tuple[GroupId, ...] = ()
    """Groups that whoever has this may well have too: its codes and words do not close them."""
    within_days: int | None = None
    """Of a yes to an answer: how many days after its date it still says so."""
    answers: Mapping[str, int] = {}
    """Of an item: codes of its answers, and their words in small letters, with the value that each stands for."""
    medicine: GivenMedicine | None = None
    """Of an event: the medicine that was given with it, or may have been."""
    finds: bool = False
    """Of an event: its value is what was found by it, so that any value says that it was done."""
    of_no_set: tuple[str, ...] = ()
    """Codes that stand in no value set of the source cited, from other knowledge; every other one stands there."""
    tests: tuple[UrineTestId, ...] = ()
    """Of a substance: the urine tests that a result may be of, which say what it answers to; without one it is not judged."""
    holds: tuple[str, ...] = Field(min_length=1)
    leaves_out: tuple[str, ...] = Field(min_length=1)


class GivenMedicine(Record, audience=WITHHELD):
    """A medicine that an event says was given: its ``ingredients``, or one of a ``medicine_class``. ``days``: how long what
    was given goes on. ``open``: whether it was given, or is meant to be, is not known. ``program``: by a treatment program,
    so that no pharmacy knows of it."""

    ingredients: tuple[MedicineId, ...] = ()
    medicine_class: ClassId | None = None
    route: Route | None = None
    purpose: Literal["pain", "oud", "other"] | None = None
    days: Annotated[int, Field(ge=1, le=366)]
    open: bool = False
    program: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.ingredients) == bool(self.medicine_class):
            raise ValueError("names ingredients, or a class")
        return self


class LastingForm(Clinical, audience=WITHHELD):
    """A form of a medicine of which one dose works for days: a depot, a patch, an implant.

    It is known by its ``routes``, its ``words`` in the name, or both where both are given; the first record that fits
    counts. ``medicine`` none: of any. ``days``: until the next dose is due, the longest that the label allows. ``open``: it
    may work as long, and that is not sure. ``measure``: the event that a dose given is.
    """

    medicine: MedicineId | None = None
    routes: tuple[Route, ...] = ()
    words: tuple[Pattern, ...] = ()
    days: Annotated[int, Field(ge=1, le=366)]
    open: bool = False
    measure: MeasureId | None = None

    @model_validator(mode="after")
    def _known_by_something(self) -> Self:
        if not (self.routes or self.words):
            raise ValueError("needs routes or words")
        return self


class ProblemWords(Named, audience=WITHHELD):
    """Words of a problem text that do not name a problem, and what they say of one that is named near by.

    ``says``: it is ``not`` there, ``maybe``, ``was``, is in ``remission`` or ``resolved``, after all ``is``; it is somebody
    else's (``family``) or the person's own again (``self``); the text is ``about`` it (screening, a risk, teaching). Or:
    ``other`` names a problem that is in no group, ``open`` words that may mean one of ``groups``, ``filler`` words that
    change nothing. ``object`` is a test or a treatment, which what is denied or ``refused`` beside it may speak of; a
    ``service`` right behind a problem leaves it open. ``neutral`` words are not understood, and turn no problem beside them
    into a doubtful one. ``link`` goes on with the same problem, ``beside`` with what is named beside it and ``cause`` with a
    cause, ``either`` lists the next under the same words, ``also`` another one, and ``stop`` begins anew; ``every``
    ("both") lets the word behind it speak of each that was named. Three kinds are looked up beside a problem only: an
    ``episode`` of it, whose end or absence is not that of the problem; a ``degree``, of which the same holds where it is
    denied; and a ``background``, the word between something else and the problem that it came in. ``side`` is where
    what is spoken of stands: ``after`` the words, ``before`` them, ``both``, ``all`` named before, or ``any``: before them
    where one stands in the same part of the text. Words with ``groups`` (``open`` apart) say it of problems in these groups
    only, and are looked at only in a text that names one.
    """

    says: Literal[
        "not", "maybe", "was", "remission", "resolved", "is", "family", "self", "about", "refused", "service", "other", "open",
        "filler", "object", "neutral", "link", "beside", "cause", "either", "also", "stop", "every",
        "episode", "degree", "background",
    ]  # fmt: skip  # words, read across
    side: Literal["after", "before", "both", "any", "all"] = "after"
    groups: tuple[GroupId, ...] = ()
    words: tuple[Pattern, ...] = Field(min_length=1)


class RecordWords(Named, audience=WITHHELD):
    """Words of the short texts of a record that name no problem, medicine or dose, and what they say where they stand.

    ``of`` is where: a ``result`` of a drug test, the title of an ``event``, of a ``visit`` or of a number (``title``), the
    ``answer`` to whether one happened, or a remark beside a ``medicine``, a ``problem``, an ``allergy`` or a ``value``.
    Words say a sign (``positive``, ``negative``), that something happened (``yes``) or did not (``no``), or change nothing
    (``plain``). Of a remark they may be ``harmless``; or bear on whether a thing is in ``use``, on its ``dose``, on whose
    it is (``person``) or on whether it is so at all (``doubt``). The longest words that fit count; a word that no entry
    knows is not understood.
    """

    of: tuple[
        Literal["result", "event", "visit", "answer", "title", "medicine", "problem", "allergy", "value"], ...
    ] = Field(min_length=1)
    says: Literal["positive", "negative", "yes", "no", "plain", "harmless", "use", "dose", "person", "doubt"]
    words: tuple[Pattern, ...] = Field(min_length=1)


class RxTable(Clinical, audience=WITHHELD):
    """RxNorm codes of common products with their RxNorm-style names, which the name reader takes apart; or ``brands``,
    names instead of codes; or ``spellings``, other spellings and abbreviations, which name no brand."""

    brands: bool = False
    spellings: bool = False
    names: Mapping[str, str] = Field(min_length=1)


class RouteName(Clinical, audience=WITHHELD):
    """How records name a ``route``: ``codes`` whatever the system, and whole ``words`` of a text, in small letters."""

    route: Route
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class OtherMedicines(Clinical, audience=WITHHELD):
    """Names of medicines, brands included, that surely are in none of ``classes``: what a name reader knows of them.

    A name that is in no table keeps every class open; so a name stands here only where each class was thought of."""

    classes: tuple[ClassId, ...] = Field(min_length=1)
    devices: bool = False
    """Whether these are no medicines at all: test strips, needles, supplies."""
    names: tuple[Text, ...] = Field(min_length=1)


class NameWords(Named, audience=WITHHELD):
    """Words of a medicine name that are no medicine: what each says of the product, or that it says nothing.

    ``says``: ``filler`` (a salt, a unit, a schedule, a time of day: nothing that changes what it is), ``joins`` (with:
    another medicine follows), ``apart`` (and: a separate medicine follows), ``doubt`` (no, or, allergic to: the name need
    not be what is taken). The others tell ``route``, ``release`` or a dose ``form``; ``daily`` that an amount may be one of
    a day; ``salt`` that it is a salt, which may be cut short at the end of a name; ``note`` that a name without an amount
    beside it need not be what is taken ("methadone clinic").
    """

    says: Literal["filler", "joins", "apart", "doubt", "product"] = "product"
    route: Literal[
        "sublingual",
        "buccal",
        "transdermal",
        "nasal",
        "rectal",
        "implant",
        "injected",
        "inhaled",
        "other",
        "topical",
        "oral",
        "",
    ] = ""
    release: Literal["er", ""] = ""
    form: bool = False
    film: bool = False
    daily: bool = False
    salt: bool = False
    after_amount: bool = False
    note: bool = False
    words: tuple[Text, ...] = Field(min_length=1)


class Combined(Record, audience=WITHHELD):
    """Ingredients that are sold together, with the strengths that the product comes in (mg, in their order)."""

    ingredients: tuple[MedicineId, ...] = Field(min_length=2)
    strengths: tuple[tuple[float, ...], ...] = ()

    @model_validator(mode="after")
    def _as_many(self) -> Self:
        if any(len(one) != len(self.ingredients) for one in self.strengths):
            raise ValueError(f"{' / '.join(self.ingredients)}: a strength for each ingredient, in their order")
        return self


class Combination(Clinical, audience=WITHHELD):
    """Products on the market: which number of "200-325-16" belongs to which ingredient, and which bare number behind a
    name is a strength of it."""

    products: tuple[Combined, ...] = ()
    alone: Mapping[Text, tuple[float, ...]] = {}
    """By the name of one ingredient or of its brand, the mg that a tablet, capsule or film comes in."""

    @model_validator(mode="after")
    def _lists_something(self) -> Self:
        if not self.products and not self.alone:
            raise ValueError("needs products or alone")
        return self


class DoseWords(Named, audience=WITHHELD):
    """Words of a dose text that are one token of its grammar (`intake/doses`): ``words`` are phrases of one meaning,
    with ``value`` (a number in the unit of the token) and ``what`` (a family, such as a time of day); ``values`` gives
    single words each with its own number. In a phrase ``a|b`` is one of several, ``a?`` may be left out, ``#`` is any
    number."""

    token: Text
    value: float | None = None
    what: str = ""
    words: tuple[str, ...] = ()
    values: Mapping[str, float] = {}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.words and not self.values:
            raise ValueError("needs words or values")
        return self


class PdmpColumn(Named, audience=WITHHELD):
    """A column of a PDMP export: what it holds, and the names that it goes by; ``or_else`` those that mean it only where no
    other column does. Of a column with the state of a fill, ``counts`` are the words for one that was handed out,
    ``voided`` the beginnings of those for one that was not, or came back; of one that says whom it is for, those for a person
    and for an animal; of the prescriber, ``voided`` are the titles of those who treat animals; of the sex, ``counts`` are the words
    that say none."""

    holds: Literal[
        "filled", "drug", "strength", "strength_unit", "form", "quantity", "quantity_unit", "days", "prescriber", "printed",
        "person", "born", "person_id", "sex", "address", "status", "rx", "species", "animal",
    ]  # fmt: skip  # words, read across
    names: tuple[str, ...] = Field(min_length=1)
    or_else: tuple[str, ...] = ()
    required: bool = False
    counts: tuple[str, ...] = ()
    voided: tuple[str, ...] = ()


class SupplyLimit(Clinical, audience=WITHHELD):
    """For how many days a medicine is prescribed at the most by law: a supply that says more is not believed. ``of``: what it
    holds for in any product; ``alone``: what it holds for as the only ingredient of one; ``label``: what they are called."""

    label: Text
    days: int = Field(gt=0)
    of: tuple[MedicineId, ...] = Field(min_length=1)
    alone: tuple[MedicineId, ...] = ()


class OrderSetting(Named, audience=WITHHELD):
    """A default that a site may change: a number the guideline leaves to judgement."""

    label: Text
    value: float
    lo: float
    hi: float
    unit: str = ""
    row: Rows = ()
    source: Cites

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.lo <= self.value <= self.hi:
            raise ValueError(f"the value {self.value:g} is outside {self.lo:g} to {self.hi:g}")
        return self


class OrderInput(Named, audience=WITHHELD):
    """A fact that is worked out from orders and records alone; its id is the fact's. ``says`` is what it says there, where
    that is narrower than the label of the fact; ``needs`` the element of a record that would settle it."""

    id: Vocabulary[FactName]
    says: str = ""
    needs: Text
