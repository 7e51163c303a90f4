"""The models that the kit ships: whole, pinned to their cards, fair, and as good on the extracts as their cards say."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import kit
from pathways.apps.cli import main
from pathways.risk import estimate, load_extract, load_model, synthetic
from pathways.risk.cohorts import COHORTS, why_never
from pathways.risk.metrics import auroc
from pathways.risk.storage import card_of, find_model, model_bytes, validation_of
from pathways.risk.synthesis import write_csv
from pathways.risk.table import risk_table

SHIPPED = tuple(COHORTS)
FLOOR = {
    "misuse_adults": 0.795,
    "misuse_young_adults": 0.81,
    "return_to_use_entry": 0.64,
    "return_to_use_weeks4_12": 0.77,
}


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_whole_and_reads_only_what_it_may(name: str) -> None:
    model = load_model(name)
    assert model.name == name
    assert find_model(name) == kit.ROOT / f"models/{name}.json"
    assert model_bytes(model) == find_model(name).read_bytes().replace(b"\r\n", b"\n")
    assert [c for c in model.columns if why_never(c)] == []
    assert model.columns == tuple(i.column for i in COHORTS[name].inputs)
    assert model.population is not None
    assert len(model.replicates) >= 20
    assert set(model.about["versions"]) >= {"numpy", "python", "scikit-learn"}
    assert len(model.about["data_sha256"]) == 64


@pytest.mark.parametrize("name", SHIPPED)
def test_its_words_describe_and_never_foretell(name: str) -> None:
    model, card = load_model(name), card_of(name)
    assert model.outcome["says"].startswith("resembles people who")
    assert " will " not in " ".join(model.outcome.values())
    assert "Never a reason" in model.outcome["not_for"]
    assert model.outcome["says"] in card
    if name.startswith("misuse"):
        assert "not opioid use disorder" in card
        assert "under 18" in card
    else:
        assert "fentanyl" in card
        assert "choose between medicines" in card


@pytest.mark.parametrize("name", SHIPPED)
def test_its_card_holds_the_whole_validation(name: str) -> None:
    numbers = validation_of(name)
    first = numbers["validations"][0]
    assert first["measures"]["auroc"]["value"] > FLOOR[name]
    for key in ("auroc", "auprc", "brier", "scaled_brier", "calibration_intercept", "calibration_slope"):
        cell = first["measures"][key]
        assert cell["lo"] < cell["value"] < cell["hi"]
    text = card_of(name)
    for found in numbers["validations"]:
        assert f"### {found['label']}" in text
        assert f"{found['measures']['auroc']['value']:.3f}" in text
    against = next(row for row in numbers["comparison"]["rows"] if "auroc_difference" in row)
    assert numbers["comparison"]["against"] == "gradient boosting"
    assert against["auroc_difference"]["lo"] > (-0.01 if name.startswith("misuse") else -0.03)


def test_the_trial_models_say_where_they_do_not_travel() -> None:
    for name in ("return_to_use_entry", "return_to_use_weeks4_12"):
        labels = [v["label"] for v in validation_of(name)["validations"]]
        assert labels[1:] == [f"trial {t} left out" for t in (27, 30, 51)]
        groups = {(g["column"], g["value"]) for g in validation_of(name)["validations"][0]["groups"]}
        assert ("pain_baseline", "severe") in groups


@pytest.mark.parametrize("name", SHIPPED)
def test_a_person_is_scored_alike_one_by_one_and_in_a_table(name: str) -> None:
    model = load_model(name)
    rows = synthetic(model, 1000, seed=5)
    one_by_one = np.array([model.risk(row) for row in rows.rows(range(1000))])
    assert np.abs(one_by_one - risk_table(model, rows)).max() < 1e-12


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_known_is_a_wide_range_around_the_average(name: str) -> None:
    model = load_model(name)
    found = estimate(model, {})
    assert found.range is not None
    assert found.range[0] < found.risk < found.range[1]
    assert found.risk == pytest.approx(model.about["prevalence"], rel=0.25)
    assert len(found.narrows) == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_on_the_extract_it_scores_as_its_card_says(
    name: str, reference: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refit has seen these rows, so this holds the file, the scorer and the columns together and measures nothing."""
    import pyarrow.parquet as pq

    path = reference(f"data/{COHORTS[name].file}")
    out = tmp_path / "out.parquet"
    assert (
        main(["risk", "score", "--model", str(kit.ROOT / "models" / name), "--data", str(path), "--out", str(out)]) == 0
    )
    told = capsys.readouterr().err
    assert f"ignored {COHORTS[name].outcome} (outcome)" in told
    table = pq.read_table(out)
    assert table.column_names == ["risk"]
    risk = table.column("risk").to_numpy()
    data = load_extract(path, COHORTS[name])
    assert len(risk) == len(data)
    assert (risk == risk_table(load_model(name), data)).all()
    claimed = validation_of(name)["validations"][0]["measures"]["auroc"]
    assert auroc(data.y, risk, data.weight) > claimed["value"] - 0.02
    assert np.average(risk, weights=data.weight) == pytest.approx(np.average(data.y, weights=data.weight), rel=0.03)
    assert load_model(name).about["data_sha256"] == data.hash


def test_the_synthetic_cohort_is_like_the_extract(reference: Callable[[str], Path]) -> None:
    for name in SHIPPED:
        model, data = load_model(name), load_extract(reference(f"data/{COHORTS[name].file}"), COHORTS[name])
        made = synthetic(model, 20000, seed=3)
        for i in model.inputs:
            for level in i.levels:
                there = np.average(data.columns[i.column] == level, weights=data.weight)
                assert np.mean(made.columns[i.column] == level) == pytest.approx(there, abs=0.025), (i.column, level)
            if not i.levels:
                known = ~np.isnan(data.columns[i.column])
                there = np.average(data.columns[i.column][known], weights=data.weight[known])
                spread = data.columns[i.column][known].std()
                assert abs(made.columns[i.column].mean() - there) < 0.06 * spread, i.column
        gaps = []
        for a, b in itertools.combinations([i.column for i in model.inputs if not i.levels], 2):
            known = ~np.isnan(data.columns[a]) & ~np.isnan(data.columns[b])
            left, right = data.columns[a][known], data.columns[b][known]
            if left.std() and right.std():  # only people who smoke were asked how much
                real = np.corrcoef(left, right)[0, 1]
                gaps.append(abs(real - np.corrcoef(made.columns[a], made.columns[b])[0, 1]))
        assert np.mean(gaps) < 0.05, name
        assert np.quantile(gaps, 0.95) < 0.2, name


@pytest.mark.parametrize(
    ("file", "name", "rows"),
    [("synthetic_misuse_adults", "misuse_adults", 3000), ("synthetic_return_to_use", "return_to_use_weeks4_12", 1000)],
)
def test_the_made_up_sample_is_what_its_seed_gives_and_says_so(file: str, name: str, rows: int, tmp_path: Path) -> None:
    path = kit.ROOT / f"sample_data/{file}.csv"
    write_csv(synthetic(load_model(name), rows, seed=7), tmp_path / "again.csv")
    assert path.read_text("utf-8") == (tmp_path / "again.csv").read_text("utf-8")
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == rows + 1
    assert {line.partition(",")[0] for line in lines[1:]} == {"yes"}


def test_the_arms_are_described_with_the_hurdle_of_xr_naltrexone() -> None:
    for name in ("return_to_use_entry", "return_to_use_weeks4_12"):
        arms = {r["arm"]: r for r in validation_of(name)["arms"]}
        assert len(arms) == 6
        assert arms["Inpatient NR-NTX"]["no_negative_week"]["lo"] > arms["Inpatient BUP"]["no_negative_week"]["hi"]
        assert "never got a first injection" in card_of(name)


def test_the_numbers_beside_a_model_are_plain_json() -> None:
    for name in SHIPPED:
        text = find_model(name).with_name(f"{name}.validation.json").read_text("utf-8")
        json.loads(text, parse_constant=lambda word: pytest.fail(word))


def test_a_card_says_where_its_model_does_not_transport() -> None:
    for name in ("return_to_use_entry", "return_to_use_weeks4_12"):
        assert "trial 30 left out: for 100 expected, 1" in card_of(name)
        assert "it does not transport there" in card_of(name)
    assert "recalibrate before reading a number" in card_of("misuse_young_adults")
    assert "does not transport" not in card_of("misuse_adults")
