"""What of a case is known at each stage of its story: a profile of what has been told, and nothing that comes later.

A list of which an entry is still to come is not the whole list: what is absent from it is then unknown, never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...profile import AskedNone, Profile

LISTS = ("conditions", "medicines", "observations", "allergies", "wishes")
COMPLETED = ("conditions", "medicines", "observations")
ASKED = "asked_none"
REST = "rest"
Key = tuple[str, str | int]
"""A part of a case: a theme, and the id of an answer or the place in a list (from 0)."""


def keys_of(profile: Profile) -> frozenset[Key]:
    """Every part of a case that a stage may show."""
    found: set[Key] = {("answers", id) for id in profile.answers}
    for theme in LISTS:
        found |= {(theme, n) for n in range(len(getattr(profile, theme)))}
    if profile.asked_none != AskedNone():
        found.add((ASKED, 0))
    return frozenset(found)


def named(profile: Profile) -> Mapping[str, frozenset[Key]]:
    """What a stage may write under ``shows``, with what it stands for: a theme, or a theme and an id or a place from 1."""
    keys = keys_of(profile)
    found: dict[str, set[Key]] = {}
    for key in keys:
        theme, which = key
        found.setdefault(theme, set()).add(key)
        if theme == "answers":
            found.setdefault(f"answers.{which}", set()).add(key)
        elif isinstance(which, int) and theme in LISTS:
            entry = getattr(profile, theme)[which]
            for name in (str(which + 1), *_called(theme, entry)):
                found.setdefault(f"{theme}.{name}", set()).add(key)
    return {name: frozenset(found[name]) for name in sorted(found)}


def _called(theme: str, entry: Any) -> Iterable[str]:
    """The ids that an entry of a list goes by."""
    match theme:
        case "conditions":
            return [entry.id] if entry.id else []
        case "observations":
            return [entry.measure]
        case "wishes":
            return [entry.treatment]
        case _:
            return [*entry.ingredients, *([entry.medicine_class] if entry.medicine_class else [])]


def shown_by(profile: Profile, stages: Sequence[Sequence[str]]) -> tuple[frozenset[Key], ...]:
    """What is known at each stage, given what the stages name. The last one shows all. A name that stands for nothing shows
    nothing (`checking` says so)."""
    names, keys = named(profile), keys_of(profile)
    told: set[Key] = set()
    found = []
    for n, names_here in enumerate(stages, 1):
        for name in names_here:
            told |= keys if name == REST else names.get(name, frozenset())
        found.append(frozenset(keys) if n == len(stages) else frozenset(told))
    return tuple(found)


def known_at(profile: Profile, shown: frozenset[Key]) -> Profile:
    """The case as far as it is told."""
    if shown == keys_of(profile):
        return profile
    change: dict[str, Any] = {"answers": {id: v for id, v in profile.answers.items() if ("answers", id) in shown}}
    change["assumed"] = tuple(id for id in profile.assumed if id in change["answers"])
    for theme in LISTS:
        change[theme] = tuple(one for n, one in enumerate(getattr(profile, theme)) if (theme, n) in shown)
    partial = {theme: "no" for theme in COMPLETED if len(change[theme]) < len(getattr(profile, theme))}
    change["complete"] = profile.complete.model_copy(update=partial)
    if (ASKED, 0) not in shown:
        change[ASKED] = AskedNone()
    return profile.model_copy(update=change)
