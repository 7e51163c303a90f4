"""Notebook 05 in its small mode, which is for rows as few as many people have of their own; CI runs the whole one too."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "05_tune_the_risk_model.ipynb"


def test_every_cell_runs_with_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_SMALL", "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder).execute()
    small = next(cell for cell in notebook.cells if "PATHWAYS_SMALL" in cell.source and cell.cell_type == "code")
    assert small.execution_count == 1
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
