"""The page that needs no install, as a hospital would serve it: Python in the browser, and a web server that knows nothing.

The page is built once for all tests here. Nothing but this machine is asked for anything, and after the start nothing at all.
"""

from __future__ import annotations

import functools
import json
import os
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from pathways.apps.cli import main as command_line
from pathways.pages import first_page
from pathways.profile import Profile
from pathways.review.case import review
from tests.browser.conftest import guarded_page
from tests.conftest import ROOT, missing
from tools import pyodide
from tools.web.__main__ import built

pytestmark = pytest.mark.browser

CASES = sorted((ROOT / "sample_data/cases").glob("*.toml"))
STOPPED = "The engine has stopped. This page is old."
OFFLINE = "From now on it starts without a network, too."
START_MS = 120_000  # some seconds on a quiet machine
HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><b>bold</b>"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


class Server:
    """The folder on a plain web server, which notes what it is asked for."""

    def __init__(self, folder: Path) -> None:
        asked = self.asked = []

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                asked.append(self.path)

            def end_headers(self) -> None:
                self.send_header("Access-Control-Allow-Origin", "*")  # so that only the page's policy is in the way
                super().end_headers()

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    def address(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.http.server_port}/"

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture(scope="session")
def folder() -> Path:
    try:
        return built()
    except pyodide.MissingError as error:
        missing(str(error))
        raise


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    started = Server(folder)
    yield started
    if started.thread.is_alive():
        started.stop()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The page, started; nothing may be asked of other machines, and the browser may complain of nothing."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    with guarded_page(browser) as (page, asked):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        app(page).wait_for(timeout=START_MS)
        yield page
        assert asked == [], "the page asked other machines"
        assert complaints == [], "the browser complained, of the policy for instance"


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, server.address()) as page:
        yield page


@pytest.fixture(scope="module")
def shared(browser: Browser, folder: Path) -> Iterator[tuple[Page, Server]]:
    server = Server(folder)
    with opened(browser, server.address()) as page:
        expect(page.locator("#offline")).to_have_text(OFFLINE, timeout=START_MS)
        yield page, server
    server.stop()


@pytest.fixture
def blank(shared: tuple[Page, Server]) -> Page:
    """The page that most tests share, with a new case."""
    page, _ = shared
    again = page.get_by_role("button", name="New case")
    after(page, again.click if not unsaved(page) else lambda: (again.click(), press_again(page)))
    return page


def unsaved(page: Page) -> bool:
    return bool(page.locator(".cc-unsaved [role=status]").text_content())


def press_again(page: Page) -> None:
    page.get_by_role("button", name="Not saved: press again to clear it").click()


def app(page: Page) -> Locator:
    return page.locator(".cc-conference")


def first(page: Page) -> Locator:
    return app(page).locator(".cc-page")


def row(page: Page, key: str) -> Locator:
    return app(page).locator(f'.cc-form .cc-row[data-key="{key}"]')


def age(page: Page) -> Locator:
    return row(page, "age_years").locator("input")


def after(page: Page, act: Callable[[], object]) -> None:
    """Do something and wait until the page has been drawn anew."""
    drawn = first(page).get_attribute("data-renders") or ""
    act()
    expect(first(page)).not_to_have_attribute("data-renders", drawn)


def write(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def open_case(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        app(page).get_by_role("button", name="Open a case").click()
    after(page, lambda: chooser.value.set_files(path))


def saved(page: Page, role: str, name: str) -> str:
    with page.expect_download() as download:
        app(page).get_by_role(role, name=name).click()  # type: ignore[arg-type]
    return Path(download.value.path()).read_text("utf-8")


def reviewed_in(page: Page, path: Path) -> str:
    """The JSON of a review, made in the page's engine."""
    read = "([name, text]) => engine.review_json(name, text)"
    return str(page.workers[0].evaluate(read, [path.name, path.read_text("utf-8")]))


def reviewed_here(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The JSON of a review, as the command line prints it."""
    assert command_line(["review", str(path), "--json"]) == 0
    return capsys.readouterr().out


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def picture(page: Page, name: str) -> None:
    if at := os.environ.get("PATHWAYS_PICTURES"):
        page.screenshot(path=Path(at, f"{name}.png"))


# ---- a case, from the address to the file


def test_a_conference_is_held_in_the_page(blank: Page) -> None:
    zone = app(blank).locator(".cc-zone-meeting")
    zone.get_by_text("The cases", exact=True).click()
    with blank.expect_file_chooser() as chooser:
        zone.get_by_role("button", name="Open the cases of a conference").click()
    chooser.value.set_files([path for path in CASES if path.stem in ("low_risk", "back_pain_120_mme")])
    expect(zone.locator(".cc-cases li")).to_have_count(2)
    after(blank, zone.get_by_role("button", name="Open: low_risk").click)
    zone.get_by_text("Record what is decided", exact=True).click()
    zone.get_by_label("About", exact=True).select_option("exercise")
    after(blank, zone.get_by_role("button", name="Record it").click)
    expect(zone.locator(".cc-agreed li")).to_contain_text("To do: Exercise – nobody named")
    assert violations(blank) == []
    decided = tomllib.loads(saved(blank, "link", "Save this case"))["decisions"]
    assert [(one["item"], one["outcome"]) for one in decided] == [("exercise", "do")]


def test_from_blank_through_six_questions_to_the_first_page_that_the_command_line_gives(
    blank: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = blank
    for question in range(1, 7):
        none = app(page).locator(f'[data-question="{question}"] .cc-none')
        if none.count() and none.is_enabled():
            after(page, none.click)
    after(page, lambda: write(age(page), "58"))
    after(page, lambda: row(page, "fever").get_by_role("radio", name="Yes", exact=True).check())
    expect(first(page)).to_contain_text("1 yes (fever)")
    file = tmp_path / "case.toml"
    file.write_text(saved(page, "link", "Save this case"), "utf-8")
    profile = Profile.load(file)
    assert profile.answers["age_years"] == 58
    case = review(profile)
    assert reviewed_in(page, file) == reviewed_here(file, capsys)
    for ask in first_page(case).ask:
        expect(app(page).locator(f'.cc-ask[data-ask="{ask.ask}"]')).to_have_count(1)
    picture(page, "web_page_six_questions")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_json_is_the_command_lines_to_the_byte(
    path: Path, shared: tuple[Page, Server], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reviewed_in(shared[0], path) == reviewed_here(path, capsys)


def test_a_sheet_is_saved_from_the_page(blank: Page) -> None:
    open_case(blank, CASES[0])
    sheet = saved(blank, "button", "Sheet to print or send")
    assert "<html" in sheet
    assert "120 MME" in sheet


def test_hostile_text_stays_text(blank: Page) -> None:
    page = blank
    page.get_by_text("Title and notes").click()
    after(page, lambda: write(page.get_by_label("Title (no name"), HOSTILE))
    after(page, page.get_by_role("button", name="Add a medicine").click)
    after(page, lambda: write(app(page).locator(".cc-list .cc-what input").first, HOSTILE))
    expect(first(page)).to_contain_text("onerror=")
    assert page.locator('img, [onerror], script:not([src^="v-"])').count() == 0
    expect(page).to_have_title("Pathways: case conference")


# ---- nothing goes out


def test_after_the_start_nothing_is_asked_of_the_server_either(blank: Page, shared: tuple[Page, Server]) -> None:
    _, server = shared
    before = [*server.asked]
    open_case(blank, CASES[0])
    after(blank, lambda: write(age(blank), "61"))
    saved(blank, "button", "Sheet to print or send")
    saved(blank, "link", "Save this case")
    assert server.asked == before


def test_the_engine_stands_under_the_policy_of_the_page(blank: Page, folder: Path) -> None:
    """Asked of a worker by the browser's own tools: another server is out of reach, though it would let anybody in."""
    elsewhere = Server(folder)
    address = elsewhere.address()
    ask = "address => fetch(address).then(() => 'came', error => error.name)"
    assert blank.workers[0].evaluate(ask, address) == "TypeError"
    assert blank.workers[0].evaluate(ask, blank.url) == "came"
    elsewhere.stop()
    assert elsewhere.asked == []


# ---- without a network, over plain http, with an engine that has stopped


def test_it_starts_without_a_server_once_it_was_there(page: Page, server: Server) -> None:
    expect(page.locator("#offline")).to_have_text(OFFLINE, timeout=START_MS)
    server.stop()
    page.goto(server.address() + "index.html")
    expect(page.get_by_role("status").filter(has_text="Loading")).to_be_visible()
    page.goto(server.address())
    app(page).wait_for(timeout=START_MS)
    after(page, lambda: write(age(page), "58"))
    expect(first(page)).to_contain_text("of 44 answered")


def test_over_plain_http_it_works_and_says_that_it_is_not_kept(browser: Browser, server: Server) -> None:
    with opened(browser, server.address("clinic.test")) as page:
        assert page.evaluate("isSecureContext") is False
        expect(page.locator("#offline")).to_contain_text("Each start needs the server")
        after(page, lambda: write(age(page), "58"))
        expect(first(page)).to_contain_text("of 44 answered")


def test_an_engine_that_stops_covers_the_page_and_another_one_brings_back_what_was_typed(page: Page) -> None:
    for years, end in ((58, "close()"), (59, "setTimeout(() => { for (;;); })")):  # killed, and one that hangs
        after(page, lambda: write(age(page), str(years)))  # noqa: B023  # called at once
        page.workers[0].evaluate(end)
        write(age(page), str(years + 10))
        expect(page.get_by_text(STOPPED)).to_be_visible()
        expect(first(page)).to_be_hidden()
        typed = json.loads(saved(page, "button", "Save what was typed"))
        assert typed["state"]["rows"]["age_years"] == years + 10
        assert violations(page) == []
        picture(page, "web_page_stopped")
        again = page.get_by_role("button", name="Start it again")
        expect(again).to_be_in_viewport(ratio=1)
        again.click()
        expect(page.get_by_text(STOPPED)).to_have_count(0)
        expect(app(page).get_by_text("Brought back")).to_be_visible(timeout=START_MS)
        expect(age(page)).to_have_value(str(years + 10))
        expect(first(page)).to_contain_text("of 44 answered")
        expect(page.get_by_role("button", name="Start it again")).to_have_count(0)


# ---- how it looks and reads


def test_start_up_says_what_is_missing_and_how_far_it_is_and_never_shows_the_red_band(
    browser: Browser, server: Server
) -> None:
    held: list[Route] = []

    def first_none_then_late(route: Route) -> None:
        if not held:
            route.fulfill(status=404)
        held.append(route)

    with guarded_page(browser) as (page, asked):
        page.route("**/kit.zip", first_none_then_late)
        page.goto(server.address())
        expect(page.get_by_role("alert")).to_contain_text("could not start (kit.zip: 404)", timeout=START_MS)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status").filter(has_text="Loading the kit")).to_be_visible(timeout=START_MS)
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
        expect(page.get_by_role("alert")).to_be_empty()
        assert violations(page) == []
        picture(page, "web_page_starting")
        held[-1].continue_()
        app(page).wait_for(timeout=START_MS)
        expect(page.get_by_text(STOPPED)).to_have_count(0)
    assert asked == []


def test_no_violation_of_accessibility_blank_and_with_a_case(blank: Page) -> None:
    assert violations(blank) == []
    open_case(blank, CASES[0])
    assert violations(blank) == []
    assert blank.evaluate("document.documentElement.scrollWidth") <= 1280
    picture(blank, "web_page_case")
