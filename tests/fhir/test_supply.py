"""Quantity over days' supply: a third reading beside structure and text, and the dose where nothing else says one."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import load_content
from pathways.fhir.dosage import read_dosage
from pathways.fhir.supply import held_to_supply
from pathways.intake.names import read_name

CONTENT = load_content()
TABLET = read_name("oxycodone hydrochloride 5 MG Oral Tablet", CONTENT)


def held(text: str, quantity: dict[str, Any], days: float | None, *, dispensed: bool = False) -> Any:
    lines = [{"text": text}] if text else []
    return held_to_supply(read_dosage(lines, TABLET, CONTENT), TABLET, quantity, days, CONTENT, dispensed=dispensed)


@pytest.mark.parametrize(
    ("text", "value", "unit", "days", "most"),
    [
        ("1 tab q6h", 120, "tablet", 30, 4),
        ("1 tab q6h prn", 60, "tablet", 30, 4),  # as needed may be less
        ("1 tab q6h", 60, "tablet", 30, None),
        ("1 tab q6h prn", 240, "tablet", 30, None),
        ("1 tab q6h", 600, "mg", 30, 4),
        ("1 tab q6h", 300, "mg", 30, None),
        ("1 tab q6h", 120, "tablet", None, 4),
        ("1 tab q6h", 0, "tablet", 30, 4),
        ("1 tab q6h", 120, "mL", 30, 4),  # cannot be held against tablets
    ],
)
def test_quantity_and_days_have_to_agree(
    text: str, value: float, unit: str, days: float | None, most: float | None
) -> None:
    found = held(text, {"value": value, "unit": unit}, days)
    assert found.per_day.hi == (None if most is None else pytest.approx(most))
    assert bool(found.conflicts) is (most is None)


def test_a_dispense_without_a_dose_is_reckoned_by_its_supply() -> None:
    supply = {"value": 240, "unit": "tablet"}
    found = held("", supply, 30, dispensed=True)
    assert (found.mg, found.per_day) == ({"oxycodone": 5}, (8, 8))
    assert held("", supply, 30).per_day.hi is None  # an order says how it is to be taken, or nothing
    assert held("as directed", supply, 30, dispensed=True).per_day.hi is None
    assert held("zorble", supply, 30, dispensed=True).per_day.hi is None


@pytest.mark.parametrize(
    ("name", "text", "many", "days", "rate"),
    [
        ("72 HR fentanyl 0.012 MG/HR Transdermal System", "1 patch every 3 days", 10, 30, 0.012),
        ("72 HR fentanyl 0.012 MG/HR Transdermal System", "1 patch every 3 days", 5, 14, 0.012),
        ("72 HR fentanyl 0.012 MG/HR Transdermal System", "1 patch every 48 hours", 15, 30, 0.012),
        ("72 HR fentanyl 0.012 MG/HR Transdermal System", "apply 4 patches every 72 hours", 40, 30, 0.048),
        ("72 HR fentanyl 0.012 MG/HR Transdermal System", "1 patch every 3 days", 28, 28, None),
        ("168 HR buprenorphine 0.02 MG/HR Transdermal System", "1 patch once a week", 4, 28, 0.02),
        ("168 HR buprenorphine 0.02 MG/HR Transdermal System", "1 patch once a week", 30, 30, None),
        ("168 HR buprenorphine 0.02 MG/HR Transdermal System", "1 patch once a week", 12, 28, None),
    ],
)
@pytest.mark.parametrize("unit", ["patch", "each", ""])
def test_patches_that_nobody_would_wear_at_once_are_not_used(
    name: str, text: str, many: float, days: float, rate: float | None, unit: str
) -> None:
    patch = read_name(name, CONTENT)
    found = held_to_supply(
        read_dosage([{"text": text}], patch, CONTENT),
        patch,
        {"value": many, "unit": unit},
        days,
        CONTENT,
        dispensed=False,
    )
    assert list(found.rate.values()) == ([] if rate is None else [pytest.approx(rate)])
    assert bool(found.conflicts) is (rate is None)
