"""The checked content, kept as plain JSON in the user's cache, so that the next start need not read and check it again.

Only the packaged content is kept: names and fields of records, and conditions as trees. Nothing in the file is run, and
a class is only ever one of our records or nodes. A file is used when it is ours alone to write, when its first line is
exactly what this kit, on this Python, would write for the content files as they lie there now, and when the rest has
the digest that this line names. Whatever else is found is ignored, and written anew where that can be done.

``PATHWAYS_CACHE`` names the folder in which the cache stands; empty, nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pydantic

from ..disk import our_user, write_file
from ..disk.memory import no_collection
from ..language import And, In, Is, Node, Not, Num, Or
from . import models as m
from .library import TABLES, Content
from .sources import digest_of, read_sources

FORMAT = 1
HERE = Path(__file__).parent
NAME = (
    f"content-{hashlib.sha256(os.fsencode(HERE)).hexdigest()[:8]}.json"  # one for each place where a kit is installed
)
_KEPT = re.compile(r"content-[0-9a-f]{8}\.json")
MOST_KEPT = 4
MOST_BYTES = 64 * 1024 * 1024
KIND = ""  # the key under which an object of the file says what it is; no field has this name
NODES: tuple[type[Node], ...] = (Is, Num, In, Not, And, Or)
UNUSABLE = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def kept_or_loaded(folder: Path, load: Callable[[Path], Content]) -> Content:
    """The content of ``folder``: as it was kept, or from ``load`` and then kept. Raises what ``load`` raises."""
    place = cache_folder()
    if place is None:
        return load(folder)
    with no_collection():  # otherwise it takes a third of the time
        kept = read_kept(place, digest_of(read_sources(folder)))
        if kept is None:
            kept = load(folder)
            keep(place, kept)
        return kept


def cache_folder() -> Path | None:
    """The folder of the kit's own in the user's cache; None where there is none, or where it is switched off."""
    named = os.environ.get("PATHWAYS_CACHE")
    if named is not None:
        return Path(named).absolute() / "pathways" if named.strip() else None
    if sys.platform == "emscripten":  # a browser keeps no files: a page that has a kept file names it
        return None
    try:
        if sys.platform == "win32":
            usual = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            usual = Path.home() / "Library" / "Caches"
        else:
            usual = Path(os.environ.get("XDG_CACHE_HOME") or "~")
            usual = usual if usual.is_absolute() else Path.home() / ".cache"  # a relative one is invalid and ignored
    except RuntimeError:  # a user without a home
        return None
    return usual / "pathways"


# ---- the file -----------------------------------------------------------------------------------------------


def read_kept(place: Path, digest: str) -> Content | None:
    """The content with this digest as it was kept in ``place``; None where there is nothing that may be used."""
    try:
        first, _, body = _owned_bytes(place).partition(b"\n")
        if first != _first_line(digest, body):
            return None
        data = _made(json.loads(body))
        tables, files, nodes = data["tables"], data["files"], data["nodes"]
        if [*tables] != [*TABLES] or not all(isinstance(node, NODES) for node in nodes.values()):
            return None
        return Content(
            {table: {record.id: _of(record, TABLES[table]) for record in tables[table]} for table in TABLES},
            {(table, id): file for table, id, file in files},
            digest,
            _nodes=nodes,
        )
    except UNUSABLE:
        return None


def keep(place: Path, content: Content) -> None:
    """Keep the content in ``place``, readable by its owner only. Where that cannot be done, nothing is kept."""
    try:
        body = kept_bytes(content)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(place.lstat(), stat.S_ISDIR):
            return
        _take_away_untrusted(place / NAME)
        write_file(place / NAME, _first_line(content.hash, body) + b"\n" + body)
        _keep_newest(place)
    except UNUSABLE:
        return


def kept_bytes(content: Content) -> bytes:
    """The content as JSON. Raises ValueError for content that would not come back as it is."""
    files = tuple((table, id, file) for (table, id), file in content.files.items())
    tables = {table: tuple(records.values()) for table, records in content.tables.items()}
    data = {"tables": tables, "files": files, "nodes": dict(content._nodes)}
    body = json.dumps(_plain(data), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
    if _made(json.loads(body)) != data:
        raise ValueError("some record would not come back as it is")
    return body


def _owned_bytes(place: Path) -> bytes:
    """The file, if it and its folder are the owner's alone. Raises OSError; never follows a link nor waits on a pipe."""
    if not _private(place.lstat(), stat.S_ISDIR):
        raise PermissionError(place)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place / NAME, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not _private(found, stat.S_ISREG) or found.st_size > MOST_BYTES:
            raise PermissionError(place / NAME)
        return file.read(MOST_BYTES)


def _take_away_untrusted(path: Path) -> None:
    """Take away what may not be used, so that the new file has neither its permissions nor a link's place."""
    with suppress(FileNotFoundError):
        if not (_private(path.lstat(), stat.S_ISREG) and os.access(path, os.W_OK)):
            path.unlink()


def _keep_newest(place: Path) -> None:
    """Take away all but the newest kept files: each place where a kit was ever installed leaves one. A kit that still needs its
    own makes it again."""
    dated = sorted((-p.lstat().st_mtime, p.name) for p in place.iterdir() if _KEPT.fullmatch(p.name))
    for _, name in dated[MOST_KEPT:]:
        if name != NAME:
            (place / name).unlink(missing_ok=True)


def _private(found: os.stat_result, kind: Callable[[int], bool]) -> bool:
    """Whether what was found is of this kind and its owner's alone (Windows keeps a user's folder by other means)."""
    if not kind(found.st_mode) or sys.platform == "win32":
        return kind(found.st_mode)
    return found.st_uid == our_user() and not stat.S_IMODE(found.st_mode) & 0o077


def _first_line(digest: str, body: bytes) -> bytes:
    """All that must be the same for a kept file to be used."""
    same = {
        "format": FORMAT,
        "kit": sys.modules[
            __name__.partition(".")[0]
        ].__version__,  # the package above all rooms, which no room imports
        "code": _code_digest(),
        "python": sys.version,
        "pydantic": pydantic.VERSION,
        "content": digest,
        "body": hashlib.sha256(body).hexdigest(),
    }
    return json.dumps(same).encode()


@cache
def _code_digest() -> str:
    """One digest of the modules that read and check content: another check is never skipped for an older one's sake."""
    folders = (HERE, HERE / "models", HERE.parent / "disk", HERE.parent / "language")
    modules = sorted(path for folder in folders for path in folder.glob("*.py"))
    return digest_of({path.relative_to(HERE.parent).as_posix(): path.read_bytes() for path in modules})


# ---- values -------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """A value as JSON has it: a tuple is an array; a record or node is an object that says what it is."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, tuple | list):
        items = [_plain(item) for item in value]
        return items if isinstance(value, tuple) else {KIND: "list", "items": items}
    if isinstance(value, date):
        return {KIND: "date", "day": value.isoformat()}
    if isinstance(value, m.Record):
        return {KIND: type(value).__name__} | {k: _plain(getattr(value, k)) for k in _kept_fields(value)}
    if isinstance(value, NODES):
        return {KIND: type(value).__name__} | {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping) and KIND not in value and all(type(key) is str for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise ValueError(f"a {type(value).__name__} cannot be kept")


def _kept_fields(record: m.Record) -> list[str]:
    """The fields that were given, or that are not what a record has without them."""
    without, given = _defaults(type(record)), record.model_fields_set
    return [name for name in type(record).model_fields if name in given or getattr(record, name) != without.get(name)]


def _made(value: Any) -> Any:
    """A value as it was before `_plain`. Raises for what none of ours can be."""
    if type(value) is list:
        return tuple([_made(item) if type(item) in (list, dict) else item for item in value])
    if type(value) is not dict:
        return value
    for name, item in value.items():
        if type(item) in (list, dict):
            value[name] = _made(item)
    kind = value.pop(KIND, None)
    return value if kind is None else _makers()[kind](value)


@cache
def _makers() -> Mapping[str, Callable[[dict[str, Any]], Any]]:
    """How each kind of object is made again, by the name under which it is kept."""
    made: dict[str, Callable[[dict[str, Any]], Any]] = {
        "list": lambda data: list(data["items"]),
        "date": lambda data: date.fromisoformat(data["day"]),
    }
    made |= {node.__name__: _node_maker(node) for node in NODES}
    waiting: list[type[m.Record]] = [m.Record]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__name__ in made:
            raise ValueError(f"two kinds of record are called {kind.__name__}")
        made[kind.__name__] = _record_maker(kind)
    return made


def _node_maker(kind: type[Node]) -> Callable[[dict[str, Any]], Node]:
    return lambda data: kind(**data)


def _record_maker(kind: type[m.Record]) -> Callable[[dict[str, Any]], m.Record]:
    """As ``kind.model_construct`` does it, which looks at every field each time and takes four times as long."""
    defaults = _defaults(kind)
    needed = frozenset(kind.model_fields) - defaults.keys()
    blank = {**dict.fromkeys(kind.model_fields), **defaults}  # in the order of the fields

    def make(data: dict[str, Any]) -> m.Record:
        values = {**blank, **data}
        if not needed <= data.keys() or len(values) != len(blank):
            raise ValueError(f"these are not the fields of {kind.__name__}")
        record = kind.__new__(kind)
        put = object.__setattr__  # records are frozen
        put(record, "__dict__", values)
        put(record, "__pydantic_fields_set__", set(data))
        put(record, "__pydantic_extra__", None)
        put(record, "__pydantic_private__", None)
        return record

    return make


@cache
def _defaults(kind: type[m.Record]) -> Mapping[str, Any]:
    """What each field that need not be given is without it."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in kind.model_fields.items()
        if not field.is_required()
    }


def _of(record: Any, kind: type[m.Named]) -> m.Named:
    if type(record) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return record
