"""The reading grade: the published formula, and syllables that are not counted too few."""

from __future__ import annotations

import sys

import pytest

from pathways.apps.cli import main
from pathways.content.readability import MOST_GRADE, NOT_MEASURED, measurable, reading_grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("safe", 1), ("walked", 1), ("needed", 2), ("times", 1), ("little", 2), ("about", 2), ("over", 2),
        ("medicine", 3), ("people", 2), ("opioid", 3), ("trial", 2), ("nation", 2), ("social", 2), ("methadone", 3),
        ("naloxone", 3), ("buprenorphine", 4), ("you're", 1), ("rhythm", 1), ("YOU", 1), ("x", 1),
    ],
)  # fmt: skip  # data, read across
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_worked_by_hand() -> None:
    # 6 words, 1 sentence, 6 syllables; then 6 words in 2 sentences.
    assert reading_grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert reading_grade("The cat sat. On the mat.") == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert reading_grade("Medicine") == pytest.approx(0.39 + 11.8 * 3 - 15.59)


def test_a_line_ends_a_sentence_and_numbers_are_no_words() -> None:
    assert reading_grade("The cat sat\nOn the mat") == reading_grade("The cat sat. On the mat.")
    assert reading_grade("Call 911 now.") == reading_grade("Call now.")
    assert reading_grade("") == reading_grade("1 2 3 …") == 0.0


def test_a_clinical_text_is_found_hard_and_a_plain_one_easy() -> None:
    hard = (
        "Pharmacological management necessitates individualized consideration of contraindications, concomitant "
        "medications and comorbidities prior to initiation."
    )
    assert reading_grade(hard) > 20 > MOST_GRADE > reading_grade("Take it with food. Call us if you feel sick.")


def test_the_check_without_the_patterns_says_what_it_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measurable()
    monkeypatch.setitem(sys.modules, "pyphen", None)  # as if it were not installed
    assert not measurable()
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "\n" + NOT_MEASURED + "\n" in out
    assert "hard to read" not in out  # neither found nor found to be absent
