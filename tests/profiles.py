"""Random valid profiles, from the vocabularies of the content: the same generator for hypothesis and for the fuzzer.

Everything is drawn by a `Pick`: `RandomPick` draws from a seeded `random.Random` (fast), `profiles()` from hypothesis
(which shrinks). Nothing here knows a clinical rule; new questions, medicines and measures in the content are drawn too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from pathways.content import Content, load_content
from pathways.content import models as m
from pathways.profile import Profile

T = TypeVar("T")
Json = dict[str, Any]

WORDS = (
    "herbal tea", "the white tablet", "oxycodone 5 mg", "methadone liquid", "Ibuprofén 400", "<b>bold</b>", "{{ 7*7 }}",
    "'; DROP TABLE case; --", "[red]text[/red]", "a\tb", "naïve – “quoted” ‰ 你好", "\\n \" '", "1e999", "null", "# no",
)  # fmt: skip  # data, read across
ROUTES = (
    "oral", "sublingual", "buccal", "transdermal", "topical", "nasal", "intramuscular", "subcutaneous", "intravenous",
    "rectal", "inhaled", "epidural", "implant", "other",
)  # fmt: skip  # data, read across

STATUSES = ("covered", "prior_authorization", "not_covered", "unknown")


class Pick(Protocol):
    """Where draws come from."""

    def integer(self, lo: int, hi: int) -> int:
        """A whole number, both ends included."""

    def text(self) -> str:
        """A short free text, of any letters."""


class RandomPick:
    """Draws from a seeded generator."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def integer(self, lo: int, hi: int) -> int:
        return self.random.randint(lo, hi)

    def text(self) -> str:
        return self.random.choice(WORDS)


class _HypothesisPick:
    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def integer(self, lo: int, hi: int) -> int:
        return int(self.draw(st.integers(lo, hi)))

    def text(self) -> str:
        return str(self.draw(st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(WORDS)))


@st.composite
def profiles(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Profile:
    """Valid profiles of every shape that the packaged content allows."""
    return Profile.from_dict(_Maker(_HypothesisPick(draw), load_content()).profile())


def random_data(random: Random, content: Content) -> Json:
    """The plain data of one random valid profile; the same seed gives the same data."""
    return _Maker(RandomPick(random), content).profile()


class _Maker:
    """One profile in the making. How full it is differs from one to the next, from nearly blank to nearly whole."""

    def __init__(self, pick: Pick, content: Content) -> None:
        self.pick = pick
        self.content = content
        self.as_of = date(2020, 1, 1) + timedelta(pick.integer(0, 2900))
        self.fullness = (3, 15, 40, 85)[pick.integer(0, 3)]

    # -- draws ---------------------------------------------------------------------------------------------

    def chance(self, percent: int) -> bool:
        return self.pick.integer(0, 99) >= 100 - percent  # 0, towards which hypothesis shrinks, leaves it out

    def one(self, items: Sequence[T]) -> T:
        return items[self.pick.integer(0, len(items) - 1)]

    def some(self, items: Sequence[T], least: int, most: int) -> list[T]:
        """Different items, in the order given."""
        left = list(range(len(items)))
        chosen = [
            left.pop(self.pick.integer(0, len(left) - 1)) for _ in range(min(self.number(least, most), len(left)))
        ]
        return [items[n] for n in sorted(chosen)]

    def number(self, least: int, most: int) -> int:
        return self.pick.integer(least, most)

    def decimal(self, lo: float, hi: float, decimals: int) -> float:
        """A number of that many decimals within the range; often one of the ends, where thresholds break."""
        step = 10**decimals
        least, most = -int(-lo * step // 1), int(hi * step // 1)
        at = {1: least, 2: most}.get(self.number(1, 20), self.number(least, most))
        return at / step if decimals else at

    def when(self) -> str:
        """A day around the day of the case, or only its month or year; now and then in the future."""
        day = (
            self.as_of + timedelta(days=self.number(-120, 10) if self.chance(75) else self.number(-900, 400))
        ).isoformat()
        return {1: day[:7], 2: day[:4]}.get(self.number(1, 10), day)

    def put(self, data: Json, percent: int, key: str, make: Callable[[], Any]) -> None:
        if self.chance(percent):
            data[key] = make()

    # -- parts ---------------------------------------------------------------------------------------------

    def profile(self) -> Json:
        content = self.content
        data: Json = {
            "answers": {a.id: self.answer(a) for a in content.answers.values() if self.chance(self.fullness)},
            "conditions": [self.condition() for _ in range(self.number(0, 4))],
            "medicines": [self.medicine() for _ in range(self.number(0, 6))],
            "observations": [self.observation() for _ in range(self.number(0, 9))],
            "complete": {
                which: self.one(("no", "yes", "assumed")) for which in ("conditions", "medicines", "observations")
            },
        }
        self.put(data, 92, "as_of", self.as_of.isoformat)
        self.put(data, 40, "title", self.pick.text)
        self.put(data, 20, "notes", self.pick.text)
        asked = {
            "conditions": list(content.condition_groups), "medicines": list(content.medicine_classes),
            "observations": [*content.measures, *content.instruments],
        }  # fmt: skip  # data, read across
        self.put(data, 50, "asked_none", lambda: {k: self.some(v, 0, 5) for k, v in asked.items()})
        self.put(data, 10, "assumed", lambda: self.some(list(data["answers"]), 0, 2))
        self.put(data, 10, "cannot_answer", lambda: self.some([*content.answers, *content.instruments], 0, 3))
        self.put(data, 5, "teaches", lambda: {"says": self.pick.text(), "musts": [{"path": "core", "value": [1, "a"]}]})
        self.put(data, 20, "coverage", self.coverage)
        return data

    def coverage(self) -> list[Json]:
        entries: list[Json] = []
        for service in self.some([*self.content.services, "methadone_otp"], 1, 4):
            entry: Json = {"service": service}
            self.put(entry, 80, "status", lambda: self.one(STATUSES))
            self.put(entry, 40, "deductible", lambda: self.decimal(0, 5000, 2))
            self.put(entry, 40, "copay", lambda: self.decimal(0, 300, 2))
            self.put(entry, 40, "days", lambda: self.number(0, 90))
            self.put(entry, 20, "note", lambda: "asked 2026-10-30; in network")
            entries.append(entry)
        return entries

    def answer(self, answer: m.Answer) -> Any:
        choices = list(answer.choices)
        match answer.type:
            case "yes_no":
                return self.chance(50)
            case "number":
                lo, hi = answer.lo or 0, answer.hi or 0
                ends = [self.decimal(lo, hi, answer.decimals) for _ in range(2 if self.chance(10) else 1)]
                return sorted(ends) if len(ends) == 2 else ends[0]
            case "choice":
                return self.some(choices, 2, 3) if len(choices) > 1 and self.chance(8) else self.one(choices)
            case "many":
                return self.some(choices, 1, answer.most or len(choices))
            case _:
                return self.pick.text()

    def condition(self) -> Json:
        content = self.content
        data: Json = {}
        if self.chance(12):
            data["name"] = self.pick.text() or "?"
            groups = ("*", *content.condition_groups)
            self.put(data, 30, "none_of", lambda: self.some(groups, 1, 3))
        else:
            data["id"] = self.one([*content.conditions, *content.condition_groups])
        self.put(data, 30, "status", lambda: self.one(("active", "remission", "resolved", "inactive")))
        self.put(data, 30, "certainty", lambda: self.one(("confirmed", "coded", "suspected", "refuted")))
        self.put(data, 30, "since", self.when)
        self.put(data, 10, "until", self.when)
        return data

    def medicine(self) -> Json:
        content = self.content
        data: Json = {"state": self.one(("current", "current", "current", "proposed", "stopped"))}
        kind = self.number(1, 20)
        if kind == 1:
            data["name"] = self.pick.text() or "?"
            self.put(data, 30, "none_of", lambda: self.some(("*", *content.medicine_classes), 1, 3))
        elif kind == 2:
            data["class"] = self.one(list(content.medicine_classes))
        else:
            self.ingredients(data)
        self.put(data, 70, "route", lambda: self.one(ROUTES[: 4 if self.chance(80) else len(ROUTES)]))
        self.put(data, 25, "release", lambda: self.one(("ir", "er")))
        self.put(data, 70, "purpose", lambda: self.one(("pain", "oud", "other")))
        self.put(data, 70, "per_day_max", lambda: self.decimal(0, 8, 1 if self.chance(10) else 0))
        self.put(data, 60, "per_day_min", lambda: self.decimal(0, data.get("per_day_max", 8), 0))
        for key, make in (
            ("as_needed", lambda: self.chance(50)), ("as_prescribed", lambda: self.chance(50)), ("written", self.when),
            ("start", self.when), ("stop", self.when), ("supply_days", lambda: self.decimal(0, 90, 0)),
            ("prescriber", self.pick.text), ("setting", lambda: self.one(("community", "inpatient", "otp"))),
            ("source", lambda: self.one(("person", "pdmp", "otp", "chart", "nonprescribed"))),
        ):  # fmt: skip  # data, read across
            self.put(data, 20, key, make)
        return data

    def ingredients(self, data: Json) -> None:
        """One or two ingredients with their doses. Drawn by class, so that what many rules speak of comes often."""
        content = self.content
        members = [sorted(content.class_members(c)) for c in content.medicine_classes if content.class_members(c)]
        names = list(dict.fromkeys(self.one(self.one(members)) for _ in range(1 if self.chance(88) else 2)))
        self.put(data, 92, "ingredients", lambda: names)
        if "ingredients" not in data or self.chance(80):
            data["dose"] = {
                name: self.decimal(0, (40, 400, 4000)[self.number(0, 2)], self.number(0, 2)) for name in names
            }
        self.put(data, 12, "unit", lambda: self.one(("mg", "mcg", "mcg/h")))
        self.put(data, 15, "name", self.pick.text)

    def observation(self) -> Json:
        content = self.content
        data: Json = {}
        kind = self.number(1, 20)
        if kind == 1:
            data |= {"measure": "unrecognized", "value": self.one((self.pick.text(), 7.5))}
        elif kind <= 10 and content.instruments:
            self.instrument(data, self.one(list(content.instruments.values())))
        else:
            self.measure(data, self.one(list(content.measures.values())))
        self.put(data, 92, "date", self.when)
        self.put(data, 10, "source", self.pick.text)
        self.put(data, 10, "note", self.pick.text)
        return data

    def instrument(self, data: Json, instrument: m.Instrument) -> None:
        data["measure"] = instrument.id
        if instrument.items and self.chance(80):
            share = self.one((100, 100, 60, 20))
            data["items"] = {i.id: self.one(i.values) for i in instrument.items if self.chance(share)}
        if not data.get("items") or self.chance(5):
            data["value"] = self.decimal(instrument.lo, instrument.hi, instrument.decimals)

    def measure(self, data: Json, measure: m.Measure) -> None:
        data["measure"] = measure.id
        if measure.type == "choice":
            self.put(data, 95, "value", lambda: self.one(list(measure.choices)))
        elif measure.type == "number":
            lo, hi = measure.lo or 0, measure.hi or 0
            self.put(data, 95, "value", lambda: self.decimal(lo, hi, measure.decimals))
