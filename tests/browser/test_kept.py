"""What a notebook keeps of a case: nothing, whether it was run, typed into, saved or checkpointed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LabServer, open_notebook

pytestmark = pytest.mark.browser

NOTEBOOK = "01_case_conference.ipynb"
MARK = "Kestrel 4711"
FORM = ".cc-conference"


def test_a_notebook_that_was_run_typed_into_and_saved_holds_no_case(page: Page, lab_server: LabServer) -> None:
    open_notebook(lab_server, page, NOTEBOOK)
    form = page.locator(FORM)
    form.locator('.cc-group[data-group="texts"] > summary').click()
    title = form.get_by_label("Title (no name, no number of the person)")
    title.fill(MARK)
    title.press("Tab")
    expect(form.locator(".cc-page h2").first).to_have_text(MARK)
    age = form.locator('.cc-form .cc-row[data-key="age_years"] input')
    age.fill("83")
    age.press("Tab")
    expect(form.locator(".cc-page")).to_have_attribute("data-renders", "3")
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_response(lambda one: one.request.method == "PUT" and NOTEBOOK in one.url):
        page.locator(".lm-Menu-itemLabel").get_by_text("Save Notebook", exact=True).click()
    saved = lab_server.root / "notebooks" / NOTEBOOK
    files = [saved, *Path(saved.parent, ".ipynb_checkpoints").glob("01_*")]
    executed = json.loads(saved.read_text("utf-8"))
    [code] = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    assert code["execution_count"], "it was saved after it ran"
    assert code["outputs"]
    for file in files:
        text = file.read_text("utf-8")
        assert MARK not in text
        for output in json.loads(text)["cells"][0]["outputs"]:
            assert set(output["data"]) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
        assert "age_years" not in text
        assert len(text) < 8000
