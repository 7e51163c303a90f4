"""The pictures: well-formed, with the numbers of the words beside them, unknown drawn as unknown, and no text that acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET  # our own drawings, parsed to see that they are whole

import pytest

from pathways.care.levels import level_of_care
from pathways.content import load_content
from pathways.facts.mme import Line as DoseLine
from pathways.facts.mme import MmeResult
from pathways.language import Range
from pathways.pages import sheet_html, sheet_markdown
from pathways.pages.blocks import Block, Picture, Table
from pathways.pages.html import at_a_glance_html, section_html, sections_of, texts
from pathways.pages.picture_sections import dose_blocks, effects_pictures, oud_blocks, plan_blocks
from pathways.pages.pictures.care_level import Dimension, Row, levels_picture
from pathways.pages.pictures.dose import mme_bar
from pathways.pages.pictures.draw import hatched, round_up, span_words, ticks, wrapped
from pathways.pages.pictures.effects import Shown, effects_picture, interval_words
from pathways.pages.pictures.icons import people_of_100
from pathways.pages.pictures.oud import Criterion, criteria_picture
from pathways.pages.pictures.over_time import Lane, Line, Marks, over_time
from pathways.pages.pictures.plans import Entry, plan_columns
from pathways.profile import Profile
from pathways.review.audience import for_audience
from pathways.review.case import Case, review
from tests.conftest import ROOT
from tests.pages.drawn import CASES, reviewed, sample

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title></svg><script>alert(1)</script><img src=x onerror=alert(2)>&\"'\x00\x0b"
NAMES = [path.stem for path in CASES]
FOLLOWED = "buprenorphine_eight_months"


def root(svg: str) -> ET.Element:
    """The picture as a tree; fails where it is not well-formed."""
    found = ET.fromstring(svg)  # our own text
    assert found.tag == f"{SVG}svg"
    assert found.get("role") == "img"
    assert found[0].tag == f"{SVG}title"
    assert found[0].text
    return found


def words(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in root(svg).iter(f"{SVG}text")]


def hatchings(svg: str) -> int:
    return sum(node.get("class") == "pw-open" for node in root(svg).iter(f"{SVG}g"))


def of_class(svg: str, name: str) -> list[ET.Element]:
    return [node for node in root(svg).iter() if name in (node.get("class") or "").split()]


def only_picture(blocks: tuple[Block, ...]) -> str:
    [found] = [block.svg for block in blocks if isinstance(block, Picture)]
    return str(found)


def twin(blocks: tuple[Block, ...]) -> list[list[str]]:
    [table] = [block for block in blocks if isinstance(block, Table)]
    return [["; ".join(said.text for said in cell) for cell in row] for row in table.rows]


def followed() -> Case:
    return review(Profile.load(ROOT / f"sample_data/follow_up/{FOLLOWED}.toml"))


def all_pictures(case: Case) -> Iterator[tuple[str, Picture]]:
    for section in sections_of(case):
        yield from ((section.id, block) for block in section.blocks if isinstance(block, Picture))


# -- every picture --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, FOLLOWED])
def test_every_picture_of_a_case_is_whole_and_followed_by_its_words(name: str) -> None:
    case = followed() if name == FOLLOWED else sample(name)
    found = list(all_pictures(case))
    assert found
    for section in sections_of(case):
        for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=False):
            if isinstance(block, Picture):
                root(block.svg)
                assert block.said.text
                assert block.said.source or block.said.origin or block.said.calculation
                assert section.id == "estimates" or after is not None, f"{section.id}: no table after its picture"
    html = sheet_html(case)
    for _, block in found:
        assert str(block.svg) in html
        assert block.said.text.split(".")[0][:40] in sheet_markdown(case).replace("\\", "")


@pytest.mark.parametrize("name", [*NAMES, FOLLOWED])
def test_no_picture_holds_a_script_a_style_an_address_or_a_name(name: str) -> None:
    case = followed() if name == FOLLOWED else sample(name)
    for _, block in all_pictures(case):
        for node in root(block.svg).iter():
            assert node.tag.removeprefix(SVG) in {"svg", "title", "text", "rect", "line", "path", "circle", "g"}
            assert not {"id", "style", "href", "onclick"} & set(node.attrib)
            assert not [value for value in node.attrib.values() if "url(" in value or "javascript:" in value]


@pytest.mark.parametrize(
    "svg",
    [
        plan_columns([(HOSTILE, [Entry(HOSTILE, HOSTILE, HOSTILE, True)])]),
        effects_picture([Shown(HOSTILE, HOSTILE, 1, 0.5, 2, HOSTILE, "ratio")]),
        levels_picture([HOSTILE, "2"], [Dimension(HOSTILE, True, 0, 1, True)], [Row(HOSTILE, (0,), HOSTILE)]),
        over_time([Lane(HOSTILE, (Line(HOSTILE, ((date(2026, 1, 1), 1.0), (date(2026, 2, 1), 2.0)), (HOSTILE, HOSTILE)),))]),
        mme_bar(MmeResult(10, 10, (DoseLine(HOSTILE, ""),), (), (), "", ""), [], 10),
    ],
)  # fmt: skip  # one picture a line
def test_hostile_text_stays_text(svg: str) -> None:
    for node in root(svg).iter():
        assert node.tag.removeprefix(SVG) in {"svg", "title", "text", "rect", "line", "path", "circle", "g"}
    assert "<script" not in svg
    assert "<img" not in svg


# -- the dose -------------------------------------------------------------------------------------------------


def test_the_bar_and_the_table_have_the_same_dose() -> None:
    blocks = dose_blocks(sample("back_pain_120_mme"))
    svg = only_picture(blocks)
    assert "120 MME a day" in words(svg)
    assert hatchings(svg) == 0
    assert twin(blocks)[-1][-1] == "120"
    assert twin(blocks)[0] == [
        "1. oxycodone ER 40 mg twice a day",
        "oxycodone 40 mg × 2 a day × 1.5 = 120; factor of CDC 2022",
        "120",
    ]
    told = [one for one in words(svg) if ":" in one]
    assert [one.split(":")[0] for one in told] == ["90", "50"]
    assert "no longer a recommendation" in told[0]


def test_the_bar_is_as_long_as_the_dose_and_its_lines_stand_where_they_say() -> None:
    content = load_content()
    dose = sample("back_pain_120_mme").facts.mme
    svg = mme_bar(dose, content.mme_edition.marks, 120)
    [bar] = of_class(svg, "pw-part")
    bed = float(of_class(svg, "pw-bed")[0].get("width") or 0)
    assert float(bar.get("width") or 0) / bed == pytest.approx(120 / 150, abs=0.002)
    lines = [float(node.get("x1") or 0) for node in of_class(svg, "pw-mark-line")]
    assert [(x - 10) / bed * 150 for x in lines] == pytest.approx([90, 50], abs=0.5)


def person(**medicine: Any) -> Case:
    entry = {
        "ingredients": ["oxycodone"],
        "dose": {"oxycodone": 10},
        "route": "oral",
        "purpose": "pain",
        "state": "current",
    }
    return reviewed(
        medicines=[{**entry, "per_day_min": 2, "per_day_max": 2, **medicine}], complete={"medicines": "yes"}
    )


def test_as_needed_is_hatched_from_the_least_to_the_most() -> None:
    blocks = dose_blocks(person(per_day_min=0, per_day_max=4))
    assert "0 to 60 MME a day" in words(only_picture(blocks))
    assert hatchings(only_picture(blocks)) == 1
    assert of_class(only_picture(blocks), "pw-part") == []
    assert twin(blocks)[-1][-1] == "0 to 60"


def test_an_upper_bound_that_is_not_known_is_drawn_open_and_never_as_its_lower_end() -> None:
    known = {"ingredients": ["oxycodone"], "dose": {"oxycodone": 10}, "per_day_min": 2, "per_day_max": 2}
    both = [
        {**one, "route": "oral", "purpose": "pain", "state": "current"}
        for one in (known, {"ingredients": ["hydrocodone"]})
    ]
    case = reviewed(medicines=both)
    blocks = dose_blocks(case)
    assert "at least 30 MME a day" in words(only_picture(blocks))
    assert "upper bound not known" in words(only_picture(blocks))
    assert hatchings(only_picture(blocks)) == 1
    assert twin(blocks)[-1][-1] == "at least 30"
    assert [row[-1] for row in twin(blocks)] == ["30", "not known", "at least 30"]


def test_without_an_opioid_that_counts_there_is_no_bar() -> None:
    assert dose_blocks(reviewed()) == ()
    assert dose_blocks(reviewed(medicines=[{"ingredients": ["hydrocodone"], "state": "current"}])) == ()
    assert section_html(reviewed(), "dose") is None
    assert "<svg" not in at_a_glance_html(reviewed())


def test_a_name_that_would_act_stays_a_name_beside_the_bar() -> None:
    html = at_a_glance_html(person(name=HOSTILE, ingredients=["oxycodone"]))
    html += sheet_html(person(name=HOSTILE, ingredients=["oxycodone"]))
    assert "alert(1)" in html
    assert "<script" not in html
    assert "<img" not in html


# -- the criteria ---------------------------------------------------------------------------------------------


def test_the_criteria_are_told_apart_in_picture_and_table() -> None:
    blocks = oud_blocks(sample("pregnancy_with_oud"))
    svg = only_picture(blocks)
    rows = twin(blocks)
    assert "6 to 10 of 11 met" in words(svg)
    assert rows[-1] == ["All together", "6 to 10"]
    states = [row[1] for row in rows[:-1]]
    assert (states.count("met"), states.count("not met"), states.count("not known")) == (6, 1, 4)
    assert hatchings(svg) == states.count("not known") + 1, (
        "each that is not known, and what it leaves open of the count"
    )
    for state in set(states):
        assert words(svg).count(state) == states.count(state)
    assert len(of_class(svg, "pw-tick-on")) == states.count("met")


def test_tolerance_that_does_not_count_is_no_criterion_met() -> None:
    instrument = next(i for i in load_content().instruments.values() if any(x.unless_prescribed for x in i.items))
    svg = criteria_picture(
        [Criterion("Tolerance", "not_counted"), Criterion("Craving", "met")], Range(1, 1), instrument
    )
    assert "present, not counted" in words(svg)
    assert len(of_class(svg, "pw-cross")) == 1
    assert "1 of 11 met" in words(svg)


def test_criteria_nobody_asked_are_not_drawn_and_stay_out_of_a_view_for_others() -> None:
    assert oud_blocks(sample("back_pain_120_mme")) == ()
    view = for_audience(sample("pregnancy_with_oud"), "pain_clinic")
    assert oud_blocks(view) == ()
    assert "pw-drawn-oud" not in sheet_html(view)
    assert "<svg" not in sheet_html(for_audience(sample("pregnancy_with_oud"), "partner"))


def test_a_typed_number_says_that_it_was_not_one_by_one() -> None:
    seen = [{"measure": "oud_criteria", "value": 4, "date": "2026-11-01"}]
    blocks = oud_blocks(reviewed(observations=seen))
    assert "4 of 11 met" in words(only_picture(blocks))
    assert {row[1] for row in twin(blocks)[:-1]} == {"not known"}
    [picture] = [block for block in blocks if isinstance(block, Picture)]
    assert "recorded as a number, not one by one" in picture.said.text


# -- plans, effects, time, levels, people ---------------------------------------------------------------------


def test_each_item_of_the_plans_is_a_card_and_a_row() -> None:
    blocks = plan_blocks(sample("back_pain_120_mme"))
    svg = only_picture(blocks)
    rows = twin(blocks)
    assert len(of_class(svg, "pw-card")) == len(rows)
    some = [row for row in rows if row[2] != "every plan"]
    assert some
    assert len(of_class(svg, "pw-card-some")) == len(some)
    told = " ".join(words(svg))
    for phase, what, _ in rows:
        assert phase in told
        assert what.split(": ")[0] in told


@pytest.mark.parametrize("name", NAMES)
def test_the_effects_that_are_drawn_are_those_that_were_read_with_an_interval(name: str) -> None:
    case = sample(name)
    found = [block for block in effects_pictures(case) if isinstance(block, Picture)]
    [section] = [one for one in sections_of(case) if one.id == "effects"]
    in_table = [said for said in texts(section) if re.search(r"\(−?[\d.]+ to −?[\d.]+\) \S", said.text)]
    drawn = (
        [one for one in words(str(found[0].svg)) if re.fullmatch(r"−?[\d.]+ \(−?[\d.]+ to −?[\d.]+\)", one)]
        if found
        else []
    )
    assert len(drawn) == len(in_table)
    for one in drawn:
        assert any(said.text.startswith(one) for said in in_table)
    assert all(said.confidence != "recall" for said in in_table)


def test_effects_of_two_units_never_share_an_axis_and_a_ratio_has_its_line_at_one() -> None:
    svg = effects_picture(
        [Shown("a", "x", 2, 1.5, 3, "risk ratio", "ratio"), Shown("b", "y", -5, -8, -2, "points of 100", "difference")]
    )
    assert len(of_class(svg, "pw-head-rule")) == 2
    assert words(svg).count("no difference") == 2
    at_one, at_zero = of_class(svg, "pw-none-line")
    assert float(at_one.get("x1") or 0) < float(of_class(svg, "pw-part")[0].get("cx") or 0), (
        "2 stands above a ratio of 1"
    )
    assert float(at_zero.get("x1") or 0) > float(of_class(svg, "pw-part")[1].get("cx") or 0), "−5 stands below 0"
    assert interval_words(-5, -8, -2) in words(svg)
    assert "no difference" not in words(effects_picture([Shown("a", "x", 6, 5, 8, "NNT", "needed_to_treat")]))


def test_every_effect_says_what_its_number_is() -> None:
    for treatment in load_content().treatments.values():
        for effect in treatment.effects:
            named = "needed_to_treat" if "NNT" in effect.unit else "ratio" if "ratio" in effect.unit else "difference"
            assert effect.scale == named, f"{treatment.id}: {effect.unit}"


def test_the_values_over_time_bear_their_numbers_and_a_lane_without_any_is_hatched() -> None:
    case = followed()
    [picture] = [block for id, block in all_pictures(case) if id == "trends"]
    told = words(picture.svg)
    for number in ("7.3", "6.3", "4.7", "8", "3"):
        assert number in told
    assert hatchings(picture.svg) == 0
    assert picture.said.confidence == "recall", "craving has no source that was read: the caption bears the mark"
    days = ((date(2026, 1, 1), 4.0), (date(2026, 3, 1), 6.0))
    svg = over_time([Lane("Pain", (Line("Pain, 0 to 10", days, ("4", "6")),)), Lane("Use", ())])
    assert hatchings(svg) == 1
    assert "not known: not measured on two days" in words(svg)


def test_urine_readings_have_a_sign_each() -> None:
    marks = Marks(
        "Urine", tuple((date(2026, 1, n), r) for n, r in enumerate(("expected", "unexpected", "cannot_tell"), 1))
    )
    svg = over_time([Lane("Use", (marks,))])
    assert [len(of_class(svg, name)) for name in ("pw-ring-t", "pw-diamond", "pw-open-ring")] == [1, 1, 1]


def test_the_levels_stand_where_the_ratings_put_them() -> None:
    case = sample("neuropathy_fentanyl")
    level = level_of_care(case)
    [picture] = [block for id, block in all_pictures(case) if id == "level_of_care"]
    assert level.least is not None
    assert level.least.number in picture.said.text
    assert words(picture.svg).count("sets it") == len(level.set_by)
    assert hatchings(picture.svg) == 0


def test_a_dimension_that_nobody_rated_is_hatched_over_all_levels_and_no_bar() -> None:
    svg = levels_picture(
        ["1", "2", "3"], [Dimension("a", False, 0, 2, False), Dimension("b", True, 0, 1, True)], [Row("Now", ())]
    )
    assert hatchings(svg) == 2  # the one not rated, and what the other leaves open
    assert len(of_class(svg, "pw-part")) == 1
    assert {"not rated", "not said"} <= set(words(svg))
    assert of_class(svg, "pw-diamond") == []


@pytest.mark.parametrize(
    ("count", "span", "signs"), [(6, None, (6, 0)), (6, (2, 14), (2, 12)), (0, (0, 3), (0, 3)), (100, None, (100, 0))]
)
def test_a_hundred_people_are_so_many_for_certain_so_many_open_and_the_rest(
    count: int, span: tuple[int, int] | None, signs: tuple[int, int]
) -> None:
    svg = people_of_100(count, span)
    assert (len(of_class(svg, "pw-person-full")), len(of_class(svg, "pw-person-open"))) == signs
    assert len(of_class(svg, "pw-person")) == 100
    assert words(svg).count("?") == signs[1]
    assert any(f"about {count} in 100" in one for one in words(svg))


@pytest.mark.parametrize(("count", "span"), [(101, None), (-1, None), (5, (6, 9)), (9, (1, 8))])
def test_numbers_that_are_no_order_make_no_picture(count: int, span: tuple[int, int] | None) -> None:
    with pytest.raises(ValueError, match="in order from 0 to 100"):
        people_of_100(count, span)


# -- the shapes -----------------------------------------------------------------------------------------------


def test_the_lines_of_a_hatching_stay_in_their_field() -> None:
    for wide, high in ((3, 20), (40, 16), (200, 34)):
        numbers = [
            (float(x), float(y))
            for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", str(hatched(10, 20, wide, high)).split("<path")[1])
        ]
        assert numbers
        assert all(10 <= x <= 10 + wide and 20 <= y <= 20 + high for x, y in numbers)
    assert hatched(0, 0, 0, 10) == ""


def test_small_helpers() -> None:
    assert (span_words(3, 3), span_words(3, 8), span_words(3, None)) == ("3", "3 to 8", "at least 3")
    assert [round_up(value) for value in (0, 99, 132, 1000, 2200)] == [1, 100, 150, 1000, 3000]
    assert ticks(0, 150) == [0, 50, 100, 150]
    assert wrapped("one two three four five six", 50, most=2)[-1].endswith("…")


def opened_from(case: Case) -> dict[str, str]:
    """The sections that the links beside the pictures open, with their words."""
    return dict(re.findall(r'data-opens="(\w+)">([^<]+)<', at_a_glance_html(case)))


def test_the_pictures_of_other_sections_open_from_the_screen() -> None:
    seen: set[str] = set()
    for path in (ROOT / "sample_data").glob("[cf]*/*.toml"):
        case = review(Profile.load(path, load_content()), content=load_content())
        for section in opened_from(case):
            opened = section_html(case, section)
            assert opened, (path.name, section)
            assert "<svg" in opened[1], (path.name, section)
            seen.add(section)
    assert seen == {"plan_columns", "trends", "level_of_care", "effects", "estimates"}


def test_what_has_nothing_to_draw_is_not_offered() -> None:
    assert "trends" not in opened_from(reviewed())
    assert "level_of_care" not in opened_from(reviewed())
