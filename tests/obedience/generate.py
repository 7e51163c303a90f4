"""Random people in the shape of a case file, dense in what known.toml knows: each is built from a few of its rows.

`profile(random, known, vocabulary)` makes some rows true on purpose (medicines, conditions, values, dates), adds noise
and contradictions, and leaves the lists complete or not. Nothing of the kit is imported: its vocabulary is read as TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from .case_file import AS_OF, USUAL, Entries
from .knowledge import Json, Knowledge, Row, plain

DATA = Path(__file__).resolve().parents[2] / "src" / "pathways" / "content" / "data"
SMALL = 20  # up to here a measure has decimals
ROUTES = {"naloxone": "nasal", "fentanyl": "transdermal", "methylene blue": "intravenous", "ketamine": "intravenous"}
PAINS = ("back_axial", "back_radicular", "osteoarthritis", "fibromyalgia", "neuropathy_diabetic", "migraine", "other")


class Vocabulary:
    """The ids that a case file may use: medicines, conditions, questions with their type, measures and instruments."""

    def __init__(self, given: Json) -> None:
        self.medicines: frozenset[str] = frozenset(given["medicines"])
        self.groups: frozenset[str] = frozenset(given["groups"])
        self.conditions: tuple[str, ...] = (*given["conditions"], *sorted(self.groups))
        self.answers: Mapping[str, Json] = given["answers"]
        self.measures: Mapping[str, tuple[float, float]] = given["measures"]

    @classmethod
    def read(cls, folder: Path = DATA) -> Vocabulary:
        """From the TOML of a content folder."""
        found: dict[str, Any] = {"medicines": [], "conditions": [], "groups": [], "answers": {}, "measures": {}}
        for path in sorted(folder.rglob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            found["medicines"] += [m["id"] for m in data.get("medicine", ())]
            found["conditions"] += [c["id"] for c in data.get("condition", ())]
            found["groups"] += [c["id"] for c in data.get("condition_group", ())]
            for name in ("measure", "instrument"):
                found["measures"].update({m["id"]: (m.get("lo", 0), m.get("hi", 1000)) for m in data.get(name, ())})
            asked = data.values() if path.parent.name == "answers" else [data.get("answer", ())]
            found["answers"].update({a["id"]: a for rows in asked for a in rows if "type" in a})
        return cls(found)


class Draft(Entries):
    """A person in whom rows of known.toml are made true."""

    def __init__(self, random: Random, known: Knowledge, vocabulary: Vocabulary) -> None:
        super().__init__(random)
        self.known, self.vocabulary = known, vocabulary
        self.shunned: set[str] = set()
        self.whole = random.random() < 0.7

    # ---- rows -----------------------------------------------------------------------------------------------

    def make(self, row: Row) -> None:
        """Make a row true, as far as what stands already and the vocabulary allow."""
        for name in (*row.names("beside"), *row.names("when")):
            self.satisfy(self.known.states[name])
        if row.kind == "pair":
            newcomer = self.random.random() < 0.2
            first = self.take(row.names("a"), row.a_for, state="proposed" if newcomer else "current")
            self.take(row.names("b"), row.b_for, but=first)
            if row.also:
                self.take(row.names("also"))
        elif row.kind == "dose_limit":
            self._too_much(row)
        elif row.of and not self.known.spread(row.names("of")) & self.known.treatments:
            chance = 1 if row.new else 0.25 if row.kind == "caution" else 0
            state = "proposed" if self.random.random() < chance else "current"
            entry = self.take(row.names("of"), row.given.get("for"), route=row.route, state=state)
            if entry and row.misused:
                entry["as_prescribed"] = False

    def _too_much(self, row: Row) -> None:
        entry = self.take(row.names("of"), row.given.get("for"), route=row.route, fresh=True)
        if entry is None:
            return
        if row.release:
            entry["release"] = row.release
        if row.days:
            entry["start"] = str(AS_OF - timedelta(days=row.days + self.random.randint(1, 60)))
            return
        amount = row.most * self.random.choice((1.1, 1.25, 1.5, 2))
        name = entry["ingredients"][0]
        if row.unit == "mcg/h":
            entry |= {"dose": {name: amount}, "unit": "mcg/h", "name": f"{name} patch {amount:g} mcg/h"}
            entry.pop("per_day_min", None)
            entry.pop("per_day_max", None)
            return
        sure = self.random.random() < 0.7
        entry |= {"dose": {name: round(amount / 2, 3)}, "per_day_min": 2 if sure else 1, "per_day_max": 2}
        entry["name"] = f"{name.replace('_', ' ')} {amount / 2:g} mg twice a day"

    # ---- states ---------------------------------------------------------------------------------------------

    def satisfy(self, e: Json) -> None:
        """Make a state true."""
        if "all" in e:
            for part in e["all"]:
                self.satisfy(part)
        elif "any" in e:
            self.satisfy(self.random.choice([part for part in e["any"] if self._possible(part)] or e["any"]))
        elif "not" in e:
            self._shun(e["not"])
        elif "state" in e:
            self.satisfy(self.known.states[e["state"]])
        elif "answer" in e:
            self._answer(e)
        elif "condition" in e:
            known = [id for id in e["condition"] if id in self.vocabulary.conditions]
            if known:
                self.condition(self.random.choice(known))
        elif "takes" in e:
            self.take(tuple(e["takes"]), e.get("for"))
        elif "complete" in e:
            self.whole = True
        elif "mme_at_least" in e:
            self.take(("oxycodone", "morphine"), "pain", fresh=True, amount=(e["mme_at_least"], 2))
        else:
            self._observe(e)

    def _possible(self, e: Json) -> bool:
        if "named" in e:  # free words are for the door to read, so nobody is made with them
            return False
        if "condition" in e:
            return any(id in self.vocabulary.conditions for id in e["condition"])
        if "measure" in e:
            return e["measure"] in self.vocabulary.measures
        return True

    def _shun(self, e: Json) -> None:
        if "takes" in e:
            names = self.known.spread(tuple(e["takes"]))
            self.shunned |= names
            self.medicines = [
                m for m in self.medicines if m["state"] != "current" or not names & set(map(plain, m["ingredients"]))
            ]
        elif "answer" in e:
            if isinstance(e.get("is"), bool):
                self.answers[e["answer"]] = not e["is"]
            else:
                self.answers.pop(e["answer"], None)
        elif "measure" in e or "clearance" in e:
            self.observations.pop(e.get("measure", "egfr"), None)
        elif "condition" in e:
            self.conditions = {id: c for id, c in self.conditions.items() if id not in e["condition"]}
        elif "state" in e:
            self._shun(self.known.states[e["state"]])
        elif "any" in e:
            for part in e["any"]:
                self._shun(part)
        elif "all" in e:  # one part that is not true will do: the last, for the first is often the kind of pain
            self._shun(e["all"][-1])

    def _answer(self, e: Json) -> None:
        id = e["answer"]
        if id not in self.vocabulary.answers:
            return
        if "is" in e or "in" in e:
            self.answers[id] = e["is"] if "is" in e else self.random.choice(e["in"])
        else:
            asked = self.vocabulary.answers[id]
            self.answers[id] = self._number(e, asked.get("lo", 0), min(asked.get("hi", 60), 90))
        if id in ("pregnant", "breastfeeding", "weeks_pregnant") and self.random.random() < 0.97:
            self.answers |= {"sex": "female", "age_years": self.random.randint(18, 42)}

    def _number(self, e: Json, least: float, most: float) -> int:
        lo = e.get("at_least", e["above"] + 1 if "above" in e else None)
        hi = e.get("at_most", e["below"] - 1 if "below" in e else None)
        lo = max(least, (hi or 0) - 20) if lo is None else lo
        hi = min(most, lo + 15) if hi is None else hi
        return self.random.randint(int(lo), max(int(lo), int(hi)))

    def _fraction(self, e: Json, least: float, most: float) -> float:
        lo = e.get("at_least", e.get("above", least))
        hi = e.get("at_most", e["below"] - 0.1 if "below" in e else most)
        return round(self.random.uniform(max(lo, least), min(hi, most)), 1)

    def _observe(self, e: Json) -> None:
        measure = "egfr" if "clearance" in e else e.get("measure") or e.get("score") or e.get("event")
        if "item" in e:
            measure, item = e["item"].split(".")
            self.observations[measure] = {"measure": measure, "items": {item: 1}, "date": str(AS_OF)}
            return
        if measure not in self.vocabulary.measures:
            return
        if "event" in e:
            lo, hi = e.get("ahead") or [-x for x in reversed(e["ago"])]
            when = AS_OF + timedelta(days=self.random.randint(max(lo, -400), min(hi, 90)))
            self.observations[measure] = {"measure": measure, "date": str(when)}
            if measure == "surgery":
                self.answers["surgery_planned"] = when >= AS_OF
            return
        value: Any = e.get("is") or (self.random.choice(e["in"]) if "in" in e else None)
        if value is None and measure == "potassium":
            value = self.random.choice((2.4, 2.8, 3.1, 3.4))
        elif value is None:
            lo, hi = self.vocabulary.measures[measure]
            if hi <= SMALL and isinstance(lo, float):  # a whole number may be outside what can be entered
                value = self._fraction(e, lo, hi)
            else:
                value = self._number(e, 6 if measure == "egfr" else lo, min(hi, 560 if measure == "qtc_ms" else 120))
        days = 0 if "within" in e and e["within"] < 7 else self.random.randint(0, 20)
        self.observations[measure] = {"measure": measure, "value": value, "date": str(AS_OF - timedelta(days=days))}

    # ---- entries --------------------------------------------------------------------------------------------

    def condition(self, id: str, name: str = "") -> None:
        """Add a condition."""
        entry = {"id": id} if id else {}
        self.conditions[id or name] = {**entry, **({"name": name} if name else {})}

    def take(
        self,
        names: tuple[str, ...],
        purpose: str | None = None,
        *,
        state: str = "current",
        route: str | None = None,
        but: dict[str, Any] | None = None,
        fresh: bool = False,
        amount: tuple[float, int] | None = None,
    ) -> dict[str, Any] | None:
        """Put one of the medicines on the list, unless one is there that will do; the entry, or None."""
        taken = set(map(plain, but["ingredients"])) if but else set()
        choice = sorted(
            i
            for i in self.known.spread(names) - taken - (self.shunned if state == "current" else set())
            if i.replace(" ", "_") in self.vocabulary.medicines
        )
        if not choice:
            return None
        for entry in self.medicines if not fresh else ():
            name = plain(entry["ingredients"][0])
            fits = (
                entry["state"] == state and purpose in (None, entry["purpose"]) and route in (None, entry.get("route"))
            )
            if fits and name in choice:
                return entry
        name = self.random.choice(choice)
        entry = self._entry(name, purpose, state, route, amount)
        self.medicines = [m for m in self.medicines if not (fresh and plain(m["ingredients"][0]) == name)]
        self.medicines.append(entry)
        return entry

    def _entry(
        self, name: str, purpose: str | None, state: str, route: str | None, amount: tuple[float, int] | None
    ) -> dict[str, Any]:
        id = name.replace(" ", "_")
        opioid = name in self.known.spread(("full opioid",)) or name == "buprenorphine"
        if purpose is None:
            purpose = "oud" if name == "buprenorphine" else "pain" if opioid or name in USUAL else "other"
            if name in ("methadone", "naltrexone"):
                purpose = self.random.choice(("oud", "oud", "pain"))
        if route is None:
            route = ROUTES.get(name, "topical" if name.endswith("topical") else "oral")
            if name == "buprenorphine":
                route = "sublingual" if purpose == "oud" else "buccal"
        entry: dict[str, Any] = {"name": name, "ingredients": [id], "route": route, "state": state, "purpose": purpose}
        if purpose == "oud" and name == "methadone":
            entry |= {"source": "otp", "setting": "otp", "dose": {id: self.random.choice((60, 80, 110))}}
            entry |= {"per_day_min": 1, "per_day_max": 1}
        elif route == "transdermal" and opioid:
            entry |= {"dose": {id: self.random.choice((25, 50, 75)) if name == "fentanyl" else 10}, "unit": "mcg/h"}
        elif amount or (name in USUAL and route == "oral"):
            one, times = amount or USUAL[name]
            entry |= {"dose": {id: one}, "per_day_min": times, "per_day_max": times}
            entry["name"] = f"{name} {one:g} mg {times} times a day"
        if name == "heroin":
            entry |= {"purpose": "other", "source": "nonprescribed", "route": "intravenous"}
        return entry

    def done(self) -> dict[str, Any]:
        """The case file."""
        return self.file("yes" if self.whole else "no")


def _noise(draft: Draft) -> None:
    """Answers that most people have, some that nobody asked for, and now and then a contradiction."""
    random, vocabulary = draft.random, draft.vocabulary
    draft.answers |= {
        "age_years": random.randint(19, 84),
        "sex": random.choice(("female", "male")),
        "setting": random.choice(("outpatient", "outpatient", "outpatient", "inpatient", "emergency_department")),
        "main_pain": random.choice(PAINS),
        "pain_months": random.randint(1, 200),
    }
    yes_no = sorted(id for id, a in vocabulary.answers.items() if a["type"] == "yes_no")
    for id in random.sample(yes_no, random.randint(5, 40)):
        draft.answers[id] = random.random() < 0.04
    for _ in range(random.choice((0, 0, 1, 2))):
        draft.condition(random.choice(vocabulary.conditions))
    draft.answers["oud_status"] = random.choice(("none", "none", "active", "remission"))
    if random.random() < 0.5:
        draft.rate_pain(2)


def _contradiction(draft: Draft) -> dict[str, Any]:
    """A 'none' over an entry that says otherwise, a man with a gestation, or nothing."""
    random = draft.random
    kind = random.random()
    if kind < 0.04:
        draft.answers |= {"sex": "male", "pregnant": True}
    elif kind < 0.12 and draft.conditions:
        groups = [id for id in draft.conditions if id in draft.vocabulary.groups]
        return {"conditions": groups[:1]} if groups else {}
    return {}


def profile(
    random: Random, known: Knowledge, vocabulary: Vocabulary, rows: Sequence[Row] | None = None
) -> dict[str, Any]:
    """One random person, in whom 6 to 10 rows of known.toml were made true, and in two of five also an emergency; or the
    rows named."""
    draft = Draft(random, known, vocabulary)
    _noise(draft)
    chosen = list(rows or ())
    if rows is None:
        calm = [row for row in known.rows if not (row.emergency or row.often)]
        chosen = random.sample(calm, random.randint(6, 10))
        if random.random() < 0.4:
            chosen += random.sample([row for row in known.rows if row.emergency], random.randint(1, 3))
    for row in sorted(chosen, key=lambda row: bool(row.last)):  # what others would undo is made last
        draft.make(row)
    asked_none = _contradiction(draft)
    made = draft.done()
    return {**made, "asked_none": asked_none} if asked_none else made
