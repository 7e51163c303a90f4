"""`plain`: a frozen object as plain JSON data. Every answer of the kit that is written as JSON is written here."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from .models.base import Cite, Named


def plain(value: Any) -> Any:
    """A value as JSON data: an object by its fields, a citation by source, place and confidence, any other record by its
    id, a day in ISO form.

    >>> plain((Cite(id="who2009", at="p 3", confidence="recall"), date(2026, 11, 2)))
    [{'id': 'who2009', 'at': 'p 3', 'confidence': 'recall'}, '2026-11-02']
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Cite():
            return picked(value, "id", "at", "confidence")
        case Named():
            return value.id
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case tuple() if hasattr(value, "_fields"):
            return picked(value, *value._fields)
        case tuple() | list():
            return [plain(one) for one in value]
        case AbstractSet():
            return [plain(one) for one in sorted(value)]
    if is_dataclass(value):
        return whole(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON can say")


def picked(value: Any, *names: str) -> dict[str, Any]:
    """Some of the fields and properties of an object as JSON data, in this order."""
    return {name: plain(getattr(value, name)) for name in names}


def whole(value: Any) -> dict[str, Any]:
    """Every field of a frozen object as JSON data."""
    return picked(value, *(field.name for field in fields(value)))
