"""What the form asks, generated from the content: a new answer, group, class or instrument appears here by itself.

A *row* is one thing that can be answered; its key is the same as the askable input that the engine names: an answer id,
an instrument id, ``conditions.<group>``, ``medicines.<class>`` or ``observations.<measure>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from ...content import Content
from ...content import models as m
from ...intake.entries import condition_names, medicine_names
from ...pages.form import FIRST_PAGE, GROUPS
from ...profile import Condition, Coverage, Medicine
from ...profile.allergies import Allergy
from ...profile.files import MAX_BYTES

Row = dict[str, Any]

YES_NO = [[True, "Yes"], [False, "No"]]


def form_spec(content: Content) -> dict[str, Any]:
    """The whole form as JSON data: ``rows`` by key, and the keys that stand in each question, group and list."""
    rows = {row["key"]: row for row in _rows(content)}
    return {
        "rows": rows,
        "questions": [
            {"n": n, "title": title, "hint": hint, "rows": first_page_rows(content, n)}
            for n, (title, hint) in FIRST_PAGE.items()
        ],
        "oud": [row for i in content.instruments.values() if i.first_page == 5 for row in rows_for(content, i.id)],
        "groups": [
            {"id": id, "title": title, "rows": more}
            for id, title in GROUPS.items()
            if (more := [a.id for a in content.answers.values() if a.group == id and not a.first_page])
        ],
        "instruments": [id for id in content.instruments if content.asks_for(id)],
        "more_instruments": [id for id in content.instruments if not content.asks_for(id)],
        "measures": [f"observations.{id}" for id in content.measures],
        "medicine_names": sorted(medicine_names(content).values()),
        "condition_names": sorted(condition_names(content).values()),
        "entry_choices": {
            "medicines": {
                name: _choices(Medicine, name) for name in ("unit", "state", "purpose", "route", "release", "source")
            },
            "conditions": {name: _choices(Condition, name) for name in ("status", "certainty")},
            "allergies": {
                name: [[value, text.replace("_", " ")] for value, text in _choices(Allergy, name)]
                for name in ("reaction", "certainty")
            },
            "coverage": {
                "service": [[service.id, service.title] for service in content.services.values()],
                "status": [[value, text.replace("_", " ")] for value, text in _choices(Coverage, "status")],
            },
        },
        "roles": [[role.id, role.label] for role in content.roles.values()],
        "max_bytes": MAX_BYTES,
    }


def first_page_rows(content: Content, question: int) -> list[str]:
    """The keys of the rows that stand in one of the six questions, in the order of the content."""
    keys = [a.id for a in content.answers.values() if a.first_page == question]
    keys += [f"conditions.{g.id}" for g in content.condition_groups.values() if g.first_page == question]
    classes = [f"medicines.{c.id}" for c in content.medicine_classes.values() if c.first_page == question]
    return [*classes, *keys]


def rows_for(content: Content, ask: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The rows that answer an askable input. A fact is answered by what it reads. Empty when only a list can answer it."""
    if ask in content.answers or ask in content.instruments or _listed(content, ask):
        return (ask,)
    fact = content.facts.get(ask)
    if fact is None or ask in seen:
        return ()
    reads = fact.ask or fact.inputs or ((fact.instrument,) if fact.instrument else ())
    if fact.measure:
        reads = (*reads, f"observations.{fact.measure}")
    found = (key for inner in reads for key in rows_for(content, inner, seen | {ask}))
    return tuple(dict.fromkeys(found))


def _listed(content: Content, key: str) -> bool:
    which, _, id = key.partition(".")
    tables: Mapping[str, Mapping[str, Any]] = {
        "conditions": content.condition_groups,
        "medicines": content.medicine_classes,
        "observations": content.measures,
    }
    return id in tables.get(which, {})


def _rows(content: Content) -> Iterator[Row]:
    for answer in content.answers.values():
        yield _row(answer.id, answer.type, answer, answer) | {"sensitive": answer.sensitive, "most": answer.most}
    for group in content.condition_groups.values():
        yield _row(f"conditions.{group.id}", "yes_no", group)
    for cls in content.medicine_classes.values():
        yield _row(f"medicines.{cls.id}", "yes_no", cls)
    for measure in content.measures.values():
        yield _row(f"observations.{measure.id}", "measure", measure, measure) | {"of": measure.type}
    for instrument in content.instruments.values():
        yield _instrument(instrument)


def _row(key: str, kind: str, record: Any, typed: m.Answer | m.Measure | None = None) -> Row:
    helps = [getattr(record, "help", "")]
    if counts := getattr(record, "counts", ""):
        helps.append(f"Counts: {counts}.")
    if does_not := getattr(record, "does_not_count", ""):
        helps.append(f"Does not count: {does_not}.")
    row: Row = {"key": key, "kind": kind, "label": record.label, "help": " ".join(h for h in helps if h)}
    if kind == "yes_no":
        row["choices"] = YES_NO
    if typed is not None:
        row |= {"unit": typed.unit, "lo": typed.lo, "hi": typed.hi, "step": 10**-typed.decimals}
        if typed.choices:
            row["choices"] = [[value, label] for value, label in typed.choices.items()]
    if isinstance(record, m.Answer) and record.assumed:
        row["blank"] = f"Not stated ({record.choices[record.assumed].lower()} assumed)"
    return row


def _instrument(instrument: m.Instrument) -> Row:
    return {
        "key": instrument.id,
        "kind": "instrument",
        "label": instrument.title,
        "short": instrument.short,
        "help": " ".join(t for t in (instrument.use, instrument.not_valid) if t),
        "licence": instrument.licence,
        "minutes": instrument.minutes,
        "lo": instrument.lo,
        "hi": instrument.hi,
        "step": 10**-instrument.decimals,
        "locked_because": instrument.locked_because,
        "items": [
            {
                "id": item.id,
                "label": item.label,
                "choices": YES_NO_ITEM if item.values == (0, 1) else _numbers(item.values),
            }
            for item in instrument.items
        ],
    }


YES_NO_ITEM = [[1, "Yes"], [0, "No"]]


def _numbers(values: Iterable[int]) -> list[list[Any]]:
    return [[value, str(value)] for value in values]


CHOICE_WORDS: Mapping[str, str] = {
    "ir": "immediate release",
    "er": "extended release",
    "oud": "OUD",
    "pdmp": "PDMP",
    "otp": "OTP",
    "nonprescribed": "not prescribed",
}


def _choices(model: type[Medicine] | type[Condition] | type[Allergy] | type[Coverage], field: str) -> list[list[str]]:
    """The choices of a list entry's field, read from the profile's own model, so that the two cannot drift apart."""
    found: list[str] = []

    def walk(annotation: Any) -> None:
        for inner in get_args(annotation):
            if isinstance(inner, str):
                found.append(inner)
            else:
                walk(inner)

    walk(model.model_fields[field].annotation)
    return [[value, CHOICE_WORDS.get(value, value)] for value in found]
