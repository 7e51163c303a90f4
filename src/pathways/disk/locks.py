"""Who may write: a lock that goes with the process that holds it, so that a killed one never bars the way.

Where the system has `flock`, the folder of a file is locked: no lock file is needed, and none can stay behind. Elsewhere
(Windows, some network drives) a file beside it is the lock.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

PATIENCE = 60.0
"""Seconds to wait for others, who each need a few milliseconds."""
STALE = 20.0
"""Seconds after which a lock file that nobody touched belongs to a process that is gone."""
BUSY = (errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK)


@contextmanager
def locked(real: Path) -> Iterator[None]:
    """Hold the lock of a file while its text is read, changed and written. Raises OSError where others never let go."""
    handle = _folder_lock(real)
    if handle is None:
        with _lock_file(real):
            yield
        return
    try:
        yield
    finally:
        os.close(handle)


def mine(handle: int) -> bool:
    """Lock a new draft; False when it was taken away before that."""
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks: then nobody takes a draft away either
            fcntl.flock(handle, fcntl.LOCK_EX)
        return os.fstat(handle).st_nlink > 0
    return True


def is_held(handle: int) -> bool:
    """Whether somebody still writes a draft. Where that cannot be told, it counts as held; else it is ours now."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _folder_lock(real: Path) -> int | None:
    """An open, locked folder; None where folders cannot be locked."""
    if fcntl is None:
        return None
    try:
        handle = os.open(real.parent, os.O_RDONLY)
    except PermissionError:  # a folder that one may write to, but not list
        return None
    end = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in BUSY:
                    os.close(handle)
                    return None
            else:
                return handle
            _wait(real, end)
    except BaseException:
        os.close(handle)
        raise


@contextmanager
def _lock_file(real: Path) -> Iterator[None]:
    """A lock by the name of a file. On Windows the system takes it away with the process that made it."""
    name = real.with_name(f".pathways-{hashlib.sha256(os.fsencode(real.name)).hexdigest()[:8]}.lock")
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_TEMPORARY", 0)
    end = time.monotonic() + PATIENCE
    seen, since = None, time.monotonic()
    while True:
        try:
            handle = os.open(name, flags, 0o600)
            break
        except (FileExistsError, PermissionError) as error:
            # Windows says "permission" of a lock that is just going away; elsewhere it means what it says.
            if isinstance(error, PermissionError) and os.name != "nt":
                raise
        found = _mark(name)
        if found != seen:
            seen, since = found, time.monotonic()
        elif found is not None and time.monotonic() - since > STALE and _mark(name) == found:
            with suppress(OSError):
                name.unlink()
        _wait(real, end)
    try:
        yield
    finally:
        os.close(handle)
        with suppress(OSError):
            name.unlink(missing_ok=True)


def _mark(name: Path) -> tuple[int, int] | None:
    """What tells one lock file from the next of the same name."""
    try:
        found = name.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _wait(real: Path, end: float) -> None:
    if time.monotonic() > end:
        raise TimeoutError(errno.ETIMEDOUT, "another program has not let go of this file for a minute", str(real))
    time.sleep(0.002 + 0.01 * random.random())  # so that those who wait do not march in step
