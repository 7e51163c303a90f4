"""Opening what somebody names as a file: an ordinary file, and nothing that hangs or never ends."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

_PART = 2**20


class NotOrdinaryError(OSError):
    """A folder, a pipe or a device where a file belongs; the text says which and how to mend it."""


def open_ordinary(path: str | Path) -> BufferedReader:
    """An ordinary file, also behind a link, open to be read. Raises NotOrdinaryError; OSError as `open` does."""
    if Path(path).is_dir():
        raise NotOrdinaryError("this is a folder; name a file")
    # Not to wait for a pipe that nobody writes into; what was opened is looked at, not what its name meant before.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotOrdinaryError("this is not an ordinary file (a pipe or a device); save it as a file first")
    return os.fdopen(handle, "rb")


def read_up_to(file: BufferedReader, most: int) -> bytes:
    """What a file holds, and one byte more than ``most`` of what is larger. Memory is taken for what is there, and not for
    what may be."""
    parts, left = [], most + 1
    while left and (part := file.read(min(left, _PART))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
