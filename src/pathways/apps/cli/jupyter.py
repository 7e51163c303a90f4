"""What the page (Voila) and JupyterLab are started with alike: our settings, a token that is new, and a private engine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVATE_ENGINE = ("--KernelManager.transport=ipc",) if os.name != "nt" else ()
"""The page and its engine talk by files of this user alone, so that other users of the machine cannot listen in. Windows has
no such files: there they talk over TCP on this machine."""


def put_first(variable: str, folder: Path) -> None:
    """Have Jupyter look in ``folder`` before the folders that a search path of the environment names already."""
    paths = (str(folder), os.environ.get(variable, ""))
    os.environ[variable] = os.pathsep.join(path for path in paths if path)


def fresh_token() -> str:
    """A token for one run; one that the environment holds would open the server beside it, and is taken away."""
    os.environ.pop("JUPYTER_TOKEN", None)
    return secrets.token_urlsafe(32)
