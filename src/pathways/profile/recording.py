"""A decision written into a case file: the file grows at its end, and what somebody wrote above stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from ..content import Content, load_content
from ..disk import real_path, update_file
from ..disk.incoming import InputError, from_json, from_toml, text_of
from ..disk.limits import CASE_BYTES
from .errors import ProfileError
from .files import load_profile, profile_from_data
from .model import Profile


def record_decision(path: Path, entry: Mapping[str, Any], content: Content | None = None) -> Profile:
    """Add one decision to a case file, in one step, whoever else is recording; gives the case as it is then.

    Comments and order of a TOML file stay. Raises ProfileError where the file or the decision cannot be used, and then the
    file is as it was; OSError where it cannot be written.
    """
    content = content or load_content()
    path = real_path(path)
    made = load_profile(path, content)  # what is no case file is named before it is read whole

    def added(raw: bytes | None) -> bytes:
        nonlocal made
        form = "json" if path.suffix.lower() == ".json" else "toml"
        try:
            text, made = with_decision(text_of(raw or b""), form, entry, content)
            if len(text.encode()) > CASE_BYTES.most:
                raise ProfileError([f"with this decision the file would be larger than {CASE_BYTES.most / 1e6:g} MB"])
        except InputError as error:
            raise ProfileError([str(error)], path.name) from None
        except ProfileError as error:
            raise ProfileError(error.problems, path.name) from None
        return text.encode()

    update_file(path, added, private=True)
    return made


def with_decision(text: str, form: str, entry: Mapping[str, Any], content: Content) -> tuple[str, Profile]:
    """The text of a case file ("toml" or "json") with one more decision at its end, and the case that it is then. Raises
    ProfileError and InputError."""
    data = from_json(text) if form == "json" else from_toml(text)
    before = data.get("decisions", []) if isinstance(data, Mapping) else []
    whole = {**data, "decisions": [*before, dict(entry)]} if isinstance(before, list) else data
    profile = profile_from_data(whole, content)
    if form == "json":
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n", profile
    grown = text + "\n" * (not text.endswith("\n")) + "\n" + _block(entry)
    try:
        if from_toml(grown) == whole:
            return grown, profile
    except InputError:
        pass  # the list stands in the file as one value, which cannot grow at the end of the file
    return tomli_w.dumps(whole), profile


def _block(entry: Mapping[str, Any]) -> str:
    """A decision as TOML tables of their own: in a line with others it could not stand at the end of a file."""
    own = {key: value for key, value in entry.items() if key != "dissent"}
    dissent = "".join(f"\n[[decisions.dissent]]\n{tomli_w.dumps(one)}" for one in entry.get("dissent", ()))
    return f"[[decisions]]\n{tomli_w.dumps(own)}{dissent}"
