"""The sheet as a real Chromium shows and prints it: two pages unless more is asked for, folded and opened by keyboard too."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pathways.pages import sheet_html
from tests.browser.test_handout_page import pages
from tests.pages.drawn import sample
from tests.reviews import NAMES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_prints_on_two_pages_unless_everything_is_asked_for(page: Page, name: str) -> None:
    html = sheet_html(sample(name))
    assert pages(page, html) <= 2
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert printed(page) <= 2, "what was opened to be read is not printed with them"
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    page.check("#pw-print-all")
    assert printed(page) > 4
    page.check("#pw-print-one")
    assert printed(page) == 1
    assert pages(page, sheet_html(sample(name), full=True)) > 4


def printed(page: Page) -> int:
    """How many sheets of letter paper the page prints on as it stands."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter", prefer_css_page_size=True)))


def test_the_menu_is_folded_and_opens_with_a_key(page: Page) -> None:
    page.set_content(sheet_html(sample("low_risk")))
    line = page.locator("#pw-menu tbody tr").first
    expect(line).to_be_hidden()
    summary = page.locator("#pw-menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(line).to_be_visible()
    page.keyboard.press("Space")
    expect(line).to_be_hidden()


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", ["back_pain_120_mme", "fibromyalgia_depression_ptsd"])
def test_everyone_can_read_it_folded_and_unfolded(page: Page, name: str, full: bool) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.set_content(sheet_html(sample(name), full=full))
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
