"""What the page (Voila) and JupyterLab are started with alike: our settings, a token that is new, a private engine, and a folder
that goes with the run."""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path
from typing import Any

from ...disk.files import our_user
from ...disk.locks import is_held, mine

PRIVATE_ENGINE = ("--KernelManager.transport=ipc",) if os.name != "nt" else ()
"""The page and its engine talk by files of this user alone, so that other users of the machine cannot listen in. Windows has
no such files: there they talk over TCP on this machine."""
OWN_COOKIE = ("--IdentityProvider.cookie_options=samesite=Lax",)
"""The page of another site cannot have the browser send our cookie along."""
_TOKEN = re.compile(r"(token(?:=|%3D|\s+))[^\s&'\"]+", re.IGNORECASE)
PREFIX = "pathways_run_"
MARK = ".pathways-run"
"""The file that makes such a folder surely ours: it holds the number of the process, and is locked as long as that lives."""
_SHORT = 40
"""The longest base, in characters: a file to talk through has a path of some hundred characters at most, on macOS."""


def put_first(variable: str, folder: Path) -> None:
    """Have Jupyter look in ``folder`` before the folders that a search path of the environment names already."""
    paths = (str(folder), os.environ.get(variable, ""))
    os.environ[variable] = os.pathsep.join(path for path in paths if path)


def fresh_token() -> str:
    """A token for one run; one that the environment holds would open the server beside it, and is taken away."""
    os.environ.pop("JUPYTER_TOKEN", None)
    return secrets.token_urlsafe(32)


def without_slow_parts() -> None:
    """Have Jupyter's server start without what it never uses here and takes two thirds of its start to load: jsonschema
    loads a grammar of international addresses where it is installed, and does without it where it is not."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: an import of it fails as if it were absent


class _WithoutTokens(logging.Filter):
    """Takes the token out of what is logged: the server names the address of a request that it refuses, token and all."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"\1[secret]", record.getMessage()), ()
        return True


def keep_tokens_out_of_logs() -> None:
    """Have no log of the server hold the token of a run, nor a line for each request that was refused."""
    for name in ("tornado.access", "tornado.application", "tornado.general"):
        log = logging.getLogger(name)
        log.addFilter(_WithoutTokens())
        log.setLevel(logging.ERROR if name == "tornado.application" else logging.CRITICAL)


# ---- the folder of a run --------------------------------------------------------------------------------------------


@contextmanager
def run_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder of this user alone for all that a run writes on the way. It goes at the end: by Ctrl-C, when the process is told
    to end (TERM), and when its terminal is closed (HUP). What a killed run left is taken away by the next one."""
    base = base or _base()
    clear_runs(base)
    before = {each: signal.getsignal(each) for each in _ends() if threading.current_thread() is threading.main_thread()}
    runtime = os.environ.get("JUPYTER_RUNTIME_DIR")
    folder, handle = _new(base)
    try:
        for each in before:
            signal.signal(each, _leave)
        os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)  # Jupyter's notes of a server hold its token
        yield folder
    finally:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # a second one would leave half
        os.environ.pop("JUPYTER_RUNTIME_DIR")
        if runtime is not None:
            os.environ["JUPYTER_RUNTIME_DIR"] = runtime
        if sys.platform == "win32":
            os.close(handle)  # an open file cannot be taken away there
        shutil.rmtree(folder, ignore_errors=True)
        if sys.platform != "win32":
            os.close(handle)
        for each, was in before.items():
            signal.signal(each, was)


def end_alike() -> None:
    """Have a closed terminal end the server as TERM does, which it handles by itself."""
    if hasattr(signal, "SIGHUP") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))


def clear_runs(base: Path) -> None:
    """Take away the folders of runs that were killed: real folders of this user alone, with our mark, that no process holds."""
    with suppress(OSError), os.scandir(base) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with suppress(OSError):
                    _clear(Path(entry.path))


def _clear(folder: Path) -> None:
    found, mark = folder.lstat(), folder / MARK
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != our_user():
        return
    if sys.platform == "win32":
        mark.unlink()  # refused by the system while a process has it open; not there if the folder is none of ours
        shutil.rmtree(folder, ignore_errors=True)
        return
    if stat.S_IMODE(found.st_mode) != 0o700:
        return
    handle = os.open(mark, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        here = os.fstat(handle)
        if stat.S_ISREG(here.st_mode) and here.st_uid == our_user() and not is_held(handle):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def _new(base: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        handle = os.open(folder / MARK, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.write(handle, f"{os.getpid()}\n".encode())
        if mine(handle):
            return folder, handle
        os.close(handle)  # it was taken for left behind before it could be locked


def _base() -> Path:
    base = Path(tempfile.gettempdir())
    short = Path("/tmp")  # a folder of one's own in it is safe: mkdtemp
    return short if os.name != "nt" and len(str(base)) > _SHORT and short.is_dir() else base


def _ends() -> list[int]:
    return [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]


def _leave(number: int, _: Any) -> None:
    raise SystemExit(128 + number)


# ---- the way in -----------------------------------------------------------------------------------------------------


def way_in(folder: Path, address: str) -> str:
    """The address of a page in the folder of a run that leads to ``address``: what a browser is started with can be read by every
    user of the machine, and a token in it would open the page to them."""
    page = folder / "open.html"
    handle = os.open(page, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(
            f'<!DOCTYPE html><meta charset="utf-8"><title>Pathways</title><meta name="referrer" content="no-referrer">'
            f'<meta http-equiv="refresh" content="0;url={escape(address)}"><a href="{escape(address)}">Open the page</a>\n'
        )
    return page.as_uri()


# ---- what Voila leaves open -----------------------------------------------------------------------------------------


def is_here(host: str) -> bool:
    """Whether a request names this machine: a page of another site can have its own name lead here, but not change the name.

    >>> [is_here(host) for host in ("localhost", "127.0.0.1", "[::1]", "::1", "evil.example", "127.0.0.1.evil.example", "")]
    [True, True, True, True, False, False, False]
    """
    return host.lower().strip("[]") in ("localhost", "127.0.0.1", "::1")


def guarded(voila: type[Any]) -> type[Any]:
    """Voila, closed where it is open: it answers whatever name of a host a request has, with its files too, and fails at addresses
    that it does not know."""
    from tornado.web import ErrorHandler, HTTPError

    class Guarded(voila):  # type: ignore[misc]  # Voila has no types
        def init_handlers(self) -> list[Any]:
            made = []
            for pattern, handler, *rest in super().init_handlers():
                if handler.__name__ == "TemplateStaticFileHandler":
                    made.append((pattern, _sound(handler, HTTPError), *rest))
                elif handler.__name__ != "LogoutHandler":  # its page is not in Voila
                    made.append((pattern, handler, *rest))
            return made

        def listen(self) -> None:
            find = self.app.find_handler

            def find_here(request: Any, **more: Any) -> Any:
                if is_here(request.host_name):
                    return find(request, **more)
                return self.app.get_handler_delegate(request, ErrorHandler, {"status_code": 403})

            self.app.find_handler = find_here
            super().listen()

    return Guarded


def _sound(handler: type[Any], error: type[Exception]) -> type[Any]:
    class Sound(handler):  # type: ignore[misc]  # Voila has no types
        async def get(self, path: str, include_body: bool = True) -> None:
            try:
                await super().get(path, include_body)
            except (AssertionError, TypeError, ValueError):  # no path of a template
                raise error(404) from None

    return Sound
