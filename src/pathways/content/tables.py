"""The tables of a content folder by name, each with the type of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import models as m


class Tables:
    """``tables[table][id]`` is a record."""

    tables: Mapping[str, Mapping[str, Any]]

    @property
    def sources(self) -> Mapping[str, m.Source]:
        return self.tables["source"]

    @property
    def answers(self) -> Mapping[str, m.Answer]:
        return self.tables["answer"]

    @property
    def conditions(self) -> Mapping[str, m.Condition]:
        return self.tables["condition"]

    @property
    def condition_groups(self) -> Mapping[str, m.ConditionGroup]:
        return self.tables["condition_group"]

    @property
    def medicines(self) -> Mapping[str, m.Medicine]:
        return self.tables["medicine"]

    @property
    def medicine_classes(self) -> Mapping[str, m.MedicineClass]:
        return self.tables["medicine_class"]

    @property
    def measures(self) -> Mapping[str, m.Measure]:
        return self.tables["measure"]

    @property
    def facts(self) -> Mapping[str, m.Fact]:
        return self.tables["fact"]

    @property
    def instruments(self) -> Mapping[str, m.Instrument]:
        return self.tables["instrument"]

    @property
    def recommendations(self) -> Mapping[str, m.Recommendation]:
        return self.tables["recommendation"]

    @property
    def emergencies(self) -> Mapping[str, m.Emergency]:
        return self.tables["emergency"]

    @property
    def treatments(self) -> Mapping[str, m.Treatment]:
        return self.tables["treatment"]

    @property
    def interactions(self) -> Mapping[str, m.Interaction]:
        return self.tables["interaction"]

    @property
    def needs(self) -> Mapping[str, m.Need]:
        return self.tables["need"]

    @property
    def lenses(self) -> Mapping[str, m.Lens]:
        return self.tables["lens"]

    @property
    def pathways(self) -> Mapping[str, m.Pathway]:
        return self.tables["pathway"]

    @property
    def decisions(self) -> Mapping[str, m.Decision]:
        return self.tables["decision"]

    @property
    def disagreements(self) -> Mapping[str, m.Disagreement]:
        return self.tables["disagreement"]

    @property
    def contradictions(self) -> Mapping[str, m.Contradiction]:
        return self.tables["contradiction"]

    @property
    def roles(self) -> Mapping[str, m.Role]:
        return self.tables["role"]

    @property
    def bases(self) -> Mapping[str, m.Base]:
        return self.tables["base"]

    @property
    def mme_editions(self) -> Mapping[str, m.MmeEdition]:
        return self.tables["mme_edition"]

    @property
    def care_levels(self) -> Mapping[str, m.CareLevel]:
        return self.tables["care_level"]

    @property
    def care_dimensions(self) -> Mapping[str, m.CareDimension]:
        return self.tables["care_dimension"]

    @property
    def checklists(self) -> Mapping[str, m.Checklist]:
        return self.tables["checklist"]

    @property
    def services(self) -> Mapping[str, m.Service]:
        return self.tables["service"]

    @property
    def signoff_rows(self) -> Mapping[str, m.SignoffRow]:
        return self.tables["signoff_row"]

    # -- the outside world: codes, and orders

    @property
    def code_sets(self) -> Mapping[str, m.CodeSet]:
        return self.tables["code_set"]

    @property
    def order_settings(self) -> Mapping[str, m.OrderSetting]:
        return self.tables["order_setting"]

    @property
    def order_inputs(self) -> Mapping[str, m.OrderInput]:
        return self.tables["order_input"]
