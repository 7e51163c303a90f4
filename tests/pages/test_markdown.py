"""The sheet as Markdown: the same content in the same order, and no markup from outside."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from pathways.pages import first_page, sheet_html, sheet_markdown
from pathways.pages.html import sections_of
from pathways.pages.markdown import escaped
from tests.pages.drawn import CASES, sample, tree
from tests.pages.test_html import HOSTILE, hostile

NAMES = [path.stem for path in CASES]
MORE = (
    "# heading", "- item", "1. item", "1) item", "> quote", "***", "---", "===", "`code`", "~~~", "    indented", "+ plus",
    "![x](http://example.org/a.png)", "<http://example.org>", "http://example.org", "www.example.org", "a@example.org",
    "a | b", "[ref]: http://example.org", "&lt;b&gt; &#60;", "\\`", "$x^2$", "~~gone~~", "_so_ __so__ *so* **so**",
    "::: note", "two\n\n# lines", "<!-- -->", "ends with \\", "^up^", "==mark==",
)  # fmt: skip  # data, read across


def rendered(text: str) -> str:
    """As the freest renderer at hand would show it: HTML passed through, tables and strike-through read."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


@pytest.mark.parametrize("text", [*HOSTILE, *MORE])
@pytest.mark.parametrize("place", ["{}", "- {}", "# {}", "- **{}** – x", "| a | b |\n| --- | --- |\n| {} | y |"])
def test_escaped_text_is_shown_as_it_is_and_makes_no_markup(text: str, place: str) -> None:
    html = rendered(place.format(escaped(text)))
    plain = rendered(place.format("plain"))
    tags = [node.tag for node in tree(html).all()]
    assert tags == [node.tag for node in tree(plain).all()], html
    assert " ".join(text.split()) in tree(html).text()


def test_addresses_are_no_links_for_readers_that_make_their_own() -> None:
    assert re.search(r"(?<!\\)://", escaped("see https://example.org and http://x")) is None
    assert "www." not in escaped("see www.example.org")
    assert re.search(r"(?<!\\)@", escaped("a@example.org")) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_profile_makes_no_markup(text: str) -> None:
    root = tree(rendered(sheet_markdown(hostile(text))))
    tags = {node.tag for node in root.all()}
    assert not tags & {"script", "img", "svg", "a", "iframe", "s"}
    assert root.text().count(text) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_what_the_html_holds_in_the_same_order(name: str) -> None:
    case = sample(name)
    text = sheet_markdown(case)
    heads = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    sections = [section.title for section in sections_of(case)]
    assert heads[-len(sections) :] == sections
    root = tree(rendered(text)).text()
    for said in first_page(case).said():
        assert " ".join(said.text.split()) in root, said.text
    html = tree(sheet_html(case)).text()
    for section in sections_of(case):
        assert section.title in html


def test_tables_have_as_many_cells_as_heads() -> None:
    text = sheet_markdown(sample("back_pain_120_mme"))
    wide = 0
    for line in text.splitlines():
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            wide = cells if wide == 0 else wide
            assert cells == wide, line
        else:
            wide = 0


def test_the_end_says_whose_decision_it_is() -> None:
    assert "gives no orders" in sheet_markdown(sample("low_risk"))
