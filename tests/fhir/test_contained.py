"""Whose it is where no name tells: contained Patients, what an observation is about, and subjects that say nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.fhir import FhirError, answer, read
from pathways.fhir.cards import EXTENSION
from pathways.fhir.particulars import particulars, surely_one, surely_two
from pathways.fhir.understood import understood
from tests.fhir.test_whose import DAY, MRN_1, A, B, bundle, condition, patient, request, taken

MAN = {"resourceType": "Patient", "id": "a", "gender": "male", "birthDate": "1962-03-09", "name": [{"family": "Ash"}]}
OTHER_NUMBER = {**MRN_1, "value": "2"}


def inside(name: str, key: str = "q", /, **said: Any) -> dict[str, Any]:
    """A condition with a Patient of its own."""
    return {**condition(name, {"reference": f"#{key}"}), "contained": [{"resourceType": "Patient", "id": key, **said}]}


def doubts(data: Any) -> dict[str, tuple[str, ...]]:
    """What is to be confirmed, by resource."""
    return {line.resource: line.doubts for line in understood(read(data, as_of=DAY)) if line.to_confirm}


def whose(data: Any) -> list[str]:
    """The resources of which it is not sure whose they are."""
    return sorted(name for name, said in doubts(data).items() if any("whose is this" in words for words in said))


OTHERS: dict[str, dict[str, Any]] = {
    "another birth date": {"birthDate": "1991"},
    "another sex and family name": {"gender": "female", "name": [{"family": "Birch"}]},
    "another name as a text, and sex": {"gender": "female", "name": [{"text": "Birch"}]},
    "another number": {"identifier": [OTHER_NUMBER], "birthDate": "1962-03-09"},
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("key", ["q", "a"])
def test_a_contained_patient_who_is_surely_another_is_refused(name: str, key: str) -> None:
    person = {**MAN, "identifier": [MRN_1]}
    theirs = inside("x", key, **OTHERS[name])
    with pytest.raises(FhirError, match=r"the records of 2 people .*; give the record of one person"):
        read(bundle(person, condition("mine", A), theirs), as_of=DAY)
    alone = {key: value for key, value in person.items() if key not in ("resourceType", "id")}
    with pytest.raises(FhirError, match=r"the records of 2 people .*; give the record of one person"):
        read(bundle(inside("y", **alone), theirs), as_of=DAY)


@pytest.mark.parametrize("name", OTHERS)
def test_in_a_request_it_is_set_aside_and_an_order_for_it_is_not_checked(name: str) -> None:
    person = {**MAN, "identifier": [MRN_1]}
    found = read(request("a", person, condition("mine", A), inside("x", **OTHERS[name])), as_of=DAY)
    assert (len(found.profile.conditions), [r.name for r in found.others]) == (1, ["Condition/x"])
    draft = {
        **inside("d", **OTHERS[name]), "resourceType": "MedicationRequest", "status": "draft", "intent": "order",
        "medicationCodeableConcept": {"text": "oxycodone 30 mg tablet"},
    }  # fmt: skip  # data, read across
    (card,) = answer(request("a", person, drafts=[draft]), DAY)["cards"]
    assert card["summary"] == "This order names another patient and was not checked"


def test_one_particular_that_differs_is_to_be_confirmed() -> None:
    for said in ({"gender": "female"}, {"name": [{"family": "Birch"}]}, {"birthDate": "1962-03-09"}, {}):
        assert whose(bundle(MAN, condition("mine", A), inside("x", **said))) == ["Condition/x"]


def test_a_contained_patient_who_is_surely_the_person_is_not() -> None:
    same = {key: value for key, value in MAN.items() if key not in ("resourceType", "id")}
    assert whose(bundle(MAN, condition("mine", A), inside("x", **same))) == []
    assert whose(bundle(inside("x", **same), inside("y", **same))) == []
    assert whose(bundle(inside("x", gender="male"))) == []
    number = {"identifier": [MRN_1]}
    assert whose(bundle({**MAN, **number}, condition("mine", A), inside("x", **number))) == []


def test_a_birth_date_alone_tells_apart_and_never_together() -> None:
    one, other = particulars({"birthDate": "1962-03-09"}), particulars({"birthDate": "1962-03"})
    assert not surely_two(one, other)
    assert not surely_one(one, one)
    assert surely_two(one, particulars({"birthDate": "1963"}))


QTC: dict[str, Any] = {
    "resourceType": "Observation", "id": "o", "status": "final", "subject": A, "effectiveDateTime": "2026-10-28",
    "code": {"coding": [{"system": "http://loinc.org", "code": "8634-8"}], "text": "QTc"},
    "valueQuantity": {"value": 571, "unit": "ms", "code": "ms", "system": "http://unitsofmeasure.org"},
    "contained": [{"resourceType": "RelatedPerson", "id": "r", "patient": A}],
}  # fmt: skip  # data, read across


@pytest.mark.parametrize(
    "focus",
    [
        B, "Patient/b", {"reference": "#r"}, {"reference": "RelatedPerson/r"}, {"identifier": OTHER_NUMBER},
        {"reference": "https://far.example/Patient/b"}, {"reference": "urn:uuid:5"}, {"reference": "#none"},
        {"reference": "b"}, {"reference": "patient/b"}, {"display": "the child"}, {"reference": "Device/d"},
    ],
    ids=str,
)  # fmt: skip  # inputs, read across
@pytest.mark.parametrize("present", [True, False])
def test_a_measurement_about_another_than_its_subject_is_left_out_and_said(focus: Any, present: bool) -> None:
    seen = {**QTC, "focus": [focus]}
    more = [patient("b")] if present else []
    files = [] if present and focus != B else [bundle(patient("a"), *more, seen)]
    for data in (*files, request("a", patient("a"), *more, seen)):
        found = read(data, as_of=DAY)
        assert found.profile.observations == ()
        assert any(n.resource == "Observation/o" and n.kind in ("conflict", "not_used") for n in found.report.notes)
        assert found.report.unaccounted() == ()


@pytest.mark.parametrize(
    "focus",
    [None, A, {"reference": "https://here.example/Patient/a"}, {"identifier": MRN_1}, {"reference": "Condition/c"}],
    ids=str,
)
def test_a_measurement_about_its_subject_is_read(focus: Any) -> None:
    seen = QTC if focus is None else {**QTC, "focus": [focus]}
    assert len(read(bundle({**patient("a"), "identifier": MRN_1}, seen), as_of=DAY).profile.observations) == 1


VAGUE = [
    {"reference": "patient/b"}, {"reference": "b"}, {"reference": "Patient%2Fb"}, {"reference": "Patient//b"},
    {"reference": "#nobody"}, {"reference": "https://far.example/Patient?identifier=urn:mrn|2"},
    {"type": "Patient", "identifier": OTHER_NUMBER}, {"display": "somebody else"}, 7,
]  # fmt: skip  # inputs, read across


@pytest.mark.parametrize("subject", VAGUE, ids=str)
def test_a_subject_that_cannot_be_compared_is_to_be_confirmed(subject: Any) -> None:
    data = bundle(MAN, condition("mine", A), condition("x", subject))
    assert (len(taken(data)), whose(data)) == (1, ["Condition/x"])  # both are one entry of the profile
    draft = {
        **condition("d", subject), "resourceType": "MedicationRequest", "status": "draft", "intent": "order",
        "medicationCodeableConcept": {"text": "oxycodone 30 mg tablet"},
    }  # fmt: skip  # data, read across
    cards = answer(request("a", MAN, drafts=[draft]), DAY)["cards"]
    said = [c["summary"] for c in cards if c["extension"][EXTENSION]["kind"] == "another_patient"]
    assert [words.split(":")[0] for words in said] == ["Whose this order is cannot be told from the subject"]
    assert len(cards) > 1


def test_an_entry_without_a_subject_is_to_be_confirmed_beside_a_person_and_not_alone() -> None:
    assert whose(bundle(MAN, condition("mine", A), condition("x", None))) == ["Condition/x"]
    assert whose(bundle(condition("x", None))) == []
    assert whose(request("a", MAN, condition("x", None))) == []


def test_a_subject_that_is_the_person_is_not_doubted() -> None:
    assert whose(bundle(MAN, condition("x", A), condition("y", {"reference": "Patient/a/_history/4"}))) == []
    assert whose(bundle(patient(None), condition("x", A))) == []


def person(**said: Any) -> dict[str, Any]:
    return {"resourceType": "Person", "id": "p", "link": [{"target": A}, {"target": B, **said}]}


@pytest.mark.parametrize("linked", [{**person(), "active": False}, person(assurance="level1")], ids=str)
def test_a_link_that_proves_nothing_joins_nobody(linked: dict[str, Any]) -> None:
    data = bundle(patient("a"), patient("b"), condition("x", A), condition("y", B))
    joined = read({**data, "entry": [*data["entry"], {"resource": {**person(), "active": True}}]}, as_of=DAY)
    assert len(joined.conditions) == 2
    with pytest.raises(FhirError, match="the records of 2 people"):
        read({**data, "entry": [*data["entry"], {"resource": linked}]}, as_of=DAY)


def test_one_id_with_two_numbers_of_one_system_or_two_sexes_is_two_people() -> None:
    one = {**patient("a"), "identifier": [MRN_1]}
    for other in ({**one, "identifier": [OTHER_NUMBER]}, {**one, "gender": "male"}):
        with pytest.raises(FhirError, match=r"the records of 2 people \(both Patient/a, .*\); give the record of one"):
            read(bundle(one, other, condition("x", A)), as_of=DAY)
        (card,) = answer(request("a", one, other, condition("x", A)), DAY)["cards"]
        assert card["summary"].endswith("nothing was checked")
    assert taken(bundle(one, {**one, "identifier": [MRN_1, OTHER_NUMBER]}, condition("x", A))) == ["sleep_apnea"]


@pytest.mark.parametrize("value", [-1, "NaN", "two"])
def test_a_dose_that_is_no_amount_is_to_be_confirmed(value: Any) -> None:
    order = {
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order", "subject": A,
        "authoredOn": "2026-10-25", "medicationCodeableConcept": {"text": "oxycodone 5 mg tablet"},
        "dosageInstruction": [{
            "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": value, "unit": "tablet"}}],
        }],
    }  # fmt: skip  # data, read across
    assert any("no amount" in words for words in doubts(bundle(patient("a"), order))["MedicationRequest/m"])


@pytest.mark.parametrize("born", ["2030-01-01", "1850-01-01", "yesterday"])
def test_a_birth_date_that_cannot_be_is_to_be_confirmed(born: str) -> None:
    data = bundle(patient("a", born), condition("x", A))
    assert "Patient/a" in doubts(data)
    assert "age_years" not in read(data, as_of=DAY).profile.answers
    assert "Patient/a" not in doubts(bundle(patient("a"), condition("x", A)))


def test_the_command_refuses_two_contained_people_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(bundle(inside("x", birthDate="1962"), inside("y", birthDate="1991"))), "utf-8")
    assert main(["review", str(file), "--as-of", "2026-11-02"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(
        "the records of 2 people (a Patient inside Condition/x, a Patient inside Condition/y); "
        "give the record of one person\n"
    )
