"""Scores from complete, partial and wrong answers. Instruments come from the packaged content."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pathways.content import load_content, models
from pathways.facts.scores import band, criteria_met, item_value, severity, suicide_risk, total
from pathways.language import Range

FOLDER = Path(str(files("pathways.content"))) / "data" / "instruments"
INSTRUMENTS = {
    record["id"]: models.Instrument.model_validate(record)
    for path in sorted(FOLDER.glob("*.toml"))
    for record in tomllib.loads(path.read_text(encoding="utf-8"))["instrument"]
}
NAMES = sorted(INSTRUMENTS)
OPEN = [name for name in NAMES if not INSTRUMENTS[name].locked]
LOCKED = [name for name in NAMES if INSTRUMENTS[name].locked]


RISK_SCORES = {
    "comm", "comm9", "dire", "ort", "ort_oud", "pomi", "riosord_civilian", "riosord_vha", "soapp_r",
}  # fmt: skip  # data, read across


def lowest(name: str) -> dict[str, int]:
    return {item.id: min(item.values, key=item.points_of) for item in INSTRUMENTS[name].items}


def highest(name: str) -> dict[str, int]:
    return {item.id: max(item.values, key=item.points_of) for item in INSTRUMENTS[name].items}


def points(name: str, items: dict[str, Any]) -> tuple[float, float]:
    found = total(INSTRUMENTS[name], items)
    return found.lo, found.hi


# ---- every instrument --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_answered_is_the_whole_range(name: str) -> None:
    instrument = INSTRUMENTS[name]
    assert total(instrument) == total(instrument, {}) == Range(instrument.lo, instrument.hi)


@pytest.mark.parametrize("name", OPEN)
def test_lowest_and_highest_answers_reach_the_ends(name: str) -> None:
    instrument = INSTRUMENTS[name]
    assert total(instrument, lowest(name)) == Range(instrument.lo, instrument.lo)
    assert total(instrument, highest(name)) == Range(instrument.hi, instrument.hi)


@pytest.mark.parametrize("name", [name for name in NAMES if INSTRUMENTS[name].bands])
def test_bands_cover_every_total_once(name: str) -> None:
    instrument = INSTRUMENTS[name]
    step = 10**-instrument.decimals
    for n in range(round((instrument.hi - instrument.lo) / step) + 1):
        value = round(instrument.lo + n * step, instrument.decimals)
        assert len(band(instrument, Range(value, value))) == 1, value
    assert band(instrument, Range(instrument.lo, instrument.hi)) == tuple(b.id for b in instrument.bands)


@pytest.mark.parametrize("name", LOCKED)
def test_locked_instruments_take_a_total_only_and_say_why(name: str) -> None:
    instrument = INSTRUMENTS[name]
    assert not instrument.items
    assert instrument.locked_because
    assert total(instrument, None, instrument.hi) == Range(instrument.hi, instrument.hi)
    with pytest.raises(ValueError, match=f"{name}: takes a total only"):
        total(instrument, {"item_1": 1})


def test_every_score_of_misuse_or_overdose_is_marked_as_a_risk_score() -> None:
    assert {name for name in NAMES if INSTRUMENTS[name].risk} == RISK_SCORES


def test_an_instrument_without_bands_names_no_level() -> None:
    assert band(INSTRUMENTS["comm9"], Range(20, 20)) == ()


EXAMPLES = [(name, n) for name in NAMES for n in range(len(INSTRUMENTS[name].examples))]


@pytest.mark.parametrize(("name", "n"), EXAMPLES)
def test_worked_examples(name: str, n: int) -> None:
    instrument = INSTRUMENTS[name]
    example = instrument.examples[n]
    found = total(instrument, example.answers(instrument.items), example.typed)
    lo, hi = example.score if isinstance(example.score, tuple) else (example.score, example.score)
    assert (round(found.lo, instrument.decimals), round(found.hi, instrument.decimals)) == (lo, hi)
    assert band(instrument, found) == example.band


def reachable(instrument: models.Instrument) -> set[int]:
    """Every total that some answers add up to."""
    sums = {0}
    for item in instrument.items:
        sums = {before + item.points_of(value) for before in sums for value in item.values}
    return sums


@pytest.mark.parametrize("name", NAMES)
def test_examples_stand_at_both_sides_of_every_band_edge_and_at_a_blank(name: str) -> None:
    """D1 to D8: of a sum or a typed total every edge that can be reached; of a mean, highest or rule every band."""
    instrument = INSTRUMENTS[name]
    sure = [e for e in instrument.examples if not isinstance(e.score, tuple)]
    assert sure
    assert {b.id for b in instrument.bands} == {id for e in sure for id in e.band}
    assert instrument.locked or any(isinstance(e.score, tuple) for e in instrument.examples)
    if instrument.total in ("sum", "count"):
        edges = {b.lo for b in instrument.bands[1:]} | {b.hi for b in instrument.bands[:-1]}
        possible = edges if instrument.locked else edges & reachable(instrument)
        assert possible <= {e.score for e in sure}


# ---- sums, means and counts --------------------------------------------------------------------------------


def test_peg_is_a_mean_and_blanks_widen_it() -> None:
    assert points("peg", {"pain": 7, "enjoyment": 6, "activity": 5}) == (6, 6)
    assert points("peg", {"pain": 6, "enjoyment": 6, "activity": None}) == (4, pytest.approx(22 / 3))
    assert points("peg", {"pain": 10}) == (pytest.approx(10 / 3), 10)


@pytest.mark.parametrize(
    ("items", "name"),
    [((3, 4, 4), "mild"), ((4, 4, 4), "moderate"), ((6, 7, 7), "moderate"), ((7, 7, 7), "severe")],
)
def test_peg_bands_between_whole_numbers(items: tuple[int, int, int], name: str) -> None:
    peg = INSTRUMENTS["peg"]
    answers = dict(zip(("pain", "enjoyment", "activity"), items, strict=True))
    assert band(peg, total(peg, answers)) == (name,)


def test_phq9_is_not_prorated() -> None:
    """D-N9, J24: one blank among nine is 0 to 3 points more, not the average of the others."""
    answers = {**dict.fromkeys(lowest("phq9"), 1), "self_harm": None}
    assert points("phq9", answers) == (8, 11)
    assert band(INSTRUMENTS["phq9"], Range(8, 11)) == ("mild", "moderate")


def test_item_9_is_read_by_itself_and_a_blank_is_not_zero() -> None:
    """D-N8, J23."""
    phq9 = INSTRUMENTS["phq9"]
    assert item_value(phq9, "self_harm", {"self_harm": 1}) == Range(1, 1)
    assert item_value(phq9, "self_harm", {"mood": 0}) == item_value(phq9, "self_harm") == Range(0, 3)
    assert item_value(phq9, "self_harm", {**lowest("phq9"), "self_harm": 2}) == Range(2, 2)


@pytest.mark.parametrize(
    ("recorded", "items", "lo", "hi"),
    [
        (27, {}, 3, 3),
        (26, {}, 2, 3),
        (25, {}, 1, 3),
        (24, {}, 0, 3),
        (20, {}, 0, 3),
        (2, {}, 0, 2),
        (0, {}, 0, 0),
        (22, {"interest": 0}, 1, 3),
        (21, {"interest": 0}, 0, 3),
        (25, {"self_harm": 1}, 1, 1),
        (4, {"interest": 3}, 0, 1),  # what the others gave is not left for it
        (27, {"interest": 0}, 0, 3),  # a total that its items contradict says nothing of the blank
    ],
)
def test_a_total_bounds_the_item_nobody_read(recorded: float, items: dict[str, int | None], lo: int, hi: int) -> None:
    """By arithmetic alone: what the other items cannot have given, item 9 gave. Every completion that fits is tried."""
    phq9 = INSTRUMENTS["phq9"]
    assert item_value(phq9, "self_harm", items, recorded) == Range(lo, hi)
    others = 8 - len([name for name in items if name != "self_harm"])
    rest = sum(v or 0 for name, v in items.items() if name != "self_harm")
    ways = [v for v in (0, 1, 2, 3) if items.get("self_harm", v) == v and 0 <= recorded - rest - v <= 3 * others]
    assert not ways or (min(ways), max(ways)) == (lo, hi)


def test_a_total_that_is_no_sum_bounds_no_item() -> None:
    """A mean, a count or a rule is not taken apart."""
    assert item_value(INSTRUMENTS["peg"], "pain", {}, 10) == item_value(INSTRUMENTS["peg"], "pain")


@pytest.mark.parametrize(
    ("name", "cut", "below", "at"),
    [
        ("phq2", 3, "negative", "positive"),
        ("phq9", 10, "mild", "moderate"),
        ("phq9", 15, "moderate", "moderately_severe"),
        ("phq9", 20, "moderately_severe", "severe"),
        ("gad2", 3, "negative", "positive"),
        ("gad7", 10, "mild", "moderate"),
        ("gad7", 15, "moderate", "severe"),
        ("pc_ptsd5", 4, "consider", "positive"),
        ("audit_c", 3, "negative", "positive_women"),
        ("audit_c", 4, "positive_women", "positive"),
        ("audit_c", 8, "counsel", "high"),
        ("cows", 5, "none", "mild"),
        ("cows", 13, "mild", "moderate"),
        ("cows", 25, "moderate", "moderately_severe"),
        ("cows", 37, "moderately_severe", "severe"),
        ("ort_oud", 3, "low", "high"),
        ("isi", 15, "subthreshold", "moderate"),
        ("stop_bang", 5, "intermediate", "high"),
    ],
)
def test_cut_offs(name: str, cut: int, below: str, at: str) -> None:
    instrument = INSTRUMENTS[name]
    assert band(instrument, Range(cut - 1, cut - 1)) == (below,)
    assert band(instrument, Range(cut, cut)) == (at,)


@pytest.mark.parametrize(
    ("items", "score"),
    [
        ({"exposure": 0}, (0, 0)),
        ({"exposure": 0, "numb": 1}, (0, 0)),
        ({"exposure": 1, "numb": 1, "guilt": 1}, (2, 5)),
        ({"numb": 1, "guilt": 0}, (0, 4)),
    ],
    ids=["no exposure", "no exposure decides", "exposure, two of five answered", "exposure not asked"],
)
def test_pc_ptsd5_has_a_gate(items: dict[str, int], score: tuple[float, float]) -> None:
    assert points("pc_ptsd5", items) == score


def test_ort_oud_counts_one_a_point() -> None:
    assert points("ort_oud", {**lowest("ort_oud"), "own_prescription": 1, "depression": 1}) == (2, 2)
    assert points("ort_oud", {"own_prescription": 1, "depression": 1, "age_16_45": 1}) == (3, 9)


def test_cssrs_has_a_level_as_its_total() -> None:
    assert points("cssrs", {**lowest("cssrs"), "method": 1}) == (2, 2)
    assert points("cssrs", {"method": 1}) == (2, 3)


# ---- typed totals ------------------------------------------------------------------------------------------


def test_a_total_alone_is_enough() -> None:
    assert total(INSTRUMENTS["phq9"], None, 14) == Range(14, 14)
    assert total(INSTRUMENTS["peg"], None, 6.3) == Range(6.3, 6.3)


def test_a_total_with_items_must_agree() -> None:
    phq9, peg = INSTRUMENTS["phq9"], INSTRUMENTS["peg"]
    assert total(phq9, {"self_harm": 2}, 14) == Range(14, 14)
    with pytest.raises(ValueError, match=r"phq9: a total of 1 contradicts the items, which allow 2 to 26"):
        total(phq9, {"self_harm": 2}, 1)
    exact = total(peg, {"pain": 7, "enjoyment": 6, "activity": 6}, 6.3)
    assert exact.lo == exact.hi == pytest.approx(19 / 3)


@pytest.mark.parametrize("wrong", [-1, 28.5, 29, float("nan"), float("inf"), True])
def test_a_total_that_cannot_be_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"isi: total .* must be a whole number from 0 to 28"):
        total(INSTRUMENTS["isi"], None, wrong)


# ---- wrong answers -----------------------------------------------------------------------------------------

COWS_ALLOWED = {
    "pulse": {0, 1, 2, 4}, "sweating": {0, 1, 2, 3, 4}, "restlessness": {0, 1, 3, 5}, "pupils": {0, 1, 2, 5},
    "aches": {0, 1, 2, 4}, "nose_eyes": {0, 1, 2, 4}, "gut": {0, 1, 2, 3, 5}, "tremor": {0, 1, 2, 4},
    "yawning": {0, 1, 2, 4}, "anxiety": {0, 1, 2, 4}, "gooseflesh": {0, 3, 5},
}  # fmt: skip  # data, read across


@pytest.mark.parametrize(("item", "value"), [(i, v) for i in COWS_ALLOWED for v in range(-1, 7)])
def test_cows_takes_only_the_printed_values(item: str, value: int) -> None:
    """D7, J44: a gooseflesh of 2 does not exist."""
    cows = INSTRUMENTS["cows"]
    if value in COWS_ALLOWED[item]:
        assert item_value(cows, item, {item: value}) == Range(value, value)
    else:
        with pytest.raises(ValueError, match=rf"cows, {item}: {value} is not allowed; allowed are 0, "):
            total(cows, {item: value})


def test_the_error_says_where_what_and_what_is_allowed() -> None:
    with pytest.raises(ValueError) as refused:
        total(INSTRUMENTS["cows"], {"gooseflesh": 2})
    assert str(refused.value) == "cows, gooseflesh: 2 is not allowed; allowed are 0, 3, 5"
    with pytest.raises(ValueError, match=r"phq9: no item 'selfharm'. Did you mean 'self_harm'\?"):
        total(INSTRUMENTS["phq9"], {"selfharm": 1})
    with pytest.raises(ValueError, match="phq9: no item 'item9'"):
        item_value(INSTRUMENTS["phq9"], "item9")


def test_yes_and_no_are_answers_to_yes_no_items_only() -> None:
    assert points("ort_oud", {**lowest("ort_oud"), "depression": True}) == (1, 1)
    with pytest.raises(ValueError, match="phq9, mood: True is not allowed"):
        total(INSTRUMENTS["phq9"], {"mood": True})


def test_a_rule_is_named_and_only_where_there_is_one() -> None:
    for name, wrong in (("pc_ptsd5", {"rule": None}), ("peg", {"rule": "behind_a_gate"})):
        data = INSTRUMENTS[name].model_dump() | wrong
        with pytest.raises(ValueError, match="names its rule"):
            models.Instrument.model_validate(data)


# ---- C-SSRS ------------------------------------------------------------------------------------------------

CSSRS = INSTRUMENTS["cssrs"]
NO = {item.id: 0 for item in CSSRS.items}


@pytest.mark.parametrize(
    ("yes", "level"),
    [
        ([], "none"),
        (["wish_dead"], "low"),
        (["thoughts"], "low"),
        (["method"], "moderate"),
        (["behaviour_lifetime"], "moderate"),
        (["intent"], "high"),
        (["plan"], "high"),
        (["behaviour_3_months"], "high"),
        (["behaviour_lifetime", "behaviour_3_months"], "high"),
        (["wish_dead", "thoughts", "method"], "moderate"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(value) or "nothing",
)  # fmt: skip  # data, read across
def test_cssrs_levels(yes: list[str], level: str) -> None:
    """D-CSSRS and J47: item 4 is high, not moderate; behavior long ago is moderate, not high."""
    assert suicide_risk(CSSRS, {**NO, **dict.fromkeys(yes, 1)}) == {level}


@pytest.mark.parametrize(
    ("items", "possible"),
    [
        ({}, {"none", "low", "moderate", "high"}),
        ({"intent": 1}, {"high"}),
        ({"method": 1}, {"moderate", "high"}),
        ({**NO, "behaviour_3_months": None}, {"none", "high"}),
        ({**NO, "thoughts": None, "behaviour_lifetime": 1}, {"moderate"}),
        ({**NO, "wish_dead": None}, {"none", "low"}),
    ],
)
def test_cssrs_blanks_leave_exactly_the_possible_levels(items: dict[str, int], possible: set[str]) -> None:
    assert suicide_risk(CSSRS, items) == possible


# ---- OUD criteria ------------------------------------------------------------------------------------------

CRITERIA = INSTRUMENTS["oud_criteria"]
NONE_MET = {item.id: 0 for item in CRITERIA.items}


@pytest.mark.parametrize(("as_prescribed", "count"), [(True, (0, 0)), (False, (2, 2)), (None, (0, 2))])
def test_tolerance_and_withdrawal_do_not_count_when_taken_as_prescribed(
    as_prescribed: bool | None, count: tuple[int, int]
) -> None:
    """D-R1, J11."""
    both = {**NONE_MET, "tolerance": 1, "withdrawal": 1}
    assert criteria_met(CRITERIA, both, as_prescribed=as_prescribed) == Range(*count)


@pytest.mark.parametrize(("as_prescribed", "most"), [(True, 9), (False, 11), (None, 11)])
def test_unasked_criteria_stay_open(as_prescribed: bool | None, most: int) -> None:
    """D-R2: at least 3 of 11, not 3."""
    three = {"craving": 1, "roles": 1, "hazardous": 1}
    assert criteria_met(CRITERIA, {}, as_prescribed=as_prescribed) == Range(0, most)
    assert criteria_met(CRITERIA, three, as_prescribed=as_prescribed) == Range(3, most)
    assert severity(CRITERIA, criteria_met(CRITERIA, three, as_prescribed=as_prescribed)) == {
        "mild",
        "moderate",
        "severe",
    }


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "none"),
        (1, "none"),
        (2, "mild"),
        (3, "mild"),
        (4, "moderate"),
        (5, "moderate"),
        (6, "severe"),
        (11, "severe"),
    ],
)
def test_severity(count: int, expected: str) -> None:
    assert severity(CRITERIA, Range(count, count)) == {expected}
    assert band(INSTRUMENTS["oud_criteria"], Range(count, count)) == (expected,)


def test_severity_of_a_range() -> None:
    assert severity(CRITERIA, Range(1, 2)) == {"none", "mild"}
    assert severity(CRITERIA, Range(0, 11)) == {"none", "mild", "moderate", "severe"}
    for wrong in (Range(-1, 2), Range(3, 12), Range(2.2, 2.8)):
        with pytest.raises(ValueError, match="not a number of criteria"):
            severity(CRITERIA, wrong)


def test_wrong_criteria_are_refused() -> None:
    with pytest.raises(ValueError, match=r"oud_criteria: no item 'cravings'. Did you mean 'craving'\?"):
        criteria_met(CRITERIA, {"cravings": 1}, as_prescribed=None)
    with pytest.raises(ValueError, match="oud_criteria, craving: 2 is not allowed; allowed are 0, 1"):
        criteria_met(CRITERIA, {"craving": 2}, as_prescribed=None)


# ---- a range is honest -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["peg", "phq2", "gad2", "pc_ptsd5", "audit_c", "cssrs"])
def test_the_range_is_exactly_what_the_blanks_allow(name: str) -> None:
    """Against all ways to fill in two blanks."""
    instrument = INSTRUMENTS[name]
    middle = {item.id: item.values[len(item.values) // 2] for item in instrument.items}
    for first, second in product(instrument.items, repeat=2):
        ways = [
            total(instrument, {**middle, first.id: a, second.id: b}).lo
            for a in first.values
            for b in (second.values if second.id != first.id else (a,))
        ]
        found = total(instrument, {**middle, first.id: None, second.id: None})
        assert (found.lo, found.hi) == (pytest.approx(min(ways)), pytest.approx(max(ways)))


@pytest.mark.parametrize(
    ("answer", "total", "lo", "hi"),
    [(0, 27, 0, 3), (1, 27, 1, 3), (2, 0, 2, 3), (0, 0, 0, 0), (1, 1, 1, 1), (0, 12.5, 0, 0)],
)
def test_an_answer_whose_total_contradicts_it_reassures_nobody(answer: int, total: float, lo: int, hi: int) -> None:
    phq9 = load_content().instruments["phq9"]
    answers = {item.id: 0 for item in phq9.items} | {"self_harm": answer}
    assert item_value(phq9, "self_harm", answers, total) == Range(lo, hi)


@pytest.mark.parametrize(("item", "most"), [("pulse", 4), ("restlessness", 5), ("sweating", 4), ("gooseflesh", 5)])
def test_an_answer_that_its_total_contradicts_may_be_as_high_as_its_own_item_goes(item: str, most: int) -> None:
    """COWS: the items differ in what they may add."""
    answers: dict[str, int | None] = {**lowest("cows"), item: sorted(COWS_ALLOWED[item])[1]}
    assert item_value(INSTRUMENTS["cows"], item, answers, 48) == Range(sorted(COWS_ALLOWED[item])[1], most)


@pytest.mark.parametrize("value", [0, 3, 5])
def test_a_blank_takes_the_values_of_its_own_item(value: int) -> None:
    """Gooseflesh scores 0, 3 or 5; no other item of the COWS scores just these."""
    others = {item.id: 0 for item in INSTRUMENTS["cows"].items if item.id != "gooseflesh"}
    assert item_value(INSTRUMENTS["cows"], "gooseflesh", others, float(value)) == Range(value, value)
