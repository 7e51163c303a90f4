"""`pathways handout`, `form`, `schema` and `docs`: the page for the person, the blank intake sheet, the JSON Schema of a
case file, and the content as pages to read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, content_at_hand, note, print_json, read_cases
from .review import AsOf, CaseFile, NoSite, SiteFile, site_files, sites_of
from .targets import Force, check_target, write_text


def handout(
    case: CaseFile,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write to this file: .html to print, .md, or text; else the screen."
        ),
    ] = None,
    as_of: AsOf = None,
    site: SiteFile = None,
    no_site: NoSite = False,
    force: Force = False,
) -> None:
    """One page for the person to take home: plain words, no scores, no codes, whom to call, with the numbers of your site.

    \b
    Example: pathways handout sample_data/cases/back_pain_120_mme.toml
    Example: pathways handout case.toml --out for_you.html
    """
    from ...pages import handout_html, handout_markdown, handout_text
    from ...review.case import review

    content = content_at_hand()
    target = check_target(out, [case, *site_files([case], site, no_site)], force=force) if out else None
    (here,) = sites_of([case], site, no_site, content)
    (profile,) = read_cases([case], as_of, content)
    made = review(profile, content=content)
    ending = target.suffix.lower() if target else ""
    writer = {".html": handout_html, ".htm": handout_html, ".md": handout_markdown}.get(ending, handout_text)
    if target is None:
        sys.stdout.write(writer(made, here))
    else:
        write_text(target, writer(made, here))
        note(f"Written: {out}")


def form(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file; left out, to the screen.")
    ] = None,
    force: Force = False,
) -> None:
    """Print the blank intake sheet as HTML: the first questions, the lists, further questions, questionnaires.

    \b
    Example: pathways form --out intake.html
    """
    from ...pages import form_html

    content = content_at_hand()
    if out is None:
        sys.stdout.write(form_html(content))
    else:
        target = check_target(out, force=force)
        write_text(target, form_html(content))
        note(f"Written: {out}")


def schema() -> None:
    """Print the JSON Schema of a case file, with every question, its unit and what may be answered.

    \b
    Example: pathways schema > case.schema.json
    """
    from ...profile import json_schema

    print_json(json_schema(content_at_hand()))


def docs(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Write the pages into this folder.")],
    force: Force = False,
) -> None:
    """Write the content as Markdown pages: recommendations, treatments, interactions, sources and the rest.

    \b
    Example: pathways docs --out docs/content
    """
    from ...pages.content_pages import is_page, pages, write_pages

    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: this is a file; name a folder")
    content = content_at_hand()
    for name in pages(content):
        if (out / name).exists():
            check_target(out / name, force=force or is_page(out / name))
    note(f"Written: {len(write_pages(content, out))} pages in {out}")
