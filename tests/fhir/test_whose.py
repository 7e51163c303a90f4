"""Records of another person never join a profile; a file of several people is refused; what names nobody is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pathways.fhir import FhirError, read

DAY = date(2026, 11, 2)


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


def taken(data: Any) -> list[str]:
    return [c.id or "?" for c in read(data, as_of=DAY).profile.conditions]


MINE = [
    {"reference": "Patient/a"},
    {"reference": "https://records.example/fhir/Patient/a"},
    {"reference": "Patient/a/_history/3"},
    {"reference": "urn:uuid:1"},
    {"identifier": {"value": "77"}},
    {"reference": "urn:uuid:9"},
    None,
]


@pytest.mark.parametrize("subject", MINE, ids=str)
def test_what_is_or_may_be_the_persons_own_is_read(subject: dict[str, Any] | None) -> None:
    assert len(taken(bundle(patient("a"), condition("x", subject), a="urn:uuid:1"))) == 1


@pytest.mark.parametrize(
    "subject", [{"reference": "Patient/b"}, {"reference": "https://records.example/Patient/b"}], ids=str
)
def test_what_is_of_another_person_is_set_aside_and_said(subject: dict[str, Any]) -> None:
    data = bundle(patient("a"), condition("mine", {"reference": "Patient/a"}), condition("x", subject))
    found = read(data, as_of=DAY)
    assert len(found.profile.conditions) == 1
    said = [n for n in found.report.conflicts if n.resource == "Condition/x"]
    assert [n.text for n in said] == ["of another person (Patient/b): not used"]
    assert found.report.unaccounted() == ()


def test_a_request_says_whose_it_is() -> None:
    prefetch = {
        "patient": patient("a"), "other": patient("b", "1999-01-01"),
        "conditions": bundle(condition("x", {"reference": "Patient/a"}), condition("y", {"reference": "Patient/b"})),
    }  # fmt: skip  # data, read across
    hook = {"hook": "patient-view", "context": {"patientId": "b"}, "prefetch": prefetch}
    found = read(hook, as_of=DAY)
    assert found.profile.answers["age_years"] == 27
    assert {n.resource for n in found.report.conflicts} >= {"Patient/a", "Condition/x"}


def test_the_records_of_several_people_are_refused() -> None:
    two = (patient("a"), patient("b", "1999-01-01"))
    both = (condition("x", {"reference": "Patient/a"}), condition("y", {"reference": "Patient/b"}))
    with pytest.raises(FhirError, match="the records of 2 people"):
        read(bundle(*two, *both), as_of=DAY)
    # Two records of a person whom both name alike are one person's, as before.
    found = read(bundle(patient("a"), patient("b"), *both), as_of=DAY)
    assert "another person" not in str(found.report.to_dict())
