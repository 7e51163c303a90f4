"""The risk view: one model at a time, the slider, what is not computed; all text escaped, nothing goes into the case."""

from __future__ import annotations

import pytest

from pathways.apps.widgets import RiskView
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.conftest import ROOT
from tests.reviews import profile


def view_of(name: str) -> RiskView:
    return RiskView(review(profile(name)))


def test_the_estimate_is_shown_and_the_case_is_left_alone() -> None:
    case = review(profile("low_risk"))
    before = case_data(case)
    view = RiskView(case)
    assert view.models == ("misuse_adults",)
    assert view.said is not None
    assert view.said.sentence in view.view["page"]
    assert view.view["status"] == view.said.sentence
    assert "Not computed" in view.view["page"]
    assert case_data(view.case) == before


def test_the_slider_moves_the_intercept_only() -> None:
    view = view_of("low_risk")
    assert view.said is not None
    was = view.said
    view.prevalence(30)
    assert view.said.estimate.risk > was.estimate.risk
    assert view.said.rows == was.rows
    assert "Moved to a stated prevalence of 30 in 100." in view.view["page"]
    view.prevalence(None)
    assert view.said.lines == was.lines
    for wrong in (0, 91):
        with pytest.raises(ValueError, match="from 1 to 90"):
            view.prevalence(wrong)


@pytest.mark.parametrize(
    "state", [{"model": "misuse_adults", "in_100": "30"}, {"model": "misuse_adults"}, {"model": 3}, {}]
)
def test_a_strange_state_from_the_page_is_shown_as_nothing_stated(state: dict[str, object]) -> None:
    view = view_of("low_risk")
    view.state = state
    assert "Moved to" not in view.view["page"]


def test_a_model_that_does_not_fit_cannot_be_chosen() -> None:
    view = view_of("cancer_pain")
    assert view.models == ()
    assert view.view["status"] == "No model bears on this person."
    assert "in 100 people" not in view.view["page"]
    with pytest.raises(KeyError):
        view.choose("misuse_adults")


def test_two_models_fit_a_young_adult_and_scores_stand_below() -> None:
    data = profile("low_risk").to_dict()
    data["answers"]["age_years"] = 23
    data["observations"] = [*data.get("observations", []), {"measure": "ort_oud", "date": "2026-10-01", "value": 2}]
    view = RiskView(review(Profile.from_dict(data)))
    assert view.models == ("misuse_adults", "misuse_young_adults")
    view.choose("misuse_young_adults")
    assert view.said is not None
    assert view.said.model.name == "misuse_young_adults"
    assert "ORT-OUD: 2 (0 to 9)" in view.view["page"]


def test_the_weeks_after_a_start() -> None:
    view = RiskView(review(Profile.load(ROOT / "sample_data/follow_up/methadone_five_weeks.toml")))
    assert view.models == ("return_to_use_weeks4_12",)
    assert "Never a reason to stop treatment" in view.view["page"]
