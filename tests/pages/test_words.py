"""How long a page is, counted as a reader sees it: the same limits in every medium, and nothing dangerous cut for them."""

from __future__ import annotations

import re

import pytest

from benchmarks.words import html_words, markdown_words, on_terminal, words_of
from pathways import Profile, review
from pathways.apps.cli.terminal import show_case, show_first_page
from pathways.pages import first_page, sheet_html, sheet_markdown
from pathways.pages.blocks import Listing, Table
from pathways.pages.html import GROUPS, sections_of, texts
from pathways.review.case import Case
from pathways.review.shapes import count_words
from tests.pages.drawn import CASES, Node, sample, seen, tree

NAMES = [path.stem for path in CASES]
PRINTED = ("urgent", "phases", "medicines", "care", "open")
"""The sections that are printed with the first page, in reading order."""
FIRST, SHEET = 200, 2500


def front_text(case: Case) -> str:
    """What the first page and the sections printed with it say, as one lower-case text."""
    told = [said.text for said in first_page(case).said()]
    told += [said.text for s in sections_of(case) if not s.annex for said in texts(s)]
    told += [block.title for s in sections_of(case) if not s.annex for block in s.blocks if isinstance(block, Listing)]
    return " ".join(told).lower()


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_short_in_every_medium(name: str) -> None:
    case = sample(name)
    html, markdown, terminal, *wholes = words_of(case)
    assert max(html, markdown, terminal) <= FIRST
    assert max(abs(html - other) for other in (markdown, terminal)) <= 5, "the same words in every medium"
    assert wholes[0] <= SHEET
    assert markdown_words(sheet_markdown(case, full=False)) <= SHEET
    assert count_words(on_terminal(show_case, case)) <= SHEET


def test_the_counts_see_what_is_shown() -> None:
    assert html_words("<p>one <b>two</b></p><details><summary>three</summary><p>four</p></details>") == 3
    assert markdown_words("# one\n\n| two | three |\n| --- | --- |\n- **four** \\[five\\]") == 5
    case = sample("low_risk")
    assert on_terminal(show_first_page, first_page(case)).startswith(first_page(case).title.text)
    assert html_words(sheet_html(case, full=True)) > html_words(sheet_html(case))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_dangerous_is_on_the_printed_pages(name: str) -> None:
    case = sample(name)
    told = front_text(case)
    for emergency in case.findings.emergencies:
        if emergency.state == "present":
            assert all(action.lower() in told for action in emergency.actions)
        elif emergency.state != "absent":
            assert emergency.record.title.lower() in told
    for weighed in case.medicines:
        assert weighed.label.lower() in told
        for ground in weighed.grounds if weighed.verdict not in ("keep", "start") else ():
            title = ground.label.partition(": ")[2] if ground.label.startswith("with ") else ground.label
            assert title.lower() in told, f"{weighed.label}: {ground.label}"
    for option in case.options:
        if option.verb == "Do not start":
            assert option.record.short.lower() in told
    for plan in case.shown.plans:
        for item in plan.items:
            assert item.option.record.short.lower() in told
            for caution in (*item.option.cautions, *item.option.check_first) if item.option.in_place != "yes" else ():
                assert caution.label.lower() in told
    for _, _, record in case.frontier.excluded:
        assert record.title.lower() in told


@pytest.mark.parametrize("name", NAMES)
def test_naloxone_is_said_in_one_row_of_the_plan(name: str) -> None:
    phases = next(s for s in sections_of(sample(name)) if s.id == "phases")
    rows = [" ".join(said.text for said in row[0]) for block in phases.blocks for row in getattr(block, "rows", ())]
    assert sum("Naloxone and teaching" in row for row in rows) <= 1
    assert sum(row.lower().count("give naloxone") for row in rows) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_no_column_holds_only_dashes(name: str) -> None:
    for section in sections_of(sample(name)):
        for table in (b for b in section.blocks if isinstance(b, Table) and b.rows and not b.blank):
            for n in range(1, len(table.head)):
                assert {said.text for row in table.rows for said in row[n]} - {"–", ""}, (section.id, table.head[n])


@pytest.mark.parametrize("name", NAMES)
def test_one_plan_is_not_compared(name: str) -> None:
    case = sample(name)
    text = sheet_markdown(case)
    compared = "Plans side by side" in text or "The first plan of each role" in text
    assert compared == (len(case.shown.plans) > 1)
    assert ("Plans side by side" in on_terminal(show_case, case)) == (len(case.shown.plans) > 1)


def test_a_sample_has_one_plan_and_another_several() -> None:
    assert {len(sample(name).shown.plans) > 1 for name in NAMES if sample(name).shown.plans} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_all_the_rest_is_folded_under_a_question_and_one_line_says_so(name: str) -> None:
    case = sample(name)
    root = tree(sheet_html(case))
    sections = sections_of(case)
    assert [s.id for s in sections if not s.annex] == [id for id in PRINTED if id in {s.id for s in sections}]
    annexes = [node for node in root.all("details") if "pw-annex" in node.classes()]
    assert [node.attributes["id"] for node in annexes] == [f"pw-{s.id}" for s in sections if s.annex]
    assert not [node for node in annexes if "open" in node.attributes]
    for node in annexes:
        summary = next(child for child in node.children if isinstance(child, Node))
        assert summary.tag == "summary", "opened with a key as well as with a mouse"
        assert next(summary.all("h3")).text().strip()
    rest = next(node for node in root.all("p") if "pw-rest" in node.classes()).text()
    for question, ids in GROUPS.items():
        shown = any(s.id in ids for s in sections)
        assert (f">{question}<" in sheet_html(case)) == shown
        assert (question[1:] in rest) == shown
    for text in (sheet_markdown(case, full=False), on_terminal(show_case, case)):
        assert re.search(r"--full\s+shows\s+it|\\?-\\?-full", text)
    assert "--full" not in seen(root)


@pytest.mark.parametrize("sign", ["not_as_prescribed", "use_unknown", "unrecognized", "second", "dose"])
def test_no_question_and_no_line_names_an_entry_by_its_place(sign: str) -> None:
    entry = {"ingredients": ["pregabalin"], "state": "current"}
    entries = {
        "not_as_prescribed": [{**entry, "as_prescribed": False}],
        "use_unknown": [{**entry, "use_unknown": True}],
        "unrecognized": [{"name": "the white tablet", "state": "current"}],
        "second": [entry, {**entry, "source": "nonprescribed"}],
        "dose": [{"ingredients": ["acetaminophen", "oxycodone"], "state": "current"}, entry],
    }
    case = review(Profile.from_dict({"answers": {"age_years": 61}, "medicines": entries[sign]}))
    told = [said.text for said in first_page(case).said()]
    told += [said.text for section in sections_of(case) for said in texts(section)]
    assert any(entry["ingredients"][0] in text.lower() or "white tablet" in text for text in told)
    raw = re.compile(r"\b(medicines|conditions|observations|answers|allergies|wishes)\.(\d|[a-z]\w*_)")
    assert [text for text in told if raw.search(text)] == []
