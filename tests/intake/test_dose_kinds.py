"""Dose texts by the kind of thing that they say: days of the week, ordinals, amounts without a number, limits, days on
which a dose is watched. Each kind with its siblings, and what has two readings stays open."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import load_content
from pathways.intake.dose_text import DoseText, read_dose_text
from pathways.intake.names import read_name

CONTENT = load_content()
PRODUCTS = {
    "tablet": "oxycodone hydrochloride 5 MG Oral Tablet",
    "methadone": "methadone hydrochloride 10 MG Oral Tablet",
    "combined": "acetaminophen 325 MG / hydrocodone bitartrate 10 MG Oral Tablet",
    "film": "buprenorphine 8 MG / naloxone 2 MG Sublingual Film",
    "liquid": "oxycodone hydrochloride 1 MG/ML Oral Solution",
    "patch": "72 HR fentanyl 0.025 MG/HR Transdermal System",
}


def said(text: str, product: str = "tablet") -> DoseText:
    return read_dose_text(text, read_name(PRODUCTS[product], CONTENT), CONTENT)


def held(text: str, least: float, most: float, product: str = "tablet") -> None:
    found = said(text, product)
    assert found.understood, found.left
    assert found.day.hi is not None, found.why
    assert found.day.lo == pytest.approx(least), found
    assert found.day.hi == pytest.approx(most), found


def stays_open(text: str, product: str = "tablet") -> None:
    found = said(text, product)
    assert not found.understood or found.day.hi is None, found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1 tab Mon-Sat", 6),
        ("1 tab daily Monday through Saturday", 6),
        ("1 tab Mon to Thurs", 4),
        ("1 tab Monday until Friday", 5),
        ("1 tab Mon.-Sat.", 6),
        ("1 tab Mon–Sat", 6),
        ("2 tabs Fri-Sun", 6),
        ("1 tab Fri - Mon", 4),  # over Sunday
        ("1 tab Mon-Wed-Fri", 3),  # a list
        ("1 tab Mon, Wed-Fri", 4),
        ("1 tab bid Mon-Thu, 2 tabs bid Fri-Sun", 20),
        ("1 tab MWF", 3),
        ("1 tab on M/W/F", 3),
        ("1 tab M-F", 5),
        ("1 tab T/Th/Sat", 3),
        ("2 tabs weekdays and 1 tab weekends", 12),
        ("1 tab daily except Sunday", 6),
        ("1 tab every day but Sunday", 6),
        ("1 tab daily, skip Sundays", 6),
        ("1 tab daily from Monday to Saturday", 6),
        ("1 tab daily except Sat and Sun", 5),
        ("1 tab daily except weekends", 5),
        ("1 tab bid except Wed-Fri", 8),
        ("1 tab 5 days a week Mon-Fri", 5),
    ],
)
def test_days_of_the_week(text: str, days: float) -> None:
    held(text, days / 7, days / 7)


@pytest.mark.parametrize(
    "text",
    [
        "1 tab Mon to Wed to Fri",
        "1 tab Mon to Mon",
        "1 tab Mon or Thu",
        "1 tab 5 days a week Mon-Sat",
        "1 tab daily, 2 tabs Sunday",
        "1 tab daily except 2 tabs on Sunday",
        "1 tab biweekly",  # twice a week, or every two weeks
    ],
)
def test_days_that_can_be_read_in_two_ways_stay_open(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("1 tab every sixth hour", 4),
        ("1 tab every fifth hour", 4.8),
        ("1 tab every fourth hour", 6),
        ("1 tab every second hour", 12),
        ("1 tab every other hour", 12),
        ("1 tab each third day", 1 / 3),
        ("1 tab every third night", 1 / 3),
        ("1 tab every third week", 1 / 21),
        ("1 tab every fifth day", 0.2),
        ("1 tab every seventh day", 1 / 7),
        ("1 tab every second day", 0.5),
        ("1 tab every other night", 0.5),
        ("1 tab every other morning", 0.5),
        ("1 tab on alternate nights", 0.5),
        ("a third of a tablet every third day", 1 / 9),
        ("three fourths of a tablet daily", 0.75),
        ("one third of a tablet tid", 1),
    ],
)
def test_ordinals(text: str, most: float) -> None:
    held(text, most, most)


@pytest.mark.parametrize(
    "text",
    [
        "1 tab every sixt hour",
        "1 tab every fith day",
        "fourty mg daily",
        "2 tabs on the third day",
        "take a third tablet at noon",  # the third, or a part
        "1 tab bid and a third at bedtime",
        "1 tab every third Monday",
    ],
)
def test_no_word_is_mended_into_a_number(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    ("text", "product", "least", "most"),
    [
        ("a tablet in the morning and 2 at night", "tablet", 3, 3),
        ("2 tabs qam, tab qpm", "tablet", 3, 3),
        ("tab am and 1/2 tab pm", "tablet", 1.5, 1.5),
        ("half tab am, whole tab pm", "tablet", 1.5, 1.5),
        ("whole tablet in the morning, half tablet at noon, whole tablet at night", "tablet", 2.5, 2.5),
        ("two in the morning, a tablet at noon, two at night", "tablet", 5, 5),
        ("a tablet and a half twice a day", "tablet", 3, 3),
        ("take tablet and half daily", "tablet", 1.5, 1.5),
        ("a pill and a quarter daily", "tablet", 1.25, 1.25),
        ("2 tablets and a half bid", "tablet", 5, 5),
        ("1 tab + 1/2 tab tid", "tablet", 4.5, 4.5),
        ("take a full tablet daily", "tablet", 1, 1),
        ("half to a whole tablet bid", "tablet", 1, 2),
        ("a tablet or two every 4 hours prn", "tablet", 0, 12),
        ("film and a half daily", "film", 1.5, 1.5),
        ("take a teaspoonful at night", "liquid", 5, 5),
        ("change patch every 72 hours", "patch", 1 / 3, 1 / 3),
        ("apply a patch every third day", "patch", 1 / 3, 1 / 3),
        ("T PO TID", "tablet", 3, 3),
        ("T-TT tabs q4h prn", "tablet", 0, 12),
        ("tk 1 t po bid", "tablet", 2, 2),
        ("iss tabs bid", "tablet", 3, 3),
        ("i-ii tabs q6h prn, max viii/day", "tablet", 0, 8),
    ],
)
def test_an_amount_without_a_figure(text: str, product: str, least: float, most: float) -> None:
    held(text, least, most, product)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("2 tabs qam, tabs qpm", "tablet"),
        ("tablet in the morning and 2 at night, take tablet at noon", "tablet"),
        ("2 tabs daily, take tablet at bedtime", "tablet"),
        ("take tablet(s) twice daily", "tablet"),
        ("take tablet twice daily", "tablet"),
        ("1 tablet and half an hour later 1 tablet", "tablet"),
        ("apply patches every 72 hours", "patch"),
    ],
)
def test_how_many_that_is_not_said_stays_open(text: str, product: str) -> None:
    stays_open(text, product)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("1 tablet day and night", 2),
        ("2 tabs night and day", 4),
        ("1 tab each day and night", 2),
        ("1 tab in the day and at night", 2),
        ("1 tab during the day and 2 at night", 3),
        ("1 tab every 4 hours day and night", 6),  # at all hours
        ("1 tab daily, at bedtime", 1),
    ],
)
def test_day_and_night(text: str, most: float) -> None:
    held(text, most, most)


@pytest.mark.parametrize("text", ["1 tab daily and at bedtime", "1 tab once a day and in the evening"])
def test_once_a_day_and_at_another_time_stays_open(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("no more than 2 at a time, 1 q4h prn", 0, 12),
        ("not more than 2 tabs at one time, 1 tab q4h prn", 0, 12),
        ("2 tabs max at one time, q4h prn", 0, 12),
        ("1 q4h prn, 2 max at one time", 0, 12),
        ("max 2 at once, 1 q6h", 4, 8),
        ("max 2 per dose, 1 q6h", 4, 8),
        ("1 tab q6h, no more than 2 together", 4, 8),
        ("1 tab q6h. Do not take more than 2 at the same time", 4, 8),
        ("1 tab q4h prn, maximum single dose 2 tablets", 0, 12),
        ("1 tab q4h prn, max 10 mg per dose", 0, 12),
        ("take no more than 2 tablets at a time every 4 hours", 0, 12),
        ("1 tab q4h prn, max 2 tabs at any one time, max 8 a day", 0, 8),
        ("1-2 tablets q6h prn, max 2 at a time", 0, 8),
        ("single dose max 2 tabs, 1 tab q6h", 4, 8),
        ("1 tab q6h prn, 2 at a time max", 0, 8),
        ("take 2 tablets at a time twice daily", 4, 4),  # no limit
    ],
)
def test_a_limit_of_one_intake_is_none_of_the_day(text: str, least: float, most: float) -> None:
    held(text, least, most)


@pytest.mark.parametrize(
    "text",
    [
        "1-3 tablets q6h prn, max 2 at a time",
        "1 tab am, 2 tabs pm, max 3 at a time",
        "1 tab q4h prn, max 2",  # at a time, or a day
        "take 2 tablets at once, then 1 every 4 hours",
    ],
)
def test_a_limit_with_two_readings_stays_open(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "90 mg daily, supervised 5 days a week",
        "90 mg once a day, take-homes 6 days per week",
        "90 mg daily (observed Mon-Fri)",
        "90 mg daily witnessed Mon/Wed/Fri",
        "90 mg daily, 2 take homes per week",
        "90 mg daily, take home Sunday",
        "90 mg daily, take home doses Sat and Sun",
        "90 mg daily, observed dosing three times a week",
        "90 mg daily, picks up 6 days/wk",
        "90 mg daily, pick up Mon, Wed and Fri",
        "90 mg daily, dispense weekly",
        "90 mg daily, weekly dispensing",
        "90 mg daily, Mon-Sat supervised, Sun take home",
        "90 mg Mon-Sat and 1 take-home Sunday",
        "90 mg Mon-Fri supervised, take-homes Sat & Sun",
        "90 mg Mon-Fri, 2 take homes",
        "90 mg supervised daily",
        "90 mg daily, weekly take homes",
        "90 mg daily, Sunday take home",
        "90 mg daily; supervised consumption except Sunday",
        "90 mg daily at the clinic 6 days a week",
        "90 mg daily, clinic 3 days a week",
        "90 mg daily (OTP dose)",
    ],
)
def test_days_on_which_a_dose_is_watched_are_not_those_on_which_it_is_taken(text: str) -> None:
    held(text, 9, 9, "methadone")


@pytest.mark.parametrize(
    "text",
    ["90 mg supervised Mon-Sat", "90 mg supervised consumption 6 days a week", "90 mg Mon-Thu, take home Sunday"],
)
def test_days_of_the_dose_or_of_watching_stay_open(text: str) -> None:
    stays_open(text, "methadone")


def test_days_that_may_be_of_both_are_a_range() -> None:
    held("90 mg daily Mon-Sat supervised", 0, 9, "methadone")


@pytest.mark.parametrize(
    ("text", "product", "most"),
    [
        ("2,5 mg bid", "tablet", 1),
        ("7,5 mg bid", "tablet", 3),
        ("12,5 mg daily", "tablet", 2.5),
        ("0,5 tab bid", "tablet", 1),
        ("2,5 ml bid", "liquid", 5),
        ("1,000 mg daily", "combined", 100),
        ("1,2 or 3 tablets daily", "tablet", 3),
        ("1, 2 or 3 tablets daily", "tablet", 3),
        ("1 or 2 or 3 tablets daily", "tablet", 3),
    ],
)
def test_commas_between_figures(text: str, product: str, most: float) -> None:
    found = said(text, product)
    assert found.understood
    assert found.day.hi == (pytest.approx(most) if most < 100 else None)  # 100 tablets at once


@pytest.mark.parametrize("text", ["1,5 tabs bid", "1 tab bid ,5 mg each", "1.000 mg bid", "1 to 2 to 3 tablets daily"])
def test_figures_with_two_readings_stay_open(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    ("text", "product", "least", "most"),
    [
        # hours that go without saying, times of day in figures
        ("1 tab q6 prn (max 3/d)", "tablet", 0, 3),
        ("1 tab q4-6 prn", "tablet", 0, 6),
        ("1 tab q12", "tablet", 2, 2),
        ("1 tab at 0800, 1400 and 2200", "tablet", 3, 3),
        ("1 tab 0800 and 2000", "tablet", 2, 2),
        ("1 tab at 0800 hrs and 2 tabs at 2000 hrs", "tablet", 3, 3),
        ("1 tab 6a 2p 10p", "tablet", 3, 3),
        ("1 om + 2 on", "tablet", 3, 3),
        ("1 tab q 6°", "tablet", 4, 4),
        ("2 tabs x 3 daily", "tablet", 6, 6),
        ("1 tab bd/tds", "tablet", 2, 3),
        ("8 mg twice daily (16 mg total)", "film", 2, 2),
        ("an oxycodone tablet twice daily", "tablet", 2, 2),
        ("tablet and a half in the morning, tablet at night", "tablet", 2.5, 2.5),
        ("take 1 t q4-6h prn max 6 qd", "tablet", 0, 6),
        ("1 tab bid w/food", "tablet", 2, 2),
        ("1 tab QHS MRx1", "tablet", 1, 2),
        ("1 tab weekdays only", "tablet", 0, 5 / 7),
        ("1 tab TIW", "tablet", 3 / 7, 3 / 7),
        ("1 tab 3 x week", "tablet", 3 / 7, 3 / 7),
        ("1 patch qwk", "patch", 1 / 7, 1 / 7),
        # limits
        ("1-2 tabs q4-6h PRN mod-severe pain MDD 8", "tablet", 0, 8),
        ("1 tab q6h prn nmt 3/day", "tablet", 0, 3),
        ("1 tab q6h prn DNE 3 tabs/day", "tablet", 0, 3),
        ("1 tab q4h prn no > 5/d", "tablet", 0, 5),
        ("1 tab q4h prn not exceeding 5 per day", "tablet", 0, 5),
        ("no more than 3 tablets per day", "tablet", 0, 3),
        ("a maximum of 4 tablets daily", "tablet", 0, 4),
        ("as directed by pain clinic, up to 6 per day", "tablet", 0, 6),
        ("1 tab qhs may repeat once", "tablet", 1, 2),
        ("1 tab qhs prn, may repeat x1 if needed", "tablet", 0, 2),
        # two strengths
        ("16-4 mg SL daily", "film", 2, 2),
        ("16 mg/4 mg daily", "film", 2, 2),
        ("12-3 mg SL daily", "film", 1.5, 1.5),
        ("8-2 mg SL bid", "film", 2, 2),
        ("Place 2 films (16 mg-4 mg) under the tongue every morning", "film", 2, 2),
        ("20-650 mg q6h", "combined", 8, 8),
        ("10-325 mg q6h prn", "combined", 0, 4),
        # a day's amount that is divided, a step up
        ("total 30 mg/day divided TID", "tablet", 6, 6),
        ("30 mg daily divided bid", "tablet", 6, 6),
        ("1 tab BID, increase to TID on 12/1", "tablet", 2, 3),
        # what says nothing of the dose
        ("1 tab bid Dx: M54.5", "tablet", 2, 2),
        ("1 tab q12h for F11.20", "tablet", 2, 2),
        ("1 tab bid (G89.29)", "tablet", 2, 2),
        ("1 tab bid ICD-10: G89.4", "tablet", 2, 2),
        ("1 tab bid for non-acute pain", "tablet", 2, 2),
        ("1 tab q4h prn pain > 6/10", "tablet", 0, 6),
        ("1 tab tid dnf until 6/1", "tablet", 3, 3),
        ("1 tab bid may fill 10/29/26", "tablet", 2, 2),
        ("1 tab bid. Refill every 28 days", "tablet", 2, 2),
        ("1 patch TD q72h, rotate sites", "patch", 1 / 3, 1 / 3),
        ("1 tab td", "tablet", 3, 3),
        ("1 tab bid (5 days a week)", "tablet", 10 / 7, 10 / 7),
        ("1 tab (twice daily or every 8 hours)", "tablet", 2, 3),
    ],
)
def test_common_texts(text: str, product: str, least: float, most: float) -> None:
    held(text, least, most, product)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("1 tab q3", "tablet"),  # hours, or days
        ("1 film (16-4 mg) daily", "film"),
        ("2-8 mg daily", "film"),  # a range, or the strengths the other way round
        ("30 mg tid divided", "tablet"),
        ("1 tab bid, may repeat once", "tablet"),
        ("max 4 a day", "tablet"),
        ("apply 1 patch on.", "patch"),
    ],
)
def test_common_texts_that_say_too_little(text: str, product: str) -> None:
    stays_open(text, product)


# ---- laws: texts put together from what is known ------------------------------------------------------------

AMOUNTS = {
    "1 tab": 1.0, "a tablet": 1.0, "one (1) tablet": 1.0, "2 tabs": 2.0, "1/2 tab": 0.5, "a tablet and a half": 1.5,
    "10 mg": 2.0, "2 tabs (10 mg)": 2.0, "7,5 mg": 1.5, "T tab": 1.0, "ii tabs": 2.0, "a whole tablet": 1.0,
}  # fmt: skip  # data, read across
RHYTHMS = {
    "bid": 2.0, "q8h": 3.0, "every sixth hour": 4.0, "q6": 4.0, "every other day": 0.5, "every third day": 1 / 3,
    "on MWF": 3 / 7, "Mon-Sat": 6 / 7, "once daily": 1.0, "at bedtime": 1.0, "day and night": 2.0, "4x/day": 4.0,
    "at 0800, 1400 and 2000": 3.0, "daily except Sunday": 6 / 7, "5 days a week": 5 / 7, "bid on weekdays": 10 / 7,
}  # fmt: skip  # data, read across
NOTES = (
    "", " for pain", " with food", " for 30 days", " (M54.5)", ". Dispense weekly", " #60", ". No refills", " x 7 days",
    "; starting 12/1", " for mod-severe pain", ". May cause drowsiness",
)  # fmt: skip  # data, read across
COMPOSED = st.tuples(
    st.sampled_from(("", "Take ", "TAKE ")), st.sampled_from(sorted(AMOUNTS)), st.sampled_from(("", " po", " by mouth")),
    st.sampled_from(sorted(RHYTHMS)), st.sampled_from(NOTES),
)  # fmt: skip  # data, read across


@given(COMPOSED)
def test_a_text_of_known_phrases_says_amount_times_rhythm(parts: tuple[str, str, str, str, str]) -> None:
    verb, amount, route, rhythm, note = parts
    day = AMOUNTS[amount] * RHYTHMS[rhythm]
    held(f"{verb}{amount}{route} {rhythm}{note}", day, day)


@given(
    COMPOSED,
    st.sampled_from((". Max {} tabs per day", ", up to {}/day", "; NTE {} tablets in 24 hours")),
    st.integers(1, 20),
)
def test_a_limit_holds_down_what_is_above_it_and_raises_what_is_below(
    parts: tuple[str, str, str, str, str], limit: str, most: int
) -> None:
    verb, amount, route, rhythm, note = parts
    day = AMOUNTS[amount] * RHYTHMS[rhythm]
    found = said(f"{verb}{amount}{route} {rhythm}{note}{limit.format(most)}")
    assert found.day.hi is None or found.day.hi == pytest.approx(most)
    assert most < AMOUNTS[amount] or found.day == (pytest.approx(min(day, most)), pytest.approx(most))


@given(COMPOSED, st.text(string.ascii_lowercase, min_size=1, max_size=8), st.integers(0, 20))
def test_an_unknown_word_in_a_text_of_known_phrases_never_makes_it_surer(
    parts: tuple[str, str, str, str, str], word: str, at: int
) -> None:
    verb, amount, route, rhythm, note = parts
    text = f"{verb}{amount}{route} {rhythm}{note}"
    words = text.split()
    one, other = said(text), said(" ".join([*words[:at], "xq" + word, *words[at:]]))
    narrower = other.day.hi is not None and (
        one.day.hi is None or other.day.hi < one.day.hi or other.day.lo > one.day.lo
    )
    assert not other.understood or not narrower


@given(
    st.lists(st.sampled_from([*AMOUNTS, *RHYTHMS, *NOTES, "and", "or", "then", ",", "prn", "max"]), max_size=7),
    st.integers(0, 20),
)
def test_an_unknown_word_leaves_any_row_of_phrases_not_understood(phrases: list[str], at: int) -> None:
    words = " ".join(phrases).split()
    assert not said(" ".join([*words[:at], "xqzorble", *words[at:]])).understood


def _spellings(token: str) -> list[str]:
    """Every phrase of a kind once, with the first of its alternatives and without what may be left out."""
    found = []
    for record in CONTENT.dose_words.values():
        for phrase in (*record.words, *record.values) if record.token == token else ():
            for choice in (0, -1):
                kept = [part.split("|")[choice] for part in phrase.split() if not part.endswith("?")]
                found.append(" ".join(kept).replace("#", "2"))
    return sorted(set(found))


PHRASES = [phrase for token in ("FREQ", "PER", "EVENT", "WEEKDAY", "DAYSET") for phrase in _spellings(token) if phrase]


@pytest.mark.parametrize(
    ("how", "written"),
    [
        ("capitals", lambda text: text.upper()),
        ("titles", lambda text: text.title()),
        ("blanks", lambda text: text.replace(" ", "  ")),
        ("other blanks", lambda text: text.replace(" ", "\u00a0")),
        ("a stop", lambda text: text + "."),
        ("a comma", lambda text: text.replace("1 tab ", "1 tab, ")),
        ("brackets", lambda text: text.replace("1 tab ", "1 tab (") + ")"),
    ],
)
def test_each_phrase_of_a_frequency_says_the_same_in_other_spellings(how: str, written: Callable[[str], str]) -> None:
    for phrase in PHRASES:
        text = f"1 tab {phrase}"
        one, other = said(text), said(written(text))
        assert (one.day, one.understood) == (other.day, other.understood), (how, text)


@pytest.mark.parametrize("short", ["qd", "bid", "tid", "qid", "qod", "tds", "qds", "qhs", "qam", "qpm", "tiw"])
def test_dots_between_the_letters_of_a_frequency_change_nothing(short: str) -> None:
    dotted = ".".join(short) + "."
    assert said(f"1 tab {short}").day.hi is not None
    assert said(f"1 tab {dotted}").day == said(f"1 tab {dotted.upper()}").day == said(f"1 tab {short}").day


# ---- and as needed, meals and bedtime, schemes, totals ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1 tab bid and prn",
        "1 tab bid & prn",
        "1 tab bid plus prn",
        "1 tab tid + prn",
        "1 tab qhs and prn",
        "1 tab daily, and prn",
        "1 tab bid (and prn)",
        "1 tab bid with prn doses",
        "1 tab q8h and as needed for breakthrough pain",
        "1 tab bid for pain and may take as needed",
        "1 tab bid and also if needed",
        "1 tab prn and bid",
        "1 tab as needed and at bedtime",
        "1 tab tid scheduled and q4h prn",
    ],
)
def test_doses_as_needed_beside_those_at_fixed_times_have_no_bound(text: str) -> None:
    stays_open(text)
    assert said(text).day.lo == 0


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("1 tab bid prn", 2),
        ("1 tab tid, prn", 3),
        ("1 tab TID/PRN", 3),
        ("1 tab TID or PRN", 3),
        ("1 tab bid for pain and sleep as needed", 2),
        ("1 tab as needed for pain and anxiety twice daily", 2),
        ("1 tab bid prn pain and as needed for sleep", 2),
        ("1 tab bid and prn, max 4 tablets a day", 4),
    ],
)
def test_as_needed_without_more_doses_keeps_its_bound(text: str, most: float) -> None:
    held(text, 0, most)


@pytest.mark.parametrize(
    ("text", "a_day"),
    [
        ("1 tab ac tid and hs", 4),
        ("1 tab tid ac plus hs", 4),
        ("1 tab tid pc & at bedtime", 4),
        ("2 tabs tid with meals and hs", None),
        ("1 tab qid pc & hs", 4),
        ("1 tab qid ac and hs", 4),
        ("1 tab ac & hs", 4),
        ("1 tab tid with meals", 3),
        ("1 tab tid ac hs", None),  # the last of the three, or a fourth
        ("1 tab tid ac, hs", None),
        ("1 tab bid ac and hs", None),
        ("1 tab bid with meals in the morning", None),
        ("1 tab once a day and once at bedtime", None),
    ],
)
def test_meals_and_bedtime(text: str, a_day: float | None) -> None:
    stays_open(text) if a_day is None else held(text, a_day, a_day)


@pytest.mark.parametrize(
    ("text", "product", "a_day"),
    [
        ("1-0-1", "tablet", 2),
        ("1-1-2", "tablet", 4),
        ("1/2-0-1", "tablet", 1.5),
        ("4-0-4", "tablet", 8),
        ("1-0-1-1", "methadone", 3),
        ("1-0-2", "film", 3),
        ("5-0-5 tabs", "tablet", 10),
        ("10-5-15", "tablet", None),
        ("5-5-10", "tablet", None),
        ("10-0-10-0", "tablet", None),
        ("2.5-2.5-5", "tablet", None),
        ("6-0-6", "tablet", None),
        ("8-4-8", "film", None),
        ("8-0-8", "film", None),
        ("10-0-10", "methadone", None),
        ("10-10-10", "combined", None),
        ("5-5-5", "liquid", None),
    ],
)
def test_a_scheme_that_may_be_in_milligrams_stays_open(text: str, product: str, a_day: float | None) -> None:
    stays_open(text, product) if a_day is None else held(text, a_day, a_day, product)


@pytest.mark.parametrize(
    ("name", "text", "a_day"),
    [
        ("lorazepam 1 MG Oral Tablet", "1-0-2", 3),  # tablets or milligrams, the same
        ("lorazepam 0.5 MG Oral Tablet", "1-0-1", 2),
        ("lorazepam 0.5 MG Oral Tablet", "0.5-0-0.5", None),
        ("hydromorphone hydrochloride 2 MG Oral Tablet", "2-0-4", None),
        ("hydromorphone hydrochloride 2 MG Oral Tablet", "1-0-2", 3),
    ],
)
def test_a_scheme_against_the_strength(name: str, text: str, a_day: float | None) -> None:
    assert read_dose_text(text, read_name(name, CONTENT), CONTENT).day.hi == a_day


@pytest.mark.parametrize(
    ("text", "a_day"),
    [
        ("Take 2 tablets (10 mg total) q6h", 8),
        ("Take 1 tablet (5 mg total) q6h", 4),
        ("Take 1/2 tablet (2.5 mg total) bid", 1),
        ("Take 2 tablets (5 mg each, 10 mg total) bid", 4),
        ("Take 2 tablets (5 mg each) bid", 4),
        ("Take 2 tablets (5 mg) bid", 4),
        ("Take 2 tablets (5 mg total) q6h", None),
        ("Take 3 tablets (5 mg total) daily", None),
        ("Take 1/2 tablet (5 mg total) bid", None),
        ("Take 2 tablets (5 mg total dose) TID", None),
        ("Take 2 tablets (5 mg per dose) TID", None),
        ("Take 2 tablets 5 mg total bid", None),
        ("Take 2 tablets (total 5 mg) bid", None),
        ("Take 5 mg total (2 tablets) bid", None),
    ],
)
def test_a_total_of_one_intake_is_no_strength(text: str, a_day: float | None) -> None:
    stays_open(text) if a_day is None else held(text, a_day, a_day)


# ---- written otherwise --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("1 tab twice-daily", 2, 2),
        ("1 tab once-daily", 1, 1),
        ("1 tab three-times-a-day", 3, 3),
        ("1 tab 3-times daily", 3, 3),
        ("1 tab four-times-daily as-needed", 0, 4),
        ("1 tab every-other-day", 0.5, 0.5),
        ("1 tab every-6-hours", 4, 4),
        ("1 tab 4-hourly", 6, 6),
        ("1 tab 6-8-hourly", 3, 4),
        ("1 tab every four to six (4-6) hours", 4, 6),
        ("1 tab every 4-6 (four to six) hours", 4, 6),
        ("one to two (1-2) tablets every four to six (4 to 6) hours as needed", 0, 12),
        ("1 tab Q12H SCHEDULED, not PRN", 2, 2),
        ("1 tab bid, not as needed", 2, 2),
        ("1 tab bid non-prn", 2, 2),
        ("1 tab once", 0, 1),
        ("1 tab one time", 0, 1),
        ("2 tabs once prn", 0, 2),
        ("Crush 1 tablet and take tid", 3, 3),
        ("Crush 1 tablet and mix with applesauce tid", 3, 3),
        ("Open 1 capsule and sprinkle on food daily", 1, 1),
        ("1 tab daily # 20 tabs to last 30 days", 1, 1),
        ("1 tab bid prn #20 must last 30 days", 0, 2),
        ("1 tableta dos veces al día si hay dolor", 0, 2),
        ("1 cp 3 fois par jour", 3, 3),
        ("1 cp matin et soir", 2, 2),
    ],
)
def test_the_same_in_other_words(text: str, least: float, most: float) -> None:
    held(text, least, most)


@pytest.mark.parametrize(
    "text",
    [
        "1 tab every four to six (4-8) hours",
        "1 tab once, may repeat in 4 hours",
        "2 tabs once then 1 tab bid",
        "1 tab twice",
        "do not crush",
        "20 tabs to last 30 days",
        "1 tab prn cp",
        "1 tab one-two daily zorble",
        "Max 4/day",  # four what
    ],
)
def test_what_only_looks_alike_stays_open(text: str) -> None:
    stays_open(text)


@pytest.mark.parametrize(
    "advice",
    [
        "Keep refrigerated",
        "Finish all medication unless told otherwise",
        "Avoid prolonged exposure to sunlight",
        "May cause drowsiness. Alcohol may intensify this effect",
        "Use care when operating a car or dangerous machinery",
        "Do not drink alcoholic beverages when taking this medication",
        "Take with plenty of water",
        "Take 30 minutes before food",
        "Do not take with other products containing acetaminophen",
        "Call your doctor if you have trouble breathing",
        "Store at room temperature",
        "Take exactly as prescribed",
        "Until finished",
        "Do not stop taking this medicine except on your doctor's advice",
        "Swallowed whole, not chewed",
    ],
)
def test_advice_of_a_label_says_nothing_of_the_dose(advice: str) -> None:
    held(f"1 tab bid. {advice}", 2, 2)
    assert not said(advice).says_dose


@pytest.mark.parametrize(
    "text",
    ["1 tab bid. stop this medication", "1 tab bid, no longer taking this medicine", "1 tab bid unless sleepy or told",
     "1 tab bid, do not take", "1 tab bid, doctor stopped this medicine"],
)  # fmt: skip  # data, read across
def test_what_is_no_advice_is_not_understood(text: str) -> None:
    stays_open(text)
