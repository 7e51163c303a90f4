"""From a key press or a click to the page drawn anew: five interactions in the app, in JupyterLab and in the page without an
install, and beside them a widget that does nothing but answer. Nothing is asserted. Run with `python kit.py bench latency`.

    python kit.py bench latency [--n 30] [--without page lab app]

Each is measured in the page itself, by its own clock: from the event to the first frame after the page was replaced. The widget
that only answers tells what the front end and the way to the engine take: the rest is ours. Aim: 95th percentile below 100 ms
in the app and in JupyterLab, 200 ms in the page. The start of the app is measured too: from the command to a form that can be
used (aim 4 s).
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kit  # noqa: E402  # the checkout's own, found by the line above
from benchmarks.page import OPTIONS, Handler  # noqa: E402
from tests.browser.conftest import free_port, lab_environment, open_notebook, running_lab  # noqa: E402
from tools.web.__main__ import built  # noqa: E402

WAIT_MS = 180_000
CASE = ROOT / kit.CASE
PLACES = ("app", "lab", "page")
Times = dict[str, list[float]]

DONE = """([place, act]) => new Promise(done => {
    const drawn = new MutationObserver(() => { drawn.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); });
    drawn.observe(document.querySelector(place), { attributes: true });
    const start = performance.now();
    (new Function(act))();
})"""
ROW = "const row = document.querySelector('.cc-form .cc-row[data-key=\"%s\"]');"
SET = "input.value = %s; input.dispatchEvent(new Event('%s', { bubbles: true }));"
ACTS = {
    "a number (age)": (ROW % "age_years" + "const input = row.querySelector('input');" + SET % ("{n} + 40", "change")),
    "yes or no (fever)": ROW % "fever" + "row.querySelectorAll('input')[{n} % 2].click();",
    "a choice (where the pain is)": (
        ROW % "main_pain"
        + "const input = row.querySelector('select');"
        + SET % ("input.options[1 + {n} % 5].value", "change")
    ),
    "a dose, digit by digit": (
        "const input = document.querySelector('.cc-form .cc-dose input'); input.focus();" + SET % ("{n} + 20", "input")
    ),
    "undo": "[...document.querySelectorAll('.cc-bar button, button')].find(b => b.textContent === 'Undo').click();",
}
BASELINE = '''
import anywidget

class Answers(anywidget.AnyWidget):
    """Answers each number with itself."""
    _esm = """
    export default { render({ model, el }) {
        const input = Object.assign(document.createElement("input"), { id: "asks" });
        const out = Object.assign(document.createElement("output"), { id: "answers" });
        input.addEventListener("change", () => model.send({ n: input.value }));
        model.on("msg:custom", (said) => { out.textContent = said.n; out.dataset.n = said.n; });
        el.append(input, out);
    } }
    """
    def __init__(self):
        super().__init__()
        self.on_msg(lambda _, said, __: self.send({"n": said["n"]}))

Answers()
'''
ASK = "const input = document.querySelector('#asks');" + SET % ("{n}", "change")


def taken(page: Page, act: str, n: int, place: str = ".cc-page") -> list[float]:
    """Milliseconds of ``n`` times an act, after two that warm up."""
    times = [float(page.evaluate(DONE, [place, act.replace("{n}", str(k))])) for k in range(n + 2)]
    return times[2:]


def of_the_form(page: Page, n: int) -> Times:
    """Each interaction with the sample case open."""
    drawn = page.locator(".cc-page").get_attribute("data-renders")
    page.locator('input[type=file][aria-label="Case file"]').set_input_files(CASE)
    page.locator(f'.cc-page:not([data-renders="{drawn}"])').wait_for(timeout=WAIT_MS)
    return {name: taken(page, act, n) for name, act in ACTS.items()}


def baseline(page: Page, n: int) -> list[float]:
    page.locator("#answers").wait_for(state="attached", timeout=WAIT_MS)
    return taken(page, ASK, n, "#answers")


def in_app(browser: Browser, n: int) -> Times:
    with _started([sys.executable, "-m", "pathways", "app", "--no-browser"]) as (address, began):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(address, timeout=WAIT_MS)
        page.locator(".cc-conference").wait_for(timeout=WAIT_MS)
        start = 1000 * (time.monotonic() - began)
        times = {"start: command to form": [start]} | of_the_form(page, n)
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder, "baseline.ipynb")
        notebook.write_text(json.dumps(_notebook()), "utf-8")
        command = [
            sys.executable,
            "-m",
            "voila",
            str(notebook),
            "--no-browser",
            f"--port={free_port()}",
            "--ip=127.0.0.1",
        ]
        with _started(command) as (address, _):
            page = browser.new_page()
            page.goto(address, timeout=WAIT_MS)
            times[BARE] = baseline(page, n)
    return times


def in_lab(browser: Browser, n: int) -> Times:
    with running_lab() as server:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(WAIT_MS)
        open_notebook(server, page, "01_case_conference.ipynb")
        page.locator(".cc-conference").wait_for(timeout=WAIT_MS)
        times = of_the_form(page, n)
        (server.root / "notebooks/baseline.ipynb").write_text(json.dumps(_notebook()), "utf-8")
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(WAIT_MS)
        open_notebook(server, page, "baseline.ipynb")
        times[BARE] = baseline(page, n)
    return times


def in_page(browser: Browser, n: int) -> Times:
    serve = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=built()))
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"http://127.0.0.1:{serve.server_port}/")
    page.locator(".cc-conference").wait_for(timeout=WAIT_MS)
    return of_the_form(page, n)


BARE = "a widget that only answers"
MEASURES = {"app": in_app, "lab": in_lab, "page": in_page}


def _notebook() -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "bare",
        "metadata": {},
        "source": BASELINE,
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


@contextmanager
def _started(command: list[str]) -> Iterator[tuple[str, float]]:
    """The address that a server prints, and when it was started; the server ends with this."""
    with tempfile.TemporaryDirectory(prefix="pw", dir="/tmp" if os.name == "posix" else None) as home:
        env = lab_environment(Path(home), "unused") | {"COLUMNS": "200"}
        env.pop("JUPYTER_TOKEN")
        began = time.monotonic()
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            for line in process.stdout or ():
                if found := re.search(r"http://(?:127\.0\.0\.1|localhost):\d+/\S*", line):
                    threading.Thread(target=process.stdout.read, daemon=True).start()  # type: ignore[union-attr]  # a pipe
                    yield found[0], began
                    break
            else:
                raise RuntimeError(f"no address from {' '.join(command)}")
        finally:
            process.terminate()
            process.wait(20)


def main(words: list[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="kit.py bench latency", description="Time a change until it is drawn.")
    parser.add_argument("--n", type=int, default=30)
    parser.add_argument("--without", nargs="*", choices=PLACES, default=[])
    asked = parser.parse_args(words)
    table = Table("what", "where", "n", "median", "95th percentile", title="from the event to the page drawn anew")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=kit.find_chromium(), args=list(OPTIONS))
        for place in PLACES:
            for what, values in MEASURES[place](browser, asked.n).items() if place not in asked.without else ():
                ordered = sorted(values)
                last = ordered[math.ceil(0.95 * len(ordered)) - 1]
                row = (what, place, str(len(ordered)), f"{statistics.median(ordered):.0f} ms", f"{last:.0f} ms")
                print(*row, sep="; ", flush=True)
                table.add_row(*row)
        browser.close()
    Console().print(table)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
