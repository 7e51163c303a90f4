"""What people in the room say of the plans: a mark on each way of a decision, and what they hold the plans to.

Both stand as lines of the notes in a case file, so that a file needs nothing for them, and a reader of the file sees them. What
each seat marked by itself stands there by role (``[[seats]]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...content import Content
from ...review.plans import Within

MARKS = ("for", "against", "unsure")
MOST_BURDEN = 999
_MARK = re.compile(r"^\[mark\] (\S+) / (\S+) = (for|against|unsure)$")
_HELD = re.compile(r"^\[plans\] (locked in|ruled out) = (\S+)$")
_BURDEN = re.compile(r"^\[plans\] burden at most = (\d{1,3})$")
_KINDS = {"in": "locked in", "out": "ruled out"}


def join_notes(state: Mapping[str, Any]) -> str:
    """The notes of a case file: those of a form's state, and one line for each mark and each hold."""
    notes = state.get("notes", "")
    return "\n".join([*([notes] if notes else []), *_marked(state.get("marks", {})), *_held(state.get("held", {}))])


def _marked(marks: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for fork, alternatives in sorted(marks.items()):
        for alternative, mark in sorted(alternatives.items()):
            if mark in MARKS:
                yield f"[mark] {fork} / {alternative} = {mark}"


def _held(held: Mapping[str, Any]) -> Iterator[str]:
    for kind, words in _KINDS.items():
        yield from (f"[plans] {words} = {id}" for id in sorted(set(held.get(kind, ()))))
    if (most := held.get("burden")) is not None:
        yield f"[plans] burden at most = {most}"


def split_notes(notes: str) -> dict[str, Any]:
    """The reverse of `join_notes`: ``notes`` without these lines, ``marks`` by fork and alternative, and ``held``."""
    marks: dict[str, dict[str, str]] = {}
    held: dict[str, Any] = {}
    kept = []
    for line in notes.split("\n"):
        if found := _MARK.match(line):
            marks.setdefault(found[1], {})[found[2]] = found[3]
        elif found := _HELD.match(line):
            held.setdefault("in" if found[1] == _KINDS["in"] else "out", []).append(found[2])
        elif found := _BURDEN.match(line):
            held["burden"] = int(found[1])
        else:
            kept.append(line)
    return {"notes": "\n".join(kept), "marks": marks, "held": held}


def join_seats(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The seats of a case file: those of a form's state, each with its marks."""
    found = []
    for role, marks in state.get("seats", {}).items():
        said = {fork: dict(ways) for fork, ways in marks.items() if ways}
        found.append({"role": role, **({"marks": said} if said else {})})
    return found


def split_seats(seats: list[dict[str, Any]]) -> dict[str, Any]:
    """The reverse of `join_seats`: marks by role, decision and way."""
    return {seat["role"]: seat.get("marks", {}) for seat in seats}


def within_of(state: Mapping[str, Any], content: Content) -> Within:
    """What the room holds the plans to, as far as this content knows the treatments; nothing of it is an error."""
    held = state.get("held", {})
    said = {kind: held.get(kind) if isinstance(held.get(kind), list) else [] for kind in _KINDS}
    known = {kind: frozenset(id for id in ids or () if id in content.treatments) for kind, ids in said.items()}
    most = held.get("burden")
    limit = most if isinstance(most, int) and not isinstance(most, bool) and 0 <= most <= MOST_BURDEN else None
    return Within(known["in"] - known["out"], known["out"], limit)
