"""The survey's official public-use file (NSDUH, from SAMHSA's data archive) as a cohort of people who used prescription
pain relievers in the past year, with the survey's own weight, strata and sampling units.

Names and codes are those of 2015 to 2019, with later names beside them; look into the codebook of your year. A code
that is not listed is taken as missing. From 2020 the interview and the disorder criteria changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .cohorts import MISUSE_ADULTS, NOT_A_DIAGNOSIS, Cohort
from .data import Column, Data, file_hash, natural, read_table, text
from .model import Input, RiskError


@dataclass(frozen=True)
class Coded:
    """A column of ours: the official names that may hold it, and what each code means. No codes: a number as it is."""

    input: Input
    names: tuple[str, ...]
    codes: Mapping[int, str | float]


_HEROIN = Input("heroin_ever", "Heroin, ever", lo=0, hi=1)
CODED: Sequence[Coded] = (
    Coded(
        Input("age_band", "Age", ("18-25", "26-34", "35-49", "50-64", "65+")),
        ("CATAG6",),
        {2: "18-25", 3: "26-34", 4: "35-49", 5: "50-64", 6: "65+"},
    ),
    Coded(Input("female", "Female", lo=0, hi=1), ("IRSEX",), {1: 0.0, 2: 1.0}),
    Coded(
        Input("education", "Education", ("less_than_hs", "hs_grad", "some_college", "college_grad")),
        ("EDUHIGHCAT", "IREDUHIGHST2"),
        {1: "less_than_hs", 2: "hs_grad", 3: "some_college", 4: "college_grad"},
    ),
    Coded(
        Input("employment", "Work", ("full_time", "part_time", "not_employed")),
        ("IRWRKSTAT18",),
        {1: "full_time", 2: "part_time", 3: "not_employed", 4: "not_employed"},
    ),
    Coded(
        Input("self_rated_health", "Self-rated health (1 excellent to 4 fair or poor)", lo=1, hi=4),
        ("HEALTH2",),
        {1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0},
    ),
    Coded(
        Input("k6_worst_month_py", "Distress in the worst month of the year (K6)", lo=0, hi=24),
        ("K6SCMAX", "KSSLR6MAX"),
        {n: float(n) for n in range(25)},
    ),
    Coded(Input("mde_py", "Major depressive episode in the past year", lo=0, hi=1), ("AMDEYR",), {1: 1.0, 2: 0.0}),
    Coded(Input("cocaine_ever", "Cocaine, ever", lo=0, hi=1), ("COCFLAG",), {0: 0.0, 1: 1.0}),
    Coded(Input("cocaine_py", "Cocaine in the past year", lo=0, hi=1), ("COCYR",), {0: 0.0, 1: 1.0}),
    Coded(_HEROIN, ("HERFLAG",), {0: 0.0, 1: 1.0}),
)
USED, OUTCOME = "PNRANYYR", "PNRNMYR"
WEIGHTS = ("ANALWT_C", "ANALWT2_C")
STRATA, UNITS = ("VESTR", "VESTR_C"), ("VEREP",)
# In this one variable the four levels are groups of its eleven codes.
_SCHOOL = {**dict.fromkeys(range(1, 8), 1), 8: 2, 9: 3, 10: 3, 11: 4}

OFFICIAL = Cohort(
    name="nsduh_official",
    title="Past-year misuse among US adults who used prescription pain relievers in the past year",
    file="",
    outcome="misuse_past_year",
    outcome_words=MISUSE_ADULTS.outcome_words,
    says=MISUSE_ADULTS.says,
    inputs=tuple(c.input for c in CODED),
    weight="weight",
    cluster="sampling_unit",
    groups=("age_band", "female"),
    people="US adults in NSDUH who used any prescription pain reliever in the past year",
    source="National Survey on Drug Use and Health, public-use file (SAMHSA, public domain). Statistical use only.",
    kind="logistic",
    not_for=NOT_A_DIAGNOSIS,
)


def load_official(path: str | Path, *, users_only: bool = True) -> Data:
    """Read the official file (CSV, TSV or Parquet). Raises RiskError for columns that are missing.

    ``users_only``: people who used a prescription pain reliever in the past year, as directed or not; else all adults.
    """
    table = {name.upper(): values for name, values in read_table(path).items()}
    columns: dict[str, Column] = {}
    for coded in CODED:
        name = _first(table, coded.names, path)
        values = natural(table[name])
        if name == "IREDUHIGHST2":
            values = np.array([_SCHOOL.get(int(v), 99) if v == v else np.nan for v in values], float)
        columns[coded.input.column] = _decode(values, coded)
    columns["misuse_past_year"] = _numbers(table, (OUTCOME,), path)
    columns["weight"] = _numbers(table, WEIGHTS, path)
    strata, units = natural(table[_first(table, STRATA, path)]), natural(table[_first(table, UNITS, path)])
    columns["sampling_unit"] = np.array([f"{text(s)}/{text(u)}" for s, u in zip(strata, units, strict=True)], object)
    adult = np.array([v is not None for v in columns["age_band"]])
    known = np.isin(columns["misuse_past_year"], (0, 1)) & (columns["weight"] > 0)
    keep = adult & known
    if users_only:
        keep &= _numbers(table, (USED,), path) == 1
    if not keep.any():
        raise RiskError(f"{path}: no adult who used a prescription pain reliever in the past year")
    return Data(OFFICIAL, columns, file_hash(path), Path(path).name).where(keep)


def _first(table: Mapping[str, Any], names: Sequence[str], path: str | Path) -> str:
    found = next((n for n in names if n in table), None)
    if found is None:
        raise RiskError(f"{path}: no column {' or '.join(names)}; is it the public-use file?")
    return found


def _numbers(table: Mapping[str, Any], names: Sequence[str], path: str | Path) -> Column:
    name = _first(table, names, path)
    values = natural(table[name])
    if values.dtype == object:
        raise RiskError(f"{path}: {name} holds text; bring the file with codes, not with labels")
    return values


def _decode(values: Column, coded: Coded) -> Column:
    if values.dtype == object:
        raise RiskError(f"{coded.names[0]} holds text; bring the file with codes, not with labels")
    if coded.input.levels:
        return np.array([coded.codes.get(int(v)) if v == v else None for v in values], object)
    return np.array([coded.codes.get(int(v), np.nan) if v == v else np.nan for v in values], float)
