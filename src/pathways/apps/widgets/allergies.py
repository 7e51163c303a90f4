"""Entries of the allergies list as the form shows them, and back: ``what`` it is to, the reaction, how sure, when, and what
happened. ``was`` is the entry as it was loaded: untouched, it comes back exactly as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...content import Content
from ...intake.entries import find_medicine

Entry = dict[str, Any]
_PLAIN = ("reaction", "certainty", "date", "note")
_NAMES = ("name", "ingredients", "class", "none_of")


def show_allergy(content: Content, data: Mapping[str, Any]) -> Entry:
    """An allergy of a case file as the form shows it, without ``was``."""
    listed = [content.medicines[i].label for i in data.get("ingredients", ())]
    of_class = [content.medicine_classes[data["class"]].label] if data.get("class") else []
    entry: Entry = {"what": data.get("name") or " + ".join(listed or of_class)}
    return entry | {name: data[name] for name in _PLAIN if name in data} | {"none": "*" in data.get("none_of", ())}


def read_allergy(content: Content, entry: Mapping[str, Any]) -> Entry | None:
    """An allergy of the form as case-file data; None for a blank line."""
    was = entry.get("was") or {}
    shown = show_allergy(content, was) if was else {}
    what = str(entry.get("what") or "").strip()
    if not what:
        return None
    same = bool(was) and what == shown["what"] and bool(entry.get("none")) == shown["none"]
    data: Entry = {name: was[name] for name in _NAMES if name in was} if same else _named(content, what)
    if not same and entry.get("none"):
        data["none_of"] = ["*"]
    return data | {name: entry[name] for name in _PLAIN if entry.get(name)}


def _named(content: Content, what: str) -> Entry:
    """What was typed, as an ingredient or a class of the vocabulary where it is one, else as a name."""
    id = find_medicine(content, what)
    if id is None:
        return {"name": what}
    return {"class": id.removeprefix("class:")} if id.startswith("class:") else {"ingredients": [id]}
