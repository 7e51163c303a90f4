"""The page of a lesson in a real Chromium: by keyboard alone from the story to the file, no key in it; and the class on one sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import kit
from pathways.apps.teach.checking import load_lesson
from pathways.apps.teach.class_report import read_class
from pathways.apps.teach.class_sections import class_html
from pathways.apps.teach.lesson import Lesson
from pathways.apps.teach.lesson_page import lesson_html
from pathways.content import load_content
from tests.apps.teach_blanks import filled
from tests.apps.teach_class import write_class
from tests.browser.test_case_conference import violations
from tests.browser.test_handout_page import pages

pytestmark = pytest.mark.browser

CASES = sorted((kit.ROOT / "sample_data/teaching").glob("*.teach.toml"))


def opened(page: Page, folder: Path) -> Lesson:
    """The lesson of the template as a page on this machine."""
    case = folder / "case.teach.toml"
    case.write_text(filled(), "utf-8")
    lesson = load_lesson(case)
    (folder / "lesson.html").write_text(lesson_html(lesson), "utf-8")
    page.goto((folder / "lesson.html").as_uri())
    return lesson


def press_to(page: Page, selector: str, most: int = 200) -> None:
    """Tab until an element has the focus: what cannot be reached by keyboard is not found."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_a_learner_goes_from_the_story_to_the_file_by_keyboard(page: Page, tmp_path: Path) -> None:
    lesson = opened(page, tmp_path)
    second = page.locator("[data-stage]").nth(1)
    expect(second).to_be_hidden()
    press_to(page, "[data-question=next] input[value='medicines.opioid_for_pain']")
    page.keyboard.press("Space")
    press_to(page, "[data-do=on]")
    page.keyboard.press("Enter")
    expect(second).to_be_visible()
    expect(page.locator("[data-question=next] input").first).to_be_disabled()
    press_to(page, "[data-question=pair] input[value=alprazolam]")
    page.keyboard.press("Space")
    press_to(page, "[data-question=order] select[data-key=exercise]")
    page.keyboard.press("1")
    press_to(page, "[data-question=order] select[data-key=naltrexone_xr]")
    page.keyboard.press("2")
    press_to(page, "[data-question=words] textarea")
    page.keyboard.type("Gently.")
    press_to(page, "[data-id]")
    page.keyboard.type("L-01")
    press_to(page, "[data-do=save]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("choose two, or none")
    page.locator("[data-question=pair] input[value=oxycodone]").focus()
    page.keyboard.press("Space")
    press_to(page, "[data-do=save]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "L-01.case.answers.json"
    (tmp_path / "class").mkdir()
    download.value.save_as(tmp_path / "class" / download.value.suggested_filename)
    expect(page.get_by_role("status")).to_contain_text("the first answer stands")
    expect(page.locator("[data-do=save]")).to_be_disabled()
    report = read_class(tmp_path / "class", [lesson])
    assert report.left_out == ()
    right = {mark.question: mark.right for mark in report.files[0].marks}
    assert right == {"next": True, "findings": None, "pair": True, "order": True, "plan": None, "words": None}


def test_nothing_is_fetched_and_the_page_can_be_heard_and_narrowed(page: Page, tmp_path: Path) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened(page, tmp_path)
    page.locator("[data-do=on]").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations(page, "main") == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    assert errors == []


@pytest.mark.parametrize("case", CASES, ids=[path.name.partition(".")[0] for path in CASES])
def test_a_report_on_a_class_of_thirty_prints_on_one_page(page: Page, tmp_path: Path, case: Path) -> None:
    lesson = load_lesson(case, load_content())
    write_class(tmp_path, lesson, 30, seed=3)
    assert pages(page, class_html(read_class(tmp_path, [lesson]))) == 1
