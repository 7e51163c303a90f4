"""What was decided, printed: two pages still, whatever stands on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from pathways.pages import sheet_html
from tests.browser.test_sheet_page import printed
from tests.pages.test_decided_sections import with_decisions
from tests.reviews import NAMES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_with_ten_decisions_prints_on_two_pages(page: Page, name: str) -> None:
    page.set_content(sheet_html(with_decisions(name)))
    assert printed(page) <= 2
    assert printed(page, "A4") <= 2
    page.emulate_media(media="print")
    expect(page.locator("#pw-decided")).to_be_visible()
