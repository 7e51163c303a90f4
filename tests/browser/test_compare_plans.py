"""Plans side by side in JupyterLab: the table, the what-if toggles, keys, and what a screen reader gets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_case_conference import CELLS, after, press_cell_keys, violations

pytestmark = pytest.mark.browser


def test_plans_stand_side_by_side_and_change_with_a_what_if(
    page: Page, open_and_run: Callable[[Page, str], None]
) -> None:
    open_and_run(page, "02_compare_plans.ipynb")
    app = page.locator(".cc-compare")
    table = app.locator("table.cc-plans")
    expect(table.locator("thead th")).to_have_count(3)
    assert violations(page, ".cc-compare") == []
    cells = page.evaluate(CELLS)
    radio = app.locator('[data-key="oud_status"]').get_by_role("radio", name="Active")
    radio.focus()
    press_cell_keys(page)
    assert page.evaluate(CELLS) == cells
    after(app, radio.check)
    expect(app.get_by_role("status")).to_contain_text("1 what-if tried")
    expect(app.locator(".cc-changes").first).to_contain_text("Treatment of opioid use disorder")
    assert violations(page, ".cc-compare") == []
    app.evaluate("app => { app.style.width = '400px'; }")
    assert app.evaluate("app => app.scrollWidth <= app.clientWidth + 1"), "the table scrolls, not the page"
