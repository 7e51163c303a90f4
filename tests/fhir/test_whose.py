"""Two people never become one: a file of several is refused in one sentence, a request for somebody else is one card."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.fhir import FhirError, answer, read
from pathways.fhir.cards import EXTENSION
from pathways.fhir.others import said_of
from tests.fhir.test_cards import VALID

DAY = date(2026, 11, 2)
MRN_1 = {"system": "urn:mrn", "value": "1"}


def patient(name: str | None, born: str = "1980-05-01") -> dict[str, Any]:
    return {"resourceType": "Patient", "birthDate": born, "gender": "female", **({"id": name} if name else {})}


def condition(name: str, subject: dict[str, Any] | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "Condition", "id": name,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G47.33"}]},
    }  # fmt: skip  # data, read across
    return found if subject is None else {**found, "subject": subject}


def bundle(*resources: dict[str, Any], **addresses: str) -> dict[str, Any]:
    entries = [{"resource": r, **({"fullUrl": a} if (a := addresses.get(r.get("id", ""))) else {})} for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def at(*entries: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A Bundle of resources, each with its address."""
    made = [{"resource": r, **({"fullUrl": address} if address else {})} for address, r in entries]
    return {"resourceType": "Bundle", "type": "collection", "entry": made}


def request(asked: Any, *resources: dict[str, Any], patient_at: str = "", drafts: Any = None) -> dict[str, Any]:
    """A request of a hook; the first resource may have an address."""
    context: dict[str, Any] = {} if asked is None else {"patientId": asked}
    if drafts is not None:
        context["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": d} for d in drafts]}
    first = {"fullUrl": patient_at} if patient_at else {}
    found = {
        f"item{n}": {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": r, **(first if not n else {})}],
        }
        for n, r in enumerate(resources)
    }
    return {"hook": "patient-view" if drafts is None else "order-sign", "context": context, "prefetch": found}


def found_conditions(data: Any) -> list[Any]:
    return list(read(data, as_of=DAY).conditions)


def taken(data: Any) -> list[str]:
    return [c.id or "?" for c in read(data, as_of=DAY).profile.conditions]


MINE = [
    {"reference": "Patient/a"},
    {"reference": "https://records.example/fhir/Patient/a"},
    {"reference": "Patient/a/_history/3"},
    {"reference": "urn:uuid:1"},
    {"reference": "URN:UUID:1"},
    {"reference": "a"},
    {"reference": "a", "type": "Patient"},
    {"reference": "nobody-in-particular"},
    {"reference": "#p"},
    {"reference": "#nothing"},
    {"identifier": {"value": "77"}},
    {"identifier": {"system": "urn:mrn", "value": "1"}},
    {"reference": "Patient/a", "identifier": {"system": "urn:mrn", "value": "1"}},
    {"reference": "Patient?identifier=urn:mrn|1"},
    {"identifier": {"system": "urn:another-register", "value": "2"}},
    {"display": "Somebody"},
    "Patient/a",
    7,
    None,
]


@pytest.mark.parametrize("subject", MINE, ids=str)
def test_what_is_or_may_be_the_persons_own_is_read(subject: Any) -> None:
    within = {"contained": [{"resourceType": "Patient", "id": "p", "identifier": MRN_1}]}
    person = {**patient("a"), "identifier": MRN_1}
    data = bundle(person, {**condition("x", subject), **within}, a="urn:uuid:1")
    assert len(taken(data)) == 1
    assert len(taken(request("a", person, data["entry"][1]["resource"], patient_at="urn:uuid:1"))) == 1


THEIRS = [
    {"reference": "Patient/b"},
    {"reference": "Patient/A"},
    {"reference": "Patient/b/_history/2"},
    {"reference": "https://records.example/Patient/b"},
    {"reference": "https://other.example/fhir/Patient/a"},
    {"reference": "urn:uuid:9"},
    {"reference": "#p"},
    {"identifier": {"system": "urn:mrn", "value": "2"}},
    {"reference": "Patient/a", "identifier": {"system": "urn:mrn", "value": "2"}},
    {"reference": "Patient?identifier=urn:mrn|2"},
    "Patient/b",
    [{"reference": "Patient/a"}, {"reference": "Patient/b"}],
]


@pytest.mark.parametrize("subject", THEIRS, ids=str)
@pytest.mark.parametrize("where", ["file", "prefetch", "draft"])
def test_what_is_of_another_person_is_refused_or_set_aside_and_said(subject: Any, where: str) -> None:
    person = {**patient("a"), "identifier": MRN_1}
    within = {"contained": [{"resourceType": "Patient", "id": "p", "identifier": {**MRN_1, "value": "2"}}]}
    mine, theirs = condition("mine", {"reference": "Patient/a"}), {**condition("x", subject), **within}
    server = "https://mine.example/fhir/Patient/a"
    address = "urn:uuid:1" if "urn" in str(subject) else server
    if where == "file":
        data = bundle(person, mine, theirs, a=address)
        with pytest.raises(FhirError, match=r"the records of 2 people .*; give the record of one person"):
            read(data, as_of=DAY)
        return
    if where == "prefetch":
        data = request("a", person, mine, theirs, patient_at=address)
    else:
        draft = {**theirs, "resourceType": "MedicationRequest", "status": "draft", "intent": "order"}
        data = request("a", person, mine, patient_at=address, drafts=[draft])
    found = read(data, as_of=DAY)
    assert [c.id for c in found.profile.conditions] == ["sleep_apnea"]
    assert not found.profile.medicines
    assert [n.field for n in found.report.conflicts] == ["subject"]
    assert found.report.unaccounted() == ()
    (said,) = said_of(found.others)
    assert (
        said
        == {
            "prefetch": "1 record sent with the request is of another patient: not read",
            "draft": "This order names another patient and was not checked",
        }[where]
    )
    card = next(c for c in answer(data, DAY)["cards"] if c["extension"][EXTENSION]["kind"] == "another_patient")
    assert (card["summary"], card["indicator"]) == (said, "warning" if where == "draft" else "info")


@pytest.mark.parametrize("kind", ["Group", "RelatedPerson", "Device", "Location"])
@pytest.mark.parametrize("how", ["reference", "urn", "contained", "type"])
def test_what_is_about_no_patient_is_not_the_persons(kind: str, how: str) -> None:
    word = {"reference": f"{kind}/1", "urn": "urn:uuid:2", "contained": "#g", "type": "1"}[how]
    about = {"resourceType": kind, "id": "g"}
    made = {**condition("x", {"reference": word, "type": kind}), "contained": [about]}
    found = read(bundle(patient("a"), about, made, g="urn:uuid:2"), as_of=DAY)
    assert found.profile.conditions == ()
    assert f"about no patient ({kind}): not used" in {n.text for n in found.report.conflicts}


# ---- the mix-ups ----------------------------------------------------------------------------------------------------

LOOSE = [
    {},
    {"type": "sibling"},
    {"type": "SEEALSO"},
    {"type": ["refer"]},
]
"""Links of a Patient that do not say, in R4's words, that both are one person's."""
UNSURE: list[dict[str, Any]] = [{"assurance": "none"}, {"assurance": ["level4"]}, {"assurance": "level1"}]

A, B, C = ({"reference": f"Patient/{name}"} for name in "abc")
TWINS = (patient("a"), patient("b"))
FEW = "the records of 2 people"
LINKED = FEW + " (Patient/a and Patient/b are linked as one, with different birth dates or sexes)"
ONE_ID = FEW + " (both Patient/a, with different record numbers, birth dates or sexes)"
BORN_APART = (patient("a"), patient("b", "1990-01-01"))
NOT_ASKED = "the request asks about Patient/a, and what it holds is of others"
NO_NAME = (patient(None), patient(None, "1990-01-01"))


def link(to: str, kind: str = "replaced-by") -> dict[str, Any]:
    return {"link": [{"other": {"reference": to}, "type": kind}]}


def person(*linked: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Person", "id": "p", "link": [{"target": one} for one in linked]}


# Each: the file, and the answer: a refusal in words, or how many conditions are read as the person's.
FILES: dict[str, tuple[Any, str | int]] = {
    "no Patient, two subjects": (bundle(condition("x", A), condition("y", B)), FEW),
    "no Patient, one subject": (bundle(condition("x", A), condition("y", A)), 2),
    "no Patient, two numbers": (
        bundle(condition("x", {"identifier": MRN_1}), condition("y", {"identifier": {**MRN_1, "value": "2"}})),
        FEW,
    ),
    "no Patient, two servers": (
        bundle(
            condition("x", {"reference": "https://a.example/Patient/a"}),
            condition("y", {"reference": "https://b.example/Patient/a"}),
        ),
        FEW,
    ),
    "no Patient, relative references beside addresses of two servers": (
        bundle(
            condition("x", A), condition("y", A), x="https://a.example/Condition/x", y="https://b.example/Condition/y"
        ),
        FEW,
    ),
    "no Patient, relative references beside addresses of one server": (
        bundle(
            condition("x", A), condition("y", A), x="https://a.example/Condition/x", y="http://A.example/Condition/y"
        ),
        2,
    ),
    "no Patient, two addresses": (
        bundle(condition("x", {"reference": "urn:uuid:1"}), condition("y", {"reference": "urn:uuid:2"})),
        FEW,
    ),
    "two Patients by their ids": (
        bundle(patient("a"), patient("b", "1999-01-01"), condition("x", A), condition("y", B)),
        FEW,
    ),
    "twins with one birth date": (bundle(*TWINS, condition("x", A), condition("y", B)), FEW),
    "no birth date": (
        bundle(*({"resourceType": "Patient", "id": n} for n in "ab"), condition("x", A), condition("y", B)),
        FEW,
    ),
    "two Patients, one without any record": (bundle(*TWINS, condition("x", A)), FEW),
    "two Patients and a record that names nobody": (bundle(*TWINS, condition("x", None)), FEW),
    "two Patients by fullUrl": (
        at(("urn:uuid:a", NO_NAME[0]), ("urn:uuid:b", NO_NAME[1]), ("", condition("x", {"reference": "urn:uuid:a"}))),
        FEW,
    ),
    "twins by fullUrl, alike in all else": (at(("urn:uuid:a", NO_NAME[0]), ("urn:uuid:b", NO_NAME[0])), FEW),
    "two Patients without any name": (bundle(*NO_NAME), FEW),
    "one id under two addresses without a server": (
        at(
            ("urn:uuid:a", TWINS[0]),
            ("urn:uuid:b", TWINS[0]),
            ("", condition("x", {"reference": "urn:uuid:a"})),
            ("", condition("y", {"reference": "urn:uuid:b"})),
        ),
        FEW,
    ),
    "one id under an address without a server and on one": (
        at(
            ("urn:uuid:a", TWINS[0]),
            ("https://b.example/Patient/a", TWINS[0]),
            ("", condition("x", {"reference": "urn:uuid:a"})),
        ),
        FEW,
    ),
    "one id under two addresses of no server, and a record that names the id": (
        at(("urn:uuid:a", TWINS[0]), ("https://b.example/people/7", TWINS[0]), ("", condition("x", A))),
        "the records of 3 people",
    ),
    "one id and one address, sent twice": (
        at(("urn:uuid:a", TWINS[0]), ("urn:uuid:a", TWINS[0]), ("", condition("x", A))),
        1,
    ),
    "one id and an address, and sent again without it": (
        at(("urn:uuid:a", TWINS[0]), ("", TWINS[0]), ("", condition("x", {"reference": "urn:uuid:a"}))),
        1,
    ),
    "two Patients at one fullUrl": (
        at(("urn:uuid:a", TWINS[0]), ("urn:uuid:a", TWINS[1]), ("", condition("x", A))),
        FEW,
    ),
    "one id on two servers": (
        at(("https://a.example/Patient/a", TWINS[0]), ("https://b.example/Patient/a", TWINS[0])),
        FEW,
    ),
    "a Patient and another server's record": (
        at(("https://a.example/fhir/Patient/a", TWINS[0]), ("https://b.example/fhir/Condition/x", condition("x", A))),
        FEW,
    ),
    "a Patient and a record of another path of the server": (
        at(("https://a.example/fhir/Patient/a", TWINS[0]), ("https://a.example/Condition/x", condition("x", A))),
        1,
    ),
    "a Patient whose records are all another's": (bundle(patient("a"), condition("x", B), condition("y", B)), FEW),
    "an id and two numbers": (
        bundle(
            condition("x", {**A, "identifier": MRN_1}), condition("y", {**A, "identifier": {**MRN_1, "value": "2"}})
        ),
        FEW,
    ),
    "one id, two numbers, both the Patient's": (
        bundle(
            {**patient("a"), "identifier": [MRN_1, {**MRN_1, "value": "2"}]},
            condition("x", {**A, "identifier": MRN_1}),
            condition("y", {"identifier": {**MRN_1, "value": "2"}}),
        ),
        2,
    ),
    "lines of two people": ([patient("a"), condition("x", A), patient("b"), condition("y", B)], FEW),
    "lines of one": ([patient("a"), condition("x", A), condition("y", A)], 2),
    "a Bundle in a Bundle": (bundle(patient("a"), condition("x", A), bundle(patient("b"), condition("y", B))), FEW),
    "merged, the other named": (bundle({**patient("a"), **link("Patient/b")}, condition("x", A), condition("y", B)), 2),
    "merged, both there": (
        bundle({**patient("a"), **link("Patient/b")}, patient("b"), condition("x", A), condition("y", B)),
        2,
    ),
    "merged, told by a Person": (
        bundle(
            *TWINS,
            condition("x", A),
            condition("y", B),
            {"resourceType": "Person", "id": "p", "link": [{"target": A}, {"target": B}]},
        ),
        2,
    ),
    "told by a Person to be one, of other births": (
        bundle(*BORN_APART, condition("x", A), condition("y", B), person(A, B)),
        LINKED,
    ),
    "told by a Person to be one, of other sexes": (
        bundle(patient("a"), {**patient("b"), "gender": "male"}, condition("x", A), condition("y", B), person(A, B)),
        LINKED,
    ),
    "told by a Person to be one with a third that says nothing": (
        bundle(*BORN_APART, {"resourceType": "Patient", "id": "c"}, condition("x", A), person(A, C), person(C, B)),
        LINKED,
    ),
    "told by a Person that is not in use": (
        bundle(*BORN_APART, condition("x", A), condition("y", B), {**person(A, B), "active": False}),
        FEW,
    ),
    "merged, both there, of other births": (
        bundle({**patient("a"), **link("Patient/b")}, patient("b", "1990-01-01"), condition("x", A)),
        LINKED,
    ),
    "merged, two numbers, as merged records have": (
        bundle(
            {**patient("a"), **link("Patient/b"), "identifier": [MRN_1]},
            {**patient("b", "1980"), "identifier": [{**MRN_1, "value": "2"}]},
            condition("x", A),
        ),
        1,
    ),
    "merged, of other births, one number": (
        bundle(*({**one, "identifier": [MRN_1]} for one in BORN_APART), condition("x", A), person(A, B)),
        1,
    ),
    "one id, two births": (bundle(patient("a"), patient("a", "1990-01-01"), condition("x", A)), ONE_ID),
    "one id, two sexes": (bundle(patient("a"), {**patient("a"), "gender": "male"}, condition("x", A)), ONE_ID),
    "one id, two records with other numbers": (
        bundle(*({**patient("a"), "identifier": [{**MRN_1, "value": n}]} for n in "12"), condition("x", A)),
        ONE_ID,
    ),
    "one id, one number, two births": (
        bundle(*({**patient("a", born), "identifier": [MRN_1]} for born in ("1980-05-01", "1990")), condition("x", A)),
        1,
    ),
    "one id, a birth date and its year": (bundle(patient("a"), patient("a", "1980"), condition("x", A)), 1),
    "one id, two births, the later version counts": (
        bundle(*({**patient("a", f"19{n}0-01-01"), "meta": {"versionId": str(n)}} for n in (8, 9)), condition("x", A)),
        1,
    ),
    "a Patient that only holds the policy": (
        bundle(*TWINS, condition("x", A), {"resourceType": "Coverage", "id": "c", "beneficiary": A, "subscriber": B}),
        1,
    ),
    "a policy that covers the child too": (
        bundle(patient("a"), condition("x", A), {"resourceType": "Coverage", "id": "c", "beneficiary": B}),
        1,
    ),
    "one Patient twice": (bundle(patient("a"), {**patient("a"), "maritalStatus": {"text": "M"}}, condition("x", A)), 1),
    "a Patient without an id": (bundle(patient(None), condition("x", A)), 1),
    "without any Patient or subject": (bundle(condition("x", None)), 1),
}


@pytest.mark.parametrize("loose", LOOSE, ids=str)
def test_a_link_that_does_not_say_so_makes_nobody_one(loose: dict[str, Any]) -> None:
    linked = {**patient("a"), "link": [{"other": B, **loose}]}
    with pytest.raises(FhirError, match=FEW):
        read(bundle(linked, patient("b"), condition("x", A), condition("y", B)), as_of=DAY)


@pytest.mark.parametrize("active", ["false", "true", 0, None])
def test_a_person_of_whom_it_cannot_be_read_that_it_is_in_use_links_nobody(active: Any) -> None:
    linked = {**person(A, B), "active": active}
    with pytest.raises(FhirError, match=FEW):
        read(bundle(*TWINS, linked, condition("x", A), condition("y", B)), as_of=DAY)


@pytest.mark.parametrize("unsure", UNSURE, ids=str)
def test_a_link_that_is_not_sure_links_nobody(unsure: dict[str, Any]) -> None:
    linked = {**person(A), "link": [{"target": A}, {"target": B, **unsure}]}
    with pytest.raises(FhirError, match=FEW):
        read(bundle(*TWINS, linked, condition("x", A), condition("y", B)), as_of=DAY)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_several_people_is_refused_in_one_sentence(name: str) -> None:
    data, expected = FILES[name]
    if isinstance(expected, int):
        assert len(read(data, as_of=DAY).report.of("used")) >= expected
        assert len(found_conditions(data)) == expected
        return
    with pytest.raises(FhirError) as error:
        read(data, as_of=DAY)
    (problem,) = error.value.problems
    assert problem.startswith(expected)
    assert problem.endswith("; give the record of one person")


# Each: the request, and the answer: the refusal, or how many conditions are read and what is said of the rest.
HOOKS: dict[str, tuple[dict[str, Any], str | tuple[int, int]]] = {
    "all of another": (request("a", patient("b"), condition("x", B)), NOT_ASKED),
    "records of two others": (request("a", condition("x", B), condition("y", C)), NOT_ASKED),
    "only another's Patient": (request("a", patient("b")), NOT_ASKED),
    "another's Patient, and an order of the one asked about": (
        request("a", patient("b"), drafts=[condition("d", A)]),
        NOT_ASKED,
    ),
    "the one asked about among others": (
        request("b", patient("a"), patient("b"), condition("x", A), condition("y", B)),
        (1, 2),
    ),
    "one id, two births": (request("a", patient("a"), patient("a", "1990-01-01"), condition("x", A)), ONE_ID),
    "told by a Person to be one with another": (
        request("a", *BORN_APART, condition("x", A), condition("y", B), person(A, B)),
        LINKED,
    ),
    "nobody is named": (request("a", condition("x", None)), (1, 0)),
    "nothing was sent": (request("a"), (0, 0)),
    "the id as a reference": (request("Patient/a", patient("a"), condition("x", A)), (1, 0)),
    "the id with its server": (request("https://a.example/fhir/Patient/a", patient("a"), condition("x", A)), (1, 0)),
    "a version of it": (request("a", patient("a"), condition("x", {"reference": "Patient/a/_history/2"})), (1, 0)),
    "the server of the request": (
        {
            **request("a", patient("a"), condition("x", {"reference": "https://a.example/fhir/Patient/a"})),
            "fhirServer": "https://a.example/fhir/",
        },
        (1, 0),
    ),
    "another server than that of the request": (
        {
            **request("a", patient("a"), condition("x", {"reference": "https://b.example/fhir/Patient/a"})),
            "fhirServer": "https://a.example/fhir/",
        },
        (0, 1),
    ),
    "the server by another address": (
        {
            **request("a", patient("a"), condition("x", A), patient_at="http://inside:8080/Patient/a"),
            "fhirServer": "https://a.example/fhir",
        },
        (1, 0),
    ),
    "replaced by the one asked about": (
        request("b", {**patient("b"), **link("Patient/a", "replaces")}, condition("x", A)),
        (1, 0),
    ),
    "a Patient without an id": (request("a", patient(None), condition("x", A)), (1, 0)),
}


@pytest.mark.parametrize("name", HOOKS)
def test_a_request_is_answered_for_the_one_whom_it_asks_about(name: str) -> None:
    data, expected = HOOKS[name]
    made = answer(data, DAY)
    assert [e.message for e in VALID.iter_errors(json.loads(json.dumps(made)))] == []
    if isinstance(expected, str):
        with pytest.raises(FhirError) as error:
            read(data, as_of=DAY)
        assert str(error.value).startswith(expected)
        assert made["extension"][EXTENSION]["refused"] == str(error.value)
        (card,) = made["cards"]
        assert card["summary"] == "These records are not, or not only, of the patient asked about: nothing was checked"
        return
    assert (len(taken(data)), len(read(data, as_of=DAY).others)) == expected


def test_the_age_is_that_of_the_one_whom_the_request_asks_about() -> None:
    data = request("b", patient("a"), patient("b", "1999-01-01"), condition("x", A), condition("y", B))
    assert read(data, as_of=DAY).profile.answers["age_years"] == 27


def test_several_orders_of_another_are_told_in_one_card() -> None:
    drafts = [
        {"resourceType": "MedicationRequest", "id": f"d{n}", "status": "draft", "intent": "order", "subject": B,
         "medicationCodeableConcept": {"text": "oxycodone 30 mg tablet"}}
        for n in range(3)
    ]  # fmt: skip  # data, read across
    (card,) = answer(request("a", patient("a"), drafts=drafts), DAY)["cards"]
    assert card["summary"] == "3 of these orders name another patient and were not checked"


@pytest.mark.parametrize("command", ["hook", "review"])
def test_the_command_says_it_in_one_sentence(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(FILES["twins with one birth date"][0]), "utf-8")
    assert main([command, str(file), "--as-of", "2026-11-02"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.endswith("the records of 2 people (Patient/a, Patient/b); give the record of one person\n")


def test_the_command_says_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request("a", patient("a"), condition("x", A), condition("y", B))), "utf-8")
    for words in (["review"], ["hook", "--text"]):
        assert main([*words, str(file), "--as-of", "2026-11-02"]) == 0
        assert "1 record sent with the request is of another patient: not read" in capsys.readouterr().err


def test_the_inputs_of_the_reference_material(reference: Callable[[str], Path]) -> None:
    def given(name: str) -> Any:
        return json.loads(reference(f"cases/hands/{name}.json").read_text("utf-8"))

    for name in ("mix1_no_patient", "mix9_urn"):
        with pytest.raises(FhirError, match="the records of 2 people"):
            answer(given(name), DAY)
    (card,) = answer(given("mix5_hook_wrong_patient"), DAY)["cards"]
    assert "asks about Patient/A, and what it holds is of others (Patient/B)" in card["detail"].replace("\\", "")
    (card,) = answer(given("mix8_order_for_other"), DAY)["cards"]
    assert card["summary"] == "This order names another patient and was not checked"
    assert len(answer(given("mix8_same"), DAY)["cards"]) == 2


def test_the_key_given_twice_of_the_reference_material(
    reference: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", str(reference("cases/hands/dupkeys.json")), "--as-of", "2026-11-02"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "is given twice" in err
