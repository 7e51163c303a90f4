"""“Wait until X has been changed” is said only where nothing else speaks against the start when X is gone."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import Case, Profile, review

TRAMADOL, PHENELZINE = ("tramadol", "current"), ("phenelzine", "current")


def _case(*medicines: tuple[str, str]) -> Case:
    listed = [{"name": n, "ingredients": [n], "route": "oral", "state": state} for n, state in medicines]
    answers: dict[str, Any] = {"age_years": 44, "main_pain": "back_axial", "oud_status": "none"}
    return review(Profile.from_dict({"as_of": "2026-11-30", "answers": answers, "medicines": listed}))


@pytest.mark.parametrize("asked", ["cyclobenzaprine", "duloxetine", "sertraline"])
@pytest.mark.parametrize("tramadol", ["current", "proposed"])
def test_a_start_that_an_maoi_forbids_does_not_wait_for_another_medicine(asked: str, tramadol: str) -> None:
    weighed = _case(("tramadol", tramadol), PHENELZINE, (asked, "proposed")).medicines[2]
    assert weighed.verdict == "not_this"
    assert "has been changed" not in weighed.instead


def test_a_start_that_only_what_gives_way_speaks_against_still_waits_for_it() -> None:
    weighed = _case(TRAMADOL, ("sertraline", "proposed")).medicines[1]
    assert weighed.verdict == "not_this"
    assert "wait until tramadol has been changed" in weighed.instead
