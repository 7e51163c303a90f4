"""A start of buprenorphine that has to wait for withdrawal says so where it is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Profile, review

USES: dict[str, Any] = {"oud_status": "active", "nonprescribed_opioid_use": True, "in_opioid_withdrawal": False}
COWS = {
    "measure": "cows",
    "date": "2026-11-16",
    "value": 14,
}


@pytest.mark.parametrize(
    ("answers", "observations", "words"),
    [
        ({**USES, "hours_since_opioid": 5}, [], "(once withdrawal shows)"),
        ({**USES, "precipitated_before": True}, [], "low-dose start"),
        ({**USES, "in_opioid_withdrawal": True}, [COWS], ""),
        ({"oud_status": "active", "nonprescribed_opioid_use": False}, [], ""),
    ],
)
def test_what_a_start_waits_for_stands_beside_it(answers: dict[str, Any], observations: list[Any], words: str) -> None:
    given = {
        "as_of": "2026-11-16",
        "answers": {"age_years": 34, "otp_reachable": True} | answers,
        "observations": observations,
        "complete": {"medicines": "yes", "conditions": "yes"},
    }
    case = review(Profile.from_dict(given))
    fork = next(f for f in case.shown.forks if "buprenorphine" in {i for a in f.alternatives for i in a.items})
    way = next(a for a in fork.alternatives if "buprenorphine" in a.items)
    said = way.line + (f" ({way.note})" if way.note else "")
    assert words in said
    assert ("once withdrawal shows" in said) is ("once" in words)
