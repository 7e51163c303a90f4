"""Doses by how bad the pain is, limits above how often a dose is taken, and notes that say nothing of a dose."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.content import load_content
from pathways.fhir.dosage import read_dosage
from pathways.fhir.supply import beside_the_dose
from pathways.intake.dose_text import DoseText, read_dose_text
from pathways.intake.names import read_name

CONTENT = load_content()
TABLET = read_name("hydromorphone hydrochloride 2 MG Oral Tablet", CONTENT)
COMBINED = read_name("acetaminophen 325 MG / hydrocodone bitartrate 5 MG Oral Tablet", CONTENT)
Json = dict[str, Any]


def said(text: str) -> DoseText:
    return read_dose_text(text, TABLET, CONTENT)


# ---- by the pain --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "one", "day"),
    [
        ("2 mg q4h prn mild pain; 4 mg q4h prn moderate pain; 6 mg q4h prn severe pain", 3, (0, 18)),
        ("1 tab every 8 hours if needed for pain 1-3, 2 tabs every 6 hours if needed for pain 4-10", 2, (0, 8)),
        ("For mild pain take 1 tablet q8h. For severe pain take 3 tablets q8h", 3, (3, 9)),
        ("one tablet (mild) or three tablets (severe) every 6 hours prn", 3, (0, 12)),
        ("1 tab if moderate, 2 tabs if severe, q6h prn", 2, (0, 8)),
        ("1 tab for mild and 2 tabs for moderate to severe pain tid prn", 2, (0, 6)),
        ("severe: 2 tabs q4h prn; moderate: 1 tab q4h prn", 2, (0, 12)),
    ],
)
def test_doses_for_different_pain_are_never_added(text: str, one: float, day: tuple[float, float]) -> None:
    found = said(text)
    assert (found.one, found.day, found.understood) == (one, day, True)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("1 tab tid; 1 tab q6h prn severe pain", 7),  # beside one for any pain
        ("1 tab q8h prn moderate pain plus 1 tab q8h prn severe pain", 6),  # added
        ("1 tab q8h prn moderate pain, additional 1 tab q8h prn severe pain", 6),
        ("1 tab at noon for mild pain, 2 tabs at bedtime for severe pain", 3),  # at times of their own
        ("1 tab q6h for moderate pain, 2 tabs at bedtime for severe pain", 6),
        ("1 tab q8h for severe back pain, 2 tabs q8h for severe headache", 9),  # two pains, both as bad
    ],
)
def test_what_may_be_taken_on_one_day_is_added(text: str, most: float) -> None:
    found = said(text)
    assert found.day.hi is None or found.day.hi == pytest.approx(most)


@pytest.mark.parametrize(
    "text", ["1 tab if moderate, 2 tabs if severe", "1 tab q6h prn moderate pain and another if severe"]
)
def test_how_often_stays_open_where_it_is_not_said(text: str) -> None:
    assert said(text).day.hi is None


HOURS = st.sampled_from((4, 6, 8, 12))
TIERS = st.lists(st.tuples(st.integers(1, 4), HOURS), min_size=2, max_size=3)


@given(TIERS, st.permutations(["mild", "moderate", "severe"]), st.sampled_from(("; ", ", ", ". ", " and ", " or ")))
def test_the_most_of_a_day_is_that_of_one_pain(doses: list[tuple[int, int]], bad: list[str], joined: str) -> None:
    parts = [f"{many} tabs q{hours}h prn {how} pain" for (many, hours), how in zip(doses, bad, strict=False)]
    days = [many * 24 / hours for many, hours in doses]
    assert list(said(joined.join(parts)).day) == pytest.approx([0, max(days)])


Q6 = {"timing": {"repeat": {"frequency": 1, "period": 6, "periodUnit": "h"}}}


def line(many: int, pain: str = "", **more: Any) -> Json:
    made: Json = {**Q6, "doseAndRate": [{"doseQuantity": {"value": many, "unit": "tablet"}}], **more}
    return {**made, "asNeededCodeableConcept": {"text": pain}} if pain else made


@pytest.mark.parametrize(
    ("lines", "most"),
    [
        ([{"text": "1 tab q6h prn mild pain"}, {"text": "3 tabs q6h prn severe pain"}], 12),
        ([line(1, "moderate pain"), line(2, "severe pain")], 8),
        ([line(1, "pain score 4-6"), line(2, "pain score 7-10")], 8),
        ([line(1, "pain"), line(2, "severe pain")], 12),
        ([line(1), line(2, "severe pain")], 12),
        ([line(1, "severe pain"), line(2, "for severe pain")], 12),
        ([line(1, "moderate pain", timing={"repeat": {"when": ["HS"]}}), line(2, "severe pain")], 9),
        ([{"text": "1 tab q6h prn mild pain"}, {"text": "plus 3 tabs q6h prn severe pain"}], 16),
    ],
)
def test_lines_of_an_order_for_different_pain(lines: list[Json], most: float) -> None:
    found = read_dosage(lines, TABLET, CONTENT)
    assert found.per_day.hi is not None
    assert found.mg["hydromorphone"] / 2 * found.per_day.hi == pytest.approx(most)


# ---- limits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 tab tid, up to 5/day", (3, 5)), ("1 tab tid prn (up to 5 tabs per day)", (0, 5)), ("1 tab q8h, max 6 mg daily", (3, 3)),
        ("1 tab q8h, max 12 mg in 24 hours", (3, 6)), ("2 tabs bid, do not exceed 3 a day", (3, 3)),
        ("1 tab q8h prn. Max daily amount: 10 mg", (0, 5)), ("1 tab daily, may take up to 3 a day", (0, 3)),
        ("1 tab q12h, max 4 tabs a day, max 3 tabs at once", (2, 4)), ("1 tab q6h, max 3 a day, nte 6 a day", (3, 3)),
        ("1 tab bid, at least 4 hours apart", (2, 2)), ("1 tab bid up to 7 days", (2, 2)), ("1 tab bid, max 2/day", (2, 2)),
    ],
)  # fmt: skip  # data, read across
def test_a_limit_is_the_most_whether_below_or_above(text: str, day: tuple[float, float]) -> None:
    found = said(text)
    assert found.day.hi is None or found.day.hi >= day[1] - 1e-6
    if "at once" not in text:
        assert list(found.day) == pytest.approx(list(day))


def test_a_limit_of_the_other_ingredient_or_of_nobody_raises_nothing() -> None:
    assert read_dose_text("1 tab q8h, max 3 g/day", COMBINED, CONTENT).day == (3, 3)
    assert read_dose_text("1 tab q8h prn, max 5 a day", COMBINED, CONTENT).day == (0, 5)
    assert said("1 tab q8h, max 4 g/day").day.hi is None  # two thousand tablets


# ---- notes --------------------------------------------------------------------------------------------------

HARMLESS = (
    "She prefers the brand", "Wants generic", "Take with a small snack", "well tolerated", "Husband fills the pillbox",
    "No side effects so far", "bubble packed", "last filled 9/3/2026", "Continue current regimen", "Label in Spanish",
    "no grapefruit", "working well for pain", "Rinse mouth with water after each use", "DAW 1", "easy-open caps please",
)  # fmt: skip  # data, read across
TURNED = (
    "prefers fewer", "wants more", "tolerated poorly", "not working", "wife takes them", "no longer takes this", "works at 3",
    "continue half", "Zorblax", "prefers to skip", "generic stopped", "blister", "crush one", "given to husband",
)  # fmt: skip  # data, read across


@pytest.mark.parametrize("note", HARMLESS)
@pytest.mark.parametrize("base", ["2 tabs q8h", "1 tab bid prn"])
def test_a_harmless_note_keeps_a_dose_exact(base: str, note: str) -> None:
    alone = said(base)
    for text in (f"{base}. {note}", f"{base} - {note.lower()}", f"{base} ({note})", f"{note}. {base}"):
        found = said(text)
        assert (found.one, found.day, found.as_needed, found.understood) == (
            alone.one,
            alone.day,
            alone.as_needed,
            True,
        ), text


@pytest.mark.parametrize("note", TURNED)
def test_any_other_note_leaves_it_open(note: str) -> None:
    found = said(f"2 tabs q8h. {note}")
    assert not found.understood or found.open or found.why or found.day != (6, 6)


@given(
    st.sampled_from(HARMLESS),
    st.sampled_from(("zorb", "not", "3 a day", "extra", "2 tabs at night", "half", "until gone")),
)
def test_a_harmless_note_never_covers_what_stands_beside_it(note: str, more: str) -> None:
    with_note, without = said(f"2 tabs q8h. {note}. {more}"), said(f"2 tabs q8h. {more}")
    if without.understood and without.day.hi is None:
        assert with_note.day.hi is None or not with_note.understood
    assert with_note.understood <= without.understood


@given(st.sampled_from(list(combinations(HARMLESS, 2))))
def test_two_harmless_notes_are_harmless(notes: tuple[str, str]) -> None:
    found = said(f"2 tabs q8h. {notes[0]}. {notes[1]}.")
    assert (found.day, found.understood) == ((6, 6), True)


@pytest.mark.parametrize(
    ("dose", "note", "beside"),
    [
        ("1 tab daily", "in the morning with breakfast", True), ("1 tab daily", "taken with lunch", True),
        ("1 tab bid", "in the morning with breakfast", False), ("2 tabs bid", "Takes in the morning and evening", True),
        ("1 tab daily", "Takes with milk", True), ("1 tab daily", "takes another at night", False),
        ("1 tab daily", "takes half", False), ("1 tab daily", "rarely takes it", False), ("1 tab daily", "takes prn", False),
        ("1 tab daily", "takes daily", True), ("1 tab daily", "2 mg", False), ("1 tab daily", "max 1 a day", True),
        ("1 tab daily", "max 2 a day", False),
    ],
)  # fmt: skip  # data, read across
def test_a_note_of_a_record_on_when_and_with_what(dose: str, note: str, beside: bool) -> None:
    intake = read_dosage([{"text": dose}], TABLET, CONTENT)
    assert beside_the_dose(intake, TABLET, note, CONTENT) is beside
