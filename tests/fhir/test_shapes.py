"""What entries have in common is worked out once, and each keeps what is its own: its name, its days and what it refers to."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.records import TODAY, many
from pathways.content import load_content
from pathways.fhir import Imported, read
from pathways.fhir.bundle import Resource
from pathways.fhir.kept import copied
from pathways.fhir.shapes import Shapes
from pathways.profile import Condition

ORDER = {
    "resourceType": "MedicationRequest", "id": "a", "status": "active", "intent": "order", "authoredOn": "2026-10-20",
    "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"text": "oxycodone 5 MG Oral Tablet"},
}  # fmt: skip  # data, read across


def resource(**changed: Any) -> Resource:
    return Resource("MedicationRequest", {**ORDER, **changed}, "entry 1")


def test_entries_of_one_shape_differ_in_what_is_their_own_alone() -> None:
    shapes = Shapes()
    one = shapes.of(resource())
    assert (
        shapes.of(resource(id="b", authoredOn="2025-01-01", basedOn=[{"reference": "x"}], meta={"versionId": "2"}))
        is one
    )
    assert one.like.data.keys() == {"resourceType", "status", "intent", "medicationCodeableConcept"}
    for changed in ({"status": "stopped"}, {"note": [{"text": "x"}]}, {"doNotPerform": True}, {"contained": []}):
        assert shapes.of(resource(**changed)) is not one
    assert shapes.of(Resource("MedicationRequest", ORDER, "x", draft=True)) is not one
    assert Shapes().of(resource()) is not one  # of another record


@pytest.mark.parametrize(("a", "b"), [(1, True), (1, 1.0), (0, False), ("1", 1), (None, False)])
def test_values_that_are_not_the_same_make_two_shapes(a: object, b: object) -> None:
    shapes = Shapes()
    assert shapes.of(resource(x=a)) is not shapes.of(resource(x=b))


def told(imported: Imported, id: str) -> list[tuple[str, str, str]]:
    return [(note.kind, note.field, note.text) for note in imported.report.notes if note.resource.endswith(f"/{id}")]


@pytest.mark.parametrize("kind", ["condition", "observation", "drug test", "procedure", "answers", "encounter"])
def test_an_entry_among_others_of_its_shape_is_read_as_it_is_alone(kind: str) -> None:
    whole = many(kind, 9, False)
    together = read(whole, TODAY)
    for n in range(1, 10):
        entry = whole["entry"][n]
        alone = read({**whole, "entry": [whole["entry"][0], entry]}, TODAY)
        id = entry["resource"]["id"]
        assert told(alone, id) == told(together, id) != []
        name = f"{entry['resource']['resourceType']}/{id}"
        for single in alone.conditions:
            assert single in together.conditions
        own = [seen for seen in alone.profile.observations if seen.source]  # what tests of a day say together has none
        assert all(seen.source == name and seen in together.profile.observations for seen in own)


def test_each_order_of_a_shape_keeps_its_own_days_and_names() -> None:
    whole = many("dispense", 12, False)
    together = {order.name: order for order in read(whole, TODAY).orders}
    assert len(together) == 12
    for entry in whole["entry"][1:]:
        (alone,) = read({**whole, "entry": [whole["entry"][0], entry]}, TODAY).orders
        other = together[alone.name]
        assert (alone.written, alone.start, alone.names, alone.supply_days) == (
            other.written,
            other.start,
            other.names,
            30,
        )


def test_a_copy_is_as_pydantic_makes_it() -> None:
    entry = Condition.model_validate({"name": "x", "since": "2020"}, context={"content": load_content()})
    ours, theirs = (
        copied(entry, since="2021-02", until=None),
        entry.model_copy(update={"since": "2021-02", "until": None}),
    )
    assert ours == theirs
    assert ours.model_fields_set == theirs.model_fields_set
    assert entry.since == "2020"
    assert entry.model_fields_set == {"name", "since"}
