"""What must hold between records whose references are all right: names used once, lists that match, no circles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ..language import facts_of
from ..language.nearest import did_you_mean
from .library import TABLES, Content
from .models import MOST_RECORDED


def broken_invariants(content: Content) -> Iterator[str]:
    """One line for each, with file and id. Every reference must be known to be right."""
    for check in CHECKS:
        yield from check(content)


def _at(content: Content, table: str, id: str) -> str:
    return f"{content.files[table, id]}, {id}"


def _names_used_twice(content: Content) -> Iterator[str]:
    """A fact may not be called like an answer, nor like a fact that is made from a class or group."""
    for id, fact in content.facts.items():
        if id in content.answers:
            yield f"{_at(content, 'fact', id)}: the name is already taken by the answer '{id}'"
        if id.startswith(("has_", "takes_", "proposed_")) and fact.kind != "definition":
            yield f"{_at(content, 'fact', id)}: names that start with has_, takes_ or proposed_ are made by the loader"


def _known_by_one(content: Content) -> Iterator[str]:
    """Each name by which Python knows a record (``known_as``) belongs to exactly one."""
    for table, model in TABLES.items():
        if "known_as" not in model.model_fields:
            continue
        known = [record.known_as for record in content.tables[table].values()]
        literal, _ = get_args(model.model_fields["known_as"].annotation)
        for name in get_args(literal):
            if known.count(name) != 1:
                yield f"{table}: known_as = '{name}' stands in {known.count(name)} records, and belongs to one"


def _matters_to_nobody(content: Content) -> Iterator[str]:
    """What a need carries is an option of what matters most."""
    choices = next((a.choices for a in content.answers.values() if a.known_as == "what matters most"), {})
    for need in content.needs.values():
        for option in need.matters:
            if option not in choices:
                yield f"{_at(content, 'need', need.id)}, matters: no option '{option}'.{did_you_mean(option, choices)}"


def _wrongly_measured(content: Content) -> Iterator[str]:
    """Only a fact of kind within may be about an instrument: whether it was filled in at all."""
    for fact in content.facts.values():
        if fact.kind != "within" and fact.measure in content.instruments:
            yield f"{_at(content, 'fact', fact.id)}, measure: '{fact.measure}' is an instrument; a score reads it"


def _order_facts_without_input(content: Content) -> Iterator[str]:
    for fact in content.facts.values():
        if fact.kind == "order" and fact.id not in content.order_inputs:
            yield f"{_at(content, 'fact', fact.id)}: a fact of kind 'order' needs an order_input"


def _unread_instruments(content: Content) -> Iterator[str]:
    used = {id for f in content.facts.values() for id in (f.instrument, *f.inputs, *f.ask)}
    for instrument in content.instruments.values():
        if instrument.asked and instrument.id not in used:
            where = _at(content, "instrument", instrument.id)
            yield f"{where}: no fact reads it, so it is not asked for (asked = false)"


def _scores_of_limited_scores(content: Content) -> Iterator[str]:
    """Where an instrument is valid may not rest on a score that itself is not valid in everyone."""
    for instrument in content.instruments.values():
        waiting, seen = [instrument.valid_when] if instrument.valid_when else [], set[str]()
        while waiting:
            names = facts_of(content.node(waiting.pop())) - seen
            seen |= names
            waiting += [when for name in names if name in content.facts and (when := content.facts[name].when)]
        for score in sorted(seen & content.limited_scores.keys()):
            where = _at(content, "instrument", instrument.id)
            yield f"{where}, valid_when: rests on '{score}', a score that itself is not valid in everyone"


def _ratings_without_level(content: Content) -> Iterator[str]:
    for dimension in content.care_dimensions.values():
        choices = content.answers[dimension.answer].choices
        if choices.keys() != dimension.sets.keys():
            where = _at(content, "care_dimension", dimension.id)
            yield f"{where}, sets: must name each choice of {dimension.answer}: {', '.join(choices)}"


def _services_that_share(content: Content) -> Iterator[str]:
    taken: dict[str, str] = {}
    for service in content.services.values():
        for id in service.treatments:
            if other := taken.get(id):
                where = _at(content, "service", service.id)
                yield f"{where}, treatments: '{id}' belongs to service '{other}' already"
            taken[id] = service.id


def _orders_used_twice(content: Content) -> Iterator[str]:
    orders: dict[int, str] = {}
    for row in content.signoff_rows.values():
        if other := orders.get(row.order):
            yield f"{_at(content, 'signoff_row', row.id)}, order: {row.order} is taken by '{other}'"
        orders[row.order] = row.id


def _too_much_recorded(content: Content) -> Iterator[str]:
    for id in list(content.recorded)[MOST_RECORDED:]:
        yield f"{_at(content, 'recorded', id)}: at most {MOST_RECORDED} kinds of thing may be recorded and not used"


CHECKS = (
    _names_used_twice,
    _known_by_one,
    _matters_to_nobody,
    _wrongly_measured,
    _order_facts_without_input,
    _unread_instruments,
    _scores_of_limited_scores,
    _ratings_without_level,
    _services_that_share,
    _orders_used_twice,
    _too_much_recorded,
)
