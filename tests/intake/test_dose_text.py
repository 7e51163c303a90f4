"""Dose texts: a text that is wholly understood gives the dose of a day, any other leaves it open."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.fhir.dosage import read_dosage
from pathways.intake.dose_text import DoseText, read_dose_text, times_in
from pathways.intake.doses.words import vocabulary_of
from pathways.intake.names import read_name

CONTENT = load_content()
PRODUCTS = {
    "tablet": "oxycodone hydrochloride 5 MG Oral Tablet",
    "combined": "acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet",
    "film": "buprenorphine 8 MG / naloxone 2 MG Sublingual Film",
    "liquid": "morphine sulfate 2 MG/ML Oral Solution",
    "patch": "72 HR fentanyl 0.025 MG/HR Transdermal System",
    "capsule": "gabapentin 300 MG Oral Capsule",
}


def said(text: str, product: str = "tablet") -> DoseText:
    return read_dose_text(text, read_name(PRODUCTS[product], CONTENT), CONTENT)


KNOWN = [
    # numbers
    ("Take 2 (two) tablets 3 (three) times daily", "tablet", 6, 6),
    ("1 1/2 tabs bid", "tablet", 3, 3),
    ("1½ tablets twice a day", "tablet", 3, 3),
    ("two and a half tablets at bedtime", "tablet", 2.5, 2.5),
    ("one-half tablet every morning", "tablet", 0.5, 0.5),
    ("a quarter of a tablet nightly", "tablet", 0.25, 0.25),
    ("ii tabs po tid", "tablet", 6, 6),
    ("twenty-five mg daily", "tablet", 5, 5),
    # how often
    ("1 tab q8h", "tablet", 3, 3),
    ("1 tab every 6 to 8 hours", "tablet", 3, 4),
    ("1 tablet b.i.d.", "tablet", 2, 2),
    ("2 tds", "tablet", 6, 6),
    ("one qds", "tablet", 4, 4),
    ("1 od", "tablet", 1, 1),
    ("2 tablets every other day", "tablet", 1, 1),
    ("1 tablet once every 3 days", "tablet", 1 / 3, 1 / 3),
    ("1 tab 4 x daily", "tablet", 4, 4),
    ("one up to three times a day", "tablet", 0, 3),
    ("1 tablet every 3rd day", "tablet", 1 / 3, 1 / 3),
    ("7 tablets once a week on Mondays", "tablet", 1, 1),
    ("1 tablet q4h while awake", "tablet", 0, 6),
    # times of day, added
    ("2 in the morning and 3 in the evening", "tablet", 5, 5),
    ("1 tab qAM, 2 tabs qHS", "tablet", 3, 3),
    ("1 mane 2 nocte", "tablet", 3, 3),
    ("one tablet morning, noon and night", "tablet", 3, 3),
    ("At bedtime take 2 tablets", "tablet", 2, 2),
    ("1 tablet at 7am and 2 tablets at 7pm", "tablet", 3, 3),
    ("Take 2 tablets a day: 1 in the morning and 1 at night", "tablet", 2, 2),
    ("1-0-2", "tablet", 3, 3),
    # as needed, limits
    ("1-2 tablets every 4-6 hours as needed for pain. Do not exceed 8 tabs in 24 hours", "tablet", 0, 8),
    ("1 tab q6h prn, no more than 3 doses a day", "tablet", 0, 3),
    ("1 tab prn, max 4/day", "tablet", 0, 4),
    ("1 tab q4h prn. Max Daily Amount: 20 mg", "tablet", 0, 4),
    ("one when required, up to 4 a day", "tablet", 0, 4),
    ("1 tab q4h prn, maximum dose: 4 tablets in 24 hours", "tablet", 0, 4),
    ("1 tablet every 4 hours. 5 tablets max per day", "tablet", 5, 5),
    ("one or two tablets in the morning or at night", "tablet", 1, 2),
    ("1 tablet with each meal and at bedtime", "tablet", 4, 4),
    ("1 tablet bid, 2 tablets qhs", "tablet", 2, 4),
    # amounts said twice
    ("Take 2 tablets (10 mg total) by mouth 2 (two) times daily", "tablet", 4, 4),
    ("5 mg: take 2 tablets tid", "tablet", 6, 6),
    ("15 mg (3 x 5 mg tablets) bid", "tablet", 6, 6),
    ("10 mg every 12 hours", "tablet", 4, 4),
    ("5/325mg; 1-2 tabs every 4h prn", "combined", 0, 12),
    ("Hydrocodone-acetaminophen 5-325 mg, 1 tab q6h prn", "combined", 0, 4),
    ("1 tab q6h prn; max acetaminophen 3 g a day", "combined", 0, 4),
    ("24 mg SL daily", "film", 3, 3),
    ("Place 1 and 1/2 films under the tongue daily", "film", 1.5, 1.5),
    # liquids
    ("5 mL q4h prn", "liquid", 0, 30),
    ("2 teaspoonfuls twice a day", "liquid", 20, 20),
    ("10 mg (5 ml) three times a day", "liquid", 15, 15),
    ("two 5 ml spoonfuls at night", "liquid", 10, 10),
    ("10mg/5ml: take 2.5 ml every 6 hours", "liquid", 10, 10),
    # phases: from the least to the most
    ("1 capsule at night for 3 days, then 1 capsule twice a day", "capsule", 1, 2),
    ("2 tabs bid x 7 days then 1 tab bid x 7 days then stop", "tablet", 0, 4),
    ("Day 1: 300 mg at bedtime; day 2: 300 mg bid; thereafter 300 mg tid", "capsule", 1, 3),
    ("1 tab bid, then increase to 2 tabs bid after 1 week", "tablet", 2, 4),
    ("3 tablets twice a day, reduce by 1 tablet every week", "tablet", 0, 6),
    # what does not matter
    ("Take 1 tablet by mouth twice daily with food. May cause drowsiness. Do not drink alcohol.", "tablet", 2, 2),
    ("Take 1 tablet every 12 hours for 30 days #60", "tablet", 2, 2),
    ("TAKE 1 TABELT BY MOUTH TWCIE DAILY", "tablet", 2, 2),
    ("Tomar 1 tableta cada 8 horas", "tablet", 3, 3),
    ("3 x täglich 1 Tablette", "tablet", 3, 3),
]


@pytest.mark.parametrize(("text", "product", "least", "most"), KNOWN)
def test_a_text_that_is_understood(text: str, product: str, least: float, most: float) -> None:
    found = said(text, product)
    assert found.understood, found.left
    assert found.day.lo == pytest.approx(least), found
    assert found.day.hi == pytest.approx(most), found


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Take as directed", "tablet"),
        ("1 tablet", "tablet"),
        ("twice daily", "tablet"),
        ("1-2 tablets prn", "tablet"),
        ("sliding scale", "tablet"),
        ("2 tablets now, then 1 every 4 hours", "tablet"),
        ("1 tablet daily and then 2 tablets weekly", "tablet"),
        ("1 tab q6h prn, may repeat once", "tablet"),
        ("1 tab q6h, extra tab for bad days", "tablet"),
        ("5 twice daily", "tablet"),  # tablets, or mg
        ("20 bid", "tablet"),
        ("2 tablets (5 mg) bid", "capsule"),
        ("1 tablet (10 mg) bid, max 20 mg", "tablet"),
        ("one 5 mg tablet and one 2 mg tablet daily", "tablet"),
        ("1 tablet twice daily (15 mg a day)", "tablet"),
        ("1 tablet every 6 hours 3 times a day", "tablet"),
        ("1 tablet twice a day at bedtime", "tablet"),
        ("max 4 a day", "tablet"),
        ("1-2 tablets q4h prn, max dose 2 tablets", "tablet"),
        ("1 tablet at bedtime and with meals", "tablet"),
        ("1 tablet in the morning and/or evening", "tablet"),
        ("1 tablet bid unless told otherwise", "tablet"),
        ("do not take 1 tablet bid", "tablet"),
        ("10 twice a day", "liquid"),
        ("1 tablet three times a day", "liquid"),
        ("100 tablets at once daily", "tablet"),
        ("amoxicillin 1 tablet tid", "tablet"),
        ("1 spray in each nostril daily", "tablet"),
        ("2am 1pm", "tablet"),
        ("1,5 tablets bid", "tablet"),
        ("10/325 mg 1 tab tid", "combined"),
        ("1 tablet bid " * 60, "tablet"),
    ],
)
def test_a_text_that_is_not_stays_open(text: str, product: str) -> None:
    found = said(text, product)
    assert not found.understood or found.day.hi is None, found


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Apply 1 patch every 72 hours", 1, 1),
        ("APPLY TWO EVERY 3 DAYS", 2, 2),
        ("one patch, change twice weekly", 1, 1),
        ("1 patch once weekly, may increase to 2 patches", 1, 2),
        ("apply as directed", 0, None),
        ("1 patch every 12 hours", 1, None),
        ("apply 25 mcg/hr patch q72h plus 12 mcg/hr patch q72h", 1, None),
    ],
)
def test_patches_are_counted_by_what_is_worn(text: str, least: float, most: float | None) -> None:
    worn = said(text, "patch").patches_at_once
    assert (worn.lo, worn.hi) == (pytest.approx(least), None if most is None else pytest.approx(most))


@pytest.mark.parametrize(
    ("text", "times"), [("twice daily", 2), ("q4-6h", 6), ("BID (2 times a day)", 2), ("at bedtime", 1), ("1", None)]
)
def test_how_often_alone(text: str, times: float | None) -> None:
    found = times_in(text, CONTENT)
    assert (found and found.hi) == (times and pytest.approx(times))


# ---- laws ---------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from([(text, product) for text, product, _, _ in KNOWN])
WORDS = st.text(string.ascii_lowercase, min_size=4, max_size=9)


def surer(one: DoseText, other: DoseText) -> bool:
    """Whether the second says more than the first."""
    if not other.understood or other.day.hi is None:
        return False
    if not one.understood or one.day.hi is None:
        return True
    return other.day.lo > one.day.lo * 1.001 or other.day.hi < one.day.hi * 0.999


@given(TEXTS, WORDS, st.integers(0, 40))
def test_a_word_that_is_not_known_never_makes_a_dose_surer(text: tuple[str, str], word: str, at: int) -> None:
    vocabulary = vocabulary_of(CONTENT)
    words = text[0].split()
    longer = " ".join([*words[:at], "xq" + word, *words[at:]])
    assert not surer(said(*text), said(longer, text[1]))
    assert not said(longer, text[1]).understood or "xq" + word in vocabulary.words


@given(st.lists(st.sampled_from([w for text, *_ in KNOWN for w in text.split()] + ["zorb", "unless"]), max_size=12))
def test_any_words_in_any_order_are_read_without_failing(words: list[str]) -> None:
    for product in PRODUCTS:
        found = said(" ".join(words), product)
        assert found.day.hi is None or 0 <= found.day.lo <= found.day.hi
        if {"zorb", "unless"} & set(words):
            assert not found.understood or len(" ".join(words)) > 500


@given(
    TEXTS,
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from([" ", "  ", "\t", "\u00a0"]),
)
def test_case_and_blanks_change_nothing(text: tuple[str, str], case: object, blank: str) -> None:
    assert callable(case)
    assert said(blank.join(case(text[0]).split()), text[1]).day == said(*text).day


@given(TEXTS, st.sampled_from([".", "!", " .", ";", " ;"]))
def test_a_stop_at_the_end_changes_nothing(text: tuple[str, str], stop: str) -> None:
    assert said(text[0] + stop, text[1]).day == said(*text).day


# ---- beside the structure -----------------------------------------------------------------------------------


def _line(text: str, value: float = 1, **repeat: object) -> dict[str, object]:
    dose = {"doseAndRate": [{"doseQuantity": {"value": value, "unit": "tablet"}}]} if value else {}
    return {"text": text, **({"timing": {"repeat": repeat}} if repeat else {}), **dose}


FOUR = {"frequency": 4, "period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Take 1 tablet four times daily", 4),
        ("1 tab q6h prn", 4),
        ("1 tab q6h, max 3 a day", 3),
        ("with food", 4),
        ("as directed", 4),
        ("Take 2 tablets four times daily", None),
        ("Take 1 tablet twice daily", None),
        ("twice daily", None),
        ("Take 2 tablets as directed", None),
        ("1 tab q6h, may repeat", None),
        ("1 tablet q6h zorble", 4),  # what is understood says the same
        ("1 tablet q4h zorble", None),
        ("zorble 3 zorble", None),
    ],
)
def test_structure_and_text_that_differ_give_neither(text: str, most: float | None) -> None:
    found = read_dosage([_line(text, 1, **FOUR)], read_name(PRODUCTS["tablet"], CONTENT), CONTENT)
    assert found.per_day.hi == (None if most is None else pytest.approx(most))
    if text.startswith("Take 2 tablets four"):
        assert "differ" in found.conflicts[0]


@pytest.mark.parametrize(
    ("line", "mg", "most"),
    [
        (_line("twice daily", 2), 10, 2),
        (_line("2 tablets", 0, **FOUR), 10, 4),
        (_line("1 tab bid zorble", 0), None, None),
        (_line("1 tab bid", 2), None, None),
    ],
)
def test_what_the_structure_leaves_out_comes_from_the_text(line: dict[str, object], mg: float, most: float) -> None:
    found = read_dosage([line], read_name(PRODUCTS["tablet"], CONTENT), CONTENT)
    assert found.mg.get("oxycodone") == mg
    assert found.per_day.hi == most


@given(TEXTS, WORDS, st.integers(0, 40))
def test_an_unknown_word_beside_a_structure_never_makes_it_surer(text: tuple[str, str], word: str, at: int) -> None:
    product = read_name(PRODUCTS[text[1]], CONTENT)
    words = text[0].split()
    longer = " ".join([*words[:at], "xq" + word, *words[at:]])
    one, other = (read_dosage([_line(t, 1, **FOUR)], product, CONTENT) for t in (text[0], longer))
    assert one.per_day.hi is not None or other.per_day.hi is None or not other.mg


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("1 tab bid up to qid", 2, 4),
        ("1 tablet once daily up to twice daily", 1, 2),
        ("1 tab q12h (up to q6h)", 2, 4),
        ("1 tab bid and up to qid", 2, 4),
        ("1 tab daily up to tid as needed", 0, 3),
        ("1 tab up to bid", 0, 2),
        ("1 tab q4h, max 3 times daily", 3, 3),
        ("1 tab bid up to 5 days", 2, 2),
    ],
)
def test_up_to_another_frequency_is_a_range_and_never_the_smaller_one(text: str, lo: float, hi: float) -> None:
    found = read_dose_text(text, read_name(PRODUCTS["tablet"], CONTENT), CONTENT)
    assert (found.understood, found.day.lo, found.day.hi) == (True, lo, hi)


@pytest.mark.parametrize("text", ["1 tab bid to max qid", "1 tab daily, no more than 3 times a day"])
def test_a_limit_above_the_frequency_leaves_the_day_open(text: str) -> None:
    assert read_dose_text(text, read_name(PRODUCTS["tablet"], CONTENT), CONTENT).day.hi is None
