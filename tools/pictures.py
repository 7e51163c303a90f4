"""The pictures of the README: the running app and a printed sheet, taken with the sample cases.

    python kit.py pictures --out docs/pictures

Starts `pathways app` with a home of its own, opens it in a Chromium that is here, and takes each picture at the size of a
projector (1280 by 800). Needs the extras `app` and `test`, and asks no other machine for anything.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from kit import find_chromium
from pathways.pages import sheet_html
from pathways.profile import Profile
from pathways.review.case import review

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "sample_data" / "cases"
CASE = CASES / "back_pain_120_mme.toml"
PRINTED = CASES / "pregnancy_with_oud.toml"
PROJECTOR: ViewportSize = {"width": 1280, "height": 800}
A4: ViewportSize = {"width": 794, "height": 1123}  # CSS pixels of 210 by 297 mm
WAIT_MS = 60_000
TO_THE_TOP = "place => place.scrollIntoView({block: 'start'})"
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main(words: list[str] | None = None) -> int:
    """Take all pictures; gives 1 and a sentence where no Chromium is found."""
    parser = argparse.ArgumentParser(prog="kit.py pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    folder: Path = parser.parse_args(words).out
    chromium = find_chromium()
    if chromium is None:
        print("kit: no Chromium or Chrome was found; PATHWAYS_CHROMIUM names one", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as driver,
        _closing(driver.chromium.launch(executable_path=chromium, args=[*OPTIONS])) as browser,
    ):
        for name, taken in _pictures(browser):
            # A page has few colours: with 256 of them a picture is half as large, and looks the same.
            Image.open(BytesIO(taken)).convert("RGB").quantize(256).save(folder / f"{name}.png", optimize=True)
            print(f"Written: {folder / name}.png")
    return 0


def _pictures(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Each picture: its name, and its bytes as PNG."""
    with _app(CASE) as address:
        page = browser.new_context(reduced_motion="reduce", viewport=PROJECTOR).new_page()
        page.goto(address, timeout=WAIT_MS)
        app = page.locator(".cc-conference")
        app.get_by_role("button", name="Fold the form").click(timeout=WAIT_MS)
        page.locator(".cc-folded").wait_for()
        yield "first_page", page.screenshot()
        title = app.get_by_role("heading", name="Plans", exact=True)
        title.evaluate(TO_THE_TOP)  # the plans are worked out where somebody looks at them
        app.locator(".cc-held").wait_for()
        title.evaluate(TO_THE_TOP)
        yield "plans", page.screenshot()
    page = browser.new_context(viewport=A4).new_page()
    page.emulate_media(media="print")
    page.set_content(sheet_html(review(Profile.load(PRINTED))))
    page.add_style_tag(content="body { padding: 32px; }")  # the margin that a printer leaves
    yield "printed_sheet", page.screenshot()


@contextmanager
def _app(case: Path) -> Iterator[str]:
    """The address of the running app, which ends with this."""
    with tempfile.TemporaryDirectory(prefix="pw", dir="/tmp" if os.name == "posix" else None) as home:
        env = os.environ | {"HOME": home, "USERPROFILE": home, "COLUMNS": "200"}
        command = [sys.executable, "-m", "pathways", "app", str(case), "--no-browser"]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        try:
            said = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", said)
            if found is None:
                raise RuntimeError(f"the app printed no address: {said!r}")
            yield found[0]
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _closing(browser: Browser) -> Iterator[Browser]:
    try:
        yield browser
    finally:
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
