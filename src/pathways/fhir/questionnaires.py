"""Questionnaires: totals and answers of the instruments that the kit knows, from observations and responses."""

from __future__ import annotations

from typing import Any

from ..content import Content
from ..content import models as m
from ..profile import Observation
from . import codes, plain
from .bundle import Resource
from .happened import Answered, Happened, Seen, add
from .plain import Days, code, concept, items, number, obj, text
from .report import Notebook

# LOINC answer codes of the PHQ and GAD: not at all, several days, more than half the days, nearly every day.
_ANSWERS = {"la6568-5": 0, "la6569-3": 1, "la6570-1": 2, "la6571-9": 3}


def instrument_score(seen: Seen, codeset: m.CodeSet, content: Content, notes: Notebook, made: Happened) -> bool:
    resource, day, sure = seen
    instrument = content.instruments[codeset.gives]
    data = resource.data
    value = number(obj(data, "valueQuantity"), "value")
    value = number(data, "valueInteger") if value is None else value
    answers: dict[str, int] = {}
    for part in items(data, "component"):
        for s in codes.lookup(concept(part, "code"), content, ("item",)):
            given = number(obj(part, "valueQuantity"), "value")
            given = number(part, "valueInteger") if given is None else given
            _answer(answers, s.gives, given, instrument)
    _filled(resource, _entry(instrument, answers, value), day if sure else None, content, notes, made)
    return True


def _answer(answers: dict[str, int], gives: str, given: float | None, instrument: m.Instrument) -> None:
    name, _, item = gives.partition(".")
    found = next((i for i in instrument.items if i.id == item), None)
    if name == instrument.id and found and given is not None and given == int(given) and int(given) in found.values:
        answers[item] = int(given)


def item_answer(seen: Seen, codeset: m.CodeSet, content: Content, notes: Notebook, made: Happened) -> bool:
    """One answer that came as an observation of its own. `gather_answers` puts those of one day together."""
    resource, day, sure = seen
    data = resource.data
    given = number(obj(data, "valueQuantity"), "value")
    given = number(data, "valueInteger") if given is None else given
    if given is None:
        coded = concept(data, "valueCodeableConcept").codes
        given = next((_ANSWERS[c.code.lower()] for c in coded if c.code.lower() in _ANSWERS), None)
    name, _, item = codeset.gives.partition(".")
    found: dict[str, int] = {}
    if instrument := content.instruments.get(name):
        _answer(found, codeset.gives, given, instrument)
    if not found:
        notes.add("not_understood", data, resource.place, "value", f"{codeset.label}: no answer of this item")
        return True
    date = plain.written(day) if day is not None and sure else None
    made.answers.append(Answered(name, item, found[item], date, resource))
    notes.add("used", data, resource.place, f"observations: {name}", codeset.label)
    return True


def gather_answers(content: Content, notes: Notebook, made: Happened) -> None:
    """Answers that came one by one, put beside the total of their day or made an observation of their own."""
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
            change: dict[str, Any] = {"items": merged} | ({"value": None} if len(merged) == whole else {})
            made.observations[n] = made.observations[n].model_copy(update=change)
        if not same:
            entry: dict[str, Any] = {"measure": name, "items": answers} | ({"date": date} if date else {})
            made.observations.append(Observation.model_validate(entry, context={"content": content}))


def _entry(instrument: m.Instrument, answers: dict[str, int], value: float | None) -> dict[str, Any]:
    """What was answered as an entry of the observations; without items and value where neither can be used."""
    entry: dict[str, Any] = {"measure": instrument.id}
    if answers and not instrument.locked:
        entry["items"] = answers
    # With all items the total follows from them; a total that contradicts them would make both useless.
    if value is not None and instrument.lo <= value <= instrument.hi and len(answers) < len(instrument.items):
        entry["value"] = float(value)  # beside the items that are known: one of them may be the item on self-harm
    return entry


def _filled(
    resource: Resource, entry: dict[str, Any], day: Days | None, content: Content, notes: Notebook, made: Happened
) -> None:
    instrument = content.instruments[entry["measure"]]
    if "items" not in entry and "value" not in entry:
        notes.add(
            "not_understood", resource.data, resource.place, "value", f"{instrument.short}: no score in its range"
        )
        return
    add(made, entry, day, resource, content)
    notes.add("used", resource.data, resource.place, f"observations: {instrument.id}", instrument.short)


def questionnaire(resource: Resource, day: Days | None, content: Content, notes: Notebook, made: Happened) -> None:
    """Answers of a QuestionnaireResponse whose link ids are, or end with, the LOINC code of an item."""
    by_instrument: dict[str, dict[str, int]] = {}
    totals: dict[str, float] = {}
    loinc = {c: s for s in content.code_sets.values() if s.means in ("item", "instrument") for c in s.loinc}
    for part in plain.walk(resource.data.get("item")):
        link = text(part, "linkId").rsplit("/", 1)[-1]
        codeset = loinc.get(link)
        if codeset is None:
            continue
        for answer in items(part, "answer"):
            given = number(answer, "valueInteger")
            given = number(answer, "valueDecimal") if given is None else given
            if given is None:
                given = _ANSWERS.get(code(obj(answer, "valueCoding"), "code"))
            name = codeset.gives.partition(".")[0]
            if given is not None and codeset.means == "item" and name in content.instruments:
                _answer(by_instrument.setdefault(name, {}), codeset.gives, given, content.instruments[name])
            elif given is not None and codeset.means == "instrument":
                totals[name] = given
    for name in sorted(by_instrument.keys() | totals.keys()):
        entry = _entry(content.instruments[name], by_instrument.get(name, {}), totals.get(name))
        _filled(resource, entry, day, content, notes, made)
    if not by_instrument and not totals:
        notes.add("not_used", resource.data, resource.place, "item", "a questionnaire that is not known here")
