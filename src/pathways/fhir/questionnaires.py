"""Questionnaires: totals and answers of the instruments that the kit knows, from observations and responses."""

from __future__ import annotations

import re
from typing import Any

from ..content import Content, once_per_content
from ..content import models as m
from ..profile import Observation
from . import codes, plain
from .bundle import Resource
from .happened import Answered, Happened, Seen, add
from .plain import Concept, Data, Days, concept, items, number, obj, text
from .report import Notebook
from .shapes import Remark, Remarks, Shape, repeated

_MEMO = 5000
_WEIGHTS = ("itemweight", "ordinalvalue")
"""Extensions of a coded answer that say which number it stands for."""


def instrument_score(seen: Seen, codeset: m.CodeSet, content: Content, notes: Notebook, made: Happened) -> bool:
    resource, day, sure = seen
    instrument = content.instruments[codeset.gives]
    data = resource.data
    totals = {total} if (total := given_in(data, codeset)) is not None else set()
    answers: dict[str, int] = {}
    for part in items(data, "component"):
        for s in codes.lookup(concept(part, "code"), content, ("item", "instrument")):
            given = given_in(part, s)
            if s.means == "item":
                _answer(answers, s.gives, given, instrument)
            elif s.gives == instrument.id and given is not None:
                totals.add(given)
    if len(totals) > 1:
        notes.add(
            "conflict", resource.name, resource.place, "value", f"{instrument.short}: two totals; neither is used"
        )
    value = totals.pop() if len(totals) == 1 else None
    entry = _entry(instrument, answers, value, resource, notes)
    _filled(resource, entry, day if sure else None, content, notes, made)
    return True


def given_in(data: Data, codeset: m.CodeSet) -> float | None:
    """The number that an answer stands for: as a number, by the code or words of a coded answer, or by the weight that
    came with it. None where it says nothing, or two different things."""
    votes: set[float] = set()
    for name in ("valueInteger", "valueDecimal", "valueString"):
        if (found := number(data, name)) is not None:
            votes.add(found)
    if (found := number(obj(data, "valueQuantity"), "value")) is not None:
        votes.add(found)
    coded_in = [name for name in ("valueCodeableConcept", "valueCoding") if data.get(name) is not None]
    if not coded_in and "valueString" not in data:
        return votes.pop() if len(votes) == 1 else None
    table = {key.casefold(): value for key, value in codeset.answers.items()}
    for name in coded_in:
        coded = concept(data, name)
        shown = text(obj(data, name), "display").casefold()
        votes |= {table[shown]} if shown in table else set()
        votes |= {table[c.code.casefold()] for c in coded.codes if c.code.casefold() in table}
        votes |= {table[words.casefold()] for words in coded.texts if words.casefold() in table}
        for inner in plain.walk(data.get(name)):
            if text(inner, "url").rsplit("/", 1)[-1].casefold() in _WEIGHTS:
                weight = number(inner, "valueDecimal")
                votes |= {weight} if weight is not None else set()
    said = text(data, "valueString").casefold()
    votes |= {table[said]} if said in table else set()
    return votes.pop() if len(votes) == 1 else None


def _answer(answers: dict[str, int], gives: str, given: float | None, instrument: m.Instrument) -> None:
    name, _, item = gives.partition(".")
    found = next((i for i in instrument.items if i.id == item), None)
    if name == instrument.id and found and given is not None and given == int(given) and int(given) in found.values:
        answers[item] = int(given)


def item_answer(seen: Seen, codeset: m.CodeSet, content: Content, notes: Notebook, made: Happened) -> bool:
    """One answer that came as an observation of its own. `gather_answers` puts those of one day together."""
    resource, day, sure = seen
    data = resource.data
    name, _, item = codeset.gives.partition(".")
    found: dict[str, int] = {}
    if instrument := content.instruments.get(name):
        _answer(found, codeset.gives, given_in(data, codeset), instrument)
    if not found:
        notes.add("not_understood", resource.name, resource.place, "value", f"{codeset.label}: no answer of this item")
        return True
    date = plain.written(day) if day is not None and sure else None
    made.answers.append(Answered(name, item, found[item], date, resource))
    notes.add("used", resource.name, resource.place, f"observations: {name}", codeset.label)
    return True


def gather_answers(content: Content, notes: Notebook, made: Happened) -> None:
    """Answers that came one by one, put beside the total of their day or made an observation of their own. All items that
    add up to the total take its place."""
    by_day: dict[tuple[str, str | None], dict[str, int]] = {}
    for one in made.answers:
        items_ = by_day.setdefault((one.instrument, one.date), {})
        if items_.get(one.item, one.value) != one.value:
            text_ = f"{one.instrument}: two answers on one day; the higher counts"
            notes.add("conflict", one.resource.data, one.resource.place, "value", text_)
        items_[one.item] = max(one.value, items_.get(one.item, one.value))
    for (name, date), answers in sorted(by_day.items(), key=lambda kv: (kv[0][0], kv[0][1] or "")):
        whole = len(content.instruments[name].items)
        same = [n for n, o in enumerate(made.observations) if o.measure == name and (o.date or None) == date]
        for n in same:
            merged = {**answers, **made.observations[n].items}
            value, kept = made.observations[n].value, len(merged) != whole
            if len(merged) == whole and value is not None and content.instruments[name].total == "sum":
                kept = value != sum(merged.values())  # two readings that disagree: both stay, and give no score
            change: dict[str, Any] = {"items": merged} | ({} if kept else {"value": None})
            made.observations[n] = made.observations[n].model_copy(update=change)
        if not same:
            entry: dict[str, Any] = {"measure": name, "items": answers} | ({"date": date} if date else {})
            made.observations.append(Observation.model_validate(entry, context={"content": content}))


def _entry(
    instrument: m.Instrument, answers: dict[str, int], value: float | None, resource: Resource, notes: Notebook
) -> dict[str, Any]:
    """What was answered as an entry of the observations; without items and value where neither can be used."""
    entry: dict[str, Any] = {"measure": instrument.id}
    if answers and not instrument.locked:
        entry["items"] = answers
    whole = len(answers) >= len(instrument.items) > 0
    # With all items the total follows from them. Where it does not, both are kept, and no score is read off them.
    agrees = instrument.total != "sum" or value == sum(answers.values())
    fits = value is not None and instrument.lo <= value <= instrument.hi and round(value, instrument.decimals) == value
    if value is not None and fits and not (whole and agrees):
        entry["value"] = float(value)  # beside the items that are known: one of them may be the item on self-harm
    if value is not None and whole and not agrees:
        said = f"{instrument.short}: its answers do not add up to the total of {value:g}; "
        said += "neither counts, ask again" if "value" in entry else "which no total can be, and is not used"
        notes.add("conflict", resource.name, resource.place, "value", said)
    return entry


def _filled(
    resource: Resource, entry: dict[str, Any], day: Days | None, content: Content, notes: Notebook, made: Happened
) -> None:
    instrument = content.instruments[entry["measure"]]
    if "items" not in entry and "value" not in entry:
        notes.add(
            "not_understood", resource.name, resource.place, "value", f"{instrument.short}: no score in its range"
        )
        return
    add(made, entry, day, resource, content)
    notes.add("used", resource.name, resource.place, f"observations: {instrument.id}", instrument.short)


def questionnaire(seen: Seen, shape: Shape, content: Content, notes: Notebook, made: Happened) -> None:
    """Answers of a QuestionnaireResponse: by link ids or definitions that end with the LOINC code of an item, else by the
    text of the question. Of one that is not finished, more may come and what is there may change: its answers stand
    without a day, which settles nothing, and its total is none."""
    resource = seen.resource
    day = seen.day if seen.sure else None
    entries, remarks = shape.once("answers", _entries, shape.like, seen.sure, content)
    repeated(remarks, resource, notes)
    for entry in entries:
        _filled(resource, dict(entry), day, content, notes, made)


def _entries(resource: Resource, sure: bool | None, content: Content) -> tuple[list[dict[str, Any]], list[Remark]]:
    """What was answered as entries of the observations, with what is told of it."""
    notes = Remarks()
    by_instrument: dict[str, dict[str, int]] = {}
    totals: dict[str, set[float]] = {}
    for part in plain.walk(resource.data.get("item")):
        for codeset in _asked(part, content):
            name = codeset.gives.partition(".")[0]
            for answer in items(part, "answer"):
                given = given_in(answer, codeset)
                if given is not None and codeset.means == "item" and name in content.instruments:
                    _answer(by_instrument.setdefault(name, {}), codeset.gives, given, content.instruments[name])
                elif given is not None and codeset.means == "instrument":
                    totals.setdefault(name, set()).add(given)
    made = []
    for name in sorted(by_instrument.keys() | totals.keys()):
        total = totals.get(name, set())
        value = next(iter(total)) if len(total) == 1 else None
        if value is not None and not sure:
            said = f"{content.instruments[name].short}: not finished, so that its total of {value:g} is no score"
            notes.add("not_understood", resource.name, resource.place, "status", said)
            value = None
        made.append(_entry(content.instruments[name], by_instrument.get(name, {}), value, resource, notes))
    if not by_instrument and not totals:
        notes.add("not_used", resource.name, resource.place, "item", "a questionnaire that is not known here")
    return made, list(notes.said)


def _asked(part: Data, content: Content) -> list[m.CodeSet]:
    """The item or instrument that a question is about."""
    key = (text(part, "linkId"), text(part, "definition"), text(part, "text"))
    known = _asked_before(content)
    if key not in known:
        if len(known) > _MEMO:
            known.clear()
        tails = (re.split(r"[/#|]", words)[-1] for words in key[:2])
        coded = concept({"coding": [{"system": "loinc", "code": tail} for tail in tails if tail]})
        found = codes.lookup(coded, content, ("item", "instrument"))
        known[key] = found or codes.lookup(Concept((), key[2]), content, ("item", "instrument"))
    return known[key]


@once_per_content
def _asked_before(_: Content) -> dict[tuple[str, str, str], list[m.CodeSet]]:
    """What questions that were read before are about."""
    return {}
