"""`held_to_rules`: what closes a treatment for one person, what is a caution, and what is not known of either.

Its own rules, and those of the medicines that it brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..content import Content, once_per_content
from ..content import models as m
from ..facts import Facts
from ..facts.verdicts import Verdict, judge
from ..language.person import Test
from .brought import inherited
from .directives import Directive

Checked = m.Closer | m.Caution | m.MedicineCaution
Closing = m.Closer | m.MedicineCaution | Directive
Cautioning = m.Caution | m.MedicineCaution | Directive


@dataclass
class Held:
    """What is true (``closed``, ``cautions``) and what is not known: to check before the start, after it, or only to be
    listed. ``grounds`` are the verdicts on what closes it, ``cleared`` those on what does not."""

    closed: list[m.Closer | m.MedicineCaution] = field(default_factory=list)
    cautions: list[m.Caution | m.MedicineCaution] = field(default_factory=list)
    check: list[Checked] = field(default_factory=list)
    then_check: list[Checked] = field(default_factory=list)
    not_checked: list[Checked] = field(default_factory=list)
    grounds: list[Verdict] = field(default_factory=list)
    cleared: list[Verdict] = field(default_factory=list)


def held_to_rules(t: m.Treatment, in_place: bool | None, facts: Facts, content: Content) -> Held:
    """The rules of a treatment on one person; those against a start say nothing of what is known to be in use."""
    held, values, rules = Held(), facts.values, _rules(content)[t.id]
    for rule in rules.closers:
        if in_place and rule.start_only:
            continue
        true = rule.test(values)
        if true:
            held.closed.append(rule.record)
            held.grounds.append(judge(rule.record.when, facts, content))
        elif true is None:
            if unknown := on_unknown(rule.record, facts, content):
                then = held.then_check if unknown == "start_then_check" else held.not_checked
                (held.check if unknown == "check_first" else then).append(rule.record)
        elif facts.assumes:
            held.cleared.append(judge(rule.record.when, facts, content))
    for caution in rules.cautions:
        if in_place and caution.start_only:
            continue
        true = caution.test(values)
        if true:
            held.cautions.append(caution.record)
        elif true is None and (unknown := on_unknown(caution.record, facts, content)):
            (held.check if unknown == "check_first" else held.not_checked).append(caution.record)
    return held


def on_unknown(record: Checked, facts: Facts, content: Content) -> m.OnUnknown | None:
    """What not knowing means for this person; None where it is nothing to ask of anybody but those whom it may concern."""
    when = record.checked_when if isinstance(record, m.MedicineCaution) else None
    return record.unknown if when is None or content.test(when)(facts.values) else None


class _Closes(NamedTuple):
    record: m.Closer | m.MedicineCaution
    test: Test
    start_only: bool


class _Cautions(NamedTuple):
    record: m.Caution | m.MedicineCaution
    test: Test
    start_only: bool


class _Rules(NamedTuple):
    closers: tuple[_Closes, ...]
    cautions: tuple[_Cautions, ...]


@once_per_content
def _rules(content: Content) -> Mapping[str, _Rules]:
    """The rules of each treatment with their tests: its own before those of its medicines."""
    return {
        t.id: _Rules(tuple(_closers(t, content)), tuple(_cautions(t, content))) for t in content.treatments.values()
    }


def _closers(t: m.Treatment, content: Content) -> Iterator[_Closes]:
    inherits = [c for c in inherited(t, content) if c.strength == "stop"]
    records: list[m.Closer | m.MedicineCaution] = [*t.contraindications, *inherits]
    for record in records:
        yield _Closes(record, content.test(record.when), record.start_only)


def _cautions(t: m.Treatment, content: Content) -> Iterator[_Cautions]:
    for caution in t.precautions:
        yield _Cautions(caution, content.test(caution.when), caution.start_only)
    for inherits in (c for c in inherited(t, content) if c.strength != "stop"):
        yield _Cautions(inherits, content.test(inherits.when), inherits.start_only)
