"""A sheet as PDF, printed by a Chromium that is on this machine: without a network, from a folder that is its owner's alone."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ...disk import write_file
from .common import UserError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome", "msedge")
NAMED = "PATHWAYS_CHROMIUM"
SECONDS = 120
INSTEAD = "write it with --html, open it in any browser and print it there, or choose “Save as PDF” in the print dialog"
NONE_FOUND = f"--pdf: no Chromium, Chrome or Edge was found ({NAMED} can name one); {INSTEAD}"
OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-domain-reliability",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""Nothing of the person's own browser is used, and no host has an address."""


def find_chromium(
    env: Mapping[str, str] = os.environ,
    system: str = platform.system(),
    which: Callable[[str], str | None] = shutil.which,
) -> Path | None:
    """The browser that prints: the one named in PATHWAYS_CHROMIUM alone where that is set, else the first one found."""
    if named := env.get(NAMED):
        return Path(named) if Path(named).is_file() else None
    places = [Path(at) for name in NAMES if (at := which(name))]
    if system == "Darwin":
        names = ("Chromium", "Google Chrome", "Microsoft Edge")
        places += [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in names]
    elif system == "Windows":
        bases = [Path(env[key]) for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if env.get(key)]
        made = ("Chromium/Application/chrome.exe", "Google/Chrome/Application/chrome.exe")
        places += [base / name for name in (*made, "Microsoft/Edge/Application/msedge.exe") for base in bases]
    else:
        places += [Path("/usr/bin/chromium"), Path("/usr/bin/google-chrome")]
    return next((place for place in places if place.is_file()), None)


def found_chromium() -> Path:
    """The browser that prints. Raises UserError, which says how to print without one."""
    found = find_chromium()
    if found is None:
        raise UserError(NONE_FOUND)
    return found


def sheet_pdf(html: str, chromium: Path) -> bytes:
    """A sheet as PDF, as the browser prints it. Raises UserError where the browser makes none."""
    folder = Path(tempfile.mkdtemp(prefix="pathways-"))  # for its owner alone
    try:
        page, out = folder / "sheet.html", folder / "sheet.pdf"
        write_file(page, html.encode("utf-8", "replace"))
        command = [str(chromium), *OPTIONS, f"--user-data-dir={folder / 'browser'}", f"--print-to-pdf={out}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append(
                "--no-sandbox"
            )  # it refuses to start for root with one; the page has no script and no network
        own = {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        try:
            done = subprocess.run(
                [*command, page.as_uri()],
                env={**os.environ, **own},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
            raw = out.read_bytes() if done.returncode == 0 and out.is_file() else b""
        except (OSError, subprocess.TimeoutExpired):
            raw = b""
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not raw.startswith(b"%PDF-"):
        raise UserError(f"--pdf: {chromium} made no PDF; {INSTEAD}")
    return raw
