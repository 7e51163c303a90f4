"""How fast the page that needs no install starts and answers, in Chromium on this machine; nothing is asserted.

    python kit.py bench page [--runs N]

Cold: a browser that never saw the page. Warm: the page loaded again, kept by its service worker. A change: from an answer
being set to the first page being drawn anew. Aims: cold 8 s, warm 5 s, change 200 ms, folder 40 MB. The processor time of
the browser stands beside the starts: on a machine that is busy with other things it says more than the clock.
"""

from __future__ import annotations

import argparse
import functools
import math
import os
import statistics
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kit  # noqa: E402  # the checkout's own, found by the line above
from tools.web.__main__ import built  # noqa: E402  # likewise

OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WAIT_MS = 180_000
CASE = ROOT / kit.CASE
CHANGE = """years => new Promise(done => {
    const input = document.querySelector('.cc-form .cc-row[data-key="age_years"] input');
    const start = performance.now();
    const drawn = new MutationObserver(() => { drawn.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); });
    drawn.observe(document.querySelector('.cc-page'), { attributes: true });
    input.value = years;
    input.dispatchEvent(new Event('change'));
})"""


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


def processor_ms() -> float:
    """Milliseconds of processor time that the browser has used."""
    used = [one.cpu_times() for one in psutil.Process().children(recursive=True)]
    return 1000 * sum(each.user + each.system for each in used)


def start(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from the navigation to a form that can be used: by the clock, and of processor time."""
    before = processor_ms()
    page.goto(address)
    page.locator(".cc-conference").wait_for(timeout=WAIT_MS)
    worked = processor_ms() - before
    return float(page.evaluate("performance.getEntriesByName('usable')[0].startTime")), worked


def measured(browser: Browser, address: str, runs: int) -> dict[str, list[float]]:
    rows = ("start, cold", "start, cold: processor", "start, warm", "start, warm: processor")
    times: dict[str, list[float]] = {name: [] for name in (*rows, "change, blank", "change, 120 MME case")}
    for _ in range(runs):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        for name, value in zip(("start, cold", "start, cold: processor"), start(page, address), strict=True):
            times[name].append(value)
        page.locator("#offline:not(:empty)").wait_for(timeout=WAIT_MS)
        for name, value in zip(("start, warm", "start, warm: processor"), start(page, address), strict=True):
            times[name].append(value)
        times["change, blank"] += [page.evaluate(CHANGE, 30 + n) for n in range(12)][2:]
        drawn = page.locator(".cc-page").get_attribute("data-renders")
        page.locator('input[type=file][aria-label="Case file"]').set_input_files(CASE)
        page.locator(f'.cc-page:not([data-renders="{drawn}"])').wait_for()
        times["change, 120 MME case"] += [page.evaluate(CHANGE, 30 + n) for n in range(12)][2:]
        context.close()
    return times


def main() -> int:
    parser = argparse.ArgumentParser(prog="kit.py bench page", description="Time the page that needs no install.")
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    folder = built()
    serve = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=kit.find_chromium(), args=list(OPTIONS))
        times = measured(browser, f"http://127.0.0.1:{serve.server_port}/", runs)
        browser.close()
    table = Table("what", "n", "median", "95th percentile", title=f"the page: {size / 1e6:.1f} MB")
    for name, values in times.items():
        ordered = sorted(values)
        last = ordered[math.ceil(0.95 * len(ordered)) - 1]
        table.add_row(name, str(len(ordered)), f"{statistics.median(ordered):.0f} ms", f"{last:.0f} ms")
    Console().print(table)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
