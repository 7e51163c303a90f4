"""The form's state and the profile that it says, both ways. Pure: no widget, no clock, no clinical logic.

The state is plain JSON data, the same in Python and in the browser::

    {"as_of": "2026-11-02", "title": "", "notes": "",
     "rows": {"age_years": 58, "medicines.benzodiazepine": True, "conditions.ckd": False,
              "peg": {"items": {"pain": 7}, "date": "2026-11-02"}},
     "medicines": [...], "conditions": [...], "observations": [...], "allergies": [...],
     "coverage": [...],
     "complete": {"medicines": "yes"}, "cannot_answer": [], "marks": {}, "kept": {},
     "held": {"in": ["opioid_taper"], "out": [], "burden": 9},
     "seats": {"pharmacist": {"long_term_opioid": {"opioid_taper": "for"}}}}

A row that is not there is not known. ``False`` on a group, class or measure means asked, none. ``observations`` holds what
no row shows (older values), ``kept`` the rest of a case file that a form does not show; nothing of a file is lost.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...content import Content
from ...content.parts import Part
from ...facts.membership import in_class, in_group
from ...intake.entries import HalfReadError, read_condition, read_medicine, show_condition, show_medicine
from ...profile import Condition, Coverage, Medicine, Observation, Profile, ProfileError, span
from ...profile.allergies import Allergy
from ...profile.model import fit_answer
from .allergies import read_allergy, show_allergy
from .fitting import as_far
from .marks import join_notes, join_seats, split_notes, split_seats
from .spec import first_page_rows

State = dict[str, Any]
LISTS = ("conditions", "medicines", "observations")


@dataclass(frozen=True)
class Reading:
    """What a form says: the profile of all that can be read, and by row or entry (``medicines.0``) what cannot, in words.
    While something of a list cannot be read, that list is not the whole one."""

    profile: Profile
    problems: Mapping[str, str]


def blank(as_of: date | None) -> State:
    """The state of an empty form."""
    state: State = {"as_of": as_of.isoformat() if as_of else "", "title": "", "notes": "", "rows": {}}
    state |= {which: [] for which in (*LISTS, "allergies", "coverage")}
    return state | {"complete": {}, "cannot_answer": [], "marks": {}, "kept": {}, "held": {}, "seats": {}}


def read_form(state: Mapping[str, Any], content: Content, as_of: date | None) -> Reading:
    """The profile that a form says; ``as_of`` stands in when the form gives no day. What cannot be read is told and stays not
    known, so that a half-typed answer never stops the page; the entry that it stands in is not left out for it."""
    return _Reader(state, content).read(as_of)


class _Reader:
    def __init__(self, state: Mapping[str, Any], content: Content) -> None:
        self.state = state
        self.content = content
        self.rows: Mapping[str, Any] = {k: v for k, v in state.get("rows", {}).items() if v is not None}
        self.problems: dict[str, str] = {}

    def read(self, as_of: date | None) -> Reading:
        data: dict[str, Any] = {**copy.deepcopy(dict(self.state.get("kept", {})))}
        data |= {key: self.state[key] for key in ("title", "cannot_answer", "complete") if self.state.get(key)}
        data["as_of"] = self._day(as_of)
        data["answers"] = self._answers()
        for answer in self.content.answers.values():
            if answer.assumed and answer.id not in data["answers"] and answer.id not in self.problems:
                data["answers"][answer.id] = answer.assumed
                data["assumed"] = [*data.get("assumed", ()), answer.id]
        data["medicines"] = self._medicines()
        data["conditions"] = self._conditions()
        data["allergies"] = self._allergies()
        data["coverage"] = self._coverage()
        data["observations"] = [*self.state.get("observations", ()), *self._observations()]
        data["asked_none"] = {
            which: [*data.get("asked_none", {}).get(which, ()), *self._said(which, table, False)]
            for which, table in self._tables().items()
        }
        data["notes"] = join_notes(self.state)
        data["seats"] = join_seats(self.state)
        data["complete"] = {**data.get("complete", {}), **dict.fromkeys(self._not_whole(), "no")}
        try:
            return Reading(Profile.from_dict(data, self.content), self.problems)
        except ProfileError as error:
            # Only a text that is too long, or a state that no form made, comes this far.
            self.problems["case"] = "; ".join(error.problems)
            fits = {
                k: data[k]
                for k in ("as_of", "answers", "medicines", "conditions", "asked_none", "allergies", "coverage")
            }
            return Reading(Profile.from_dict(fits, self.content), self.problems)

    def _day(self, as_of: date | None) -> date | None:
        given = str(self.state.get("as_of") or "")
        if not given:
            return as_of
        try:
            return date.fromisoformat(given)
        except ValueError:
            self.problems["as_of"] = f"'{given[:40]}' is not a day; write it as 2026-03-14"
            return as_of

    def _tables(self) -> Mapping[str, Mapping[str, Any]]:
        c = self.content
        return {"conditions": c.condition_groups, "medicines": c.medicine_classes, "observations": c.measures}

    def _said(self, which: str, table: Mapping[str, Any], value: bool) -> list[str]:
        """The ids of a table whose row says exactly yes, or exactly no, in the order of the content."""
        return [id for id in table if self.rows.get(f"{which}.{id}") is value]

    def _answers(self) -> dict[str, Any]:
        answers = {}
        for id, answer in self.content.answers.items():
            value = self.rows.get(id)
            if value in (None, "", []):
                continue
            try:
                answers[id] = fit_answer(answer, value)
            except ValueError as error:
                self.problems[id] = str(error)
        return answers

    def _not_whole(self) -> set[str]:
        """The lists in which something cannot be read."""
        measured = measured_keys(self.content)
        return {"observations" if key in measured else key.partition(".")[0] for key in self.problems} & set(LISTS)

    def _fits(self, model: type[Part], data: Mapping[str, Any], where: str, listed: list[dict[str, Any]]) -> Any:
        """Put what can be read of an entry into its list; gives what it makes."""
        fits, made, told = as_far(model, data, self.content)
        if told:
            self.problems[where] = "; ".join([*filter(None, [self.problems.get(where)]), *told])
        if fits is not None:
            listed.append(fits)
        return made

    def _medicines(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        made = []
        for n, entry in enumerate(self.state.get("medicines", ())):
            try:
                data = read_medicine(self.content, entry)
            except HalfReadError as half:
                self.problems[f"medicines.{n}"] = str(half)
                data = half.rest
            if data is not None:
                made.append(self._fits(Medicine, data, f"medicines.{n}", listed))
        now = [medicine for medicine in made if medicine.state == "current"]
        for cls in self._said("medicines", self.content.medicine_classes, True):
            # A listed medicine that is surely one of the class says more than "one of this class".
            if not any(in_class(self.content, medicine, cls) for medicine in now):
                listed.append(plain_class(cls))
        return listed

    def _conditions(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        made = []
        for n, entry in enumerate(self.state.get("conditions", ())):
            if (data := read_condition(self.content, entry)) is not None:
                made.append(self._fits(Condition, data, f"conditions.{n}", listed))
        for group in self._said("conditions", self.content.condition_groups, True):
            if not any(in_group(self.content, condition, group) for condition in made):
                listed.append({"id": group})
        return listed

    def _allergies(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        for n, entry in enumerate(self.state.get("allergies", ())):
            if (data := read_allergy(self.content, entry)) is not None:
                self._fits(Allergy, data, f"allergies.{n}", listed)
        return listed

    def _coverage(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        for n, entry in enumerate(self.state.get("coverage", ())):
            data = {key: value for key, value in entry.items() if value not in (None, "")}
            if "service" not in data:
                if data:
                    self.problems[f"coverage.{n}"] = "name the service"
            elif any(data["service"] == other["service"] for other in listed):
                self.problems[f"coverage.{n}"] = "this service stands above already; one entry for each"
            else:
                self._fits(Coverage, data, f"coverage.{n}", listed)
        return listed

    def _observations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        events = event_ids(self.content)
        for key, id in measured_keys(self.content).items():
            row = self.rows.get(key)
            if isinstance(row, Mapping) and (id in events or has_value(row)):
                data = {"measure": id} | {k: v for k, v in row.items() if v not in (None, "", {})}
                self._fits(Observation, data, key, found)
        return found


def from_profile(profile: Profile, content: Content) -> State:
    """The form that says a profile. `read_form` gives it back, but for the order of entries that say only a class."""
    data = profile.to_dict()
    state = blank(profile.as_of)
    rows = state["rows"]
    state["title"] = data.pop("title", "")
    state |= split_notes(data.pop("notes", ""))
    state["seats"] = split_seats(data.pop("seats", []))
    for key in ("complete", "cannot_answer"):
        state[key] = data.pop(key, state[key])
    rows.update(data.pop("answers", {}))
    assumed = data.pop("assumed", [])
    filled_in = {id: answer.assumed for id, answer in content.answers.items() if answer.assumed}
    for id in [id for id in assumed if id in filled_in and rows.get(id) == filled_in[id]]:
        assumed.remove(id)
        del rows[id]
    asked_none = data.pop("asked_none", {})
    for which, table in (("conditions", content.condition_groups), ("medicines", content.medicine_classes)):
        rows.update({f"{which}.{id}": False for id in asked_none.pop(which, ()) if id in table})
    keys = {id: key for key, id in measured_keys(content).items()}
    shown = [id for id in asked_none.get("observations", ()) if id in content.measures]
    rest = [id for id in asked_none.pop("observations", ()) if id not in content.measures]
    rows.update({keys[id]: False for id in shown})
    _medicines_to_rows(state, data.pop("medicines", []), profile, content)
    _conditions_to_rows(state, data.pop("conditions", []), profile, content)
    _observations_to_rows(state, data.pop("observations", []), keys, content)
    state["allergies"] = [{**show_allergy(content, a), "was": a} for a in data.pop("allergies", [])]
    state["coverage"] = data.pop("coverage", [])
    data.pop("as_of", None)
    kept = {**data, "assumed": assumed, "asked_none": {"observations": rest} if rest else {}}
    state["kept"] = {key: value for key, value in kept.items() if value not in ([], {})}
    return state


def _medicines_to_rows(state: State, listed: list[dict[str, Any]], profile: Profile, content: Content) -> None:
    now = [(n, entry) for n, entry in enumerate(profile.medicines) if entry.state == "current"]
    for n, data in enumerate(listed):
        cls = data.get("class")
        others = (entry for k, entry in now if k != n)
        if (
            cls
            and data == plain_class(cls)
            and f"medicines.{cls}" not in state["rows"]
            and not any(in_class(content, entry, cls) for entry in others)
        ):
            state["rows"][f"medicines.{cls}"] = True
        else:
            state["medicines"].append({**show_medicine(content, data), "was": data})


def _conditions_to_rows(state: State, listed: list[dict[str, Any]], profile: Profile, content: Content) -> None:
    for n, data in enumerate(listed):
        group = str(data.get("id", ""))
        others = (entry for k, entry in enumerate(profile.conditions) if k != n)
        if (
            group in content.condition_groups
            and data == {"id": group}
            and f"conditions.{group}" not in state["rows"]
            and not any(in_group(content, entry, group) for entry in others)
        ):
            state["rows"][f"conditions.{group}"] = True
        else:
            state["conditions"].append({**show_condition(content, data), "was": data})


def _observations_to_rows(
    state: State, listed: list[dict[str, Any]], keys: Mapping[str, str], content: Content
) -> None:
    """The newest value of each measure goes into its row; older ones, and what no row can show, stay in the list."""
    events = event_ids(content)
    newest: dict[str, int] = {}
    for n, data in enumerate(listed):
        measure, when = data["measure"], data.get("date")
        key = keys.get(measure)
        if key is None or key in state["rows"] or not (measure in events or has_value(data)):
            continue
        last = newest.get(measure)
        if last is None or _end(when) >= _end(listed[last].get("date")):
            newest[measure] = n
    for n, data in enumerate(listed):
        if newest.get(data["measure"]) == n:
            state["rows"][keys[data["measure"]]] = {k: v for k, v in data.items() if k != "measure"}
        else:
            state["observations"].append(data)


def _end(when: str | None) -> date:
    return span(when)[1] if when else date.min


def measured_keys(content: Content) -> dict[str, str]:
    """The rows that hold an observation, with the measure or instrument of each."""
    return {f"observations.{id}": id for id in content.measures} | {id: id for id in content.instruments}


def event_ids(content: Content) -> set[str]:
    """The measures that have a date and no value."""
    return {measure.id for measure in content.measures.values() if measure.type == "event"}


def has_value(row: Mapping[str, Any]) -> bool:
    """Whether an observation says more than a date."""
    return row.get("value") not in (None, "") or bool(row.get("items"))


def plain_class(cls: str) -> dict[str, Any]:
    """The entry of "takes one of this class": what a "yes" on its row means."""
    return {"class": cls, "state": "current"}


def asked_none(state: State, content: Content, question: int, proved: Collection[str] = ()) -> State:
    """The "asked, none" key of one question: every yes/no row printed there and still blank becomes no, but for the rows
    that something listed ``proved`` to be yes."""
    rows = dict(state["rows"])
    for key in first_page_rows(content, question):
        answer = content.answers.get(key)
        if rows.get(key) is None and key not in proved and (answer is None or answer.type == "yes_no"):
            rows[key] = False
    return {**state, "rows": rows}
