"""The arithmetic of a taper (H8, B-H3, B-H4), the speeds that are refused, and what is said beside it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kit
from pathways.apps.cli import main
from pathways.care.taper import (
    MOST_STEPS,
    Pace,
    Start,
    TaperError,
    UnsafeSpeedError,
    beside,
    schedule,
    speed_of,
    start_of,
    table_rows,
)
from pathways.content import load_content
from pathways.profile import Profile
from pathways.review.case import Case
from tests.reviews import facts_only

CONTENT = load_content()
SAMPLE = kit.ROOT / "sample_data/cases/back_pain_120_mme.toml"
MME = Start(120, "MME/day", "opioid for pain", 1.0)


def amounts(*values: Any, **named: Any) -> list[float]:
    return [step.amount for step in schedule(MME, Pace(*values), **named).steps]


def person(answers: dict[str, Any] | None = None, medicines: Sequence[dict[str, Any]] = (), **more: Any) -> Case:
    data = {"as_of": date(2026, 11, 2), "answers": answers or {}, "medicines": list(medicines), **more}
    return facts_only(Profile.from_dict(data))


OXYCODONE = {
    "name": "oxycodone", "ingredients": ["oxycodone"], "route": "oral", "dose": {"oxycodone": 20}, "per_day_min": 4,
    "per_day_max": 4, "state": "current", "purpose": "pain", "start": "2021",
}  # fmt: skip  # data, read across


# ---- arithmetic ---------------------------------------------------------------------------------------------


def test_ten_percent_of_the_current_dose_is_geometric() -> None:
    made = schedule(MME, Pace(10, 4, "current"))
    assert [round(step.amount, 1) for step in made.steps[:3]] == [108, 97.2, 87.5]
    assert len(made.steps) == 12
    assert round(made.steps[-1].amount, 1) == 33.9
    assert round(made.steps[-1].of_first) == 28
    assert {round(step.cut, 6) for step in made.steps} == {10}
    assert [step.day for step in made.steps[:3]] == [28, 56, 84]
    assert "never reaches zero" in made.ends


def test_the_worked_example_of_the_sheet() -> None:
    start = Start(100, "mg/day", "x", None)
    steps = schedule(start, Pace(10, 4, "current")).steps[:3]
    assert [round(step.amount) for step in steps] == [90, 81, 73]
    assert [step.mme for step in steps] == [None, None, None]


def test_ten_percent_of_the_original_dose_is_linear_and_ends_where_it_gets_too_fast() -> None:
    """H8: it would reach 0 at step 10; from step 7 on each is more than 20% of the dose then taken (B-H3)."""
    made = schedule(MME, Pace(10, 4, "original"))
    assert [step.amount for step in made.steps] == [108, 96, 84, 72, 60, 48]
    assert [round(step.cut, 1) for step in made.steps] == [10, 11.1, 12.5, 14.3, 16.7, 20]
    assert "Zero would be step 10, but step 7 would take off 25% within 4 weeks, more than 20%" in made.ends
    assert schedule(MME, Pace(10, 4, "original"), steps=10).steps == made.steps
    assert len(schedule(MME, Pace(10, 4, "original"), steps=3).steps) == 3


def test_after_short_use_ten_percent_a_week_turns_to_the_current_dose_at_thirty_percent() -> None:
    made = schedule(MME, Pace(10, 1, "original"), months=6)
    assert made.speed.id == "short_use"
    assert [step.amount for step in made.steps[:7]] == [108, 96, 84, 72, 60, 48, 36]
    assert [round(step.amount, 2) for step in made.steps[7:10]] == [32.4, 29.16, 26.24]
    assert len(made.steps) == 7 + 12
    assert made.steps[0].day == 7


def test_numbers_stay_exact_over_many_steps() -> None:
    made = schedule(Start(1, "mg/day", "x", None), Pace(0.1, 4, "original"), steps=100)
    assert made.steps[99].amount == 0.9
    assert "100 steps" in made.ends
    assert "never reaches zero" not in made.ends


@pytest.mark.parametrize(("tablet", "wanted"), [(5, [110, 100, 90]), (20, [120, 100, 100]), (7, [112, 98, 91])])
def test_rounding_to_tablets_is_upwards_only(tablet: float, wanted: list[float]) -> None:
    made = schedule(MME, Pace(10, 4, "current"), tablet=tablet)
    assert [step.amount for step in made.steps[:3]] == wanted
    assert [step.held for step in made.steps[:2]] == [step.amount == 120 for step in made.steps[:2]]


def test_a_dose_that_is_no_whole_number_of_tablets_is_not_raised() -> None:
    steps = schedule(Start(25, "mg/day", "x", 1.5), Pace(10, 4, "original"), tablet=10).steps
    assert [step.amount for step in steps] == [25, 20, 20, 20, 20]
    assert steps[0].held


def test_tablets_too_large_for_a_step_end_the_table_or_refuse_it() -> None:
    made = schedule(Start(80, "mg/day", "x", 1.5), Pace(10, 4, "current"), tablet=10, steps=40)
    assert made.steps[-1].amount == 40
    assert "with tablets of 10, step" in made.ends
    for tablet in (5, 15):
        with pytest.raises(UnsafeSpeedError, match="too large for a step"):
            schedule(Start(20, "mg/day", "x", 1.5), Pace(10, 4, "current"), tablet=tablet)


# ---- speeds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "weeks", "months", "speed"),
    [(20, 4, None, "usual"), (10, 4, None, "usual"), (5, 4, 200, "usual"), (5, 1, None, "usual"), (10, 2, None, "usual"),
     (10, 3, None, "usual"), (20, 12, None, "usual"), (10, 1, 11.9, "short_use"), (6, 1, 3, "short_use")],
)  # fmt: skip  # data, read across
def test_speeds_that_a_source_describes(percent: float, weeks: float, months: float | None, speed: str) -> None:
    assert speed_of(Pace(percent, weeks, "current"), months, CONTENT).id == speed


@pytest.mark.parametrize(
    ("percent", "weeks", "months", "says"),
    [(20.1, 4, 3, "faster than any"), (20, 3.9, 3, "faster than any"), (50, 52, 3, "faster than any"),
     (15, 3, 3, "faster than any"), (11, 2, 3, "faster than any"), (10, 0.9, 3, "faster than any"),
     (11, 1, 3, "faster than any"), (10, 1, None, "not known"), (10, 1, 12, "for 12 months"), (6, 1, None, "not known")],
)  # fmt: skip  # data, read across
def test_unsafe_speeds_are_refused_with_reason_and_source(
    percent: float, weeks: float, months: float | None, says: str
) -> None:
    with pytest.raises(UnsafeSpeedError, match=says) as caught:
        speed_of(Pace(percent, weeks, "current"), months, CONTENT)
    assert "consider buprenorphine" in str(caught.value)
    assert {c.id for c in caught.value.source} >= {"va_taper_tool", "cdc2022draft", "hhs2019"}


@pytest.mark.parametrize(
    "values",
    [(0, 4, "current"), (-5, 4, "current"), (float("nan"), 4, "current"), (10, 0, "current"), (10, float("inf"), "current"),
     (10, 4, "first")],
)  # fmt: skip  # data, read across
def test_numbers_that_make_no_taper_are_refused(values: tuple[Any, ...]) -> None:
    with pytest.raises(TaperError):
        schedule(MME, Pace(*values))


def test_steps_are_at_most_two_years_apart() -> None:
    assert schedule(MME, Pace(10, 104, "current")).steps
    with pytest.raises(TaperError, match="at most 104"):
        schedule(MME, Pace(10, 105, "current"))


@pytest.mark.parametrize("named", [{"steps": 0}, {"steps": 121}, {"tablet": 0}, {"tablet": 121}])
def test_more_that_makes_no_taper(named: dict[str, Any]) -> None:
    with pytest.raises(TaperError):
        schedule(MME, Pace(10, 4, "current"), **named)


# ---- where it starts ----------------------------------------------------------------------------------------


def test_one_opioid_starts_in_its_own_unit() -> None:
    start = start_of(person({}, [OXYCODONE]))
    assert (start.amount, start.unit, start.mme_factor) == (80, "mg/day", 1.5)
    assert [step.mme for step in schedule(start, Pace(10, 4, "current")).steps[:2]] == [108, 97.2]


def test_a_patch_starts_in_micrograms_an_hour() -> None:
    patch = {"name": "patch", "ingredients": ["fentanyl"], "route": "transdermal", "dose": {"fentanyl": 50},
             "unit": "mcg/h", "state": "current", "purpose": "pain"}  # fmt: skip  # data, read across
    start = start_of(person({}, [patch]))
    assert (start.amount, start.unit) == (50, "mcg/h")


def test_what_is_taken_at_a_fixed_dose_needs_no_remark_and_none_at_all_is_no_start() -> None:
    assert start_of(person({}, [OXYCODONE])).remarks == ()
    none = {**OXYCODONE, "per_day_min": 0, "per_day_max": 0}
    for listed in ([none], [none, {**none, "ingredients": ["morphine"], "dose": {"morphine": 15}}]):
        with pytest.raises(TaperError, match="the daily dose is 0"):
            start_of(person({}, listed))


def test_the_content_at_hand_is_the_one_that_comes_with_the_kit() -> None:
    assert speed_of(Pace(10, 4, "current"), None) is speed_of(Pace(10, 4, "current"), None, CONTENT)


def test_two_opioids_are_summed_and_said_so() -> None:
    morphine = {"ingredients": ["morphine"], "route": "oral", "dose": {"morphine": 15}, "per_day_min": 0, "per_day_max": 4,
                "as_needed": True, "state": "current", "purpose": "pain"}  # fmt: skip  # data, read across
    start = start_of(person({}, [OXYCODONE, morphine]))
    assert (start.amount, start.unit) == (180, "MME/day")
    assert any("as needed" in remark for remark in start.remarks)
    assert any("decided together" in remark for remark in start.remarks)


@pytest.mark.parametrize(
    "medicine",
    [{"ingredients": ["buprenorphine"], "route": "sublingual", "dose": {"buprenorphine": 8}, "per_day_min": 2,
      "per_day_max": 2, "purpose": "oud"},
     {"ingredients": ["oxycodone"], "route": "oral", "purpose": "pain"}, {"ingredients": ["ibuprofen"]}],
)  # fmt: skip  # data, read across
def test_nothing_to_start_from_is_said(medicine: dict[str, Any]) -> None:
    with pytest.raises(TaperError):
        start_of(person({}, [{"state": "current", **medicine}]))


# ---- beside it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "closes"),
    [({"oud_status": "active"}, "oud"), ({"pregnant": True}, "pregnancy"), ({"in_opioid_withdrawal": True}, "withdrawal"),
     ({"suicide_plan_or_intent": True}, "suicide")],
)  # fmt: skip  # data, read across
def test_a_taper_is_not_advised(answers: dict[str, Any], closes: str) -> None:
    case = person(answers, [OXYCODONE], complete={"medicines": "yes"})
    assert [rule.id for rule in beside(case).not_advised] == [closes]


def test_what_is_not_known_is_asked_and_does_not_close() -> None:
    advice = beside(person({}, [OXYCODONE]))
    assert advice.not_advised == ()
    assert {rule.id for rule in advice.asks} == {"oud", "pregnancy", "withdrawal", "suicide"}
    assert all(rule.ask for rule in advice.asks)
    assert advice == beside(person({}, [OXYCODONE]))
    assert {rule.id for rule in beside(None, CONTENT).asks} == {rule.id for rule in advice.asks}


def test_the_alternative_and_the_pause_are_always_named() -> None:
    assert {"agreed", "pause", "buprenorphine", "own_dose"} <= {rule.id for rule in beside(None, CONTENT).always}


# ---- the command --------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main(["taper", *map(str, words)])
    return (code, *capsys.readouterr())


@pytest.mark.parametrize("words", [("--percent", "25"), ("--every", "1"), ("--every", "1", "--months", "24")])
def test_the_command_refuses_unsafe_speeds(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    code, out, err = run(capsys, "--mme", "120", *words)
    assert (code, out) == (2, "")
    assert "refused" in err
    assert "va_taper_tool" in err


def test_the_command_makes_no_schedule_in_pregnancy_with_oud(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, SAMPLE.with_name("pregnancy_with_oud.toml"), "--as", "csv")
    assert (code, out) == (2, "")
    assert "no schedule is made" in err
    assert "medication for OUD first" in err
    assert "Buprenorphine is the alternative" in err


@pytest.mark.parametrize("form", ["text", "md"])
def test_every_form_says_that_it_is_no_order(capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, _ = run(capsys, SAMPLE, "--as", form)
    assert code == 0
    for words in ("not an order", "dose then taken", "Pause whenever needed", "Buprenorphine is the alternative", "Ask first",
                  "2026-11-30", "One taper at a time".lower()):  # fmt: skip  # data, read across
        assert words in " ".join(out.split()).replace("\\", ""), words


def test_csv_holds_the_same_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "--mme", "120", "--of", "original", "--as", "csv", "--start", "2026-11-02")
    assert code == 0
    assert "not an order" in err
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["mme_per_day"] for row in rows] == ["120", "108", "96", "84", "72", "60", "48"]
    assert [row["date"] for row in rows[:2]] == ["2026-11-02", "2026-11-30"]
    assert rows[0]["percent_off_dose_before"] == ""
    target = tmp_path / "taper.csv"
    run(capsys, "--mme", "120", "--of", "original", "--as", "csv", "--start", "2026-11-02", "--out", target)
    assert target.read_text("utf-8") == out
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words", [(), ("--mme", "0"), ("--mme", "120", "--of", "first"), ("--mme", "120", "--as", "pdf"),
                                   ("--mme", "120", "--start", "soon"), ("--mme", "nan")])  # fmt: skip  # data, read across
def test_input_that_cannot_be_used(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("pathways: ")


def test_rows_say_where_tablets_held_a_dose() -> None:
    rows = list(table_rows(schedule(MME, Pace(10, 4, "current"), tablet=20)))
    assert rows[0][-1] == "–"
    assert [row[-1] for row in rows[1:4]] == ["held", "16.7", "held"]


# ---- each number at its edge ----------------------------------------------------------------------------------------


def test_below_the_turn_a_tablet_may_take_off_no_more_than_a_share_of_the_dose_then_taken() -> None:
    """From 30% of the first dose on, a tenth is of the dose then taken: 36 to 24 would be a third, though a tenth of 120."""
    made = schedule(MME, Pace(10, 1, "original"), months=2, tablet=12)
    assert [step.amount for step in made.steps][:7] == [108, 96, 84, 72, 60, 48, 36]
    assert {step.amount for step in made.steps[7:]} == {36}
    assert "It ends here: with tablets of 12" in made.ends


def test_one_step_is_a_table_and_so_are_as_many_as_there_may_be() -> None:
    assert amounts(10, 4, "current", steps=1) == [108]
    assert len(amounts(10, 4, "current", steps=MOST_STEPS)) == MOST_STEPS
    assert len(amounts(0.5, 4, "original")) == MOST_STEPS


@pytest.mark.parametrize("steps", [0, -1, MOST_STEPS + 1])
def test_no_steps_and_too_many_are_refused(steps: int) -> None:
    with pytest.raises(TaperError, match=rf"steps is {steps}; it must be 1 to {MOST_STEPS}"):
        schedule(MME, Pace(10, 4, "current"), steps=steps)


@pytest.mark.parametrize(
    ("dose", "percent", "tablet", "says"),
    [
        (100_001, 10, None, "the dose is 100001; it must be more than 0 and at most 100,000"),
        (120, 100.5, None, "percent is 100.5; it must be more than 0 and at most 100"),
        (100_000, 10, 100_001, "the tablet is 100001; it must be more than 0 and at most 100,000"),
        (120, 10, 121, "the tablet of 121 is more than the whole dose of 120"),
        (120, 10, 120, "tablets of 120 are too large for a step of this taper"),
    ],
)
def test_a_number_beyond_its_bound_is_named(dose: float, percent: float, tablet: float | None, says: str) -> None:
    with pytest.raises(TaperError, match=re.escape(says)):
        schedule(replace(MME, amount=dose), Pace(percent, 4, "current"), tablet=tablet)


def test_the_largest_dose_that_there_may_be_is_tapered() -> None:
    assert schedule(replace(MME, amount=100_000), Pace(10, 4, "current"), steps=1).steps[0].amount == 90_000


def test_amounts_are_kept_to_four_decimals() -> None:
    assert amounts(10, 4, "current", steps=6)[-1] == 63.7729


def test_the_first_row_holds_the_dose_in_its_own_unit_and_in_mme() -> None:
    first = next(table_rows(schedule(Start(80, "mg/day", "oxycodone", 1.5), Pace(10, 4, "current"), steps=1)))
    assert first == ("0", "0", "80", "120", "100", "–")


def test_a_sum_of_several_opioids_is_in_mme_already() -> None:
    hydrocodone = {**OXYCODONE, "name": "hydrocodone", "ingredients": ["hydrocodone"], "dose": {"hydrocodone": 10}}
    start = start_of(person(medicines=[OXYCODONE, hydrocodone], complete={"medicines": "yes"}))
    assert (start.amount, start.unit, start.mme_factor) == (160, "MME/day", 1.0)


def test_without_a_case_every_reason_against_it_is_a_question() -> None:
    found = beside(None)
    assert found == beside(None, CONTENT)
    assert found.not_advised == found.cautions == ()
    assert {rule.level for rule in found.asks} == {"not_advised"}
