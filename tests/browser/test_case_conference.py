"""The case conference in JupyterLab, as a person uses it: mouse, keyboard, files, a narrow window, a screen reader's view."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from pathways.content import load_content
from pathways.intake.names import read_name
from pathways.profile import Profile
from tests.browser.conftest import FINISHED, VIEWPORT, LabServer, guarded_page, open_notebook, run_all_cells
from tests.conftest import ROOT, reference_path

pytestmark = pytest.mark.browser

NOTEBOOK = "01_case_conference.ipynb"
SAMPLE = ROOT / "sample_data/cases/back_pain_120_mme.toml"
RECORD = ROOT / "sample_data/fhir/synthetic_back_pain_oud.json"
WIDER = "n => Number(document.querySelector('.cc-page').dataset.renders) > n"
CELLS = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_server: LabServer) -> Iterator[tuple[Page, list[str]]]:
    """The notebook, open in JupyterLab: once, because opening it takes longer than most of the tests."""
    with guarded_page(browser) as (page, asked):
        open_notebook(lab_server, page, NOTEBOOK)
        yield page, asked


@pytest.fixture
def conference(lab: tuple[Page, list[str]]) -> Iterator[Locator]:
    """A new blank form: all cells are run again. No test may ask anything of another machine."""
    page, asked = lab
    page.set_viewport_size(VIEWPORT)
    page.evaluate("sessionStorage.clear()")  # a tab brings back what was typed and not saved
    page.evaluate("document.querySelectorAll('.cc-conference').forEach(e => e.classList.add('test-old'))")
    run_all_cells(page)
    app = page.locator(".cc-conference:not(.test-old)")
    expect(app).to_have_count(1)
    expect(app.locator(".cc-page")).to_have_attribute("data-renders", "1")
    expect(page.locator(".test-old")).to_have_count(0)
    page.wait_for_function(FINISHED)
    app.evaluate("app => app.scrollIntoView()")
    yield app
    assert asked == [], "the page asked other machines"


def live(app: Locator) -> Locator:
    return app.locator(".cc-page")


def renders(app: Locator) -> int:
    return int(live(app).get_attribute("data-renders") or 0)


def after(app: Locator, act: Callable[[], object]) -> None:
    """Do something and wait until the page has been drawn anew."""
    drawn = renders(app)
    act()
    app.page.wait_for_function(WIDER, arg=drawn)


def row(app: Locator, key: str) -> Locator:
    return app.locator(f'.cc-form .cc-row[data-key="{key}"]')


def answer(app: Locator, key: str, says: str) -> None:
    after(app, row(app, key).get_by_role("radio", name=says, exact=True).check)


def write(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def none_of(app: Locator, question: int) -> None:
    after(app, app.locator(f'[data-question="{question}"] .cc-none').click)


def open_case(app: Locator, path: Path | str) -> None:
    with app.page.expect_file_chooser() as chooser:
        app.get_by_role("button", name="Open a case").click()
    after(app, lambda: chooser.value.set_files(path))


def open_health_record(app: Locator, path: Path) -> None:
    with app.page.expect_file_chooser() as chooser:
        app.get_by_role("button", name="Open a record or PDMP export").click()
    after(app, lambda: chooser.value.set_files(path))


def press_cell_keys(page: Page) -> None:
    """The keys that add (b) and delete (d d) a cell, one more added than deleted; then let JupyterLab finish its drawing."""
    for key in "bbdd":
        page.keyboard.press(key)
    frame = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    page.evaluate(frame)


def violations(page: Page, context: str | None) -> list[str]:
    found = Axe().run(page, context=context, options=AXE).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def open_everything(app: Locator) -> None:
    for _ in range(2):  # a group that opens may hold further ones
        app.evaluate("app => app.querySelectorAll('details').forEach(d => { d.open = true; })")
        expect(app.locator(".cc-group:not([hidden]) > div:empty")).to_have_count(0)


# ---- the six questions ----------------------------------------------------------------------------------------


def test_six_questions_lead_to_the_first_page_with_red_only_for_a_sign(conference: Locator) -> None:
    page = live(conference)
    expect(page.locator(".pw-red")).to_have_count(0)
    expect(page).to_contain_text("not yet asked")
    none_of(conference, 1)
    expect(page.locator(".pw-red")).to_have_count(0)
    after(conference, lambda: write(row(conference, "age_years").get_by_role("spinbutton"), "58"))
    none_of(conference, 2)
    after(conference, lambda: row(conference, "main_pain").get_by_role("combobox").select_option("back_axial"))
    after(conference, lambda: write(row(conference, "pain_months").get_by_role("spinbutton"), "96"))
    answer(conference, "medicines.opioid_for_pain", "Yes")
    answer(conference, "medicines.benzodiazepine", "Yes")
    after(conference, conference.get_by_role("button", name="Add a medicine").click)
    line = conference.locator(".cc-entries > li").first
    after(conference, lambda: write(line.get_by_label("Medicine", exact=True), "Oxycodone"))
    after(conference, lambda: write(line.get_by_label("Dose each time"), "40"))
    after(conference, lambda: write(line.get_by_label("Times a day"), "2"))
    after(conference, lambda: line.get_by_label("For", exact=True).select_option("pain"))
    expect(page).to_contain_text("120 MME/day")
    expect(page).to_contain_text("Naloxone")
    after(conference, row(conference, "matters_most").get_by_role("checkbox", name="Sleep").check)
    after(conference, row(conference, "matters_most").get_by_role("checkbox", name="Doing more").check)
    expect(row(conference, "matters_most").get_by_role("checkbox", name="Mood")).to_be_disabled()
    expect(page.locator(".pw-red")).to_have_count(0)

    answer(conference, "saddle_numbness", "Yes")
    answer(conference, "new_bladder_or_bowel_change", "Yes")
    expect(page.locator(".pw-red")).to_contain_text("Cauda equina")
    expect(conference.locator(".cc-status")).to_contain_text("Urgent: ")
    answer(conference, "saddle_numbness", "Not known")
    answer(conference, "new_bladder_or_bowel_change", "No")
    expect(page.locator(".pw-red")).to_have_count(0)


def test_answers_given_faster_than_the_page_is_drawn_are_all_kept(conference: Locator) -> None:
    signs = conference.locator('[data-question="1"] .cc-row')
    for n in range(10):
        signs.nth(n).get_by_role("radio", name="No", exact=True).check()
    age = row(conference, "age_years").get_by_role("spinbutton")
    age.press_sequentially("58")  # and no Tab: a pause is enough
    conference.page.wait_for_function("""() => {
        const file = atob(document.querySelector('.cc-conference a[download]').href.split(',')[1]);
        return file.match(/ = false/g)?.length === 10 && file.includes('age_years = 58');
    }""")
    expect(age).to_be_focused()
    expect(age).to_have_value("58")
    expect(conference.locator('[data-question="1"] input[value="false"]:checked')).to_have_count(10)


def test_a_question_is_answered_in_place_and_the_focus_is_not_lost(conference: Locator) -> None:
    ask = conference.locator(".cc-ask", has=conference.page.get_by_role("radiogroup")).first
    key = ask.get_attribute("data-ask") or ""
    radio = ask.get_by_role("radio", name="No", exact=True)
    after(conference, radio.check)
    expect(row(conference, key).get_by_role("radio", name="No", exact=True)).to_be_checked()
    expect(radio).to_be_focused()
    # Once the focus has moved on, the answered question makes room.
    conference.get_by_role("button", name="Open a case").focus()
    expect(conference.locator(f'.cc-ask[data-ask="{key}"]')).to_have_count(0)


def test_decisions_are_marked_before_a_way_of_looking_opens(conference: Locator) -> None:
    open_case(conference, SAMPLE)
    conference.get_by_text("Mark the decisions, then compare").click()
    lens = conference.get_by_label("Order the plans as seen by")
    expect(lens).to_be_disabled()
    forks = conference.locator(".cc-fork")
    assert forks.count() >= 2
    for n in range(forks.count()):
        after(conference, forks.nth(n).get_by_role("button", name="Unsure").first.click)
    expect(forks.first.get_by_role("button", name="Unsure").first).to_have_attribute("aria-pressed", "true")
    after(conference, lambda: lens.select_option("person"))
    expect(conference.locator(".cc-agenda")).to_contain_text("The person")


def test_a_form_that_was_scrolled_out_of_the_document_is_still_alive(conference: Locator) -> None:
    none_of(conference, 4)
    # JupyterLab takes far-away cells out of the document; here that is done by hand.
    conference.evaluate("app => { window.home = app.parentNode; window.app = app; app.remove(); }")
    conference.page.evaluate("""() => {
        const yes = window.app.querySelector('.cc-row[data-key="fever"] input[value="true"]');
        yes.checked = true;
        yes.dispatchEvent(new Event('change'));
        window.home.append(window.app);
    }""")
    conference.page.wait_for_function(WIDER, arg=2)
    none_of(conference, 1)
    expect(row(conference, "fever").get_by_role("radio", name="Yes")).to_be_checked()
    expect(row(conference, "lips_blue").get_by_role("radio", name="No", exact=True)).to_be_checked()


# ---- keys ------------------------------------------------------------------------------------------------------


def test_keys_pressed_in_the_form_stay_in_the_form(conference: Locator) -> None:
    page = conference.page
    cells = page.evaluate(CELLS)
    sign = row(conference, "fever")
    summary = conference.locator(".cc-group > summary").first
    controls = [
        sign.get_by_role("radio", name="Not known"),
        row(conference, "setting").get_by_role("combobox"),
        conference.locator(".cc-none").first,
        conference.get_by_role("link", name="Save this case"),
        conference.locator(".cc-live"),
        conference.locator(".pw-why > summary").first if conference.locator(".pw-why").count() else summary,
        summary,
    ]
    for control in controls:
        control.focus()
        press_cell_keys(page)
        assert page.evaluate(CELLS) == cells, f"a key left {control}"
        expect(control).to_be_focused()
    write(row(conference, "age_years").get_by_role("spinbutton"), "58")
    assert page.evaluate(CELLS) == cells

    # The arrow keys belong to the answers, Space and Enter to what opens.
    sign.get_by_role("radio", name="Yes").focus()
    after(conference, lambda: page.keyboard.press("ArrowRight"))
    expect(sign.get_by_role("radio", name="No", exact=True)).to_be_checked()
    group = conference.locator(".cc-group").first
    summary.focus()
    opened = group.evaluate("d => d.open")
    page.keyboard.press("Enter")
    assert group.evaluate("d => d.open") is not opened
    page.keyboard.press("Space")
    assert group.evaluate("d => d.open") is opened
    expect(page.locator(".jp-Notebook.jp-mod-commandMode, .jp-Notebook.jp-mod-editMode")).to_have_count(1)


# ---- what a screen reader gets -----------------------------------------------------------------------------------


def test_nothing_in_the_form_or_on_the_page_hinders_a_screen_reader(conference: Locator) -> None:
    page = conference.page
    assert violations(page, ".cc-conference") == []
    open_case(conference, SAMPLE)
    answer(conference, "saddle_numbness", "Yes")
    answer(conference, "new_bladder_or_bowel_change", "Yes")
    after(conference, lambda: write(row(conference, "age_years").get_by_role("spinbutton"), "580"))
    expect(row(conference, "age_years").locator(".cc-problem")).to_contain_text("0 to 120")
    open_everything(conference)
    assert violations(page, ".cc-conference") == []


# ---- files -----------------------------------------------------------------------------------------------------


def test_a_case_is_opened_changed_and_saved(conference: Locator, tmp_path: Path) -> None:
    open_case(conference, SAMPLE)
    expect(live(conference)).to_contain_text("120 MME/day")
    expect(row(conference, "age_years").get_by_role("spinbutton")).to_have_value("58")
    expect(row(conference, "medicines.benzodiazepine")).to_contain_text("alprazolam 1 mg twice a day")
    expect(row(conference, "medicines.benzodiazepine").get_by_role("radio", name="Yes")).to_be_checked()
    answer(conference, "conditions.liver_disease", "No")
    with conference.page.expect_download() as download:
        conference.get_by_role("link", name="Save this case").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    before, now = Profile.load(SAMPLE), Profile.load(path)
    assert (now.answers, now.medicines, now.as_of) == (before.answers, before.medicines, before.as_of)
    assert set(now.asked_none.conditions) == {*before.asked_none.conditions, "liver_disease"}


def test_level_of_care_and_coverage_are_answered_in_the_form_and_saved(conference: Locator, tmp_path: Path) -> None:
    conference.locator('[data-group="level"] > summary').click()
    after(conference, lambda: row(conference, "loc_use_risk").get_by_role("combobox").select_option("severe"))
    expect(live(conference)).to_contain_text("Level of care: at least 3.5")
    conference.locator('[data-group="coverage"] > summary').click()
    after(conference, conference.get_by_role("button", name="Add a service").click)
    line = conference.locator('[data-group="coverage"] .cc-entries > li')
    after(conference, lambda: line.get_by_label("Service", exact=True).select_option("residential"))
    after(conference, lambda: line.get_by_label("Coverage", exact=True).select_option("not_covered"))
    after(conference, lambda: write(line.get_by_label("Copay ($)"), "-5"))
    expect(line.locator(".cc-problem")).to_contain_text("copay")
    after(conference, lambda: write(line.get_by_label("Copay ($)"), "40"))
    expect(line.locator(".cc-problem")).to_be_empty()
    assert violations(conference.page, ".cc-conference") == []
    with conference.page.expect_download() as download:
        conference.get_by_role("link", name="Save this case").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    found = Profile.load(path).coverage
    assert [(c.service, c.status, c.copay) for c in found] == [("residential", "not_covered", 40)]


def test_a_broken_file_gives_one_clear_error_and_loses_nothing(conference: Locator, tmp_path: Path) -> None:
    after(conference, lambda: write(row(conference, "age_years").get_by_role("spinbutton"), "58"))
    broken = tmp_path / "<b>broken.toml"
    broken.write_text("[answers]\nage_year = 40\n", "utf-8")
    open_case(conference, broken)
    error = conference.locator(".cc-error").first
    expect(error).to_contain_text("Not opened, nothing was changed. <b>broken.toml")
    expect(error).to_contain_text("Did you mean 'age_years'")
    expect(row(conference, "age_years").get_by_role("spinbutton")).to_have_value("58")
    none_of(conference, 1)
    expect(error).to_be_empty()


def test_a_health_record_is_opened_reported_corrected_and_put_away(conference: Locator) -> None:
    after(conference, lambda: write(conference.get_by_label("Day of review"), "2026-11-02"))
    open_health_record(conference, RECORD)
    report = conference.get_by_role("region", name="Import report")
    expect(report.get_by_role("heading", name="Import report")).to_be_focused()
    expect(report).to_contain_text("Record read: 18 resources")
    expect(report.get_by_role("list", name="To confirm or correct")).to_contain_text("Condition/oud")
    expect(live(conference)).to_contain_text("90 MME/day")
    assert violations(conference.page, ".cc-conference") == []
    age = row(conference, "age_years").get_by_role("spinbutton")
    expect(age).to_have_value("47")
    after(conference, lambda: write(age, "52"))
    line = conference.locator(".cc-entries > li", has_text="Dose each time").first
    after(conference, lambda: write(line.get_by_label("Times a day"), "2"))
    expect(live(conference)).to_contain_text("45 MME/day")
    expect(report).to_contain_text("Record read: 18 resources")
    after(conference, report.get_by_role("button", name="Put the report away").click)
    expect(report).to_have_count(0)
    expect(conference.get_by_role("button", name="Open a case")).to_be_focused()
    expect(age).to_have_value("52")


def test_what_was_understood_is_confirmed_and_corrected_with_one_key_each(conference: Locator, tmp_path: Path) -> None:
    record = json.loads(RECORD.read_text("utf-8"))
    words = {"resourceType": "Condition", "id": "words", "code": {"text": "blorpitis"}}
    more: list[dict[str, object]] = [
        {**words, "clinicalStatus": {"coding": [{"code": "active"}]}},
        {"resourceType": "AllergyIntolerance", "id": "drops", "code": {"text": "blorpazine"}},
    ]
    for n, text in enumerate(("methadose", "zanaflexx")):
        order = {
            "resourceType": "MedicationStatement",
            "id": f"s{n}",
            "status": "active",
            "subject": record["entry"][0]["resource"].get("subject"),
        }
        more.append({k: v for k, v in {**order, "medicationCodeableConcept": {"text": text}}.items() if v})
    record["entry"] += [{"resource": resource} for resource in more]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), "utf-8")
    after(conference, lambda: write(conference.get_by_label("Day of review"), "2026-11-02"))
    open_health_record(conference, path)
    report = conference.get_by_role("region", name="Import report")
    doubtful = report.get_by_role("list", name="To confirm or correct")
    count = int(report.locator(".cc-count-line").inner_text().split()[0])
    assert count >= 4
    keep_picture(conference, report, "understood.png")
    assert violations(conference.page, ".cc-conference") == []
    # One key: Enter on Confirm says so, counts it, and goes on to the next entry that is not settled.
    line = doubtful.locator("> li", has_text="Opioid dependence, uncomplicated")
    line.get_by_role("button", name="Confirm: ").focus()
    after(conference, lambda: conference.page.keyboard.press("Enter"))
    expect(line).to_contain_text("Confirmed by the team")
    expect(line).to_contain_text("active, confirmed")
    expect(report.locator(".cc-count-line")).to_have_text(f"{count - 1} of {count_of(report)} to confirm or correct.")
    expect(line.get_by_role("button", name="Take back: ")).to_be_visible()
    # What leaves something unknown has nothing to confirm; Correct goes to the entry, with its words.
    unread = doubtful.locator("> li", has_text="blorpazine")
    expect(unread.get_by_role("button", name="Confirm")).to_have_count(0)
    unread.get_by_role("button", name="Correct: ").focus()
    conference.page.keyboard.press("Enter")
    entry = conference.locator('[data-list="allergies"] .cc-entries > li', has_text="As it came in: “blorpazine”")
    expect(entry.get_by_label("Allergy to")).to_be_focused()
    after(conference, lambda: write(entry.get_by_label("Allergy to"), "morphine"))
    expect(unread).to_contain_text("Corrected by the team")
    # A name with one near name: its button puts it right.
    wrong = doubtful.locator("> li", has_text="zanaflexx")
    wrong.get_by_role("button", name="Correct: ").click()
    entry = conference.locator('[data-list="medicines"] .cc-entries > li', has_text="As it came in: “zanaflexx”")
    expect(entry.get_by_label("Medicine", exact=True)).to_be_focused()
    after(conference, entry.get_by_role("button", name="Use zanaflex", exact=True).click)
    expect(entry).to_contain_text("Understood as tizanidine")
    expect(wrong).to_contain_text("tizanidine")
    results = report.locator("details", has_text="Understood without doubt")
    results.locator("summary").click()
    results.locator("li", has_text="Weight 71 kg").get_by_role("button", name="Correct: ").click()
    weight = row(conference, "observations.weight").get_by_role("spinbutton")
    expect(weight).to_be_focused()
    expect(weight).to_have_value("71")


def count_of(report: Locator) -> int:
    return report.locator(".cc-understood > li").count()


CLOSE_TOGETHER = """.cc-panes > .cc-form { max-height: none !important; }
  [data-list=medicines] li :is(.cc-fields + .cc-fields, .cc-dose, .cc-rest, button) { display: none; }"""


def keep_picture(app: Locator, what: Locator, name: str, css: str = ":root {}") -> None:
    """A picture for whoever asks for them by naming a folder in PATHWAYS_PICTURES."""
    if folder := os.environ.get("PATHWAYS_PICTURES"):
        app.page.set_viewport_size({"width": 1280, "height": 2400})
        style = app.page.add_style_tag(content=css)
        what.screenshot(path=Path(folder, name))
        style.evaluate("style => style.remove()")
        app.page.set_viewport_size(VIEWPORT)


def test_every_name_that_a_clinic_types_is_recognized_or_has_one_clear_right_suggestion(conference: Locator) -> None:
    names = [name for name in reference_path("cases/words/names_us_clinic.txt").read_text("utf-8").splitlines() if name]
    if not os.environ.get("PATHWAYS_PICTURES"):  # all are typed at the form without a browser and at the command line
        names = names[::9]
    content = load_content()
    for n, name in enumerate(names):
        conference.get_by_role("button", name="Add a medicine").click()
        entry = conference.locator('[data-list="medicines"] .cc-entries > li').nth(n)
        field = entry.get_by_label("Medicine", exact=True)
        expect(field).to_be_focused()
        conference.page.keyboard.type(name)
        after(conference, lambda: conference.page.keyboard.press("Tab"))
    for n, name in enumerate(names):
        entry = conference.locator('[data-list="medicines"] .cc-entries > li').nth(n)
        meant = [content.medicines[i].label.lower() for i in read_name(name, content).ingredients]
        assert meant, name
        said = entry.locator(".cc-note").inner_text().lower()
        assert meant == [name] or all(label in said for label in meant), (name, said)
        assert "not recognized" not in said
    assert violations(conference.page, ".cc-conference") == []
    conference.locator('[data-list="medicines"] .cc-entries > li').nth(1).scroll_into_view_if_needed()
    keep_picture(conference, conference, "names_form.png")
    keep_picture(conference, conference.locator('[data-list="medicines"]'), "names.png", CLOSE_TOGETHER)


def test_a_hostile_or_broken_record_has_no_power(conference: Locator, tmp_path: Path) -> None:
    nasty = "<img src=x onerror='window.hacked=1'><b>bold</b>"
    resources = [
        {"resourceType": "Patient", "id": nasty, "birthDate": nasty},
        {
            "resourceType": "MedicationStatement",
            "id": "m",
            "status": "active",
            "medicationCodeableConcept": {"text": nasty},
        },
        {"resourceType": "Observation", "id": "o", "status": nasty, "code": {"text": nasty}, "valueString": nasty},
    ]
    entries = [{"resource": resource} for resource in resources]
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), "utf-8")
    open_health_record(conference, path)
    report = conference.get_by_role("region", name="Import report")
    expect(report).to_contain_text("<img src=x")
    assert conference.evaluate("() => window.hacked") is None
    assert conference.locator("img").count() == 0

    path.write_text("{ not json", "utf-8")
    open_health_record(conference, path)
    expect(conference.locator(".cc-error").first).to_contain_text("Not opened, nothing was changed.")
    expect(report).to_contain_text("<img src=x")


def test_the_sheet_opens_from_disk_and_hinders_no_screen_reader(conference: Locator, tmp_path: Path) -> None:
    open_case(conference, SAMPLE)
    with conference.page.expect_download() as download:
        conference.get_by_role("button", name="Sheet to print or send").click()
    path = tmp_path / download.value.suggested_filename
    assert path.suffix == ".html"
    download.value.save_as(path)
    page = conference.page.context.new_page()
    page.goto(path.as_uri())
    expect(page.locator("body")).to_contain_text("120 MME/day")
    found = violations(page, None)
    page.close()
    assert found == []


# ---- narrow ----------------------------------------------------------------------------------------------------


def test_everything_fits_into_520_pixels(conference: Locator) -> None:
    page = conference.page
    open_case(conference, SAMPLE)
    page.set_viewport_size({"width": 520, "height": 900})
    conference.evaluate("app => { app.style.width = '400px'; }")  # what JupyterLab's own margins leave of 520 pixels
    open_everything(conference)
    too_wide = """app => [...app.querySelectorAll('*')].filter(e => {
        const box = e.getBoundingClientRect(), all = app.getBoundingClientRect();
        return box.width > 1 && !e.closest('.pw-sr, .pw-scroll, .cc-scroll') && box.right > all.right + 1;
    }).map(e => e.outerHTML.slice(0, 120))"""
    assert conference.evaluate(too_wide) == []
    sign = row(conference, "fever").get_by_role("radio", name="Yes")
    sign.scroll_into_view_if_needed()
    answer(conference, "fever", "Yes")
    form, live_pane = (conference.locator(name).bounding_box() for name in (".cc-form", ".cc-live"))
    assert form is not None
    assert live_pane is not None
    assert live_pane["y"] >= form["y"] + form["height"], "one below the other"
