"""Cancers on record: active on a problem list, where it has spread, or by what two encounters within a window say."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..content import Content
from . import codes, plain
from .bundle import Gathered
from .plain import code, obj, text, when
from .report import Notebook
from .stated import Read, Seen, entry_of
from .windows import inside

_NO_ENCOUNTER = ("cancelled", "entered-in-error", "planned", "noshow")


def cancer_entries(
    cancers: list[Seen], found: Gathered, as_of: date, cancer_days: float, content: Content, notes: Notebook
) -> list[Read]:
    """Active cancer: on the problem list, spread, or coded at two encounters within the window."""
    made: list[Read] = []
    surely: set[str] = set()
    perhaps: set[str] = set()
    for seen in cancers:
        data, place = seen.resource.data, seen.resource.place
        spread = any(s.gives == "metastatic" for s in codes.lookup(seen.what, content, ("finding",)))
        listed = seen.category & {"problem-list-item", "health-concern"}
        once = seen.state in ("active", None) and bool(seen.category) and not (spread or listed)
        if "encounter-diagnosis" in seen.category:
            key, sure = _encounter(seen, found, as_of, cancer_days)
            if sure and not seen.suspected:
                surely.add(key)
            elif sure is not False:
                perhaps.add(key)
        active: bool | None = False
        if seen.state == "active" and (spread or listed):
            active = None if seen.suspected else True
        elif seen.state is None and (spread or listed or not seen.category):
            active = None
        elif seen.state == "active" and not seen.category:
            active = None
            notes.add(
                "not_understood", data, place, "category", "cancer without a category: active or history is not known"
            )
        word = {True: "active cancer", None: "whether it is active is not known", False: "not active by itself"}[active]
        word = "one encounter: whether it is active is not known" if once else word
        notes.add("used", data, place, "conditions", f"{seen.what.label}: {word}")
        fields: dict[str, Any] = {"name": seen.what.label[:200], "since": plain.written(seen.since)}
        if active is not False:
            fields["id"] = content.known("condition", "cancer that has spread" if spread else "cancer in treatment")
            fields["certainty"] = "confirmed" if active else "suspected"
        else:
            state = "active" if seen.state in ("active", None) else seen.state
            fields |= {
                "id": content.known("condition", "cancer in the past"),
                "status": state,
                "certainty": "suspected" if seen.suspected else "confirmed",
            }
        # Orders go by two encounters; a list of problems does not call an active cancer past because it was coded once.
        now_or_past = content.known("condition_group", "cancer, now or in the past")
        one = {**fields, "id": now_or_past} if once and active is False else None
        listed_as = None if one is None else entry_of(one, content)
        made.append(Read(entry_of(fields, content), seen.resource.name, listed_as))
    if len(surely) >= 2 or len(surely | perhaps) >= 2:
        sure = len(surely) >= 2
        names = sorted(surely if sure else surely | perhaps)
        entry = {"id": content.known("condition", "cancer in treatment"), "name": f"cancer at {len(names)} encounters"}
        entry["certainty"] = "confirmed" if sure else "suspected"
        made.append(Read(entry_of(entry, content), ", ".join(names)[:200]))
    return made


def _encounter(seen: Seen, found: Gathered, as_of: date, cancer_days: float) -> tuple[str, bool | None]:
    """The encounter of a diagnosis, and whether it lies in the window."""
    reference = obj(seen.resource.data, "encounter")
    key = "/".join(text(reference, "reference").split("/")[-2:])
    encounter = found.find(reference, seen.resource.data)
    day = when(encounter, "period", "actualPeriod") if encounter is not None else None
    if encounter is not None and code(encounter, "status") in _NO_ENCOUNTER:
        return key, False
    if day is None:
        day = when(seen.resource.data, "recordedDate", "onsetDateTime") if encounter is None else None
    # Without a reference, each day with the diagnosis is one encounter.
    key = key or (plain.written(day) or f"of {seen.resource.name}")
    return key, inside(day, as_of, cancer_days)
