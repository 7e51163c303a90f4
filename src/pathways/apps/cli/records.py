"""What a case may be read from (a case file, a FHIR record, a PDMP export), and what was understood of it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...disk.incoming import names_a_resource
from .common import UserError, bullet, note, say, screen, today

if TYPE_CHECKING:
    from ...content import Content
    from ...facts.understood import Remark, Understood
    from ...fhir import Imported
    from ...profile import Profile

MOST = 12  # lines that are shown without --full


@dataclass(frozen=True)
class Opened:
    """A file that was read: its ``profile``, and what is needed to say what was understood of it."""

    kind: Literal["case", "record", "export"]
    profile: Profile
    imported: Imported | None = None
    remarks: Mapping[str, Remark] = field(default_factory=dict)

    def understood(self, content: Content) -> tuple[Understood, ...]:
        """What was understood, the doubtful first."""
        if self.imported is not None:
            from ...fhir.understood import understood

            return understood(self.imported, content=content)
        from ...facts.understood import of_case

        return of_case(self.profile, self.remarks, content=content)


def read_record(path: Path, given: date | None, content: Content) -> Imported | None:
    """What was read of a FHIR record: NDJSON by its name, or JSON that names a resource type or a hook; None for another
    file. Raises UserError."""
    lines = path.suffix.lower() == ".ndjson"
    if not lines and not names_a_resource(path):
        return None
    from ...fhir import FhirError
    from ...fhir.reading import load_json

    try:
        data = load_json(path)
    except FhirError as error:
        if not lines:
            return None  # a broken case file is named as one
        raise _refused(path, error.problems) from None
    first = data[0] if isinstance(data, list) and data else data
    names = isinstance(first, dict) and any(key in first for key in ("resourceType", "hook", "prefetch"))
    if not (lines or names):
        return None
    try:
        return _read(path, data, given, content)
    except FhirError as error:
        raise _refused(path, error.problems) from None


def _read(path: Path, data: Any, given: date | None, content: Content) -> Imported:
    """The data of a record as what was read of it; without a day of its own reckoned from today, which is said. Raises
    FhirError."""
    from ...fhir import FhirError, read

    try:
        return read(data, given, content=content, clean=True)
    except FhirError as error:
        if given is not None or "as of which day" not in str(error):
            raise
        note(f"{path.name}: no day in the record; reckoned from today, {today()}")
        return read(data, today(), content=content, clean=True)


def _refused(path: Path, problems: Iterable[str]) -> UserError:
    return UserError(*(p if str(path) in p else f"{path}: {p}" for p in problems))


def open_file(path: Path, given: date | None, content: Content) -> Opened:
    """A case file, a FHIR record or a PDMP export. Raises UserError, one line for each problem, with the file that it is of."""
    from ...profile import ProfileError

    try:
        return _opened(path, given, content)
    except ProfileError as error:
        raise UserError(*(f"{path}: {problem}" for problem in error.problems)) from None


def _opened(path: Path, given: date | None, content: Content) -> Opened:
    if (imported := read_record(path, given, content)) is not None:
        if imported.others:
            from ...fhir.others import said_of

            for said in said_of(imported.others):
                note(f"{path.name}: {said}")
        return Opened("record", imported.profile, imported)
    if path.suffix.lower() == ".csv":
        return read_export(path, given or today(), content)
    from ...profile import Profile

    return Opened("case", Profile.load(path, content))


def read_export(path: Path, as_of: date, content: Content) -> Opened:
    """A PDMP export as a case; what is wrong with a row and what was compared is said. Raises ProfileError."""
    from ...disk.incoming import InputError, read_file, text_of
    from ...disk.limits import EXPORT_BYTES
    from ...facts.understood import of_export
    from ...intake.pdmp import PdmpError, read_pdmp
    from ...language.words import counted
    from ...profile import ProfileError

    try:
        found = read_pdmp(text_of(read_file(path, EXPORT_BYTES)), as_of, content)
    except FileNotFoundError:
        raise ProfileError(["there is no such file"]) from None
    except InputError as error:
        raise ProfileError([str(error).replace("in UTF-8", "in UTF-8: save the export as CSV UTF-8")]) from None
    except OSError as error:
        raise ProfileError([f"cannot be read: {error.strerror}"]) from None
    except PdmpError as error:
        raise ProfileError(error.problems) from None
    note(
        f"{path.name}: a PDMP export of {counted(found.rows, 'fill')} as of {as_of}; it is not the whole medicines list"
    )
    for line in (*found.problems, *found.notes):
        note(f"{path.name}: {line}")
    profile, remarks = of_export(found, content)
    return Opened("export", profile, remarks=remarks)


def show_understood(opened: Opened, name: str, content: Content, full: bool) -> None:
    """What was understood, each entry's own words beside what was made of it, the doubtful first.

    Of a case file, which somebody wrote for the kit, only what is to be confirmed is shown, unless all of it is asked for.
    """
    from ...language.words import counted

    lines = opened.understood(content)
    doubtful = [line for line in lines if line.to_confirm]
    if opened.kind == "case" and not full and not doubtful:
        return
    shown = doubtful if opened.kind == "case" else lines
    shown = lines if full else shown[:MOST]
    console = screen()
    title = f"What was understood of {name}: {counted(len(lines), 'entry', 'entries')}, {len(doubtful)} to confirm"
    say(console, title, style="bold")
    for line in shown:
        own = f"“{line.own}” → " if line.own else ""
        bullet(console, f"{own}{line.made} [{line.resource}]")
        if line.confirmed:
            say(console, "confirmed by the team", start="      ", style="dim")
        for doubt in () if line.confirmed else line.doubts:
            say(console, doubt, start="      ")
    if len(lines) > len(shown):
        say(console, f"  and {len(lines) - len(shown)} more: --full shows all", style="dim")
    say(
        console,
        f"  To settle it: pathways understood {name} --save CASE.toml (one key each), or open it in the case conference.",
        style="dim",
    )
    console.print()
