"""CDS Hooks cards: the shape of every card, emergencies first, no order in any, and what cannot be told is never lost."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pathways.fhir.cards import EXTENSION, HOOKS, HookError, Standing, cards, shortened
from pathways.fhir.outbound_services import cds_services
from pathways.profile import Profile
from pathways.review.case import Case, review
from tests.laws.test_law_07_words import problems
from tests.reviews import CASES, NAMES, reviewed

VIGNETTES = sorted((Path(__file__).resolve().parents[1] / "vignettes").glob("*.toml"))
NAMED = {"type": "string", "minLength": 1}
CARD = {
    "type": "object",
    "required": ["uuid", "summary", "indicator", "source", "detail"],
    "additionalProperties": False,
    "properties": {
        "uuid": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "summary": {"type": "string", "minLength": 10, "maxLength": 139, "pattern": r"^[^\n]+$"},
        "indicator": {"enum": ["info", "warning", "critical"]},
        "detail": {"type": "string", "minLength": 40, "maxLength": 6000},
        "source": {
            "type": "object",
            "required": ["label"],
            "additionalProperties": False,
            "properties": {
                "label": {**NAMED, "maxLength": 200},
                "url": {"type": "string", "pattern": "^https://[^ ]+$"},
                "topic": {"type": "object", "required": ["system", "code", "display"]},
            },
        },
        "selectionBehavior": {"enum": ["any", "at-most-one"]},
        "suggestions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["label", "uuid"],
                "additionalProperties": False,
                "properties": {
                    "label": {**NAMED, "maxLength": 80},
                    "uuid": NAMED,
                    "actions": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["type", "description", "resource"],
                            "additionalProperties": False,
                            "properties": {
                                "type": {"const": "create"},
                                "description": NAMED,
                                "resource": {
                                    "type": "object",
                                    "required": ["resourceType", "status", "intent", "for"],
                                    "properties": {
                                        "resourceType": {"const": "Task"},
                                        "status": {"const": "draft"},
                                        "intent": {"const": "proposal"},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
        "overrideReasons": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "system", "display"],
                "additionalProperties": False,
                "properties": {"code": NAMED, "system": NAMED, "display": NAMED},
            },
        },
        "extension": {"type": "object", "required": [EXTENSION]},
    },
    "dependentRequired": {"suggestions": ["selectionBehavior"], "selectionBehavior": ["suggestions"]},
}
RESPONSE = {
    "type": "object",
    "required": ["cards", "extension"],
    "additionalProperties": False,
    "properties": {"cards": {"type": "array", "items": CARD}, "extension": {"type": "object"}},
}
VALID = jsonschema.Draft202012Validator(RESPONSE)


@cache
def case_of(name: str) -> Case:
    if name in NAMES:
        return reviewed(name)
    return review(Profile.load(next(p for p in VIGNETTES if p.stem == name)))


ALL = [*NAMES, *(p.stem for p in VIGNETTES)]


def kind(card: dict[str, Any]) -> str:
    return str(card["extension"][EXTENSION]["kind"])


@pytest.mark.parametrize("name", ALL)
def test_every_card_has_the_right_shape(name: str) -> None:
    case = case_of(name)
    for hook in HOOKS:
        answer = json.loads(json.dumps(cards(case, hook, patient="Patient/p1")))
        assert [e.message for e in VALID.iter_errors(answer)] == []
        ids = [c["uuid"] for c in answer["cards"]]
        assert len(set(ids)) == len(ids)
        for card in answer["cards"]:
            own = card["detail"].partition("\n\nSource: ")[0]  # a title is quoted as it is
            said = [card["summary"], own, *(s["label"] for s in card.get("suggestions", ()))]
            assert [p for text in said for p in problems(text)] == []
            assert "<" not in card["detail"].replace("\\<", "")
            assert card["summary"] != card["detail"]


@pytest.mark.parametrize("name", ALL)
def test_one_card_for_each_that_applies_and_nothing_is_lost(name: str) -> None:
    case = case_of(name)
    answer = cards(case, "patient-view")
    said = [c["extension"][EXTENSION] for c in answer["cards"]]
    status = {f.record.id: f.status for f in case.findings.recommendations}
    assert sorted(s["id"] for s in said if s["kind"] == "recommendation") == sorted(
        id for id, s in status.items() if s == "applies"
    )
    assert [s["id"] for s in said if s["kind"] == "emergency"] == [
        e.record.id
        for level in ("act_now", "same_day", "this_visit")
        for e in case.findings.emergencies
        if e.state == "present" and e.level == level
    ]
    more = answer["extension"][EXTENSION]
    open_ones = [id for id, s in status.items() if s == "needs_information"]
    assert [c["id"] for c in more["cannot_tell"]] == open_ones
    assert all(c["asks"] and c["says"].startswith("cannot tell, needs ") for c in more["cannot_tell"])
    assert more["met"] == [id for id, s in status.items() if s == "met"]
    assert (kind(answer["cards"][-1]) == "cannot_tell") == bool(open_ones) if answer["cards"] else not open_ones


@pytest.mark.parametrize("name", ALL)
def test_emergencies_come_first_and_only_they_are_critical(name: str) -> None:
    for hook in HOOKS:
        shown = cards(case_of(name), hook)["cards"]
        kinds = [kind(c) for c in shown]
        order = ["emergency", "recommendation", "cannot_tell"]
        assert kinds == sorted(kinds, key=order.index)
        assert [c["indicator"] == "critical" for c in shown] == [k == "emergency" for k in kinds]
        present = sum(e.state == "present" for e in case_of(name).findings.emergencies)
        assert kinds.count("emergency") == present, "an order hook shows every emergency too"
        assert not any("suggestions" in c for c in shown if kind(c) == "emergency")


@pytest.mark.parametrize("name", NAMES)
def test_what_two_sources_say_asks_for_attention_once(name: str) -> None:
    seen: dict[str, str] = {}
    for card in cards(case_of(name), "patient-view")["cards"]:
        told = card["extension"][EXTENSION]
        if kind(card) != "recommendation":
            continue
        assert told["same_as"] == seen.get(told["theme"])
        assert card["indicator"] == "info" or told["same_as"] is None
        seen.setdefault(told["theme"], told["id"])


def test_some_case_repeats_a_theme() -> None:
    told = [c["extension"][EXTENSION] for c in cards(case_of("neuropathy_fentanyl"), "patient-view")["cards"]]
    assert any(t.get("same_as") for t in told)


def test_some_case_shows_each_kind_and_color() -> None:
    shown = [c for name in ALL for c in cards(case_of(name), "patient-view")["cards"]]
    assert {c["indicator"] for c in shown} == {"info", "warning", "critical"}
    assert {kind(c) for c in shown} == {"emergency", "recommendation", "cannot_tell"}
    assert any("suggestions" in c for c in shown)
    assert any("not yet confirmed" in c["detail"] for c in shown)


@pytest.mark.parametrize("name", NAMES)
def test_a_source_has_its_address_where_there_is_one(name: str) -> None:
    case = case_of(name)
    for card in cards(case, "patient-view")["cards"]:
        if kind(card) == "cannot_tell":
            continue
        sources = [case.content.sources[c["id"]] for c in card["extension"][EXTENSION]["source"]]
        assert ("url" in card["source"]) == any(s.doi or s.url for s in sources)
        if card["extension"][EXTENSION]["id"].startswith("cdc2022."):
            assert card["source"]["url"] == "https://doi.org/10.15585/mmwr.rr7103a1"


def test_order_hooks_keep_to_medicines_and_say_what_they_leave_out() -> None:
    case = case_of("fibromyalgia_depression_ptsd")
    view, sign = cards(case, "patient-view"), cards(case, "order-sign")
    shown = {c["extension"][EXTENSION].get("id") for c in sign["cards"]}
    left = set(sign["extension"][EXTENSION]["not_shown_at_this_hook"])
    assert left
    assert not left & shown
    everything = {c["extension"][EXTENSION]["id"] for c in view["cards"] if kind(c) == "recommendation"}
    assert everything == left | {c["extension"][EXTENSION]["id"] for c in sign["cards"] if kind(c) == "recommendation"}
    assert not any(id.startswith("cdc2022.") for id in left)


def person(**more: Any) -> Case:
    data: dict[str, Any] = {
        "as_of": "2026-11-02",
        "answers": {
            "age_years": 45,
            "setting": "outpatient",
            "main_pain": "back_axial",
            "pain_months": 24,
            "pregnant": False,
        },
        "complete": {"conditions": "yes", "medicines": "yes", "observations": "yes"},
        **more,
    }
    return review(Profile.from_dict(data))


@pytest.mark.parametrize(
    "medicine",
    [
        {"ingredients": ["buprenorphine"], "route": "sublingual", "dose": {"buprenorphine": 8}, "purpose": "oud"},
        {"ingredients": ["methadone"], "route": "oral", "dose": {"methadone": 80}, "purpose": "oud", "source": "otp"},
    ],
)
def test_a_medicine_for_oud_is_no_analgesic(medicine: dict[str, Any]) -> None:
    entry = {**medicine, "per_day_min": 1, "per_day_max": 1, "state": "current"}
    oud = [{"id": "opioid_dependence_code", "certainty": "coded"}]
    shown = cards(person(medicines=[entry], conditions=oud), "order-sign")
    ids = {c["extension"][EXTENSION].get("id") for c in shown["cards"]}
    assert not ids & {f"cdc2022.{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9, 11, "dose_50")}
    pain = {**entry, "ingredients": ["morphine"], "route": "oral", "dose": {"morphine": 60}, "purpose": "pain"}
    other = cards(person(medicines=[{**pain, "source": "person"}]), "order-sign")
    assert "cdc2022.dose_50" in {c["extension"][EXTENSION].get("id") for c in other["cards"]}


def test_without_a_patient_a_suggestion_creates_nothing() -> None:
    for name in NAMES:
        for card in cards(case_of(name), "patient-view")["cards"]:
            assert not any("actions" in s for s in card.get("suggestions", ()))


def test_no_task_is_written_about_what_is_asked_in_private() -> None:
    allowed = re.compile(r"Look up or ask: ")
    content = reviewed("low_risk").content
    private = {content.answers[id].label.lower() for id in content.answers}
    for name in ALL:
        for card in cards(case_of(name), "patient-view", patient="Patient/1")["cards"]:
            for s in card.get("suggestions", ()):
                assert allowed.match(s["label"])
                assert s["label"].removeprefix("Look up or ask: ").lower() not in private


HOSTILE = "[click](javascript:alert(1)) <img src=x onerror=alert(1)> **bold**\n# head"


def test_text_from_outside_has_no_power_in_a_card() -> None:
    entry = {
        "name": HOSTILE,
        "ingredients": ["oxycodone"],
        "dose": {"oxycodone": 20},
        "per_day_min": 4,
        "per_day_max": 4,
    }
    case = person(title=HOSTILE, notes=HOSTILE, medicines=[{**entry, "state": "current"}])
    text = json.dumps(cards(case, "patient-view", patient=HOSTILE))
    made = json.loads(text)
    for card in made["cards"]:
        assert "<img" not in card["detail"]
        assert "](javascript" not in card["detail"]
        assert "\n# head" not in card["detail"]
    assert "Patient/" not in text


def test_an_assumed_list_is_named_on_the_card() -> None:
    entry = {
        "ingredients": ["oxycodone"],
        "dose": {"oxycodone": 20},
        "per_day_min": 4,
        "per_day_max": 4,
        "state": "current",
    }
    lists = {"conditions": "assumed", "medicines": "assumed", "observations": "assumed"}
    shown = cards(person(medicines=[entry], complete=lists), "order-sign")
    assert shown["extension"][EXTENSION]["assumes"] == [f"complete.{which}" for which in lists]
    resting = [c for c in shown["cards"] if c["extension"][EXTENSION].get("assumes")]
    assert resting
    assert all("Assumed, not asked: the list of" in c["detail"] for c in resting)


def test_a_reading_over_orders_takes_the_place_of_a_finding() -> None:
    case = case_of("back_pain_120_mme")
    record = case.content.recommendations["cdc2022.6"]
    given = Standing(record, "applies", ("supply of 14 days",), (), ("complete.medicines",), False, True)
    shown = cards(case, "order-sign", orders=[given])["cards"]
    card = next(c for c in shown if c["extension"][EXTENSION].get("id") == "cdc2022.6")
    assert "supply of 14 days" in card["detail"]
    gone = Standing(case.content.recommendations["cdc2022.8"], "does_not_apply", (), (), (), False, True)
    assert "cdc2022.8" not in json.dumps(
        [c["extension"][EXTENSION].get("id") for c in cards(case, "order-sign", orders=[gone])["cards"]]
    )


def test_same_case_same_cards_and_other_cards_for_another() -> None:
    again = review(Profile.load(CASES / "cancer_pain.toml"))
    assert cards(again, "order-sign") == cards(reviewed("cancer_pain"), "order-sign")
    other = {c["uuid"] for c in cards(reviewed("low_risk"), "patient-view")["cards"]}
    assert not other & {c["uuid"] for c in cards(reviewed("cancer_pain"), "patient-view")["cards"]}


def test_an_unknown_hook_is_named() -> None:
    with pytest.raises(HookError, match="patient-view, order-select, order-sign"):
        cards(reviewed("low_risk"), "encounter-discharge")


def test_a_summary_is_cut_at_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("a" * 139) == "a" * 139
    assert len(shortened("word " * 60)) <= 139


def test_the_services_are_described() -> None:
    services = cds_services()["services"]
    assert [s["hook"] for s in services] == list(HOOKS)
    assert len({s["id"] for s in services}) == 3
    for service in services:
        assert set(service) == {"hook", "id", "title", "description", "prefetch", "usageRequirements"}
        assert all(
            re.fullmatch(r"[A-Z]\w+(/|\?patient=)\{\{context\.patientId\}\}(&_include=[\w:]+)?", q)
            for q in service["prefetch"].values()
        )


def test_the_vignettes_are_read() -> None:
    assert len(VIGNETTES) > 25
    assert all(tomllib.loads(p.read_text("utf-8")) for p in VIGNETTES)
