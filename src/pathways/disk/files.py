"""Writing files: whole or not at all, durable, with the permissions that they should have."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .locks import is_held, locked, mine

OWNER_ONLY = 0o600
DRAFT = re.compile(r"\.pathways-([0-9a-f]{8})-[a-z0-9_]{8}-([0-9a-f]{8})\.new")
"""What drafts are called. The name says nothing of the file that it is for, which may be called after a person; its last part is
reckoned from its first, so that no file of somebody else has such a name by chance."""
FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EFBIG: "it would be larger than a file may be here",
}
"""Why a file cannot be written to its end."""
TWO_NAMES = "this file has a second name (a hard link), and the two would go apart: take one of them away, or make it a symbolic link"
RETRIES = 50


def write_file(path: Path, raw: bytes, mode: int = OWNER_ONLY, *, private: bool = True) -> None:
    """Write a file in one step; see ``replacing``."""
    for last in (False, True):
        try:
            with replacing(path, mode, private=private) as file:
                file.write(raw)
            return
        except FileNotFoundError:
            # Where an open file cannot be renamed, another start may take the closed draft for one that was left.
            if last or sys.platform != "win32":
                raise


@contextmanager
def replacing(path: Path, mode: int = OWNER_ONLY, *, private: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to that takes the place of ``path`` at the end, in one step; raises OSError, and then ``path`` is
    as it was.

    A new file gets ``mode``. One that is there keeps its own, its group, and its place at the end of a link; but a
    ``private`` one that the whole machine could read is its owner's alone from then on. The draft lies beside the file
    under a name of its own, locked while it is written, so that ``clear_drafts`` can tell it from one that was left.
    """
    real = real_path(path)
    before = _found(real)
    clear_drafts(real.parent)
    handle, name = _new_draft(real.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if sys.platform != "win32":
                _dress(file.fileno(), before, mode, private)
                draft.replace(real)  # before the lock goes with the open file
        if sys.platform == "win32":
            _replace_patiently(draft, real)
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in FULL and error.filename is None:
            state = "the file is as it was" if before is not None else "no file was made"
            why = f"not written, {FULL[error.errno]}; {state}. Make room there, or name a file in another place"
            error = OSError(error.errno, why, str(path))
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise error
    _sync_folder(real.parent)


def update_file(
    path: Path, change: Callable[[bytes | None], bytes], mode: int = OWNER_ONLY, *, private: bool = False
) -> None:
    """Read a file (None where there is none yet), change it and write it again, while nobody else of ours does so.

    Whoever writes it without asking for the lock, an editor for instance, is noticed before the file is replaced: then
    it is read and changed anew. Raises OSError, also for a file with a second name (a hard link): replaced, the two would go
    apart. Raises what ``change`` raises. Then the file is as it was.
    """
    real = real_path(path)
    with locked(real):
        if (found := _found(real)) is not None and found.st_nlink > 1:
            raise OSError(errno.EMLINK, TWO_NAMES, str(path))
        for _ in range(RETRIES):
            before = _read(real)
            after = change(before)
            with suppress(_ChangedError), replacing(real, mode, private=private) as file:
                file.write(after)
                file.flush()
                if _read(real) != before:
                    raise _ChangedError
                return
    raise OSError(errno.EBUSY, "another program keeps writing this file", str(path))


def clear_drafts(folder: Path) -> None:
    """Take away the drafts in a folder that nobody is writing any more: those of a process that was killed."""
    with suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in entries:
            if is_draft(entry.name):
                with suppress(OSError):
                    _take_away(Path(entry.path))


def draft_ends() -> tuple[str, str]:
    """How the name of a new draft begins and ends."""
    word = secrets.token_hex(4)
    return f".pathways-{word}-", f"-{_check_of(word)}.new"


def is_draft(name: str) -> bool:
    """Whether a name is surely one of a draft of ours."""
    found = DRAFT.fullmatch(name)
    return found is not None and found[2] == _check_of(found[1])


def real_path(path: Path) -> Path:
    """Where a file really lies, links followed, whether it is there or not. Raises OSError for a link to itself."""
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        raise OSError(errno.ELOOP, "this link leads back to itself", str(path))
    return real


# ---- parts ------------------------------------------------------------------------------------------------------


def _check_of(word: str) -> str:
    return hashlib.sha256(f"pathways draft {word}".encode()).hexdigest()[:8]


class _ChangedError(Exception):
    """The file was written by somebody else in the meantime."""


def _read(real: Path) -> bytes | None:
    try:
        return real.read_bytes()
    except FileNotFoundError:
        return None


def our_user() -> int:
    """The user that this process writes as; 0 where the system has none, as in a browser: every file there is 0's."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _found(real: Path) -> os.stat_result | None:
    """The file that will be replaced. Raises OSError for one that must not be."""
    try:
        found = real.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "this is a folder", str(real))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "this is not an ordinary file", str(real))
    if not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, "this file may not be written to", str(real))
    return found


def _new_draft(folder: Path) -> tuple[int, str]:
    """An open, locked draft. One that was taken for left behind before it could be locked is made again."""
    while True:
        begins, ends = draft_ends()
        handle, name = tempfile.mkstemp(dir=folder, prefix=begins, suffix=ends)
        if mine(handle):
            return handle, name
        os.close(handle)


def _dress(handle: int, before: os.stat_result | None, mode: int, private: bool) -> None:
    """Give the draft the permissions that the file is to have."""
    if sys.platform == "win32":  # a file there has the permissions of its folder
        return
    if before is not None:
        mode = stat.S_IMODE(before.st_mode) & 0o777
        if private and mode & 0o007:
            mode = OWNER_ONLY
        owner = before.st_uid if our_user() == 0 else -1
        try:
            os.fchown(handle, owner, before.st_gid)
        except OSError:
            mode &= (
                ~0o070 | (mode & 0o007) << 3
            )  # a group that the file never had may do what everybody may, and no more
    os.fchmod(handle, mode)


def _replace_patiently(draft: Path, real: Path) -> None:
    """Where a file that somebody is just reading cannot be replaced, wait for a second."""
    for _ in range(20):
        with suppress(PermissionError):
            draft.replace(real)
            return
        time.sleep(0.05)
    draft.replace(real)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where a folder can be told to."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _take_away(draft: Path) -> None:
    if sys.platform == "win32":
        draft.unlink()  # refused by the system while somebody has it open
        return
    handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(handle)
        if stat.S_ISREG(found.st_mode) and found.st_uid == our_user() and not is_held(handle):
            draft.unlink()
    finally:
        os.close(handle)
