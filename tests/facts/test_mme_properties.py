"""Laws of the dose sum: knowing less never makes it surer, order does not matter, more is never less."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import models
from pathways.facts.mme import MmeResult, OpioidDose, daily_mg, daily_mme

FOLDER = Path(str(files("pathways.content"))) / "data" / "mme"
EDITIONS = [
    models.MmeEdition.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))["mme_edition"][0])
    for path in sorted(FOLDER.glob("*.toml"))
]
INGREDIENTS = sorted({row.ingredient for row in EDITIONS[0].factors} | {"buprenorphine", "levorphanol"})
amounts = st.none() | st.sampled_from([0.5, 2, 5, 7.5, 10, 25, 30, 100, 0]) | st.floats(0.1, 500)
times = st.none() | st.sampled_from([0, 1, 2, 3, 4, 6]) | st.floats(0, 12)


@st.composite
def a_dose(draw: st.DrawFn) -> OpioidDose:
    least, most = draw(times), draw(times)
    if least is not None and most is not None:
        least, most = sorted((least, most))
    return OpioidDose(
        draw(st.sampled_from(INGREDIENTS)),
        draw(amounts),
        draw(st.sampled_from(["mg", "mg", "mcg", "mcg/h", None])),
        least,
        most,
        draw(st.sampled_from(["oral", "oral", "transdermal", "intravenous", None])),
        draw(st.sampled_from(["pain", "oud", "other", None])),
    )


FIELDS = ["ingredient", "amount", "unit", "per_day_min", "per_day_max", "route", "purpose"]
lists = st.lists(a_dose(), max_size=5)
editions = pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)


def bounds(result: MmeResult) -> tuple[float, float]:
    """The bounds with unknown ends open."""
    return (0 if result.lo is None else result.lo), (inf if result.hi is None else result.hi)


@editions
@given(doses=lists)
def test_bounds_are_ordered_and_every_dose_has_one_line(edition: models.MmeEdition, doses: list[OpioidDose]) -> None:
    result = daily_mme(doses, edition)
    lo, hi = bounds(result)
    assert 0 <= lo <= hi
    assert len(result.counted) + len(result.not_counted) + len(result.not_calculable) == len(doses)
    assert (result.hi is None) == bool(result.not_calculable)
    assert all(line.reason and line.label for line in (*result.counted, *result.not_counted, *result.not_calculable))
    assert all(0 <= line.lo <= line.hi for line in result.counted if line.lo is not None and line.hi is not None)


@editions
@given(doses=lists, field=st.sampled_from(FIELDS), data=st.data())
def test_knowing_less_is_never_surer(
    edition: models.MmeEdition, doses: list[OpioidDose], field: str, data: st.DataObject
) -> None:
    """Law 4: blank one field, or make an entry unrecognized; the new bounds hold the old ones."""
    if not doses:
        return
    at = data.draw(st.integers(0, len(doses) - 1))
    blank: dict[str, Any] = {field: "unrecognized" if field == "ingredient" else None}
    fewer = [*doses[:at], replace(doses[at], **blank), *doses[at + 1 :]]
    (lo, hi), (new_lo, new_hi) = bounds(daily_mme(doses, edition)), bounds(daily_mme(fewer, edition))
    assert new_lo <= lo + 1e-6
    assert new_hi >= hi - 1e-6


@editions
@given(doses=lists, data=st.data())
def test_order_does_not_matter(edition: models.MmeEdition, doses: list[OpioidDose], data: st.DataObject) -> None:
    other = data.draw(st.permutations(doses))
    assert bounds(daily_mme(doses, edition)) == bounds(daily_mme(other, edition))


@editions
@given(doses=lists, more=a_dose())
def test_another_dose_never_lowers_the_sum(
    edition: models.MmeEdition, doses: list[OpioidDose], more: OpioidDose
) -> None:
    (lo, hi), (new_lo, new_hi) = bounds(daily_mme(doses, edition)), bounds(daily_mme([*doses, more], edition))
    assert new_lo >= lo - 1e-6
    assert new_hi >= hi - 1e-6


@editions
@given(doses=lists)
def test_the_sum_is_that_of_its_lines(edition: models.MmeEdition, doses: list[OpioidDose]) -> None:
    result = daily_mme(doses, edition)
    lows = [line.lo for line in (*result.counted, *result.not_calculable) if line.lo is not None]
    assert (result.lo or 0) == pytest.approx(sum(lows), abs=1e-4)
    if result.hi is not None:
        assert result.hi == pytest.approx(sum(line.hi or 0 for line in result.counted), abs=1e-4)


@given(doses=lists)
def test_milligrams_a_day_are_ordered_and_open_when_a_dose_is_blank(doses: list[OpioidDose]) -> None:
    lo, hi = daily_mg(doses)
    assert 0 <= lo <= (inf if hi is None else hi)
    if any(d.per_day_max != 0 and not d.amount for d in doses):
        assert hi is None
