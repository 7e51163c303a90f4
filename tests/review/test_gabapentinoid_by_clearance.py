"""A gabapentinoid at a low clearance: a known dose above the label's table changes, one within it stays, an unknown one is
asked for, and a start comes with the table."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review
from pathways.review.case import Case
from pathways.review.special import special

DAY = "2026-11-10"
MEASURED = {
    "creatinine and weight": [
        {"measure": "creatinine", "value": 4.0, "date": DAY},
        {"measure": "weight", "value": 55, "date": DAY},
    ],
    "eGFR": [{"measure": "egfr", "value": 12, "date": DAY}],
}


def _case(observations: list[dict[str, Any]], name: str = "", mg: float | None = None, times: int = 1) -> Case:
    dose = {"dose": {name: mg}, "per_day_min": times, "per_day_max": times} if mg else {}
    entry = {"name": name, "ingredients": [name], "state": "current", "purpose": "pain", "route": "oral", **dose}
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 70, "sex": "female", "main_pain": "neuropathy_diabetic", "pain_months": 40},
        "medicines": [entry] if name else [],
        "observations": observations,
        "complete": {"medicines": "yes", "conditions": "yes", "observations": "yes"},
    }
    return review(Profile.from_dict(given))


@pytest.mark.parametrize("observations", MEASURED.values(), ids=MEASURED.keys())
@pytest.mark.parametrize(("name", "above", "within"), [("gabapentin", 300, 100), ("pregabalin", 75, 25)])
def test_the_table_decides_where_dose_and_clearance_are_known(
    observations: list[dict[str, Any]], name: str, above: float, within: float
) -> None:
    changed = _case(observations, name, above, 3).medicines[0]
    assert (changed.verdict, changed.how, changed.by) == ("change", "lower", "today")
    assert _case(observations, name, within).medicines[0].verdict == "keep_with"
    asked = _case(observations, name)
    assert asked.medicines[0].verdict == "keep_with"
    assert any(line.verb == "Ask the dose" and "a day here" in line.text.text for line in special(asked))


@pytest.mark.parametrize("observations", MEASURED.values(), ids=MEASURED.keys())
def test_a_start_comes_with_the_lower_dose_of_the_table(observations: list[dict[str, Any]]) -> None:
    case = _case(observations)
    for name in ("gabapentin", "pregabalin"):
        assert "kidney_dose" in [id for _, id in case.option(name).needs_beside]


@pytest.mark.parametrize("name", ["gabapentin", "pregabalin"])
def test_at_a_good_clearance_the_usual_dose_is_not_changed(name: str) -> None:
    good = [{"measure": "egfr", "value": 88, "date": DAY}]
    assert _case(good, name, 75, 3).medicines[0].verdict != "change"
