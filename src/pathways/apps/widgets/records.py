"""A health record in FHIR, or a PDMP export, opened in the form: what was read, and the report of what was made of it, as
plain data for the browser. What the team confirms and corrects of it is in `understood`."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...content import Content
from ...disk.incoming import too_large
from ...disk.limits import RECORD_BYTES_IN_FORM
from ...facts.understood import Understood, keep_doubts, of_case, of_export
from ...fhir import FhirError, Imported, read
from ...fhir.reading import parse
from ...intake.pdmp import PdmpError, read_pdmp
from ...language.words import counted
from ...profile import Profile, ProfileError

MAX_RECORD_BYTES = RECORD_BYTES_IN_FORM.most
"""What fits through the connection of a notebook in one piece; larger records are for the command line."""
MOST_NOTES = 200
KINDS = (
    ("conflict", "In conflict: please decide"),
    ("not_understood", "Not understood: stays unknown"),
    ("assumed", "Assumed: please confirm"),
    ("used", "Used"),
    ("not_used", "Read, and not used"),
)


def open_record(text: str, size: float, as_of: date, content: Content) -> Imported:
    """Read the text of a Bundle, of NDJSON lines or of a CDS Hooks request. Raises FhirError, with how to mend it."""
    if size > MAX_RECORD_BYTES:
        raise FhirError(f"{too_large(size, RECORD_BYTES_IN_FORM)} here; use pathways hook --report")
    return read(parse(text.encode("utf-8", "replace")), as_of, content=content, clean=True)


def open_pdmp(
    name: str, text: str, as_of: date, content: Content
) -> tuple[Profile, dict[str, Any], tuple[Understood, ...]]:
    """The text of a PDMP export as a case, its report for the browser, and what was understood. Raises ProfileError."""
    try:
        found = read_pdmp(text, as_of, content)
    except PdmpError as error:
        raise ProfileError(error.problems) from None
    profile, remarks = of_export(found, content)
    groups = [
        {"kind": kind, "title": title, "count": len(lines), "left": 0}
        | {"notes": [["PDMP", "", line] for line in lines[:MOST_NOTES]]}
        for kind, title, lines in (
            ("not_understood", "Rows to mend: their dose stays unknown", found.problems),
            ("assumed", "Compared or assumed: please confirm", found.notes),
        )
        if lines
    ]
    says = f"PDMP export read: {counted(found.rows, 'fill')}; {len(found.problems)} to mend. It is not the whole list."
    report = {"name": name[:200], "says": says, "groups": groups, "assumed": ""}
    lines = of_case(profile, remarks, content=content)
    return keep_doubts(profile, lines, content), report, lines


def of_file(name: str, profile: Profile, content: Content) -> tuple[dict[str, Any] | None, tuple[Understood, ...]]:
    """A case file: its report for the browser where something in it is to be confirmed, and what was understood."""
    lines = of_case(profile, content=content)
    if not any(line.to_confirm for line in lines):
        return None, ()
    says = f"Case file read: {counted(len(lines), 'entry', 'entries')} in words."
    return {"name": name[:200], "says": says, "groups": [], "assumed": ""}, lines


def report_view(name: str, imported: Imported) -> dict[str, Any]:
    """The import report for the browser, which shows every word of it as text: what needs a person comes first."""
    report = imported.report
    groups = []
    for kind, title in KINDS:
        notes = [note for note in report.notes if note.kind == kind]
        if notes:
            shown = [[note.resource, note.field, note.text] for note in notes[:MOST_NOTES]]
            left = len(notes) - len(shown)
            groups.append({"kind": kind, "title": title, "count": len(notes), "notes": shown, "left": left})
    lists = [
        which
        for which in ("conditions", "medicines", "observations")
        if getattr(imported.profile.complete, which) == "assumed"
    ]
    return {
        "name": name[:200],
        "says": says(imported),
        "groups": groups,
        "assumed": f"Taken to be whole because a system sent them: {', '.join(lists)}. Untick “This is the whole list” where "
        "something may be missing."
        if lists
        else "",
    }


def says(imported: Imported) -> str:
    """One line: how much was read, and what came of it."""
    counts = imported.report.counts()
    entries = len(imported.report.entries)
    words = [
        f"{counts[kind]} {name}"
        for kind, name in (
            ("used", "used"),
            ("not_used", "not used"),
            ("assumed", "assumed"),
            ("not_understood", "not understood"),
            ("conflict", "in conflict"),
        )
        if counts[kind]
    ]
    left = imported.report.unaccounted()
    more = f"; {len(left)} resources are not accounted for" if left else ""
    return f"Record read: {entries} resource{'s' if entries != 1 else ''}; remarks: {', '.join(words) or 'none'}{more}."
