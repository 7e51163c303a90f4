"""Filled-in questionnaires: what they say, where they are not valid, and that nobody is asked for what no rule uses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from pathways.content import Content, load_content
from pathways.facts import derive
from pathways.facts.readings import Reading, read_scores
from pathways.pages.html import sheet_html
from pathways.profile import Profile
from pathways.review.case import review
from pathways.review.questions import next_questions

DAY = "2026-11-02"
CONTENT = load_content()
PAIN_NO_OUD = {"main_pain": "back_axial", "oud_status": "none"}
NEVER_OUD = {
    "answers": {**PAIN_NO_OUD, "nonprescribed_opioid_use": False, "opioid_misuse": False},
    "complete": {"medicines": "yes", "conditions": "yes"},
}


def person(
    measure: str, *, answers: dict[str, Any] | None = None, more: dict[str, Any] | None = None, **seen: Any
) -> Profile:
    entry = {"measure": measure, "date": DAY, **seen}
    return Profile.from_dict({"as_of": DAY, "observations": [entry], "answers": answers or {}, **(more or {})}, CONTENT)


def read(profile: Profile, content: Content = CONTENT) -> Reading:
    [reading] = read_scores(derive(profile, content=content), content)
    return reading


# ---- in words ----------------------------------------------------------------------------------------------


def test_a_whole_score_says_its_band_and_its_ends() -> None:
    items = dict.fromkeys((i.id for i in CONTENT.instruments["phq9"].items), 1)
    assert read(person("phq9", items=items)).says.startswith("9 (0 to 27): Mild. Blanks are never filled in")


def test_a_blank_says_from_where_to_where() -> None:
    items = dict.fromkeys((i.id for i in CONTENT.instruments["phq9"].items[:8]), 1)
    assert read(person("phq9", items=items)).says.startswith("8 to 11 (0 to 27): Mild or Moderate; 1 of 9 blank.")


def test_a_level_is_not_read_as_a_number() -> None:
    assert read(person("cssrs", items={"intent": 1})).says.startswith("High; 6 of 7 blank.")


def test_a_score_where_more_is_better_says_so() -> None:
    items = dict.fromkeys((i.id for i in CONTENT.instruments["barc10"].items), 5)
    assert read(person("barc10", items=items)).says.startswith("50 (10 to 60, higher is better): 47 or more")


def test_a_typed_total_has_no_blanks_and_a_wrong_one_no_score() -> None:
    assert read(person("pcs", value=30)).says.startswith("30 (0 to 52): 30: sources differ.")
    half = read(person("pcs", value=30.5))
    assert half.score is None
    assert "must be a whole number" in half.says


def test_a_typed_total_beside_some_items_says_how_many_are_blank() -> None:
    first = CONTENT.instruments["phq9"].items[0].id
    assert "blank" not in read(person("phq9", value=9)).says
    assert "; 8 of 9 blank." in read(person("phq9", items={first: 1}, value=9)).says


def test_an_entry_without_an_answer_has_no_score() -> None:
    assert read(person("pcs")).says == "not scored. Nothing was entered."


@pytest.mark.parametrize(
    ("misuse", "says"), [(False, "0 (0 to 11)"), (True, "2 (0 to 11)"), (None, "0 to 2 (0 to 11)")]
)
def test_tolerance_and_withdrawal_are_read_as_the_facts_read_them(misuse: bool | None, says: str) -> None:
    """D-R1: not counted in someone who takes opioids only as prescribed."""
    items = {
        **dict.fromkeys((i.id for i in CONTENT.instruments["oud_criteria"].items), 0),
        "tolerance": 1,
        "withdrawal": 1,
    }
    answers = {} if misuse is None else {"opioid_misuse": misuse, "nonprescribed_opioid_use": misuse}
    assert read(person("oud_criteria", items=items, answers=answers)).says.startswith(says)


# ---- where an instrument does not hold ---------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["ort", "ort_oud", "soapp_r"])
def test_a_tool_for_the_chance_of_oud_is_not_scored_where_oud_is_known(measure: str) -> None:
    """D-N2, J2."""
    profile = person(measure, answers={**PAIN_NO_OUD, "oud_status": "active"}, value=5)
    facts = derive(profile, content=CONTENT)
    reading = read(profile)
    assert (reading.score, reading.bands) == (None, ())
    assert reading.says.startswith("not scored. Not valid here: Not in people with OUD now or before")
    assert any(one.place == "observations.0" and "is not valid here" in one.reason for one in facts.not_used)


@pytest.mark.parametrize("measure", ["ort", "ort_oud", "soapp_r"])
def test_nor_without_a_pain_problem(measure: str) -> None:
    assert (
        read(
            person(measure, more={**NEVER_OUD, "answers": {**NEVER_OUD["answers"], "main_pain": "none"}}, value=5)
        ).score
        is None
    )


@pytest.mark.parametrize("measure", ["ort", "ort_oud", "soapp_r"])
def test_it_is_scored_where_pain_is_known_and_oud_is_not_there(measure: str) -> None:
    profile = person(measure, more=NEVER_OUD, value=5)
    assert derive(profile, content=CONTENT).values["opioid_risk_tools_apply"] is True
    assert read(profile).score is not None


def test_a_score_that_is_not_valid_is_no_fact_either() -> None:
    known = derive(person("ort_oud", more=NEVER_OUD, value=5), content=CONTENT)
    taken = derive(person("ort_oud", answers={**PAIN_NO_OUD, "oud_status": "active"}, value=5), content=CONTENT)
    unknown = CONTENT.schema["ort_oud"].unknown()
    assert known.values["ort_oud"] != unknown
    assert known.origin["ort_oud"]
    assert taken.values["ort_oud"] == unknown
    assert "ort_oud" not in taken.origin


@pytest.mark.parametrize("measure", ["riosord_vha", "riosord_civilian"])
def test_riosord_is_a_relative_class_and_never_a_percentage(measure: str) -> None:
    """D-N5."""
    instrument = CONTENT.instruments[measure]
    told = " ".join((instrument.title, instrument.use, instrument.not_valid, *(b.label for b in instrument.bands)))
    assert all(b.label.startswith("Relative class ") for b in instrument.bands)
    assert not re.search(r"\d\s*%|percent|probab", told)
    items = {**dict.fromkeys((i.id for i in instrument.items), 1)}
    taking = {"medicines": [{"ingredients": ["oxycodone"], "state": "current", "purpose": "pain"}]}
    page = sheet_html(review(person(measure, items=items, more=taking), content=CONTENT))
    assert "Relative class" in page
    assert "it is not the chance of this person" in page
    assert read(person(measure, items=items, more={"complete": {"medicines": "yes"}})).score is None


def test_no_risk_score_shows_a_percentage() -> None:
    for instrument in CONTENT.instruments.values():
        if instrument.risk:
            assert not re.search(r"\d\s*%", f"{instrument.use} {' '.join(b.label for b in instrument.bands)}"), (
                instrument.id
            )


def test_the_cancer_bands_of_the_bpi_are_not_used_for_other_pain() -> None:
    """D-BPI."""
    cancer = {"answers": {"main_pain": "cancer"}, "complete": {"conditions": "yes"}}
    back = {"answers": {"main_pain": "back_axial"}, "complete": {"conditions": "yes"}}
    assert read(person("bpi_worst", more=cancer, value=7)).bands == ("Severe",)
    assert read(person("bpi_worst", more=back, value=7)).score is None


# ---- shown, used, and not asked ----------------------------------------------------------------------------


def test_the_full_page_shows_the_score_beside_what_was_entered() -> None:
    page = sheet_html(review(person("dast10", items={"can_stop": 0, "several": 1, "guilt": 1}), content=CONTENT))
    assert "Score: 3 to 10 (0 to 10)" in page


@pytest.mark.parametrize(
    ("measure", "rule", "value"),
    [
        ("phq2", "phq2.positive", 3),
        ("gad2", "gad2.positive", 3),
        ("ciwa_ar", "asam_alcohol2020.ciwa_severe", 19),
        ("medication_overuse", "ichd3.medication_overuse", 1),
    ],
)
def test_a_score_that_was_filled_in_leads_on_and_one_that_was_not_is_not_asked_for(
    measure: str, rule: str, value: int
) -> None:
    def status(profile: Profile) -> str:
        return next(f.status for f in review(profile, content=CONTENT).findings.recommendations if f.record.id == rule)

    assert status(person(measure, value=value)) == "applies"
    # Medicine overuse may also be said outright, so a low count alone leaves it open.
    below = "needs_information" if measure == "medication_overuse" else "does_not_apply"
    assert status(person(measure, value=value - 1)) == below
    blank = review(Profile.from_dict({"as_of": DAY}, CONTENT), content=CONTENT)
    assert measure not in {q.ask for q in next_questions(blank)}
    [open_one] = [f for f in blank.findings.recommendations if f.record.id == rule]
    assert (open_one.status, open_one.asks) == ("needs_information", ())
    assert open_one.record.title not in sheet_html(blank)


def test_a_positive_phq2_is_settled_by_the_phq9() -> None:
    def asks(case_answers: dict[str, Any]) -> set[str]:
        return {q.ask for q in next_questions(review(person("phq2", value=3, answers=case_answers), content=CONTENT))}

    assert "phq9" in asks({})


def test_only_what_a_rule_uses_is_asked_for() -> None:
    asked = {i.id for i in CONTENT.instruments.values() if i.asked}
    assert asked == {
        "audit_c", "cows", "cssrs", "gad7", "isi", "ort_oud", "oud_criteria", "pc_ptsd5", "peg", "phq9", "stop_bang",
    }  # fmt: skip  # data, read across
    everyone = [Profile.from_dict({"as_of": DAY}, CONTENT), person("phq9", value=12, answers={"oud_status": "active"})]
    for profile in everyone:
        wanted = {q.ask for q in next_questions(review(profile, content=CONTENT))} & CONTENT.instruments.keys()
        assert wanted <= asked


def test_a_question_comes_back_when_the_content_asks_for_it() -> None:
    phq2 = CONTENT.instruments["phq2"].model_copy(update={"asked": True})
    content = replace(CONTENT, tables={**CONTENT.tables, "instrument": {**CONTENT.instruments, "phq2": phq2}})
    blank = review(Profile.from_dict({"as_of": DAY}, content), content=content)
    assert "phq2" in {q.ask for q in next_questions(blank)}
