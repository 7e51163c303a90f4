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

from tests.browser.conftest import START_SECONDS, guarded_page, lab_environment
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

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
        one for one in psutil.Process(address[1].pid).children(recursive=True) if "ipykernel" in " ".join(one.cmdline())
    ]
    assert engines
    for engine in engines:
        engine.kill()
    age(page).fill("72")
    age(page).press("Tab")
    expect(form(page).get_by_text(STOPPED)).to_be_visible()
    expect(form(page).locator(".cc-page")).to_be_hidden()
    expect(form(page).get_by_text("Save this case")).to_be_hidden()
    with page.expect_download() as saved:
        form(page).get_by_role("button", name="Save what was typed").click()
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


def test_nobody_gets_in_without_the_token(address: tuple[str, subprocess.Popen[str]]) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    url = address[0].partition("?")[0]
    with opener.open(url, timeout=20) as answer:
        assert "/login" in answer.url, "asked for the token"
        assert "jupyter-config-data" not in answer.read().decode(), "and no engine was started"


def test_no_violation_of_accessibility(page: Page) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []
