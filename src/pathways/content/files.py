"""Writing files: whole or not at all, and readable by their owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_private(path: Path, raw: bytes, mode: int = 0o600) -> None:
    """Write a file in one step, readable by its owner only unless ``mode`` says otherwise.

    The draft has a name of its own beside the file: nothing that lies there is touched, and nothing is ever half
    written. Raises OSError; then the file is as it was.
    """
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(draft).chmod(mode)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
