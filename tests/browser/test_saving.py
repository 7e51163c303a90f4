"""Saving a case: what was typed last is in the file, and what cannot be read is told instead of being left out of it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from tests.browser.rig import axe, conference, show
from tests.browser.test_case_conference import after, answer, row

pytestmark = pytest.mark.browser

# The engine answers nothing until Save has been pressed, as a busy one does.
BUSY_UNTIL_SAVE = """() => {
    const engine = window.toEngine;
    const pressed = new Promise((open) => document.querySelector(".cc-bar a[download]").addEventListener("click", () => open()));
    window.toEngine = (message) => pressed.then(() => engine(message));
}"""
BUSY_UNTIL_CHOSEN = """() => {
    const engine = window.toEngine;
    const chosen = new Promise((open) => document.querySelector("dialog.cc-outs select").addEventListener("change", () => open()));
    window.toEngine = (message) => chosen.then(() => engine(message)).finally(() => setTimeout(() => { window.answered = true; }));
}"""
PLACE = "one => [one.offsetTop, one.offsetHeight]"
KEPT_HERE = "Object.keys(sessionStorage).length"


@pytest.fixture
def widget() -> CaseConference:
    return conference("back_pain_120_mme")


@pytest.fixture
def app(page: Page, widget: CaseConference) -> Locator:
    return show(page, widget)


def save(app: Locator) -> dict[str, Any]:
    """Press Save; the case file that comes of it."""
    with app.page.expect_download() as download:
        app.get_by_role("link", name="Save this case").click()
    return tomllib.loads(Path(download.value.path()).read_text("utf-8"))


def medicine(app: Locator, n: int) -> Locator:
    return app.locator('.cc-list[data-list="medicines"] .cc-entries > li').nth(n)


def write(field: Locator, text: str) -> None:
    field.fill(text)
    after(field.page.locator(".cc-conference"), lambda: field.press("Tab"))


def test_save_waits_for_the_answer_to_what_was_typed_just_before(app: Locator, page: Page) -> None:
    app.locator('.cc-group[data-group="texts"] > summary').click()
    notes = app.get_by_label("Notes (nothing that identifies the person)")
    page.evaluate(BUSY_UNTIL_SAVE)
    notes.fill("Talked about sleep.")
    assert "Talked about sleep." in save(app)["notes"]
    expect(app.locator(".cc-unsaved [role=status]")).to_have_text("")
    assert page.evaluate(KEPT_HERE) == 0


def test_save_sends_what_was_typed_and_not_sent_yet(app: Locator, page: Page) -> None:
    age = app.locator('.cc-form .cc-row[data-key="age_years"] input')
    page.evaluate(BUSY_UNTIL_SAVE)
    age.fill("71")
    with page.expect_download() as download:
        # Pressed by a program, so that the field is not left: its pause is not over yet.
        app.get_by_role("link", name="Save this case").evaluate("one => one.click()")
    assert tomllib.loads(Path(download.value.path()).read_text("utf-8"))["answers"]["age_years"] == 71


def test_a_detail_that_cannot_be_read_leaves_its_medicine_and_refuses_the_file(
    app: Locator, page: Page, widget: CaseConference
) -> None:
    medicine(app, 1).locator("details.cc-rest > summary").click()
    write(medicine(app, 1).get_by_label("Since"), "last spring")
    whole = app.locator('.cc-list[data-list="medicines"] .cc-whole')
    after(app, whole.get_by_role("checkbox").check)
    write(medicine(app, 0).get_by_label("Times a day"), "zorble")
    expect(whole).to_contain_text("Not counted as whole while something in it cannot be read.")
    expect(app.locator(".cc-status")).to_contain_text(
        "Something could not be read, and is not known, in: Oxycodone; Alprazolam."
    )
    expect(medicine(app, 1).locator(".cc-problem")).to_contain_text("Since: 'last spring' is not a date")
    expect(app).not_to_contain_text("No: the list is complete")
    assert {m.ingredients for m in widget.profile.medicines} >= {("oxycodone",), ("alprazolam",)}
    app.get_by_role("link", name="Save this case").click()
    told = app.get_by_role("alert").filter(has_text="Not saved: this cannot be read")
    expect(told.get_by_role("listitem")).to_contain_text(["'zorble' is not a number of times a day", "'last spring'"])
    expect(app.locator(".cc-unsaved [role=status]")).to_contain_text("Not saved")
    assert page.evaluate(KEPT_HERE) > 0
    assert axe(page) == []
    with page.expect_download() as download:
        told.get_by_role("button", name="Save what was typed").click()
    typed = json.loads(Path(download.value.path()).read_text("utf-8"))["state"]["medicines"]
    assert (typed[0]["times"], typed[1]["start"]) == ("zorble", "last spring")
    write(medicine(app, 0).get_by_label("Times a day"), "BID")
    write(medicine(app, 1).get_by_label("Since"), "3/2026")
    expect(told).to_have_count(0)
    saved = save(app)
    assert saved["medicines"][0]["per_day_max"] == 2
    assert saved["medicines"][1]["start"] == "2026-03"
    assert saved["complete"]["medicines"] == "yes"


@pytest.mark.parametrize("width", [1280, 640, 390])
def test_the_first_edit_moves_nothing_and_the_click_that_ends_it_counts(
    app: Locator, page: Page, widget: CaseConference, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    line = app.locator(".cc-state-line")
    before = line.evaluate(PLACE)
    app.locator('.cc-form .cc-row[data-key="age_years"] input').fill("51")
    after(app, row(app, "pregnant").locator("label", has_text="Yes").click)
    expect(app.locator(".cc-unsaved [role=status]")).to_contain_text("Not saved")
    assert line.evaluate(PLACE) == before
    assert widget.state["rows"].items() >= {"age_years": 51, "pregnant": True}.items()


def test_what_is_tried_and_cannot_be_read_does_not_keep_the_case_from_being_saved(app: Locator) -> None:
    answer(app, "fever", "No")
    after(app, app.get_by_role("button", name="Try a change").click)
    write(medicine(app, 0).get_by_label("Times a day"), "zorble")
    assert save(app)["answers"]["fever"] is False


def test_the_text_for_the_team_goes_when_somebody_else_is_chosen(app: Locator, page: Page) -> None:
    app.get_by_role("button", name="Print, save, copy").click()
    dialog = app.locator("dialog.cc-outs")
    text = dialog.get_by_role("textbox", name="Text for the chart")
    dialog.get_by_role("button", name="Copy as text for the chart").click()
    expect(text).to_have_value(re.compile("120 MME"))
    who = dialog.get_by_label("Who will see it")
    who.select_option("partner")
    expect(text).to_be_hidden()
    assert dialog.locator("textarea").input_value() == ""
    # An answer for the team that comes after somebody else was chosen is not shown.
    who.select_option("team")
    page.evaluate(BUSY_UNTIL_CHOSEN)
    dialog.get_by_role("button", name="Copy as text for the chart").click()
    who.select_option("partner")
    page.wait_for_function("window.answered")
    assert dialog.locator("textarea").input_value() == ""
    expect(text).to_be_hidden()


def test_what_is_taken_out_while_a_change_is_tried_says_that_it_is_the_case_without_it(app: Locator) -> None:
    dialog = app.locator("dialog.cc-outs")
    says = "A change is being tried. What is taken out here is the case without it."
    app.get_by_role("button", name="Print, save, copy").click()
    expect(dialog).not_to_contain_text(says)
    dialog.get_by_role("button", name="Close").click()
    after(app, app.get_by_role("button", name="Try a change").click)
    expect(app.locator(".cc-try-says")).to_contain_text("nothing on the first page moved yet")
    answer(app, "cannot_be_woken", "Yes")
    expect(app.locator(".cc-try-says")).to_contain_text(
        "Saving, the sheet, printing and copying give the case without it."
    )
    app.get_by_role("button", name="Print, save, copy").click()
    expect(dialog).to_contain_text(says)
