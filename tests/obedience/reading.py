"""A review as the checker reads it: who is meant by an option, what stands together, and what was said of each medicine.

Standard library only; nothing of the kit is imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .knowledge import Json, Knowledge, Person, Row, Subject, plain

BARE = ("Keep", "Offer", "Consider")
STANDING = (*BARE, "Check first", "Keep with", "Check")
PHASES = ("now", "today", "this_week", "weeks_1_4", "months_2_3", "maintain")
CURRENT = ("verify", "change", "check", "keep_with", "keep")
PROPOSED = ("start", "start_with", "not_this", "cannot_tell")
ABRUPT = re.compile(r"^stop$|abrupt|at once|immediate|stop (it )?(now|today)$", re.IGNORECASE)
COVERED = re.compile(r"never|not |no |without|with cover|taper|slow|lower", re.IGNORECASE)
TURNS_AWAY = re.compile(
    r"instead|change|no longer|not safe|not for you|look at (this|it) again|switch"
    r"|do not (use|start|keep) (it|this|them|these)|do not take (it|this|them|these|the next dose)(?! with)"
    r"|(lower|stop) (it|this|these|the dose|dose)"
    r"|a lower dose|we will (lower|stop)|plan to (stop|lower)|stop taking|(talk to|call) us before|on hold|another medicine"
    r"|may not be safe|ask us today, before",
    re.IGNORECASE,
)
KINDS = (
    "no_verdict",
    "unjudged",
    "unfit_verdict",
    "no_how",
    "no_instead",
    "mitigation_missing",
    "unnamed",
    "not_closed",
    "untold",
    "option_bare",
    "item_bare",
    "stop_stands",
    "pair_stands",
    "handout_keeps",
    "sheet_keeps",
    "emergency_missing",
    "not_called",
    "late",
    "not_held",
    "moud_closed",
    "moud_changed",
    "abrupt",
    "forbidden_words",
    "not_done_without_reason",
)


@dataclass(frozen=True)
class Violation:
    """One thing not obeyed: its kind (one of KINDS), the row that speaks, what it is about, where, and in words."""

    kind: str
    row: str
    about: str
    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.kind} [{self.row}] {self.about} ({self.where}): {self.says}"


@dataclass(frozen=True)
class Group:
    """Items that stand together: a plan, or one way of a fork with the core."""

    where: str
    items: tuple[Json, ...]

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether an item that is not held back is what the pattern looks for."""
        words = (w for i in self.items if i.get("verb") not in ("Do not start", "After this") for w in words_of(i))
        return any(pattern.search(w) for w in words)

    def comes(self, pattern: re.Pattern[str]) -> bool:
        """Whether an emergency puts off what the pattern looks for, which is not for today anyway: it stands, after that."""
        put_off = (i for i in self.items if i.get("verb") == "After this" and i.get("phase") != "today")
        return any(pattern.search(w) for i in put_off for w in words_of(i))


def words_of(item: Json) -> tuple[str, ...]:
    return tuple(str(item.get(key) or "") for key in ("id", "title", "short"))


def listed(value: Any) -> list[str]:
    """A field that holds a text or texts, or records with an id, as texts."""
    values = value if isinstance(value, (list, tuple)) else [] if value in (None, "") else [value]
    return [" ".join(words_of(v)) if isinstance(v, Mapping) else str(v) for v in values]


class Reading:
    """One review, read: the person, the options, the plans, and the verdicts on the medicines."""

    def __init__(self, review: Json, handout: str, sheet: str, known: Knowledge) -> None:
        self.review, self.handout, self.sheet, self.known = review, handout, sheet, known
        self.person = Person(review["profile"], known)
        self.options = {o["id"]: o for o in review.get("options", ())}
        self.verdicts = self._verdicts()
        self.rows = [row for row in known.rows if self._stated(row)]

    def _stated(self, row: Row) -> bool:
        return row.kind == "pair" or self.person.all_of(row.names("when"))

    def _verdicts(self) -> dict[int, Json]:
        """The verdict on each medicine by its place in the list."""
        found: dict[int, Json] = {}
        labels = {s.label: s.at for s in reversed(self.person.subjects) if s.at is not None}
        for place, given in enumerate(self.review.get("medicines") or ()):
            entry = given.get("entry")
            at = entry if isinstance(entry, int) else labels.get(str(entry), place)
            if given.get("verdict"):
                found[at] = given
        return found

    def verdict_of(self, s: Subject) -> Json:
        """The verdict on a medicine of the list; empty where there is none."""
        return self.verdicts.get(s.at, {}) if s.at is not None else {}

    @cached_property
    def plans(self) -> tuple[Group, ...]:
        """The whole plans."""
        plans = enumerate(self.review.get("plans", ()))
        return tuple(Group(f"plan {n + 1}", (*p["items"], *p.get("beside", ()))) for n, p in plans)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All that stands together: plans, the core, and each way of each fork on top of the core."""
        core = (*self.review.get("core", ()), *self.review.get("beside", ()))
        ways = (
            Group(f"fork {f['id']}", (*core, *(self._option_item(i) for i in way["items"]), *way.get("beside", ())))
            for f in self.review.get("forks", ())
            for way in f["alternatives"]
        )
        return (*self.plans, *([Group("core", core)] if core and not self.plans else []), *ways)

    def _option_item(self, item: Any) -> Json:
        if isinstance(item, Mapping):
            return item
        return self.options.get(item, {"id": item, "title": item, "verb": "Offer"})

    # ---- who is meant ---------------------------------------------------------------------------------------

    def option_subjects(self, id: str) -> tuple[Subject, ...]:
        """What an option stands for: medicines in use of its kind, else the newcomer."""
        target = self.known.targets.get(id)
        if target is None:
            return ()
        wanted = self.known.spread(tuple(target.get("is") or target["in_use"]))
        used = tuple(
            s
            for s in self.person.in_use
            if s.ingredients & wanted
            and s.route != "topical"
            and s.entry.get("source") != "nonprescribed"
            and all(s.serves(target.get("for"), i) for i in s.ingredients & wanted)
            and (target.get("route") is None or s.route == target["route"])
        )
        if used or "in_use" in target:
            return used
        return (Subject(id, wanted, target.get("for"), target.get("route"), None, "newcomer"),)

    @cached_property
    def newcomers(self) -> dict[str, Subject]:
        """The options that are no medicine in use, by id."""
        found = ((id, s) for id in self.options for s in self.option_subjects(id))
        return {id: s for id, s in found if s.state == "newcomer"}

    @cached_property
    def options_of(self) -> dict[str | int, list[str]]:
        """The options that stand for a medicine in use, by its place, and for a newcomer, by the option's id."""
        found: dict[str | int, list[str]] = {id: [id] for id in self.newcomers}
        for id in self.options:
            for s in self.option_subjects(id) if id not in self.newcomers else ():
                found.setdefault(s.at if s.at is not None else s.label, []).append(id)
        return found

    def spares(self, s: Subject, item: Json) -> bool:
        """Whether an option, or an item of a plan, leaves out a medicine of its kind that has to change: it says by name
        which it goes on with, and that is another one."""
        keeps = frozenset(map(plain, item.get("keeps") or ()))
        words = " ".join(words_of(item)[1:]).casefold()
        in_use = frozenset(i for o in self.person.in_use for i in o.ingredients)
        named = bool(keeps) and keeps <= in_use and all(name in words for name in keeps)
        return named and not keeps & s.ingredients and self.verdict_of(s).get("verdict") == "change"

    def used_of(self, id: str) -> tuple[Subject, ...]:
        """The medicines in use that an option stands for."""
        return tuple(s for s in self.option_subjects(id) if s.at is not None)

    def protected(self, s: Subject) -> bool:
        return s.purpose == "oud" and bool(s.ingredients & {"methadone", "buprenorphine"})

    def stands(self, s: Subject) -> bool:
        """Whether a newcomer stands in a plan, or is on the list as proposed."""
        return s.state == "proposed" or s.label in self.standing

    @cached_property
    def standing(self) -> frozenset[str]:
        return frozenset(i["id"] for g in self.groups for i in g.items if i.get("verb") in STANDING)

    def goes(self, s: Subject) -> bool:
        return self.verdict_of(s).get("verdict") in ("change", "verify", "not_this")

    def stops_today(self, s: Subject) -> bool:
        """Whether a medicine in use is stopped at once, not slowly and not by another day."""
        given = self.verdict_of(s)
        return given.get("verdict") == "change" and given.get("by") == "today" and given.get("how") == "stop"
