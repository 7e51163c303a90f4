"""What JupyterLab and Voila are started with: their settings, and the one page of `pathways app`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..widgets import CaseConference

CASE, SITE = "PATHWAYS_APP_CASE", "PATHWAYS_APP_SITE"
"""What tells the page's engine, a process of its own, which files to open."""


def conference() -> CaseConference:
    """The case conference that `pathways app` shows, with the case and the site that it was started with."""
    from ...care.services import load_site  # heavy, and wanted only in the engine of the page
    from ..widgets import CaseConference

    site = load_site(Path(os.environ[SITE])) if os.environ.get(SITE) else None
    widget = CaseConference(site=site)
    if os.environ.get(CASE):
        widget.open_file(Path(os.environ[CASE]))
    return widget
