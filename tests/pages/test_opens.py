"""What a first page only counts or names ("+13 more", "see the plan", "7 apply") opens the section that holds the whole of it."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest

from pathways.content import load_content
from pathways.pages import first_page, first_page_html, sheet_html
from pathways.pages.blocks import Table
from pathways.pages.html import link_in, section_html, sections_of, texts
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.shapes import Said
from tests.obedience.generate import Vocabulary
from tests.obedience.generate import profile as dense_profile
from tests.obedience.knowledge import load
from tests.pages.drawn import CASES, Node, sample, tree
from tests.profiles import random_data

NAMES = [path.stem for path in CASES]
COUNTS = re.compile(r"\(\+\d+\)|\+\d+|: below\.?$|more below|\bsee (?:the|gap) plan|\bsee gap plan|\d+ apply")


@cache
def people() -> tuple[Case, ...]:
    """The samples, and people with much that does not fit on one page."""
    known, vocabulary = load(), Vocabulary.read()
    drawn = [Profile.from_dict(dense_profile(Random(f"open {n}"), known, vocabulary)) for n in range(8)]
    drawn += [Profile.from_dict(random_data(Random(f"open {n}"), load_content())) for n in range(6)]
    return (*map(sample, NAMES), review(Profile.from_dict({})), *map(review, drawn))


def links(html: str) -> list[Node]:
    return [node for node in tree(html).all("a") if "pw-opens" in node.classes()]


@pytest.mark.slow
def test_what_is_only_counted_or_named_is_a_link_to_a_section_that_is_there() -> None:
    opened = set()
    for case in people():
        sections = {section.id for section in sections_of(case, full=False)}
        for said in first_page(case).said():
            if COUNTS.search(said.text) and not said.text.startswith(case.profile.title or "\0"):
                assert said.opens, said.text
            assert not said.opens or said.opens in sections, said.text
            assert said.link in said.text, (said.text, said.link)
        linked = {link.attributes["data-opens"] for link in links(first_page_html(case, opens=True))}
        assert linked == {said.opens for said in first_page(case).said() if said.opens}
        opened |= linked
    assert opened >= {"unknown", "guidelines", "entered", "phases", "forks", "urgent", "medicine_reasons"}


@pytest.mark.parametrize("name", NAMES[:3])
def test_on_the_sheet_a_link_leads_to_the_words_of_the_section(name: str) -> None:
    root = tree(sheet_html(sample(name)))
    ids = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    found = links(sheet_html(sample(name)))
    assert found
    assert {link.attributes["href"].removeprefix("#") for link in found} <= set(ids)


def test_a_page_for_a_notebook_holds_no_link_that_leads_nowhere() -> None:
    assert links(first_page_html(sample("low_risk"))) == []


@pytest.mark.slow
def test_what_is_opened_holds_what_was_only_counted() -> None:
    for case in people():
        told = {
            section.id: "\n".join(said.text for said in texts(section)) for section in sections_of(case, full=False)
        }
        page = first_page(case)
        if page.asked and page.asked.opens:
            for e in case.findings.emergencies:
                if e.state in ("not_asked", "possible"):
                    assert e.record.title in told["unknown"]
        for id in case.facts.contradictions:
            assert case.content.contradictions[id].title in told["unknown"]
        for dispute in case.facts.disputes:
            assert dispute.title in told["unknown"]


def test_the_guideline_that_is_counted_stands_first_where_its_count_leads() -> None:
    case = sample("back_pain_120_mme")
    [line] = [said for said in first_page(case).state if said.opens == "guidelines"]
    apply = int(re.findall(r"(\d+) apply", line.text)[0])
    [section] = [one for one in sections_of(case, full=False) if one.id == "guidelines"]
    applies = section.blocks[0]
    assert isinstance(applies, Table)
    sources = [row[0][0].source[0].id for row in applies.rows]
    assert sources[:apply] == ["cdc2022"] * apply
    assert "cdc2022" not in sources[apply:]


def test_a_section_is_its_title_and_its_words() -> None:
    case = sample("back_pain_120_mme")
    found = section_html(case, "guidelines")
    assert found is not None
    title, html = found
    assert title == "What the sources say here"
    assert "Recommendation 11" in tree(html).text()
    assert section_html(case, "no_such_section") is None


@pytest.mark.parametrize(
    ("text", "link", "parts"),
    [
        ("+13 more", "", ("", "+13 more", "")),
        ("oxycodone: with alprazolam (+2). Lower it", "(+2)", ("oxycodone: with alprazolam ", "(+2)", ". Lower it")),
        ("Not here, see gap plan: naloxone, +2", "see gap plan", ("Not here, ", "see gap plan", ": naloxone, +2")),
    ],
)
def test_the_link_is_the_words_that_the_text_names_or_the_whole(text: str, link: str, parts: tuple[str, ...]) -> None:
    assert link_in(Said(text, opens="phases", link=link)) == parts


@pytest.mark.slow
def test_a_count_within_a_sentence_is_the_link_and_not_the_whole_sentence() -> None:
    found = set()
    for case in people():
        for said in first_page(case).said():
            if said.opens and (count := re.search(r"(?:\(\+\d+\)|; \+\d+|see gap plan)", said.text)):
                assert said.link == count[0].removeprefix("; "), said.text
                found.add(said.opens)
    assert found >= {"medicine_reasons", "unknown"}
