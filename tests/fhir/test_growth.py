"""Reading a record of many entries takes work in proportion to them: steps are counted, and no time is taken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from benchmarks.records import KINDS, TODAY, many
from pathways.fhir import order_findings, read
from pathways.fhir.understood import understood

FEW = 80
GROWTH = 4.5
"""Four times the entries, and some more: entries of longer ago say less surely what is taken, which takes a little more work."""


def steps(work: Callable[[], object]) -> int:
    """How many lines, each round of a loop anew, and calls a piece of work runs."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def whole_way(data: dict[str, Any]) -> Callable[[], object]:
    def work() -> None:
        imported = read(data, TODAY)
        order_findings(imported)
        understood(imported)

    return work


def growth(made: Callable[[int], dict[str, Any]]) -> float:
    """By how much the work grows where the entries are four times as many."""
    few, more = made(FEW), made(4 * FEW)
    whole_way(few)(), whole_way(more)()  # what is kept of content and texts is no work of the second
    return steps(whole_way(more)) / steps(whole_way(few))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("varied", "dated"), [(False, True), (False, False), (True, True)])
def test_four_times_the_entries_take_four_times_the_work(kind: str, varied: bool, dated: bool) -> None:
    assert growth(lambda count: many(kind, count, varied, dated)) < GROWTH


def test_what_counts_steps_sees_what_compares_each_with_each() -> None:
    def pairs(count: int) -> Callable[[], object]:
        return lambda: sum(1 for a in range(count) for b in range(count) if a == b)

    assert steps(pairs(400)) / steps(pairs(100)) > 12
    assert steps(lambda: [n + 1 for n in range(400)]) / steps(lambda: [n + 1 for n in range(100)]) < GROWTH


def changed(kind: str, count: int, varied: bool, **more: Any) -> dict[str, Any]:
    data = many(kind, count, varied)
    for n, entry in enumerate(data["entry"][1:]):
        entry["resource"] |= {key: value(n) if callable(value) else value for key, value in more.items()}
    return data


TWISTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "reports that it is not taken": lambda n: changed(
        "statement", n, False, status=lambda k: "not-taken" if k % 2 else "active", dateAsserted="2026-10-30"
    ),
    "one identifier of all": lambda n: changed(
        "mixed", n, False, identifier=[{"system": "urn:x", "value": "1"}], basedOn=[{"identifier": {"system": "urn:x", "value": "1"}}]
    ),
    "names that nobody knows": lambda n: changed(
        "administration", n, False, medicationCodeableConcept=lambda k: {"text": f"nobody knows {k}"}
    ),
    "modifiers": lambda n: changed("order", n, False, implicitRules="urn:x"),
    "evenings": lambda n: changed("order", n, False, authoredOn="2026-11-03T01:00:00Z"),
    "versions of one": lambda n: changed("condition", n, False, id="one", meta=lambda k: {"versionId": str(k)}),
    "each replaces the one before": lambda n: changed(
        "order", n, False, priorPrescription=lambda k: {"reference": f"MedicationRequest/med{k - 1}"}
    ),
    "fills of finished orders": lambda n: {
        **(data := many("dispense", n // 2, False, False)),
        "entry": data["entry"] + changed("order", n // 2, False, status="completed", authoredOn="2026-10-30")["entry"][1:],
    },
    "tests beside orders": lambda n: {
        **(data := many("order", n // 2, True)), "entry": data["entry"] + many("drug test", n // 2, True)["entry"][1:],
    },
}  # fmt: skip  # data, read across


@pytest.mark.parametrize("twist", TWISTS)
def test_what_speaks_of_one_another_takes_no_more(twist: str) -> None:
    assert growth(TWISTS[twist]) < GROWTH
