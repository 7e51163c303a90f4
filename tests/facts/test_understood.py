"""What was understood of a case in words: the doubtful first, open where something is not known, and what a team confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways import Profile
from pathways.content import load_content
from pathways.facts.understood import Understood, of_case, of_export
from pathways.intake.pdmp import read_pdmp

CONTENT = load_content()
DAY = date(2026, 11, 2)


def lines(**lists: list[dict[str, Any]]) -> list[Understood]:
    return list(of_case(Profile.from_dict({"as_of": DAY.isoformat(), **lists})))


def medicine(name: str, **more: Any) -> Understood:
    [line] = lines(medicines=[{"name": name, "state": "current", **more}])
    return line


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Percocet 10/325", "oxycodone + acetaminophen, dose not known, oral, in use"),
        ("oxycodone ER", "oxycodone, dose not known, extended release, in use"),
        ("vivitrol", "naltrexone, dose not known, intramuscular, in use"),
    ],
)
def test_a_name_stands_beside_what_was_made_of_it(name: str, made: str) -> None:
    line = medicine(name)
    assert (line.own, line.made, line.doubts, line.place) == (name, made, (), "medicines.0")


@pytest.mark.parametrize(("name", "meant"), [("zanaflexx", "zanaflex"), ("buprenorfinne", "buprenorphine")])
def test_a_name_that_is_not_recognized_is_doubtful_and_open_with_what_may_be_meant(name: str, meant: str) -> None:
    line = medicine(name)
    if line.open:
        assert "not understood" in line.doubts[0]
        assert meant in line.doubts[0].lower()
    else:
        assert meant in line.made


def test_what_leaves_something_unknown_is_open() -> None:
    known = {"dose": {"oxycodone": 5}, "per_day_min": 2, "per_day_max": 2}
    assert not medicine("oxycodone", **known).open
    assert medicine("oxycodone", dose={"oxycodone": 5}).open, "times a day"
    assert medicine("oxycodone", **known, use_unknown=True).open
    assert medicine("blorpazine").open
    assert not medicine("blorpazine", none_of=["*"]).open


@pytest.mark.parametrize(
    ("name", "made", "open_"),
    [
        ("hypertension", "High blood pressure, active, confirmed", False),
        ("mother with OUD", "of no group that a rule asks for", False),
        ("blorpitis", "not recognized", True),
        ("hypertension, blorpitis", "High blood pressure, active, confirmed; the rest of it not recognized", True),
    ],
)
def test_a_condition_in_words_says_what_its_words_mean(name: str, made: str, open_: bool) -> None:
    [line] = lines(conditions=[{"name": name}])
    assert (line.made, line.open, bool(line.doubts)) == (made, open_, open_)


def test_the_doubtful_stand_first_in_the_order_of_the_case() -> None:
    names = ["percocet", "blorpazine", "norco", "flumpine"]
    found = lines(medicines=[{"name": name, "state": "current"} for name in names])
    assert [line.own for line in found] == ["blorpazine", "flumpine", "percocet", "norco"]
    assert [line.resource for line in found] == ["medicine 2", "medicine 4", "medicine 1", "medicine 3"]


def test_what_a_team_confirmed_is_of_this_reading_alone() -> None:
    entry = {"name": "tramadol", "state": "current", "dose": {"tramadol": 50}, "per_day_min": 2, "per_day_max": 2}
    case = {"as_of": DAY.isoformat(), "medicines": [entry]}
    [line] = of_case(Profile.from_dict(case))
    assert not line.confirmed
    kept = Profile.from_dict({**case, "confirmed": [line.key]})
    assert Profile.from_dict(kept.to_dict()) == kept
    assert of_case(kept)[0].confirmed
    other = Profile.from_dict({**case, "medicines": [{**entry, "per_day_max": 3}], "confirmed": [line.key]})
    assert not of_case(other)[0].confirmed


def test_a_pdmp_export_says_of_each_fill_what_is_wrong_with_it_by_its_line() -> None:
    text = (
        "fill date,drug,quantity,days supply\n2026-10-28,OXYCODONE HCL 10 MG TABLET,120,30\n"
        "13/45/2026,TRAMADOL HCL 50 MG TABLET,60,30\n2026-10-20,BLORPAZINE 5 MG,30,30\n"
    )
    profile, remarks = of_export(read_pdmp(text, DAY, CONTENT), CONTENT)
    found = of_case(profile, remarks)
    assert [(line.resource, bool(line.doubts)) for line in found] == [
        ("line 3", True),
        ("line 4", True),
        ("line 2", False),
    ]
    assert found[0].doubts[0].startswith("not understood: fill date '13/45/2026' is no day")
    assert found[2].made == "oxycodone, 10 mg, 4 a day, oral, in use"
