"""What was understood of an import, in the form: confirm, correct, take out; and names that are typed. Without a browser."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.widgets import CaseConference
from pathways.profile import Profile
from tests.conftest import reference_path
from tests.fhir.requests import TODAY, order
from tests.fhir.test_in_use import bundle
from tests.fhir.test_sample import SAMPLE

DAY = date(2026, 11, 2)
EXPORT = SAMPLE.parents[1] / "pdmp_export.csv"


@pytest.fixture
def form() -> CaseConference:
    return CaseConference(as_of=DAY)


def lines(form: CaseConference) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = form.view["record"]["lines"]
    return found


def line(form: CaseConference, own: str) -> dict[str, Any]:
    [found] = [one for one in lines(form) if own in one["own"]]
    return found


def send_confirm(form: CaseConference, n: int, on: bool = True) -> None:
    form._message(None, {"do": "confirm", "line": n, "on": on})


def test_each_entry_stands_beside_what_was_made_of_it_and_leads_to_its_place(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    found = lines(form)
    assert found[0]["own"] == "Opioid dependence, uncomplicated"
    assert [bool(one["doubts"]) for one in found] == sorted((bool(one["doubts"]) for one in found), reverse=True)
    assert form.view["record"]["to_confirm"] == 1
    for one in found:
        which, _, n = one["at"].partition(".")
        if n.isdigit():
            assert form.view["record"]["own"][one["at"]] == one["own"]
            assert form.state[which][int(n)]["was"]["name"] == one["own"]
        else:
            assert one["at"] in form.spec["rows"]
    json.dumps(form.view)


def test_confirming_a_coded_diagnosis_makes_it_confirmed_and_can_be_taken_back(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    n, before = lines(form)[0]["n"], form.state
    send_confirm(form, n)
    now = lines(form)[0]
    assert (now["state"], now["says"]) == ("confirmed", "Confirmed by the team")
    assert now["made"].endswith("active, confirmed")
    assert form.view["record"]["to_confirm"] == 0
    assert [c.certainty for c in form.profile.conditions if c.name == now["own"]] == ["confirmed"]
    assert form.profile.confirmed == (f"{now['own']} → {now['made']}",)
    again = Profile.from_dict(form.profile.to_dict())
    assert again.confirmed == form.profile.confirmed
    send_confirm(form, n, on=False)
    assert form.state == before
    assert form.view["record"]["to_confirm"] == 1


def test_what_is_changed_in_the_form_is_corrected_and_what_is_removed_is_said(form: CaseConference) -> None:
    form.load_record(SAMPLE)
    one = line(form, "oxycodone")
    n = int(one["at"].split(".")[1])
    medicines = [{**m} for m in form.state["medicines"]]
    medicines[n]["times"] = "2"
    form.state = {**form.state, "medicines": medicines}
    assert line(form, "oxycodone")["state"] == "corrected"
    assert "15 mg, 2 a day" in line(form, "oxycodone")["made"]
    send_confirm(form, one["n"])
    assert line(form, "oxycodone")["state"] == "confirmed", "what was corrected can be confirmed too"
    form.state = {**form.state, "medicines": [m for k, m in enumerate(medicines) if k != n]}
    assert line(form, "oxycodone")["state"] == "removed"
    assert line(form, "clonazepam")["at"] == "medicines.0"
    form.set("observations.weight", 72)
    weight = next(one for one in lines(form) if one["made"].startswith("Weight"))
    assert weight["state"] == "corrected"


def test_what_leaves_something_unknown_cannot_be_confirmed(form: CaseConference, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    allergic = {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "blorpazine"}}
    swab = {"resourceType": "Observation", "id": "x", "status": "final", "code": {"text": "swab"}, "valueString": "?"}
    path.write_text(json.dumps(bundle(order(written=5, id="m"), allergic, swab)), "utf-8")
    form.state = {**form.state, "as_of": TODAY.isoformat()}
    form.load_record(path)
    one = line(form, "blorpazine")
    assert not one["sure"]
    assert one["at"] == "allergies.0"
    before = form.state
    send_confirm(form, one["n"])
    assert form.state == before
    for bad in (-1, 99, "0", None, True):
        form._message(None, {"do": "confirm", "line": bad, "on": True})
    assert [a.name for a in form.profile.allergies] == ["blorpazine"]


@pytest.mark.parametrize(("words", "offer"), [("methadose", "methadose"), ("zanaflexx", "zanaflex")])
def test_words_that_were_left_out_can_be_taken_up(form: CaseConference, tmp_path: Path, words: str, offer: str) -> None:
    path = tmp_path / "record.json"
    said = {"resourceType": "MedicationStatement", "id": "s", "status": "active"}
    path.write_text(json.dumps(bundle({**said, "medicationCodeableConcept": {"text": words}})), "utf-8")
    form.load_record(path)
    at = line(form, words)["at"]
    assert "Not recognized" in form.view["notes"][at], (
        "whether it is in use is not known, so it is no entry of that medicine"
    )
    assert form.view["offers"][at] == [offer]


def test_the_same_list_for_an_export_and_a_case_file(form: CaseConference, tmp_path: Path) -> None:
    form.load_record(EXPORT)
    assert [one["where"] for one in lines(form)][:2] == ["line 6", "line 4"]
    assert "is no day" in lines(form)[0]["doubts"][0]
    assert not lines(form)[0]["sure"]
    assert lines(form)[1]["sure"]
    send_confirm(form, lines(form)[1]["n"])
    assert form.view["record"]["to_confirm"] == 1
    saved = tmp_path / "case.toml"
    form.profile.save(saved)
    form._message(None, {"do": "record_done"})
    case = tmp_path / "words.toml"
    case.write_text(
        'medicines = [{name = "blorpazine", state = "current"}, {name = "norco", state = "current"}]\n', "utf-8"
    )
    form.load(case)
    assert [(one["own"], bool(one["doubts"])) for one in lines(form)] == [("blorpazine", True), ("norco", False)]
    form.load(saved)
    assert form.profile.confirmed
    form.load(SAMPLE.parents[1] / "cases/low_risk.toml")
    assert form.view["record"] is None, "a case file with nothing to confirm brings no report"


def test_two_equal_entries_are_two_lines_each_with_its_own_place(form: CaseConference, tmp_path: Path) -> None:
    case = tmp_path / "words.toml"
    case.write_text(
        'medicines = [{name = "blorpazine", state = "current"}, {name = "blorpazine", state = "current"}]', "utf-8"
    )
    form.load(case)
    assert [one["at"] for one in lines(form)] == ["medicines.0", "medicines.1"]


# ---- names that are typed ---------------------------------------------------------------------------------------


def names_of_a_clinic() -> list[str]:
    return [name for name in reference_path("cases/words/names_us_clinic.txt").read_text("utf-8").splitlines() if name]


def test_every_name_of_a_clinic_is_recognized_and_says_as_what(form: CaseConference) -> None:
    for name in names_of_a_clinic():
        form.state = {**form.state, "medicines": []}
        form.add_medicine(name)
        [entry] = form.profile.medicines
        assert entry.ingredients, name
        labels = {form.content.medicines[i].label.lower() for i in entry.ingredients}
        said = form.view["notes"].get("medicines.0", "")
        assert all(label in said.lower() for label in labels) or name in labels, (name, said)
        assert form.view["offers"] == {}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("percocet", "Understood as oxycodone + acetaminophen, oral."),
        ("Percocet blorp", "Understood in part, as oxycodone + acetaminophen; not understood: blorp."),
        ("Xanax + Ambien", "Understood in part, as alprazolam + zolpidem; more than one product."),
        ("acarbose", "Understood as a medicine of no ingredient that a rule asks for."),
        ("blorpazine", "Not recognized"),
    ],
)
def test_a_name_says_what_was_understood_by_it(form: CaseConference, typed: str, says: str) -> None:
    form.add_medicine(typed)
    assert form.view["notes"]["medicines.0"].startswith(says)


def test_a_name_that_is_misspelled_is_offered_right(form: CaseConference) -> None:
    for typed, meant in (("gabapentn", "gabapentin"), ("zanaflexx", "zanaflex"), ("lorazzzepam", "lorazepam")):
        form.state = {**form.state, "medicines": []}
        form.add_medicine(typed)
        told = form.view["notes"]["medicines.0"].lower()
        assert meant in told, told


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("hypertension", "Understood as: High blood pressure."),
        ("essential hypertension", "Understood as: High blood pressure, active, confirmed."),
        ("mother with OUD", "Understood as: of no group that a rule asks for."),
        ("hypertension, blorpitis", "Understood in part: High blood pressure, active, confirmed. Not recognized"),
        ("blorpitis", "Not recognized"),
    ],
)
def test_a_condition_says_what_was_understood_by_it(form: CaseConference, typed: str, says: str) -> None:
    form.state = {**form.state, "conditions": [{"what": typed, "none": False}]}
    assert form.view["notes"]["conditions.0"].startswith(says)
