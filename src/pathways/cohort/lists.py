"""What list entries say, for tables: worked out once for each different entry, by the same functions as for a person.

A table of a million people holds far fewer different entries: that keeps one meaning for both ways. A verdict is a
number here, so that many entries combine by a plain maximum: `YES` beats `MAYBE` beats `NO`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from ..content import Content
from ..content import models as m
from ..content.problems import problem_lines
from ..facts import code, scores
from ..facts.membership import (
    Counted,
    beyond,
    count_labels,
    excluded,
    group_excluded,
    in_class,
    in_group,
    ingredients_of,
    listed_in,
    may_be_any,
)
from ..intake.entries import entries_by_name
from ..language import Choice, FactType, Number, Range
from ..profile import AskedNone, Condition, ListsComplete, Medicine, Observation, Profile

NO, MAYBE, YES = 0, 1, 2
Span = tuple[float, float] | None
"""Lowest and highest possible; None is unknown."""
Entry = TypeVar("Entry", Condition, Medicine, Observation, AskedNone)


def number_of(verdict: bool | None) -> int:
    """A verdict as a number."""
    return MAYBE if verdict is None else YES if verdict else NO


def entries_of(kind: type[Entry], rows: Sequence[Mapping[str, Any]], where: str, content: Content) -> list[Entry]:
    """Rows of a table as entries of a profile. Raises ValueError with every row that no profile could hold."""
    return _checked(kind, [_plain(row) for row in rows], where, content)


def medicines_of(
    rows: Sequence[Mapping[str, Any]], where: str, content: Content
) -> tuple[list[Medicine], list[tuple[int, int]]]:
    """Rows of the medicines table as entries, and for each entry its row and its place. A name that holds several, or that
    is understood in part, makes the entries that it makes for one person. Raises ValueError."""
    made = [(n, one) for n, row in enumerate(rows) for one in entries_by_name(_plain(row), content)]
    found = _checked(Medicine, [one for _, one in made], where, content)
    return found, [(n, k) for k, (n, _) in enumerate(made)]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the data of an entry: what is not said is left out."""
    data = {key: value for key, value in row.items() if value is not None and value != []}
    for field, name, value in (("dose", "ingredient", "amount"), ("items", "item", "value")):
        if field in data and isinstance(data[field], list):
            data[field] = {part[name]: part[value] for part in data[field]}
    if "choice" in data:
        data["value"] = data.pop("choice")
    return data


def _checked(kind: type[Entry], rows: Sequence[Mapping[str, Any]], where: str, content: Content) -> list[Entry]:
    found: list[Entry] = []
    problems: list[str] = []
    for data in rows:
        try:
            found.append(kind.model_validate(data, context={"content": content}))
        except ValidationError as error:
            problems += [f"{where}: {line}" for line in problem_lines(error, kind)]
    if problems:
        raise ValueError("\n".join(dict.fromkeys(problems)))
    return found


# ---- membership ---------------------------------------------------------------------------------------------


def class_columns(content: Content, entries: Sequence[Medicine]) -> dict[str, list[int]]:
    """For each medicine class, whether each entry is in it."""
    classes = [listed_in(content, entry) for entry in entries]
    return {cls: [number_of(verdicts[cls]) for verdicts in classes] for cls in content.medicine_classes}


def group_columns(content: Content, entries: Sequence[Condition]) -> dict[str, list[int]]:
    """For each group of conditions, whether each entry means it."""
    return {g: [number_of(in_group(content, e, g)) for e in entries] for g in content.condition_groups}


def unread_column(content: Content, entries: Sequence[Condition]) -> list[bool]:
    """Of each entry whether nothing is known of what it is."""
    return [may_be_any(content, one) for one in entries]


def asked_columns(content: Content, asked: Sequence[AskedNone]) -> dict[str, list[bool]]:
    """For each class, group and measure, whether "asked, none" rules it out; named ``medicines.<class>`` and so on."""
    columns = {f"medicines.{c}": [excluded(content, c, a.medicines) for a in asked] for c in content.medicine_classes}
    columns |= {
        f"conditions.{g}": [group_excluded(content, g, a.conditions) for a in asked] for g in content.condition_groups
    }
    return columns | {f"observations.{x}": [x in a.observations for a in asked] for x in content.measures}


def counted(content: Content, fact: m.Fact, entries: Sequence[Medicine]) -> list[Counted]:
    """What each entry adds to a count; for prescribers as if its own were called "?" (the table knows the names)."""
    if fact.distinct == "prescriber":
        entries = [entry.model_copy(update={"prescriber": "?"}) for entry in entries]
    return [count_labels(content, fact, entry) for entry in entries]


# ---- observations -------------------------------------------------------------------------------------------


def latest_values(content: Content, fact: m.Fact, entries: Sequence[Observation]) -> list[Span | int]:
    """Each entry as a value of a fact of kind ``latest``: see `values_of`."""
    return values_of(content.schema[fact.id], entries)


def values_of(kind: FactType, entries: Sequence[Observation]) -> list[Span | int]:
    """Each entry as a span, or as bits of a choice; None (bits: 0) without a value."""
    if isinstance(kind, Choice):
        return [0 if e.value is None else bits(kind, {str(e.value)}) for e in entries]
    return [(e.value, e.value) if isinstance(e.value, float) else None for e in entries]


def score_spans(content: Content, fact: m.Fact, entries: Sequence[Observation]) -> list[Span | int]:
    """Each entry as a score of a fact of kind ``score``; None where a typed total contradicts its own items."""
    assert fact.instrument is not None
    instrument = content.instruments[fact.instrument]

    def one(entry: Observation) -> Span:
        total = entry.value if isinstance(entry.value, float) else None
        if fact.item:
            found = scores.item_value(instrument, fact.item, entry.items, total)
        else:
            try:
                found = scores.total(instrument, entry.items or None, total)
            except ValueError:
                return None
        return found.lo, found.hi

    return [one(entry) for entry in entries]


def criteria_spans(instrument: m.Instrument, entries: Sequence[Observation], as_prescribed: bool | None) -> list[Range]:
    """How many OUD criteria each entry finds."""
    return [code.criteria_of(instrument, entry, as_prescribed) for entry in entries]


def suicide_risk_bits(instrument: m.Instrument, kind: Choice, entries: Sequence[Observation]) -> list[Span | int]:
    """The levels of suicide risk that each entry may mean, as bits."""
    return [bits(kind, code.suicide_risk_of(instrument, entry)) for entry in entries]


def bits(kind: Choice, options: frozenset[str] | set[str]) -> int:
    """Options of a choice as the bits of its column."""
    return sum(1 << place for place, option in enumerate(kind.options) if option in options)


# ---- amounts of one person's medicines ----------------------------------------------------------------------


def may_matter(content: Content, fact: m.Fact, entries: Sequence[Medicine]) -> list[bool]:
    """Which entries a dose sum may depend on; the others are left out before people with the same list are found."""
    if fact.kind == "code":
        opioid = content.known("medicine_class", "any opioid")
        return [in_class(content, entry, opioid) is not False for entry in entries]
    assert fact.ingredient is not None
    ingredient = fact.ingredient
    return [
        ingredient in (*found, *beyond(content, entry))
        if (found := ingredients_of(content, entry))
        else code.may_hold(content, entry, ingredient)
        for entry in entries
    ]


def amount(
    content: Content,
    fact: m.Fact,
    entries: Sequence[Medicine],
    complete: Literal["yes", "no", "assumed"],
    asked: AskedNone,
) -> tuple[float, float]:
    """MME, or mg of one ingredient, a day for a whole list of medicines; the declared range when nothing is known."""
    kind = content.schema[fact.id]
    assert isinstance(kind, Number)
    profile = Profile.model_construct(
        medicines=tuple(entries), complete=ListsComplete(medicines=complete), asked_none=asked
    )
    if fact.kind == "dose":
        assert fact.ingredient is not None
        lo, hi, _ = code.daily_mg(profile, content, fact.ingredient)
        return min(lo, kind.hi), kind.hi if hi is None else min(hi, kind.hi)
    value, _ = code.mme_bound(profile, content, code.mme_of(profile, content), fact.function == "mme_upper")
    return (value.lo, value.hi) if isinstance(value, Range) else (kind.lo, kind.hi)
