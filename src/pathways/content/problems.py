"""What pydantic finds wrong with data from outside, as lines that say where, what was given and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ..disk.limits import HINTS
from ..language.nearest import did_you_mean


def problem_lines(error: ValidationError, model: type[BaseModel], *start: str) -> Iterator[str]:
    """One line for each problem of data that was to be a ``model``: "medicines, entry 2, dose: is missing".

    ``start`` says where the data stand (a file, an id)."""
    for n, problem in enumerate(error.errors()):
        loc = (f"entry {part + 1}" if isinstance(part, int) else str(part) for part in problem["loc"])
        where = ", ".join((*start, *loc))
        text = _text(problem, model, n < HINTS.most)
        yield f"{where}: {text}" if where else text


def _text(problem: Any, model: type[BaseModel], hints: bool) -> str:
    text = str(problem["msg"]).removeprefix("Value error, ")
    loc, kind, given = problem["loc"], problem["type"], problem.get("input")
    if kind == "extra_forbidden":
        if not hints:
            return "there is no such field"
        fields = _fields(model, loc[:-1])
        listed = f" There may stand {', '.join(fields)}."
        return f"there is no such field.{did_you_mean(str(loc[-1])[:60], fields) or listed}"
    if kind == "literal_error":
        hint = hints and did_you_mean(str(given)[:60], re.findall(r"'([^']*)'", problem["ctx"]["expected"]))
        return f"{text[0].lower()}{text[1:]}; given was {str(given)[:60]!r}{hint and f'.{hint}'}"
    if kind == "missing":
        return "is missing"
    if kind == "value_error" or given is None or isinstance(given, (list, tuple, dict, BaseModel)):
        return text
    return f"{text[0].lower()}{text[1:]}; given was {str(given)[:60]!r}"


def _fields(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """What the fields of the part at ``loc`` are called, as they are written."""
    for part in loc:
        field = model.model_fields.get(str(part))
        inner = next(_models(field.annotation), None) if field else None
        model = inner or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type speaks of: ``tuple[Medicine, ...]``, ``Coverage | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
