"""The synthetic Bundle: plain, labelled as made up, valid, and what it is said to hold is in it."""

from __future__ import annotations

import json
from typing import Any

from tests.fhir.test_outbound import checked
from tests.reviews import CASES

SAMPLE = CASES.parent / "fhir/synthetic_back_pain_oud.json"


def bundle() -> dict[str, Any]:
    return json.loads(SAMPLE.read_text("utf-8"))


def test_it_says_that_it_is_made_up() -> None:
    meta = bundle()["meta"]
    assert [label["code"] for label in meta["security"]] == ["HTEST"]
    assert "made up" in meta["tag"][0]["display"]


def test_the_models_of_fhir_accept_it_and_it_names_nobody() -> None:
    data = bundle()
    checked(data)
    [person] = [e["resource"] for e in data["entry"] if e["resource"]["resourceType"] == "Patient"]
    assert set(person) == {"resourceType", "id", "gender", "birthDate"}
    assert {e["resource"].get("subject", {}).get("reference") for e in data["entry"]} == {None, "Patient/synthetic-1"}


def test_it_holds_what_its_description_says() -> None:
    data = bundle()
    text = json.dumps(data).lower()
    readme = (CASES.parent / "README.md").read_text("utf-8")
    assert f"there are {len(data['entry'])} entries" in " ".join(readme.split())
    for word in ("f11.20", "oxycodone", "clonazepam", "phq-9", "[peg]", "chronic low back pain", "see paper"):
        assert word in text
    assert "naloxone" not in text
