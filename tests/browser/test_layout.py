"""What a room sees: the first page on one screen, large, in two columns; a phone, a zoomed page, and dark."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pathways.apps.widgets import CaseConference
from tests.browser.rig import axe, conference, show
from tests.browser.test_case_conference import after, answer

pytestmark = pytest.mark.browser

SMALLEST = """root => Math.min(...[...root.querySelectorAll('.pw-text, .pw-owner, .pw-ways li, .pw-asked, .pw-alarm li, .pw-state li')]
    .filter(one => one.getClientRects().length).map(one => parseFloat(getComputedStyle(one).fontSize)))"""


def fits(app: Locator) -> bool:
    return bool(
        app.evaluate("app => app.scrollWidth <= app.clientWidth + 1 && document.body.scrollWidth <= innerWidth")
    )


def shown(browser: Browser, widget: CaseConference, **how: Any) -> tuple[Page, Locator]:
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    return page, show(page, widget)


@pytest.mark.parametrize("case", ["remission_before_surgery", "naltrexone_before_surgery", "pregnancy_with_oud"])
def test_with_the_form_folded_the_first_page_is_on_one_screen(browser: Browser, case: str) -> None:
    page, app = shown(browser, conference(case), viewport={"width": 1280, "height": 800})
    if not app.evaluate("app => app.classList.contains('cc-folded')"):
        app.get_by_role("button", name="Fold the form").click()
    first = app.locator(".cc-page")
    box = first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    assert first.evaluate(SMALLEST) >= 18
    columns = first.locator(".pw-first").evaluate("one => getComputedStyle(one).gridTemplateColumns.split(' ').length")
    assert columns == 2
    assert axe(page) == []
    page.context.close()


def test_on_a_phone_the_bar_takes_one_row_and_the_rest_is_behind_one_button(browser: Browser) -> None:
    page, app = shown(browser, conference("back_pain_120_mme"), viewport={"width": 390, "height": 844})
    bar = app.locator(".cc-bar")
    height = bar.bounding_box()
    assert height is not None
    assert height["height"] < 60
    more = app.get_by_role("button", name="More", exact=True)
    expect(app.get_by_role("button", name="New case")).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(app.get_by_role("button", name="New case")).to_be_visible()
    assert fits(app)
    app.locator(".cc-zone-plans").evaluate("zone => zone.scrollIntoView()")
    expect(app.locator(".cc-differ")).to_be_visible()
    assert fits(app)
    assert axe(page) == []
    page.context.close()


def test_zoomed_to_twice_the_size_nothing_runs_out_of_the_page(browser: Browser) -> None:
    # 200 % on 1280 x 800 is a window of 640 x 400 points.
    page, app = shown(browser, conference("back_pain_120_mme"), viewport={"width": 640, "height": 400})
    assert fits(app)
    app.locator(".cc-zone-plans").evaluate("zone => zone.scrollIntoView()")
    expect(app.locator(".cc-differ")).to_be_visible()
    assert fits(app)
    page.context.close()


def test_dark_keeps_its_contrast_in_every_zone(browser: Browser) -> None:
    page, app = shown(
        browser, conference("back_pain_120_mme"), viewport={"width": 1280, "height": 800}, color_scheme="dark"
    )
    assert app.evaluate("app => getComputedStyle(app).backgroundColor") == "rgb(18, 25, 30)"
    after(app, app.get_by_role("button", name="Try a change").click)
    answer(app, "cannot_be_woken", "Yes")
    expect(app.locator(".pw-red")).to_be_visible()
    app.locator(".cc-zone-plans").evaluate("zone => zone.scrollIntoView()")
    expect(app.locator(".cc-plans-body .cc-held")).to_be_attached()
    for details in app.locator(".cc-page .pw-why").all()[:3]:
        details.evaluate("one => { one.open = true; }")
    assert axe(page) == []
    page.context.close()


def test_red_is_for_emergencies_alone(browser: Browser) -> None:
    page, app = shown(browser, conference("back_pain_120_mme"), viewport={"width": 1280, "height": 800})
    age = app.locator('.cc-form .cc-row[data-key="age_years"]')
    age.get_by_role("spinbutton").fill("340")
    after(app, lambda: age.get_by_role("spinbutton").press("Tab"))
    expect(age.locator(".cc-problem")).not_to_be_empty()
    red = "els => els.map(e => getComputedStyle(e).color).filter(c => c === 'rgb(155, 17, 17)')"
    assert app.locator("*:visible").evaluate_all(red) == []
    page.context.close()
