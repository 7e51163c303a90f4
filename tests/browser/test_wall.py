"""What a room reads on the wall: which words are large, and that all of it can be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rig import axe, conference, show
from tests.browser.test_case_conference import after, answer

pytestmark = pytest.mark.browser


def size(of: Locator) -> float:
    """The size of the letters, in px."""
    return float(of.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))


def test_the_title_of_a_case_is_smaller_than_the_sentence_and_marked_as_its_title(page: Page) -> None:
    app = show(page, conference("back_pain_120_mme"))
    title = app.locator(".cc-page .pw-head h2")
    expect(title).to_contain_text("120 MME")
    for _ in range(2):
        assert size(title) < size(app.locator(".cc-sentence"))
        assert title.evaluate("e => getComputedStyle(e, '::before').content") == '"Titled: "'
        app.get_by_role("button", name="Fold the form").or_(app.get_by_role("button", name="Change an answer")).click()


LETTERS = "all => all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().d)"


def test_pictures_are_lettered_as_large_as_the_page_beside_them(page: Page) -> None:
    app = show(page, conference("back_pain_120_mme"))
    body = app.locator(".cc-page .pw-do li").first
    words = app.locator(".cc-pictures-body svg text")
    for least in (15, 18):
        assert size(body) == least
        letters = [round(one, 1) for one in words.evaluate_all(LETTERS)]
        assert letters
        assert min(letters) >= least
        captions = app.locator(".cc-pictures-body figcaption").all()
        assert all(size(caption) >= least for caption in captions)
        app.get_by_role("button", name="Fold the form").or_(app.get_by_role("button", name="Change an answer")).click()


def test_every_plan_is_seen_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    app = show(page, conference("back_pain_120_mme"))
    app.locator(".cc-zone-plans").evaluate("zone => zone.scrollIntoView()")
    table = app.locator(".cc-plans-body .cc-plans")
    table.wait_for()
    row = table.locator("tr", has=page.locator('[data-item="buprenorphine_for_pain"]'))
    row.scroll_into_view_if_needed()
    for cell in row.locator("td").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    heads = row.locator("td").evaluate_all("all => all.map(td => getComputedStyle(td, '::before').content)")
    assert heads == [f'"Plan {name}: "' for name in "ABC"] or heads == [f'"Plan {name}" ": "' for name in "ABC"]
    assert axe(page) == []


def test_the_page_after_a_change_is_seen_beside_the_switch(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    app = show(page, conference("back_pain_120_mme"))
    after(app, app.get_by_role("button", name="Try a change").click)
    answer(app, "cannot_be_woken", "Yes")
    expect(app.locator(".cc-moved-table li").nth(8)).to_be_attached()  # much moved
    app.evaluate("app => app.scrollIntoView()")
    expect(app.locator(".cc-try")).to_be_in_viewport(ratio=1)
    expect(app.locator(".cc-page .pw-red h3").first).to_be_in_viewport(ratio=1)
    assert axe(page) == []
