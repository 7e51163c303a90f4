"""What was understood of an import, as the form shows it: which entry of the form each line became, and what the team made of
it: confirmed, corrected or taken out. Pure: a state goes in, a state comes out."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...content import Content
from ...content.entries import Condition, Medicine
from ...facts.understood import Understood, certainty_once_right, entry_made
from ...intake.entries import HalfReadError, read_condition, read_medicine, show_condition, show_medicine
from ...profile import Profile
from .allergies import read_allergy, show_allergy
from .form import State, measured_keys

Json = dict[str, Any]
BY_THE_TEAM = {
    "confirmed": "Confirmed by the team",
    "corrected": "Corrected by the team",
    "removed": "Taken out by the team",
}
MOST_LINES = 300
_LISTS: Mapping[str, tuple[Any, Any]] = {
    "medicines": (show_medicine, read_medicine),
    "conditions": (show_condition, read_condition),
    "allergies": (show_allergy, read_allergy),
}


@dataclass(frozen=True)
class Line:
    """A line as it stands now: ``told`` as the import told it, ``now`` with what is in the form now; ``at`` its place in the
    form (``medicines.2``, a row, or a list to add it to); ``state`` what the team made of it."""

    told: Understood
    now: Understood
    at: str
    state: str


class Lines:
    """The lines of one import, and the entries of the case as they came."""

    def __init__(self, lines: Sequence[Understood], profile: Profile, content: Content) -> None:
        self.all = tuple(lines)
        self.content = content
        self._came = profile.to_dict()
        self._rows = {id: key for key, id in measured_keys(content).items()}

    def now(self, state: State) -> list[Line]:
        """Each line beside the form as it stands."""
        taken: set[tuple[str, int]] = set()
        return [self._line(line, state, taken) for line in self.all]

    def view(self, state: State) -> Json:
        """The lines for the browser, with the words of the entries that they became."""
        lines = self.now(state)
        shown = [
            {
                "n": n,
                "own": one.told.own,
                "made": one.now.made,
                "doubts": list(one.told.doubts),
                "where": one.told.resource,
                "state": one.state,
                "says": BY_THE_TEAM.get(one.state, ""),
                "at": one.at,
                "sure": one.now.can_be_confirmed,
            }
            for n, one in enumerate(lines[:MOST_LINES])
        ]
        own = {one.at: one.told.own for one in lines if one.told.own and one.state != "removed"}
        left = sum(bool(one.told.doubts) and not one.state for one in lines)
        return {"lines": shown, "left": max(0, len(lines) - MOST_LINES), "to_confirm": left, "own": own}

    def confirm(self, state: State, n: int, on: bool = True) -> State:
        """The state in which the team says that a line is right, or takes that back.

        What leaves something unknown or to settle cannot be confirmed: the state stays as it is."""
        line = self.now(state)[n]
        if on and not line.now.can_be_confirmed:
            return state
        kept = [key for key in state["kept"].get("confirmed", ()) if key != line.now.key]
        changed = copy.deepcopy(state)
        which, _, at = line.at.partition(".")
        if which in _LISTS and at.isdigit():
            entry = changed[which][int(at)]
            was = entry.get("was", {})
            right = certainty_once_right(which, was)
            if right and entry.get("certainty") in (was["certainty"], right):
                entry["certainty"] = right if on else was["certainty"]
        if on:
            kept.append(self.now(changed)[n].now.key)
        changed["kept"] = {k: v for k, v in {**state["kept"], "confirmed": kept}.items() if v not in ([], {})}
        return changed

    def _line(self, line: Understood, state: State, taken: set[tuple[str, int]]) -> Line:
        kept = frozenset(state["kept"].get("confirmed", ()))
        which, n = line.listed
        if n is None:
            return Line(line, line, which if which in _LISTS else "measures", "confirmed" if line.key in kept else "")
        came = self._came[which][n]
        if which not in _LISTS:
            return self._observation(line, came, state, kept)
        show, read = _LISTS[which]
        same = (k for k, e in enumerate(state[which]) if e.get("was") == came and (which, k) not in taken)
        if (k := next(same, None)) is None:
            row = f"{which}.{came.get('class') or came.get('id')}"
            gone = "" if state["rows"].get(row) is True else "removed"
            return Line(line, line, row if not gone else which, gone or ("confirmed" if line.key in kept else ""))
        taken.add((which, k))
        entry = state[which][k]
        at = f"{which}.{k}"
        if {key: value for key, value in entry.items() if key != "was"} == show(self.content, came):
            return Line(line, line, at, "confirmed" if line.key in kept else "")
        now = self._made_anew(line, which, entry, read)
        return Line(line, now, at, "confirmed" if now.key in kept else "corrected")

    def _made_anew(self, line: Understood, which: str, entry: Json, read: Any) -> Understood:
        """What is made of an entry that was changed; as it was where it cannot be read."""
        kind: Any = {"medicines": Medicine, "conditions": Condition}.get(which)
        try:
            try:
                data = read(self.content, entry)
            except HalfReadError as half:
                data = half.rest
            if kind is None or data is None:
                return line
            made, open_ = entry_made(kind.model_validate(data, context={"content": self.content}), self.content)
        except ValueError:
            return line
        return replace(line, made=made, open=open_)

    def _observation(self, line: Understood, came: Json, state: State, kept: frozenset[str]) -> Line:
        """A result, which stands in its row, or among the older ones."""
        row = self._rows.get(came["measure"], "")
        held = {key: value for key, value in came.items() if key != "measure"}
        status = "confirmed" if line.key in kept else ""
        if row and state["rows"].get(row) == held:
            return Line(line, line, row, status)
        if came in state["observations"]:
            return Line(line, line, "measures", status)
        return Line(line, line, row or "measures", "corrected" if row in state["rows"] else "removed")
