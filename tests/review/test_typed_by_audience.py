"""What was typed reaches whom `docs/privacy.md` says: team and person, a pain clinic by a consent in force, a partner never."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pathways.fhir.outbound import case_to_bundle
from pathways.pages import sheet_html
from pathways.profile import Profile
from pathways.review.audience import for_audience
from pathways.review.case import Audience, review

IN_FORCE = {"date": "2026-01-01", "until": "2027-01-01", "purpose": "joint care"}
ALL = {"title", "notes", "goal", "medicine", "condition", "allergy", "wish"}
NAMES = {"medicine", "allergy"}
"""What an export holds of it."""


def typed(who: str, scope: list[str], *, screened: bool, **consent: Any) -> Profile:
    return Profile.from_dict(
        {
            "title": "zzTitle",
            "notes": "zzNotes",
            "as_of": "2026-11-02",
            "answers": {
                "age_years": 50,
                "goal_text": "zzGoal",
                **({"private_safety_screen_done": True} if screened else {}),
            },
            "medicines": [{"name": "zzMedicine oxycodone", "ingredients": ["oxycodone"], "state": "current"}],
            "conditions": [{"name": "zzCondition", "status": "active"}],
            "allergies": [{"name": "zzAllergy"}],
            "wishes": [{"treatment": "exercise", "says": "asks_for", "note": "zzWish"}],
            "consents": [{"who": who, "scope": scope, **consent}] if scope else [],
        }
    )


@pytest.mark.parametrize(
    ("audience", "scope", "screened", "consent", "opens"),
    [
        ("team", [], False, {}, True),
        ("person", [], False, {}, True),
        ("pain_clinic", [], False, {}, False),
        ("pain_clinic", ["health"], False, IN_FORCE, False),
        ("pain_clinic", ["oud_program"], False, {**IN_FORCE, "withdrawn": "2026-06-01"}, False),
        ("pain_clinic", ["oud_program"], False, {**IN_FORCE, "until": "2026-06-01"}, False),
        ("pain_clinic", ["oud_program"], False, {**IN_FORCE, "purpose": ""}, False),
        ("pain_clinic", ["oud_program"], False, IN_FORCE, True),
        ("partner", [], True, {}, False),
        ("partner", ["health"], True, IN_FORCE, False),
        ("partner", ["oud_program"], True, IN_FORCE, False),
        ("partner", ["health", "oud_program"], False, IN_FORCE, False),
        ("partner", ["health", "oud_program"], True, IN_FORCE, False),
    ],
)
def test_typed_text_reaches_whom_the_page_on_privacy_says(
    audience: Audience, scope: list[str], screened: bool, consent: dict[str, str], opens: bool
) -> None:
    who = audience if audience in ("pain_clinic", "partner") else "partner"
    case = review(typed(who, scope, screened=screened, **consent))
    shown = for_audience(case, audience)
    sheet, export = sheet_html(shown), json.dumps(case_to_bundle(shown))

    def held(text: str) -> set[str]:
        return {word.lower() for word in re.findall("zz([A-Z][a-z]+)", text)}

    assert held(sheet) == (ALL if opens else set())
    assert held(export) == (NAMES if opens else set())
