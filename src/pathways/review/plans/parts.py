"""What plans are made of: an item, a plan, and all plans that no other plan beats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...content import models as m
from ...language.words import counted, soft
from ..directives import Directive
from ..findings import RaisedNeed
from ..meetings import Meeting
from ..options import STAYS, Option
from .cautions import PlanCaution


def only_timed_anew(option: Option) -> bool:
    """Whether all that changes of what is in use is when the next dose is due."""
    changes = [w.how for w in option.weighed if w.verdict == "change"]
    return bool(changes) and all(how == "plan_dose" for how in changes)


@dataclass(frozen=True)
class Item:
    """One item of a plan. ``instead`` are interchangeable options ("duloxetine or nortriptyline"); ``called`` is what
    calls for it in every plan."""

    option: Option
    verb: str
    instead: tuple[str, ...] = ()
    called: Directive | None = None

    def __repr__(self) -> str:
        return f"Item({self.id!r}, {self.verb!r})"

    @property
    def id(self) -> str:
        return self.option.id

    @property
    def checks(self) -> tuple[str, ...]:
        """What to check before it starts, in words: what makes it "Check first" is always among it."""
        first = self.option.avoided if self.verb == "Check first" else ()
        return (*first, *(check.label for check in self.option.check_first))

    @property
    def check_words(self) -> str:
        """The first of its checks: asked, where it is not known; told, where it is known and is to be seen to first. Empty for
        any other item than one to "Check first"."""
        if self.verb != "Check first" or not self.checks:
            return ""
        first = self.checks[0]
        return soft(first) if self.option.avoided else f"{soft(first).rstrip('.?')}?"

    @property
    def stays(self) -> bool:
        """Whether it is in use and goes on: what is only to be verified does, unless something true closes it; and what is
        only timed anew (an injection around an operation)."""
        if self.verb == "Change" and only_timed_anew(self.option):
            return True
        return self.verb in STAYS and not (self.verb == "Verify" and self.option.safety == "contraindicated")

    @property
    def phase(self) -> m.Phase:
        """When it is done: by when it is called for, or a medicine has to change; else the phase of its record."""
        if self.called:
            return min(self.called.by, self.option.record.phase, key=m.PHASES.index)
        changes = [w.by for w in self.option.weighed if w.by] if self.verb in ("Change", "Verify") else []
        if self.verb == "Keep with":  # what it goes on with today is no matter of weeks
            changes += [
                d.by for w in self.option.weighed for d in w.grounds if d.makes == "keep_with" and d.by == "today"
            ]
        return min(changes, key=m.PHASES.index, default=self.option.record.phase)


@dataclass(frozen=True)
class Plan:
    """A set of items, what it does for each need, and what it costs. ``axes``: required and other gaps,
    cautions, burden."""

    items: tuple[Item, ...]
    needs: Mapping[str, str]
    cautions: tuple[PlanCaution, ...]
    burden: int
    axes: tuple[int, int, int, int]
    decisions: Mapping[str, str]
    pairs: tuple[tuple[str, str, m.Interaction], ...]
    timing: tuple[tuple[str, Meeting], ...]
    gives_up: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Plan({counted(len(self.items), 'item')}, axes={self.axes})"

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(item.id for item in self.items)


@dataclass(frozen=True)
class NotDone:
    """What a record calls for and not every plan holds, with the reason: the only accepted "why not"."""

    target: str
    called: Directive
    reason: str


@dataclass(frozen=True)
class Frontier:
    """All plans on the frontier, grouped by the choices that belong to the person, and what was kept out and why.
    ``declined``: the decisions of which the person wants no way for now."""

    plans: tuple[Plan, ...]
    needs: tuple[RaisedNeed, ...]
    excluded: tuple[tuple[str, str, m.Interaction], ...]
    fixed: tuple[Item, ...] = ()
    considered: int = 0
    lacking: tuple[str, ...] = ()
    open_decisions: tuple[m.Decision, ...] = field(default=())
    not_done: tuple[NotDone, ...] = ()
    declined: frozenset[str] = frozenset()

    @property
    def single_sided(self) -> str:
        """What plans leave open on the pain side or the OUD side, and why, in one line."""
        return "; ".join(self.lacking)

    def __repr__(self) -> str:
        return f"Frontier({counted(len(self.plans), 'plan')} of {self.considered} considered)"
