"""A request is about the one whom its patientId names: what cannot be read as an id is never taken for whoever is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.fhir import FhirError, answer, read
from pathways.fhir.bundle import HOOKS
from pathways.fhir.cards import EXTENSION
from pathways.fhir.cards import HOOKS as ANSWERED
from tests.fhir.test_whose import DAY, A, condition, patient, request, taken

CANNOT = "This request names no patient that can be read, and was not checked"
UNREAD: tuple[Any, ...] = (
    *(
        "urn:uuid:b",
        "patient/b",
        "PATIENT/b",
        "Patients/b",
        "https://h.org/fhir/patient/b",
        "Person/b",
        "Group/b",
        "#b",
    ),
    *("Patient/b/x", "./b", "b/../a", "a b", "a,b", "a|b", "*", "\u0430", "Patient?identifier=b", "mailto:b", "a#b"),
    *("", " ", "Patient/", "Patient/ ", "b" * 300, "a" * 5000),
    *(None, True, False, 1.5, ["a"], ["b"], {"reference": "Patient/b"}, {"reference": "Patient/a"}, {}, []),
)


@pytest.mark.parametrize("given", UNREAD, ids=lambda given: repr(given)[:30])
def test_what_cannot_be_read_as_an_id_is_answered_with_one_card_and_no_advice(given: Any) -> None:
    data = request("a", patient("a"), condition("x", A))
    data["context"]["patientId"] = given
    (card,) = answer(data, DAY)["cards"]
    assert card["summary"] == CANNOT
    assert "send context.patientId" in card["detail"].replace("\\", "")
    with pytest.raises(FhirError, match="nothing was checked") as error:
        read(data, as_of=DAY)
    assert len(error.value.problems) == 1
    assert "Patient/Patient" not in str(error.value)


@pytest.mark.parametrize("hook", ANSWERED)
def test_each_hook_needs_a_patient(hook: str) -> None:
    assert set(ANSWERED) <= set(HOOKS)
    data = {**request(None, patient("a"), condition("x", A)), "hook": hook}
    (card,) = answer(data, DAY)["cards"]
    assert card["summary"] == CANNOT
    assert "has no patientId" in card["detail"]
    (card,) = answer({**data, "context": {}}, DAY)["cards"]
    assert card["summary"] == CANNOT


@pytest.mark.parametrize(
    "given",
    ["a", " a ", "a\u200b", "Patient/a", "/Patient/a", "Patient/a/", "Patient/a/_history/3", "https://h.org/fhir/Patient/a",
     "http://h.org:8080/Patient/a/_history/1"],
)  # fmt: skip  # data, read across
def test_the_id_of_the_person_is_read_however_it_is_written(given: str) -> None:
    assert taken(request(given, patient("a"), condition("x", A))) == ["sleep_apnea"]
    others = request(given, patient("b"), condition("x", {"reference": "Patient/b"}))
    assert answer(others, DAY)["extension"][EXTENSION]["refused"].startswith("the request asks about Patient/a")


def test_an_id_may_be_a_number_and_an_address_one_that_a_patient_has() -> None:
    five = {"reference": "Patient/5"}
    assert taken(request(5, patient("5"), condition("x", five))) == ["sleep_apnea"]
    at = "urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    here = request(at.upper(), patient("a"), condition("x", {"reference": at}), patient_at=at)
    assert taken(here) == ["sleep_apnea"]
    elsewhere = request(at[:-1] + "8", patient("a"), condition("x", {"reference": at}), patient_at=at)
    assert answer(elsewhere, DAY)["cards"][0]["summary"] == CANNOT


def test_the_command_says_it_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request("Patients/b", patient("a"), condition("x", A))), "utf-8")
    for words in (["hook", "--text"], ["hook", "--report"], ["review"]):
        assert main([*words, str(file), "--as-of", "2026-11-02"]) == 2
        err = capsys.readouterr().err
        assert "its patientId ('Patients/b') cannot be read as the id of a Patient" in err
    assert main(["hook", str(file), "--as-of", "2026-11-02"]) == 0
    assert [card["summary"] for card in json.loads(capsys.readouterr().out)["cards"]] == [CANNOT]


@pytest.mark.parametrize("kind", ["Group", "Device", "RelatedPerson", "Practitioner", "group", "Medication"])
def test_a_subject_whose_type_is_another_than_that_of_its_address_is_set_aside(kind: str) -> None:
    odd = {"reference": "Patient/a", "type": kind}
    made = read(request("a", patient("a"), condition("x", A), condition("y", odd)), as_of=DAY)
    assert [c.id for c in made.profile.conditions] == ["sleep_apnea"]
    assert [note for note in made.report.of("conflict") if f"{kind.capitalize()}, by its type" in note.text]
    ordered = answer(request("a", patient("a"), drafts=[condition("d", odd)]), DAY)
    assert "This order names another patient and was not checked" in [card["summary"] for card in ordered["cards"]]


@pytest.mark.parametrize("kind", ["Patient", "patient", "http://hl7.org/fhir/StructureDefinition/Patient"])
def test_the_type_of_a_patient_says_nothing_else(kind: str) -> None:
    same = {"reference": "Patient/a", "type": kind}
    assert taken(request("a", patient("a"), condition("x", same))) == ["sleep_apnea"]
