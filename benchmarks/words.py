"""How long a review is, as a reader sees it: a table, and nothing asserted. Run with `python benchmarks/words.py`.

For each case: the words of the first page in each medium, the words of the whole sheet before anything is unfolded, and
the pages that a browser prints. Aims: 200, 2,500 and 2. `--no-print` leaves the browser out; folders may be named.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pathways.apps.cli.terminal import show_case, show_first_page
from pathways.pages import first_page, first_page_html, sheet_html, sheet_markdown
from pathways.pages.markdown import first_page_markdown
from pathways.profile import Profile
from pathways.review.case import Case, review
from pathways.review.shapes import count_words

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.pages.drawn import seen, tree  # noqa: E402 - the tests count the same way

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HEAD = ("Case", "HTML", "Markdown", "terminal", "sheet", "sheet md", "sheet terminal", "pages", "pages, all")


def html_words(html: str) -> int:
    """Words of a document or fragment that a reader sees before anything is unfolded."""
    return count_words(seen(tree(html)))


def markdown_words(text: str) -> int:
    """Words of a Markdown text as it is drawn: its marks are not read."""
    text = re.sub(r"^\|[ :|-]+\|$|<[^>]*>", " ", text, flags=re.MULTILINE)
    return count_words(re.sub(r"\\(.)|[|*]", r"\1", text))


def on_terminal(show: Any, *what: Any) -> str:
    """What a command prints on a wide terminal that is no screen."""
    told = Console(file=io.StringIO(), width=120, markup=False, emoji=False, highlight=False)
    show(told, *what)
    assert isinstance(told.file, io.StringIO)
    return told.file.getvalue()


def words_of(case: Case) -> tuple[int, ...]:
    """The words of the first page as HTML, Markdown and on a terminal, then of the whole sheet in the three."""
    return (
        html_words(first_page_html(case)),
        markdown_words(first_page_markdown(case)),
        count_words(on_terminal(show_first_page, first_page(case))),
        html_words(sheet_html(case)),
        markdown_words(sheet_markdown(case)),
        count_words(on_terminal(show_case, case)),
    )


@contextmanager
def printer() -> Iterator[Any]:
    """A function that prints an HTML text to a PDF file and gives its number of pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        tab = browser.new_page()

        def printed(html: str, to: Path | None = None, choose: str = "") -> int:
            source = Path(folder) / "sheet.html"
            source.write_text(html, encoding="utf-8")
            tab.goto(source.as_uri())
            if choose:
                tab.check(f"#{choose}")
            pdf = tab.pdf(path=to, prefer_css_page_size=False, format="Letter")
            return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))

        yield printed
        browser.close()


def rows(cases: Sequence[Path], pdfs: Path | None, prints: bool) -> Iterator[tuple[str, ...]]:
    """A row of figures for each case file."""

    def told(path: Path, printed: Any) -> tuple[str, ...]:
        case = review(Profile.load(path))
        pages: tuple[object, ...] = ("–", "–")
        if printed:
            html = sheet_html(case)
            pages = printed(html, pdfs / f"{path.stem}.pdf" if pdfs else None), printed(html, choose="pw-print-all")
        return (path.stem, *map(str, (*words_of(case), *pages)))

    if not prints:
        yield from (told(path, None) for path in cases)
        return
    with printer() as printed:
        yield from (told(path, printed) for path in cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "sample_data" / "cases"])
    parser.add_argument("--no-print", action="store_true", help="leave the browser out")
    parser.add_argument("--pdf", type=Path, help="keep what is printed in this folder")
    args = parser.parse_args()
    cases = [
        path for folder in args.folders for path in ([folder] if folder.is_file() else sorted(folder.glob("*.toml")))
    ]
    table = Table(*HEAD, title="Words as a reader sees them, and printed pages")
    for row in rows(cases, args.pdf, not args.no_print):
        table.add_row(*row)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
