"""A view that is old says so: the engine behind the form is stopped, or killed, in the middle of a case."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CELLS_MS, FINISHED, LabServer, guarded_page, open_notebook

pytestmark = pytest.mark.browser

NOTEBOOK = "01_case_conference.ipynb"
STOPPED = "The engine has stopped. This page is old."


@pytest.fixture
def page(browser: Browser, lab_server: LabServer) -> Iterator[Page]:
    with guarded_page(browser) as (page, asked):
        open_notebook(lab_server, page, NOTEBOOK)
        yield page
    assert asked == [], "the page asked other machines"


def engine(server: LabServer) -> psutil.Process:
    """The process of the notebook's kernel."""
    sessions = server.api("sessions")
    assert isinstance(sessions, list)
    kernel = next(one["kernel"]["id"] for one in sessions if one["path"].endswith(NOTEBOOK))
    return next(one for one in psutil.process_iter(["cmdline"]) if kernel in " ".join(one.info["cmdline"] or ()))


def form(page: Page) -> Locator:
    return page.locator(".cc-conference")


def age(app: Locator) -> Locator:
    return app.locator('.cc-form .cc-row[data-key="age_years"] input')


def write(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def wait_for_the_next_engine(page: Page, server: LabServer, dead: int) -> None:
    """Until Jupyter, some seconds after the death, has put another engine in the dead one's place.

    A person closes the dialog that tells of it and goes on. Before it, a restart by hand would meet
    Jupyter's own, and of two restarts that meet JupyterLab may lose the cells that were to follow.
    """
    told = page.locator(".jp-Dialog").filter(has_text="Kernel Restarting")
    told.wait_for(timeout=CELLS_MS)
    told.get_by_role("button", name="Ok").click()
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=CELLS_MS)
    assert engine(server).pid != dead


def restart_and_run_all(page: Page) -> None:
    """As the page says: Kernel > Restart Kernel and Run All Cells."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    page.locator(".cc-conference:not(.test-old)").wait_for(timeout=CELLS_MS)
    page.wait_for_function(FINISHED, timeout=CELLS_MS)


def test_an_engine_that_hangs_covers_the_page_and_lifts_the_cover_when_it_answers(
    page: Page, lab_server: LabServer
) -> None:
    app = form(page)
    write(age(app), "58")
    expect(app.locator(".cc-page")).to_contain_text("of 44 answered")
    expect(app.locator(".cc-page")).to_have_attribute("data-renders", "2")
    process = engine(lab_server)
    process.send_signal(signal.SIGSTOP)
    try:
        write(age(app), "61")
        expect(app.get_by_role("alert").filter(has_text=STOPPED)).to_be_visible()
        expect(app.locator(".cc-page")).to_be_hidden()
        expect(app.locator(".cc-status")).to_be_hidden()
        expect(age(app)).to_have_value("61")
        expect(age(app)).to_be_editable()
        with page.expect_download() as saved:
            app.get_by_role("button", name="Save what was typed").click()
        kept = json.loads(Path(saved.value.path()).read_text("utf-8"))
        assert kept["state"]["rows"]["age_years"] == 61
        if folder := os.environ.get("PATHWAYS_PICTURES"):
            page.screenshot(path=Path(folder, "stopped_engine.png"))
    finally:
        process.send_signal(signal.SIGCONT)
    expect(app.get_by_text(STOPPED)).to_have_count(0)
    expect(app.locator(".cc-page")).to_be_visible()
    expect(app.locator(".cc-page")).to_have_attribute("data-renders", "3")


def test_a_killed_engine_covers_the_page_and_a_restart_brings_back_what_was_typed(
    page: Page, lab_server: LabServer
) -> None:
    app = form(page)
    write(age(app), "58")
    expect(app.locator(".cc-page")).to_contain_text("of 44 answered")
    expect(app.locator(".cc-page")).to_have_attribute("data-renders", "2")
    killed = engine(lab_server)
    killed.kill()
    app.locator('.cc-form .cc-row[data-key="fever"]').get_by_role("radio", name="Yes", exact=True).check()
    expect(app.get_by_text(STOPPED)).to_be_visible()
    expect(app.locator(".cc-page")).to_be_hidden()
    wait_for_the_next_engine(page, lab_server, killed.pid)
    page.evaluate("document.querySelectorAll('.cc-conference').forEach(e => e.classList.add('test-old'))")
    restart_and_run_all(page)
    again = page.locator(".cc-conference:not(.test-old)")
    expect(again.get_by_text("Brought back")).to_be_visible()
    expect(age(again)).to_have_value("58")
    expect(
        again.locator('.cc-form .cc-row[data-key="fever"]').get_by_role("radio", name="Yes", exact=True)
    ).to_be_checked()
    expect(again.get_by_text(STOPPED)).to_have_count(0)
    again.get_by_role("button", name="Clear it").click()
    again.locator(".cc-kept").get_by_role("button", name="Not saved: press again to clear it").click()
    expect(age(again)).to_have_value("")
    expect(again.get_by_text("Brought back")).to_have_count(0)
