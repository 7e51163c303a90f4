"""Fitted models as plain tables: exact, deterministic, read without a number library; ranges and contributions."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pathways.risk import RiskError, estimate
from pathways.risk.calibration import recalibrate
from pathways.risk.kinds import _matrix
from pathways.risk.model import Model, expit
from pathways.risk.storage import model_bytes
from pathways.risk.table import risk_table
from tests.risk.made import COHORT, data, fitted

PERSON = {"band": "high", "flag": 1, "days": 20, "distress": 7}


@pytest.mark.parametrize("kind", ["logistic", "ebm"])
def test_the_tables_are_the_fitted_model_row_by_row(kind: str) -> None:
    made, rows = fitted(kind), data(1000, seed=5, missing=0.1)
    assert made.model is not None
    bare = replace(made.model, shift=0.0, slope=1.0)
    if kind == "ebm":
        own = made.estimator.predict_proba(_matrix(rows))[:, 1]
    else:
        own = made.estimator.predict_proba(made.estimator.design_(rows))[:, 1]
    one_by_one = [bare.risk(row) for row in rows.rows(range(1000))]
    assert np.abs(own - one_by_one).max() < 1e-9
    assert np.abs(own - risk_table(bare, rows)).max() < 1e-9
    moved = np.array([made.model.risk(row) for row in rows.rows(range(1000))])
    assert np.abs(moved - risk_table(made.model, rows)).max() < 1e-12


def test_scoring_a_person_loads_no_number_library(tmp_path: object) -> None:
    text = (
        "import sys, pathways.risk as r; m = r.load_model('misuse_adults'); e = r.estimate(m, {'age_band': '26-34'});"
        "assert 0 < e.risk < 1; heavy = {'numpy', 'sklearn', 'pandas', 'scipy', 'pyarrow', 'interpret', 'skops'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", text], check=True)


def test_the_same_seed_and_data_give_the_same_bytes() -> None:
    from pathways.risk.fitting import fit

    one, two = (fit(data(800), "logistic", seed=4, replicates=2).model for _ in range(2))
    assert one is not None
    assert two is not None
    assert model_bytes(one) == model_bytes(two)


def test_a_model_survives_being_written_and_read() -> None:
    model = fitted(replicates=5).model
    assert model is not None
    again = Model.from_dict(json.loads(model_bytes(model)))
    assert model_bytes(again) == model_bytes(model)
    assert again.risk(PERSON) == model.risk(PERSON)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "other"}, "not a model"),
        ({"intercept": float("inf")}, "finite"),
        ({"intercept": True}, "finite"),
        ({"terms": [{"axes": [{"column": "days", "cuts": [1]}], "scores": [0, 1]}]}, "2 numbers"),
        ({"terms": [{"axes": [{"column": "who", "cuts": []}], "scores": [0, 1]}]}, "not among the inputs"),
        ({"replicates": [[0.0]]}, "another number"),
        ({"inputs": None}, "damaged"),
        ({"population": {"values": {}, "classes": [1], "shares": {}}}, "other columns"),
    ],
)
def test_a_damaged_model_is_one_clear_error(change: dict[str, object], word: str) -> None:
    model = fitted().model
    assert model is not None
    with pytest.raises(RiskError, match=word):
        Model.from_dict({**model.to_dict(), **change})


@pytest.mark.parametrize("kind", ["logistic", "ebm"])
def test_contributions_sum_to_the_logit(kind: str) -> None:
    model = fitted(kind).model
    assert model is not None
    found = model.contributions(PERSON)
    assert model.base + sum(found.values()) == pytest.approx(model.logit(PERSON), abs=1e-12)


def test_a_person_who_is_wholly_known_has_an_estimate_and_no_range() -> None:
    model = fitted(replicates=8).model
    assert model is not None
    found = estimate(model, PERSON)
    assert found.risk == pytest.approx(model.risk(PERSON), abs=1e-15)
    assert found.range is None
    assert found.unknown == ()
    assert found.narrows == ()
    assert found.interval is not None
    assert found.interval[0] < found.risk < found.interval[1]


def test_what_is_unknown_gives_a_range_of_people_alike_in_what_is_known() -> None:
    model = fitted().model
    assert model is not None
    known = {k: v for k, v in PERSON.items() if k != "distress"}
    found = estimate(model, known)
    # The same by brute force: rows alike in what is known, with every distress in turn.
    assert found.range is not None
    assert found.range[0] < found.risk < found.range[1]
    assert found.unknown == ("distress",)
    assert found.narrows[0] == ("distress", pytest.approx(1.0))
    # Many days go with distress: these people have more of it than people with none.
    few = estimate(model, {**known, "days": 0})
    shift = found.contributions[("distress",)] - few.contributions[("distress",)]
    assert shift > 0.2


def test_a_range_is_never_narrower_than_the_answer_that_closes_it() -> None:
    model = fitted().model
    assert model is not None
    known = {"band": "middle", "flag": 0}
    open_ = estimate(model, known)
    some = [estimate(model, {**known, "days": d, "distress": s}).risk for d in (0, 10, 25) for s in (0, 5, 10)]
    assert open_.range is not None
    assert min(some) < open_.range[0] < open_.range[1] < max(some)


def test_the_values_that_are_still_possible_bound_what_is_filled_in() -> None:
    model = fitted().model
    assert model is not None
    known = {"band": "low", "flag": 0, "days": 3}
    found = estimate(model, {**known, "distress": [8, 9]})
    ends = sorted(model.risk({**known, "distress": d}) for d in (8, 9))
    assert found.range == (pytest.approx(ends[0]), pytest.approx(ends[1]))
    assert ends[0] <= found.risk <= ends[1]
    assert estimate(model, {**known, "distress": [8]}).range is None


def test_many_unknown_inputs_are_drawn_by_a_seed_and_agree_with_the_whole_sum() -> None:
    model = fitted().model
    assert model is not None
    assert model.population is not None
    one, two = estimate(model, {}, seed=1), estimate(model, {}, seed=1)
    assert one == two
    p = model.population
    whole = 0.0
    for combination in itertools.product(*(range(len(v)) for v in p.values.values())):
        row = {c: p.values[c][n] for c, n in zip(p.values, combination, strict=True)}
        share = sum(
            size * math.prod(p.shares[c][k][n] for c, n in zip(p.values, combination, strict=True))
            for k, size in enumerate(p.classes)
        )
        whole += share * model.risk(row)
    assert one.risk == pytest.approx(whole, rel=0.12)
    rows = data(4000, missing=0.05)
    assert whole == pytest.approx(float(np.average(rows.y, weights=rows.weight)), rel=0.05)


def test_impossible_answers_are_named() -> None:
    model = fitted().model
    assert model is not None
    for bad, word in (
        ({"band": "purple"}, "purple"), ({"days": 31}, "outside 0 to 30"), ({"days": "many"}, "not a number"),
        ({"misuse": 1}, "does not read misuse"), ({"band": []}, "no value is possible"),
    ):  # fmt: skip  # data, read across
        with pytest.raises(RiskError, match=word):
            estimate(model, bad)


def test_a_number_that_is_not_a_number_is_missing() -> None:
    model = fitted().model
    assert model is not None
    assert model.risk({**PERSON, "distress": float("nan")}) == model.risk({**PERSON, "distress": None})


def test_recalibration_to_a_prevalence_keeps_the_order() -> None:
    model = fitted().model
    assert model is not None
    moved = recalibrate(model, prevalence=0.4)
    rows = data(3000, seed=11)
    before, after = risk_table(model, rows), risk_table(moved, rows)
    assert (np.argsort(before, kind="stable") == np.argsort(after, kind="stable")).all()
    assert np.average(after) == pytest.approx(0.4, abs=0.03)
    assert moved.about["recalibrated"]["prevalence"] == 0.4


@pytest.mark.parametrize("slope", [False, True])
def test_recalibration_to_data_makes_it_calibrated_there(slope: bool) -> None:
    from pathways.risk import metrics

    model = fitted().model
    assert model is not None
    wrong = replace(model, shift=1.0, slope=1.6 * model.slope)
    rows = data(4000, seed=12)
    fixed = recalibrate(wrong, rows, slope=slope)
    large, found = metrics.calibration(rows.y, risk_table(fixed, rows), rows.weight)
    assert large == pytest.approx(0, abs=1e-8)
    assert (abs(found - 1) < 1e-7) is slope
    for options in ({}, {"data": rows, "prevalence": 0.1}, {"prevalence": 2.0}, {"data": rows.where(slice(0, 40))}):
        with pytest.raises(RiskError):
            recalibrate(model, **options)


def test_expit_does_not_overflow() -> None:
    assert expit(800) == 1.0
    assert expit(-800) == 0.0
    assert expit(0) == 0.5


def test_the_cohort_of_the_tests_holds_no_leak() -> None:
    from pathways.risk.cohorts import COHORTS, refuse

    for cohort in (COHORT, *COHORTS.values()):
        refuse(i.column for i in cohort.inputs)
