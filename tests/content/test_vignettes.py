"""The vignettes: stories written from the guidelines, each with its musts and must-nots, before their first run.

They cover what the sample cases do not, and are held to the same: expectations that can fail, nothing forbidden.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.expectations import broken, found_at, planted, steps_of
from tests.forbidden import violations

FOLDER = Path(__file__).resolve().parents[1] / "vignettes"
VIGNETTES = sorted(FOLDER.glob("*.toml"))


def test_there_are_thirty() -> None:
    assert len(VIGNETTES) >= 30


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_a_vignette_keeps_its_musts_and_must_nots(path: Path) -> None:
    profile = Profile.load(path)
    assert profile.teaches is not None
    assert len(profile.teaches.musts) >= 4
    assert len(profile.teaches.must_nots) >= 2
    found = case_data(review(profile))
    assert broken(profile.teaches, found) == []
    assert violations(found) == []


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_every_expectation_can_fail(path: Path) -> None:
    teaches = Profile.load(path).teaches
    assert teaches is not None
    assert not any(found_at({}, steps_of(e.path), e.value) for e in teaches.musts)
    assert all(found_at(planted(e), steps_of(e.path), e.value) is True for e in teaches.must_nots)
