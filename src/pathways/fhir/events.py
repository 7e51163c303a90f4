"""What was observed, done and planned: events, laboratory values, questionnaires and drug tests, for the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..content import Content
from ..content import models as m
from ..intake.record_text import heard
from ..intake.units import Quantity, Reading
from ..profile import Observation
from . import codes, plain
from .bundle import Gathered, Resource
from .coded_events import read_coded_events
from .event_words import Told, by_title, by_value, by_visit, weakest
from .given import may_give, read_given
from .happened import DrugTest, Event, Happened, Seen, add, urine_tests
from .plain import Concept, Data, Days, code, concept, concepts, items, number, obj, text, when
from .pregnancy import ENDED
from .quantities import reading_of
from .questionnaires import gather_answers, instrument_score, item_answer, questionnaire
from .report import Notebook
from .shapes import Shape
from .signs import shown_of, sign_of

_DONE: Mapping[str, tuple[str, str]] = {
    "Observation": ("final amended corrected preliminary", "registered cancelled entered-in-error"),
    "Procedure": ("completed in-progress", "preparation not-done on-hold stopped entered-in-error"),
    "Encounter": (
        "finished in-progress arrived triaged onleave completed discharged",
        "planned cancelled entered-in-error",
    ),
    "CarePlan": ("active completed on-hold", "draft revoked entered-in-error"),
    "DiagnosticReport": (
        "final amended corrected appended preliminary partial",
        "registered cancelled entered-in-error",
    ),
    "DocumentReference": ("current", "superseded entered-in-error"),
    "QuestionnaireResponse": ("completed amended", "entered-in-error stopped"),
}
_STATUSES = {kind: (yes.split(), no.split()) for kind, (yes, no) in _DONE.items()}
_ADULT_DAYS = 6574
_DATES = (
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "period",
    "actualPeriod",
    "issued",
    "authored",
    "date",
    "recorded",
)


def read_events(found: Gathered, as_of: date, content: Content, notes: Notebook) -> Happened:
    """Every Observation, Procedure, Encounter, CarePlan, report and questionnaire."""
    made = Happened(as_of, adult=_adult(found, as_of))
    for resource in found.of(*_DONE):
        data, kind, shape = resource.data, resource.kind, found.shapes.of(resource)
        yes, no = _STATUSES[kind]
        status = code(data, "status")
        if status in no:
            notes.add(
                "not_used", resource.name, resource.place, "status", f"{status}: it did not happen, or is not a result"
            )
            continue
        sure = True if status in yes else None
        if sure is None:
            notes.add(
                "not_understood",
                resource.name,
                resource.place,
                "status",
                f"status '{status[:30]}'" if status else "no status",
            )
        what = shape.once("what", _what, shape.like.data, kind)
        day = _day(data, kind, as_of)
        if day is not None and day.first > as_of:
            notes.add(
                "conflict", resource.name, resource.place, "date", "dated after the day of this evaluation; not used"
            )
            continue
        if kind == "QuestionnaireResponse":
            questionnaire(Seen(resource, day, sure), shape, content, notes, made)
            continue
        seen, gives = Seen(resource, day, sure), shape.once("told", told_of, shape.like, what, content)
        used = _event(seen, what, gives, shape, content, notes, made)
        if sets := shape.once("given", _may_give, shape.like, what, content):
            given = sure if all(told == "done" for told in gives.values()) else None
            used |= read_given(resource, sets, day, given, content, notes, made)
        if kind in ("Observation", "DiagnosticReport"):
            used |= _result(seen, what, shape, content, notes, made)
        used |= shape.once("ended", _says_ended, what, content)
        if not used and not notes_said(notes, resource.place):
            notes.add(
                "not_used", resource.name, resource.place, "code", f"{_label(what) or kind}: nothing here reads it"
            )
    gather_answers(content, notes, made)
    _times_uln(content, made)
    read_coded_events(found, content, notes, made)
    return made


def _may_give(like: Resource, what: list[Concept], content: Content) -> list[m.CodeSet]:
    return may_give(like.kind, [*what, *_more_of(like.data, like.kind)], content)


def _says_ended(what: Iterable[Concept], content: Content) -> bool:
    return any(s.gives == ENDED for c in what for s in codes.lookup(c, content, ("finding",)))


def _adult(found: Gathered, as_of: date) -> bool | None:
    """Whether the person is 18 or older, by the birth date of the Patient."""
    births = [born for p in found.of("Patient") if (born := plain.days(p.data, "birthDate"))]
    if len(births) != 1:
        return None
    youngest, oldest = (as_of - births[0].last).days, (as_of - births[0].first).days
    return True if youngest >= _ADULT_DAYS else False if oldest < _ADULT_DAYS else None


def notes_said(notes: Notebook, place: str) -> bool:
    """Whether anything was said about what a resource holds: not only how it is written, or of which day it is."""
    return place in notes.places


def _label(what: Iterable[Concept]) -> str:
    return next((c.label for c in what if c.label), "")


def _what(data: Data, kind: str) -> list[Concept]:
    if kind == "Encounter":
        return [c for c in (*concepts(data, "type"), concept(data, "serviceType")) if c]
    if kind == "CarePlan":
        said = [*concepts(data, "category"), Concept((), text(data, "title"))]
        return [c for c in said if c]
    if kind == "DocumentReference":
        return [c for c in (concept(data, "type"), *concepts(data, "category")) if c]
    return [c for c in (concept(data, "code"),) if c]


def _more_of(data: Data, kind: str) -> list[Concept]:
    """What a plan says beside its title, where it may name a medicine."""
    if kind != "CarePlan":
        return []
    done = [obj(part, "detail") for part in items(data, "activity")]
    said = [Concept((), text(data, "description")), *(concept(part, "code") for part in done)]
    return [c for c in (*said, *(Concept((), text(part, "description")) for part in done)) if c]


def _day(data: Data, kind: str, as_of: date) -> Days | None:
    if kind == "CarePlan":
        # Made or revised: the newest of the two that is not after today.
        both = [
            d for d in (when(data, "created"), plain.days(obj(data, "meta"), "lastUpdated"), when(data, "period")) if d
        ]
        past = [d for d in both if d.first <= as_of]
        return max(past or both, key=lambda d: (d.first, d.last), default=None)
    return when(data, *_DATES)


# ---- events -------------------------------------------------------------------------------------------------


def _event(
    seen: Seen,
    what: list[Concept],
    gives: Mapping[str, Told],
    shape: Shape,
    content: Content,
    notes: Notebook,
    made: Happened,
) -> bool:
    resource, day, sure = seen
    visit = content.known("measure", "visit to an office")
    if resource.kind == "Encounter":
        at_office = True if visit in gives else shape.once("at office", _at_office, shape.like.data, what)
        gives = {visit: shape.once("visit", by_visit, what, content)} if at_office else {}
        if at_office is None:
            notes.add("not_understood", resource.name, resource.place, "type", "a visit whose kind is not given")
            made.events.append(Event(visit, day, None, resource.name, resource.place))
            return True
    else:
        gives = {name: told for name, told in gives.items() if name != visit}
        if resource.kind == "CarePlan":  # a plan to treat is no dose given
            gives = {name: told for name, told in gives.items() if not content.measures[name].treats_oud}
    for measure, told in sorted(gives.items()):
        if told == "not":
            said = f"“{_label(what)[:80]}”{_value(resource.data)}: it was not done, not counted"
            notes.add("not_used", resource.name, resource.place, "code", said)
            continue
        if told == "open":
            said = f"“{_label(what)[:80]}”{_value(resource.data)}: whether it happened is not known"
            notes.add("not_understood", resource.name, resource.place, "code", said)
        elif day is None:
            notes.add("not_understood", resource.name, resource.place, "date", f"{measure}: no date that can be read")
        surely = sure if told == "done" else None
        made.events.append(Event(measure, day, surely, resource.name, resource.place))
        add(made, {"measure": measure}, day if surely else None, resource, content)
        if told == "done":
            notes.add("used", resource.name, resource.place, f"observations: {measure}", _label(what))
    return bool(gives)


def told_of(resource: Resource, what: Iterable[Concept], content: Content) -> dict[str, Told]:
    """The events that a resource names, each with what its title and its value say of it."""
    ways: dict[str, list[Told]] = {}
    for one in what:
        for codeset in codes.lookup(one, content, ("event",)):
            told = by_title(one, codeset, content)
            if resource.kind in ("Observation", "DiagnosticReport"):
                value = by_value(resource.data, codeset, content)
                told = "not" if "not" in (told, value) else "open" if "open" in (told, value) else "done"
            ways.setdefault(codeset.gives, []).append(told)
    return {measure: weakest(told) for measure, told in ways.items()}


def _value(data: Data) -> str:
    """The value of an observation in its own words, behind its title."""
    said = shown_of(data)
    return f" = “{said[:60]}”" if said else ""


def _at_office(data: Data, what: list[Concept]) -> bool | None:
    """Whether an encounter whose type does not say so is an office visit, by its class; None where it has neither."""
    kind = concept(data, "class")
    if kind.has("amb", "vr", "outpatient", "virtual"):
        return True
    return False if what or kind else None


# ---- results ------------------------------------------------------------------------------------------------


def _result(seen: Seen, what: list[Concept], shape: Shape, content: Content, notes: Notebook, made: Happened) -> bool:
    resource, day, sure = seen
    data, place = resource.data, resource.place
    drug_test = content.known("measure", "any drug test")
    liver = content.known("measure", "ALT or AST, times the upper limit")
    used = False
    sets, disputed, told = shape.once("result", _of_what, what, content)
    if disputed:
        notes.add(
            "conflict",
            resource.name,
            place,
            "code",
            f"{_label(what)}: code and text name two substances; it is not judged",
        )
        made.tests.append(DrugTest((), sign_of(data, content, what), day, sure, resource.name, place))
        add(made, {"measure": drug_test}, day if sure else None, resource, content)
        return True
    if told:
        said = f"“{told[:80]}”: a goal, a limit or somebody else's; no result of this person, not used"
        notes.add("conflict", resource.name, place, "code", said)
        return True
    for codeset in sets:
        if codeset.means == "substance":
            sign = shape.once("sign", sign_of, shape.like.data, content, what)
            made.tests.append(DrugTest(urine_tests(codeset, content), sign, day, sure, resource.name, place))
            if sign is None and codeset.gives != "other":
                said = f"“{shown[:100]}” is not read" if (shown := shown_of(data)) else "neither positive nor negative"
                notes.add("not_understood", resource.name, place, "value", f"{codeset.label}: {said}")
            if day is None:
                notes.add(
                    "not_understood", resource.name, place, "effective", f"{codeset.label}: no date that can be read"
                )
            add(made, {"measure": drug_test}, day if sure else None, resource, content)
            notes.add(
                "used", resource.name, place, f"observations: {drug_test}", f"{codeset.label}: {sign or 'no result'}"
            )
            used = True
        elif codeset.means == "number":
            found = shape.once(("number", codeset.id), reading_of, shape.like.data, codeset, made.adult, content)
            used |= _number(seen, codeset, found, content, notes, made)
        elif codeset.means == "instrument":
            used |= instrument_score(seen, codeset, content, notes, made)
        elif codeset.means == "item":
            used |= item_answer(seen, codeset, content, notes, made)
        elif codeset.gives in ("alt", "ast"):
            value, high = number(obj(data, "valueQuantity"), "value"), _upper(data)
            if value is not None and high and day is not None and sure:
                made.liver.setdefault(str(plain.written(day)), []).append((round(value / high, 2), day))
                notes.add("used", resource.name, place, f"observations: {liver}", codeset.label)
            else:
                notes.add(
                    "not_understood",
                    resource.name,
                    place,
                    "referenceRange",
                    f"{codeset.label}: no upper limit of normal",
                )
            used = True
        elif codeset.gives in ("pregnancy_status", "pregnancy_test"):
            _pregnancy(resource, codeset, day, content, notes, made)
            used = True
        elif codeset.gives in ("due_date", "gestational_age"):
            used = True  # `pregnancy` reads them
        elif codeset.gives == "mme_chart":
            notes.add("not_used", resource.name, place, "value", "MME of another system: the kit reckons its own")
            used = True
        elif codeset.gives in ("smoking", "vitals"):
            notes.add("not_used", resource.name, place, "value", f"{codeset.label}")
            used = True
    for part in items(data, "component"):
        inner = concept(part, "code")
        tests = [s for s in codes.lookup(inner, content, ("substance",)) if inner]
        for codeset in codes.lookup(inner, content, ("number",)) if inner else ():
            used |= _number(seen, codeset, reading_of(part, codeset, made.adult, content), content, notes, made)
        for codeset in tests:
            made.tests.append(
                DrugTest(
                    urine_tests(codeset, content),
                    sign_of(part, content, (*what, inner)),
                    day,
                    sure,
                    resource.name,
                    place,
                )
            )
            notes.add("used", resource.name, place, f"observations: {drug_test}", codeset.label)
            used = True
    return used


def _of_what(what: Iterable[Concept], content: Content) -> tuple[list[m.CodeSet], bool, str]:
    """The sets that a result is of; whether its code and its text name two substances; a title that says that it is no result
    of this person."""
    kinds = ("substance", "number", "instrument", "finding", "item")
    sets = {s.id: s for c in what for s in codes.lookup(c, content, kinds)}
    disputed = not sets and any(codes.disputed(c, content) for c in what)
    titles = [words for c in what for words in c.texts] if any(s.means == "number" for s in sets.values()) else []
    return list(sets.values()), disputed, next((w for w in titles if heard(w, "title", content).says), "")


def _upper(data: Data) -> float | None:
    found = [h for r in items(data, "referenceRange") if (h := number(obj(r, "high"), "value"))]
    return found[0] if found else None


def _number(
    seen: Seen,
    codeset: m.CodeSet,
    reading: tuple[Quantity | None, Reading],
    content: Content,
    notes: Notebook,
    made: Happened,
) -> bool:
    """A number of a result, put down. One that cannot be used keeps its measure open on its day."""
    resource, day, sure = seen
    measure = content.measures[codeset.gives]
    given, found = reading
    limits = {"value": found.value, "at_least": found.at_least, "at_most": found.at_most}
    entry: dict[str, Any] = {"measure": measure.id, **{k: v for k, v in limits.items() if v is not None}}
    add(made, entry, day if sure else None, resource, content)
    if found.why:
        notes.add("conflict" if found.error else "not_understood", resource.name, resource.place, "value", found.why)
        return True
    word = "" if given is None or given.sign is None else f" {given.sign} {given.value:g}: kept as a limit"
    notes.add("used", resource.name, resource.place, f"observations: {measure.id}", measure.label + word)
    return True


def _times_uln(content: Content, made: Happened) -> None:
    measure = content.known("measure", "ALT or AST, times the upper limit")
    for _, values in sorted(made.liver.items()):
        most = round(min(max(v for v, _ in values), 500.0), 1)
        entry = {"measure": measure, "value": most, "date": plain.written(values[0][1])}
        made.observations.append(Observation.model_validate(entry, context={"content": content}))


def _pregnancy(
    resource: Resource, codeset: m.CodeSet, day: Days | None, content: Content, notes: Notebook, made: Happened
) -> None:
    value = concept(resource.data, "valueCodeableConcept")
    answer = content.known("answer", "whether pregnant")
    recent = day is not None and 0 <= (made.as_of - day.first).days <= 60
    if codeset.gives == "pregnancy_status" and recent and value.has("77386006", "la15173-0"):
        made.pregnant = True
    elif (
        codeset.gives == "pregnancy_status" and recent and value.has("60001007", "la26683-5") and made.pregnant is None
    ):
        made.pregnant = False
    elif codeset.gives == "pregnancy_test":
        if day is not None and sign_of(resource.data, content) == "negative":
            made.negative.append(day)
        notes.add("not_used", resource.name, resource.place, "value", "a pregnancy test is not read as pregnancy: ask")
        return
    notes.add("used" if recent else "not_used", resource.name, resource.place, f"answers.{answer}", codeset.label)
