"""The notebooks stay short, and hold neither results nor anything that someone entered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT

FORMS = ("01_case_conference",)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert {"00_start_here", "01_case_conference", "02_compare_plans"} <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_stripped(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    assert len(notebook["cells"]) <= 12
    assert "widgets" not in notebook["metadata"]
    first = "code" if path.stem in FORMS else "markdown"
    assert notebook["cells"][0]["cell_type"] == first
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    for cell in code:
        lines = [line for line in "".join(cell["source"]).splitlines() if line.strip()]
        assert len(lines) <= 5, f"logic belongs into the package: {lines[0]}"
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
    if path.stem not in FORMS:
        assert any("assert" in "".join(cell["source"]) for cell in code), "it tests itself"


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_one_run_of_folded_code_that_tests_nothing(name: str) -> None:
    """It is for people who read no code: the cell that is chosen when it opens shows the form. Its tests are in tests/apps."""
    notebook = json.loads((ROOT / f"notebooks/{name}.ipynb").read_text("utf-8"))
    first, *rest = notebook["cells"]
    assert first["metadata"]["jupyter"]["source_hidden"] is True
    assert "assert" not in "".join(first["source"])
    assert [cell["cell_type"] for cell in rest] == ["markdown"]
