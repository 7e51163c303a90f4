"""The tables of a content folder: what each is called in TOML and in Python, and the model of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Self, TypeVar, overload

from . import models as m

R = TypeVar("R", bound=m.Named)


class Table(Generic[R]):
    """The records of one table by id, as an attribute of `Content`; on the class it is the table itself."""

    def __init__(self, name: str, model: type[R]) -> None:
        self.name = name
        self.model = model

    @overload
    def __get__(self, content: None, owner: type[Tables]) -> Self: ...
    @overload
    def __get__(self, content: Tables, owner: type[Tables]) -> Mapping[str, R]: ...
    def __get__(self, content: Tables | None, owner: type[Tables]) -> Self | Mapping[str, R]:
        return self if content is None else content.tables[self.name]


class Tables:
    """``tables[table][id]`` is a record."""

    tables: Mapping[str, Mapping[str, Any]]

    sources = Table("source", m.Source)
    bases = Table("base", m.Base)
    # what may be asked and derived
    answers = Table("answer", m.Answer)
    conditions = Table("condition", m.Condition)
    condition_groups = Table("condition_group", m.ConditionGroup)
    medicines = Table("medicine", m.Medicine)
    medicine_classes = Table("medicine_class", m.MedicineClass)
    measures = Table("measure", m.Measure)
    facts = Table("fact", m.Fact)
    instruments = Table("instrument", m.Instrument)
    recorded = Table("recorded", m.Recorded)
    # what the sources say
    recommendations = Table("recommendation", m.Recommendation)
    emergencies = Table("emergency", m.Emergency)
    treatments = Table("treatment", m.Treatment)
    interactions = Table("interaction", m.Interaction)
    needs = Table("need", m.Need)
    lenses = Table("lens", m.Lens)
    pathways = Table("pathway", m.Pathway)
    decisions = Table("decision", m.Decision)
    disagreements = Table("disagreement", m.Disagreement)
    contradictions = Table("contradiction", m.Contradiction)
    actions = Table("action", m.Action)
    medicine_cautions = Table("medicine_caution", m.MedicineCaution)
    dose_limits = Table("dose_limit", m.DoseLimit)
    believed_doses = Table("believed_dose", m.BelievedDose)
    entry_signs = Table("entry_sign", m.EntrySign)
    medicine_harms = Table("medicine_harm", m.MedicineHarm)
    wish_signs = Table("wish_sign", m.WishSign)
    allergy_signs = Table("allergy_sign", m.AllergySign)
    allergens = Table("allergen", m.Allergen)
    roles = Table("role", m.Role)
    mme_editions = Table("mme_edition", m.MmeEdition)
    # what goes on after a choice
    monitors = Table("monitor", m.Monitor)
    trends = Table("trend", m.Trend)
    urine_tests = Table("urine_test", m.UrineTest)
    urine_steps = Table("urine_step", m.UrineStep)
    taper_speeds = Table("taper_speed", m.TaperSpeed)
    taper_rules = Table("taper_rule", m.TaperRule)
    relapse_prompts = Table("relapse_prompt", m.RelapsePrompt)
    # what is said to the person, and who may be told what
    education = Table("education", m.Education)
    myths = Table("myth", m.Myth)
    contacts = Table("contact", m.Contact)
    privacy = Table("privacy", m.Privacy)
    assessments = Table("assessment", m.Assessment)
    # where care takes place
    care_levels = Table("care_level", m.CareLevel)
    care_dimensions = Table("care_dimension", m.CareDimension)
    checklists = Table("checklist", m.Checklist)
    services = Table("service", m.Service)
    signoff_rows = Table("signoff_row", m.SignoffRow)
    # the outside world: codes, orders, risk models
    code_sets = Table("code_set", m.CodeSet)
    problem_words = Table("problem_words", m.ProblemWords)
    allergy_words = Table("allergy_words", m.AllergyWords)
    record_words = Table("record_words", m.RecordWords)
    route_names = Table("route_name", m.RouteName)
    lasting_forms = Table("lasting_form", m.LastingForm)
    rx_tables = Table("rx_table", m.RxTable)
    dose_words = Table("dose_words", m.DoseWords)
    pdmp_columns = Table("pdmp_column", m.PdmpColumn)
    supply_limits = Table("supply_limit", m.SupplyLimit)
    other_medicines = Table("other_medicines", m.OtherMedicines)
    name_words = Table("name_words", m.NameWords)
    combinations = Table("combination", m.Combination)
    order_settings = Table("order_setting", m.OrderSetting)
    order_inputs = Table("order_input", m.OrderInput)
    risk_models = Table("risk_model", m.RiskModel)
    risk_inputs = Table("risk_input", m.RiskInput)


TABLES: Mapping[str, type[m.Named]] = {t.name: t.model for t in vars(Tables).values() if isinstance(t, Table)}
"""The model of each table by its name in TOML."""
