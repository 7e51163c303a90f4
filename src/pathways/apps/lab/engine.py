"""The engine of the page and of Lab: ipykernel's own, without its pipe for the output of forked processes.

That pipe listens on a TCP port of this machine, whatever the engine and the page talk by, and takes what it is sent before it
looks whose it is: another user of the machine could fill the memory. Nothing of ours forks; what a forked process prints in a
notebook is not shown.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

if __name__ == "__main__" and sys.path[0] in ("", str(Path.cwd())):
    del sys.path[0]  # as ipykernel's launcher: no file beside a notebook takes the place of a module


def unpiped(base: type[Any]) -> type[Any]:
    """ipykernel's `IOPubThread`, which sends the output of the engine, without its pipe."""

    class Unpiped(base):  # type: ignore[misc]  # ipykernel has no types that are known here
        def __init__(self, socket: Any, **more: Any) -> None:
            self._own = os.getpid()
            super().__init__(socket, **{**more, "pipe": False})

        def schedule(self, f: Callable[[], Any]) -> None:
            """Send what ``f`` sends; a forked process has no socket of its own to send it by."""
            if os.getpid() == self._own:
                super().schedule(f)

    return Unpiped


def main() -> None:
    """Run the engine until it is told to end."""
    # Imported here: ipykernel takes the messages of every widget of the process that imports it.
    kernelapp: Any = import_module("ipykernel.kernelapp")
    kernelapp.IOPubThread = unpiped(kernelapp.IOPubThread)
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
