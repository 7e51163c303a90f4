"""What the checker knows (known.toml), and which of it is true of one person. Standard library only.

Nothing of the kit is imported, and no fact that the kit computes is read: a row is true by what was entered in the
`profile` of a review, and by what the row says of it. A state that cannot be told is not true.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
KNOWN = Path(__file__).with_name("known.toml")
# Ingredients whose use must be named before they count as a medicine for pain.
PURPOSE_NEEDED = {"methadone", "buprenorphine", "naltrexone", "duloxetine"}
MILLIGRAMS = {"mg": 1.0, "mcg": 0.001}
YEAR = 365


def plain(name: str) -> str:
    """An ingredient as known.toml writes it: 'methylene_blue' and 'methylene blue' are one."""
    return name.replace("_", " ").strip().casefold()


@dataclass(frozen=True)
class Row:
    """One thing known: its id, its kind and its fields."""

    id: str
    kind: str
    given: Json

    def __getattr__(self, name: str) -> Any:
        return self.given.get(name)

    def names(self, field_name: str) -> tuple[str, ...]:
        """A field that lists names; empty where the row has none."""
        return tuple(self.given.get(field_name, ()))


@dataclass(frozen=True)
class Subject:
    """A medicine or treatment that a row may speak of: one entry of the list, or one option of a review."""

    label: str
    ingredients: frozenset[str]
    purpose: str | None = None
    route: str | None = None
    release: str | None = None
    state: str = "current"
    at: int | None = None
    entry: Json = field(default_factory=dict, compare=False, hash=False)

    def serves(self, purpose: str | None, ingredient: str) -> bool:
        """Whether it is used for `purpose`: any, 'pain' or 'oud'."""
        if purpose is None:
            return True
        if purpose == "oud":
            return self.purpose == "oud"
        if ingredient in PURPOSE_NEEDED:
            return self.purpose == "pain"
        return self.purpose != "oud"


class Knowledge:
    """The rows, with class names spread to ingredients."""

    def __init__(self, given: Json) -> None:
        self.ingredients = {plain(k): tuple(map(plain, v)) for k, v in given["ingredients"].items()}
        self.targets: Json = given["targets"]
        self.treatments = frozenset(map(plain, given["treatments"]["no_medicine"]))
        self.means = {name: re.compile(text, re.IGNORECASE) for name, text in given["means"].items()}
        self.watching = frozenset(given["watching"]["means"])
        self.states: Json = given["states"]
        self.mme: Mapping[str, float] = given["mme"]
        self.words = {plain(k): v for k, v in given["words"].items()}
        self._spread: dict[tuple[str, ...], frozenset[str]] = {}
        self._sides: dict[tuple[str, str], frozenset[str]] = {}
        self.rows = tuple(Row(row["id"], g["kind"], row) for g in given["group"] for row in g["rows"])

    def spread(self, names: tuple[str, ...]) -> frozenset[str]:
        """The ingredients that the names stand for."""
        if names not in self._spread:
            self._spread[names] = self._spread_now(names)
        return self._spread[names]

    def _spread_now(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(i for name in names for i in self.ingredients.get(plain(name), (plain(name),)))

    def of_kind(self, *kinds: str) -> Iterator[Row]:
        """The rows of the kinds, in their order."""
        return (row for row in self.rows if row.kind in kinds)

    def side(self, row: Row, side: str = "of") -> frozenset[str]:
        """The ingredients of a side of a row."""
        key = (row.id, side)
        if key not in self._sides:
            self._sides[key] = self.spread(row.names(side))
        return self._sides[key]

    def says(self, subject: Subject, row: Row, side: str = "of") -> bool:
        """Whether a side of a row ('of', 'a', 'b', 'also') speaks of the subject.

        An option of several ingredients is spoken of when each of them is.
        """
        wanted = self.side(row, side)
        if wanted.isdisjoint(subject.ingredients):
            return False
        purpose = row.given.get("for" if side == "of" else f"{side}_for")
        route = row.given.get("route" if side == "of" else f"{side}_route")
        if route and subject.route != route:
            return False
        if row.misused and subject.entry.get("as_prescribed") is not False:
            return False
        if row.release and subject.release != row.release:
            return False
        if not route and subject.route == "topical" and not any("topical" in i for i in subject.ingredients):
            return False
        meant = {i for i in subject.ingredients & wanted if subject.serves(purpose, i)}
        return bool(meant) and (subject.at is not None or meant == subject.ingredients)


class Listed:
    """Subjects in their order, found by their ingredients: most rows speak of few of them."""

    def __init__(self, known: Knowledge, subjects: Iterable[Subject]) -> None:
        self.known = known
        self.subjects = tuple(subjects)
        self._at: dict[str, list[int]] = {}
        for number, subject in enumerate(self.subjects):
            for ingredient in subject.ingredients:
                self._at.setdefault(ingredient, []).append(number)

    def of(self, row: Row, side: str = "of") -> list[Subject]:
        """Those of whom a side of a row speaks."""
        numbers = sorted({n for ingredient in self.known.side(row, side) for n in self._at.get(ingredient, ())})
        return [self.subjects[n] for n in numbers if self.known.says(self.subjects[n], row, side)]


def load(path: Path = KNOWN) -> Knowledge:
    """The rows of a file."""
    return Knowledge(tomllib.loads(path.read_text(encoding="utf-8")))


def day(text: object, *, last: bool = False) -> date | None:
    """A date; of a month or a year its first day, or its last."""
    parts = str(text or "").split("-")
    try:
        numbers = [int(part) for part in parts if part]
    except ValueError:
        return None
    if not numbers:
        return None
    year, month, number = (*numbers, *(None, None))[:3]
    if not last:
        return date(year, month or 1, number or 1)
    if number:
        return date(year, month or 12, number)
    following = date(year + (1 if month in (None, 12) else 0), 1 if month in (None, 12) else month + 1, 1)
    return following - timedelta(days=1)


class Person:
    """What was entered of one person, asked in the words of known.toml."""

    def __init__(self, profile: Json, known: Knowledge) -> None:
        self.known = known
        self.as_of = day(profile.get("as_of")) or date.max
        self.answers: Json = profile.get("answers", {})
        self.conditions: list[Json] = list(profile.get("conditions", ()))
        self.medicines: list[Json] = list(profile.get("medicines", ()))
        self.observations: list[Json] = list(profile.get("observations", ()))
        self.whole: Json = profile.get("complete", {})
        self._states: dict[str, bool] = {}

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """Each medicine of the list that is in use or proposed."""
        return tuple(
            self._subject(at, entry)
            for at, entry in enumerate(self.medicines)
            if entry.get("state") in ("current", "proposed")
        )

    def _subject(self, at: int, entry: Json) -> Subject:
        names = frozenset(map(plain, entry.get("ingredients") or entry.get("dose") or ()))
        purpose = entry.get("purpose")
        if purpose is None and (entry.get("source") == "otp" or entry.get("setting") == "otp"):
            purpose = "oud"
        label = entry.get("name") or " + ".join(sorted(names)) or str(entry.get("class", ""))
        return Subject(label, names, purpose, entry.get("route"), entry.get("release"), entry["state"], at, entry)

    @property
    def in_use(self) -> tuple[Subject, ...]:
        """The medicines in use."""
        return tuple(s for s in self.subjects if s.state == "current")

    def state(self, name: str) -> bool:
        """Whether a named state is true."""
        if name not in self._states:
            self._states[name] = self.holds(self.known.states[name])
        return self._states[name]

    def all_of(self, names: Iterable[str]) -> bool:
        """Whether each named state is true."""
        return all(self.state(name) for name in names)

    def holds(self, e: Json) -> bool:
        """Whether an expression of [states] is true."""
        if "all" in e:
            return all(self.holds(part) for part in e["all"])
        if "any" in e:
            return any(self.holds(part) for part in e["any"])
        if "not" in e:
            return not self.holds(e["not"])
        kind = next(k for k in CHECKS if k in e)
        return bool(getattr(self, f"_{kind}")(e))

    def _state(self, e: Json) -> bool:
        return self.state(e["state"])

    def _condition(self, e: Json) -> bool:
        ended = () if e.get("past") else ("resolved", "inactive")
        return any(
            c.get("id") in e["condition"]
            and c.get("status") not in ended
            and c.get("certainty") not in ("refuted", "suspected")
            for c in self.conditions
        )

    def _named(self, e: Json) -> bool:
        return any(re.search(e["named"], c.get("name", ""), re.IGNORECASE) for c in self.conditions)

    def _answer(self, e: Json) -> bool:
        return _fits(self.answers.get(e["answer"]), e)

    def _measure(self, e: Json) -> bool:
        return _fits(self.latest(e["measure"], e.get("within", YEAR)), e)

    def _clearance(self, e: Json) -> bool:
        return _fits(self.clearance, e)

    def _score(self, e: Json) -> bool:
        found = self._observed(e["score"], e.get("within", YEAR))
        if not found:
            return False
        value = found.get("value")
        return _fits(sum(found.get("items", {}).values()) if value is None else value, e)

    def _item(self, e: Json) -> bool:
        measure, item = e["item"].split(".")
        found = self._observed(measure, YEAR)
        return bool(found) and _fits(found.get("items", {}).get(item), e)

    def _event(self, e: Json) -> bool:
        return self.days_to(e) is not None

    def _takes(self, e: Json) -> bool:
        wanted = self.known.spread(tuple(e["takes"]))
        return any(s.serves(e.get("for"), i) for s in self.in_use for i in s.ingredients & wanted)

    def _complete(self, e: Json) -> bool:
        return bool(self.whole.get(e["complete"]) == "yes")

    def _mme_at_least(self, e: Json) -> bool:
        return self.mme >= e["mme_at_least"]

    def _observed(self, measure: str, within: int) -> Json | None:
        found = [
            (when, o)
            for o in self.observations
            if o.get("measure") == measure
            and (when := day(o.get("date"))) is not None
            and 0 <= (self.as_of - when).days <= within
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def latest(self, measure: str, within: int = YEAR) -> Any:
        """The latest value that is not older than `within` days."""
        return (self._observed(measure, within) or {}).get("value")

    @cached_property
    def clearance(self) -> float | None:
        """Creatinine clearance in mL/min by Cockcroft and Gault where weight and creatinine are known, else the eGFR."""
        weight = self.answers.get("weight_kg") or self.latest("weight_kg") or self.latest("weight")
        creatinine = self.latest("creatinine") or self.latest("creatinine_mg_dl")
        age, sex = self.answers.get("age_years"), self.answers.get("sex")
        if weight and creatinine and isinstance(age, (int, float)) and sex in ("female", "male"):
            return float((140 - age) * weight / (72 * creatinine) * (0.85 if sex == "female" else 1.0))
        value = self.latest("egfr")
        return None if value is None else float(value)

    def days_to(self, e: Json) -> int | None:
        """Days from today to the nearest fitting event: above 0 ahead, below 0 past; None if there is none."""
        lo, hi = e.get("ahead") or [-x for x in reversed(e["ago"])]
        days = [
            (when - self.as_of).days
            for o in self.observations
            if o.get("measure") == e["event"] and str(o.get("date", "")).count("-") == 2 and (when := day(o["date"]))
        ]
        return min((d for d in days if lo <= d <= hi), default=None)

    @cached_property
    def mme(self) -> float:
        """Daily MME of what is in use for pain, at the most that may be taken."""
        total = 0.0
        for s in self.in_use:
            for name, amount in s.entry.get("dose", {}).items():
                unit, times = s.entry.get("unit", "mg"), s.entry.get("per_day_max")
                factor = self.known.mme.get(plain(name))
                if factor is None or s.purpose == "oud" or (unit == "mcg/h") != (plain(name) == "fentanyl"):
                    continue
                if unit == "mcg/h":
                    total += amount * factor
                elif times:
                    total += amount * MILLIGRAMS[unit] * times * factor
        return total

    def daily(self, row: Row) -> tuple[float, float, list[Subject]]:
        """What is taken a day of a dose limit's ingredient, at the least and the most, and by which entries.

        Milligrams; of a patch its strength in mcg/h.
        """
        least = most = 0.0
        taken: list[Subject] = []
        for s in self.in_use:
            if not self.known.says(s, row):
                continue
            unit = s.entry.get("unit", "mg")
            if (row.unit == "mcg/h") != (unit == "mcg/h"):
                continue
            for name, amount in s.entry.get("dose", {}).items():
                if plain(name) not in self.known.spread(row.names("of")):
                    continue
                lo, hi = s.entry.get("per_day_min"), s.entry.get("per_day_max")
                if unit == "mcg/h":
                    lo = hi = 1
                if hi is None:
                    continue
                least += amount * MILLIGRAMS.get(unit, 1.0) * (lo or 0)
                most += amount * MILLIGRAMS.get(unit, 1.0) * hi
                taken.append(s)
        return least, most, taken

    def pairs(self, row: Row, every: Listed) -> Iterator[tuple[Subject, Subject]]:
        """Pairs of a row: (the one on side a, the one on side b), of what is in use or proposed and the newcomers."""
        if row.also and not any(self.known.says(s, row, "also") for s in self.in_use):
            return
        spoken_of = self.known.spread(row.names("a")) | self.known.spread(row.names("b"))
        if not any(s.ingredients & spoken_of for s in self.subjects):
            return
        sides = (every.of(row, side) for side in ("a", "b"))
        same = row.given["a"] == row.given["b"]
        for a, b in product(*sides):
            if a is b or (a.at is None and b.at is None) or (a.at is not None and a.at == b.at):
                continue
            if a.ingredients & b.ingredients & self.known.spread((*row.names("a"), *row.names("b"))):
                continue
            if same and a.at is not None and b.at is not None and a.at > b.at:
                continue
            yield a, b

    def true_of(self, row: Row) -> bool:
        """Whether what is entered makes the row true: the state holds and, where it names a medicine, that is listed."""
        if row.kind == "pair":
            treatments = [Subject(name, frozenset({name})) for name in self.known.spread(row.names("a"))]
            offered = [t for t in treatments if t.ingredients <= self.known.treatments]
            every = Listed(self.known, (*self.subjects, *offered))
            return next(self.pairs(row, every), None) is not None
        if not self.all_of(row.names("when")):
            return False
        if row.kind == "dose_limit":
            return bool(self.over(row))
        listed = any(self.known.says(s, row) for s in self.subjects)
        treatment = not row.of or self.known.spread(row.names("of")) & self.known.treatments
        return listed or bool(treatment)

    def over(self, row: Row) -> list[tuple[Subject, bool]]:
        """The entries in use above a limit, each with whether even the least that is taken is above it."""
        if not self.all_of(row.names("when")):
            return []
        if row.days:
            return [
                (s, True)
                for s in self.in_use
                if self.known.says(s, row)
                and (start := day(s.entry.get("start"), last=True)) is not None
                and (self.as_of - start).days > row.days
            ]
        least, most, taken = self.daily(row)
        return [(s, least > row.most) for s in taken] if most > row.most else []


CHECKS = (
    "state",
    "condition",
    "named",
    "answer",
    "measure",
    "clearance",
    "score",
    "item",
    "event",
    "takes",
    "complete",
    "mme_at_least",
)


def _fits(value: Any, e: Json) -> bool:
    """Whether a value surely is what an expression asks; of a range (lo, hi) both ends must be."""
    if isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(v, (int, float)) for v in value):
        return all(_fits(v, e) for v in value)
    if value is None:
        return False
    if "is" in e:
        return value == e["is"] and isinstance(value, bool) == isinstance(e["is"], bool)
    if "in" in e:
        return value in e["in"]
    if isinstance(value, (bool, str)):
        return False
    tests = {"at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt}
    return all(test(value, e[name]) for name, test in tests.items() if name in e)
