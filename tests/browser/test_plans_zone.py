"""The zone of plans: core once, only the rows that differ, reasons, what the room holds the plans to, keys and a reader's view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from pathways.apps.widgets.marks import within_of
from pathways.review.held import hold
from pathways.review.plans import Plan
from tests.browser.rig import axe, conference, show

pytestmark = pytest.mark.browser


@pytest.fixture
def widget() -> CaseConference:
    return conference("back_pain_120_mme")


@pytest.fixture
def zone(page: Page, widget: CaseConference) -> Locator:
    return in_sight(page, widget)


def in_sight(page: Page, widget: CaseConference) -> Locator:
    app = show(page, widget)
    found = app.locator(".cc-zone-plans")
    found.evaluate("zone => zone.scrollIntoView()")
    expect(found.locator(".cc-differ")).to_be_visible()
    return found


def after(zone: Locator, act: Callable[[], object]) -> None:
    """Do something, and wait until the zone has been drawn anew."""
    body = zone.locator(".cc-plans-body")
    drawn = body.get_attribute("data-renders")
    act()
    expect(body).not_to_have_attribute("data-renders", drawn or "")


def opened(zone: Locator, id: str) -> Locator:
    button = zone.locator(f'button.cc-item[data-item="{id}"]')
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    body = zone.locator(f'.cc-item-body[data-body="{id}"]')
    expect(body.get_by_role("heading", name="Sources")).to_be_visible()
    return body


def test_nothing_is_worked_out_before_somebody_looks(page: Page, widget: CaseConference) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    app = show(page, widget)
    body = app.locator(".cc-plans-body")
    expect(app.locator(".cc-page")).to_have_attribute("data-renders", str(widget.view["renders"]))
    expect(body).to_be_empty()
    app.locator(".cc-zone-plans").evaluate("zone => zone.scrollIntoView()")
    expect(body.locator(".cc-core")).to_be_visible()


def test_the_core_stands_once_and_then_only_what_differs(zone: Locator, page: Page) -> None:
    expect(zone.get_by_role("status").first).to_have_text("Plans A, B, C, 2 more found.")
    assert zone.locator('button[data-item="naloxone_kit"]').count() == 1
    table = zone.locator("table.cc-plans")
    expect(table.locator("thead th")).to_have_text(["Plan A", "Plan B", "Plan C"])
    for cells in table.locator("tbody tr:not(.cc-section)").all():
        texts = cells.locator("td").all_inner_texts()
        assert len(set(texts)) > 1, "a row that is the same in every plan stands once, above"
    cautions = zone.locator(".cc-watch li").all_inner_texts()
    assert len(cautions) == len({text.split(" ", 2)[-1] for text in cautions})
    assert all(text.startswith(("Plan ", "Plans ", "Every plan")) for text in cautions)
    assert axe(page) == []


def test_each_item_opens_to_why_change_cautions_and_sources(zone: Locator, page: Page) -> None:
    table_item = opened(zone, "duloxetine")
    expect(table_item.get_by_role("heading")).to_have_text(["Why", "What would change it", "Cautions", "Sources"])
    core_item = opened(zone, "naloxone_kit")
    expect(core_item).to_contain_text("In every plan, whatever is asked of them.")
    assert axe(page) == []
    button = zone.locator('button.cc-item[data-item="duloxetine"]')
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(table_item).to_have_count(0)


def test_locks_rule_outs_and_a_limit_are_chips_that_come_off(zone: Locator, page: Page, widget: CaseConference) -> None:
    lock = opened(zone, "opioid_taper").get_by_role("button", name="Lock in")
    lock.focus()
    after(zone, lambda: page.keyboard.press("Enter"))
    chip = zone.locator(".cc-chip")
    expect(chip).to_contain_text("Locked in: Slow, shared opioid taper")
    assert {plan.decisions["long_term_opioid"] for plan in held(widget)} == {"opioid_taper"}
    expect(opened(zone, "opioid_taper").get_by_role("button", name="Lock in")).to_be_focused()
    after(zone, opened(zone, "duloxetine").get_by_role("button", name="Rule out").click)
    expect(chip).to_have_count(2)
    assert all("duloxetine" not in plan.ids for plan in held(widget))
    assert axe(page) == []
    assert "[plans] locked in = opioid_taper" in widget.case_file()
    assert "[plans] ruled out = duloxetine" in widget.case_file()
    again = CaseConference(widget.profile)
    assert again.state["held"] == widget.state["held"]
    for n in (1, 0):
        after(zone, chip.first.get_by_role("button").click)
        expect(chip).to_have_count(n)
    assert widget.state["held"] == {}


def test_a_burden_limit_and_what_cannot_be_followed(zone: Locator, page: Page, widget: CaseConference) -> None:
    after(zone, lambda: zone.get_by_label("Burden at most").select_option("8"))
    expect(zone.locator(".cc-chip")).to_contain_text("Burden at most 8")
    assert all(plan.burden <= 8 for plan in held(widget))
    assert axe(page) == []


def test_what_cannot_be_followed_says_why(page: Page, widget: CaseConference) -> None:
    widget.hold("out", "naloxone_kit")
    widget.hold("in", "duloxetine")
    zone = in_sight(page, widget)
    expect(zone.locator(".cc-unmet")).to_have_text(["not followed: it is called for in every plan"])
    expect(zone.get_by_role("status").first).to_contain_text("1 of what you asked for cannot be followed")
    assert axe(page) == []


def test_what_the_person_refuses_goes_into_the_case(zone: Locator, page: Page, widget: CaseConference) -> None:
    after(zone, opened(zone, "duloxetine").get_by_role("button", name="Does not want it").click)
    assert [(w.treatment, w.says) for w in widget.profile.wishes] == [("duloxetine", "refuses")]
    assert "refuses" in widget.case_file()
    chip = zone.locator(".cc-chip")
    expect(chip).to_contain_text("The person does not want it: Duloxetine")
    assert axe(page) == []
    after(zone, chip.get_by_role("button").click)
    expect(chip).to_have_count(0)
    assert widget.profile.wishes == ()


def test_a_plan_keeps_its_letter_when_others_come_and_go(zone: Locator, widget: CaseConference) -> None:
    buprenorphine = zone.locator("tr", has=zone.page.locator('[data-item="buprenorphine_for_pain"]'))
    expect(buprenorphine.locator("td").nth(1)).to_have_text("● Consider")  # plan B
    after(zone, opened(zone, "opioid_continue").get_by_role("button", name="Rule out").click)
    heads = zone.locator("thead th").all_inner_texts()
    at = heads.index("Plan B")
    expect(buprenorphine.locator("td").nth(at)).to_have_text("● Consider")
    assert "Plan C" not in heads, "the letter of a plan that is gone is not given to another"


def held(widget: CaseConference) -> tuple[Plan, ...]:
    return hold(widget.case, within_of(widget.state, widget.content)).case.frontier.plans
