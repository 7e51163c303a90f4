"""`pathways app` as a person meets it: an address, a form that is there at once, and nothing asked of another machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from pathways.apps.widgets.view import asset
from tests.browser.conftest import START_SECONDS, guarded_page, lab_environment
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

KEYS = re.findall(r'^  \["(.+?)", "(.+?)"\],$', asset("keys.js"), re.M)

SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
STOPPED = "The engine has stopped. This page is old."
SHOWN_MS = 60_000
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The app, started as a person starts it, with a home of its own."""
    with tempfile.TemporaryDirectory(prefix="app", dir="/tmp" if os.name == "posix" else None) as home:
        env = lab_environment(Path(home), "unused") | {"COLUMNS": "200"}
        command = [sys.executable, "-m", "pathways", "app", str(SAMPLE), "--no-browser"]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", said)
        assert found, f"no address in {said!r} within {START_SECONDS} s"
        yield found[0], process
        process.terminate()
        process.wait(20)


@pytest.fixture
def page(browser: Browser, address: tuple[str, subprocess.Popen[str]]) -> Iterator[Page]:
    with guarded_page(browser) as (page, asked):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(address[0], timeout=SHOWN_MS)
        form(page).wait_for(timeout=SHOWN_MS)
        yield page
    assert asked == [], "the page asked other machines"


def form(page: Page) -> Locator:
    return page.locator(".cc-conference")


def age(page: Page) -> Locator:
    return form(page).locator('.cc-form .cc-row[data-key="age_years"] input')


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PATHWAYS_PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"))


def test_the_case_is_there_and_fills_the_page(page: Page) -> None:
    expect(form(page).locator(".cc-page")).to_contain_text("120 MME")
    box = form(page).bounding_box()
    assert box is not None
    assert box["width"] >= 1200
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    expect(page).to_have_title(re.compile("Pathways"))
    expect(page.get_by_text("import conference")).to_have_count(0)
    picture(page, "app")


def test_an_answer_changes_the_page_and_comes_back_after_a_reload(page: Page) -> None:
    age(page).fill("71")
    age(page).press("Tab")
    expect(form(page).locator(".cc-page")).not_to_have_attribute("data-renders", "1")
    expect(form(page).locator(".cc-unsaved")).to_contain_text("Not saved")
    page.reload(timeout=SHOWN_MS)
    form(page).wait_for(timeout=SHOWN_MS)
    expect(form(page).get_by_text("Brought back")).to_be_visible()
    expect(age(page)).to_have_value("71")


def test_a_date_of_habit_is_shown_back_and_one_that_is_none_is_marked(page: Page) -> None:
    day = form(page).get_by_label("Day of review")
    day.fill("11/9/2026")
    day.press("Tab")
    expect(day).to_have_value("2026-11-09")
    expect(form(page).get_by_text("November 9, 2026: month first")).to_be_visible()
    expect(form(page).locator(".cc-page")).to_contain_text("2026-11-09")
    day.fill("2/30/2026")
    day.press("Tab")
    expect(form(page).get_by_text("'2/30/2026' is not a day")).to_be_visible()


def test_a_killed_engine_covers_the_page(page: Page, address: tuple[str, subprocess.Popen[str]]) -> None:
    engines = [
        one
        for one in psutil.Process(address[1].pid).children(recursive=True)
        if "pathways.apps.lab.engine" in " ".join(one.cmdline())
    ]
    assert engines
    for engine in engines:
        engine.kill()
    age(page).fill("72")
    age(page).press("Tab")
    expect(form(page).get_by_text(STOPPED)).to_be_visible()
    expect(form(page).locator(".cc-page")).to_be_hidden()
    expect(form(page).get_by_role("link", name="Save this case")).to_be_hidden()
    form(page).locator(".cc-form").focus()
    with page.expect_download() as saved:
        page.keyboard.press("s")
    assert '"age_years": 72' in Path(saved.value.path()).read_text("utf-8")
    picture(page, "app_stopped")


def test_what_the_page_only_counts_opens_by_click_and_by_key_and_escape_leads_back(page: Page) -> None:
    opened = form(page).get_by_role("dialog")
    expect(opened).to_have_count(0)
    form(page).get_by_role("link", name=re.compile(r"\d+ apply")).click()
    expect(opened.get_by_role("heading", name="What the sources say here")).to_be_visible()
    expect(opened).to_contain_text("Recommendation 11")
    picture(page, "app_opened")
    found = Axe().run(page, options=AXE).response["violations"]
    assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []
    opened.get_by_role("button", name="Close").click()
    expect(opened).to_have_count(0)
    link = form(page).get_by_role("link", name=re.compile(r"^\+\d+ more$")).first
    link.focus()
    page.keyboard.press("Enter")
    expect(opened).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(link).to_be_focused()


def test_clear_takes_away_what_this_tab_kept_and_a_reload_does_not_bring_it_back(page: Page) -> None:
    clear = form(page).get_by_role("button", name="Clear", exact=True)
    expect(clear).to_be_hidden()
    age(page).fill("73")
    age(page).press("Tab")
    expect(form(page).locator(".cc-unsaved")).to_contain_text("may bring it back")
    clear.click()
    expect(age(page)).to_have_value("73")
    form(page).get_by_role("button", name="Not saved: press again to clear it").last.click()
    expect(age(page)).to_have_value("")
    expect(clear).to_be_hidden()
    assert page.evaluate("() => Object.keys(sessionStorage).filter(key => key.startsWith('pathways'))") == []
    page.reload(timeout=SHOWN_MS)
    form(page).wait_for(timeout=SHOWN_MS)
    expect(form(page).get_by_text("Brought back")).to_have_count(0)
    expect(age(page)).to_have_value("58")  # the file that the app was started with


BEHIND = """([x, y]) => {
    for (let el = document.elementFromPoint(x, y); el; el = el.parentElement) {
        const color = getComputedStyle(el).backgroundColor;
        if (color !== "rgba(0, 0, 0, 0)") return color;
    }
    return "white";
}"""


def test_a_dark_page_is_dark_to_its_edges(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    form(page).evaluate("app => app.scrollIntoView()")
    colors = {page.evaluate(BEHIND, [x, y]) for x in (2, 8, 640, 1255, 1262) for y in (3, 400, 790)}
    assert all(max(map(int, re.findall(r"\d+", color))) < 100 for color in colors if color != "white")
    assert "white" not in colors


def test_a_case_is_saved_under_the_name_of_its_file(page: Page) -> None:
    with page.expect_download() as saved:
        form(page).get_by_role("link", name="Save this case").click()
    assert saved.value.suggested_filename == SAMPLE.name


def value(page: Page, key: str) -> str | None:
    """Which of yes, no and not known is chosen in a row of the questions."""
    chosen = form(page).locator(f'.cc-form .cc-row[data-key="{key}"] label:has(input:checked)')
    return chosen.text_content()


def test_question_mark_lists_the_keys_and_they_can_be_switched_off(page: Page) -> None:
    form(page).locator(".cc-form").focus()
    page.keyboard.press("?")
    keys = form(page).get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    expect(keys.locator("dt")).to_have_count(len(KEYS))
    picture(page, "app_keys")
    found = Axe().run(page, options=AXE).response["violations"]
    assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []
    keys.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(form(page).locator(".cc-form")).to_be_focused()
    page.keyboard.press("2")
    expect(form(page).locator(".cc-form")).to_be_focused()
    form(page).get_by_role("button", name="Keys (?)").click()
    keys.get_by_label("Single keys are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(form(page).locator('.cc-form .cc-row[data-key="age_years"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(age(page)).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("5?1")
    expect(age(page)).not_to_have_value("58")
    expect(keys).to_be_hidden()
    page.keyboard.press("Escape")
    expect(form(page).locator('.cc-form .cc-row[data-key="age_years"]')).to_be_focused()
    page.keyboard.press("j")
    expect(form(page).locator('.cc-form .cc-row[data-key="setting"] select')).to_be_focused()


def test_answers_by_key_go_on_to_the_next_line(page: Page) -> None:
    form(page).locator(".cc-form").focus()
    page.keyboard.press("1")
    first = form(page).locator(".cc-form .cc-row").first
    expect(first.locator("input:checked")).to_be_focused()
    for key in "nynu":
        page.keyboard.press(key)
    rows = [str(row.get_attribute("data-key")) for row in form(page).locator(".cc-form .cc-row").all()[:4]]
    assert [value(page, key) for key in rows] == ["No", "Yes", "No", "Not known"]
    expect(form(page).locator(".cc-page .pw-red")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("y")
    assert value(page, rows[3]) == "Yes"
    page.keyboard.press("0")
    expect(form(page).locator('.cc-form .cc-row[data-key="age_years"]')).to_be_focused()
    expect(form(page).locator('.cc-form fieldset[data-question="1"] .cc-none')).to_be_disabled()


def test_the_first_links_lead_to_each_part_of_the_page(page: Page) -> None:
    page.keyboard.press("Tab")
    links = form(page).get_by_role("navigation", name="Skip to").get_by_role("link")
    expect(links.first).to_be_focused()
    expect(links.first).to_be_visible()
    page.keyboard.press("Enter")
    expect(form(page).locator(".cc-form .cc-row input:checked").first).to_be_focused()
    assert links.all_inner_texts() == ["Questions", "First page", "Ask next", "Plans", "Decisions", "Conference"]
    links.nth(1).focus()
    page.keyboard.press("Enter")
    expect(form(page).locator(".cc-live")).to_be_focused()
    for key, place in (
        ("d", ".cc-together button[data-mark]:focus"),
        ("a", ".cc-asks .cc-ask :focus"),
        ("p", ".cc-live"),
        ("c", ".cc-zone-meeting"),
    ):
        form(page).locator(".cc-form").focus()
        page.keyboard.press(key)
        expect(form(page).locator(place).first).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    form(page).evaluate("app => app.scrollIntoView()")  # the decisions stand below the plans, far down
    expect(links.nth(1)).to_be_in_viewport()
    links.nth(1).click()
    expect(form(page).locator(".cc-page h2").first).to_be_in_viewport()


def test_nobody_gets_in_without_the_token(address: tuple[str, subprocess.Popen[str]]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    url = address[0].partition("?")[0]
    with opener.open(url, timeout=20) as answer:
        assert "/login" in answer.url, "asked for the token"
        assert "jupyter-config-data" not in answer.read().decode(), "and no engine was started"


def test_no_violation_of_accessibility(page: Page) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []
