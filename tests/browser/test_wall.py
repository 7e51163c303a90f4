"""What a room reads on the wall: which words are large, and that all of it can be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rig import conference, show

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
