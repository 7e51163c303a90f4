"""A real Chromium, and a real JupyterLab on this machine, for the tests that need them.

A test takes `page` and `open_and_run`: `open_and_run(page, "01_case_conference.ipynb")` opens the notebook in
JupyterLab, runs all its cells and fails if one of them raised or warned. Nothing but this machine may be
asked for anything: a request to another address is stopped, and its test fails.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as WaitedTooLong

import kit
from tests.conftest import ROOT, missing

FOLDERS = ("notebooks", "sample_data", "models")  # what a notebook may read, laid out as in the checkout
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP clinic.test 127.0.0.1",  # a host that is not this machine, and asks for no network
)
START_SECONDS = 60
WAIT_MS = 30_000
CELLS_MS = 180_000  # a notebook that fits a model takes 20 s on a quiet machine; a hung one still ends
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
LOCAL_HOSTS = {"127.0.0.1", "localhost", "clinic.test", None, ""}  # None: data: and blob: addresses have no host
# The number of a run stands beside the code, and where that is folded away beside what came of it.
PROMPTS = ".jp-Notebook .jp-CodeCell .jp-InputPrompt, .jp-Notebook .jp-CodeCell .jp-OutputPrompt"
CELLS = f"[...document.querySelectorAll('{PROMPTS}')].map(e => e.textContent)"
STATUS = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status"
STARTED = f"() => {CELLS}.some(prompt => /[0-9*]/.test(prompt)) || {STATUS} === 'busy'"
FINISHED = f"""() => {CELLS}.some(prompt => /[0-9]/.test(prompt))
    && !{CELLS}.some(prompt => /[*]/.test(prompt))
    && {STATUS} === 'idle'"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of the page when a test fails."""
    report = yield
    funcargs = getattr(item, "funcargs", {})
    page = funcargs.get("page") or getattr(funcargs.get("conference"), "page", None)
    if report.when == "call" and report.failed and page is not None:
        folder = ROOT / "test-results"
        folder.mkdir(exist_ok=True)
        picture = folder / f"{item.name.replace('/', '_')}.png"
        page.screenshot(path=picture)
        report.sections.append(("picture of the page", str(picture)))
    return report


# --- Chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = kit.find_chromium()
    if chromium is None:
        missing(kit.NO_CHROMIUM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_OPTIONS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, which may ask nothing of any machine but this one."""
    with guarded_page(browser) as (page, asked):
        yield page
    assert asked == [], "the page asked other machines"


@contextmanager
def guarded_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page in a context of its own, and the list of what it asked of other machines; all of that is stopped."""
    asked: list[str] = []

    def stop(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    context.route(lambda url: urlsplit(url).hostname not in LOCAL_HOSTS, stop)
    yield context.new_page(), asked
    context.close()


# --- JupyterLab


@dataclass(frozen=True)
class LabServer:
    """A running JupyterLab: where it is, its token, and the folder that it shows."""

    url: str
    token: str
    root: Path

    def address(self, notebook: str) -> str:
        return f"{self.url}/lab/tree/{quote(notebook)}?token={self.token}&reset"

    def api(self, path: str, method: str = "GET") -> object:
        """What the server answers, asked without any proxy."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/{path}", headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def renew(self, notebook: str) -> None:
        """Make a notebook as it is in the checkout, with no kernel of an earlier test."""
        sessions = self.api("sessions")
        assert isinstance(sessions, list)
        for session in sessions:
            if session["path"] == notebook:
                self.api(f"sessions/{session['id']}", "DELETE")
        if (ROOT / notebook).is_file():
            shutil.copyfile(ROOT / notebook, self.root / notebook)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def lab_command(port: int, root: Path) -> list[str]:
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.extension_manager=readonly", "--LanguageServerManager.autodetect=False"]
    if sys.platform != "win32":
        command += ["--KernelManager.transport=ipc"]
        if os.geteuid() == 0:
            command += ["--allow-root"]
    return command


def lab_environment(home: Path, token: str) -> dict[str, str]:
    """A home of its own, without the settings of whoever runs the tests, and no questions about news."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        folder = home / name.lower().removeprefix("jupyter_")
        folder.mkdir()
        env[name] = str(folder)
    settings = Path(env["JUPYTER_CONFIG_DIR"], "labconfig/page_config.json")
    settings.parent.mkdir()
    off = {"@jupyterlab/apputils-extension:announcements": True}
    settings.write_text(json.dumps({"disabledExtensions": off}), "utf-8")
    return env | {"USERPROFILE": env["HOME"], "JUPYTER_TOKEN": token, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@pytest.fixture(scope="session")
def lab_server() -> Iterator[LabServer]:
    """JupyterLab, until the last test."""
    with running_lab() as server:
        yield server


@contextmanager
def running_lab() -> Iterator[LabServer]:
    """JupyterLab over a copy of the notebooks and the sample data, with a token."""
    # A short path: the kernels' sockets lie below it, and their names may have about a hundred characters.
    home = Path(tempfile.mkdtemp(prefix="lab", dir="/tmp" if os.name == "posix" else None)).resolve()
    root = home / "root"
    root.mkdir()
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
    port, token, log = free_port(), secrets.token_urlsafe(24), home / "lab.log"
    server = LabServer(f"http://127.0.0.1:{port}", token, root)
    env = lab_environment(home, token)
    with log.open("wb") as output:
        process = subprocess.Popen(lab_command(port, root), cwd=root, env=env, stdout=output, stderr=output)
    try:
        wait_until_ready(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(server: LabServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.api("status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    said = log.read_text("utf-8", "replace")[-4000:]
    pytest.fail(f"JupyterLab did not start; it said:\n{said}", pytrace=False)


@pytest.fixture
def open_and_run(lab_server: LabServer) -> Callable[[Page, str], None]:
    """`open_and_run(page, "00_start_here.ipynb")`: open a notebook in JupyterLab and run all its cells."""
    return lambda page, notebook: open_notebook(lab_server, page, notebook)


def open_notebook(lab_server: LabServer, page: Page, notebook: str) -> None:
    """Open a notebook in JupyterLab, as it is in the checkout, and run all its cells; none may raise or warn."""
    path = notebook if "/" in notebook else f"notebooks/{notebook}"
    lab_server.renew(path)
    page.goto(lab_server.address(path))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    run_all_cells(page)
    page.wait_for_function(FINISHED, timeout=CELLS_MS)
    errors = page.locator('.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"]')
    assert errors.all_inner_texts() == [], f"a cell of {notebook} raised an error, or warned"


def run_all_cells(page: Page) -> None:
    """Run > Run All Cells; again where JupyterLab, just opened, let it fall without a word."""
    for _ in range(3):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.wait_for_function(STARTED, timeout=5000)
        except WaitedTooLong:
            continue
        return
    raise AssertionError("JupyterLab did not run the cells")
