"""Kidney and liver function and body mass from what was measured: published formulas, bounds kept apart where a value is a range.

Sources: Cockcroft and Gault 1976 (creatinine clearance); Inker 2021, CKD-EPI creatinine equation without race (eGFR);
Pugh 1973 (Child-Pugh score, classes A 5 to 6, B 7 to 9, C 10 to 15).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Literal

from ..language import Range

Sex = Literal["female", "male"]
ADULT = 18


def creatinine_clearance(age: float, weight_kg: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """Creatinine clearance in mL/min by Cockcroft and Gault. Raises ValueError for a creatinine of 0 or less."""
    if creatinine_mg_dl <= 0:
        raise ValueError("creatinine must be above 0 mg/dL")
    clearance = (140 - age) * weight_kg / (72 * creatinine_mg_dl)
    return max(clearance * (0.85 if sex == "female" else 1.0), 0.0)


def ckd_epi_2021(age: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """eGFR in mL/min/1.73 m² by the CKD-EPI creatinine equation of 2021. Raises ValueError for a creatinine of 0 or less."""
    if creatinine_mg_dl <= 0:
        raise ValueError("creatinine must be above 0 mg/dL")
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine_mg_dl / kappa
    return float(142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age * factor)


def body_mass_index(weight_kg: float, height_cm: float) -> float:
    """The body mass index in kg/m². Raises ValueError for a height of 0 or less."""
    if height_cm <= 0:
        raise ValueError("height must be above 0 cm")
    return weight_kg / (height_cm / 100) ** 2


def over_ends(formula: Callable[..., float], *inputs: Range) -> Range:
    """The least and the most of a formula over the ends of its inputs (it is monotone in each of them)."""
    values = [formula(*ends) for ends in product(*((r.lo, r.hi) for r in inputs))]
    return Range(min(values), max(values))


def child_pugh_points(bilirubin: float, albumin: float, inr: float, ascites: str, encephalopathy: str) -> int:
    """The Child-Pugh score, 5 to 15: bilirubin in mg/dL, albumin in g/dL; ascites none, mild or moderate; encephalopathy
    none, mild (grade 1 to 2) or severe (grade 3 to 4)."""
    grades = {"none": 1, "mild": 2, "moderate": 3, "severe": 3}
    return (
        (1 if bilirubin < 2 else 2 if bilirubin <= 3 else 3)
        + (1 if albumin > 3.5 else 2 if albumin >= 2.8 else 3)
        + (1 if inr < 1.7 else 2 if inr <= 2.3 else 3)
        + grades[ascites]
        + grades[encephalopathy]
    )


def child_pugh_class(points: int) -> str:
    """The class of a score: A, B or C."""
    return "A" if points <= 6 else "B" if points <= 9 else "C"


# ---- what is known in part: the least and the most, and every class between ----------------------------------------


def egfr_of(age: Range, creatinine: Range, sex: Sex) -> Range | None:
    """The eGFR of an adult in whole mL/min/1.73 m²; None where the person may be under 18, to whom it does not apply."""
    if age.lo < ADULT:
        return None
    value = over_ends(lambda years, level: ckd_epi_2021(years, level, sex), age, creatinine)
    return Range(round(value.lo), round(value.hi))


def clearance_of(age: Range, weight: Range, creatinine: Range, sex: Sex) -> Range | None:
    """The creatinine clearance of an adult in whole mL/min; None where the person may be under 18."""
    if age.lo < ADULT:
        return None
    value = over_ends(lambda years, kg, level: creatinine_clearance(years, kg, level, sex), age, weight, creatinine)
    return Range(round(value.lo), round(value.hi))


def bmi_of(weight: Range, height: Range) -> Range:
    """The body mass index in kg/m², to one decimal."""
    value = over_ends(body_mass_index, weight, height)
    return Range(round(value.lo, 1), round(value.hi, 1))


def child_pugh_of(
    bilirubin: Range, albumin: Range, inr: Range, ascites: frozenset[str], encephalopathy: frozenset[str]
) -> frozenset[str]:
    """Every Child-Pugh class that the values leave open, those between the best and the worst with them."""
    points = [
        child_pugh_points(b, a, i, fluid, mind)
        for b, a, i in product(*((r.lo, r.hi) for r in (bilirubin, albumin, inr)))
        for fluid, mind in product(ascites, encephalopathy)
    ]
    return frozenset(child_pugh_class(n) for n in range(min(points), max(points) + 1))
