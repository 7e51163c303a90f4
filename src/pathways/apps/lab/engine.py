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

_KERNELAPP: Any = import_module("ipykernel.kernelapp")


class Unpiped(_KERNELAPP.IOPubThread):  # type: ignore[misc]  # ipykernel may be missing where types are checked
    """What sends the output of the engine, from the engine's own process only."""

    def __init__(self, socket: Any, **more: Any) -> None:
        self._own = os.getpid()
        super().__init__(socket, **{**more, "pipe": False})

    def schedule(self, f: Callable[[], Any]) -> None:
        """Send what ``f`` sends; a forked process has no socket of its own to send it by."""
        if os.getpid() == self._own:
            super().schedule(f)


def main() -> None:
    """Run the engine until it is told to end."""
    _KERNELAPP.IOPubThread = Unpiped
    _KERNELAPP.launch_new_instance()


if __name__ == "__main__":
    main()
