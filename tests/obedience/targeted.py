"""People made so that a record of the content speaks: its condition is true, and what it speaks of is listed or offered.

`people(deletion, content, n)` reads the record itself, so a record that known.toml has never heard of gets its people
too. What is entered is an answer, a condition, a measured value, a date or a medicine: what a record asks of a fact is
followed down to those. A record whose condition cannot be made true from entries gets nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice, product
from random import Random
from typing import Any

from pathways.content import Content
from pathways.facts import derive
from pathways.language import Range, Value
from pathways.language.cells import cells_by_fact
from pathways.language.nodes import facts_of
from pathways.profile import Profile
from tests.review.drug_table import members, shapes_of

from .case_file import AS_OF, USUAL, Entries, Json

PAINS = ("back_axial", "osteoarthritis", "fibromyalgia", "neuropathy_diabetic", "back_radicular", "migraine", "other")
SETTINGS = ("outpatient", "outpatient", "emergency_department", "inpatient")
TRIES, DEEP = 3000, 6
# How each side of a pair, and what a caution or a demand is about, is there in turn; "" is offered only, or not there.
PAIRS = (("current", "current"), ("proposed", "current"), ("current", "proposed"), ("", "current"))
STATES = ("current", "proposed", "")
# A value that a number computed from others takes where it is entered itself, and the item that gives a level.
COMPUTED = {"egfr": "egfr", "kidney_clearance": "egfr", "child_pugh": "child_pugh", "body_mass": "bmi"}


class Made(Entries):
    """A person in whom the condition of a record is made true."""

    def __init__(self, random: Random, content: Content) -> None:
        super().__init__(random)
        self.content = content
        self.answers = {
            "age_years": random.randint(30, 60),
            "sex": random.choice(("female", "male")),
            "setting": random.choice(SETTINGS),
            "main_pain": random.choice(PAINS),
            "pain_months": random.choice((1, 20, 60)),
            "oud_status": random.choice(("none", "none", "active", "remission")),
        }
        if random.random() < 0.6:
            self.rate_pain(5)

    def _measured(self, measure: str, **more: Any) -> None:
        self.observations[measure] = {"measure": measure, "date": str(AS_OF), **more}

    def dated(self, measure: str, days: int) -> None:
        """Something that happened `days` ago, or lies ahead (below 0)."""
        self.observations[measure] = {"measure": measure, "date": str(AS_OF - timedelta(days=days))}

    def lists(self, name: str, state: str) -> bool:
        """List a medicine of a class, or an ingredient; whether there is one."""
        members = _entries(self.content, name)
        listed = {i for entry in self.medicines for i in entry["ingredients"]}
        fresh = {i: shapes for i, shapes in members.items() if i not in listed} or members
        if not fresh:
            return False
        shapes = fresh[self.random.choice(sorted(fresh))]
        shape = shapes[0] if self.random.random() < 0.6 else self.random.choice(shapes)
        entry = {**shape, "state": state}
        if amount := USUAL.get(entry["ingredients"][0]):
            one, times = amount
            entry |= {"dose": {entry["ingredients"][0]: one}, "per_day_min": times, "per_day_max": times}
        self.medicines.append(entry)
        return True

    # ---- facts ------------------------------------------------------------------------------------------------

    def so(self, text: str | None, deep: int = 0, wanted: bool = True) -> None:
        """Enter what makes a condition true (or false)."""
        if text and deep < DEEP:
            for name, value in self._asked(text, wanted).items():
                self._fact(name, value, deep)

    def _asked(self, text: str, wanted: bool) -> Mapping[str, Value]:
        """Few facts, at random, that make a condition so."""
        node, test = self.content.node(text), self.content.test(text)
        unknown: dict[str, Value] = dict.fromkeys(self.content.schema)
        cells = cells_by_fact(self.content.schema, node)
        names = sorted(facts_of(node))
        self.random.shuffle(names)
        choices = [self.random.sample(cells[name], len(cells[name])) for name in names]
        for values in islice(product(*choices), TRIES):
            found = {name: cell.value for name, cell in zip(names, values, strict=True)}
            if test({**unknown, **found}) is wanted:
                for name in names:  # what is not needed stays unknown
                    less = {key: value for key, value in found.items() if key != name}
                    if test({**unknown, **less}) is wanted:
                        found = less
                return found
        return {}

    def _fact(self, name: str, value: Value, deep: int) -> None:
        table, _, id = name.partition("_")
        if name in self.content.answers:
            self._answer(name, value)
        elif name in self.content.facts:
            self._declared(name, value, deep)
        elif value is True and table == "has":
            self.conditions[id] = {"id": id}
        elif value is True and table in ("takes", "proposed"):
            self.lists(id, "current" if table == "takes" else "proposed")

    def _answer(self, id: str, value: Value) -> None:
        self.answers[id] = self._plain(value)
        if id in ("pregnant", "breastfeeding", "weeks_pregnant") and value is not False:
            self.answers |= {"sex": "female", "age_years": self.random.randint(20, 40)}
            if id == "weeks_pregnant":
                self.answers["pregnant"] = True

    def _plain(self, value: Value) -> Any:
        if isinstance(value, frozenset):
            return self.random.choice(sorted(value))
        if isinstance(value, Range):
            return int(value.lo) if float(value.lo).is_integer() else value.lo
        return value

    def _declared(self, name: str, value: Value, deep: int) -> None:
        fact = self.content.facts[name]
        plain = self._plain(value)
        if fact.kind == "definition":
            self.so(fact.when, deep + 1, value is True)
        elif name in COMPUTED or fact.kind == "latest":
            self._measured(COMPUTED.get(name) or str(fact.measure), value=plain)
        elif fact.instrument and value is not False:
            score = fact.least if value is True else plain
            if fact.function == "suicide_risk_level":
                self._measured("cssrs", items={"intent": 1, "plan": 1})
            elif fact.item:
                self._measured(fact.instrument, items={fact.item: int(score or 1)})
            else:
                self._measured(fact.instrument, value=int(score or 1))
        elif fact.kind == "within" and value is True:
            if fact.medicine:
                self.lists(fact.medicine, "current")
            else:
                self.dated(str(fact.measure), min(self.random.randint(0, fact.days or 1), 400))
        elif fact.kind in ("days_since", "days_until") and fact.measure:
            ahead = fact.kind == "days_until"
            self.dated(fact.measure, -plain if ahead else plain)
            if fact.measure == "surgery":
                self.answers["surgery_planned"] = ahead
        elif fact.function == "mme_upper":
            self.medicines.append(
                {
                    "name": "oxycodone",
                    "ingredients": ["oxycodone"],
                    "purpose": "pain",
                    "route": "oral",
                    "state": "current",
                }
                | {"dose": {"oxycodone": max(plain, 2) / 3}, "per_day_min": 2, "per_day_max": 2}
            )

    def done(self) -> Json:
        """The case file."""
        return self.file("yes")


def _entries(content: Content, name: str) -> dict[str, list[Json]]:
    """For each ingredient of a class (or this one) the ways to list it, the plainest first."""
    found: dict[str, list[Json]] = {}
    for ingredient, shapes in shapes_of(content).items():
        label = content.medicines[ingredient].label
        ways = [
            {"name": label, "ingredients": [ingredient], **shape}
            for shape, classes in shapes
            if name == ingredient or name in classes
        ]
        if ways:
            found[ingredient] = [w for w in ways if w["route"] == ways[0]["route"] or w["purpose"] == "oud"][:4]
    return found


def people(deletion: Any, content: Content, n: int) -> Iterator[Json]:
    """Up to `n` people in whom the record of a deletion speaks, each of another seed."""
    made = 0
    for number in range(4 * n):
        if made == n:
            return
        random = Random(f"{deletion.name}.{number}")
        draft = Made(random, content)
        texts = _make(draft, deletion, content, number)
        person = draft.done()
        try:
            profile = Profile.from_dict(person, content)
        except ValueError:
            continue
        facts = derive(profile, content=content)
        if all(content.test(text)(facts.values) is True for text in texts):
            made += 1
            yield person


def _make(draft: Made, deletion: Any, content: Content, number: int) -> list[str]:
    """Make a record speak in a draft; the conditions that have to be true."""
    record = content.tables[deletion.table][deletion.id]
    state = STATES[number % len(STATES)]
    sides: list[tuple[tuple[str, ...], str]]
    if deletion.table == "interaction":
        said = [record.when]
        first, second = PAIRS[number % len(PAIRS)]
        sides = [(record.a, first if record.b else first or "current"), (record.b, second)]
    elif deletion.table == "medicine_caution":
        said = [record.when]
        sides = [(record.of, state)]
    else:
        demanded = record.demands[deletion.place]
        speaks = record.triggers[number % len(record.triggers)] if deletion.table == "emergency" else record
        said = [speaks.when, demanded.when]
        sides = [(demanded.speaks_against, state)]
    texts = [text for text in said if text]
    for text in texts:
        draft.so(text)
    for names, state in sides:
        if names:
            _put(draft, draft.random.choice(names).removeprefix("in_use:"), state, content)
    for text in texts:  # what one undid of another
        facts = derive(Profile.from_dict(draft.done(), content), content=content)
        if content.test(text)(facts.values) is not True:
            draft.so(text)
    return texts


def _put(draft: Made, name: str, state: str, content: Content) -> None:
    """List a medicine, or make the treatments that hold it, or this one, fit."""
    if state and draft.lists(name, state):
        return
    held = {i for entry in members((name,), content) for i in entry["ingredients"]}
    fitting = [t for t in content.treatments.values() if t.id == name or held & set(t.medicines)]
    if fitting:
        treatment = draft.random.choice(fitting)
        if treatment.indications:
            draft.so(draft.random.choice(treatment.indications).when)
