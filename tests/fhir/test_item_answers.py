"""Answers to single items, sent one by one: the item on self-harm above all must never be lost beside a total."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from pathways.fhir import load, read
from pathways.review.case import review
from tests.fhir.requests import LOINC, TODAY, ago, coded
from tests.fhir.test_sample import SAMPLE

TOTAL, SELF_HARM, MOOD = "44261-6", "44260-8", "44255-8"


def said(code: str, value: Any, day: int = 3, **more: Any) -> dict[str, Any]:
    made = {
        "resourceType": "Observation",
        "id": f"o-{code}-{value}-{day}",
        "status": "final",
        "code": coded(LOINC, code),
    }
    given = {"valueCodeableConcept": coded(LOINC, value)} if isinstance(value, str) else {"valueInteger": value}
    return {**made, **given, "effectiveDateTime": ago(day), **more}


def urgent(*resources: dict[str, Any]) -> bool:
    case = review(read(list(resources), TODAY).profile)
    return any(e.record.id == "suicide_risk" and e.state == "present" for e in case.findings.emergencies)


@pytest.mark.parametrize("value", [1, 2, 3, "LA6569-3", "LA6571-9"])
@pytest.mark.parametrize("total", [None, 3, 13])
def test_item_9_above_0_is_a_sign_with_and_without_a_total(value: int | str, total: int | None) -> None:
    totals = [] if total is None else [said(TOTAL, total)]
    assert urgent(said(SELF_HARM, value), *totals)
    assert urgent(*totals, said(SELF_HARM, value), said(MOOD, 0))


def test_item_9_inside_the_total_is_a_sign_too() -> None:
    component = [{"code": coded(LOINC, SELF_HARM), "valueInteger": 2}]
    assert urgent(said(TOTAL, 13, component=component))


@pytest.mark.parametrize("value", [0, "LA6568-5"])
def test_item_9_at_0_is_no_sign_and_clears_nothing(value: int | str) -> None:
    resources = [said(SELF_HARM, value), said(TOTAL, 13)]
    assert not urgent(*resources)
    case = review(read(resources, TODAY).profile)
    assert case.facts.values["phq9"].lo == case.facts.values["phq9"].hi == 13
    state = next(e.state for e in case.findings.emergencies if e.record.id == "suicide_risk")
    assert state == "possible"


def test_two_answers_of_one_day_conflict_and_the_higher_counts() -> None:
    for order in itertools.permutations([said(SELF_HARM, 0, id="a"), said(SELF_HARM, 1, id="b")]):
        assert urgent(*order)
        assert read(list(order), TODAY).report.conflicts


@pytest.mark.parametrize("value", [9, -1, 1.5, "LA99"])
def test_an_answer_that_the_item_does_not_have_is_not_understood(value: Any) -> None:
    imported = read([said(SELF_HARM, value)], TODAY)
    assert imported.profile.observations == ()
    assert [note.kind for note in imported.report.notes if note.resource.startswith("Observation")] == [
        "not_understood"
    ]


def test_all_items_take_the_place_of_the_total_and_order_says_nothing() -> None:
    imported = load(SAMPLE)
    peg = next(o for o in imported.profile.observations if o.measure == "peg")
    assert dict(peg.items) == {"pain": 7, "enjoyment": 6, "activity": 8}
    assert peg.value is None
    phq9 = next(o for o in imported.profile.observations if o.measure == "phq9")
    assert (phq9.value, dict(phq9.items)) == (13, {"self_harm": 0})
    data = json.loads(SAMPLE.read_text("utf-8"))
    data["entry"].reverse()
    assert read(data).profile == imported.profile


def test_an_answer_of_another_day_stands_alone() -> None:
    imported = read([said(TOTAL, 13, 3), said(SELF_HARM, 1, 9)], TODAY)
    assert sorted((o.value or 0, len(o.items)) for o in imported.profile.observations) == [(0, 1), (13, 0)]


QUESTIONS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself - or that you are a failure",
    "Trouble concentrating on things, such as reading the newspaper",
    "Moving or speaking so slowly that other people could have noticed",
    "Thoughts that you would be better off dead, or of hurting yourself",
)
PANEL = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")


def test_a_panel_with_coded_components_is_scored_with_its_items() -> None:
    parts = [{"code": coded(LOINC, item), "valueCodeableConcept": coded(LOINC, "LA6571-9")} for item in PANEL]
    panel = {"resourceType": "Observation", "id": "p", "status": "final", "code": coded(LOINC, "44249-1")}
    data = [{**panel, "effectiveDateTime": ago(3), "component": parts}]
    assert review(read(data, TODAY).profile).facts.values["phq9"].lo == 27
    assert urgent(*data)


def answered(answers: list[Any], **more: Any) -> dict[str, Any]:
    items = [
        {"linkId": f"q{n}", "text": question, "answer": [answer]}
        for n, (question, answer) in enumerate(zip(QUESTIONS, answers, strict=True))
    ]
    made = {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "status": "completed",
        "authored": ago(3),
        "item": items,
    }
    return {**made, **more}


@pytest.mark.parametrize(
    "answer",
    [
        {"valueInteger": 2},
        {"valueCoding": {"system": LOINC, "code": "LA6570-1"}},
        {"valueCoding": {"display": "More than half the days"}},
        {"valueString": "More than half the days"},
        {
            "valueCoding": {
                "code": "x",
                "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": 2}],
            }
        },
    ],
)
def test_own_link_ids_are_read_by_the_text_of_the_question(answer: dict[str, Any]) -> None:
    found = read([answered([answer] * 9)], TODAY)
    assert review(found.profile).facts.values["phq9"].lo == 18


def test_an_answer_whose_code_and_weight_differ_is_no_answer() -> None:
    weight = [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 0}]
    odd = {"valueCoding": {"system": LOINC, "code": "LA6571-9", "extension": weight}}
    found = review(read([answered([{"valueInteger": 1}] * 8 + [odd])], TODAY).profile)
    assert (found.facts.values["phq9"].lo, found.facts.values["phq9"].hi) == (8, 11)


@pytest.mark.parametrize("last", [0, 1])
def test_items_and_a_total_that_disagree_give_no_score_and_keep_the_sign(last: int) -> None:
    """Law 14: two readings that disagree give neither. The item on self-harm still warns, as a contradiction may not
    take a warning away."""
    data = answered([{"valueInteger": 1}] * 8 + [{"valueInteger": last}])
    data["item"].append({"linkId": "/44261-6", "answer": [{"valueInteger": 20}]})
    found = read([data], TODAY)
    score = review(found.profile).facts.values["phq9"]
    assert (score.lo, score.hi) == (0, 27)
    assert any("do not add up" in note.text for note in found.report.conflicts)
    assert urgent(data) is bool(last)


def test_single_items_and_a_total_of_one_day_that_disagree_give_no_score() -> None:
    codes = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
    items = [said(code, 1) for code in codes]

    def score(total: int) -> tuple[float, float]:
        found = review(read([*items, said(TOTAL, total)], TODAY).profile).facts.values["phq9"]
        return found.lo, found.hi

    assert score(9) == (9, 9)
    assert score(22) == (0, 27)


def test_a_total_that_cannot_be_does_not_take_the_answers_away() -> None:
    data = answered([{"valueInteger": 1}] * 9)
    data["item"].append({"linkId": "/44261-6", "answer": [{"valueInteger": 90}]})
    found = read([data], TODAY)
    assert review(found.profile).facts.values["phq9"].lo == 9
    assert any("no total can be" in note.text for note in found.report.conflicts)
