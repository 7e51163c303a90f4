"""A name that its ingredients or dose speak against, and amounts that nobody has: named, kept open, never used as sure."""

from __future__ import annotations

from typing import Any

import pytest

from pathways import review
from pathways.content import load_content
from pathways.facts import Facts, derive
from pathways.facts.believable import doubted
from pathways.facts.mme import OpioidDose
from pathways.facts.understood import of_case
from pathways.language import Range
from pathways.profile import Medicine, Profile

CONTENT = load_content()


def person(*medicines: dict[str, Any], **lists: Any) -> Profile:
    return Profile.from_dict(
        {
            "as_of": "2026-11-02",
            "answers": {"age_years": 58},
            "medicines": [{"state": "current", **one} for one in medicines],
            "complete": {"medicines": "yes"},
            **lists,
        },
        CONTENT,
    )


def facts(*medicines: dict[str, Any], **lists: Any) -> Facts:
    return derive(person(*medicines, **lists), content=CONTENT)


def four(**entry: Any) -> dict[str, Any]:
    return {"per_day_min": 4, "per_day_max": 4, "route": "oral", **entry}


# ---- a name against what is listed beside it ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "open_facts"),
    [
        ({"name": "Norco 10/325", "ingredients": ["acetaminophen"]}, ["takes_opioid", "takes_opioid_full_agonist"]),
        ({"name": "Norco 10/325", "dose": {"acetaminophen": 325}}, ["takes_opioid"]),  # by the keys of its dose alone
        ({"name": "Tylenol #3", "ingredients": ["acetaminophen"]}, ["takes_opioid"]),
        ({"name": "Suboxone 8-2", "ingredients": ["naloxone"]}, ["takes_opioid", "takes_buprenorphine", "takes_moud"]),
        ({"name": "Xanax and oxycodone", "ingredients": ["oxycodone"]}, ["takes_benzodiazepine"]),
        ({"name": "Fioricet with codeine", "ingredients": ["caffeine"]}, ["takes_opioid", "takes_barbiturate"]),
        ({"name": "gabapentin 300 mg", "ingredients": ["ibuprofen"]}, ["takes_gabapentinoid"]),
        ({"name": "methadone", "ingredients": ["acetaminophen"]}, ["takes_methadone_oud", "takes_methadone_pain"]),
        ({"name": "Xanax", "class": "opioid"}, ["takes_benzodiazepine"]),
        ({"name": "oxycodone zzyx", "ingredients": ["ibuprofen"]}, ["takes_opioid"]),  # known in part
    ],
)
def test_what_the_name_holds_beyond_the_list_is_open_and_both_are_named(
    entry: dict[str, Any], open_facts: list[str]
) -> None:
    found = facts(entry)
    assert [found.values[fact] for fact in open_facts] == [None] * len(open_facts)
    [dispute] = found.disputes
    assert dispute.id == "name.medicines.0"
    assert dispute.ask == "medicines.0"
    assert "line 1" in dispute.title
    assert "mend the name" in dispute.title


def test_what_is_listed_goes_on_warning() -> None:
    found = facts(four(name="oxycodone 10 mg", ingredients=["hydrocodone"], dose={"hydrocodone": 10}))
    assert found.values["takes_opioid"] is True
    assert found.values["mme_per_day"] == Range(40, 5000)  # how much oxycodone is not known
    assert found.values["takes_benzodiazepine"] is False  # neither says so


def test_an_opioid_of_the_name_alone_leaves_mme_open() -> None:
    found = facts(four(name="Norco 10/325", ingredients=["acetaminophen"], dose={"acetaminophen": 325}))
    assert found.values["mme_per_day"] == Range(0, 5000)
    assert found.values["acetaminophen_mg_per_day"] == Range(1300, 1300)
    counted = facts({"name": "Tylenol #3", "ingredients": ["codeine"]}).values["acetaminophen_mg_per_day"]
    assert isinstance(counted, Range)
    assert counted.hi > counted.lo


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "Percocet 5/325", "ingredients": ["oxycodone", "acetaminophen"]},
        {"name": "my white pills", "ingredients": ["oxycodone"]},
        {"name": "Voltaren gel", "ingredients": ["diclofenac"]},  # the same, put on the skin
        {"name": "oxycodone", "class": "opioid"},  # one of the class, and the name says which
        {"name": "alprazolam (in: Xanax and oxycodone)", "ingredients": ["alprazolam"]},  # one of several of a text
        {"name": "Tylenol #3", "ingredients": ["acetaminophen"], "state": "stopped"},
    ],
)
def test_a_name_that_fits_is_no_dispute(entry: dict[str, Any]) -> None:
    assert facts(entry).disputes == ()


# ---- a strength in the name against the dose ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dose"),
    [
        ("oxycodone 5 mg", {"oxycodone": 50}),
        ("oxycodone 50 mg", {"oxycodone": 5}),
        ("oxycodone 30 mg tablet", {"oxycodone": 3}),
        ("oxycodone 15 mg", {"oxycodone": 0.015}),  # another unit
        ("oxycodone 30 mg", {"oxycodone": 13}),  # no quarter of it
        ("oxycodone 5 mg", {"oxycodone": 105}),  # 21 tablets
        ("Percocet 5/325", {"oxycodone": 10, "acetaminophen": 325}),  # two of one, one of the other
    ],
)
def test_a_dose_that_is_no_number_of_the_named_tablets_is_neither_of_the_two(name: str, dose: dict[str, float]) -> None:
    found = facts(four(name=name, dose=dose))
    assert found.values["mme_per_day"] == Range(0, 5000)
    [dispute] = found.disputes
    assert dispute.id == "dose.medicines.0"
    assert "the name says" in dispute.title


@pytest.mark.parametrize(
    ("name", "dose", "mme"),
    [
        ("oxycodone 5 mg", {"oxycodone": 5}, 30),
        ("oxycodone 5 mg", {"oxycodone": 7.5}, 45),
        ("oxycodone 5 mg", {"oxycodone": 15}, 90),
        ("oxycodone 5 mg/5 mL solution", {"oxycodone": 12.3}, 73.8),  # a liquid is measured
        ("oxycodone 60 mg", {"oxycodone": 15}, 90),  # the amount of a day
        ("oxycodone", {"oxycodone": 50}, 300),
        ("Percocet 5/325", {"oxycodone": 10, "acetaminophen": 650}, 60),
    ],
)
def test_a_dose_that_is_one_counts(name: str, dose: dict[str, float], mme: float) -> None:
    found = facts(four(name=name, dose=dose))
    assert found.values["mme_per_day"] == Range(mme, mme)
    assert found.disputes == ()


# ---- amounts that nobody has --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ingredient", "mg", "times", "believed"),
    [
        ("acetaminophen", 500, 80, False),
        ("acetaminophen", 40_000, 1, False),
        ("acetaminophen", 5_000, 3, True),  # far too much, and it happens
        ("gabapentin", 30_000, 3, False),
        ("gabapentin", 1_800, 4, True),
        ("pregabalin", 7_500, 2, False),
        ("buprenorphine", 800, 2, False),
        ("buprenorphine", 16, 2, True),
        ("tramadol", 5_000, 4, False),
        ("ibuprofen", 80_000, 3, False),
        ("topiramate", 200, 2, True),  # its only limit is for a state of the person
        ("metformin", 1_000, 3, True),
        ("lorazepam", 1, 60, False),
        ("naproxen", 500, 2, True),
    ],
)
def test_one_rule_for_every_ingredient(ingredient: str, mg: float, times: float, believed: bool) -> None:
    entry = Medicine.model_validate({"ingredients": [ingredient], "state": "current"}, context={"content": CONTENT})
    route = "sublingual" if ingredient == "buprenorphine" else "oral"
    dose = OpioidDose(ingredient, mg, "mg", times, times, route)
    assert (doubted(dose, entry, CONTENT) == "") is believed
    found = facts({"ingredients": [ingredient], "dose": {ingredient: mg}, "per_day_min": times, "per_day_max": times})
    assert [d.id for d in found.disputes] == ([] if believed else ["dose.medicines.0"])


@pytest.mark.parametrize(
    ("ingredient", "mg", "route", "believed"),
    [
        ("venlafaxine", 300, "oral", True),  # above its label, as it is given at times
        ("venlafaxine", 750, "oral", False),
        ("pregabalin", 1_500, "oral", True),
        ("pregabalin", 2_400, "oral", False),
        ("tizanidine", 120, "oral", False),
        ("trazodone", 600, "oral", True),
        ("buprenorphine", 32, "sublingual", True),  # no limit, and far from the dose that is spoken of
        ("buprenorphine", 64, "sublingual", True),
        ("buprenorphine", 96, "sublingual", False),
        ("buprenorphine", 12, "buccal", True),  # a film for OUD in the cheek, of which the limit does not speak
        ("methadone", 300, "oral", True),  # nothing speaks of a highest dose: nothing is made up
        ("carisoprodol", 4_200, "oral", True),
    ],
)
def test_far_above_what_a_source_speaks_of_is_an_error_to_settle(
    ingredient: str, mg: float, route: str, believed: bool
) -> None:
    entry = Medicine.model_validate({"ingredients": [ingredient], "state": "current"}, context={"content": CONTENT})
    assert (doubted(OpioidDose(ingredient, mg, "mg", 1, 1, route), entry, CONTENT) == "") is believed


def test_every_multiple_has_its_reason_and_its_source() -> None:
    for record in CONTENT.believed_doses.values():
        assert record.why
        assert record.source
        limited = any(limit.per_day or limit.per_hour for limit in CONTENT.limits_of(record.of))
        assert record.spoken_of or limited  # a multiple of nothing says nothing


def test_a_dose_that_is_not_used_is_named_beside_what_was_understood() -> None:
    much = {"name": "duloxetine 60 mg", "dose": {"duloxetine": 240}, "per_day_min": 2, "per_day_max": 2}
    slip = {"name": "baclofen 10 mg", "dose": {"baclofen": 100}, "per_day_min": 1, "per_day_max": 1}
    high = {"name": "duloxetine 60 mg", "dose": {"duloxetine": 120}, "per_day_min": 1, "per_day_max": 1}
    ended = {**much, "state": "stopped", "name": "duloxetine 30 mg", "dose": {"duloxetine": 480}}
    profile = person(much, slip, high, ended)
    lines = {line.place: line for line in of_case(profile, content=CONTENT)}
    for place in ("medicines.0", "medicines.1"):
        [doubt] = lines[place].doubts
        assert doubt.startswith("settle: ")
        assert not lines[place].can_be_confirmed
    assert lines["medicines.2"].doubts == lines["medicines.3"].doubts == ()
    assert {d.ask for d in derive(profile, content=CONTENT).disputes} == {"medicines.0", "medicines.1"}


def test_an_unbelieved_dose_is_not_used_and_no_emergency_is_surely_present() -> None:
    made = {"name": "acetaminophen", "dose": {"acetaminophen": 500}, "per_day_min": 80, "per_day_max": 80}
    case = review(person(made))
    assert case.facts.values["acetaminophen_mg_per_day"] == Range(0, 100_000)
    state = {e.record.id: e.state for e in case.findings.emergencies}
    assert state.get("acetaminophen_overdose") != "present"
    much = review(person({**made, "per_day_min": 30, "per_day_max": 30}))  # 15 g is believed, and warns
    assert {e.record.id: e.state for e in much.findings.emergencies}["acetaminophen_overdose"] == "present"


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        ({"measure": "weight", "value": 7, "date": "2026-10-01"}, "Weight 7 kg"),
        ({"measure": "weight", "value": 24, "date": "2026-10-01"}, "Weight 24 kg"),
        ({"measure": "height", "value": 60, "date": "2026-10-01"}, "Height 60 cm"),
        ({"measure": "egfr", "value": 50, "date": "2027-01-01"}, "2027-01-01, after the day of review"),
    ],
)
def test_a_value_or_a_day_that_cannot_be_is_said_with_its_line(seen: dict[str, Any], says: str) -> None:
    [dispute] = facts(observations=[seen]).disputes
    assert dispute.title.startswith("Observations, line 1: ")
    assert says in dispute.title
    assert dispute.ask == seen["measure"]


def test_a_child_may_weigh_seven_kilograms() -> None:
    seen = {"measure": "weight", "value": 7, "date": "2026-10-01"}
    assert facts(observations=[seen], answers={"age_years": 1}).disputes == ()
