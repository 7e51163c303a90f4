"""The rule atlas: every condition with who says so and its cases; search; and what an edited copy of one would change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..content import Content, ContentError, once_per_content
from ..content import models as m
from ..content.loader import cites_of
from ..content.plain import picked
from ..content.rules import Rule, cases_of
from ..facts.words import label_of
from ..language import ConditionError, facts_of
from ..language.nearest import did_you_mean
from .case import Case, review
from .check import case_problem
from .explain import differences


@dataclass(frozen=True)
class Entry:
    """One rule of the atlas: where it stands, what it decides, its condition, who says so, its worked cases, and the
    disagreements that bear on its record. ``key`` is ``table/record/rule``."""

    key: str
    table: str
    id: str
    rule: str
    title: str
    decides: str
    when: str
    source: tuple[m.Cite, ...]
    cases: tuple[m.Case, ...]
    disagreements: tuple[m.Disagreement, ...]
    file: str

    @property
    def confidence(self) -> m.Confidence | None:
        return m.lowest(self.source) if self.source else None


@once_per_content
def entries(content: Content) -> tuple[Entry, ...]:
    """Every rule of the content, in its order."""
    return tuple(_entry(content, rule) for rule in content.rules())


def search(content: Content, words: str, tables: Iterable[str] = ()) -> tuple[Entry, ...]:
    """The rules in which every word occurs somewhere: title, what it decides, condition, facts in words, sources."""
    wanted, only = words.lower().split(), frozenset(tables)
    return tuple(
        entry
        for entry in entries(content)
        if (not only or entry.table in only) and all(word in _texts(content)[entry.key] for word in wanted)
    )


def find(content: Content, id: str, rule: str | None = None) -> Entry:
    """A rule by its key, or by its record and name (left out: the record's first). Raises ContentError with the nearest."""
    here = [e for e in entries(content) if id in (e.key, e.id)]
    found = next((e for e in here if rule in (None, e.rule)), None)
    if found:
        return found
    if here:
        raise ContentError([f"{id}: no rule '{rule}' here; there are {', '.join(e.rule for e in here)}"])
    raise ContentError([f"no record '{id}' with a condition.{did_you_mean(id, (e.id for e in entries(content)))}"])


# ---- entries --------------------------------------------------------------------------------------------------


def _entry(content: Content, rule: Rule) -> Entry:
    record = content.tables[rule.table][rule.id]
    part = _part(record, rule.name)
    own = tuple(cites_of(part)) if part is not None else ()
    source = own or tuple(getattr(record, "source", ())) or tuple(cites_of(record))
    about = (
        {rule.id, *getattr(record, "treatments", ())} if rule.table in ("treatment", "recommendation") else {rule.id}
    )
    differ = tuple(d for d in content.disagreements.values() if about & {d.id, *d.treatments})
    title = str(getattr(record, "title", "") or getattr(record, "label", rule.id))
    key = f"{rule.table}/{rule.id}/{rule.name}"
    return Entry(
        key,
        rule.table,
        rule.id,
        rule.name,
        title,
        _decides(content, rule, record, part),
        rule.text,
        tuple(dict.fromkeys(source)),
        rule.cases,
        differ,
        content.files[rule.table, rule.id],
    )


def _part(record: m.Record, name: str) -> m.Record | None:
    """The part of a record that a rule belongs to: its trigger, indication, contraindication, precaution, step or need part."""
    for field, prefix in (("triggers", "trigger_"), ("indications", "indication_"), ("addresses", "addresses_")):
        if name.startswith(prefix) and hasattr(record, field):
            part: m.Record = getattr(record, field)[int(name.removeprefix(prefix)) - 1]
            return part
    for field in ("contraindications", "precautions"):
        check: m.Check | None = next((c for c in getattr(record, field, ()) if c.id == name), None)
        if check is not None:
            return check
    if name.startswith("action_") and isinstance(record, m.Emergency):
        return record.actions[int(name.removeprefix("action_").partition(".")[0]) - 1]
    if name.startswith("demand_") and isinstance(record, (m.Recommendation, m.Emergency)):
        return record.demands[int(name.removeprefix("demand_")) - 1]
    if isinstance(record, m.Recommendation) and name.startswith("orders."):
        return record.orders
    if isinstance(record, m.Pathway) and "." in name:
        return next(step for step in record.steps if step.id == name.rpartition(".")[0])
    if isinstance(record, m.Need) and "." in name:
        return next(p for p in record.parts if p.id == name.partition(".")[2])
    return None


def _decides(content: Content, rule: Rule, record: m.Record, part: m.Record | None) -> str:
    match part:
        case m.Trigger(level=level, label=label):
            return f"{level.replace('_', ' ')}: {label}"
        case m.Indication(fit=fit, note=note):
            return f"{fit}: {note}"
        case m.Closer(label=label):
            return f"contraindicated: {label}"
        case m.Caution(label=label):
            return f"precaution: {label}"
        case m.Addresses(need=need, part=what):
            return f"answers {content.needs[need].title}: {what}"
        case m.OrderWindow(says=says):
            return f"{'met' if rule.name.endswith('.done') else 'applies'} over orders: {says}"
        case m.Step(title=title):
            return f"step {'in place' if rule.name.endswith('.done') else 'concerns the person'}: {title}"
        case m.Part(label=label):
            return f"{'met' if rule.name.startswith('met.') else 'counts'}: {label}"
    words = {"when": "applies", "done": "met", "raised": "raised", "entry": "entered", "definition": "true"}
    action = getattr(record, "action", "")
    start = words.get(rule.name, rule.name.replace("_", " "))
    return f"{start}: {action}" if action and rule.name == "when" else start


@once_per_content
def _texts(content: Content) -> Mapping[str, str]:
    """What a search looks through, by the key of the rule."""
    return {entry.key: _text(content, entry) for entry in entries(content)}


def _text(content: Content, entry: Entry) -> str:
    facts = [label_of(content, name) for name in sorted(facts_of(content.node(entry.when)))]
    sources = [f"{c.id} {c.at} {content.sources[c.id].title} {c.confidence}" for c in entry.source]
    parts = (entry.key, entry.title, entry.decides, entry.when, entry.file, *facts, *sources)
    return " ".join(parts).lower()


# ---- an edited copy --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseChange:
    """One case that changes: its title, and each status that differs, before and after."""

    title: str
    changed: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class WhatChanges:
    """What an edited copy of a rule changes: cases, and the worked cases beside the rule that no longer hold."""

    entry: Entry
    when: str
    cases: tuple[CaseChange, ...]
    unchanged: tuple[str, ...]
    broken: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON data."""
        what = {"rule": self.entry.key, "before": self.entry.when, "after": self.when}
        return {**what, **picked(self, "cases", "unchanged", "broken")}


def what_changes(
    content: Content, id: str, when: str, cases: Iterable[Case], *, rule: str | None = None
) -> WhatChanges:
    """Hold reviewed cases to a copy of the content in which one condition reads ``when``. The content stays as it is.

    ``id`` is a record's id or a rule's key; ``rule`` names the rule in a record that has several. Raises ContentError
    with one message that says what is wrong and how to mend it.
    """
    entry = find(content, id, rule)
    edited = with_condition(content, entry, when)
    changes, same = [], []
    for n, case in enumerate(cases, 1):
        title = case.profile.title or f"case {n}"
        if changed := tuple(differences(case, review(case.profile, content=edited, lens=case.lens))):
            changes.append(CaseChange(title, changed))
        else:
            same.append(title)
    return WhatChanges(entry, when, tuple(changes), tuple(same), tuple(_broken(edited, entry)))


def with_condition(content: Content, entry: Entry, when: str) -> Content:
    """A copy of the content in which one condition reads otherwise. Raises ContentError for a text that is no condition."""
    text = " ".join(when.split())
    try:
        node = content.node(text) if text else None
    except ConditionError as error:
        raise ContentError([f"{entry.id}, {entry.rule}: {' '.join(str(error).split())}"]) from None
    if node is None:
        raise ContentError([f"{entry.id}, {entry.rule}: write a condition, for example: {entry.when}"])
    record = _rewritten(content.tables[entry.table][entry.id], entry.rule, text)
    digest = hashlib.sha256(f"{content.hash}\0{entry.key}\0{text}".encode()).hexdigest()
    tables = {**content.tables, entry.table: {**content.tables[entry.table], entry.id: record}}
    # What conditions were compiled into depends on their text and the facts alone, and no rule changes those.
    edited = replace(content, tables=tables, hash=digest)
    assert edited.definitions is not None  # a definition that now rests on itself is told here
    return edited


def _rewritten(record: Any, name: str, text: str) -> Any:
    """The record with one condition replaced."""
    part = _part(record, name)
    if name.startswith("rules_out."):
        return record.model_copy(update={"rules_out": {**record.rules_out, name.partition(".")[2]: text}})
    if part is None:
        own = name in type(record).model_fields
        field = "when" if name == "definition" else name if own else f"{name}_when"
        return record.model_copy(update={field: text})
    field = next((word for word in ("done", "unless") if name.endswith(f".{word}")), "when")
    of_part = {"met": "met_when", "short": "short_when"}
    change = {of_part.get(name.partition(".")[0], field): text}
    if isinstance(part, m.OrderWindow):
        return record.model_copy(update={"orders": part.model_copy(update=change)})
    lists = (
        "triggers",
        "indications",
        "contraindications",
        "precautions",
        "addresses",
        "parts",
        "steps",
        "demands",
        "actions",
    )
    for field in lists:
        parts = getattr(record, field, ())
        if any(one is part for one in parts):
            new = tuple(one.model_copy(update=change) if one is part else one for one in parts)
            return record.model_copy(update={field: new})
    raise AssertionError(name)


def _broken(edited: Content, entry: Entry) -> Iterator[str]:
    """The worked cases beside the edited record that no longer hold, each with what it gives."""
    record = edited.tables[entry.table][entry.id]
    for n, case in enumerate(cases_of(record), 1):
        if problem := case_problem(edited, entry.table, record, case):
            yield f"case {n}: {problem}"
