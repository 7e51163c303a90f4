"""The risk notebooks in JupyterLab: pictures with their words, a slider that the keyboard moves, no rule of access broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_case_conference import CELLS, after, press_cell_keys, violations

pytestmark = pytest.mark.browser

PICTURES = ".jp-OutputArea img"
WITHOUT_WORDS = f"[...document.querySelectorAll('{PICTURES}')].filter(i => !i.alt).length"


def test_an_estimate_moves_with_the_prevalence_and_stays_readable(
    page: Page, open_and_run: Callable[[Page, str], None]
) -> None:
    open_and_run(page, "04_risk_explained.ipynb")
    view = page.locator(".cc-risk").first
    status = view.get_by_role("status")
    expect(status).to_contain_text("in 100 people with answers like these")
    before = status.text_content() or ""
    slider = view.get_by_role("slider", name="How common it is at your place")
    slider.focus()
    cells = page.evaluate(CELLS)
    press_cell_keys(page)
    assert page.evaluate(CELLS) == cells
    after(view, lambda: slider.press("End"))
    expect(view.locator(".cc-page")).to_contain_text("Moved to a stated prevalence of 90 in 100.")
    expect(status).not_to_have_text(before)
    assert violations(page, ".cc-risk") == []
    after(view, view.get_by_role("button", name="As in the data").click)
    expect(status).to_have_text(before)
    view.evaluate("app => { app.style.width = '400px'; }")
    assert view.evaluate("app => app.scrollWidth <= app.clientWidth + 1"), "the estimate scrolls, not the page"
    expect(page.locator(PICTURES)).to_have_count(1)
    assert page.evaluate(WITHOUT_WORDS) == 0


def test_the_workbench_shows_its_figures_with_words(page: Page, open_and_run: Callable[[Page, str], None]) -> None:
    open_and_run(page, "05_tune_the_risk_model.ipynb")
    expect(page.locator(PICTURES)).to_have_count(1)
    assert page.evaluate(WITHOUT_WORDS) == 0
    expect(page.get_by_role("cell", name="Calibration slope")).to_be_visible()
