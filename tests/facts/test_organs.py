"""Kidney and liver function: the published formulas against values worked by hand, and bounds kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.facts import derive
from pathways.facts.organs import (
    bmi_of,
    body_mass_index,
    child_pugh_class,
    child_pugh_of,
    child_pugh_points,
    ckd_epi_2021,
    clearance_of,
    creatinine_clearance,
    egfr_of,
    over_ends,
)
from pathways.language import Range, Value
from pathways.profile import Profile


@pytest.mark.parametrize(
    ("age", "kg", "creatinine", "sex", "expected"),
    [
        (40, 72, 1.0, "male", 100.0),  # (140 - 40) * 72 / (72 * 1)
        (40, 72, 1.0, "female", 85.0),  # times 0.85
        (80, 60, 2.0, "male", 25.0),  # 60 * 60 / 144
        (68, 54, 1.8, "female", 25.5),  # 72 * 54 / 129.6 = 30, times 0.85
        (140, 70, 1.0, "male", 0.0),
    ],
)
def test_cockcroft_and_gault(age: float, kg: float, creatinine: float, sex: Any, expected: float) -> None:
    assert creatinine_clearance(age, kg, creatinine, sex) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("age", "creatinine", "sex", "expected"),
    [
        (50, 0.9, "male", 104.05),  # at the knot: 142 * 0.9938^50
        (50, 0.7, "female", 105.30),  # the same, times 1.012
        (60, 1.8, "male", 42.56),  # 142 * 2^-1.2 * 0.9938^60
        (60, 1.4, "female", 43.07),
        (30, 0.45, "male", 145.25),  # below the knot: 142 * 0.5^-0.302 * 0.9938^30
        (30, 0.35, "female", 140.92),  # below hers: 142 * 0.5^-0.241 * 0.9938^30 * 1.012
    ],
)
def test_ckd_epi_2021(age: float, creatinine: float, sex: Any, expected: float) -> None:
    assert ckd_epi_2021(age, creatinine, sex) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("creatinine", [0, -1])
def test_a_creatinine_of_nothing_is_refused(creatinine: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        ckd_epi_2021(50, creatinine, "male")
    with pytest.raises(ValueError, match="above 0"):
        creatinine_clearance(50, 70, creatinine, "male")


@pytest.mark.parametrize(
    ("given", "points"),
    [
        ((1.9, 3.6, 1.6, "none", "none"), 5),
        ((2.0, 3.5, 1.7, "mild", "mild"), 10),
        ((3.0, 2.8, 2.3, "mild", "mild"), 10),
        ((3.1, 2.7, 2.4, "moderate", "severe"), 15),
        ((3.1, 3.6, 1.6, "none", "none"), 7),
    ],
)
def test_child_pugh_points(given: tuple[Any, ...], points: int) -> None:
    assert child_pugh_points(*given) == points


def test_child_pugh_classes_begin_where_pugh_says() -> None:
    assert [child_pugh_class(n) for n in range(5, 16)] == [*"AA", *"BBB", *"CCCCCC"]


def test_a_range_keeps_both_ends_whichever_way_the_formula_goes() -> None:
    assert over_ends(lambda x, y: x - y, Range(1, 2), Range(10, 20)) == Range(-19, -8)
    narrow, wide = egfr_of(Range(50, 50), Range(1, 1), "male"), egfr_of(Range(40, 60), Range(0.8, 1.2), "male")
    assert narrow is not None
    assert wide is not None
    assert wide.lo < narrow.lo == narrow.hi < wide.hi


def test_formulas_for_adults_say_nothing_of_who_may_be_younger() -> None:
    assert egfr_of(Range(17, 40), Range(1, 1), "male") is None
    assert clearance_of(Range(17, 40), Range(70, 70), Range(1, 1), "male") is None
    assert egfr_of(Range(18, 18), Range(1, 1), "male") is not None


def test_classes_between_the_best_and_the_worst_are_left_open_too() -> None:
    one = frozenset({"none"})
    assert child_pugh_of(Range(1, 1), Range(4, 4), Range(1, 1), one, one) == {"A"}
    # 5 points, or 11: B lies between
    assert child_pugh_of(Range(1, 4), Range(2, 4), Range(1, 3), one, one) == {"A", "B", "C"}
    assert child_pugh_of(Range(1, 1), Range(4, 4), Range(1, 1), one | {"moderate"}, one) == {"A", "B"}


# ---- as facts -----------------------------------------------------------------------------------------------

ADULT = {"age_years": 60, "sex": "male"}


def fact(name: str, answers: dict[str, Any], **measured: Any) -> Value:
    seen = [{"measure": measure, "value": value, "date": "2026-11-01"} for measure, value in measured.items()]
    return derive(Profile.from_dict({"as_of": "2026-11-02", "answers": answers, "observations": seen})).values[name]


def test_a_reported_egfr_goes_before_a_reckoned_one() -> None:
    assert fact("egfr", ADULT, creatinine=1.8) == Range(43, 43)
    assert fact("egfr", ADULT, creatinine=1.8, egfr=55) == Range(55, 55)


@pytest.mark.parametrize("answers", [{}, {"age_years": 60}, {"sex": "male"}, {"age_years": 60, "sex": "other"}])
def test_without_age_and_sex_creatinine_says_nothing_of_the_egfr(answers: dict[str, Any]) -> None:
    known, unknown = fact("egfr", answers, creatinine=1.8), fact("egfr", answers)
    assert known == unknown


def test_the_clearance_needs_a_weight_and_the_egfr_stands_in_without_one() -> None:
    assert fact("kidney_clearance", ADULT, creatinine=2, weight=72) == Range(40, 40)
    assert fact("kidney_clearance", ADULT, creatinine=1.8) == Range(43, 43)
    assert fact("kidney_clearance", {}, egfr=25, weight=72) == Range(25, 25)


def test_child_pugh_is_reckoned_from_all_five_or_not_at_all() -> None:
    labs = {"bilirubin": 2.5, "albumin": 3, "inr": 1.5, "ascites": "mild", "encephalopathy": "none"}
    assert fact("child_pugh", {}, **labs) == {"B"}  # 2 + 2 + 1 + 2 + 1
    assert fact("child_pugh", {}, **labs, child_pugh="C") == {"C"}
    for left_out in labs:
        rest = {name: value for name, value in labs.items() if name != left_out}
        assert fact("child_pugh", {}, **rest) == fact("child_pugh", {})


@pytest.mark.parametrize(
    ("kg", "cm", "expected"), [(80, 200, 20.0), (49, 140, 25.0), (81, 180, 25.0), (1, 0.5, 40000.0)]
)
def test_body_mass_index(kg: float, cm: float, expected: float) -> None:
    assert body_mass_index(kg, cm) == pytest.approx(expected)


@pytest.mark.parametrize("cm", [0, -170])
def test_a_height_of_nothing_is_refused(cm: float) -> None:
    with pytest.raises(ValueError, match="above 0 cm"):
        body_mass_index(80, cm)


def test_a_body_mass_index_is_told_to_one_decimal_at_both_ends() -> None:
    assert bmi_of(Range(70, 71), Range(170, 170)) == Range(24.2, 24.6)


def test_at_18_years_the_formulas_for_adults_apply() -> None:
    assert clearance_of(Range(18, 18), Range(72, 72), Range(1.0, 1.0), "male") == Range(122, 122)
    assert clearance_of(Range(17, 18), Range(72, 72), Range(1.0, 1.0), "male") is None


def test_a_score_at_the_edge_of_a_class_leaves_that_class_alone() -> None:
    six = child_pugh_of(Range(1, 1), Range(3, 3), Range(1, 1), frozenset({"none"}), frozenset({"none"}))
    assert six == {"A"}
