"""`pathways review`: hold cases to the content; show the first page, or write sheets, or give JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...language.nearest import did_you_mean
from .common import (
    UserError,
    content_at_hand,
    note,
    one_line,
    print_json,
    read_cases,
    read_site,
    screen,
    site_beside,
)
from .records import Opened, show_understood
from .targets import Force, check_target, same_file, write_pdf, write_text

if TYPE_CHECKING:
    from ...care.services import Site
    from ...content import Content
    from ...review.case import Audience, Case

Cases = Annotated[
    list[Path],
    typer.Argument(
        metavar="CASE", help="Case files (TOML, JSON), FHIR R4 records, or PDMP exports (CSV).", show_default=False
    ),
]
CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="A case file, TOML or JSON.", show_default=False)]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Reckon from this day (2026-11-02) and not from the case's own."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lens = Annotated[
    str | None,
    typer.Option("--lens", metavar="LENS", help="Whose order of plans comes first: pain, addiction, person."),
]
For = Annotated[
    str,
    typer.Option(
        "--audience",
        metavar="WHO",
        help="Who will see it: team, person, pain_clinic or partner. The person sees all of it; the others what consents open.",
    ),
]
Markdown = Annotated[
    Path | None, typer.Option("--md", metavar="FILE", help="Write the sheet as Markdown; with several cases a folder.")
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the sheet as HTML; with several cases a folder.")
]
Pdf = Annotated[
    Path | None,
    typer.Option(
        "--pdf",
        metavar="FILE",
        help="Write the sheet as PDF, by a Chromium or Chrome on this machine; with several cases a folder.",
    ),
]
SiteFile = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="FILE",
        help="What your site has: adds a gap plan. Left out: site.toml beside the case, else in this folder.",
    ),
]
Full = Annotated[
    bool,
    typer.Option(
        "--full", help="All of it: the menu, why, when, who and the sources too, in print and on the terminal."
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(
        "--save", metavar="FILE", help="Of one FHIR record or PDMP export: write what was read as a case file."
    ),
]
NoSite = Annotated[bool, typer.Option("--no-site", help="Use no site file, even if one is there.")]


def review(
    cases: Cases,
    as_json: AsJson = False,
    md: Markdown = None,
    html: Html = None,
    pdf: Pdf = None,
    as_of: AsOf = None,
    lens: Lens = None,
    audience: For = "team",
    site: SiteFile = None,
    no_site: NoSite = False,
    full: Full = False,
    save: Save = None,
    force: Force = False,
) -> None:
    """Review one or more cases: emergencies, what to do in any case, what to decide, what to ask.

    All cases are read and reviewed before anything is written: one that cannot be used stops the rest.

    A sheet takes the place of an earlier one that nobody has changed; any other file that is there is kept, unless you say
    --force, and a case or site file that is read here is kept in any case.

    \b
    Example: pathways review sample_data/cases/back_pain_120_mme.toml
    Example: pathways review case.toml --html case.html --as-of 2026-11-02
    Example: pathways review case.toml --pdf case.pdf
    Example: pathways review case.toml --full
    Example: pathways review sample_data/fhir/synthetic_back_pain_oud.json --save read.toml
    Example: pathways review case.toml --audience pain_clinic --md case.md
    Example: pathways review case.toml --site sample_data/site.toml
    Example: pathways review sample_data/pdmp_export.csv --as-of 2026-11-02
    """
    content = content_at_hand()
    known_lens(content, lens)
    seen_by = audience_named(audience)
    inputs = [*cases, *site_files(cases, site, no_site)]
    targets = _targets(cases, {".md": md, ".html": html, ".pdf": pdf}, inputs, seen_by, force)
    writers = _writers(pdf is not None)
    saved_as = None if save is None else check_target(save, inputs, force=force)
    if saved_as is not None and any(same_file(saved_as, path) for path, _, _ in targets):
        raise UserError(f"--save {save}: a sheet would be written to this file too")
    sites = sites_of(cases, site, no_site, content)
    opened: list[Opened] = []
    reviewed = reviewed_cases(cases, as_of, content, lens, opened)
    if seen_by != "team":
        reviewed = [shown_to(case, seen_by) for case in reviewed]
    if saved_as is not None:
        if len(cases) != 1 or opened[0].kind == "case":
            raise UserError("--save: give one FHIR record or PDMP export; a case file is saved already")
        from ...facts.understood import keep_doubts

        read = reviewed[0].profile
        # What was doubtful is told in the records' own words, which no view for others holds.
        kept = keep_doubts(read, opened[0].understood(content), content) if seen_by == "team" else read
        kept.save(saved_as)
        note(f"Written: {save}")
    if targets:
        texts = [(path, n, writers[ending](reviewed[n], sites[n], full=full)) for path, n, ending in targets]
        for path, n, text in texts:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if isinstance(text, bytes):
                write_pdf(path, text)
            else:
                write_text(path, text)
            note(f"Written: {path}" + (f" ({cases[n].name})" if seen_by != "team" and len(cases) > 1 else ""))
    if as_json:
        from ...pages.data import case_data

        data = [case_data(case, here) for case, here in zip(reviewed, sites, strict=True)]
        print_json(data[0] if len(data) == 1 else data)
    elif not targets:
        from .terminal import show_case

        console = screen()
        for n, case in enumerate(reviewed):
            if n:
                console.print()
            if len(reviewed) > 1:
                # What a case file is called may be a name, which others than the team may not know.
                console.print(one_line(f"== {cases[n] if seen_by == 'team' else f'case {n + 1}'}"), style="bold")
            if seen_by == "team":
                show_understood(opened[n], cases[n].name, content, full)
            show_case(console, case, sites[n], full=full)


def audience_named(name: str) -> Audience:
    """An audience by name. Raises UserError."""
    from ...review.case import AUDIENCES

    for known in AUDIENCES:
        if name == known:
            return known
    raise UserError(
        f"--audience: no audience '{name[:40]}'.{did_you_mean(name, AUDIENCES)} There are {', '.join(AUDIENCES)}"
    )


def shown_to(case: Case, audience: Audience) -> Case:
    """The case as the audience may see it. Raises LeakError, which is a fault of the kit."""
    from ...pages.outs import shown_to as shown

    return shown(case, audience)


def known_lens(content: Content, lens: str | None) -> None:
    """Raises UserError for a lens that the content does not have."""
    if lens is not None and lens not in content.lenses:
        raise UserError(
            f"--lens: no lens '{lens[:40]}'.{did_you_mean(lens, content.lenses)} There are {', '.join(content.lenses)}"
        )


def reviewed_cases(
    paths: Sequence[Path],
    as_of: str | None,
    content: Content,
    lens: str | None = None,
    opened: list[Opened] | None = None,
) -> list[Case]:
    """Read and review all cases; ``opened`` is filled with what each file was read as. Raises UserError."""
    from ...review.case import review as run

    return [run(profile, content=content, lens=lens) for profile in read_cases(paths, as_of, content, opened)]


def sites_of(cases: Sequence[Path], given: Path | None, none: bool, content: Content) -> list[Site | None]:
    """The site of each case: the file given, else the one at hand, which is said. Raises UserError."""
    if none:
        if given is not None:
            raise UserError("--site and --no-site: choose one of the two")
        return [None] * len(cases)
    if given is not None:
        return [read_site(given, content)] * len(cases)
    paths = [site_beside(case) for case in cases]  # as `site_files` finds them
    read = {path: read_site(path, content) for path in dict.fromkeys(paths) if path}
    for path in read:
        note(f"Site file: {path}")
    return [read[path] if path else None for path in paths]


def site_files(cases: Sequence[Path], given: Path | None, none: bool) -> list[Path]:
    """The site files that a review reads."""
    found = [] if none else [given] if given is not None else [site_beside(case) for case in cases]
    return [path for path in found if path is not None]


def _writers(as_pdf: bool) -> dict[str, Callable[..., str | bytes]]:
    """What writes each kind of sheet. Raises UserError where a PDF is asked for and nothing is there to print it."""
    from ...pages import sheet_html, sheet_markdown

    found: dict[str, Callable[..., str | bytes]] = {".md": sheet_markdown, ".html": sheet_html}
    if as_pdf:
        from .pdf import found_chromium, sheet_pdf

        chromium = found_chromium()
        found[".pdf"] = lambda case, site, full: sheet_pdf(sheet_html(case, site, full=full), chromium)
    return found


def _targets(
    cases: Sequence[Path], wanted: dict[str, Path | None], inputs: Sequence[Path], audience: str, force: bool
) -> list[tuple[Path, int, str]]:
    """Each file to write, the case that it is for, and its kind. Raises UserError; writes nothing.

    In a folder a sheet is called after its case file; for others than the team it has a number, since that may be a name.
    """
    made: list[tuple[Path, int, str]] = []
    for ending, given in wanted.items():
        if given is None:
            continue
        if len(cases) > 1 or given.is_dir():
            folder = given.resolve()
            if folder.exists() and not folder.is_dir():
                raise UserError(f"--{ending[1:]} {given}: with several cases this must be a folder")
            if not folder.exists():
                check_target(given, inputs)  # the folder itself will be made; what it stands in must be there
            for n, case in enumerate(cases):
                path = folder / f"{case.stem if audience == 'team' else f'case_{n + 1}'}{ending}"
                made.append((check_target(path, inputs, force=force) if folder.exists() else path, n, ending))
        else:
            made.append((check_target(given, inputs, force=force), 0, ending))
    paths = [path for path, _, _ in made]
    for path in paths:
        if paths.count(path) > 1:
            raise UserError(f"{path}: two sheets would be written to this one file")
    return made
