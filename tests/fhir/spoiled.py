"""Records of which pieces are made unreadable, and what may not follow from it: a sure answer that they did not give.

A spoiled record tells less than the whole one, so each fact is as open as before or more so (law 14). Other changes
(a number that grows, an entry taken away) may rightly give another answer and are held only to "no exception".
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from pathways.content import Content
from pathways.facts import derive
from pathways.fhir import FhirError, read
from pathways.language import Range, Value

from .requests import Json

UNKNOWN = ("xqzvw", "Qwvorblax", "zzkt 77120x", "unlesbar", "vrblqn-9")
SPOILED = {
    "code", "display", "text", "unit", "status", "intent", "valueString", "valueCode", "patientInstruction",
    "verificationStatus", "clinicalStatus", "substance", "name",
}  # fmt: skip  # data, read across
"""Where a record says what something is. What holds its parts together (ids, references, systems) is left whole."""
EVENTS = ("Observation", "Procedure", "Encounter", "ServiceRequest", "DocumentReference", "Communication", "Claim")
"""What counts by its code alone: one that is in no set is something else, and not something unread."""
WHOSE = ("reasonCode", "category", "Patient", "subject", "patient", "context", "meta", "extension", "contained")


def spots(value: Any, parent: Any = None, key: Any = None) -> Iterator[tuple[Any, Any]]:
    """Where a record's words stand."""
    if isinstance(value, dict):
        kind = value.get("resourceType")
        if kind == "Patient":
            return
        for name, inner in value.items():
            if name not in WHOSE and not (kind in EVENTS and name == "code"):
                yield from spots(inner, value, name)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from spots(inner, parent if isinstance(inner, str) else value, key if isinstance(inner, str) else n)
    elif isinstance(value, str) and key in SPOILED and isinstance(parent, dict) and isinstance(parent.get(key), str):
        yield parent, key


def spoiled(data: Json, dice: Random) -> Json:
    """One to three pieces of a record replaced by, or standing beside, what nobody knows."""
    made = copy.deepcopy(data)
    places = list(spots(made))
    for parent, key in dice.sample(places, min(len(places), dice.choice((1, 1, 2, 3)))):
        word = dice.choice(UNKNOWN)
        words = key in ("display", "text", "valueString", "patientInstruction")
        # The words of a dose stand beside its structure: taken away whole they no longer contradict it.
        beside = words and ("timing" in parent or "doseAndRate" in parent or dice.random() < 0.5)
        parent[key] = f"{parent[key]} {word}" if beside else word
    return made


def known(data: Json, as_of: date, content: Content) -> dict[str, Value] | None:
    """The facts that a record gives; None where it is refused."""
    try:
        imported = read(data, as_of)
    except FhirError:
        return None
    return dict(derive(imported.profile, content=content).values)


def surer(name: str, before: Value, after: Value) -> str | None:
    """How a fact became surer, or other than it was; None where it did not."""
    if isinstance(after, Range) and isinstance(before, Range):
        return None if after.lo <= before.lo and after.hi >= before.hi else f"{name}: {before} became {after}"
    if isinstance(after, frozenset) and isinstance(before, frozenset):
        return None if after >= before else f"{name}: {sorted(before)} became {sorted(after)}"
    return None if after is None or after == before else f"{name}: {before} became {after}"


NOT_READ_IS_NOT_THERE = {"overdose_within_year", "overdose_ever"}
"""Known: a diagnosis that is not read opens every condition, but not what happened on a day."""


def made_surer(data: Json, as_of: date, content: Content, dice: Random) -> list[str]:
    """What one spoiling of a record made surer: facts, with what was spoiled."""
    if "hook" in data:  # an order that is renewed is told apart by its name
        return []
    before = known(data, as_of, content)
    changed = spoiled(data, dice)
    after = known(changed, as_of, content)
    if before is None or after is None:
        return []
    wrong = [
        told
        for name, value in after.items()
        if name not in NOT_READ_IS_NOT_THERE and (told := surer(name, before[name], value))
    ]
    return [f"{' / '.join(wrong)} [{differences(data, changed)}]"] if wrong else []


def differences(one: Json, other: Json) -> str:
    """What differs, as short lines of JSON."""
    rows = json.dumps(one, indent=0).splitlines(), json.dumps(other, indent=0).splitlines()
    changed = [f"{a} -> {b}" for a, b in zip(*rows, strict=False) if a != b]
    return re.sub(r"\s+", " ", "; ".join(changed))[:400]
