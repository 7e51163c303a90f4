"""What must hold of any request: order, copies and the calendar change nothing; less data never gives a confident no."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from pathways.fhir import FhirError, order_findings, read
from pathways.fhir.reading import parse
from tests.fhir.requests import (
    OXY,
    Json,
    ago,
    answers,
    doubled,
    entries_of,
    moved,
    mutated,
    mutated_bytes,
    order,
    request,
    seeds,
    shuffled,
    statuses,
    survives,
    without,
)

Reference = Callable[[str], Path]


def cases(reference: Reference) -> list[tuple[Json, date]]:
    reference("conformance")
    return seeds()


def test_the_order_of_entries_changes_nothing(reference: Reference) -> None:
    dice = Random(1)
    for data, as_of in cases(reference):
        expected = answers(data, as_of)
        for _ in range(3):
            changed = shuffled(data, dice)
            assert answers(changed, as_of) == expected
            assert read(changed, as_of).profile == read(data, as_of).profile


def test_a_copy_of_an_entry_changes_nothing(reference: Reference) -> None:
    dice = Random(2)
    for data, as_of in cases(reference):
        for _ in range(4):
            assert answers(doubled(data, dice), as_of) == answers(data, as_of)


def test_two_orders_of_the_same_dose_are_two() -> None:
    twice = request(order(OXY, 30, times=4, id="a"), order(OXY, 30, times=4, id="b"))
    found = {f.record.id: f for f in order_findings(read(twice, date.fromisoformat(ago(0))))}
    assert found["cdc2022.dose_50"].mme_per_day == 60


def test_moving_all_dates_changes_nothing(reference: Reference) -> None:
    for data, as_of in cases(reference):
        expected = {id: (f["status"], f["mme_per_day"]) for id, f in answers(data, as_of).items()}
        for days in (-4000, -365, -59, 1, 30, 366, 1461, 3000):
            later = answers(moved(data, days), as_of + timedelta(days=days))
            assert {id: (f["status"], f["mme_per_day"]) for id, f in later.items()} == expected, (
                days,
                data["hookInstance"],
            )


def test_taking_an_entry_away_gives_no_confident_no_unless_it_was_the_evidence(reference: Reference) -> None:
    for data, as_of in cases(reference):
        before = answers(data, as_of)
        for place in entries_of(data):
            gone = _name(data, place)
            after = answers(without(data, place), as_of)
            for id, finding in after.items():
                if before[id]["status"] == "applies" and finding["status"] == "does_not_apply":
                    evidence = {name for reason in before[id]["because"] for name in reason["from"]}
                    assert any(gone in name for name in evidence), (data["hookInstance"], place, id, evidence)


def _name(data: Json, place: tuple[str, object]) -> str:
    kind, key = place
    resource = data["prefetch"][key] if kind == "prefetch" else data["context"]["draftOrders"]["entry"][key]["resource"]
    return f"{resource['resourceType']}/{resource['id']}"


def test_taking_an_element_away_gives_no_confident_no(reference: Reference) -> None:
    """An element that is missing makes an answer unknown; it never turns "applies" into "does not apply"."""
    names = {"birthDate", "status", "category", "authoredOn", "dispenseRequest", "dosageInstruction", "clinicalStatus",
             "medicationCodeableConcept", "code", "effectiveDateTime", "valueString", "performedPeriod", "created"}  # fmt: skip  # data
    for data, as_of in cases(reference):
        before = statuses(data, as_of)
        for kind, key in entries_of(data):
            whole = (
                data["prefetch"][key]
                if kind == "prefetch"
                else data["context"]["draftOrders"]["entry"][key]["resource"]
            )
            for name in sorted(names & whole.keys()):
                made = copy.deepcopy(data)
                part = (
                    made["prefetch"][key]
                    if kind == "prefetch"
                    else made["context"]["draftOrders"]["entry"][key]["resource"]
                )
                del part[name]
                after = statuses(made, as_of)
                for id, status in after.items():
                    lost = before[id] == "applies" and status == "does_not_apply"
                    # A date that stands in for another, and the supply of an order that has none, are evidence.
                    assert not lost or name == "authoredOn", (data["hookInstance"], key, name, id)


def test_mutations_give_a_result_or_one_clear_error(reference: Reference) -> None:
    dice = Random(3)
    listed = cases(reference)
    for _ in range(350):
        data, as_of = dice.choice(listed)
        survives(mutated(data, dice), as_of)
    raw = [json.dumps(data).encode() for data, _ in listed]
    for _ in range(150):
        try:
            data = parse(mutated_bytes(dice.choice(raw), dice))
        except FhirError as error:
            assert len(str(error)) < 700  # noqa: PT017
            continue
        survives(data, listed[0][1])
