"""Laws of reading urine results: knowing less never makes a reading surer, and no result is ever without a way on."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.care.urine import Result, read_urine
from pathways.content import load_content
from pathways.profile import Profile
from tests.reviews import facts_only

CONTENT = load_content()
DRUGS = sorted(
    {i for t in CONTENT.tables["urine_test"].values() for s in t.sources for i in s.medicines} | {"ibuprofen"}
)
TESTS = sorted(CONTENT.tables["urine_test"])
DAYS = ["2026-10-01", "2026-10-28", "2026-11-02"]
ANSWERS = ("nonprescribed_opioid_use", "stimulant_use", "fentanyl_exposure", "pregnant")


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    medicines = []
    for _ in range(draw(st.integers(0, 3))):
        entry: dict[str, Any] = {"ingredients": [draw(st.sampled_from(DRUGS))]}
        entry["state"] = draw(st.sampled_from(["current", "current", "stopped", "proposed"]))
        entry |= {"start": draw(st.sampled_from([None, "2020", "2026-10", "2026-09-30", "2026-10-28"]))}
        entry |= {"per_day_min": draw(st.sampled_from([None, 0, 1, 3])), "per_day_max": 3}
        entry |= {"as_needed": draw(st.sampled_from([None, True, False]))}
        if entry["state"] == "stopped":
            entry["stop"] = draw(st.sampled_from([None, "2026", "2026-10-25", "2021-01-01"]))
        medicines.append(entry)
    measure = draw(st.sampled_from(TESTS))
    choices = CONTENT.measures[measure].choices
    value = (
        draw(st.sampled_from(sorted(choices))) if choices else draw(st.sampled_from([0.0, 0.01, 0.02, 0.1, 0.26, 2.0]))
    )
    answers = {id: draw(st.booleans()) for id in ANSWERS if draw(st.booleans())}
    return {
        "as_of": date(2026, 11, 2), "medicines": medicines, "answers": answers,
        "observations": [{"measure": measure, "value": value, "date": draw(st.sampled_from(DAYS))}],
        "complete": {"medicines": draw(st.sampled_from(["yes", "no", "assumed"]))},
    }  # fmt: skip  # data, read across


def read(data: dict[str, Any]) -> Result:
    profile = Profile.from_dict(data)
    return read_urine(facts_only(profile))[0]


def blanked(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The same person, of whom one thing less is known."""
    found = [{**data, "answers": {k: v for k, v in data["answers"].items() if k != id}} for id in data["answers"]]
    found.append({**data, "complete": {"medicines": "no"}})
    for n, entry in enumerate(data["medicines"]):
        less = [
            {**entry, field: None}
            for field in ("start", "stop", "per_day_min", "as_needed")
            if entry.get(field) is not None
        ]
        less.append({"name": "a tablet", "state": entry["state"]})
        found += [{**data, "medicines": [*data["medicines"][:n], one, *data["medicines"][n + 1 :]]} for one in less]
    return found


@settings(max_examples=150)
@given(people())
def test_knowing_less_never_makes_a_reading_surer(data: dict[str, Any]) -> None:
    before = read(data).reading
    for less in blanked(data):
        assert read(less).reading in (before, "cannot_tell"), less


@settings(max_examples=150)
@given(people())
def test_every_reading_says_why_and_each_that_is_not_expected_how_to_go_on(data: dict[str, Any]) -> None:
    result = read(data)
    assert result.because
    assert all(b.text.strip() for b in (*result.because, *result.explains))
    assert bool(result.after) == (result.reading != "expected")
    if result.reading != "expected":
        assert result.after[0].id == "ask"
        assert "no_penalty" in {step.id for step in result.after}
        assert result.explains
    assert result.to_confirm == (result.method == "screen" and result.reading != "expected")


@settings(max_examples=100)
@given(people())
def test_the_order_of_the_list_does_not_matter(data: dict[str, Any]) -> None:
    turned = {**data, "medicines": data["medicines"][::-1]}
    assert read(turned).reading == read(data).reading
