"""The folded section of the risk models: computed only where a model fits, apart from the plan, never as a forecast."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from pathways.pages.html import sections_of, texts
from pathways.review.audience import for_audience
from tests.conftest import ROOT
from tests.reviews import NAMES, reviewed


def said(name: str) -> str:
    (section,) = (s for s in sections_of(reviewed(name)) if s.id == "estimates")
    assert section.annex, "folded by default, after the plan"
    return "\n".join(line.text for line in texts(section))


def test_a_person_without_oud_gets_a_range_and_what_would_narrow_it() -> None:
    text = said("low_risk")
    assert re.search(r"About \d+ in 100 people with answers like these report", text)
    assert "would narrow it most" in text
    assert "No part of any plan" in text


@pytest.mark.parametrize("name", ["neuropathy_fentanyl", "pregnancy_with_oud", "cancer_pain"])
def test_the_misuse_model_says_nothing_in_known_oud_and_in_cancer(name: str) -> None:
    assert "report having used" not in said(name)
    assert "Not computed" in said(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_estimate_is_a_forecast_or_a_label(name: str) -> None:
    assert not re.search(r"\b(you|person|he|she|they) will\b|high[- ]risk (person|patient)|abuse", said(name))


def test_another_audience_sees_no_estimate() -> None:
    case = for_audience(reviewed("low_risk"), "pain_clinic")
    assert all(s.id != "estimates" for s in sections_of(case))


def test_the_sheet_needs_no_number_library() -> None:
    """The shipped models are read by the plain scorer: a sheet with an estimate imports nothing that fits models."""
    code = """
import sys
from pathways import Profile, review, sheet_html
assert "people with answers like these" in sheet_html(review(Profile.load(sys.argv[1])))
assert not {"sklearn", "interpret", "skops", "numpy", "pandas", "pyarrow"} & set(sys.modules)
"""
    case = ROOT / "sample_data/cases/low_risk.toml"
    done = subprocess.run([sys.executable, "-c", code, str(case)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
