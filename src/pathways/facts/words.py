"""Facts in words: what a value says, for a reason on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..content import Content
from ..content import models as m
from ..language import Range, Value
from .named import Facts


def label_of(content: Content, fact: str) -> str:
    """The label of a fact for people."""
    if fact in content.facts:
        return content.facts[fact].label
    if fact in content.answers:
        return content.answers[fact].short or content.answers[fact].label
    for prefix, table, words in (
        ("has_", content.condition_groups, ""),
        ("takes_", content.medicine_classes, "takes: "),
        ("proposed_", content.medicine_classes, "proposed: "),
    ):
        if fact.startswith(prefix):
            return words + table[fact.removeprefix(prefix)].label.lower()
    return fact


def unit_of(content: Content, fact: str) -> str:
    """The unit of a number fact, or an empty text."""
    record = content.facts.get(fact) or content.answers.get(fact)
    return record.unit if record else ""


def say_value(content: Content, fact: str, value: Value) -> str:
    """A value in words: yes, no, not known, a number with its unit, a range, the options still possible."""
    if value is None or value == content.unknown[fact]:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Range):
        unit = unit_of(content, fact)
        text = f"{value.lo:g}" if value.lo == value.hi else f"{value.lo:g} to {value.hi:g}"
        return f"{text} {unit}".strip()
    answer = content.answers.get(fact)
    return " or ".join(answer.choices[v] if answer else v for v in sorted(value))


def reasons(content: Content, facts: Facts, names: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """Facts as reasons: name, words, and the profile paths that they come from."""
    said, told = facts.said, []
    for name in names:
        if name in content.silent:
            continue
        if name not in said:
            said[name] = {
                "fact": name,
                "says": f"{label_of(content, name)}: {say_value(content, name, facts.values.get(name))}",
                "origin": list(facts.origin.get(name, ())),
            }
        told.append(said[name])
    return tuple(told)


def asked(content: Content, ask: str) -> m.Named | None:
    """The record that an askable input stands for: an answer, an instrument, a fact, or an entry of a list
    ("medicines.opioid")."""
    which, _, id = ask.partition(".")
    listed: Mapping[str, Mapping[str, Any]] = {
        "medicines": content.medicine_classes,
        "conditions": content.condition_groups,
        "observations": content.measures,
    }
    tables = (content.answers, content.instruments, content.facts)
    found = next((table[ask] for table in tables if ask in table), listed.get(which, {}).get(id))
    return content.medicines.get(id) if found is None and which == "medicines" else found


def ask_label(content: Content, ask: str) -> str:
    """An askable input as a question's label."""
    record = asked(content, ask)
    if isinstance(record, m.MedicineClass) and record.asked_as:
        return record.asked_as
    return getattr(record, "title" if isinstance(record, m.Instrument) else "label", ask)


def ask_minutes(content: Content, ask: str) -> float:
    """Minutes that it takes to answer an askable input."""
    return getattr(asked(content, ask), "minutes", 1.0)
