"""Names of medicines, doses, codes, shapes of files, the profile and its report, and the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pathways.apps.cli import main
from pathways.content import load_content
from pathways.fhir import FhirError, load, load_rxnorm, read
from pathways.fhir import codes as code_tables
from pathways.fhir.dosage import Intake, read_dosage
from pathways.fhir.plain import Coding, Concept
from pathways.intake.names import read_name
from tests.fhir.requests import (
    ICD,
    LOINC,
    OXY,
    OXY_ER,
    RXNORM,
    SNOMED,
    TODAY,
    Json,
    ago,
    coded,
    condition,
    lab,
    order,
    request,
)

CONTENT = load_content()


# ---- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strengths", "route", "release"),
    [
        ("12 HR Oxycodone Hydrochloride 10 MG Extended Release Oral Tablet", {"oxycodone": 10}, "oral", "er"),
        ("72 HR Fentanyl 0.075 MG/HR Transdermal System", {"fentanyl": 0.075}, "transdermal", None),
        ("acetaminophen 325 MG / oxycodone 5 MG Oral Tablet", {"acetaminophen": 325, "oxycodone": 5}, "oral", "ir"),
        ("Suboxone 2 MG / 0.5 MG Sublingual Film", {"buprenorphine": 2, "naloxone": 0.5}, "sublingual", "ir"),
        ("oxycodone 5/325", {"oxycodone": 5, "acetaminophen": 325}, None, None),
        ("Percocet 5-325 mg tablet", {"oxycodone": 5, "acetaminophen": 325}, "oral", "ir"),
        (
            "HYDROcodone-acetaminophen (NORCO) 10-325 MG per tablet",
            {"hydrocodone": 10, "acetaminophen": 325},
            "oral",
            "ir",
        ),
        ("fentaNYL 75 mcg/hr patch", {"fentanyl": 0.075}, "transdermal", None),
        ("morphine (MS CONTIN) 15 mg 12 hr tablet", {"morphine": 15}, "oral", "er"),
        ("OxyContin 20 mg", {"oxycodone": 20}, "oral", "er"),
        ("methadone hydrochloride 10 MG/ML Oral Solution", {"methadone": 10}, "oral", "ir"),
        ("0.5 ML buprenorphine 200 MG/ML Prefilled Syringe [Sublocade]", {"buprenorphine": 100}, "subcutaneous", None),
        ("naltrexone 380 MG Injection [Vivitrol]", {"naltrexone": 380}, "intramuscular", None),
        (
            "Abuse-Deterrent morphine sulfate 20 MG / naltrexone hydrochloride 0.8 MG Extended Release Oral Capsule",
            {"morphine": 20, "naltrexone": 0.8},
            "oral",
            "er",
        ),
        ("duloxetine 30 MG Delayed Release Oral Capsule", {"duloxetine": 30}, "oral", "ir"),
        ("diclofenac sodium 0.01 MG/MG Topical Gel", {"diclofenac_topical": 0.01}, "topical", None),
        ("hydromorphone", {}, None, None),
    ],
)
def test_names_are_taken_apart(text: str, strengths: dict[str, float], route: str | None, release: str | None) -> None:
    product = read_name(text, CONTENT)
    assert product.ingredients
    assert {i: s.mg for i, s in product.strengths.items()} == strengths
    assert (product.route, product.release) == (route, release)


@pytest.mark.parametrize(
    "text", ["zafirlukast 20 MG Oral Tablet", "a new medicine", "24 HR Foo 10 MG Extended Release Oral Tablet"]
)
def test_a_product_of_another_ingredient_is_named(text: str) -> None:
    product = read_name(text, CONTENT)
    assert not product.ingredients
    assert product.unlisted


@pytest.mark.parametrize("text", ["", "5 MG", "/// [ ] { }", "\u0000", "1" * 900, "x [" * 300])
def test_odd_names_are_no_fault(text: str) -> None:
    read_name(text, CONTENT)


def test_every_name_of_the_tables_is_understood() -> None:
    for table in CONTENT.tables["rx_table"].values():
        for code, name in table.names.items():
            if table.id != "rx_brands":
                product = read_name(name, CONTENT)
                assert product.named, (table.id, code, name)
                if table.id == "rx_opioids_and_sedatives":
                    assert product.ingredients, (code, name)
                    assert product.strengths, (code, name)
                    assert product.route, (code, name)


# ---- doses --------------------------------------------------------------------------------------------------


def dosed(line: Json, name: str = OXY) -> Intake:
    return read_dosage([line], read_name(name, CONTENT))


def line(value: float = 1, unit: str = "tablet", **repeat: Any) -> Json:
    return {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}]}


@pytest.mark.parametrize(
    ("given", "mg", "least", "most"),
    [
        (line(2, frequency=4, period=1, periodUnit="d"), 10, 4, 4),
        (line(10, "mg", frequency=3, period=1, periodUnit="d"), 10, 3, 3),
        (line(1, frequency=1, period=8, periodUnit="h"), 5, 3, 3),
        (line(1, frequency=1, period=4, periodMax=6, periodUnit="h"), 5, 4, 6),
        (line(1, frequency=1, frequencyMax=3, period=1, periodUnit="d"), 5, 1, 3),
        (line(1, timeOfDay=["08:00:00", "14:00:00", "20:00:00"]), 5, 3, 3),
        (line(1, when=["MORN", "NIGHT"]), 5, 2, 2),
        (line(7, frequency=1, period=1, periodUnit="wk"), 35, 1 / 7, 1 / 7),
        (line(1, frequency=1, period=1, periodUnit="d", dayOfWeek=["mon", "thu"]), 5, 2 / 7, 2 / 7),
        ({"timing": {"code": {"coding": [{"code": "TID"}]}}, "doseAndRate": [{"doseQuantity": {"value": 1}}]}, 5, 3, 3),
        ({"text": "1-2 tablets every 4 to 6 hours as needed, max 8 tablets per day"}, 10, 0, 4),
        ({"text": "Take one tablet by mouth twice daily"}, 5, 2, 2),
        ({"asNeededBoolean": True, **line(1, frequency=4, period=1, periodUnit="d")}, 5, 0, 4),
        (line(1, frequency=4), 5, 0, None),
        (line(1, frequency=4, period=0, periodUnit="d"), 5, 0, None),
        (line(1, frequency=4, period=1, periodUnit="?"), 5, 0, None),
        (line(1), 5, 0, None),
    ],
)
def test_doses_a_day(given: Json, mg: float, least: float, most: float | None) -> None:
    intake = dosed(given)
    assert intake.mg == {"oxycodone": mg}
    assert intake.per_day.lo == pytest.approx(least)
    assert intake.per_day.hi == (None if most is None else pytest.approx(most))


@pytest.mark.parametrize(
    "given",
    [
        line(-1, frequency=1, period=1, periodUnit="d"),
        line(0, frequency=1, period=1, periodUnit="d"),
        {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}},
        {},
    ],
)
def test_a_dose_that_is_not_given_stays_open(given: Json) -> None:
    assert not dosed(given).mg


def test_several_lines() -> None:
    product = read_name(OXY, CONTENT)
    morning, evening = line(1, frequency=1, period=1, periodUnit="d"), line(2, frequency=1, period=1, periodUnit="d")
    both = read_dosage([morning, evening], product)
    assert both.mg["oxycodone"] * (both.per_day.hi or 0) == pytest.approx(15)
    taper = read_dosage([{"sequence": 1, **evening}, {"sequence": 2, **morning}], product)
    assert taper.mg["oxycodone"] * (taper.per_day.hi or 0) == pytest.approx(10)
    assert taper.mg["oxycodone"] * taper.per_day.lo == pytest.approx(5)


def test_patches_and_liquids() -> None:
    fentanyl = "72 HR fentanyl 0.05 MG/HR Transdermal System"
    for days in (1, 3, 12):
        assert dosed(line(1, "patch", frequency=1, period=days, periodUnit="d"), fentanyl).rate == {"fentanyl": 0.05}
    assert dosed(line(2, "patch", frequency=1, period=3, periodUnit="d"), fentanyl).rate == {"fentanyl": 0.1}
    rate = {"doseAndRate": [{"rateQuantity": {"value": 50, "unit": "mcg/h"}}]}
    assert dosed(rate, fentanyl).rate == {"fentanyl": 0.05}
    liquid = dosed(line(5, "mL", frequency=4, period=1, periodUnit="d"), "morphine sulfate 2 MG/ML Oral Solution")
    assert (liquid.mg, liquid.per_day.hi) == ({"morphine": 10}, 4)


# ---- codes --------------------------------------------------------------------------------------------------


def sets_of(example: str, means: str) -> set[str]:
    system, bar, code = example.partition("|")
    concept = Concept((Coding(system, code, ""),), "") if bar else Concept((), example)
    return {s.id for s in code_tables.lookup(concept, CONTENT, (means,))}


def test_every_code_set_on_both_sides() -> None:
    seen = 0
    for codeset in CONTENT.code_sets.values():
        for example in codeset.holds:
            assert codeset.id in sets_of(example, codeset.means), (codeset.id, example)
            seen += 1
        for example in codeset.leaves_out:
            assert codeset.id not in sets_of(example, codeset.means), (codeset.id, example)
            seen += 1
    assert seen > 400


def test_a_dependence_code_is_to_be_confirmed() -> None:
    for code in (condition(SNOMED, "75544000"), condition(ICD, "F11.20")):
        profile = read(request(hook="patient-view", have=(code,)), TODAY).profile
        assert [(c.id, c.certainty) for c in profile.conditions] == [("opioid_dependence_code", "coded")]


# ---- files --------------------------------------------------------------------------------------------------


def bundle(*resources: Json, kind: str = "collection") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}


PATIENT: Json = {"resourceType": "Patient", "id": "p", "birthDate": "1980-02-01", "gender": "male"}


def test_a_bundle_ndjson_and_a_list_are_read_alike(tmp_path: Path) -> None:
    resources = (PATIENT, order(OXY, 30, 10), condition(ICD, "M54.50"))
    profiles = [read(bundle(*resources, kind=kind), TODAY).profile for kind in ("collection", "searchset", "batch")]
    lines = tmp_path / "export.ndjson"
    lines.write_text("\n".join(json.dumps(r) for r in resources) + "\n", "utf-8")
    profiles += [load(lines, TODAY).profile, read(list(resources), TODAY).profile]
    assert all(profile == profiles[0] for profile in profiles)
    assert profiles[0].answers["age_years"] == 44
    assert [c.id for c in profiles[0].conditions] == ["pain_back_axial"]


@pytest.mark.parametrize(
    "data",
    [None, 3, "x", {}, {"resourceType": 5}, {"hook": 3}, {"hook": "no-such"}, {"hook": "order-sign", "prefetch": []}],
)
def test_what_is_no_fhir_is_one_clear_error(data: Any) -> None:
    with pytest.raises(FhirError):
        read(data, TODAY)


def test_a_bundle_without_a_day_asks_for_one() -> None:
    with pytest.raises(FhirError, match="as of which day"):
        read(bundle(PATIENT))
    dated = bundle(PATIENT) | {"meta": {"lastUpdated": "2024-06-03T10:00:00Z"}}
    assert read(dated).profile.as_of == TODAY


def test_results_become_observations() -> None:
    labs = (
        {
            "resourceType": "Observation",
            "id": "1",
            "status": "final",
            "code": coded(LOINC, "98979-8"),
            "effectiveDateTime": ago(9),
            "valueQuantity": {"value": 52.4, "unit": "mL/min"},
        },
        {
            "resourceType": "Observation",
            "id": "2",
            "status": "final",
            "code": coded(LOINC, "1742-6"),
            "effectiveDateTime": ago(9),
            "valueQuantity": {"value": 90},
            "referenceRange": [{"high": {"value": 45}}],
        },
        {
            "resourceType": "Observation",
            "id": "3",
            "status": "final",
            "code": coded(LOINC, "8636-3"),
            "effectiveDateTime": ago(9),
            "valueQuantity": {"value": 471, "unit": "ms"},
        },
        {
            "resourceType": "Observation",
            "id": "4",
            "status": "final",
            "code": coded(LOINC, "44261-6"),
            "effectiveDateTime": ago(9),
            "valueInteger": 12,
        },
        {
            "resourceType": "QuestionnaireResponse",
            "id": "5",
            "status": "completed",
            "authored": ago(3),
            "item": [
                {"linkId": "/69725-0", "answer": [{"valueCoding": {"code": "LA6570-1"}}]},
                {"linkId": "/68509-9", "answer": [{"valueInteger": 3}]},
            ],
        },
        {
            "resourceType": "Observation",
            "id": "6",
            "status": "entered-in-error",
            "code": coded(LOINC, "44261-6"),
            "effectiveDateTime": ago(1),
            "valueInteger": 27,
        },
        lab("2823-3", None, 4) | {"valueQuantity": {"value": 3.4}},
    )
    found = read(bundle(PATIENT, *labs), TODAY)
    by = {o.measure: o for o in found.profile.observations}
    assert (by["egfr"].value, by["alt_times_uln"].value, by["qtc_ms"].value, by["phq9"].value) == (52, 2, 471, 12)
    assert by["potassium"].value == 3.4
    assert by["gad7"].items == {"nervous": 2, "worry_control": 3}
    assert found.report.unaccounted() == ()


def test_medicines_of_a_profile() -> None:
    resources = (
        order(OXY, 30, 10, times=4),
        order(OXY_ER, 30, 200, status="completed"),
        order("lorazepam 1 MG Oral Tablet", 30, 5, status=None),
        order("", 5, 5),
        {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "Penicillin"}},
        {
            "resourceType": "MedicationStatement",
            "id": "s",
            "status": "active",
            "medicationCodeableConcept": {"text": OXY},
            "effectiveDateTime": ago(3),
        },
    )
    found = read(bundle(PATIENT, *resources), TODAY)
    by = {m.name: m for m in found.profile.medicines}
    assert (by[OXY].state, by[OXY_ER].state) == ("current", "stopped")
    assert sum(1 for m in found.profile.medicines if m.state == "current" and "oxycodone" in m.ingredients) == 1
    assert by[OXY_ER].stop == (TODAY - timedelta(days=171)).isoformat()
    assert not any("lorazepam" in m.ingredients for m in found.profile.medicines)
    assert any("unrecognized" in m.name for m in found.profile.medicines)
    assert found.profile.complete.medicines == "assumed"
    assert found.report.unaccounted() == ()
    assert {n.resource for n in found.report.not_understood} >= {"MedicationRequest/lorazepam-1--5"}


def test_a_name_or_number_of_a_person_is_not_kept() -> None:
    named = PATIENT | {
        "name": [{"family": "Sample"}],
        "identifier": [{"value": "MRN-77"}],
        "telecom": [{"value": "555-1212"}],
    }
    found = read(bundle(named, order()), TODAY)
    said = json.dumps(found.profile.to_dict()) + json.dumps(found.report.to_dict())
    assert not any(word in said for word in ("Sample", "MRN-77", "555-1212", "1980-02-01"))


def test_rxnorm_of_the_user(tmp_path: Path) -> None:
    row = "999001||ENG||||||1|1|1|RXNORM|{}|999001|{}||N|4096|"
    file = tmp_path / "RXNCONSO.RRF"
    file.write_text(
        "\n".join([row.format("SY", "old"), row.format("SCD", OXY_ER), row.format("IN", "oxycodone")]) + "\n", "utf-8"
    )
    names = load_rxnorm(tmp_path)
    assert names == {"999001": OXY_ER}
    data = bundle(PATIENT, order(medicationCodeableConcept=coded(RXNORM, "999001")))
    assert read(data, TODAY, rxnorm=names).orders[0].product.release == "er"
    assert read(data, TODAY).orders[0].product.ingredients == ()
    file.write_text("a|b\n", "utf-8")
    with pytest.raises(FhirError):
        load_rxnorm(file)
    with pytest.raises(FhirError):
        load_rxnorm(tmp_path / "none")


# ---- the command --------------------------------------------------------------------------------------------


def test_the_command_prints_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request(order(OXY, 30, times=4))), "utf-8")
    assert main(["hook", str(file), "--findings", "--as-of", TODAY.isoformat()]) == 0
    found = json.loads(capsys.readouterr().out)
    ids = [f["recommendation"] for f in found]
    assert set(ids) == {f"cdc2022.{n}" for n in (*range(1, 13), "dose_50")}
    keys = {"recommendation", "status", "because", "asks", "assumes", "mme_per_day", "mme_per_day_min"}
    assert all(keys <= f.keys() for f in found)
    assert {f["mme_per_day"] for f in found} == {30}
    assert main(["hook", str(file), "--report", "--as-of", TODAY.isoformat()]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["used"] >= 2
    assert main(["hook", str(file), "--text", "--as-of", TODAY.isoformat()]) == 0
    assert "cdc2022.9: applies" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--findings", "--report"],
        ["--findings", "--setting", "pdmp_days"],
        ["--findings", "--setting", "x=1"],
        ["--as-of", "June"],
    ],
)
def test_the_command_refuses_in_one_message(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request(order())), "utf-8")
    assert main(["hook", str(file), *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[1", "\xff", '{"resourceType": "Bundle"', "[" * 3000, '{"a": 1}\n{"b"'])
def test_a_broken_file_is_one_message(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(text.encode("latin-1"))
    assert main(["hook", str(file), "--findings", "--as-of", "2024-06-03"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("pathways: ")
    assert "Traceback" not in said
    assert main(["hook", str(tmp_path / "none.json"), "--findings"]) == 2
    assert main(["hook", str(tmp_path), "--findings"]) == 2


def test_age_is_a_calendar_age_in_the_profile() -> None:
    found = read(bundle(PATIENT | {"birthDate": "1980-06-04"}), TODAY)
    assert found.profile.answers["age_years"] == 43
    found = read(bundle(PATIENT | {"birthDate": "1980"}), date(2024, 6, 3))
    assert found.profile.answers["age_years"] == (43, 44)
