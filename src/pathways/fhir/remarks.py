"""Remarks beside an entry: its notes, and why its status is what it is. No remark is dropped.

A remark of which every word is harmless is kept in the report. One that bears on the entry (it is not taken, of somebody
else, in error, in another dose) leaves open what it bears on, also where it is understood in part only. One that is not
understood and has no such word is shown, so that somebody confirms the entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..content import Content
from ..intake.record_text import MOST, Heard, heard
from .bundle import Gathered, Resource
from .plain import Data, code, concept, concepts, items, status_is, text
from .report import Notebook
from .standing import KINDS

_OF: Mapping[str, str] = {
    **dict.fromkeys(KINDS, "medicine"),
    "Condition": "problem",
    "AllergyIntolerance": "allergy",
    "Observation": "value",
    "Procedure": "value",
    "DiagnosticReport": "value",
}
_REASONS = ("statusReason", "statusReasonCodeableConcept", "reasonNotTaken")
_TEXTS = ("note", "comment", "comments", "onsetString")
_SAID_IN = frozenset({*_TEXTS, *_REASONS})
_STOPPED = (
    "stopped", "ended", "cancelled", "entered-in-error", "not-taken", "not-done", "declined", "on-hold", "draft",
    "unknown", "intended", "preparation", "registered", "revoked",
)  # fmt: skip  # words, read across
"""A status that says no more than such a remark does."""
_RESULTS = (
    "valueQuantity", "valueInteger", "valueBoolean", "valueRange", "valueRatio", "valueDateTime", "valueSampledData",
    "valueString", "valueCodeableConcept", "component", "interpretation",
)  # fmt: skip  # words, read across
_BEARS = frozenset({"use", "dose", "person", "doubt"})
_OPENS: Mapping[str, str] = {
    "medicine": "whether it is taken is not known",
    "problem": "whether the person has it is not known",
    "allergy": "whether it is one is not known",
    "value": "it is not counted as it stands",
}


def with_remarks(found: Gathered, content: Content, notes: Notebook) -> None:
    """Read the remarks of every entry, report them, and leave open in ``found`` what they bear on. What they say of a dose is
    for `dose_remarks`."""
    opened: dict[int, Resource] = {}
    for n, resource in enumerate(found.resources):
        if resource.kind not in _OF or _SAID_IN.isdisjoint(resource.data):
            continue
        if changed := _read(resource, content, notes):
            opened[n] = replace(resource, data={**resource.data, **changed})
    found.put(opened)


def dose_remarks(data: Data, content: Content) -> tuple[str, ...]:
    """The notes of a medicine that speak of a dose or of how often it is taken."""
    if _SAID_IN.isdisjoint(data):
        return ()
    return tuple(words for words in _notes(data) if "dose" in heard(words, "medicine", content).says)


def bearing(data: Data, content: Content) -> frozenset[str]:
    """What the notes of a medicine bear on: ``use`` (also whose it is, and whether it is right), ``dose``, or nothing."""
    said = frozenset[str]().union(*(heard(words, "medicine", content).says for words in _notes(data)))
    return frozenset({"dose"} & said) | (frozenset({"use"}) if said & (_BEARS - {"dose"}) else frozenset())


def _read(resource: Resource, content: Content, notes: Notebook) -> dict[str, object]:
    """What changes in an entry by its remarks."""
    data, of, opens = resource.data, _OF[resource.kind], False
    for words in _notes(data):
        one = heard(words, of, content)
        bears = one.says & _BEARS
        shown = f"a note says “{_short(one)}”"
        if bears - {"dose"} or len(words) > MOST:
            opens = True
            notes.add("conflict", data, resource.place, "note", f"{shown}: {_OPENS[of]}")
        elif bears:
            pass  # `dose_remarks`: it may be the dose of the order
        elif one.left:
            notes.add("not_understood", data, resource.place, "note", f"{shown}: it is not read; confirm the entry")
        else:
            notes.add("used", data, resource.place, "note", shown)
    for name, words in _reasons(data):
        if code(data, "status") in _STOPPED:
            break  # it says why it is not taken, or was not done
        one = heard(words, of, content)
        if one.left or one.says & _BEARS:
            opens = True
            notes.add("conflict", data, resource.place, "note", f"{name} is “{_short(one)}”: {_OPENS[of]}")
    return _opened(resource) if opens else {}


def _short(one: Heard) -> str:
    return one.text if len(one.text) <= 160 else f"{one.text[:160]}…"


def _notes(data: Data) -> Iterator[str]:
    """The texts of its annotations; earlier editions of FHIR have a comment, and a note that is a text."""
    for part in items(data, "note"):
        if words := text(part, "text", 2 * MOST):
            yield words
    for name in _TEXTS:
        if words := text(data, name, 2 * MOST):
            yield words


def _reasons(data: Data) -> Iterator[tuple[str, str]]:
    for name in _REASONS:
        for said in concepts(data, name) or (concept(data, name),):
            for words in said.texts:
                yield name, words


def _opened(resource: Resource) -> dict[str, object]:
    """An entry of which it is not known whether it is so."""
    data = resource.data
    if resource.kind in ("Condition", "AllergyIntolerance"):
        if status_is(data, "verificationStatus", "entered-in-error", "refuted"):
            return {}
        return {"verificationStatus": {"coding": [{"code": "unconfirmed"}]}}
    changed: dict[str, object] = {} if code(data, "status") in _STOPPED else {"status": "unknown"}
    if resource.kind in ("Observation", "DiagnosticReport"):
        changed |= {key: None for key in _RESULTS if key in data}
    return changed
