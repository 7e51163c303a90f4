"""Meeting mode: the cases of a conference, marks by seat before a lens shows, decisions kept in the case, and the sheet at the end."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from playwright.sync_api import Locator, Page, expect

from pathways.apps.widgets import CaseConference
from pathways.profile import parse_profile
from tests.browser.rig import CASES, axe, conference, show
from tests.pages.test_decided_sections import MANY

pytestmark = pytest.mark.browser

NAMES = ("low_risk", "back_pain_120_mme", "cancer_pain", "nearly_unknown")


@pytest.fixture
def widget() -> CaseConference:
    return conference("back_pain_120_mme")


@pytest.fixture
def app(page: Page, widget: CaseConference) -> Locator:
    return show(page, widget)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Four cases, two of them with what was decided before."""
    made = []
    for name in NAMES:
        data = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
        if name in ("back_pain_120_mme", "cancer_pain"):
            entries = MANY[:2] if name == "cancer_pain" else MANY[7:8]
            data["decisions"] = [{"date": "2026-10-05", **entry} for entry in entries]
        path = tmp_path / f"{name}.toml"
        path.write_text(tomli_w.dumps(data), "utf-8")
        made.append(path)
    return made


def box(app: Locator, name: str) -> Locator:
    found = app.locator(".cc-zone-meeting details").filter(has=app.page.get_by_text(name, exact=True))
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def take(app: Locator, files: list[Path]) -> Locator:
    cases = box(app, "The cases")
    with app.page.expect_file_chooser() as chooser:
        cases.get_by_role("button", name="Open the cases of a conference").click()
    chooser.value.set_files(files)
    expect(cases.locator(".cc-cases li")).to_have_count(len(files))
    return cases


def case_of(widget: CaseConference) -> dict[str, Any]:
    return tomllib.loads(widget.case_file())


def mark(app: Locator, seat: str, says: Callable[[int], str]) -> None:
    """Have a seat mark every way of every decision."""
    app.locator(".cc-seat-list").get_by_role("button", name=seat, exact=True).click()
    for n in range(app.locator(".cc-mark").count()):
        app.locator(".cc-mark").nth(n).get_by_role("button", name=says(n), exact=True).click()


def seated(app: Locator, *roles: str) -> None:
    if app.locator(".cc-together").get_attribute("open") is None:
        app.locator(".cc-together > summary").click()
    for role in roles:
        app.get_by_label("Add a seat").select_option(role)


def test_the_list_begins_with_last_time_and_each_case_opens_with_what_was_decided(
    app: Locator, page: Page, widget: CaseConference, files: list[Path]
) -> None:
    cases = take(app, files)
    before = cases.locator(".cc-before li")
    expect(before).to_have_count(3)
    expect(before.first).to_contain_text("cancer_pain: ")
    expect(before.first).to_have_class("cc-look")
    expect(before.last).to_contain_text("back_pain_120_mme: Done: Locked storage and disposal")
    assert axe(page) == []
    cases.get_by_role("button", name="Open: cancer_pain").click()
    expect(app.locator(".cc-past")).to_have_attribute("open", "")
    expect(app.locator(".cc-agreed li")).to_have_count(2)
    expect(app.locator(".cc-page")).to_contain_text("ecided")
    expect(cases.get_by_role("button", name="On the screen: cancer_pain")).to_be_focused()
    cases.get_by_role("button", name="Open: low_risk").click()
    expect(app.locator(".cc-agreed")).to_have_text("Nothing is on record for this case.")
    expect(app.locator(".cc-past")).not_to_have_attribute("open", "")
    assert widget.profile.answers["age_years"] == 33


def test_one_case_that_cannot_be_read_leaves_the_list_as_it_was(app: Locator, files: list[Path]) -> None:
    cases = take(app, files)
    files[1].write_text("answers = 5\n", "utf-8")
    with app.page.expect_file_chooser() as chooser:
        cases.get_by_role("button", name="Open the cases of a conference").click()
    chooser.value.set_files(files[:3])
    expect(app.locator(".cc-zone-meeting .cc-error")).to_contain_text(
        "No case was taken. back_pain_120_mme.toml: answers"
    )
    expect(cases.locator(".cc-cases li")).to_have_count(4)


def test_each_seat_marks_before_any_sees_the_marks_of_others_or_a_lens(
    app: Locator, page: Page, widget: CaseConference
) -> None:
    seated(app, "pain_specialist", "addiction_specialist")
    lens = app.get_by_label("Order the plans as seen by")
    mark(app, "Pain specialist", lambda n: "For" if n % 2 else "Against")
    expect(lens).to_be_disabled()
    expect(app.locator(".cc-seats-say")).to_contain_text("Still to mark: Addiction specialist.")
    app.locator(".cc-seat-list").get_by_role("button", name="Addiction specialist").click()
    expect(app.locator('.cc-mark button[aria-pressed="true"]')).to_have_count(0)
    decide = box(app, "Record what is decided")
    expect(decide.locator(".cc-seats")).to_have_count(0)
    mark(app, "Addiction specialist", lambda _: "For")
    expect(lens).to_be_enabled()
    expect(decide.locator(".cc-seats thead th")).to_have_text(["Pain specialist", "Addiction specialist"])
    expect(decide.locator(".cc-seats .cc-help").first).to_have_text("differs")
    assert axe(page) == []
    assert [seat["role"] for seat in case_of(widget)["seats"]] == ["pain_specialist", "addiction_specialist"]
    assert CaseConference(parse_profile(widget.case_file(), "toml")).state["seats"] == widget.state["seats"]
    app.get_by_role("button", name="Remove: Addiction specialist").click()
    expect(app.locator(".cc-seat-list button")).to_have_count(1)


def test_a_decision_is_recorded_with_who_did_not_agree_and_can_be_done_or_taken_back(
    app: Locator, page: Page, widget: CaseConference
) -> None:
    seated(app, "pain_specialist", "person")
    mark(app, "Pain specialist", lambda _: "For")
    mark(app, "The person", lambda _: "Against")
    decide = box(app, "Record what is decided")
    expect(decide.locator(".cc-seats")).to_be_visible()
    decide.get_by_label("About", exact=True).select_option("opioid_taper")
    words = decide.get_by_label("The person does not agree, and says")
    expect(words).to_be_visible()
    words.fill("Not before the winter.")
    decide.get_by_label("Who sees to it").select_option("opioid_prescriber")
    decide.get_by_label("By, or look again by").fill("12/1/2026")
    decide.get_by_label("A few words, without a name").fill("Dr. Example will call")
    decide.get_by_role("button", name="Record it").click()
    error = app.locator(".cc-zone-meeting .cc-error")
    expect(error).to_contain_text("a role is enough here")
    expect(words).to_have_value("Not before the winter.")
    decide.get_by_label("A few words, without a name").fill("Ten percent a month.")
    decide.get_by_role("button", name="Record it").click()
    expect(app.locator(".cc-meeting-says")).to_have_text("Recorded. Save the case to keep it.")
    expect(error).to_have_text("")
    agreed = app.locator(".cc-agreed li")
    expect(agreed).to_contain_text(
        "To do: Slow, shared opioid taper – Prescriber of the opioid, by 2026-12-01 – did not agree: The person (“Not before the winter.”)"
    )
    assert case_of(widget)["decisions"] == [
        {
            "date": "2026-11-02",
            "item": "opioid_taper",
            "outcome": "do",
            "owner": "opioid_prescriber",
            "due": "2026-12-01",
            "stood": "Check first",
            "note": "Ten percent a month.",
            "dissent": [{"role": "person", "says": "Not before the winter."}],
        }
    ]
    expect(app.locator(".cc-page")).to_contain_text("Decided 2026-11-02: 1 open")
    expect(decide.get_by_label("A few words, without a name")).to_have_value("")
    assert axe(page) == []
    app.get_by_role("button", name="It is done: Slow, shared opioid taper").click()
    expect(agreed).to_contain_text("Done: Slow, shared opioid taper")
    app.get_by_role("button", name="Take back: Slow, shared opioid taper").click()
    expect(agreed).to_contain_text("To do: Slow, shared opioid taper")
    page.keyboard.press("Escape")
    app.locator(".cc-zone-meeting").focus()
    page.keyboard.press("z")
    expect(agreed).to_contain_text("Done: Slow, shared opioid taper")


def test_a_case_left_for_the_next_keeps_what_was_decided_and_ends_with_its_sheet(
    app: Locator, page: Page, widget: CaseConference, files: list[Path]
) -> None:
    cases = take(app, files[:2])
    cases.get_by_role("button", name="Open: low_risk").click()
    decide = box(app, "Record what is decided")
    decide.get_by_label("About", exact=True).select_option("exercise")
    decide.get_by_role("button", name="Record it").click()
    expect(app.locator(".cc-agreed li")).to_contain_text("To do: Exercise – nobody named")
    with page.expect_download() as download:
        app.get_by_role("button", name="Sheet, then the next case: back_pain_120_mme").click()
    assert download.value.suggested_filename == "low_risk.html"
    assert "To do: Exercise" in Path(download.value.path()).read_text("utf-8")
    expect(cases.get_by_role("button", name="On the screen: back_pain_120_mme")).to_be_visible()
    expect(cases.locator(".cc-cases li").first).to_contain_text("Not saved.")
    expect(cases.locator(".cc-before")).to_contain_text("low_risk: To do: Exercise")
    expect(app.locator(".cc-next")).to_be_hidden()
    cases.get_by_role("button", name="Open: low_risk").click()
    expect(app.locator(".cc-agreed li")).to_contain_text("To do: Exercise")
    expect(app.locator(".cc-unsaved")).to_contain_text("Not saved.")
    with page.expect_download():
        app.get_by_role("link", name="Save this case").click()
    expect(cases.locator(".cc-cases li").first).not_to_contain_text("Not saved.")
    cases.get_by_role("button", name="Open: back_pain_120_mme").click()
    expect(cases.get_by_role("button", name="On the screen: back_pain_120_mme")).to_be_visible()
    cases.get_by_role("button", name="Open: low_risk").click()
    expect(app.locator(".cc-unsaved")).not_to_contain_text("Not saved.")


def test_a_decision_is_recorded_by_keyboard_alone(app: Locator, page: Page, widget: CaseConference) -> None:
    app.locator(".cc-live").focus()
    page.keyboard.press("c")
    expect(app.locator(".cc-zone-meeting")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(app.locator(".cc-decide > summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(app.locator(".cc-decide option[value='duloxetine']")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # while the list is open, letters choose from it
    page.keyboard.type("Dulox")
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(app.get_by_role("button", name="Record it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(app.locator(".cc-agreed li")).to_contain_text("To do: Duloxetine")
    assert case_of(widget)["decisions"][0]["item"] == "duloxetine"


def test_hostile_words_are_shown_as_they_are(app: Locator, page: Page, widget: CaseConference) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    decide = box(app, "Record what is decided")
    decide.get_by_label("About", exact=True).select_option("duloxetine")
    decide.get_by_label("Another seat that does not agree").select_option("person")
    decide.get_by_label("The person does not agree, and says").fill(hostile)
    decide.get_by_role("button", name="Record it").click()
    expect(app.locator(".cc-agreed li")).to_contain_text(hostile)
    assert page.locator("img[src=x]").count() == 0
