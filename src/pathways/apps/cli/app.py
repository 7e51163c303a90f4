"""`pathways app`: the case conference alone on a page, by Voila, on this machine only and behind a fresh token."""

from __future__ import annotations

import os
import webbrowser
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import lab as settings
from .common import UserError
from .jupyter import (
    OWN_COOKIE,
    PRIVATE_ENGINE,
    fresh_token,
    guarded,
    keep_tokens_out_of_logs,
    put_first,
    run_folder,
    way_in,
    without_slow_parts,
)

PAGE = Path(settings.__file__).with_name("app.ipynb")
SHARE = Path(settings.__file__).with_name(
    "share"
)  # Voila looks for voila/templates/pathways in it, Jupyter for kernels
LEFT_SECONDS = 15 * 60
"""How long an engine, with the case in it, outlives the last edit once no page is connected to it. One whose page is open is
never ended: a conference may rest for hours."""
PINGS = {"ws_ping_timeout": 30_000}
"""Milliseconds, as long as from one ping to the next: Jupyter's own wait is longer, and tornado warns of that on the terminal."""
NOT_INSTALLED = "Voila is not installed; install the app extra: pip install 'pathways-cds[app]'"


def app(
    case: Annotated[
        Path | None,
        typer.Argument(help="A case file, health record (FHIR) or PDMP export to open.", exists=True, dir_okay=False),
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option("--site", help="Your site file: services, phone numbers, owners.", exists=True, dir_okay=False),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open nothing.")] = False,
) -> None:
    """Open the case conference in the browser, without any code. Ctrl-C ends it.

    It listens on this machine only, asks for a token that is new each time, and calls no other server.

    \b
    Example: pathways app
    Example: pathways app sample_data/cases/back_pain_120_mme.toml
    """
    start(case, site, no_browser=no_browser)


def start(case: Path | None = None, site: Path | None = None, *, no_browser: bool = False) -> None:
    """Run the page's server in this process until it ends. Raises UserError when Voila is not installed."""
    for name, file in ((settings.CASE, case), (settings.SITE, site)):
        os.environ.pop(name, None)
        if file is not None:
            os.environ[name] = str(file.resolve())
    put_first("JUPYTER_PATH", SHARE)
    without_slow_parts()
    try:
        voila = import_module("voila.app").Voila
    except ImportError:
        raise UserError(NOT_INSTALLED) from None
    token = fresh_token()
    keep_tokens_out_of_logs()
    with run_folder() as folder:
        (nothing := folder / "static").mkdir()  # the page of an error asks for such a folder

        def launch_browser(server: Any) -> None:  # called when it listens: its own would not show the token
            _open(f"http://127.0.0.1:{server.port}/?token={token}", None if no_browser else folder)

        server: Any = type("Server", (guarded(voila),), {"launch_browser": launch_browser})
        server.launch_instance(argv=arguments(token, folder), tornado_settings={**PINGS, "static_path": str(nothing)})


def arguments(token: str, folder: Path) -> list[str]:
    """What Voila is started with: this machine only, a token, our page, an engine that ends when nobody uses it, and the folder
    of the run for its files."""
    return [
        str(PAGE),
        "--template=pathways",
        "--Voila.port_retries=50",
        "--Voila.ip=127.0.0.1",
        f"--token={token}",
        f"--Voila.connection_dir_root={folder}",
        "--VoilaConfiguration.allow_template_override=NO",
        "--VoilaConfiguration.show_tracebacks=False",
        f"--MappingKernelManager.cull_idle_timeout={LEFT_SECONDS}",
        "--MappingKernelManager.cull_connected=False",
        "--MappingKernelManager.cull_interval=60",
        "--Voila.log_level=ERROR",
        *OWN_COOKIE,
        *PRIVATE_ENGINE,
    ]


def _open(address: str, folder: Path | None) -> None:
    how = "by files of this user alone" if PRIVATE_ENGINE else "over TCP on this machine"
    print(f"The case conference: {address}\nThe page and its engine talk {how}. Ctrl-C ends both.", flush=True)
    if folder is not None:
        try:
            webbrowser.get().open(way_in(folder, address))
        except webbrowser.Error:
            return  # the address is printed
