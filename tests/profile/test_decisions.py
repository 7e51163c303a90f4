"""What a conference decided, in the case file: read, written, refused where it names a person or nothing that is known."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pathways.profile import Profile, ProfileError, json_schema

ONE: dict[str, Any] = {
    "date": "2026-10-05",
    "item": "buprenorphine",
    "outcome": "do",
    "owner": "addiction_specialist",
    "due": "2026-10-12",
    "stood": "Offer",
    "note": "Home start.",
    "dissent": [{"role": "pain_specialist", "says": "First a slower taper."}, {"role": "person"}],
}


def problem(**change: Any) -> str:
    with pytest.raises(ProfileError) as refused:
        Profile.from_dict({"decisions": [{**ONE, **change}]})
    assert len(refused.value.problems) == 1, "one clear error each"
    return refused.value.problems[0]


@pytest.mark.parametrize("ending", [".toml", ".json"])
def test_a_decision_comes_back_from_a_file_as_it_was(ending: str, tmp_path: Path) -> None:
    profile = Profile.from_dict({"decisions": [ONE, {"date": "2026-11", "item": "cdc2022.12", "outcome": "done"}]})
    path = tmp_path / f"case{ending}"
    profile.save(path)
    assert Profile.load(path) == profile
    text = path.read_text("utf-8")
    data = json.loads(text) if ending == ".json" else tomllib.loads(text)
    assert data["decisions"] == [ONE, {"date": "2026-11", "item": "cdc2022.12", "outcome": "done"}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"item": "buprenorpine"}, "Did you mean 'buprenorphine'?"),
        ({"owner": "pharmacst"}, "owner: no role 'pharmacst'. Did you mean 'pharmacist'?"),
        ({"owner": "Sam Example"}, "owner: no role 'Sam Example'"),
        ({"dissent": [{"role": "surgeons"}]}, "Did you mean 'surgeon'?"),
        ({"dissent": [{"role": "person"}, {"role": "person"}]}, "dissent: 'person' stands there twice"),
        ({"due": "2026-10-04"}, "due: 2026-10-04 is before the day of the decision, 2026-10-05"),
        ({"outcome": "done"}, "due: what is done is not due any more"),
        ({"outcome": "agreed"}, "outcome"),
        ({"date": "5 October"}, "'5 October' is not a date"),
        ({"by": "Sam Example"}, "by"),
    ],
)
def test_what_cannot_stand_is_refused_with_one_line(change: dict[str, Any], words: str) -> None:
    told = problem(**change)
    assert told.startswith("decisions")
    assert words in told


@pytest.mark.parametrize(
    "text",
    ["ask Dr. Example", "Ms Example calls", "sam@example.org", "call 555 010 0199", "record 12345678", "Prof Éxample"],
)
def test_a_person_is_refused_wherever_text_is_free(text: str) -> None:
    for change in ({"note": text}, {"stood": text}, {"dissent": [{"role": "person", "says": text}]}):
        assert "a role is enough here" in problem(**change)


@pytest.mark.parametrize(
    "text",
    [
        "MS Contin goes on until 2026-10-12", "the doctor asks for a QTc", "dr to call", "120 MME on 2026-10-05, 90 on 2026-11",
        "<script>alert(1)</script>", "Mr", "call 911 or 988",
    ],
)  # fmt: skip  # data, read across
def test_what_names_nobody_is_taken_as_it_is(text: str) -> None:
    made = Profile.from_dict({"decisions": [{**ONE, "note": text}]})
    assert made.decisions[0].note == text


def test_a_date_is_refused_only_where_it_is_surely_before_the_decision() -> None:
    made = Profile.from_dict({"decisions": [{**ONE, "date": "2026-10", "due": "2026-10-01"}]})
    assert made.decisions[0].due == "2026-10-01"


def test_the_marks_of_a_seat_come_back_and_each_seat_stands_once(tmp_path: Path) -> None:
    seats = [{"role": "pharmacist", "marks": {"seat.relief": {"none": "unsure"}}}, {"role": "person"}]
    profile = Profile.from_dict({"seats": seats})
    profile.save(tmp_path / "case.toml")
    assert Profile.load(tmp_path / "case.toml").to_dict()["seats"] == seats
    for wrong, words in (
        ([{"role": "person"}, {"role": "person"}], "'person' is given twice"),
        ([{"role": "Sam"}], "role: no role 'Sam'"),
        ([{"role": "person", "marks": {"a": {"b": "maybe"}}}], "'for', 'against' or 'unsure'"),
    ):
        with pytest.raises(ProfileError) as refused:
            Profile.from_dict({"seats": wrong})
        assert words in str(refused.value)


def test_the_schema_names_every_field() -> None:
    schema = json_schema()
    assert schema["properties"]["decisions"]["maxItems"] == 500
    assert set(schema["$defs"]["Decision"]["properties"]) == set(ONE)
    assert schema["$defs"]["Decision"]["required"] == ["date", "item", "outcome"]
    assert set(schema["$defs"]["Dissent"]["properties"]) == {"role", "says"}
