"""A request in, cards out: the same verdicts as the findings, valid cards for every request, one clear error else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pathways import fhir
from pathways.apps.cli import main
from pathways.fhir import FhirError, answer, case_to_bundle, order_findings, read
from pathways.fhir.cards import EXTENSION, HOOKS
from tests.fhir.requests import mutated, reference_rows
from tests.fhir.test_cards import VALID, kind
from tests.fhir.test_sample import SAMPLE
from tests.reviews import NAMES, reviewed

Reference = Callable[[str], Path]
AS_OF = date(2026, 11, 2)


def sample(hook: str | None = None, **context: Any) -> dict[str, Any]:
    bundle = json.loads(SAMPLE.read_text("utf-8"))
    if hook is None:
        return bundle
    prefetch = {f"item{n}": entry["resource"] for n, entry in enumerate(bundle["entry"])}
    return {"hook": hook, "hookInstance": "x", "context": {"patientId": "synthetic-1", **context}, "prefetch": prefetch}


def said(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [card["extension"][EXTENSION] for card in made["cards"]]


def test_the_cards_say_what_the_rows_of_the_reference_say(reference: Reference) -> None:
    wrong = []
    for row, data in reference_rows(reference):
        made = answer(data, date.fromisoformat(row["as_of"]))
        wrong += [(row["id"], error.message) for error in VALID.iter_errors(json.loads(json.dumps(made)))]
        shown = f"cdc2022.{row['recommendation']}" in {s.get("id") for s in said(made)}
        if shown != ("applies" in row["status"]):
            wrong.append((row["id"], f"card {'shown' if shown else 'missing'}, expected {row['status']}"))
    assert wrong == []


@pytest.mark.parametrize("hook", [None, *HOOKS])
def test_the_sample_is_answered(hook: str | None) -> None:
    data = sample(
        hook, **({"draftOrders": {"resourceType": "Bundle", "entry": []}} if hook and "order" in hook else {})
    )
    made = answer(data, AS_OF)
    assert [e.message for e in VALID.iter_errors(json.loads(json.dumps(made)))] == []
    shown = {s.get("id") for s in said(made)}
    found = {f.record.id: f.status for f in order_findings(read(data, AS_OF))}
    assert {id for id, status in found.items() if status == "applies"} <= shown
    assert not {id for id, status in found.items() if status != "applies"} & shown
    assert {"cdc2022.8", "cdc2022.dose_50", "cdc2022.11", "cdc2022.12"} <= shown
    tasks = [a["resource"] for c in made["cards"] for s in c.get("suggestions", ()) for a in s.get("actions", ())]
    assert {t["for"]["reference"] for t in tasks} <= {"Patient/synthetic-1"}
    assert bool(tasks) <= (hook is not None)
    assert made["extension"][EXTENSION]["import"]["used"] > 8


def test_what_is_not_known_about_an_order_is_named_and_never_no() -> None:
    data = sample("patient-view")
    cut = copy.deepcopy(data)
    patient = next(p for p in cut["prefetch"].values() if p["resourceType"] == "Patient")
    del patient["birthDate"]
    made = answer(cut, AS_OF)
    open_ones = {c["id"]: c for c in made["extension"][EXTENSION]["cannot_tell"]}
    assert "cdc2022.dose_50" in open_ones
    assert "birth date" in open_ones["cdc2022.dose_50"]["says"]
    assert kind(made["cards"][-1]) == "cannot_tell"


@pytest.mark.parametrize("patient", ["x y", "<script>", "Patient/../x", "a" * 70, 7, None, ["Patient/1"]])
def test_a_patient_id_that_is_none_makes_no_task(patient: Any) -> None:
    made = answer(sample("patient-view", patientId=patient), AS_OF)
    assert not any("actions" in s for c in made["cards"] for s in c.get("suggestions", ()))


@pytest.mark.parametrize("hook", ["encounter-discharge", "", 7, None, [], {}, "order-sign "])
def test_a_hook_without_a_service_is_one_clear_error(hook: Any) -> None:
    with pytest.raises(FhirError, match="no service for the hook"):
        answer({**sample("patient-view"), "hook": hook}, AS_OF)


def test_our_own_export_read_back_is_no_record_of_care() -> None:
    """A draft plan is not a plan that somebody made: it must not satisfy "pain treatment plan in 90 days"."""
    for name in NAMES[:3]:
        imported = read(case_to_bundle(reviewed(name)), AS_OF)
        assert imported.profile.observations == ()
        assert imported.profile.medicines == ()
        assert imported.profile.conditions == ()
        assert imported.report.unaccounted() == ()


def test_the_command_prints_cards_services_and_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(sample("patient-view")), "utf-8")
    assert main(["hook", str(request), "--as-of", "2026-11-02"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(answer(sample("patient-view"), AS_OF)))
    assert main(["hook", str(SAMPLE)]) == 0
    assert json.loads(capsys.readouterr().out)["cards"]
    assert main(["hook", "--services"]) == 0
    assert len(json.loads(capsys.readouterr().out)["services"]) == 3
    assert main(["hook", str(request), "--text", "--as-of", "2026-11-02"]) == 0
    assert "cdc2022.12: applies" in capsys.readouterr().out
    request.write_text(json.dumps({**sample("patient-view"), "hook": "encounter-discharge"}), "utf-8")
    for words in (["hook"], ["hook", str(request)], ["hook", str(request), "--text", "--report"]):
        assert main([*words, "--as-of", "2026-11-02"]) == 2
        assert capsys.readouterr().err.startswith("pathways: ")


def test_mutations_give_cards_or_one_clear_error(reference: Reference) -> None:
    dice = Random(11)
    listed = [(data, date.fromisoformat(row["as_of"])) for row, data in reference_rows(reference)]
    answered, wrong = 0, []
    for _ in range(120):
        data, as_of = dice.choice(listed)
        try:
            made = answer(mutated(data, dice), as_of)
        except FhirError as error:
            wrong += [str(error)] if not 0 < len(str(error)) < 600 else []
            continue
        answered += 1
        assert [e.message for e in VALID.iter_errors(json.loads(json.dumps(made, allow_nan=False)))] == []
        json.dumps(made, ensure_ascii=False).encode("utf-8")  # no half characters
    assert wrong == []
    assert answered > 60


def test_the_names_of_the_room_are_there() -> None:
    assert all(getattr(fhir, name) for name in fhir.__all__)
    with pytest.raises(AttributeError, match="no name 'nothing'"):
        fhir.nothing  # noqa: B018
