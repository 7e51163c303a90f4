"""Rows that a clinician of the site confirms: the queue, what was signed, and writing one into the site file.

A new entry is added after the last line of the file: everything that stands there, comments too, stays as it is, and
what was signed before stays on record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from ...content import Content, load_content, once_per_content
from ...content import models as m
from ...disk import real_path, update_file
from ...disk.limits import SITE_BYTES
from ...language.nearest import did_you_mean
from .model import Signoff, Site, SiteError, parse_site, read_text, site_text

NEW = "This site"
"""The name of a site whose file is begun by a sign-off, until somebody writes its own."""


def confirmed(site: Site | None) -> Mapping[str, Signoff]:
    """What was signed, the last entry of each row."""
    return {entry.row: entry for entry in site.signoff} if site else {}


def open_rows(content: Content, site: Site | None = None) -> tuple[m.SignoffRow, ...]:
    """The rows still to be confirmed, in the order of the queue."""
    done = confirmed(site)
    return tuple(row for row in sorted(content.signoff_rows.values(), key=lambda r: r.order) if row.id not in done)


def row_of(id: str, content: Content) -> m.SignoffRow:
    """A row by its id. Raises SiteError with the nearest right spelling."""
    row = content.signoff_rows.get(id)
    if row is None:
        raise SiteError([f"no row '{id[:60]}' to confirm.{did_you_mean(id, content.signoff_rows)}"])
    return row


def carriers(row: m.SignoffRow, content: Content) -> tuple[tuple[str, str], ...]:
    """The records that carry a row, as (table, id): those that name it, then those that the queue names."""
    found = list(_carriers(content).get(row.row, ()))
    found += [(table, id) for table, _, id in (text.partition(":") for text in row.records)]
    return tuple(dict.fromkeys(found))


@once_per_content
def _carriers(content: Content) -> dict[str, list[tuple[str, str]]]:
    """The records that name each row of the facts sheet, as (table, id)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, records in content.tables.items():
        for id, record in records.items() if table != "signoff_row" else ():
            for row in getattr(record, "row", ()):
                found.setdefault(row, []).append((table, id))
    return found


def signed(text: str, entry: Signoff, content: Content | None = None) -> str:
    """The text of a site file with one more entry, all else untouched. Raises SiteError."""
    site = parse_site(text, content)
    data = {name: value for name, value in entry.model_dump().items() if value != ""}
    made = f"{text.rstrip()}\n\n[[signoff]]\n{tomli_w.dumps(data)}"
    try:
        before, after = tomllib.loads(text), tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        raise SiteError(["signoff must stand as [[signoff]] tables, so that an entry can be added"]) from None
    kept = {**before, "signoff": [*before.get("signoff", []), data]}
    if after != kept or parse_site(made, content).signoff != (*site.signoff, entry):
        raise SiteError(["an entry cannot be added after the last line: put the [[signoff]] tables at the end"])
    return made


def write_signoff(path: Path, entry: Signoff, content: Content | None = None) -> None:
    """Add one entry to a site file, in one step, whoever else is signing. A file that is not there yet is begun.

    Raises SiteError, and OSError where the file cannot be written.
    """
    content = content or load_content()
    path = real_path(path)
    if not path.parent.is_dir():
        raise SiteError([f"there is no folder {path.parent}"], path.name)

    def added(raw: bytes | None) -> bytes:
        text = f'schema_version = 1\nname = "{NEW}"\n' if raw is None else site_text(raw, str(path))
        try:
            made = signed(text, entry, content).encode()
            if len(made) > SITE_BYTES.most:
                raise SiteError([f"with this entry the file would be larger than {SITE_BYTES.most / 1e6:g} MB"])
        except SiteError as error:
            raise SiteError(error.problems, path.name) from None
        return made

    if path.exists():
        read_text(path)  # what is no site file is named before it is read whole
    update_file(path, added)
