"""Case files: lossless in TOML and JSON, told by a JSON Schema, readable by their owner only."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from pathways.content import load_content
from pathways.profile import Profile, ProfileError, json_schema, parse_profile, span
from tests.profiles import profiles

CASES = sorted((kit.ROOT / "sample_data/cases").glob("*.toml"))
on_posix = pytest.mark.skipif(os.name == "nt", reason="file modes are a POSIX thing")


def plain(value: Any) -> Any:
    """TOML data as JSON data: dates become text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# ---- round trips --------------------------------------------------------------------------------------------


@given(profiles())
@settings(max_examples=150)
def test_any_profile_survives_toml_and_json_byte_for_byte(profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("case.toml", "case.json"):
            path = Path(folder) / name
            profile.save(path)
            again = Profile.load(path)
            assert again == profile
            before = path.read_bytes()
            again.save(path)
            assert path.read_bytes() == before
    assert Profile.from_dict(json.loads(json.dumps(profile.to_dict()))) == profile


@given(profiles())
@settings(max_examples=60)
def test_the_schema_accepts_any_profile(validator: jsonschema.Draft202012Validator, profile: Profile) -> None:
    validator.validate(profile.to_dict())


def test_there_are_sample_cases() -> None:
    assert CASES


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_sample_cases_round_trip_and_fit_the_schema(
    path: Path, tmp_path: Path, validator: jsonschema.Draft202012Validator
) -> None:
    profile = Profile.load(path)
    for name in ("case.toml", "case.json"):
        profile.save(tmp_path / name)
        assert Profile.load(tmp_path / name) == profile
    validator.validate(profile.to_dict())
    validator.validate(plain(tomllib.loads(path.read_text("utf-8"))))


@pytest.mark.parametrize("form", ["toml", "json"])
def test_line_ends_byte_order_mark_and_letters(tmp_path: Path, form: str) -> None:
    text = 'name = "näïve 你好 \U0001f600"' if form == "toml" else '{"title": "näïve 你好 \U0001f600"}'
    path = tmp_path / f"case.{form}"
    path.write_bytes(("\ufeff" + text.replace("name", "title") + "\r\n").encode())
    assert Profile.load(path).title == "näïve 你好 \U0001f600"


def test_what_was_never_said_is_not_written() -> None:
    assert Profile().to_dict() == {"schema_version": 1}
    said = {"schema_version": 1, "answers": {"pregnant": False}, "complete": {"medicines": "yes"}}
    assert Profile.from_dict(said).to_dict() == said


def test_null_is_not_answered() -> None:
    assert parse_profile('{"answers": {"age_years": null}, "title": "x"}', "json").answers == {}


def test_partly_known_answers_stay_so() -> None:
    given_ = {"answers": {"age_years": [50, 60], "main_pain": ["neck", "migraine"]}}
    answers = Profile.from_dict(given_).answers
    assert answers["age_years"] == (50, 60)
    assert answers["main_pain"] == ("neck", "migraine")
    assert Profile.from_dict(given_).to_dict()["answers"] == given_["answers"]


# ---- dates --------------------------------------------------------------------------------------------------


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 2))
def test_a_partial_date_holds_every_day_that_it_may_mean(day: date, cut: int) -> None:
    text = day.isoformat()[: (10, 7, 4)[cut]]
    first, last = span(text)
    assert first <= day <= last
    assert (last - first).days == {0: 0, 1: last.day - 1, 2: (date(day.year, 12, 31) - date(day.year, 1, 1)).days}[cut]


@pytest.mark.parametrize("value", ["2025", "2025-02", "2025-02-03"])
def test_dates_are_kept_as_far_as_they_are_known(value: str) -> None:
    toml = f"[[conditions]]\nid = 'ckd'\nsince = {value if value.count('-') != 1 else repr(value)}\n"
    assert parse_profile(toml, "toml").conditions[0].since == value


@pytest.mark.parametrize(
    "value", ["", "25", "2025-1", "2025-13", "2025-02-30", "2025-01-01T00:00", "next week", "2025-"]
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ProfileError, match="since"):
        Profile.from_dict({"conditions": [{"id": "ckd", "since": value}]})


# ---- the schema ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"nots": "x"},
        {"answers": {"age_year": 5}},
        {"answers": {"age_years": 300}},
        {"answers": {"age_years": "old"}},
        {"answers": {"pregnant": "yes"}},
        {"answers": {"setting": "moon"}},
        {"answers": {"matters_most": ["sleep", "mood", "work"]}},
        {"medicines": [{"name": "x"}]},
        {"medicines": [{"name": "x", "state": "current", "unit": "g"}]},
        {"medicines": [{"state": "current", "dose": {"oxycodone": -5}}]},
        {"medicines": [{"name": "x", "state": "current", "routes": "oral"}]},
        {"schema_version": 2},
        {"complete": {"medicines": "maybe"}},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_kit_refuses(
    validator: jsonschema.Draft202012Validator, data: dict[str, Any]
) -> None:
    with pytest.raises(ProfileError):
        Profile.from_dict(data)
    assert not validator.is_valid(data)


def test_the_schema_spells_out_every_question(validator: jsonschema.Draft202012Validator) -> None:
    told = validator.schema["properties"]["answers"]["properties"]
    assert set(told) == set(load_content().answers)
    for answer in load_content().answers.values():
        assert told[answer.id]["title"] == answer.label


# ---- privacy ------------------------------------------------------------------------------------------------


@on_posix
@pytest.mark.parametrize("name", ["case.toml", "case.json"])
def test_a_case_file_is_readable_by_its_owner_only(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    before = os.umask(0)
    try:
        Profile(title="x").save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        Profile(title="y").save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, "also where an open one was before"
    finally:
        os.umask(before)
    assert Profile.load(path).title == "y"
    assert [p.name for p in tmp_path.iterdir()] == [name], "no draft is left behind"


@on_posix
def test_what_lies_in_the_way_of_a_draft_is_not_written_to(tmp_path: Path) -> None:
    path, trap = tmp_path / "case.toml", tmp_path / "trap"
    trap.write_text("mine", "utf-8")
    (tmp_path / "case.toml.new").symlink_to(trap)
    Profile(title="x").save(path)
    assert trap.read_text("utf-8") == "mine"
    assert not path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("word", ["MAT", "mat", "Medication-assisted treatment", "MOUD", "moud"])
def test_an_older_word_for_a_class_is_understood_and_not_kept(word: str) -> None:
    medicine = Profile.from_dict({"medicines": [{"class": word, "state": "current"}]}).medicines[0]
    assert medicine.medicine_class == "moud"
