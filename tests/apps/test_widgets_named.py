"""A medicine whose fields were changed is not called any longer by what was written of it before."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pathways.apps.widgets import CaseConference
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
WRITTEN = "oxycodone ER 40 mg twice a day"


def changed(field: str, value: Any) -> CaseConference:
    made = CaseConference()
    made.load(SAMPLE)
    state = copy.deepcopy(dict(made.state))
    entry = state["medicines"][0]
    (entry["parts"][0] if field in ("what", "dose") else entry)[field] = value
    made.state = state
    return made


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("dose", 20, "oxycodone 20 mg, extended release, 2 a day"),
        ("times", "1", "oxycodone 40 mg, extended release, 1 a day"),
        ("release", "ir", "oxycodone 40 mg, immediate release, 2 a day"),
        ("what", "Morphine", "morphine 40 mg, extended release, 2 a day"),
    ],
)
def test_the_name_follows_the_fields(field: str, value: Any, name: str) -> None:
    made = changed(field, value)
    assert made.profile.medicines[0].label == name
    assert WRITTEN not in made.page
    assert WRITTEN not in made.case_file()
    assert made.view["notes"]["medicines.0"] == f"Named by its fields now: {name}. As written: “{WRITTEN}”."
    back = copy.deepcopy(dict(made.state))
    back["medicines"][0] = {**CaseConference(made.profile).state["medicines"][0]}
    made.state = back
    assert made.profile.medicines[0].label == name, "saved and opened again it keeps that name"


@pytest.mark.parametrize(("field", "value"), [("purpose", "other"), ("start", "2020"), ("name", "as the label has it")])
def test_what_a_name_does_not_say_leaves_it_as_it_was_written(field: str, value: str) -> None:
    made = changed(field, value)
    assert made.profile.medicines[0].label == (value if field == "name" else WRITTEN)
    assert "medicines.0" not in made.view["notes"]
