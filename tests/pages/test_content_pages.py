"""The pages under docs/content say what the records say: current, whole, the same every time, and safe to render."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from pathways.apps.cli import main
from pathways.content import load_content
from pathways.content.loader import PACKAGED, cites_of
from pathways.pages.content_pages import NOTE, TITLES, pages, write_pages
from pathways.pages.content_words import text
from tests.conftest import ROOT

FOLDER = ROOT / "docs/content"
CONTENT = load_content()
PAGES = pages(CONTENT)
RENEW = "the records changed: run `pathways docs --out docs/content`"


def test_the_committed_pages_are_current() -> None:
    assert {path.name for path in FOLDER.glob("*.md")} == PAGES.keys(), RENEW
    stale = [name for name, page in PAGES.items() if (FOLDER / name).read_bytes() != page.encode()]
    assert stale == [], RENEW


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert pages(load_content(folder)) == PAGES


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("recommendations", "recommendation"), ("treatments", "treatment"), ("interactions", "interaction"),
        ("emergencies", "emergency"), ("instruments", "instrument"), ("care_pathways", "pathway"),
        ("disagreements", "disagreement"), ("sources", "source"),
    ],
)  # fmt: skip  # data, read across
def test_every_record_stands_on_its_page_once_with_its_source(page: str, table: str) -> None:
    shown = PAGES[f"{page}.md"]
    for id, record in CONTENT.tables[table].items():
        assert shown.count(f'<a id="{id}"></a>') == 1
        assert text(record.title) in shown
        for cite in getattr(record, "source", ()):
            assert f"(sources.md#{cite.id})" in shown


def test_every_rule_and_every_unconfirmed_place_is_shown() -> None:
    whole = "\n".join(PAGES.values())
    shown = {"recommendation", "emergency", "interaction", "pathway", "disagreement", "instrument"}
    for rule in CONTENT.rules():
        if rule.table in shown or (rule.table == "treatment" and not rule.name.startswith(("addresses", "in_every"))):
            assert f"`{' '.join(rule.text.split())}`" in whole
    recalled = {(c.id, c.at) for r in CONTENT.recommendations.values() for c in cites_of(r) if c.confidence == "recall"}
    assert recalled
    for id, at in recalled:
        assert f"[{text(id)}](sources.md#{id}), {text(at)}†" in PAGES["recommendations.md"]


def test_the_counts_of_flags_add_up() -> None:
    cites = [c for records in CONTENT.tables.values() for r in records.values() for c in cites_of(r)]
    rows = re.findall(r"\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGES["sources.md"], re.MULTILINE)
    assert len(rows) == len(CONTENT.sources)
    assert sum(int(row[3]) for row in rows) == len(cites)
    assert all(sum(map(int, row[:3])) == int(row[3]) for row in rows)


def test_every_link_leads_somewhere() -> None:
    anchors = {name: set(re.findall(r'<a id="([^"]+)"></a>', page)) for name, page in PAGES.items()}
    for name, page in PAGES.items():
        for target, anchor in re.findall(r"\]\(([a-z_]+\.md)(?:#([^)]+))?\)", page):
            assert target in PAGES, name
            assert not anchor or anchor in anchors[target], f"{name}: {target}#{anchor}"


def test_tables_are_whole_and_texts_cannot_break_out() -> None:
    assert text("a | b <img src=x> *c* [d](e) `f`\ng") == r"a \| b \<img src=x\> \*c\* \[d\](e) \`f\` g"
    for name, page in PAGES.items():
        tags = set(re.findall(r"(?<!\\)<(/?[a-z]+)", re.sub(r"`[^`\n]*`", "", page)))
        assert tags <= {"a", "/a", "details", "/details", "summary", "/summary"}, name
        width = None
        for line in page.splitlines():
            if line.startswith("|"):
                columns = len(re.findall(r"(?<!\\)\|", line))
                assert width in (None, columns), f"{name}: {line[:90]}"
                width = columns
            else:
                width = None


def test_the_command_writes_the_pages_and_takes_away_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "old_kind.md").write_text(f"# Old\n\n{NOTE}\n", "utf-8")
    (tmp_path / "mine.md").write_text("# Mine\n", "utf-8")
    assert main(["docs", "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.glob("*.md")} == {*PAGES, "mine.md"}
    assert all((tmp_path / name).read_text("utf-8") == page for name, page in PAGES.items())
    assert main(["docs", "--out", str(tmp_path / "mine.md")]) == 2
    assert len(TITLES) == len(PAGES) - 1
    assert [path.name for path in write_pages(CONTENT, tmp_path)] == list(PAGES)
