"""Case files: TOML or JSON in and out, lossless, with errors that name the field and say how to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from ..content import Content, load_content
from ..content.problems import problem_lines
from ..disk import clear_drafts, write_file
from ..disk.incoming import InputError, from_json, from_toml, read_file, text_of
from ..disk.limits import CASE_BYTES
from ..language.nearest import did_you_mean
from .errors import ProfileError
from .model import SCHEMA_VERSION, Profile

MAX_BYTES = CASE_BYTES.most


def load_profile(path: Path, content: Content | None = None) -> Profile:
    """Read one case file. Raises ProfileError."""
    clear_drafts(path.parent)
    try:
        if path.is_dir():
            raise ProfileError(["this is a folder; name a case file (.toml or .json)"], str(path))
        text = text_of(read_file(path, CASE_BYTES))
    except FileNotFoundError:
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*.toml"))) if path.parent.is_dir() else ""
        raise ProfileError([f"there is no such file.{near}"], str(path)) from None
    except InputError as error:
        raise ProfileError([str(error)], str(path)) from None
    except OSError as error:
        raise ProfileError([f"cannot be read: {error.strerror}"], str(path)) from None
    return parse_profile(text, "json" if path.suffix.lower() == ".json" else "toml", content, where=path.name)


def parse_profile(text: str, form: str, content: Content | None = None, where: str = "case file") -> Profile:
    """A profile from the text of a case file; ``form`` is "toml" or "json". Raises ProfileError."""
    try:
        data = from_json(text) if form == "json" else from_toml(text)
    except InputError as error:
        raise ProfileError([str(error)], where) from None
    try:
        return profile_from_data(data, content)
    except ProfileError as error:
        raise ProfileError(error.problems, where) from None


def profile_from_data(data: Any, content: Content | None = None) -> Profile:
    """A profile from plain data. Raises ProfileError with every problem found."""
    if not isinstance(data, Mapping):
        raise ProfileError([f"a case file holds a table of fields, not {type(data).__name__}"])
    version = data.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        raise ProfileError(
            [f"schema_version is {version}; this kit reads up to {SCHEMA_VERSION}. Update the kit to open this case"]
        )
    try:
        return Profile.model_validate(dict(data), context={"content": content or load_content()})
    except ValidationError as error:
        raise ProfileError(list(problem_lines(error, Profile))) from None


def plain_data(profile: Profile) -> dict[str, Any]:
    """The profile as plain JSON data, leaving out what was never said."""
    data = profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data = {key: value for key, value in data.items() if value not in ({}, [], "", None)}
    return {"schema_version": profile.schema_version, **data}


def save_profile(profile: Profile, path: Path) -> None:
    """Write a case file, readable by its owner only. Replaces the file in one step, so nothing is half written."""
    data = plain_data(profile)
    if path.suffix.lower() == ".json":
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    else:
        text = tomli_w.dumps(data)
    write_file(path, text.encode())


def json_schema(content: Content | None = None) -> dict[str, Any]:
    """JSON Schema of a case file, with every answer of the content spelled out."""
    content = content or load_content()
    schema = Profile.model_json_schema(by_alias=True)
    properties: dict[str, Any] = {}
    for answer in content.answers.values():
        entry: dict[str, Any]
        match answer.type:
            case "yes_no":
                entry = {"type": "boolean"}
            case "number":
                number = {"type": "number", "minimum": answer.lo, "maximum": answer.hi}
                entry = {"anyOf": [number, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}]}
            case "choice":
                one = {"type": "string", "enum": list(answer.choices)}
                entry = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
            case "many":
                entry = {
                    "type": "array",
                    "items": {"enum": list(answer.choices)},
                    "maxItems": answer.most or 99,
                }
            case "text":
                entry = {"type": "string", "maxLength": 2000}
        properties[answer.id] = {"title": answer.label, "description": answer.help, **entry}
    schema["properties"]["answers"] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return schema
