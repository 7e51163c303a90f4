"""Values over time: order, direction, the smallest change that means something, and what cannot be used."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.care.trends import Series, corners, direction, in_words, level, limits, trends
from pathways.content import load_content
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.html import sections_of
from pathways.profile import Profile
from tests.pages.drawn import reviewed, tree
from tests.reviews import facts_only

CONTENT = load_content()


def series(*seen: tuple[str, Any, str | None], as_of: date | None = date(2026, 11, 2)) -> dict[str, Series]:
    data = [{"measure": m, "date": d, **(v if isinstance(v, dict) else {"value": v})} for m, v, d in seen]
    profile = Profile.from_dict({"as_of": as_of, "observations": data})
    return {s.record.id: s for s in trends(facts_only(profile))}


def test_peg_thirty_percent_is_a_response_and_less_is_not() -> None:
    better = series(("peg", 6.0, "2026-08-01"), ("peg", 4.2, "2026-11-01"))["peg"]
    assert (better.direction, better.change, better.percent) == ("better", -1.8, -30)
    assert series(("peg", 6.0, "2026-08-01"), ("peg", 4.3, "2026-11-01"))["peg"].direction == "no_clear_change"
    assert series(("peg", 4.0, "2026-08-01"), ("peg", 5.2, "2026-11-01"))["peg"].direction == "worse"
    assert series(("peg", 4.0, "2026-08-01"), ("peg", 4.0, "2026-11-01"))["peg"].direction == "same"


def test_the_share_is_of_the_first_value_and_just_below_it_is_no_response() -> None:
    assert series(("peg", 9.7, "2026-08-01"), ("peg", 6.8, "2026-11-01"))["peg"].direction == "no_clear_change"
    assert series(("peg", 6.7, "2026-08-01"), ("peg", 8.7, "2026-11-01"))["peg"].direction == "no_clear_change"
    assert series(("peg", 5.0, "2026-08-01"), ("peg", 6.5, "2026-11-01"))["peg"].direction == "worse"


def test_first_and_last_are_by_their_days() -> None:
    found = series(("peg", 3.0, "2026-11-01"), ("peg", 8.0, "2026-06-01"), ("peg", 2.0, "2026-09-01"))["peg"]
    assert (found.first.value, found.last.value) == (8, 3)


def test_a_value_of_the_day_of_the_case_counts_and_one_of_the_next_day_does_not() -> None:
    found = series(("peg", 8.0, "2026-06-01"), ("peg", 3.0, "2026-11-02"), ("peg", 1.0, "2026-11-03"))["peg"]
    assert [p.value for p in found.points] == [8, 3]
    assert found.left_out == ("2026-11-03: after the day of this case, or that day is not known",)


def test_a_mean_of_items_is_kept_to_four_decimals() -> None:
    thirds = [{"items": {"pain": a, "enjoyment": 7, "activity": 7}} for a in (6, 3)]
    found = series(("peg", thirds[0], "2026-06-01"), ("peg", thirds[1], "2026-11-01"))["peg"]
    assert [p.value for p in found.points] == [6.6667, 5.6667]
    assert found.change == -1
    ratios = series(("alt_times_uln", 1.0, "2026-06-01"), ("alt_times_uln", 1.00004, "2026-11-01"))["alt"]
    assert ratios.change == 0


def test_phq9_needs_five_points_whatever_the_start() -> None:
    found = series(("phq9", 18.0, "2026-08-01"), ("phq9", 13.0, "2026-11-01"))["phq9"]
    assert (found.direction, found.change) == ("better", -5)
    names = {b.id: b.label for b in CONTENT.instruments["phq9"].bands}
    assert found.bands is not None
    assert set(found.bands) <= set(names.values())
    assert found.bands[0] != found.bands[1]
    assert series(("phq9", 18.0, "2026-08-01"), ("phq9", 14.0, "2026-11-01"))["phq9"].direction == "no_clear_change"


def test_the_order_is_of_days_and_the_last_step_is_told_apart() -> None:
    found = series(("peg", 3.0, "2026-11-01"), ("peg", 8.0, "2026-06-01"), ("peg", 2.0, "2026-09-01"))["peg"]
    assert [p.value for p in found.points] == [8, 2, 3]
    assert [p.path for p in found.points] == ["observations.1", "observations.2", "observations.0"]
    assert (found.direction, found.since_last) == ("better", "worse")


def test_items_make_a_total_and_unanswered_items_do_not() -> None:
    items = {"pain": 6, "enjoyment": 6, "activity": 6}
    found = series(
        ("peg", {"items": items}, "2026-08-01"),
        ("peg", {"items": {"pain": 3}}, "2026-09-01"),
        ("peg", 3.0, "2026-11-01"),
    )["peg"]
    assert [p.value for p in found.points] == [6, 3]
    assert found.left_out == ("2026-09-01: some items are not answered",)


@pytest.mark.parametrize(
    ("value", "day", "says"),
    [(5.0, "2026-10", "the day is not known"), (5.0, None, "undated"), (5.0, "2026-11-03", "after the day of this case"),
     (7.0, "2026-08-01", "two different values")],
)  # fmt: skip  # data, read across
def test_what_cannot_be_placed_is_left_out_and_said(value: float, day: str | None, says: str) -> None:
    sure = [("peg", 6.0, "2026-07-01"), ("peg", 4.0, "2026-08-01"), ("peg", 3.0, "2026-09-01")]
    found = series(*sure, ("peg", value, day))["peg"]
    assert says in found.left_out[0]
    assert value not in [p.value for p in found.points]


def test_one_value_or_no_day_is_no_trend() -> None:
    assert series(("peg", 6.0, "2026-07-01")) == {}
    assert series(("peg", 6.0, "2026-07-01"), ("peg", 3.0, "2026-07-01")) == {}
    assert series(("peg", 6.0, "2026-07-01"), ("peg", 3.0, "2026-08-01"), as_of=None) == {}


def test_a_dose_is_neither_better_nor_worse_and_lines_are_named() -> None:
    found = series(("mme_on_day", 40.0, "2026-01-01"), ("mme_on_day", 50.0, "2026-10-01"))["mme"]
    assert found.direction == "higher"
    assert [line.at for line in found.crossed] == [50]
    fallen = series(("mme_on_day", 50.0, "2026-01-01"), ("mme_on_day", 49.0, "2026-10-01"))["mme"]
    assert [line.at for line in fallen.crossed] == [50]  # a line belongs to what lies above it, both ways
    assert series(("mme_on_day", 60.0, "2026-01-01"), ("mme_on_day", 50.0, "2026-10-01"))["mme"].crossed == ()


def test_the_dose_of_today_is_the_newest_point_where_it_is_known() -> None:
    oxycodone = {"ingredients": ["oxycodone"], "route": "oral", "dose": {"oxycodone": 10}, "per_day_min": 4, "per_day_max": 4,
                 "state": "current", "purpose": "pain"}  # fmt: skip  # data, read across
    data = {"as_of": date(2026, 11, 2), "medicines": [oxycodone], "complete": {"medicines": "yes"},
            "observations": [{"measure": "mme_on_day", "value": 30.0, "date": "2026-05-01"}]}  # fmt: skip  # data, read across
    found = {s.record.id: s for s in trends(facts_only(Profile.from_dict(data)))}["mme"]
    assert [(str(p.day), p.value) for p in found.points] == [("2026-05-01", 30), ("2026-11-02", 60)]
    assert found.points[-1].path == "medicines"
    assert [line.at for line in found.crossed] == [50]
    unknown = {**data, "medicines": [{**oxycodone, "per_day_max": None}]}
    assert trends(facts_only(Profile.from_dict(unknown))) == ()


@pytest.mark.parametrize(("doses", "newest"), [((4, 4), 4), ((0, 0), None), ((1, 1), 1)])
def test_a_dose_of_one_counts_and_none_is_no_point(doses: tuple[int, int], newest: float | None) -> None:
    """1 MME is a dose of today; where nothing is taken the list says so, and the line is not drawn to the ground."""
    codeine = {
        "ingredients": ["hydrocodone"],
        "route": "oral",
        "dose": {"hydrocodone": 1},
        "state": "current",
        "purpose": "pain",
    }
    given = {**codeine, "per_day_min": doses[0], "per_day_max": doses[1]}
    seen = [{"measure": "mme_on_day", "value": 30.0, "date": day} for day in ("2026-04-01", "2026-05-01")]
    data = {"as_of": date(2026, 11, 2), "medicines": [given] if doses[1] else [], "complete": {"medicines": "yes"}}
    (found,) = trends(facts_only(Profile.from_dict({**data, "observations": seen})))
    assert (found.points[-1].value if found.points[-1].path == "medicines" else None) == newest


@pytest.mark.parametrize(
    ("values", "held"), [((34.0, 40.0), (34, 50)), ((33.0, 33.0), (32, 34)), ((100.0, 120.0), (50, 120))]
)
def test_a_picture_holds_the_lines_that_its_values_are_near(
    values: tuple[float, float], held: tuple[float, float]
) -> None:
    seen = [("mme_on_day", value, day) for value, day in zip(values, ("2026-04-01", "2026-05-01"), strict=True)]
    assert limits(series(*seen)["mme"]) == held


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ((15.0, 20.0), (15, 30)),  # the line stands at one and a half times the highest value
        ((15.0, 19.9), (15, 19.9)),
        ((5.0, 25.0), (5, 30)),  # near to the highest, whatever the lowest
        ((60.0, 70.0), (30, 70)),  # at half the lowest
        ((61.0, 70.0), (61, 70)),
    ],
)
def test_a_line_is_near_from_half_the_lowest_to_half_as_much_again_as_the_highest(
    values: tuple[float, float], held: tuple[float, float]
) -> None:
    seen = [("egfr", value, day) for value, day in zip(values, ("2026-04-01", "2026-05-01"), strict=True)]
    assert limits(series(*seen)["egfr"]) == held


def test_a_place_in_the_picture_is_kept_to_a_tenth() -> None:
    found = series(("peg", 3.0, "2026-01-01"), ("peg", 1.0, "2026-01-02"), ("peg", 0.0, "2026-01-04"))["peg"]
    assert list(corners(found, 100, 100)) == [(0, 0), (33.3, 66.7), (100, 100)]


def test_from_zero_there_is_no_percentage_but_a_rise_counts() -> None:
    found = series(("peg", 0.0, "2026-01-01"), ("peg", 3.0, "2026-10-01"))["peg"]
    assert (found.percent, found.direction) == (None, "worse")


def test_without_a_smallest_change_only_the_direction_is_told() -> None:
    record = CONTENT.tables["trend"]["craving"]
    assert (direction(record, 8, 1), direction(record, 1, 8), direction(record, 2, 2)) == ("lower", "higher", "same")


def test_the_picture_keeps_proportions() -> None:
    found = series(("peg", 8.0, "2026-01-01"), ("peg", 4.0, "2026-01-11"), ("peg", 6.0, "2026-01-31"))["peg"]
    assert limits(found) == (4, 8)
    assert list(corners(found, 240, 60)) == [(0, 0), (80, 60), (240, 30)]
    assert level(4, 4, 8, 60) == 60
    flat = series(("peg", 5.0, "2026-01-01"), ("peg", 5.0, "2026-01-11"))["peg"]
    assert list(corners(flat, 240, 60)) == [(0, 30), (240, 30)]


def test_the_sheet_shows_the_picture_with_its_twin_in_words() -> None:
    seen = [
        {"measure": "peg", "value": 7.0, "date": "2026-06-01"},
        {"measure": "peg", "value": 4.0, "date": "2026-10-01"},
    ]
    case = reviewed({}, observations=seen)
    found = trends(case)[0]
    root = tree(sheet_html(case))
    picture = next(node for node in root.all("figure") if "pw-chart" in node.classes())
    svg = next(picture.all("svg"))
    assert svg.attributes["role"] == "img"
    assert svg.attributes["aria-label"] == in_words(found) == (
        "PEG (pain, enjoyment, activity): 7 on 2026-06-01, 4 on 2026-10-01. First to last: better."
    )  # fmt: skip  # data, read across
    assert len(list(svg.all("circle"))) == 2
    section = next(node for node in root.all("details") if node.attributes.get("id") == "pw-trends")
    assert "better: −3 (−42.9%)" in section.text()
    assert "30% or more is a response" in section.text()
    assert "7 on 2026-06-01" in sheet_markdown(case)


def test_without_two_values_there_is_no_section() -> None:
    assert "trends" not in {section.id for section in sections_of(reviewed())}
