"""What was typed, saved by the browser alone while the engine does not answer: the state of the form, as JSON."""

from __future__ import annotations

import json
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from ...content import Content
from ...content.problems import problem_lines
from ...disk.incoming import InputError, from_json
from ...profile import ProfileError
from .form import State, blank, read_form

VERSION = 1


class Typed(BaseModel):
    """A form's state as it comes back from a file: the right shapes; `read_form` says what does not fit, row by row."""

    model_config = ConfigDict(extra="forbid", strict=True)
    as_of: str = ""
    title: str = ""
    notes: str = ""
    rows: dict[str, JsonValue] = {}
    medicines: list[dict[str, JsonValue]] = []
    conditions: list[dict[str, JsonValue]] = []
    observations: list[dict[str, JsonValue]] = []
    allergies: list[dict[str, JsonValue]] = []
    coverage: list[dict[str, JsonValue]] = []
    complete: dict[str, str] = {}
    cannot_answer: list[str] = []
    marks: dict[str, dict[str, str]] = {}
    kept: dict[str, JsonValue] = {}
    held: dict[str, JsonValue] = {}
    seats: dict[str, dict[str, dict[str, str]]] = {}


def read(text: str, content: Content) -> State | None:
    """The state in a file that the browser saved; None where the file is no such file (a case file, say).

    Raises ProfileError for a damaged one."""
    try:
        data = from_json(text)
    except InputError:
        return None  # the reader of case files says what is wrong
    if not isinstance(data, dict) or "pathways_form" not in data:
        return None
    if data["pathways_form"] != VERSION:
        raise ProfileError([f"pathways_form: this kit reads version {VERSION} of what was typed; update the kit"])
    try:
        state = {**blank(None), **Typed.model_validate(data.get("state")).model_dump()}
    except ValidationError as error:
        raise ProfileError(list(problem_lines(error, Typed, "what was typed"))) from None
    try:
        read_form(state, content, None)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # Only shapes that no form makes come here; a half-typed answer is told beside its row.
        raise ProfileError(["what was typed: an entry has a shape that no form makes; the file is damaged"]) from None
    return state


def opens(start: State) -> str:
    """A short name of what a form opens with: a form that opens with something else does not get back what was typed here."""
    told = {key: value for key, value in start.items() if key != "as_of"}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
