"""Code sets: each held to the value set that it cites, each code under the system that names it, code against text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pathways.content import load_content
from pathways.facts import derive
from pathways.fhir import codes as code_tables
from pathways.fhir import order_findings
from pathways.fhir.plain import Coding, Concept, concept
from pathways.fhir.reading import read
from pathways.review.case import review
from tests.fhir.requests import ICD, SNOMED, TODAY, ago, coded, condition, lab, order, request

CONTENT = load_content()
CITED: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "cited_codes.toml").read_text("utf-8"))
SUBSTANCES = {
    "oxycodone": "oxycodone",
    "oxycodone_oxymorphone": "oxycodone_or_oxymorphone",
    "opiate": "opiate",
    "methadone_eddp": "methadone_or_metabolite",
    "buprenorphine_norbuprenorphine": "buprenorphine_or_metabolite",
    "amphetamine_itself": "amphetamine",
    "panel_or_not_judged": "other",
}
"""The substances of the cited set that the code sets call by another name."""


def test_every_drug_test_code_stands_under_the_substance_that_the_cited_set_names() -> None:
    where = {code: name for name, codes in CITED["drug_tests"].items() for code in codes}
    for codeset in CONTENT.code_sets.values():
        if codeset.means != "substance":
            continue
        for code in codeset.loinc:
            if f"loinc|{code}" in codeset.of_no_set:
                assert code not in where, code
                continue
            name = where[code]
            assert SUBSTANCES.get(name, name) == codeset.gives, (codeset.id, code, name)


def test_no_code_of_a_drug_test_stands_under_two_substances() -> None:
    seen: dict[str, str] = {}
    for codeset in CONTENT.code_sets.values():
        for code in codeset.loinc if codeset.means == "substance" else ():
            assert seen.setdefault(code, codeset.id) == codeset.id, code


def test_opioid_dependence_codes_stand_in_the_cited_sets_or_say_that_they_do_not() -> None:
    for id in ("oud", "oud_remission"):
        codeset = CONTENT.code_sets[id]
        for code in codeset.snomed:
            assert (code in CITED["opioid_dependence"]["snomed"]) != (f"snomed|{code}" in codeset.of_no_set), (id, code)


def test_what_is_of_no_set_is_among_the_codes() -> None:
    for codeset in CONTENT.code_sets.values():
        for word in codeset.of_no_set:
            system, _, code = word.partition("|")
            assert code in getattr(codeset, system), (codeset.id, word)


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("http://hl7.org/fhir/sid/icd-9-cm", "304.01", "oud"),
        ("urn:oid:2.16.840.1.113883.6.103", "304.01", "oud"),
        ("2.16.840.1.113883.6.90", "F11.20", "oud"),
        ("urn:oid:2.16.840.1.113883.6.12", "99213", "office_visit"),
        ("http://hl7.org/fhir/sid/icd-10-pcs", "B20BZZZ", None),
        ("", "F11.20", None),
        ("", "11246-6", None),
        ("http://example.org/own", "11246-6", None),
    ],
)
def test_a_code_means_something_in_its_own_system_only(system: str, code: str, expected: str | None) -> None:
    found = {s.id for s in code_tables.of_codes(concept({"coding": [{"system": system, "code": code}]}), CONTENT)}
    assert (expected in found) if expected else not found


@pytest.mark.parametrize(
    ("code", "text", "substance"),
    [
        ("18282-4", "Cannabinoids [Presence] in Urine by Screen method", "cannabinoid"),
        ("70147-4", "Methadone [Mass/volume] in Urine by Screen method", "methadone"),
        ("16252-9", "HYDROcodone [Mass/volume] in Urine by Confirmatory method", "hydrocodone"),
        ("43983-6", "", "amphetamines"),
        ("70155-7", "", "barbiturate"),
        ("3667-3", "Glutethimide [Presence] in Urine", None),
        ("73830-2", "Fall risk assessment", None),
        ("99999-9", "Methadone metabolite [Presence] in Urine", "eddp"),
        ("99999-9", "7-Aminoclonazepam [Presence] in Urine", "clonazepam"),
    ],
)
def test_drug_tests_by_code_and_by_name(code: str, text: str, substance: str | None) -> None:
    found = code_tables.lookup(Concept((Coding("loinc", code, text),), ""), CONTENT, ("substance",))
    assert {s.gives for s in found} == ({substance} if substance else set())


def test_a_code_and_a_text_of_two_substances_are_judged_as_neither() -> None:
    odd = lab("14316-4", "Positive", 5, "Methadone [Presence] in Urine by Screen method")
    profile = read(request(hook="patient-view", have=(odd,)), TODAY).profile
    assert [o.measure for o in profile.observations] == ["drug_test"]


def test_a_code_and_a_text_that_disagree_make_a_diagnosis_doubtful() -> None:
    def found(text: str) -> list[tuple[str | None, str]]:
        given = condition(ICD, "F11.20", code=coded(ICD, "F11.20") | {"text": text})
        return [
            (c.id, c.certainty) for c in read(request(hook="patient-view", have=(given,)), TODAY).profile.conditions
        ]

    assert found("Opioid dependence") == [("opioid_dependence_code", "coded")]
    assert found("Opioid use disorder ruled out") == [("opioid_dependence_code", "suspected")]
    assert ("opioid_dependence_code", "suspected") in found("Asthma")


@pytest.mark.parametrize("code", ["C81.90", "C7A.1", "C96.9"])
def test_every_malignant_code_is_cancer(code: str) -> None:
    values = derive(read(request(hook="patient-view", have=(condition(ICD, code),)), TODAY).profile).values
    assert values["has_cancer_active"] is True


@pytest.mark.parametrize(
    ("code", "group"), [("D46.9", "cancer_active"), ("N17.9", "ckd"), ("S72.001A", "falls_or_fracture")]
)
def test_a_code_beside_a_group_leaves_it_open(code: str, group: str) -> None:
    values = derive(read(request(hook="patient-view", have=(condition(ICD, code),)), TODAY).profile).values
    assert values[f"has_{group}"] is None
    assert values["has_depression"] is False


def test_a_malignant_text_without_a_known_code_is_cancer_and_basal_cells_are_none() -> None:
    def active(text: str) -> Any:
        given = condition(SNOMED, "1", code=coded(SNOMED, "1", text))
        return derive(read(request(hook="patient-view", have=(given,)), TODAY).profile).values["has_cancer_active"]

    assert active("Malignant neoplasm of bile duct (disorder)") is True
    assert active("Adenocarcinoma of appendix (disorder)") is True
    assert active("Primary basal cell carcinoma of skin of ear (disorder)") is False
    assert active("Neoplasm of ileum (disorder)") is None
    assert active("History of malignant neoplasm of larynx (situation)") is False


def test_an_active_cancer_of_one_visit_is_not_past() -> None:
    given = condition(ICD, "C34.90", category=[coded("", "encounter-diagnosis")])
    profile = read(request(hook="patient-view", have=(given,)), TODAY).profile
    values = derive(profile).values
    assert (values["has_cancer_active"], values["has_cancer_history"]) == (None, True)


@pytest.mark.parametrize("what", ["T40.2X1A", "T40.411A", "T50.911A"])
def test_poisonings_are_overdoses(what: str) -> None:
    profile = read(request(hook="patient-view", have=(condition(ICD, what),)), TODAY).profile
    assert [(o.measure, o.date) for o in profile.observations] == [("overdose", ago(40))]


def test_what_a_poisoning_left_behind_has_no_day() -> None:
    profile = read(request(hook="patient-view", have=(condition(ICD, "T40.2X1S"),)), TODAY).profile
    assert [(o.measure, o.date) for o in profile.observations] == [("overdose", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Opioid overdose", True), ("Mother died of a heroin overdose", False), ("Risk of opioid overdose", False)],
)
def test_overdoses_by_words(text: str, expected: bool) -> None:
    given = condition(SNOMED, "1", code={"text": text})
    measures = [o.measure for o in read(request(hook="patient-view", have=(given,)), TODAY).profile.observations]
    assert ("overdose" in measures) is expected


@pytest.mark.parametrize(
    ("changes", "present"),
    [
        ({"recordedDate": ago(1)}, True),
        ({"recordedDate": ago(90)}, False),
        ({"recordedDate": ago(1), "clinicalStatus": coded("", "resolved")}, False),
        ({"recordedDate": ago(1), "verificationStatus": coded("", "refuted")}, False),
        ({"recordedDate": ago(1), "verificationStatus": "refuted"}, False),
    ],
)
def test_thoughts_of_suicide_on_record_lately_are_a_sign(changes: dict[str, Any], present: bool) -> None:
    given = condition(ICD, "R45.851", **changes)
    case = review(read(request(hook="patient-view", have=(given,)), TODAY).profile)
    state = next((e.state for e in case.findings.emergencies if e.record.id == "suicide_risk"), "absent")
    assert (state == "present") is present


@pytest.mark.parametrize("code", [f"G{n}" for n in range(2067, 2081)] + ["H0020", "S0109"])
def test_bills_of_treatment_programs_are_read(code: str) -> None:
    given = {
        "resourceType": "Procedure",
        "id": "x",
        "status": "completed",
        "performedDateTime": ago(10),
        "code": coded("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", code),
    }
    found = read(request(hook="patient-view", have=(given,)), TODAY)
    assert found.events
    assert not any("nothing here reads it" in note.text for note in found.report.notes)


def test_methadone_that_a_program_bills_is_medication_for_oud() -> None:
    oud = condition(SNOMED, "75544000")
    given = {
        "resourceType": "Procedure",
        "id": "x",
        "status": "completed",
        "performedDateTime": ago(10),
        "code": coded("urn:oid:2.16.840.1.113883.6.285", "G2067"),
    }

    def twelve(*have: Any) -> str:
        found = order_findings(read(request(hook="patient-view", have=have), TODAY))
        return next(f.status for f in found if f.record.id == "cdc2022.12")

    assert twelve(oud) == "applies"
    assert twelve(oud, given) == "met"


def test_a_positive_test_for_what_is_prescribed_is_expected() -> None:
    methadone = order("methadone hydrochloride 10 MG Oral Tablet", 30, 20)
    profile = read(request(hook="patient-view", have=(methadone, lab("70147-4", "Positive", 5))), TODAY).profile
    assert {o.value for o in profile.observations if o.measure == "urine_opioid"} <= {"expected"}
