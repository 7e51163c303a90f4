"""One dosage line: a unit and its code, two doses, an amount of a combination, the most of one intake, and dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import read
from pathways.fhir.dosage import Intake, read_dosage
from pathways.fhir.timing import times_of
from pathways.intake.names import read_name

CONTENT = load_content()
TODAY = date(2026, 11, 2)
OXY = "oxycodone hydrochloride 10 MG Oral Tablet"
HYDRO = "hydrocodone bitartrate 10 MG / acetaminophen 325 MG Oral Tablet"
FILM = "buprenorphine 8 MG / naloxone 2 MG Sublingual Film"
FOUR = {"timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}}}
Json = dict[str, Any]


def quantity(value: float, unit: str = "", code: str = "") -> Json:
    return {"doseQuantity": {"value": value, **({"unit": unit} if unit else {}), **({"code": code} if code else {})}}


def dosed(name: str, *doses: Json, **more: Any) -> Intake:
    return read_dosage([{**FOUR, "doseAndRate": list(doses), **more}], read_name(name, CONTENT), CONTENT)


@pytest.mark.parametrize(
    ("unit", "code"),
    [("mL", "mg"), ("mg", "mL"), ("tablet", "mg"), ("mg", "{tbl}"), ("mcg", "mg"), ("g", "mg"), ("mg", "TAB")],
)
def test_a_unit_against_its_code_is_neither(unit: str, code: str) -> None:
    found = dosed(OXY, quantity(20, unit, code))
    assert found.mg == {}
    assert found.per_day.hi is None
    assert "neither is used" in found.conflicts[0]


@pytest.mark.parametrize(
    ("value", "unit", "code", "mg"),
    [(20, "mg", "mg", 20), (20, "milligram", "mg", 20), (2, "tablet", "{tbl}", 20), (2, "Tablet(s)", "TAB", 20),
     (20000, "mcg", "ug", 20), (2, "zzyx", "{tbl}", 20), (2, "", "", 20)],
)  # fmt: skip  # data, read across
def test_a_unit_and_its_code_in_other_words_agree(value: float, unit: str, code: str, mg: float) -> None:
    assert dosed(OXY, quantity(value, unit, code)).mg == {"oxycodone": mg}


@pytest.mark.parametrize(
    ("name", "mg", "expected"),
    [
        (HYDRO, 650, {"hydrocodone": 20, "acetaminophen": 650}),  # 65 tablets by the one, two by the other
        (HYDRO, 325, {"hydrocodone": 10, "acetaminophen": 325}),
        (HYDRO, 20, {"hydrocodone": 20}),
        (HYDRO, 333, {}),  # a number of tablets by neither
        (FILM, 16, {"buprenorphine": 16}),
        (FILM, 12, {"buprenorphine": 12}),
        ("hydrocodone / acetaminophen Oral Tablet", 10, {"hydrocodone": 10}),  # no strengths to hold it against
    ],
)
def test_an_amount_of_a_combination_is_of_the_one_that_it_can_be_of(
    name: str, mg: float, expected: dict[str, float]
) -> None:
    assert dosed(name, quantity(mg, "mg")).mg == expected


def typed(dose: Json, type_: str) -> Json:
    return {**dose, "type": {"coding": [{"code": type_}]}}


@pytest.mark.parametrize(
    ("doses", "mg"),
    [
        ([quantity(10, "mg"), quantity(20, "mg")], None),
        ([quantity(20, "mg"), quantity(10, "mg")], None),
        ([quantity(1, "tablet"), quantity(20, "mg")], None),
        ([quantity(2, "tablet"), quantity(20, "mg")], 20),  # the same in two units
        ([quantity(20, "mg"), quantity(20, "mg")], 20),
        ([typed(quantity(10, "mg"), "calculated"), typed(quantity(20, "mg"), "ordered")], 20),
        ([typed(quantity(10, "mg"), "ordered"), typed(quantity(20, "mg"), "ordered")], None),
    ],
)
def test_two_doses_of_one_line_have_to_be_one(doses: list[Json], mg: float | None) -> None:
    found = dosed(OXY, *doses)
    assert found.mg == ({} if mg is None else {"oxycodone": mg})
    assert bool(found.conflicts) is (mg is None)


def test_the_most_of_one_intake_holds_the_dose() -> None:
    both = {"doseRange": {"low": {"value": 1, "unit": "tablet"}, "high": {"value": 3, "unit": "tablet"}}}
    held = dosed(OXY, both, maxDosePerAdministration={"value": 2, "unit": "tablet"})
    assert (held.mg, held.per_day) == ({"oxycodone": 20}, (2, 4))
    in_mg = dosed(OXY, both, maxDosePerAdministration={"value": 15, "unit": "mg"})
    assert in_mg.mg == {"oxycodone": 15}
    wider = dosed(OXY, both, maxDosePerAdministration={"value": 9, "unit": "tablet"})
    assert wider.mg == {"oxycodone": 30}


# ---- days of the week, times of day -------------------------------------------------------------------------


def often(**repeat: Any) -> Intake:
    line = {"timing": {"repeat": repeat}, "doseAndRate": [quantity(1, "tablet")]}
    return read_dosage([line], read_name(OXY, CONTENT), CONTENT)


WEEK = {"period": 1, "periodUnit": "wk"}
DAY = {"period": 1, "periodUnit": "d"}
MWF = ["mon", "wed", "fri"]


@pytest.mark.parametrize(
    ("repeat", "a_day"),
    [
        ({"frequency": 3, **WEEK, "dayOfWeek": MWF}, 3 / 7),
        ({"frequency": 1, **WEEK, "dayOfWeek": ["mon"]}, 1 / 7),
        ({**WEEK, "dayOfWeek": ["sun"]}, 1 / 7),
        ({"frequency": 5, **WEEK, "dayOfWeek": ["mon", "tue", "wed", "thu", "fri"]}, 5 / 7),
        ({"frequency": 6, **WEEK, "dayOfWeek": MWF}, 6 / 7),  # twice on each
        ({"frequency": 2, "period": 2, "periodUnit": "wk", "dayOfWeek": ["mon", "thu"]}, 1 / 7),
        ({"frequency": 3, "period": 7, "periodUnit": "d", "dayOfWeek": MWF}, 3 / 7),
        ({"frequency": 1, **WEEK, "timeOfDay": ["08:00:00"]}, 1 / 7),
        ({"frequency": 1, **WEEK, "dayOfWeek": ["mon"], "timeOfDay": ["08:00:00"]}, 1 / 7),
        ({"frequency": 1, **WEEK, "dayOfWeek": ["mon"], "when": ["MORN", "NIGHT"]}, 2 / 7),
        ({"frequency": 1, "period": 2, "periodUnit": "d", "timeOfDay": ["08:00:00"]}, 1 / 2),
        ({"frequency": 1, **DAY, "dayOfWeek": MWF}, 3 / 7),  # a day's frequency on some days
        ({"frequency": 1, "period": 12, "periodUnit": "h", "dayOfWeek": MWF}, 6 / 7),
        ({"frequency": 2, **DAY, "timeOfDay": ["08:00:00", "20:00:00"]}, 2),
        ({"frequency": 1, "period": 4, "periodUnit": "h", "timeOfDay": [f"{h:02}:00:00" for h in range(0, 24, 4)]}, 6),
        ({"frequency": 1, "period": 12, "periodUnit": "h", "when": ["MORN", "NIGHT"]}, 2),
        ({"frequency": 1, **DAY, "dayOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, 1),
    ],
)  # fmt: skip  # data, read across
def test_days_of_the_week_are_counted_once(repeat: Json, a_day: float) -> None:
    found = often(**repeat)
    assert found.per_day == pytest.approx((a_day, a_day))
    assert not found.conflicts


@pytest.mark.parametrize(
    "repeat",
    [
        {"frequency": 1, **WEEK, "dayOfWeek": MWF},  # one of the days, or each
        {"frequency": 2, **WEEK, "dayOfWeek": MWF},
        {"frequency": 1, "period": 2, "periodUnit": "d", "dayOfWeek": MWF},
        {"frequency": 1, "period": 1, "periodUnit": "mo", "dayOfWeek": ["mon"]},
        {"frequency": 4, **DAY, "timeOfDay": ["08:00:00", "20:00:00"]},
        {"frequency": 3, **WEEK, "timeOfDay": ["08:00:00", "20:00:00"]},
    ],
)
def test_a_frequency_against_its_days_or_times_is_neither(repeat: Json) -> None:
    found = often(**repeat)
    assert found.mg == {}
    assert found.per_day.hi is None
    assert "neither is used" in found.conflicts[0]


# ---- from when to when --------------------------------------------------------------------------------------


def in_use(line: Json, on: str = "2026-11-01") -> bool | None:
    """Whether an opioid is taken on the day of review, by an order with this dosage line, of the day before or of ``on``."""
    order = {
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order", "authoredOn": on,
        "category": [{"coding": [{"code": "community"}]}], "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": OXY}, "dosageInstruction": [line],
    }  # fmt: skip  # data, read across
    person = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-05-05"}
    sent = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": person}, {"resource": order}]}
    verdict = derive(read(sent, TODAY, content=CONTENT).profile, content=CONTENT).values["takes_opioid"]
    assert verdict is None or isinstance(verdict, bool)
    return verdict


def within(**bounds: str) -> Json:
    repeat = {"frequency": 2, "period": 1, "periodUnit": "d", "boundsPeriod": bounds}
    return {"timing": {"repeat": repeat}, "doseAndRate": [quantity(1, "tablet")]}


NOW = ({"text": "1 tab bid"}, {"text": "1 tab bid starting 10/15/2026"}, {"text": "1 tab bid until 12/15/2026"},
       {"text": "1 tab bid from 10/15/2026 to 11/15/2026"}, within(start="2026-10-01"), within(end="2026-12-01"))  # fmt: skip  # data
NOT_NOW = ({"text": "1 tab bid until 10/15/2026"}, {"text": "1 tab bid, stop on 2026-10-15"}, {"text": "1 tab bid through Oct 15, 2026"},
           {"text": "1 tab bid starting 12/15/2026"}, {"text": "start date 2026-12-15: 1 tab bid"},
           {"text": "1 tab bid 9/1/2026 - 10/1/2026"}, within(start="2026-12-01"), within(end="2026-10-01"))  # fmt: skip  # data


@pytest.mark.parametrize("line", NOW)
def test_a_line_that_holds_today_is_in_use(line: Json) -> None:
    assert in_use(line) is True


@pytest.mark.parametrize("line", NOT_NOW)
def test_a_line_of_another_time_is_not_surely_taken_now(line: Json) -> None:
    assert in_use(line) is None


@pytest.mark.parametrize(
    "line",
    [
        {"text": "1 tab qid for 4 days"},
        {"text": "2 tabs bid x 1 week"},
        {"text": "1 tab q6h prn for up to five days then stop"},
        {"timing": {"repeat": {**DAY, "frequency": 2, "boundsDuration": {"value": 6, "unit": "d", "code": "d"}}}},
        {
            "timing": {
                "repeat": {**DAY, "frequency": 2, "boundsRange": {"high": {"value": 1, "unit": "wk", "code": "wk"}}}
            }
        },
        {"timing": {"repeat": {**DAY, "frequency": 2, "count": 9}}},
        {"timing": {"repeat": {"count": 1}}},
    ],
)
def test_a_course_that_is_over_is_not_surely_taken(line: Json) -> None:
    assert in_use(line, "2026-10-12") is None
    assert in_use(line, "2026-11-01") is True


@pytest.mark.parametrize(
    "text",
    [
        "1 tab bid",
        "1 tab tid x 5 days then 1 tab daily",
        "1 tab for 3 days a week",
        "1 tab bid for pain",
        "1 tab q12h for 60 days",
    ],
)
def test_what_has_no_end_or_is_not_over_stays_in_use(text: str) -> None:
    assert in_use({"text": text}, "2026-10-12") is True


@pytest.mark.parametrize(
    "words",
    ["Do not fill before 11/20/2026", "DNF until 11/20/26", "may be filled on or after 2026-11-20", "Earliest fill date: 11/20/2026",
     "not to be filled before November 20, 2026", "starting 11/20", "OK to fill on 11/20"],
)  # fmt: skip  # words, read across
def test_what_may_not_be_filled_yet_is_not_surely_taken(words: str) -> None:
    assert in_use({"text": f"1 tab bid. {words}"}, "2026-10-20") is None


@pytest.mark.parametrize(
    "words", ["Do not fill before 10/15/2026", "starting 10/10", "starting 1/2 tab", "fill date 10/1/2026"]
)
def test_what_may_be_filled_by_now_is_in_use(words: str) -> None:
    assert in_use({"text": f"1 tab bid. {words}"}, "2026-10-20") is True


# ---- several instructions -----------------------------------------------------------------------------------


def additional(*texts: str) -> Json:
    return {"additionalInstruction": [{"text": one} for one in texts]}


def advice(display: str, code_: str = "418577003") -> Json:
    return {
        "additionalInstruction": [{"coding": [{"system": "http://snomed.info/sct", "code": code_, "display": display}]}]
    }


BID = {"text": "Take 1 tablet by mouth twice daily"}
TWICE = {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, "doseAndRate": [quantity(1, "tablet")]}


def instructed(line: Json) -> Intake:
    return read_dosage([line], read_name(OXY, CONTENT), CONTENT)


@pytest.mark.parametrize("base", [BID, TWICE, {**BID, **TWICE}], ids=["text", "structure", "both"])
@pytest.mark.parametrize(
    "more",
    [
        {"patientInstruction": "Take 1 tablet by mouth twice daily"},
        {"patientInstruction": "1 tab bid for pain, with food"},
        {"patientInstruction": "Take one tablet in the morning and one tablet at bedtime"},
        additional("with food"),
        additional("May cause drowsiness. Do not share this medication", "Store at room temperature"),
        additional("Do not crush or chew", "max 2 per day"),
        additional("with breakfast and dinner"),
        advice("With or after food", "311504000"),
        advice("Take at regular intervals. Complete the prescribed course unless otherwise directed"),
        advice("Do not stop taking this medicine except on your doctor's advice", "419303009"),
        advice("Half to one hour before food", "311501008"),
        {"additionalInstruction": [{"coding": [{"system": "http://snomed.info/sct", "code": "418577003"}]}]},
    ],
)
def test_an_instruction_that_says_the_same_or_nothing_changes_nothing(base: Json, more: Json) -> None:
    found = instructed({**base, **more})
    assert (found.mg, found.per_day, found.conflicts) == ({"oxycodone": 10}, (2, 2), ())


@pytest.mark.parametrize("base", [BID, TWICE, {**BID, **TWICE}], ids=["text", "structure", "both"])
@pytest.mark.parametrize(
    "more",
    [
        {"patientInstruction": "Take 2 tablets four times a day"},
        {"patientInstruction": "Take 1 tablet daily"},
        {"patientInstruction": "No longer taking this"},
        {"patientInstruction": "Take 2 tablets zorble four times a day"},
        additional("take 1 extra tablet at bedtime"),
        additional("increase weekly"),
        additional("with food", "may repeat if needed"),
        additional("at bedtime"),
        additional("zorble"),
        advice("increase every 3 days", "1"),
        {**additional("with food"), "patientInstruction": "Take 2 tablets three times a day"},
    ],
)
def test_an_instruction_that_gives_another_dose_leaves_it_open(base: Json, more: Json) -> None:
    found = instructed({**base, **more})
    assert found.per_day.hi is None
    assert found.notes or found.conflicts


@pytest.mark.parametrize("base", [BID, TWICE], ids=["text", "structure"])
@pytest.mark.parametrize(
    ("more", "least", "most"),
    [(additional("max 1 tablet per day"), 1, 1), (additional("as needed"), 0, 2), (additional("hold if sedated"), 0, 2),
     (additional("max 15 mg a day"), 1.5, 1.5),
     ({"patientInstruction": "1 tablet twice daily as needed"}, 0, 2)],
)  # fmt: skip  # data, read across
def test_an_instruction_may_hold_the_dose_down(base: Json, more: Json, least: float, most: float) -> None:
    found = instructed({**base, **more})
    assert (found.mg, found.per_day) == ({"oxycodone": 10}, (least, most))


@pytest.mark.parametrize("base", [BID, TWICE, {**BID, **TWICE}], ids=["text", "structure", "both"])
@pytest.mark.parametrize("more", ["max 3 per day", "maximum of 3 tablets a day", "Do not exceed 30 mg in 24 hours"])
def test_a_limit_above_how_often_it_is_taken_is_the_most(base: Json, more: str) -> None:
    for line in ({**base, **additional(more)}, {**base, "patientInstruction": more}):
        found = instructed(line)
        assert (found.mg, found.per_day, found.conflicts) == ({"oxycodone": 10}, (2, 3), ())
    whole = instructed({**TWICE, "text": "1 tablet twice daily, up to 3 a day"})
    assert (whole.per_day, whole.conflicts) == ((2, 3), ())


def test_an_instruction_tells_what_the_text_leaves_out() -> None:
    found = instructed({"text": "1 tablet", **additional("twice daily")})
    assert (found.mg, found.per_day) == ({"oxycodone": 10}, (2, 2))
    found = instructed(additional("1 tablet three times daily"))
    assert (found.mg, found.per_day) == ({"oxycodone": 10}, (3, 3))


@pytest.mark.parametrize("more", [{"patientInstruction": "Apply 2 patches every 3 days"}, additional("no longer used")])
def test_an_instruction_against_a_patch_leaves_it_open(more: Json) -> None:
    every_3_days = {"timing": {"repeat": {"frequency": 1, "period": 3, "periodUnit": "d"}}}
    worn = {**every_3_days, "doseAndRate": [quantity(1, "patch")]}
    patch = read_name("72 HR fentanyl 0.025 MG/HR Transdermal System", CONTENT)
    assert read_dosage([worn], patch, CONTENT).per_day.hi == 1
    assert read_dosage([{**worn, **more}], patch, CONTENT).per_day.hi is None


def test_a_modifier_of_a_dosage_leaves_it_open() -> None:
    found = instructed({**BID, "modifierExtension": [{"url": "http://example.org/x", "valueBoolean": True}]})
    assert (found.mg, found.per_day.hi) == ({}, None)


def test_a_text_that_is_cut_off_gives_no_dose() -> None:
    long = "Take 1 tablet twice daily " + "with food " * 60 + "and 2 tablets at bedtime"
    for line in ({"text": long}, {**TWICE, "text": long}, {**BID, "patientInstruction": long}):
        assert instructed(line).per_day.hi is None


@pytest.mark.parametrize("told", ["stop on 2026-10-15", "until 10/15/2026"])
def test_an_end_that_only_an_instruction_names_is_an_end(told: str) -> None:
    assert in_use({**BID, **additional(told)}) is None
    assert in_use({**BID, "patientInstruction": told}) is None


TABLET = read_name(OXY, CONTENT)
TID = "Take 1 tablet (10 mg total) by mouth 3 (three) times a day."


@pytest.mark.parametrize(
    "again", ["1 tab TID", "Take 1 tablet every 8 hours", "Take one tablet three times a day for pain."]
)
@pytest.mark.parametrize("place", ["patientInstruction", "additionalInstruction", "line"])
def test_an_instruction_in_other_words_is_the_same_dose(again: str, place: str) -> None:
    more = [{"text": again}] if place == "additionalInstruction" else again
    lines = [{"text": TID}, {"text": again}] if place == "line" else [{"text": TID, place: more}]
    assert read_dosage(lines, TABLET).per_day == (3.0, 3.0)


def test_lines_at_other_times_and_other_doses_are_added() -> None:
    assert read_dosage([{"text": "1 tab in the morning"}, {"text": "1 tab at bedtime"}], TABLET).per_day == (2.0, 2.0)
    assert read_dosage([{"text": "1 tab bid"}, {"text": "2 tabs at bedtime"}], TABLET).per_day.hi == 2.0  # of 20 mg
    assert read_dosage([{"text": TID}, {"text": TID}], TABLET).per_day == (3.0, 3.0)


@pytest.mark.parametrize(("value", "unit", "most"), [(20, "mg", 2.0), (1, "tablet", 1.0), (60, "mg", 3.0)])
def test_the_most_of_a_day_holds_down_a_text(value: float, unit: str, most: float) -> None:
    limit = {"numerator": {"value": value, "unit": unit}, "denominator": {"value": 1, "unit": "d", "code": "d"}}
    found = read_dosage([{"text": "1 tablet tid prn", "maxDosePerPeriod": limit}], TABLET)
    assert found.per_day == (0.0, most)
    assert not any("only the most" in note for note in found.notes)


def test_the_most_at_a_time_holds_down_a_text() -> None:
    limit = {"value": 5, "unit": "mg"}
    assert read_dosage([{"text": "1 tablet tid", "maxDosePerAdministration": limit}], TABLET).mg == {"oxycodone": 5.0}


@pytest.mark.parametrize(
    ("words", "times", "period", "unit"),
    [("Every 6 hours PRN", 1, 6, "h"), ("Q4H PRN", 1, 4, "h"), ("BID PRN", 2, 1, "d")],
)
def test_the_words_of_a_timing_may_add_that_it_is_as_needed(words: str, times: int, period: int, unit: str) -> None:
    repeat = {"frequency": times, "period": period, "periodUnit": unit}
    conflicts: list[str] = []
    found = times_of({"repeat": repeat, "code": {"text": words}}, [], conflicts, CONTENT)
    assert not conflicts
    assert found is not None
    assert (found.lo, found.hi) == (0, times * (24 / period if unit == "h" else 1))


def test_an_hourly_rate_of_a_solution_is_no_patch() -> None:
    line = {"doseAndRate": [{"rateQuantity": {"value": 50, "unit": "mcg/h"}}]}
    assert not read_dosage([line], read_name("fentanyl 50 mcg/mL infusion", CONTENT), CONTENT).rate
    assert read_dosage([line], read_name("fentanyl 50 mcg/h patch", CONTENT), CONTENT).rate
