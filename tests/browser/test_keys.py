"""The documented keys change no answer but the one that they name, wherever they lead."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from tests.browser.rig import axe, conference, show
from tests.browser.test_case_conference import after, answer, row

pytestmark = pytest.mark.browser


def answers(app: Locator) -> list[str]:
    """All that is chosen and typed in the form."""
    said = "all => all.map(e => ['radio', 'checkbox'].includes(e.type) ? String(e.checked) : e.value)"
    return list(app.locator(".cc-form :is(input, select, textarea)").evaluate_all(said))


@pytest.mark.parametrize("keys", ["5a", "3p", "3n", "25", "5jjjy"])
def test_keys_one_after_another_choose_and_write_nothing(page: Page, keys: str) -> None:
    widget = conference("back_pain_120_mme")
    widget.set("oud_status", None)
    app = show(page, widget)
    before = answers(app)
    app.locator(".cc-live").focus()
    for key in keys:
        page.keyboard.press(key)
    assert answers(app) == before


def test_no_by_key_stops_at_the_first_list_of_the_next_question(page: Page) -> None:
    widget = CaseConference()
    app = show(page, widget)
    app.locator(".cc-live").focus()
    page.keyboard.press("2")
    row(app, "conditions.copd").get_by_role("radio", name="Not known").focus()
    after(app, lambda: page.keyboard.press("n"))
    for _ in range(3):
        page.keyboard.press("n")
    expect(row(app, "main_pain").locator("select")).to_have_value("")
    answer(app, "fever", "No")
    assert "main_pain" not in widget.state["rows"]
    assert widget.state["rows"]["conditions.copd"] is False


def test_a_list_that_a_key_leads_to_is_still_chosen_from_by_arrows(page: Page) -> None:
    widget = CaseConference()
    app = show(page, widget)
    app.locator(".cc-live").focus()
    page.keyboard.press("5")
    expect(row(app, "oud_status").locator("select")).to_be_focused()
    after(app, lambda: page.keyboard.press("ArrowDown"))
    assert widget.state["rows"]["oud_status"]


def test_a_text_is_written_in_after_enter_and_left_by_escape(page: Page) -> None:
    widget = CaseConference()
    app = show(page, widget)
    app.locator(".cc-live").focus()
    page.keyboard.press("2")
    line, age = row(app, "age_years"), row(app, "age_years").get_by_role("spinbutton")
    expect(line).to_be_focused()
    expect(line).to_have_accessible_name("Age")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(age).to_be_focused()
    page.keyboard.type("58")
    after(app, lambda: page.keyboard.press("Escape"))
    expect(line).to_be_focused()
    assert widget.state["rows"]["age_years"] == 58
    page.keyboard.press("1")
    expect(app.locator('[data-question="1"] :focus')).to_have_count(1)
    expect(age).to_have_value("58")
