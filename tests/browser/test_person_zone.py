"""The form folds to the person's sentence, opens where a question asks, and flags its sections."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from tests.browser.rig import axe, conference, show
from tests.browser.test_case_conference import after, answer, row

pytestmark = pytest.mark.browser

SENTENCE = "35 years old, pain after injury for 5 months, on ibuprofen and escitalopram, OUD in remission"


@pytest.fixture
def widget() -> CaseConference:
    return conference("remission_before_surgery")


@pytest.fixture
def app(page: Page, widget: CaseConference) -> Locator:
    return show(page, widget)


def form(app: Locator) -> Locator:
    return app.locator(".cc-form")


def test_the_form_folds_once_all_six_are_answered(app: Locator, page: Page) -> None:
    expect(app.locator(".cc-sentence")).to_have_text(SENTENCE)
    expect(app.locator(".cc-left")).to_have_text("Not all asked yet: question 1")
    expect(form(app)).to_be_visible()
    after(app, app.locator('[data-question="1"] .cc-none').click)
    expect(app.locator(".cc-left")).to_have_text("All six questions are answered")
    expect(form(app)).to_be_hidden()
    assert axe(page) == []
    toggle = app.get_by_role("button", name="Change an answer")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(form(app)).to_be_visible()
    expect(app.locator(".cc-form :focus")).to_have_count(1)
    app.locator(".cc-live").focus()
    expect(form(app)).to_be_visible()  # opened by hand: it does not fold again by itself


def test_it_does_not_fold_under_the_hands_of_whoever_answers(page: Page, widget: CaseConference) -> None:
    widget.asked_none(1)
    widget.set("fever", None)
    app = show(page, widget)
    answer(app, "fever", "No")
    expect(app.locator(".cc-left")).to_have_text("All six questions are answered")
    expect(form(app)).to_be_visible()
    app.locator(".cc-live").focus()
    expect(form(app)).to_be_hidden()


def test_a_case_with_all_six_answered_opens_folded_and_keys_open_the_form(page: Page, widget: CaseConference) -> None:
    widget.asked_none(1)
    app = show(page, widget)
    expect(form(app)).to_be_hidden()
    app.locator(".cc-live").focus()
    page.keyboard.press("4")
    expect(form(app)).to_be_visible()
    expect(app.locator('.cc-form [data-question="4"] :focus')).to_have_count(1)
    page.keyboard.press("f")
    expect(form(app)).to_be_hidden()
    expect(app.get_by_role("button", name="Change an answer")).to_be_focused()


def test_a_question_opens_the_form_at_its_field(page: Page, widget: CaseConference) -> None:
    widget.asked_none(1)
    app = show(page, widget)
    there = app.locator('.cc-ask[data-ask="phq9"]').get_by_role("button", name="In the form")
    there.click()
    expect(form(app)).to_be_visible()
    expect(app.locator('.cc-form .cc-row[data-key="phq9"] :focus')).to_have_count(1)
    of_a_list = app.locator('.cc-ask[data-ask^="conditions."]')
    of_a_list.get_by_role("button", name="In the form").click()
    expect(app.locator('.cc-form [data-list="conditions"] .cc-add')).to_be_focused()


def test_sections_say_where_something_wants_attention(app: Locator, page: Page) -> None:
    first = app.locator('[data-question="1"] .cc-flag')
    expect(first).to_contain_text("18 open")
    expect(app.locator('[data-question="3"] .cc-flag')).to_have_text("answered")
    answer(app, "cannot_be_woken", "No")
    expect(first).to_contain_text("17 open")
    age = row(app, "age_years").get_by_role("spinbutton")
    age.fill("340")
    after(app, lambda: age.press("Tab"))
    expect(app.locator('[data-question="2"] .cc-flag')).to_contain_text("1 to correct")
    asked = app.locator(".cc-group:not(.cc-together) > summary .cc-flag:not(:empty)")
    for flag in asked.all():
        expect(flag).to_have_text("asked next")
    assert axe(page) == []
