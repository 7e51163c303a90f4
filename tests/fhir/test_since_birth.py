"""A text that counts the weeks since a birth tells its day."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.content import load_content
from pathways.fhir import read

CONTENT = load_content()


@pytest.mark.parametrize(
    ("text", "recorded", "postpartum"),
    [
        ("Postpartum 3 weeks", "2026-10-25", True),
        ("2 weeks postpartum", "2026-10-25", True),
        ("Postpartum day 5", "2026-11-01", True),
        ("Postpartum 3 weeks", "2026-09-25", None),
        ("Postpartum 8 weeks", "2026-11-01", None),
        ("Postpartum depression", "2026-10-25", None),
        ("Not 3 weeks postpartum", "2026-10-25", None),
    ],
)
def test_the_weeks_since_a_birth_are_counted(text: str, recorded: str, postpartum: bool | None) -> None:
    status = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    condition = {
        "resourceType": "Condition",
        "id": "c",
        "code": {"text": text},
        "recordedDate": recorded,
        "clinicalStatus": status,
    }
    person = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1995-05-05"}
    condition["subject"] = {"reference": "Patient/p"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": person}, {"resource": condition}]}
    assert read(bundle, date(2026, 11, 2), content=CONTENT).profile.answers.get("postpartum") is postpartum
