"""What the case conference gives out: each file as it is saved, the text for the chart, and what goes to the printer.

In JupyterLab, and on the page that needs no install, whose policy allows no style and no frame of any other place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from pathways.pages import sheet_html
from pathways.pages.chart_text import chart_text
from pathways.pages.outs import to_print
from tests.browser.conftest import LabServer, guarded_page, open_notebook
from tests.browser.test_web_page import AXE, START_MS, Server, opened
from tests.browser.test_web_page import folder as folder
from tests.conftest import ROOT
from tests.pages.drawn import sample

pytestmark = pytest.mark.browser

NAME = "back_pain_120_mme"
CASE = ROOT / f"sample_data/cases/{NAME}.toml"
KEPT = "window.print = () => { window.top.printed = [document.documentElement.outerHTML, document.adoptedStyleSheets.length]; }"
REFUSED = (
    "Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } })"
)


@pytest.fixture(scope="module", params=["lab", "web"])
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The conference with a sample case, in JupyterLab and on the page that needs no install."""
    if request.param == "lab":
        server: LabServer = request.getfixturevalue("lab_server")
        with guarded_page(browser) as (page, asked):
            page.add_init_script(KEPT)
            open_notebook(server, page, "01_case_conference.ipynb")
            load(page)
            yield page
            assert asked == [], "the page asked other machines"
        return
    http = Server(request.getfixturevalue("folder"))
    with opened(browser, http.address()) as page:
        page.add_init_script(KEPT)
        page.reload()
        app(page).wait_for(timeout=START_MS)
        load(page)
        yield page
    http.stop()


def app(page: Page) -> Locator:
    return page.locator(".cc-conference").last


def load(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        app(page).get_by_role("button", name="Open a case").click()
    chooser.value.set_files(CASE)
    expect(app(page).locator(".cc-page")).to_contain_text("120 MME/day")


@pytest.fixture
def outs(shown: Page) -> Iterator[Locator]:
    """The dialog, open, for the team."""
    app(shown).get_by_role("button", name="Print, save, copy").click()
    dialog = app(shown).locator("dialog.cc-outs")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Who will see it").select_option("team")
    yield dialog
    dialog.get_by_role("button", name="Close").click()
    expect(app(shown).get_by_role("button", name="Print, save, copy")).to_be_focused()


def saved(dialog: Locator, words: str) -> tuple[str, str]:
    with dialog.page.expect_download() as download:
        dialog.get_by_role("button", name=words, exact=True).click()
    name = download.value.suggested_filename
    expect(dialog.locator(".cc-note")).to_have_text(f"Saved: {name}")
    return name, Path(download.value.path()).read_text("utf-8")


def test_each_form_is_saved_under_a_name_that_says_what_it_is(outs: Locator) -> None:
    name, html = saved(outs, "Sheet as a web page (HTML)")
    assert name == f"{NAME}.html"
    assert html.startswith("<!doctype html>")
    assert "120 MME/day" in html
    assert "pw-drawn-dose" in html
    name, text = saved(outs, "Sheet as Markdown")
    assert name == f"{NAME}.md"
    assert text.startswith("# Back pain on 120 MME")
    name, text = saved(outs, "Everything as JSON")
    assert name == f"{NAME}.json"
    assert json.loads(text)["plans"]
    name, text = saved(outs, "Plan for other software (FHIR)")
    assert name == f"{NAME}.fhir.json"
    assert json.loads(text)["resourceType"] == "Bundle"
    name, text = saved(outs, "Text for the chart")
    assert name == f"{NAME}_chart_text.txt"
    assert text == chart_text(sample(NAME))
    name, text = saved(outs, "Page for the person")
    assert name == "page_for_the_person_2026-11-02.html"
    assert "For you to take home" in text


def test_what_goes_to_others_holds_neither_the_name_of_the_case_nor_what_needs_consent(outs: Locator) -> None:
    outs.get_by_label("Who will see it").select_option("pain_clinic")
    for words in ("Sheet as a web page (HTML)", "Everything as JSON", "Text for the chart"):
        name, text = saved(outs, words)
        assert NAME not in name
        assert "for_pain_clinic_2026-11-02" in name
        assert "OUD not assessed" not in text
        assert "estricted" in text
    outs.get_by_label("Who will see it").select_option("partner")
    name, text = saved(outs, "Text for the chart")
    assert name == "chart_text_for_partner_2026-11-02.txt"
    assert "nothing is shown to others unless the person agrees" in text
    assert "MME" not in text


@pytest.mark.parametrize(
    ("button", "words"), [("sheet", "Do in any case"), ("page for the person", "For you to take home")]
)
def test_the_printer_gets_that_page_alone_with_its_style(outs: Locator, button: str, words: str) -> None:
    page = outs.page
    page.evaluate("() => { window.printed = null; }")
    outs.get_by_role("button", name=f"Print the {button}").click()
    page.wait_for_function("() => window.printed")
    html, styles = page.evaluate("() => window.printed")
    assert words in html
    assert "cc-conference" not in html
    assert "<script" not in html
    assert styles == 1
    frame: Any = page.frames[-1]
    assert frame.evaluate("getComputedStyle(document.body).fontFamily") != page.evaluate(
        "getComputedStyle(document.documentElement).fontFamily"
    )
    page.locator("iframe.cc-printed").evaluate("frame => frame.contentWindow.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("iframe.cc-printed")).to_have_count(0)


def test_the_text_for_the_chart_is_shown_marked_where_the_clipboard_is_refused(outs: Locator) -> None:
    page = outs.page
    page.evaluate(REFUSED)
    outs.get_by_role("button", name="Copy as text for the chart").click()
    field = outs.get_by_label("Text for the chart", exact=True).and_(page.locator("textarea"))
    expect(field).to_be_visible()
    expect(outs.locator(".cc-note")).to_contain_text("press Ctrl+C")
    assert field.input_value() == chart_text(sample(NAME))
    assert len(field.input_value().splitlines()) <= 60
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd === field.value.length]") == [0, True]
    expect(field).to_be_focused()


def test_everyone_can_use_the_dialog(outs: Locator) -> None:
    found = Axe().run(outs.page, context=".cc-outs[open]", options=AXE).response["violations"]
    assert [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]] == []


def test_the_two_parts_of_a_printed_page_print_on_two_sheets(page: Page) -> None:
    made = to_print(sheet_html(sample(NAME)))
    assert "<style" not in made.html
    page.set_content("<!doctype html><html><body></body></html>")
    page.evaluate(
        """([html, css]) => {
            const read = new DOMParser().parseFromString(html, 'text/html');
            document.replaceChild(document.adoptNode(read.documentElement), document.documentElement);
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        [made.html, made.css],
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter", prefer_css_page_size=True))) == 2
