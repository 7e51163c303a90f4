"""Fitting, tuning, validating and comparing on made-up rows: leaks refused, weights used, groups told apart."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from pathways.risk import RiskError, Search, compare, fit, load_extract, load_own, synthetic, tune, validate
from pathways.risk.cards import card, card_html
from pathways.risk.cohorts import COHORTS, NEVER, refuse
from pathways.risk.comparison import comparison_table
from pathways.risk.data import columns_for
from pathways.risk.fitting import held_out, out_of_fold
from pathways.risk.model import Input
from pathways.risk.synthesis import write_csv
from pathways.risk.table import risk_table
from pathways.risk.validation import leave_one_out, validation_tables
from tests.risk.made import COHORT, data, fitted

LEAKS = [*NEVER, "leak_anything_new", "PNRNMYR", "UDPYPNR"]


@pytest.mark.parametrize("column", LEAKS)
def test_a_leak_or_outcome_is_refused_as_an_input(column: str) -> None:
    rows = data(200)
    cohort = replace(COHORT, inputs=(*COHORT.inputs, Input(column, "x", lo=0, hi=1)))
    leaky = replace(rows, cohort=cohort, columns={**rows.columns, column: rows.y})
    for work in (fit, tune):
        with pytest.raises(RiskError, match=f"may not be a model input: {column}"):
            work(leaky)
    with pytest.raises(RiskError, match="may not be"):
        COHORTS["misuse_adults"].with_inputs([column])


def test_the_cohorts_own_outcome_is_refused_as_an_input() -> None:
    rows = data(200)
    cohort = replace(COHORT, inputs=(*COHORT.inputs, Input("outcome", "x", lo=0, hi=1)))
    with pytest.raises(RiskError, match="outcome"):
        fit(replace(rows, cohort=cohort))


def test_a_leak_in_an_own_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("y,age,leak_x\n" + "1,30,1\n0,40,0\n" * 20, "utf-8")
    with pytest.raises(RiskError, match="leak_x"):
        load_own(path, outcome="y", inputs=["age", "leak_x"])
    with pytest.raises(RiskError, match="y \\(outcome"):
        load_own(path, outcome="y", inputs=["age", "y"])
    with pytest.raises(RiskError, match="no column nothing"):
        load_own(path, outcome="y", inputs=["nothing"])
    assert len(load_own(path, outcome="y", inputs=["age"])) == 40


def test_columns_that_stand_in_a_file_to_score_are_ignored_and_named(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "band,flag,days,distress,misuse_past_year,poststrat_weight,leak_x\nlow,1,3,NA,1,2,3\nodd,0,99,4,0,1,0\n"
    )
    columns, remarks = columns_for(COHORT.inputs, path)
    told = "\n".join(remarks)
    assert "misuse_past_year (outcome)" in told
    assert "poststrat_weight (weight)" in told
    assert "leak_x (leak" in told
    assert "band: 1 cells taken as missing (odd)" in told
    assert "days: 1 cells taken as missing (99)" in told
    assert np.isnan(columns["distress"][0])


@pytest.mark.parametrize("kind", ["logistic", "ebm", "boosting"])
def test_each_kind_finds_most_of_what_is_there(kind: str) -> None:
    rows = data(4000, seed=31)
    found = validate(fitted(kind).predict, rows, bootstrap=20)
    truth = -3 + 0.35 * rows.columns["distress"] + 0.5 * (rows.columns["band"] == "high")
    truth += 0.06 * rows.columns["days"] * np.where(rows.columns["flag"] > 0, 1, -0.4)
    best = validate(lambda d: 1 / (1 + np.exp(-truth)), rows, bootstrap=20)
    assert found["measures"]["auroc"]["value"] > best["measures"]["auroc"]["value"] - 0.025
    assert abs(found["measures"]["calibration_slope"]["value"] - 1) < 0.12


def test_validation_gives_all_measures_together_with_intervals() -> None:
    rows = data(3000, seed=32)
    found = validate(fitted().predict, rows, bootstrap=40, seed=2)
    assert set(found["measures"]) == {
        "auroc", "auprc", "brier", "scaled_brier", "calibration_intercept", "calibration_slope", "observed_expected",
    }  # fmt: skip  # data, read across
    for cell in found["measures"].values():
        assert cell["lo"] < cell["value"] < cell["hi"]
    assert found["weighted"] is True
    assert {r["treat_none"] for r in found["net_benefit"]} == {0.0}
    assert found["curve"]
    named = {(g["column"], g["value"]): g for g in found["groups"]}
    assert {("band", "low"), ("flag", "1"), ("band × flag", "high × 0")} <= set(named)
    for g in found["groups"]:
        assert g["people"] >= g["events"] > 0
    assert sum(g["people"] for g in found["groups"] if g["column"] == "band") == len(rows)
    assert found == validate(fitted().predict, rows, bootstrap=40, seed=2)
    assert len(validation_tables(found)) == 4


def test_a_group_with_few_events_is_counted_and_not_measured() -> None:
    rows = data(600, seed=33)
    found = validate(fitted().predict, rows, bootstrap=20)
    few = [g for g in found["groups"] if min(g["events"], g["people"] - g["events"]) < 20]
    assert few
    assert all(g["auroc"]["value"] is None and g["observed_expected"]["value"] is None for g in few)


def test_weights_count() -> None:
    rows = data(3000, seed=34)
    flat = replace(rows, cohort=replace(COHORT, weight=""))
    a, b = (validate(fitted().predict, d, bootstrap=20)["measures"]["brier"]["value"] for d in (rows, flat))
    assert a != b


def test_comparing_is_paired() -> None:
    rows = data(2500, seed=35)
    one = fitted().predict
    worse = fit(data(2500, seed=36).where(slice(None)), "logistic", knots=0, penalty=3000.0, population=False).predict
    found = compare({"main": one, "same": one, "worse": worse}, rows, bootstrap=60)
    same, gap = found["rows"][1]["auroc_difference"], found["rows"][2]["auroc_difference"]
    assert (same["value"], same["lo"], same["hi"]) == (0, 0, 0)
    alone = found["rows"][2]["auroc"]
    assert gap["hi"] - gap["lo"] < alone["hi"] - alone["lo"], "what both share cancels"
    assert comparison_table(found)[2][1][2] == "0.0000 (0.0000 to 0.0000)"
    with pytest.raises(RiskError, match="two models"):
        compare({"main": one}, rows)


@pytest.mark.parametrize("optuna", [False, True])
def test_tuning_is_seeded_and_keeps_every_trial(optuna: bool) -> None:
    rows = data(600, seed=37)
    told: list[str] = []
    search = partial(tune, rows, "logistic", Search(3, seed=5, folds=3, optuna=optuna), progress=told.append)
    one, two = search(), search()
    assert one == two
    assert len(one.trials) == 3
    assert one.options == min(one.trials, key=lambda t: t["log_loss"])["options"]
    assert len(told) == 6
    assert "trial 1 of 3" in told[0]
    with pytest.raises(RiskError, match="no kind of model"):
        tune(rows, "oracle", Search(optuna=optuna))


def test_tuning_does_not_hold_against_options_what_calibration_mends() -> None:
    """`fit` sets intercept and slope last, so that the search measures what is left after that."""
    rows, options = data(900, seed=38), {"penalty": 3000.0, "knots": 0}
    (trial,) = tune(rows, "logistic", Search(1, seed=1, folds=3), space={k: (v,) for k, v in options.items()}).trials
    assert trial["slope"] > 3
    p = out_of_fold(rows, "logistic", 1, options, 3)
    raw = float(np.mean(-np.where(rows.y == 1, np.log(p), np.log(1 - p))))
    assert trial["log_loss"] < raw - 0.01


def test_options_and_kinds_are_checked() -> None:
    for kind, options, word in (("logistic", {"depth": 3}, "no option depth"), ("tree", {}, "no kind")):
        with pytest.raises(RiskError, match=word):
            fit(data(200), kind, **options)
    with pytest.raises(RiskError, match="too few"):
        fit(data(60, seed=2).where(slice(0, 8)))


def test_leaving_one_trial_out_never_shows_it_to_the_fit() -> None:
    rows = data(900, seed=38)
    cohort = replace(COHORT, year="", fold="trial")
    trials = np.array(["A", "B", "C"], object)[np.arange(900) % 3]
    rows = replace(rows, cohort=cohort, columns={**rows.columns, "trial": trials})
    seen: list[set[str]] = []

    def refit(part: object) -> object:
        seen.append(set(part.columns["trial"]))  # type: ignore[attr-defined]
        return fitted().predict

    found = leave_one_out(refit, rows, bootstrap=20)  # type: ignore[arg-type]
    assert seen == [{"B", "C"}, {"A", "C"}, {"A", "B"}]
    assert [f["label"] for f in found] == ["trial A left out", "trial B left out", "trial C left out"]
    assert {f["bootstrap"]["by"] for f in found} == {"site"}


def test_held_out_rows_are_the_last_year_or_every_row_once() -> None:
    rows = data(700, seed=39)
    assert held_out(rows, bootstrap=20)["people"] == 350
    crossed = held_out(replace(rows, cohort=replace(COHORT, year="")), bootstrap=20)
    assert crossed["people"] == 700
    assert "5 folds" in crossed["label"]


def test_the_card_is_filled_from_the_numbers_and_escapes_what_comes_from_outside() -> None:
    model = fitted(replicates=5).model
    assert model is not None
    model = replace(model, title="Made <script>alert(1)</script> | up")
    found = validate(model, data(2000, seed=40), bootstrap=20, label="Here")
    text = card(model, [found])
    assert f"AUROC {found['measures']['auroc']['value']:.3f}" in text
    for part in ("Source of data", "Outcome", "Predictors", "missing data", "Performance", "Fairness", "Limits", "Use"):
        assert part in text
    page = card_html(text)
    assert "<script>" not in page
    assert page.count("<table>") == page.count("</table>") == 5
    assert str(len(data(2000, seed=40))) in page.replace(",", "")


def test_made_up_rows_are_like_the_rows_the_model_learned_from(tmp_path: Path) -> None:
    model = fitted().model
    assert model is not None
    real, made = data(4000, missing=0.05), synthetic(model, 8000, seed=7)
    for column in ("flag", "days", "distress"):
        known = ~np.isnan(real.columns[column])
        mean = np.average(real.columns[column][known], weights=real.weight[known])
        assert np.mean(made.columns[column]) == pytest.approx(mean, rel=0.08, abs=0.02)
    corr = np.corrcoef(made.columns["days"], made.columns["distress"])[0, 1]
    known = ~np.isnan(real.columns["distress"])
    there = np.corrcoef(real.columns["days"][known], real.columns["distress"][known])[0, 1]
    assert corr == pytest.approx(there, abs=0.12)
    assert made.y.mean() == pytest.approx(risk_table(model, made).mean(), abs=0.02)
    again = synthetic(model, 8000, seed=7)
    assert all((again.columns[c] == made.columns[c]).all() for c in made.columns)
    path = tmp_path / "made.csv"
    write_csv(made, path)
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("synthetic,")
    assert all(line.startswith("yes,") for line in lines[1:])
    assert len(load_extract(path, replace(COHORT, weight=""))) == 8000


def test_refusing_says_why() -> None:
    with pytest.raises(RiskError, match=r"race_ethnicity \(race is not a predictor\)"):
        refuse(["age", "race_ethnicity"])
