"""A date typed by habit is taken and shown back so that nobody can read it in two ways; what is no date is marked where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pathways.apps.widgets.view import asset

pytestmark = pytest.mark.browser

FIRST = "March 4, 2026: month first"
READ = {
    "3/4/2026": ("2026-03-04", FIRST),
    "03-04-26": ("2026-03-04", FIRST),
    "3.4.2026": ("2026-03-04", FIRST),
    "3/3/2026": ("2026-03-03", "March 3, 2026"),
    "12/25/2026": ("2026-12-25", "December 25, 2026"),
    "25/12/2026": ("2026-12-25", "December 25, 2026"),
    "1/2/99": ("1999-01-02", "January 2, 1999: month first"),
    "2/29/2024": ("2024-02-29", "February 29, 2024"),
    "2026-3-4": ("2026-03-04", "March 4, 2026"),
    "20260304": ("2026-03-04", "March 4, 2026"),
    "Mar 4, 2026": ("2026-03-04", "March 4, 2026"),
    "4 March 2026": ("2026-03-04", "March 4, 2026"),
    "March 4th, 2026": ("2026-03-04", "March 4, 2026"),
}
NONE = ("2/30/2026", "2/29/2026", "13/13/2026", "0/4/2026", "soon", "3/4", "2026", "Mai 4, 2026", "'; alert(1)")
MODEL = """async ({script, state}) => {
    const told = {view: {answers: 0, files: 0}, state, spec: {opens: "x", start: state, blank: state}};
    const model = {get: (name) => told[name], set: (name, value) => { told[name] = value; }, save_changes() {}, on() {}, off() {}};
    const make = `${script}
        export const read = readDate;
        export function draw(model, part) {
            const form = new Form(model);
            const root = h("div", {});
            form.root = root;
            root.append(dated(form, "on", {part}, () => form.state.as_of, (v) => form.edit((s) => { s.as_of = v ?? ""; })));
            document.body.replaceChildren(root);
        }`;
    const made = await import(URL.createObjectURL(new Blob([make], {type: "text/javascript"})));
    window.read = made.read;
    window.told = told;
    window.draw = (part) => made.draw(model, part);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.evaluate(MODEL, {"script": asset("form.js", "dates.js"), "state": {"as_of": ""}})
    yield page
    page.close()


def test_dates_of_habit_are_read_month_first_and_told_in_words(page: Page) -> None:
    found = page.evaluate("texts => texts.map(text => window.read(text, false, 2026))", list(READ))
    assert {text: (one["iso"], one["words"]) for text, one in zip(READ, found, strict=True)} == READ
    assert page.evaluate("texts => texts.map(text => window.read(text, true, 2026))", list(NONE)) == [None] * len(NONE)


def test_a_month_is_a_date_only_where_one_is_enough(page: Page) -> None:
    both = "text => [window.read(text, true, 2026), window.read(text, false, 2026)]"
    for text in ("3/2026", "March 2026", "2026-3"):
        assert page.evaluate(both, text) == [{"iso": "2026-03", "words": "March 2026"}, None], text


def test_the_field_shows_the_date_back_and_keeps_what_is_none(page: Page) -> None:
    page.evaluate("() => window.draw(false)")
    field = page.get_by_label("on")
    field.press_sequentially("3/4/2026")
    field.press("Tab")
    expect(field).to_have_value("2026-03-04")
    expect(page.get_by_role("status")).to_have_text(FIRST)
    assert page.evaluate("() => window.told.state.as_of") == "2026-03-04"
    field.fill("2/30/2026")
    field.press("Tab")
    expect(field).to_have_value("2/30/2026")
    expect(page.get_by_role("status")).to_have_text("")
    assert page.evaluate("() => window.told.state.as_of") == "2/30/2026", "the engine is told, and marks it"
    field.fill("")
    field.press("Tab")
    assert page.evaluate("() => window.told.state.as_of") == ""


def test_nothing_is_sent_while_a_date_is_half_typed(page: Page) -> None:
    page.clock.install()
    page.evaluate("() => { window.draw(false); window.sent = []; }")
    page.evaluate(
        "() => { const {state} = window.told; Object.defineProperty(window.told, 'state', "
        "{get: () => state, set: (next) => window.sent.push(next.as_of)}); }"
    )
    field = page.get_by_label("on")
    field.press_sequentially("3/4/20")
    page.clock.run_for(2000)  # longer than the wait for a pause
    assert page.evaluate("() => window.sent") == []
    field.press_sequentially("26")
    field.press("Enter")
    assert json.dumps(page.evaluate("() => window.sent")) == '["2026-03-04"]'
