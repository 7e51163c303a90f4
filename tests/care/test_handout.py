"""The page for the person: plain, private, without scores or codes, and made from the case alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pathways.care.handout import NOW, URGENT, Handout, handout, people_may_take_part
from pathways.content import load_content
from pathways.content.readability import MOST_GRADE, reading_grade
from pathways.pages import handout_html, handout_markdown, handout_text
from pathways.pages.handout import FOOT
from tests.laws.test_law_07_words import problems
from tests.pages.drawn import reviewed, sample, tree, unnamed_numbers
from tests.reviews import NAMES

WRITERS = (handout_html, handout_markdown, handout_text)
CODE = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\b(?:cdc|asam|tip|hhs)\d{2,4}\b|\bMME\b|\bPEG\b|\bPHQ|\bGAD|\bCOWS\b|\bQTc\b|\beGFR\b"
)


def visible(name: str) -> str:
    """The text of a handout's page, without its head."""
    body = next(node for node in tree(handout_html(sample(name))).all("body"))
    return " ".join(body.text().split())


def sentences(page: Handout) -> list[str]:
    """The running text of the page, a statement a line."""
    texts = [page.urgent, *(one.text for one in page.told()), *page.asks, *(c.text for c in page.contacts)]
    return [text for text in [*texts, *(one.title for one in page.myths)] if text]


@pytest.mark.parametrize("name", NAMES)
def test_every_handout_reads_easily(name: str) -> None:
    page = handout(sample(name))
    texts = sentences(page)
    titles = [one.title for one in page.told()] + [c.name for c in page.contacts]
    assert 0 < reading_grade("\n".join(texts)) <= MOST_GRADE
    assert 0 < reading_grade("\n".join([*texts, *titles])) <= MOST_GRADE
    assert len(" ".join(texts).split()) > 60
    assert reading_grade(FOOT) <= MOST_GRADE


@pytest.mark.parametrize("table", ["education", "myth", "contact"])
def test_every_item_reads_easily(table: str) -> None:
    records = load_content().tables[table].values()
    assert records
    for record in records:
        lines = [getattr(record, field, "") for field in ("text", "claim", "correction")]
        assert reading_grade("\n".join([*lines, *getattr(record, "ask", ())])) <= MOST_GRADE, record.id


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_on_with_care_pushes_nothing_of_the_plan_off_the_page(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = handout(sample(name)).planned
    monkeypatch.setattr("pathways.care.handout.MOST_WITH_CARE", 0)
    plan = handout(sample(name)).planned
    assert tuple(one for one in whole if one in plan) == plan


@pytest.mark.parametrize("name", NAMES)
def test_no_score_no_code_no_risk_number(name: str) -> None:
    text = visible(name)
    for entry in sample(name).profile.medicines:  # a dose stands there as the list says it
        text = text.replace(entry.label, "")
    assert not CODE.search(text)
    assert "%" not in text
    numbers = set(re.findall(r"\d[\d-]*", text.replace(handout(sample(name)).date, "")))
    assert numbers <= {
        "911",
        "988",
        "1-800-222-1222",
        "1-800-662-4357",
        "1-800-799-7233",
        "88788",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_number_names_where_it_comes_from(name: str) -> None:
    assert unnamed_numbers(tree(handout_html(sample(name)))) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("writer", WRITERS)
def test_words_are_person_first_in_every_form(name: str, writer: Any) -> None:
    text = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", writer(sample(name)))
    assert problems(text) == []
    assert writer(sample(name)) == writer(sample(name))


@pytest.mark.parametrize("name", NAMES)
def test_crisis_contacts_stand_on_every_page_and_say_the_country(name: str) -> None:
    for writer in WRITERS:
        text = writer(sample(name))
        assert all(number in text for number in ("911", "988", "1-800-222-1222", "1-800-662-4357", "1-800-799-7233"))
        assert "(US)" in text


def test_both_conditions_message_where_both_are_there() -> None:
    assert "You do not have to choose" in visible("pregnancy_with_oud")
    assert "You do not have to choose" not in visible("low_risk")


def test_a_code_in_the_chart_does_not_speak_of_oud_to_the_person() -> None:
    text = visible("sickle_cell")
    assert not re.search(r"OUD|buprenorphine from|methadone|craving|change the brain|swaps one drug", text)
    assert "Finish the semester" in text


def test_what_is_in_use_and_must_change_is_not_stopped_alone() -> None:
    planned = {one.id: one.text for one in handout(sample("methadone_qtc_above_500")).planned}
    assert "Do not stop it on your own" in planned["medicines.0"]
    nsaid = {one.id: one.text for one in handout(sample("pregnancy_with_oud")).planned}["medicines.1"]
    assert "Please stop taking this one" in nsaid  # the body does not depend on it, and the baby is at risk


def test_something_urgent_is_said_without_its_name() -> None:
    assert handout(sample("fibromyalgia_depression_ptsd")).urgent == NOW
    assert not handout(sample("low_risk")).urgent
    assert URGENT in visible("methadone_qtc_above_500")


HOME = {"age_years": 40, "main_pain": "neck", "pain_months": 12, "oud_status": "active", "relationship_strain": True}


def test_violence_never_stands_on_paper_that_goes_home() -> None:
    case = reviewed({**HOME, "partner_violence_or_coercion": True, "partner_consent": True})
    assert case.option("private_safety_plan").verb
    for writer in WRITERS:
        told = writer(case).replace("Someone at home scares or hurts you", "")
        assert not re.search(r"violen|private safety|control", told, re.IGNORECASE)


def test_people_close_by_only_with_consent_and_after_a_private_screen() -> None:
    asked = {"partner_consent": True, "private_safety_screen_done": True}
    for answers, may in (
        ({}, False),
        ({"partner_consent": True}, False),
        ({"private_safety_screen_done": True}, False),
        (asked, True),
        ({**asked, "partner_violence_or_coercion": True}, False),
        ({**asked, "partner_violence_or_coercion": False}, True),
        ({"private_safety_screen_done": True, "partner_consent": False}, False),
    ):
        case = reviewed({**HOME, **answers})
        assert people_may_take_part(case) is may, answers
        assert bool(handout(case).family) is may, answers
        told = {one.id for one in handout(case).planned}
        assert may or not told & {"family_work", "couples_therapy"}


def test_a_written_consent_for_the_partner_counts_while_it_holds() -> None:
    consent = {"who": "partner", "scope": ["health"], "date": "2026-01-01", "until": "2026-12-31", "purpose": "care"}
    answers = {**HOME, "private_safety_screen_done": True}
    assert people_may_take_part(reviewed(answers, consents=[consent]))
    for change in ({"until": "2026-11-01"}, {"withdrawn": "2026-10"}, {"date": "2026-11"}, {"who": "pain_clinic"}):
        assert not people_may_take_part(reviewed(answers, consents=[{**consent, **change}])), change


def test_hostile_words_of_the_person_stay_words() -> None:
    bad = "<script>alert(1)</script> [x](javascript:1) **b**"
    case = reviewed({**HOME, "goal_text": bad})
    assert "<script>" not in handout_html(case)
    assert "<script>" not in handout_markdown(case)
    assert "[x](" not in handout_markdown(case)
    assert bad in handout(case).own_words


def test_a_blank_case_still_makes_a_page() -> None:
    page = handout(reviewed())
    assert not page.planned
    assert page.asks
    assert page.contacts


# ---- every popular statement has its correction --------------------------------------------------------------

STATEMENTS = {
    "methadone_from_pain_doctor": "OTP|certified", "safe_opioid": "buprenorphine", "medicine_assists": "MOUD",
    "counselling_first": "never delays", "only_two_medicines": "[Mm]ethadone", "withdrawal_is_treatment": "overdose",
    "cbt_cures": "small", "codependency": "not a diagnosis", "shots_fix_backs": "dispute", "just_walk_in": "insurer",
    "your_own_fault": "never the person", "one_drug_for_another": "deaths", "pain_doctors_only_opioids": "preferred",
    "pain_doctors_only_severe": "low-burden", "always_a_referral": "insurer",
}  # fmt: skip  # data, read across


def test_each_popular_statement_is_corrected_and_cited() -> None:
    myths = load_content().tables["myth"]
    assert set(STATEMENTS) <= set(myths)
    for id, said in STATEMENTS.items():
        assert re.search(said, myths[id].details + myths[id].correction), id
        assert myths[id].source
        assert myths[id].row


def test_every_item_can_be_reached_by_some_case() -> None:
    """A tie to a treatment that has no text for the person, or a situation that never comes, would be silent."""
    content = load_content()
    for item in (*content.tables["education"].values(), *content.tables["myth"].values()):
        assert set(item.treatments) <= set(content.treatments)
    seen = {one.id for name in NAMES for one in handout(sample(name)).told()}
    assert len(seen) > 35
