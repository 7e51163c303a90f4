"""The official public-use file: its codes become our columns, its weights and sampling units are used, leaks are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pathways.risk import RiskError, fit, load_official, validate
from pathways.risk.arms import arm_lines, arm_table

HEADS = "CATAG6 IRSEX EDUHIGHCAT IRWRKSTAT18 HEALTH2 K6SCMAX AMDEYR COCFLAG COCYR HERFLAG PNRANYYR PNRNMYR ANALWT_C VESTR VEREP"


def official(path: Path, rows: int = 1500, **swap: str) -> Path:
    dice = np.random.default_rng(4)
    lines = []
    for _ in range(rows):
        k6 = int(dice.integers(0, 25))
        misuse = int(dice.random() < 0.03 + 0.02 * k6)
        cells = [
            dice.integers(1, 7), dice.integers(1, 3), dice.integers(1, 5), dice.integers(1, 5), dice.integers(1, 5),
            99 if dice.random() < 0.05 else k6, dice.integers(1, 3), dice.integers(0, 2), 0, 0, int(dice.random() < 0.7),
            misuse, round(float(dice.uniform(200, 9000)), 2), dice.integers(40001, 40005), dice.integers(1, 3),
        ]  # fmt: skip  # data, read across
        lines.append("\t".join(map(str, cells)))
    heads = [swap.get(h, h) for h in HEADS.split()]
    path.write_text("\n".join(["\t".join(heads), *lines]) + "\n", "utf-8")
    return path


def test_codes_become_columns_and_the_design_is_kept(tmp_path: Path) -> None:
    data = load_official(official(tmp_path / "puf.tsv"))
    everyone = load_official(tmp_path / "puf.tsv", users_only=False)
    assert 0.6 < len(data) / len(everyone) < 0.8
    assert set(data.columns["age_band"]) == {"18-25", "26-34", "35-49", "50-64", "65+"}, "minors are left out"
    assert set(data.columns["female"]) == {0.0, 1.0}
    assert np.isnan(data.columns["k6_worst_month_py"]).any(), "a code that is not listed is missing"
    assert data.weight.mean() == pytest.approx(1)
    assert len(set(data.columns["sampling_unit"])) == 8
    model = fit(data, "logistic", population=False).model
    assert model is not None
    found = validate(model, data, bootstrap=20)
    assert found["bootstrap"]["by"] == "site"
    assert found["measures"]["auroc"]["value"] > 0.65


def test_later_names_are_known(tmp_path: Path) -> None:
    swap = {"K6SCMAX": "ksslr6max", "ANALWT_C": "ANALWT2_C", "VESTR": "VESTR_C"}
    assert len(load_official(official(tmp_path / "later.tsv", 300, **swap))) > 100


@pytest.mark.parametrize("name", ["CATAG6", "PNRNMYR", "ANALWT_C", "VEREP", "PNRANYYR"])
def test_a_missing_column_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(RiskError, match=name):
        load_official(official(tmp_path / "puf.tsv", 20, **{name: "OTHER"}))


def test_labels_in_place_of_codes_are_refused(tmp_path: Path) -> None:
    path = official(tmp_path / "puf.tsv", 20)
    path.write_text(path.read_text("utf-8").replace("4000", "stratum 4000"), "utf-8")
    assert len(load_official(path)) > 0, "strata may be anything"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], *("Adult\t" + line.partition("\t")[2] for line in lines[1:])]), "utf-8")
    with pytest.raises(RiskError, match="codes"):
        load_official(path)


def test_the_arms_are_counted_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "arms.csv"
    head = "trial,arm,return_to_use_wk12,dropout_wk12,opioid_negative_weeks_12\n"
    path.write_text(head + "27,A,1,0,0\n27,A,0,0,4\n27,B,1,1,0\n51,A,0,0,12\n", "utf-8")
    rows = arm_table(path, draws=20)
    assert [(r["trial"], r["arm"], r["people"]) for r in rows] == [("27", "A", 2), ("27", "B", 1), ("51", "A", 1)]
    assert rows[0]["return_to_use_wk12"]["value"] == 0.5
    assert rows[0]["no_negative_week"]["value"] == 0.5
    assert rows[1]["no_negative_week"]["value"] == 1.0
    assert arm_lines(rows)[1][2][-1] == "0 (0 to 0)"
