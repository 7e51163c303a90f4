"""A danger that the kit names is obeyed by what it advises: dose rises, newcomers, what comes in place of a medicine."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.pages.handout import handout_text
from pathways.profile import Profile
from pathways.review.case import Case, review

AS_OF = date(2026, 11, 2)
WHOLE = {"medicines": "yes", "conditions": "yes", "observations": "yes"}
METHADONE = {"ingredients": ["methadone"], "purpose": "oud", "route": "oral", "dose": {"methadone": 80}}
FILM = {"ingredients": ["buprenorphine", "naloxone"], "purpose": "oud", "route": "sublingual"}
DEPOT = {"ingredients": ["buprenorphine"], "purpose": "oud", "route": "subcutaneous"}
SAYS_RISE = "Consider splitting or raising"


def taken(*ingredients: str, **more: Any) -> dict[str, Any]:
    return {"ingredients": list(ingredients), "state": "current", "purpose": "pain", "route": "oral", **more}


def measured(measure: str, value: float) -> dict[str, Any]:
    return {"measure": measure, "value": value, "date": "2026-10-28"}


def person(*medicines: dict[str, Any], observations: tuple[dict[str, Any], ...] = (), **answers: Any) -> Case:
    base = {"age_years": 50, "sex": "male", "setting": "outpatient", "main_pain": "back_axial", "pain_months": 40}
    return review(
        Profile.from_dict(
            {
                "as_of": AS_OF,
                "answers": {**base, **answers},
                "medicines": [{"state": "current", **medicine} for medicine in medicines],
                "observations": list(observations),
                "complete": WHOLE,
            }
        )
    )


def advised(case: Case) -> str:
    return " / ".join(f.action for f in case.findings.recommendations if f.status == "applies")


@pytest.mark.parametrize(
    ("medicines", "observations", "answers"),
    [
        ([METHADONE], [measured("qtc_ms", 450)], {}),
        ([METHADONE], [measured("qtc_ms", 500)], {}),
        ([METHADONE, taken("ondansetron")], [measured("qtc_ms", 455)], {}),
        ([METHADONE], [], {"syncope_or_palpitations": True}),
        ([METHADONE], [measured("qtc_ms", 480)], {"moud_request": "raise"}),
        ([DEPOT], [], {}),
        ([{**DEPOT, "name": "Brixadi 24 mg weekly"}], [], {}),
    ],
)
def test_no_dose_is_raised_or_split_beside_a_long_qtc_or_of_a_depot(
    medicines: list[dict[str, Any]], observations: list[dict[str, Any]], answers: dict[str, Any]
) -> None:
    told = advised(person(*medicines, observations=tuple(observations), **answers))
    assert SAYS_RISE not in told
    assert "ECG before a rise" not in told


@pytest.mark.parametrize("medicine", [METHADONE, FILM])
def test_a_daily_dose_may_serve_the_pain_too(medicine: dict[str, Any]) -> None:
    assert SAYS_RISE in advised(person(medicine, observations=(measured("qtc_ms", 430),)))
