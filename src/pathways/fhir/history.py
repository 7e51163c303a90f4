"""Several versions of one resource: only the newest says how things are, and what was deleted says nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .plain import Data, obj, text
from .report import Notebook

if TYPE_CHECKING:
    from .bundle import Gathered, Resource


def newest_versions(found: Gathered, notes: Notebook) -> None:
    """Leave in ``found`` the newest version of each resource. Two that share an id and do not tell which of them is newer,
    or that stand at two addresses, are two."""
    kept: list[Resource] = []
    followed: dict[int, Data] = {}
    places: dict[tuple[str, str, bool, str], int] = {}
    for resource in found.resources:
        key = (resource.kind, text(resource.data, "id"), resource.draft, resource.address)
        if not key[1] or key not in places:
            places[key] = len(kept)
            kept.append(resource)
            continue
        before = kept[places[key]]
        newer = _newer(before, resource, found)
        if newer is None:
            kept.append(resource)
            continue
        old = before if newer is resource else resource
        kept[places[key]] = newer
        notes.add("not_used", old.data, old.place, "meta", "an older version of the same resource; the newest counts")
        followed[id(old.data)] = newer.data
    for before_it, newest in reversed(followed.items()):  # what followed may have been followed itself
        followed[before_it] = followed.get(id(newest), newest)
    found.renamed(followed)
    found.resources = [r for r in kept if not _gone(r, found, notes)] if found.deleted else kept


def _newer(a: Resource, b: Resource, found: Gathered) -> Resource | None:
    """The newer of two versions, ``a`` standing before ``b``; None where that is not told."""
    if a.data == b.data:
        return None
    for told in (_version, _updated):
        one, other = told(a.data), told(b.data)
        if one is not None and other is not None and one != other:
            return a if one > other else b
    # A history that says nothing else begins with the newest.
    return a if {a.place, b.place} <= found.histories else None


def _version(data: Data) -> float | None:
    word = text(obj(data, "meta"), "versionId")
    return float(word) if word.isascii() and word.isdigit() else None


def _updated(data: Data) -> float | None:
    return _instant(text(obj(data, "meta"), "lastUpdated"))


def _instant(word: str) -> float | None:
    try:
        found = datetime.fromisoformat(word)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _gone(resource: Resource, found: Gathered, notes: Notebook) -> bool:
    """Whether a history says that a resource was deleted, and not that it was made anew since."""
    name = f"{resource.kind}/{text(resource.data, 'id')}"
    if name not in found.deleted:
        return False
    deleted, updated = _instant(found.deleted[name]), _updated(resource.data)
    if deleted is not None and updated is not None and updated > deleted:
        return False
    notes.add("not_used", resource.data, resource.place, "meta", "deleted, as the history says: not used")
    return True
