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


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_prints_on_two_pages_of_the_longer_paper_too(page: Page, name: str) -> None:
    page.set_content(sheet_html(sample(name)))
    assert printed(page, "A4") <= 2


def printed(page: Page, paper: str = "Letter") -> int:
    """How many sheets of paper the page prints on as it stands."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper, prefer_css_page_size=True)))


LETTERS = """() => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility()
    && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) && !one.closest('.pw-sr, #pw-phases thead'))
    .map(one => [parseFloat(getComputedStyle(one).fontSize) * 0.75, one.textContent.trim().slice(0, 40)])"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, caption, thead')].filter(one => one.checkVisibility())
    .map(one => [getComputedStyle(one), one.textContent.trim()])
    .filter(([style]) => style.display !== 'inline' && style.breakAfter !== 'avoid').map(([_, text]) => text)"""
BROKEN = """() => [...document.querySelectorAll('main *')].filter(one => one.checkVisibility()
    && getComputedStyle(one).breakBefore === 'page').length"""


@pytest.mark.parametrize("name", ["back_pain_120_mme", "methadone_qtc_above_500", "low_risk"])
def test_what_is_printed_can_be_read_and_no_heading_stands_alone(page: Page, name: str) -> None:
    page.emulate_media(media="print")
    page.set_content(sheet_html(sample(name)))
    letters = page.evaluate(LETTERS)
    assert len(letters) > 20
    assert [one for one in letters if one[0] < 8.9] == []
    assert page.evaluate(HEADINGS) == []
    assert page.evaluate(BROKEN) <= 1


def test_a_phase_that_runs_over_a_page_bears_its_name_there_again(page: Page) -> None:
    page.set_content(sheet_html(sample("back_pain_120_mme")))
    heads = page.locator("#pw-phases thead")
    named = heads.evaluate_all("all => all.map(one => one.querySelector('th').dataset.again)")
    assert named == page.locator("#pw-phases caption").all_inner_texts()
    page.emulate_media(media="print")
    shown = heads.evaluate_all(
        "all => all.map(one => [getComputedStyle(one).display, getComputedStyle(one).position, one.offsetHeight > 5])"
    )
    assert shown
    assert {tuple(one) for one in shown} == {("table-header-group", "static", True)}  # this repeats on each page


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
