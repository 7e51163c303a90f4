"""The page for the person as a real Chromium prints it: one sheet of paper, on every sample case."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from pathways.pages import handout_html, sheet_html
from tests.pages.drawn import sample
from tests.reviews import NAMES

pytestmark = pytest.mark.browser


def pages(page: Page, html: str) -> int:
    """How many sheets of letter paper a page prints on."""
    page.set_content(html)
    pdf = page.pdf(format="Letter", prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("name", NAMES)
def test_a_handout_prints_on_one_page(page: Page, name: str) -> None:
    assert pages(page, handout_html(sample(name))) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_count_sees_more_than_one_page(page: Page) -> None:
    assert pages(page, sheet_html(sample(NAMES[0]))) > 1
