"""What of an entry that was typed can be read. A detail that does not fit is told and stays not known; the entry stands, so
that what it may mean is never taken for "no"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ...content import Content
from ...content.parts import Part
from ...content.problems import problem_lines
from ...facts.words import ask_label
from ...profile import Condition, Coverage, Medicine, Observation
from ...profile.allergies import Allergy

Json = dict[str, Any]

WHAT_IT_IS: Mapping[type[Part], tuple[str, ...]] = {
    Medicine: ("name", "ingredients", "class", "state", "purpose", "route", "release", "source"),
    Condition: ("id", "name", "status", "certainty"),
    Allergy: ("name", "ingredients", "class", "reaction", "certainty"),
    Observation: ("measure", "date"),
    Coverage: ("service",),
}
"""The fields that are left when the others cannot be read together."""
NOT_READ = "an entry that could not be read"
UNREAD: Mapping[type[Part], Json] = {
    Medicine: {"name": NOT_READ, "state": "current", "use_unknown": True},
    Condition: {"name": NOT_READ},
    Allergy: {"name": NOT_READ},
}
"""What stands for an entry of which nothing can be read: it may be anything, and keeps open what it could answer."""
_TOGETHER = ({"per_day_min", "per_day_max"},)
_IN_THE_FORM = {"start": "Since", "since": "Since", "stop": "Stopped", "date": "Date", "per_day_max": "Times a day"}
_OF_THE_CASE = {"as_of": "Day of review", "case": "The case"}


def as_far(model: type[Part], data: Mapping[str, Any], content: Content) -> tuple[Json | None, Any, list[str]]:
    """The data as far as they fit, what the model makes of them, and what does not fit, in words.

    None and None where nothing of it fits and nothing need stand for it."""
    told: list[str] = []
    for left in _less_and_less(model, dict(data), content):
        try:
            return left, model.model_validate(left, context={"content": content}), told
        except ValidationError as error:
            told += [_in_words(line) for line in problem_lines(error, model)]
    return None, None, told


def _less_and_less(model: type[Part], data: Json, content: Content) -> Iterator[Json]:
    """The data; without the fields that do not fit; only what the entry is; what stands for one that cannot be read."""
    yield data
    wrong = _fields(model, data, content)
    without = {key: value for key, value in data.items() if key not in wrong}
    if without != data:
        yield without
    what = {key: without[key] for key in WHAT_IT_IS[model] if key in without}
    if what != without:
        yield what
    if model in UNREAD:
        yield dict(UNREAD[model])


def _fields(model: type[Part], data: Json, content: Content) -> set[str]:
    """The fields that the model refuses, one by one; with a pair that says one thing, both."""
    try:
        model.model_validate(data, context={"content": content})
    except ValidationError as error:
        found = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        return found.union(*(pair for pair in _TOGETHER if pair & found))
    return set()


def _in_words(line: str) -> str:
    field, colon, rest = line.partition(": ")
    return f"{_IN_THE_FORM.get(field, field)}{colon}{rest}"


def unread(problems: Mapping[str, str], state: Mapping[str, Any], content: Content) -> list[list[str]]:
    """What could not be read, as [what it is about, what is wrong], for people."""
    return [[_about(key, state, content), said] for key, said in problems.items()]


def _about(key: str, state: Mapping[str, Any], content: Content) -> str:
    which, _, n = key.partition(".")
    if n.isdigit():
        entry = state[which][int(n)]
        parts = (str(part.get("what") or "") for part in entry.get("parts") or ())
        words = entry.get("what") or " + ".join(filter(None, parts)) or entry.get("service") or entry.get("name")
        return str(words or f"entry {int(n) + 1} of {which}")
    return _OF_THE_CASE.get(key) or ask_label(content, key)
