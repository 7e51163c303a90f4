"""`pathways lab`: JupyterLab with a private copy of the notebooks, on this machine only, behind a fresh token."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from .common import UserError
from .jupyter import OWN_COOKIE, PRIVATE_ENGINE, end_alike, fresh_token, put_first, run_folder, without_slow_parts

FIRST = "notebooks/01_case_conference.ipynb"
FOLDERS = ("notebooks", "sample_data", "models")  # what the notebooks read, laid out as in the checkout
VIEW = "doc/tree"  # one document, without the list of files: room for the page
SETTINGS = Path(__file__).resolve().parents[1] / "lab"  # Jupyter looks for labconfig/page_config.json in it


def lab(
    keep: Annotated[
        Path | None,
        typer.Option("--keep", help="Keep your copy of the notebooks in this folder.", file_okay=False),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open nothing.")] = False,
) -> None:
    """Open the case conference in JupyterLab. Ctrl-C ends it.

    You work in a copy of the notebooks that only you can read. It goes when this ends, unless you name a folder to keep it
    in. It listens on this machine only, asks for a token that is new each time, and calls no other server.

    \b
    Example: pathways lab
    Example: pathways lab --keep my_notebooks
    Example: pathways lab --no-browser
    """
    start(keep, no_browser=no_browser)


def start(keep: Path | None = None, *, no_browser: bool = False, root: Path | None = None) -> None:
    """Run JupyterLab in this process until it ends. Raises UserError when it is not installed."""
    root = root or root_folder()
    first = FIRST if (root / FIRST).is_file() else ""
    put_first("JUPYTER_CONFIG_PATH", SETTINGS)
    put_first("JUPYTER_PATH", SETTINGS / "share")  # the engine without an open port
    without_slow_parts()
    try:
        lab_app = import_module("jupyterlab.labapp").LabApp
    except ImportError:
        raise UserError(
            "JupyterLab is not installed; install the notebooks extra: pip install 'pathways-cds[notebooks]'"
        ) from None
    token = fresh_token()
    with run_folder() as run, private_copy(root, keep, run) if first else _here(root) as folder:
        server = lab_app.initialize_server(argv=arguments(folder, token, first, no_browser=no_browser))
        end_alike()
        if first:
            until = "" if keep else "; it goes when this ends (--keep FOLDER keeps it)"
            print(f"Your copy of the notebooks: {folder}{until}", flush=True)
        if no_browser or not _has_browser():
            # Lab shows no token that it was given, so without this line nobody could get in.
            page = f"{VIEW}/{first}" if first else "lab"
            print(f"Open http://127.0.0.1:{server.port}{server.base_url}{page}?token={token}", flush=True)
        server.start()


@contextmanager
def private_copy(root: Path, keep: Path | None = None, within: Path | None = None) -> Iterator[Path]:
    """A folder of this user alone with a copy of the notebooks and of what they read. What stands in ``keep`` already stays as
    it is; without it the copy lies ``within`` a folder and is taken away at the end, with whatever was saved into it."""
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="copy_", dir=within))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            for source in sorted((root / name).rglob("*")):
                here = folder / source.relative_to(root)
                if source.is_dir() or here.exists() or {"__pycache__", ".ipynb_checkpoints"} & set(source.parts):
                    continue
                here.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copyfile(source, here)
                here.chmod(0o600)
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _here(root: Path) -> Iterator[Path]:
    yield root


def arguments(root: Path, token: str, first: str, *, no_browser: bool = False) -> list[str]:
    """What JupyterLab is started with: this machine only, a token, nothing installed or fetched from elsewhere."""
    made = [
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_remote_access=False",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/{VIEW}/{first}" if first else "--LabApp.default_url=/lab",
        "--LabApp.extension_manager=readonly",
        "--LanguageServerManager.autodetect=False",
        *OWN_COOKIE,
        *PRIVATE_ENGINE,
    ]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        made.append("--allow-root")
    return [*made, "--no-browser"] if no_browser else made


def _has_browser() -> bool:
    import webbrowser  # rarely wanted, and slow to load

    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def root_folder(start_at: Path | None = None) -> Path:
    """The checkout: the nearest folder, upwards from here or from the package, that holds notebooks/; else here."""
    here = (start_at or Path.cwd()).resolve()
    package = Path(__file__).resolve()
    for folder in (here, *here.parents, *package.parents):
        if (folder / FIRST).is_file():
            return folder
    return here
