"""Read a content folder: TOML in, one `Content` out, and every mistake named with file, id and nearest right
spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as packaged
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..disk.incoming import InputError, from_toml, text_of
from ..disk.limits import MISTAKES
from ..language.nearest import did_you_mean
from . import models as m
from .cache import kept_or_loaded
from .invariants import broken_invariants
from .library import TABLES, Content, ContentError, once_per_content
from .problems import problem_lines
from .references import reference_problems
from .sources import digest_of, read_sources

_LONGEST = 1_000
"""Characters of one line that says what is wrong."""
PACKAGED = Path(str(packaged("pathways.content"))) / "data"


def load_content(folder: Path | str | None = None) -> Content:
    """Read all TOML files under ``folder`` (default: the packaged content; then the result is shared).

    Raises ContentError with every mistake found, each naming file, id and how to mend it: of shape first, then every
    misspelt reference, then what must hold between records.

    >>> load_content() is load_content()
    True
    """
    return _packaged() if folder is None else _load(Path(folder))


@cache
def _packaged() -> Content:
    return kept_or_loaded(PACKAGED, _load)


def _load(folder: Path) -> Content:
    sources = read_sources(folder)
    if not sources:
        raise ContentError([f"{folder}: no TOML files here"])
    tables: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    files: dict[tuple[str, str], str] = {}
    _refuse(_fill(tables, files, sources))
    content = Content(tables, files, digest_of(sources))
    # What holds between records is looked at only where every reference is right.
    _refuse(reference_problems(content))
    _refuse(broken_invariants(content))
    return content


def _refuse(problems: Iterator[str]) -> None:
    """Raises ContentError where there are problems, with the first of very many, none of them longer than a person reads."""
    first = [f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line for line in islice(problems, MISTAKES.most)]
    if first:
        raise ContentError(first, more=next(problems, None) is not None)


def _fill(
    tables: dict[str, dict[str, Any]], files: dict[tuple[str, str], str], sources: Mapping[str, bytes]
) -> Iterator[str]:
    """Read the records into their tables, and give what is wrong with their shape."""
    for name, raw in sources.items():
        try:
            document = from_toml(text_of(raw))
        except InputError as error:
            yield f"{name}: {error}"
            continue
        for table, records in document.items():
            if table not in TABLES:
                yield f"{name}: no table '{table[:60]}'.{did_you_mean(table[:60], TABLES)}"
                continue
            for n, data in enumerate(records if isinstance(records, list) else [records], 1):
                called = data.get("id", f"{table} {n}") if isinstance(data, dict) else f"{table} {n}"
                where = f"{name}, {str(called)[:60]}"
                try:
                    record = TABLES[table].model_validate(data)
                except ValidationError as error:
                    yield from problem_lines(error, TABLES[table], where)
                    continue
                id = record.id
                if id in tables[table]:
                    yield f"{where}: this id is already used in {files[table, id]}"
                tables[table][id] = record
                files[table, id] = name


@once_per_content
def all_cites(content: Content) -> Mapping[tuple[str, str], tuple[m.Cite, ...]]:
    """Every citation that a record carries, in any of its parts, by table and id."""
    return {
        (table, id): tuple(cites_of(record))
        for table, records in content.tables.items()
        for id, record in records.items()
    }


def cites_of(value: Any) -> Iterator[m.Cite]:
    """The citations in a record or in a part of one."""
    if isinstance(value, m.Cite):
        yield value
    elif isinstance(value, m.Record):
        for name in type(value).model_fields:
            yield from cites_of(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from cites_of(item)
