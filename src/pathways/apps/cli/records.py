"""FHIR records where a case file is wanted: how one is told, read, and shown with what was understood of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .common import UserError, bullet, note, say, screen, today

if TYPE_CHECKING:
    from ...content import Content
    from ...fhir import Imported

MOST = 12  # lines that are shown without --full


def is_record(path: Path) -> bool:
    """Whether a file is a FHIR record: NDJSON by its name, or JSON that names a resource type or a hook."""
    if path.suffix.lower() == ".ndjson":
        return True
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            if b"resourceType" not in file.read(1_000_000):
                return False
    except OSError:
        return False
    from ...fhir import FhirError
    from ...fhir.reading import load_json

    try:
        data = load_json(path)
    except FhirError:
        return False  # a broken case file is named as one
    first = data[0] if isinstance(data, list) and data else data
    return isinstance(first, dict) and any(key in first for key in ("resourceType", "hook", "prefetch"))


def read_record(path: Path, given: date | None, content: Content) -> Imported:
    """A record as what was read of it; without a day of its own reckoned from today, which is said. Raises UserError."""
    from ...fhir import FhirError, load

    try:
        try:
            return load(path, given, content=content)
        except FhirError as error:
            if given is not None or "as of which day" not in str(error):
                raise
            note(f"{path.name}: no day in the record; reckoned from today, {today()}")
            return load(path, today(), content=content)
    except FhirError as error:
        raise UserError(*(f"{path}: {p}" if str(path) not in p else p for p in error.problems)) from None


def show_understood(imported: Imported, name: str, content: Content, full: bool) -> None:
    """What was understood, each entry's own words beside what was made of it, the doubtful first."""
    from ...fhir.understood import understood

    lines = understood(imported, content=content)
    doubtful = sum(bool(line.doubts) for line in lines)
    console = screen()
    say(console, f"What was understood of {name}: {len(lines)} entries, {doubtful} to confirm", style="bold")
    for line in lines if full else lines[:MOST]:
        own = f"“{line.own}” → " if line.own else ""
        bullet(console, f"{own}{line.made} [{line.resource}]")
        for doubt in line.doubts:
            say(console, doubt, start="      ")
    if len(lines) > MOST and not full:
        say(console, f"  and {len(lines) - MOST} more: --full shows all", style="dim")
    say(console, "  To correct it: --save CASE.toml writes what was read as a case file.", style="dim")
    console.print()
