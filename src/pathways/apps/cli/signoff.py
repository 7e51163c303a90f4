"""`pathways signoff`: a clinician of the site confirms or amends the rows that still wait for it, one by one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    SITE_FILE,
    UserError,
    bullet,
    content_at_hand,
    day,
    note,
    one_line,
    print_json,
    read_site,
    say,
    screen,
    today,
)

if TYPE_CHECKING:
    from rich.console import Console

    from ...care.services import Signoff, Site
    from ...content import Content
    from ...content.models import SignoffRow

MOST_LISTED = 10
CHOICES = "c confirm, a amend, s skip, q quit"


def signoff(
    row: Annotated[
        str | None,
        typer.Argument(metavar="ROW", help="One row, like I-14; left out, all of them in turn.", show_default=False),
    ] = None,
    site: Annotated[
        Path | None, typer.Option("--site", metavar="FILE", help="The site file; left out, site.toml in this folder.")
    ] = None,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The role of who signs; no name.")] = "",
    edition: Annotated[
        str, typer.Option("--edition", metavar="EDITION", help="The edition of the source that was read.")
    ] = "",
    amend: Annotated[
        str, typer.Option("--amend", metavar="TEXT", help="What holds here instead; left out, it is confirmed.")
    ] = "",
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day of signing; left out, today.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only list what is open, the most urgent first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the queue as JSON.")] = False,
) -> None:
    """Confirm or amend the rows that a clinician of your site must still check, the most urgent first.

    What is signed is kept in the site file, with role, day and edition, and shown on the sheet. Earlier entries stay.

    \b
    Example: pathways signoff --list
    Example: pathways signoff I-14 --role "Addiction specialist" --edition "State law, 2026" --amend "Report within 24 h"
    """
    content = content_at_hand()
    path = site or Path(SITE_FILE)
    here = read_site(path, content) if (site is not None and path.exists()) or path.is_file() else None
    when = day(on, "--date") or today()
    if when > today():
        raise UserError(f"--date: {when} is still to come")
    if row is None and (amend or on):
        raise UserError("--amend and --date belong to one row: pathways signoff ROW --role … --edition …")
    if row is not None:
        _one(row, path, content, {"role": role, "edition": edition, "amend": amend, "date": when})
    elif as_json:
        print_json(_queue(content, here))
    elif listed or not sys.stdin.isatty():
        _list(screen(), content, here)
    else:
        _walk(screen(), path, content, here, role, edition, when)


def _one(id: str, path: Path, content: Content, given: dict[str, Any]) -> None:
    from ...care.services import SiteError, row_of

    try:
        row = row_of(id, content)
    except SiteError as error:
        raise UserError(*error.problems) from None
    missing = [
        f"--{name}: say it, so that others know who checked what" for name in ("role", "edition") if not given[name]
    ]
    if missing:
        raise UserError(*missing)
    _write(path, content, _entry(row, content, given))


def _entry(row: SignoffRow, content: Content, given: dict[str, Any]) -> Signoff:
    from pydantic import ValidationError

    from ...care.services import Signoff
    from ...content.problems import problem_lines

    try:
        return Signoff.model_validate(
            {"row": row.id, **given, "role": _role(given["role"], content)}, context={"content": content}
        )
    except ValidationError as error:
        raise UserError(*(f"--{line}" for line in problem_lines(error, Signoff))) from None


def _role(given: str, content: Content) -> str:
    """A role by its id or its label, as its label. Anything else might be somebody's name, and is refused."""
    labels = {one.casefold(): r.label for r in content.roles.values() for one in (r.id, r.label)}
    said = labels.get(" ".join(given.split()).casefold(), "")
    if given.strip() and not said:
        names = ", ".join(r.label for r in content.roles.values())
        raise UserError(f"--role: '{given[:60]}' is no role that the kit knows (a name is not kept): one of {names}")
    return said


def _write(path: Path, content: Content, entry: Signoff) -> None:
    from ...care.services import SiteError, write_signoff

    try:
        write_signoff(path, entry, content)
    except SiteError as error:
        raise UserError(*error.problems) from None
    note(f"Written: {path}: {entry.row} {'amended' if entry.amend else 'confirmed'}")


# ---- the queue ----------------------------------------------------------------------------------------------


def _queue(content: Content, site: Site | None) -> dict[str, Any]:
    from ...care.services import carriers, confirmed, open_rows

    def one(row: SignoffRow) -> dict[str, Any]:
        return {
            "id": row.id,
            "section": row.section,
            "says": row.says,
            "part": row.part,
            "records": [f"{table}:{id}" for table, id in carriers(row, content)],
        }

    signed = [entry.model_dump(mode="json") for entry in confirmed(site).values()]
    return {"open": [one(row) for row in open_rows(content, site)], "confirmed": signed}


def _list(console: Console, content: Content, site: Site | None) -> None:
    from ...care.services import open_rows

    rows = open_rows(content, site)
    console.print(f"{len(rows)} of {len(content.signoff_rows)} rows still to be confirmed", style="bold")
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            console.print(f"\n{section}", style="bold")
        say(console, f"{row.says}{' (part)' if row.part else ''}", start=f"  {row.id:<20} ")


def _show(console: Console, row: SignoffRow, content: Content, place: str) -> None:
    """One row with the records that carry it, and where their statements come from."""
    from ...care.services import carriers

    console.print()
    say(console, f"{place} · {row.section} · {row.id}{' (a part of it)' if row.part else ''}", "bold")
    say(console, row.says)
    found = carriers(row, content)
    for table, id in found[:MOST_LISTED]:
        record = content.tables[table][id]
        title = getattr(record, "title", None) or getattr(record, "label", id)
        open_ = [c for c in _cites(record) if c.confidence == "recall"]
        places = dict.fromkeys(f"{content.sources[c.id].title}, {c.at}" for c in open_ if c.id in content.sources)
        bullet(console, f"{table.replace('_', ' ')} {id}: {title}")
        for text in _told(record):
            say(console, f"says: {text}", start="      ")
        for text in list(places)[:MOST_LISTED]:
            say(console, f"not yet confirmed: {text}", start="      ")
    if not found:
        bullet(console, "no record of the content names this row")


def _told(record: Any) -> Sequence[str]:
    """What a record tells people to do, as far as it does."""
    many = getattr(record, "actions", ())
    return [text for text in (*map(str, many), getattr(record, "action", ""), getattr(record, "effect", "")) if text]


def _cites(record: Any) -> Sequence[Any]:
    from ...content.loader import cites_of

    return tuple(cites_of(record))


# ---- the walk -----------------------------------------------------------------------------------------------


def _walk(
    console: Console, path: Path, content: Content, site: Site | None, role: str, edition: str, when: date
) -> None:
    """Ask row by row. Each answer is written at once, so that stopping loses nothing."""
    from ...care.services import open_rows

    rows = open_rows(content, site)
    if not rows:
        console.print("Every row is confirmed.")
        return
    say(console, f"{len(rows)} rows, the most urgent first. Each answer is kept in {path} at once.")
    role = role or _ask("Your role, no name")
    for n, row in enumerate(rows, 1):
        _show(console, row, content, f"{n} of {len(rows)}")
        choice = ""
        while choice not in ("c", "a", "s", "q"):
            choice = _ask(CHOICES)[:1].lower()
        if choice == "q":
            break
        if choice == "s":
            continue
        amend = _ask("What holds here instead") if choice == "a" else ""
        edition = typer.prompt("Edition of the source that was read", default=edition or None, type=str).strip()
        try:
            _write(
                path, content, _entry(row, content, {"role": role, "edition": edition, "amend": amend, "date": when})
            )
        except UserError as error:
            note(f"Not written, the row stays open: {'; '.join(error.problems)}")


def _ask(question: str) -> str:
    return one_line(typer.prompt(question, type=str)).strip()
