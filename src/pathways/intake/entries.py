"""Entries of the medicines and conditions lists as a form shows them, and back. What a form does not show is kept.

A medicine in the form: ``parts`` (each ``what``: a name from the vocabulary or free text, and ``dose``), ``unit``,
``times`` a day as text ("2", "1-3", "BID", "q6h"), ``as_needed``, ``state``, ``purpose``, and the rest of `profile.Medicine` by its own
names. ``was`` is the entry as it was loaded: untouched, it comes back exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..content import Content
from ..content.medicine_names import key_of, names_of
from ..language.words import soft
from .dose_text import times_in
from .names import Product, read_name, understood

Entry = dict[str, Any]

WHICH_UNKNOWN = "which one not known"
_TIMES = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:\s*(?:-|–|to)\s*(\d+(?:[.,]\d+)?))?(?:\s*(?:x|×|times))?(?:\s*(?:a|per|/)\s*day)?$"
)
_IN_WORDS = {"once": "1", "twice": "2", "three times": "3"}
_LEFT_OVER = re.compile(r" \(in: .+\)$", re.S)
_PLAIN = ("name", "unit", "as_needed", "state", "purpose", "route", "release", "prescriber", "source", "start", "stop")
_OF_ONE = ("unit", "per_day_min", "per_day_max", "route", "release")
_IN_A_NAME = ("ingredients", "dose", "unit", "per_day_min", "per_day_max", "as_needed", "route")
"""What a name as it was written often says, beside the release."""
_RELEASES = {"er": "extended release", "ir": "immediate release"}
_MEDICINE_FIELDS = (*_PLAIN, "ingredients", "class", "dose", "per_day_min", "per_day_max", "none_of")


class HalfReadError(ValueError):
    """An entry of which a detail cannot be read, in plain words; ``rest`` is the entry with that detail not known."""

    def __init__(self, said: list[str], rest: dict[str, Any]) -> None:
        self.rest = rest
        super().__init__("; ".join(said))


def medicine_names(content: Content) -> dict[str, str]:
    """What the form calls each ingredient (by id) and each class (by ``class:id``). Every name is used once."""
    names = {medicine.id: medicine.label for medicine in content.medicines.values()}
    names.update((f"class:{c.id}", f"{c.label} ({WHICH_UNKNOWN})") for c in content.medicine_classes.values())
    return names


def condition_names(content: Content) -> dict[str, str]:
    """What the form calls each condition and each group of conditions, by id."""
    names = {group.id: group.label for group in content.condition_groups.values()}
    names.update((condition.id, condition.label) for condition in content.conditions.values())
    return names


def find_medicine(content: Content, text: str) -> str | None:
    """The ingredient id, or ``class:<id>``, that a text names exactly (label, id or other spelling); else None.

    A brand that holds several, or that tells a form, is not one ingredient: `read_medicine` takes it for what is in it.
    """
    wanted = text.strip().casefold()
    for id, name in medicine_names(content).items():
        if wanted in (name.casefold(), id.casefold()):
            return id
    for medicine in content.medicines.values():
        if medicine.open_as_text and wanted in (name.casefold() for name in medicine.names):
            return medicine.id  # chosen by a person from the list, not found in a text
    sense = names_of(content).senses.get(key_of(text))
    one = sense is not None and len(sense.ingredients) == 1 and not (sense.words or sense.more or sense.other)
    return sense.ingredients[0] if sense is not None and one else None


def find_condition(content: Content, text: str) -> str | None:
    """The condition or group that a text names exactly, by label or id; else None."""
    wanted = text.strip().casefold()
    found = (id for id, name in condition_names(content).items() if wanted in (name.casefold(), id.casefold()))
    return next(found, None)


def entries_by_name(entry: Any, content: Content) -> list[Any]:
    """An entry of a case file or a table, read by its name where it gives nothing else: ingredients, route and release as
    far as the name tells them, one entry for each medicine in it, and one for what of it is not understood.

    What is not a table, or says what it is in another way, comes back as it is.
    """
    if not isinstance(entry, Mapping) or any(
        entry.get(key) for key in ("ingredients", "class", "medicine_class", "dose")
    ):
        return [entry]
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or "*" in (entry.get("none_of") or ()):
        return [entry]
    if _LEFT_OVER.search(name):
        return [entry]  # what was left over of a name stays that: it is not read once more
    parts = understood(name, content)
    if len(parts) == 1 and not parts[0].ingredients and not parts[0].none_of:
        return [entry]
    if not any(part.ingredients for part in parts) and set(parts[0].none_of) <= set(entry.get("none_of") or ()):
        return [entry]  # it says already all that its name does
    made = []
    for part in parts:
        one = {**entry, "name": name if len(parts) == 1 else part.name}
        if len(parts) > 1:  # which of them an amount, a time or a route speaks of is not told
            one = {key: value for key, value in one.items() if key not in _OF_ONE}
        if part.ingredients:
            told = {"ingredients": list(part.ingredients), "route": part.route, "release": part.release}
            one = {**{key: value for key, value in told.items() if value}, **one}
        if part.none_of:
            known = [cls for cls in part.none_of if cls in content.medicine_classes]
            one["none_of"] = list(dict.fromkeys([*(entry.get("none_of") or ()), *known]))
        made.append(one)
    return made


# ---- medicines ----------------------------------------------------------------------------------------------


def show_medicine(content: Content, data: Mapping[str, Any]) -> Entry:
    """A medicine of a case file as the form shows it, without ``was``."""
    entry: Entry = {field: data[field] for field in _PLAIN if field in data}
    names, dose = medicine_names(content), data.get("dose", {})
    ids = data.get("ingredients") or list(dose)
    entry["parts"] = [{"what": names[id], "dose": dose.get(id)} for id in ids]
    if not ids and (cls := data.get("class")):
        entry["parts"] = [{"what": names[f"class:{cls}"], "dose": None}]
    elif not ids:
        entry["parts"] = [{"what": entry.pop("name", ""), "dose": None}]
    entry["times"] = say_times(data.get("per_day_min"), data.get("per_day_max"))
    entry["none"] = "*" in data.get("none_of", ())
    return entry


def _as_it_was(
    entry: Mapping[str, Any], show: Callable[[Content, Mapping[str, Any]], Entry], content: Content
) -> dict[str, Any] | None:
    """The case-file data of a line that still stands in the form as it was shown; None for a new or a changed one."""
    was = entry.get("was")
    plain = {key: value for key, value in entry.items() if key != "was"}
    return dict(was) if was and plain == show(content, was) else None


def read_medicine(content: Content, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """A medicine of the form as case-file data; None for a blank line. Raises HalfReadError where a detail cannot be read."""
    was = entry.get("was")
    if (kept := _as_it_was(entry, show_medicine, content)) is not None:
        return kept
    data = {key: value for key, value in (was or {}).items() if key not in _MEDICINE_FIELDS}
    data |= {field: entry[field] for field in _PLAIN if entry.get(field) not in (None, "")}
    parts = [part for part in entry.get("parts", ()) if str(part.get("what") or "").strip()]
    if not parts and not data.get("name"):
        return None
    data.setdefault("state", "current")
    dose: dict[str, float] = {}
    unknown: list[str] = []
    wrong: list[str] = []
    for part in parts:
        what = str(part["what"]).strip()
        id = find_medicine(content, what)
        if id is None and (found := read_name(what, content)).whole and found.ingredients:
            wrong += _by_name(data, dose, part, found, content)
            continue
        if id is None:
            unknown.append(what)
        elif id.startswith("class:"):
            data["class"] = id.removeprefix("class:")
        else:
            data.setdefault("ingredients", []).append(id)
            if part.get("dose") is not None:
                dose[id] = part["dose"]
        if part.get("dose") is not None and (id is None or id.startswith("class:")):
            wrong.append(f"a dose needs a medicine from the list, and '{what[:60]}' is not one")
    if unknown and not data.get("name"):
        data["name"] = " + ".join(unknown)
    if dose:
        data["dose"] = dose
    elif "ingredients" not in data:
        data.pop("unit", None)  # a unit of nothing
    try:
        data |= read_times(str(entry.get("times") or ""), bool(entry.get("as_needed")), content)
    except ValueError as error:
        wrong.append(str(error))
    if entry.get("none"):
        data["none_of"] = ["*"]
    data = named_by_its_fields(data, was or {}, content)
    if wrong:
        raise HalfReadError(wrong, data)
    return data


def named_by_its_fields(data: dict[str, Any], was: Mapping[str, Any], content: Content) -> dict[str, Any]:
    """An entry whose name still stands as it was written (``oxycodone ER 40 mg twice a day``) while what it says was changed:
    named by its fields, or every page would go on saying the old dose. Any other entry is given back as it is."""
    ids = data.get("ingredients") or list(data.get("dose", {}))
    if not ids or not data.get("name") or data["name"] != was.get("name"):
        return data
    before = {**was, "ingredients": was.get("ingredients") or list(was.get("dose", {}))}
    changed = [field for field in _IN_A_NAME if before.get(field) and data.get(field) != before[field]]
    if not changed and data.get("release") == was.get("release"):
        return data
    dose, unit = data.get("dose", {}), data.get("unit", "mg")
    each = (f"{content.medicines[id].label} {f'{dose[id]:g} {unit}' if id in dose else ''}".strip() for id in ids)
    times = say_times(data.get("per_day_min"), data.get("per_day_max"))
    words = [soft(" + ".join(each)), _RELEASES.get(data.get("release") or "", ""), f"{times} a day" if times else ""]
    words.append("as needed" if data.get("as_needed") else "")
    return {**data, "name": ", ".join(word for word in words if word)[:200]}


def _by_name(
    data: dict[str, Any], dose: dict[str, float], part: Mapping[str, Any], found: Product, content: Content
) -> list[str]:
    """A part that a brand, a spelling or a label names: all that is in it, with the words as they were typed. Gives what of it
    cannot be read: one dose of several ingredients stays not known."""
    what = str(part["what"]).strip()
    several = part.get("dose") is not None and len(found.ingredients) > 1
    listed = data.setdefault("ingredients", [])
    listed += [i for i in found.ingredients if i not in listed]
    if part.get("dose") is not None and not several:
        dose[found.ingredients[0]] = part["dose"]
    data.setdefault("name", what[:200])
    for field, told in (("route", found.route), ("release", found.release)):
        if told:
            data.setdefault(field, told)
    held = " and ".join(content.medicines[i].label.lower() for i in found.ingredients)
    return [f"'{what[:60]}' holds {held}: give the dose of each in a line of its own"] if several else []


def say_times(least: float | None, most: float | None) -> str:
    """Intakes a day in words: "2", "1–3", "at most 4"; empty when not known."""
    if least is None and most is None:
        return ""
    if least == most:
        return f"{most:g}"
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"{least:g}–{most:g}"


def read_times(text: str, as_needed: bool, content: Content) -> dict[str, float]:
    """The reverse of `say_times`, and what people write of it ("BID", "q6h", "twice"). As needed, a single number is the most
    in a day. Raises ValueError."""
    text = text.strip().lower()
    if not text:
        return {}
    text = _IN_WORDS.get(text, text)
    edge = next((word for word in ("at most", "at least") if text.startswith(word)), "")
    found = _TIMES.match(text.removeprefix(edge).strip())
    if found and not (edge and found[2]):
        first, second = (float(part.replace(",", ".")) if part else None for part in found.groups())
        assert first is not None
        least, most = first, first if second is None else second
    elif not edge and (span := times_in(text, content)) and span.hi is not None:
        least, most = span.lo, span.hi
    else:
        least, most = 1.0, 0.0
    if least > most:
        raise ValueError(f"'{text[:30]}' is not a number of times a day: write 2, 1-3, BID or q6h")
    if edge == "at most" or (as_needed and least == most and not edge):
        return {"per_day_max": most}
    return {"per_day_min": least} if edge == "at least" else {"per_day_min": least, "per_day_max": most}


# ---- conditions ---------------------------------------------------------------------------------------------

_CONDITION_FIELDS = ("id", "name", "status", "certainty", "since", "none_of")


def show_condition(content: Content, data: Mapping[str, Any]) -> Entry:
    """A condition of a case file as the form shows it, without ``was``."""
    id = data.get("id")
    entry: Entry = {"what": condition_names(content)[id] if id else data.get("name", "")}
    entry |= {field: data[field] for field in ("status", "certainty", "since") if field in data}
    entry["none"] = "*" in data.get("none_of", ())
    return entry


def read_condition(content: Content, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """A condition of the form as case-file data; None for a blank line."""
    was = entry.get("was")
    if (kept := _as_it_was(entry, show_condition, content)) is not None:
        return kept
    what = str(entry.get("what") or "").strip()
    if not what:
        return None
    data = {key: value for key, value in (was or {}).items() if key not in _CONDITION_FIELDS}
    id = find_condition(content, what)
    data["id" if id else "name"] = id or what
    if was and was.get("name") and what == show_condition(content, was)["what"]:
        data["name"] = was["name"]  # the words that it came with
    data |= {field: entry[field] for field in ("status", "certainty", "since") if entry.get(field)}
    if entry.get("none"):
        data["none_of"] = ["*"]
    return data
