"""A teaching case and the rule atlas in JupyterLab: the answer comes after the commitment; keys, a screen reader, a narrow page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_case_conference import CELLS, press_cell_keys, violations

pytestmark = pytest.mark.browser

DRAWN = "([app, n]) => Number(app.querySelector('.cc-page').dataset.renders) > n"
OpenAndRun = Callable[[Page, str], None]


def after(app: Locator, act: Callable[[], object]) -> None:
    """Do something and wait until this widget has been drawn anew."""
    drawn = int(app.locator(".cc-page").get_attribute("data-renders") or 0)
    act()
    app.page.wait_for_function(DRAWN, arg=[app.element_handle(), drawn])


def narrow(app: Locator) -> bool:
    app.evaluate("app => { app.style.width = '400px'; }")
    fits = app.evaluate("app => app.scrollWidth <= app.clientWidth + 1")
    app.evaluate("app => { app.style.width = ''; }")
    return bool(fits)


def test_a_plan_is_committed_with_the_keyboard_and_then_compared(page: Page, open_and_run: OpenAndRun) -> None:
    open_and_run(page, "03_teaching_case.ipynb")
    app = page.locator(".cc-teaching").first
    review = app.locator(".cc-feedback")
    expect(review).to_be_hidden()
    expect(app.locator(".cc-story")).to_contain_text("alprazolam")
    expect(app).not_to_contain_text("Where the review says otherwise")
    commit = app.get_by_role("button", name="Commit, and compare")
    expect(commit).to_be_disabled()
    assert violations(page, ".cc-teaching") == []

    cells = page.evaluate(CELLS)
    tick = app.locator('[data-list="asks"]').get_by_label("DSM-5 criteria of opioid use disorder")
    tick.focus()
    press_cell_keys(page)
    assert page.evaluate(CELLS) == cells, "the keys stay in the form"
    after(app, lambda: page.keyboard.press("Space"))
    expect(tick).to_be_checked()
    taken = app.locator(".cc-taken [data-key='0'] select")
    taken.focus()
    after(app, lambda: page.keyboard.press("S"))
    expect(taken).to_have_value("Stop")
    group = app.locator("details", has=page.locator('[data-key="naloxone_kit"]'))
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    naloxone = app.locator('[data-key="naloxone_kit"] select')
    naloxone.focus()
    after(app, lambda: page.keyboard.press("O"))
    expect(naloxone).to_have_value("Offer")
    expect(group.locator("summary")).to_contain_text("1 chosen")
    app.get_by_role("radio", name="50%").focus()
    after(app, lambda: page.keyboard.press("ArrowRight"))
    expect(app.get_by_role("radio", name="70%")).to_be_checked()
    expect(commit).to_be_enabled()
    commit.focus()
    after(app, lambda: page.keyboard.press("Enter"))

    expect(review).to_be_visible()
    expect(review).to_be_focused()
    expect(app.get_by_role("status")).to_contain_text("Committed.")
    for words in ("The lesson", "What was unsafe", "stopped at once", "What was missed", "What you had right"):
        expect(review.get_by_text(words).first).to_be_visible()
    for words in ("Needs left open", "Naloxone and teaching", "70% sure", "cdc2022", "hhs2019"):
        expect(review).to_contain_text(words)
    safety = review.locator("details", has=page.get_by_text("Safety", exact=False)).first
    source = safety.locator(".cc-source").first
    expect(source).to_be_hidden()
    safety.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(source).to_be_visible()
    expect(naloxone).to_be_disabled()
    assert violations(page, ".cc-teaching") == []
    assert narrow(app)

    after(app, lambda: app.get_by_label("Case", exact=True).select_option("1"))
    expect(review).to_be_hidden()
    expect(app.locator(".cc-story")).to_contain_text("Weeks of pregnancy: 24 weeks")
    after(app, lambda: app.get_by_label("Case", exact=True).select_option("0"))
    expect(review).to_contain_text("70% sure")


def test_a_rule_is_found_read_and_a_copy_of_it_tried(page: Page, open_and_run: OpenAndRun) -> None:
    open_and_run(page, "06_rule_atlas.ipynb")
    app = page.locator(".cc-atlas").first
    assert violations(page, ".cc-atlas") == []
    search = app.get_by_label("Search every rule")
    search.focus()
    after(app, lambda: search.press_sequentially("has_oud recommendation 12"))
    found = app.locator(".cc-found button")
    cells = page.evaluate(CELLS)
    wanted = app.locator('[data-key="recommendation/cdc2022.12/when"] button')
    wanted.focus()
    press_cell_keys(page)
    assert page.evaluate(CELLS) == cells
    expect(found.first).to_be_visible()
    after(app, lambda: page.keyboard.press("Enter"))
    expect(wanted).to_have_attribute("aria-current", "true")
    rule = app.locator(".cc-rule")
    expect(rule).to_contain_text("Recommendation 12")
    area = app.get_by_label("Condition of the copy")
    expect(area).to_have_value("has_oud")

    attempt = app.get_by_role("button", name="What would change?")
    area.fill("has_oudd")
    after(app, attempt.click)
    expect(app.get_by_role("alert")).to_contain_text("Did you mean 'has_oud'?")
    expect(area).to_have_attribute("aria-invalid", "true")
    area.fill("has_oud OR takes_opioid")
    after(app, attempt.click)
    expect(app.get_by_role("alert")).to_be_empty()
    expect(app.get_by_role("status")).to_contain_text("The copy changes")
    changes = app.locator(".cc-rule-changes")
    expect(changes).to_contain_text("back pain", ignore_case=True)
    changes.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
    assert violations(page, ".cc-atlas") == []
    assert narrow(app)
    after(app, app.get_by_role("button", name="Back to the rule").click)
    expect(area).to_have_value("has_oud")
    expect(changes).to_be_empty()
