"""What the models may read of a case: every mapping holds, nothing is guessed, and who is left out is left out."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from pathways.care.estimates import FEWEST_ASKABLE, estimates, inputs_of
from pathways.content import load_content
from pathways.content.models import RiskInput
from pathways.language import Range, facts_of
from pathways.profile import Profile
from pathways.risk import explain, load_model
from pathways.risk.cohorts import COHORTS
from pathways.risk.storage import validation_of
from tests.reviews import NAMES, facts_only, profile

CONTENT = load_content()
MODELS = tuple(CONTENT.tables["risk_model"])


@pytest.mark.parametrize("record", CONTENT.tables["risk_input"].values(), ids=lambda r: r.id)
def test_every_mapping_names_a_column_and_values_that_the_model_reads(record: RiskInput) -> None:
    i = load_model(record.model).by_column[record.column]
    for option in record.values:
        for value in option.any:
            assert i.clean(value) == value
        assert option.any, record.id
    # Each condition can be true: for at least one single fact it reads, some value moves it off unknown.
    for option in record.values:
        assert facts_of(CONTENT.node(option.when)) <= set(CONTENT.schema)


@pytest.mark.parametrize("name", MODELS)
def test_enough_inputs_can_be_asked(name: str) -> None:
    model = load_model(name)
    askable = [i for i in inputs_of(facts_only(Profile()), model) if i.how != "not_askable"]
    assert len(askable) >= FEWEST_ASKABLE
    records = [r for r in CONTENT.tables["risk_input"].values() if r.model == name]
    assert {r.column for r in records} <= set(model.columns)


def facts_with(**values: Any) -> dict[str, Any]:
    known: dict[str, Any] = {name: kind.unknown() for name, kind in CONTENT.schema.items()}
    for name, value in values.items():
        if isinstance(value, bool):
            known[name] = value
        elif isinstance(value, str):
            known[name] = frozenset({value})
        else:
            known[name] = Range(value, value)
    return known


def told(model: str, **values: Any) -> dict[str, tuple[Any, ...]]:
    blank = facts_only(Profile())
    case = replace(blank, facts=replace(blank.facts, values=facts_with(**values)))
    return {i.column: i.values for i in inputs_of(case, load_model(model))}


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (18, "18-25"),
        (25, "18-25"),
        (26, "26-34"),
        (34, "26-34"),
        (35, "35-49"),
        (49, "35-49"),
        (50, "50+"),
        (91, "50+"),
    ],
)
def test_age_bands_meet_at_the_right_years(age: int, band: str) -> None:
    assert told("misuse_adults", age_years=age)["age_band"] == (band,)


@pytest.mark.parametrize(
    ("age", "band"), [(18, "18-20"), (20, "18-20"), (21, "21-23"), (23, "21-23"), (24, "24-25"), (25, "24-25")]
)
def test_young_age_bands_meet_at_the_right_years(age: int, band: str) -> None:
    assert told("misuse_young_adults", age_years=age)["age_band"] == (band,)


def test_nothing_known_narrows_nothing() -> None:
    for name in MODELS:
        assert all(values == () for values in told(name).values())


def test_what_narrows_twice_is_met_twice() -> None:
    both = told("misuse_adults", depression_problem=True, suicide_risk_signal=True)["mental_distress_index"]
    one = told("misuse_adults", depression_problem=True, suicide_risk_signal=False)["mental_distress_index"]
    assert both == tuple(range(3, 11))
    assert one == tuple(range(1, 11))
    assert told("misuse_adults", depression_problem=False, suicide_risk_signal=False)["mental_distress_index"] == (0, 1)


def test_methadone_never_counts_as_heroin() -> None:
    column = "heroin_or_rx_methadone"
    street = {"nonprescribed_opioid_use": True, "nonprescribed_source": "street"}
    assert told("misuse_adults", **street, takes_methadone=False)[column] == (1,)
    for others in ({}, street, {"oud_status": "none", "nonprescribed_opioid_use": False}):
        for methadone in ("takes_methadone_oud", "takes_methadone_pain"):
            assert told("misuse_adults", **others, takes_methadone=True, **{methadone: True})[column] == ()
    # In a whole case: a program's methadone makes takes_methadone true, and the misuse model is not computed at all.
    found = {e.model: e for e in estimates(facts_only(profile("methadone_qtc_above_500")))}
    assert found["misuse_adults"].estimate is None


CLOSED = {
    "OUD": {"oud_status": "active"},
    "remission": {"oud_status": "remission"},
    "under 18": {"age_years": 17},
    "no age": {"age_years": None},
}


@pytest.mark.parametrize("why", CLOSED)
def test_the_misuse_models_are_not_computed_where_they_say_nothing(why: str) -> None:
    data = copy.deepcopy(profile("low_risk").to_dict())
    for name, value in CLOSED[why].items():
        data["answers"].pop(name, None)
        if value is not None:
            data["answers"][name] = value
    found = {e.model: e for e in estimates(facts_only(Profile.from_dict(data)))}
    for name in ("misuse_adults", "misuse_young_adults"):
        assert found[name].estimate is None
        assert found[name].closed.startswith("Not computed")


@pytest.mark.parametrize("fact", ["takes_moud", "has_cancer_active", "has_palliative_care", "oud_ever"])
def test_each_reason_alone_closes_the_misuse_models(fact: str) -> None:
    for name in ("misuse_adults", "misuse_young_adults"):
        test = CONTENT.test(CONTENT.tables["risk_model"][name].not_when)
        assert test(facts_with(**{fact: True})) is True


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_case_gets_estimates_or_a_reason(name: str) -> None:
    case = facts_only(profile(name))
    found = estimates(case)
    assert found == estimates(case)
    assert {e.model for e in found} == set(MODELS)
    for e in found:
        assert (e.estimate is None) == bool(e.closed)
        if e.estimate is None:
            continue
        said = explain(load_model(e.model), e.estimate, validation=validation_of(e.model))
        text = str(said)
        assert " will " not in text
        assert COHORTS[e.model].says in text
        assert text.count("●") == e.estimate.in_100
        assert text.count("●") + text.count("○") == 100
        assert e.estimate.range is not None


def test_an_open_question_of_oud_is_said() -> None:
    found = {e.model: e for e in estimates(facts_only(profile("back_pain_120_mme")))}
    assert "holds only if" in found["misuse_adults"].remark


def test_the_picture_is_escaped_and_its_numbers_stand_in_a_table() -> None:
    e = next(e for e in estimates(facts_only(profile("low_risk"))) if e.estimate)
    assert e.estimate is not None
    model = replace(load_model(e.model), title="<b>x</b>")
    said = explain(model, e.estimate, answers={i.column: list(i.values) for i in e.inputs if i.values})
    page = said._repr_html_()
    assert "<b>x" not in page
    assert page.count("<circle") == 100
    assert page.count('fill="#7a3e00" stroke') == e.estimate.in_100
    for label, _, value in said.rows[:8]:
        assert label.split(" (")[0].replace("'", "&#x27;")[:20] in page
        assert f"{value:+.2f}" in page


def test_contributions_of_a_whole_known_person_sum_to_the_logit() -> None:
    from pathways.risk import estimate

    model = load_model("misuse_adults")
    row = {c: v[0] for c, v in model.population.values.items()} if model.population else {}
    found = explain(model, estimate(model, row))
    assert model.base + sum(r[2] for r in found.rows) == pytest.approx(model.logit(row), abs=1e-12)
