"""Units: an exact table, other units open, limits kept, and what nobody would believe named and not used."""

from __future__ import annotations

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.intake.units import Quantity, factor_of, in_its_unit, quantity_in
from pathways.language import Range
from pathways.profile import Profile

MEASURES = load_content().measures


@pytest.mark.parametrize(
    ("measure", "value", "unit", "expected"),
    [
        ("egfr", 1.4, "mL/s/{1.73_m2}", 84),
        ("egfr", 55, "mL/min/{1.73_m2}", 55),
        ("egfr", 55, "mL/min/1.73 m²", 55),
        ("egfr", 55, "ml/min/1.73m^2", 55),
        ("egfr", 55, "mL/min per 1.73 m2", 55),
        ("potassium", 16, "mg/dL", 4.1),
        ("potassium", 4.1, "mEq/L", 4.1),
        ("potassium", 4.1, "MMOL/L", 4.1),
        ("magnesium", 1.7, "meq/L", 0.85),
        ("qtc_ms", 0.45, "s", 450),
        ("qtc_ms", 450, "msec", 450),
        ("weight", 154, "lbs", 69.9),
        ("weight", 70000, "g", 70),
        ("height", 66, "[in_us]", 168),
        ("height", 5.5, "ft", 168),
        ("creatinine", 124, "µmol/L", 1.4),
        ("albumin", 31, "g/L", 3.1),
        ("systolic", 16, "kPa", 120),
        ("inr", 2.1, "{INR}", 2.1),
    ],
)
def test_a_value_in_a_known_unit(measure: str, value: float, unit: str, expected: float) -> None:
    assert in_its_unit(MEASURES[measure], Quantity(value, unit)).value == expected


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("potassium", "10*3/uL"),
        ("egfr", "L/s"),
        ("qtc_ms", "min"),
        ("weight", "stone"),
        ("creatinine", "g/d"),
        ("bmi", "m2"),
    ],
)
def test_another_unit_leaves_it_open(measure: str, unit: str) -> None:
    assert factor_of(MEASURES[measure], unit) is None
    found = in_its_unit(MEASURES[measure], Quantity(50, unit))
    assert (found.value, found.at_least, found.at_most) == (None, None, None)
    assert unit in found.why


@pytest.mark.parametrize(
    ("measure", "value", "read"),
    [
        ("creatinine", 1.4, True),
        ("egfr", 52, True),
        ("potassium", 4, True),
        ("weight", 150, False),
        ("height", 66, False),
        ("magnesium", 2, False),
    ],
)
def test_without_a_unit_it_counts_only_where_it_can_be_no_other(measure: str, value: float, read: bool) -> None:
    assert (in_its_unit(MEASURES[measure], Quantity(value)).value == value) is read


@pytest.mark.parametrize(
    ("measure", "value", "unit", "adult"),
    [("qtc_ms", 4.5, "ms", None), ("weight", 7, "kg", True), ("height", 45, "cm", True)],
)
def test_what_nobody_would_believe_is_an_error(measure: str, value: float, unit: str, adult: bool | None) -> None:
    found = in_its_unit(MEASURES[measure], Quantity(value, unit), adult)
    assert found.error
    assert found.value is None
    assert "an error to settle" in found.why


def test_a_small_child_may_weigh_7_kg() -> None:
    assert in_its_unit(MEASURES["weight"], Quantity(7, "kg"), adult=False).value == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> 60 mL/min/1.73m2", Quantity(60, "mL/min/1.73m2", ">")),
        (">60", Quantity(60, "", ">")),
        ("≤ 15", Quantity(15, "", "<=")),
        ("4,1 mmol/L", Quantity(4.1, "mmol/L")),
        ("above 60", None),
        ("60-90", None),
        ("not done", None),
    ],
)
def test_quantities_that_are_written_out(text: str, expected: Quantity | None) -> None:
    assert quantity_in(text) == expected


def test_a_limit_is_kept_as_one() -> None:
    found = in_its_unit(MEASURES["egfr"], Quantity(60, "mL/min/1.73m2", ">"))
    assert (found.value, found.at_least, found.at_most) == (None, 60, None)


def case(age: int, **observation: object) -> Profile:
    return Profile.from_dict(
        {"as_of": "2026-11-02", "answers": {"age_years": age}, "observations": [{"date": "2026-10-20", **observation}]}
    )


def test_limits_of_a_case_file_are_a_range() -> None:
    assert derive(case(50, measure="egfr", at_least=60)).values["egfr"] == Range(60, 200)
    assert derive(case(50, measure="egfr", at_most=15)).values["egfr"] == Range(0, 15)


def test_a_weight_that_an_adult_cannot_have_is_named_with_its_line_and_not_used() -> None:
    found = derive(
        case(
            50,
            measure="weight",
            value=7,
        )
    )
    assert [one for one in found.not_used if one.place == "observations.0" and "error to settle" in one.reason]
    assert derive(case(2, measure="weight", value=7)).not_used == ()


@pytest.mark.parametrize(
    ("measure", "value", "unit", "shown"), [("height", 1.75, "cm", "1.75 cm"), ("qtc_ms", 0.48, "ms", "0.48 ms")]
)
def test_a_value_that_nobody_has_is_quoted_as_it_was_written(measure: str, value: float, unit: str, shown: str) -> None:
    assert shown in in_its_unit(MEASURES[measure], Quantity(value, unit)).why
