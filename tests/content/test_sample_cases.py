"""The sample cases: each loads, teaches what it says, and its review holds to what was written before it was seen.

A case's `[teaches]` lists `musts` and `must_nots`, each with a path into the JSON of the review (tests/expectations.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from pathways.pages.data import case_data
from pathways.profile import Profile
from pathways.review.case import review
from tests.expectations import broken, found_at, planted, steps_of
from tests.forbidden import violations
from tests.reviews import CASES, NAMES, data, profile

BLANK = "nearly_unknown"
MOUD = ("buprenorphine", "methadone_otp")


SMALL = {
    "plans": [{"items": [{"id": "a.b"}, {"id": "c"}]}, {"items": [{"id": "c"}]}],
    "facts": {"n": {"value": 3}},
    "line": "OUD side: not known",
    "none": [],
    "flag": True,
}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("facts.n.value", 3, True),
        ("facts.n.value", 4, False),
        ("facts.n.value", [4, 3], True),
        ("facts.m.value", 3, None),
        ("line", "~OUD", True),
        ("line", "~pain", False),
        ("flag", True, True),
        ("flag", 1, False),
        ("plans[*].items[*].id", "a.b", True),
        ("plans[every].items[*].id", "a.b", False),
        ("plans[every].items[*].id", "c", True),
        ("plans[*].items[id=a.b].id", "a.b", True),
        ("plans[*].items[id=x].id", "x", None),
        ("none[every].id", "c", False),
        ("none[*].id", "c", False),
        ("line[*].id", "c", None),
    ],
)
def test_the_path_language(path: str, value: Any, found: bool | None) -> None:
    assert found_at(SMALL, steps_of(path), value) is found


@pytest.mark.parametrize("path", ["", "a..b", "[*].a", "a[b", "a b"])
def test_a_bad_path_is_refused(path: str) -> None:
    if path:
        with pytest.raises(ValueError, match="no path"):
            steps_of(path)
    else:
        assert steps_of(path) == []


# ---- the cases ----------------------------------------------------------------------------------------------


def test_there_are_twelve_cases() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_it_teaches_and_what_is_made_up(name: str) -> None:
    case = profile(name)
    assert case.as_of is not None
    assert case.teaches is not None
    assert len(case.teaches.musts) >= 5
    assert len(case.teaches.must_nots) >= 2
    assert case.teaches.unrealistic
    assert "ynthetic" in case.notes
    assert all(e.why for e in (*case.teaches.musts, *case.teaches.must_nots))
    every = [steps_of(e.path) for e in (*case.teaches.musts, *case.teaches.must_nots)]
    assert all(every)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_keeps_its_musts_and_must_nots(name: str) -> None:
    teaches = profile(name).teaches
    assert teaches is not None
    assert broken(teaches, data(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_can_fail(name: str) -> None:
    """Against a review that holds nothing, no must passes; and each must_not fails when its value is wanted instead."""
    teaches = profile(name).teaches
    assert teaches is not None
    assert all(not found_at({}, steps_of(e.path), e.value) for e in teaches.musts)
    for e in teaches.must_nots:
        assert found_at(planted(e), steps_of(e.path), e.value) is True, e.path


@pytest.mark.parametrize("name", NAMES)
def test_nothing_forbidden_is_shown(name: str) -> None:
    assert violations(data(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_survives_the_way_to_text_and_back(name: str) -> None:
    case = profile(name)
    assert Profile.from_dict(case.to_dict()) == case


# ---- acceptance ---------------------------------------------------------------------------------------------

DUMP = """
import json, sys
from pathlib import Path
from pathways.review.case import review
from pathways.pages.data import case_data
from pathways.profile import Profile
for path in sorted(Path(sys.argv[1]).glob("*.toml")):
    print(path.stem, json.dumps(case_data(review(Profile.load(path)))))
"""


@pytest.mark.slow
def test_the_same_bytes_under_any_hash_seed() -> None:
    outputs = []
    for seed in ("0", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        run = subprocess.run(
            [sys.executable, "-c", DUMP, str(CASES)], env=env, capture_output=True, check=False, timeout=600
        )
        assert run.returncode == 0, run.stderr.decode()
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1]
    assert [line.split(b" ", 1)[0].decode() for line in outputs[0].splitlines()] == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_review_is_plain_json(name: str) -> None:
    text = json.dumps(data(name), allow_nan=False)
    assert json.loads(text) == data(name)


def _act_now(name: str) -> bool:
    return any(e["state"] == "present" and e["level"] == "act_now" for e in data(name)["emergencies"])


def _active_oud(name: str) -> bool:
    return profile(name).answers.get("oud_status") == "active"


def _needs(name: str, side: str) -> list[str]:
    return [
        n["id"] for n in data(name)["needs"] if n["side"] == side and n["status"] not in ("not_raised", "cannot_tell")
    ]


@pytest.mark.parametrize("name", [n for n in NAMES if n != BLANK])
def test_a_case_has_a_plan_unless_it_is_act_now(name: str) -> None:
    assert data(name)["plans"] or _act_now(name)


@pytest.mark.parametrize("name", [n for n in NAMES if _active_oud(n)])
def test_pain_and_oud_give_two_plans_that_address_both_sides(name: str) -> None:
    plans = data(name)["plans"]
    assert len(plans) >= 2
    for plan in plans:
        assert plan["needs"]["oud_treatment"] in ("addressed", "in_place")
        assert any(plan["needs"][id] in ("addressed", "partly", "in_place") for id in _needs(name, "pain"))


@pytest.mark.parametrize("name", [n for n in NAMES if _active_oud(n)])
def test_active_oud_gets_an_agonist_in_some_plan(name: str) -> None:
    assert any(item["id"] in MOUD for plan in data(name)["plans"] for item in plan["items"])


def test_some_cases_have_active_oud() -> None:
    assert sum(map(_active_oud, NAMES)) >= 2


def test_the_fentanyl_case_shows_how_to_start() -> None:
    case = data("neuropathy_fentanyl")
    finding = next(f for f in case["findings"] if f["id"] == "hpso2023.fentanyl_start")
    assert finding["status"] == "applies"
    starts = {item["pathway"] for plan in case["plans"] for item in plan["items"] if item["id"] == "buprenorphine"}
    assert starts
    assert all(pathway and pathway.startswith("moud_start") for pathway in starts)


def test_six_answers_alone_give_a_plan() -> None:
    six = Profile.from_dict(
        {
            "as_of": "2026-11-02",
            "answers": {
                "age_years": 44,
                "main_pain": "back_axial",
                "pain_months": 18,
                "oud_status": "active",
                "nonprescribed_opioid_use": True,
                "matters_most": ["less_pain"],
            },
        }
    )
    found = case_data(review(six))
    assert found["plans"]
    for plan in found["plans"]:
        ids = {item["id"] for item in plan["items"]}
        assert ids & set(MOUD)
        assert plan["needs"]["pain_relief"] in ("addressed", "partly")
    assert violations(found) == []
