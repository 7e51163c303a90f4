"""What-if: before and after, what moved in words, keep, discard, undo and redo; the case holds nothing that was not kept."""

from __future__ import annotations

import functools

import pytest
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from tests.browser.rig import CASES, axe, conference, show
from tests.browser.test_case_conference import after, answer, row

pytestmark = pytest.mark.browser


@pytest.fixture
def widget() -> CaseConference:
    return conference("back_pain_120_mme")


@pytest.fixture
def app(page: Page, widget: CaseConference) -> Locator:
    return show(page, widget)


def press(app: Locator, name: str) -> None:
    after(app, app.get_by_role("button", name=name, exact=True).click)


def test_a_tried_answer_is_shown_beside_the_case_and_is_not_in_it(
    app: Locator, page: Page, widget: CaseConference
) -> None:
    case_file = widget.case_file()
    press(app, "Try a change")
    expect(app.locator(".cc-try-says")).to_contain_text("nothing on the first page moved yet")
    answer(app, "cannot_be_woken", "Yes")
    expect(app.locator(".cc-page .pw-red")).to_have_count(1)
    expect(app.locator(".cc-try-says")).to_contain_text("Nothing of it is in the case yet.")
    table = app.locator(".cc-moved-table table")
    expect(table.get_by_role("columnheader")).to_have_text(["Before", "After"])
    expect(table).to_contain_text("gone: ")
    expect(table).to_contain_text("new: ")
    expect(app.locator(".cc-page .cc-moved-word").first).to_have_text("new")
    expect(row(app, "cannot_be_woken").locator(".cc-note")).to_contain_text("Tried. Before: not known.")
    assert axe(page) == []
    assert widget.case_file() == case_file
    assert "cannot_be_woken" not in widget.state["rows"]
    answer(app, "medicines.naloxone_rescue", "Yes")
    answer(app, "cannot_be_woken", "Not known")
    expect(table).to_contain_text("gone: Offer Naloxone and teaching")
    app.get_by_text("Everything that changes with it").click()
    expect(app.locator(".cc-behind")).to_contain_text("What would change")
    assert axe(page) == []
    press(app, "Discard it")
    expect(app.locator(".cc-page .pw-red")).to_have_count(0)
    expect(app.locator(".cc-trial")).to_be_hidden()
    expect(app.get_by_role("button", name="Try a change")).to_be_focused()
    expect(row(app, "cannot_be_woken").get_by_role("radio", name="Not known")).to_be_checked()
    assert widget.case_file() == case_file
    assert widget.tried == {}


def test_what_is_tried_can_be_kept_and_is_one_step_to_undo(app: Locator, widget: CaseConference) -> None:
    press(app, "Try a change")
    answer(app, "cannot_be_woken", "No")
    answer(app, "breathing_slow", "No")
    press(app, "Keep it")
    assert widget.tried == {}
    assert widget.state["rows"]["breathing_slow"] is False
    press(app, "Undo")
    assert "cannot_be_woken" not in widget.state["rows"]
    assert "breathing_slow" not in widget.state["rows"]
    press(app, "Redo")
    assert widget.state["rows"]["cannot_be_woken"] is False


def test_a_dose_is_read_at_each_digit_and_is_one_step_to_undo(app: Locator, page: Page, widget: CaseConference) -> None:
    dose = app.locator(".cc-dose input").first
    before = dose.input_value()
    dose.select_text()
    for digit, so_far in zip("120", (1, 12, 120), strict=True):
        after(app, functools.partial(page.keyboard.press, digit))
        assert widget.state["medicines"][0]["parts"][0]["dose"] == so_far
    page.keyboard.press("Tab")
    press(app, "Undo")
    expect(dose).to_have_value(before)


def test_undo_and_redo_by_key_inside_a_trial_and_outside(app: Locator, page: Page, widget: CaseConference) -> None:
    answer(app, "cannot_be_woken", "No")
    radio = row(app, "cannot_be_woken").get_by_role("radio", name="No", exact=True)
    after(app, lambda: page.keyboard.press("w"))
    assert widget.tried
    expect(app.locator(".cc-form :focus")).to_have_count(1)
    answer(app, "cannot_be_woken", "Yes")
    after(app, lambda: page.keyboard.press("z"))
    expect(radio).to_be_checked()
    after(app, lambda: page.keyboard.press("Shift+Z"))
    assert widget.tried["rows"]["cannot_be_woken"] is True
    assert widget.state["rows"]["cannot_be_woken"] is False
    after(app, lambda: page.keyboard.press("w"))
    assert widget.tried == {}
    expect(radio).to_be_checked()
    after(app, lambda: page.keyboard.press("z"))
    assert "cannot_be_woken" not in widget.state["rows"], "the steps before the trial are there again"


def test_asked_none_within_a_trial_is_tried_only(app: Locator, widget: CaseConference) -> None:
    rows = dict(widget.state["rows"])
    press(app, "Try a change")
    after(app, app.locator('[data-question="1"] .cc-none').click)
    assert widget.state["rows"] == rows
    assert widget.tried["rows"]["cannot_be_woken"] is False
    press(app, "Discard it")
    assert widget.state["rows"] == rows


def test_a_case_that_is_opened_ends_the_trial_and_its_steps(app: Locator, page: Page, widget: CaseConference) -> None:
    press(app, "Try a change")
    answer(app, "cannot_be_woken", "Yes")
    with page.expect_file_chooser() as chooser:
        app.get_by_role("button", name="Open a case").click()
        app.get_by_role("button", name="A change is being tried: press again to open another").click()
    after(app, lambda: chooser.value.set_files(CASES / "back_pain_120_mme.toml"))
    expect(app.locator(".cc-trial")).to_be_hidden()
    assert widget.tried == {}
    assert "cannot_be_woken" not in widget.state["rows"]
    for name in ("Undo", "Redo"):
        expect(app.get_by_role("button", name=name)).to_have_attribute("aria-disabled", "true")


def test_a_trial_comes_back_as_a_trial_when_the_page_is_loaded_again(
    app: Locator, page: Page, widget: CaseConference
) -> None:
    press(app, "Try a change")
    answer(app, "cannot_be_woken", "Yes")
    case_file = widget.case_file()
    loaded = CaseConference()
    again = show(page, loaded)
    expect(again.locator(".cc-trial")).to_be_visible()
    expect(again.locator(".cc-page .pw-red")).to_have_count(1)
    expect(row(again, "cannot_be_woken").locator(".cc-note")).to_contain_text("Tried. Before: not known.")
    assert loaded.tried["rows"]["cannot_be_woken"] is True
    assert loaded.case_file() == case_file
    press(again, "Discard it")
    assert loaded.case_file() == case_file
    third = show(page, CaseConference())
    expect(third.locator(".cc-kept")).to_contain_text("Brought back")
    expect(third.locator(".cc-trial")).to_be_hidden()


def test_what_was_kept_from_a_trial_is_not_saved_and_says_so(app: Locator, page: Page) -> None:
    press(app, "Try a change")
    answer(app, "fever", "Yes")
    press(app, "Keep it")
    expect(app.locator(".cc-unsaved [role=status]")).to_contain_text("Not saved")
    app.get_by_role("button", name="New case").click()
    expect(app.get_by_role("button", name="Not saved: press again to clear it")).to_be_visible()
    loaded = CaseConference()
    again = show(page, loaded)
    expect(again.locator(".cc-kept")).to_contain_text("Brought back")
    assert loaded.state["rows"]["fever"] is True


def test_a_trial_is_not_cleared_without_asking(app: Locator, widget: CaseConference) -> None:
    press(app, "Try a change")
    answer(app, "fever", "Yes")
    app.get_by_role("button", name="New case").click()
    assert widget.tried
    after(app, app.get_by_role("button", name="A change is being tried: press again to clear it").click)
    assert widget.tried == {}
    assert "fever" not in widget.state["rows"]


def test_what_was_brought_back_is_said_until_it_is_saved_or_another_case_is_opened(app: Locator, page: Page) -> None:
    answer(app, "fever", "Yes")
    again = show(page, CaseConference())
    expect(again.locator(".cc-kept")).to_contain_text("Brought back")
    with page.expect_download():
        again.get_by_role("link", name="Save this case").click()
    expect(again.locator(".cc-kept")).to_have_text("")
    answer(again, "fever", "No")
    third = show(page, CaseConference())
    expect(third.locator(".cc-kept")).to_contain_text("Brought back")
    with page.expect_file_chooser() as chooser:
        third.get_by_role("button", name="Open a case").click()
    after(third, lambda: chooser.value.set_files(CASES / "back_pain_120_mme.toml"))
    expect(third.locator(".cc-kept")).to_have_text("")
