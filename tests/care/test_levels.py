"""Level of care: the highest-risk dimension sets the least level, unknown is never low, and the plans do not read it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.care.levels import AID, LevelOfCare, level_of_care
from pathways.content import ContentError, load_content
from pathways.content.loader import PACKAGED
from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.reviews import facts_only, profile

CONTENT = load_content()
DIMENSIONS = {d.answer: d for d in CONTENT.care_dimensions.values()}
RATINGS = ("none", "mild", "moderate", "serious", "severe")
ALL_NONE = dict.fromkeys(DIMENSIONS, "none")


def level(**answers: Any) -> LevelOfCare:
    return level_of_care(facts_only(Profile.from_dict({"answers": answers})))


def rank(id: str) -> int:
    return CONTENT.care_levels[id].rank


def test_nothing_rated_is_not_rated_and_no_level() -> None:
    found = level()
    assert found.status == "not_rated"
    assert found.least is None
    assert found.most is None
    assert not found.said
    data = found.to_dict()
    assert data["recommended"] == {"at_least": None, "at_most": None}
    assert data["called"] == AID == "ASAM-informed discussion aid"


@pytest.mark.parametrize("answer", DIMENSIONS)
@pytest.mark.parametrize("rating", RATINGS)
def test_the_dimension_rated_highest_sets_the_least_level(answer: str, rating: str) -> None:
    found = level(**{**ALL_NONE, answer: rating})
    assert found.status == "rated"
    assert found.least is found.most is CONTENT.care_levels[DIMENSIONS[answer].sets[rating]]
    if rating != "none":
        assert [d.record.answer for d in found.set_by] == [answer]


@pytest.mark.parametrize("answer", DIMENSIONS)
def test_a_higher_rating_never_sets_a_lower_level(answer: str) -> None:
    ranks = [rank(DIMENSIONS[answer].sets[r]) for r in RATINGS]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]


def test_ratings_are_not_averaged() -> None:
    found = level(**{**ALL_NONE, "loc_withdrawal": "severe"})
    assert found.least is not None
    assert found.least.id == "level_4"


def test_what_is_not_rated_leaves_a_range() -> None:
    found = level(loc_environment="mild")
    assert found.status == "partly_rated"
    assert found.least is not None
    assert found.most is not None
    assert found.least.id == "level_1_5"
    assert found.most.id == "level_4"
    unrated = [d for d in found.to_dict()["dimensions"] if d["id"] != "environment"]
    assert all(d["at_least"] is None and d["ratings"] == [] for d in unrated)


def test_a_rating_that_is_only_partly_known_leaves_a_range_too() -> None:
    found = level(**{**ALL_NONE, "loc_use_risk": ["moderate", "severe"]})
    assert (found.status, found.least and found.least.id, found.most and found.most.id) == (
        "partly_rated",
        "level_2_1",
        "level_3_5",
    )


def test_the_worst_rating_settles_it_whatever_is_open() -> None:
    found = level(loc_biomedical="severe")
    assert found.status == "rated"
    assert found.least is not None
    assert found.least.id == "level_4"


@given(st.fixed_dictionaries({}, optional={a: st.sampled_from(RATINGS) for a in DIMENSIONS}), st.data())
def test_knowing_less_only_widens_the_range(ratings: dict[str, str], data: st.DataObject) -> None:
    whole = level(**ratings)
    if not ratings:
        return
    left_out = data.draw(st.sampled_from(sorted(ratings)))
    less = level(**{a: r for a, r in ratings.items() if a != left_out})
    if less.least is not None:
        assert whole.least is not None
        assert whole.most is not None
        assert less.most is not None
        assert less.least.rank <= whole.least.rank
        assert less.most.rank >= whole.most.rank
        assert (less.status, whole.status) != ("rated", "partly_rated")
    else:
        assert less.status == "not_rated"


def test_medical_care_that_another_dimension_needs_is_kept() -> None:
    found = level(**{**ALL_NONE, "loc_withdrawal": "moderate", "loc_environment": "serious"})
    assert found.least is not None
    assert found.with_medical is not None
    assert (found.least.number, found.with_medical.number) == ("3.1", "2.7")
    assert level(**{**ALL_NONE, "loc_withdrawal": "serious"}).with_medical is None


def test_advised_accepted_reachable_and_present_stay_apart() -> None:
    given = {**ALL_NONE, "loc_use_risk": "moderate"}
    alone = level(**given)
    told = level(
        **given, loc_accepted="level_1_5", loc_available="no_level", loc_present="level_1_0", loc_edition="third"
    )
    assert alone.least is told.least
    assert (told.accepted, told.available, told.present) == (("level_1_5",), ("no_level",), ("level_1_0",))
    assert told.to_dict()["edition"] == "third"
    assert alone.to_dict()["edition"] is None
    said = " ".join(told.differences)
    assert "accepted by the person is below 2.1" in said
    assert "can be reached now is below 2.1" in said
    assert "step up, because of substance use-related risks" in said
    assert alone.differences == ()


def test_a_step_down_is_named_only_when_nothing_open_asks_for_more() -> None:
    rated = {**ALL_NONE, "loc_use_risk": "moderate"}
    assert any("step down" in line for line in level(**rated, loc_present="level_3_5").differences)
    del rated["loc_environment"]
    assert level(**rated, loc_present="level_3_5").differences == ()


def test_a_program_that_bars_moud_is_flagged() -> None:
    assert any("does not fit" in line for line in level(loc_continues_moud=False).differences)
    assert level(loc_continues_moud=True).differences == ()
    assert level().differences == ()


def test_of_several_dimensions_that_need_medical_care_the_highest_counts() -> None:
    found = level(**{**ALL_NONE, "loc_withdrawal": "moderate", "loc_biomedical": "mild", "loc_environment": "serious"})
    needs = [d.least for d in found.dimensions if d.ratings and d.least.medical]
    assert len({one.rank for one in needs}) > 1
    assert found.with_medical == max(needs, key=lambda one: one.rank)


def test_a_level_that_is_the_least_is_not_below_it() -> None:
    rated = {**ALL_NONE, "loc_use_risk": "moderate"}
    assert (
        level(**rated, loc_accepted="level_2_1", loc_available="level_2_1", loc_present="level_2_1").differences == ()
    )


def partly(low: str, high: str, which: str) -> tuple[str, ...]:
    """What is said of a level where it is known to be one of two, with 2.1 set by the ratings."""
    rated = {**ALL_NONE, "loc_use_risk": "moderate"}
    return level(**rated, **{which: [low, high]}).differences


@pytest.mark.parametrize("which", ["loc_accepted", "loc_available", "loc_present"])
def test_a_level_that_may_be_enough_is_not_called_too_low(which: str) -> None:
    assert not [line for line in partly("level_1_5", "level_2_1", which) if "below" in line]
    assert any("below 2.1" in line for line in partly("level_1_0", "level_1_5", which))


def test_a_level_that_may_be_the_one_advised_is_not_called_too_high() -> None:
    assert not [line for line in partly("level_2_1", "level_3_5", "loc_present") if "step down" in line]
    assert any("step down" in line for line in partly("level_3_1", "level_3_5", "loc_present"))


def test_the_team_named_the_level_that_the_ratings_set() -> None:
    rated = {**ALL_NONE, "loc_use_risk": "moderate"}
    least = level(**rated).least
    assert least is not None
    assert least.treatment == "iop"
    assert level(**rated, level_of_care_rated="iop").differences == ()


@pytest.mark.parametrize(
    "answers", [{"loc_accepted": "level_1_5"}, {"loc_edition": "third"}, {"loc_continues_moud": True}]
)
def test_one_answer_is_enough_for_something_to_be_said(answers: dict[str, Any]) -> None:
    assert level(**answers).said


def test_the_team_named_several_levels_of_which_one_is_enough() -> None:
    low = {**ALL_NONE, "loc_environment": "serious"}
    assert level(**low, level_of_care_rated=["iop", "residential"]).differences == ()


def test_the_team_named_less_than_the_ratings_set() -> None:
    low = {**ALL_NONE, "loc_environment": "serious"}
    assert any("The team named" in line for line in level(**low, level_of_care_rated="iop").differences)
    assert level(**low, level_of_care_rated="residential").differences == ()


def test_ratings_change_nothing_that_is_recommended() -> None:
    """They advise the people in the room; what the team then names is what the plans read."""
    plain = profile("back_pain_120_mme").to_dict()
    rated = Profile.from_dict(
        {**plain, "answers": {**plain["answers"], **dict.fromkeys(DIMENSIONS, "serious"), "loc_accepted": "no_level"}}
    )
    before, after = case_data(review(Profile.from_dict(plain))), case_data(review(rated))
    for key in ("findings", "options", "plans", "core", "forks", "emergencies", "questions"):
        assert before[key] == after[key], key


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('severe = "level_3_5"', 'severe = "level_3_6"', "no care_level 'level_3_6'. Did you mean 'level_3_"),
        ('none = "level_1_0", ', "", "must name each choice of loc_withdrawal"),
    ],
)
def test_a_dimension_must_name_every_rating_and_known_levels(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    shutil.copytree(PACKAGED, tmp_path / "content")
    path = tmp_path / "content/levels_of_care.toml"
    path.write_text(path.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(tmp_path / "content")
    assert told in str(error.value)


def test_levels_are_ordered_and_their_options_grow_with_them() -> None:
    levels = sorted(CONTENT.care_levels.values(), key=lambda found: found.rank)
    assert len({found.rank for found in levels}) == len(levels)
    numbers = [float(found.number) for found in levels]
    assert numbers == sorted(numbers)
    kinds = [key for key, _ in itertools.groupby(found.treatment for found in levels)]
    assert kinds == ["outpatient", "iop", "php", "residential", None]
