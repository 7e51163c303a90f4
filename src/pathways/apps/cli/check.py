"""`pathways check`: is the content whole? Counts, gaps by kind, worked cases, mutants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .common import UserError, one_line, screen

if TYPE_CHECKING:
    from ...review.check import Report


@cache
def flags() -> tuple[str, ...]:
    """The confidence flags, the surest first; asked for late, so that the help loads no content."""
    from ...content.models import CONFIDENCE_ORDER

    return tuple(reversed(CONFIDENCE_ORDER))


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="A content folder; left out, the packaged one.", show_default=False),
    ] = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="Change every rule a little: do its cases notice?")] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="With each unnoticed change, inputs that show it.")
    ] = False,
) -> int:
    """Check the content: every worked case, every gap, by kind. Ends with 1 when there is a mistake or a gap.

    \b
    Example: pathways check
    Example: pathways check my_content --mutate --suggest
    """
    from ...content import ContentError, load_content
    from ...content.loader import PACKAGED
    from ...review.check import check_content

    if folder is not None and not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder")
    console = screen()
    try:
        content = load_content(PACKAGED if folder is None else folder)  # read and checked now, never as it was kept
    except ContentError as error:
        for problem in error.problems:
            console.print(one_line(problem), soft_wrap=True)
        console.print(f"{error.count} in the content; nothing else could be checked.")
        return 1
    report = check_content(content, mutate=mutate or suggest, suggest=suggest)
    console.print(f"Content {content.hash[:12]}", style="bold")
    console.print()
    console.print("Records", style="bold")
    _counts(console.print, report.counts)
    console.print("Review status", style="bold")
    _counts(console.print, report.review)
    console.print("Confidence of citations", style="bold")
    _counts(console.print, report.confidence)
    console.print("Rules", style="bold")
    rules = {"rules": report.rules, "worked cases": report.cases, "cases implied by a bare fact": report.implied}
    _counts(console.print, rules | ({"mutants": report.mutants} if mutate or suggest else {}))
    console.print("Files", style="bold")
    for line in _files(report):
        console.print(line, soft_wrap=True)
    console.print("Gaps", style="bold")
    for kind, places in report.gaps.items():
        console.print(f"{len(places):6}  {kind}", style="red" if places else "")
        for place in places:
            console.print(f"          {one_line(place)}", soft_wrap=True)
    console.print(f"{report.total:6}  in all", style="bold")
    for line in report.left_out:
        console.print(line, soft_wrap=True)
    return 1 if report.total else 0


def _files(report: Report) -> Iterator[str]:
    """One line a file: records, cases, sources, citations by flag, gaps; and one for all of them."""
    heads = ("records", "cases", "sources", *flags(), "gaps", "file")
    rows = {
        name: [f.records, f.cases, len(f.sources), *(f.flags[flag] for flag in flags()), f.gaps]
        for name, f in report.files.items()
    }
    sums = [sum(numbers) for numbers in zip(*rows.values(), strict=True)]
    sums[2] = len(set().union(*(f.sources for f in report.files.values())))  # many files cite the same one
    yield "  ".join(f"{head:>6}" for head in heads)
    for name, numbers in (*rows.items(), (f"in all, {len(rows)} files", sums)):
        cells = [f"{number:>{max(6, len(head))}}" for number, head in zip(numbers, heads, strict=False)]
        yield "  ".join([*cells, name])


def _counts(say: object, counts: Mapping[str, int]) -> None:
    assert callable(say)
    for name, number in counts.items():
        say(f"{number:6}  {name.replace('_', ' ')}")
